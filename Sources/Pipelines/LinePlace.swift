/// Where a line is, and how many bytes it has with its line ending; or a record of several lines.
public struct LinePlace: Hashable, Sendable {
  /// The first line's number in its stream, from one.
  public let number: UInt64
  /// The first byte's offset in the stream, and how many bytes the lines have.
  public let offset, bytes: UInt64
  /// How many lines there are; nearly always one.
  public let lines: UInt64

  /// A place from its parts.
  @inline(__always) init(number: UInt64, offset: UInt64, bytes: UInt64, lines: UInt64 = 1) {
    (self.number, self.offset, self.bytes, self.lines) = (number, offset, bytes, lines)
  }
}
