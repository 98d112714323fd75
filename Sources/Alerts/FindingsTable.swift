public import Detectors

/// Findings as a table for a person at a terminal.
///
/// The gravest level comes first, and within a level the oldest. A wide terminal gets the message
/// as the last column, a narrower one on a line of its own; under each finding stands the first
/// line that proves it. Text from logs is cleaned and cut to the width, so that each row of the
/// table is one row of the screen whatever the log says.
public struct FindingsTable {
  /// Cells per line; less than 60 counts as 60.
  public var width: Int
  /// Whether to use colour.
  public var isColoured: Bool
  /// How many findings to show; the totals count all of them.
  public var rowsMax: Int
  /// The local time to show for nanoseconds since 1970 UTC.
  public var time: (Int64) -> String

  /// A table's manner.
  ///
  /// - Parameters:
  ///   - width: Cells per line.
  ///   - isColoured: Whether to use colour.
  ///   - rowsMax: How many findings to show.
  ///   - time: Nanoseconds since 1970 UTC as local time, such as `2026-11-21 17:04:10`.
  public init(
    width: Int, isColoured: Bool = false, rowsMax: Int = .max, time: @escaping (Int64) -> String
  ) {
    (self.width, self.isColoured, self.rowsMax) = (max(width, 60), isColoured, rowsMax)
    self.time = time
  }

  /// The table, each line with its line ending; one sentence when there are no findings.
  public func text(for findings: [Finding]) -> String {
    guard !findings.isEmpty else { return paint("No findings in what was read.", .calm) + "\n" }
    let sorted = findings.sorted(by: FindingsTable.isBefore)
    let rows = sorted.prefix(rowsMax).map { Row($0, time: time) }
    let columns = Columns(rows: rows, width: width)
    var lines = heading(columns)
    for (index, row) in rows.enumerated() {
      if index > 0, rows[index - 1].level != row.level { lines.append("") }
      lines += self.lines(of: row, columns)
    }
    lines.append(paint(String(repeating: "─", count: width), .faint))
    if sorted.count > rows.count {
      lines.append(paint("\(sorted.count - rows.count) more not shown.", .faint))
    }
    lines.append(totals(of: findings))
    return lines.joined(separator: "\n") + "\n"
  }

  /// The order of the table: by falling level, then by time, then by what never ties.
  private static func isBefore(_ left: Finding, _ right: Finding) -> Bool {
    guard left.level == right.level else { return left.level > right.level }
    guard left.start == right.start else { return left.start < right.start }
    return (left.detector, left.subject, left.uid) < (right.detector, right.subject, right.uid)
  }
}

extension FindingsTable {
  /// One finding's cells, cleaned.
  private struct Row {
    let level: Level
    let time, detector, subject, count, message: String
    let evidence: String?

    init(_ finding: Finding, time: (Int64) -> String) {
      level = finding.level
      self.time = TerminalText.cut(TerminalText.clean(time(finding.start), limit: 64), to: 24)
      detector = TerminalText.clean(finding.detector, limit: 256)
      subject = TerminalText.clean(finding.subject, limit: 256)
      count =
        finding.count < 10_000_000 ? "\(finding.count)" : "\(finding.count / 1_000_000)M"
      message = TerminalText.clean(finding.message, limit: 2048)
      evidence = finding.evidence.first.map { line in
        let source = TerminalText.clean(line.source, limit: 256)
        return "\(source)\(line.lineMark)  \(TerminalText.clean(line.raw, limit: 1024))"
      }
    }
  }

  /// The widths of the columns; a message width of zero means that it has a line of its own.
  private struct Columns {
    let level, time, count: Int
    var detector, subject, message: Int
    /// Where everything under a finding's first line starts.
    var indent: Int { level + Columns.gap }

    static let gap = 2
    /// A message column narrower than this reads worse than a line of its own.
    static let messageMin = 60
    static let subjectMin = 10

    init(rows: [Row], width: Int) {
      func widest(_ title: String, _ cell: (Row) -> String) -> Int {
        rows.reduce(title.utf8.count) { max($0, TerminalText.width(cell($1))) }
      }
      level = widest("LEVEL") { $0.level.label }
      time = widest("TIME", \.time)
      count = widest("COUNT", \.count)
      detector = min(widest("DETECTOR", \.detector), 32)
      subject = min(widest("SUBJECT", \.subject), 32)
      let left = width - level - time - count - 4 * Columns.gap
      let forMessage = left - detector - subject - Columns.gap
      message = forMessage >= Columns.messageMin ? forMessage : 0
      guard message == 0 else { return }
      // On a narrow terminal the subject gives way first, down to its least, then the detector.
      subject = min(subject, max(left - detector, min(Columns.subjectMin, left / 2)))
      detector = min(detector, left - subject)
    }
  }

  private func heading(_ columns: Columns) -> [String] {
    var line = joined(
      TerminalText.pad("LEVEL", to: columns.level), TerminalText.pad("TIME", to: columns.time),
      TerminalText.pad("DETECTOR", to: columns.detector),
      TerminalText.pad("SUBJECT", to: columns.subject), rightAligned("COUNT", in: columns.count))
    if columns.message > 0 { line = joined(line, "MESSAGE") }
    return [paint(line, .strong), paint(String(repeating: "─", count: width), .faint)]
  }

  private func lines(of row: Row, _ columns: Columns) -> [String] {
    let blank = String(repeating: " ", count: columns.indent)
    var first = joined(
      paint(row.level.label, Paint(row.level), padded: columns.level),
      TerminalText.pad(row.time, to: columns.time),
      TerminalText.pad(row.detector, to: columns.detector),
      paint(TerminalText.cut(row.subject, to: columns.subject), .strong, padded: columns.subject),
      rightAligned(row.count, in: columns.count))
    var lines: [String] = []
    if columns.message > 0 {
      let message = TerminalText.wrap(row.message, to: columns.message, linesMax: 3)
      first = joined(first, message.first ?? "")
      let margin = String(repeating: " ", count: width - columns.message)
      lines = [first] + message.dropFirst().map { margin + $0 }
    } else {
      let message = TerminalText.wrap(row.message, to: width - columns.indent, linesMax: 3)
      lines = [first] + message.map { blank + $0 }
    }
    if let evidence = row.evidence {
      lines.append(blank + paint(TerminalText.cut(evidence, to: width - columns.indent), .faint))
    }
    return lines.map(\.droppingLastBlanks)
  }

  private func totals(of findings: [Finding]) -> String {
    let counts = Level.allCases.reversed().compactMap { level -> String? in
      let count = findings.count { $0.level == level }
      return count == 0 ? nil : paint("\(count) \(level.label)", Paint(level))
    }
    let total = findings.count == 1 ? "1 finding" : "\(findings.count) findings"
    return paint(total, .strong) + ": " + counts.joined(separator: " · ")
  }

  private func joined(_ cells: String...) -> String {
    cells.joined(separator: String(repeating: " ", count: Columns.gap))
  }

  private func rightAligned(_ text: String, in width: Int) -> String {
    String(repeating: " ", count: max(0, width - TerminalText.width(text))) + text
  }
}

extension FindingsTable {
  /// What a piece of the table looks like in colour; the values are ANSI's.
  private enum Paint: String {
    case alarm = "1;97;41"
    case red = "1;31"
    case yellow = "33"
    case blue = "36"
    case calm = "32"
    case strong = "1"
    case faint = "2"

    init(_ level: Level) {
      switch level {
      case .critical: self = .alarm
      case .high: self = .red
      case .medium: self = .yellow
      case .low: self = .blue
      case .informational: self = .faint
      }
    }
  }

  /// The text in colour, followed by blanks without it up to `width` cells.
  private func paint(_ text: String, _ paint: Paint, padded width: Int = 0) -> String {
    let blanks = String(repeating: " ", count: max(0, width - TerminalText.width(text)))
    return (isColoured ? "\u{1b}[\(paint.rawValue)m\(text)\u{1b}[0m" : text) + blanks
  }
}

extension Level {
  /// The level's word, shortened where it would widen the table for the least of findings.
  fileprivate var label: String { self == .informational ? "info" : name }
}

extension String {
  fileprivate var droppingLastBlanks: String {
    var text = self[...]
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
