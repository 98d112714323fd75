import Bytes
import Events

/// Numbers for environments, so that two of them can be compared as bytes.
///
/// Bounded: what comes after 254 environments counts as having none.
struct EnvironmentNumbers {
  private var numbers: [String: UInt8] = [:]
  /// The environments as they are written first.
  private(set) var names: [String] = []

  /// The number of an environment, one at the least; 0 beyond the bound.
  mutating func number(of environment: String) -> UInt8 {
    let name = environment.lowercased()
    if let number = numbers[name] { return number }
    guard names.count < 254 else { return 0 }
    names.append(environment)
    numbers[name] = UInt8(names.count)
    return UInt8(names.count)
  }

  /// The numbers by name, minus one.
  func table(in arena: Arena) -> NameTable {
    var builder = NameTable.Builder()
    for (row, name) in names.enumerated() { builder.add(name, row: row) }
    return builder.table(in: arena)
  }
}

/// What events refer to by a key of their own, beside accounts, hosts and domains.
struct KeyedIndex: Sendable {
  /// A row of the secrets register, or somebody's own SSH key.
  struct SecretRow {
    /// The row's id, or the person's whose key it is.
    let id: ByteView
    /// `nil` for somebody's own key.
    let kind: ByteView?
    /// What it opens.
    let environment, systemKind: ByteView?
    /// Ids of those who may read it; `nil` when the row does not say.
    let readers: Run<ByteView>?
    let expires, revoked: Int64
    let validity: Validity

    /// Whether it should still open something.
    func isActive(at time: Int64) -> Bool {
      time < revoked && time < expires && validity.contains(time)
    }
  }
  /// A row that is only found.
  struct Row {
    let id: ByteView
    let validity: Validity
  }
  /// Roles that a job brings on one system.
  struct Grant {
    let roles: Run<ByteView>
    let validity: Validity
  }
  /// A way between two environments.
  private struct Way {
    let from, to: UInt8
    let validity: Validity
  }

  let secrets: Run<SecretRow>
  private let secretNames, secretKeys: DomainTable
  /// Whether the registers list secrets by name, by key id, and SSH keys by fingerprint.
  let hasSecretNames, hasCredentials, hasFingerprints: Bool
  /// Whether some secret's row names who may read it.
  let namesReaders: Bool
  let backups: Run<Row>
  private let jobs: DomainTable
  let limits: Run<Row>
  private let clients: DomainTable
  private let clientNetworks: NetworkTable
  private let commonLimits: Run<Int32>
  private let grants: Run<Grant>
  private let grantsByJob: NameTable
  private let ways: Run<Way>
  /// Whether there is a role matrix, and a register of flows.
  let hasRoles, hasFlows: Bool
  private let toolNames: DomainTable
  private let images, agents: Run<(pattern: ByteView, row: Int)>
  /// Whether tools are listed by the programs that speak to them.
  var hasAgents: Bool { !agents.isEmpty }

  /// Builds the tables.
  init(
    _ rows: Duties, systems: [System], tools: [Tool],
    owners: [(id: String, keys: [String], validity: Validity)], _ numbers: inout EnvironmentNumbers,
    in arena: Arena
  ) {
    let byID = Dictionary(systems.map { ($0.id, $0) }, uniquingKeysWith: { $1 })
    func opened(_ secret: Secret) -> System? { secret.system.flatMap { byID[$0] } }
    var secretRows = rows.secrets.map { secret in
      SecretRow(
        id: arena.text(secret.id), kind: arena.text(secret.class.rawValue),
        environment: (secret.environment ?? opened(secret)?.environment).map { arena.text($0) },
        systemKind: opened(secret).map { arena.text($0.kind) },
        readers: secret.readers.map { ids in arena.run(ids.map { arena.text($0) }) },
        expires: secret.expiresOn?.end ?? .max, revoked: secret.revokedAt?.over ?? .max,
        validity: secret.validity)
    }
    let named = rows.secrets.enumerated().flatMap { row, secret in
      secret.names.map { (name: $0, row: row) }
    }
    var keys = rows.secrets.enumerated().flatMap { row, secret in
      secret.keys.map { (name: $0, row: row) }
    }
    for owner in owners where !owner.keys.isEmpty {
      keys += owner.keys.map { (name: $0, row: secretRows.count) }
      secretRows.append(
        SecretRow(
          id: arena.text(owner.id), kind: nil, environment: nil, systemKind: nil, readers: nil,
          expires: .max, revoked: .max,
          validity: owner.validity))
    }
    secrets = arena.run(secretRows)
    secretNames = DomainTable(named, in: arena)
    secretKeys = DomainTable(keys, in: arena)
    hasSecretNames = !named.isEmpty
    namesReaders = rows.secrets.contains { $0.readers != nil }
    hasFingerprints = keys.contains { KeyedIndex.isFingerprint($0.name) }
    hasCredentials = keys.contains { !KeyedIndex.isFingerprint($0.name) }

    backups = arena.run(
      rows.backups.map { Row(id: arena.text($0.id), validity: $0.validity) })
    jobs = DomainTable(
      rows.backups.enumerated().flatMap { row, backup in backup.jobs.map { ($0, row) } },
      in: arena)

    limits = arena.run(rows.limits.map { Row(id: arena.text($0.id), validity: $0.validity) })
    var names: [(name: String, row: Int)] = []
    var networks: [(prefix: NetworkPrefix, row: Int)] = []
    var common: [Int32] = []
    for (row, limit) in rows.limits.enumerated() {
      if limit.isForAll { common.append(Int32(row)) }
      for client in (limit.clients ?? []) + (limit.endpoints ?? []) {
        if let prefix = NetworkPrefix(client) {
          networks.append((prefix, row))
        } else {
          names.append((client, row))
        }
      }
    }
    clients = DomainTable(names, in: arena)
    clientNetworks = NetworkTable(networks, in: arena)
    commonLimits = arena.run(common)

    var (grants, byJob): ([Grant], NameTable.Builder) = ([], NameTable.Builder())
    for row in rows.roles {
      for (system, list) in Dictionary(grouping: row.grants, by: \.system).sorted(by: {
        $0.key < $1.key
      }) {
        byJob.add(system, scope: row.jobRole, row: grants.count)
        grants.append(Grant(roles: arena.folded(list.map(\.role)), validity: row.validity))
      }
    }
    self.grants = arena.run(grants)
    grantsByJob = byJob.table(in: arena)
    hasRoles = !rows.roles.isEmpty

    ways = arena.run(
      rows.flows.map { flow in
        Way(
          from: numbers.number(of: flow.from), to: numbers.number(of: flow.to),
          validity: flow.validity)
      })
    hasFlows = !rows.flows.isEmpty

    toolNames = DomainTable(
      tools.enumerated().flatMap { row, tool in
        ([tool.id, tool.name] + tool.oauthClients + tool.apps + tool.eventSources).map {
          ($0, row)
        }
      }, in: arena)
    images = arena.run(
      tools.enumerated().flatMap { row, tool in
        tool.images.map { (arena.text($0.utf8.map(\.asciiLowered)), row) }
      })
    agents = arena.run(
      tools.enumerated().flatMap { row, tool in
        tool.userAgents.map { (arena.text($0.utf8.map(\.asciiLowered)), row) }
      })
  }

  /// Whether a key is the fingerprint of an SSH key.
  static func isFingerprint(_ key: String) -> Bool {
    key.hasPrefix("SHA256:") || key.hasPrefix("MD5:")
  }

  // MARK: - Look-ups

  /// The row of a secret by its name in the store, or by a part of its Amazon name.
  func secret(named name: ByteView, at time: Int64) -> Int? {
    if let row = best(secretNames, name, at: time) { return row }
    // arn:aws:secretsmanager:REGION:ACCOUNT:secret:NAME-6RANDOM
    let mark: StaticString = ":secret:"
    guard name.hasPrefix("arn:"),
      let place = name.lastOffset(of: ByteView(mark), endingBy: name.count)
    else { return nil }
    let plain = name.dropFirst(place + mark.utf8CodeUnitCount)
    if let row = best(secretNames, plain, at: time) { return row }
    guard plain.count > 7, plain[plain.count - 7] == UInt8(ascii: "-") else { return nil }
    return best(secretNames, plain.prefix(plain.count - 7), at: time)
  }

  /// The row of a secret by a key's id or fingerprint.
  func secret(key: ByteView, at time: Int64) -> Int? { best(secretKeys, key, at: time) }

  private func best(_ table: DomainTable, _ name: ByteView, at time: Int64) -> Int? {
    table.best(name) { JoinIndex.rank(secrets[$0].validity, at: time) }
  }

  /// The row of a backup by its job's name.
  func backup(job: ByteView, at time: Int64) -> Int? {
    jobs.best(job) { backups[$0].validity.contains(time) ? 0 : nil }
  }

  /// The row of the limit that holds for a client: by its id, its address, or the one for all.
  func limit(client: ByteView?, address: NetworkAddress?, at time: Int64) -> Int? {
    func holds(_ row: Int) -> Int? { limits[row].validity.contains(time) ? 0 : nil }
    if let client, let row = clients.best(client, rank: holds) { return row }
    if let address,
      let row = clientNetworks.best(address, rank: { limits[$0].validity.contains(time) ? 0 : 1 }),
      limits[row].validity.contains(time)
    {
      return row
    }
    for place in 0..<commonLimits.count {
      let row = Int(commonLimits[place])
      if limits[row].validity.contains(time) { return row }
    }
    return nil
  }

  /// Whether the role matrix has a role for a job on a system, or on all of them.
  func grants(_ role: ByteView, job: ByteView, system: ByteView, at time: Int64) -> Bool {
    for system in [system, ByteView("*")] {
      let matches = grantsByJob.find(system, scope: job)
      for place in 0..<matches.count {
        let grant = grants[matches[place]]
        if grant.validity.contains(time), Pattern.anyFits(grant.roles, role) { return true }
      }
    }
    return false
  }

  /// Whether one environment may talk to another.
  func allows(from: UInt8, to: UInt8, at time: Int64) -> Bool {
    for place in 0..<ways.count {
      let way = ways[place]
      if way.from == from, way.to == to, way.validity.contains(time) { return true }
    }
    return false
  }

  /// The row of a tool by the name that an event calls it.
  func tool(_ name: ByteView, rank: (Int) -> Int?) -> Int? {
    if let row = toolNames.best(name, rank: rank) { return row }
    return best(images, rank) { KeyedIndex.isImage($0, name) }
  }

  /// The row of a tool by the program that speaks.
  func tool(agent: ByteView, rank: (Int) -> Int?) -> Int? {
    best(agents, rank) { KeyedIndex.isAgent($0, agent) }
  }

  private func best(
    _ patterns: Run<(pattern: ByteView, row: Int)>, _ rank: (Int) -> Int?,
    where fits: (ByteView) -> Bool
  ) -> Int? {
    var best: (row: Int, rank: Int)?
    for place in 0..<patterns.count where fits(patterns[place].pattern) {
      guard let rank = rank(patterns[place].row), rank < best?.rank ?? .max else { continue }
      best = (patterns[place].row, rank)
      if rank == 0 { break }
    }
    return best?.row
  }

  /// Whether an image is what a register names: a pattern, an image without its tag, or all of a registry or folder.
  private static func isImage(_ pattern: ByteView, _ image: ByteView) -> Bool {
    if Pattern.fits(pattern, image) { return true }
    guard image.count > pattern.count, image.prefix(pattern.count).equalsFolded(pattern) else {
      return false
    }
    if pattern.count > 0, pattern[pattern.count - 1] == UInt8(ascii: "/") { return true }
    switch image[pattern.count] {
    case UInt8(ascii: ":"), UInt8(ascii: "@"), UInt8(ascii: "/"): return true
    default: return false
    }
  }

  /// Whether a user agent is what a register names: a pattern, or the program that it begins with.
  private static func isAgent(_ pattern: ByteView, _ agent: ByteView) -> Bool {
    if Pattern.fits(pattern, agent) { return true }
    guard agent.count > pattern.count, agent.prefix(pattern.count).equalsFolded(pattern) else {
      return false
    }
    return agent[pattern.count] == UInt8(ascii: "/") || agent[pattern.count] == UInt8(ascii: " ")
  }
}

extension JoinIndex {
  /// The number of an environment that a source declares; 255 for one that no row names.
  func number(ofEnvironment environment: ByteView) -> UInt8 {
    let matches = environments.find(environment)
    return matches.count > 0 ? UInt8(matches[0] + 1) : .max
  }

  /// How the kinds of approvals are written by their bits: one as a text, several as a list.
  static func kindTexts(_ arena: Arena) -> [Value] {
    (0..<1 << Approval.Kind.allCases.count).map { bits in
      let names = Approval.Kind.allCases.enumerated().filter { bits >> $0.offset & 1 == 1 }.map {
        $0.element.rawValue
      }
      if names.count < 2 { return .text(arena.text(names.first ?? "")) }
      return .json(arena.text("[\(names.map { "\"\($0)\"" }.joined(separator: ","))]"))
    }
  }
}
