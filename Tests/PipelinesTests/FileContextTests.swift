import Bytes
import Detectors
import Documents
import Events
import Pipelines
import Registers
import Testing

/// What is known of a log's files, over more of them than anybody wants to remember.
@Suite struct FileContextTests {
  /// Serves one block at a time, of the file that was added last.
  private final class OneFeed: Feed {
    var parts: [(bytes: [UInt8], file: Int)] = []
    private var (sequence, line, offset) = (0, UInt64(1), UInt64(0))

    func next() -> LineBlock? {
      guard !parts.isEmpty else { return nil }
      let part = parts.removeFirst()
      defer {
        sequence += 1
        line += UInt64(part.bytes.count { $0 == 0x0A })
        offset += UInt64(part.bytes.count)
      }
      return LineBlock(
        stream: 0, sequence: sequence, file: part.file, copyOf: part.bytes, firstLine: line,
        offset: offset)
    }
    func recycle(_ block: LineBlock) {}
  }

  private func context(_ format: LineFormat) -> LineContext {
    LineContext(
      format: format, zone: .utc, years: YearRule(anchor: 1_793_500_000), source: ByteView("web"))
  }

  private static let rules = """
    title: failure
    id: failure
    logsource: {category: authentication}
    detection: {it: {event.action: auth.login, event.outcome: failure}, condition: it}
    level: informational
    ---
    title: burst
    id: burst
    level: high
    message: "{count} from {source.ip}"
    correlation: {type: event_count, rules: [failure], group-by: [source.ip], timespan: 1h, condition: {gte: 12}}
    """

  private static func failures(_ seconds: Range<Int>) -> [UInt8] {
    Array(
      seconds.map {
        "Nov  3 09:14:\($0 < 10 ? "0" : "")\($0) web1 sshd[\($0)]: Failed password for root from "
          + "203.0.113.9 port 4002 ssh2\n"
      }.joined().utf8)
  }

  @Test func `a file of which no line is kept makes room for the next`() async throws {
    var table = FieldTable()
    let (rules, problems) = RuleSet.load(
      documents: [try Document(file: "rules.yaml", text: Self.rules)], fields: &table,
      placeholders: { _ in nil }, policy: { _ in nil })
    #expect(problems.isEmpty)
    let setup = PipelineSetup(
      registers: try Registers([]), rules: rules, mappings: [], table: table, zone: .utc,
      talliesMonths: true)
    let pipeline = Pipeline(setup, streams: [], jobs: 1)
    let feed = OneFeed()
    let stream = pipeline.add(
      PipelineStream(
        name: "web", contexts: [context(.rfc3164)], source: .none, firstTime: .min, feed: feed))
    var findings: [Finding] = []
    func read(_ bytes: [UInt8], _ format: LineFormat) async {
      feed.parts.append((bytes, pipeline.addContext(context(format), to: stream)))
      findings += await pipeline.step()
      _ = pipeline.snapshot(at: 1_793_700_000_000_000_000)
    }
    await read(Self.failures(0..<6), .rfc3164)
    // Files of another kind, each hour another one for half a year.
    for _ in 0..<4000 {
      await read(Array(#"{"time":"2026-11-03T09:20:00Z","a":1}"#.utf8) + [0x0A], .json)
    }
    #expect(pipeline.contextCount(of: stream) < 10)
    await read(Self.failures(10..<16), .rfc3164)
    #expect(findings.map(\.message) == ["12 from 203.0.113.9"])
    // The lines of the first file are read as lines of that file.
    let evidence = try #require(findings.first?.evidence)
    #expect(evidence.count == 10 && evidence.first?.line == 1)
    #expect(evidence.allSatisfy { $0["source.ip"] == "203.0.113.9" && $0["host.name"] == "web1" })
    #expect(pipeline.tallies[stream].total.lines == 4012)
  }
}
