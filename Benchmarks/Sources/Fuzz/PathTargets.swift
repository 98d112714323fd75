import Bytes
import Detectors
import Documents
import Events
import Inputs
@_spi(Oracle) import Pipelines
import Registers

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The *read* stage on one format, or on every format: then the first byte chooses it.
///
/// Every line is parsed or rejected, and readers agree whatever lines they met before: one that met
/// many, one that met none, and one that takes every line the plain way. Where records span lines
/// (containers' logs, and one more choice behind the formats: records that begin with a time), the
/// counts are the same wherever the log is cut.
struct LinesTarget: FuzzTarget {
  private let warm: LineReader
  /// Readers as a scan has them: rules of closed fields only, so that most lines are judged by what
  /// followed from earlier ones; and one that never does.
  private let scanning, plain: LineReader
  private let setup: PipelineSetup
  private let contexts: [LineContext]
  private let choosesByFirstByte: Bool

  init(_ formats: [LineFormat] = LineFormat.allCases) {
    choosesByFirstByte = formats.count > 1
    setup = LinesTarget.setup(LinesTarget.ruleText)
    warm = LineReader(setup)
    let closed = LinesTarget.setup(LinesTarget.closedRuleText)
    scanning = LineReader(closed)
    plain = LineReader(closed)
    plain.isPlain = true
    let records = LineContext(
      format: .rfc3164, zone: .utc, years: YearRule(anchor: 1_790_812_800),
      source: ByteView("input"),
      records: RecordFraming(.rule(MultilineRule(begins: [.time])), bytesMax: 200))
    contexts =
      formats.map {
        LineContext(
          format: $0, zone: .utc, years: YearRule(anchor: 1_790_812_800), source: ByteView("input"))
      } + (formats.count > 1 ? [records] : [])
  }

  func run(_ bytes: UnsafeBufferPointer<UInt8>) {
    let input = unsafe bytes.view
    guard input.count > 1 else { return }
    _ = LineFormat.detect(input)
    let context = choosesByFirstByte ? contexts[Int(input[0]) % contexts.count] : contexts[0]
    let lines = choosesByFirstByte ? input.dropFirst(1) : input
    let block = LineBlock(
      stream: 0, sequence: 0, file: 0, bytes: lines, firstLine: 1, offset: 0, oversized: [],
      owner: Nobody.shared)
    let first = tally(warm.read(block, context, .none))
    let second = tally(LineReader(setup).read(block, context, .none))
    precondition(first == second, "what came before changes the counts")
    // Twice, so that the second time every shape and every verdict is known.
    for _ in 0..<2 {
      let (fast, twin) = (
        scanning.read(block, context, .none), plain.read(block, context, .none)
      )
      precondition(tally(fast) == tally(twin), "the fast way changes the counts")
      precondition(fast.account == twin.account, "the fast way changes what is passed on")
    }
    var expected: UInt64 = lines[lines.count - 1] == 0x0A ? 0 : 1
    for offset in 0..<lines.count where lines[offset] == 0x0A { expected += 1 }
    precondition(first.lines == expected, "lines are missing")
    precondition(first.parsed + first.rejected == first.lines, "lines are in neither count")
    precondition(first.bytes == UInt64(lines.count), "bytes are missing")
    guard let records = context.records else { return }
    let cut = tallyOfCut(lines, records, context)
    precondition(
      cut.lines == first.lines && cut.parsed == first.parsed && cut.rejected == first.rejected
        && cut.bytes == first.bytes, "where the log is cut changes the counts")
  }

  /// The counts when each line comes in a block of its own.
  private func tallyOfCut(
    _ lines: ByteView, _ records: RecordFraming, _ context: LineContext
  ) -> ChunkTally.Day {
    var (start, number) = (0, UInt64(1))
    let cutter = RecordCutter(records) { _ in }
    var sum = StreamTally()
    while true {
      let block = cutter.next {
        guard start < lines.count else { return nil }
        let end = lines.firstOffset(of: 0x0A, from: start).map { $0 + 1 } ?? lines.count
        defer { (start, number) = (end, number + 1) }
        return LineBlock(
          stream: 0, sequence: 0, file: 0, bytes: lines.slice(start, end), firstLine: number,
          offset: UInt64(start), oversized: [], owner: Nobody.shared)
      }
      guard let block else { return sum.total }
      sum.add(warm.read(block, context, .none).tally)
    }
  }

  private func tally(_ batch: Batch) -> ChunkTally.Day {
    var sum = batch.tally.leading
    for day in batch.tally.days {
      sum.lines += day.lines
      sum.bytes += day.bytes
      sum.parsed += day.parsed
      sum.rejected += day.rejected
    }
    return sum
  }

  private final class Nobody: Sendable { static let shared = Nobody() }

  /// Registers, mappings and rules that touch as many paths as possible.
  private static func setup(_ ruleText: String) -> PipelineSetup {
    do {
      var table = FieldTable()
      let (mappings, problems) = MappingLoader.load(
        try Document(file: "mappings.yaml", text: mappingText), table: &table)
      let (rules, more) = RuleSet.load(
        documents: [try Document(file: "rules.yaml", text: ruleText)], fields: &table,
        placeholders: { _ in nil }, policy: { _ in nil })
      precondition(problems.isEmpty && more.isEmpty, "\(problems) \(more)")
      return PipelineSetup(
        registers: try Registers([("registers.yaml", registerText)]), rules: rules,
        mappings: mappings, table: table, zone: .utc, tallied: 0..<0)
    } catch {
      preconditionFailure("\(error)")
    }
  }

  private static let mappingText = """
    mapping: web
    format: json
    match: {keys: [status]}
    fields:
      "@timestamp": [time, timestamp]
      user.name: [user, user.name, remote_user]
      source.ip: remote_addr
      url.original: uri
      http.response.status_code: status
      http.request.method: request_method
    ---
    mapping: vpn
    format: rfc5424
    match: {structured_data: ["auth@32473"]}
    fields: {user.name: auth@32473.user, source.ip: auth@32473.src}
    set: {event.action: auth.login}
    cases:
      - {when: {auth@32473.result: success}, set: {event.outcome: success}}
    ---
    mapping: app
    format: logfmt
    fields: {"@timestamp": [time, ts], user.name: user, source.ip: ip}

    """
  private static let ruleText = """
    title: Failure
    id: failure
    logsource: {category: access}
    detection: {a: {event.outcome: failure}, condition: a}
    ---
    title: Words
    id: words
    logsource: {category: access}
    detection:
      a: ['*root*', '*%2e%2e*']
      b: {url.original|re: '(\\.|%2e){2}/', source.ip|cidr: 203.0.113.0/24}
      c: {http.response.status_code|gte: 400, user.name|exists: true}
      condition: 1 of them
    ---
    title: Expired
    id: expired
    logsource: {category: access}
    detection: {a: {person.status: [expired, offboarded]}, condition: a}

    """
  /// Rules that read closed fields only, some of which feed correlations.
  private static let closedRuleText = """
    title: Failure
    id: failure
    logsource: {category: access}
    detection: {a: {event.outcome: failure}, condition: a}
    ---
    title: Expired
    id: expired
    logsource: {category: access}
    detection: {a: {person.status: [expired, offboarded]}, condition: a}
    ---
    title: Stranger
    id: stranger
    logsource: {category: access}
    detection:
      a: {person.kind: unlisted, event.action: auth.login}
      b: {system.status: unlisted}
      condition: a or b
    ---
    title: Guessing
    id: guessing
    correlation: {type: event_count, rules: [failure], group-by: [source.ip], timespan: 5m, condition: {gte: 3}}
    ---
    title: Spraying
    id: spraying
    correlation:
      {type: value_count, rules: [failure], group-by: [source.ip], timespan: 5m, condition: {field: user.name, gte: 3}}

    """
  private static let registerText = """
    people:
      - {id: p-1, name: Dana, kind: employee, employment: {start: 2024-02-01}, accounts: {"*": [dana, root]},
         hours: "Mon-Fri 08:00-19:00", countries: [NL]}
    contractors:
      - {id: c-1, name: Kim, company: Kim BV, accounts: {"*": [kim]},
         engagement: {start: 2026-09-01, end: 2026-10-10},
         scope: {systems: ["web*"], environments: [staging], actions: ["auth.*"], hours: "Mon-Fri 08:00-19:00"}}
    infrastructure:
      - {id: web1, kind: host, names: [web1, "*.example.org"], addresses: [10.0.0.4], environment: production}

    """
}

/// Files as the reader takes them, gzip or not: whatever they unpack to, the chunks are whole lines
/// and the counts add up, for two chunk sizes alike.
struct FilesTarget: FuzzTarget {
  private let path: String

  init() {
    let folder = unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? "/tmp"
    path = "\(folder)/rollcall-fuzz-\(getpid())"
  }

  func run(_ bytes: UnsafeBufferPointer<UInt8>) {
    guard let file = unsafe fopen(path, "wb") else {
      preconditionFailure("\(path) can not be written")
    }
    unsafe fwrite(bytes.baseAddress, 1, bytes.count, file)
    unsafe fclose(file)
    defer { unsafe unlink(path) }
    let small = read(chunkBytes: 64)
    let large = read(chunkBytes: 1 << 16)
    precondition(small.lines == large.lines, "the chunk size changes the lines")
    precondition(small.hash == large.hash, "the chunk size changes the bytes")
  }

  private func read(chunkBytes: Int) -> (lines: UInt64, hash: UInt64) {
    let streams = discover([path]).streams
    guard let stream = streams.first else { return (0, 0) }
    let reader = ChunkReader(
      stream: stream, chunkBytes: chunkBytes, lineBytesMax: 4096, hashing: true)
    let chunk = Chunk()
    var (lines, hash): (UInt64, UInt64) = (0, 0xCBF2_9CE4_8422_2325)
    do {
      while try reader.next(into: chunk) {
        let bytes = chunk.bytes
        var newlines = 0
        for offset in 0..<bytes.count {
          hash = (hash ^ UInt64(bytes[offset])) &* 0x100_0000_01B3
          if bytes[offset] == 0x0A { newlines += 1 }
        }
        precondition(chunk.lineCount == newlines + (chunk.endsWithoutNewline ? 1 : 0))
        precondition(chunk.firstLineNumber <= lines + 1 + UInt64(chunk.oversized.count))
        lines = chunk.firstLineNumber + UInt64(chunk.lineCount) - 1
      }
    } catch {
      preconditionFailure("\(error)")
    }
    let totals = reader.totals
    precondition(
      totals.bytesRead
        == totals.bytesDelivered + totals.bytesOversized + totals.bytesOfMarks
        + totals.bytesRejected, "bytes are in no count")
    return (totals.linesDelivered + totals.linesOversized + totals.linesRejected, hash)
  }
}

/// Delivery files: taking one apart changes no byte of a record but line ends.
struct DeliveryTarget: FuzzTarget {
  func run(_ bytes: UnsafeBufferPointer<UInt8>) {
    let view = unsafe bytes.view
    let isDelivery = DeliveryFile.isDelivery(view)
    var document = view.copy()
    let parts = DeliveryFile.splitRecords(&document)
    let (range, isWhole) = (parts.records, parts.isWhole)
    precondition(parts.end >= range.upperBound && parts.end <= document.count, "an end outside")
    precondition(document.count == view.count, "the document changed its length")
    precondition(range.lowerBound >= 0 && range.upperBound <= document.count, "a range outside")
    precondition(!isWhole || isDelivery || view.firstOffset(of: 0x5B) != nil)
    for offset in 0..<document.count where document[offset] != view[offset] {
      precondition(
        document[offset] == 0x20 && view[offset] == 0x0A
          || document[offset] == 0x0A && view[offset] == 0x2C, "a byte of a record changed")
    }
  }
}
