/// Incidents and how long they took.
extension Draft {
  /// Incidents and their clocks.
  var incidentBlocks: [Review.Block] {
    func took(_ minutes: Int?) -> Review.Cell {
      minutes.map { .text(Draft.spanText($0)) } ?? .none
    }
    let table = Review.Table(
      id: "incidents", title: "Incidents open in the month",
      columns: [
        .words("id", "Id"), .words("title", "Title"), .words("severity", "Severity"),
        .words("owner", "Owner"), .words("detected_at", "Found"),
        .words("to_detect", "Noticed after"),
        .words("to_acknowledge", "Answered after"), .words("to_contain", "Held after"),
        .words("to_resolve", "Over after"), .words("notified", "Told"),
        .words("analysis", "Analysis"),
        .words("findings", "Findings"), .words("verdict", "Targets"),
      ],
      rows: facts.incidents.map { incident in
        let numbers = findings.filter { incident.findings.contains($0.finding.uid) }.map(\.number)
        return [
          .code(incident.id), .text(incident.title), .level(incident.severity),
          .name(incident.owner),
          .words(incident.detectedAt), took(incident.minutesToDetect),
          took(incident.minutesToAcknowledge),
          took(incident.minutesToContain), took(incident.minutesToResolve),
          .words(incident.notified), .name(incident.analysis),
          numbers.isEmpty ? .names(incident.unknownFindings) : .findings(numbers),
          .mark(incident.verdict),
        ]
      },
      completeness: completeness(
        facts.incidents.count, of: facts.incidents.count, "incidents", register: "incidents"))
    let none = "No incident was open in \(facts.month.name), by the incidents register."
    let unknown = "There is no incidents register: that no incident is listed says nothing."
    let hasRegister = facts.registers.contains { $0.name == "incidents" }
    var blocks: [Review.Block] = []
    if facts.incidents.isEmpty { blocks.append(.prose(hasRegister ? none : unknown)) }
    return blocks + [.grid(incidentDays), .table(table), .table(incidentTimes)]
  }

  /// Each incident from the day on which it was found to the one on which it was over.
  private var incidentDays: Review.DayGrid {
    let (loose, held, over) = (
      Mark.bad("not held yet"), Mark.attention("held, not over"), Mark.good("over")
    )
    let rows = facts.incidents.map { incident -> Review.DayGrid.Row in
      var days = [Review.DayGrid.Day?](repeating: nil, count: facts.month.dayCount)
      if incident.days.count == 3, let first = incident.days[0] {
        let (contained, resolved) = (incident.days[1] ?? .max, incident.days[2] ?? .max)
        for day in 1...facts.month.dayCount where day >= first && day <= resolved {
          let mark = day == resolved ? over : day >= contained ? held : loose
          days[day - 1] = Review.DayGrid.Day(mark: mark, height: 100)
        }
      }
      return Review.DayGrid.Row(name: incident.id, days: days)
    }
    return Review.DayGrid(
      id: "incident-days", title: "Incidents by day, \(facts.month.name)",
      key: [loose, held, over],
      rows: rows,
      completeness: completeness(
        rows.count, of: rows.count, "incidents", register: "incidents"))
  }

  private var incidentTimes: Review.Table {
    let clocks: [(name: String, value: (ReviewFacts.Incident) -> Int?)] = [
      ("From the first event to the finding", { $0.minutesToDetect }),
      ("To answer", { $0.minutesToAcknowledge }), ("To hold", { $0.minutesToContain }),
      ("To end", { $0.minutesToResolve }),
    ]
    let rows: [[Review.Cell]] = clocks.compactMap { name, value in
      let minutes = facts.incidents.compactMap(value).sorted()
      guard let most = minutes.last else { return nil }
      return [
        .text(name), .number(minutes.count),
        .text(Draft.spanText(minutes[(minutes.count - 1) / 2])),
        .text(Draft.spanText(minutes[(minutes.count * 9 + 9) / 10 - 1])),
        .text(Draft.spanText(most)),
      ]
    }
    return Review.Table(
      id: "incident-times", title: "How long incidents took to be noticed, and from then on",
      columns: [
        .words("clock", "Clock"), .numbers("count", "Incidents"), .words("median", "Median"),
        .words("p90", "Nine of ten within"), .words("longest", "Longest"),
      ], rows: rows,
      completeness: completeness(
        rows.isEmpty ? 0 : facts.incidents.count, of: facts.incidents.count, "incidents",
        register: "incidents"))
  }

  /// Minutes as days, hours and minutes, the first two that say something.
  static func spanText(_ minutes: Int) -> String {
    let (days, hours, rest) = (minutes / 1440, minutes % 1440 / 60, minutes % 60)
    if days > 0 { return hours > 0 ? "\(grouped(days)) d \(hours) h" : "\(grouped(days)) d" }
    if hours > 0 { return rest > 0 ? "\(hours) h \(rest) min" : "\(hours) h" }
    return "\(rest) min"
  }
}
