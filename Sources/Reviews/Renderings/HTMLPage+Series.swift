/// Charts of counts that belong together: bars in parts, and lines by day.
extension HTMLPage {
  private static let left = 190

  /// How far a count reaches; saturates instead of overflowing.
  private static func length(_ count: Int, of most: Int, room: Int) -> Int {
    Int((Double(count) / Double(max(1, most)) * Double(room)).rounded())
  }

  mutating func writeStacks(_ chart: Review.StackChart) {
    openFigure(chart.id, chart.title)
    if chart.bars.isEmpty {
      writeNone(chart.empty.isEmpty ? chart.completeness.ratio : chart.empty)
      return closeFigure(chart.completeness)
    }
    let bars = chart.bars.prefix(Limits.chartRowsMax)
    let most = bars.map { $0.counts.reduce(0, &+) }.max() ?? 0
    let (room, height, step) = (940 - HTMLPage.left - 190, 20, 27)
    let sums = chart.key.indices.map { part in
      "\(grouped(chart.bars.reduce(0) { $0 &+ ($1.counts.dropFirst(part).first ?? 0) })) "
        + chart.key[part].label
    }
    openChart(
      chart.id, chart.title, height: bars.count * step + 4,
      "\(counted(chart.bars.count, "bar", "bars")): \(sentenceList(sums)).")
    for (place, bar) in bars.enumerated() {
      let top = place * step + 3
      writeName(bar.name, y: top + 14)
      var x = HTMLPage.left
      for (part, count) in zip(chart.key, bar.counts) where count > 0 {
        // Whatever is there is seen, however much else there is.
        let width = max(3, HTMLPage.length(count, of: most, room: room))
        text +=
          "<rect class=\"\(part.shade.rawValue)\" x=\"\(x)\" y=\"\(top)\" width=\"\(width - 1)\" "
        text += "height=\"\(height)\"><title>\(escapedHTML(bar.name)): \(grouped(count)) "
        text += "\(escapedHTML(part.label))</title></rect>"
        if width > 9 + 7 * shortText(count).utf8.count {
          text +=
            "<text class=\"in \(part.shade.rawValue)\" x=\"\(x + width / 2)\" y=\"\(top + 14)\">"
          text += "\(shortText(count))</text>"
        }
        x += width
      }
      text +=
        "<text class=\"row\" x=\"\(x + 8)\" y=\"\(top + 14)\">\(escapedHTML(bar.note))</text>\n"
    }
    text +=
      "<line class=\"axis\" x1=\"\(HTMLPage.left)\" x2=\"\(HTMLPage.left)\" y1=\"0\" y2=\"\(bars.count * step + 2)\"/>\n"
    text += "</svg>\n</div>\n<p class=\"key\">"
    for part in chart.key {
      text += "<span><b class=\"fill \(part.shade.rawValue)\"></b>\(escapedHTML(part.label))</span>"
    }
    text += "</p>\n"
    writeCut(chart.bars.count, Limits.chartRowsMax, "bars")
    closeFigure(chart.completeness)
  }

  mutating func writeLines(_ chart: Review.LineChart) {
    openFigure(chart.id, chart.title)
    if chart.rows.isEmpty {
      writeNone(chart.empty.isEmpty ? chart.completeness.ratio : chart.empty)
      return closeFigure(chart.completeness)
    }
    let rows = chart.rows.prefix(Limits.chartRowsMax)
    let (height, step) = (64, (940 - HTMLPage.left - 190) / max(1, month.dayCount))
    let right = HTMLPage.left + step * (month.dayCount - 1)
    openChart(
      chart.id, chart.title, height: rows.count * (height + 18) + 22,
      rows.map { "\($0.name): \(grouped($0.values.last ?? 0)) at last, \($0.mark.label)" }
        .joined(separator: "; ") + ".")
    for (place, row) in rows.enumerated() {
      let (top, base) = (place * (height + 18) + 8, place * (height + 18) + 8 + height)
      let most = max(1, row.values.max() ?? 0, row.target.max() ?? 0)
      func points(_ values: [Int]) -> String {
        values.enumerated().map { day, value in
          "\(HTMLPage.left + day * step),\(base - HTMLPage.length(value, of: most, room: height))"
        }.joined(separator: " ")
      }
      writeName(row.name, y: top + height / 2 + 4)
      text +=
        "<text class=\"end\" x=\"\(HTMLPage.left - 4)\" y=\"\(top + 5)\">\(shortText(most))</text>"
      text += "<text class=\"end\" x=\"\(HTMLPage.left - 4)\" y=\"\(base + 3)\">0</text>\n"
      text +=
        "<line class=\"grid\" x1=\"\(HTMLPage.left)\" x2=\"\(right)\" y1=\"\(top)\" y2=\"\(top)\"/>"
      text +=
        "<line class=\"axis\" x1=\"\(HTMLPage.left)\" x2=\"\(right)\" y1=\"\(base)\" y2=\"\(base)\"/>\n"
      text += "<polyline class=\"dashed\" points=\"\(points(row.target))\"/>"
      text += "<polyline class=\"line \(row.mark.tone.rawValue)\" points=\"\(points(row.values))\">"
      text += "<title>\(escapedHTML(row.name)): \(escapedHTML(row.mark.label))</title></polyline>\n"
      let words = HTMLPage.broken(row.mark.label)
      for (line, part) in words.enumerated() {
        text += "<text class=\"row\" x=\"\(right + 14)\" y=\"\(top + 22 + line * 15)\">"
        text += "\(escapedHTML(part))</text>"
      }
      text += "\n"
    }
    for day in stride(from: 1, through: month.dayCount, by: 5) {
      text += "<text class=\"mid\" x=\"\(HTMLPage.left + (day - 1) * step)\" "
      text += "y=\"\(rows.count * (height + 18) + 16)\">\(day)</text>"
    }
    text +=
      "\n</svg>\n</div>\n<p class=\"key\"><span><b class=\"stroke\"></b>\(escapedHTML(chart.line))"
    text += "</span><span><b class=\"stroke dashed\"></b>\(escapedHTML(chart.dashed))</span></p>\n"
    writeCut(chart.rows.count, Limits.chartRowsMax, "rows")
    closeFigure(chart.completeness)
  }

  mutating func writeNone(_ sentence: String) {
    text += "<p class=\"none\">\(escapedHTML(sentence))</p>\n"
  }

  /// A label in lines that fit beside a chart, three at most.
  private static func broken(_ label: String) -> [String] {
    var lines: [String] = []
    for word in label.split(separator: " ") {
      if let last = lines.last, last.unicodeScalars.count + word.unicodeScalars.count < 28 {
        lines[lines.count - 1] = last + " " + word
      } else {
        lines.append(String(word.unicodeScalars.prefix(28)))
      }
    }
    return Array(lines.prefix(3))
  }
}
