import Bytes

extension ByteView {
  /// The last byte, or `nil` when there is none.
  var last: UInt8? { isEmpty ? nil : self[count - 1] }

  /// The bytes without blanks, tabs and carriage returns at the end.
  var withoutLineEnd: ByteView {
    var end = count
    while end > 0, self[end - 1] == 0x20 || self[end - 1] == 0x0D || self[end - 1] == 0x09 {
      end -= 1
    }
    return prefix(end)
  }

  /// The bytes from `start` up to the next blank, or to the end.
  func word(from start: Int) -> ByteView {
    guard start < count else { return .empty }
    return slice(start, firstOffset(of: 0x20, from: start) ?? count)
  }

  /// The offset of the last ` from ` that begins before `limit`, or `nil`.
  func lastFrom(before limit: Int) -> Int? {
    var offset = min(limit, count - 5) - 1
    // The last two places have no whole word behind them.
    while offset >= 0, offset > count - 8 {
      if has(" from ", at: offset) { return offset }
      offset -= 1
    }
    // ` from ` in the six lowest bytes of a word.
    while offset >= 0 {
      if word(at: offset) & 0xFFFF_FFFF_FFFF == 0x206D_6F72_6620 { return offset }
      offset &-= 1
    }
    return nil
  }

  /// The name at `start` in any of the quotes that builds of one program have used, and the offset
  /// past it; a name without quotes ends at a blank, comma or full stop before the end.
  ///
  /// The name must be followed by `closing`; a quote inside a name is not its end.
  func name(at start: Int, closing: StaticString = "") -> (name: ByteView, end: Int)? {
    guard start < count else { return nil }
    switch self[start] {
    case UInt8(ascii: "'"), UInt8(ascii: "`"), UInt8(ascii: "\""):
      let quote = self[start] == UInt8(ascii: "\"") ? UInt8(ascii: "\"") : UInt8(ascii: "'")
      var from = start + 1
      while let end = firstOffset(of: quote, from: from) {
        if has(closing, at: end + 1) { return (slice(start + 1, end), end + 1) }
        from = end + 1
      }
      return nil
    default:
      var end = firstOffset(of: 0x20, from: start) ?? count
      while end > start, self[end - 1] == UInt8(ascii: ",") || self[end - 1] == UInt8(ascii: ".") {
        end -= 1
      }
      return end > start && has(closing, at: end) ? (slice(start, end), end) : nil
    }
  }
}

/// The other end of a connection as a program wrote it: `192.0.2.1 port 4711`.
struct Peer {
  /// An address or host name, as written.
  var address: ByteView
  /// The port, where it was written.
  var port: UInt16?
  /// The offset past the peer in the text it was read from.
  var end: Int

  /// Reads `A[ port N]` at `start`; the address is a word that is not empty.
  init?(_ text: ByteView, at start: Int) {
    address = text.word(from: start)
    guard !address.isEmpty else { return nil }
    end = start + address.count
    guard text.has(" port ", at: end) else { return }
    var stop = end + 6
    while stop < text.count, text[stop].isDigit { stop += 1 }
    guard let value = text.slice(end + 6, stop).decimal, let number = UInt16(exactly: value) else {
      return
    }
    (port, end) = (number, stop)
  }

  /// Reads `A port N` that ends at `end`, the last words of what stands before.
  ///
  /// What comes before them is text that a stranger may have typed, so this looks from the right.
  init?(_ text: ByteView, endingAt end: Int) {
    var digits = end
    while digits > 0, text[digits - 1].isDigit { digits -= 1 }
    guard digits >= 7, text.has(" port ", at: digits - 6),
      let value = text.slice(digits, end).decimal, let number = UInt16(exactly: value)
    else { return nil }
    let stop = digits - 6
    let start = (text.lastOffset(of: 0x20, before: stop) ?? -1) + 1
    guard start < stop else { return nil }
    address = text.slice(start, stop)
    (port, self.end) = (number, end)
    self.start = start
  }

  /// The offset of the address, where it was looked for from the right.
  private(set) var start = 0
}
