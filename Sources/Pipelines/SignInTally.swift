import Bytes
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
  /// By days since 1970.
  public private(set) var days: [Int: Day] = [:]
  /// Failed attempts by source address.
  public private(set) var failuresByAddress: [String: UInt64] = [:]
  /// Successes of accounts that no register lists.
  public private(set) var unlisted: [String: Unlisted] = [:]
  /// Different people (or names) that succeeded.
  public private(set) var users: Set<String> = []
  /// How many failed attempts came from addresses beyond the bound.
  public private(set) var overflowCount: UInt64 = 0

  mutating func add(_ event: Event, failed: Bool, time: Int64, day: Int) {
    if failed {
      days[day, default: Day()].failures += UInt64(event.weight)
      guard let address = event.text(.sourceIP)?.string else { return }
      if failuresByAddress[address] != nil || failuresByAddress.count < SignInTally.keysMax {
        failuresByAddress[address, default: 0] += UInt64(event.weight)
      } else {
        overflowCount += UInt64(event.weight)
      }
      return
    }
    days[day, default: Day()].successes += 1
    guard let user = (event.text(.personID) ?? event.text(.userName))?.string else { return }
    if users.count < SignInTally.keysMax { users.insert(user) }
    guard event.has(.personKind, equalTo: "unlisted") else { return }
    if unlisted[user] != nil || unlisted.count < SignInTally.keysMax {
      let system = (event.text(.systemID) ?? event.text(.systemName))?.string
      unlisted[user, default: Unlisted()].seen.add(time)
      if let system, unlisted[user]?.systems.count ?? 0 < 20 {
        unlisted[user]?.systems.insert(system)
      }
    }
  }
}
