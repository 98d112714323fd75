import Documents
import Events

/// Reading a correlation.
extension RuleReader {
  /// The correlation; its references go into `draft`.
  mutating func readCorrelation(_ node: Node, into draft: inout RuleDraft) -> Correlation? {
    guard node.entries != nil else {
      report(node, "`correlation` is a mapping")
      return nil
    }
    problems += document.unknownKeys(
      in: node,
      known: ["type", "rules", "group-by", "timespan", "condition", "aliases", "generate"]
        + RuleReader.bucketKeys)
    guard let kind = readKind(node) else { return nil }
    for rule in nodes(node["rules"]) {
      guard let name = text(rule) else { continue }
      draft.references.append(
        RuleDraft.Reference(text: name, line: rule.line, column: rule.column))
    }
    if draft.references.isEmpty {
      report(node["rules"] ?? node, "no `rules`", fix: "list ids or names of rules")
    }
    if kind == .temporalOrdered, draft.references.count < 2 {
      report(node["rules"] ?? node, "an order needs at least two rules")
    }
    var timespan: Int64 = 0
    if let span = node["timespan"] {
      timespan = seconds(span) ?? 0
    } else if node["leak"] == nil {
      report(node, "no `timespan`", fix: "write `timespan: 10m`")
    }
    var groupBy: [Field] = []
    for name in nodes(node["group-by"]) {
      guard let text = text(name), let field = field(text, at: name) else { continue }
      groupBy.append(field)
    }
    readAliases(node["aliases"], groupBy, into: &draft)
    let (bounds, counted) = readBounds(node, kind, draft.references.count)
    var correlation = Correlation(
      kind: kind, groupBy: groupBy, timespanSeconds: timespan, bounds: bounds,
      countedFields: counted, generates: readGenerate(node["generate"]))
    readBucket(node, into: &correlation, &draft)
    return correlation
  }

  private mutating func readKind(_ node: Node) -> Correlation.Kind? {
    guard let type = node["type"], let name = text(type) else {
      report(node["type"] ?? node, "no `type`", fix: "write `type: event_count`")
      return nil
    }
    switch name {
    case "event_count": return .eventCount
    case "value_count": return .valueCount
    case "temporal": return .temporal
    case "temporal_ordered": return .temporalOrdered
    case "value_sum", "value_avg", "value_percentile", "value_median", "extended_temporal",
      "extended_temporal_ordered":
      report(type, "correlations of type `\(name)` are not supported")
    default:
      let known = ["event_count", "value_count", "temporal", "temporal_ordered"]
      report(
        type, "unknown type `\(name)`",
        fix: nearestName(to: name, among: known).map { "did you mean `\($0)`?" }
          ?? "use one of \(known.joined(separator: ", "))")
    }
    return nil
  }

  private mutating func readGenerate(_ node: Node?) -> Bool {
    guard let node, let text = text(node) else { return false }
    guard let truth = RuleReader.truth(text) else {
      report(node, "`generate` is true or false, not `\(text)`")
      return false
    }
    return truth
  }

  private mutating func readAliases(_ node: Node?, _ groupBy: [Field], into draft: inout RuleDraft)
  {
    guard let node, !node.isNull else { return }
    guard let entries = node.entries else {
      report(node, "`aliases` is a mapping")
      return
    }
    for entry in entries {
      let place = Node(.null, line: entry.line, column: entry.column)
      guard let name = field(entry.key, at: place) else { continue }
      guard groupBy.contains(name) else {
        report(entry, "the alias `\(entry.key)` does not stand in `group-by`")
        continue
      }
      var fields: [(rule: RuleDraft.Reference, field: Field)] = []
      for rule in entry.value.entries ?? [] {
        guard draft.references.contains(where: { $0.text == rule.key }) else {
          report(rule, "`\(rule.key)` is not among the correlation's rules")
          continue
        }
        guard let text = text(rule.value), let field = field(text, at: rule.value) else { continue }
        fields.append(
          (RuleDraft.Reference(text: rule.key, line: rule.line, column: rule.column), field))
      }
      if fields.isEmpty { report(entry.value, "an alias names a field for each rule") }
      draft.aliases.append(RuleDraft.Alias(name: name, fields: fields))
    }
  }

  private mutating func readBounds(
    _ node: Node, _ kind: Correlation.Kind, _ ruleCount: Int
  ) -> ([Correlation.Bound], [Field]) {
    let needsAll = Correlation.Bound(order: .gte, value: Int64(ruleCount))
    guard let condition = node["condition"], !condition.isNull else {
      if kind == .eventCount || kind == .valueCount {
        report(node, "no `condition`", fix: "write `condition: {gte: 10}`")
      }
      return ([needsAll], [])
    }
    guard kind != .temporalOrdered else {
      report(condition, "`temporal_ordered` takes no condition: all rules must follow each other")
      return ([needsAll], [])
    }
    guard let entries = condition.entries else {
      report(condition, "a condition over rule names is not supported", fix: "write bounds")
      return ([needsAll], [])
    }
    let orders = Correlation.Bound.Order.allCases
    var bounds: [Correlation.Bound] = []
    var counted: [Field] = []
    for entry in entries {
      if entry.key == "field" {
        guard kind == .valueCount else {
          report(entry, "`field` belongs to `value_count`")
          continue
        }
        for name in nodes(entry.value) {
          guard let text = text(name), let field = field(text, at: name) else { continue }
          counted.append(field)
        }
      } else if let order = orders.first(where: { $0.rawValue == entry.key }) {
        guard let text = text(entry.value) else { continue }
        guard let value = Int64(text), value >= 0 else {
          report(entry.value, "`\(text)` is no count")
          continue
        }
        bounds.append(Correlation.Bound(order: order, value: value))
      } else if entry.key == "neq" || entry.key == "percentile" {
        report(entry, "the condition `\(entry.key)` is not supported")
      } else {
        let known = orders.map(\.rawValue) + ["field"]
        report(
          entry, "unknown key `\(entry.key)`", fix: "known here: \(known.joined(separator: ", "))")
      }
    }
    if bounds.isEmpty { report(condition, "the condition has no bound", fix: "write `gte: 10`") }
    if kind == .valueCount, counted.isEmpty {
      report(condition, "`value_count` needs `field`", fix: "write `field: user.name`")
    }
    return (bounds, counted)
  }
}
