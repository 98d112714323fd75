/// What has to be done, and what became of what was agreed last time.
extension Draft {
  /// The follow-up of an earlier review, and this month's actions.
  var actionBlocks: [Review.Block] {
    var blocks: [Review.Block] = []
    if let previous = facts.previous {
      if previous.month != facts.month.before {
        blocks.append(
          .notice(
            .attention("The earlier review is of \(previous.month), not of the month before.")))
      }
      blocks += [
        .parts(followUpChart(previous)), .lines(burnDown(previous)),
        .table(followUpTable(previous)),
      ]
    } else {
      blocks.append(
        .prose(
          "No earlier review was given (--previous FILE, the review.json of last month): what became of its "
            + "actions is not told here."))
    }
    blocks.append(
      .prose(
        "Each row that does not hold and each finding that cites none. Who does it, until when and when it was done "
          + "can be written into this review's JSON (tables.actions.rows: owner, due, done); the next review "
          + "takes it from there."))
    return blocks + [.table(actionTable)]
  }

  /// One thing to be done, as this month's review has it.
  private struct Action {
    var row = "", asks = ""
    var status: Review.Cell
    var findings: [Int] = []
    var about: [String] = []
    var key: String { row.isEmpty ? asks : row }
  }

  private var actions: [Action] {
    var actions: [Action] = []
    for control in controls where control.exceptionCount > 0 {
      guard Controls.split(control.id).0 == .policy else { continue }
      let about = Set(control.checkExceptions.map(\.subject).filter { !$0.isEmpty })
      actions.append(
        Action(
          row: control.id, asks: Controls.name(control.id), status: .mark(control.status.mark),
          findings: control.exceptions, about: Array(about.sorted().prefix(6))))
    }
    for finding in findings where finding.finding.level != "informational" {
      guard !finding.finding.controls.contains(where: { $0.hasPrefix("row-") }) else { continue }
      actions.append(
        Action(
          asks: finding.finding.title, status: .level(finding.finding.level),
          findings: [finding.number]))
    }
    return actions
  }

  private var actionTable: Review.Table {
    let before = Dictionary(
      (facts.previous?.actions ?? []).map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
    func filled(_ text: String) -> Review.Cell { text.isEmpty ? .blank : .text(text) }
    let rows = actions.map { action -> [Review.Cell] in
      let known = before[action.key]
      // What was said to be done and is found again is open again, and nobody's yet.
      let isOpen = known.map { $0.done.isEmpty } ?? false
      let since =
        isOpen ? known.map { $0.since.isEmpty ? facts.previous?.month ?? "" : $0.since } : nil
      return [
        .name(action.row), .words(action.asks), action.status,
        action.findings.isEmpty ? .none : .findings(action.findings), .names(action.about),
        .words(since ?? facts.month.text), filled(isOpen ? known?.owner ?? "" : ""),
        filled(isOpen ? known?.due ?? "" : ""), .blank,
      ]
    }
    return Review.Table(
      id: "actions", title: "Actions, each with an owner and a day",
      columns: [
        .words("row", "Row"), .words("asks", "Asks for"), .words("status", "Status"),
        .words("findings", "Findings"), .words("about", "About"), .words("since", "Open since"),
        .words("owner", "Owner"), .words("due", "Due"), .words("done", "Done on"),
      ], rows: rows,
      completeness: Review.Completeness(
        rows.count, of: controls.count + findings.count, "controls and findings",
        from: "this review"))
  }

  /// What became of an action.
  private func outcome(of action: PreviousReview.Action) -> Mark {
    let isPast = !action.due.isEmpty && action.due <= facts.month.date(facts.month.dayCount)
    let isOpen: Bool
    if action.row.isEmpty {
      isOpen = findings.contains { $0.finding.title == action.asks }
    } else {
      let control = controls.first { $0.id == action.row }
      isOpen = (control?.exceptionCount ?? 0) > 0
      if !isOpen, (control?.status ?? .notRun) == .notRun { return .neutral("can not be told") }
    }
    guard isOpen else { return .good("closed") }
    if !action.done.isEmpty { return .bad("said to be done, found again") }
    return isPast ? .bad("open beyond its day") : .attention("still open")
  }

  private func followUpTable(_ previous: PreviousReview) -> Review.Table {
    Review.Table(
      id: "follow-up", title: "What became of the actions of \(previous.month)",
      columns: [
        .words("row", "Row"), .words("asks", "Asks for"), .words("since", "Open since"),
        .words("then", "Then"), .words("now", "Now"), .words("owner", "Owner"),
        .words("due", "Due"), .words("done", "Done on"), .words("verdict", "Verdict"),
      ],
      rows: previous.actions.map { action in
        let now = controls.first { $0.id == action.row }?.status ?? .notRun
        return [
          .name(action.row), .words(action.asks),
          .words(action.since.isEmpty ? previous.month : action.since), .words(action.status),
          action.row.isEmpty ? .none : .mark(now.mark), .words(action.owner), .words(action.due),
          .words(action.done), .mark(outcome(of: action)),
        ]
      }, completeness: followUpWhole(previous))
  }

  private func followUpChart(_ previous: PreviousReview) -> Review.PartsChart {
    let outcomes = previous.actions.map { outcome(of: $0) }
    let order: [Mark] = [
      .good("closed"), .neutral("can not be told"), .attention("still open"),
      .bad("open beyond its day"), .bad("said to be done, found again"),
    ]
    return Review.PartsChart(
      id: "follow-up-parts", title: "The actions of \(previous.month), as they stand now",
      parts: order.map { mark in
        Review.PartsChart.Part(count: outcomes.count { $0 == mark }, mark: mark)
      }, completeness: followUpWhole(previous))
  }

  /// How many of the earlier review's actions were open at the end of each day.
  private func burnDown(_ previous: PreviousReview) -> Review.LineChart {
    let all = previous.actions.count
    let outcomes = previous.actions.map { outcome(of: $0) }
    let days = 1...facts.month.dayCount
    // What is closed without a day is known to be so at the month's end alone.
    let values = days.map { day in
      all
        - zip(previous.actions, outcomes).count { action, outcome in
          outcome == .good("closed")
            && (action.done.isEmpty ? day == days.upperBound : action.done <= facts.month.date(day))
        }
    }
    let target = days.map { day in
      all - previous.actions.count { !$0.due.isEmpty && $0.due <= facts.month.date(day) }
    }
    let open = outcomes.count { $0.tone == .attention || $0.tone == .bad }
    let isLate = outcomes.contains { $0.tone == .bad }
    let label = "\(grouped(open)) of \(grouped(all)) still open"
    return Review.LineChart(
      id: "actions-open", title: "The actions of \(previous.month), by day",
      line: "open", dashed: "still to be open, by the days that were agreed",
      rows: all == 0
        ? []
        : [
          Review.LineChart.Row(
            name: "Open actions", values: values, target: target,
            mark: isLate ? .bad(label) : open > 0 ? .attention(label) : .good(label))
        ], completeness: followUpWhole(previous))
  }

  private func followUpWhole(_ previous: PreviousReview) -> Review.Completeness {
    let count = previous.actions.count
    var whole = Review.Completeness(
      count, of: count, "actions", from: "the review of \(previous.month)")
    whole.hash = String(previous.fingerprint.prefix(12))
    return whole
  }

  /// How many actions of the earlier review are open still; `nil` without one.
  var openActions: (open: Int, all: Int)? {
    facts.previous.map { previous in
      let outcomes = previous.actions.map { outcome(of: $0) }
      return (outcomes.count { $0.tone == .attention || $0.tone == .bad }, outcomes.count)
    }
  }

  /// Rows of the policies that stand otherwise than in the earlier review.
  var changedRows: Review.Table? {
    guard let previous = facts.previous else { return nil }
    let rows = policyRows.compactMap { row, control -> [Review.Cell]? in
      let now = control?.status ?? .notRun
      guard let then = previous.rows[row.id], then != now.rawValue else { return nil }
      return [
        .code(row.id), .text(row.title), .words(then), .mark(now.mark),
        (control?.exceptions ?? []).isEmpty ? .none : .findings(control?.exceptions ?? []),
      ]
    }
    return Review.Table(
      id: "changed-rows", title: "Policy rows that stand otherwise than in \(previous.month)",
      columns: [
        .words("row", "Row"), .words("asks", "Asks for"), .words("then", "Then"),
        .words("now", "Now"), .words("findings", "Findings"),
      ], rows: rows,
      completeness: Review.Completeness(
        rows.count, of: Controls.policyRows.count, "policy rows",
        from: "the review of \(previous.month), and this one"))
  }

  /// How a system's accounts differ from those of the earlier review.
  func turnover(of table: String, accounts: [String]) -> ReviewFacts.Turnover? {
    guard let before = facts.previous?.accounts[table] else { return nil }
    let now = Set(accounts)
    var turnover = ReviewFacts.Turnover()
    (turnover.before, turnover.now) = (before.count, now.count)
    (turnover.joined, turnover.left) = (
      now.subtracting(before).count, before.subtracting(now).count
    )
    return turnover
  }
}
