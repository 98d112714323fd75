import Detectors
import Registers

/// Notices systems whose use nobody sees: the infrastructure register names the source that shows it (`audit_source`), and no
/// such log has been heard of.
///
/// Told once a system and day, an hour after watching began: by then a log that is there has been found. A log that was heard
/// and falls silent is ``Silence``'s.
struct AuditSources {
  /// The detector of such a finding.
  static let detector = "audit-source-missing"
  /// How long logs have time to be found, seconds.
  static let patience = 3600.0
  private static let day: Int64 = 86_400 * 1_000_000_000

  /// A system, the source that should show its use, and when the row holds.
  struct Audited {
    let system, source: String
    let start, end: Int64
  }

  private let audited: [Audited]
  private let patience: Double
  private var begun: Double?
  /// By system, the day on which it was told of last.
  private var told: [String: Int64] = [:]

  init(_ audited: [Audited], haste: Double = 1) {
    (self.audited, patience) = (audited, AuditSources.patience / haste)
  }

  /// The systems of a register that name a source.
  static func audited(in registers: Registers) -> [Audited] {
    registers.infrastructure.compactMap { row in
      row.auditSource.map {
        Audited(
          system: row.id, source: $0, start: row.validity.start,
          end: row.validity.end)
      }
    }
  }

  /// What is told.
  ///
  /// - Parameters:
  ///   - heard: The sources and logs of which lines were read.
  ///   - now: Monotonic seconds.
  ///   - time: Nanoseconds since 1970 UTC.
  mutating func findings(heard: Set<String>, at now: Double, time: Int64) -> [Finding] {
    let start = begun ?? now
    begun = start
    guard !audited.isEmpty, now - start >= patience else { return [] }
    let today = time / AuditSources.day
    return audited.compactMap { row in
      guard row.start <= time, time < row.end, !heard.contains(row.source),
        told[row.system] != today
      else { return nil }
      told[row.system] = today
      return AuditSources.finding(row, day: today, at: time)
    }
  }

  private static func finding(_ row: Audited, day: Int64, at time: Int64) -> Finding {
    Finding(
      uid: "audit-source-\(row.system)-\(day)", detector: AuditSources.detector,
      title: "A system whose use nobody sees", level: .medium,
      message:
        "\(row.system): its use should show in `\(row.source)`, and no such log was read; follow it, or correct "
        + "`audit_source`", subject: row.system, controls: ["CC7.2", "row-56"], techniques: [],
      start: time, end: time, count: 1, evidence: [])
  }
}
