public import Bytes

/// Walks `key=value key="quoted value"` pairs (logfmt and its relatives).
///
/// Text that is not a pair is skipped; a key runs over letters, digits and `_ - . / @`.
public struct KeyValues: Sendable {
  private let text: ByteView
  private var offset = 0

  /// A walk over the pairs in `text`.
  public init(_ text: ByteView) { self.text = text }

  /// The next pair, or `nil` at the end; the value is as written, without its quotes.
  public mutating func next() -> (key: ByteView, value: ByteView, isQuoted: Bool)? {
    while offset < text.count {
      let start = offset
      while offset < text.count, text[offset].isKeyByte { offset += 1 }
      guard offset > start, offset < text.count, text[offset] == UInt8(ascii: "=") else {
        offset = max(offset, start + 1)
        continue
      }
      let key = text.slice(start, offset)
      offset += 1
      if offset < text.count, text[offset] == 0x22 {
        let open = offset + 1
        offset = open
        while offset < text.count, text[offset] != 0x22 {
          offset += text[offset] == 0x5C ? 2 : 1
        }
        let end = min(offset, text.count)
        offset = min(end + 1, text.count)
        return (key, text.slice(open, end), true)
      }
      let begin = offset
      while offset < text.count, text[offset] > 0x20, text[offset] != UInt8(ascii: ",") {
        offset += 1
      }
      return (key, text.slice(begin, offset), false)
    }
    return nil
  }
}

extension UInt8 {
  fileprivate var isKeyByte: Bool {
    switch self {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F, 0x2D, 0x2E, 0x2F, 0x40: true
    default: false
    }
  }
}
