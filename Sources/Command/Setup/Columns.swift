import Alerts

/// Rows of text in columns that are as wide as what stands in them.
enum Columns {
  /// The widest that a column is made; what is longer stands out.
  private static let widthMax = 40

  /// Writes rows to standard output; the last two columns are as long as they are.
  static func write(_ rows: [[String]]) {
    var widths: [Int] = []
    let clean = rows.map { $0.map { TerminalText.clean($0) } }
    for row in clean {
      for (place, text) in row.enumerated() {
        if place == widths.count { widths.append(0) }
        if text.count <= widthMax { widths[place] = max(widths[place], text.count) }
      }
    }
    for row in clean {
      let cells = row.enumerated().map { place, text in
        let pad = place < row.count - 1 ? max(0, widths[place] - text.count) : 0
        return text + String(repeating: " ", count: pad)
      }
      Console.out(cells.joined(separator: "  ") + "\n")
    }
  }
}
