import Documents

/// Reading what correlations say that count by the clock, and of what a group's own windows were.
extension RuleReader {
  /// The keys of that.
  static let rateKeys = ["per", "step", "share", "limit", "shows", "or-own", "and-own"]
  /// In how many steps a window may slide: each is a number for each group.
  private static let stepsMax: Int64 = 60

  /// `per: 1m` counts by the clock, `step: 5s` as it slides on by that; `share: {gt: 0.05}` wants the first rule's events
  /// to be more than that of the others'.
  mutating func readRate(
    _ node: Node, into correlation: inout Correlation, _ draft: inout RuleDraft
  ) {
    if let share = node["share"] {
      problems += document.unknownKeys(in: share, known: ["gt"])
      let value = share["gt"].flatMap { scalar($0)?.text }.flatMap(Double.init)
      if node["per"] == nil || draft.references.count < 2 {
        report(
          share, "`share` belongs to `per`, and to two rules or more",
          fix: "write `per: 1h`, and `rules: [what is counted, what it is a share of]`")
      } else if let value, (0..<1).contains(value) {
        correlation.shareAbove = value
      } else {
        report(share, "`share` is more than a fraction", fix: "write `share: {gt: 0.05}`")
      }
    }
    if let limit = node["limit"] {
      readLimit(limit, into: &correlation, hasWindow: node["per"] != nil)
    }
    draft.showing = references(node["shows"])
    if let shows = node["shows"], node["per"] == nil {
      report(shows, "`shows` belongs to `per`", fix: "count the events of that rule instead")
    }
    guard let per = node["per"] else {
      if let step = node["step"] { report(step, "`step` belongs to `per`", fix: "write `per: 1h`") }
      return
    }
    for key in RuleReader.bucketKeys + ["timespan", "aliases", "baseline"] {
      guard let entry = node[key] else { continue }
      report(entry, "what is counted by the clock has no `\(key)`", fix: "remove it")
    }
    correlation.perSeconds = max(1, correlation.timespanSeconds)
    let isCount = correlation.kind == .eventCount || correlation.kind == .valueCount
    if !isCount || correlation.bounds.contains(where: { $0.order != .gt && $0.order != .gte }) {
      report(
        per, "`per` belongs to `event_count` and `value_count` with `gt` or `gte`",
        fix: "use `timespan`")
    }
    if correlation.groupBy.count != 1 || correlation.countedFields.count > 1 {
      report(
        per, "what is counted by the clock is grouped by one field, and counts one field's values")
    }
    if correlation.kind == .valueCount, correlation.needed >= 1024 {
      report(per, "more than 1023 different values are not told apart by the clock")
    }
    if let step = node["step"] { readStep(step, into: &correlation) }
  }

  private mutating func readStep(_ node: Node, into correlation: inout Correlation) {
    guard let step = seconds(node), let per = correlation.perSeconds else { return }
    if correlation.kind != .eventCount {
      report(node, "`step` belongs to `event_count`", fix: "remove it")
    } else if per % step != 0 || step >= per || per / step > RuleReader.stepsMax {
      report(
        node, "`step` is a part of `per`: a half at the most, a sixtieth at the least",
        fix: "write a twelfth of `per`, as `step: 5m` is of an hour")
    } else {
      correlation.stepSeconds = step
    }
  }

  /// `limit: 0.8` is that share of the requests that the register allows, `limit: {webhooks: 1.0}` of the deliveries.
  private mutating func readLimit(
    _ node: Node, into correlation: inout Correlation, hasWindow: Bool
  ) {
    let kinds = Correlation.LimitKind.allCases
    if node.entries != nil {
      problems += document.unknownKeys(in: node, known: kinds.map(\.rawValue))
    }
    for (kind, entry) in [(.requests, node)]
      + kinds.compactMap({ kind in
        node[kind.rawValue].map { (kind, $0) }
      })
    {
      guard let share = scalar(entry).flatMap({ Double($0.text) }), share > 0, share <= 10,
        hasWindow
      else { continue }
      (correlation.limitShare, correlation.limitKind) = (share, kind)
    }
    if correlation.limitShare == nil {
      report(
        node, "`limit` is a share of what the limits register allows, and belongs to `per`",
        fix: "write `limit: 1.0`, `limit: 0.8` to warn, or `limit: {webhooks: 1.0}`")
    }
  }

  /// `or-own: {percentile: 99, times: 5, after: 100, from: 20}` tells of a group's window also when it is so many times that
  /// percentile of its own, `and-own` only when it is.
  mutating func readOwn(_ node: Node, into correlation: inout Correlation) {
    guard let own = node["or-own"] ?? node["and-own"] else { return }
    let isOr = node["or-own"] != nil
    if isOr && (correlation.kind != .valueCount || correlation.perSeconds == nil) {
      report(own, "`or-own` belongs to `value_count` with `per`")
    } else if !isOr && (correlation.kind != .valueSum || correlation.isJudgedAtClose) {
      report(own, "`and-own` belongs to `value_sum` with `gt` or `gte`")
    }
    problems += document.unknownKeys(
      in: own, known: ["percentile", "times", "after"] + (isOr ? ["from"] : []))
    // What a measure remembers is no more than a thousand windows.
    guard let percentile = number(own["percentile"], 0...100),
      let times = number(own["times"], 1...1e6),
      let after = number(own["after"], 1...500), isOr == (own["from"] != nil),
      let from = isOr ? number(own["from"], 1...1023) : 0
    else {
      report(
        own, "how a group's window stands to its own is not said in whole",
        fix: "write `{percentile: 99, times: 5, after: 100"
          + (isOr ? ", from: 20}`, from 1 through 1023" : "}`") + ", after 1 through 500 windows")
      return
    }
    correlation.own = Correlation.Own(
      percentile: percentile, times: times, after: Int(after), from: isOr ? Int(from) : nil)
  }

  /// A number within a range; `nil` of any other text.
  private mutating func number(_ node: Node?, _ range: ClosedRange<Double>) -> Double? {
    guard let node, let text = scalar(node)?.text, let number = Double(text),
      range.contains(number)
    else { return nil }
    return number
  }
}
