/// Says whether bytes are UTF-8.
public enum UTF8Check {
  /// Whether all bytes are well-formed UTF-8.
  public static func isValid(_ text: ByteView) -> Bool { firstInvalidOffset(text) == nil }

  /// The offset of the first sequence that is not well-formed, or `nil`; O(*n*).
  ///
  /// Overlong forms, surrogates, values past U+10FFFF and cut sequences are refused; the offset is
  /// that of the sequence's first byte. ASCII is passed eight bytes a step.
  public static func firstInvalidOffset(_ text: ByteView) -> Int? {
    var offset = 0
    while offset < text.count {
      if offset + 8 <= text.count {
        let high = text.word(at: offset) & 0x8080_8080_8080_8080
        if high == 0 {
          offset += 8
          continue
        }
        offset += high.trailingZeroBitCount >> 3
      } else if text[offset] < 0x80 {
        offset += 1
        continue
      }
      let sequence = UTF8Sequence(text, offset)
      guard sequence.isWhole else { return offset }
      offset += sequence.count
    }
    return nil
  }
}
