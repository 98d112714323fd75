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

  /// The earlier review, if one was named.
  func read(before month: CalendarMonth) throws -> PreviousReview? {
    try previous.map { try PreviousReview(file: $0, before: month.text) }
  }

  /// The words that say the same again.
  var words: [String] {
    (previous.map { ["--previous", $0] } ?? []) + (redacted ? ["--redacted"] : [])
  }
}
