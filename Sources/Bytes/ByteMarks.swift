import CScan

/// Where the bytes are that structure a text: line feeds, and what ends or spoils a run of JSON text, or
/// what ends a name in free text.
///
/// Made for a whole chunk at once, 64 bytes an instruction, and then asked bit by bit, so that no line
/// is searched twice. The masks come from a few lines of C: Swift has no instruction that gathers a
/// comparison into bits, and what it makes of a bit-cast mask takes several times as long
/// (`Benchmarks/README.md`). ``isStop(_:in:)`` is what they mean.
@safe public final class ByteMarks {
  /// The text that was marked.
  public private(set) var text = ByteView.empty
  /// What is marked in it.
  public private(set) var kind = Kind.json
  @usableFromInline var newlines: UnsafeMutablePointer<UInt64>
  @usableFromInline var stops: UnsafeMutablePointer<UInt64>
  private var capacity = 0
  @usableFromInline var wordCount = 0

  /// Marks of nothing.
  public init() {
    unsafe newlines = .allocate(capacity: 1)
    unsafe stops = .allocate(capacity: 1)
  }

  deinit {
    unsafe newlines.deallocate()
    unsafe stops.deallocate()
  }

  /// What is marked beside line feeds.
  public enum Kind: Int32, Sendable {
    /// What ends or spoils a plain run of JSON text: quotes, backslashes, control characters, and bytes
    /// above 127.
    case json
    /// All but what names and numbers are made of: ASCII letters and digits, `-`, `.`, `/` and `_`.
    case words
  }

  /// Whether a byte is marked beside line feeds.
  public static func isStop(_ byte: UInt8, in kind: Kind) -> Bool {
    switch kind {
    case .json: byte == 0x22 || byte == 0x5C || byte < 0x20 || byte >= 0x80
    case .words:
      !(byte.asciiLowered &- 0x61 < 26 || byte &- 0x2D < 13 || byte == UInt8(ascii: "_"))
    }
  }

  /// Marks a text, which must stay readable as long as the marks are asked; O(*n*).
  public func mark(_ text: ByteView, _ kind: Kind = .json) {
    (self.text, self.kind) = (text, kind)
    wordCount = (text.count + 63) / 64
    if wordCount > capacity {
      unsafe newlines.deallocate()
      unsafe stops.deallocate()
      capacity = wordCount + wordCount / 4
      unsafe newlines = .allocate(capacity: capacity)
      unsafe stops = .allocate(capacity: capacity)
    }
    // SAFETY: both masks have a word for each 64 bytes of the text.
    unsafe rollcall_scan(kind.rawValue, text.start, text.count, newlines, stops)
  }

  /// The offset of the first line feed at or after `start`, or the text's length.
  @inlinable @inline(__always) public func lineEnd(from start: Int) -> Int {
    unsafe ByteMarks.first(newlines, start, wordCount) ?? text.count
  }

  /// The offset of the first stop at or after `start`, or the text's length.
  @inlinable @inline(__always) public func stop(from start: Int) -> Int {
    unsafe ByteMarks.first(stops, start, wordCount) ?? text.count
  }

  /// The words of the stops, for a loop that asks often.
  @inlinable @unsafe public var stopWords: (words: UnsafePointer<UInt64>, count: Int) {
    unsafe (UnsafePointer(stops), wordCount)
  }

  @inlinable @inline(__always) @unsafe static func first(
    _ mask: UnsafeMutablePointer<UInt64>, _ start: Int, _ wordCount: Int
  ) -> Int? {
    var word = start >> 6
    guard start >= 0, word < wordCount else { return nil }
    // SAFETY: `word` stays below the words that were marked.
    var bits = unsafe mask[word] >> UInt64(start & 63)
    if bits != 0 { return start &+ bits.trailingZeroBitCount }
    while true {
      word &+= 1
      guard word < wordCount else { return nil }
      bits = unsafe mask[word]
      if bits != 0 { return word &* 64 &+ bits.trailingZeroBitCount }
    }
  }
}

/// A marked text read by whoever keeps its own bounds: a line with at least ``slack`` bytes behind it.
@unsafe public struct MarkedText {
  /// How many bytes behind a line may be read with it; the first of them is a line feed or a carriage
  /// return.
  public static let slack = 64

  @usableFromInline let base: UnsafePointer<UInt8>
  @usableFromInline let stops: UnsafePointer<UInt64>

  /// The text of some marks.
  @inlinable @inline(__always) public init(_ marks: ByteMarks) {
    unsafe (base, stops) = (marks.text.start, UnsafePointer(marks.stops))
  }

  /// The byte at an offset.
  @inlinable @inline(__always) public func byte(_ offset: Int) -> UInt8 { unsafe base[offset] }

  /// Eight bytes at an offset, the first in the lowest place.
  @inlinable @inline(__always) public func word(_ offset: Int) -> UInt64 {
    unsafe UInt64(littleEndian: UnsafeRawPointer(base + offset).loadUnaligned(as: UInt64.self))
  }

  /// The first `count` bytes at an offset in two words, zeros behind them; at most sixteen.
  @inlinable @inline(__always) public func words(_ offset: Int, _ count: Int) -> (UInt64, UInt64) {
    let first = unsafe word(offset)
    if count <= 8 {
      return (first & (UInt64.max &>> UInt64(truncatingIfNeeded: 64 &- count &* 8)), 0)
    }
    let second = unsafe word(offset &+ 8)
    return (first, second & (UInt64.max &>> UInt64(truncatingIfNeeded: 128 &- count &* 8)))
  }

  /// The offset of the first stop at or after `start`.
  @inlinable @inline(__always) public func stop(_ start: Int) -> Int {
    var place = start &>> 6
    var bits = unsafe stops[place] &>> UInt64(truncatingIfNeeded: start & 63)
    if bits != 0 { return start &+ bits.trailingZeroBitCount }
    // A line feed is a stop, so there is one.
    repeat {
      place &+= 1
      bits = unsafe stops[place]
    } while bits == 0
    return place &* 64 &+ bits.trailingZeroBitCount
  }

  /// The bytes between two offsets.
  @inlinable @inline(__always) public func view(_ start: Int, _ end: Int) -> ByteView {
    unsafe ByteView(base: base + start, count: end &- start)
  }
}

extension ByteView {
  /// How many line feeds there are; O(*n*), 32 bytes a step where the processor can.
  public var newlineCount: Int { unsafe rollcall_count_newlines(start, count) }
}
