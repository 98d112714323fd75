import Bytes

/// The `<priority>` that opens a syslog message.
enum SyslogPriority {
  /// Reads `<0>` through `<191>`; leading zeros are refused.
  ///
  /// - Returns: Facility times eight plus severity, and the offset past `>`.
  /// - SeeAlso: RFC 5424, section 6.2.1.
  @inline(__always)
  static func read(_ line: ByteView) throws(SyslogError) -> (value: Int16, end: Int) {
    guard line.count > 0, line[0] == 0x3C else { throw SyslogError(.noPriority, at: 0) }
    var value: Int16 = 0
    var end = 1
    // A leading zero ends the number, so `<034>` is refused as the RFC asks.
    while end < min(4, line.count), end == 1 || value > 0 {
      let digit = line[end] &- 0x30
      guard digit < 10 else { break }
      value = value &* 10 &+ Int16(digit)
      end &+= 1
    }
    guard end > 1, end < line.count, line[end] == 0x3E
    else { throw SyslogError(.noPriority, at: end) }
    guard value <= 191 else { throw SyslogError(.priorityAbove191, at: 1) }
    return (value, end + 1)
  }

  /// Reads `<auth.info>` or `<4.6>`, which BSD writes into files when told to be verbose.
  ///
  /// - Returns: The priority and the offset past `>`, or `nil` when something else stands there.
  static func readNames(_ line: ByteView, at start: Int) -> (value: Int16, end: Int)? {
    guard start < line.count, line[start] == 0x3C else { return nil }
    // The longest pair is `authpriv.critical`.
    let limit = min(line.count, start + 20)
    guard let close = line.prefix(limit).firstOffset(of: 0x3E, from: start),
      let dot = line.prefix(close).firstOffset(of: 0x2E, from: start)
    else { return nil }
    guard let facility = code(line.slice(start + 1, dot), facility, max: 23),
      let severity = code(line.slice(dot + 1, close), severity, max: 7)
    else { return nil }
    return (facility * 8 + severity, close + 1)
  }

  private static func code(
    _ text: ByteView, _ named: (ByteView) -> Int16?, max: UInt64
  ) -> Int16? {
    if let number = text.decimal { return number <= max ? Int16(number) : nil }
    return named(text)
  }

  private static func facility(_ name: ByteView) -> Int16? {
    if name.count == 6, name.hasPrefix("local"), name[5] &- 0x30 < 8 {
      return 16 + Int16(name[5] &- 0x30)
    }
    if name.equals("kern") { return 0 }
    if name.equals("user") { return 1 }
    if name.equals("mail") { return 2 }
    if name.equals("daemon") { return 3 }
    if name.equals("auth") { return 4 }
    if name.equals("syslog") { return 5 }
    if name.equals("lpr") { return 6 }
    if name.equals("news") { return 7 }
    if name.equals("uucp") { return 8 }
    if name.equals("cron") { return 9 }
    if name.equals("authpriv") { return 10 }
    if name.equals("ftp") { return 11 }
    if name.equals("ntp") { return 12 }
    if name.equals("security") { return 13 }
    return name.equals("console") ? 14 : nil
  }

  private static func severity(_ name: ByteView) -> Int16? {
    if name.equals("emerg") || name.equals("panic") { return 0 }
    if name.equals("alert") { return 1 }
    if name.equals("crit") || name.equals("critical") { return 2 }
    if name.equals("err") || name.equals("error") { return 3 }
    if name.equals("warning") || name.equals("warn") { return 4 }
    if name.equals("notice") { return 5 }
    if name.equals("info") { return 6 }
    return name.equals("debug") ? 7 : nil
  }
}
