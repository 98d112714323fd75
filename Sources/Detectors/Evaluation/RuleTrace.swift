import Bytes
package import Events

/// How one rule's answer about one event came about.
package struct RuleTrace: Sendable {
  /// One question about one field, and its answer.
  package struct Answer: Sendable {
    /// The field, or `nil` for the whole line.
    package let field: Field?
    /// What the rule asks for, in words: `` `expired` or `offboarded` ``.
    package let wanted: String
    /// Whether the rule only asks whether the field is there.
    package let asksForPresence: Bool
    /// Whether the event has it.
    package let holds: Bool
    /// Whether the rule wants the answer to be no.
    package let isUnwanted: Bool
  }
  /// A part of the detection that has a name.
  package struct Part: Sendable {
    /// The selection's name.
    package let name: String
    /// Whether the event is so.
    package let holds: Bool
    /// Its questions, from left to right.
    package let answers: [Answer]
  }
  /// Whether the rule matches.
  package let isHit: Bool
  /// Whether the event is one of the rule's log source.
  package let isOfLogSource: Bool
  /// The selections, in the order of the file.
  package let selections: [Part]
  /// The condition's text.
  package let condition: String
  /// The fewest answers that had to be others for the rule to match; none when it does.
  package let deciding: [Answer]
  /// Whether the event has something of what the rule looks for.
  package let isNear: Bool
  /// Which of ``RuleTracer/branches`` the event takes, in their order.
  package let branches: [Bool]

  /// How many of the questions are answered as the rule wants them.
  package var metCount: Int {
    selections.reduce(0) { $0 + $1.answers.count(where: \.holds) }
  }

  /// The selection that a question stands in; `nil` when the condition has none of that name.
  package func selection(of answer: Answer) -> String? {
    selections.first { part in
      part.answers.contains {
        $0.field == answer.field && $0.wanted == answer.wanted
          && $0.asksForPresence == answer.asksForPresence
      }
    }?.name
  }
}

/// Asks the questions of one rule one by one, to tell why it matches an event or does not.
///
/// The answers are those of ``Evaluator``, which is given each question as a rule of its own; only
/// `and`, `or` and `not` are walked here. Slow, and for one line at a time.
package final class RuleTracer {
  /// The condition with the questions replaced by their numbers.
  private indirect enum Tree {
    case leaf(Int)
    case all([Tree])
    case any([Tree])
    case not(Tree)
  }
  /// Questions for one evaluator: its tables grow with the square of their number.
  private static let questionsMax = 512

  private var questions: [(field: Field?, wanted: String, asksForPresence: Bool)] = []
  private var expressions: [Expression] = []
  private var gate = Tree.all([])
  private var body = Tree.any([])
  private var selections: [(name: String, tree: Tree)] = []
  /// The parts of a rule that a test may take or not take: selections, their alternatives where they
  /// are a list of mappings, and those of the condition.
  package enum Branch: Hashable, Sendable {
    case selection(String)
    /// One of the mappings of a selection, counted from zero.
    case alternative(String, Int)
    /// One of the parts of the condition that `or` joins, counted from zero.
    case condition(Int)
  }
  /// What a trace says of each event.
  package private(set) var branches: [Branch] = []
  private var branchTrees: [Tree] = []
  private let condition: String
  private let evaluators: [Evaluator]
  private var holds: [Bool] = []

  /// A tracer of one stateless rule.
  package init(_ rule: Rule) {
    let written = rule.written
    condition = written.condition
    var builder = Builder()
    gate = written.gate.map { builder.tree($0) } ?? .all([])
    body = builder.tree(written.body)
    selections = written.selections.map { ($0.name, builder.tree($0.expression)) }
    for (name, tree) in selections {
      branches.append(.selection(name))
      branchTrees.append(tree)
      guard case .any(let parts) = tree, parts.count > 1 else { continue }
      for (place, part) in parts.enumerated() {
        branches.append(.alternative(name, place))
        branchTrees.append(part)
      }
    }
    if case .any(let parts) = body, parts.count > 1 {
      for (place, part) in parts.enumerated() {
        branches.append(.condition(place))
        branchTrees.append(part)
      }
    }
    expressions = builder.expressions
    questions = expressions.map { ($0.tests.first?.field, $0.wanted, $0.asksForPresence) }
    var evaluators: [Evaluator] = []
    var start = 0
    while start < expressions.count {
      let end = min(start + RuleTracer.questionsMax, expressions.count)
      var set = RuleSet()
      for place in start..<end {
        var question = Rule(
          header: RuleHeader(id: "\(place)", title: ""), kind: .stateless, file: rule.file,
          line: rule.line)
        question.expression = expressions[place]
        set.rules.append(question)
      }
      evaluators.append(Evaluator(set))
      start = end
    }
    self.evaluators = evaluators
  }

  /// Walks the rule for one event.
  package func trace(_ event: Event) -> RuleTrace {
    holds = Array(repeating: false, count: questions.count)
    for (group, evaluator) in evaluators.enumerated() {
      evaluator.evaluate(event) { holds[group * RuleTracer.questionsMax + $0] = true }
    }
    let isOfLogSource = isTrue(gate)
    let isHit = isOfLogSource && isTrue(body)
    var deciding: [RuleTrace.Answer] = []
    if !isHit {
      deciding = changes(isOfLogSource ? body : gate, to: true).map { answer($0.place, $0.wanted) }
    }
    return RuleTrace(
      isHit: isHit, isOfLogSource: isOfLogSource,
      selections: selections.map { part in
        RuleTrace.Part(
          name: part.name, holds: isTrue(part.tree),
          answers: leaves(part.tree, true).map { answer($0.place, $0.wanted) })
      },
      condition: condition, deciding: deciding,
      isNear: isOfLogSource && leaves(body, true).contains { $0.wanted && holds[$0.place] },
      branches: branchTrees.map { isOfLogSource && isTrue($0) })
  }

  private func answer(_ place: Int, _ wanted: Bool) -> RuleTrace.Answer {
    RuleTrace.Answer(
      field: questions[place].field, wanted: questions[place].wanted,
      asksForPresence: questions[place].asksForPresence, holds: holds[place], isUnwanted: !wanted)
  }

  private func isTrue(_ tree: Tree) -> Bool {
    switch tree {
    case .leaf(let place): holds[place]
    case .all(let parts): parts.allSatisfy(isTrue)
    case .any(let parts): parts.contains(where: isTrue)
    case .not(let part): !isTrue(part)
    }
  }

  /// Every question of a tree, and which answer speaks for the whole.
  private func leaves(_ tree: Tree, _ wanted: Bool) -> [(place: Int, wanted: Bool)] {
    switch tree {
    case .leaf(let place): [(place, wanted)]
    case .all(let parts), .any(let parts): parts.flatMap { leaves($0, wanted) }
    case .not(let part): leaves(part, !wanted)
    }
  }

  /// The fewest questions whose answers had to change for the tree to come to `wanted`.
  private func changes(_ tree: Tree, to wanted: Bool) -> [(place: Int, wanted: Bool)] {
    guard isTrue(tree) != wanted else { return [] }
    switch tree {
    case .leaf(let place): return [(place, wanted)]
    case .not(let part): return changes(part, to: !wanted)
    case .all(let parts) where wanted, .any(let parts) where !wanted:
      return parts.flatMap { changes($0, to: wanted) }
    case .all(let parts), .any(let parts):
      // One part is enough; the one that is nearest, the first among equals.
      return parts.map { changes($0, to: wanted) }.min { $0.count < $1.count } ?? []
    }
  }

  /// Numbers the questions of expressions.
  private struct Builder {
    var expressions: [Expression] = []

    mutating func tree(_ expression: Expression) -> Tree {
      switch expression {
      case .test: return leaf(expression)
      case .not(let part): return .not(tree(part))
      case .all(let parts): return .all(parts.map { tree($0) })
      case .any(let parts):
        // A list of values for one field is one question.
        return expression.isList ? leaf(expression) : .any(parts.map { tree($0) })
      }
    }

    private mutating func leaf(_ expression: Expression) -> Tree {
      expressions.append(expression)
      return .leaf(expressions.count - 1)
    }
  }
}

extension Expression {
  /// Whether it is alternatives for one field.
  fileprivate var isList: Bool {
    guard case .any(let parts) = self, parts.count > 1, case .test(let first) = parts[0] else {
      return false
    }
    return parts.allSatisfy { part in
      if case .test(let test) = part { test.field == first.field } else { false }
    }
  }

  /// Whether a question is answered by any value.
  fileprivate var asksForPresence: Bool {
    if case .test(let test) = self, case .exists = test.matcher { true } else { false }
  }

  /// What a question asks for, in words.
  fileprivate var wanted: String {
    var seen: Set<String> = []
    // One text in several cases of its letters is one thing that is asked for.
    let all = tests.map(\.matcher.description).filter { text in
      let plain = text.unicodeScalars.map { $0.isASCII ? "\($0)" : $0.properties.lowercaseMapping }
      return seen.insert(plain.joined()).inserted
    }
    let words = all.prefix(8).joined(separator: " or ")
    return all.count > 8 ? "\(words) … (\(all.count) values)" : words
  }
}

extension Matcher: CustomStringConvertible {
  /// What a value must be, in words.
  package var description: String {
    switch self {
    case .text(let text, let isCased, _):
      "`\(text.description)`" + (isCased ? " in just these capitals" : "")
    case .expression(let expression):
      expression.isText ? "`\(expression.pattern)`" : "a match of /\(expression.pattern)/"
    case .network(let block): "an address in \(block.description)"
    case .compare(let comparison, let bound): "\(comparison.words) \(Matcher.number(bound))"
    case .null: "nothing"
    case .exists: "anything"
    case .field(_, let relation, let name): "\(relation.words) `\(name)`"
    case .member(let path, let matcher):
      "a list with \(matcher.description) at `\(path.joined(separator: "."))`"
    case .time(let part, let comparison, let value):
      "a time whose \(part) is " + (comparison.map { "\($0.words) " } ?? "") + "\(value) (UTC)"
    }
  }

  private static func number(_ value: Double) -> String {
    Int64(exactly: value).map { "\($0)" } ?? "\(value)"
  }
}

extension FieldRelation {
  fileprivate var words: String {
    switch self {
    case .equal: "the same as"
    case .contains: "something that contains"
    case .begins: "something that begins with"
    case .ends: "something that ends with"
    }
  }
}

extension Comparison {
  fileprivate var words: String {
    switch self {
    case .gt: "more than"
    case .gte: "at least"
    case .lt: "less than"
    case .lte: "at most"
    }
  }
}

extension SigmaText: CustomStringConvertible {
  /// The text as it is, `*` and `?` standing for what they stand for in Sigma.
  package var description: String {
    var bytes: [UInt8] = []
    for token in tokens {
      switch token {
      case .byte(let byte): bytes.append(byte)
      case .anyRun: bytes.append(UInt8(ascii: "*"))
      case .anyOne: bytes.append(UInt8(ascii: "?"))
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
