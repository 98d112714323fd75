/// What became of the findings: who was told of them, and what an analyst made of them.
extension Draft {
  /// How many findings there are, by level and by detector, and what they turned out to be.
  var outcomeBlocks: [Review.Block] {
    [.stacks(levelChart), .stacks(detectorChart), .table(byDetector), .prose(undecidedSentence)]
      + (facts.dispositions.map { [.table(dispositionTable($0))] } ?? [])
  }

  /// The findings that nobody has decided about.
  var undecided: [Review.NumberedFinding] { findings.filter { $0.finding.disposition == nil } }

  private var undecidedSentence: String {
    let (open, all) = (undecided, findings.count)
    let grave = open.count { levelRank($0.finding.level) < 2 }
    let start =
      "Undecided: \(grouped(open.count)) of \(counted(all, "finding", "findings")), "
      + "\(grouped(grave)) of them critical or high. "
    guard facts.dispositions != nil else {
      return start
        + "Not run: there is no dispositions register, so nobody has written down what the findings turned out to be."
    }
    let wrong = findings.count { $0.finding.disposition?.outcome == .falsePositive }
    let decided = all - open.count
    return start
      + "Of \(grouped(decided)) decided, \(grouped(wrong)) (\(percentText(wrong, of: decided))) were wrong. "
      + "An analyst writes into the dispositions register what a finding turned out to be: right (true positive), "
      + "right and as it should be (benign), wrong (false positive), or told already (duplicate)."
  }

  /// How many of some findings came to what; undecided ones last.
  private func outcomes(of some: [Review.NumberedFinding]) -> [Int] {
    ReviewFacts.Outcome.allCases.map { outcome in
      some.count { $0.finding.disposition?.outcome == outcome }
    } + [some.count { $0.finding.disposition == nil }]
  }

  private func outcomeBar(
    _ name: String, _ some: [Review.NumberedFinding]
  ) -> Review.StackChart.Bar {
    let counts = outcomes(of: some)
    return Review.StackChart.Bar(
      name: name, counts: counts,
      note: "\(grouped(some.count - (counts.last ?? 0))) of \(grouped(some.count)) decided")
  }

  private func outcomeChart(
    _ id: String, _ title: String, _ bars: [Review.StackChart.Bar]
  ) -> Review.StackChart {
    let shades: [Review.StackChart.Shade] = [.bad, .light, .attention, .neutral, .open]
    return Review.StackChart(
      id: id, title: title,
      key: zip(ReviewFacts.Outcome.allCases.map(\.rawValue) + ["undecided"], shades)
        .map { Review.StackChart.Part(label: $0, shade: $1) },
      bars: findings.isEmpty ? [] : bars, completeness: decidedWhole)
  }

  private var decidedWhole: Review.Completeness {
    Review.Completeness(
      findings.count - undecided.count, of: findings.count, "findings, decided",
      from: register("dispositions"))
  }

  private var levelChart: Review.StackChart {
    outcomeChart(
      "findings-by-level", "Findings by level, and what they turned out to be",
      levelNames.map { level in outcomeBar(level, findings.filter { $0.finding.level == level }) })
  }

  /// How many detectors have a bar of their own; the table has all.
  private static let detectorBarsMax = 16

  private var detectorChart: Review.StackChart {
    let mine = Dictionary(grouping: findings, by: \.finding.detector)
    // Of those with as many findings the gravest comes first.
    let ids = mine.keys.sorted {
      let (one, other) = (mine[$0] ?? [], mine[$1] ?? [])
      return (-one.count, one[0].number) < (-other.count, other[0].number)
    }
    let shown = ids.prefix(Draft.detectorBarsMax)
    let others = ids.count - shown.count
    var chart = outcomeChart(
      "findings-by-source",
      "Findings by detector, those with most first, and what they turned out to be",
      shown.map { outcomeBar($0, mine[$0] ?? []) })
    if others > 0 {
      let some = shown.flatMap { mine[$0] ?? [] }
      chart.completeness = Review.Completeness(
        some.count { $0.finding.disposition != nil }, of: some.count,
        "findings, decided; \(counted(others, "detector", "detectors")) with fewer in the table below",
        from: register("dispositions"))
    }
    return chart
  }

  /// Each detector with findings: how grave they are, and what they turned out to be.
  private var byDetector: Review.Table {
    let mine = Dictionary(grouping: findings, by: \.finding.detector)
    let ids = mine.keys.sorted { (mine[$0]?[0].number ?? 0) < (mine[$1]?[0].number ?? 0) }
    return Review.Table(
      id: "findings-by-detector", title: "Findings by detector, level and disposition",
      columns: [.words("detector", "Detector"), .words("title", "Title")]
        + levelNames.map {
          .numbers($0, $0 == "informational" ? "Info" : $0.prefix(1).uppercased() + $0.dropFirst())
        }
        + [
          .numbers("findings", "All"), .numbers("true_positive", "True positive"),
          .numbers("benign", "Benign"), .numbers("false_positive", "False positive"),
          .numbers("duplicate", "Duplicate"), .numbers("undecided", "Undecided"),
          .numbers("events", "Events"),
        ],
      rows: ids.map { id in
        let some = mine[id] ?? []
        let levels = levelNames.map { level in some.count { $0.finding.level == level } }
        return [.code(id), .words(some.last?.finding.title ?? "")]
          + (levels + [some.count] + outcomes(of: some)).map { .number($0) }
          + [.number(some.reduce(0) { $0 + $1.finding.count })]
      },
      completeness: Review.Completeness(
        ids.count, of: facts.detectors.count { $0.notRunReason == nil }, "detectors that ran",
        from: "detector files"))
  }

  private func dispositionTable(_ rows: [ReviewFacts.DispositionRow]) -> Review.Table {
    let numbers = Dictionary(
      findings.map { ($0.finding.uid, $0) }, uniquingKeysWith: { first, _ in first })
    return Review.Table(
      id: "dispositions", title: "Decisions about findings, as the register has them",
      columns: [
        .words("finding", "Finding"), .words("named", "Named"),
        .words("disposition", "Disposition"), .words("by", "By"), .words("decided_at", "On"),
        .words("why", "Why"), .words("ref", "Reference"), .words("verdict", "Verdict"),
      ],
      rows: rows.map { row in
        let numbered = numbers[row.uid]
        let named = row.named.utf8.count > 16 ? String(row.named.prefix(12)) + "…" : row.named
        return [
          numbered.map { .findings([$0.number]) } ?? .none, .code(named),
          .text(row.disposition.outcome.rawValue),
          .name(row.disposition.by), .words(row.disposition.at), .words(row.disposition.why),
          .name(row.disposition.ref), .mark(row.verdict),
        ]
      },
      completeness: completeness(
        rows.count { $0.counts }, of: rows.count, "dispositions about the month that count",
        register: "dispositions"))
  }

  // MARK: - Delivery

  /// Who was told of the findings, and how soon.
  var deliveryBlocks: [Review.Block] {
    guard let delivery = facts.delivery else {
      let whole = Review.Completeness(
        0, of: findings.count, "findings told to somebody", from: "this run")
      return [.stacks(routeChart([], whole))]
    }
    let kept = delivery.untold.reduce(0) { $0 + $1.findings }
    let whole = Review.Completeness(
      delivery.told, of: delivery.findings, "findings told to somebody", from: "what watch has kept"
    )
    return [
      .stacks(routeChart(delivery.routes, whole)),
      .prose(
        "Somebody was told of \(grouped(delivery.told)) of \(counted(delivery.findings, "finding", "findings")); "
          + "\(grouped(kept)) \(kept == 1 ? "was" : "were") kept back. The time is counted from the moment in which a "
          + "finding was written down to the receiver's answer, so that it has the wait for others of its group in it."
      ),
      .table(routeTable(delivery, whole)), .table(untoldTable(delivery)),
    ]
  }

  private func routeChart(
    _ routes: [ReviewFacts.Delivery.Route], _ whole: Review.Completeness
  ) -> Review.StackChart {
    Review.StackChart(
      id: "delivery", title: "Who was told of the findings, by route",
      key: [
        .init(label: "delivered", shade: .good), .init(label: "waiting", shade: .open),
        .init(label: "given up", shade: .bad),
      ],
      bars: routes.map { route in
        Review.StackChart.Bar(
          name: route.name, counts: [route.told, route.waiting, route.dead],
          note: route.median.map { "half within \(Draft.secondText($0))" } ?? grouped(0))
      },
      empty: facts.delivery == nil ? "not run: \(facts.deliveryNotRun); \(whole.ratio)" : "",
      completeness: whole)
  }

  private func routeTable(
    _ delivery: ReviewFacts.Delivery, _ whole: Review.Completeness
  ) -> Review.Table {
    Review.Table(
      id: "deliveries", title: "Delivery by route",
      columns: [
        .words("route", "Route"), .numbers("told", "Findings told"),
        .numbers("messages", "Messages"), .numbers("retried", "Of them retried"),
        .numbers("waiting", "Findings waiting"), .numbers("dead", "Findings given up"),
        .words("median", "Median"), .words("longest", "Longest"), .words("verdict", "Verdict"),
      ],
      rows: delivery.routes.map { route in
        let verdict: Mark =
          route.dead > 0
          ? .bad("given up on some")
          : route.waiting > 0
            ? .attention("some wait")
            : route.told > 0 ? .good("all delivered") : .neutral("nothing to deliver")
        return [
          .code(route.name), .number(route.told), .number(route.messages), .number(route.retried),
          .number(route.waiting), .number(route.dead),
          .words(route.median.map(Draft.secondText) ?? ""),
          .words(route.longest.map(Draft.secondText) ?? ""), .mark(verdict),
        ]
      }, completeness: whole)
  }

  private func untoldTable(_ delivery: ReviewFacts.Delivery) -> Review.Table {
    Review.Table(
      id: "untold", title: "Findings that nobody was told of",
      columns: [.words("why", "Why"), .numbers("findings", "Findings")],
      rows: delivery.untold.map { [.text($0.reason), .number($0.findings)] },
      completeness: Review.Completeness(
        delivery.untold.reduce(0) { $0 + $1.findings }, of: delivery.findings, "findings",
        from: "what watch has kept"))
  }

  /// Seconds in the unit that says most.
  static func secondText(_ seconds: Int) -> String {
    seconds < 120 ? "\(seconds) s" : Draft.spanText(seconds / 60)
  }
}
