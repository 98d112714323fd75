import Bytes
import Formats
import Testing

/// What must hold of the JSON reader for any line at all.
@Suite struct JSONReaderPropertyTests {
  static let wanted = ["a", "b", "a.b", "a.b.c", "k.x", "time", "long.key.of.many.parts", ""]

  /// A small generator whose seed can be pasted back.
  struct Seeded: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state ^ state >> 29
    }
  }

  static func makeReader() -> JSONReader {
    JSONReader(JSONWants(wanted))
  }

  /// A line, and the members that a reader of ``wanted`` keeps because nobody asked for them.
  static let rests: [(line: String, rest: [String])] = [
    ("{}", []),
    (#"{"a":1,"b":{"x":2},"time":null}"#, []),
    (#"{"q" : [1, {"b":2}] ,"b":1,"q":"é\n"}"#, [#"q=[1, {"b":2}]"#, #"q="é\n""#]),
    // `a` has a slot, so that it is there as a whole; of `k` only `x` is.
    (#"{"a":{"b":{"d":1},"e":2}}"#, []),
    (#"{"k":{"x":1}}"#, []),
    (#"{"k":{"x":{"y":1}}}"#, []),
    (#"{"k":{"x":1,"y":2}}"#, [#"k={"x":1,"y":2}"#]),
    (#"{"k":5,"k.x":6,"k.y":7}"#, ["k=5", "k.y=7"]),
    (#"{"long":{"key":{"of":{"many":{"parts":1}}}}}"#, []),
    (
      #"{"long":{"key":{"of":{"many":{"parts":1},"few":2}}},"b":1}"#,
      [#"long={"key":{"of":{"many":{"parts":1},"few":2}}}"#]
    ),
    (#"{"\u0062":1,"\u0063":2}"#, [#"\u0063=2"#]),
  ]

  @Test func `what nobody asked for is kept when it is asked for`() throws {
    var (keeping, plain) = (
      JSONReaderPropertyTests.makeReader(), JSONReaderPropertyTests.makeReader()
    )
    keeping.keepsRest = true
    // Twice, so that the second time the keys are predicted.
    for (line, rest) in JSONReaderPropertyTests.rests + JSONReaderPropertyTests.rests {
      try withView(Array(line.utf8)) { view in
        let record = Record()
        record.reset(line: view)
        try plain.read(view, into: record)
        #expect(record.rest.isEmpty)
        try keeping.read(view, into: record)
        #expect(record.rest.map { "\($0.name.string)=\($0.value.string)" } == rest, "\(line)")
        record.reset(line: view)
        #expect(record.rest.isEmpty)
      }
    }
  }

  /// What a reader says of a line: the reason, or the wanted values, each in one spelling.
  static func answer(_ bytes: [UInt8], _ reader: inout JSONReader) -> [String: String] {
    withView(bytes) { line in
      let record = Record()
      record.reset(line: line)
      do throws(JSONError) {
        try reader.read(line, into: record)
      } catch {
        return ["error": "\(error.reason.rawValue) at \(error.offset)"]
      }
      var answer: [String: String] = [:]
      record.forEachSlot { slot, value in
        switch value {
        case .text(let text): answer[wanted[slot]] = "text \(text.copy())"
        case .integer(let number): answer[wanted[slot]] = "number \(Double(number))"
        case .number(let number, let text):
          answer[wanted[slot]] = "number \(number + 0)"
          if Double(text.string) != number { answer[wanted[slot]] = "number and text differ" }
        case .bool(let flag): answer[wanted[slot]] = "\(flag)"
        case .null: answer[wanted[slot]] = "null"
        case .json(let text): answer[wanted[slot]] = "json \(text.string)"
        }
      }
      return answer
    }
  }

  static func reference(_ bytes: [UInt8]) -> [String: String]? {
    guard let node = try? ReferenceJSON.object(bytes) else { return nil }
    func json(_ range: Range<Int>) -> String {
      "json \(String(decoding: bytes[range], as: UTF8.self))"
    }
    return ReferenceJSON.values(node, wanted: wanted).mapValues { node in
      switch node {
      case .text(let text): "text \(text)"
      // An integer has one zero.
      case .number(let text): "number \((Double(text) ?? .nan) + 0)"
      case .bool(let flag): "\(flag)"
      case .null: "null"
      case .object(_, let range), .array(let range): json(range)
      }
    }
  }

  // MARK: - Random lines

  /// Writes random JSON: mostly regular, so that shapes repeat, and full of what is special.
  struct Author {
    var random: Seeded
    mutating func pick<Item>(_ items: [Item]) -> Item {
      items[Int(random.next() >> 33) % items.count]
    }

    mutating func string() -> String {
      let parts = [
        "a", "b", "c", "k", "x", "time", ".", "", "é", "\u{10348}", "\\\"", "\\\\", "\\/", "\\n",
        "\\u00e9", "\\ud800\\udf48", "\\ud800", "\\udf48x", "\\u0000", "{", "}", "[", "]", ":", ",",
        "0123456789abcdef",
      ]
      return (0..<pick([0, 1, 1, 1, 2, 3, 9])).map { _ in pick(parts) }.joined()
    }

    mutating func space() -> String { pick(["", "", "", "", " ", "\t", "\r\n ", "  "]) }

    mutating func value(_ depth: Int) -> String {
      switch pick(depth > 4 ? [0, 1, 2] : [0, 1, 2, 3, 3, 4]) {
      case 0: return "\"\(string())\""
      case 1:
        return pick([
          "0", "-0", "1", "-1", "12.5", "1e3", "1E-2", "9223372036854775807",
          "9223372036854775808", "-9223372036854775808", "123456789012345678901234567890", "1e400",
          "0.1e+1",
        ])
      case 2: return pick(["true", "false", "null"])
      case 3: return object(depth + 1)
      default:
        let items = (0..<pick([0, 1, 2, 5])).map { _ in space() + value(depth + 1) + space() }
        return "[" + (items.isEmpty ? space() : items.joined(separator: ",")) + "]"
      }
    }

    mutating func object(_ depth: Int) -> String {
      let keys = [
        "a", "b", "c", "k", "x", "a.b", "b.c", "time", "a.b.c", "", "long", "long.key", "key",
        "of.many.parts", "of", "many", "parts", "\\u0061", "t\\u0069me",
      ]
      let members = (0..<pick([0, 1, 2, 3, 5, 8])).map { _ in
        let key = pick([0, 1, 2, 3, 4, 5]) == 0 ? string() : pick(keys)
        return "\(space())\"\(key)\"\(space()):\(space())\(value(depth))\(space())"
      }
      return "{" + (members.isEmpty ? space() : members.joined(separator: ",")) + "}"
    }

    mutating func line() -> [UInt8] { Array((space() + object(0) + space()).utf8) }

    /// The line with a few bytes changed, dropped, doubled or cut off.
    mutating func damaged(_ line: [UInt8]) -> [UInt8] {
      var line = line
      for _ in 0..<pick([1, 1, 2, 3]) where !line.isEmpty {
        let place = Int(random.next() >> 33) % line.count
        switch pick([0, 1, 2, 3, 4]) {
        case 0: line[place] = UInt8(truncatingIfNeeded: random.next() >> 40)
        case 1: line.remove(at: place)
        case 2: line.insert(line[place], at: place)
        case 3:
          line.insert(
            pick(Array("\"\\{}[]:,0-+.eE tfn/u".utf8) + [0, 0x1F, 0x80, 0xC0, 0xFF]), at: place)
        default: line.removeSubrange(place...)
        }
      }
      return line
    }
  }

  static func lines(seed: UInt64, count: Int) -> [[UInt8]] {
    var author = Author(random: Seeded(state: seed))
    return (0..<count).map { _ in author.line() }
  }

  // MARK: - Properties

  @Test(arguments: [1, 2, 3] as [UInt64])
  func `valid lines mean what a plain reader says`(_ seed: UInt64) throws {
    for line in Self.lines(seed: seed, count: 2000) {
      var reader = Self.makeReader()
      let wanted = try #require(Self.reference(line), "\(String(decoding: line, as: UTF8.self))")
      #expect(Self.answer(line, &reader) == wanted, "\(String(decoding: line, as: UTF8.self))")
    }
  }

  @Test(arguments: [4, 5, 6] as [UInt64])
  func `damaged lines are refused exactly when a plain reader refuses them`(_ seed: UInt64) {
    var author = Author(random: Seeded(state: seed))
    var shared = Self.makeReader()
    var refused = 0
    for _ in 0..<4000 {
      let line = author.damaged(author.line())
      let answer = Self.answer(line, &shared)
      if let wanted = Self.reference(line) {
        #expect(answer == wanted, "\(line) \(String(decoding: line, as: UTF8.self))")
      } else {
        refused += 1
        #expect(answer["error"] != nil, "\(line) \(String(decoding: line, as: UTF8.self))")
      }
    }
    #expect(refused > 1000)
  }

  @Test(arguments: [7, 8] as [UInt64])
  func `what the last lines were like never changes an answer`(_ seed: UInt64) {
    var author = Author(random: Seeded(state: seed))
    var lines = Self.lines(seed: seed, count: 300)
    lines += lines.map { author.damaged($0) }
    let alone = lines.map { line in
      var fresh = Self.makeReader()
      return Self.answer(line, &fresh)
    }
    var shared = Self.makeReader()
    for _ in 0..<5 {
      for place in lines.indices.shuffled(using: &author.random) {
        #expect(
          Self.answer(lines[place], &shared) == alone[place],
          "\(String(decoding: lines[place], as: UTF8.self))")
      }
    }
  }

  @Test func `every beginning of a line is refused`() {
    var reader = Self.makeReader()
    for line in Self.lines(seed: 9, count: 60) {
      let text = line.reversed().drop { $0 <= 0x20 }.reversed()
      for length in 0..<text.count {
        // The view ends where the allocation ends, so that reading past it would be noticed.
        #expect(Self.answer(Array(text.prefix(length)), &reader)["error"] != nil)
      }
      #expect(Self.answer(Array(text), &reader)["error"] == nil)
    }
  }

  @Test func `a structural byte at any place of a word is where the string ends, or not`() {
    // Quote, backslash, control characters and bytes next to them, at each offset modulo eight.
    for before in 0..<24 {
      for special in [0x00, 0x1F, 0x20, 0x21, 0x22, 0x23, 0x5B, 0x5C, 0x5D, 0x7F] as [UInt8] {
        for after in 0..<17 {
          let text =
            [UInt8](repeating: 0x78, count: before) + [special]
            + [UInt8](repeating: 0x79, count: after)
          check(text)
          check(text + [0x5C, 0x22] + text.prefix(3))
          check([0x5C, 0x5C] + text)
        }
      }
      // One character of two, three and four bytes, whole and broken.
      for character in ["é", "€", "\u{10348}"] {
        let bytes = Array(character.utf8)
        for length in 1...bytes.count {
          check([UInt8](repeating: 0x78, count: before) + bytes.prefix(length) + [0x79])
        }
      }
    }
  }

  /// Compares a string's bytes as a wanted value, an unwanted value and a key.
  private func check(_ text: [UInt8]) {
    let quoted = [0x22] + text + [0x22]
    for line in [
      Array("{\"a\":".utf8) + quoted + [0x7D], Array("{\"unwanted\":".utf8) + quoted + [0x7D],
      [0x7B] + quoted + Array(":1}".utf8),
      Array("{\"b\":[".utf8) + quoted + Array("],\"a\":1}".utf8),
    ] {
      var reader = Self.makeReader()
      let answer = Self.answer(line, &reader)
      let wanted = Self.reference(line)
      #expect(
        wanted == nil ? answer["error"] != nil : answer == wanted,
        "\(line) \(answer) \(wanted ?? [:])")
    }
  }

  @Test func `brackets without end cost nothing`() {
    var reader = Self.makeReader()
    for opening in ["[", "{\"a\":", "{\"a\":[", "[[[[{\"b\":"] {
      let line = Array(String(repeating: opening, count: 100_000).utf8)
      #expect(Self.answer(line, &reader)["error"]?.hasPrefix("json-too-deep") == true)
      let inside = Array("{\"x\":".utf8) + line
      #expect(Self.answer(inside, &reader)["error"]?.hasPrefix("json-too-deep") == true)
    }
    func nested(_ depth: Int) -> [UInt8] {
      Array(
        (String(repeating: "{\"a\":", count: depth) + "1" + String(repeating: "}", count: depth))
          .utf8)
    }
    #expect(Self.answer(nested(JSONReader.depthMax), &reader)["error"] == nil)
    #expect(Self.answer(nested(JSONReader.depthMax + 1), &reader)["error"] != nil)
  }
}
