import Bytes
import Detectors
import Documents
import Events
import Pipelines
import Registers
import Testing

/// How far apart in their stream two events may be to change places.
@Suite struct ReachTests {
  private static let rules = """
    title: Failure
    id: failure
    level: informational
    logsource: {category: access}
    detection: {a: {event.action: auth.login, event.outcome: failure}, condition: a}
    ---
    title: Success
    id: success
    level: informational
    logsource: {category: access}
    detection: {a: {event.action: auth.login, event.outcome: success}, condition: a}
    ---
    title: A success after a failure
    id: after
    level: high
    correlation:
      type: temporal_ordered
      rules: [failure, success]
      group-by: [source.ip]
      timespan: 5m
    """

  /// Serves one line a block, each so many bytes behind the one before.
  private final class SparseFeed: Feed {
    private var lines: ArraySlice<Kept>
    private let distance: UInt64
    private var count = 0

    init(_ lines: [String], distance: UInt64) {
      self.lines = lines.map { Kept(Array(($0 + "\n").utf8)) }[...]
      self.distance = distance
    }

    func next() -> LineBlock? {
      guard let line = lines.popFirst() else { return nil }
      defer { count += 1 }
      return LineBlock(
        stream: 0, sequence: count, file: 0, bytes: line.view, firstLine: UInt64(count + 1),
        offset: UInt64(count) * distance, oversized: [], owner: line)
    }

    func recycle(_ block: LineBlock) {}
  }

  private func findings(distance: UInt64) async throws -> [String] {
    var table = FieldTable()
    let (rules, refused) = RuleSet.load(
      documents: [try Document(file: "rules.yaml", text: Self.rules)], fields: &table,
      placeholders: { _ in nil }, policy: { _ in nil })
    #expect(refused.isEmpty)
    let setup = PipelineSetup(
      registers: try Registers([]), rules: rules, mappings: [], table: table, zone: .utc)
    let lines = [
      "2026-11-03T09:15:40Z web1 sshd[7]: Failed password for root from 203.0.113.9 port 22 ssh2",
      // Seventy seconds earlier, and later in the log.
      "2026-11-03T09:14:30Z web1 sshd[8]: Accepted password for root from 203.0.113.9 port 22 ssh2",
    ]
    let context = LineContext(
      format: .rfc3164, zone: .utc, years: YearRule(anchor: 1_794_000_000), source: ByteView("s"))
    let stream = PipelineStream(
      name: "s", contexts: [context], source: .none, firstTime: .min,
      feed: SparseFeed(lines, distance: distance))
    return await Pipeline(setup, streams: [stream], jobs: 1).run().findings.map(\.detector)
  }

  @Test func `a late event goes before an earlier line that is near`() async throws {
    #expect(try await findings(distance: 1 << 20).isEmpty)
  }

  @Test func `a late event never goes before a line that is out of reach`() async throws {
    #expect(try await findings(distance: Merger.reachBytes + 1 << 20) == ["after"])
  }
}
