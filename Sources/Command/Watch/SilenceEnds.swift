import Detectors
import Pipelines

/// Says that a silence is over, and what it kept from being told: whoever asked for it may have forgotten it.
struct SilenceEnds {
  /// The detector of such a finding.
  static let detector = "silence-ended"
  /// For how long after its end a silence is still told of, as after a night without a run, seconds.
  private static let reach: Int64 = 86_400

  private let silences: [Silencing]
  private var told: Set<String> = []

  /// - Parameter first: When watch began for the first time, seconds since 1970 UTC: what ended before is no news.
  init(_ silences: [Silencing], from first: Int64) {
    self.silences = silences.filter { $0.until > first }
  }

  /// The silences that have ended since anybody asked.
  ///
  /// - Parameters:
  ///   - now: Seconds since 1970 UTC.
  ///   - hidden: How many findings nobody was told of for a reason; `nil` when that can not be said now.
  mutating func findings(at now: Int64, hidden: (String) -> Int?) -> [Finding] {
    var result: [Finding] = []
    for silence in silences where silence.until <= now && now - silence.until < SilenceEnds.reach {
      let words = "\(silence.scope) \(silence.explanation)"
      guard !told.contains(words), let count = hidden(silence.explanation) else { continue }
      told.insert(words)
      let what =
        count == 0
        ? "it kept nothing from being told"
        : counted(count, "finding was", "findings were") + " not told because of it"
      let time = silence.until * 1_000_000_000
      result.append(
        Finding(
          uid: "\(SilenceEnds.detector)-"
            + Digest.hex(Digest.sha256(Array(words.utf8))).prefix(16),
          detector: SilenceEnds.detector, title: "A silence has ended", level: .informational,
          message:
            "the silence of \(silence.scope), asked for by \(silence.author) "
            + "(\(silence.reason)), ended at \(silence.untilText); \(what)",
          subject: silence.subject ?? silence.detector ?? "", controls: [], techniques: [],
          start: time, end: now * 1_000_000_000, count: 1, evidence: []))
    }
    return result
  }
}
