import Bytes
import Detectors
import Documents

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
  /// Where it stands in the configuration.
  var place: Problem?

  /// Whether a finding is silenced at a time.
  // Where this is made part of `BacktestSide.silence(of:)`, the optimiser of Swift 6.3.1 crashes.
  @inline(never)
  func silences(_ finding: Finding, at now: Int64) -> Bool {
    guard now < until else { return false }
    func fits(_ pattern: String?, _ text: String) -> Bool {
      guard let pattern else { return true }
      return text.withView { text in pattern.withView { text.matches(glob: $0) } }
    }
    return fits(detector, finding.detector) && fits(subject, finding.subject)
  }

  /// What it keeps from being told, in words.
  var scope: String {
    [detector.map { "detector \($0)" }, subject.map { "subject \($0)" }].compactMap(\.self)
      .joined(separator: ", ")
  }

  /// What is said of one that has ended; `nil` while it lasts.
  func warning(at now: Int64) -> Problem? {
    guard now >= until, let place else { return nil }
    return Problem(
      file: place.file, line: place.line, column: place.column,
      message: "the silence of \(scope) ended at \(untilText)", fix: "remove it",
      severity: .warning)
  }

  /// Why nobody was told.
  var explanation: String { "silenced until \(untilText) by \(author): \(reason)" }
}
