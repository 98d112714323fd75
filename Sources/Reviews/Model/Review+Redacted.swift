/// The variant that is handed to customers.
///
/// What may be seen is listed, and everything else is withheld, so that a table or a column that is new says nothing until
/// somebody has thought about it. Counts, days, levels and verdicts stay; whoever or whatever they are about stands as a number in
/// brackets, the same one throughout.
extension Review {
  /// The review without names, accounts, addresses, paths, messages and lines of logs.
  public func redacted() -> Review {
    var redaction = Redaction()
    var review = self
    review.isRedacted = true
    for place in review.signatories.indices where !review.signatories[place].name.isEmpty {
      review.signatories[place].name = redaction.number(review.signatories[place].name)
    }
    review.sections = sections.compactMap { section in
      guard !Redaction.sections.contains(section.id) else { return nil }
      var section = section
      section.blocks = section.blocks.compactMap { redaction.block($0) }
      return section
    }
    return review
  }
}

/// One redaction: which number stands for what.
private struct Redaction {
  /// Sections that hold nothing that may be seen.
  static let sections: Set<String> = ["again", "evidence"]
  /// Columns whose words are the program's own or the policies', whatever table they are in.
  private static let openColumns: Set<String> = [
    "control", "row", "asks", "status", "level", "clause", "check", "detector", "detectors",
    "served_by", "kind", "class", "severity", "type", "clock", "median", "p90", "longest",
    "register", "result", "interval", "max_age", "duration", "testDuration", "then", "now",
    "to_detect", "to_acknowledge", "to_contain", "to_resolve", "change", "decision", "role",
    "format", "sha256", "origin", "dimension", "disposition", "required",
  ]
  /// Columns of days, times and measures, in which words would be somebody's own.
  private static let measures: Set<String> = [
    "day", "days", "first", "last", "start", "end", "from", "until", "since", "due", "done",
    "approved_at", "performed_on", "next_due", "detected_at", "last_rotated", "last_success",
    "last_test", "reviewed_at", "decided_at", "given", "effective_end", "registered_end",
    "last_activity", "offboarded_at", "ended_at", "revoked_at", "first_event", "last_event",
    "parsed_share", "failed_share", "availability", "availability_target", "error_rate",
    "error_target", "latency_target", "p50", "p95", "p99", "value", "false_share", "with_share",
  ]
  /// Columns that are open in some tables only.
  private static let openIn: [String: Set<String>] = [
    "controls-policy": ["name", "reason"], "controls-soc2": ["name", "reason"],
    "controls-iso27001": ["name", "reason"], "controls-other": ["name", "reason"],
    "attestations": ["title"], "findings-by-detector": ["title"], "detectors": ["id", "title"],
    "policy": ["name"], "registers": ["name"], "drills": ["title"], "requests": ["title"],
    "rejected": ["reason"], "countries": ["country"],
  ]
  /// Tables that are one row for each account or line, and nothing without them.
  private static func isClosed(_ table: String) -> Bool {
    (table.hasPrefix("access-") && table != "access-systems")
      || ["unlisted-accounts", "failing-addresses", "top-clients", "refused-clients", "untold"]
        .contains(
          table)
  }
  /// Charts whose bars are called by the program's own words, by levels or by countries.
  private static let openCharts: Set<String> = [
    "findings-by-level", "findings-by-source", "sign-in-countries", "weakness-ages", "actions-open",
  ]
  /// What may be said of a judgement: words that the program has for itself.
  private static let openLabels: Set<String> = [
    "pass", "warn", "fail", "not run", "attested", "holds", "holds, due next month", "overdue",
    "due soon", "in time", "met", "open", "valid", "approved late", "closed", "still open",
    "open beyond its day", "said to be done, found again", "can not be told", "signed", "complete",
    "succeeded", "failed", "some runs failed", "no success seen", "revoked", "expired", "active",
    "active, renewed", "ends soon", "listed", "not listed", "our own", "answered", "answered late",
    "revoked in time", "revoked late", "no revocation on record", "as promised", "about to be",
    "nothing promised", "not done yet", "ran", "by approval", "inside", "unlisted", "retired",
    "proposed", "personal-cloud", "not for work", "assumed", "gap", "gap at a weekend", "not used",
    "before first or after last", "access has ended", "our default", "the policy", "not recorded",
    "approved", "all delivered", "some wait", "given up on some", "nothing to deliver", "counts",
    "decided before its last event", "decided before its first event", "fits several findings",
    "names no finding of this month", "decided again later", "by nobody in the registers",
    "decided by whom it is about", "not asked for", "some without one", "never said",
    "none without one", "no sign-in seen", "within its time", "nobody's", "no approval",
    "no proof linked", "not signed", "never on record",
    "active after the end", "outside the scope", "not started", "rotated", "due", "no run seen",
  ]

  private var numbers: [String: Int] = [:]

  /// The number that stands for a text.
  fileprivate mutating func number(_ text: String) -> String {
    let number = numbers[text] ?? numbers.count + 1
    numbers[text] = number
    return "[\(number)]"
  }

  private func label(_ mark: Mark) -> Mark {
    if Redaction.openLabels.contains(mark.label) || mark.label.isEmpty { return mark }
    let word =
      switch mark.tone {
      case .good: "holds"
      case .attention: "to be looked at"
      case .bad: "does not hold"
      case .neutral: "withheld"
      }
    return Mark(mark.tone, word)
  }

  /// A block, or `nil` for one that says nothing without what is withheld.
  mutating func block(_ block: Review.Block) -> Review.Block? {
    switch block {
    // Sentences are the program's own, with numbers in them.
    case .prose, .figures: return block
    case .notice(let mark): return .notice(label(mark))
    case .list(let id, let title, let items, let empty):
      let said = items.isEmpty ? [] : ["\(grouped(items.count)) withheld"]
      return .list(id: id, title: title, items: said, empty: empty)
    case .command, .evidence: return nil
    case .table(let table): return Redaction.isClosed(table.id) ? nil : .table(self.table(table))
    case .heatMap(var map):
      for place in map.rows.indices { map.rows[place].name = number(map.rows[place].name) }
      map.completeness = whole(map.completeness)
      return .heatMap(map)
    case .days(var chart):
      chart.completeness = whole(chart.completeness)
      return .days(chart)
    case .grid(var grid):
      for place in grid.rows.indices { grid.rows[place].name = number(grid.rows[place].name) }
      grid.completeness = whole(grid.completeness)
      return .grid(grid)
    case .bars(var chart):
      for place in chart.bars.indices {
        chart.bars[place].name = number(chart.bars[place].name)
        chart.bars[place].mark = label(chart.bars[place].mark)
      }
      chart.completeness = whole(chart.completeness)
      return .bars(chart)
    case .parts(var chart):
      chart.completeness = whole(chart.completeness)
      return .parts(chart)
    case .stacks(var chart):
      for place in chart.bars.indices where !Redaction.openCharts.contains(chart.id) {
        chart.bars[place].name = number(chart.bars[place].name)
      }
      chart.completeness = whole(chart.completeness)
      return .stacks(chart)
    case .lines(var chart):
      for place in chart.rows.indices {
        if !Redaction.openCharts.contains(chart.id) {
          chart.rows[place].name = number(chart.rows[place].name)
        }
        chart.rows[place].mark = label(chart.rows[place].mark)
      }
      chart.completeness = whole(chart.completeness)
      return .lines(chart)
    case .findings(let findings, let completeness):
      return .findings(findings.map { finding($0) }, whole(completeness))
    }
  }

  private mutating func finding(_ numbered: Review.NumberedFinding) -> Review.NumberedFinding {
    var numbered = numbered
    let subject = number(numbered.finding.subject)
    numbered.finding.message = "The message is withheld."
    if let disposition = numbered.finding.disposition {
      var said = ReviewFacts.Disposition()
      (said.outcome, said.at) = (disposition.outcome, disposition.at)
      numbered.finding.disposition = said
    }
    (numbered.finding.subject, numbered.finding.evidence) = (subject, [])
    return numbered
  }

  /// A source is a file or a log: its hash stays, its path does not.
  private mutating func whole(_ completeness: Review.Completeness) -> Review.Completeness {
    var completeness = completeness
    if completeness.source.utf8.contains(where: { $0 == UInt8(ascii: "/") }) {
      completeness.source = number(completeness.source)
    }
    return completeness
  }

  private mutating func table(_ table: Review.Table) -> Review.Table {
    var table = table
    for (place, column) in table.columns.enumerated() {
      let isOpen =
        Redaction.openColumns.contains(column.key)
        || Redaction.openIn[table.id]?.contains(column.key) ?? false
      let isMeasure = Redaction.measures.contains(column.key)
      for row in table.rows.indices where place < table.rows[row].count {
        let cell = table.rows[row][place]
        if isOpen ? isSourceless(cell) : isMeasure && isMeasured(cell) {
          if case .mark(let mark) = cell { table.rows[row][place] = .mark(label(mark)) }
          continue
        }
        table.rows[row][place] = self.cell(cell)
      }
    }
    table.completeness = whole(table.completeness)
    return table
  }

  /// Whether a text names no source; of what was not seen only the program's own words are open.
  private func isSourceless(_ cell: Review.Cell) -> Bool {
    guard case .text(let text) = cell else { return true }
    return text.firstRange(of: "not seen: ") == nil
  }

  /// Whether a text is a day, a time or a measure: digits, and the units that the program writes.
  private func isMeasured(_ cell: Review.Cell) -> Bool {
    guard case .text(let text) = cell else { return false }
    let words = text.split { !$0.isLetter }
    let units: Set<Substring> = ["T", "Z", "d", "h", "min", "s", "ms"]
    return text.utf8.contains { $0 &- 0x30 < 10 } && words.allSatisfy(units.contains)
  }

  private mutating func cell(_ cell: Review.Cell) -> Review.Cell {
    switch cell {
    case .text(let text), .code(let text): .text(number(text))
    case .codes(let texts): .text(texts.map { number($0) }.joined(separator: ", "))
    case .mark(let mark): .mark(label(mark))
    case .number, .bytes, .level, .findings, .none, .blank: cell
    }
  }
}
