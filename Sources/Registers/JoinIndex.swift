import Bytes
import Events

/// The registers in the form that the joins read: plain values in one arena, found through tables.
struct JoinIndex: Sendable {
  /// Someone to whom accounts belong.
  struct Principal {
    let id: ByteView
    let kind: Kind
    /// When access should exist.
    let start, end: Int64
    /// When a contractor's access was taken away; `Int64.max` when it was not.
    let offboarded: Int64
    /// What was agreed with a contractor; `nil` when nothing was.
    let scope: Agreement?
    /// Until when a contractor's access was granted, and from when on that was known.
    let terms: Run<Term>
    /// Approvals that count, in the order of the register.
    let approvals: Run<Clearance>
    /// Patterns of systems that the person administers, and of environments that they deploy to.
    let administers, deploysTo: Run<ByteView>
    /// The job, as the role matrix knows it.
    let jobRole: ByteView?
    /// What a contractor has to do, by when it begins.
    let tasks: Run<TaskRow>

    enum Kind { case employee, contractor, service }
  }
  /// A task of the tasks register, as its assignee has it.
  struct TaskRow {
    let id: ByteView
    let systems: Run<ByteView>?
    let start, end, createdAt: Int64
    /// The latest end of this one and of all that began before it.
    let reach: Int64
  }
  /// An end of access, and the moment from which it was known.
  struct Term {
    let since, end: Int64
  }
  /// What every event of a principal is joined with; small, because it is read for every line.
  struct Tenure {
    let id: ByteView
    let start, end, offboarded: Int64
    let kind: Principal.Kind
  }
  /// A contractor's scope; an absent part is not restricted.
  struct Agreement {
    let systems, environments, actions, countries: Run<ByteView>?
    let hours: Run<HourWindow>?
    /// The place of the hours' zone in `zones`.
    let zone: Int
  }
  /// An approval that may clear something.
  struct Clearance {
    let id: ByteView
    let kind: Approval.Kind
    let systems, environments: Run<ByteView>?
    /// What an exception is from, and the same in quotes for a list; `nil` when it names nothing.
    let control: ByteView?
    let quotedControl: ByteView
    let start, end, approvedAt: Int64

    /// Whether it is for a time and had been given by then.
    @inline(__always) func holds(at time: Int64) -> Bool {
      start <= time && time < end && approvedAt <= time
    }
  }
  /// An exception that says from what, or an approval that is one, and for whom or what.
  struct Lift {
    let subject, control: ByteView
    let clearance: Clearance
  }
  /// A row of the infrastructure register.
  struct SystemRow {
    let id: ByteView
    let names: Run<ByteView>
    let environment: ByteView?
    /// The environment's place in `environments`, plus one; 0 when there is none.
    let environmentNumber: UInt8
    let traits: Standing.Traits
    let needsSingleSignOn: Bool
    let classification: ByteView?
    /// Ids of those who may deploy to it; `nil` when the row does not say.
    let deployers: Run<ByteView>?
    /// Ports that may be reached; `nil` when the row does not say.
    let ports: Run<Ports>?
    /// Exceptions made for the system itself.
    let exceptions: Run<Clearance>
    let validity: Validity
  }
  /// Ports, both ends inclusive.
  struct Ports {
    let first, last: Int64
  }
  /// A row of the tools register.
  struct ToolRow {
    let id: ByteView
    let status: Tool.Status
    let approvedAt: Int64
    /// Approvals of the tool in the approvals register, and exceptions made for it.
    let approvals, exceptions: Run<Clearance>
    /// When the list of subprocessors has it, where the internet may reach it; empty otherwise.
    let listings: Run<Validity>
    let validity: Validity

    /// Whether the internet may reach it, and a subprocessor stands behind it at a time.
    func isListed(at time: Int64) -> Bool {
      for place in 0..<listings.count where listings[place].contains(time) { return true }
      return false
    }
  }
  /// What stands for a row where there is none: nothing known, or a personal cloud that all know.
  static let noTool: Int32 = -1
  static let personalCloud: Int32 = -2

  private let arena: Arena
  let principals: Run<Principal>
  /// The parts of `principals` that every event needs, in the same order.
  let tenures: Run<Tenure>
  let systems: Run<SystemRow>
  let tools: Run<ToolRow>
  let accounts: NameTable
  /// Addresses of people, and whether there are any.
  let mails: NameTable
  let hasMails: Bool
  let systemIDs: NameTable
  let systemNames: DomainTable
  let networks: NetworkTable
  let toolDomains: DomainTable
  /// What events refer to by a key of their own: tools, secrets, backups, limits, roles, flows.
  let keyed: KeyedIndex
  /// Environments to their numbers.
  let environments: NameTable
  /// Their names, as the registers write them.
  let environmentNames: Run<ByteView>
  /// The kinds of approvals that hold, as a text or a list, by their bits.
  let kindTexts: Run<Value>
  /// Exceptions that name what they are from, and approvals for databases, in the order of the register.
  let lifts: Run<Lift>
  /// Clouds that people use for themselves.
  let personalClouds: DomainTable
  /// Whether some row of a system says yes to one of ``Standing/Traits``.
  let hasTraits: Bool
  /// Whether some system asks for a second factor.
  let hasSecondFactors: Bool
  /// Whether the registers say of any system or tool that the internet reaches it, and of anybody what they administer.
  let saysInternetFacing, saysAdministrators: Bool
  /// Whether some contractor has a task.
  let hasTasks: Bool
  /// Whether some account is registered for one system only.
  let hasScopedAccounts: Bool
  /// Every instant at which a row begins or ends, in order.
  let boundaries: Run<Int64>
  /// The zones of agreed hours; the first is the organisation's.
  let zones: [any CivilZone]

  /// Until when somebody's access was granted, as was known at a time.
  func end(ofPrincipal row: Int, asOf time: Int64) -> Int64 {
    let principal = principals[row]
    var end = principal.terms.isEmpty ? principal.end : Int64.min
    for place in 0..<principal.terms.count where principal.terms[place].since <= time {
      end = max(end, principal.terms[place].end)
    }
    return min(end, principal.offboarded <= time ? principal.offboarded : .max)
  }

  /// Builds the tables.
  init(
    people: [Person], contractors: [Contractor], systems: [System], tools: [Tool],
    approvals: [Approval], duties rows: Duties, personalClouds: [String], countsOwnTasks: Bool,
    zone: any CivilZone, zones find: (String) -> (any CivilZone)?
  ) {
    let arena = Arena()
    var zones = [zone]
    var zonePlaces: [String: Int] = [:]
    var principals: [Principal] = []
    var accounts = NameTable.Builder()

    let clearances = JoinIndex.clearances(approvals, arena)
    func cleared(_ subject: String, _ kinds: Set<Approval.Kind>) -> Run<Clearance> {
      arena.run((clearances[subject] ?? []).filter { kinds.contains($0.kind) })
    }
    func patterns(_ prefix: String, in roles: [String], _ arena: Arena) -> Run<ByteView> {
      arena.folded(roles.filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) })
    }
    for person in people {
      for account in person.accounts {
        accounts.add(account.name, scope: account.system, row: principals.count)
      }
      principals.append(
        Principal(
          id: arena.text(person.id), kind: person.kind == .service ? .service : .employee,
          start: person.validity.start, end: person.validity.end, offboarded: .max, scope: nil,
          terms: Run(), approvals: cleared(person.id, [.scope, .exception, .productionDatabase]),
          administers: patterns("admin:", in: person.roles, arena),
          deploysTo: patterns("deployer:", in: person.roles, arena),
          jobRole: person.jobRole.map { arena.text($0) }, tasks: Run()))
    }
    let tasks =
      rows.tasks.isEmpty
      ? [:]
      : JoinIndex.tasks(
        rows.tasks, of: PeopleByName(people, contractors, zone: zone), countsOwn: countsOwnTasks,
        arena)

    for contractor in contractors {
      for account in contractor.accounts {
        accounts.add(account.name, scope: account.system, row: principals.count)
      }
      let agreement = contractor.scope.map { scope in
        var place = 0
        if let name = scope.timezone, let zone = name == "UTC" ? FixedZone.utc : find(name) {
          place = zonePlaces[name] ?? zones.count
          if place == zones.count {
            zonePlaces[name] = place
            zones.append(zone)
          }
        }
        return Agreement(
          systems: scope.systems.map(arena.folded),
          environments: scope.environments.map(arena.folded),
          actions: scope.actions.map(arena.folded), countries: scope.countries.map(arena.folded),
          hours: scope.windows.map(arena.run), zone: place)
      }
      let access = contractor.validity.clamped(
        start: zone.start(of: contractor.start), end: contractor.effectiveEnd)
      principals.append(
        Principal(
          id: arena.text(contractor.id), kind: .contractor, start: access.start, end: access.end,
          offboarded: contractor.offboarding?.completedAt?.latest ?? .max, scope: agreement,
          terms: arena.run(JoinIndex.terms(contractor, zone)),
          approvals: cleared(contractor.id, [.scope, .exception, .productionDatabase]),
          administers: Run(), deploysTo: Run(), jobRole: nil,
          tasks: tasks[principals.count] ?? Run()))
    }

    var systemIDs = NameTable.Builder()
    for (row, system) in systems.enumerated() { systemIDs.add(system.id, row: row) }
    self.principals = arena.run(principals)
    tenures = arena.run(
      principals.map { principal in
        Tenure(
          id: principal.id, start: principal.start, end: principal.end,
          offboarded: principal.offboarded, kind: principal.kind)
      })
    func traits(of system: System) -> Standing.Traits {
      var traits: Standing.Traits = []
      if system.needsSecondFactor { traits.insert(.needsSecondFactor) }
      if system.isInternetFacing { traits.insert(.isInternetFacing) }
      if clearances[system.id]?.contains(where: { $0.kind == .exception }) ?? false {
        traits.insert(.hasExceptions)
      }
      return traits
    }
    let published = Dictionary(grouping: rows.subprocessors) { $0.tool ?? $0.id }
    var numbers = EnvironmentNumbers()
    let systemRows = systems.map { system in
      SystemRow(
        id: arena.text(system.id), names: arena.folded(system.names),
        environment: system.environment.map { arena.text($0) },
        environmentNumber: system.environment.map { numbers.number(of: $0) } ?? 0,
        traits: traits(of: system), needsSingleSignOn: system.needsSingleSignOn,
        classification: system.classification.map { arena.text($0.rawValue) },
        deployers: system.deployers.map { ids in arena.run(ids.map { arena.text($0) }) },
        ports: system.allowedPorts.map { ports in
          arena.run(ports.map { Ports(first: Int64($0.lower), last: Int64($0.upper)) })
        },
        exceptions: cleared(system.id, [.exception]), validity: system.validity)
    }
    self.systems = arena.run(systemRows)
    let toolRows = tools.map { tool in
      ToolRow(
        id: arena.text(tool.id), status: tool.status,
        approvedAt: tool.approvedAt?.latest ?? .max, approvals: cleared(tool.id, [.tool]),
        exceptions: cleared(tool.id, [.exception]),
        listings: arena.run(
          tool.isInternetFacing == true ? (published[tool.id] ?? []).map(\.validity) : []),
        validity: tool.validity)
    }
    self.tools = arena.run(toolRows)
    hasTraits = systemRows.contains { !$0.traits.isEmpty }
    saysInternetFacing =
      systems.contains(where: \.isInternetFacing) || tools.contains { $0.isInternetFacing == true }
    hasTasks = !tasks.isEmpty
    saysAdministrators = people.contains { $0.roles.contains { $0.hasPrefix("admin:") } }
    self.personalClouds = DomainTable(personalClouds.map { ($0, 0) }, in: arena)
    let owners =
      people.map { ($0.id, $0.keys, $0.validity) }
      + contractors.enumerated().map { offset, contractor in
        let principal = principals[people.count + offset]
        return (
          contractor.id, contractor.keys,
          Validity(start: principal.start, end: min(principal.end, principal.offboarded))
        )
      }
    keyed = KeyedIndex(
      rows, systems: systems, tools: tools, owners: owners, &numbers, in: arena)
    environments = numbers.table(in: arena)
    environmentNames = arena.run(numbers.names.map { arena.text($0) })
    kindTexts = arena.run(JoinIndex.kindTexts(arena))
    lifts = arena.run(
      approvals.flatMap { approval -> [Lift] in
        guard let subject = approval.subject,
          let clearance = JoinIndex.clearance(approval, arena)
        else { return [] }
        // An approval for production databases is one from the row that forbids them.
        let control =
          switch approval.kind {
          case .exception: clearance.control
          case .productionDatabase: arena.text("row-10")
          default: ByteView?.none
          }
        guard let control else { return [] }
        return [Lift(subject: arena.text(subject), control: control, clearance: clearance)]
      })
    self.accounts = accounts.table(in: arena)
    var mails = NameTable.Builder()
    for (row, addresses) in (people.map(\.emails) + contractors.map(\.emails)).enumerated() {
      for address in Set(addresses.map { $0.lowercased() }).sorted() {
        mails.add(address, row: row)
      }
    }
    self.mails = mails.table(in: arena)
    hasMails = !self.mails.entries.isEmpty
    self.systemIDs = systemIDs.table(in: arena)
    systemNames = DomainTable(
      systems.enumerated().flatMap { row, system in system.names.map { ($0, row) } }, in: arena)
    networks = NetworkTable(
      systems.enumerated().flatMap { row, system in system.prefixes.map { ($0, row) } }, in: arena)
    toolDomains = DomainTable(
      tools.enumerated().flatMap { row, tool in tool.domains.map { ($0, row) } }, in: arena)
    hasSecondFactors = systems.contains(where: \.needsSecondFactor)
    hasScopedAccounts =
      people.contains { $0.accounts.contains { $0.system != "*" } }
      || contractors.contains { $0.accounts.contains { $0.system != "*" } }
    let instants =
      // Access is gone only after the instant of offboarding, so the stretch begins one later.
      principals.flatMap { [$0.start, $0.end, $0.offboarded, $0.offboarded.addingOne] }
      + tools.flatMap { [$0.validity.start, $0.validity.end, $0.approvedAt?.latest ?? .max] }
      + systems.flatMap { [$0.validity.start, $0.validity.end] }
    boundaries = arena.run(Set(instants).sorted())
    self.zones = zones
    arena.seal()
    self.arena = arena
  }

  /// Approvals that count, by what or whom they are for.
  private static func clearances(
    _ approvals: [Approval], _ arena: Arena
  ) -> [String: [Clearance]] {
    var result: [String: [Clearance]] = [:]
    for approval in approvals {
      guard let subject = approval.subject, let clearance = clearance(approval, arena) else {
        continue
      }
      result[subject, default: []].append(clearance)
    }
    return result
  }

  /// An approval as the joins read it; `nil` when it does not count.
  private static func clearance(_ approval: Approval, _ arena: Arena) -> Clearance? {
    guard approval.refusal == nil, let until = approval.until, let approvedAt = approval.approvedAt
    else { return nil }
    let validity = approval.validity.clamped(start: approval.from?.start, end: until.end)
    return Clearance(
      id: arena.text(approval.id), kind: approval.kind,
      systems: approval.systems.map(arena.folded),
      environments: approval.environments.map(arena.folded),
      control: approval.control.map { arena.text($0) },
      quotedControl: arena.text(JoinIndex.quoted(approval.control ?? "any")),
      start: validity.start, end: validity.end, approvedAt: approvedAt.latest)
  }

  /// The ends that a contractor's access had, in the order in which they became known.
  private static func terms(_ contractor: Contractor, _ zone: any CivilZone) -> [Term] {
    [Term(since: .min, end: min(contractor.firstEnd, contractor.validity.end))]
      + contractor.renewals.filter(\.isValid).compactMap { renewal in
        guard let until = renewal.until, let approvedAt = renewal.approvedAt else { return nil }
        return Term(
          since: approvedAt.latest, end: min(zone.end(of: until), contractor.validity.end))
      }
  }

  /// The tasks of contractors, by the places of their principals.
  private static func tasks(
    _ rows: [PlannedTask], of people: PeopleByName, countsOwn: Bool, _ arena: Arena
  ) -> [Int: Run<TaskRow>] {
    var byPrincipal: [Int: [PlannedTask]] = [:]
    for row in rows {
      let assignees = people.rows(of: row.assignee)
      if !countsOwn {
        // Only what says that somebody else wrote it was somebody else's to write.
        guard let writer = row.createdBy, Set(people.rows(of: writer)).isDisjoint(with: assignees)
        else { continue }
      }
      for place in assignees where place >= people.employeeCount {
        byPrincipal[place, default: []].append(row)
      }
    }
    return byPrincipal.mapValues { rows in
      let windows = rows.map { row in
        (row, row.validity.clamped(start: row.from.start, end: row.until.end))
      }
      var reach = Int64.min
      return arena.run(
        windows.enumerated().sorted {
          ($0.element.1.start, $0.offset) < ($1.element.1.start, $1.offset)
        }
        .map { _, window in
          reach = max(reach, window.1.end)
          return TaskRow(
            id: arena.text(window.0.id), systems: window.0.systems.map(arena.folded),
            start: window.1.start, end: window.1.end, createdAt: window.0.createdAt.latest,
            reach: reach)
        })
    }
  }

  /// A text as JSON writes it.
  private static func quoted(_ text: String) -> String {
    let inner = text.unicodeScalars.map { scalar in
      switch scalar {
      case "\"", "\\": "\\\(scalar)"
      case _ where scalar.value < 0x20: " "
      default: "\(scalar)"
      }
    }
    return "\"\(inner.joined())\""
  }

  /// How well a time fits a validity: inside, after it, or before it.
  static func rank(_ validity: Validity, at time: Int64) -> Int {
    validity.contains(time) ? 0 : time >= validity.end ? 1 : 2
  }

  /// Whose account it was at a time: by the system's own names, then by those for every system.
  func principal(_ account: ByteView, system: ByteView, at time: Int64) -> Int? {
    if !system.isEmpty, let found = principal(account, scope: system, at: time) { return found }
    return principal(account, scope: ByteView("*"), at: time)
  }

  /// Whose address it was at a time; nobody's when two had it.
  func principal(mail: ByteView, at time: Int64) -> Int? {
    let matches = mails.find(mail)
    guard matches.count > 1 else { return matches.count == 1 ? matches[0] : nil }
    var owner: Int?
    for index in 0..<matches.count {
      let row = matches[index]
      guard principals[row].start <= time, time < principals[row].end else { continue }
      guard owner == nil else { return nil }
      owner = row
    }
    return owner
  }

  // Of several owners of one name the one with access at the time, else the last who had it, else
  // the first who will.
  private func principal(_ account: ByteView, scope: ByteView, at time: Int64) -> Int? {
    let matches = accounts.find(account, scope: scope)
    guard matches.count > 1 else { return matches.count == 1 ? matches[0] : nil }
    var best: (row: Int, rank: Int, distance: Int64)?
    for index in 0..<matches.count {
      let row = matches[index]
      let principal = principals[row]
      let validity = Validity(start: principal.start, end: principal.end)
      let rank = JoinIndex.rank(validity, at: time)
      let edge = rank == 1 ? principal.end : principal.start
      let gap = time.subtractingReportingOverflow(edge)
      let distance = gap.overflow ? .max : gap.partialValue == .min ? .max : abs(gap.partialValue)
      if let best, (best.rank, best.distance) <= (rank, distance) { continue }
      best = (row, rank, distance)
    }
    return best?.row
  }
}

extension Int64 {
  /// The next number; the largest stays.
  fileprivate var addingOne: Int64 { self == .max ? .max : self + 1 }
}
