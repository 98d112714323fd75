import Documents
import Testing

/// JSON read as the nodes that YAML gives.
@Suite struct JSONDocumentTests {
  private func root(_ text: String) throws -> Node {
    try Document(file: "a.json", json: text).roots[0]
  }

  @Test func `a value knows where it stands, in characters`() throws {
    let root = try root("{\"é\": 1,\n \"b\": [true, null, {\"c\": \"x\"}]}")
    #expect(root["é"]?.text == "1")
    #expect(root["é"].map { [$0.line, $0.column] } == [1, 7])
    let list = try #require(root["b"]?.list)
    #expect(list[0].text == "true" && list[1].isNull && list[2]["c"]?.text == "x")
    #expect([list[2].line, list[2].column] == [2, 20])
  }

  @Test(arguments: [
    (#""a\n\t\"\\\/b""#, "a\n\t\"\\/b"), (#""\u00e9""#, "é"), (#""\ud83d\ude00""#, "😀"),
    (#""\ud83d x""#, "\u{FFFD} x"), (#""\ud83d""#, "\u{FFFD}"), ("-0.5e+10", "-0.5e+10"),
    ("0", "0"),
    (#""""#, ""),
  ])
  func `texts and numbers are what was meant`(_ text: String, _ value: String) throws {
    #expect(try root(text).text == value)
  }

  @Test func `of a key that stands twice the last counts`() throws {
    #expect(try root(#"{"a":1,"a":2}"#)["a"]?.text == "2")
  }

  @Test(arguments: [
    ("", 1, 1), ("{", 1, 2), ("[1,]", 1, 4), ("{\"a\" 1}", 1, 6), ("[1 2]", 1, 4), ("01", 1, 1),
    ("1 2", 1, 3), ("\n\n  nul", 3, 3), ("\"a\nb\"", 1, 3), (#""\x""#, 1, 2), (#""\u12""#, 1, 2),
    ("\"a", 1, 3), ("{a:1}", 1, 2), ("[1.]", 1, 2), ("{\"a\":1,}", 1, 8), ("'a'", 1, 1),
  ])
  func `the first mistake is named with its place`(_ text: String, _ line: Int, _ column: Int)
    throws
  {
    let problem = try #require(throws: Problem.self) { try root(text) }
    #expect([problem.line, problem.column] == [line, column], "\(problem)")
    #expect(problem.message.hasPrefix("not JSON"))
  }

  @Test func `too many levels are refused, not followed`() throws {
    let deep = String(repeating: "[", count: 100_000)
    #expect(try #require(throws: Problem.self) { try root(deep) }.message.contains("levels"))
    let fine = String(repeating: "[", count: 60) + String(repeating: "]", count: 60)
    #expect(try root(fine).list != nil)
  }
}
