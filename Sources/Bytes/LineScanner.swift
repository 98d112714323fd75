/// Walks through the lines of a text.
///
/// A line ends at a line feed; one carriage return before it is not part of the line. The last line
/// may lack its line feed; an empty rest is no line.
public struct LineScanner: Sendable {
  /// The text.
  public let text: ByteView
  /// The offset at which the next line starts.
  public private(set) var offset: Int

  /// A scanner that starts at `offset`.
  public init(_ text: ByteView, from offset: Int = 0) {
    self.text = text
    self.offset = min(max(offset, 0), text.count)
  }

  /// The next line without its ending, or `nil` at the end of the text.
  @inline(__always) public mutating func next() -> ByteView? {
    guard offset < text.count else { return nil }
    let start = offset
    let end = LineScanner.lineEnd(text, from: start)
    offset = min(end + 1, text.count)
    return LineScanner.trimmed(text.slice(start, end))
  }

  /// The offset of the first line feed at or after `start`, or the text's length.
  @inlinable public static func lineEnd(_ text: ByteView, from start: Int) -> Int {
    text.firstOffset(of: 0x0A, from: start) ?? text.count
  }

  /// The line without one carriage return at its end.
  @inlinable @inline(__always) public static func trimmed(_ line: ByteView) -> ByteView {
    guard line.count > 0, line[line.count - 1] == 0x0D else { return line }
    return line.prefix(line.count - 1)
  }
}
