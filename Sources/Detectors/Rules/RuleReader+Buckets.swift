import Documents
import Events

/// Reading what our correlations have beyond Sigma's: buckets that leak, and what ends a count early.
extension RuleReader {
  /// The keys beyond Sigma's.
  static let bucketKeys =
    ["leak", "per-value", "median-gap", "cancelled-by", "unless-followed-by"] + spanKeys
  /// How long a full bucket may take to empty.
  private static let drainSecondsMax: Int64 = 366 * 86_400

  /// Reads those keys; references go into `draft`.
  mutating func readBucket(
    _ node: Node, into correlation: inout Correlation, _ draft: inout RuleDraft
  ) {
    let isCount = correlation.kind == .eventCount || correlation.kind == .valueCount
    for key in RuleReader.bucketKeys {
      guard let entry = node[key], !isCount else { continue }
      report(entry, "`\(key)` belongs to `event_count` and `value_count`")
      return
    }
    for key in RuleReader.bucketKeys where correlation.isMeasured {
      guard let entry = node[key] else { continue }
      report(
        entry, "`\(key)` needs a count that is reached",
        fix: "write `condition: {gt: …}` or `{gte: …}`, at most \(Correlator.eventsMax)")
      return
    }
    readLeak(node, into: &correlation)
    if let entry = node["per-value"] {
      correlation.perValueMax = perValue(entry, correlation)
    }
    if let entry = node["median-gap"] {
      if correlation.kind != .eventCount || correlation.leakSeconds != nil {
        report(entry, "`median-gap` belongs to `event_count` with a `timespan`")
      }
      correlation.medianGapSeconds = seconds(entry)
    }
    draft.cancelling = references(node["cancelled-by"])
    draft.following = references(node["unless-followed-by"])
    readSpan(node, into: &correlation, &draft)
    for reference in draft.otherReferences
    where draft.references.contains(where: { $0.text == reference.text }) {
      let place = Node(.null, line: reference.line, column: reference.column)
      report(place, "`\(reference.text)` is counted as well; it can not end what it begins")
    }
    guard let entry = node["unless-followed-by"] else { return }
    if correlation.kind != .eventCount || correlation.needed != 1
      || correlation.leakSeconds != nil || !draft.cancelling.isEmpty
    {
      report(
        entry, "`unless-followed-by` waits for one event",
        fix: "use `type: event_count` with a `timespan` and `condition: {gte: 1}`; "
          + "a count before it may be a correlation of its own")
    }
  }

  private mutating func readLeak(_ node: Node, into correlation: inout Correlation) {
    guard let entry = node["leak"] else { return }
    if let span = node["timespan"] {
      report(span, "a bucket that leaks has no `timespan`", fix: "leave `leak` or `timespan` out")
    }
    guard let leak = seconds(entry) else { return }
    correlation.leakSeconds = leak
    if leak > RuleReader.drainSecondsMax / Int64(correlation.needed) {
      report(entry, "a full bucket would take more than a year to empty", fix: "leak faster")
    }
  }

  /// The bound of `per-value: {lte: 3}`.
  private mutating func perValue(_ node: Node, _ correlation: Correlation) -> Int? {
    guard correlation.kind == .valueCount, correlation.leakSeconds == nil else {
      report(node, "`per-value` belongs to `value_count` with a `timespan`")
      return nil
    }
    problems += document.unknownKeys(in: node, known: ["lte"])
    guard let entry = node["lte"], let text = text(entry) else {
      report(node, "`per-value` needs a bound", fix: "write `per-value: {lte: 3}`")
      return nil
    }
    guard let most = Int(text), (1...100).contains(most) else {
      report(entry, "`\(text)` is no bound", fix: "write a number from 1 through 100")
      return nil
    }
    return most
  }

  mutating func references(_ node: Node?) -> [RuleDraft.Reference] {
    nodes(node).compactMap { rule in
      text(rule).map { RuleDraft.Reference(text: $0, line: rule.line, column: rule.column) }
    }
  }
}
