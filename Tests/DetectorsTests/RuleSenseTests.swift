import Bytes
import Detectors
import Documents
import Events
import Testing

/// Rules that can never match, told from those that can.
@Suite struct RuleSenseTests {
  /// Sense over a table: all fields are filled and single unless they say otherwise by their names.
  private func sense(_ table: FieldTable) -> RuleSense {
    RuleSense(
      RuleSense.Knowledge(
        isFilled: { table.name($0) != "hollow" },
        values: { table.name($0) == "event.outcome" ? ["success", "failure"] : nil },
        isSingle: { !table.name($0).hasPrefix("many") }, name: { table.name($0) }))
  }

  private func reason(_ detection: String, category: String = "access") throws -> String? {
    let (rules, problems, table) = try load(rule(detection, category: category))
    if let problem = problems.first { throw problem }
    var sense = sense(table)
    return sense.contradiction(rules.rules[0])
  }

  /// Each with a neighbour that differs in little and can match.
  @Test(arguments: [
    // What a filter leaves out is all that is looked for.
    (
      "{a: {user.name: dana}, f: {user.name: [lee, dana]}, condition: a and not f}",
      "{a: {user.name: [dana, kim]}, f: {user.name: [lee, dana]}, condition: a and not f}"
    ),
    (
      "{a: {url.path|startswith: /admin}, f: {url.path|startswith: /ad}, condition: a and not f}",
      "{a: {url.path|startswith: /ad}, f: {url.path|startswith: /admin}, condition: a and not f}"
    ),
    (
      "{a: {source.ip|cidr: 10.1.0.0/16}, f: {source.ip|cidr: 10.0.0.0/8}, condition: a and not f}",
      "{a: {source.ip|cidr: 10.0.0.0/8}, f: {source.ip|cidr: 10.1.0.0/16}, condition: a and not f}"
    ),
    (
      "{a: {n|gte: 10}, f: {n|gt: 9}, condition: a and not f}",
      "{a: {n|gte: 9}, f: {n|gt: 9}, condition: a and not f}"
    ),
    (
      "{a: {user.name: x}, f: {user.name|exists: true}, condition: a and not f}",
      "{a: {user.name: x}, f: {user.id|exists: true}, condition: a and not f}"
    ),
    // Two demands that no one value meets.
    (
      "{a: {user.name: dana}, b: {user.name: lee}, condition: a and b}",
      "{a: {user.name: dana}, b: {user.name: lee}, condition: a or b}"
    ),
    (
      "{a: {user.name: DANA}, b: {user.name|cased: Lee}, condition: a and b}",
      "{a: {user.name: DANA}, b: {user.name|cased: Dana}, condition: a and b}"
    ),
    (
      "{a: {user.name|startswith: a}, b: {user.name|re: x, user.name: [b, c]}, condition: all of them}",
      "{a: {user.name|startswith: a}, b: {user.name|re: x, user.name: [b, ac]}, condition: all of them}"
    ),
    (
      "{a: {n|gte: 10, n|lt: 10}, condition: a}", "{a: {n|gte: 10, n|lte: 10}, condition: a}"
    ),
    ("{a: {n|gt: 10, n: 10}, condition: a}", "{a: {n|gt: 9, n: 10}, condition: a}"),
    (
      "{a: {n: null}, b: {n: 1}, condition: a and b}",
      "{a: {n: null}, b: {n: 1}, condition: a or b}"
    ),
    // A list may hold both.
    (
      "{a: {one: x}, b: {one: y}, condition: a and b}",
      "{a: {many: x}, b: {many: y}, condition: a and b}"
    ),
    // A field that nothing fills, a value that it never has.
    ("{a: {hollow: x}, condition: a}", "{a: {hollow: x}, b: {full: x}, condition: a or b}"),
    ("{a: {hollow|exists: true}, condition: a}", "{a: {hollow: null}, condition: a}"),
    (
      "{a: {event.outcome: succes}, condition: a}", "{a: {event.outcome: succes*}, condition: a}"
    ),
    // Each way through the condition is closed.
    (
      "{a: [{user.name: x}, {user.name: y}], f1: {user.name: x*}, f2: {user.name: y}, condition: a and not 1 of f*}",
      "{a: [{user.name: x}, {user.name: z}], f1: {user.name: x*}, f2: {user.name: y}, condition: a and not 1 of f*}"
    ),
    (
      "{a: {user.name: x}, b: {user.id: 1}, condition: a and not (a or b)}",
      "{a: {user.name: x}, b: {user.id: 1}, condition: a and not (a and b)}"
    ),
  ]) func `what can not be is told, and its neighbour is not`(_ never: String, _ may: String)
    throws
  {
    let reason = try reason(never)
    #expect(reason?.isEmpty == false, "\(never)")
    let other = try self.reason(may)
    #expect(other == nil, "\(may): \(other ?? "")")
  }

  @Test func `the log source counts, too`() throws {
    let never = "{a: {event.category: authentication}, condition: a}"
    #expect(
      try reason(never, category: "webserver")
        == "event.category can not be `http` and `authentication` at once")
    #expect(try reason(never) == nil)
  }

  @Test func `a placeholder without values may have some elsewhere`() throws {
    let (rules, _, table) = try load(
      rule("{a: {user.name|expand: '%people%'}, condition: a}"), placeholders: ["people": []])
    var sense = sense(table)
    #expect(sense.contradiction(rules.rules[0]) == nil)
  }

  /// Random rules over few values, against every event that there is of those.
  @Test func `no rule that is called impossible matches anything`() throws {
    var generator = SeededGenerator(seed: 20_261_127)
    let values = ["a", "ab", "abc", "b", "A", "1", "7", "10.1.2.3", ""]
    let fields = ["one", "two"]
    func question() -> String {
      let field = fields.randomElement(using: &generator) ?? ""
      func pick() -> String {
        ["a", "ab", "b", "c", "1", "10.1.2.3"].randomElement(using: &generator) ?? ""
      }
      switch Int.random(in: 0..<11, using: &generator) {
      case 0, 1: return "\(field): '\(pick())'"
      case 2: return "\(field): ['\(pick())', '\(pick())']"
      case 3: return "\(field)|startswith: '\(pick())'"
      case 4: return "\(field)|endswith: '\(pick())'"
      case 5: return "\(field)|contains: '\(pick())'"
      case 6: return "\(field)|cased: '\(pick())'"
      case 7: return "\(field): null"
      case 8: return "\(field)|exists: \(Bool.random(using: &generator))"
      case 9:
        return
          "\(field)|\(["gt", "gte", "lt", "lte"].randomElement(using: &generator) ?? ""): \(Int.random(in: 0...8, using: &generator))"
      default:
        return
          "\(field)|cidr: \(["10.0.0.0/8", "10.1.0.0/16", "10.2.0.0/16"].randomElement(using: &generator) ?? "")"
      }
    }
    let conditions = [
      "a and not b", "a and b", "a and not (b or c)", "(a or b) and not c", "not a and not b",
      "a and b and not c", "not 1 of them", "all of them", "a and (not b or not c) and b",
    ]
    var (impossible, truly) = (0, 0)
    for _ in 0..<3000 {
      let text = rule(
        "{a: {\(question())}, b: {\(question())}, c: {\(question())}, "
          + "condition: \(conditions.randomElement(using: &generator) ?? "a")}")
      var (rules, problems, table) = try load(text)
      guard problems.isEmpty, let one = table.intern("one"), let two = table.intern("two") else {
        Issue.record("\(text): \(problems)")
        return
      }
      var sense = sense(table)
      let reason = sense.contradiction(rules.rules[0])
      var isHit = false
      let evaluator = Evaluator(rules)
      let event = Event()
      let samples = values.map { Sample.text($0) } + [.integer(1), .integer(7), .null]
      for first in samples.map(Optional.some) + [nil] {
        for second in samples.map(Optional.some) + [nil] {
          fill(
            event, line: "",
            [(one, first), (two, second)].compactMap { field, sample in
              sample.map { (field, $0) }
            })
          evaluator.evaluate(event) { _ in isHit = true }
        }
      }
      if !isHit { truly += 1 }
      if let reason {
        impossible += 1
        #expect(!isHit, "\(text)\n\(reason)")
      }
    }
    // It finds most of what there is; the rest needs values that were not tried.
    #expect(impossible > 300 && impossible <= truly, "\(impossible) of \(truly)")
  }
}
