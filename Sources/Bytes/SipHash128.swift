/// SipHash-2-4 with 128 bits of output: a keyed hash for identities that are stored and compared
/// between runs.
///
/// - SeeAlso: Aumasson and Bernstein, "SipHash: a fast short-input PRF".
public struct SipHash128: Sendable {
  /// A key of sixteen bytes, as two little-endian words.
  public struct Key: Hashable, Sendable {
    /// The first eight bytes.
    public let low: UInt64
    /// The last eight bytes.
    public let high: UInt64

    /// A key made of two little-endian words.
    public init(low: UInt64, high: UInt64) {
      self.low = low
      self.high = high
    }
  }

  private var v0, v1, v2, v3: UInt64
  /// Bytes that do not fill a word yet, the first lowest, and how many bytes came so far.
  private var pending: UInt64 = 0
  private var count = 0

  /// A hash of nothing yet.
  public init(key: Key) {
    v0 = key.low ^ 0x736F_6D65_7073_6575
    v1 = key.high ^ 0x646F_7261_6E64_6F6D ^ 0xEE
    v2 = key.low ^ 0x6C79_6765_6E65_7261
    v3 = key.high ^ 0x7465_6462_7974_6573
  }

  /// The hash of one text.
  public static func hash(_ text: ByteView, key: Key) -> Hash128 {
    var state = SipHash128(key: key)
    state.append(text)
    return state.finish()
  }

  /// Takes the bytes of a text; texts in a row hash like their concatenation.
  public mutating func append(_ text: ByteView) {
    let shift = UInt64(count & 7) * 8
    var offset = 0
    while offset &+ 8 <= text.count {
      take(text.word(at: offset), shift)
      offset &+= 8
    }
    count += offset
    let left = text.count - offset
    guard left > 0 else { return }
    let word = text.tail(from: offset)
    if (count & 7) + left >= 8 {
      take(word, shift)
    } else {
      pending |= word << shift
    }
    count += left
  }

  /// Takes a number as eight little-endian bytes.
  public mutating func append(_ value: UInt64) {
    take(value, UInt64(count & 7) * 8)
    count += 8
  }

  /// Compresses a word that begins `shift` bits into the pending one; what is left over stays there.
  @inline(__always) private mutating func take(_ word: UInt64, _ shift: UInt64) {
    compress(pending | word << shift)
    pending = shift == 0 ? 0 : word >> (64 - shift)
  }

  /// Takes one byte.
  public mutating func append(_ byte: UInt8) {
    pending |= UInt64(byte) << UInt64((count & 7) * 8)
    count += 1
    guard count & 7 == 0 else { return }
    compress(pending)
    pending = 0
  }

  /// The hash of all bytes so far.
  public consuming func finish() -> Hash128 {
    compress(UInt64(truncatingIfNeeded: count) << 56 | pending)
    v2 ^= 0xEE
    for _ in 0..<4 { round() }
    let low = v0 ^ v1 ^ v2 ^ v3
    v1 ^= 0xDD
    for _ in 0..<4 { round() }
    return Hash128(low: low, high: v0 ^ v1 ^ v2 ^ v3)
  }

  @inline(__always) private mutating func compress(_ word: UInt64) {
    v3 ^= word
    round()
    round()
    v0 ^= word
  }

  @inline(__always) private mutating func round() {
    v0 &+= v1
    v1 = v1 << 13 | v1 >> 51
    v1 ^= v0
    v0 = v0 << 32 | v0 >> 32
    v2 &+= v3
    v3 = v3 << 16 | v3 >> 48
    v3 ^= v2
    v0 &+= v3
    v3 = v3 << 21 | v3 >> 43
    v3 ^= v0
    v2 &+= v1
    v1 = v1 << 17 | v1 >> 47
    v1 ^= v2
    v2 = v2 << 32 | v2 >> 32
  }
}

/// A hash of 128 bits.
public struct Hash128: Hashable, Sendable, Comparable {
  /// The first eight bytes of the output, little-endian.
  public let low: UInt64
  /// The last eight bytes of the output, little-endian.
  public let high: UInt64

  /// The hash made of two little-endian words.
  @inlinable public init(low: UInt64, high: UInt64) {
    self.low = low
    self.high = high
  }

  /// An arbitrary but fixed order.
  @inlinable public static func < (left: Hash128, right: Hash128) -> Bool {
    left.high == right.high ? left.low < right.low : left.high < right.high
  }

  /// The sixteen bytes in the order in which SipHash defines them.
  public var bytes: [16 of UInt8] {
    InlineArray { index in
      UInt8(truncatingIfNeeded: (index < 8 ? low : high) >> UInt64((index & 7) * 8))
    }
  }
}
