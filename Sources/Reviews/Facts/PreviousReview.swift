/// What an earlier review said, as far as the next one follows it up.
///
/// It is read from that review's JSON, in which somebody may have written who does what until when: a review that was handed over
/// says what was agreed, and what a store would say today may be something else.
public struct PreviousReview: Hashable, Sendable {
  /// Its month, such as `2026-09`, and the fingerprint of what it was made from.
  public var month = "", fingerprint = ""
  /// Each key figure, month by month, its own value last.
  public var figures: [String: [Int]] = [:]
  /// How each row of the policies stood.
  public var rows: [String: String] = [:]
  /// What was to be done.
  public var actions: [Action] = []
  /// The accounts of each table of the access review.
  public var accounts: [String: Set<String>] = [:]
  /// Nothing known yet.
  public init() {}

  /// One action of an earlier review.
  public struct Action: Hashable, Sendable {
    /// The policy's row, or nothing for a finding that cites none; and what it asks for.
    public var row = "", asks = ""
    /// How it stood, and since which month.
    public var status = "", since = ""
    /// Who was to do it until when, and when it was said to be done; empty where nobody wrote that.
    public var owner = "", due = "", done = ""
    /// Nothing known yet.
    public init() {}

    /// What makes two actions of two months the same.
    var key: String { row.isEmpty ? asks : row }
  }
}
