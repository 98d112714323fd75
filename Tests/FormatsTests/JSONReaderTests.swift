import Bytes
import Formats
import Testing

/// What JSON's values are, one by one.
@Suite struct JSONReaderTests {
  /// The value of `k`, or the reason why there is none.
  private func value(_ line: [UInt8], of path: String = "k") -> String {
    var reader = JSONReader(JSONWants([path]))
    let record = Record()
    record.reset(line: view(line))
    do throws(JSONError) {
      try reader.read(record.line, into: record)
    } catch {
      return "\(error.reason.rawValue) at \(error.offset)"
    }
    guard record.has(slot: 0) else { return "nothing" }
    switch record.value(slot: 0) {
    case .text(let text): return "text \(text.string)"
    case .integer(let number): return "integer \(number)"
    case .number(let number, let text): return "number \(number) as \(text.string)"
    case .bool(let flag): return "\(flag)"
    case .null: return "null"
    case .json(let text): return "json \(text.string)"
    }
  }

  private func value(_ text: String) -> String { value(Array("{\"k\":\(text)}".utf8)) }

  @Test(arguments: [
    ("0", "integer 0"), ("-0", "integer 0"), ("7", "integer 7"), ("-7", "integer -7"),
    ("9007199254740993", "integer 9007199254740993"),
    ("9223372036854775807", "integer 9223372036854775807"),
    ("-9223372036854775807", "integer -9223372036854775807"),
    // One more has no room in 64 bits: near enough as a number, and exact as it was written.
    ("9223372036854775808", "number 9.223372036854776e+18 as 9223372036854775808"),
    ("-9223372036854775808", "number -9.223372036854776e+18 as -9223372036854775808"),
    (
      "123456789012345678901234567890",
      "number 1.2345678901234568e+29 as 123456789012345678901234567890"
    ),
    ("1e400", "number inf as 1e400"), ("-1e400", "number -inf as -1e400"),
    ("1e-400", "number 0.0 as 1e-400"), ("-0.0", "number -0.0 as -0.0"),
    ("0.1", "number 0.1 as 0.1"), ("1.0", "number 1.0 as 1.0"), ("1E2", "number 100.0 as 1E2"),
    ("1693840791.7564995", "number 1693840791.7564995 as 1693840791.7564995"),
  ]) func `a number is exact, or kept as it was written`(_ text: String, _ expected: String) {
    #expect(value(text) == expected)
  }

  @Test func `a key of many parts is found, however the objects part it`() {
    let parts = (0..<60).map { "k\($0)" }
    let path = parts.joined(separator: ".")
    for sizes in [[60], [1, 59], [59, 1], [20, 20, 20], Array(repeating: 1, count: 60)] {
      var (line, rest) = ("", parts[...])
      for size in sizes {
        line += #"{"\#(rest.prefix(size).joined(separator: "."))":"#
        rest = rest.dropFirst(size)
      }
      line += "7" + String(repeating: "}", count: sizes.count)
      #expect(value(Array(line.utf8), of: path) == "integer 7", "\(sizes)")
    }
    #expect(value(Array(#"{"k0":{"k2":7}}"#.utf8), of: path) == "nothing")
  }

  @Test func `a path of very many parts is one key, and costs no more`() {
    let path = Array(repeating: "a", count: 50_000).joined(separator: ".")
    #expect(value(Array("{\"\(path)\":7}".utf8), of: path) == "integer 7")
    #expect(value(Array("{\"a\":{\"\(path.dropFirst(2))\":7}}".utf8), of: path) == "nothing")
  }

  @Test(arguments: [
    "01", "-", "+1", "1.", ".5", "1e", "1e+", "0x1", "Infinity", "NaN", "-01", "1_0",
  ])
  func `what is no number is refused`(_ text: String) {
    #expect(value(text).hasPrefix("json-"), "\(value(text))")
  }

  @Test(arguments: [
    (#""""#, "text "), (#""a""#, "text a"), (#""\"\\\/""#, #"text "\/"#),
    (#""\b\f\n\r\t""#, "text \u{8}\u{C}\n\r\t"), (#""\u0041\u00e9\u20AC""#, "text Aé€"),
    (#""\ud83d\ude00""#, "text 😀"), (#""\uD83D\uDE00""#, "text 😀"), (#""\u0000""#, "text \0"),
    (#""😀é""#, "text 😀é"),
    // Half a character is grammar, and stands for nothing that can be shown.
    (#""\ud83d""#, "text \u{FFFD}"), (#""\ude00""#, "text \u{FFFD}"),
    (#""\ud83dx""#, "text \u{FFFD}x"), (#""\ude00\ud83d""#, "text \u{FFFD}\u{FFFD}"),
    (#""\ud83d\u0041""#, "text \u{FFFD}A"), (#""\ud83d\ud83d\ude00""#, "text \u{FFFD}😀"),
  ]) func `an escape stands for its character`(_ text: String, _ expected: String) {
    #expect(value(text) == expected)
  }

  @Test(arguments: [
    (#""\x""#, "json-bad-escape at 7"), (#""\u12""#, "json-bad-escape at 10"),
    (#""\u12g4""#, "json-bad-escape at 10"), ("\"\t\"", "json-control-character at 6"),
    ("\"\n\"", "json-control-character at 6"), ("\"a", "json-unfinished at 8"),
  ]) func `what is no string is refused with its place`(_ text: String, _ expected: String) {
    #expect(value(text) == expected)
  }

  @Test(
    arguments: [
      [0xFF], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0x80], [0xE2, 0x82], [0xF4, 0x90, 0x80, 0x80],
      [0xF8, 0x88, 0x80, 0x80, 0x80],
    ] as [[UInt8]])
  func `bytes that are not UTF-8 are refused, wanted or not`(_ bytes: [UInt8]) {
    for key in ["k", "other"] {
      let line = Array("{\"\(key)\":\"ab".utf8) + bytes + Array("c\"}".utf8)
      #expect(value(line) == "json-invalid-utf8 at \(key.utf8.count + 7)")
    }
  }

  @Test(arguments: [
    (#"{"k":1,"k":2}"#, "integer 2"), (#"{"k":"a","x":0,"k":null}"#, "null"),
    (#"{"k":1,"\u006b":2}"#, "integer 2"), (#"{"k":{"a":1},"k":[2]}"#, "json [2]"),
    (#"{"k":1,"x":{"k":2}}"#, "integer 1"), (#"{"x":1}"#, "nothing"), ("{}", "nothing"),
  ]) func `of a key that stands twice the last counts`(_ line: String, _ expected: String) {
    #expect(value(Array(line.utf8)) == expected)
  }
}
