import Detectors
import Registers
import Storage

/// Notices routes that deliver nothing.
///
/// Every attempt has failed for as long as the policy's `alert.failing`, or the receiver said that it is gone. Told once for each outage, down
/// the other routes; what is delivered ends it.
struct RouteHealth {
  /// The detector of such a finding.
  static let detector = "route-failing"
  /// Between looks, seconds.
  private static let pause = 1.0

  /// By how much everything is shorter, for tests.
  private let haste: Double
  /// For how long every attempt must have failed, seconds.
  private let failingMin: Double
  private var lastLook = -Double.infinity
  private var told: Set<String> = []

  init(_ policy: Policy, haste: Double = 1) {
    self.haste = haste
    failingMin = Double(policy.seconds("alert.failing"))
  }

  /// Whether it is time to look again, monotonic seconds.
  mutating func isDue(_ now: Double) -> Bool {
    guard now - lastLook >= RouteHealth.pause else { return false }
    lastLook = now
    return true
  }

  /// The outages that are to be told of.
  ///
  /// - Parameters:
  ///   - outages: Those that there are.
  ///   - routes: The routes that are in use.
  ///   - now: Seconds since 1970 UTC.
  mutating func fallen(
    _ outages: [StoredOutage], routes: [String], now: Int64
  ) -> [StoredOutage] {
    told.formIntersection(outages.map(RouteHealth.uid))
    let longest = max(1, Int64(failingMin / haste))
    return outages.filter { outage in
      (outage.isGone || now - outage.since >= longest) && routes.contains(outage.route)
        && told.insert(RouteHealth.uid(outage)).inserted
    }
  }

  private static func uid(_ outage: StoredOutage) -> String {
    "\(detector)-\(outage.route)-\(outage.since)"
  }

  /// What is told of it.
  ///
  /// - Parameter now: Seconds since 1970 UTC.
  static func finding(_ outage: StoredOutage, now: Int64) -> Finding {
    let what =
      outage.isGone
      ? "\(outage.route) gets nothing more until somebody sends it again"
      : "\(outage.route) has taken nothing for \((now - outage.since) / 60) minutes"
    return Finding(
      uid: uid(outage), detector: RouteHealth.detector,
      title: "A route for findings fails", level: .high, message: "\(what): \(outage.answer)",
      subject: outage.route, controls: ["CC7.2", "row-34"], techniques: [],
      start: outage.since * 1_000_000_000, end: now * 1_000_000_000, count: 1, evidence: [])
  }
}
