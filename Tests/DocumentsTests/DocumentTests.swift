import Documents
import Testing

@Suite struct DocumentTests {
  @Test func `a value knows where it stands`() throws {
    let document = try Document(file: "a.yaml", text: "one: 1\ntwo:\n  - x\n  - {three: ~}\n")
    let list = try #require(document.roots.first?["two"]?.list)
    #expect(list[0].text == "x")
    #expect((list[0].line, list[0].column) == (3, 5))
    #expect(list[1]["three"]?.isNull == true)
  }

  @Test func `an empty file has no values`() throws {
    let document = try Document(file: "a.yaml", text: "")
    #expect(!document.roots.contains { !$0.isNull })
  }

  @Test func `several documents are several roots`() throws {
    #expect(try Document(file: "a.yaml", text: "a: 1\n---\nb: 2\n").roots.count == 2)
  }

  @Test(arguments: [
    ("a: [1, 2", "a.yaml:2:"), ("a: 1\n b: 2\n", "a.yaml:2:"), ("a: 1\na: 2\n", "a.yaml:"),
    ("? [x]\n: 1\n", "a.yaml:1:"), ("a: 'x", "a.yaml:1:"), ("\t- a", "a.yaml:1:"),
  ])
  func `what is not YAML says where`(_ text: String, _ place: String) throws {
    let problem = try #require(throws: Problem.self) { try Document(file: "a.yaml", text: text) }
    #expect(problem.description.hasPrefix(place))
  }

  @Test func `deep nesting is refused, not followed`() throws {
    let text = String(repeating: "[", count: 200) + String(repeating: "]", count: 200)
    #expect(throws: Problem.self) { try Document(file: "a.yaml", text: text) }
    let allowed = String(repeating: "[", count: 50) + String(repeating: "]", count: 50)
    #expect(throws: Never.self) { try Document(file: "a.yaml", text: allowed) }
  }

  @Test func `an anchor that repeats itself does not fill the memory`() throws {
    var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    for level in 1...9 {
      let items = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
      text += "a\(level): &a\(level) [\(items)]\n"
    }
    #expect(throws: Problem.self) { try Document(file: "a.yaml", text: text) }
  }

  @Test func `an unknown key is told with the nearest right one`() throws {
    let document = try Document(file: "a.yaml", text: "nmae: x\nzzzzzz: y\n")
    let problems = document.unknownKeys(in: document.roots[0], known: ["name", "kind"])
    #expect(
      problems.map(\.description) == [
        "a.yaml:1:1: error: unknown key `nmae`; did you mean `name`?",
        "a.yaml:2:1: error: unknown key `zzzzzz`; known here: name, kind",
      ])
  }

  @Test(arguments: [
    "", "a: 1", "a: [1, 2, {b: c}]\n", "a: |\n  x\n  y\nb: >\n  z\n",
    "- 'q''r'\n- \"s\\n\"\n- ~\n- null\n", "a: &x {b: 1}\nc: *x\n", "a: 1\n---\nb: 2\n",
    "# only a comment\n", "a:\n  - b: c\n    d: e\n",
    "\"a b\": !!str 1\n", "a: 2026-11-03T09:00:00Z\n", "{\"json\": [true, null, 1.5e3]}",
    "a: ''\nb:\n",
    "é: ü\n", "a: |2\n   x\n",
  ])
  func `both ways of reading see the same`(_ text: String) throws {
    let plain = try Document(file: "a", text: text).roots
    let tree = try Document(file: "a", throughTree: text).roots
    #expect("\(plain)" == "\(tree)")
  }
}
