/// Charts as inline SVG: a title and a description for who hears the page, a title for each bar, and a sign
/// where colour would otherwise speak alone.
extension HTMLPage {
  private static let left = 190

  /// Opens a figure with its picture; the description says what a reader would see.
  mutating func openChart(
    _ id: String, _ title: String, height: Int, _ description: String
  ) {
    let id = escapedHTML(id)
    text +=
      "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"\(escapedHTML(title))\">\n"
    text += "<svg viewBox=\"0 0 940 \(height)\" role=\"img\" aria-labelledby=\"t-\(id) d-\(id)\">"
    text += "<title id=\"t-\(id)\">\(escapedHTML(title))</title>"
    text += "<desc id=\"d-\(id)\">\(escapedHTML(description))</desc>\n"
  }

  mutating func openFigure(_ id: String, _ title: String) {
    text +=
      "<figure id=\"chart-\(escapedHTML(id))\">\n<figcaption>\(escapedHTML(title))</figcaption>\n"
  }

  mutating func closeFigure(_ whole: Review.Completeness) {
    writeCompleteness(whole)
    text += "</figure>\n"
  }

  /// A name that fits in front of a row, whole in the title.
  mutating func writeName(_ name: String, y: Int) {
    let shown = name.unicodeScalars.count > 26 ? "\(String(name.unicodeScalars.prefix(25)))…" : name
    text += "<text class=\"end row\" x=\"\(HTMLPage.left - 10)\" y=\"\(y)\">\(escapedHTML(shown))"
    text += "<title>\(escapedHTML(name))</title></text>\n"
  }

  private mutating func writeKey(_ marks: [Mark]) {
    text += "<p class=\"key\">"
    for mark in marks {
      text += "<span class=\"mark \(mark.tone.rawValue)\">\(escapedHTML(mark.label))</span>"
    }
    text += "</p>\n"
  }

  /// The sign that stands with a tone; `good` has none.
  private static func sign(_ tone: Mark.Tone) -> String {
    switch tone {
    case .good, .neutral: ""
    case .attention: "!"
    case .bad: "×"
    }
  }

  mutating func writeGrid(_ grid: Review.DayGrid) {
    openFigure(grid.id, grid.title)
    if grid.rows.isEmpty {
      writeNone(grid.completeness.ratio)
      return closeFigure(grid.completeness)
    }
    let rows = grid.rows.prefix(Limits.chartRowsMax)
    let step = (940 - HTMLPage.left) / max(1, month.dayCount)
    let height = 26
    let bad = rows.reduce(0) { $0 + $1.days.count { $0?.mark.tone == .bad } }
    let told = rows.reduce(0) { $0 + $1.days.count { $0 != nil } }
    openChart(
      grid.id, grid.title, height: rows.count * (height + 6) + 28,
      "\(counted(rows.count, "row", "rows")) of \(month.dayCount) days: \(grouped(told)) with something to tell, "
        + "\(grouped(bad)) of them bad.")
    for (place, row) in rows.enumerated() {
      let top = place * (height + 6) + 4
      writeName(row.name, y: top + 17)
      text +=
        "<line class=\"grid\" x1=\"\(HTMLPage.left)\" x2=\"\(HTMLPage.left + step * month.dayCount)\""
      text += " y1=\"\(top + height)\" y2=\"\(top + height)\"/>\n"
      for (day, cell) in row.days.enumerated() {
        guard let cell else { continue }
        let bar = max(2, height * min(100, max(0, cell.height)) / 100)
        let x = HTMLPage.left + day * step
        text +=
          "<rect class=\"\(cell.mark.tone.rawValue)\" x=\"\(x + 1)\" y=\"\(top + height - bar)\" "
        text += "width=\"\(step - 2)\" height=\"\(bar)\"><title>\(month.date(day + 1)): "
        text += "\(escapedHTML(cell.mark.label))</title></rect>"
        let sign = HTMLPage.sign(cell.mark.tone)
        if !sign.isEmpty {
          text +=
            "<text class=\"sign\" x=\"\(x + step / 2)\" y=\"\(top + height - 8)\">\(sign)</text>"
        }
      }
      text += "\n"
    }
    for day in 1...month.dayCount {
      let x = HTMLPage.left + (day - 1) * step + step / 2
      text += "<text class=\"mid\" x=\"\(x)\" y=\"\(rows.count * (height + 6) + 20)\">\(day)</text>"
    }
    text += "\n</svg>\n</div>\n"
    writeKey(grid.key)
    writeCut(grid.rows.count, Limits.chartRowsMax, "rows")
    closeFigure(grid.completeness)
  }

  mutating func writeBarChart(_ chart: Review.BarChart) {
    openFigure(chart.id, chart.title)
    if chart.bars.isEmpty {
      writeNone(chart.completeness.ratio)
      return closeFigure(chart.completeness)
    }
    let bars = chart.bars.prefix(Limits.chartRowsMax)
    let low = min(0, bars.map(\.value).min() ?? 0)
    let high = max(0, bars.map(\.value).max() ?? 0)
    let (room, height) = (940 - HTMLPage.left - 240, 22)
    func x(_ value: Int) -> Int {
      HTMLPage.left + 40
        + Int((Double(value - low) / Double(max(1, high - low)) * Double(room - 40)).rounded())
    }
    openChart(
      chart.id, chart.title, height: bars.count * (height + 6) + 10,
      "\(counted(bars.count, "bar", "bars")), from \(low) to \(high) \(chart.unit).")
    for (place, bar) in bars.enumerated() {
      let top = place * (height + 6) + 4
      let (start, end) = (min(x(0), x(bar.value)), max(x(0), x(bar.value)))
      writeName(bar.name, y: top + 15)
      text +=
        "<rect class=\"\(bar.mark.tone.rawValue)\" x=\"\(start)\" y=\"\(top)\" width=\"\(max(2, end - start))\" "
      text += "height=\"\(height)\"><title>\(escapedHTML(bar.name)): \(bar.value) \(chart.unit), "
      text += "\(escapedHTML(bar.mark.label))</title></rect>"
      let value = bar.value < 0 ? "−\(bar.value.magnitude)" : "\(bar.value)"
      if bar.value < 0 {
        text += "<text class=\"end\" x=\"\(start - 6)\" y=\"\(top + 15)\">\(value)</text>"
      } else {
        text += "<text x=\"\(end + 6)\" y=\"\(top + 15)\">\(value)</text>"
      }
      text +=
        "<text class=\"row\" x=\"\(940 - 180)\" y=\"\(top + 15)\">\(HTMLPage.sign(bar.mark.tone)) "
      text += "\(escapedHTML(String(bar.mark.label.unicodeScalars.prefix(27))))</text>\n"
    }
    text +=
      "<line class=\"axis\" x1=\"\(x(0))\" x2=\"\(x(0))\" y1=\"0\" y2=\"\(bars.count * (height + 6) + 4)\"/>\n"
    text += "</svg>\n</div>\n"
    writeCut(chart.bars.count, Limits.chartRowsMax, "bars")
    closeFigure(chart.completeness)
  }

  mutating func writeParts(_ chart: Review.PartsChart) {
    openFigure(chart.id, chart.title)
    let whole = chart.parts.reduce(0) { $0 + $1.count }
    guard whole > 0 else {
      writeNone(chart.completeness.ratio)
      return closeFigure(chart.completeness)
    }
    let said = chart.parts.map { "\(grouped($0.count)) \($0.mark.label)" }
    openChart(chart.id, chart.title, height: 40, sentenceList(said) + ".")
    var start = 0
    var sum = 0
    for part in chart.parts where part.count > 0 {
      sum += part.count
      let end = Int((Double(sum) / Double(whole) * 940).rounded())
      text +=
        "<rect class=\"\(part.mark.tone.rawValue) \(slug(part.mark.label))\" x=\"\(start)\" y=\"4\" "
      text += "width=\"\(max(1, end - start - 2))\" height=\"32\"><title>\(grouped(part.count)) "
      text += "\(escapedHTML(part.mark.label))</title></rect>"
      if end - start > 30 {
        text +=
          "<text class=\"sign\" x=\"\((start + end) / 2)\" y=\"25\">\(grouped(part.count))</text>"
      }
      start = end
    }
    text += "\n</svg>\n</div>\n<p class=\"key\">"
    for part in chart.parts {
      text += "<span class=\"mark \(part.mark.tone.rawValue)\">\(grouped(part.count)) "
      text += "\(escapedHTML(part.mark.label))</span>"
    }
    text += "</p>\n"
    closeFigure(chart.completeness)
  }

  /// A figure month by month as a small line; nothing where two months do not make one.
  func sparkline(_ values: [Int]) -> String {
    guard values.count > 2, let least = values.min(), let most = values.max() else { return "" }
    let (width, height) = (72, 16)
    let points = values.enumerated().map { place, value in
      let x = 2 + (width - 4) * place / (values.count - 1)
      let span = most - least
      let rise = span == 0 ? (height - 4) / 2 : Int(Double(value - least) / Double(span) * 12)
      return "\(x),\(height - 2 - rise)"
    }
    return
      " <svg class=\"spark\" width=\"\(width)\" height=\"\(height)\" role=\"img\" aria-label=\""
      + "\(values.map { grouped($0) }.joined(separator: ", "))\"><polyline points=\""
      + "\(points.joined(separator: " "))\"/></svg>"
  }
}
