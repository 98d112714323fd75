import Bytes
import Formats
import Testing

func parse5424(_ line: String) throws(SyslogError) -> SyslogHeader {
  var cache = StampCache()
  return try RFC5424.parse(view(line), cache: &cache)
}

/// The value without its escapes.
func unescaped(_ raw: ByteView) -> String {
  var room = [UInt8](repeating: 0, count: raw.count)
  let count = unsafe room.withUnsafeMutableBufferPointer { buffer in
    unsafe StructuredData.unescape(raw, into: buffer)
  }
  return String(decoding: room[..<count], as: UTF8.self)
}

/// All parameters as `id.name=value`.
func parameters(_ header: SyslogHeader) -> [String] {
  var found: [String] = []
  StructuredData.forEachParameter(header.structuredData) { id, name, raw, hasEscapes in
    let value = unescaped(raw)
    if !hasEscapes { #expect(value == raw.string) }
    found.append("\(id.string).\(name.string)=\(value)")
  }
  return found
}

@Suite struct SyslogRFC5424Tests {
  @Test func `every part is found`() throws {
    let header = try parse5424(
      "<165>1 2003-10-11T22:14:15.003Z host app 12 ID47 [a@1 b=\"c\" d=\"\"][e][f g=\"\\\"\\]\\\\ \\n\"] text"
    )
    #expect(Parts(header) == Parts(165, "host", "app", "12", "text"))
    #expect(header.version == 1)
    #expect(header.facility == 20)
    #expect(header.severity == 5)
    #expect(header.messageID.string == "ID47")
    #expect(parameters(header) == ["a@1.b=c", "a@1.d=", "f.g=\"]\\ \\n"])
    #expect(header.stamp?.nanoseconds == 1_065_910_455_003_000_000)
  }

  @Test func `a dash is nothing`() throws {
    let header = try parse5424("<0>999 - - - - - -")
    #expect(Parts(header) == Parts(0, "", "", "", ""))
    #expect(header.version == 999)
    #expect(header.stamp == nil)
    #expect(header.structuredData.isEmpty)
    #expect(header.messageID.isEmpty)
  }

  @Test(arguments: [
    ("<1>1 - - - - - - ", ""), ("<1>1 - - - - - - \u{FEFF}", ""),
    ("<1>1 - - - - - - \u{FEFF}ä", "ä"),
    ("<1>1 - - - - - - BOMx", "BOMx"), ("<1>1 - - - - - -  x\ny", " x\ny"),
  ])
  func `the message starts after the byte order mark`(_ line: String, _ message: String) throws {
    #expect(try parse5424(line).message.string == message)
  }

  @Test(arguments: [
    "2018-12-31T23:59:59.999999-23:59", "2020-02-29T00:00:00Z", "2018-01-01T00:00:00.1+23:59",
  ])
  func `a time on the edge is accepted`(_ time: String) throws {
    #expect(try parse5424("<1>1 \(time) - - - - -").stamp != nil)
  }

  @Test(arguments: [
    ("", SyslogError.Reason.noPriority, 0), ("1 - - - - - -", .noPriority, 0),
    ("<192>1 - - - - - -", .priorityAbove191, 1), ("<01>1 - - - - - -", .noPriority, 2),
    ("<1>", .badVersion, 3), ("<1>0 - - - - - -", .badVersion, 3),
    ("<1>1000 - - - - - -", .badVersion, 6), ("<1>1", .badVersion, 4), ("<1>1 ", .badTimestamp, 5),
    ("<1>1 -", .badTimestamp, 5), ("<1>1 2018-02-29T00:00:00Z - - - - -", .badTimestamp, 5),
    ("<1>1 2018-02-28 00:00:00Z - - - - -", .badTimestamp, 5),
    ("<1>1 2018-02-28t00:00:00Z - - - - -", .badTimestamp, 5),
    ("<1>1 2018-02-28T00:00:00z - - - - -", .badTimestamp, 5),
    ("<1>1 2018-02-28T00:00:00 - - - - -", .badTimestamp, 5),
    ("<1>1 2018-02-28T00:00:00,1Z - - - - -", .badTimestamp, 5),
    ("<1>1 2018-02-28T00:00:00.Z - - - - -", .badTimestamp, 5),
    ("<1>1 2018-02-28T00:00:00.1234567Z - - - - -", .badTimestamp, 5),
    ("<1>1 2018-02-28T00:00:00+0100 - - - - -", .badTimestamp, 5),
    ("<1>1 2018-02-28T00:00:00+01 - - - - -", .badTimestamp, 5),
    ("<1>1 2018-02-28T00:00:00-24:00 - - - - -", .badTimestamp, 5),
    ("<1>1 2018-02-28T00:00:00Z+0000 - - - - -", .badTimestamp, 5),
    ("<1>1 2018-02-28T00:00:00Z+00:00 - - - - -", .badTimestamp, 5),
    ("<1>1 2018-02-28T00:00:00 UTC - - - - -", .badTimestamp, 5),
    ("<1>1 2016-12-31T23:59:60Z - - - - -", .badTimestamp, 5),
    ("<1>1 2018/02/28T00:00:00Z - - - - -", .badTimestamp, 5),
    ("<1>1 -  - - - -", .badHost, 7), ("<1>1 - ä - - - -", .badHost, 7), ("<1>1 - h", .badHost, 8),
    ("<1>1 - - ", .badProgram, 9), ("<1>1 - - -  -", .badProcessID, 11),
    ("<1>1 - - - - ", .badMessageID, 13), ("<1>1 - - - - -", .badMessageID, 14),
    ("<1>1 - - - - - ", .badStructuredData, 15), ("<1>1 - - - - - x", .badStructuredData, 15),
    ("<1>1 - - - - - -x", .badStructuredData, 16), ("<1>1 - - - - - []", .badStructuredData, 16),
    ("<1>1 - - - - - [a", .badStructuredData, 17),
    ("<1>1 - - - - - [a][a]", .badStructuredData, 19),
    ("<1>1 - - - - - [a b]", .badStructuredData, 19),
    ("<1>1 - - - - - [a b=c]", .badStructuredData, 20),
    ("<1>1 - - - - - [a b=\"]\"]", .badStructuredData, 21),
    ("<1>1 - - - - - [a b=\"", .badStructuredData, 21),
    ("<1>1 - - - - - [a b=\"\\\"]", .badStructuredData, 23),
    ("<1>1 - - - - - [a b=\"c\"d]", .badStructuredData, 23),
    ("<1>1 - - - - - [a]x", .badStructuredData, 18),
  ])
  func `a refused message names its first bad byte`(
    _ line: String, _ reason: SyslogError.Reason, _ offset: Int
  ) throws {
    let error = try #require(throws: SyslogError.self) { try parse5424(line) }
    #expect(error == SyslogError(reason, at: offset))
  }

  @Test func `bytes after the byte order mark must be UTF-8`() throws {
    let line = Array("<1>1 - - - - - - \u{FEFF}ab".utf8) + [0xFF]
    var cache = StampCache()
    let error = try #require(throws: SyslogError.self) {
      try RFC5424.parse(view(line), cache: &cache)
    }
    #expect(error == SyslogError(.invalidUTF8, at: line.count - 1))
    #expect(throws: Never.self) {
      try RFC5424.parse(view(Array("<1>1 - - - - - - ".utf8) + [0xFF]), cache: &cache)
    }
  }

  @Test(arguments: [(2, 255), (3, 48), (4, 128), (5, 32)])
  func `each name may be as long as the RFC says and no longer`(_ part: Int, _ longest: Int) throws
  {
    for (length, accepted) in [(longest, true), (longest + 1, false)] {
      var parts = ["<1>1", "-", "-", "-", "-", "-", "-"]
      parts[part] = String(repeating: "a", count: length)
      let header = try? parse5424(parts.joined(separator: " "))
      #expect((header != nil) == accepted)
    }
    for (length, accepted) in [(32, true), (33, false)] {
      let name = String(repeating: "n", count: length)
      #expect(((try? parse5424("<1>1 - - - - - [\(name)]")) != nil) == accepted)
      #expect(((try? parse5424("<1>1 - - - - - [a \(name)=\"\"]")) != nil) == accepted)
    }
  }

  @Test func `many elements cost linear time`() throws {
    let elements = (0..<40_000).map { "[e\($0) a=\"b\"]" }.joined()
    let header = try parse5424("<1>1 - - - - - \(elements) x")
    #expect(header.message.string == "x")
    #expect(parameters(header).count == 40_000)
  }

  @Test(arguments: [
    ("<34>1 - - - - - -", true), ("<1>999 -", true), ("<1>1000 -", false), ("<1>2018-06-19", false),
    ("<1>1", false), ("<1> 1 ", false), ("<>1 ", false), ("<1234>1 ", false), ("1 - ", false),
    ("", false),
    ("<1>", false), ("<12", false), ("Nov  3 09:14:07 h su: x", false),
  ])
  func `the format is told by the version`(_ line: String, _ expected: Bool) {
    #expect(Syslog.isRFC5424(view(line)) == expected)
  }
}
