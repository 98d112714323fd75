import Bytes
import Detectors
import Events
import Pipelines
import Registers
import Testing

/// Serves one block.
private final class OneBlock: Feed {
  private final class Text: Sendable {
    let view: ByteView
    init(_ text: String) { view = ByteView(immortal: text) }
  }
  private var text: Text?
  init(_ lines: [String]) { text = Text(lines.map { $0 + "\n" }.joined()) }

  func next() -> LineBlock? {
    defer { text = nil }
    return text.map {
      LineBlock(
        stream: 0, sequence: 0, file: 0, bytes: $0.view, firstLine: 1, offset: 0, oversized: [],
        owner: $0)
    }
  }
  func recycle(_ block: LineBlock) {}
}

private func line(_ day: String, _ action: String) -> String {
  "<86>1 \(day)T12:00:00Z web1 sshd 1 - - \(action) for kim from 10.0.0.4 port 1 ssh2"
}

private let day: Int64 = 86_400_000_000_000
/// 2026-10-02, in days since 1970.
private let second: Int64 = 20_728

@Suite struct TalliedMonthTests {
  private func run(tallied: Range<Int64>?) async throws -> PipelineResult {
    let registers = try Registers([
      (
        "r.yaml",
        """
        contractors: [{id: c-1, name: Kim, accounts: {"*": [kim]}, engagement: {start: 2026-09-20, end: 2026-10-20}}]
        infrastructure: [{id: web1, kind: host, names: [web1], addresses: [10.0.0.4], environment: staging}]
        """
      )
    ])
    let setup = PipelineSetup(
      registers: registers, rules: RuleSet(), mappings: [], table: FieldTable(), zone: .utc,
      tallied: tallied)
    let feed = OneBlock([
      line("2026-10-01", "Accepted publickey"), line("2026-10-02", "Accepted publickey"),
      line("2026-10-02", "Failed password"), line("2026-10-03", "Accepted publickey"),
    ])
    let context = LineContext(
      format: .rfc5424, zone: .utc, years: YearRule(anchor: second * 86_400), source: ByteView(immortal: "s"))
    let stream = PipelineStream(
      name: "s", contexts: [context], source: .none, firstTime: .min, feed: feed)
    return await Pipeline(setup, streams: [stream], jobs: 1).run()
  }

  @Test func `tallies count the events of the window and no others`() async throws {
    let result = try await run(tallied: second * day..<(second + 1) * day)
    #expect(result.streams[0].total.parsed == 4)
    #expect(result.tallies.populations.events == 2)
    #expect(result.tallies.populations.contractors == 1)
    #expect(result.tallies.people["c-1"]?.count == 1)
    #expect(result.tallies.networks["web1"]?.count == 2)
    #expect(result.signIns.days.keys.sorted() == [Int(second)])
    #expect(result.signIns.addresses.map(\.name) == ["10.0.0.4"])
    #expect(result.signIns.addresses.first?.count.successes == 1)
    #expect(result.signIns.addresses.first?.count.failures == 1)
    #expect(result.signIns.systems.map(\.name) == ["web1"])
    #expect(result.signIns.systems.first?.userCount == 1)
  }

  @Test func `without a window every event is counted`() async throws {
    let result = try await run(tallied: nil)
    #expect(result.tallies.populations.events == 4)
    #expect(result.signIns.days.count == 3)
    #expect(result.signIns.userCount == 1)
  }
}
