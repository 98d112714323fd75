import Bytes
import Detectors
import Events

/// Sign-ins counted for the review: by day, by address that failed, by account nobody listed.
///
/// Bounded: ``keysMax`` addresses and accounts; failures of addresses beyond are in the totals only.
public struct SignInTally: Sendable {
  /// How many addresses, and how many unlisted accounts, are told apart.
  public static let keysMax = 100_000

  /// One day's sign-ins.
  public struct Day: Sendable, Hashable {
    /// Successes and failed attempts.
    public var successes: UInt64 = 0, failures: UInt64 = 0
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
  /// The addresses that failed, by key, in the order of their first failure, and their counts.
  private var addressPlaces: [StateKey: Int32] = [:]
  private var addressNames: [String] = []
  private var addressCounts: [UInt64] = []
  private var people: Set<StateKey> = []
  /// Successes of accounts that no register lists.
  public private(set) var unlisted: [String: Unlisted] = [:]
  /// How many failed attempts came from addresses beyond the bound.
  public private(set) var overflowCount: UInt64 = 0

  /// By days since 1970.
  public var days: [Int: Day] {
    var days = dayCounts
    if today.day != .min { days[today.day] = today.counts }
    return days
  }

  /// Failed attempts by source address.
  public var failuresByAddress: [String: UInt64] {
    Dictionary(zip(addressNames, addressCounts), uniquingKeysWith: +)
  }

  /// How many different people, or names, succeeded.
  public var userCount: Int { people.count }

  mutating func add(_ event: Event, failed: Bool, time: Int64, day: Int, _ keys: KeyMemo) {
    if day != today.day {
      dayCounts = days
      today = (day, dayCounts[day] ?? Day())
    }
    if failed {
      today.counts.failures += UInt64(event.weight)
      if let address = event.text(.sourceIP) { addFailure(address, event.weight, keys) }
      return
    }
    today.counts.successes += 1
    guard let user = event.text(.personID) ?? event.text(.userName) else { return }
    if people.count < SignInTally.keysMax {
      people.insert(keys.key(of: user))
    }
    if event.has(.personKind, equalTo: "unlisted") { addUnlisted(user.string, event, time) }
  }

  private mutating func addFailure(_ address: ByteView, _ weight: UInt32, _ keys: KeyMemo) {
    let key = keys.key(of: address)
    if let place = addressPlaces[key] {
      addressCounts[Int(place)] += UInt64(weight)
    } else if addressNames.count < SignInTally.keysMax {
      addressPlaces[key] = Int32(addressNames.count)
      addressNames.append(address.string)
      addressCounts.append(UInt64(weight))
    } else {
      overflowCount += UInt64(weight)
    }
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
