import Bytes
import Formats
import Testing

@Suite struct KeyValuesTests {
  /// The pairs of a text, `key→value` each, escapes undone.
  private func pairs(_ text: String) -> [String] {
    var (pairs, result) = (KeyValues(view(text)), [String]())
    let scratch = Scratch()
    while let pair = pairs.next() {
      let value = pair.isQuoted ? KeyValues.unescaped(pair.value, scratch) : pair.value
      result.append("\(pair.key.string)→\(value.string)")
    }
    return result
  }

  @Test(arguments: [
    ("", []), ("a=1", ["a→1"]), ("a=1 b=2", ["a→1", "b→2"]), (" a=1  b=2 ", ["a→1", "b→2"]),
    // A value may be missing, and may hold what parts a key from its value.
    ("a= b=2", ["a→", "b→2"]), ("a=", ["a→"]), ("a==b", ["a→=b"]), ("url=/x?b=c", ["url→/x?b=c"]),
    ("=1 a=2", ["a→2"]),
    // A word alone is no pair, and takes nothing from the next.
    ("debug a=1 trace", ["a→1"]), ("a b=c", ["b→c"]), ("LOG: a=1", ["a→1"]), ("a", []),
    ("a = 1 b=2", ["b→2"]),
    // Commas part pairs, but belong to lists.
    ("a=1,b=2", ["a→1", "b→2"]), ("a=1, b=2,", ["a→1", "b→2"]),
    ("tags=x,y b=2", ["tags→x,y", "b→2"]),
    ("a=\"1\",b=\"2\"", ["a→1", "b→2"]), ("a=,b=2", ["a→", "b→2"]), ("a=,,", ["a→,"]),
    // Keys of many spellings; a second value is told like the first.
    (
      "user.name=x http/code=2 @time=3 a-b_c=4",
      ["user.name→x", "http/code→2", "@time→3", "a-b_c→4"]
    ),
    ("a=1 a=2", ["a→1", "a→2"]),
  ]) func `pairs are found in any text`(_ text: String, _ expected: [String]) {
    #expect(pairs(text) == expected)
  }

  @Test(arguments: [
    (#"a="two words" b=1"#, ["a→two words", "b→1"]), (#"a="" b=1"#, ["a→", "b→1"]),
    (#"a="x=1 y=2""#, ["a→x=1 y=2"]), (#"a="say \"hi\"" b=1"#, [#"a→say "hi""#, "b→1"]),
    (#"a="back\\" b=1"#, [#"a→back\"#, "b→1"]), (#"a="x\ty\r\nz""#, ["a→x\ty\r\nz"]),
    (#"a="C:\dir\file""#, [#"a→C:\dir\file"#]), (#"a="\u00e9\ud83d\ude00\/""#, ["a→é😀/"]),
    (#"a="\ud83d" b="\ude00x""#, ["a→\u{FFFD}", "b→\u{FFFD}x"]), (#"a="\u12""#, [#"a→\u12"#]),
    // Without its end a value has what is there.
    (#"a="open"#, ["a→open"]), (#"a="open\"#, [#"a→open\"#]), (#"a=""#, ["a→"]),
    (#"a="b"c=d"#, ["a→b", "c→d"]),
    // Outside quotes a backslash is a backslash.
    (#"a=C:\new b=1"#, [#"a→C:\new"#, "b→1"]),
  ]) func `quotes hold a value together, and escapes are undone`(
    _ text: String, _ expected: [String]
  ) {
    #expect(pairs(text) == expected)
  }

  @Test func `no prefix or garbled byte of a text traps`() {
    let text = Array(#"a="x\u00e9\"" b=1,c="\ud83d\ude00" d= e"#.utf8)
    for length in 0...text.count {
      _ = pairs(String(decoding: text.prefix(length), as: UTF8.self))
      for byte in [0, 0x22, 0x5C, 0x75, 0xFF] as [UInt8] where length < text.count {
        var bent = text
        bent[length] = byte
        var walk = KeyValues(view(bent))
        while let pair = walk.next() { _ = KeyValues.unescaped(pair.value, Scratch()) }
      }
    }
  }
}
