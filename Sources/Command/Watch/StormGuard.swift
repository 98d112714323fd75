/// Says which findings are told one by one: of each detector no more than some within a minute, so that nobody
/// is woken a thousand times by one thing.
struct StormGuard {
  /// How many findings of one detector are told one by one within a minute; the rest are summed up.
  static let max = 20
  /// The minute at hand, and which findings of each detector are told in it.
  private(set) var minute: Int64 = 0
  private var told: [String: Set<String>] = [:]

  /// Begins a minute; returns whether it is a new one.
  mutating func begin(_ minute: Int64) -> Bool {
    guard minute != self.minute else { return false }
    (self.minute, told) = (minute, [:])
    return true
  }

  /// Whether a finding is told by itself; asked again, because it could not be kept, it counts once.
  mutating func tells(_ uid: String, of detector: String) -> Bool {
    if told[detector]?.contains(uid) == true { return true }
    guard told[detector, default: []].count < StormGuard.max else { return false }
    told[detector, default: []].insert(uid)
    return true
  }
}
