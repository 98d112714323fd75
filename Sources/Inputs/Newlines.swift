#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

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

/// Where the first line longer than `bytesMax` begins before `end`, or `end`.
///
/// Hops from newline to newline nearly the bound apart, so that it touches few bytes.
@unsafe func endBeforeLongLine(_ base: UnsafeRawPointer, _ end: Int, _ bytesMax: Int) -> Int {
  var start = 0
  while end - start > bytesMax {
    let hop = unsafe lastNewline(base, start, min(end, start + bytesMax + 1))
    guard let hop else { return start }
    start = hop + 1
  }
  return end
}
