import Bytes
import Formats

/// The columns of PostgreSQL's `csvlog`, under the names that its `jsonlog` has for the same.
enum CSVLog {
  /// How a column is written; whatever is not there is empty and has no quotes.
  enum Sort {
    /// In quotes.
    case text
    /// Without quotes: times, ids and words of the server's own.
    case word
    case number
    /// `host:port` or `[local]`, in quotes; `remote_host` and `remote_port`.
    case peer
  }
  static let columns: [(name: StaticString, sort: Sort)] = [
    ("timestamp", .word), ("user", .text), ("dbname", .text), ("pid", .number),
    ("remote_host", .peer), ("session_id", .word), ("line_num", .number), ("ps", .text),
    ("session_start", .word), ("vxid", .word), ("txid", .number), ("error_severity", .word),
    ("state_code", .word), ("message", .text), ("detail", .text), ("hint", .text),
    ("internal_query", .text), ("internal_position", .number), ("context", .text),
    ("statement", .text), ("cursor_position", .number), ("location", .text),
    ("application_name", .text), ("backend_type", .text), ("leader_pid", .number),
    ("query_id", .number),
  ]
  /// The place of the port, which has no column of its own; and of the message, which each record has.
  static let (port, message) = (columns.count, 13)

  /// The place of a name of `jsonlog`.
  static func place(of name: String) -> Int? { places[name] }

  private static let places: [String: Int] = {
    var places = ["remote_port": port]
    for (place, column) in columns.enumerated() { places["\(column.name)"] = place }
    return places
  }()

  /// Whether a line begins a record: a time with its zone, then user, database and process.
  ///
  /// It is judged alone, so a statement of several lines may hold one that looks the same; then it has no text in
  /// quotes that are written once, and is refused.
  static func begins(_ line: ByteView) -> Bool {
    guard line.count > 24, line[0].isDigit, line[4] == UInt8(ascii: "-"),
      let comma = line.prefix(min(40, line.count)).firstOffset(of: UInt8(ascii: ",")), comma >= 23,
      let stamp = Timestamps.rfc3339(line)
    else { return false }
    // The zone is `UTC`, `CET` or `+01`; what the stamp did not read of it are letters.
    for place in stamp.end..<max(stamp.end, comma) {
      let byte = line[place]
      guard
        byte == 0x20 || (byte | 0x20) &- 0x61 < 26 || byte == 0x2B || byte == 0x2D || byte.isDigit
      else { return false }
    }
    return true
  }

  /// Whether a line is the beginning of a record, looked at more closely than for where records are parted.
  static func isOne(_ line: ByteView) -> Bool {
    guard begins(line) else { return false }
    var values = CommaValues(line)
    for column in 0..<4 {
      guard let value = try? values.next() else { return false }
      switch columns[column].sort {
      case .text: if !value.isQuoted, !value.text.isEmpty { return false }
      case .number: if value.isQuoted || value.text.decimal == nil { return false }
      case .word, .peer: break
      }
    }
    return true
  }
}

extension Normaliser {
  /// Reads a record of `csvlog` into the parts that one of `jsonlog` would fill, for the same mapping to take.
  mutating func readCSVLog(_ event: Event) throws(Rejection) {
    var values = CommaValues(event.line)
    var count = 0
    while count < CSVLog.columns.count {
      let found: CommaValues.Value?
      do {
        found = try values.next()
      } catch {
        throw Rejection("csvlog-bad-quotes", at: error.offset)
      }
      guard let value = found else { break }
      try take(value, column: count, event)
      count += 1
    }
    // What is cut before its message says nothing.
    guard count > CSVLog.message else { throw Rejection("csvlog-too-short", at: event.line.count) }
    try mapJSON(event)
  }

  private func take(
    _ value: CommaValues.Value, column: Int, _ event: Event
  ) throws(Rejection) {
    let offset = max(0, value.text.address &- event.line.address).asOffset
    let sort = CSVLog.columns[column].sort
    // Somebody's text stands in quotes, and nothing of the server's own does: what imitates a record within a
    // statement can not have it so.
    let isText = sort == .text || sort == .peer
    guard value.text.isEmpty || value.isQuoted == isText else {
      throw Rejection("csvlog-bad-quotes", at: offset)
    }
    guard column != CSVLog.message || value.isQuoted else {
      throw Rejection("csvlog-no-message", at: offset)
    }
    guard !value.text.isEmpty else { return }
    // Time and message are known whatever mappings there are.
    if column == 0 { event.set(.timestamp, value.text) }
    if column == CSVLog.message { event.set(.message, value.unescaped(event.scratch)) }
    switch sort {
    case .text: put(.text(value.unescaped(event.scratch)), column, event)
    case .word:
      // Nothing went wrong: `jsonlog` leaves the code out.
      if column == 12, value.text.equals("00000") { return }
      put(.text(value.text), column, event)
    case .number:
      guard let number = value.text.signedDecimal else {
        throw Rejection("csvlog-bad-number", at: offset)
      }
      put(.integer(number), column, event)
    case .peer:
      guard let colon = value.text.lastOffset(of: UInt8(ascii: ":")),
        let port = value.text.dropFirst(colon + 1).decimal, port < 65_536
      else { return put(.text(value.text), column, event) }
      put(.text(value.text.prefix(colon)), column, event)
      put(.integer(Int64(port)), CSVLog.port, event)
    }
  }

  /// Sets every slot that somebody wants of a column.
  private func put(_ value: Value, _ column: Int, _ event: Event) {
    for slot in csvSlots[column] { event.set(slot: slot, value) }
  }
}

extension UInt {
  /// A distance as an offset.
  fileprivate var asOffset: Int { Int(clamping: self) }
}

extension ByteView {
  /// A whole number with or without a minus, as far as 64 bits hold it.
  fileprivate var signedDecimal: Int64? {
    let isNegative = count > 1 && self[0] == UInt8(ascii: "-")
    guard let value = (isNegative ? dropFirst(1) : self).decimal else { return nil }
    if isNegative { return value <= UInt64(Int64.max) ? -Int64(value) : nil }
    return Int64(exactly: value)
  }
}
