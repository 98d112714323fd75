import Pipelines
import Registers
import Reviews

/// The registers' rows as lists of their own: what came and went, tools, and what the internet reaches.
extension FactsBuilder {
  /// A row of any register, from when until when it holds.
  private struct Span {
    let register: String, id: String, name: String
    let start, end: Int64
  }

  private var spans: [Span] {
    func spans<Row: RegisterRow>(_ register: String, _ rows: [Row], _ name: (Row) -> String)
      -> [Span]
    {
      rows.map {
        Span(
          register: register, id: $0.id, name: name($0), start: $0.validity.start,
          end: $0.validity.end)
      }
    }
    let contractors = registers.contractors.map { row in
      let access = registers.access(of: row)
      return Span(
        register: "contractors", id: row.id, name: row.name, start: access.start, end: access.end)
    }
    return spans("people", registers.people) { $0.name } + contractors
      + spans("infrastructure", registers.infrastructure) { $0.names.first ?? "" }
      + spans("tools", registers.tools) { $0.name }
      + spans("subprocessors", registers.subprocessors) { $0.name }
      + spans("secrets", registers.secrets) { $0.name }
      + spans("backups", registers.backups) { $0.name }
  }

  /// What began or ended in the month, by register and id.
  var movements: [ReviewFacts.Movement] {
    spans.flatMap { span -> [ReviewFacts.Movement] in
      func movement(_ change: String, _ time: Int64) -> ReviewFacts.Movement {
        var row = ReviewFacts.Movement()
        (row.register, row.id, row.name) = (span.register, span.id, span.name)
        (row.change, row.day) = (change, LocalTime.date(local.day(time)))
        return row
      }
      var rows: [ReviewFacts.Movement] = []
      if span.start < span.end {
        if window.contains(span.start) { rows.append(movement("began", span.start)) }
        if isLast(span.end) { rows.append(movement("ended", span.end - 1)) }
      }
      return rows
    }.sorted { ($0.register, $0.day, $0.id, $0.change) < ($1.register, $1.day, $1.id, $1.change) }
  }

  /// Whether the moment before an end lies in the month.
  private func isLast(_ end: Int64) -> Bool {
    end > window.lowerBound && end <= window.upperBound
  }

  /// How many rows each register had at the last month's end, and has at this one's.
  var turnovers: [ReviewFacts.Turnover] {
    Dictionary(grouping: spans.filter { $0.start < $0.end }, by: \.register)
      .sorted { $0.key < $1.key }.map { register, rows in
        var turnover = ReviewFacts.Turnover()
        turnover.register = register
        turnover.before = rows.count { $0.start < window.lowerBound && $0.end > window.lowerBound }
        turnover.joined = rows.count { window.contains($0.start) }
        turnover.left = rows.count {
          isLast($0.end)
        }
        turnover.now = rows.count { $0.start < window.upperBound && $0.end > window.upperBound }
        return turnover
      }
  }

  /// The tools of the register, by id.
  var tools: [ReviewFacts.Tool] {
    let uses = Dictionary(grouping: toolUses, by: \.tool)
    return registers.tools.filter { touchesMonth($0.validity.start, $0.validity.end) }
      .sorted { $0.id < $1.id }.map { row in
        var tool = ReviewFacts.Tool()
        (tool.id, tool.name, tool.vendor) = (row.id, row.name, row.vendor ?? "")
        (tool.status, tool.owner) = (row.status.rawValue, row.owner ?? "")
        tool.introduced = [row.introducedBy, row.introducedOn].compactMap(\.self)
          .joined(separator: ", ")
        tool.approval = [
          row.approvedBy, row.approvedAt.map { text($0) }, row.channel, row.reference,
        ]
        .compactMap(\.self).joined(separator: ", ")
        tool.questionnaire = [row.questionnaire, row.questionnaireOn.map { "\($0)" }]
          .compactMap(\.self).joined(separator: ", ")
        tool.justification = row.justification ?? ""
        let used = uses[row.id] ?? []
        tool.events = used.reduce(0) { $0 + $1.events }
        tool.people = Set(used.map(\.person).filter { !$0.isEmpty }).count
        tool.verdict = verdict(on: row)
        return tool
      }
  }

  private func verdict(on row: Tool) -> Mark {
    guard row.status == .approved else {
      return row.status == .personalCloud ? .bad("not for work") : .neutral(row.status.rawValue)
    }
    let missing = [
      row.approvedBy == nil || row.approvedAt == nil || row.reference == nil ? "approval" : nil,
      row.questionnaire == nil ? "questionnaire" : nil,
      row.introducedBy == nil || row.introducedOn == nil ? "who brought it in" : nil,
      row.justification == nil ? "reason" : nil,
    ].compactMap(\.self)
    return missing.isEmpty
      ? .good("complete") : .attention("lacks \(missing.joined(separator: ", "))")
  }

  /// Systems and tools that the internet reaches, and whether the subprocessors list has them.
  var exposed: [ReviewFacts.Exposed] {
    let listed = Dictionary(
      registers.subprocessors.filter { $0.validity.contains(lastMoment) }
        .flatMap { row in [row.id, row.tool].compactMap(\.self).map { ($0, row.id) } },
      uniquingKeysWith: { first, _ in first })
    let hasList = registers.present.contains(.subprocessors)
    let systems = registers.infrastructure.filter {
      $0.isInternetFacing && $0.validity.contains(lastMoment)
    }.map { row in
      var exposed = ReviewFacts.Exposed()
      (exposed.kind, exposed.id) = ("system", row.id)
      (exposed.name, exposed.owner) = (row.names.first ?? "", row.owner ?? "")
      exposed.basis = "the infrastructure register"
      exposed.listing = .neutral("our own")
      return exposed
    }
    let tools = registers.tools.filter {
      ($0.isInternetFacing ?? false) && $0.status == .approved && $0.validity.contains(lastMoment)
    }.map { row in
      var exposed = ReviewFacts.Exposed()
      (exposed.kind, exposed.id) = ("tool", row.id)
      (exposed.name, exposed.owner) = (row.name, row.owner ?? "")
      exposed.basis = "the tools register"
      exposed.listing =
        listed[row.id] != nil
        ? .good("listed") : hasList ? .bad("not listed") : .attention("no list is loaded")
      return exposed
    }
    return (systems + tools).sorted { ($0.kind, $0.id) < ($1.kind, $1.id) }
  }

  /// What is found and not sent, by whose wish.
  var silences: [ReviewFacts.Silence] {
    workspace.configuration.silences.map { row in
      var silence = ReviewFacts.Silence()
      (silence.scope, silence.until) = (row.scope, row.untilText)
      (silence.author, silence.reason) = (row.author, row.reason)
      return silence
    }
  }
}
