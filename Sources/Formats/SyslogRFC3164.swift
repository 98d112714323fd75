public import Bytes

/// The reader of BSD syslog as it is found in the wild: RFC 3164 and its relatives.
///
/// The priority, the host and the tag may each be missing; the time is any that
/// `Timestamps.syslog` or `Timestamps.rfc3339` reads, so rsyslog's and systemd's ISO-stamped files
/// take the same path. Wherever a priority or a time opens the line, a message is delivered.
public enum RFC3164 {
  /// Reads one message.
  ///
  /// - Parameters:
  ///   - line: One framed message, without its line ending.
  ///   - cache: The last time that was read from this source.
  /// - Throws: ``SyslogError`` when neither a priority nor a time opens the line, or the priority
  ///   is above 191.
  /// - Complexity: O(*h*) in the length of the header, not of the message.
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
    var offset = 0
    if line.count > 0, line[0] == 0x3C {
      (header.priority, offset) = try priority(line)
      while offset < line.count, line[offset] == 0x20 { offset += 1 }
    }
    guard let stamp = stamp(line, at: offset, &cache) else {
      guard header.priority >= 0 else {
        throw SyslogError(looksDated(line) ? .badTimestamp : .notSyslog, at: 0)
      }
      // Without a time there is no host either; a tag may still come first.
      readTag(line, at: offset, into: &header)
      return
    }
    header.stamp = stamp
    offset = stamp.end
    guard offset < line.count else {
      header.message = line.dropFirst(offset)
      return
    }
    offset += 1
    readNames(line, at: offset, into: &header)
  }

  /// Reads what stands behind a time that opens the line and is known already.
  ///
  /// - Parameter stamp: The time; a blank stands at its end.
  @inline(__always) public static func parse(
    _ line: ByteView, behind stamp: Stamp, into header: inout SyslogHeader
  ) {
    header.clear()
    header.stamp = stamp
    readNames(line, at: stamp.end + 1, into: &header)
  }

  private static func priority(_ line: ByteView) throws(SyslogError) -> (Int16, Int) {
    if let named = SyslogPriority.readNames(line, at: 0) { return named }
    return try SyslogPriority.read(line)
  }

  /// Reads the time, which a blank or the end of the line must follow.
  @inline(__always) private static func stamp(
    _ line: ByteView, at start: Int, _ cache: inout StampCache
  ) -> Stamp? {
    guard start < line.count else { return nil }
    let read =
      line[start].isDigit
      ? Timestamps.rfc3339(line, at: start, cache: &cache)
      : Timestamps.syslog(line, at: start, cache: &cache)
    guard var stamp = read else { return nil }
    if stamp.end < line.count, line[stamp.end] == 0x3A { stamp.end += 1 }
    if stamp.hasYear, stamp.zoneOffsetSeconds == nil, let end = zoneName(line, at: stamp.end) {
      stamp.end = end
    }
    guard stamp.end == line.count || line[stamp.end] == 0x20 else { return nil }
    return stamp
  }

  /// Where the name of a zone ends that PostgreSQL writes behind a time, as in ` CET [4121]`.
  ///
  /// It is no host. Nor does it say which offset is meant: the source's own zone tells.
  @inline(never) private static func zoneName(_ line: ByteView, at blank: Int) -> Int? {
    var end = blank + 1
    while end < line.count, line[end] &- 0x41 < 26 { end += 1 }
    guard end - blank > 3, end - blank < 7, line.has(" [", at: end), end + 2 < line.count,
      line[end + 2].isDigit
    else { return nil }
    return end
  }

  /// Whether the line begins like a time, so that the error can say which part is wrong.
  private static func looksDated(_ line: ByteView) -> Bool {
    guard line.count >= 6 else { return false }
    return Timestamps.beginsWithMonth(line)
      || line[0].isDigit && line[3].isDigit && line[4] == 0x2D && line[5].isDigit
  }

  /// Reads what stands between the time and the message.
  @inline(__always)
  private static func readNames(_ line: ByteView, at start: Int, into header: inout SyslogHeader) {
    var offset = start
    // Two blanks after the time leave the host empty. After a year they are just two blanks.
    var isHostMissing = false
    if offset < line.count, line[offset] == 0x20 {
      while offset < line.count, line[offset] == 0x20 { offset += 1 }
      isHostMissing = header.stamp?.hasYear == false
    }
    if offset < line.count, line[offset] == 0x3C,
      let (priority, end) = SyslogPriority.readNames(line, at: offset)
    {
      if header.priority < 0 { header.priority = priority }
      offset = end
      while offset < line.count, line[offset] == 0x20 { offset += 1 }
    }
    guard offset < line.count, !isRepetition(line, at: offset) else {
      header.message = line.dropFirst(offset)
      return
    }
    let end = hostEnd(line, at: offset)
    let first = offset
    offset = end
    if end > first, end < line.count { offset += 1 }
    readTag(line, at: offset, into: &header)
    if header.program.isEmpty, end > first, end < line.count {
      readRelayedTag(line, at: offset, after: line.slice(first, end), into: &header)
    }
    if isHostMissing, end > first, header.program.isEmpty {
      header.message = line.dropFirst(first)
    } else {
      header.host = line.slice(first, end)
    }
  }

  /// Reads the tag behind a host that stands twice, as a relay on the host itself leaves it: `web1 web1 sshd[12]:`.
  @inline(never) private static func readRelayedTag(
    _ line: ByteView, at start: Int, after host: ByteView, into header: inout SyslogHeader
  ) {
    let end = start + host.count
    guard end < line.count, line[end] == 0x20, line.slice(start, end).equals(host)
    else { return }
    readTag(line, at: end + 1, into: &header)
    if header.program.isEmpty { header.message = line.dropFirst(start) }
  }

  /// Whether syslogd itself speaks here: it writes no tag, and one kind of it no host.
  @inline(__always) private static func isRepetition(_ line: ByteView, at offset: Int) -> Bool {
    let byte = line[offset]
    guard byte == 0x2D || byte == 0x6C else { return false }
    return line.has("--- last message repeated ", at: offset)
      || line.has("last message repeated ", at: offset)
  }

  /// The offset past the host, or `start` when the word there is the tag.
  @inline(__always) private static func hostEnd(_ line: ByteView, at start: Int) -> Int {
    var end = firstStop(line, from: start, also: 0x5B)
    if end < line.count, line[end] == 0x5B {
      // A bracket that closes within the word makes it a tag: `sshd[123]:`, `[sshd]`.
      if bracketEnd(line, at: end) != nil { return start }
      end = line.firstOffset(of: 0x20, from: end) ?? line.count
    }
    // A colon ends a tag; two end an address.
    let isTag =
      end > start && line[end - 1] == 0x3A && !(end - start > 1 && line[end - 2] == 0x3A)
    return isTag ? start : end
  }

  /// Reads program and process id when a tag stands at the offset; the rest is the message.
  ///
  /// A tag ends with a colon, with brackets, or with both; a bare word is not a tag, as free text
  /// begins with one too.
  @inline(__always)
  private static func readTag(_ line: ByteView, at start: Int, into header: inout SyslogHeader) {
    header.message = line.dropFirst(start)
    guard start < line.count else { return }
    if line[start] == 0x5B {
      readBracketedTag(line, at: start, into: &header)
      return
    }
    if line[start] <= 0x2D, readLoginTag(line, at: start, into: &header) { return }
    var end = firstStop(line, from: start, also: 0x5B, 0x3A)
    while end + 1 < line.count, line[end] == 0x3A, line[end + 1] == 0x3A {
      // Two colons are part of a name, as in `Delayed::Worker[12]:`.
      end = firstStop(line, from: end + 2, also: 0x5B, 0x3A)
    }
    guard end < line.count, end > start else { return }
    switch line[end] {
    case 0x5B: readProcessID(line, from: start, bracket: end, into: &header)
    case 0x3A:
      // Neither `10:15` nor `https://` is a tag.
      if end + 1 < line.count, line[end + 1] == 0x2F || line[end + 1].isDigit { return }
      header.program = line.slice(start, end)
      header.message = text(line, after: end)
    default:
      // An old PAM names its module: `sshd(pam_unix) session opened`.
      guard line[end - 1] == 0x29, line.slice(start, end).firstOffset(of: 0x28) != nil
      else { return }
      header.program = line.slice(start, end)
      header.message = line.dropFirst(end + 1)
    }
  }

  /// Reads `program[123]:`; what is not a number stays part of the name, as in `app[web.1]:`.
  @inline(__always) private static func readProcessID(
    _ line: ByteView, from start: Int, bracket: Int, into header: inout SyslogHeader
  ) {
    guard let close = bracketEnd(line, at: bracket), isTagEnd(line, at: close + 1) else { return }
    let inner = line.slice(bracket + 1, close)
    let isNumber = isNumber(inner)
    header.program = line.slice(start, isNumber ? bracket : close + 1)
    if isNumber { header.pid = inner }
    header.message = text(line, after: close)
  }

  /// Reads `-- root[123]:`, what is left of `login -- root` once login(1) has blanked its own name.
  @inline(never)
  private static func readLoginTag(
    _ line: ByteView, at start: Int, into header: inout SyslogHeader
  ) -> Bool {
    let name = line[start] == 0x20 ? start + 1 : start
    guard line.has("-- ", at: name) else { return false }
    let end = firstStop(line, from: name + 3, also: 0x5B)
    guard end > name + 3, end < line.count, line[end] == 0x5B else { return false }
    readProcessID(line, from: name, bracket: end, into: &header)
    return !header.program.isEmpty
  }

  /// Reads `[program]`, `[program]:` and `[program][123]:`.
  private static func readBracketedTag(
    _ line: ByteView, at start: Int, into header: inout SyslogHeader
  ) {
    guard var close = bracketEnd(line, at: start) else { return }
    let name = line.slice(start + 1, close)
    var pid = line.slice(close, close)
    if close + 1 < line.count, line[close + 1] == 0x5B, let next = bracketEnd(line, at: close + 1) {
      pid = line.slice(close + 2, next)
      guard isNumber(pid) else { return }
      close = next
    }
    // The kernel's `[12345.678901]` is a clock.
    guard !name.isEmpty, name[0].asciiLowered &- 0x61 < 26, isTagEnd(line, at: close + 1)
    else { return }
    header.program = name
    header.pid = pid
    header.message = text(line, after: close)
  }

  /// The text after a tag that ends at `end`: past one colon and one blank.
  @inline(__always) private static func text(_ line: ByteView, after end: Int) -> ByteView {
    var offset = end
    if line[offset] != 0x3A {
      offset += 1
      if offset < line.count, line[offset] == 0x3A { offset += 1 }
    } else {
      offset += 1
    }
    if offset < line.count, line[offset] == 0x20 { offset += 1 }
    return line.dropFirst(offset)
  }

  @inline(__always) private static func isTagEnd(_ line: ByteView, at offset: Int) -> Bool {
    offset == line.count || line[offset] == 0x3A || line[offset] == 0x20
  }

  @inline(__always) private static func isNumber(_ text: ByteView) -> Bool {
    guard text.count > 0, text.count <= 10 else { return false }
    for offset in 0..<text.count where !text[offset].isDigit { return false }
    return true
  }

  /// The offset of the `]` that closes the bracket at `start` within the same word.
  @inline(__always) private static func bracketEnd(_ line: ByteView, at start: Int) -> Int? {
    var offset = start + 1
    while offset < line.count {
      let byte = line[offset]
      if byte == 0x5D { return offset }
      if byte == 0x20 { return nil }
      offset &+= 1
    }
    return nil
  }

  /// The offset of the first blank or other given byte, or the line's length; eight bytes a step.
  @inline(__always) private static func firstStop(
    _ line: ByteView, from start: Int, also first: UInt8, _ second: UInt8 = 0x20
  ) -> Int {
    var offset = start
    while offset &+ 8 <= line.count {
      let word = line.word(at: offset)
      let hits = lanes(word, of: 0x20) | lanes(word, of: first) | lanes(word, of: second)
      if hits != 0 { return offset &+ hits.trailingZeroBitCount >> 3 }
      offset &+= 8
    }
    while offset < line.count {
      let byte = line[offset]
      if byte == 0x20 || byte == first || byte == second { return offset }
      offset &+= 1
    }
    return offset
  }

  /// The top bit of each lane that equals `byte`; lanes above the lowest hit may be set too.
  @inline(__always) private static func lanes(_ word: UInt64, of byte: UInt8) -> UInt64 {
    let differing = word ^ (0x0101_0101_0101_0101 &* UInt64(byte))
    return (differing &- 0x0101_0101_0101_0101) & ~differing & 0x8080_8080_8080_8080
  }
}
