extension Draft {
  /// Findings by detector and level, and each of them.
  var findingBlocks: [Review.Block] {
    let whole = completeness(findings.count, of: facts.ledger.parsed, lines: "events")
    return outcomeBlocks + deliveryBlocks + [.findings(findings, whole)]
  }

  /// The proof of every finding.
  var evidenceBlocks: [Review.Block] {
    let lines = findings.reduce(0) { $0 + $1.finding.evidence.count }
    let events = findings.reduce(0) { $0 + $1.finding.count }
    return [
      .prose(
        "The first lines that prove each finding. Offset counts the uncompressed bytes before the "
          + "line; the hash is of the line without its ending. Control characters are written as "
          + "⟨U+…⟩, and long lines are cut on these pages; the JSON rendering has them whole."),
      .evidence(findings, completeness(lines, of: events, lines: "events behind findings")),
    ]
  }

  /// Sign-ins by day, by system and by failing address.
  var signInBlocks: [Review.Block] {
    let totals = signInTotals
    let events = totals.successes + totals.failures
    var successes = Array(repeating: 0, count: facts.month.dayCount)
    var failures = successes
    for day in totals.days where successes.indices.contains(day.day - 1) {
      successes[day.day - 1] += day.successes
      failures[day.day - 1] += day.failures
    }
    let charted = successes.reduce(0, +) + failures.reduce(0, +)
    return [
      .prose(
        "Attempts, not lines: several lines that tell of one attempt count once, and a line that "
          + "says it was repeated counts as often as it says. A sign-in that two logs tell of, such as a "
          + "proxy's and the application's own, counts in both."),
      .days(
        Review.DayChart(
          id: "sign-ins-by-day", title: "Sign-ins by day, \(facts.month.name)",
          successes: successes, failures: failures,
          completeness: completeness(charted, of: events, lines: "sign-ins"))),
      .table(systemTable), .table(addressTable(totals)), .table(loginFindings),
    ] + factorBlocks + countryBlocks
  }

  /// The row of totals, or the sum of the systems.
  var signInTotals: ReviewFacts.SignIns {
    if let all = facts.signIns.first(where: { $0.system == "all" }) { return all }
    var sum = ReviewFacts.SignIns(system: "all")
    for system in facts.signIns {
      sum.successes += system.successes
      sum.failures += system.failures
      sum.days += system.days
      sum.topFailing += system.topFailing
    }
    sum.topFailing.sort { left, right in
      left.failures == right.failures
        ? left.address < right.address : left.failures > right.failures
    }
    return sum
  }

  private var systemTable: Review.Table {
    let events = facts.signIns.filter { $0.system != "all" || facts.signIns.count == 1 }
    return Review.Table(
      id: "sign-ins", title: "Sign-ins by system",
      columns: [
        .words("system", "System"), .numbers("successes", "Successes"),
        .numbers("failures", "Failures"), .numbers("failed_share", "Failed share"),
        .numbers("users", "Users let in"), .numbers("addresses", "Addresses"),
      ],
      rows: events.map {
        [
          .code($0.system), .number($0.successes), .number($0.failures),
          .text(percentText($0.failures, of: $0.successes + $0.failures)), .number($0.users),
          .number($0.addresses),
        ]
      },
      completeness: completeness(events.count, of: events.count, lines: "systems with sign-ins"))
  }

  private func addressTable(_ totals: ReviewFacts.SignIns) -> Review.Table {
    Review.Table(
      id: "failing-addresses", title: "Addresses with the most failures",
      columns: [
        .words("address", "Address"), .words("origin", "Origin"), .numbers("failures", "Failures"),
        .numbers("successes", "Successes"), .numbers("users", "Users tried"),
      ],
      rows: totals.topFailing.map {
        [
          .code($0.address), .words($0.origin), .number($0.failures), .number($0.successes),
          .number($0.users),
        ]
      },
      completeness: completeness(
        totals.topFailing.count, of: max(totals.addresses, totals.topFailing.count),
        lines: "addresses"))
  }

  private var loginFindings: Review.Table {
    let logins = findings.filter { $0.finding.detector.hasPrefix("login-") }
    return Review.Table(
      id: "login-findings", title: "Findings of the sign-in detectors",
      columns: [
        .words("finding", "Finding"), .words("level", "Level"), .words("detector", "Detector"),
        .words("message", "What happened"), .numbers("events", "Events"),
      ],
      rows: logins.map {
        [
          .findings([$0.number]), .level($0.finding.level), .code($0.finding.detector),
          .text($0.finding.message), .number($0.finding.count),
        ]
      },
      completeness: completeness(
        logins.count, of: signInTotals.successes + signInTotals.failures, lines: "sign-ins"))
  }
}
