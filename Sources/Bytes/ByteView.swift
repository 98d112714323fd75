#if canImport(Glibc)
  public import Glibc
#elseif canImport(Musl)
  public import Musl
#endif

/// A borrowed run of bytes: a pointer and a length, bounds-checked on every read.
///
/// Views are how the hot path passes text along without copying. A view does not own its bytes: it
/// stays readable only as long as the `ByteBuffer`, the static string or the arena behind it.
/// Whoever stores a view beyond the call that received it copies the bytes first (`copy()`).
@safe public struct ByteView: @unchecked Sendable {
  /// The first byte; never read past `count`.
  @usableFromInline let base: UnsafePointer<UInt8>
  /// How many bytes the view covers.
  public let count: Int

  /// A view over `count` bytes at `base`.
  ///
  /// The caller promises that the bytes outlive the view.
  @inlinable @unsafe public init(base: UnsafePointer<UInt8>, count: Int) {
    unsafe self.base = base
    self.count = count
  }

  /// A view over the bytes of a literal, which live as long as the program.
  @inlinable public init(_ literal: StaticString) {
    // SAFETY: a static string with a pointer representation is immortal.
    unsafe self.init(base: literal.utf8Start, count: literal.utf8CodeUnitCount)
  }

  /// The view of nothing.
  @inlinable public static var empty: ByteView { ByteView("") }

  /// Where the bytes are in memory: names that are never freed can be told apart by it.
  @inlinable public var address: UInt { unsafe UInt(bitPattern: base) }

  /// The first byte, for code that keeps its own bounds.
  @inlinable @unsafe public var start: UnsafePointer<UInt8> { unsafe base }

  /// Whether there are no bytes.
  @inlinable public var isEmpty: Bool { count == 0 }

  /// The byte at `offset`; O(1), traps outside the view.
  @inlinable @inline(__always) public subscript(offset: Int) -> UInt8 {
    precondition(UInt(bitPattern: offset) < UInt(bitPattern: count), "offset outside the view")
    // SAFETY: the line above keeps the read inside.
    return unsafe base[offset]
  }

  /// The bytes from `start` up to `end`; O(1), traps outside the view.
  @inlinable @inline(__always) public func slice(_ start: Int, _ end: Int) -> ByteView {
    precondition(start >= 0 && start <= end && end <= count, "range outside the view")
    // SAFETY: the line above keeps the slice inside.
    return unsafe ByteView(base: base + start, count: end - start)
  }

  /// The bytes from `start` to the end.
  @inlinable @inline(__always) public func dropFirst(_ start: Int) -> ByteView {
    slice(start, count)
  }

  /// The bytes before `end`.
  @inlinable @inline(__always) public func prefix(_ end: Int) -> ByteView { slice(0, end) }

  /// Eight bytes at `offset`, the first in the lowest place; traps outside the view.
  @inlinable @inline(__always) public func word(at offset: Int) -> UInt64 {
    precondition(offset >= 0 && offset &+ 8 <= count, "word outside the view")
    // SAFETY: the line above keeps all eight bytes inside.
    return unsafe UInt64(
      littleEndian: UnsafeRawPointer(base + offset).loadUnaligned(as: UInt64.self))
  }

  /// Calls `body` with the bytes as a raw buffer, for system calls and libraries.
  @inlinable public func withUnsafeBytes<Result>(
    _ body: (UnsafeRawBufferPointer) throws -> Result
  ) rethrows -> Result {
    try unsafe body(UnsafeRawBufferPointer(start: base, count: count))
  }

  /// The bytes as an array of their own.
  @inlinable public func copy() -> [UInt8] {
    unsafe [UInt8](UnsafeBufferPointer(start: base, count: count))
  }

  /// The bytes as text; invalid UTF-8 becomes U+FFFD.
  public var string: String {
    unsafe String(decoding: UnsafeBufferPointer(start: base, count: count), as: UTF8.self)
  }
}

extension ByteView {
  /// Whether both views hold the same bytes; O(*n*).
  @inlinable @inline(__always) public func equals(_ other: ByteView) -> Bool {
    guard count == other.count else { return false }
    // SAFETY: both pointers cover `count` bytes.
    return unsafe base == other.base || memcmp(base, other.base, count) == 0
  }

  /// Whether the bytes are those of `literal`.
  @inlinable @inline(__always) public func equals(_ literal: StaticString) -> Bool {
    equals(ByteView(literal))
  }

  /// Whether the bytes begin with those of `literal`.
  @inlinable @inline(__always) public func hasPrefix(_ literal: StaticString) -> Bool {
    hasPrefix(ByteView(literal))
  }

  /// Whether the bytes begin with those of `other`.
  @inlinable @inline(__always) public func hasPrefix(_ other: ByteView) -> Bool {
    // SAFETY: the count is checked before the comparison.
    count >= other.count && (unsafe memcmp(base, other.base, other.count)) == 0
  }

  /// Whether the bytes end with those of `literal`.
  @inlinable @inline(__always) public func hasSuffix(_ literal: StaticString) -> Bool {
    let other = ByteView(literal)
    return count >= other.count && dropFirst(count - other.count).equals(other)
  }

  /// Whether the bytes of `literal` stand at `offset`.
  @inlinable @inline(__always) public func has(_ literal: StaticString, at offset: Int) -> Bool {
    offset <= count && dropFirst(offset).hasPrefix(literal)
  }

  /// The offset of the first `byte` at or after `start`, or `nil`; O(*n*), the C library's search.
  @inlinable public func firstOffset(of byte: UInt8, from start: Int = 0) -> Int? {
    guard start < count else { return nil }
    // SAFETY: the search covers exactly the bytes from `start` to the end.
    guard let hit = unsafe memchr(base + start, Int32(byte), count - start) else { return nil }
    return unsafe UnsafeRawPointer(hit) - UnsafeRawPointer(base)
  }

  /// The offset of the last `byte` before `end`, or `nil`; O(*n*).
  @inlinable public func lastOffset(of byte: UInt8, before end: Int? = nil) -> Int? {
    var offset = min(end ?? count, count) - 1
    while offset >= 0 {
      if self[offset] == byte { return offset }
      offset -= 1
    }
    return nil
  }

  /// The offset at which `needle` first stands at or after `start`, or `nil`; O(*n m*), and nearly
  /// O(*n*) where the needle's first byte is rare.
  @inlinable public func firstOffset(of needle: ByteView, from start: Int = 0) -> Int? {
    guard start <= count else { return nil }
    guard !needle.isEmpty else { return start }
    var offset = start
    while let hit = firstOffset(of: needle[0], from: offset) {
      if dropFirst(hit).hasPrefix(needle) { return hit }
      offset = hit + 1
    }
    return nil
  }

  /// The offset at which `literal` first stands at or after `start`, or `nil`.
  @inlinable public func firstOffset(of literal: StaticString, from start: Int = 0) -> Int? {
    firstOffset(of: ByteView(literal), from: start)
  }

  /// The offset at which `needle` last stands and ends at or before `end`, or `nil`; O(*n m*).
  ///
  /// Program text that follows what a user typed is found from this side.
  public func lastOffset(of needle: ByteView, endingBy end: Int? = nil) -> Int? {
    var offset = min(end ?? count, count) - needle.count
    while offset >= 0 {
      if dropFirst(offset).hasPrefix(needle) { return offset }
      offset -= 1
    }
    return nil
  }

  /// The offset at which `literal` last stands and ends at or before `end`, or `nil`.
  public func lastOffset(of literal: StaticString, endingBy end: Int? = nil) -> Int? {
    lastOffset(of: ByteView(literal), endingBy: end)
  }

  /// The bytes without spaces and tabs at either end.
  public var trimmed: ByteView {
    var (start, end) = (0, count)
    while start < end, self[start] == 0x20 || self[start] == 0x09 { start += 1 }
    while end > start, self[end - 1] == 0x20 || self[end - 1] == 0x09 { end -= 1 }
    return slice(start, end)
  }

  /// The whole view as an unsigned decimal number, or `nil` when it is empty, too large or not one.
  public var decimal: UInt64? {
    guard !isEmpty, count <= 19 else { return nil }
    var value: UInt64 = 0
    for offset in 0..<count {
      let digit = self[offset] &- 0x30
      guard digit < 10 else { return nil }
      value = value &* 10 &+ UInt64(digit)
    }
    return value
  }

  /// Whether the bytes equal `lowered` when ASCII capitals are lowered.
  ///
  /// - Parameter lowered: The text to compare with, already in lower case.
  @inlinable public func equalsFolded(_ lowered: ByteView) -> Bool {
    guard count == lowered.count else { return false }
    guard count >= 8 else { return tail(from: 0).asciiLowered == lowered.tail(from: 0) }
    var offset = 0
    while offset &+ 8 <= count {
      if word(at: offset).asciiLowered != lowered.word(at: offset) { return false }
      offset &+= 8
    }
    // The last word may overlap the one before it.
    return word(at: count - 8).asciiLowered == lowered.word(at: count - 8)
  }

  /// The first eight bytes and the last eight, which overlap below sixteen and are all below seventeen;
  /// of fewer than eight bytes the first word holds all, and the last is zero.
  @inlinable @inline(__always) public var ends: (first: UInt64, last: UInt64) {
    count < 8 ? (tail(from: 0), 0) : (word(at: 0), word(at: count &- 8))
  }

  /// The bytes from `start` to the end, fewer than eight, the first in the lowest place.
  @inlinable @inline(__always) public func tail(from start: Int) -> UInt64 {
    let left = count - start
    precondition(start >= 0 && left >= 0 && left < 8, "more than a word, or outside the view")
    if left == 0 { return 0 }
    // The last eight bytes hold them at the upper end.
    if count >= 8 { return word(at: count - 8) &>> UInt64(truncatingIfNeeded: (8 &- left) &* 8) }
    if left >= 4 {
      let low = UInt64(halfWord(at: start))
      let high = UInt64(halfWord(at: count - 4))
      return low | high &<< UInt64(truncatingIfNeeded: (left &- 4) &* 8)
    }
    let middle = start + left >> 1
    return UInt64(self[start]) | UInt64(self[middle]) << UInt64((left >> 1) * 8)
      | UInt64(self[count - 1]) << UInt64((left - 1) * 8)
  }
}

extension UInt8 {
  /// The byte with an ASCII capital lowered.
  @inlinable @inline(__always) public var asciiLowered: UInt8 {
    self &- 0x41 < 26 ? self | 0x20 : self
  }

  /// Whether the byte is an ASCII digit.
  @inlinable @inline(__always) public var isDigit: Bool { self &- 0x30 < 10 }
}

extension ByteView {
  /// Whether `count` bytes at `other` stand at `offset`.
  ///
  /// The caller promises that `other` has them; outside the view the answer is no.
  @inlinable @inline(__always) @unsafe public func hasBytes(
    _ other: UnsafePointer<UInt8>, count length: Int, at offset: Int
  ) -> Bool {
    guard offset >= 0, offset &+ length <= count else { return false }
    // SAFETY: both runs hold `length` bytes: ours by the line above, theirs by promise.
    let ours = unsafe UnsafeRawPointer(base + offset)
    let theirs = unsafe UnsafeRawPointer(other)
    if length >= 8 {
      var place = 0
      while place &+ 8 <= length {
        guard
          unsafe ours.loadUnaligned(fromByteOffset: place, as: UInt64.self)
            == theirs.loadUnaligned(fromByteOffset: place, as: UInt64.self)
        else { return false }
        place &+= 8
      }
      // The last word may overlap the one before it.
      return unsafe ours.loadUnaligned(fromByteOffset: length - 8, as: UInt64.self)
        == theirs.loadUnaligned(fromByteOffset: length - 8, as: UInt64.self)
    }
    for place in 0..<length where unsafe base[offset &+ place] != other[place] { return false }
    return true
  }
}

extension ByteView {
  /// A view of a copy of `text` that is never freed: for names and constants read once at the start.
  public init(immortal text: String) {
    let bytes = Array(text.utf8)
    let room = UnsafeMutablePointer<UInt8>.allocate(capacity: max(bytes.count, 1))
    for (offset, byte) in bytes.enumerated() { unsafe room[offset] = byte }
    // SAFETY: the room holds the text and is never given back.
    unsafe self.init(base: UnsafePointer(room), count: bytes.count)
  }

  /// Whether the bytes match `pattern`, in which `*` stands for any run; O(*n m*) at worst.
  public func matches(glob pattern: ByteView) -> Bool {
    var (offset, place) = (0, 0)
    var (star, resume) = (-1, 0)
    while offset < count {
      if place < pattern.count, pattern[place] == UInt8(ascii: "*") {
        (star, resume) = (place, offset)
        place += 1
      } else if place < pattern.count, pattern[place] == self[offset] {
        offset += 1
        place += 1
      } else if star >= 0 {
        resume += 1
        (offset, place) = (resume, star + 1)
      } else {
        return false
      }
    }
    while place < pattern.count, pattern[place] == UInt8(ascii: "*") { place += 1 }
    return place == pattern.count
  }
}
