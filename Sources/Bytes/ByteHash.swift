/// A fast 64-bit hash of bytes, for tables inside one run.
///
/// Two widening multiplications mix sixteen bytes a step. The seed is fixed, so that equal input
/// gives equal tables; where an attacker chooses the keys and time matters, bound the table or use
/// ``SipHash128``. The values may change between releases and are not to be stored.
public enum ByteHash {
  @usableFromInline static let first: UInt64 = 0x9E37_79B9_7F4A_7C15
  @usableFromInline static let second: UInt64 = 0xD6E8_FEB8_6659_FD93
  @usableFromInline static let third: UInt64 = 0xA076_1D64_78BD_642F

  /// The hash of the bytes.
  @inlinable public static func hash(_ text: ByteView) -> UInt64 { hash(text, folding: false) }

  /// The hash of the bytes with ASCII capitals lowered: equal for texts that differ only in them.
  @inlinable public static func hashFolded(_ text: ByteView) -> UInt64 { hash(text, folding: true) }

  @inlinable @inline(__always)
  static func hash(_ text: ByteView, folding: Bool) -> UInt64 {
    let count = text.count
    var state = first ^ UInt64(truncatingIfNeeded: count) &* second
    var offset = 0
    while count - offset > 16 {
      state = mix(
        fold(text.word(at: offset), folding) ^ state,
        fold(text.word(at: offset + 8), folding) ^ second)
      offset += 16
    }
    var low: UInt64 = 0
    var high: UInt64 = 0
    if count >= 8 {
      // The last sixteen bytes may overlap what was mixed already, or each other.
      low = text.word(at: max(0, min(offset, count - 8)))
      high = text.word(at: count - 8)
    } else if count >= 4 {
      low = UInt64(text.halfWord(at: 0))
      high = UInt64(text.halfWord(at: count - 4))
    } else if count > 0 {
      low = UInt64(text[0]) | UInt64(text[count >> 1]) << 8 | UInt64(text[count - 1]) << 16
    }
    return mix(mix(fold(low, folding) ^ state, fold(high, folding) ^ second), state ^ third)
  }

  @inlinable @inline(__always) static func mix(_ left: UInt64, _ right: UInt64) -> UInt64 {
    let product = left.multipliedFullWidth(by: right)
    return product.high ^ product.low
  }

  /// The word with the ASCII capitals among its bytes lowered, when asked.
  @inlinable @inline(__always) static func fold(_ word: UInt64, _ folding: Bool) -> UInt64 {
    folding ? word.asciiLowered : word
  }
}

extension UInt64 {
  /// The word with the ASCII capitals among its eight bytes lowered.
  @inlinable @inline(__always) public var asciiLowered: UInt64 {
    let sevenBits = self & 0x7F7F_7F7F_7F7F_7F7F
    // Each lane's top bit: at or past `A`, and past `Z`.
    let fromA = sevenBits &+ 0x3F3F_3F3F_3F3F_3F3F
    let pastZ = sevenBits &+ 0x2525_2525_2525_2525
    let capitals = (fromA ^ pastZ) & ~self & 0x8080_8080_8080_8080
    return self | capitals >> 2
  }
}

extension ByteView {
  /// Four bytes at `offset`, the first in the lowest place; traps outside the view.
  @inlinable @inline(__always) public func halfWord(at offset: Int) -> UInt32 {
    precondition(offset >= 0 && offset &+ 4 <= count, "word outside the view")
    // SAFETY: the line above keeps all four bytes inside.
    return unsafe UInt32(
      littleEndian: UnsafeRawPointer(base + offset).loadUnaligned(as: UInt32.self))
  }
}
