import Detectors
import Pipelines
import Registers

/// Notices logs of which much less can be read than before: a new version, another format, a wrong mapping.
///
/// Lines are counted in windows of five minutes. A window of a hundred lines or more whose share of read lines is by
/// the policy's `source.parsed_drop_percent` below what was usual is told, once until it is usual again.
struct ParseRate {
  /// The detector of such a finding.
  static let detector = "source-parse-rate"
  /// The length of a window, seconds; the fewest lines and windows that say anything.
  static let (window, linesMin, windowsMin) = (300.0, UInt64(100), 3)

  private struct Log {
    var begun: Double
    var parsed, rejected: UInt64
    /// The usual share, and how many windows made it.
    var usual = 1.0
    var windows = 0
    var isTold = false
  }
  private var logs: [String: Log] = [:]
  private let haste: Double
  /// How much less of a log counts, as a share.
  private let drop: Double

  init(_ policy: Policy, haste: Double = 1) {
    self.haste = haste
    drop = Double(policy.integer("source.parsed_drop_percent")) / 100
  }

  /// A log of which less can be read, told once.
  struct Fallen: Equatable {
    let name: String
    let lines: UInt64
    /// The share of lines read in the window, and before.
    let share, usual: Double
  }

  /// Takes the counts of a log since its beginning; says so when they have fallen.
  mutating func take(_ name: String, parsed: UInt64, rejected: UInt64, at now: Double) -> Fallen? {
    guard var log = logs[name] else {
      logs[name] = Log(begun: now, parsed: parsed, rejected: rejected)
      return nil
    }
    guard now - log.begun >= ParseRate.window / haste else { return nil }
    let (good, bad) = (parsed - log.parsed, rejected - log.rejected)
    // A window of few lines goes on until there are more.
    guard good + bad >= ParseRate.linesMin else { return nil }
    defer { logs[name] = log }
    (log.begun, log.parsed, log.rejected) = (now, parsed, rejected)
    let share = Double(good) / Double(good + bad)
    guard log.windows >= ParseRate.windowsMin, share < log.usual - drop else {
      log.usual = log.windows == 0 ? share : log.usual * 0.9 + share * 0.1
      log.windows += 1
      log.isTold = false
      return nil
    }
    guard !log.isTold else { return nil }
    log.isTold = true
    return Fallen(name: name, lines: good + bad, share: share, usual: log.usual)
  }

  /// What is told of it.
  ///
  /// - Parameters:
  ///   - reasons: Why lines of the log were rejected, the most frequent first.
  ///   - now: Nanoseconds since 1970 UTC.
  static func finding(_ fallen: Fallen, reasons: [ChunkTally.Reason], now: Int64) -> Finding {
    func percent(_ share: Double) -> String { "\(Int((share * 100).rounded())) %" }
    let why =
      reasons.first.map { "; most often: \($0.reason), as in line \($0.lines.last ?? 0)" } ?? ""
    return Finding(
      uid: "parse-rate-\(fallen.name)-\(now / 1_000_000_000)", detector: ParseRate.detector,
      title: "Less of a log can be read", level: .medium,
      message:
        "\(fallen.name): \(percent(fallen.share)) of the last \(fallen.lines) lines could be "
        + "read, \(percent(fallen.usual)) before" + why,
      subject: fallen.name, controls: ["CC7.2", "row-56"], techniques: [], start: now, end: now,
      count: fallen.lines, evidence: [])
  }
}
