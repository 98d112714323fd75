import Bytes
import Detectors
import Documents
import Events
import Testing

/// A look at a line's bytes instead of its fields.
@Suite struct LineFilterTests {
  private func filter(
    _ text: String, _ knowledge: (inout LineKnowledge) -> Void = { _ in }
  ) throws -> LineFilter? {
    let (rules, problems, _) = try load(text)
    #expect(problems.isEmpty)
    var known = LineKnowledge()
    knowledge(&known)
    return LineFilter(rules, where: { _ in true }, knowing: known)
  }

  @Test(arguments: [
    "{s: {user.name|contains: intruder}, condition: s}",
    "{s: {user.name: INTRUDER}, condition: s}",
    "{s: {user.name|startswith: [intrud, visit]}, condition: s}",
    "{s: {user.name|re: '[a-z]*intru[a-z]{2,4}'}, condition: s}",
    "{s: [intruder], condition: s}",
    "{s: {user.name|endswith: ruder, http.response.status_code|gte: 400}, condition: s}",
    "{s: {user.name: intruder}, f: {source.ip|cidr: 10.0.0.0/8}, condition: s and not f}",
  ])
  func `a rule with words is ruled out by a line without them`(_ detection: String) throws {
    let filter = try #require(try filter(rule(detection)))
    #expect(filter.mayMatch(ByteView(#"{"user":"Intruder"}"#)))
    #expect(!filter.mayMatch(ByteView(#"{"user":"intr", "uder":""}"#)))
    // An escape may stand for anything.
    #expect(filter.mayMatch(ByteView(#"{"user":"\u0049ntruder"}"#)))
  }

  @Test(arguments: [
    "{s: {http.response.status_code|gte: 400}, condition: s}",
    "{s: {http.response.status_code: 40400}, condition: s}",
    "{s: {user.name: null}, condition: s}",
    "{s: {user.name: intruder}, condition: not s}",
    "{s: {user.name|contains: intruder}, t: {user.id|exists: true}, condition: s or t}",
    "{s: {user.name|contains: abc}, condition: s}",
    "{s: {source.ip: '2001:db8::7'}, condition: s}",
    "{s: ['2001:db8'], condition: s}",
    "{s: [requests], condition: s}",
  ])
  func `a rule without words, or with words that stand elsewhere, can not be ruled out`(
    _ detection: String
  ) throws {
    let found = try filter(rule(detection)) {
      $0.elsewhere = [.sourceIP]
      $0.texts = [Array("http.Requests".utf8)]
    }
    #expect(found == nil)
  }

  @Test func `a rule about another log does not count`() throws {
    let known = { (knowledge: inout LineKnowledge) in
      knowledge.constants = [
        .eventCategory: Array("http".utf8), .eventDataset: Array("nginx".utf8),
      ]
      knowledge.absent = [.processName]
    }
    let numeric = "{s: {http.response.status_code|gte: 400}, condition: s}"
    for source in [
      "product: linux", "product: aws, service: cloudtrail", "category: authentication",
    ] {
      let text = "title: t\nlogsource: {\(source)}\ndetection: \(numeric)\n"
      let filter = try #require(try filter(text, known), "\(source)")
      #expect(!filter.mayMatch(ByteView("{}")))
    }
    #expect(
      try filter("title: t\nlogsource: {category: webserver}\ndetection: \(numeric)\n", known)
        == nil)
    #expect(
      try filter("title: t\nlogsource: {product: nginx}\ndetection: \(numeric)\n", known) == nil)
  }
}
