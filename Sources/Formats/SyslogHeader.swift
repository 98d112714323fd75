public import Bytes

/// The parts of one syslog message, as views of its line; what is absent is empty.
public struct SyslogHeader: Sendable {
  /// Facility times eight plus severity, 0 through 191; -1 when the line gives none.
  public var priority: Int16 = -1
  /// The version of RFC 5424; 0 for RFC 3164 and lines stamped in its manner.
  public var version: UInt16 = 0
  /// The time; without a year it is to be completed with a `YearRule`.
  public var stamp: Stamp?
  /// The sending host.
  public var host: ByteView
  /// The program; RFC 5424 calls it APP-NAME, RFC 3164 the tag.
  public var program: ByteView
  /// The process id; digits only in RFC 3164.
  public var pid: ByteView
  /// The kind of message; RFC 5424 only.
  public var messageID: ByteView
  /// All structured data with its brackets, for ``StructuredData`` to walk; RFC 5424 only.
  public var structuredData: ByteView
  /// The text; without the byte order mark that RFC 5424 allows before it.
  public var message: ByteView

  /// A header with nothing in it.
  @inlinable @inline(__always) public init() {
    let nothing = ByteView.empty
    host = nothing
    program = nothing
    pid = nothing
    messageID = nothing
    structuredData = nothing
    message = nothing
  }

  /// Takes everything out again.
  @inlinable @inline(__always) mutating func clear() {
    let nothing = ByteView.empty
    priority = -1
    version = 0
    stamp = nil
    host = nothing
    program = nothing
    pid = nothing
    messageID = nothing
    structuredData = nothing
    message = nothing
  }

  /// The facility, 0 through 23, or -1 when there is no priority.
  public var facility: Int16 { priority < 0 ? -1 : priority >> 3 }

  /// The severity, 0 (emergency) through 7 (debug), or -1 when there is no priority.
  public var severity: Int16 { priority < 0 ? -1 : priority & 7 }
}

/// Reads whichever of the two syslog formats a line has.
public enum Syslog {
  /// Reads one message.
  ///
  /// - Parameters:
  ///   - line: One framed message, without its line ending.
  ///   - cache: The last time that was read from this source.
  /// - Throws: ``SyslogError``; a line that begins like RFC 5424 is held to all of it.
  @inlinable public static func parse(
    _ line: ByteView, cache: inout StampCache
  ) throws(SyslogError) -> SyslogHeader {
    isRFC5424(line)
      ? try RFC5424.parse(line, cache: &cache) : try RFC3164.parse(line, cache: &cache)
  }

  /// Reads one message into a header, whatever that held before.
  ///
  /// - Throws: ``SyslogError``; the header then holds what was read so far.
  @inlinable public static func parse(
    _ line: ByteView, cache: inout StampCache, into header: inout SyslogHeader
  ) throws(SyslogError) {
    if isRFC5424(line) {
      header = try RFC5424.parse(line, cache: &cache)
    } else {
      header.clear()
      try RFC3164.read(line, cache: &cache, into: &header)
    }
  }

  /// Whether a line begins with `<priority>`, one to three digits and a blank.
  @inlinable public static func isRFC5424(_ line: ByteView) -> Bool {
    guard line.count > 4, line[0] == 0x3C else { return false }
    var offset = 1
    while offset < min(4, line.count), line[offset].isDigit { offset += 1 }
    guard offset > 1, offset < line.count, line[offset] == 0x3E else { return false }
    let start = offset + 1
    offset = start
    while offset < min(start + 3, line.count), line[offset].isDigit { offset += 1 }
    return offset > start && offset < line.count && line[offset] == 0x20
  }
}
