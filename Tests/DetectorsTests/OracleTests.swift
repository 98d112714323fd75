import Bytes
import Detectors
import Documents
import Events
import Testing

/// The evaluator that users have, beside the naive one: the same matches of every rule.
@Suite struct OracleTests {
  /// Compares the two on events made for each rule; returns how many of those events a rule did match.
  static func compare(_ rules: RuleSet, _ seed: UInt64, rounds: Int) -> (hits: Int, rules: Int) {
    var maker = EventMaker(seed: seed)
    let evaluator = Evaluator(rules)
    let event = Event()
    var (hits, met): (Int, Set<Int>) = (0, [])
    for index in rules.rules.indices {
      let rule = rules.rules[index]
      guard rule.isStateless, rule.notReadable == nil else { continue }
      for _ in 0..<rounds {
        let pieces = maker.hit(rule.expression)
        for (kind, pieces) in [("hit", pieces), ("near miss", maker.nearMiss(pieces))] {
          maker.fill(event, pieces)
          var found: [Int] = []
          evaluator.evaluate(event) { found.append($0) }
          let wanted = NaiveEvaluator(event).hits(rules)
          guard found == wanted else {
            let names = Set(found).symmetricDifference(wanted).sorted().map {
              "\(rules.rules[$0].header.id) \(rules.rules[$0].expression)"
            }
            var fields: [String] = []
            event.forEach { fields.append("\($0.index): \($1)") }
            Issue.record(
              """
              seed \(seed), a \(kind) of \(rule.header.id): found \(found), not \(wanted); \(names)
              line \(event.line.string), \(fields)
              """)
            return (hits, met.count)
          }
          #expect(evaluator.matches(event) == !wanted.isEmpty, "seed \(seed)")
          if wanted.contains(index) { (hits, _) = (hits + 1, met.insert(index)) }
        }
      }
    }
    return (hits, met.count)
  }

  static func book(_ numbers: some Sequence<Int>) throws -> RuleSet {
    var fields = FieldTable()
    let documents = try numbers.map {
      try Document(file: "\($0).yml", text: RuleBook.rule($0).text)
    }
    let (rules, problems) = RuleSet.load(
      documents: documents, fields: &fields, placeholders: { _ in nil }, policy: { _ in nil })
    #expect(problems.isEmpty, "\(problems)")
    return rules
  }

  @Test func `rules like those that people collect match what the naive evaluator says`() throws {
    let seed = UInt64.random(in: 0..<1_000_000)
    let rules = try OracleTests.book(Array(0..<120) + stride(from: 121, to: 3000, by: 71))
    let (_, met) = OracleTests.compare(rules, seed, rounds: 2)
    // A filter or a number may keep an event from being a hit; most are.
    #expect(met > rules.rules.count * 9 / 10, "seed \(seed): \(met) of \(rules.rules.count)")
  }

  @Test func `public rules match what the naive evaluator says`() throws {
    let (rules, _) = try CorpusTests.rules()
    guard !rules.rules.isEmpty else { return }
    let seed = UInt64.random(in: 0..<1_000_000)
    let readable = rules.rules.count { $0.notReadable == nil && $0.isStateless }
    let (hits, met) = OracleTests.compare(rules, seed, rounds: 3)
    print("oracle: \(readable) public rules, \(met) of them met, \(hits) hits, seed \(seed)")
    #expect(met > readable * 9 / 10, "seed \(seed): \(met) of \(readable)")
  }

  @Test func `a text is found wherever it stands, in any case, and nowhere else`() throws {
    // Each length has its own way of being looked for; neighbours of one byte more or less are near.
    let texts = ["ab", "abc", "abcd", "abcde", "abcdef", "abcdefg", "abcdefgh", "zyxwvutsrqponmlk"]
    let rules = texts.enumerated().map { number, text in
      "title: r\(number)\nlogsource: {category: access}\n"
        + "detection: {s: {own.field|contains: \(text)}, condition: s}\n"
    }.joined(separator: "---\n")
    let (set, problems, table) = try load(rules)
    #expect(problems.isEmpty)
    let field = try #require(table["own.field"])
    let evaluator = Evaluator(set)
    let event = Event()
    for text in texts {
      for length in 0...text.count {
        for shift in 0..<9 {
          let value = String(repeating: "-", count: shift) + text.uppercased().prefix(length)
          for isInLine in [true, false] {
            event.reset(line: .empty)
            let whole = event.scratch.copy("head \(value) tail")
            event.line = isInLine ? whole : event.scratch.copy("abcdefghi")
            event.set(
              field, isInLine ? whole.slice(5, 5 + value.utf8.count) : event.scratch.copy(value))
            var found: [Int] = []
            evaluator.evaluate(event) { found.append($0) }
            #expect(found == NaiveEvaluator(event).hits(set), "\(value), \(isInLine)")
          }
        }
      }
    }
  }

  @Test func `keywords do not look at what the registers say`() throws {
    let (set, _, _) = try load(rule("{words: [contractor, dana], condition: words}"))
    let evaluator = Evaluator(set)
    let event = Event()
    fill(event, line: "somebody", [(.personKind, .text("contractor")), (.personID, .text("dana"))])
    #expect(!evaluator.matches(event))
    fill(event, line: "somebody", [(.userName, .text("dana"))])
    #expect(evaluator.matches(event))
    fill(event, line: "a Contractor", [])
    #expect(evaluator.matches(event))
  }
}

/// What the index spares.
@Suite struct RuleIndexTests {
  @Test func `an ordinary event wakes few rules, however many there are`() throws {
    let rules = try OracleTests.book(0..<400)
    let evaluator = Evaluator(rules)
    let event = Event()
    let agent = "Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0"
    for number in 0..<100 {
      event.reset(line: .empty)
      event.line = event.scratch.copy(
        "GET /products/\(number)?action=exec(curl -s) POST \(agent) select ../ sqlmap segfault at")
      event.set(.eventCategory, "http")
      event.set(.requestMethod, "POST")
      event.set(.statusCode, .integer(200))
      event.set(.urlPath, event.scratch.copy("/wp-content/plugins/\(number).php"))
      event.set(.urlQuery, event.scratch.copy("action=exec(curl -s)&x=\(number)"))
      event.set(.userAgent, event.scratch.copy(agent))
      #expect(!evaluator.matches(event))
    }
    #expect(evaluator.runCount < 100, "\(evaluator.runCount) of \(100 * rules.rules.count)")
  }

  @Test(arguments: [
    ("{s: {user.name|contains: needle}, condition: s}", 1),
    ("{s: {user.name|re: 'nee[d]le[0-9]+'}, condition: s}", 1),
    ("{s: {user.name: [pin, a needle8c]}, condition: s}", 1),
    ("{s: {user.name: 'a*needle?c'}, condition: s}", 1),
    ("{s: [needle], condition: s}", 1),
    ("{s: {user.name|gte: 7}, condition: s}", 1),
    ("{s: {user.name: null}, condition: s}", 100),
    ("{s: {user.name|contains: needle}, condition: not s}", 100),
  ])
  func `a rule is run only where it may match`(_ detection: String, _ most: UInt64) throws {
    let (rules, problems, _) = try load(rule(detection))
    #expect(problems.isEmpty)
    let evaluator = Evaluator(rules)
    let event = Event()
    for number in 0..<100 {
      let fields: [(Field, Sample)] = number == 7 ? [(.userName, .text("a needle8c"))] : []
      fill(event, line: number == 7 ? "" : "haystack \(number)", fields)
      _ = evaluator.matches(event)
    }
    #expect(evaluator.runCount <= most && evaluator.runCount * 200 >= most)
  }
}
