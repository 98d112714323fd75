import Bytes

/// A place in JSON text, and the grammar of RFC 8259 from there on.
struct JSONCursor {
  let line: ByteView
  var offset = 0
  /// Whether the string read last held a backslash.
  var lastStringHadEscapes = false

  init(_ line: ByteView) { self.line = line }

  /// The error for whatever stands here: an end, or a byte that does not belong.
  var unexpected: JSONError {
    offset < line.count
      ? JSONError(.unexpectedByte, at: offset) : JSONError(.unfinished, at: line.count)
  }

  /// Moves past blanks, tabs and line ends.
  @inline(__always) mutating func skipSpace() {
    while offset < line.count, line[offset] <= 0x20 {
      let byte = line[offset]
      guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return }
      offset += 1
    }
  }

  /// Moves past `byte` when it is next.
  @inline(__always) mutating func take(_ byte: UInt8) -> Bool {
    guard offset < line.count, line[offset] == byte else { return false }
    offset += 1
    return true
  }

  /// Moves past the colon between a key and its value.
  @inline(__always) mutating func expectColon() throws(JSONError) {
    if take(UInt8(ascii: ":")) { return }
    skipSpace()
    guard take(UInt8(ascii: ":")) else { throw unexpected }
  }

  /// Moves past a quoted key when it is the `count` bytes of `names` from `start`.
  @inline(__always) mutating func takeKey(_ names: [UInt8], _ start: Int, _ count: Int) -> Bool {
    guard offset + count + 2 <= line.count, line[offset] == UInt8(ascii: "\""),
      line[offset + count + 1] == UInt8(ascii: "\"")
    else { return false }
    let matches = unsafe names.withUnsafeBufferPointer { bytes in
      guard let base = bytes.baseAddress, start + count <= bytes.count else { return false }
      return unsafe line.hasBytes(base + start, count: count, at: offset + 1)
    }
    if matches { offset += count + 2 }
    return matches
  }

  /// Reads the string at its opening quote.
  ///
  /// - Returns: The text itself: a view of the line, or of `scratch` when escapes were undone.
  mutating func readString(_ scratch: Scratch) throws(JSONError) -> ByteView {
    let start = try skipString()
    let body = line.slice(start, offset - 1)
    return lastStringHadEscapes ? unescape(body, scratch) : body
  }

  /// Moves past the string at its opening quote and returns the offset of its first byte.
  @inline(__always) mutating func skipString() throws(JSONError) -> Int {
    guard offset < line.count, line[offset] == UInt8(ascii: "\"") else { throw unexpected }
    offset += 1
    let start = offset
    let ones: UInt64 = 0x0101_0101_0101_0101
    let tops = ones &* 0x80
    var foreign = false
    lastStringHadEscapes = false
    while true {
      // Eight bytes at a time to the first quote, backslash or control character: a subtraction
      // borrows only upwards, so the lowest mark is exact.
      while offset &+ 8 <= line.count {
        let word = line.word(at: offset)
        let quote = word ^ (ones &* 0x22)
        let slash = word ^ (ones &* 0x5C)
        let special =
          (((quote &- ones) & ~quote) | ((slash &- ones) & ~slash)
            | ((word &- (ones &* 0x20)) & ~word)) & tops
        if special != 0 {
          let run = special.trailingZeroBitCount >> 3
          if word & tops & ((1 << UInt64(run &* 8)) &- 1) != 0 { foreign = true }
          offset &+= run
          break
        }
        if word & tops != 0 { foreign = true }
        offset &+= 8
      }
      while offset < line.count {
        let byte = line[offset]
        if byte == 0x22 || byte == 0x5C || byte < 0x20 { break }
        if byte >= 0x80 { foreign = true }
        offset += 1
      }
      guard offset < line.count else { throw JSONError(.unfinished, at: line.count) }
      switch line[offset] {
      case 0x22:
        offset += 1
        if foreign { try checkUTF8(start, offset - 1) }
        return start
      case 0x5C:
        lastStringHadEscapes = true
        try skipEscape()
      default:
        throw JSONError(.controlCharacter, at: offset)
      }
    }
  }

  private func checkUTF8(_ start: Int, _ end: Int) throws(JSONError) {
    guard let bad = UTF8Check.firstInvalidOffset(line.slice(start, end)) else { return }
    throw JSONError(.invalidUTF8, at: start + bad)
  }

  private mutating func skipEscape() throws(JSONError) {
    guard offset + 1 < line.count else { throw JSONError(.unfinished, at: line.count) }
    switch line[offset + 1] {
    case 0x22, 0x5C, 0x2F, 0x62, 0x66, 0x6E, 0x72, 0x74:
      offset += 2
    case 0x75:
      guard offset + 6 <= line.count else { throw JSONError(.unfinished, at: line.count) }
      for place in (offset + 2)..<(offset + 6) where line[place].hexValue == nil {
        throw JSONError(.badEscape, at: place)
      }
      offset += 6
    default:
      throw JSONError(.badEscape, at: offset + 1)
    }
  }

  /// Moves past any value.
  mutating func skipValue(depth: Int) throws(JSONError) {
    guard offset < line.count else { throw JSONError(.unfinished, at: line.count) }
    switch line[offset] {
    case UInt8(ascii: "\""): _ = try skipString()
    case UInt8(ascii: "{"): try skipObject(depth: depth)
    case UInt8(ascii: "["): try skipArray(depth: depth)
    case UInt8(ascii: "t"): try skipLiteral("true")
    case UInt8(ascii: "f"): try skipLiteral("false")
    case UInt8(ascii: "n"): try skipLiteral("null")
    default: try skipNumber()
    }
  }

  private mutating func skipObject(depth: Int) throws(JSONError) {
    guard depth < JSONReader.depthMax else { throw JSONError(.tooDeep, at: offset) }
    offset += 1
    skipSpace()
    if take(UInt8(ascii: "}")) { return }
    while true {
      _ = try skipString()
      try expectColon()
      skipSpace()
      try skipValue(depth: depth + 1)
      skipSpace()
      if take(UInt8(ascii: ",")) {
        skipSpace()
        continue
      }
      guard take(UInt8(ascii: "}")) else { throw unexpected }
      return
    }
  }

  private mutating func skipArray(depth: Int) throws(JSONError) {
    guard depth < JSONReader.depthMax else { throw JSONError(.tooDeep, at: offset) }
    offset += 1
    skipSpace()
    if take(UInt8(ascii: "]")) { return }
    while true {
      try skipValue(depth: depth + 1)
      skipSpace()
      if take(UInt8(ascii: ",")) {
        skipSpace()
        continue
      }
      guard take(UInt8(ascii: "]")) else { throw unexpected }
      return
    }
  }

  /// Moves past `true`, `false` or `null`.
  mutating func skipLiteral(_ literal: StaticString) throws(JSONError) {
    guard line.has(literal, at: offset) else { throw JSONError(.badLiteral, at: offset) }
    offset += literal.utf8CodeUnitCount
  }

  /// Moves past a number; RFC 8259, section 6.
  @inline(__always) mutating func skipNumber() throws(JSONError) {
    let start = offset
    _ = take(UInt8(ascii: "-"))
    guard offset < line.count, line[offset].isDigit else {
      // A byte that cannot begin a value is no number at all.
      if offset == start { throw unexpected }
      throw JSONError(.badNumber, at: offset)
    }
    if line[offset] == 0x30 {
      offset += 1
      if offset < line.count, line[offset].isDigit { throw JSONError(.badNumber, at: offset) }
    } else {
      skipDigits()
    }
    if take(UInt8(ascii: ".")) { try someDigits() }
    if offset < line.count, line[offset] | 0x20 == UInt8(ascii: "e") {
      offset += 1
      if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
      try someDigits()
    }
  }

  @inline(__always) private mutating func skipDigits() {
    while offset < line.count, line[offset].isDigit { offset += 1 }
  }

  private mutating func someDigits() throws(JSONError) {
    guard offset < line.count, line[offset].isDigit else {
      throw JSONError(.badNumber, at: offset)
    }
    skipDigits()
  }

  /// Reads a number: an integer when it is written as one and fits 64 bits.
  mutating func readNumber() throws(JSONError) -> Value {
    let start = offset
    try skipNumber()
    let text = line.slice(start, offset)
    let isNegative = text[0] == UInt8(ascii: "-")
    if let magnitude = text.dropFirst(isNegative ? 1 : 0).decimal, magnitude <= Int64.max {
      return .integer(isNegative ? -Int64(magnitude) : Int64(magnitude))
    }
    return .number(Double(text.string) ?? .nan, text: text)
  }

  /// The text that an escaped string stands for, in `scratch`; a lone surrogate becomes U+FFFD.
  private func unescape(_ body: ByteView, _ scratch: Scratch) -> ByteView {
    // Every escape is at least as long as what it stands for, so the body's length is enough.
    unsafe scratch.write(capacity: body.count) { room in
      unsafe JSONCursor.unescape(body, into: room)
    }
  }

  private static func unescape(
    _ body: ByteView, into room: UnsafeMutableBufferPointer<UInt8>
  ) -> Int {
    var (from, to) = (0, 0)
    func put(_ byte: UInt8) {
      // SAFETY: no more bytes are put than the body has, which is the room's size.
      unsafe room[to] = byte
      to += 1
    }
    while from < body.count {
      guard body[from] == 0x5C, from + 1 < body.count else {
        put(body[from])
        from += 1
        continue
      }
      let escape = body[from + 1]
      from += 2
      switch escape {
      case 0x62: put(0x08)
      case 0x66: put(0x0C)
      case 0x6E: put(0x0A)
      case 0x72: put(0x0D)
      case 0x74: put(0x09)
      case 0x75:
        var scalar = body.hexWord(at: from)
        from += 4
        if scalar & 0xFC00 == 0xD800, from + 6 <= body.count, body[from] == 0x5C,
          body[from + 1] == 0x75, body.hexWord(at: from + 2) & 0xFC00 == 0xDC00
        {
          scalar = 0x10000 + (scalar & 0x3FF) << 10 + (body.hexWord(at: from + 2) & 0x3FF)
          from += 6
        }
        for byte in UTF8.encode(Unicode.Scalar(scalar) ?? "\u{FFFD}") ?? .init() { put(byte) }
      default: put(escape)
      }
    }
    return to
  }
}

extension UInt8 {
  /// The value of a hexadecimal digit.
  var hexValue: UInt32? {
    switch self {
    case 0x30...0x39: UInt32(self) - 0x30
    case 0x41...0x46: UInt32(self) - 0x37
    case 0x61...0x66: UInt32(self) - 0x57
    default: nil
    }
  }
}

extension ByteView {
  /// The four hexadecimal digits at `offset` as a number; digits were checked before.
  func hexWord(at offset: Int) -> UInt32 {
    var value: UInt32 = 0
    for place in offset..<min(offset + 4, count) {
      value = value << 4 | (self[place].hexValue ?? 0)
    }
    return value
  }
}

extension JSONCursor {
  /// Reads a line that must be one JSON object, and nothing else.
  ///
  /// - Parameters:
  ///   - scratch: Where texts with escapes go; readable as long as that is.
  ///   - member: Gets each name, with the cursor at its value; must leave the cursor behind that.
  /// - Throws: ``JSONError`` naming the first offending byte.
  /// - Complexity: O(*n*).
  static func readObject(
    _ line: ByteView, _ scratch: Scratch,
    member: (ByteView, inout JSONCursor) throws(JSONError) -> Void
  ) throws(JSONError) {
    var cursor = JSONCursor(line)
    cursor.skipSpace()
    guard cursor.take(UInt8(ascii: "{")) else { throw JSONError(.notAnObject, at: cursor.offset) }
    cursor.skipSpace()
    if !cursor.take(UInt8(ascii: "}")) {
      repeat {
        cursor.skipSpace()
        let key = try cursor.readString(scratch)
        try cursor.expectColon()
        cursor.skipSpace()
        try member(key, &cursor)
        cursor.skipSpace()
      } while cursor.take(UInt8(ascii: ","))
      guard cursor.take(UInt8(ascii: "}")) else { throw cursor.unexpected }
    }
    cursor.skipSpace()
    guard cursor.offset == line.count else { throw JSONError(.trailingBytes, at: cursor.offset) }
  }
}
