import Bytes
import Detectors
import Documents
import Events
import Testing

/// The rules' meaning, written plainly: a walk over the tree with copies of everything.
private struct PlainEvaluator {
  let line: String
  let fields: [Field: Sample]
  /// What each JSON array of the test holds.
  let elements: [String: [Sample]]

  func holds(_ expression: Expression) -> Bool {
    switch expression {
    case .all(let parts): return parts.allSatisfy(holds)
    case .any(let parts): return parts.contains(where: holds)
    case .not(let part): return !holds(part)
    case .test(let test):
      guard let field = test.field else {
        return ([.text(line)] + fields.values).contains { answers(test.matcher, $0) }
      }
      switch test.matcher {
      case .exists: return fields[field] != nil
      case .null: return fields[field] == nil || fields[field] == .null
      case .field(let other, let relation, _):
        return pairs(fields[field], fields[other]).contains { relates(relation, $0, $1) }
      default: return fields[field].map { answers(test.matcher, $0) } ?? false
      }
    }
  }

  private func answers(_ matcher: Matcher, _ sample: Sample) -> Bool {
    switch sample {
    case .null: return false
    case .text(let text): return answers(matcher, text)
    case .bool(let value): return answers(matcher, value ? "true" : "false")
    case .integer(let value): return answers(matcher, "\(value)", Double(value))
    case .number(let text): return answers(matcher, text, Double(text))
    case .json(let text):
      guard let elements = elements[text] else { return answers(matcher, text) }
      return elements.contains { answers(matcher, $0) }
    }
  }

  private func answers(_ matcher: Matcher, _ text: String, _ number: Double? = nil) -> Bool {
    switch matcher {
    case .null, .exists, .field, .time, .member: return false
    case .compare(let comparison, let bound):
      return (number ?? Double(text)).map { comparison.holds($0, bound) } ?? false
    case .expression(let expression): return expression.finds(in: text)
    case .network(let block): return contains(block, text)
    case .text(let pattern, let isCased, let wanted):
      if let number {
        if wanted == number { return true }
        // A text that is a number's only spelling equals the number however that is written.
        if wanted == nil, let literal = pattern.literal, literal.count < 16 {
          let spelling = String(decoding: literal, as: UTF8.self)
          if let whole = Int64(spelling), "\(whole)" == spelling, Double(whole) == number {
            return true
          }
        }
      }
      return isMatch(pattern.tokens[...], Array(text.utf8)[...], isCased)
    }
  }

  /// Every element of one value beside every element of another.
  private func pairs(_ left: Sample?, _ right: Sample?) -> [(Sample, Sample)] {
    func all(_ sample: Sample?) -> [Sample] {
      guard let sample, sample != .null else { return [] }
      guard case .json(let text) = sample, let parts = elements[text] else { return [sample] }
      return parts.flatMap { all($0) }
    }
    return all(left).flatMap { left in all(right).map { (left, $0) } }
  }

  private func relates(_ relation: FieldRelation, _ left: Sample, _ right: Sample) -> Bool {
    func text(_ sample: Sample) -> String {
      if case .text(let text) = sample { return text.lowercased() }
      return sample.description
    }
    func number(_ sample: Sample) -> Double? {
      switch sample {
      case .integer(let value): Double(value)
      case .number(let text): Double(text)
      default: nil
      }
    }
    let (one, other) = (text(left), text(right))
    switch relation {
    case .equal:
      if let left = number(left), let right = number(right) { return left == right }
      return one == other
    case .begins: return one.hasPrefix(other)
    case .ends: return one.hasSuffix(other)
    case .contains: return other.isEmpty || one.contains(other)
    }
  }

  private func contains(_ block: Network, _ text: String) -> Bool {
    text.withView { Address($0) }.map(block.contains) ?? false
  }

  private func isMatch(
    _ pattern: ArraySlice<SigmaText.Token>, _ text: ArraySlice<UInt8>, _ isCased: Bool
  ) -> Bool {
    switch pattern.first {
    case nil: return text.isEmpty
    case .anyRun:
      return isMatch(pattern.dropFirst(), text, isCased)
        || (!text.isEmpty && isMatch(pattern, text.dropFirst(), isCased))
    case .anyOne:
      return !text.isEmpty && isMatch(pattern.dropFirst(), text.dropFirst(), isCased)
    case .byte(let byte):
      guard let first = text.first else { return false }
      let isSame = isCased ? first == byte : first.asciiLowered == byte.asciiLowered
      return isSame && isMatch(pattern.dropFirst(), text.dropFirst(), isCased)
    }
  }
}

/// Rules and events made at random from few names, so that they often meet.
private struct Maker {
  var random: SeededGenerator
  static let fields = [
    "event.action", "event.category", "user.name", "http.response.status_code", "own.field",
    "source.ip",
  ]
  static let texts = [
    "auth.login", "auth.logout", "http", "Kim", "kim", "dana", "ab", "abc", "bca", "200", "404",
    "4.5", "192.0.2.7", "10.0.0.1", "", "a", "xabcx",
  ]

  init(seed: UInt64) { random = SeededGenerator(seed: seed) }

  mutating func pick<Element>(_ elements: [Element]) -> Element {
    elements[Int.random(in: elements.indices, using: &random)]
  }

  mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }

  mutating func item() -> String {
    let field = pick(Maker.fields)
    func quoted(_ text: String) -> String { "'\(text)'" }
    switch Int.random(in: 0..<16, using: &random) {
    case 14:
      let relation = pick(["", "|contains", "|startswith", "|endswith", "|neq"])
      return "\(field)|fieldref\(relation): \(pick(Maker.fields))"
    case 15:
      return "\(field)|\(pick(["windash|contains", "base64offset|contains", "base64"])): ' -a'"
    case 0: return "\(field): null"
    case 1: return "\(field)|exists: \(chance(50))"
    case 2: return "\(field)|cidr: [192.0.2.0/24, 10.0.0.0/8]"
    case 3: return "\(field)|\(pick(["gt", "gte", "lt", "lte"])): \(pick(["200", "4.5", "300"]))"
    case 4: return "\(field)|re: \(quoted(pick(["^a", "[bc]{2}", #"\d+"#, "login$", "k.m"])))"
    case 5: return "\(field): \(pick(["200", "404", "4.5", "404.0"]))"
    case 6:
      let modifier = pick(["contains", "startswith", "endswith", "contains|cased", "neq"])
      return "\(field)|\(modifier): \(quoted(pick(Maker.texts)))"
    case 7:
      let texts = (0..<4).map { _ in quoted(pick(["a", "b", "log", "im", "bc", "40", "x*c"])) }
      let modifier = pick(["contains", "contains|all", "startswith", "contains|neq"])
      return "\(field)|\(modifier): [\(texts.joined(separator: ", "))]"
    case 8: return "\(field): \(quoted(pick(["a*", "*b*", "?im", "a*c", "*", "*b?a", "4*"])))"
    case 9:
      let texts = (0..<6).map { _ in quoted(pick(Maker.texts)) }
      return "\(field)\(pick(["", "", "|cased", "|neq"])): [\(texts.joined(separator: ", "))]"
    default: return "\(field): \(quoted(pick(Maker.texts)))"
    }
  }

  mutating func selection() -> String {
    if chance(10) { return "[login, kim]" }
    func map(_ maker: inout Maker) -> String {
      var keys: Set<String> = []
      var items: [String] = []
      for _ in 0..<Int.random(in: 1...3, using: &maker.random) {
        let item = maker.item()
        guard keys.insert(String(item.prefix { $0 != ":" })).inserted else { continue }
        items.append(item)
      }
      return "{\(items.joined(separator: ", "))}"
    }
    return chance(20) ? "[\(map(&self)), \(map(&self))]" : map(&self)
  }

  mutating func rule(_ index: Int) -> String {
    let condition = pick([
      "a", "a", "a and b", "a or b", "a and not b", "not a", "1 of them", "all of them",
      "not (a or b) and c", "(a or b) and not c",
    ])
    return """
      title: r\(index)
      logsource: {category: \(pick(["access", "access", "http", "authentication"]))}
      detection:
        a: \(selection())
        b: \(selection())
        c: \(selection())
        condition: \(condition)

      """
  }

  mutating func sample(_ elements: inout [String: [Sample]]) -> Sample {
    switch Int.random(in: 0..<12, using: &random) {
    case 0: return .null
    case 1: return .integer(pick([200, 404, -4, 0]))
    case 2: return .number(pick(["4.5", "404.0", "200.5"]))
    case 3: return .bool(chance(50))
    case 4:
      let parts: [Sample] = (0..<Int.random(in: 0..<3, using: &random)).map { _ in
        chance(50) ? .text(pick(Maker.texts)) : .integer(404)
      }
      let json = Sample.json("[\(parts.map(\.description).joined(separator: ", "))]")
      elements[json.description] = parts
      return json
    default: return .text(pick(Maker.texts))
    }
  }
}

@Suite struct EvaluatorTests {
  @Test func `filing and jumping change nothing about what a rule means`() throws {
    let seed = UInt64.random(in: 0..<1_000_000)
    var maker = Maker(seed: seed)
    let event = Event()
    var hitCount = 0
    for _ in 0..<25 {
      let count = maker.pick([3, 40, 80])
      let text = (0..<count).map { maker.rule($0) }.joined(separator: "---\n")
      let (rules, problems, table) = try load(text)
      #expect(problems.isEmpty, "seed \(seed): \(problems.first?.description ?? "")")
      let evaluator = Evaluator(rules)
      for _ in 0..<60 {
        var elements: [String: [Sample]] = [:]
        var fields: [Field: Sample] = [:]
        for name in Maker.fields where maker.chance(70) {
          guard let field = table[name] else { continue }
          fields[field] = maker.sample(&elements)
        }
        let line = maker.pick(["", "a login", "KIM was here"])
        fill(event, line: line, fields.map { ($0.key, $0.value) })
        var found: [Int] = []
        evaluator.evaluate(event) { found.append($0) }
        let plain = PlainEvaluator(line: line, fields: fields, elements: elements)
        let wanted = rules.rules.indices.filter { plain.holds(rules.rules[$0].expression) }
        hitCount += wanted.count
        if found != wanted {
          let index = Set(found).symmetricDifference(wanted).min() ?? 0
          #expect(found == wanted, "seed \(seed)")
          Issue.record("seed \(seed): rule \(rules.rules[index].expression) on \(fields)")
          return
        }
      }
    }
    #expect(hitCount > 1000)
  }

  @Test func `a rule of a large set is found by its bit`() throws {
    let text = (0..<200).map {
      rule("{s: {event.action: act\($0)}, condition: s}") + "\n"
    }.joined(separator: "---\n").split(separator: "title: t").enumerated()
      .map { "title: t\($0)" + $1 }.joined()
    for number in [0, 63, 64, 127, 199] {
      #expect(try hits(text, ["event.action": .text("ACT\(number)")]) == [number])
    }
    #expect(try hits(text, ["event.action": .text("act200")]).isEmpty)
  }

  @Test func `a list of thousands of names is one look-up`() throws {
    let names = (0..<20_000).map { "user\($0)" }
    let detection = "{s: {user.name|expand: '%names%'}, condition: s}"
    #expect(
      try matches(detection, placeholders: ["names": names], ["user.name": .text("USER19999")]))
    #expect(
      try !matches(detection, placeholders: ["names": names], ["user.name": .text("user20000")]))
  }
}
