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
      known: [
        "type", "rules", "group-by", "timespan", "condition", "aliases", "generate", "baseline",
      ]
        + RuleReader.rateKeys + RuleReader.bucketKeys)
    guard let kind = readKind(node) else { return nil }
    for rule in nodes(node["rules"]) {
      guard let name = text(rule) else { continue }
      draft.references.append(
        RuleDraft.Reference(text: name, line: rule.line, column: rule.column))
    }
    if draft.references.isEmpty { addRules(of: node["condition"], to: &draft) }
    if draft.references.isEmpty {
      report(node["rules"] ?? node, "no `rules`", fix: "list ids or names of rules")
    }
    if kind == .temporalOrdered, draft.references.count < 2 {
      report(node["rules"] ?? node, "an order needs at least two rules")
    }
    var timespan: Int64 = 0
    if let span = node["timespan"], let deadline = deadline(span, node) {
      draft.deadline = deadline
    } else if let span = node["timespan"] {
      timespan = seconds(span) ?? 0
    } else if let span = node["per"] {
      timespan = seconds(span) ?? 0
    } else if node["leak"] == nil {
      report(node, "no `timespan`", fix: "write `timespan: 10m`")
    }
    var groupBy: [Field] = []
    for name in nodes(node["group-by"]) {
      guard let text = text(name), let field = field(text, at: name) else { continue }
      groupBy.append(field)
    }
    if let condition = node["condition"], let written = text(of: condition) {
      let tree = readCondition(written, condition, kind, draft.references)
      var correlation = Correlation(
        kind: kind, groupBy: groupBy, timespanSeconds: timespan, bounds: [], countedFields: [],
        condition: tree, generates: readGenerate(node["generate"]))
      correlation.deadline = draft.deadline
      readBucket(node, into: &correlation, &draft)
      readAliases(node["aliases"], groupBy, into: &draft)
      return correlation
    }
    let limits = readBounds(node, kind, draft.references.count)
    var correlation = Correlation(
      kind: kind, groupBy: groupBy, timespanSeconds: timespan, bounds: limits.bounds,
      countedFields: limits.fields, percentile: limits.percentile,
      generates: readGenerate(node["generate"]))
    correlation.deadline = draft.deadline
    readBucket(node, into: &correlation, &draft)
    readAliases(node["aliases"], groupBy, into: &draft)
    readBaseline(node["baseline"], into: &correlation)
    readRate(node, into: &correlation, &draft)
    readOwn(node, into: &correlation)
    return correlation
  }

  /// `baseline: 7`: the newest value is measured against the median of the seven before it.
  private mutating func readBaseline(_ node: Node?, into correlation: inout Correlation) {
    guard let node, let text = text(node) else { return }
    guard correlation.kind == .valueMedian else {
      report(node, "`baseline` belongs to `value_median`")
      return
    }
    guard let count = Int(text), (1...100).contains(count) else {
      report(node, "`\(text)` is no number of values", fix: "write a number from 1 through 100")
      return
    }
    correlation.baseline = count
  }

  private func text(of node: Node) -> String? { scalar(node)?.text }

  /// `timespan: due`: what is waited for must come by a time that the event says itself.
  private mutating func deadline(_ span: Node, _ node: Node) -> Correlation.Deadline? {
    guard let word = text(of: span), let deadline = Correlation.Deadline(rawValue: word)
    else { return nil }
    if node["unless-followed-by"] == nil {
      report(
        span, "`timespan: \(word)` ends a wait, and nothing is waited for",
        fix: "add `unless-followed-by`, or write a time such as `1h`")
    }
    return deadline
  }

  /// Without a list of rules a condition names them itself.
  private mutating func addRules(of node: Node?, to draft: inout RuleDraft) {
    guard let node, let written = text(of: node) else { return }
    for word in ConditionParser.names(in: written)
    where !draft.references.contains(where: { $0.text == word }) {
      draft.references.append(RuleDraft.Reference(text: word, line: node.line, column: node.column))
    }
  }

  /// A condition over the names of rules: `failed and not worked`.
  private mutating func readCondition(
    _ written: String, _ node: Node, _ kind: Correlation.Kind, _ rules: [RuleDraft.Reference]
  ) -> RuleCondition? {
    guard kind == .temporal else {
      report(
        node, "a condition over rule names belongs to `temporal`",
        fix: kind == .temporalOrdered ? "list the rules in their order" : "write bounds")
      return nil
    }
    // The parser works on expressions; here each stands for the place of a rule.
    var parser = ConditionParser(
      written,
      selections: rules.enumerated().map { place, rule in
        (rule.text, .test(Test(field: Field(index: place), matcher: .exists)))
      })
    do {
      let condition = RuleReader.condition(try parser.parse())
      for (place, rule) in rules.enumerated() where !condition.places.contains(place) {
        problems.append(
          Problem(
            file: document.file, line: rule.line, column: rule.column,
            message: "the condition does not name the rule `\(rule.text)`",
            fix: "name it, or take it out of `rules`"))
      }
      return condition
    } catch {
      report(error, in: node)
      return nil
    }
  }

  private static func condition(_ expression: Expression) -> RuleCondition {
    switch expression {
    case .test(let test): .rule(test.field?.index ?? 0)
    case .all(let parts): .all(parts.map(condition))
    case .any(let parts): .any(parts.map(condition))
    case .not(let part): .not(condition(part))
    }
  }

  private mutating func readKind(_ node: Node) -> Correlation.Kind? {
    guard let type = node["type"], let name = text(type) else {
      report(node["type"] ?? node, "no `type`", fix: "write `type: event_count`")
      return nil
    }
    if let kind = RuleReader.correlationKinds.first(where: { $0.name == name })?.kind {
      return kind
    }
    let known = RuleReader.correlationKinds.map(\.name)
    report(
      type, "unknown type `\(name)`",
      fix: nearestName(to: name, among: known).map { "did you mean `\($0)`?" }
        ?? "use one of \(known.joined(separator: ", "))")
    return nil
  }

  private static let correlationKinds: [(name: String, kind: Correlation.Kind)] = [
    ("event_count", .eventCount), ("value_count", .valueCount), ("temporal", .temporal),
    ("temporal_ordered", .temporalOrdered), ("value_sum", .valueSum),
    ("value_avg", .valueAverage), ("value_percentile", .valuePercentile),
    ("value_median", .valueMedian),
  ]

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
        guard (draft.references + draft.otherReferences).contains(where: { $0.text == rule.key })
        else {
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

  /// What a condition says beside its rules.
  private struct Limits {
    var bounds: [Correlation.Bound] = []
    var fields: [Field] = []
    var percentile = 50.0
  }

  private mutating func readBounds(
    _ node: Node, _ kind: Correlation.Kind, _ ruleCount: Int
  ) -> Limits {
    var limits = Limits()
    let needsAll = Correlation.Bound(order: .gte, value: Double(ruleCount))
    let isOfRules = kind == .temporal || kind == .temporalOrdered
    guard let condition = node["condition"], !condition.isNull else {
      if isOfRules {
        limits.bounds = [needsAll]
      } else {
        report(node, "no `condition`", fix: "write `condition: {gte: 10}`")
      }
      return limits
    }
    guard kind != .temporalOrdered else {
      report(
        condition, "`temporal_ordered` takes no condition: all rules must follow each other",
        fix: "remove it")
      return limits
    }
    guard let entries = condition.entries else {
      report(
        condition, "a condition is bounds, or an expression over rules", fix: "write `gte: 10`")
      return limits
    }
    let hasField = kind == .valueCount || kind.isNumeric
    for entry in entries {
      switch entry.key {
      case "field":
        guard hasField else {
          report(entry, "`field` belongs to `value_count` and other measures of values")
          continue
        }
        limits.fields += readFields(entry.value)
      case "percentile":
        guard kind == .valuePercentile else {
          report(entry, "`percentile` belongs to `value_percentile`")
          continue
        }
        readPercentile(entry.value, into: &limits)
      default: readBound(entry, kind, into: &limits)
      }
    }
    if limits.bounds.isEmpty {
      report(condition, "the condition has no bound", fix: "write `gte: 10`")
    }
    if hasField, limits.fields.isEmpty {
      let name = node["type"].flatMap { text(of: $0) } ?? ""
      report(condition, "`\(name)` needs `field`", fix: "write `field: user.name`")
    }
    if kind.isNumeric, limits.fields.count > 1 {
      report(condition, "only `value_count` takes several fields", fix: "name one field")
    }
    if kind == .valuePercentile, condition["percentile"] == nil {
      report(condition, "`value_percentile` needs `percentile`", fix: "write `percentile: 95`")
    }
    return limits
  }

  private mutating func readFields(_ node: Node) -> [Field] {
    var fields: [Field] = []
    for name in nodes(node) {
      guard let text = text(name), let field = field(text, at: name) else { continue }
      fields.append(field)
    }
    return fields
  }

  private mutating func readPercentile(_ node: Node, into limits: inout Limits) {
    guard let text = text(node) else { return }
    guard let percent = Double(text), (0...100).contains(percent) else {
      report(node, "`\(text)` is no percentile", fix: "write a number from 0 to 100")
      return
    }
    limits.percentile = percent
  }

  private mutating func readBound(
    _ entry: Node.Entry, _ kind: Correlation.Kind, into limits: inout Limits
  ) {
    let orders = Correlation.Bound.Order.allCases
    guard let order = orders.first(where: { $0.rawValue == entry.key }) else {
      let known = orders.map(\.rawValue) + ["field", "percentile"]
      let nearest = nearestName(to: entry.key, among: known)
      report(
        entry, "unknown key `\(entry.key)`",
        fix: nearest.map { "did you mean `\($0)`?" }
          ?? "known here: \(known.joined(separator: ", "))")
      return
    }
    guard let text = text(entry.value) else { return }
    guard let value = Double(text), value.isFinite, kind.isNumeric || value >= 0 else {
      report(entry.value, "`\(text)` is no \(kind.isNumeric ? "number" : "count")")
      return
    }
    if kind == .valueCount, value >= Double(Correlator.eventsMax) {
      report(
        entry.value, "more than \(Correlator.eventsMax) different values are not told apart",
        fix: "count events, or lower the bound")
      return
    }
    limits.bounds.append(Correlation.Bound(order: order, value: value))
  }
}
