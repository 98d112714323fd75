extension Review {
  /// The review as one HTML page that asks nothing of the network and runs no script.
  public func html() -> String {
    var page = HTMLPage(month: month, isRedacted: isRedacted)
    let title = "Monthly SOC review, \(month.name)"
    page.text += """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src \
      'unsafe-inline'; base-uri 'none'; form-action 'none'">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="referrer" content="no-referrer">
      <meta name="color-scheme" content="light dark">
      <title>\(escapedHTML(title)) · \(escapedHTML(organisation))</title>
      <style>
      \(HTMLStyle.sheet(month))
      </style>
      </head>
      <body>
      <div class="page">

      """
    page.writeCover(self)
    page.text += "<main>\n"
    for section in sections {
      page.text += "<section aria-labelledby=\"\(escapedHTML(section.id))\">\n"
      page.text += "<h2 id=\"\(escapedHTML(section.id))\"><span class=\"no\">"
      page.text += "\(escapedHTML(section.number))</span>\(escapedHTML(section.title))</h2>\n"
      for block in section.blocks { page.write(block) }
      page.text += "</section>\n"
    }
    page.text += "</main>\n<footer>\(escapedHTML(title)). Made from \(escapedHTML(generatedFrom)). "
    page.text += "The same inputs give the same bytes.</footer>\n</div>\n</body>\n</html>\n"
    return page.text
  }
}

/// The text with everything that HTML could read as markup replaced, in content and attributes.
func escapedHTML(_ text: String, scalarsMax: Int = Limits.scalarsShownMax) -> String {
  let shown = visible(text, scalarsMax: scalarsMax)
  let isPlain = shown.utf8.allSatisfy {
    $0 != 0x26 && $0 != 0x3C && $0 != 0x3E && $0 != 0x22 && $0 != 0x27
  }
  if isPlain { return shown }
  var escaped = ""
  for scalar in shown.unicodeScalars {
    switch scalar {
    case "&": escaped += "&amp;"
    case "<": escaped += "&lt;"
    case ">": escaped += "&gt;"
    case "\"": escaped += "&quot;"
    case "'": escaped += "&#39;"
    default: escaped.unicodeScalars.append(scalar)
    }
  }
  return escaped
}

/// The page so far.
struct HTMLPage {
  var text = ""
  let month: Month
  /// Whether the evidence is withheld.
  let isRedacted: Bool

  init(month: Month, isRedacted: Bool = false) {
    (self.month, self.isRedacted) = (month, isRedacted)
  }

  mutating func writeCover(_ review: Review) {
    text += "<header class=\"cover\">\n"
    text += "<p class=\"kicker\">\(escapedHTML(review.organisation))</p>\n"
    text += "<h1>Monthly SOC review</h1>\n<p class=\"period\">\(month.name)</p>\n"
    text += "<p class=\"verdict \(review.verdict.tone.rawValue)\">"
    text += "<b>\(escapedHTML(review.verdict.label))</b> "
    text += "<span>\(escapedHTML(review.verdictSentence))</span></p>\n<dl class=\"meta\">\n"
    term(
      "Period", "\(month.date(1)) to \(month.date(month.dayCount)), \(escapedHTML(review.zone))")
    term("Made from", escapedHTML(review.generatedFrom))
    if !review.fingerprint.isEmpty {
      term("Fingerprint", "<code class=\"hash\">\(escapedHTML(review.fingerprint))</code>")
    }
    text += "</dl>\n"
    if let sentence = review.redactionSentence {
      text += "<p><span class=\"mark attention long\">\(escapedHTML(sentence))</span></p>\n"
    }
    writeSignOff(review)
    text += "<nav aria-labelledby=\"contents\"><h2 id=\"contents\">Contents</h2><ol>\n"
    for section in review.sections {
      text += "<li><span>\(escapedHTML(section.number))</span>"
      text += "<a href=\"#\(escapedHTML(section.id))\">\(escapedHTML(section.title))</a></li>\n"
    }
    text += "</ol></nav>\n"
    writeActionForm()
    text += "</header>\n"
  }

  /// Empty rows to write on, on paper alone.
  private mutating func writeActionForm() {
    text += """
      <div class="actions" aria-hidden="true">
      <table>
      <caption>Actions agreed at the review</caption>
      <thead><tr><th scope="col">Action</th><th scope="col" class="narrow">Owner</th>\
      <th scope="col" class="narrow">Due</th></tr></thead>
      <tbody>\(String(repeating: "<tr><td></td><td></td><td></td></tr>", count: 5))</tbody>
      </table>
      </div>

      """
  }

  private mutating func writeSignOff(_ review: Review) {
    text += """
      <div class="sign">
      <table>
      <caption>Sign-off</caption>
      <thead><tr><th scope="col"></th><th scope="col">Name</th><th scope="col">Role</th>\
      <th scope="col">Date</th><th scope="col">Signature</th></tr></thead>
      <tbody>

      """
    for signatory in review.signatories {
      text += "<tr><th scope=\"row\">\(escapedHTML(signatory.part))</th>"
      for (label, value) in [
        ("Name", signatory.name), ("Role", signatory.role), ("Date", ""), ("Signature", ""),
      ] {
        text += "<td data-label=\"\(label)\"\(value.isEmpty ? "" : " class=\"filled\"")>"
        text += "\(escapedHTML(value))</td>"
      }
      text += "</tr>\n"
    }
    text += "</tbody>\n</table>\n<p class=\"decision\"><span><span class=\"box\"></span>Accepted"
    text += "</span><span><span class=\"box\"></span>Accepted with the actions noted</span>"
    text += "<span><span class=\"box\"></span>Not accepted</span></p>\n"
    if let problem = review.signOffProblem {
      text += "<p><span class=\"mark bad long\">\(escapedHTML(problem))</span></p>\n"
    } else {
      text += "<p class=\"whole\">The reviewer is someone else than the preparer.</p>\n"
    }
    text += "</div>\n"
  }

  private mutating func term(_ name: String, _ value: String) {
    text += "<dt>\(name)</dt><dd>\(value)</dd>\n"
  }

  mutating func write(_ block: Review.Block) {
    switch block {
    case .prose(let prose): text += "<p>\(escapedHTML(prose))</p>\n"
    case .notice(let mark):
      text +=
        "<p class=\"verdict \(mark.tone.rawValue)\"><span>\(escapedHTML(mark.label))</span></p>\n"
    case .command(let command): text += "<pre>\(escapedHTML(command))</pre>\n"
    case .list(_, let title, let items, let empty): writeList(title, items, empty)
    case .figures(let figures): writeFigures(figures)
    case .table(let table): writeTable(table)
    case .heatMap(let map): writeHeatMap(map)
    case .days(let chart): writeDays(chart)
    case .grid(let grid): writeGrid(grid)
    case .bars(let chart): writeBarChart(chart)
    case .parts(let chart): writeParts(chart)
    case .stacks(let chart): writeStacks(chart)
    case .lines(let chart): writeLines(chart)
    case .findings(let findings, let whole): writeFindings(findings, whole)
    case .evidence(let findings, let whole): writeEvidence(findings, whole)
    }
  }

  mutating func writeCompleteness(_ completeness: Review.Completeness) {
    text += "<p class=\"whole\">\(escapedHTML(completeness.sentence))</p>\n"
  }

  mutating func writeCut(_ count: Int, _ most: Int, _ noun: String) {
    guard count > most else { return }
    text += "<p class=\"whole\">The first \(grouped(most)) of \(grouped(count)) \(noun); "
    text += "the JSON rendering has all.</p>\n"
  }

  private mutating func writeList(_ title: String, _ items: [String], _ empty: String) {
    text += "<h3>\(escapedHTML(title))</h3>\n"
    guard !items.isEmpty else {
      writeNone(empty)
      return
    }
    text += items.count > 8 ? "<ul class=\"cols\">\n" : "<ul>\n"
    for item in items.prefix(Limits.rowsShownMax) { text += "<li>\(escapedHTML(item))</li>\n" }
    text += "</ul>\n"
    writeCut(items.count, Limits.rowsShownMax, "items")
  }

  private mutating func writeFigures(_ figures: [Review.Figure]) {
    text += "<dl class=\"figures\">\n"
    for figure in figures {
      text += "<div><dt>\(escapedHTML(figure.label))</dt>"
      text += "<dd class=\"value \(figure.tone.rawValue)\">\(grouped(figure.value))</dd>"
      text += "<dd class=\"note\">\(escapedHTML(figure.note))</dd>"
      if let before = figure.history.last {
        text += "<dd class=\"before\">\(grouped(before)) before"
        text += "\(sparkline(figure.history + [figure.value]))</dd>"
      }
      text += "</div>\n"
    }
    text += "</dl>\n"
  }

  /// Opens a region that scrolls sideways, reachable by keyboard.
  private mutating func openScroll(_ label: String) {
    text += "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\""
    text += "\(escapedHTML(label))\">\n"
  }

  private mutating func writeTable(_ table: Review.Table) {
    let isWide = table.columns.count > 12
    text += "<div class=\"group\(isWide ? " wide" : "")\" id=\"table-\(escapedHTML(table.id))\">\n"
    openScroll(table.title)
    let folds = table.columns.count > 3
    text += "<table\(folds ? " class=\"fold\"" : "")>\n"
    text += "<caption>\(escapedHTML(table.title))</caption>\n<thead><tr>"
    for column in table.columns {
      text += "<th scope=\"col\"\(column.isNumeric ? " class=\"n\"" : "")>"
      text += "\(escapedHTML(column.title))</th>"
    }
    text += "</tr></thead>\n<tbody>\n"
    if table.rows.isEmpty {
      text += "<tr class=\"zero\"><td colspan=\"\(table.columns.count)\">"
      text += "\(escapedHTML(table.completeness.ratio))</td></tr>\n"
    }
    for row in table.rows.prefix(Limits.rowsShownMax) {
      text += "<tr>"
      for (column, cell) in zip(table.columns, row) {
        text += "<td\(cell.htmlClass(column))"
        if folds { text += " data-label=\"\(escapedHTML(column.title))\"" }
        text += ">\(cell.html)</td>"
      }
      text += "</tr>\n"
    }
    text += "</tbody>\n</table>\n</div>\n"
    writeCut(table.rows.count, Limits.rowsShownMax, "rows")
    writeCompleteness(table.completeness)
    text += "</div>\n"
  }

  private mutating func writeHeatMap(_ map: Review.HeatMap) {
    text += "<div class=\"group\" id=\"chart-\(escapedHTML(map.id))\">\n"
    openScroll(map.title)
    text += "<table class=\"heat\">\n<caption>\(escapedHTML(map.title))</caption>\n"
    text += "<thead><tr><th scope=\"col\"></th>"
    for day in 1...month.dayCount {
      text += "<th scope=\"col\"\(month.isWeekend(day) ? " class=\"we\"" : "")>\(day)</th>"
    }
    text += "</tr></thead>\n<tbody>\n"
    if map.rows.isEmpty {
      text += "<tr class=\"zero\"><td colspan=\"\(month.dayCount + 1)\">"
      text += "\(escapedHTML(map.completeness.ratio))</td></tr>\n"
    }
    for row in map.rows.prefix(Limits.rowsShownMax) {
      text += "<tr><th scope=\"row\">\(escapedHTML(row.name))</th>"
      for day in row.days {
        switch day.kind {
        case .gap: text += "<td class=\"gap\">gap</td>"
        case .outside: text += "<td class=\"out\">·</td>"
        case .seen:
          text += "<td class=\"s\(day.shade)\">\(shortText(day.lines))"
          if day.rejected > 0 { text += "<i>!\(shortText(day.rejected))</i>" }
          text += "</td>"
        }
      }
      text += "</tr>\n"
    }
    text += """
      </tbody>
      </table>
      </div>
      <p class="key"><span><b class="k1"></b><b class="k3"></b><b class="k5"></b>few to many lines\
      </span><span><b class="kgap">gap</b>no lines, between days with lines</span>\
      <span><b>·</b>before the first or after the last line</span>\
      <span><b class="attention">!3</b>three lines rejected</span></p>

      """
    writeCompleteness(map.completeness)
    text += "</div>\n"
  }
}

extension Review.Cell {
  /// The cell's class attribute.
  fileprivate func htmlClass(_ column: Review.Column) -> String {
    guard !column.isNumeric else { return self == .none ? " class=\"n x\"" : " class=\"n\"" }
    if self == .none { return " class=\"x\"" }
    if self == .blank { return " class=\"blank\"" }
    guard case .text(let text) = self else { return "" }
    if hasLongWord(text) { return " class=\"w\"" }
    if text.utf8.first.map({ (0x30...0x39).contains($0) }) ?? false { return " class=\"d\"" }
    if text.utf8.count > 60 { return " class=\"long\"" }
    return text.utf8.count > 18 ? " class=\"t\"" : ""
  }

  fileprivate var html: String {
    switch self {
    case .text(let text): escapedHTML(text)
    case .code(let text): codeHTML(text)
    case .codes(let texts): texts.map { "<code>\(escapedHTML($0))</code>" }.joined(separator: ", ")
    case .number(let value): grouped(value)
    case .bytes(let value): escapedHTML(byteText(value))
    case .level(let level): levelHTML(level)
    case .mark(let mark):
      "<span class=\"mark \(mark.tone.rawValue)\(mark.label.utf8.count > 40 ? " long" : "")\">"
        + "\(escapedHTML(mark.label))</span>"
    case .findings(let numbers):
      numbers.prefix(Limits.linksShownMax).map { number in
        number <= Limits.findingsShownMax
          ? "<a href=\"#f-\(number)\">F-\(number)</a>" : "F-\(number)"
      }.joined(separator: ", ") + moreText(numbers.count)
    case .none: "<span class=\"none\">–</span>"
    case .blank: ""
    }
  }
}

/// A name in fixed width: kept on one line when short, broken anywhere when long.
func codeHTML(_ text: String) -> String {
  let style = text.utf8.count == 64 ? "hash" : text.utf8.count <= 30 ? "s" : "w"
  return "<code class=\"\(style)\">\(escapedHTML(text))</code>"
}

/// Whether a text has a word that a narrow column could not hold.
private func hasLongWord(_ text: String) -> Bool {
  var run = 0
  for byte in text.utf8 {
    run = byte == 0x20 ? 0 : run + 1
    if run > 30 { return true }
  }
  return false
}

/// A level with its shape and its word; an unknown one has the word alone.
func levelHTML(_ level: String) -> String {
  let name = levelNames.contains(level) ? level : "neutral"
  return "<span class=\"level \(name)\">\(escapedHTML(level))</span>"
}
