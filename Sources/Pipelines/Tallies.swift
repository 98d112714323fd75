import Bytes
import Detectors
public import Events

/// What the review needs to know of every line of its month, kept per worker and added up at the end.
///
/// Sums, first and last times only, so that it does not matter which worker saw which line.
public struct Tallies: Sendable, Equatable {
  /// How often and when something was seen.
  public struct Seen: Sendable, Hashable {
    /// Events.
    public var count: UInt64 = 0
    /// First and last, nanoseconds.
    public var first = Int64.max, last = Int64.min

    @inline(__always) mutating func add(_ time: Int64) {
      count += 1
      if time < first { first = time }
      if time > last { last = time }
    }

    mutating func merge(_ other: Seen) {
      count += other.count
      first = min(first, other.first)
      last = max(last, other.last)
    }
  }

  /// How many events could have concerned a detector, by kind of population.
  public struct Populations: Sendable, Hashable {
    /// All events; those of a known or unknown person; of contractors; with a system's name;
    /// sign-ins.
    public var events: UInt64 = 0, persons: UInt64 = 0, contractors: UInt64 = 0
    /// Events with a system's name, and sign-ins.
    public var systems: UInt64 = 0, signIns: UInt64 = 0
  }

  /// What a contractor used, inside or outside the scope.
  public struct Use: Sendable, Hashable {
    /// The person, the system by name, and its environment.
    public var person, system, environment: String
    /// The `access.scope` verdict and its reason.
    public var scope, reason: String
    /// The approval that covered it, or nothing.
    public var approval: String
  }

  /// How many different uses are told apart; a hostile host name in each line must not fill the memory.
  public static let usesMax = 20_000

  /// The counts by population.
  public var populations = Populations()
  /// Successes by person id.
  public var people: [String: Seen] = [:]
  /// Events by system id.
  public var systems: [String: Seen] = [:]
  /// Events by the id of the infrastructure row that covers the source address; only for a review.
  public var networks: [String: Seen] = [:]
  /// Contractors' successes by what they used.
  public var uses: [Use: Seen] = [:]
  /// What else is counted by a few texts, each table by itself.
  public private(set) var tables = Table.allCases.map { TextTally(rowsMax: $0.rowsMax) }
  /// Web requests by service, day and minute.
  public internal(set) var services = ServiceTally()
  /// Events by what rules ask of them first.
  public internal(set) var kinds: [Kind: UInt64] = [:]

  /// What an event is, as far as rules ask for it first; an empty text stands for any.
  public struct Kind: Sendable, Hashable {
    /// The category or the dataset, whichever is counted, and the action.
    public let field: Field, word: String, action: String
  }

  /// One of the tables by a few texts.
  public enum Table: Int, CaseIterable, Sendable {
    /// Successes by system, account, person and its kind: sign-ins and sessions, commands, changes, other uses.
    case access
    /// Changes by system, account, person, action, ticket, target and task: done, failed.
    case changes
    /// Uses of secrets by secret, account and action.
    case secrets
    /// Runs of backups by job, system, action and outcome; the number is the local day.
    case backups
    /// Successes of people by country, cloud region and system.
    case places
    /// Uses of tools by tool, status and person.
    case tools
    /// Successes that an approval cleared, by approval, person, system and reason.
    case cleared
    /// Requests by service and client: all others, refused (429), other 4xx, 5xx. Rows whose number is 1 have the refused ones
    /// alone, so that those are kept whatever crowd there is.
    case clients
    /// Second steps of sign-ins that a log tells of by themselves, by system: those that succeeded, those that failed.
    case factors

    /// How many texts a row has.
    var textCount: Int {
      switch self {
      case .changes: 7
      case .access, .secrets, .backups, .cleared: 4
      case .places, .tools: 3
      case .clients: 2
      case .factors: 1
      }
    }

    /// How many rows are kept.
    public var rowsMax: Int {
      switch self {
      case .access, .clients: 20_000
      case .changes, .backups: 5000
      case .secrets, .places, .tools, .cleared: 2000
      case .factors: 500
      }
    }
  }

  /// The rows of a table.
  public subscript(table: Table) -> TextTally { tables[table.rawValue] }

  /// Takes over what a worker counted.
  mutating func take(_ counted: [TextTally]) { tables = counted.map(\.bounded) }

  /// Nothing counted.
  public init() {}

  /// Adds another worker's counts.
  public mutating func merge(_ other: Tallies) {
    populations.events += other.populations.events
    populations.persons += other.populations.persons
    populations.contractors += other.populations.contractors
    populations.systems += other.populations.systems
    populations.signIns += other.populations.signIns
    people.merge(other.people) { $0.merged($1) }
    systems.merge(other.systems) { $0.merged($1) }
    networks.merge(other.networks) { $0.merged($1) }
    uses.merge(other.uses) { $0.merged($1) }
    if uses.count > Tallies.usesMax { uses = Tallies.bounded(uses) }
    for place in tables.indices { tables[place].merge(other.tables[place]) }
    services.merge(other.services)
    kinds.merge(other.kinds, uniquingKeysWith: +)
  }
}

extension Tallies {
  /// The uses with the smallest hashes, ``usesMax`` of them.
  ///
  /// A use that is among the smallest of all is among the smallest of every part, so it was kept
  /// wherever it was seen, and its counts are exact for any number of workers.
  static func bounded(_ uses: [Use: Seen]) -> [Use: Seen] {
    guard uses.count > usesMax else { return uses }
    let ordered = uses.map { (key: $0.key.hash, use: $0.key, seen: $0.value) }
      .sorted { ($0.key.high, $0.key.low) < ($1.key.high, $1.key.low) }
    return Dictionary(uniqueKeysWithValues: ordered.prefix(usesMax).map { ($0.use, $0.seen) })
  }
}

extension Tallies.Use {
  /// The same in every run and every worker.
  fileprivate var hash: StateKey {
    var hasher = StateHasher()
    for text in [person, system, environment, scope, reason, approval] {
      text.withView { hasher.combine($0) }
    }
    return hasher.key
  }
}

extension Tallies.Seen {
  func merged(_ other: Self) -> Self {
    var result = self
    result.merge(other)
    return result
  }
}

/// Counts by a name that is never freed, told apart by where it is in memory; a few nanoseconds each.
struct NameTally {
  private var keys: [ByteView?]
  private var values: [Tallies.Seen]
  private var used = 0

  init() {
    keys = Array(repeating: nil, count: 256)
    values = Array(repeating: Tallies.Seen(), count: 256)
  }

  @inline(__always) mutating func add(_ name: ByteView, at time: Int64) {
    var place = slot(of: name)
    while let key = keys[place] {
      if key.address == name.address {
        values[place].add(time)
        return
      }
      place = (place + 1) & (keys.count - 1)
    }
    insert(name, at: place, time)
  }

  private func slot(of name: ByteView) -> Int {
    Int(truncatingIfNeeded: (UInt64(name.address) &* 0x9E37_79B9_7F4A_7C15) >> 32)
      & (keys.count - 1)
  }

  private mutating func insert(_ name: ByteView, at place: Int, _ time: Int64) {
    keys[place] = name
    values[place] = Tallies.Seen()
    values[place].add(time)
    used += 1
    guard used * 2 > keys.count else { return }
    let (oldKeys, oldValues) = (keys, values)
    keys = Array(repeating: nil, count: oldKeys.count * 2)
    values = Array(repeating: Tallies.Seen(), count: oldKeys.count * 2)
    for (old, key) in oldKeys.enumerated() {
      guard let key else { continue }
      var place = slot(of: key)
      while keys[place] != nil { place = (place + 1) & (keys.count - 1) }
      keys[place] = key
      values[place] = oldValues[old]
    }
  }

  /// The counts by name; equal names at different places are added up.
  var byName: [String: Tallies.Seen] {
    var result: [String: Tallies.Seen] = [:]
    for (place, key) in keys.enumerated() {
      guard let key else { continue }
      result[key.string, default: Tallies.Seen()].merge(values[place])
    }
    return result
  }
}

extension Tallies {
  /// Writes the counts.
  func write(to writer: inout SnapshotWriter) {
    for count in [
      populations.events, populations.persons, populations.contractors, populations.systems,
      populations.signIns,
    ] {
      writer.put(count)
    }
    for names in [people, systems, networks] {
      writer.put(names) { entry, writer in
        writer.put(entry.key)
        entry.value.write(to: &writer)
      }
    }
    writer.put(uses) { entry, writer in
      let use = entry.key
      for text in [
        use.person, use.system, use.environment, use.scope, use.reason, use.approval,
      ] {
        writer.put(text)
      }
      entry.value.write(to: &writer)
    }
    for table in tables { table.write(to: &writer) }
    services.write(to: &writer)
    writer.put(kinds) { entry, writer in
      writer.put(entry.key.field.index)
      writer.put(entry.key.word)
      writer.put(entry.key.action)
      writer.put(entry.value)
    }
  }

  /// The counts that were written.
  init(from reader: inout SnapshotReader) throws(SnapshotError) {
    populations = Populations(
      events: try reader.number(), persons: try reader.number(), contractors: try reader.number(),
      systems: try reader.number(), signIns: try reader.number())
    people = try Tallies.names(&reader)
    systems = try Tallies.names(&reader)
    networks = try Tallies.names(&reader)
    for _ in 0..<(try reader.count()) {
      let use = Use(
        person: try reader.text(), system: try reader.text(), environment: try reader.text(),
        scope: try reader.text(), reason: try reader.text(), approval: try reader.text())
      uses[use] = try Seen(from: &reader)
    }
    for table in Table.allCases {
      tables[table.rawValue] = try TextTally(from: &reader, rowsMax: table.rowsMax)
    }
    services = try ServiceTally(from: &reader)
    for _ in 0..<(try reader.count()) {
      let index: Int = try reader.number()
      guard index >= 0, index < Event.fieldsMax else { throw .damaged }
      let kind = Kind(
        field: Field(index: index), word: try reader.text(), action: try reader.text())
      kinds[kind] = try reader.number()
    }
  }

  private static func names(
    _ reader: inout SnapshotReader
  ) throws(SnapshotError) -> [String: Seen] {
    var names: [String: Seen] = [:]
    for _ in 0..<(try reader.count()) { names[try reader.text()] = try Seen(from: &reader) }
    return names
  }
}

extension Tallies.Seen {
  func write(to writer: inout SnapshotWriter) {
    writer.put(count)
    writer.put(first)
    writer.put(last)
  }

  init(from reader: inout SnapshotReader) throws(SnapshotError) {
    (count, first, last) = (try reader.number(), try reader.number(), try reader.number())
  }
}
