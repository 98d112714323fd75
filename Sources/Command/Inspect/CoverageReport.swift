import Detectors
import Documents
import Events

/// What nobody has shown about detectors, and what can not work in them.
struct CoverageReport {
  private let workspace: Workspace
  private let coverage: RuleCoverage
  private let sources: FieldSources
  private(set) var gaps: [RuleGap] = []
  /// By rule, why it can never fire; an empty text when it can.
  private var verdicts: [Int: String] = [:]
  /// By field, what it was probably meant to be.
  private var nearest: [Field: String?] = [:]
  /// By file and line, the rules as they are written.
  private let roots: [String: [Int: Node]]

  /// - Parameters:
  ///   - chosen: The places of the rules that are asked about; what they are built on is, too.
  ///   - coverage: What the tests that were run showed.
  init(_ workspace: Workspace, chosen: [Int], _ coverage: RuleCoverage) {
    (self.workspace, self.coverage) = (workspace, coverage)
    sources = FieldSources(workspace, seen: coverage.fields)
    roots = Dictionary(
      workspace.detectors.map { document in
        (document.file, Dictionary(document.roots.map { ($0.line, $0) }) { first, _ in first })
      }, uniquingKeysWith: { first, _ in first })
    var wanted: Set<Int> = []
    for rule in chosen { gather(rule, &wanted) }
    for rule in wanted.sorted() { look(at: rule) }
    gaps = gaps.enumerated().sorted {
      ($0.element.file, $0.element.line, $0.offset) < ($1.element.file, $1.element.line, $1.offset)
    }.map(\.element)
  }

  private var rules: [Rule] { workspace.rules.rules }

  private func gather(_ rule: Int, _ wanted: inout Set<Int>) {
    guard wanted.insert(rule).inserted, case .correlation(let correlation) = rules[rule].kind
    else { return }
    for below in correlation.listened { gather(below, &wanted) }
  }

  private mutating func add(
    _ kind: RuleGap.Kind, _ rule: Int, line: Int? = nil, _ message: String = "", fix: String = ""
  ) {
    gaps.append(
      RuleGap(
        kind: kind, detector: rules[rule].header.id, file: rules[rule].file,
        line: line ?? rules[rule].line, message: message, fix: fix))
  }

  private mutating func look(at index: Int) {
    let rule = rules[index]
    let reason = whyNever(index)
    if !reason.isEmpty { add(.impossible, index, reason) }
    lookAtFields(index)
    let own = coverage.cases[rule.header.id]
    if let own {
      if own.fires == 0 { add(.noFiringTest, index, fix: "add lines under `fires:`") }
      if own.silent == 0 { add(.noSilentTest, index, fix: "add lines under `silent:`") }
    } else if rule.alertsAlone {
      add(.noTests, index, fix: "add `tests:` with lines under `fires:` and `silent:`")
    } else if coverage.seen[index] == nil {
      add(.noTests, index, "and no test of what is built on it", fix: "add `tests:` there or here")
    }
    guard reason.isEmpty, let seen = coverage.seen[index], rule.isStateless else { return }
    lookAtBranches(index, seen)
  }

  // MARK: - Fields and values

  private mutating func lookAtFields(_ index: Int) {
    let rule = rules[index]
    guard rule.notReadable == nil else { return }
    var fields = rule.fields.union(rule.subject).union(rule.messageFields)
    if case .correlation(let correlation) = rule.kind {
      fields.formUnion(correlation.countedFields)
      for name in correlation.groupBy {
        for below in correlation.rules { fields.insert(correlation.field(name, inRule: below)) }
      }
    }
    let isTested = coverage.seen[index] != nil
    let led = namesThroughLists(rule)
    for field in fields.sorted(by: { $0.index < $1.index }) where !sources.isFilled(field) {
      let name = workspace.table.name(field)
      // What a sentence says of the finding itself.
      if ["count", "value_count", "value"].contains(name) || led.contains(name) { continue }
      let nearest = self.nearest[field] ?? sources.nearest(to: field)
      self.nearest[field] = .some(nearest)
      let isSlip = nearest.map { sources.isSlip(name, of: $0) } ?? false
      let fix = nearest.map { "did you mean `\($0)`?" } ?? ""
      if sources.isHopeless(field) {
        add(
          .field, index, line: line(naming: name, index),
          "no mapping, product or join fills `\(name)`",
          fix: isSlip ? fix : "map it: see Sources/README.md, or leave it out")
      } else if isTested || isSlip {
        add(
          .field, index, line: line(naming: name, index),
          "no mapping, product or join fills `\(name)`, and no line of a test has a key of that name",
          fix: fix)
      }
    }
    guard rule.isStateless else { return }
    let sense = RuleSense(sources.knowledge)
    for strange in sense.strangeValues(in: rule) {
      let name = workspace.table.name(strange.field)
      let near = nearestName(to: strange.value, among: strange.known)
      add(
        .value, index, line: line(naming: name, index), "`\(name)` is never `\(strange.value)`",
        fix: near.map { "did you mean `\($0)`?" }
          ?? "it is one of \(strange.known.prefix(8).joined(separator: ", "))"
          + (strange.known.count > 8 ? " …" : ""))
    }
  }

  /// The names that lead through a list of objects which lines have: their values stand in its elements.
  private func namesThroughLists(_ rule: Rule) -> Set<String> {
    Set(
      rule.expression.tests.compactMap { test in
        guard case .member(let path, _) = test.matcher, let list = test.field,
          sources.isFilled(list)
        else { return nil }
        return ([workspace.table.name(list)] + path).joined(separator: ".")
      })
  }

  // MARK: - Branches

  private mutating func lookAtBranches(_ index: Int, _ seen: RuleCoverage.Seen) {
    let rule = rules[index]
    let detection = root(of: index)?["detection"]
    let condition = rule.written.condition
    let words = RuleText.words(condition)
    var untaken: Set<String> = []
    for (name, _) in rule.written.selections {
      // What a filter of another file adds is not for this one's tests to show.
      guard let entry = detection?.entries?.first(where: { $0.key == name }) else { continue }
      guard RuleText.uses(name, words) else {
        add(
          .unusedSelection, index, line: entry.line, "the condition does not name `\(name)`",
          fix: "name it in `condition:`, or take it out")
        continue
      }
      guard seen.branches[.selection(name)] == false else { continue }
      untaken.insert(name)
      add(
        .branch, index, line: entry.line,
        RuleText.isNegated(name, words)
          ? "no line of the tests is one that `\(name)` leaves out"
          : "no line of the tests has what `\(name)` asks for",
        fix: "add such a line")
    }
    for (branch, isTaken) in seen.branches.sorted(by: { RuleText.isBefore($0.key, $1.key) })
    where !isTaken {
      switch branch {
      case .selection: continue
      case .alternative(let name, let place):
        guard !untaken.contains(name), RuleText.uses(name, words) else { continue }
        guard let entry = detection?.entries?.first(where: { $0.key == name }) else { continue }
        let line = entry.value.list.flatMap { $0.indices.contains(place) ? $0[place].line : nil }
        add(
          .branch, index, line: line ?? entry.line,
          "no line of the tests has what alternative \(place + 1) of `\(name)` asks for",
          fix: "add such a line")
      case .condition(let place):
        let parts = RuleText.alternatives(condition)
        guard parts.indices.contains(place) else { continue }
        let own = RuleText.words(parts[place])
        // A selection alone was told of, and so was one that no line has.
        let names = rule.written.selections.map(\.name).filter { RuleText.uses($0, own) }
        guard own.count > 1, !names.contains(where: untaken.contains) else { continue }
        add(
          .branch, index, line: detection?["condition"]?.line,
          "no line of the tests takes `\(parts[place])` of the condition", fix: "add such a line")
      }
    }
  }

  /// Where a rule stands in its file.
  private func root(of index: Int) -> Node? {
    roots[rules[index].file]?[rules[index].line]
  }

  /// The line on which a rule names a field.
  private func line(naming name: String, _ index: Int) -> Int? {
    root(of: index).flatMap { RuleText.line(of: name, in: $0) }
  }

  // MARK: - Rules that can never fire

  /// Why a rule can never fire, empty when it can.
  private mutating func whyNever(_ index: Int) -> String {
    if let known = verdicts[index] { return known }
    // A circle is refused at loading; this only ends what can not happen.
    verdicts[index] = ""
    let verdict = judge(index)
    verdicts[index] = verdict
    return verdict
  }

  private mutating func judge(_ index: Int) -> String {
    let rule = rules[index]
    if let reason = rule.notReadable { return reason }
    guard case .correlation(let correlation) = rule.kind else {
      var sense = RuleSense(sources.knowledge)
      return sense.contradiction(rule) ?? ""
    }
    var dead: [String] = []
    for below in correlation.rules where !whyNever(below).isEmpty {
      dead.append(rules[below].header.id)
    }
    // A condition over the rules may do without some of them.
    let needsAll = correlation.isSequence && correlation.condition == nil
    if let first = dead.first, needsAll || dead.count == correlation.rules.count {
      return "`\(first)`, which it is built on, can not fire"
    }
    return impossibleCount(correlation) ?? ""
  }

  /// Why no count can be within the bounds of a correlation.
  private func impossibleCount(_ correlation: Correlation) -> String? {
    let isMeasure = correlation.kind.isNumeric
    var (lowest, highest) = (isMeasure ? -Double.infinity : 0, Double.infinity)
    for bound in correlation.bounds {
      let value = bound.value
      switch bound.order {
      case .gt: lowest = max(lowest, isMeasure ? value.nextUp : value.rounded(.down) + 1)
      case .gte: lowest = max(lowest, isMeasure ? value : value.rounded(.up))
      case .lt: highest = min(highest, isMeasure ? value.nextDown : value.rounded(.up) - 1)
      case .lte: highest = min(highest, value)
      case .eq: (lowest, highest) = (max(lowest, value), min(highest, value))
      case .neq: break
      }
    }
    if lowest > highest { return "no count is within all bounds of its condition" }
    for name in correlation.groupBy {
      let fields = Set(correlation.rules.map { correlation.field(name, inRule: $0) })
      if fields.allSatisfy(sources.isHopeless) {
        return "nothing ever fills `\(workspace.table.name(name))`, by which it groups"
      }
    }
    guard correlation.kind == .valueCount, let counted = correlation.valueField else { return nil }
    let name = workspace.table.name(counted)
    if sources.isHopeless(counted) { return "nothing ever fills `\(name)`, whose values it counts" }
    guard lowest > 1 else { return nil }
    if correlation.groupBy.contains(counted) {
      return "it counts different `\(name)` for one `\(name)`, so there is never more than one"
    }
    let sense = RuleSense(sources.knowledge)
    let counts = correlation.rules.map { below in
      rules[below].isStateless ? sense.valueCount(of: counted, in: rules[below]) : nil
    }
    guard counts.allSatisfy({ $0 != nil }) else { return nil }
    let most = counts.compactMap(\.self).reduce(0, +)
    guard Double(most) < lowest else { return nil }
    return
      "it needs \(Int64(min(lowest, 1e15))) different `\(name)`, and its rules let \(most) through at most"
  }
}
