/// How lines become records in a log where a record may have several.
public struct RecordFraming: Sendable, Hashable {
  /// What tells which lines belong together.
  public enum Kind: Sendable, Hashable {
    /// The tags `P` and `F` of the Container Runtime Interface, for each output of the container.
    case cri
    /// The line feed that a piece of Docker's `json-file` lacks, for each output of the container.
    case docker
    /// A rule about the first line.
    case rule(MultilineRule)
  }

  /// What tells which lines belong together.
  public let kind: Kind
  /// Within how many bytes of the stream a record must end, from its first byte to the end of its
  /// last line.
  public let bytesMax: Int

  /// A framing.
  public init(_ kind: Kind, bytesMax: Int = 1 << 20) {
    (self.kind, self.bytesMax) = (kind, max(1, bytesMax))
  }

  /// The framing of a format, or `nil` when each line is a record.
  public init?(_ format: LineFormat, rule: MultilineRule? = nil, bytesMax: Int = 1 << 20) {
    switch (format, rule) {
    case (.cri, _): self.init(.cri, bytesMax: bytesMax)
    case (.docker, _): self.init(.docker, bytesMax: bytesMax)
    case (.journal, _): return nil
    case (_, .some(let rule)): self.init(.rule(rule), bytesMax: bytesMax)
    default: return nil
    }
  }
}
