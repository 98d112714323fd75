import Alerts
import Testing

@Suite struct TerminalTextTests {
  @Test(arguments: [
    ("", ""), ("plain é 日本", "plain é 日本"), ("a\nb\r\tc", #"a\nb\r\tc"#),
    ("\u{1b}[31mred\u{7}\u{0}", #"\x1b[31mred\x07\x00"#), ("\u{7f}\u{9b}2J", #"\x7f\u{9b}2J"#),
    ("\u{202e}gpj.exe", #"\u{202e}gpj.exe"#), ("a\u{200b}b\u{feff}", #"a\u{200b}b\u{feff}"#),
    ("\u{2028}\u{2066}\u{e0041}", #"\u{2028}\u{2066}\u{e0041}"#), (#"back\slash"#, #"back\slash"#),
    ("e\u{301}\u{301}\u{301}\u{301}", "e\u{301}\u{301}\u{301}" + #"\u{301}"#),
  ])
  func `what acts or hides is written out, the rest stays`(_ text: String, _ expected: String) {
    #expect(TerminalText.clean(text).unicodeScalars.elementsEqual(expected.unicodeScalars))
  }

  @Test(arguments: [
    ("", 0), ("abc", 3), ("日本", 4), ("e\u{301}", 1), ("한국", 4), ("ｆ", 2), ("🧑", 2), ("·…─", 3),
  ])
  func `a width counts cells`(_ text: String, _ cells: Int) {
    #expect(TerminalText.width(text) == cells)
  }

  @Test(arguments: [
    ("abcdef", 6, "abcdef"), ("abcdef", 5, "abcd…"), ("日本語", 5, "日本…"), ("日本語", 4, "日…"),
    ("ab", 1, "…"), ("ab", 0, ""), ("日", 1, "…"),
  ])
  func `a cut fits and shows that it is one`(_ text: String, _ width: Int, _ expected: String) {
    #expect(TerminalText.cut(text, to: width) == expected)
  }

  @Test(arguments: [
    ("", 5, 9, []), ("one two", 7, 9, ["one two"]), ("one two", 6, 9, ["one", "two"]),
    ("one two", 3, 9, ["one", "two"]), ("abcdefgh", 3, 9, ["abc", "def", "gh"]),
    ("a  b", 2, 9, ["a", "b"]), ("one two three", 5, 2, ["one", "two …"]),
    ("日本語", 3, 9, ["日", "本", "語"]),
  ])
  func `lines break between words and within the width`(
    _ text: String, _ width: Int, _ linesMax: Int, _ expected: [String]
  ) {
    #expect(TerminalText.wrap(text, to: width, linesMax: linesMax) == expected)
  }

  /// Plain text is treated without a look at its scalars; one letter that is not plain has them looked at.
  @Test func `plain text is treated as any other`() {
    var random = SystemRandomNumberGenerator()
    let letters: [Unicode.Scalar] = [" ", "a", "~", "%", "\u{7f}", "\n", "é", "\u{301}", "日"]
    for _ in 0..<3000 {
      let known = Int.random(in: 3...letters.count, using: &random)
      var text = ""
      for _ in 0..<Int.random(in: 0...12, using: &random) {
        text.unicodeScalars.append(letters[Int.random(in: 0..<known, using: &random)])
      }
      let limit = Int.random(in: 0...14, using: &random)
      let clean = TerminalText.clean(text, limit: limit)
      #expect(
        "é" + clean == TerminalText.clean("é" + text, limit: limit + 1), "\(text.debugDescription)")
      #expect(TerminalText.width(clean) + 1 == TerminalText.width("é" + clean))
      // A mark at the beginning would belong to the letter before it.
      guard limit > 0, clean.unicodeScalars.first != "\u{301}" else { continue }
      let (cut, other) = (
        TerminalText.cut(clean, to: limit), TerminalText.cut("é" + clean, to: limit + 1)
      )
      #expect("é" + cut == other, "\(clean.debugDescription) to \(limit)")
    }
  }
}
