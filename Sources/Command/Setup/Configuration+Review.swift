import Documents
import Reviews

extension Configuration {
  /// Who signs the monthly reviews, so that nobody has to say it each month.
  struct Signatories {
    var preparer = ReviewFacts.Signatory(), reviewer = ReviewFacts.Signatory()
  }

  /// Reads `review: {preparer: {name: …, role: …}, reviewer: {…}}`.
  mutating func readReview(_ node: Node?, _ reader: inout Reader) {
    guard let node, !node.isNull else { return }
    reader.check(node, ["preparer", "reviewer"])
    signatories.preparer = reader.signatory(node["preparer"], "preparer")
    signatories.reviewer = reader.signatory(node["reviewer"], "reviewer")
    if signatories.preparer.isSame(as: signatories.reviewer) {
      warnings.append(
        reader.document.problem(
          node["reviewer"] ?? node,
          "the reviewer is the preparer, `\(signatories.preparer.name)`: no such review can be signed",
          fix: "name somebody else as one of the two", severity: .warning))
    }
  }
}

extension Configuration.Reader {
  /// One of the two who sign.
  fileprivate mutating func signatory(_ node: Node?, _ part: String) -> ReviewFacts.Signatory {
    guard let node, !node.isNull else { return ReviewFacts.Signatory() }
    check(node, ["name", "role"])
    guard let name = text(node["name"]), !name.isEmpty else {
      if node.entries != nil {
        problem(
          node, "the \(part) has no name", "write \(part): {name: Dana Reyes, role: Security lead}")
      }
      return ReviewFacts.Signatory()
    }
    return ReviewFacts.Signatory(name: name, role: text(node["role"]) ?? "")
  }
}
