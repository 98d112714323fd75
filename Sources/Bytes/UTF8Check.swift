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
      let length = sequenceLength(text, offset)
      if length == 0 { return offset }
      offset += length
    }
    return nil
  }

  /// The length of the well-formed sequence at an offset, or 0.
  ///
  /// - SeeAlso: The Unicode Standard, table 3-7.
  private static func sequenceLength(_ text: ByteView, _ offset: Int) -> Int {
    let lead = text[offset]
    // The second byte's range depends on the first; all later bytes are 80 through BF.
    var (length, lowest, highest) = (0, UInt8(0x80), UInt8(0xBF))
    switch lead {
    case 0x00...0x7F: return 1
    case 0xC2...0xDF: length = 2
    case 0xE0: (length, lowest) = (3, 0xA0)
    case 0xED: (length, highest) = (3, 0x9F)
    case 0xE1...0xEF: length = 3
    case 0xF0: (length, lowest) = (4, 0x90)
    case 0xF4: (length, highest) = (4, 0x8F)
    case 0xF1...0xF3: length = 4
    default: return 0
    }
    guard offset + length <= text.count, text[offset + 1] >= lowest, text[offset + 1] <= highest
    else { return 0 }
    for step in 2..<max(length, 2) where text[offset + step] & 0xC0 != 0x80 { return 0 }
    return length
  }
}
