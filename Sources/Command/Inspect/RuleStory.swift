import Bytes
import Detectors
import Events

/// Tells why rules match an event or do not; for `explain`, and for tests that failed.
final class RuleStory {
  private let rules: RuleSet
  private let table: FieldTable
  private let lateRules: Set<Int>
  private var tracers: [Int: RuleTracer] = [:]
  /// How many rules that match and that came near are told of, and how many questions of a selection:
  /// thousands may be loaded.
  private static let (hitsMax, nearMax, answersMax) = (20, 8, 12)

  /// - Parameters:
  ///   - table: The names of the rules' fields.
  ///   - lateRules: The rules that read what baselines add.
  init(_ rules: RuleSet, table: FieldTable, lateRules: Set<Int>) {
    (self.rules, self.table, self.lateRules) = (rules, table, lateRules)
  }

  /// The trace of one rule; `nil` for a correlation or a rule that no log feeds.
  func trace(_ rule: Int, _ event: Event) -> RuleTrace? {
    guard case .stateless = rules.rules[rule].kind, rules.rules[rule].notReadable == nil else {
      return nil
    }
    let tracer = tracers[rule] ?? RuleTracer(rules.rules[rule])
    tracers[rule] = tracer
    return tracer.trace(event)
  }

  /// The branches that a trace of the rule answers for.
  func branches(_ rule: Int) -> [RuleTracer.Branch] { tracers[rule]?.branches ?? [] }

  /// The rules that the event matches.
  func hits(_ event: Event) -> [Int] {
    let traces = traces(event)
    return rules.rules.indices.filter { traces[$0]?.isHit ?? false }
  }

  /// The traces of all rules.
  private func traces(_ event: Event) -> [RuleTrace?] {
    rules.rules.indices.map { trace($0, event) }
  }

  /// Writes the rules that match or nearly do, the nearest first, and counts the others; returns those
  /// that match.
  @discardableResult func write(_ event: Event, to sheet: inout Sheet) -> [Int] {
    var hits: [(rule: Int, trace: RuleTrace)] = []
    var near: [(rule: Int, trace: RuleTrace)] = []
    var (far, unread) = (0, 0)
    for (index, trace) in traces(event).enumerated() {
      guard rules.rules[index].isStateless else { continue }
      guard let trace else {
        unread += 1
        continue
      }
      if trace.isHit {
        hits.append((index, trace))
      } else if trace.isNear {
        near.append((index, trace))
      } else {
        far += 1
      }
    }
    for hit in hits.prefix(RuleStory.hitsMax) {
      write("hit", hit.rule, hit.trace, event, to: &sheet)
    }
    // What lacks least; among those what would be a finding, and then what has most of what it asks for.
    func isBase(_ rule: Int) -> Int { rules.rules[rule].alertsAlone ? 0 : 1 }
    near.sort {
      ($0.trace.deciding.count, isBase($0.rule), -$0.trace.metCount, $0.rule)
        < ($1.trace.deciding.count, isBase($1.rule), -$1.trace.metCount, $1.rule)
    }
    for miss in near.prefix(RuleStory.nearMax) {
      write("near", miss.rule, miss.trace, event, to: &sheet)
    }
    if hits.isEmpty, near.isEmpty { sheet.line("No rule asks for anything that this event has.") }
    let moreHits = max(0, hits.count - RuleStory.hitsMax)
    let more = max(0, near.count - RuleStory.nearMax)
    var rest: [String] = []
    if moreHits > 0 { rest.append("\(moreHits) more match, too") }
    if more > 0 { rest.append("\(more) more came as near or less so") }
    if far > 0 { rest.append("\(far) \(far == 1 ? "looks" : "look") for something else") }
    if unread > 0 { rest.append("\(unread) \(unread == 1 ? "needs" : "need") logs nobody reads") }
    if !rest.isEmpty { sheet.line("Of the other rules " + rest.joined(separator: ", ") + ".") }
    return hits.map(\.rule)
  }

  private func write(
    _ word: String, _ index: Int, _ trace: RuleTrace, _ event: Event, to sheet: inout Sheet
  ) {
    let rule = rules.rules[index]
    sheet.line(
      "\(word)  \(rule.header.id) (\(rule.header.level.name), \(rule.file):\(rule.line))")
    for selection in trace.selections {
      var answers = selection.answers.prefix(RuleStory.answersMax).map { answer($0, event) }
      let more = selection.answers.count - answers.count
      if more > 0 { answers.append("and \(more) more") }
      sheet.row(
        "   \(selection.name)",
        "\(selection.holds ? "yes" : "no"): \(answers.joined(separator: "; "))")
    }
    sheet.row("   condition", trace.condition)
    if !trace.deciding.isEmpty { sheet.row("   stopped by", stop(index, trace, event)) }
    if !rule.alertsAlone {
      let names = correlations(fedBy: [index]).prefix(RuleStory.nearMax).map {
        rules.rules[$0.rule].header.shortName
      }
      sheet.row("   counts for", "\(names.joined(separator: ", ")); it is no finding by itself")
    }
    sheet.flush()
  }

  /// What kept a rule from matching, in one sentence.
  func stop(_ rule: Int, _ trace: RuleTrace, _ event: Event) -> String {
    var last: String?
    let reasons = trace.deciding.prefix(4).map { decided -> String in
      // Each selection is named once, before what is so about it.
      let selection = trace.selection(of: decided)
      let prefix = selection != last ? selection.map { "`\($0)`: " } ?? "" : ""
      last = selection
      return prefix + stop(decided, event)
    }
    var sentence = reasons.joined(separator: "; ")
    if trace.deciding.count > 4 { sentence += "; and \(trace.deciding.count - 4) more" }
    if lateRules.contains(rule) {
      sentence += " (learned from the earlier sign-ins of the same person; one line alone has none)"
    }
    return trace.isOfLogSource ? sentence : "another log source: " + sentence
  }

  private func stop(_ decided: RuleTrace.Answer, _ event: Event) -> String {
    guard decided.field != nil else {
      return decided.isUnwanted
        ? "the line has \(decided.wanted), which the rule leaves out"
        : "the line lacks \(decided.wanted)"
    }
    let found = "\(name(decided.field)) is \(found(decided.field, event))"
    guard decided.isUnwanted else {
      return decided.asksForPresence ? found : "\(found), wanted \(decided.wanted)"
    }
    return "\(found), which the rule leaves out"
  }

  private func answer(_ answer: RuleTrace.Answer, _ event: Event) -> String {
    guard answer.field != nil else {
      return "the line \(answer.holds ? "has" : "lacks") \(answer.wanted)"
    }
    let found = "\(name(answer.field)) is \(found(answer.field, event))"
    return answer.holds || answer.asksForPresence ? found : "\(found), not \(answer.wanted)"
  }

  private func name(_ field: Field?) -> String { field.map(table.name) ?? "the line" }

  private func found(_ field: Field?, _ event: Event) -> String {
    guard let field else { return "without it" }
    guard let value = event[field] else { return "absent" }
    if case .null = value { return "null" }
    return value.text(event.scratch).string.quoted
  }

  // MARK: - Correlations

  /// The correlations that listen to one of some rules, and by way of which of them.
  func correlations(fedBy fed: [Int]) -> [(rule: Int, by: [Int])] {
    rules.rules.indices.compactMap { index in
      guard case .correlation(let correlation) = rules.rules[index].kind else { return nil }
      let by = correlation.listened.filter(fed.contains)
      return by.isEmpty ? nil : (index, by)
    }
  }

  /// What it takes for a correlation to fire, in words.
  func demand(_ rule: Int) -> String {
    guard case .correlation(let correlation) = rules.rules[rule].kind else { return "" }
    if let leak = correlation.leakSeconds { return demand(ofBucket: correlation, leak) }
    let window = lengthOfTime(correlation.timespanSeconds)
    let group = correlation.groupBy.map(table.name).joined(separator: " and ")
    let names = correlation.rules.map { rules.rules[$0].header.id }
    let counted = correlation.countedFields.map(table.name).joined(separator: " with ")
    let fed = names.joined(separator: " or ")
    let what: String
    switch correlation.kind {
    case .eventCount: what = "\(bounds(correlation)) events of \(fed)"
    case .valueCount: what = "\(bounds(correlation)) different \(counted) in \(fed)"
    case .temporal:
      if let condition = correlation.condition {
        what = words(condition, names)
      } else if correlation.bounds.count == 1, correlation.bounds[0].order == .gte,
        Int(correlation.bounds[0].value) == names.count
      {
        what = names.joined(separator: " and ") + " in any order"
      } else {
        what = "\(bounds(correlation)) of \(names.joined(separator: ", "))"
      }
    case .temporalOrdered: what = names.joined(separator: ", then ")
    case .valueSum: what = "a sum of \(counted) of \(bounds(correlation)) in \(fed)"
    case .valueAverage: what = "a mean \(counted) of \(bounds(correlation)) in \(fed)"
    case .valueMedian: what = "a median \(counted) of \(bounds(correlation)) in \(fed)"
    case .valuePercentile:
      what =
        "a percentile \(number(correlation.percentile)) of \(counted) of "
        + "\(bounds(correlation)) in \(fed)"
    }
    if correlation.isJudgedAtClose {
      return "\(what) when \(window) are over" + (group.isEmpty ? "" : ", for one \(group)")
    }
    if let deadline = correlation.deadline {
      return "\(what)" + (group.isEmpty ? "" : " for one \(group)")
        + ", and no \(ids(correlation.unlessFollowedBy)) before its obligation.\(deadline.rawValue)"
    }
    return "\(what) within \(window)" + (group.isEmpty ? "" : " for one \(group)")
      + conditions(correlation)
  }

  /// What a bucket needs to overflow.
  private func demand(ofBucket correlation: Correlation, _ leak: Int64) -> String {
    let group = correlation.groupBy.map(table.name).joined(separator: " and ")
    let names = correlation.rules.map { rules.rules[$0].header.id }.joined(separator: " or ")
    let fields = correlation.countedFields.map(table.name).joined(separator: " with ")
    let what =
      correlation.kind == .valueCount
      ? "\(bounds(correlation)) different \(fields) in \(names)"
      : "\(bounds(correlation)) events of \(names)"
    return "\(what) in a bucket that leaks one in \(lengthOfTime(leak))"
      + (group.isEmpty ? "" : " for one \(group)") + conditions(correlation)
  }

  /// What else a correlation asks for, beyond Sigma.
  private func conditions(_ correlation: Correlation) -> String {
    var text = ""
    if let most = correlation.perValueMax {
      text += ", counting values with \(most) events at most"
    }
    if let gap = correlation.medianGapSeconds {
      text += ", half of the pauses longer than \(lengthOfTime(gap))"
    }
    if let count = correlation.baseline {
      text += ", as a share of the median of the \(count) before it"
    }
    if correlation.perSeconds != nil { text += ", by the clock" }
    if let step = correlation.stepSeconds { text += " in steps of \(lengthOfTime(step))" }
    if let own = correlation.own {
      text +=
        (own.from == nil ? ", and " : ", or ")
        + "more than \(own.times) times the \(own.percentile)th percentile of \(own.after) of its own"
    }
    if !correlation.shows.isEmpty { text += ", a line of which is \(ids(correlation.shows))" }
    if let share = correlation.shareAbove {
      text += ", the first rule's being more than \(share) of the others'"
    }
    if let share = correlation.limitShare {
      text +=
        ", or \(share) of the \(correlation.limitKind.rawValue) that the limits register allows"
    }
    if !correlation.cancelledBy.isEmpty {
      text += ", and no \(ids(correlation.cancelledBy)) between them"
    }
    if !correlation.unlessFollowedBy.isEmpty {
      text += ", and no \(ids(correlation.unlessFollowedBy)) in that time"
    }
    if !correlation.unlessPrecededBy.isEmpty {
      text += ", and no \(ids(correlation.unlessPrecededBy)) in that time before"
    }
    if !correlation.beginsWith.isEmpty {
      text += ", beginning with \(ids(correlation.beginsWith))"
    }
    if let span = correlation.lastsSeconds { text += ", going on for \(lengthOfTime(span))" }
    if let pause = correlation.pauseSeconds { text += ", after a pause of \(lengthOfTime(pause))" }
    return text
  }

  private func ids(_ indexes: [Int]) -> String {
    indexes.map { rules.rules[$0].header.id }.joined(separator: " or ")
  }

  private func words(_ condition: RuleCondition, _ names: [String]) -> String {
    switch condition {
    case .rule(let place): names[place]
    case .all(let parts): "(\(parts.map { words($0, names) }.joined(separator: " and ")))"
    case .any(let parts): "(\(parts.map { words($0, names) }.joined(separator: " or ")))"
    case .not(let part): "no \(words(part, names))"
    }
  }

  private func number(_ value: Double) -> String {
    Int64(exactly: value).map { "\($0)" } ?? "\(value)"
  }

  private func bounds(_ correlation: Correlation) -> String {
    correlation.bounds.map { bound in
      let value = number(bound.value)
      return switch bound.order {
      case .gt: "more than \(value)"
      case .gte: "at least \(value)"
      case .lt: "less than \(value)"
      case .lte: "at most \(value)"
      case .eq: "exactly \(value)"
      case .neq: "other than \(value)"
      }
    }.joined(separator: " and ")
  }
}

extension RuleHeader {
  /// What people call the rule: its name, which is easier to read than an id that a machine made.
  var shortName: String { name ?? id }
}
