import Bytes
import Detectors
import Documents
import Events
import Pipelines
import Registers
import Testing

/// The registers as a stream of events beside the logs.
@Suite struct RegisterStreamTests {
  private static let rules = """
    title: Open
    id: open
    logsource: {category: register}
    detection:
      open: {event.action: obligation.open, obligation.kind: offboarding}
      condition: open
    ---
    title: Met
    id: met
    logsource: {category: register}
    detection:
      met: {event.action: obligation.met}
      condition: met
    ---
    title: Disabled
    id: disabled
    logsource: {category: access}
    detection:
      gone: {event.action: [account.delete, account.lock], event.outcome: success}
      condition: gone
    ---
    title: Overdue
    id: overdue
    level: high
    subject: [person.id, user.target.name]
    message: "{user.target.name} was due by {obligation.due}"
    correlation:
      type: event_count
      rules: [open]
      group-by: [user.target.name]
      timespan: due
      condition: {gte: 1}
      unless-followed-by: [met, disabled]
    ---
    title: Soon
    id: soon
    level: low
    subject: [user.target.name]
    correlation:
      type: event_count
      rules: [open]
      group-by: [user.target.name]
      timespan: warn
      condition: {gte: 1}
      unless-followed-by: [met, disabled]
    ---
    title: Dump expected
    id: dump-expected
    logsource: {category: register}
    detection:
      open: {event.action: obligation.open, obligation.kind: backup}
      condition: open
    ---
    title: Dump done
    id: dump-done
    logsource: {category: access}
    detection:
      done: {event.action: account.create}
      condition: done
    ---
    title: Dump missed
    id: dump-missed
    level: high
    subject: [backup.id]
    correlation:
      type: event_count
      rules: [dump-expected]
      group-by: [backup.id]
      aliases: {backup.id: {dump-done: user.target.name}}
      timespan: due
      condition: {gte: 1}
      unless-followed-by: [dump-done]

    """

  static let registers = """
    contractors:
      - {id: c-1, accounts: {"*": [kim]}, engagement: {start: 2026-09-01, end: 2026-10-10}}
      - {id: c-2, accounts: {"*": [lee]}, engagement: {start: 2026-09-01, end: 2026-10-11}}
      - {id: c-3, accounts: {"*": [ada]}, engagement: {start: 2026-09-01, end: 2026-10-11}}
    backups:
      - {id: b1, name: Dump, systems: [db1], jobs: [j], interval: 24h, last_success: "2026-10-09T00:00:00Z"}

    """

  private static func setup(
    _ text: String = registers, rules: String = rules
  ) throws -> PipelineSetup {
    var table = FieldTable()
    let (loaded, refused) = RuleSet.load(
      documents: [try Document(file: "rules.yaml", text: rules)], fields: &table,
      placeholders: { _ in nil }, policy: { _ in nil })
    #expect(refused.isEmpty, "\(refused)")
    return PipelineSetup(
      registers: try Registers([("some/where/registers.yaml", text)]), rules: loaded, mappings: [],
      table: table, zone: .utc)
  }

  private static let context = LineContext(
    format: .rfc3164, zone: .utc, years: YearRule(anchor: 1_793_491_200),
    source: ByteView("auth.log"))

  private static func line(_ day: Int, _ clock: String, _ text: String) -> String {
    "2026-10-\(day < 10 ? "0" : "")\(day)T\(clock)Z web1 \(text)\n"
  }

  /// A log of some days: a tick each hour, and a few revocations and dumps.
  private static let log: [String] = {
    var lines: [String] = []
    for hour in 0..<24 * 8 {
      let (day, clock) = (9 + hour / 24, "\(hour % 24 < 10 ? "0" : "")\(hour % 24):00:00")
      lines.append(line(day, clock, "cron[7]: tick \(hour)"))
      if hour == 60 { lines.append(line(day, clock, "userdel[9]: delete user 'lee'")) }
      if [20, 50, 150].contains(hour) {
        lines.append(
          line(day, clock, "useradd[9]: new user: name=b1, UID=1, GID=1, home=/, shell=/"))
      }
    }
    return lines
  }()

  private static func text(_ findings: [Finding]) -> [String] {
    findings.map { finding in
      "\(finding.detector) \(finding.subject) \(RFC3339.text(nanoseconds: finding.start)) "
        + "\(RFC3339.text(nanoseconds: finding.end)) \(finding.count) \(finding.uid) "
        + finding.evidence.map { "\($0.source):\($0.line) \($0.raw)" }.joined(separator: " | ")
    }.sorted()
  }

  private static func brief(_ findings: [Finding]) -> [String] {
    findings.map {
      "\($0.detector) \($0.subject) \(RFC3339.text(nanoseconds: $0.start))"
    }.sorted()
  }

  private static func run(
    _ setup: PipelineSetup, _ logs: [[String]] = [log], jobs: Int = 1, blockBytes: Int = .max,
    end: String? = nil
  ) async throws -> PipelineResult {
    let streams = logs.enumerated().map { place, lines in
      PipelineStream(
        name: "auth\(place).log", contexts: [context], source: .none, firstTime: .min,
        feed: BlockFeed(
          Array(lines.joined().utf8), stream: place, blockBytes: blockBytes))
    }
    let pipeline = Pipeline(setup, streams: streams, jobs: jobs)
    pipeline.end = end.flatMap { RFC3339.nanoseconds(of: $0) }
    return await pipeline.run()
  }

  private static let wanted = [
    "dump-missed b1 2026-10-12T14:00:00Z", "dump-missed b1 2026-10-16T18:00:00Z",
    "overdue c-1 · kim 2026-10-12T00:00:00Z", "overdue c-3 · ada 2026-10-13T00:00:00Z",
    "soon ada 2026-10-12T18:00:00Z", "soon kim 2026-10-11T18:00:00Z",
  ]

  @Test func `what was not done is found at its due time, and what was done is not`() async throws {
    let result = try await RegisterStreamTests.run(try RegisterStreamTests.setup())
    #expect(RegisterStreamTests.brief(result.findings) == RegisterStreamTests.wanted)
  }

  @Test(arguments: [(1, 1), (1, 100), (2, 64), (4, 1000), (8, 1)])
  func `for any jobs and chunks the same bytes`(_ jobs: Int, _ blockBytes: Int) async throws {
    let setup = try RegisterStreamTests.setup()
    let whole = RegisterStreamTests.text(try await RegisterStreamTests.run(setup).findings)
    let parts = try await RegisterStreamTests.run(setup, jobs: jobs, blockBytes: blockBytes)
    #expect(RegisterStreamTests.text(parts.findings) == whole)
  }

  @Test(arguments: [(1, 1), (3, 50), (4, 10_000)])
  func `merged by time with every log`(_ jobs: Int, _ blockBytes: Int) async throws {
    let setup = try RegisterStreamTests.setup()
    var logs: [[String]] = [[], [], []]
    for (place, line) in RegisterStreamTests.log.enumerated() {
      logs[place / 100 + (line.contains("useradd") ? 1 : 0)].append(line)
    }
    let result = try await RegisterStreamTests.run(
      setup, logs.map { $0.sorted() }, jobs: jobs, blockBytes: blockBytes)
    #expect(RegisterStreamTests.brief(result.findings) == RegisterStreamTests.wanted)
  }

  @Test func `its entries are no lines, and evidence names the row and not where it stands`()
    async throws
  {
    let result = try await RegisterStreamTests.run(try RegisterStreamTests.setup())
    #expect(result.streams.count == 1)
    #expect(result.streams[0].total.lines == UInt64(RegisterStreamTests.log.count))
    let finding = try #require(result.findings.first { $0.subject.hasPrefix("c-1") })
    let evidence = try #require(finding.evidence.first)
    #expect(evidence.source == "registers" && evidence.line == 0)
    #expect(
      evidence.raw
        == #"{"register":"contractors","file":"registers.yaml","row":"c-1","action":"obligation.open","kind":"offboarding","id":"c-1/kim","due":"2026-10-12T00:00:00Z","warn":"2026-10-11T18:00:00Z","person":"c-1","person_kind":"contractor","account":"kim","note":"the account kim is revoked on every system"}"#
    )
    #expect(evidence["person.id"] == "c-1" && evidence["obligation.id"] == "c-1/kim")
    #expect(finding.message == "kim was due by 2026-10-12T00:00:00Z")
    // Rows above it change nothing, nor where the registers are.
    let moved = try RegisterStreamTests.setup(
      RegisterStreamTests.registers.replacing(
        "contractors:\n",
        with: "contractors:\n  - {id: c-0, engagement: {start: 2026-01-01, end: 2026-01-02}}\n"))
    let again = try await RegisterStreamTests.run(moved)
    #expect(
      RegisterStreamTests.text(again.findings) == RegisterStreamTests.text(result.findings))
  }

  @Test func `a last success in a log is evidence beside the row`() async throws {
    let result = try await RegisterStreamTests.run(try RegisterStreamTests.setup())
    let missed = result.findings.filter { $0.detector == "dump-missed" }
    try #require(missed.map(\.evidence.count) == [2, 2])
    #expect(missed[0].evidence.contains { $0.raw.contains("2026-10-11T02:00:00Z") })
  }

  @Test func `nothing is told from before the first line and after the last, save up to an end`()
    async throws
  {
    let setup = try RegisterStreamTests.setup()
    let few = [
      RegisterStreamTests.line(12, "00:00:00", "cron[7]: tick"),
      RegisterStreamTests.line(12, "12:00:00", "cron[7]: tick"),
    ]
    let short = try await RegisterStreamTests.run(setup, [few])
    #expect(short.findings.isEmpty)
    let longer = try await RegisterStreamTests.run(setup, [few], end: "2026-10-13T00:00:00Z")
    #expect(
      RegisterStreamTests.brief(longer.findings) == [
        "overdue c-2 · lee 2026-10-13T00:00:00Z", "overdue c-3 · ada 2026-10-13T00:00:00Z",
        "soon ada 2026-10-12T18:00:00Z", "soon lee 2026-10-12T18:00:00Z",
      ])
    let none = try await RegisterStreamTests.run(setup, [[]], end: "2026-10-13T00:00:00Z")
    #expect(none.findings.isEmpty)
  }

  @Test func `no log can say what the registers say`() async throws {
    let setup = try RegisterStreamTests.setup()
    let lines =
      RegisterStreamTests.log + [
        RegisterStreamTests.line(
          17, "00:00:00",
          #"app: {"event.category":"register","event.action":"obligation.met","user.target.name":"kim"}"#
        )
      ]
    let result = try await RegisterStreamTests.run(setup, [lines])
    #expect(RegisterStreamTests.brief(result.findings) == RegisterStreamTests.wanted)
  }

  // MARK: Runs without an end

  /// Serves what it is given.
  private final class PartFeed: Feed {
    var parts: [[String]] = []
    private var (sequence, line, offset) = (0, UInt64(1), UInt64(0))

    /// A feed that goes on where another stopped.
    init(after other: PartFeed? = nil) {
      if let other { (line, offset) = (other.line, other.offset) }
    }

    func next() -> LineBlock? {
      guard !parts.isEmpty else { return nil }
      let bytes = Array(parts.removeFirst().joined().utf8)
      defer {
        sequence += 1
        line += UInt64(bytes.count { $0 == 0x0A })
        offset += UInt64(bytes.count)
      }
      return LineBlock(
        stream: 0, sequence: sequence, file: 0, copyOf: bytes, firstLine: line, offset: offset)
    }
    func recycle(_ block: LineBlock) {}
  }

  private static func stream(_ feed: PartFeed) -> PipelineStream {
    PipelineStream(
      name: "auth0.log", contexts: [context], source: .none, firstTime: .min, feed: feed)
  }

  @Test(arguments: [[], [0], [3], [1, 4, 6], [0, 1, 2, 3, 4, 5, 6, 7]] as [Set<Int>])
  func `a run that is cut anywhere and goes on tells the same, each once`(_ cuts: Set<Int>)
    async throws
  {
    let setup = try RegisterStreamTests.setup()
    let whole = RegisterStreamTests.text(try await RegisterStreamTests.run(setup).findings)
    var told: [Finding] = []
    var (pipeline, feed) = (Pipeline(setup, streams: [], jobs: 1), PartFeed())
    #expect(pipeline.add(RegisterStreamTests.stream(feed)) == 0)
    let size = RegisterStreamTests.log.count / 7
    for step in 0..<8 {
      let start = step * size
      feed.parts = [
        Array(RegisterStreamTests.log[start..<min(start + size, RegisterStreamTests.log.count)])
      ]
      told += await pipeline.step()
      guard cuts.contains(step) else { continue }
      let bytes = pipeline.snapshot(at: 1_792_000_000_000_000_000)
      (pipeline, feed) = (Pipeline(setup, streams: [], jobs: 1), PartFeed(after: feed))
      #expect(try pipeline.restore(bytes) == 0)
      #expect(pipeline.add(RegisterStreamTests.stream(feed), resuming: "auth0.log") == 0)
    }
    #expect(RegisterStreamTests.text(told) == whole)
  }

  private static func clock(_ text: String) -> Int64 {
    (RFC3339.nanoseconds(of: text) ?? 0) + Pipeline.settling
  }

  @Test func `where there is a clock, a log that says nothing holds nothing up`() async throws {
    let (pipeline, feed) = (
      Pipeline(try RegisterStreamTests.setup(), streams: [], jobs: 1), PartFeed()
    )
    _ = pipeline.add(RegisterStreamTests.stream(feed))
    pipeline.clock = RegisterStreamTests.clock("2026-10-11T17:00:00Z")
    #expect(await pipeline.step().isEmpty)
    pipeline.clock = RegisterStreamTests.clock("2026-10-11T17:59:59Z")
    #expect(await pipeline.step().isEmpty)
    pipeline.clock = RegisterStreamTests.clock("2026-10-11T18:00:00Z")
    #expect(
      RegisterStreamTests.brief(await pipeline.step()) == ["soon kim 2026-10-11T18:00:00Z"])
    #expect(await pipeline.step().isEmpty)
    // A line from the future moves no clock.
    feed.parts = [[RegisterStreamTests.line(13, "10:00:00", "cron[7]: tick")]]
    #expect(await pipeline.step().isEmpty)
    pipeline.clock = RegisterStreamTests.clock("2026-10-12T00:00:00Z")
    #expect(
      RegisterStreamTests.brief(await pipeline.step()) == ["overdue c-1 · kim 2026-10-12T00:00:00Z"]
    )
  }

  @Test func `changed registers count from when they are read: each is told once`() async throws {
    func step(
      _ pipeline: Pipeline, _ time: String, to findings: inout [String]
    ) async {
      pipeline.clock = RegisterStreamTests.clock(time)
      findings += RegisterStreamTests.brief(await pipeline.step())
    }
    var told: [String] = []
    var pipeline = Pipeline(try RegisterStreamTests.setup(), streams: [], jobs: 1)
    await step(pipeline, "2026-10-11T20:00:00Z", to: &told)
    #expect(told == ["soon kim 2026-10-11T20:00:00Z"])
    // One is done by now, one lasts longer, one is new, and one is gone.
    let changed = """
      contractors:
        - {id: c-1, accounts: {"*": [kim]}, engagement: {start: 2026-09-01, end: 2026-10-10}, offboarding: {completed_at: "2026-10-11T12:00:00Z", ref: w}}
        - {id: c-2, accounts: {"*": [lee]}, engagement: {start: 2026-09-03, end: 2026-10-14}}
        - {id: c-4, accounts: {"*": [new]}, engagement: {start: 2026-09-01, end: 2026-10-10}}

      """
    for _ in 0..<3 {
      let bytes = pipeline.snapshot(at: RegisterStreamTests.clock("2026-10-11T20:00:00Z"))
      pipeline = Pipeline(try RegisterStreamTests.setup(changed), streams: [], jobs: 1)
      #expect(try pipeline.restore(bytes) == 0)
      await step(pipeline, "2026-10-11T20:00:00Z", to: &told)
    }
    for day in 12...17 { await step(pipeline, "2026-10-\(day)T00:00:00Z", to: &told) }
    #expect(
      told == [
        "soon kim 2026-10-11T20:00:00Z", "soon new 2026-10-11T20:00:00Z",
        "overdue c-4 · new 2026-10-12T00:00:00Z", "overdue c-2 · lee 2026-10-16T00:00:00Z",
        "soon lee 2026-10-15T18:00:00Z",
      ])
  }

  @Test func `rules that come later look ahead, and not at what is long over`() async throws {
    let without =
      "title: A\nid: a\nlogsource: {category: access}\ndetection: {a: {event.action: nothing}, condition: a}\n"
    let first = Pipeline(try RegisterStreamTests.setup(rules: without), streams: [], jobs: 1)
    let feed = PartFeed()
    _ = first.add(RegisterStreamTests.stream(feed))
    feed.parts = [RegisterStreamTests.log]
    #expect(await first.step().isEmpty)
    let next = Pipeline(try RegisterStreamTests.setup(), streams: [], jobs: 1)
    _ = try next.restore(first.snapshot(at: 1_792_000_000_000_000_000))
    next.clock = RegisterStreamTests.clock("2026-10-17T00:00:00Z")
    #expect(await next.step().isEmpty)
    next.clock = RegisterStreamTests.clock("2026-10-18T12:00:00Z")
    #expect(
      RegisterStreamTests.brief(await next.step()) == ["dump-missed b1 2026-10-18T12:00:00Z"])
  }

  @Test(arguments: [
    ("timespan: due", "timespan: dew", "`dew` is no duration"),
    ("  unless-followed-by: [met, disabled]\n---\ntitle: Soon", "---\ntitle: Soon", "ends a wait"),
  ])
  func `a deadline that waits for nothing, or is none, is refused`(
    _ old: String, _ new: String, _ message: String
  ) throws {
    var table = FieldTable()
    let text = RegisterStreamTests.rules.replacing(old, with: new, maxReplacements: 1)
    let (_, refused) = RuleSet.load(
      documents: [try Document(file: "rules.yaml", text: text)], fields: &table,
      placeholders: { _ in nil }, policy: { _ in nil })
    #expect(refused.contains { $0.message.contains(message) }, "\(refused)")
  }
}
