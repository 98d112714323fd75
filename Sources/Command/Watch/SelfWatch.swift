import Detectors
import Pipelines
import Registers

/// What is wrong with watching itself, as findings like any other.
struct SelfWatch {
  /// The detectors, which are no files.
  static let detectors = [
    Silence.detector, ParseRate.detector, ClockCheck.detector, BlindRules.detector,
    RouteHealth.detector, AuditSources.detector,
  ]

  private var silence: Silence
  private var parseRate: ParseRate
  private var clocks: ClockCheck
  private var blindRules: BlindRules
  private var auditSources: AuditSources
  /// How many bytes of each log were read when it was last looked at.
  private var heardBytes: [Int: UInt64] = [:]
  /// How many lines of each log were parsed when it was last looked at, and of all logs since they were first looked at:
  /// what an earlier run counted of a log that is met again later is none of them.
  private var parsedBefore: [Int: UInt64] = [:]
  private var parsed: UInt64 = 0

  init(_ policy: Policy, haste: Double, audited: [AuditSources.Audited] = []) {
    auditSources = AuditSources(audited, haste: haste)
    (silence, parseRate) = (Silence(policy, haste: haste), ParseRate(policy, haste: haste))
    clocks = ClockCheck(policy, haste: haste)
    blindRules = BlindRules(haste: haste, at: Environment.monotonic)
  }

  /// Looks at the logs after a step.
  ///
  /// - Parameters:
  ///   - isCatchingUp: Whether the logs are still read up to where they are now, when nothing is late.
  ///   - now: Monotonic seconds.
  mutating func findings(
    _ logs: [WatchedLogs.Log], _ pipeline: Pipeline, isCatchingUp: Bool, at now: Double
  ) -> [Finding] {
    let time = Environment.now * 1_000_000_000
    var result: [Finding] = []
    for log in logs {
      let tally = pipeline.tallies[log.place]
      let total = tally.total
      let before = parsedBefore.updateValue(total.parsed, forKey: log.place) ?? total.parsed
      parsed += total.parsed - min(before, total.parsed)
      let fallen = parseRate.take(
        log.name, parsed: total.parsed, rejected: total.rejected, at: now)
      if let fallen { result.append(ParseRate.finding(fallen, reasons: tally.reasons, now: time)) }
      guard !isCatchingUp,
        heardBytes.updateValue(total.bytes, forKey: log.place) ?? total.bytes != total.bytes
      else { continue }
      silence.heard(log.name, at: now)
      // What is delivered in files comes late by nature.
      guard let newest = tally.newest, log.feed is TailFeed else { continue }
      let lag = Double(time - newest) / 1e9
      if let differing = clocks.take(log.name, lag: lag, at: now) {
        result.append(ClockCheck.finding(differing, now: time))
      }
    }
    guard !isCatchingUp else { return result }
    for fallen in silence.fallen(at: now) {
      let place = logs.first { $0.name == fallen.name }?.place
      result.append(
        Silence.finding(
          fallen, latest: place.flatMap { pipeline.tallies[$0].newest } ?? time, now: time))
    }
    var heard: Set<String> = []
    for log in logs where pipeline.tallies[log.place].total.parsed > 0 {
      heard.formUnion([log.name, log.source])
    }
    return result + auditSources.findings(heard: heard, at: now, time: time)
      + blindRules.findings(pipeline, lines: parsed, at: now, time: time)
  }
}
