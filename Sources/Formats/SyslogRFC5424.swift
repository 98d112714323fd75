public import Bytes

/// The strict reader of RFC 5424 messages.
public enum RFC5424 {
  /// Reads one message.
  ///
  /// - Parameters:
  ///   - line: One framed message, without its line ending.
  ///   - cache: The last time that was read from this source.
  /// - Throws: ``SyslogError`` naming the first byte that breaks the RFC. Of more than 32
  ///   structured-data elements the ids past the 32nd are not compared with each other.
  /// - Complexity: O(*n*) in the header and structured data; in the message too after a byte order
  ///   mark.
  @inlinable public static func parse(
    _ line: ByteView, cache: inout StampCache
  ) throws(SyslogError) -> SyslogHeader {
    var header = SyslogHeader()
    try read(line, cache: &cache, into: &header)
    return header
  }

  /// Reads one message into a fresh header.
  @usableFromInline static func read(
    _ line: ByteView, cache: inout StampCache, into header: inout SyslogHeader
  ) throws(SyslogError) {
    let (priority, start) = try SyslogPriority.read(line)
    header.priority = priority
    var offset = start
    header.version = try version(line, &offset)
    header.stamp = try stamp(line, &offset, &cache)
    header.host = try word(line, &offset, max: 255, .badHost)
    header.program = try word(line, &offset, max: 48, .badProgram)
    header.pid = try word(line, &offset, max: 128, .badProcessID)
    header.messageID = try word(line, &offset, max: 32, .badMessageID)
    header.structuredData = try StructuredData.read(line, &offset)
    guard offset < line.count else { return }
    guard line[offset] == 0x20 else { throw SyslogError(.badStructuredData, at: offset) }
    offset += 1
    if line.has("\u{FEFF}", at: offset) {
      offset += 3
      if let bad = UTF8Check.firstInvalidOffset(line.dropFirst(offset)) {
        throw SyslogError(.invalidUTF8, at: offset + bad)
      }
    }
    header.message = line.dropFirst(offset)
  }

  private static func version(
    _ line: ByteView, _ offset: inout Int
  ) throws(SyslogError) -> UInt16 {
    var value: UInt16 = 0
    let start = offset
    while offset < line.count, offset - start < 3, line[offset].isDigit {
      guard offset > start || line[offset] != 0x30 else { break }
      value = value * 10 + UInt16(line[offset] &- 0x30)
      offset += 1
    }
    guard offset > start, offset < line.count, line[offset] == 0x20
    else { throw SyslogError(.badVersion, at: offset) }
    offset += 1
    return value
  }

  @inline(__always) private static func stamp(
    _ line: ByteView, _ offset: inout Int, _ cache: inout StampCache
  ) throws(SyslogError) -> Stamp? {
    let start = offset
    if start + 1 < line.count, line[start] == 0x2D, line[start + 1] == 0x20 {
      offset += 2
      return nil
    }
    guard let stamp = Timestamps.rfc3339(line, at: start, cache: &cache),
      isStrict(line, from: start, to: stamp.end), stamp.end < line.count,
      line[stamp.end] == 0x20
    else { throw SyslogError(.badTimestamp, at: start) }
    offset = stamp.end + 1
    return stamp
  }

  /// Whether a readable time keeps to the RFC's narrower rules: `-`, `T` and `Z` as written there,
  /// no leap second, one to six digits of fraction, and a zone.
  ///
  /// - SeeAlso: RFC 5424, section 6.2.3.
  @inline(__always)
  private static func isStrict(_ line: ByteView, from start: Int, to end: Int) -> Bool {
    guard line[start + 4] == 0x2D, line[start + 10] == 0x54, line[start + 17] != 0x36
    else { return false }
    var offset = start + 19
    if offset < end, line[offset] == 0x2E {
      offset += 1
      while offset < end, line[offset].isDigit { offset += 1 }
      guard offset - start <= 26 else { return false }
    }
    if end - offset == 1 { return line[offset] == 0x5A }
    return end - offset == 6 && line[offset + 3] == 0x3A && line[offset] != 0x20
  }

  /// Reads one word of printable ASCII and the blank after it; `-` reads as nothing.
  @inline(__always) private static func word(
    _ line: ByteView, _ offset: inout Int, max: Int, _ reason: SyslogError.Reason
  ) throws(SyslogError) -> ByteView {
    let start = offset
    var end = start
    while end < line.count, line[end] &- 0x21 < 94 { end &+= 1 }
    guard end > start, end - start <= max else {
      throw SyslogError(reason, at: end > start ? start + max : start)
    }
    guard end < line.count, line[end] == 0x20 else { throw SyslogError(reason, at: end) }
    offset = end + 1
    let isNil = end - start == 1 && line[start] == 0x2D
    return isNil ? line.slice(start, start) : line.slice(start, end)
  }
}
