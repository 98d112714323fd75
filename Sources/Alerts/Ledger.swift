/// The account of one run: what was read, and what became of it.
public struct Ledger: Hashable, Sendable, CustomStringConvertible {
  /// Lines read, and of these the ones that were parsed and the ones that were rejected.
  public var read, parsed, rejected: UInt64
  /// Findings raised.
  public var findings: UInt64

  /// An account from its parts.
  public init(read: UInt64, parsed: UInt64, rejected: UInt64, findings: UInt64) {
    (self.read, self.parsed, self.rejected, self.findings) = (read, parsed, rejected, findings)
  }

  /// Whether every line that was read was either parsed or rejected.
  public var isBalanced: Bool { parsed &+ rejected == read }

  /// The line that ends a run.
  public var description: String {
    "read \(read) lines · parsed \(parsed) · rejected \(rejected) · findings \(findings)"
  }
}
