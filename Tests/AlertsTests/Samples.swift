import Detectors

/// Findings that several tests look at.
enum Sample {
  /// 2026-11-21 16:04:10.5 UTC, nanoseconds.
  static let time: Int64 = 1_795_277_050_500_000_000

  static let contractor = finding()

  static func finding(
    uid: String = String(repeating: "ab", count: 32), detector: String = "contractor-expired",
    level: Level = .critical,
    message: String = "Contractor kim connected to db1 after access had ended.",
    subject: String = "kim", count: UInt64 = 3, end: Int64 = time, evidence: [Evidence] = [line()]
  ) -> Finding {
    Finding(
      uid: uid, detector: detector, title: "Contractor access after expiry", level: level,
      message: message, subject: subject, controls: ["CC6.1", "ISO27001:A.5.20", "row-7"],
      techniques: ["T1078", "T1110.003", "TA0006"], start: end - 10_000_000_000, end: end,
      count: count, evidence: evidence)
  }

  static func line(
    raw: String = "connection authorized: user=kim database=prod", fields: [Evidence.Pair] = fields
  ) -> Evidence {
    Evidence(
      source: "db1.log", line: 102, offset: 9_876, sha256: String(repeating: "cd", count: 32),
      raw: raw, time: time, fields: fields)
  }

  static let fields: [Evidence.Pair] = [
    .init("access.scope", "outside"), .init("host.name", "db1"), .init("login.first_seen", "agent"),
    .init("login.first_seen", "country"), .init("person.id", "c-007"),
    .init("source.as.number", "64500"), .init("source.geo.country_iso_code", "NL"),
    .init("source.ip", "203.0.113.7"), .init("source.port", "51002"), .init("user.name", "kim"),
  ]
}
