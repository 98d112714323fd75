import ArgumentParser
import Inputs
import Reviews

/// What `scan --review` and `review` take alike.
struct ReviewOptions: ParsableArguments {
  @Option(
    help: "The review.json of an earlier month, whose actions are followed up and figures compared."
  )
  var previous: String?
  @Flag(
    help: "Write the variant for customers: no names, accounts, addresses, messages or log lines.")
  var redacted = false

  @Option(
    help: "Who prepared it: a name, or a name, a comma and a role; instead of the configuration's.")
  var preparedBy: String?
  @Option(help: "Who reviews it, likewise; somebody else.")
  var reviewedBy: String?

  /// Who signs: as the options say, else as the configuration does.
  func signatories(_ configured: Configuration.Signatories) -> Configuration.Signatories {
    func signatory(_ text: String?, _ known: ReviewFacts.Signatory) -> ReviewFacts.Signatory {
      guard let text else { return known }
      let parts = text.split(separator: ",", maxSplits: 1).map {
        $0.split(separator: " ").joined(separator: " ")
      }
      let named = ReviewFacts.Signatory(
        name: parts.first ?? "", role: parts.count > 1 ? parts[1] : "")
      // Whoever is configured need not be described again.
      return named.role.isEmpty && named.isSame(as: known) ? known : named
    }
    return Configuration.Signatories(
      preparer: signatory(preparedBy, configured.preparer),
      reviewer: signatory(reviewedBy, configured.reviewer))
  }

  /// The earlier review, if one was named.
  func read(before month: CalendarMonth) throws -> PreviousReview? {
    try previous.map { try PreviousReview(file: $0, before: month.text) }
  }

  /// The words that say the same again.
  var words: [String] {
    (previous.map { ["--previous", $0] } ?? []) + (redacted ? ["--redacted"] : [])
      + (preparedBy.map { ["--prepared-by", $0] } ?? [])
      + (reviewedBy.map { ["--reviewed-by", $0] } ?? [])
  }
}
