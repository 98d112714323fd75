public import Bytes

/// One entry of the systemd journal, as `journalctl --output=json` writes it: a program's text, and what
/// the journal knows of the program.
///
/// Fields whose names begin with an underscore were written by the journal; the others by the program,
/// which can write what it likes. Of a field with several values the first counts.
///
/// - SeeAlso: systemd.journal-fields(7), and *Journal JSON Format* of systemd.
public struct JournalEntry: Sendable {
  /// The program's text, without its line ending: `MESSAGE`; `nil` when there is none.
  public private(set) var message: ByteView?
  /// Whether there is a text that `journalctl` left out because it was large.
  public private(set) var isLeftOut = false
  /// The machine: `_HOSTNAME`.
  public private(set) var host = ByteView.empty
  /// What the program calls itself, `SYSLOG_IDENTIFIER`, else what is running: `_COMM`.
  public private(set) var program = ByteView.empty
  /// The process: `_PID`, else what it says of itself: `SYSLOG_PID`.
  public private(set) var pid = ByteView.empty
  /// The unit that the process belongs to: `_SYSTEMD_UNIT`.
  public private(set) var unit = ByteView.empty
  /// When the text was sent, else when it came: microseconds since 1970, as written.
  public private(set) var time = ByteView.empty
  /// Facility times eight plus severity, or -1 when there is no severity.
  public private(set) var priority: Int16 = -1

  /// Whether a line looks like an entry: it has the cursor and the time that every entry has.
  public static func isOne(_ line: ByteView) -> Bool {
    // Within a text the quotes would be escaped.
    line.hasPrefix("{") && line.firstOffset(of: "\"__CURSOR\"", from: 0) != nil
      && line.firstOffset(of: "\"__REALTIME_TIMESTAMP\"", from: 0) != nil
  }

  /// Reads a line that must be one JSON object.
  ///
  /// - Parameter scratch: Where texts go that do not stand in the line as such; readable as long as
  ///   that is.
  /// - Throws: ``JSONError`` naming the first offending byte.
  /// - Complexity: O(*n*).
  public init(_ line: ByteView, _ scratch: Scratch) throws(JSONError) {
    var (command, claimedPID, sent) = (ByteView.empty, ByteView.empty, ByteView.empty)
    var (severity, facility) = (ByteView.empty, ByteView.empty)
    try JSONCursor.readObject(line, scratch) { (key, cursor) throws(JSONError) in
      let start = cursor.offset
      try cursor.skipValue(depth: 1)
      let value = line.slice(start, cursor.offset)
      func text() throws(JSONError) -> ByteView {
        try JournalEntry.text(value, at: start, scratch) ?? .empty
      }
      if key.equals("MESSAGE") {
        message = try JournalEntry.text(value, at: start, scratch)?.withoutEnding
        isLeftOut = value.equals("null")
      } else if key.equals("_HOSTNAME") {
        host = try text()
      } else if key.equals("SYSLOG_IDENTIFIER") {
        program = try text()
      } else if key.equals("_COMM") {
        command = try text()
      } else if key.equals("_PID") {
        pid = try text()
      } else if key.equals("SYSLOG_PID") {
        claimedPID = try text()
      } else if key.equals("_SYSTEMD_UNIT") {
        unit = try text()
      } else if key.equals("_SOURCE_REALTIME_TIMESTAMP") {
        sent = try text()
      } else if key.equals("__REALTIME_TIMESTAMP") {
        time = try text()
      } else if key.equals("PRIORITY") {
        severity = try text()
      } else if key.equals("SYSLOG_FACILITY") {
        facility = try text()
      }
    }
    if program.isEmpty { program = command }
    if pid.isEmpty { pid = claimedPID }
    if (sent.decimal ?? 0) > 0 { time = sent }
    if let severity = severity.decimal, severity < 8 {
      // Without a facility it is the user's, as with syslog(3).
      let facility = facility.decimal.flatMap { $0 < 24 ? $0 : nil } ?? 1
      priority = Int16(facility << 3 | severity)
    }
  }

  /// Whether a text is one JSON object.
  public static func isObject(_ text: ByteView) -> Bool {
    var cursor = JSONCursor(text)
    cursor.skipSpace()
    guard cursor.offset < text.count, text[cursor.offset] == UInt8(ascii: "{"),
      (try? cursor.skipValue(depth: 0)) != nil
    else { return false }
    cursor.skipSpace()
    return cursor.offset == text.count
  }

  /// The text of a value: a string, the numbers of its bytes, or the first of several of these.
  ///
  /// - Parameters:
  ///   - value: A value that was found to be JSON.
  ///   - start: Where it stands in the line.
  private static func text(
    _ value: ByteView, at start: Int, _ scratch: Scratch
  ) throws(JSONError) -> ByteView? {
    var cursor = JSONCursor(value)
    var depth = 0
    // Several values, the first of which may be a list of bytes itself.
    while depth < 2, cursor.take(UInt8(ascii: "[")) {
      cursor.skipSpace()
      depth += 1
    }
    guard cursor.offset < value.count else { return nil }
    switch value[cursor.offset] {
    case UInt8(ascii: "\""): return try cursor.readString(scratch)
    case UInt8(ascii: "0")...UInt8(ascii: "9"):
      if depth == 0 { return value }
      return try bytes(value, from: cursor.offset, at: start, scratch)
    default: return nil
    }
  }

  /// The bytes whose numbers stand in a list.
  private static func bytes(
    _ list: ByteView, from offset: Int, at start: Int, _ scratch: Scratch
  ) throws(JSONError) -> ByteView {
    var wrong: Int?
    let text = unsafe scratch.write(capacity: (list.count - offset) / 2 + 1) { room in
      var (place, count) = (offset, 0)
      while place < list.count, list[place] != UInt8(ascii: "]") {
        let first = place
        var number = 0
        while place < list.count, list[place].isDigit, number < 256 {
          number = number * 10 + Int(list[place] - 0x30)
          place += 1
        }
        guard place > first, number < 256 else {
          wrong = first
          break
        }
        // SAFETY: each number takes a digit and what parts it from the next, so it has its room.
        unsafe room[count] = UInt8(number)
        count += 1
        while place < list.count, list[place] <= 0x20 || list[place] == UInt8(ascii: ",") {
          place += 1
        }
      }
      return count
    }
    if let wrong { throw JSONError(.badNumber, at: start + wrong) }
    return text
  }
}
