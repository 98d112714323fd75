/// A text of at most ``bytesMax`` bytes by value, to compare without following a pointer.
package struct ShortText: Equatable, BitwiseCopyable, Sendable {
  /// How many bytes there may be.
  package static let bytesMax = 32
  private var first: UInt64 = 0, second: UInt64 = 0, third: UInt64 = 0, last: UInt64 = 0
  private var count: Int32 = -1

  /// What equals no text.
  package init() {}

  /// A text; `nil` when it is too long.
  @inline(__always) package init?(_ text: ByteView) {
    guard text.count <= ShortText.bytesMax else { return nil }
    count = Int32(truncatingIfNeeded: text.count)
    (first, last) = text.ends
    if text.count > 16 { (second, third) = (text.word(at: 8), text.word(at: text.count &- 16)) }
  }

  /// A hash; nobody else's.
  @inline(__always) package var hash: UInt64 {
    ((first ^ last &* 31) &* 0x9E37_79B9_7F4A_7C15 ^ (second ^ third &* 31))
      &* 0xD6E8_FEB8_6659_FD93
  }
}
