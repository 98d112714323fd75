import Bytes
import Detectors

/// What nobody wants to be told of for a while: whose wish it is, why, and until when.
///
/// A silence keeps a finding from being sent, never from being found: it stands in the store with the reason.
struct Silencing: Sendable {
  /// The detector's id and the subject, in which `*` stands for anything; `nil` for every one.
  var detector, subject: String?
  var author, reason: String
  /// Seconds since 1970 UTC, and as it was written.
  var until: Int64
  var untilText: String

  /// Whether a finding is silenced at a time.
  func silences(_ finding: Finding, at now: Int64) -> Bool {
    guard now < until else { return false }
    func fits(_ pattern: String?, _ text: String) -> Bool {
      guard let pattern else { return true }
      return text.withView { text in pattern.withView { text.matches(glob: $0) } }
    }
    return fits(detector, finding.detector) && fits(subject, finding.subject)
  }

  /// Why nobody was told.
  var explanation: String { "silenced until \(untilText) by \(author): \(reason)" }
}
