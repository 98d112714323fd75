import Bytes
import Detectors
import Events

/// Sign-ins of the review's month, counted by day, system and address, and by account nobody listed.
///
/// Bounded: ``keysMax`` addresses and accounts, ``systemsMax`` systems, ``pairsMax`` distinct users and
/// addresses within them; what comes beyond is in the totals only.
public struct SignInTally: Sendable {
  /// How many addresses, and how many unlisted accounts, are told apart.
  public static let keysMax = 100_000
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
    /// Successes and failed attempts.
    public var count = Day()
    /// Hashes of the distinct user names; of a system, of those let in.
    public fileprivate(set) var users: Set<UInt64> = []
    /// Hashes of the distinct addresses; empty for an address.
    public fileprivate(set) var addresses: Set<UInt64> = []
  }
  /// An account that no register lists.
  public struct Unlisted: Sendable {
    /// The systems it used.
    public var systems: Set<String> = []
    /// How often and when.
    public var seen = Tallies.Seen()
  }
  /// By days since 1970.
  public private(set) var days: [Int: Day] = [:]
  /// By source address; the users are those that were tried.
  public private(set) var addresses: [String: Group] = [:]
  /// By system: its id, its name, host or domain, or empty when the line has none of them; the users are
  /// those that were let in.
  public private(set) var systems: [String: Group] = [:]
  /// Successes of accounts that no register lists.
  public private(set) var unlisted: [String: Unlisted] = [:]
  /// Different people (or names) that succeeded.
  public private(set) var users: Set<String> = []
  /// How many sign-ins came from addresses beyond the bound.
  public private(set) var overflowCount: UInt64 = 0
  private var pairCount = 0

  mutating func add(_ event: Event, failed: Bool, time: Int64, day: Int) {
    days[day, default: Day()].add(event, failed: failed)
    let user = event.text(.userName)
    let address = event.text(.sourceIP)
    if let address { add(event, from: address, user, failed: failed) }
    let system =
      event.text(.systemID) ?? event.text(.systemName) ?? event.text(.hostName)
      ?? event.text(.urlDomain)
    add(event, to: system?.string ?? "", user, address, failed: failed)
    guard !failed, let person = (event.text(.personID) ?? user)?.string else { return }
    if users.count < SignInTally.keysMax { users.insert(person) }
    guard event.has(.personKind, equalTo: "unlisted") else { return }
    if unlisted[person] != nil || unlisted.count < SignInTally.keysMax {
      let system = (event.text(.systemID) ?? event.text(.systemName))?.string
      unlisted[person, default: Unlisted()].seen.add(time)
      if let system, unlisted[person]?.systems.count ?? 0 < 20 {
        unlisted[person]?.systems.insert(system)
      }
    }
  }

  private mutating func add(
    _ event: Event, from address: ByteView, _ user: ByteView?, failed: Bool
  ) {
    let name = address.string
    guard addresses[name] != nil || addresses.count < SignInTally.keysMax else {
      overflowCount += failed ? UInt64(event.weight) : 1
      return
    }
    addresses[name, default: Group()].count.add(event, failed: failed)
    SignInTally.remember(user, in: &addresses[name, default: Group()].users, &pairCount)
  }

  private mutating func add(
    _ event: Event, to system: String, _ user: ByteView?, _ address: ByteView?, failed: Bool
  ) {
    guard systems[system] != nil || systems.count < SignInTally.systemsMax else { return }
    systems[system, default: Group()].count.add(event, failed: failed)
    if !failed {
      SignInTally.remember(user, in: &systems[system, default: Group()].users, &pairCount)
    }
    SignInTally.remember(address, in: &systems[system, default: Group()].addresses, &pairCount)
  }

  private static func remember(
    _ value: ByteView?, in set: inout Set<UInt64>, _ pairCount: inout Int
  ) {
    guard let value, pairCount < SignInTally.pairsMax else { return }
    if set.insert(StateHasher.hash(value)).inserted { pairCount += 1 }
  }
}
