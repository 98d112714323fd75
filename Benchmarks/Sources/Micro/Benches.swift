import Bytes
import Corpora
import Detectors
import Documents
import Events
import Formats
import Pipelines
import Registers

/// Everything that is measured.
enum Benches {
  static func all() -> [Bench] {
    let access = Text(.access), auth = Text(.auth), syslog = Text(.rfc5424)
    let combined = Text(.combined)
    return [newlines(access), json(access)]
      + [header("RFC 3164 header", auth), header("RFC 5424 header", syslog)]
      + stamps() + addresses() + [lookup(people: 10_000)]
      + path(.json, access) + path(.access, combined)
      + path(.rfc3164, auth) + path(.rfc5424, syslog)
  }

  // MARK: - Bytes

  private static func newlines(_ text: Text) -> Bench {
    var plain: UInt64 = 0
    for offset in 0..<text.view.count where text.view[offset] == 0x0A { plain &+= UInt64(offset) }
    return Bench(
      name: "newline scan, per line", operations: text.lines.count, bytes: text.view.count,
      expected: plain
    ) {
      var (sum, start): (UInt64, Int) = (0, 0)
      while start < text.view.count, let end = text.view.firstOffset(of: 0x0A, from: start) {
        sum &+= UInt64(end)
        start = end + 1
      }
      return sum
    }
  }

  private static func stamps() -> [Bench] {
    // Neighbouring seconds, four lines each, as logs have them; the sum is known without reading.
    let first: Int64 = 1_793_664_000  // 2026-11-03T00:00:00Z
    var (iso, web, bsd) = ("", "", "")
    var seconds: Int64 = 0
    for count in 0..<1000 {
      let second = count / 4
      let clock = "00:\(two(second / 60)):\(two(second % 60))"
      iso += "2026-11-03T\(clock).123Z\n"
      web += "03/Nov/2026:\(clock) +0000\n"
      bsd += "Nov  3 \(clock) h\n"
      seconds += first + Int64(second)
    }
    let years = YearRule(anchor: first + 3600)
    let fraction: Int64 = 1000 * 123_000_000
    return [
      stamp("RFC 3339 stamp", iso, seconds &* 1_000_000_000 &+ fraction) {
        Timestamps.rfc3339($0, cache: &$1)?.nanoseconds
      },
      stamp("common log stamp", web, seconds &* 1_000_000_000) {
        Timestamps.commonLog($0, cache: &$1)?.nanoseconds
      },
      stamp("RFC 3164 stamp with year", bsd, seconds &* 1_000_000_000) {
        Timestamps.syslog($0, cache: &$1).map { years.complete($0).nanoseconds }
      },
      stamp("RFC 3339 stamp, cold", iso, seconds &* 1_000_000_000 &+ fraction) { text, _ in
        Timestamps.rfc3339(text)?.nanoseconds
      },
    ]
  }

  private static func stamp(
    _ name: String, _ source: String, _ sum: Int64,
    _ read: @escaping (ByteView, inout StampCache) -> Int64?
  ) -> Bench {
    let text = Text(source)
    return Bench(
      name: name, operations: text.lines.count, bytes: 0, expected: UInt64(bitPattern: sum)
    ) {
      var (sum, cache): (Int64, StampCache) = (0, StampCache())
      for line in text.lines { sum &+= read(line, &cache) ?? 0 }
      return UInt64(bitPattern: sum)
    }
  }

  private static func addresses() -> [Bench] {
    var random = SplitMix64(seed: 11)
    var (four, six) = ("", "")
    var (fourSum, sixSum): (UInt64, UInt64) = (0, 0)
    for _ in 0..<1000 {
      let number = random.next() >> 32
      four += "\(number >> 24).\(number >> 16 & 255).\(number >> 8 & 255).\(number & 255)\n"
      fourSum &+= 0xFFFF_0000_0000 | number
      let (high, low) = (random.next(), random.next())
      six += words(high) + ":" + words(low) + "\n"
      sixSum &+= high &+ low
    }
    return [
      address("IPv4 address", Text(four), fourSum), address("IPv6 address", Text(six), sixSum),
    ]
  }

  private static func address(_ name: String, _ text: Text, _ sum: UInt64) -> Bench {
    Bench(name: name, operations: text.lines.count, bytes: 0, expected: sum) {
      var sum: UInt64 = 0
      for line in text.lines {
        guard let address = Address(line) else { continue }
        sum &+= address.high &+ address.low
      }
      return sum
    }
  }

  private static func words(_ number: UInt64) -> String {
    [48, 32, 16, 0].map { String(number >> UInt64($0) & 0xFFFF, radix: 16) }.joined(separator: ":")
  }

  private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

  // MARK: - Formats

  private static func json(_ text: Text) -> Bench {
    var reader = JSONReader(JSONWants(["time", "remote_addr", "remote_user", "status", "uri"]))
    let record = Record()
    return Bench(
      name: "JSON object, five members", operations: text.lines.count, bytes: text.view.count,
      expected: UInt64(text.lines.count * 5)
    ) {
      var found: UInt64 = 0
      for line in text.lines {
        record.reset(line: line)
        guard (try? reader.read(line, into: record)) != nil else { continue }
        for slot in 0..<5 where record.has(slot: slot) { found &+= 1 }
      }
      return found
    }
  }

  private static func header(_ name: String, _ text: Text) -> Bench {
    Bench(
      name: name, operations: text.lines.count, bytes: text.view.count,
      expected: UInt64(text.lines.count)
    ) {
      var (found, cache): (UInt64, StampCache) = (0, StampCache())
      for line in text.lines {
        guard let header = try? Syslog.parse(line, cache: &cache), header.stamp != nil,
          !header.program.isEmpty, !header.host.isEmpty
        else { continue }
        found &+= 1
      }
      return found
    }
  }

  // MARK: - Registers

  /// Joining events of ever other people: the memory of earlier joins begins empty in each batch.
  private static func lookup(people: Int) -> Bench {
    guard let crowd = Crowd(numbered: people) else { preconditionFailure("too many people") }
    let setup = Surroundings.setup(crowd)
    let context = LineContext(
      format: .rfc3164, zone: .utc, years: YearRule(anchor: 1_790_899_200),
      source: ByteView("micro"))
    var normaliser = setup.makeNormaliser()
    var expected: UInt64 = 0
    let events = Text(.auth, crowd: crowd).lines.compactMap { line -> Event? in
      let event = Event()
      event.reset(line: line)
      guard normaliser.normalise(event, context) == nil, event.has(.userName) else { return nil }
      setup.registers.join(event, source: .none, cache: JoinCache())
      if event.has(.personStatus) { expected &+= 1 }
      return event
    }
    precondition(expected > 100, "nobody of the register is in the log")
    return Bench(
      name: "register look-up, \(people) people", operations: events.count, bytes: 0,
      expected: expected
    ) {
      var total: UInt64 = 0
      let cache = JoinCache()
      for event in events {
        setup.registers.join(event, source: .none, cache: cache)
        if event.has(.personStatus) { total &+= 1 }
      }
      return total
    }
  }

  // MARK: - The path

  /// Normalising, joining, judging, and the whole *read* stage.
  private static func path(_ format: LineFormat, _ text: Text) -> [Bench] {
    let setup = Surroundings.setup()
    let context = LineContext(
      format: format, zone: .utc, years: YearRule(anchor: 1_790_899_200), source: ByteView("micro"))
    let lines = text.lines
    var normaliser = setup.makeNormaliser()
    let event = Event()
    let sum = Surroundings.sum(of: lines, setup, context)
    let normalise = Bench(
      name: "normalise, \(format.rawValue)", operations: lines.count, bytes: text.view.count,
      expected: sum.time
    ) {
      var total: UInt64 = 0
      for line in lines {
        event.reset(line: line)
        if normaliser.normalise(event, context) == nil { total &+= UInt64(bitPattern: event.time) }
      }
      return total
    }
    let events = lines.map { line in
      let event = Event()
      event.reset(line: line)
      _ = normaliser.normalise(event, context)
      return event
    }
    let joins = JoinCache()
    let join = Bench(
      name: "register join, \(format.rawValue)", operations: events.count, bytes: 0,
      expected: sum.joined
    ) {
      var total: UInt64 = 0
      for event in events {
        setup.registers.join(event, source: .none, cache: joins)
        if event.has(.systemStatus) { total &+= 1 }
        if event.has(.personStatus) { total &+= 1 }
      }
      return total
    }
    let evaluator = Evaluator(setup.rules)
    let judge = Bench(
      name: "rules, \(format.rawValue)", operations: events.count, bytes: 0, expected: sum.hits
    ) {
      var total: UInt64 = 0
      for event in events { evaluator.evaluate(event) { total &+= UInt64($0) &+ 1 } }
      return total
    }
    let reader = LineReader(setup)
    let owner = Owner()
    let read = Bench(
      name: "read stage, \(format.rawValue)", operations: lines.count, bytes: text.view.count,
      expected: UInt64(lines.count)
    ) {
      let block = LineBlock(
        stream: 0, sequence: 0, file: 0, bytes: text.view, firstLine: 1, offset: 0, oversized: [],
        owner: owner)
      return reader.read(block, context, .none).tally.days.reduce(0) { $0 &+ $1.parsed }
    }
    return [normalise, join, judge, read]
  }

  private final class Owner: Sendable {}
}
