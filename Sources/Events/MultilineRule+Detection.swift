public import Bytes

extension MultilineRule {
  /// The shipped rule that a log's first lines ask for, or `nil` when each line is a record.
  ///
  /// PostgreSQL is known by its severities after a time and a process id, a log with stack traces by a
  /// frame or an opening line of one. Only logs whose records begin with a time are looked at, so that
  /// what has none belongs to the line before, whatever an exception's message says.
  public static func detect(_ head: ByteView, format: LineFormat) -> MultilineRule? {
    // A statement or a user's name of several lines may come at any time.
    if format == .csvlog { return named("postgresql-csv") }
    guard format == .rfc3164 else { return nil }
    var (start, lines) = (0, 0)
    var (stamped, postgresql, traces) = (0, 0, 0)
    while start < head.count, lines < 1000 {
      let end = head.firstOffset(of: 0x0A, from: start) ?? head.count
      let line = LineScanner.trimmed(head.slice(start, end))
      if beginsWithTime(line) {
        stamped += 1
        if isPostgreSQL(line) { postgresql += 1 }
      } else if stamped > 0, isTrace(line) {
        traces += 1
      }
      start = end + 1
      lines += 1
    }
    if postgresql > 0, postgresql * 2 > stamped { return named("postgresql") }
    return traces > 0 ? named("time") : nil
  }

  /// Whether a stamped line is one of PostgreSQL's: `[pid]` and then a label and two blanks.
  private static func isPostgreSQL(_ line: ByteView) -> Bool {
    guard let bracket = line.prefix(min(60, line.count)).firstOffset(of: 0x5B),
      bracket + 1 < line.count, line[bracket + 1].isDigit,
      let close = line.firstOffset(of: 0x5D, from: bracket), line.has("] ", at: close),
      let colon = line.firstOffset(of: ":  ", from: close)
    else { return false }
    guard !isPostgreSQLDetail(line) else { return true }
    let blank = line.lastOffset(of: 0x20, before: colon) ?? bracket
    return line.slice(blank + 1, colon).isPostgreSQLSeverity
  }
}
