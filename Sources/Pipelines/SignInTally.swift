import Bytes
import Detectors
import Events

/// Sign-ins of the review's month, counted by day, system and address, and by account nobody listed.
///
/// Bounded: ``countriesMax`` countries, ``keysMax`` addresses and accounts, ``systemsMax`` systems, ``pairsMax`` distinct users and
/// addresses within them; what comes beyond is in the totals only.
public struct SignInTally: Sendable {
  /// How many addresses, and how many unlisted accounts, are told apart.
  public static let keysMax = 100_000
  /// How many countries are told apart; there are fewer.
  public static let countriesMax = 400
  /// How many systems are told apart; the name of a system may be the attacker's choice.
  public static let systemsMax = 500
  /// How many distinct users and addresses are remembered over all systems and addresses.
  public static let pairsMax = 1_000_000

  /// One day's sign-ins.
  public struct Day: Sendable, Hashable {
    /// Successes and failed attempts.
    public var successes: UInt64 = 0, failures: UInt64 = 0

    mutating func add(_ event: Event, failed: Bool) {
      if failed { failures += UInt64(event.weight) } else { successes += 1 }
    }
  }
  /// The sign-ins from one address, or to one system.
  public struct Group: Sendable {
    /// The address, or the system: its id, name, host or domain, whichever is there first.
    public let name: String
    /// Successes and failed attempts.
    public fileprivate(set) var count = Day()
    /// A system's successes by what is said of a second factor, in the order of ``SecondFactor``.
    public fileprivate(set) var factors = SIMD4<UInt64>()
    fileprivate var users: Set<UInt64> = []
    fileprivate var addresses: Set<UInt64> = []

    fileprivate init(_ name: String, _ count: Day = Day()) {
      (self.name, self.count) = (name, count)
    }

    /// How many users an address tried, or a system let in.
    public var userCount: Int { users.count }
    /// How many addresses tried to sign in to a system.
    public var addressCount: Int { addresses.count }
  }
  /// An account that no register lists.
  public struct Unlisted: Sendable {
    /// The systems it used.
    public var systems: Set<String> = []
    /// How often and when.
    public var seen = Tallies.Seen()
  }

  private var dayCounts: [Int: Day] = [:]
  private var today = (day: Int.min, counts: Day())
  private var byAddress: [StateKey: Group] = [:]
  private var bySystem: [StateKey: Group] = [:]
  /// By the country of the address, where that is known.
  public private(set) var countries: [String: Day] = [:]
  private var people: Set<StateKey> = []
  private var pairCount = 0
  /// Successes of accounts that no register lists.
  public private(set) var unlisted: [String: Unlisted] = [:]
  /// How many sign-ins came from addresses beyond the bound.
  public private(set) var overflowCount: UInt64 = 0

  /// By days since 1970.
  public var days: [Int: Day] {
    var days = dayCounts
    if today.day != .min { days[today.day] = today.counts }
    return days
  }

  /// By source address, in the order of the names.
  public var addresses: [Group] { byAddress.values.sorted { $0.name < $1.name } }

  /// By system, in the order of the names.
  public var systems: [Group] { bySystem.values.sorted { $0.name < $1.name } }

  /// How many different people, or names, succeeded.
  public var userCount: Int { people.count }

  mutating func add(_ event: Event, failed: Bool, time: Int64, day: Int) {
    if day != today.day {
      dayCounts = days
      today = (day, dayCounts[day] ?? Day())
    }
    today.counts.add(event, failed: failed)
    let user = event.text(.userName)
    let address = event.text(.sourceIP)
    let userHash = user.map(StateHasher.hash)
    if let address { add(event, from: address, userHash, failed: failed) }
    if let country = event.text(.sourceCountry) {
      // A code fits into the string itself.
      let code = country.string
      if countries[code] != nil || countries.count < SignInTally.countriesMax {
        countries[code, default: Day()].add(event, failed: failed)
      }
    }
    add(event, userHash, address.map(StateHasher.hash), failed: failed)
    guard !failed, let person = event.text(.personID) ?? user else { return }
    if people.count < SignInTally.keysMax { people.insert(SignInTally.key(person)) }
    if event.has(.personKind, equalTo: "unlisted") { addUnlisted(person.string, event, time) }
  }

  private static func key(_ text: ByteView) -> StateKey {
    var hasher = StateHasher()
    hasher.combine(text)
    return hasher.key
  }

  private mutating func add(
    _ event: Event, from address: ByteView, _ user: UInt64?, failed: Bool
  ) {
    let key = SignInTally.key(address)
    if byAddress[key] == nil {
      guard byAddress.count < SignInTally.keysMax else {
        overflowCount += failed ? UInt64(event.weight) : 1
        return
      }
      byAddress[key] = Group(address.string)
    }
    byAddress[key]?.count.add(event, failed: failed)
    if let user, pairCount < SignInTally.pairsMax,
      byAddress[key]?.users.insert(user).inserted ?? false
    {
      pairCount += 1
    }
  }

  /// Adds to the group of the event's system.
  private mutating func add(_ event: Event, _ user: UInt64?, _ address: UInt64?, failed: Bool) {
    let system =
      event.text(.systemID) ?? event.text(.systemName) ?? event.text(.hostName)
      ?? event.text(.urlDomain)
    let key = SignInTally.key(system ?? .empty)
    if bySystem[key] == nil {
      guard bySystem.count < SignInTally.systemsMax else { return }
      bySystem[key] = Group(system?.string ?? "")
    }
    bySystem[key]?.count.add(event, failed: failed)
    if !failed { bySystem[key]?.factors[SecondFactor(event).rawValue] += 1 }
    guard pairCount < SignInTally.pairsMax else { return }
    if !failed, let user, bySystem[key]?.users.insert(user).inserted ?? false { pairCount += 1 }
    if let address, bySystem[key]?.addresses.insert(address).inserted ?? false { pairCount += 1 }
  }

  private mutating func addUnlisted(_ user: String, _ event: Event, _ time: Int64) {
    guard unlisted[user] != nil || unlisted.count < SignInTally.keysMax else { return }
    unlisted[user, default: Unlisted()].seen.add(time)
    let system = (event.text(.systemID) ?? event.text(.systemName))?.string
    if let system, unlisted[user]?.systems.count ?? 0 < 20 {
      unlisted[user]?.systems.insert(system)
    }
  }
}

extension SignInTally {
  /// Writes the counts.
  func write(to writer: inout SnapshotWriter) {
    writer.put(days.sorted { $0.key < $1.key }) { entry, writer in
      writer.put(entry.key)
      SignInTally.put(entry.value, &writer)
    }
    for groups in [byAddress, bySystem] {
      writer.put(groups) { entry, writer in
        writer.put(entry.key.high)
        writer.put(entry.key.low)
        writer.put(entry.value.name)
        SignInTally.put(entry.value.count, &writer)
        for place in 0..<4 { writer.put(entry.value.factors[place]) }
        writer.put(entry.value.users) { $1.put($0) }
        writer.put(entry.value.addresses) { $1.put($0) }
      }
    }
    writer.put(countries) { entry, writer in
      writer.put(entry.key)
      SignInTally.put(entry.value, &writer)
    }
    writer.put(people) { key, writer in
      writer.put(key.high)
      writer.put(key.low)
    }
    writer.put(unlisted) { entry, writer in
      writer.put(entry.key)
      writer.put(entry.value.systems) { $1.put($0) }
      entry.value.seen.write(to: &writer)
    }
    writer.put(pairCount)
    writer.put(overflowCount)
  }

  private static func put(_ day: Day, _ writer: inout SnapshotWriter) {
    writer.put(day.successes)
    writer.put(day.failures)
  }

  /// The counts that were written.
  init(from reader: inout SnapshotReader) throws(SnapshotError) {
    for _ in 0..<(try reader.count()) {
      dayCounts[try reader.number()] = try SignInTally.day(&reader)
    }
    byAddress = try SignInTally.groups(&reader)
    bySystem = try SignInTally.groups(&reader)
    for _ in 0..<(try reader.count()) {
      countries[try reader.text()] = try SignInTally.day(&reader)
    }
    for _ in 0..<(try reader.count()) {
      people.insert(StateKey(high: try reader.number(), low: try reader.number()))
    }
    for _ in 0..<(try reader.count()) {
      let name = try reader.text()
      let systems = try reader.list { (reader) throws(SnapshotError) in try reader.text() }
      unlisted[name] = Unlisted(systems: Set(systems), seen: try Tallies.Seen(from: &reader))
    }
    pairCount = try reader.number()
    overflowCount = try reader.number()
  }

  private static func day(_ reader: inout SnapshotReader) throws(SnapshotError) -> Day {
    Day(successes: try reader.number(), failures: try reader.number())
  }

  private static func groups(
    _ reader: inout SnapshotReader
  ) throws(SnapshotError) -> [StateKey: Group] {
    var groups: [StateKey: Group] = [:]
    for _ in 0..<(try reader.count()) {
      let key = StateKey(high: try reader.number(), low: try reader.number())
      var group = Group(try reader.text(), try day(&reader))
      for place in 0..<4 { group.factors[place] = try reader.number() }
      group.users = Set(try hashes(&reader))
      group.addresses = Set(try hashes(&reader))
      groups[key] = group
    }
    return groups
  }

  private static func hashes(_ reader: inout SnapshotReader) throws(SnapshotError) -> [UInt64] {
    try reader.list { (reader) throws(SnapshotError) in try reader.number() }
  }
}
