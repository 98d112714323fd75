import Documents
import Events

/// A Sigma filter: a detection that is joined to the rules it names, or to all of its log source.
///
/// It is joined by `and` as it is written, so a filter that leaves something out says `not selection`.
struct RuleFilter {
  let title: String
  let document: Document
  /// The whole document.
  let root: Node
  /// The log source; a rule's must say at least as much.
  let source: LogSourceName
  /// The rules that it names; `nil` for any.
  let rules: [RuleDraft.Reference]?

  /// The names that the `filter` mapping has beside its selections.
  static let keys = ["rules", "condition"]
}

extension RuleReader {
  /// Reads a filter; `nil` when something is wrong with it, which was reported.
  mutating func readFilter(_ root: Node) -> RuleFilter? {
    let title = text(root["title"]) ?? ""
    if title.isEmpty { report(root["title"] ?? root, "no `title`") }
    readKeys(root, known: RuleReader.keys + ["filter"])
    for key in ["detection", "correlation"] {
      if let node = root[key] { report(node, "a filter has no `\(key)`") }
    }
    guard let node = root["filter"], let entries = node.entries else {
      report(root["filter"] ?? root, "`filter` is a mapping")
      return nil
    }
    _ = readLogSource(root["logsource"], at: root)
    // Whether it can be run depends on the rule that it is joined to.
    isReadable = true
    var rules: [RuleDraft.Reference]? = []
    if let named = node["rules"], !named.isNull {
      if named.text?.lowercased() == "any" || named.list?.isEmpty ?? false {
        rules = nil
      } else {
        for child in nodes(named) {
          guard let name = text(child) else { continue }
          rules?.append(RuleDraft.Reference(text: name, line: child.line, column: child.column))
        }
      }
    } else {
      report(node, "no `rules`", fix: "list ids or names of rules, or write `rules: any`")
    }
    if let condition = entries.first(where: { $0.key == "condition" })?.value,
      condition.list != nil
    {
      report(condition, "a filter has one condition", fix: "join them with `and` or `or`")
    }
    _ = readExpression(node, of: ("filter", RuleFilter.keys))
    guard !problems.contains(where: { $0.severity == .error }) else { return nil }
    return RuleFilter(title: title, document: document, root: root, source: source, rules: rules)
  }
}

/// Joins filters to rules.
struct FilterJoiner {
  let filters: [RuleFilter]
  let placeholders: (String) -> [String]?
  let policy: (String) -> String?
  private(set) var problems: [Problem] = []

  init(
    _ filters: [RuleFilter], placeholders: @escaping (String) -> [String]?,
    policy: @escaping (String) -> String?
  ) {
    (self.filters, self.placeholders, self.policy) = (filters, placeholders, policy)
  }

  /// Joins every filter to its rules, in the order of the files.
  mutating func join(to drafts: inout [RuleDraft], _ fields: inout FieldTable) {
    var owners: [String: Int] = [:]
    for (index, draft) in drafts.enumerated() {
      for name in draft.names where owners[name] == nil { owners[name] = index }
    }
    for filter in filters {
      let targets = targets(of: filter, drafts, owners)
      // The fields of a filter mean what those of the rule mean.
      var details: [LogSourceName: WrittenDetection] = [:]
      for index in targets {
        guard var rule = drafts[index].rule, rule.notReadable == nil else { continue }
        if details[rule.source] == nil {
          details[rule.source] = read(filter, for: rule.source, &fields)
        }
        guard let detail = details[rule.source] else { continue }
        rule.written.selections += detail.selections.map {
          ("\(filter.title): \($0.name)", $0.expression)
        }
        rule.written.condition =
          "(\(rule.written.condition)) and (\(detail.condition)) of the filter `\(filter.title)`"
        rule.written.body = .all([rule.written.body, detail.body])
        rule.join()
        drafts[index].rule = rule
      }
    }
  }

  /// The drafts that a filter is joined to; what it names in vain is reported.
  private mutating func targets(
    of filter: RuleFilter, _ drafts: [RuleDraft], _ owners: [String: Int]
  ) -> [Int] {
    guard let references = filter.rules else {
      let all = drafts.indices.filter { index in
        drafts[index].rule.map { $0.isStateless && filter.source.contains($0.source) } ?? false
      }
      if all.isEmpty {
        problems.append(
          filter.document.problem(
            filter.root, "no rule has the filter's log source `\(filter.source.description)`",
            severity: .warning))
      }
      return all
    }
    var targets: [Int] = []
    for reference in references {
      func report(_ message: String, fix: String = "") {
        problems.append(
          Problem(
            file: filter.document.file, line: reference.line, column: reference.column,
            message: message, fix: fix))
      }
      guard let index = owners[reference.text] else {
        let nearest = nearestName(to: reference.text, among: owners.keys.sorted())
        report(
          "no rule has the id or name `\(reference.text)`",
          fix: nearest.map { "did you mean `\($0)`?" } ?? "")
        continue
      }
      guard let rule = drafts[index].rule else {
        report("the rule `\(reference.text)` was refused")
        continue
      }
      guard rule.isStateless else {
        report(
          "`\(reference.text)` is a correlation; a filter is for rules",
          fix: "name the rules that it counts")
        continue
      }
      guard filter.source.contains(rule.source) else {
        report(
          "the rule `\(reference.text)` has the log source `\(rule.source.description)`, "
            + "not the filter's `\(filter.source.description)`", fix: "name the rule's log source")
        continue
      }
      if !targets.contains(index) { targets.append(index) }
    }
    return targets
  }

  private mutating func read(
    _ filter: RuleFilter, for source: LogSourceName, _ fields: inout FieldTable
  ) -> WrittenDetection? {
    guard let node = filter.root["filter"] else { return nil }
    var reader = RuleReader(
      document: filter.document, fields: fields, placeholders: placeholders, policy: policy)
    reader.source = source
    let detail = reader.readExpression(node, of: ("filter", RuleFilter.keys))
    problems += reader.problems
    guard reader.problems.isEmpty else { return nil }
    fields = reader.fields
    return detail
  }
}
