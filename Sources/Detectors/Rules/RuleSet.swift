public import Documents
public import Events

/// Every detector that loaded, immutable and shared by all workers.
public struct RuleSet: Sendable {
  /// The rules, in the order of the files; a rule's index is its place here.
  public internal(set) var rules: [Rule] = []

  /// There are at most so many rules: a hit is a rule's index in sixteen bits.
  static let rulesMax = 65_535

  /// No rules.
  public init() {}

  /// All fields that any rule reads, so that a parser extracts only those.
  public var requiredFields: Set<Field> {
    var fields: Set<Field> = []
    for rule in rules {
      fields.formUnion(rule.header.subject)
      for part in rule.header.message { fields.formUnion(part.fields) }
      for test in rule.expression.tests {
        fields.formUnion(test.field == nil ? [.message] : test.fields)
      }
      if case .correlation(let correlation) = rule.kind {
        let names = Set(correlation.aliases.map(\.name))
        fields.formUnion(correlation.groupBy.filter { !names.contains($0) })
        fields.formUnion(correlation.countedFields)
        for alias in correlation.aliases { fields.formUnion(alias.fields.values) }
      }
    }
    return fields
  }

  /// The index of the rule with this id or name.
  public func index(of reference: String) -> Int? {
    rules.firstIndex { $0.header.id == reference || $0.header.name == reference }
  }

  /// How many filters there are, and how many of them could not be read.
  public internal(set) var filterCount = 0, refusedFilterCount = 0

  /// Loads detectors.
  ///
  /// A rule with anything wrong or unsupported in it is refused whole; the others load. Filters are
  /// joined to the rules they name, whichever files both stand in.
  ///
  /// - Parameters:
  ///   - documents: The files; each may hold several rules.
  ///   - fields: Gets the field names that the rules use.
  ///   - placeholders: The values of `%name%` for `|expand`, or `nil` when there is no such list.
  ///   - placeholderNames: The names that `placeholders` knows, for messages.
  ///   - policy: The text of a policy value for `%policy.NAME%`, or `nil` when there is none.
  /// - Returns: What loaded, and everything that was wrong, in file order.
  public static func load(
    documents: [Document], fields: inout FieldTable, placeholders: (String) -> [String]?,
    placeholderNames: [String] = [], policy: (String) -> String?
  ) -> (rules: RuleSet, problems: [Problem]) {
    var drafts: [RuleDraft] = []
    var problems: [Problem] = []
    var set = RuleSet()
    let sources = sources(of: documents)
    withoutActuallyEscaping(placeholders) { placeholders in
      withoutActuallyEscaping(policy) { policy in
        var filters: [RuleFilter] = []
        for document in documents {
          for root in document.roots where !root.isNull {
            var reader = RuleReader(
              document: document, fields: fields, placeholders: placeholders,
              placeholderNames: placeholderNames, policy: policy)
            reader.sources = sources
            let draft = reader.read(root)
            problems += reader.problems
            if root["filter"] != nil {
              set.filterCount += 1
              if let filter = reader.filter {
                filters.append(filter)
              } else {
                set.refusedFilterCount += 1
              }
              continue
            }
            if drafts.count == RuleSet.rulesMax {
              problems.append(
                Problem(
                  file: document.file, line: root.line, column: root.column,
                  message: "more than \(RuleSet.rulesMax) rules", fix: "load fewer"))
            }
            if drafts.count >= RuleSet.rulesMax {
              drafts.append(.refused(reader.names))
            } else if let draft, !reader.problems.contains(where: { $0.severity == .error }) {
              fields = reader.fields
              drafts.append(draft)
            } else {
              drafts.append(.refused(reader.names))
            }
          }
        }
        var joiner = FilterJoiner(filters, placeholders: placeholders, policy: policy)
        joiner.join(to: &drafts, &fields)
        problems += joiner.problems
      }
    }
    problems += set.link(drafts)
    set.silenceBases(of: documents)
    return (set, problems)
  }

  /// The log sources of rules by id and name; a correlation has that of the first rule it counts.
  private static func sources(of documents: [Document]) -> [String: LogSourceName] {
    var sources: [String: LogSourceName] = [:]
    var first: [String: String] = [:]
    for root in documents.lazy.flatMap(\.roots) {
      let names = [root["id"]?.text, root["name"]?.text].compactMap(\.self)
      if let rules = root["correlation"]?["rules"] {
        let fed = rules.text ?? rules.list?.first?.text
        for name in names { first[name] = fed }
      } else if let source = root["logsource"] {
        let name = LogSourceName(
          category: source["category"]?.text?.lowercased(),
          product: source["product"]?.text?.lowercased(),
          service: source["service"]?.text?.lowercased())
        for rule in names { sources[rule] = name }
      }
    }
    for name in first.keys {
      var (rule, steps): (String?, Int) = (name, 0)
      while let at = rule, sources[at] == nil, steps <= first.count {
        (rule, steps) = (first[at], steps + 1)
      }
      if let at = rule, let source = sources[at] { sources[name] = source }
    }
    return sources
  }
}

/// A rule that was read, before its references are looked up.
struct RuleDraft {
  /// A reference to another rule, by id or name, and where it stands.
  struct Reference {
    let text: String
    let line, column: Int
  }
  /// An alias before its rules are looked up.
  struct Alias {
    let name: Field
    let fields: [(rule: Reference, field: Field)]
  }
  /// The rule; `nil` when it was refused and only its names are known.
  var rule: Rule?
  /// The ids and names under which others may refer to it.
  var names: [String]
  var references: [Reference] = []
  var aliases: [Alias] = []
  /// What empties a group, and what makes a correlation say nothing.
  var cancelling: [Reference] = []
  var following: [Reference] = []
  /// Where a wait ends, when the event says so.
  var deadline: Correlation.Deadline?
  /// What must have come before, and what begins a group.
  var preceding: [Reference] = []
  var beginning: [Reference] = []
  /// What a line must hit that a finding would show.
  var showing: [Reference] = []
  /// All that is neither counted nor an alias.
  var otherReferences: [Reference] { cancelling + following + preceding + beginning + showing }

  static func refused(_ names: [String]) -> RuleDraft { RuleDraft(rule: nil, names: names) }
}

extension RuleSet {
  /// What some correlation is built on is no finding by itself, even when that correlation was refused:
  /// otherwise one mistake would turn every sign-in into an alert.
  mutating func silenceBases(of documents: [Document]) {
    var bases: Set<String> = []
    for root in documents.flatMap(\.roots) {
      guard let correlation = root["correlation"], correlation["generate"]?.text != "true" else {
        continue
      }
      for key in [
        "rules", "cancelled-by", "unless-followed-by", "unless-preceded-by", "begins-with",
        "shows",
      ] {
        for node in correlation[key]?.list ?? [] {
          if let name = node.text { bases.insert(name) }
        }
      }
    }
    let generating = rules.reduce(into: Set<Int>()) { indexes, rule in
      if case .correlation(let correlation) = rule.kind, correlation.generates {
        indexes.formUnion(correlation.rules)
      }
    }
    for index in rules.indices where !generating.contains(index) {
      let header = rules[index].header
      if bases.contains(header.id) || header.name.map(bases.contains) ?? false {
        rules[index].alertsAlone = false
      }
    }
  }

  /// Has rules be as silent by themselves as they are in a larger set that they are part of.
  package mutating func keepSilence(of all: RuleSet) {
    let silent = Set(all.rules.lazy.filter { !$0.alertsAlone }.map(\.header.id))
    for index in rules.indices {
      rules[index].alertsAlone = !silent.contains(rules[index].header.id)
    }
  }

  /// Looks up what correlations refer to, and keeps the rules whose references all hold.
  mutating func link(_ drafts: [RuleDraft]) -> [Problem] {
    var problems: [Problem] = []
    var drafts = drafts
    var owners: [String: Int] = [:]
    for index in drafts.indices {
      for name in Set(drafts[index].names) {
        guard let first = owners[name] else {
          owners[name] = index
          continue
        }
        guard let rule = drafts[index].rule else { continue }
        let place = drafts[first].rule.map { " (\($0.file):\($0.line))" } ?? ""
        problems.append(
          Problem(
            file: rule.file, line: rule.line, column: 1,
            message: "another rule is called `\(name)`\(place)",
            fix: "give each rule an id of its own"))
        drafts[index].rule = nil
      }
    }
    refuseRates(&drafts, owners, &problems)
    // Refusing one correlation may take the ground from another, so this goes on until it rests.
    var isSettled = false
    while !isSettled {
      isSettled = true
      for index in drafts.indices {
        guard let rule = drafts[index].rule else { continue }
        for reference in drafts[index].references + drafts[index].otherReferences
          + drafts[index].aliases.flatMap({ alias in
            alias.fields.map(\.rule)
          })
        {
          let owner = owners[reference.text]
          if let owner, drafts[owner].rule != nil { continue }
          let known = owners.keys.sorted()
          let nearest = owner == nil ? nearestName(to: reference.text, among: known) : nil
          problems.append(
            Problem(
              file: rule.file, line: reference.line, column: reference.column,
              message: owner == nil
                ? "no rule has the id or name `\(reference.text)`"
                : "the rule `\(reference.text)` was refused",
              fix: nearest.map { "did you mean `\($0)`?" } ?? ""))
          drafts[index].rule = nil
          isSettled = false
          break
        }
      }
      if isSettled { isSettled = !refuseCycle(&drafts, owners, &problems) }
    }
    keep(drafts, owners)
    return problems
  }

  /// Refuses what is counted by the clock and can not be: other correlations, and more rules than there is room for.
  private func refuseRates(
    _ drafts: inout [RuleDraft], _ owners: [String: Int], _ problems: inout [Problem]
  ) {
    var bases: Set<Int> = []
    for index in drafts.indices {
      guard let rule = drafts[index].rule, case .correlation(let correlation) = rule.kind,
        correlation.perSeconds != nil
      else { continue }
      for reference in drafts[index].references + drafts[index].showing {
        guard let owner = owners[reference.text], let base = drafts[owner].rule else { continue }
        bases.insert(owner)
        let isCorrelation = if case .correlation = base.kind { true } else { false }
        guard isCorrelation || bases.count > RatePlan.basesMax else { continue }
        problems.append(
          Problem(
            file: rule.file, line: reference.line, column: reference.column,
            message: isCorrelation
              ? "`\(reference.text)` is a correlation, which the clock does not count"
              : "more than \(RatePlan.basesMax) rules are counted by the clock",
            fix: isCorrelation
              ? "count the rule that it counts, or use `timespan`" : "use `timespan`"))
        drafts[index].rule = nil
        break
      }
    }
  }

  /// Refuses one rule that refers to itself by way of others; false when there is none.
  private func refuseCycle(
    _ drafts: inout [RuleDraft], _ owners: [String: Int], _ problems: inout [Problem]
  ) -> Bool {
    // Rules that only refer to sorted rules are sorted; what can not be sorted stands on a cycle
    // or refers to one.
    var sorted = Set(drafts.indices.filter { drafts[$0].references.isEmpty })
    var hasGrown = true
    while hasGrown {
      hasGrown = false
      for index in drafts.indices where !sorted.contains(index) {
        let targets = drafts[index].references.compactMap { owners[$0.text] }
        if drafts[index].rule == nil || targets.allSatisfy(sorted.contains) {
          sorted.insert(index)
          hasGrown = true
        }
      }
    }
    for start in drafts.indices where !sorted.contains(start) {
      var (trail, index) = ([String](), start)
      var visited: Set<Int> = []
      while visited.insert(index).inserted {
        guard
          let next = drafts[index].references.first(where: {
            owners[$0.text].map { !sorted.contains($0) } ?? false
          }), let owner = owners[next.text]
        else { break }
        trail.append(next.text)
        index = owner
      }
      guard index == start, let rule = drafts[start].rule,
        let first = drafts[start].references.first
      else { continue }
      problems.append(
        Problem(
          file: rule.file, line: first.line, column: first.column,
          message: "correlations refer to each other in a circle: "
            + ([rule.header.name ?? rule.header.id] + trail).joined(separator: " → "),
          fix: "remove one of the references"))
      drafts[start].rule = nil
      return true
    }
    return false
  }

  private mutating func keep(_ drafts: [RuleDraft], _ owners: [String: Int]) {
    var places: [Int: Int] = [:]
    for index in drafts.indices where drafts[index].rule != nil { places[index] = places.count }
    func place(_ reference: RuleDraft.Reference) -> Int? {
      owners[reference.text].flatMap { places[$0] }
    }
    var (silent, loud): (Set<Int>, Set<Int>) = ([], [])
    for draft in drafts {
      guard var rule = draft.rule else { continue }
      if case .correlation(var correlation) = rule.kind {
        correlation.rules = draft.references.compactMap(place)
        correlation.cancelledBy = draft.cancelling.compactMap(place)
        correlation.unlessFollowedBy = draft.following.compactMap(place)
        correlation.unlessPrecededBy = draft.preceding.compactMap(place)
        correlation.beginsWith = draft.beginning.compactMap(place)
        correlation.shows = draft.showing.compactMap(place)
        correlation.aliases = draft.aliases.map { alias in
          var fields: [Int: Field] = [:]
          for (rule, field) in alias.fields {
            if let index = place(rule) { fields[index] = field }
          }
          return Correlation.Alias(name: alias.name, fields: fields)
        }
        silent.formUnion(correlation.listened)
        if correlation.generates { loud.formUnion(correlation.rules) }
        rule.kind = .correlation(correlation)
      }
      rules.append(rule)
    }
    for index in silent.subtracting(loud) { rules[index].alertsAlone = false }
    markUnreadableCorrelations()
  }

  /// A count needs one rule that a log feeds; an order needs them all.
  private mutating func markUnreadableCorrelations() {
    var hasChanged = true
    while hasChanged {
      hasChanged = false
      for index in rules.indices where rules[index].notReadable == nil {
        guard case .correlation(let correlation) = rules[index].kind else { continue }
        let missing = correlation.rules.filter { rules[$0].notReadable != nil }
        let needsAll = correlation.kind == .temporalOrdered
        guard let first = missing.first, needsAll || missing.count == correlation.rules.count
        else { continue }
        rules[index].notReadable =
          "no log feeds `\(rules[first].header.title)`, which it refers to"
        hasChanged = true
      }
    }
  }
}
