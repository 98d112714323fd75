package import Events

/// Tells rules that can never match, whatever a log says, and why.
///
/// It looks for one way through the condition on which no two demands exclude each other. Where it is not
/// sure it finds one: a rule that it calls impossible is impossible.
package struct RuleSense {
  /// What is known of the values that a field can have.
  package struct Knowledge {
    /// Whether anything fills the field.
    package var isFilled: (Field) -> Bool
    /// All values that it can have, where they are few and known.
    package var values: (Field) -> [String]?
    /// Whether it never is a list of several values.
    package var isSingle: (Field) -> Bool
    /// Its name.
    package var name: (Field) -> String

    /// Knowledge from its parts.
    package init(
      isFilled: @escaping (Field) -> Bool, values: @escaping (Field) -> [String]?,
      isSingle: @escaping (Field) -> Bool, name: @escaping (Field) -> String
    ) {
      (self.isFilled, self.values) = (isFilled, values)
      (self.isSingle, self.name) = (isSingle, name)
    }
  }

  /// Some questions about one field, of which one at least must be answered so.
  struct Demand {
    let field: Field?
    let matchers: [Matcher]
    let isWanted: Bool
  }

  private let knowledge: Knowledge
  /// How many demands are looked at before a rule counts as possible.
  private static let stepsMax = 20_000
  /// Lists with more pairs of values than this are not compared.
  private static let pairsMax = 10_000
  private var steps = 0
  private var conflicts: [String] = []

  /// Sense that goes by some knowledge.
  package init(_ knowledge: Knowledge) { self.knowledge = knowledge }

  /// Why a stateless rule can match no event, or `nil` when it may.
  package mutating func contradiction(_ rule: Rule) -> String? {
    (steps, conflicts) = (0, [])
    // The whole once, since the log source and the condition may contradict each other.
    guard !isPossible([(rule.expression, true)], []) else { return nil }
    let shown = conflicts.prefix(3).joined(separator: "; ")
    return conflicts.count > 3 ? "\(shown); and \(conflicts.count - 3) more" : shown
  }

  private mutating func isPossible(
    _ pending: [(expression: Expression, isWanted: Bool)], _ demands: [Demand]
  ) -> Bool {
    steps += 1
    guard steps < RuleSense.stepsMax else { return true }
    var (pending, demands) = (pending, demands)
    // What must hold in any case comes first, so that a choice meets all of it.
    var choices: [(parts: [Expression], isWanted: Bool)] = []
    while let (expression, isWanted) = pending.popLast() {
      steps += 1
      switch expression {
      case .not(let part): pending.append((part, !isWanted))
      case .test(let test):
        guard add(Demand(field: test.field, matchers: [test.matcher], isWanted: isWanted), &demands)
        else { return false }
      case .all(let parts) where isWanted, .any(let parts) where !isWanted:
        pending += parts.reversed().map { ($0, isWanted) }
      case .any(let parts):
        // A placeholder without values: others will have some.
        if parts.isEmpty { continue }
        if let (field, matchers) = RuleSense.list(parts) {
          guard add(Demand(field: field, matchers: matchers, isWanted: true), &demands) else {
            return false
          }
        } else {
          choices.append((parts, true))
        }
      case .all(let parts): choices.append((parts, false))
      }
    }
    guard let choice = choices.first else { return true }
    let rest = choices.dropFirst().map { other in
      (other.isWanted ? Expression.any(other.parts) : .all(other.parts), other.isWanted)
    }
    return choice.parts.contains { isPossible(rest + [($0, choice.isWanted)], demands) }
  }

  /// The field and the values, when alternatives are values of one field.
  static func list(_ parts: [Expression]) -> (field: Field?, matchers: [Matcher])? {
    guard case .test(let first)? = parts.first else { return nil }
    var matchers: [Matcher] = []
    for part in parts {
      guard case .test(let test) = part, test.field == first.field else { return nil }
      matchers.append(test.matcher)
    }
    return (first.field, matchers)
  }

  /// Takes a demand in; false when it can not be met beside the others.
  private mutating func add(_ demand: Demand, _ demands: inout [Demand]) -> Bool {
    if let conflict = conflict(of: demand, with: demands) {
      if !conflicts.contains(conflict), conflicts.count < 50 { conflicts.append(conflict) }
      return false
    }
    demands.append(demand)
    return true
  }

  private func conflict(of demand: Demand, with others: [Demand]) -> String? {
    if demand.isWanted, let conflict = conflict(inItself: demand) { return conflict }
    let about = others.filter { $0.field == demand.field } + [demand]
    let unwanted = about.filter { !$0.isWanted }.flatMap(\.matchers)
    for wanted in about where wanted.isWanted {
      if let conflict = conflict(of: wanted, without: unwanted) { return conflict }
    }
    // Of a list one value may answer the one question, and another one the other.
    guard demand.isWanted, let field = demand.field, knowledge.isSingle(field) else { return nil }
    for other in others where other.field == field && other.isWanted {
      guard demand.matchers.count * other.matchers.count <= RuleSense.pairsMax else { continue }
      let canMeet = other.matchers.contains { matcher in
        demand.matchers.contains { matcher.canMeet($0) }
      }
      if !canMeet {
        return "\(name(field)) can not be \(words(other)) and \(words(demand)) at once"
      }
    }
    return nil
  }

  /// Whether all that is wanted of a field is left out.
  private func conflict(of wanted: Demand, without unwanted: [Matcher]) -> String? {
    guard !unwanted.isEmpty, wanted.matchers.count * unwanted.count <= RuleSense.pairsMax else {
      return nil
    }
    var leaving: [Matcher] = []
    for matcher in wanted.matchers {
      guard let by = unwanted.first(where: { matcher.isWithin($0) }) else { return nil }
      if !leaving.contains(where: { $0.description == by.description }) { leaving.append(by) }
    }
    let left = Demand(field: wanted.field, matchers: leaving, isWanted: false)
    return "\(name(wanted.field)) must be \(words(wanted)), and what is \(words(left)) is left out"
  }

  /// What is impossible about a demand by itself.
  private func conflict(inItself demand: Demand) -> String? {
    guard let field = demand.field else { return nil }
    let asksForValue = demand.matchers.allSatisfy { if case .null = $0 { false } else { true } }
    guard asksForValue else { return nil }
    guard knowledge.isFilled(field) else { return "nothing ever fills \(name(field))" }
    guard let values = knowledge.values(field) else { return nil }
    let canBe = demand.matchers.contains { matcher in
      values.contains { value in
        Matcher.text(SigmaText(value), isCased: true, number: nil).canMeet(matcher)
      }
    }
    return canBe ? nil : "\(name(field)) is never \(words(demand))"
  }

  private func name(_ field: Field?) -> String { field.map(knowledge.name) ?? "the line" }

  private func words(_ demand: Demand) -> String {
    let shown = demand.matchers.prefix(4).map(\.description).joined(separator: " or ")
    return demand.matchers.count > 4 ? "\(shown) or \(demand.matchers.count - 4) more" : shown
  }

  /// How many different values a field can have in the events of a rule, when the rule names them all.
  package func valueCount(of field: Field, in rule: Rule) -> Int? {
    var best = knowledge.values(field)?.count
    func walk(_ expression: Expression) {
      switch expression {
      case .all(let parts): for part in parts { walk(part) }
      case .any(let parts):
        guard let list = RuleSense.list(parts), list.field == field else { return }
        bound(list.matchers)
      case .test(let test):
        guard test.field == field else { return }
        bound([test.matcher])
      default: return
      }
    }
    func bound(_ matchers: [Matcher]) {
      let texts = matchers.compactMap(\.onlyText)
      guard texts.count == matchers.count, knowledge.isSingle(field) else { return }
      let count = Set(texts.map { $0.lowercased() }).count
      best = min(best ?? count, count)
    }
    walk(rule.expression)
    return best
  }

  /// The values that a rule asks for and its field never has, each with the field.
  package func strangeValues(in rule: Rule) -> [(field: Field, value: String, known: [String])] {
    var found: [(field: Field, value: String, known: [String])] = []
    for test in rule.written.body.tests {
      guard let field = test.field, let values = knowledge.values(field), !values.isEmpty,
        let text = test.matcher.onlyText
      else { continue }
      let isKnown = values.contains {
        Matcher.text(SigmaText($0), isCased: true, number: nil).canMeet(test.matcher)
      }
      let isSaid = found.contains { $0.field == field && $0.value == text }
      if !isKnown, !isSaid { found.append((field, text, values)) }
    }
    return found
  }
}
