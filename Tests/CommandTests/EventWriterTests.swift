import Bytes
import Events
import Testing

@testable import Command
@testable import Pipelines

/// The writer of `parse`, against one that says plainly what is to be written.
@Suite struct EventWriterTests {
  /// Names that meet in every way: values that are objects too, at the top and further down, and
  /// what is kept of them beside members that are called the same.
  static let names = [
    "a", "a.b", "a.b.c", "a.b.c.d.e.f.g.h.i.j.k", "a.value", "a.value_", "b.c", "b", "b.d.e", "b.d",
    "host", "user", "log", "log.line", "log.lines", "event", "url", "c", "c.", ".c", "..", "c..d",
    "quote\"d", "back\\slash.tab\t", "caf\u{E9}", "cafe\u{301}", "\u{202E}", "eventName",
    "unmapped.y", "userIdentity.arn", "userIdentity", "@timestamp.x", "z",
  ]

  /// Texts in which bytes stand that need an escape, are none, or are cut short.
  static let texts: [[UInt8]] =
    [
      "", "a", "1234567", "12345678", "123456789", "0", "007", "443", "18446744073709551615",
      "9999999999999999999", "99999999999999999999", "-1", "1.5", "\"", "\\", "\\\"\"\\",
      "a\"b", "1234567\"", "12345678\\", "\n\r\t\u{0}\u{1}\u{1F} ~\u{7F}\u{80}\u{9F}\u{A0}",
      "\u{61B}\u{61C}\u{61D}\u{200D}\u{200E}\u{200F}\u{2010}\u{2027}\u{2028}\u{202E}\u{202F}",
      "\u{2065}\u{2066}\u{2069}\u{206A}\u{FFFD}\u{FFFF}\u{10000}\u{10FFFF}é",
      "Mozilla/5.0 (X11; Linux x86_64) \"quoted\" and plain again for a while, then é",
    ].map { Array($0.utf8) } + [
      [0x80], [0xC2], [0xC0, 0xAF], [0xE0, 0x80, 0xAF], [0xE2, 0x80], [0xED, 0xA0, 0x80],
      [0xF0, 0x9F, 0x98], [0xF4, 0x90, 0x80, 0x80], [0xF8, 0x88, 0x80, 0x80, 0x80], [0xFF, 0xFE],
      [0x61, 0xE2, 0x80, 0x22], [0xF0, 0x80, 0x41], [0xC2, 0x9F, 0xC2, 0xA0], [0xE2, 0x80, 0xAE],
      [UInt8](repeating: 0x01, count: 300), [UInt8](repeating: 0x41, count: 129),
    ]

  static func table() throws -> FieldTable {
    var table = FieldTable()
    for name in names {
      let field = table.intern(name)
      try #require(field != nil)
    }
    return table
  }

  static func text(_ random: inout SeededRandom) -> [UInt8] {
    switch Int.random(in: 0..<4, using: &random) {
    case 0:
      // Any bytes at all, the interesting ones more often.
      let interesting: [UInt8] = [0x22, 0x5C, 0x1F, 0x20, 0x7E, 0x7F, 0x80, 0xC2, 0xE2, 0xF0, 0xBF]
      return (0..<Int.random(in: 0..<40, using: &random)).map { _ in
        Bool.random(using: &random)
          ? interesting.randomElement(using: &random) ?? 0
          : UInt8.random(in: .min ... .max, using: &random)
      }
    case 1:
      let head = texts.randomElement(using: &random) ?? []
      return head + (texts.randomElement(using: &random) ?? [])
    default: return texts.randomElement(using: &random) ?? []
    }
  }

  static func value(_ event: Event, _ random: inout SeededRandom) -> Value {
    func view(_ bytes: [UInt8]) -> ByteView { bytes.withView { event.scratch.copy($0) } }
    switch Int.random(in: 0..<10, using: &random) {
    case 0:
      let bits = Int.random(in: 0...63, using: &random)
      return .integer(Int64.random(in: .min ... .max, using: &random) >> Int64(bits))
    case 1: return .number(1.5, text: view(Array("1.50e+3".utf8)))
    case 2: return .bool(Bool.random(using: &random))
    case 3: return .null
    case 4: return .json(view(Array("{ \"a\":\t[1,\"".utf8) + text(&random) + Array("\"]}".utf8)))
    default: return .text(view(text(&random)))
    }
  }

  /// A member of a JSON record; a checked line has valid UTF-8 only, but nothing hangs on that.
  static func member(_ event: Event, _ random: inout SeededRandom) -> Member {
    func view(_ bytes: [UInt8]) -> ByteView { bytes.withView { event.scratch.copy($0) } }
    let names = [
      "own", "person", "persons", "person.id", "perso\\u006e", "", "unmapped", "unmapped.x",
      "unmapped_", "a", "a.q", "q.a", "event", "events", "\u{202E}", "caf\u{E9}", ".",
      String(repeating: "long", count: 20),
    ]
    let name = names.randomElement(using: &random) ?? ""
    let value =
      Bool.random(using: &random) ? Array("{\"x\" :\t[1, \"\\u0022\"]}".utf8) : text(&random)
    return Member(name: view(Array(name.utf8)), value: view(value))
  }

  static func time(_ random: inout SeededRandom) -> Int64 {
    let seconds = Int64.random(in: -9_000_000_000...9_000_000_000, using: &random)
    let fraction: Int64 =
      switch Int.random(in: 0..<4, using: &random) {
      case 0: 0
      case 1: Int64.random(in: 0..<1000, using: &random) * 1_000_000
      case 2: Int64.random(in: 0..<1_000_000, using: &random) * 1000
      default: Int64.random(in: 0..<1_000_000_000, using: &random)
      }
    return seconds * 1_000_000_000 + fraction
  }

  @Test(arguments: [UInt64(1), 2, 3, 20_261_103])
  func `any event is written as the plain writer writes it`(_ seed: UInt64) throws {
    let table = try EventWriterTests.table()
    let plain = PlainEventJSON(table)
    var written: [UInt8] = []
    let writer = EventWriter(table) { written += $0.copy() }
    let event = Event()
    var random = SeededRandom(seed: seed)
    var sets: [[Int]] = []
    for round in 0..<500 {
      event.reset(line: .empty)
      event.time = EventWriterTests.time(&random)
      // Few fields and many, so that every shape follows every other; some come again and again.
      let share = Double.random(in: 0...1, using: &random)
      var fields = table.names.indices.filter { _ in
        Double.random(in: 0..<1, using: &random) < share
      }
      if round % 2 == 0 { fields = sets.randomElement(using: &random) ?? fields }
      if sets.count < 40 { sets.append(fields) }
      for index in fields {
        event.set(Field(index: index), EventWriterTests.value(event, &random))
      }
      for _ in 0..<Int.random(in: -4..<6, using: &random).magnitude where round % 3 == 0 {
        event.rest.append(EventWriterTests.member(event, &random))
      }
      let place = LinePlace(
        number: UInt64.random(in: 0...UInt64.max, using: &random) >> UInt64(round & 63),
        offset: UInt64.random(in: 0...UInt64.max, using: &random) >> UInt64(round * 7 & 63),
        bytes: 0)
      written.removeAll(keepingCapacity: true)
      writer.write(event, at: place)
      writer.flush()
      let wanted = plain.object(event, at: place) + [0x0A]
      guard written != wanted else { continue }
      Issue.record(
        """
        seed \(seed), round \(round):
        \(String(decoding: written, as: UTF8.self))
        \(String(decoding: wanted, as: UTF8.self))
        """)
      return
    }
  }

  @Test func `what is larger than the buffer goes out whole`() throws {
    let table = try EventWriterTests.table()
    let plain = PlainEventJSON(table)
    var (written, largest) = ([UInt8](), 0)
    let writer = EventWriter(table) {
      written += $0.copy()
      largest = max(largest, $0.count)
    }
    let event = Event()
    var wanted: [UInt8] = []
    for size in [0, 1, 40_000, 100_000, 300_000, 7, 43_690, 43_000, 1 << 20, 5] {
      event.reset(line: .empty)
      let text = [UInt8](repeating: UInt8(size & 0x3F), count: size)
      text.withView { event.set(.message, event.scratch.copy($0)) }
      text.withView { event.set(.userName, event.scratch.copy($0)) }
      let place = LinePlace(number: 1, offset: 2, bytes: 3)
      writer.write(event, at: place)
      wanted += plain.object(event, at: place) + [0x0A]
    }
    writer.flush()
    #expect(written == wanted)
    // Room is asked for as if every byte became six.
    #expect(largest <= (6 << 20) + 4096)
  }

  @Test func `short lines go out when the buffer is full, and not before`() throws {
    let table = FieldTable()
    var sizes: [Int] = []
    let writer = EventWriter(table) { sizes.append($0.count) }
    let event = Event()
    for number in 1...20_000 {
      event.reset(line: .empty)
      event.set(.message, "session opened")
      writer.write(event, at: LinePlace(number: UInt64(number), offset: 0, bytes: 0))
    }
    writer.flush()
    writer.flush()
    #expect(sizes.count > 4)
    for size in sizes.dropLast() {
      #expect((EventWriter.bufferBytes - 2048...EventWriter.bufferBytes).contains(size))
    }
  }
}

/// SplitMix64: the same numbers for the same seed.
struct SeededRandom: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
