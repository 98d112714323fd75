public import Bytes

/// Makes a ``StateKey`` from texts.
public struct StateHasher {
  private var first: UInt64 = 0x9E37_79B9_7F4A_7C15
  private var second: UInt64 = 0xD1B5_4A32_D192_ED03

  /// A hasher that has seen nothing.
  public init() {}

  /// Adds one part of the key; parts are told apart by their lengths.
  public mutating func combine(_ text: ByteView) {
    absorb(UInt64(truncatingIfNeeded: text.count))
    var offset = 0
    while offset &+ 8 <= text.count {
      absorb(text.word(at: offset))
      offset &+= 8
    }
    var rest: UInt64 = 0
    while offset < text.count {
      rest = rest << 8 | UInt64(text[offset])
      offset &+= 1
    }
    absorb(rest)
  }

  private mutating func absorb(_ word: UInt64) {
    first = (first ^ word) &* 0xFF51_AFD7_ED55_8CCD
    first ^= first >> 32
    second = (second &+ word) &* 0xC4CE_B9FE_1A85_EC53
    second ^= second >> 29
  }

  /// The key of all parts so far.
  public var key: StateKey {
    var (high, low) = (first &+ second &* 3, second ^ first << 1)
    high = (high ^ high >> 33) &* 0xFF51_AFD7_ED55_8CCD
    low = (low ^ low >> 33) &* 0xC4CE_B9FE_1A85_EC53
    return StateKey(high: high ^ high >> 33, low: low ^ low >> 33)
  }

  /// A 64-bit hash of one text.
  public static func hash(_ text: ByteView) -> UInt64 {
    var hasher = StateHasher()
    hasher.combine(text)
    return hasher.key.low
  }
}
