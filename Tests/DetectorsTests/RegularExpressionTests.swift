import Detectors
import Testing

@Suite struct RegularExpressionTests {
  @Test(arguments: [
    ("", "", true), ("", "a", true), ("abc", "xabcx", true), ("abc", "abxc", false),
    ("^a", "ba", false), ("^a", "ab", true), ("a$", "ab", false), ("a$", "ba", true),
    ("a$", "a\n", true), (#"a\z"#, "a\n", false), ("a|b", "xb", true), ("a|b", "c", false),
    ("(ab)+c", "ababc", true), ("(ab)+c", "ac", false), ("a?b", "b", true), ("a*", "", true),
    ("a.c", "abc", true), ("a.c", "a\nc", false), ("a{2}", "aa", true), ("^a{2}$", "a", false),
    ("^a{2,}$", "aaaa", true), ("^a{2,3}$", "aaaa", false), ("a{x}", "a{x}", true),
    ("^a{0}$", "", true), ("a+?b", "aab", true), ("[abc]", "xb", true), ("[^abc]", "abc", false),
    ("[a-f]+", "xyz", false), ("[]x]", "]", true), ("[^]x]", "]", false), ("[a-]", "-", true),
    ("[[:digit:]]", "a1", true), ("[[:^digit:]]", "11", false), (#"[\d.]+"#, ".", true),
    (#"\d\d"#, "a12", true), (#"\D"#, "12", false), (#"\w+"#, "_", true), (#"\W"#, "az", false),
    (#"\s"#, "a b", true), (#"\S"#, " \t", false), (#"\bkim\b"#, "a kim b", true),
    (#"\bkim\b"#, "akim", false), (#"\Bim"#, "kim", true), (#"\Bkim"#, "kim", false),
    (#"\bx"#, "x", true), ("(?i)KIM", "kim", true), ("a(?i)b", "aB", true),
    ("a(?i:b)c", "aBC", false),
    ("(?:ab|cd)e", "cde", true), ("(?<n>a)b", "ab", true), ("(?P<n>a)b", "ab", true),
    (#"\x41"#, "A", true), (#"\x{e9}"#, "é", true), ("é+", "éé", true), ("^é{2}$", "éé", true),
    ("[é]", "caf\u{e9}", true), ("(?i)[a-c]X", "Bx", true), (#"\Qa.b\E+"#, "a.b", true),
    (#"\Qa.b\E"#, "axb", false), (#"\."#, "a", false), (#"\/"#, "/", true),
    ("(?#note)a", "a", true),
    ("(?m)^b$", "a\nb\nc", true), ("(?s)a.b", "a\nb", true), ("(a*)*b", "aab", true),
    ("(a|aa)+$", "aaa", true), ("()", "", true), ("a||b", "", true), ("x*y{1,2}z?", "y", true),
    (#"(\.|%2e){2}/"#, "..%2e/", true), (#"^\s*$"#, "  ", true),
  ])
  func `a search finds what PCRE finds`(_ pattern: String, _ text: String, _ isFound: Bool) throws {
    #expect(try RegularExpression(pattern).finds(in: text) == isFound)
  }

  @Test(arguments: [
    ("(?=a)", 0), ("a(?!b)", 1), ("(?<=a)b", 0), ("(?<!a)b", 0), (#"(a)\1"#, 3), ("(?>a)", 0),
    ("a++", 2), ("(a", 0), ("a)", 1), ("[a", 0), ("*a", 0), ("a|+b", 2), ("a{3,2}", 1),
    ("a{1001}", 1), (#"\p{L}"#, 0), (#"\"#, 0), ("[b-a]", 1), ("(?x)a", 2), ("[а-я]", 1),
    ("[[:nope:]]", 1), (#"\k<n>"#, 0), ("(?R)", 0), ("(*ACCEPT)", 0), ("((a{900}){900})", 0),
  ])
  func `what is unsupported is refused at its byte`(_ pattern: String, _ offset: Int) throws {
    let error = #expect(throws: RegularExpressionError.self) { try RegularExpression(pattern) }
    #expect(error?.offset == offset)
  }

  @Test(arguments: [
    ("(a*)*b", "a"), ("(a|a)*b", "a"), ("(a|aa)+$", "a"), ("(x+x+)+y", "x"),
    ("a.{0,200}b.{0,200}c", "ab"), ("(.*)(.*)(.*)(.*)[^a]z", "a"), ("[ab]*a[ab]{60}z", "ab"),
  ])
  func `hostile patterns take linear time`(_ pattern: String, _ unit: String) throws {
    let expression = try RegularExpression(pattern)
    let text = String(repeating: unit, count: 20_000 / unit.utf8.count) + "!"
    let clock = ContinuousClock()
    var isFound = true
    let time = clock.measure { isFound = expression.finds(in: text) }
    #expect(!isFound)
    // Generous for a busy machine without optimisation; going back would take ages.
    #expect(time < .seconds(20))
  }

  /// A plain matcher that goes back: all ends of a match of `tree` that begins at `start`.
  private func ends(_ tree: RegularExpression.Tree, _ text: [UInt8], _ start: Int) -> Set<Int> {
    switch tree {
    case .set(let set):
      return start < text.count && set.contains(text[start]) ? [start + 1] : []
    case .sequence(let parts):
      return parts.reduce([start]) { starts, part in
        starts.reduce(into: []) { $0.formUnion(ends(part, text, $1)) }
      }
    case .alternatives(let parts):
      return parts.reduce(into: []) { $0.formUnion(ends($1, text, start)) }
    case .repetition(let part, let min, let max):
      var (all, front): (Set<Int>, Set<Int>) = (min == 0 ? [start] : [], [start])
      for count in 1...(max ?? text.count + min + 1) where count <= (max ?? Int.max) {
        front = front.reduce(into: []) { $0.formUnion(ends(part, text, $1)) }
        if count >= min { all.formUnion(front) }
      }
      return all
    case .assertion(let assertion):
      func isWord(_ place: Int) -> Bool {
        text.indices.contains(place) && (text[place] == 0x5f || text[place] >= 0x30)
      }
      let holds =
        switch assertion {
        case .textStart: start == 0
        case .textEnd: start == text.count
        case .lineStart: start == 0 || text[start - 1] == 0x0a
        case .lineEnd: start == text.count || text[start] == 0x0a
        case .wordBoundary: isWord(start - 1) != isWord(start)
        case .noWordBoundary: isWord(start - 1) == isWord(start)
        }
      return holds ? [start] : []
    }
  }

  @Test func `the automaton agrees with plain backtracking`() throws {
    let seed = UInt64.random(in: 0..<1_000_000)
    var random = SeededGenerator(seed: seed)
    let atoms = ["a", "b", ".", "[ab]", "[^a]", "^", "$", #"\b"#, #"\B"#, "(?:a|b)", "\n", " "]
    for _ in 0..<1500 {
      func piece(_ depth: Int) -> String {
        let atom =
          depth > 0 && Bool.random(using: &random)
          ? "(\(piece(depth - 1))|\(piece(depth - 1)))" : atoms.randomElement(using: &random) ?? "a"
        let isPlace = ["^", "$", #"\b"#, #"\B"#].contains(atom)
        let count =
          isPlace ? "" : ["", "", "*", "+?", "?", "{1,2}"].randomElement(using: &random) ?? ""
        return atom + count
          + (Int.random(in: 0..<3, using: &random) == 0 ? "" : depth > 0 ? piece(depth - 1) : "")
      }
      let pattern = piece(3)
      let expression = try RegularExpression(pattern, Bool.random(using: &random) ? .multiline : [])
      for _ in 0..<6 {
        let count = Int.random(in: 0..<7, using: &random)
        let text = (0..<count).map { _ in Array("aab \n").randomElement(using: &random) ?? "a" }
        let bytes = Array(String(text).utf8)
        let isFound = (0...bytes.count).contains { !ends(expression.tree, bytes, $0).isEmpty }
        #expect(
          expression.finds(in: String(text)) == isFound, "seed \(seed): \(pattern) in \(text)")
      }
    }
  }
}
