import Detectors
import Events
import Pipelines

/// Notices detectors that can not find anything because no line ever has a field that they need: a misspelt name, a
/// source that is not followed, a product that changed its logs.
///
/// Told once a detector, after a day of lines. Fields that the registers and habits fill are not asked for: without
/// a register the review says what it means.
struct BlindRules {
  /// The detector of such a finding.
  static let detector = "detector-blind"
  /// How long lines must have been followed, seconds, and how many there must have been.
  static let (followedMin, linesMin) = (86_400.0, UInt64(1000))

  private let begun: Double
  /// How many lines had been parsed before.
  private var linesBefore: UInt64?
  private var isTold = false
  private let haste: Double

  init(haste: Double = 1, at now: Double) { (self.haste, begun) = (haste, now) }

  /// What is told, when it is time.
  ///
  /// - Parameters:
  ///   - lines: How many lines were parsed.
  ///   - time: Nanoseconds since 1970 UTC.
  mutating func findings(
    _ pipeline: Pipeline, lines: UInt64, at now: Double, time: Int64
  ) -> [Finding] {
    let before = linesBefore ?? lines
    linesBefore = before
    guard !isTold, now - begun >= BlindRules.followedMin / haste,
      lines - before >= BlindRules.linesMin
    else { return [] }
    isTold = true
    let blind = pipeline.blindRules
    let open = pipeline.blindExceptions.filter { open in !blind.contains { $0.rule == open.rule } }
    return blind.map { rule, fields in
      BlindRules.finding(
        rule, fields, at: time, "can not find anything",
        "check the name, or follow a log that has it")
    }
      + open.map { rule, fields in
        BlindRules.finding(
          rule, fields, at: time, "fires without one of its exceptions",
          "check the name that the exception asks for")
      }
  }

  private static func finding(
    _ rule: String, _ fields: [String], at time: Int64, _ what: String, _ fix: String
  ) -> Finding {
    let names = fields.map { "`\($0)`" }.joined(separator: ", ")
    return Finding(
      uid: "blind-\(rule)-\(fields.joined(separator: "-"))", detector: BlindRules.detector,
      title: "A detector's field never appears", level: .low,
      message:
        "\(rule) \(what): no line of the last day has \(names); \(fix)",
      subject: rule, controls: ["CC7.1", "row-29"], techniques: [], start: time, end: time,
      count: 1,
      evidence: [])
  }
}
