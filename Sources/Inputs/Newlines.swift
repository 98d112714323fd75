public import Bytes

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

extension ByteView {
  /// How many newlines there are; O(*n*), 64 bytes a step.
  public var newlineCount: Int {
    unsafe withUnsafeBytes { unsafe countNewlines($0) }
  }
}

/// How many newlines `bytes` holds.
///
/// Each of 64 lanes counts to at most 255 before its count is added to the total.
func countNewlines(_ bytes: UnsafeRawBufferPointer) -> Int {
  let newline = SIMD64<UInt8>(repeating: 0x0A)
  var (offset, total) = (0, 0)
  while offset + 64 <= bytes.count {
    var lanes = SIMD64<UInt8>()
    let end = min(offset + 255 * 64, bytes.count & ~63)
    while offset < end {
      // SAFETY: `end` is at most the count rounded down to 64.
      let block = unsafe bytes.loadUnaligned(fromByteOffset: offset, as: SIMD64<UInt8>.self)
      // SAFETY: a mask is 64 bytes of zero or minus one, and taking away minus one counts a hit.
      lanes &-= unsafe unsafeBitCast(block .== newline, to: SIMD64<UInt8>.self)
      offset += 64
    }
    for half in [lanes.lowHalf, lanes.highHalf] {
      total += Int(SIMD32<UInt16>(truncatingIfNeeded: half).wrappedSum())
    }
  }
  while offset < bytes.count {
    if unsafe bytes[offset] == 0x0A { total += 1 }
    offset += 1
  }
  return total
}

/// The offset of the first newline at or after `start` and before `end`.
@unsafe func firstNewline(_ base: UnsafeRawPointer, _ start: Int, _ end: Int) -> Int? {
  guard start < end, let hit = unsafe memchr(base + start, 0x0A, end - start) else { return nil }
  return unsafe UnsafeRawPointer(hit) - base
}

/// The offset of the last newline at or after `start` and before `end`; eight bytes a step.
@unsafe func lastNewline(_ base: UnsafeRawPointer, _ start: Int, _ end: Int) -> Int? {
  let ones: UInt64 = 0x0101_0101_0101_0101
  var offset = end
  while offset - start >= 8 {
    // SAFETY: the loop condition keeps all eight bytes at or after `start`.
    let word = unsafe base.loadUnaligned(fromByteOffset: offset - 8, as: UInt64.self)
    let differing = word ^ (ones &* 0x0A)
    if (differing &- ones) & ~differing & (ones &* 0x80) != 0 { break }
    offset -= 8
  }
  while offset > start {
    offset -= 1
    if unsafe base.load(fromByteOffset: offset, as: UInt8.self) == 0x0A { return offset }
  }
  return nil
}
