extension Review {
  /// The review as GitHub-flavoured Markdown, with every text of the logs escaped.
  public func markdown() -> String {
    var page = MarkdownPage()
    page.heading(1, "Monthly SOC review, \(month.name)")
    page.line("**\(escapedMarkdown(organisation))** · \(escapedMarkdown(zone))")
    page.line("**\(escapedMarkdown(verdict.label)).** \(escapedMarkdown(verdictSentence))")
    if let sentence = redactionSentence { page.line("> \(escapedMarkdown(sentence))") }
    page.line("Made from \(escapedMarkdown(generatedFrom)).")
    if !fingerprint.isEmpty { page.line("Fingerprint of the manifest: \(codeSpan(fingerprint))") }
    page.heading(2, "Sign-off")
    page.row(["", "Name", "Role", "Date", "Signature"])
    page.row(Array(repeating: "---", count: 5))
    for signatory in signatories {
      page.row([
        signatory.part, blank(escapedMarkdown(signatory.name)),
        blank(escapedMarkdown(signatory.role)), "\\_\\_\\_\\_\\_\\_", "\\_\\_\\_\\_\\_\\_",
      ])
    }
    page.line("")
    page.line(
      signOffProblem.map { "**Problem: \(escapedMarkdown($0))**" }
        ?? "The reviewer is someone else than the preparer.")
    for section in sections {
      page.heading(2, section.title, after: "\(section.number). ")
      for block in section.blocks { page.write(block) }
    }
    return page.text
  }

  private func blank(_ text: String) -> String { text.isEmpty ? "\\_\\_\\_\\_\\_\\_" : text }
}

/// The page so far.
private struct MarkdownPage {
  var text = ""

  /// A heading, with one empty line around it; `mark` is our own and not escaped.
  mutating func heading(_ level: Int, _ title: String, after mark: String = "") {
    if !text.isEmpty, !text.hasSuffix("\n\n") { text += "\n" }
    text += String(repeating: "#", count: level) + " \(mark)\(escapedMarkdown(title))\n\n"
  }

  mutating func line(_ line: String) { text += line.isEmpty ? "\n" : line + "\n\n" }

  mutating func row(_ cells: [String]) { text += "| \(cells.joined(separator: " | ")) |\n" }

  mutating func completeness(_ completeness: Review.Completeness) {
    line("_Completeness: \(escapedMarkdown(completeness.sentence))_")
  }

  mutating func write(_ block: Review.Block) {
    switch block {
    case .prose(let prose): line(escapedMarkdown(prose))
    case .notice(let mark): line("> \(escapedMarkdown(mark.label))")
    case .command(let command): fence(command)
    case .list(_, let title, let items, let empty):
      heading(3, title)
      for item in items { text += "- \(escapedMarkdown(item))\n" }
      line(items.isEmpty ? escapedMarkdown(empty) : "")
    case .figures(let figures):
      let isFollowed = figures.contains { !$0.history.isEmpty }
      row(["Figure", "Value", "Of"] + (isFollowed ? ["Before"] : []))
      row(["---", "---:", "---"] + (isFollowed ? ["---:"] : []))
      for figure in figures {
        let before = figure.history.last.map(grouped) ?? "–"
        row(
          [escapedMarkdown(figure.label), grouped(figure.value), escapedMarkdown(figure.note)]
            + (isFollowed ? [before] : []))
      }
      line("")
    case .table(let table): write(table)
    case .heatMap(let map): write(map)
    case .days(let chart): write(chart)
    case .grid(let grid): write(grid)
    case .bars(let chart): write(chart)
    case .parts(let chart): write(chart)
    case .stacks(let chart): write(chart)
    case .lines(let chart): write(chart)
    case .findings(let findings, let whole): write(findings, whole)
    case .evidence(let findings, let whole): writeEvidence(findings, whole)
    }
  }

  private mutating func write(_ table: Review.Table) {
    heading(3, table.title)
    if table.rows.isEmpty {
      line("**\(table.completeness.ratio)**")
    } else {
      row(table.columns.map { escapedMarkdown($0.title) })
      row(table.columns.map { $0.isNumeric ? "---:" : "---" })
      for cells in table.rows.prefix(Limits.rowsShownMax) { row(cells.map(\.markdown)) }
      line("")
    }
    cut(table.rows.count, Limits.rowsShownMax, "rows")
    completeness(table.completeness)
  }

  private mutating func write(_ map: Review.HeatMap) {
    heading(3, map.title)
    if map.rows.isEmpty {
      line("**\(map.completeness.ratio)**")
    } else {
      line(
        "One sign a day: ▁▂▄▆█ lines, few to many; `x` a gap; `·` before the first or after the "
          + "last line; `!` some lines were rejected.")
      row(["Source", "Days, from the first"])
      row(["---", "---"])
      let shades = ["·", "▁", "▂", "▄", "▆", "█"]
      for source in map.rows {
        let signs = source.days.map { day in
          if day.kind == .gap { return "x" }
          if day.rejected > 0 { return "!" }
          return shades[min(max(day.shade, 0), 5)]
        }
        row([escapedMarkdown(source.name), "`\(signs.joined())`"])
      }
      line("")
    }
    completeness(map.completeness)
  }

  private mutating func write(_ chart: Review.DayChart) {
    heading(3, chart.title)
    if chart.completeness.shown == 0 {
      line("**\(chart.completeness.ratio)**")
    } else {
      row(["Day", "Successes", "Failures"])
      row(["---:", "---:", "---:"])
      for (day, pair) in zip(chart.successes, chart.failures).enumerated()
      where pair.0 > 0 || pair.1 > 0 {
        row(["\(day + 1)", grouped(pair.0), grouped(pair.1)])
      }
      line("")
    }
    completeness(chart.completeness)
  }

  private mutating func write(_ grid: Review.DayGrid) {
    heading(3, grid.title)
    if grid.rows.isEmpty {
      line("**\(grid.completeness.ratio)**")
    } else {
      let signs: [Mark.Tone: String] = [.good: "+", .attention: "!", .bad: "x", .neutral: "o"]
      let key = grid.key.map { "`\(signs[$0.tone] ?? "")` \(escapedMarkdown($0.label))" }
      line("One sign a day: \(key.joined(separator: "; ")); `·` nothing.")
      row(["Row", "Days, from the first"])
      row(["---", "---"])
      for entry in grid.rows.prefix(Limits.chartRowsMax) {
        let days = entry.days.map { $0.flatMap { signs[$0.mark.tone] } ?? "·" }
        row([escapedMarkdown(entry.name), "`\(days.joined())`"])
      }
      line("")
    }
    cut(grid.rows.count, Limits.chartRowsMax, "rows")
    completeness(grid.completeness)
  }

  private mutating func write(_ chart: Review.BarChart) {
    heading(3, chart.title)
    if chart.bars.isEmpty {
      line("**\(chart.completeness.ratio)**")
    } else {
      row(["About", escapedMarkdown(chart.unit), "Verdict"])
      row(["---", "---:", "---"])
      for bar in chart.bars.prefix(Limits.chartRowsMax) {
        row([escapedMarkdown(bar.name), grouped(bar.value), escapedMarkdown(bar.mark.label)])
      }
      line("")
    }
    cut(chart.bars.count, Limits.chartRowsMax, "bars")
    completeness(chart.completeness)
  }

  private mutating func write(_ chart: Review.PartsChart) {
    heading(3, chart.title)
    row(chart.parts.map { escapedMarkdown($0.mark.label) })
    row(chart.parts.map { _ in "---:" })
    row(chart.parts.map { grouped($0.count) })
    line("")
    completeness(chart.completeness)
  }

  private mutating func write(_ chart: Review.StackChart) {
    heading(3, chart.title)
    if chart.bars.isEmpty {
      line("**\(escapedMarkdown(chart.empty.isEmpty ? chart.completeness.ratio : chart.empty))**")
    } else {
      row(["About"] + chart.key.map { escapedMarkdown($0.label) } + [""])
      row(["---"] + chart.key.map { _ in "---:" } + ["---"])
      for bar in chart.bars.prefix(Limits.chartRowsMax) {
        row([escapedMarkdown(bar.name)] + bar.counts.map(grouped) + [escapedMarkdown(bar.note)])
      }
      line("")
    }
    cut(chart.bars.count, Limits.chartRowsMax, "bars")
    completeness(chart.completeness)
  }

  private mutating func write(_ chart: Review.LineChart) {
    heading(3, chart.title)
    if chart.rows.isEmpty {
      line("**\(escapedMarkdown(chart.empty.isEmpty ? chart.completeness.ratio : chart.empty))**")
    } else {
      row(["About", "By day, from the first", "At last", escapedMarkdown(chart.dashed), ""])
      row(["---", "---", "---:", "---:", "---"])
      let signs = Array("▁▂▃▄▅▆▇█")
      for entry in chart.rows.prefix(Limits.chartRowsMax) {
        let most = max(1, entry.values.max() ?? 0)
        let days = entry.values.map { String(signs[min(7, max(0, $0) * 7 / most)]) }
        row([
          escapedMarkdown(entry.name), "`\(days.joined())`", grouped(entry.values.last ?? 0),
          grouped(entry.target.last ?? 0), escapedMarkdown(entry.mark.label),
        ])
      }
      line("")
    }
    cut(chart.rows.count, Limits.chartRowsMax, "rows")
    completeness(chart.completeness)
  }

  private mutating func write(
    _ findings: [Review.NumberedFinding], _ whole: Review.Completeness
  ) {
    if findings.isEmpty { line("**\(whole.ratio)**") }
    for numbered in findings.prefix(Limits.findingsShownMax) {
      let finding = numbered.finding
      heading(3, "\(numbered.name) [\(finding.level)] \(finding.title)")
      line(escapedMarkdown(finding.message))
      text += "- Subject: \(codeSpan(finding.subject))\n"
      text += "- Detector: \(codeSpan(finding.detector))\n"
      text += "- Events: \(grouped(finding.count)), \(escapedMarkdown(finding.start))"
      text += " to \(escapedMarkdown(finding.end))\n"
      text += "- Controls: \(escapedMarkdown(finding.controls.joined(separator: ", ")))\n"
      text += "- Disposition: \(escapedMarkdown(numbered.dispositionText))\n"
      line("- Identity: \(codeSpan(finding.uid))")
    }
    cut(findings.count, Limits.findingsShownMax, "findings")
    completeness(whole)
  }

  private mutating func writeEvidence(
    _ findings: [Review.NumberedFinding], _ whole: Review.Completeness
  ) {
    if whole.shown == 0 { line("**\(whole.ratio)**") }
    for numbered in findings.prefix(Limits.findingsShownMax)
    where !numbered.finding.evidence.isEmpty {
      heading(3, "\(numbered.name), \(numbered.finding.detector)")
      for evidence in numbered.finding.evidence {
        line(
          "\(codeSpan(evidence.source)), \(escapedMarkdown(evidence.position)), "
            + "\(escapedMarkdown(evidence.time)), SHA-256 " + codeSpan(evidence.sha256))
        fence(evidence.raw)
      }
    }
    cut(findings.count, Limits.findingsShownMax, "findings")
    completeness(whole)
  }

  private mutating func cut(_ count: Int, _ most: Int, _ noun: String) {
    guard count > most else { return }
    line("The first \(grouped(most)) of \(grouped(count)) \(noun); the JSON rendering has all.")
  }

  /// A fenced block whose fence is longer than any run of backticks inside.
  private mutating func fence(_ raw: String) {
    let shown = visible(raw, scalarsMax: Limits.rawScalarsMax)
    var (run, longest) = (0, 2)
    for scalar in shown.unicodeScalars {
      run = scalar == "`" ? run + 1 : 0
      longest = max(longest, run)
    }
    let fence = String(repeating: "`", count: longest + 1)
    line("\(fence)text\n\(shown)\n\(fence)")
  }
}

extension Review.Cell {
  fileprivate var markdown: String {
    switch self {
    case .text(let text): escapedMarkdown(text)
    case .level(let text): "**\(escapedMarkdown(text))**"
    case .code(let text): codeSpan(text)
    case .codes(let texts): texts.map(codeSpan).joined(separator: ", ")
    case .number(let value): grouped(value)
    case .bytes(let value): byteText(value)
    case .mark(let mark): escapedMarkdown(mark.label)
    case .findings(let numbers):
      numbers.prefix(Limits.linksShownMax).map { "F-\($0)" }.joined(separator: ", ")
        + moreText(numbers.count)
    case .none: "–"
    case .blank: "\\_\\_\\_"
    }
  }
}

/// The text as Markdown that shows exactly it: nothing becomes markup, a link or a new line.
///
/// A backslash is written as an entity, so that none can meet the pipe's own backslash.
func escapedMarkdown(_ text: String) -> String {
  var escaped = ""
  var wordEnd: [Unicode.Scalar] = []
  for scalar in visible(text).unicodeScalars {
    switch scalar {
    case "\\": escaped += "&#92;"
    case "&": escaped += "&amp;"
    case "<": escaped += "&lt;"
    case ">": escaped += "&gt;"
    case "|", "`", "*", "_", "[", "]", "~", "#", "!", "$": escaped += "\\\(scalar)"
    case "@": escaped += "&#64;"
    case ":" where linkSchemes.contains(wordEnd): escaped += "\\:"
    case "." where wordEnd.suffix(3).elementsEqual(["w", "w", "w"]): escaped += "\\."
    case "-" where escaped.isEmpty, "+" where escaped.isEmpty, "=" where escaped.isEmpty:
      escaped += "\\\(scalar)"
    case ")" where isNumber(escaped), "." where isNumber(escaped): escaped += "\\\(scalar)"
    default: escaped.unicodeScalars.append(scalar)
    }
    let isLetter = ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
    if isLetter {
      wordEnd.append(Unicode.Scalar(UInt8(scalar.value) | 0x20))
      if wordEnd.count > 8 { wordEnd.removeFirst() }
    } else {
      wordEnd = []
    }
  }
  return escaped
}

/// What a renderer would make a link of, without being asked.
private let linkSchemes: [[Unicode.Scalar]] = ["http", "https", "ftp", "mailto", "xmpp"]
  .map { Array($0.unicodeScalars) }

private func isNumber(_ text: String) -> Bool {
  !text.isEmpty && text.utf8.count < 10 && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
}

/// The text in fixed width; as escaped text where backticks, pipes or backslashes make a code span
/// ambiguous inside a table.
func codeSpan(_ text: String) -> String {
  guard !text.isEmpty else { return "–" }
  let shown = visible(text)
  let isPlain = shown.unicodeScalars.allSatisfy { $0 != "`" && $0 != "|" && $0 != "\\" }
  // A span that is all spaces, or begins and ends with one, would lose them.
  guard isPlain, shown.first != " ", shown.last != " " else { return escapedMarkdown(text) }
  return "`\(shown)`"
}
