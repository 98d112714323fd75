import Detectors
import Registers

/// Notices logs whose times are not this machine's: a clock that is wrong, a zone that is declared wrongly, lines that
/// are delivered long after they were written.
///
/// The newest event of what has just come should have just happened. When it never did within ten minutes, in ten
/// looks or more, the log differs by the least that was seen. By how much it may is the policy's `source.clock_ahead` and
/// `source.clock_behind`.
struct ClockCheck {
  /// The detector of such a finding.
  static let detector = "source-clock"
  /// The length of a window, seconds; the fewest looks that say anything.
  static let (window, looksMin) = (600.0, 10)

  private struct Log {
    var begun: Double
    var looks = 0
    var least = Double.infinity
    var isTold = false
  }
  private var logs: [String: Log] = [:]
  private let haste: Double
  /// By how much the times may be ahead and behind, seconds.
  private let aheadMax, behindMax: Double

  init(_ policy: Policy, haste: Double = 1) {
    self.haste = haste
    aheadMax = Double(policy.seconds("source.clock_ahead"))
    behindMax = Double(policy.seconds("source.clock_behind"))
  }

  /// A log whose times differ, told once: by so many seconds behind, or ahead when below zero.
  struct Differing: Equatable {
    let name: String
    let seconds: Double
  }

  /// Takes note that a log had lines.
  ///
  /// - Parameters:
  ///   - lag: How long before now its newest event was, seconds.
  ///   - now: Monotonic seconds.
  mutating func take(_ name: String, lag: Double, at now: Double) -> Differing? {
    var log = logs[name] ?? Log(begun: now)
    defer { logs[name] = log }
    log.looks += 1
    if abs(lag) < abs(log.least) { log.least = lag }
    guard now - log.begun >= ClockCheck.window / haste, log.looks >= ClockCheck.looksMin else {
      return nil
    }
    let least = log.least
    (log.begun, log.looks, log.least) = (now, 0, .infinity)
    guard least < -aheadMax || least > behindMax else {
      log.isTold = false
      return nil
    }
    guard !log.isTold else { return nil }
    log.isTold = true
    return Differing(name: name, seconds: least)
  }

  /// What is told of it, once a day at the most.
  ///
  /// - Parameter now: Nanoseconds since 1970 UTC.
  static func finding(_ differing: Differing, now: Int64) -> Finding {
    let seconds = Int(abs(differing.seconds))
    let time =
      seconds < 7200 ? "\(seconds / 60) min" : "\(seconds / 3600) h \(seconds % 3600 / 60) min"
    let side = differing.seconds < 0 ? "ahead of" : "behind"
    let day = now / 86_400_000_000_000
    return Finding(
      uid: "clock-\(differing.name)-\(differing.seconds < 0 ? "ahead" : "behind")-\(day)",
      detector: ClockCheck.detector, title: "A log's times differ from the clock", level: .medium,
      message:
        "\(differing.name): its newest events are \(time) \(side) this machine's clock; a clock or its "
        + "`timezone:` is wrong" + (differing.seconds < 0 ? "" : ", or its lines come late"),
      subject: differing.name, controls: ["CC7.2", "row-33"], techniques: [], start: now, end: now,
      count: 1,
      evidence: [])
  }
}
