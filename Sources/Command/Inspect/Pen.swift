import Bytes

/// A place in memory where JSON is written: every write is checked against the room that is left.
///
/// Whoever gives it room lets ``slack`` bytes behind it be overwritten, so that short texts are
/// copied as whole words. What is written of text is the same as ``JSONWriter`` writes of the text's
/// `String`: control characters, direction marks and line separators as `\u` escapes, bytes that
/// are not UTF-8 as U+FFFD.
@safe struct Pen {
  /// How many bytes behind the room may be overwritten.
  static let slack = 32
  /// The most bytes that one byte of text becomes: `\u0001`.
  static let growth = 6

  private var place: UnsafeMutablePointer<UInt8>
  private let end: UnsafeMutablePointer<UInt8>

  /// A pen at the start of some room.
  ///
  /// The caller promises that the room, and ``slack`` bytes behind it, outlive the pen.
  @unsafe init(_ room: UnsafeMutablePointer<UInt8>, count: Int) {
    // SAFETY: the caller promises so many bytes.
    unsafe (place, end) = (room, room + count)
  }

  /// How many bytes may be written.
  @inline(__always) var room: Int {
    // SAFETY: both point into the same room.
    unsafe end - place
  }

  /// Where the next byte goes, as an address: tells how much was written.
  @inline(__always) var address: UInt { unsafe UInt(bitPattern: place) }

  /// Writes eight bytes, of which the first `count` are meant.
  @inline(__always) private mutating func put(word: UInt64, count: Int) {
    // SAFETY: callers checked the room for `count`; the rest of the word is within the slack.
    unsafe UnsafeMutableRawPointer(place).storeBytes(of: word.littleEndian, as: UInt64.self)
    unsafe place += count
  }

  /// Writes one byte; callers checked the room.
  @inline(__always) private mutating func put(_ byte: UInt8) {
    // SAFETY: see above.
    unsafe place.pointee = byte
    unsafe place += 1
  }

  @inline(__always) private func need(_ count: Int) {
    precondition(count <= room, "no room reserved")
  }

  // MARK: - Plain bytes

  /// Writes one byte.
  @inline(__always) mutating func byte(_ byte: UInt8) {
    need(1)
    put(byte)
  }

  /// Writes up to eight bytes, the first in the lowest place.
  @inline(__always) mutating func word(_ word: UInt64, count: Int) {
    precondition(UInt(bitPattern: count) <= 8, "more than a word")
    need(count)
    put(word: word, count: count)
  }

  /// Writes bytes as they are.
  @inline(__always) mutating func copy(_ text: ByteView) {
    need(text.count)
    if text.count > 128 { return copyLong(text) }
    var offset = 0
    while offset &+ 8 <= text.count {
      put(word: text.word(at: offset), count: 8)
      offset &+= 8
    }
    put(word: text.tail(from: offset), count: text.count &- offset)
  }

  /// Writes bytes of which as many as a block has may be read beyond their end; there must be room.
  ///
  /// The caller promises that they can be.
  @inline(__always) @unsafe mutating func copy(padded text: UnsafePointer<UInt8>, count: Int) {
    need(count)
    var offset = 0
    while offset < count {
      // SAFETY: what is read too much the caller promised, what is written too much is slack.
      unsafe store(
        UnsafeRawPointer(text).loadUnaligned(fromByteOffset: offset, as: Block.self),
        at: offset)
      offset &+= 16
    }
    unsafe place += max(count, 0)
  }

  /// Sixteen bytes.
  private typealias Block = SIMD16<Int8>

  /// Writes a block ahead of the next byte's place.
  @inline(__always) private func store(_ block: Block, at offset: Int) {
    // SAFETY: callers checked the room up to the block's start; the block is within the slack.
    unsafe UnsafeMutableRawPointer(place).storeBytes(
      of: block, toByteOffset: offset, as: Block.self)
  }

  private mutating func copyLong(_ text: ByteView) {
    unsafe text.withUnsafeBytes { bytes in
      guard let from = bytes.baseAddress else { return }
      // SAFETY: the caller checked the room.
      unsafe UnsafeMutableRawPointer(place).copyMemory(from: from, byteCount: bytes.count)
      unsafe place += bytes.count
    }
  }

  // MARK: - Numbers

  /// `00` through `99`.
  private static let pairs: StaticString = """
    00010203040506070809101112131415161718192021222324252627282930313233343536373839\
    40414243444546474849505152535455565758596061626364656667686970717273747576777879\
    8081828384858687888990919293949596979899
    """

  /// Writes two digits; callers checked the room.
  @inline(__always) private mutating func pair(_ number: UInt32) {
    let digits = ByteView(Pen.pairs)
    let offset = Int(number) &* 2
    put(digits[offset])
    put(digits[offset &+ 1])
  }

  /// Writes a number below 100 with two digits.
  @inline(__always) mutating func twoDigits(_ number: Int) {
    need(2)
    pair(UInt32(truncatingIfNeeded: number))
  }

  /// Writes a number below 1000 with three digits.
  @inline(__always) mutating func threeDigits(_ number: Int) {
    need(3)
    put(UInt8(truncatingIfNeeded: number / 100) &+ 0x30)
    pair(UInt32(truncatingIfNeeded: number % 100))
  }

  /// Writes a number's decimal digits.
  @inline(__always) mutating func decimal(_ number: UInt64) {
    need(20)
    if number < 100_000_000 {
      small(UInt32(truncatingIfNeeded: number))
    } else {
      large(number)
    }
  }

  /// Writes a number's decimal digits, and its sign when it is below zero.
  @inline(__always) mutating func decimal(_ number: Int64) {
    if number < 0 { byte(UInt8(ascii: "-")) }
    decimal(number.magnitude)
  }

  private mutating func large(_ number: UInt64) {
    let (above, below) = number.quotientAndRemainder(dividingBy: 100_000_000)
    if above < 100_000_000 {
      small(UInt32(truncatingIfNeeded: above))
    } else {
      large(above)
    }
    let (high, low) = UInt32(truncatingIfNeeded: below).quotientAndRemainder(dividingBy: 10_000)
    fourDigits(high)
    fourDigits(low)
  }

  @inline(__always) private mutating func fourDigits(_ number: UInt32) {
    pair(number / 100)
    pair(number % 100)
  }

  /// Writes the digits of a number below 100 000 000.
  @inline(__always) private mutating func small(_ number: UInt32) {
    var rest = number
    if rest >= 10_000 {
      let above = rest / 10_000
      rest %= 10_000
      few(above)
      fourDigits(rest)
    } else {
      few(rest)
    }
  }

  /// Writes the digits of a number below 10 000.
  @inline(__always) private mutating func few(_ number: UInt32) {
    if number < 100 {
      if number < 10 { put(UInt8(truncatingIfNeeded: number) &+ 0x30) } else { pair(number) }
    } else {
      let above = number / 100
      if above < 10 { put(UInt8(truncatingIfNeeded: above) &+ 0x30) } else { pair(above) }
      pair(number % 100)
    }
  }

  // MARK: - Text

  /// Writes text as a JSON string.
  @inline(__always) mutating func quoted(_ text: ByteView) {
    need(text.count &* Pen.growth &+ 2)
    put(UInt8(ascii: "\""))
    let start = copyPlain(text, isJSON: false)
    if start < text.count { copyEscaped(text, from: start, isJSON: false) }
    put(UInt8(ascii: "\""))
  }

  /// Writes JSON as a log has it, with what could act on a terminal escaped.
  ///
  /// Control characters can only stand between its tokens, and become blanks.
  @inline(__always) mutating func json(_ text: ByteView) {
    need(text.count &* Pen.growth)
    let start = copyPlain(text, isJSON: true)
    if start < text.count { copyEscaped(text, from: start, isJSON: true) }
  }

  /// Copies text up to a block in which a byte can not stay as it is, and says where that begins.
  @inline(__always) private mutating func copyPlain(_ text: ByteView, isJSON: Bool) -> Int {
    if text.count >= 16 { return copyBlocks(text, isJSON: isJSON) }
    if text.count >= 8 {
      let (first, last) = (text.word(at: 0), text.word(at: text.count &- 8))
      let special = Pen.special(in: first, isJSON: isJSON) | Pen.special(in: last, isJSON: isJSON)
      if special != 0 { return 0 }
      put(word: first, count: text.count &- 8)
      put(word: last, count: 8)
      return text.count
    }
    // Blanks behind the text, which need no escape.
    let word = text.tail(from: 0) | 0x2020_2020_2020_2020 << UInt64(text.count &* 8)
    if Pen.special(in: word, isJSON: isJSON) != 0 { return 0 }
    put(word: word, count: text.count)
    return text.count
  }

  /// The same for text of a block at least.
  @inline(__always) private mutating func copyBlocks(_ text: ByteView, isJSON: Bool) -> Int {
    unsafe text.withUnsafeBytes { bytes in
      let last = bytes.count &- 16
      var offset = 0
      while true {
        // SAFETY: callers saw to a block at least; the last one ends where the text does.
        let block = unsafe bytes.loadUnaligned(fromByteOffset: offset, as: Block.self)
        store(block, at: offset)
        if Pen.hasSpecial(block, isJSON: isJSON) {
          unsafe place += offset
          return offset
        }
        if offset == last { break }
        // The last block may overlap the one before it.
        offset = min(offset &+ 16, last)
      }
      unsafe place += bytes.count
      return bytes.count
    }
  }

  /// Whether a block has a byte that ``special(in:isJSON:)`` marks.
  @inline(__always) private static func hasSpecial(_ block: Block, isJSON: Bool) -> Bool {
    // Below a blank as a signed number is also whatever is not ASCII. Both sides are spelt as
    // vectors: against a number the standard library compares byte by byte.
    var mask = (block .< Block(repeating: 0x20)) .| (block .== Block(repeating: 0x7F))
    if !isJSON {
      mask = mask .| (block .== Block(repeating: 0x22)) .| (block .== Block(repeating: 0x5C))
    }
    // SAFETY: a mask of sixteen bytes is sixteen bytes.
    let halves = unsafe unsafeBitCast(mask, to: SIMD2<UInt64>.self)
    return halves[0] | halves[1] != 0
  }

  /// Copies text from `start` on eight bytes at a time, with an escape for what needs one.
  @inline(never) private mutating func copyEscaped(
    _ text: ByteView, from start: Int, isJSON: Bool
  ) {
    var offset = start
    while offset < text.count {
      let left = text.count &- offset
      let word =
        left >= 8
        ? text.word(at: offset)
        : text.tail(from: offset) | 0x2020_2020_2020_2020 << UInt64(left &* 8)
      let special = Pen.special(in: word, isJSON: isJSON)
      guard special != 0 else {
        let step = min(left, 8)
        put(word: word, count: step)
        offset &+= step
        continue
      }
      let run = special.trailingZeroBitCount >> 3
      put(word: word, count: run)
      offset &+= run
      let byte = text[offset]
      if byte == 0x22 || byte == 0x5C {
        put(word: UInt64(byte) << 8 | 0x5C, count: 2)
        offset &+= 1
      } else {
        offset = escape(text, offset, isJSON: isJSON)
      }
    }
  }

  /// Marks the top bit of each byte that can not be copied; exact for the lowest mark.
  ///
  /// Those are `"`, `\`, control characters and everything beyond `~`; in JSON that is checked
  /// already only the last two.
  @inline(__always) private static func special(in word: UInt64, isJSON: Bool) -> UInt64 {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let tops = ones &* 0x80
    // Below a blank a byte borrows; a byte of 7F or more has its top bit set here or carries.
    let outside = word | (word &+ ones) | (word &- ones &* 0x20)
    if isJSON { return outside & tops }
    let quote = word ^ (ones &* 0x22)
    let slash = word ^ (ones &* 0x5C)
    return (outside | ((quote &- ones) & ~quote) | ((slash &- ones) & ~slash)) & tops
  }

  /// Writes the control character, or the sequence of bytes beyond `~`, and returns where it ends.
  ///
  /// Callers checked the room.
  @inline(never) private mutating func escape(
    _ text: ByteView, _ offset: Int, isJSON: Bool
  ) -> Int {
    let lead = text[offset]
    if lead < 0x80 {
      switch lead {
      case _ where lead < 0x20 && isJSON: put(0x20)
      case 0x0A: put(word: 0x6E5C, count: 2)
      case 0x0D: put(word: 0x725C, count: 2)
      case 0x09: put(word: 0x745C, count: 2)
      default: unit(UInt32(lead))
      }
      return offset + 1
    }
    let sequence = UTF8Sequence(text, offset)
    if !sequence.isWhole {
      put(word: 0xBD_BFEF, count: 3)
    } else if Pen.isEscaped(sequence.scalar) {
      unit(sequence.scalar)
    } else {
      for place in offset..<(offset + sequence.count) { put(text[place]) }
    }
    return offset + sequence.count
  }

  /// Control characters, line and paragraph separators, and direction marks; all below U+10000.
  private static func isEscaped(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0x80...0x9F, 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069: true
    default: false
    }
  }

  /// Writes a `\u` escape.
  private mutating func unit(_ unit: UInt32) {
    put(word: 0x755C, count: 2)
    for shift: UInt32 in [12, 8, 4, 0] {
      let digit = UInt8(truncatingIfNeeded: unit >> shift & 15)
      put(digit < 10 ? digit + 0x30 : digit + 0x57)
    }
  }
}
