import Alerts
import Detectors
import Testing

@Suite struct FindingsTableTests {
  /// The time of day, as a caller with a time zone would give it.
  private static func clock(_ nanoseconds: Int64) -> String {
    let seconds = nanoseconds / 1_000_000_000 % 86_400
    let parts = [seconds / 3600, seconds / 60 % 60, seconds % 60]
    return "2026-11-21 " + parts.map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":")
  }

  private static let findings = [
    Sample.finding(
      uid: "1", detector: "sign-in-failures", level: .medium,
      message: "203.0.113.7 failed to sign in 41 times in 10 minutes, as 12 different users.",
      subject: "203.0.113.7", count: 41, end: Sample.time - 3_600_000_000_000),
    Sample.finding(
      uid: "2", detector: "contractor-out-of-scope", level: .high,
      message: "Contractor kim reached db1, which is outside the agreed scope (systems: gitlab, "
        + "web*) and no approval covers it.", subject: "kim · db1", count: 1),
    Sample.finding(
      uid: "3", detector: "sudo-to-root", level: .high, message: "dana became root on web1.",
      subject: "dana", count: 2, end: Sample.time - 60_000_000_000),
    Sample.contractor,
  ]

  private func table(_ width: Int, _ findings: [Finding], rowsMax: Int = .max) -> String {
    FindingsTable(width: width, rowsMax: rowsMax, time: Self.clock).text(for: findings)
  }

  @Test func `no findings is one sentence`() {
    #expect(table(80, []) == "No findings in what was read.\n")
  }
}
