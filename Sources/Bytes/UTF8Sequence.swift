/// What stands at a byte beyond ASCII: one scalar, or as many bytes as one U+FFFD replaces.
///
/// - SeeAlso: The Unicode Standard, table 3-7, and "U+FFFD Substitution of Maximal Subparts".
package struct UTF8Sequence {
  /// How many bytes belong together; one at least.
  package let count: Int
  /// The scalar, when the sequence is whole.
  package let scalar: UInt32
  /// Whether the bytes are well-formed.
  package let isWhole: Bool

  /// Looks at the bytes from an offset.
  package init(_ text: ByteView, _ offset: Int) {
    let lead = text[offset]
    // The second byte's range depends on the first; all later bytes are 80 through BF.
    var (length, lowest, highest) = (1, UInt8(0x80), UInt8(0xBF))
    switch lead {
    case 0xC2...0xDF: length = 2
    case 0xE0: (length, lowest) = (3, 0xA0)
    case 0xED: (length, highest) = (3, 0x9F)
    case 0xE1...0xEF: length = 3
    case 0xF0: (length, lowest) = (4, 0x90)
    case 0xF4: (length, highest) = (4, 0x8F)
    case 0xF1...0xF3: length = 4
    default: break
    }
    var value = UInt32(lead) & (0x7F >> UInt32(length))
    var place = 1
    while place < length, offset + place < text.count {
      let byte = text[offset + place]
      guard byte >= lowest, byte <= highest else { break }
      value = value << 6 | UInt32(byte & 0x3F)
      (lowest, highest) = (0x80, 0xBF)
      place += 1
    }
    count = place
    scalar = value
    isWhole = length > 1 && place == length
  }
}
