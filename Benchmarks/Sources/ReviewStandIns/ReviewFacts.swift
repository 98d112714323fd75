/// Takes the place of the module that writes reviews, of which the configuration only knows who signs.
package enum ReviewFacts {
  /// Who signs a review.
  package struct Signatory: Sendable {
    package var name, role: String

    package init(name: String = "", role: String = "") { (self.name, self.role) = (name, role) }

    package func isSame(as other: Signatory) -> Bool { !name.isEmpty && name == other.name }
  }
}
