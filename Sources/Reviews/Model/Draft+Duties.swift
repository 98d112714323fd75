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
          .words(incident.detectedAt), took(incident.minutesToAcknowledge),
          took(incident.minutesToContain), took(incident.minutesToResolve),
          .words(incident.notified), .name(incident.analysis),
          numbers.isEmpty ? .none : .findings(numbers), .mark(incident.verdict),
        ]
      },
      completeness: completeness(
        facts.incidents.count, of: facts.incidents.count, "incidents", register: "incidents"))
    let none = "No incident was open in \(facts.month.name), by the incidents register."
    let unknown = "There is no incidents register: that no incident is listed says nothing."
    let hasRegister = facts.registers.contains { $0.name == "incidents" }
    var blocks: [Review.Block] = []
    if facts.incidents.isEmpty { blocks.append(.prose(hasRegister ? none : unknown)) }
    return blocks + [.table(table), .table(incidentTimes)]
  }

  private var incidentTimes: Review.Table {
    let clocks: [(name: String, value: (ReviewFacts.Incident) -> Int?)] = [
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
      id: "incident-times", title: "How long incidents took, from when they were found",
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

  /// Secrets, when they are due, and who read them.
  var secretBlocks: [Review.Block] {
    let whole = completeness(
      facts.secrets.count, of: facts.secrets.count, "secrets", register: "secrets")
    let calendar = Review.DayGrid(
      id: "rotation-calendar", title: "Rotation calendar, \(facts.month.name)",
      key: [.good("rotated"), .bad("due, not rotated by then"), .attention("due")],
      rows: facts.secrets.filter { !$0.rotatedDays.isEmpty || !$0.dueDays.isEmpty }.map { secret in
        var days = [Review.DayGrid.Day?](repeating: nil, count: facts.month.dayCount)
        for day in secret.dueDays where days.indices.contains(day - 1) {
          let isLate = secret.verdict.tone == .bad
          days[day - 1] = Review.DayGrid.Day(
            mark: isLate ? .bad("due") : .attention("due"), height: 100)
        }
        for day in secret.rotatedDays where days.indices.contains(day - 1) {
          days[day - 1] = Review.DayGrid.Day(mark: .good("rotated"), height: 100)
        }
        return Review.DayGrid.Row(name: secret.name.isEmpty ? secret.id : secret.name, days: days)
      }, completeness: whole)
    let bars = facts.secrets.compactMap { secret in
      secret.daysLeft.map {
        Review.BarChart.Bar(
          name: secret.name.isEmpty ? secret.id : secret.name, value: $0, mark: secret.verdict)
      }
    }
    return [
      .prose("Names only: no value of a secret is ever read or shown."),
      .bars(
        Review.BarChart(
          id: "rotation-days-left",
          title: "Days until the next rotation is due, at the month's end",
          unit: "days", bars: bars, completeness: whole)),
      .grid(calendar), .table(secretTable), .table(secretUses),
      .table(
        findingTable(
          "secret-findings", "Findings on secrets and keys",
          citing: ["row-85", "row-86", "row-87", "row-88", "row-90"])),
    ]
  }

  private var secretTable: Review.Table {
    Review.Table(
      id: "secrets", title: "Secrets",
      columns: [
        .words("id", "Id"), .words("name", "Name"), .words("class", "Class"),
        .words("store", "Store"),
        .words("owner", "Owner"), .words("last_rotated", "Last rotated"),
        .words("max_age", "Holds for"),
        .words("due", "Due"), .numbers("days_left", "Days left"), .numbers("reads", "Uses seen"),
        .numbers("readers", "By accounts"), .words("verdict", "Verdict"),
      ],
      rows: facts.secrets.map {
        [
          .code($0.id), .text($0.name), .words($0.kind), .words($0.store), .name($0.owner),
          .words($0.lastRotated), .words($0.maxAge), .words($0.due),
          $0.daysLeft.map { .number($0) } ?? .none, .number($0.reads), .number($0.readers),
          .mark($0.verdict),
        ]
      },
      completeness: completeness(
        facts.secrets.count, of: facts.secrets.count, "secrets", register: "secrets"))
  }

  private var secretUses: Review.Table {
    Review.Table(
      id: "secret-uses", title: "Who used which secret",
      columns: [
        .words("secret", "Secret"), .words("account", "Account"), .words("person", "Person"),
        .words("action", "Action"), .words("first", "First"), .words("last", "Last"),
        .numbers("events", "Events"),
      ],
      rows: facts.secretUses.map {
        [
          .name($0.secret), .name($0.account), .name($0.person), .words($0.action),
          .words($0.first),
          .words($0.last), .number($0.events),
        ]
      },
      completeness: completeness(
        facts.secretUses.reduce(0) { $0 + $1.events }, of: facts.ledger.parsed, lines: "events"))
  }

  /// Backups by day, and restores that were tried.
  var backupBlocks: [Review.Block] {
    let whole = completeness(
      facts.backups.count { $0.isListed }, of: facts.backups.count { $0.isListed }, "backups",
      register: "backups")
    let grid = Review.DayGrid(
      id: "backup-calendar", title: "Runs by backup and day, \(facts.month.name)",
      key: [
        .good("succeeded"), .bad("failed"), .attention("succeeded, and failed too"),
        .neutral("grey: no run seen"),
      ],
      rows: facts.backups.map { backup in
        let days = (1...facts.month.dayCount).map { day -> Review.DayGrid.Day? in
          let (good, bad) = (backup.goodDays.contains(day), backup.badDays.contains(day))
          guard good || bad else {
            return backup.isDaily
              ? Review.DayGrid.Day(mark: .neutral("no run seen"), height: 12) : nil
          }
          let mark: Mark =
            good && bad
            ? .attention("succeeded, and failed too") : good ? .good("succeeded") : .bad("failed")
          return Review.DayGrid.Day(mark: mark, height: 100)
        }
        return Review.DayGrid.Row(name: backup.name.isEmpty ? backup.id : backup.name, days: days)
      }, completeness: whole)
    let runs = Review.Table(
      id: "backups", title: "Backups",
      columns: [
        .words("id", "Id"), .words("name", "Name"), .words("systems", "Of"), .words("jobs", "Jobs"),
        .words("interval", "Every"), .words("owner", "Owner"),
        .numbers("good_days", "Days with success"),
        .numbers("bad_days", "Days with failure"), .words("last_success", "Last success"),
        .words("verdict", "Verdict"),
      ],
      rows: facts.backups.map {
        [
          .code($0.id), .words($0.name), .names($0.systems), .names($0.jobs), .words($0.interval),
          .name($0.owner), .number($0.goodDays.count), .number($0.badDays.count),
          .words($0.lastSuccess), .mark($0.runs),
        ]
      }, completeness: whole)
    let tests = Review.Table(
      id: "restore-tests", title: "Tests of restoring",
      columns: [
        .words("id", "Id"), .words("name", "Name"), .words("last_test", "Last tried"),
        .words("environment", "Into"), .words("result", "Result"), .words("duration", "Took"),
        .words("due", "Next due"), .words("verdict", "Verdict"),
      ],
      rows: facts.backups.filter(\.isListed).map {
        [
          .code($0.id), .words($0.name), .words($0.lastTest), .words($0.testEnvironment),
          .words($0.testResult), .words($0.testDuration), .words($0.testDue), .mark($0.tests),
        ]
      }, completeness: whole)
    return [.grid(grid), .table(runs), .table(tests)]
  }

  /// What no scan was read of, and what containers showed.
  var weaknessBlocks: [Review.Block] {
    [
      .prose(
        "Results of vulnerability and image scans are not read: rows 31, 77, 94 and 96 are not run. "
          + "What logs show of containers is below."),
      .table(
        findingTable(
          "container-findings", "Findings on containers and weaknesses",
          citing: ["row-31", "row-77", "row-93", "row-94", "row-95", "row-96"])),
    ]
  }

  /// Where people were and where data is, and what people asked about their own.
  var privacyBlocks: [Review.Block] {
    let regions = Set(facts.places.map(\.region)).sorted()
    let countries = Set(facts.places.map(\.country)).sorted()
    let rows: [[Review.Cell]] = countries.map { country in
      let mine = facts.places.filter { $0.country == country }
      return [.name(country)]
        + regions.map { region in
          let events = mine.filter { $0.region == region }.reduce(0) { $0 + $1.events }
          return events > 0 ? .number(events) : .none
        } + [.number(mine.reduce(0) { $0 + $1.events })]
    }
    let sum = facts.places.reduce(0) { $0 + $1.events }
    let matrix = Review.Table(
      id: "residency",
      title: "Successes of people by country of the address and region of the system",
      columns: [.words("country", "From")]
        + regions.enumerated().map { place, region in
          .numbers("region_\(place + 1)", region.isEmpty ? "region not known" : region)
        } + [.numbers("events", "All")],
      rows: rows, completeness: completeness(sum, of: facts.ledger.parsed, lines: "events"))
    return [
      .table(matrix),
      .table(
        findingTable(
          "residency-findings", "Findings on residency and sharing", citing: ["row-59", "row-74"])),
      .table(
        dueTable(
          "requests", "Requests of people about their data", ["request"], register: "requests")),
      .table(
        dueTable("subprocessors", "Subprocessors", ["subprocessor"], register: "subprocessors")),
    ]
  }

  /// What somebody vouches for, and what is due again and again.
  var attestationBlocks: [Review.Block] {
    let table = Review.Table(
      id: "attestations", title: "Attestations, and when they are due",
      columns: [
        .words("clause", "Row"), .words("title", "Asks for"), .words("statement", "Vouched for"),
        .words("owner", "Owner"), .words("performed_on", "Done on"), .words("next_due", "Next due"),
        .words("signed_by", "Signed by"), .words("link", "Proof"), .words("verdict", "Verdict"),
      ],
      rows: facts.attestations.map {
        [
          .code($0.clause), .words(Controls.name($0.clause)), .words($0.statement), .name($0.owner),
          .words($0.performedOn), .words($0.nextDue), .name($0.signedBy), .name($0.link),
          .mark($0.verdict),
        ]
      },
      completeness: completeness(
        facts.attestations.count, of: facts.attestations.count, "attestations",
        register: "attestations"))
    let vouched = Set(facts.attestations.map(\.clause))
    let missing = Controls.policyRows.filter {
      $0.proof == .attestation && $0.number > 100 && !vouched.contains($0.id)
    }
    let all = Controls.policyRows.count { $0.proof == .attestation && $0.number > 100 }
    return [
      .table(table),
      .list(
        id: "not-attested", title: "Rows that nobody vouches for (\(missing.count) of \(all))",
        items: missing.map { "\($0.id): \($0.title)" },
        empty: "0 of \(all) checked rows are without a record."),
      .table(dueTable("policies", "Policy documents", ["policy"], register: "policies")),
      .table(dueTable("risks", "Risks", ["risk"], register: "risks")),
      .table(dueTable("drills", "Drills", ["drill"], register: "drills")),
    ]
  }

  private func dueTable(
    _ id: String, _ title: String, _ kinds: [String], register: String
  ) -> Review.Table {
    let rows = facts.dues.filter { kinds.contains($0.kind) }
    return Review.Table(
      id: id, title: title,
      columns: [
        .words("id", "Id"), .words("title", "Title"), .words("owner", "Owner"),
        .words("done", "Last done"), .words("due", "Due"), .words("note", "Remark"),
        .words("verdict", "Verdict"),
      ],
      rows: rows.map {
        [
          .code($0.id), .words($0.title), .name($0.owner), .words($0.done), .words($0.due),
          .words($0.note), .mark($0.verdict),
        ]
      }, completeness: completeness(rows.count, of: rows.count, "rows", register: register))
  }
}
