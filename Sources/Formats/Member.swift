public import Bytes

/// A member of a JSON object as it is written: the name between its quotes, and the value.
public struct Member: Sendable {
  /// The name, with its escapes.
  public let name: ByteView
  /// The value, with its quotes or brackets.
  public let value: ByteView

  /// A member from its parts.
  public init(name: ByteView, value: ByteView) { (self.name, self.value) = (name, value) }
}
