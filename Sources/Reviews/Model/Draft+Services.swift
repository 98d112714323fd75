extension Draft {
  /// How services answered: whether, how fast, and how often not.
  var availabilityBlocks: [Review.Block] {
    let rows = facts.services.map { service in
      Review.DayGrid.Row(name: service.name, days: availabilityDays(service))
    }
    let requests = facts.services.reduce(0) { $0 + $1.month.requests }
    let chart = Review.DayGrid(
      id: "availability-by-day", title: "Good minutes by service and day, \(facts.month.name)",
      key: [
        .good("as promised, or all good"), .attention("some bad minutes, nothing promised"),
        .bad("less than promised"),
      ], rows: rows,
      completeness: completeness(requests, of: facts.ledger.parsed, lines: "requests"))
    return [
      .prose(
        "A minute counts when a request was answered in it. It is bad when the server failed more than the "
          + "policy's share of its requests (service_level.bad_minute_percent). Availability is the share of good "
          + "minutes; a month without requests says nothing. Times are rounded up by a sixteenth at most."
      ),
      .table(serviceTable), .grid(chart), .lines(budgetChart), .table(serviceDays),
    ]
  }

  /// Bad minutes, as they add up, against as many as the promise allows.
  private var budgetChart: Review.LineChart {
    let promised = facts.services.filter { $0.availabilityTarget != nil && $0.month.minutes > 0 }
    let rows = promised.map { service -> Review.LineChart.Row in
      let allowed = service.month.minutes * (100_000 - (service.availabilityTarget ?? 0)) / 100_000
      var bad = Array(repeating: 0, count: facts.month.dayCount)
      for day in service.days where bad.indices.contains(day.day - 1) {
        bad[day.day - 1] += day.badMinutes
      }
      for day in bad.indices.dropFirst() { bad[day] += bad[day - 1] }
      let used = bad.last ?? 0
      let label = "\(grouped(used)) of \(counted(allowed, "bad minute", "bad minutes")) used"
      return Review.LineChart.Row(
        name: service.name, values: bad,
        target: Array(repeating: allowed, count: facts.month.dayCount),
        mark: used > allowed ? .bad(label) : used * 2 > allowed ? .attention(label) : .good(label))
    }
    return Review.LineChart(
      id: "error-budget", title: "Bad minutes as they add up, against what the promise allows",
      line: "bad minutes so far", dashed: "allowed in the month", rows: rows,
      completeness: completeness(
        rows.count, of: facts.services.count, lines: "services, with a promise and requests"))
  }

  private func availability(_ day: ReviewFacts.ServiceDay) -> Int? {
    thousandths(day.minutes - day.badMinutes, of: day.minutes)
  }

  private func availabilityDays(_ service: ReviewFacts.Service) -> [Review.DayGrid.Day?] {
    var days = [Review.DayGrid.Day?](repeating: nil, count: facts.month.dayCount)
    for day in service.days where days.indices.contains(day.day - 1) {
      guard let share = availability(day) else { continue }
      let label =
        "\(perMyriadText(share)) of \(counted(day.minutes, "minute", "minutes")), "
        + counted(day.requests, "request", "requests")
      let mark: Mark
      if let target = service.availabilityTarget {
        mark = share >= target ? .good(label) : .bad(label)
      } else {
        mark = day.badMinutes == 0 ? .good(label) : .attention(label)
      }
      days[day.day - 1] = Review.DayGrid.Day(mark: mark, height: max(8, share / 1000))
    }
    return days
  }

  private var serviceTable: Review.Table {
    Review.Table(
      id: "services", title: "Services in the month, against what was promised",
      columns: [
        .words("service", "Service"), .numbers("requests", "Requests"),
        .numbers("availability", "Good minutes"), .words("availability_target", "Promised"),
        .numbers("bad_minutes", "Bad minutes"), .numbers("error_rate", "Errors"),
        .words("error_target", "At most"), .numbers("p50", "p50"), .numbers("p95", "p95"),
        .numbers("p99", "p99"), .words("latency_target", "p95 at most"),
        .words("verdict", "Verdict"),
      ],
      rows: facts.services.map { service in
        let month = service.month
        let errors = thousandths(month.errors, of: month.requests)
        return [
          .code(service.name), .number(month.requests),
          .words(availability(month).map(perMyriadText) ?? ""),
          .words(service.availabilityTarget.map(perMyriadText) ?? ""), .number(month.badMinutes),
          .words(errors.map(perMyriadText) ?? ""),
          .words(service.errorTarget.map(perMyriadText) ?? ""),
          .words(month.timed > 0 ? millisecondText(month.median) : ""),
          .words(month.timed > 0 ? millisecondText(month.p95) : ""),
          .words(month.timed > 0 ? millisecondText(month.p99) : ""),
          .words(service.latencyTarget.map { "\(grouped($0)) ms" } ?? ""),
          .mark(verdict(service)),
        ]
      },
      completeness: completeness(
        facts.services.reduce(0) { $0 + $1.month.requests }, of: facts.ledger.parsed,
        lines: "requests"))
  }

  private func verdict(_ service: ReviewFacts.Service) -> Mark {
    var missed: [String] = []
    if let target = service.availabilityTarget, let share = availability(service.month),
      share < target
    {
      missed.append("availability")
    }
    if let target = service.errorTarget,
      let share = thousandths(service.month.errors, of: service.month.requests), share > target
    {
      missed.append("errors")
    }
    if let target = service.latencyTarget, service.month.timed > 0,
      service.month.p95 > target * 1000
    {
      missed.append("latency")
    }
    if !missed.isEmpty { return .bad("missed: \(sentenceList(missed))") }
    let isPromised =
      service.availabilityTarget != nil || service.errorTarget != nil
      || service.latencyTarget != nil
    return isPromised ? .good("met") : .neutral("nothing promised")
  }

  private var serviceDays: Review.Table {
    let rows: [[Review.Cell]] = facts.services.flatMap { service in
      service.days.map { day in
        [
          .code(service.name), .text(facts.month.date(day.day)), .number(day.requests),
          .number(day.errors), .number(day.minutes), .number(day.badMinutes),
          .words(availability(day).map(perMyriadText) ?? ""),
          .words(day.timed > 0 ? millisecondText(day.median) : ""),
          .words(day.timed > 0 ? millisecondText(day.p95) : ""),
          .words(day.timed > 0 ? millisecondText(day.p99) : ""),
        ]
      }
    }
    return Review.Table(
      id: "service-days", title: "Services by day",
      columns: [
        .words("service", "Service"), .words("day", "Day"), .numbers("requests", "Requests"),
        .numbers("errors", "Failed by the server"), .numbers("minutes", "Minutes with requests"),
        .numbers("bad_minutes", "Bad minutes"), .numbers("availability", "Good minutes"),
        .numbers("p50", "p50"), .numbers("p95", "p95"), .numbers("p99", "p99"),
      ], rows: rows,
      completeness: completeness(
        rows.count, of: facts.services.count * facts.month.dayCount, lines: "days of a service"))
  }

  /// Who asked how much, and who was refused.
  var limitBlocks: [Review.Block] {
    func table(_ id: String, _ title: String, _ clients: [ReviewFacts.Client], of count: Int)
      -> Review.Table
    {
      Review.Table(
        id: id, title: title,
        columns: [
          .words("service", "Service"), .words("client", "Client"),
          .numbers("requests", "Requests"),
          .numbers("refused", "Refused (429)"), .numbers("client_errors", "Other 4xx"),
          .numbers("server_errors", "5xx"), .words("limit", "Limit"),
        ],
        rows: clients.map {
          [
            .code($0.service), .code($0.client), .number($0.requests), .number($0.refused),
            .number($0.clientErrors), .number($0.serverErrors), .words($0.limit),
          ]
        }, completeness: completeness(clients.count, of: count, lines: "clients"))
    }
    let abuse = Set((47...53).map { "row-\($0)" })
    return [
      .table(
        table(
          "top-clients", "Clients with the most requests", facts.clients.top,
          of: facts.clients.count)),
      .table(
        table(
          "refused-clients", "Clients that were refused for their number of requests",
          facts.clients.refused, of: facts.clients.count)),
      .table(
        findingTable(
          "abuse-findings", "Findings on abuse and limits", citing: abuse)),
    ]
  }

  /// The findings that cite one of some rows, of what the detectors for those rows looked at.
  func findingTable(_ id: String, _ title: String, citing rows: Set<String>) -> Review.Table {
    let cited = findings.filter { !rows.isDisjoint(with: $0.finding.controls) }
    let ran = facts.detectors.filter {
      $0.notRunReason == nil && !rows.isDisjoint(with: $0.controls)
    }
    let checked = ran.map(\.checked).max() ?? 0
    return Review.Table(
      id: id, title: title,
      columns: [
        .words("finding", "Finding"), .words("level", "Level"), .words("detector", "Detector"),
        .words("message", "What happened"), .numbers("events", "Events"),
      ],
      rows: cited.map {
        [
          .findings([$0.number]), .level($0.finding.level), .code($0.finding.detector),
          .text($0.finding.message), .number($0.finding.count),
        ]
      },
      completeness: completeness(
        cited.count, of: max(checked, cited.count),
        lines: "events, looked at by \(counted(ran.count, "detector", "detectors"))"))
  }
}
