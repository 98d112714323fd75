import Alerts

/// Text for a person: numbered sections, and names beside values in two columns.
///
/// Whatever a log wrote is made harmless on its way in.
struct Sheet {
  private(set) var text = ""
  private let width: Int
  private let isColoured: Bool
  private var rows: [(name: String, value: String)] = []
  private var sectionCount = 0
  /// Names longer than this get a line of their own.
  private static let nameMax = 32

  /// - Parameters:
  ///   - width: Terminal cells a line.
  ///   - isColoured: Whether headings are bold.
  init(width: Int, isColoured: Bool) {
    self.width = max(40, width)
    self.isColoured = isColoured
  }

  /// Begins a section.
  mutating func section(_ title: String) {
    flush()
    sectionCount += 1
    if sectionCount > 1 { text += "\n" }
    let heading = "\(sectionCount)  \(TerminalText.clean(title))"
    text += isColoured ? "\u{1B}[1m\(heading)\u{1B}[0m\n" : heading + "\n"
  }

  /// Adds a name and its value.
  mutating func row(_ name: String, _ value: String) {
    rows.append((TerminalText.clean(name), TerminalText.clean(value)))
  }

  /// Adds a sentence over the whole width.
  mutating func line(_ sentence: String, indent: Int = 3) {
    flush()
    let indent = String(repeating: " ", count: indent)
    for part in TerminalText.wrap(TerminalText.clean(sentence), to: width - indent.utf8.count) {
      text += indent + part + "\n"
    }
  }

  /// Adds a line as it is, so that what stands below it can point into it.
  mutating func exact(_ line: String) {
    flush()
    text += line + "\n"
  }

  /// Writes the rows so far, aligned among themselves.
  mutating func flush() {
    let names = rows.map { TerminalText.width($0.name) }
    let column = names.filter { $0 <= Sheet.nameMax }.max() ?? 0
    let margin = String(repeating: " ", count: 3 + column + 2)
    for (row, count) in zip(rows, names) {
      let values = TerminalText.wrap(row.value, to: max(20, width - margin.utf8.count))
      text += "   " + row.name
      if count > Sheet.nameMax {
        text += "\n" + margin
      } else {
        text += String(repeating: " ", count: column - count + 2)
      }
      text += values.joined(separator: "\n" + margin) + "\n"
    }
    rows = []
  }
}

extension String {
  /// The text between backticks, cut when it is long.
  var quoted: String {
    let limit = 160
    return count > limit ? "`\(prefix(limit))…`" : "`\(self)`"
  }
}

/// How long something took, in the two largest units.
func lengthOfTime(_ seconds: Int64) -> String {
  let (days, hours, minutes) = (seconds / 86_400, seconds / 3600 % 24, seconds / 60 % 60)
  if days > 0 { return hours > 0 ? "\(days) d \(hours) h" : "\(days) d" }
  if hours > 0 { return minutes > 0 ? "\(hours) h \(minutes) min" : "\(hours) h" }
  if minutes > 0 { return seconds % 60 > 0 ? "\(minutes) min \(seconds % 60) s" : "\(minutes) min" }
  return "\(seconds) s"
}
