extension Draft {
  /// What no scan was read of, and what containers showed.
  var weaknessBlocks: [Review.Block] {
    [
      .prose(
        "Results of vulnerability and image scans are not read. Weaknesses are those that the incidents register has, "
          + "of the kind `vulnerability`; what logs show of containers is below."),
      .stacks(weaknessAges), .table(weaknessTable),
      .table(
        findingTable(
          "container-findings", "Findings on containers and weaknesses",
          citing: ["row-31", "row-77", "row-93", "row-94", "row-95", "row-96"])),
    ]
  }

  private var weaknesses: [ReviewFacts.Incident] { facts.incidents.filter(\.isWeakness) }

  /// Weaknesses that are open at the month's end, by age.
  private var weaknessAges: Review.StackChart {
    let open = weaknesses.filter(\.isOpen)
    let ages: [(name: String, days: ClosedRange<Int>)] = [
      ("up to 7 days", 0...7), ("8 to 30 days", 8...30), ("31 to 90 days", 31...90),
      ("more than 90 days", 91...Int.max),
    ]
    let severities = Array(levelNames.prefix(4))
    let shades: [Review.StackChart.Shade] = [.critical, .high, .medium, .low]
    return Review.StackChart(
      id: "weakness-ages", title: "Open weaknesses by age at the month's end",
      key: zip(severities, shades).map { Review.StackChart.Part(label: $0, shade: $1) },
      bars: open.isEmpty
        ? []
        : ages.map { age in
          let mine = open.filter { age.days.contains($0.age) }
          return Review.StackChart.Bar(
            name: age.name,
            counts: severities.map { severity in mine.count { $0.severity == severity } },
            note: grouped(mine.count))
        },
      completeness: completeness(
        open.count, of: weaknesses.count, "weaknesses, open at the month's end",
        register: "incidents"))
  }

  private var weaknessTable: Review.Table {
    Review.Table(
      id: "weaknesses", title: "Weaknesses open in the month",
      columns: [
        .words("id", "Id"), .words("title", "Title"), .words("severity", "Severity"),
        .words("owner", "Owner"), .words("detected_at", "Found"), .words("until", "Mended"),
        .numbers("age", "Days open"), .words("verdict", "Verdict"),
      ],
      rows: weaknesses.map {
        [
          .code($0.id), .text($0.title), .level($0.severity), .name($0.owner),
          .words($0.detectedAt), .words($0.resolvedAt), .number($0.age), .mark($0.verdict),
        ]
      },
      completeness: completeness(
        weaknesses.count, of: facts.incidents.count, "incidents, of the kind `vulnerability`",
        register: "incidents"))
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
