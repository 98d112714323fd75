extension Draft {
  /// The command, and what makes its result the same again.
  var again: [Review.Block] {
    let promise =
      "The same inputs, registers and detector files give the same pages, byte for byte. Check the "
      + "files against the manifest (section A), then run:"
    let command = facts.command.isEmpty ? "(no command line was recorded)" : facts.command
    let period =
      "Period: \(facts.month.date(1)) to \(facts.month.date(facts.month.dayCount)), days and times in "
      + "\(facts.zone). Every event is judged by the register rows that were valid at its own time."
    return [.prose(promise), .command(command), .prose(period)]
  }

  private var grave: Int { count(level: "critical") + count(level: "high") }
  private var failing: [ControlRow] { controls.filter { $0.exceptionCount > 0 } }
  /// How many controls could not be tested in full, those with exceptions among them.
  private var partlyTested: Int {
    controls.count { !$0.reason.isEmpty && $0.status != .attested }
  }
  private var untested: [ControlRow] { controls.filter(\.isUntested) }
  private var gapDays: Int { coverage.reduce(0) { $0 + $1.gaps.count } }
  private var weekendGapDays: Int {
    coverage.reduce(0) { $0 + $1.gaps.count(where: facts.month.isWeekend) }
  }
  /// Lines that stand in a day of the month.
  private var linesInMonth: Int { coverage.reduce(0) { $0 + $1.lines } }
  private var eventsInMonth: Int {
    coverage.isEmpty ? facts.ledger.parsed : coverage.reduce(0) { $0 + $1.parsed }
  }
  private var silentSources: Int { coverage.count { $0.lines == 0 } }
  private var exceptions: Int { findings.count { $0.finding.level != "informational" } }

  /// The verdict in a word or two.
  var verdict: Mark {
    if grave > 0 { return .bad("Serious exceptions") }
    if exceptions > 0 { return .attention("Exceptions") }
    if facts.ledger.lines == 0 { return .attention("Nothing was read") }
    if !facts.sources.isEmpty, linesInMonth == 0 {
      return .attention("Nothing was read of this month")
    }
    let isPartial =
      gapDays > 0 || silentSources > 0 || facts.ledger.rejected > 0 || !facts.notSeen.isEmpty
      || facts.sources.contains { !$0.faults.isEmpty }
    if isPartial || !untested.isEmpty {
      return .attention("No exceptions in what was seen")
    }
    return .good("No exceptions")
  }

  /// The verdict in a sentence or three.
  var verdictSentence: String {
    var text: String
    if findings.isEmpty {
      text = "No findings among \(counted(eventsInMonth, "event", "events")) of the month."
    } else {
      let levels = levelNames.filter { count(level: $0) > 0 }
        .map { "\(grouped(count(level: $0))) \($0)" }
      text = counted(findings.count, "finding", "findings")
      text += levels.isEmpty ? "." : ": \(sentenceList(levels))."
    }
    if !controls.isEmpty {
      let passed = controls.count - failing.count - untested.count
      text += " \(grouped(failing.count)) of \(counted(controls.count, "control", "controls")) "
      text += failing.count == 1 ? "has exceptions, " : "have exceptions, "
      text += "\(grouped(passed)) passed, \(grouped(untested.count)) could not be tested in full"
      let both = partlyTested - untested.count
      text += both == 0 ? "." : "; nor could \(grouped(both)) of those with exceptions."
    }
    let ledger = facts.ledger
    text += " Of \(counted(ledger.lines, "line", "lines")) read, "
    text += "\(percentText(ledger.parsed, of: ledger.lines)) could be parsed; "
    text += "\(counted(gapDays, "day of a source is", "days of single sources are")) without lines"
    if weekendGapDays == gapDays, gapDays > 0 {
      text += ", all at weekends."
    } else {
      text += weekendGapDays > 0 ? ", \(grouped(weekendGapDays)) of them at weekends." : "."
    }
    return text
  }

  /// Key figures, and what to look at first.
  var summary: [Review.Block] {
    var blocks: [Review.Block] = [
      .prose("\(verdict.label). \(verdictSentence)"), .figures(figures.map(withHistory)),
    ]
    let top = firstOfEach.prefix(Self.topFindingsMax)
    let table = Review.Table(
      id: "top-findings", title: "What to look at first",
      columns: [
        .words("finding", "Finding"), .words("level", "Level"), .words("message", "What happened"),
        .words("start", "First event"),
      ],
      rows: top.map {
        [
          .findings([$0.number]), .level($0.finding.level), .text($0.finding.message),
          .words($0.finding.start),
        ]
      },
      completeness: completeness(top.count, of: findings.count, lines: "findings"))
    blocks.append(.table(table))
    if let changed = changedRows { blocks.append(.table(changed)) }
    return blocks
  }

  /// The findings without those that repeat, for another day or system, what a detector said of the
  /// same person or address.
  private var firstOfEach: [Review.NumberedFinding] {
    var seen: Set<[String]> = []
    return findings.filter { numbered in
      let subject = numbered.finding.subject.split(separator: " ").first.map(String.init) ?? ""
      return seen.insert([numbered.finding.detector, subject]).inserted
    }
  }

  /// How many findings the summary names.
  static let topFindingsMax = 6

  private var figures: [Review.Figure] {
    let ended = facts.contractors.count { $0.successesAfterEnd > 0 }
    let unknown = facts.infrastructure.unknown.count
    let ledger = facts.ledger
    // What an approval for databases covers, one for the scope has cleared before.
    let clearing = facts.approvals.filter { $0.used > 0 && $0.type != "prod_db" }
    return [
      Review.Figure(
        id: "findings", label: "Findings", value: findings.count,
        note: "\(grouped(grave)) critical or high",
        tone: grave > 0 ? .bad : exceptions > 0 ? .attention : .good),
      Review.Figure(
        id: "controls_with_exceptions", label: "Controls with exceptions", value: failing.count,
        note: "of \(grouped(controls.count)); \(grouped(partlyTested)) not tested in full",
        tone: !failing.isEmpty ? .bad : !untested.isEmpty || controls.isEmpty ? .attention : .good),
      Review.Figure(
        id: "lines_read", label: "Lines read", value: ledger.lines,
        note: "\(grouped(linesInMonth)) of the month; \(grouped(ledger.rejected)) rejected",
        tone: ledger.rejected > 0 || ledger.lines == 0 ? .attention : .good),
      Review.Figure(
        id: "gap_days", label: "Gap days", value: gapDays,
        note:
          "over \(counted(coverage.count, "source", "sources")); \(grouped(silentSources)) silent",
        tone: gapDays > 0 || silentSources > 0 || coverage.isEmpty ? .attention : .good),
      Review.Figure(
        id: "contractors_active_after_end", label: "Contractors active after their end",
        value: ended, note: "of \(grouped(facts.contractors.count))", tone: ended > 0 ? .bad : .good
      ),
      Review.Figure(
        id: "unknown_infrastructure", label: "Unknown infrastructure", value: unknown,
        note: "of \(counted(facts.infrastructure.namesChecked, "name", "names")) seen",
        tone: unknown > 0 ? .attention : .good),
      Review.Figure(
        id: "unlisted_accounts", label: "Unlisted accounts", value: facts.accounts.unlisted.count,
        note: "of \(grouped(facts.accounts.checked)) seen",
        tone: facts.accounts.unlisted.isEmpty ? .good : .attention),
      Review.Figure(
        id: "events_cleared", label: "Events cleared by approvals",
        value: clearing.reduce(0) { $0 + $1.used },
        note: "by \(counted(clearing.count, "approval", "approvals"))",
        tone: .neutral),
    ] + policyFigures + [undecidedFigure] + followUpFigures
  }

  /// A figure with what it was in the months before, where an earlier review says so.
  private func withHistory(_ figure: Review.Figure) -> Review.Figure {
    var figure = figure
    figure.history = facts.previous?.figures[figure.id] ?? []
    return figure
  }

  /// What of the earlier review's actions is open still.
  private var followUpFigures: [Review.Figure] {
    guard let (open, all) = openActions else { return [] }
    return [
      Review.Figure(
        id: "actions_open", label: "Actions of the earlier review still open", value: open,
        note: "of \(grouped(all))", tone: open > 0 ? .attention : .good)
    ]
  }

  /// The findings that wait for somebody's decision.
  private var undecidedFigure: Review.Figure {
    let open = undecided
    let grave = open.count { levelRank($0.finding.level) < 2 }
    return Review.Figure(
      id: "findings_undecided", label: "Findings that nobody has decided about", value: open.count,
      note: "of \(grouped(findings.count)); \(grouped(grave)) critical or high",
      tone: grave > 0 ? .bad : open.isEmpty ? .good : .attention)
  }

  /// How the policies' rows stand, and what of it waits for somebody.
  private var policyFigures: [Review.Figure] {
    let all = Controls.policyRows.count
    let failing = policyRowCount(.fail)
    let holding = policyRowCount(.pass) + policyRowCount(.attested)
    let unsigned = facts.access.count { $0.reviewedAt.isEmpty }
    let overdue =
      facts.secrets.map(\.verdict) + facts.attestations.map(\.verdict) + facts.dues.map(\.verdict)
      + facts.revocations.map(\.verdict) + facts.backups.map(\.tests)
    let late = overdue.count { $0.tone == .bad }
    return [
      Review.Figure(
        id: "policy_rows_holding", label: "Policy rows that hold", value: holding,
        note: "of \(all); \(policyRowCount(.warn)) in part, \(policyRowCount(.notRun)) not run",
        tone: .neutral),
      Review.Figure(
        id: "policy_rows_failing", label: "Policy rows that fail", value: failing,
        note: "of \(all)",
        tone: failing > 0 ? .bad : .good),
      Review.Figure(
        id: "systems_not_reviewed", label: "Systems without a signed access review",
        value: unsigned,
        note: "of \(grouped(facts.access.count))", tone: unsigned > 0 ? .attention : .good),
      Review.Figure(
        id: "duties_overdue", label: "Duties overdue or never done", value: late,
        note: "of \(grouped(overdue.count)) with a day", tone: late > 0 ? .bad : .good),
    ]
  }
}
