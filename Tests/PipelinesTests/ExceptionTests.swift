import Bytes
import Detectors
import Documents
import Events
@_spi(Oracle) import Pipelines
import Registers
import Testing

/// What exceptions of the approvals register lift, and what they do not.
@Suite struct ExceptionTests {
  private static let base = """
    title: Failure
    id: failure
    controls: [row-1]
    subject: [user.name, system.id]
    logsource: {category: access}
    detection: {a: {event.action: auth.login, event.outcome: failure}, condition: a}

    """
  private static let burst =
    base + """
      ---
      title: Burst
      id: burst
      controls: [row-2]
      subject: [source.ip]
      correlation: {type: event_count, rules: [failure], group-by: [source.ip], timespan: 5m, condition: {gte: 3}, generate: true}
      """
  private static let requests = """
    title: Request
    id: request
    logsource: {category: access}
    detection: {a: {event.action: http.request}, condition: a}
    ---
    title: Rate
    id: rate
    controls: [row-3]
    correlation: {type: event_count, rules: [request], group-by: [source.ip], per: 1m, condition: {gte: 2}}
    """
  private static let backups = """
    title: Dump expected
    id: dump-expected
    logsource: {category: register}
    detection: {a: {event.action: obligation.open, obligation.kind: backup}, condition: a}
    ---
    title: Dump done
    id: dump-done
    logsource: {category: access}
    detection: {a: {event.action: account.create}, condition: a}
    ---
    title: Dump missed
    id: missed
    controls: [row-4]
    subject: [backup.id]
    correlation: {type: event_count, rules: [dump-expected], group-by: [backup.id], aliases: {backup.id: {dump-done: user.target.name}}, timespan: due, condition: {gte: 1}, unless-followed-by: [dump-done]}
    """

  /// Registers with one exception.
  private static func registers(
    _ subject: String, _ control: String, at given: String = "2026-10-01T00:00:00Z",
    from: String = "2026-10-01", until: String = "2026-10-31", more: String = ""
  ) -> String {
    """
    people:
      - {id: p-1, name: Dana, kind: employee, employment: {start: 2020-01-01}, roles: ["approver:contractor"], accounts: {"*": [dana]}}
      - {id: p-2, name: Lee, kind: employee, employment: {start: 2020-01-01}, accounts: {"*": [lee]}}
    infrastructure:
      - {id: web1, kind: host, names: [web1], environment: production}
      - {id: web2, kind: host, names: [web2], environment: staging}
      - {id: lab, kind: network, addresses: [203.0.113.0/24], environment: test}
    backups:
      - {id: b1, name: Dump, systems: [web1], jobs: [j], interval: 24h, last_success: "2026-10-09T00:00:00Z"}
    approvals:
      - {id: x-1, type: exception, subject: \(subject), control: \(control), from: \(from), until: \(until), approved_by: p-1, approved_at: "\(given)", ref: WP-1\(more)}
    """
  }

  private static func setup(_ rules: String, _ registers: String) throws -> PipelineSetup {
    var table = FieldTable()
    let (loaded, refused) = RuleSet.load(
      documents: [try Document(file: "rules.yaml", text: rules)], fields: &table,
      placeholders: { _ in nil }, policy: { _ in nil })
    #expect(refused.isEmpty, "\(refused)")
    return PipelineSetup(
      registers: try Registers([("registers.yaml", registers)]), rules: loaded, mappings: [],
      table: table, zone: .utc)
  }

  private static func pipeline(
    _ setup: PipelineSetup, _ lines: [String], system: String? = nil, jobs: Int = 1,
    blockBytes: Int = .max
  ) -> Pipeline {
    let isAccess = lines[0].contains("\"GET")
    let context = LineContext(
      format: isAccess ? .access : .rfc3164, zone: .utc,
      years: YearRule(anchor: 1_793_491_200), source: ByteView("a.log"))
    let stream = PipelineStream(
      name: "a.log", contexts: [context],
      source: SourceContext(system: system.map { ByteView(immortal: $0) }, environment: nil),
      firstTime: .min,
      feed: BlockFeed(Array(lines.map { $0 + "\n" }.joined().utf8), blockBytes: blockBytes))
    return Pipeline(setup, streams: [stream], jobs: jobs)
  }

  /// The subjects of what a rule finds.
  private static func found(
    _ rule: String, _ rules: String, _ registers: String, _ lines: [String], system: String? = nil
  ) async throws -> [String] {
    let result = await pipeline(try setup(rules, registers), lines, system: system).run()
    return result.findings.filter { $0.detector == rule }.map(\.subject).sorted()
  }

  private static func failed(_ user: String, _ host: String, _ minute: Int) -> String {
    "2026-10-12T09:\(10 + minute):07Z \(host) sshd[\(minute)]: Failed password for \(user) from 203.0.113.5 port 5 ssh2"
  }

  @Test(
    arguments: [
      ("p-2", "row-1", "", ["dana · web1"]), ("web1", "row-1", "", ["lee · web2"]),
      ("p-2", "failure", "", ["dana · web1"]), ("p-2", "row-2", "", nil),
      ("p-2", "row-1", ", systems: [web1]", nil),
      ("p-2", "row-1", ", systems: [web2]", ["dana · web1"]),
      ("p-2", "row-1", ", environments: [staging]", ["dana · web1"]),
      ("p-2", "row-1", ", environments: [production]", nil),
      // The network from which it came.
      ("lab", "row-1", "", []), ("p-3", "row-1", "", nil),
    ] as [(String, String, String, [String]?)])
  func `an exception lifts what it names, for whom or what it is`(
    _ subject: String, _ control: String, _ more: String, _ left: [String]?
  ) async throws {
    let lines = [
      ExceptionTests.failed("dana", "web1", 1), ExceptionTests.failed("lee", "web2", 2),
    ]
    let found = try await ExceptionTests.found(
      "failure", ExceptionTests.base, ExceptionTests.registers(subject, control, more: more), lines)
    #expect(found == left ?? ["dana · web1", "lee · web2"])
  }

  @Test(arguments: [
    ("2026-10-12T09:12:07Z", "2026-10-01", "2026-10-12", true),
    ("2026-10-12T09:12:08Z", "2026-10-01", "2026-10-12", false),
    ("2026-10-01T00:00:00Z", "2026-10-01", "2026-10-11", false),
    ("2026-10-01T00:00:00Z", "2026-10-13", "2026-10-14", false),
  ])
  func `it holds from when it was given, and for its days`(
    _ given: String, _ from: String, _ until: String, _ isLifted: Bool
  ) async throws {
    let found = try await ExceptionTests.found(
      "failure", ExceptionTests.base,
      ExceptionTests.registers("p-2", "row-1", at: given, from: from, until: until),
      [ExceptionTests.failed("lee", "web2", 2)])
    #expect(found == (isLifted ? [] : ["lee · web2"]))
  }

  @Test func `a count is lifted when each of its lines is`() async throws {
    func lines(_ hosts: String...) -> [String] {
      hosts.enumerated().map { ExceptionTests.failed("lee", $1, $0 + 1) }
    }
    let registers = ExceptionTests.registers("web1", "row-2")
    let all = try await ExceptionTests.found(
      "burst", ExceptionTests.burst, registers, lines("web1", "web1", "web1", "web1"))
    #expect(all == [])
    let some = try await ExceptionTests.found(
      "burst", ExceptionTests.burst, registers, lines("web1", "web2", "web1"))
    #expect(some == ["203.0.113.5"])
    // What is counted is not lifted with the count.
    let single = try await ExceptionTests.found(
      "failure", ExceptionTests.burst, registers, lines("web1", "web1", "web1"))
    #expect(single == ["lee · web1"])
  }

  @Test func `what the clock counts is lifted by who asked and by whose log it is`() async throws {
    let lines = (0..<3).map {
      "203.0.113.9 - - [12/Oct/2026:09:14:0\($0) +0000] \"GET /\($0) HTTP/1.1\" 200 146 \"-\" \"Mozilla/5.0\""
    }
    func found(_ subject: String) async throws -> [String] {
      try await ExceptionTests.found(
        "rate", ExceptionTests.requests, ExceptionTests.registers(subject, "row-3"), lines,
        system: "web1")
    }
    #expect(try await found("web1") == [])
    #expect(try await found("lab") == [])
    #expect(try await found("web2") == ["203.0.113.9"])
  }

  @Test func `what did not come is lifted as of when it was due`() async throws {
    let lines = [
      "2026-10-09T01:00:00Z web2 useradd[9]: new user: name=b1, UID=1, GID=1, home=/, shell=/",
      "2026-10-12T00:00:00Z web2 cron[7]: tick",
    ]
    func found(_ subject: String, _ given: String) async throws -> [String] {
      try await ExceptionTests.found(
        "missed", ExceptionTests.backups, ExceptionTests.registers(subject, "row-4", at: given),
        lines)
    }
    #expect(try await found("web2", "2026-10-01T00:00:00Z") == ["b1"])
    #expect(try await found("b1", "2026-10-01T00:00:00Z") == [])
    // Due a day and a half after the last success.
    #expect(try await found("b1", "2026-10-10T12:00:00Z") == [])
    #expect(try await found("b1", "2026-10-10T14:00:00Z") == ["b1"])
  }

  private static let mixed = (0..<40).map { number in
    failed(["lee", "dana", "zoe"][number % 3], ["web1", "web2"][number / 20], number)
  }

  @Test(arguments: [(1, 1), (2, 300), (4, 1)])
  func `what was lifted is counted, the same for any jobs, chunks and memory`(
    _ jobs: Int, _ blockBytes: Int
  ) async throws {
    let setup = try ExceptionTests.setup(
      ExceptionTests.burst, ExceptionTests.registers("web1", "row-1"))
    let whole = await ExceptionTests.pipeline(setup, ExceptionTests.mixed).run()
    let row = try #require(whole.lifted.rows.first { $0.key.person == "p-2" })
    #expect(row.value.count == 7 && row.key.month == 2026 * 12 + 9)
    #expect(
      [row.key.exception, row.key.detector, row.key.system] == ["x-1", "failure", "web1"])
    #expect(whole.lifted.rows.count == 3 && whole.lifted.overflowCount == 0)
    #expect(whole.lifted.sentences == ["the approval x-1 lifts failure"])
    let pipeline = ExceptionTests.pipeline(
      setup, ExceptionTests.mixed, jobs: jobs, blockBytes: blockBytes)
    pipeline.isPlain = jobs == 1
    let parts = await pipeline.run()
    #expect(parts.lifted.rows == whole.lifted.rows)
    #expect(parts.findings.map(\.uid) == whole.findings.map(\.uid))
  }

  @Test func `a snapshot keeps what was lifted, by month`() async throws {
    let setup = try ExceptionTests.setup(
      ExceptionTests.burst, ExceptionTests.registers("web1", "row-1"))
    let first = ExceptionTests.pipeline(setup, ExceptionTests.mixed)
    _ = await first.step()
    let next = Pipeline(setup, streams: [], jobs: 1)
    #expect(try next.restore(first.snapshot(at: 1_791_849_600_000_000_000)) == 0)
    let month = 2026 * 12 + 9
    let kept = next.result(ofMonth: month).lifted
    #expect(kept.rows.count == 3 && kept.rows == first.result(ofMonth: month).lifted.rows)
    #expect(next.result(ofMonth: month + 1).lifted.rows.isEmpty)
  }
}
