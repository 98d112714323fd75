public import Bytes

/// Walks `key=value key="quoted value"` pairs (logfmt and its relatives).
///
/// A key runs over letters, digits and `_ - . / @`. A value ends at a blank, or at a comma that a blank,
/// the end or another pair follows; in quotes it ends at the next quote that no backslash escapes, or
/// where the text does. `key=` has an empty value. A word without `=`, and any other text, is skipped.
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
      while offset < text.count, text[offset] > 0x20 {
        if text[offset] == UInt8(ascii: ","), endsValue(at: offset) { break }
        offset += 1
      }
      return (key, text.slice(begin, offset), false)
    }
    return nil
  }

  /// Whether the comma at an offset is no part of the value before it.
  private func endsValue(at comma: Int) -> Bool {
    var place = comma + 1
    if place == text.count || text[place] <= 0x20 { return true }
    while place < text.count, text[place].isKeyByte { place += 1 }
    return place > comma + 1 && place < text.count && text[place] == UInt8(ascii: "=")
  }

  /// What a quoted value stands for: the value itself, or a text in `scratch` when it has escapes.
  ///
  /// `\"`, `\\`, `\/`, `\n`, `\r`, `\t` and `\u` with four hexadecimal digits are undone, half a
  /// character becomes U+FFFD; any other backslash stays, as in the path of a file.
  ///
  /// - Complexity: O(*n*).
  public static func unescaped(_ value: ByteView, _ scratch: Scratch) -> ByteView {
    guard value.firstOffset(of: 0x5C) != nil else { return value }
    return unsafe scratch.write(capacity: value.count) { room in
      unsafe unescape(value, into: room)
    }
  }

  private static func unescape(
    _ value: ByteView, into room: UnsafeMutableBufferPointer<UInt8>
  ) -> Int {
    var (from, to) = (0, 0)
    func put(_ byte: UInt8) {
      // SAFETY: an escape is at least as long as what it stands for, and the room as long as the value.
      unsafe room[to] = byte
      to += 1
    }
    while from < value.count {
      let byte = value[from]
      let next = byte == 0x5C && from + 1 < value.count ? value[from + 1] : 0
      from += next == 0 ? 1 : 2
      switch next {
      case 0: put(byte)
      case 0x22, 0x5C, 0x2F: put(next)
      case 0x6E: put(0x0A)
      case 0x72: put(0x0D)
      case 0x74: put(0x09)
      case 0x75:
        guard let scalar = scalar(value, &from) else {
          put(0x5C)
          put(next)
          continue
        }
        for byte in UTF8.encode(scalar) ?? .init() { put(byte) }
      default:
        put(0x5C)
        put(next)
      }
    }
    return to
  }

  /// Reads four hexadecimal digits, and four more behind them when the first are half a character.
  private static func scalar(_ value: ByteView, _ from: inout Int) -> Unicode.Scalar? {
    func word(at start: Int) -> UInt32? {
      guard start + 4 <= value.count else { return nil }
      for place in start..<(start + 4) where value[place].hexValue == nil { return nil }
      return value.hexWord(at: start)
    }
    guard let first = word(at: from) else { return nil }
    from += 4
    if first & 0xFC00 == 0xD800, value.has("\\u", at: from), let second = word(at: from + 2),
      second & 0xFC00 == 0xDC00
    {
      from += 6
      return Unicode.Scalar(0x10000 + (first & 0x3FF) << 10 + (second & 0x3FF))
    }
    return Unicode.Scalar(first) ?? "\u{FFFD}"
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
