import CScan

/// Where the bytes are that structure a text: line feeds, and what ends or spoils a run of JSON text.
///
/// Made for a whole chunk at once, 64 bytes an instruction, and then asked bit by bit, so that no line
/// is searched twice. The masks come from a few lines of C: Swift has no instruction that gathers a
/// comparison into bits, and what it makes of a bit-cast mask takes several times as long
/// (`Benchmarks/README.md`). ``isStop(_:)`` is what they mean.
@safe public final class ByteMarks {
  /// The text that was marked.
  public private(set) var text = ByteView.empty
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

  /// Whether a byte ends or spoils a plain run of JSON text: a quote, a backslash, a control
  /// character, or a byte above 127.
  @inlinable public static func isStop(_ byte: UInt8) -> Bool {
    byte == 0x22 || byte == 0x5C || byte < 0x20 || byte >= 0x80
  }

  /// Marks a text, which must stay readable as long as the marks are asked; O(*n*).
  public func mark(_ text: ByteView) {
    self.text = text
    wordCount = (text.count + 63) / 64
    if wordCount > capacity {
      unsafe newlines.deallocate()
      unsafe stops.deallocate()
      capacity = wordCount + wordCount / 4
      unsafe newlines = .allocate(capacity: capacity)
      unsafe stops = .allocate(capacity: capacity)
    }
    // SAFETY: both masks have a word for each 64 bytes of the text.
    unsafe rollcall_scan(text.start, text.count, newlines, stops)
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

extension ByteView {
  /// How many line feeds there are; O(*n*), 32 bytes a step where the processor can.
  public var newlineCount: Int { unsafe rollcall_count_newlines(start, count) }
}
