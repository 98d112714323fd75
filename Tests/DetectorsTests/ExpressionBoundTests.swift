import Bytes
import Detectors
import Documents
import Events
import Testing

/// What is known of an expression before all fields are there.
@Suite struct ExpressionBoundTests {
  @Test
  func `a weakened expression holds wherever the whole one does, and asks for nothing unknown`()
    throws
  {
    let seed = UInt64.random(in: 0..<1_000_000)
    let rules = try OracleTests.book(stride(from: 0, to: 3000, by: 23))
    var maker = EventMaker(seed: seed)
    let event = Event()
    var (held, ruledOut) = (0, 0)
    for rule in rules.rules {
      let fields = Array(rule.fields).sorted { $0.index < $1.index }
      for _ in 0..<4 {
        let unknown = Set(fields.filter { _ in maker.random.next() % 2 == 0 })
        let weakened = rule.expression.weakened(unknown.contains)
        #expect(weakened.tests.allSatisfy { unknown.isDisjoint(with: $0.fields) })
        #expect(weakened.tests.allSatisfy { $0.field != nil })
        let pieces = maker.hit(rule.expression)
        for pieces in [pieces, maker.nearMiss(pieces)] {
          maker.fill(event, pieces)
          let naive = NaiveEvaluator(event)
          let (whole, part) = (naive.holds(rule.expression), naive.holds(weakened))
          #expect(!whole || part, "seed \(seed), \(rule.header.id) without \(unknown)")
          if whole { held += 1 }
          if !part { ruledOut += 1 }
          // Its ways together say what it says.
          #expect(
            rule.expression.ways.contains { naive.holds($0) } == whole,
            "seed \(seed), \(rule.header.id)")
        }
      }
    }
    #expect(held > 200 && ruledOut > 50, "\(held), \(ruledOut)")
  }

  @Test(
    arguments: [
      (
        "{a: {event.action: http.request, event.outcome: failure}, condition: a}",
        ["http.request failure"]
      ),
      (
        "{a: {event.action: http.request, event.outcome: failure}, b: {event.action: net.deny}, condition: a or b}",
        ["http.request failure", "net.deny any"]
      ),
      (
        "{a: {event.action: [auth.login, auth.logout]}, b: {event.outcome: success}, condition: a and b}",
        ["auth.login,auth.logout success"]
      ),
      (
        "{a: {event.action: auth.login}, b: {user.name: x}, c: {user.name: y}, condition: a and (b or c)}",
        ["auth.login any", "auth.login any"]
      ),
      ("{a: {event.action: auth.login}, b: {user.name: x}, condition: a or b}", nil),
      ("{a: {event.action: auth.login}, condition: not a}", nil),
      ("{a: {event.action|startswith: auth}, condition: a}", nil),
    ] as [(String, [String]?)])
  func `a gate is made of each alternative's own actions and outcomes`(
    _ detection: String, _ wanted: [String]?
  ) throws {
    let (rules, problems, _) = try load(rule(detection, category: "access"))
    #expect(problems.isEmpty)
    func words(_ set: Set<[UInt8]>) -> String {
      set.map { String(decoding: $0, as: UTF8.self) }.sorted().joined(separator: ",")
    }
    let gate = rules.rules[0].gate?.map { way in
      words(way.actions) + " " + (way.outcomes.map(words) ?? "any")
    }
    #expect(gate.map { Set($0) } == wanted.map { Set($0) })
  }
}
