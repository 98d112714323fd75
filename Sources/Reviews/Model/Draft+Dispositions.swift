/// What became of the findings: who was told of them, and what an analyst made of them.
extension Draft {
  /// The findings by detector: how grave they are, and what they turned out to be.
  var dispositionBlocks: [Review.Block] {
    var blocks: [Review.Block] = [
      .prose(undecidedSentence), .stacks(outcomeChart), .table(outcomeTable),
    ]
    guard let rows = facts.dispositions else { return blocks }
    blocks.append(.table(dispositionTable(rows)))
    return blocks
  }

  /// The findings that nobody has decided about.
  var undecided: [Review.NumberedFinding] { findings.filter { $0.finding.disposition == nil } }

  private var undecidedSentence: String {
    let open = undecided
    let grave = open.count { levelRank($0.finding.level) < 2 }
    let start =
      "Undecided: \(grouped(open.count)) of \(counted(findings.count, "finding", "findings")), "
      + "\(grouped(grave)) of them critical or high. "
    guard facts.dispositions != nil else {
      return start
        + "There is no dispositions register: nobody has written down what the findings turned out to be."
    }
    return start
      + "An analyst writes into the dispositions register what a finding turned out to be: it was right (true positive), "
      + "right and as it should be (benign), wrong (false positive), or told already (duplicate)."
  }

  /// The ids of the detectors with findings, those with the gravest first.
  private var detectorIDs: [String] {
    var seen: Set<String> = []
    return findings.map(\.finding.detector).filter { seen.insert($0).inserted }
  }

  /// How many findings of a detector came to what; undecided ones last.
  private func outcomes(of detector: String) -> [Int] {
    let mine = findings.filter { $0.finding.detector == detector }
    return ReviewFacts.Outcome.allCases.map { outcome in
      mine.count { $0.finding.disposition?.outcome == outcome }
    } + [mine.count { $0.finding.disposition == nil }]
  }

  /// Findings by detector and level.
  var levelChart: Review.StackChart {
    let shades: [Review.StackChart.Shade] = [.critical, .high, .medium, .low, .informational]
    return Review.StackChart(
      id: "findings-by-level", title: "How grave the findings of each detector are",
      key: zip(levelNames, shades).map { Review.StackChart.Part(label: $0, shade: $1) },
      bars: detectorIDs.map { id in
        let mine = findings.filter { $0.finding.detector == id }
        return Review.StackChart.Bar(
          name: id, counts: levelNames.map { level in mine.count { $0.finding.level == level } },
          note: grouped(mine.count))
      }, completeness: decided(findings.count))
  }

  private var outcomeChart: Review.StackChart {
    let shades: [Review.StackChart.Shade] = [.bad, .light, .attention, .neutral, .open]
    return Review.StackChart(
      id: "dispositions-by-finding", title: "What the findings turned out to be",
      key: zip(ReviewFacts.Outcome.allCases.map(\.rawValue) + ["undecided"], shades)
        .map { Review.StackChart.Part(label: $0, shade: $1) },
      bars: facts.dispositions == nil
        ? []
        : detectorIDs.map { id in
          let counts = outcomes(of: id)
          let all = counts.reduce(0, +)
          return Review.StackChart.Bar(
            name: id, counts: counts, note: "\(grouped(all - counts[4])) of \(grouped(all)) decided")
        },
      empty: facts.dispositions == nil
        ? "not run: no dispositions register; \(decided(0).ratio)" : "",
      completeness: decided(findings.count - undecided.count))
  }

  private func decided(_ count: Int) -> Review.Completeness {
    Review.Completeness(
      count, of: findings.count, "findings", from: register("dispositions"))
  }

  private var outcomeTable: Review.Table {
    Review.Table(
      id: "dispositions-by-detector", title: "Findings by detector and disposition",
      columns: [
        .words("detector", "Detector"), .numbers("true_positive", "True positive"),
        .numbers("benign", "Benign"), .numbers("false_positive", "False positive"),
        .numbers("duplicate", "Duplicate"), .numbers("undecided", "Undecided"),
        .numbers("findings", "All"), .words("false_share", "False of those decided"),
      ],
      rows: detectorIDs.map { id in
        let counts = outcomes(of: id)
        let all = counts.reduce(0, +)
        return [.code(id)] + counts.map { .number($0) }
          + [
            .number(all),
            counts[4] == all ? .none : .text(percentText(counts[2], of: all - counts[4])),
          ]
      }, completeness: decided(findings.count - undecided.count))
  }

  private func dispositionTable(_ rows: [ReviewFacts.DispositionRow]) -> Review.Table {
    let numbers = Dictionary(
      findings.map { ($0.finding.uid, $0) }, uniquingKeysWith: { first, _ in first })
    return Review.Table(
      id: "dispositions", title: "Decisions about findings, as the register has them",
      columns: [
        .words("finding", "Finding"), .words("named", "Named"), .words("detector", "Detector"),
        .words("disposition", "Disposition"), .words("by", "By"), .words("decided_at", "On"),
        .words("why", "Why"), .words("ref", "Reference"), .words("verdict", "Verdict"),
      ],
      rows: rows.map { row in
        let numbered = numbers[row.uid]
        let named = row.named.utf8.count > 16 ? String(row.named.prefix(12)) + "…" : row.named
        return [
          numbered.map { .findings([$0.number]) } ?? .none, .code(named),
          .name(numbered?.finding.detector ?? ""), .text(row.disposition.outcome.rawValue),
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
      return [
        .prose(
          "Delivery: 0 of \(grouped(findings.count)), not run: \(facts.deliveryNotRun).")
      ]
    }
    let kept = delivery.untold.reduce(0) { $0 + $1.findings }
    let whole = Review.Completeness(
      delivery.told, of: delivery.findings, "findings told to somebody", from: "what watch has kept")
    return [
      .prose(
        "Somebody was told of \(grouped(delivery.told)) of \(counted(delivery.findings, "finding", "findings")); "
          + "\(grouped(kept)) were kept back. The time is counted from the moment in which a finding was written down to "
          + "the receiver's answer, so that it has the wait for others of its group in it."),
      .table(routeTable(delivery, whole)), .table(untoldTable(delivery)),
    ]
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
