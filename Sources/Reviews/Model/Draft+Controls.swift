extension Draft {
  /// All policy rows by number, then one row for each control by framework.
  var controlTable: [Review.Block] {
    var blocks: [Review.Block] = [
      .prose(
        "Pass: everything that serves the row ran, looked at something, and objected to nothing. "
          + "Warn: an objection of low level only, or tested in part. Fail: a finding of medium level or "
          + "above, or a register that breaks the rule. Attested: somebody vouches for it, on record. "
          + "Not run: nothing looked, and the reason says why. Population is the most that any one of a "
          + "row's detectors and checks looked at."),
      .parts(matrixChart), .table(matrix), .table(checkTable),
    ]
    for framework in Controls.Framework.allCases where framework != .policy {
      let table = controlTable(framework)
      if framework != .other || !table.rows.isEmpty { blocks.append(.table(table)) }
    }
    return blocks
  }

  /// The state of each policy row, by number; a row that nothing serves has no control.
  var policyRows: [(row: Controls.PolicyRow, control: ControlRow?)] {
    let byID = Dictionary(controls.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    return Controls.policyRows.map { ($0, byID[$0.id]) }
  }

  /// How many policy rows stand how.
  func policyRowCount(_ status: ControlRow.Status) -> Int {
    policyRows.count { ($0.control?.status ?? .notRun) == status }
  }

  private var matrixChart: Review.PartsChart {
    let order: [ControlRow.Status] = [.pass, .attested, .warn, .fail, .notRun]
    return Review.PartsChart(
      id: "policy-rows", title: "The policy's rows by status",
      parts: order.map { Review.PartsChart.Part(count: policyRowCount($0), mark: $0.mark) },
      completeness: matrixWhole)
  }

  private var matrixWhole: Review.Completeness {
    let all = Controls.policyRows.count
    return Review.Completeness(all, of: all, "policy rows", from: "the policies' numbered rows")
  }

  private var matrix: Review.Table {
    Review.Table(
      id: "controls-policy", title: "Control matrix: every row of the policies",
      columns: [
        .words("control", "Row"), .words("name", "Asks for"), .words("status", "Status"),
        .numbers("population", "Population"), .numbers("exceptions", "Exceptions"),
        .words("findings", "Findings"), .words("served_by", "Detectors and checks"),
        .words("reason", "Remarks"),
      ],
      rows: policyRows.map { row, control in
        guard let control else {
          return [
            .code(row.id), .text(row.title), .mark(ControlRow.Status.notRun.mark), .number(0),
            .number(0), .none, .none, .text(row.notRunReason),
          ]
        }
        return [
          .code(row.id), .text(row.title), .mark(control.status.mark), .number(control.population),
          .number(control.exceptionCount),
          control.exceptions.isEmpty ? .none : .findings(control.exceptions),
          .names(control.servers),
          .words(control.reason),
        ]
      } + foreignRows, completeness: matrixWhole)
  }

  /// Rows that detectors cite and the policies do not have.
  private var foreignRows: [[Review.Cell]] {
    let known = Set(Controls.policyRows.map(\.id))
    return controls.filter { Controls.split($0.id).0 == .policy && !known.contains($0.id) }.map {
      [
        .code($0.id), .none, .mark($0.status.mark), .number($0.population),
        .number($0.exceptionCount), $0.exceptions.isEmpty ? .none : .findings($0.exceptions),
        .names($0.servers), .words($0.reason),
      ]
    }
  }

  private var checkTable: Review.Table {
    let rows: [[Review.Cell]] = facts.checks.flatMap { check in
      check.exceptions.map {
        [
          .names(check.rows), .code(check.id),
          $0.isWarning ? .mark(.attention("about to be")) : .level(check.level),
          .code($0.subject), .text($0.message), .words($0.fix), .name($0.place),
        ]
      }
    }
    var whole = Review.Completeness(
      rows.count, of: facts.checks.reduce(0) { $0 + $1.population }, "rows looked at by checks",
      from: counted(facts.registers.count, "register file", "register files"))
    let registers = facts.registers
    whole = whole.loaded(
      registers.reduce(0) { $0 + $1.loaded }, parsed: registers.reduce(0) { $0 + $1.parsed },
      rejected: registers.reduce(0) { $0 + $1.rejected })
    return Review.Table(
      id: "register-checks", title: "What the registers do not show, at the month's end",
      columns: [
        .words("row", "Row"), .words("check", "Check"), .words("level", "Level"),
        .words("subject", "About"), .words("message", "What is wrong"), .words("fix", "What to do"),
        .words("place", "Where"),
      ], rows: rows, completeness: whole)
  }

  private func controlTable(_ framework: Controls.Framework) -> Review.Table {
    let members = controls.filter { Controls.split($0.id).0 == framework }
    return Review.Table(
      id: "controls-\(framework)", title: framework.rawValue,
      columns: [
        .words("control", "Control"), .words("name", "Asks for"), .words("status", "Status"),
        .numbers("population", "Population"), .numbers("exceptions", "Exceptions"),
        .words("findings", "Findings"), .words("detectors", "Detectors"),
        .words("reason", "Remarks"),
      ],
      rows: members.map { control in
        [
          .code(Controls.split(control.id).1), .words(Controls.name(control.id)),
          .mark(control.status.mark), .number(control.population), .number(control.exceptionCount),
          control.exceptions.isEmpty ? .none : .findings(control.exceptions),
          .names(control.detectors.map(\.id)), .words(control.reason),
        ]
      },
      completeness: Review.Completeness(
        members.count, of: members.count, "controls cited by detectors", from: "detector files"))
  }
}
