import Bytes
import Formats
import Testing

/// Values parted by commas, in quotes and not.
@Suite struct CommaValuesTests {
  /// The values as a program would have them, or the offset of what is wrong.
  private func read(_ text: String) -> (values: [String], failure: Int?) {
    let scratch = Scratch()
    var values = CommaValues(view(text))
    var found: [String] = []
    do {
      while let value = try values.next() { found.append(value.unescaped(scratch).string) }
    } catch {
      return (found, error.offset)
    }
    return (found, nil)
  }

  @Test(
    arguments: [
      ("", [""]), ("a", ["a"]), ("a,b", ["a", "b"]), ("a,", ["a", ""]), (",", ["", ""]),
      ("\"a,b\",c", ["a,b", "c"]), ("\"\",\"\"", ["", ""]), (#""a ""b"" c""#, [#"a "b" c"#]),
      (#""""""#, [#"""#]), ("\"a\nb\",c", ["a\nb", "c"]), ("\"a\",", ["a", ""]),
      ("é,\"é\"", ["é", "é"]),
      // Cut within quotes: what is there counts.
      ("a,\"b", ["a", "b"]), ("\"", [""]), (#""a"""#, [#"a""#]),
    ] as [(String, [String])])
  func `values are what a writer put in`(_ text: String, _ values: [String]) {
    let found = read(text)
    #expect(found.values == values && found.failure == nil, "\(found)")
  }

  @Test(arguments: [
    ("a\"b", 1), ("a,\"b\"c", 5), ("\"a\" ,b", 3), ("a,b\"", 3), ("\"\"a", 2),
  ])
  func `a quote in the wrong place is named, and ends the walk`(_ text: String, _ offset: Int) {
    #expect(read(text).failure == offset)
  }

  @Test func `whatever is written is read back, whatever stands in it`() {
    let pieces = ["", "a", "\"", ",", "\n", "\"\"", ",\"", "\",", "é"]
    for first in pieces {
      for second in pieces {
        for third in pieces {
          let values = [first + second, third, second + third + first]
          let text = values.map { "\"" + $0.replacing("\"", with: "\"\"") + "\"" }
            .joined(separator: ",")
          #expect(read(text).values == values, "\(text)")
        }
      }
    }
  }
}
