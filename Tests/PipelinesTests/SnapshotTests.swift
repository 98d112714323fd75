import Bytes
import Detectors
import Events
import Pipelines
import Registers
import Testing

/// What one run wrote down and another goes on from.
@Suite struct SnapshotTests {
  /// Serves what it is given, a block a step.
  private final class PartFeed: Feed {
    private let stream: Int
    private var parts: [(bytes: [UInt8], line: UInt64, offset: UInt64)] = []
    private var sequence = 0
    init(_ stream: Int) { self.stream = stream }

    func add(_ bytes: [UInt8], line: UInt64, offset: UInt64) { parts.append((bytes, line, offset)) }

    func next() -> LineBlock? {
      guard !parts.isEmpty else { return nil }
      let part = parts.removeFirst()
      defer { sequence += 1 }
      return LineBlock(
        stream: stream, sequence: sequence, file: 0, copyOf: part.bytes, firstLine: part.line,
        offset: part.offset)
    }
    func recycle(_ block: LineBlock) {}
  }

  /// A log in so many parts of whole lines, and where each stands.
  private struct Log {
    let kind: LogWriter.Kind
    var parts: [(bytes: [UInt8], line: UInt64, offset: UInt64)] = []

    init(_ kind: LogWriter.Kind, _ bytes: [UInt8], parts count: Int) {
      self.kind = kind
      let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
      let size = lines.count / count + 1
      var (number, offset) = (UInt64(1), UInt64(0))
      for start in stride(from: 0, to: lines.count, by: size) {
        let some = lines[start..<min(start + size, lines.count)]
        let text = Array(some.joined(separator: [0x0A])) + [0x0A]
        parts.append((text, number, offset))
        number += UInt64(some.count)
        offset += UInt64(text.count)
      }
    }
  }

  /// Runs the parts step by step, and goes on in a new pipeline after those steps that are named.
  private func run(
    _ logs: [Log], _ setup: PipelineSetup, cuts: Set<Int>
  ) async throws -> [String] {
    var findings: [String: Finding] = [:]
    func pipeline(_ snapshot: [UInt8]?) throws -> (Pipeline, [PartFeed]) {
      let pipeline = Pipeline(setup, streams: [], jobs: 1)
      if let snapshot { #expect(try pipeline.restore(snapshot) == 0) }
      // The logs are found in another order each time.
      var feeds: [PartFeed?] = logs.map { _ in nil }
      for place in snapshot == nil ? Array(logs.indices) : logs.indices.reversed() {
        let number = snapshot == nil ? place : logs.indices.firstIndex(of: place) ?? place
        let feed = PartFeed(number)
        feeds[place] = feed
        let added = pipeline.add(
          PipelineStream(
            name: "\(logs[place].kind)", contexts: [ReadTwins.context(logs[place].kind)],
            chosenBy: "by the test", source: ReadTwins.sources[place % ReadTwins.sources.count],
            firstTime: .min, feed: feed), resuming: "\(logs[place].kind)")
        #expect(added == number)
      }
      return (pipeline, feeds.compactMap(\.self))
    }
    var (current, feeds) = try pipeline(nil)
    for step in 0..<(logs.map(\.parts.count).max() ?? 0) {
      for (place, log) in logs.enumerated() where step < log.parts.count {
        let part = log.parts[step]
        feeds[place].add(part.bytes, line: part.line, offset: part.offset)
      }
      for finding in await current.step() { findings[finding.uid] = finding }
      if cuts.contains(step) {
        (current, feeds) = try pipeline(current.snapshot(at: 1_792_000_000_000_000_000))
      }
    }
    var months: [String] = []
    for month in [24_321, 24_322] {
      let result = current.result(ofMonth: month)
      let tallies = result.tallies
      months.append(
        "\(month) \(tallies.populations) \(result.evictedCount) \(result.overflowCount)")
      months += tallies.people.map { "\($0)" }.sorted() + tallies.systems.map { "\($0)" }.sorted()
      months += tallies.uses.map { "\($0)" }.sorted() + tallies.networks.map { "\($0)" }.sorted()
      months += result.signIns.days.map { "\($0)" }.sorted()
      months += (result.signIns.addresses + result.signIns.systems).map {
        "\($0.name) \($0.count) \($0.userCount) \($0.addressCount)"
      }
      months += result.signIns.unlisted.map {
        "\($0.key) \($0.value.systems.sorted()) \($0.value.seen)"
      }.sorted()
      months.append("\(result.signIns.userCount) \(result.signIns.overflowCount)")
    }
    return findings.values.map { "\($0)" }.sorted() + months
      + current.tallies.map {
        "\($0.days) \($0.reasons) \($0.first ?? 0) \($0.last ?? 0) \($0.inferred)"
      }
  }

  @Test(arguments: ReadTwins.Rules.allCases)
  func `a run that is cut anywhere and goes on comes to the same`(
    _ rules: ReadTwins.Rules
  ) async throws {
    let setup = try ReadTwins.setup(rules, talliesMonths: true)
    var writer = LogWriter(seed: 20_261_128)
    let logs = LogWriter.Kind.allCases.map { Log($0, writer.log($0, lines: 300), parts: 6) }
    let wanted = try await run(logs, setup, cuts: [])
    #expect(wanted.count > 60)
    for cuts in [[0], [2], [4], [5], [1, 3], [0, 1, 2, 3, 4, 5]] as [Set<Int>] {
      let found = try await run(logs, setup, cuts: cuts)
      ReadTwins.compare(found, wanted, "cut after \(cuts.sorted()), \(rules)")
    }
  }

  @Test func `a last success, a bucket and a wait outlast the run`() async throws {
    let setup = try ReadTwins.setup(.gated, talliesMonths: true)
    func sshd(_ time: String, _ text: String) -> String {
      "\(time)Z web1 sshd[7]: \(text) port 4002 ssh2\n"
    }
    // Two of four failures that a bucket needs stand before the cut, and the success of ninety days before.
    let before =
      sshd("2026-07-01T12:00:00", "Accepted publickey for noor from 192.0.2.7")
      + sshd("2026-10-02T12:00:00", "Failed password for root from 203.0.113.9")
      + sshd("2026-10-02T12:00:01", "Failed password for noor from 203.0.113.9")
    let after =
      sshd("2026-10-02T12:00:02", "Failed password for dana from 203.0.113.9")
      + sshd("2026-10-02T12:00:03", "Failed password for kim from 203.0.113.9")
      + sshd("2026-10-02T13:00:00", "Accepted publickey for noor from 192.0.2.7")
      + sshd("2026-10-02T19:00:00", "Accepted publickey for backup from 192.0.2.7")
    let whole = Log(.sshd, Array((before + after).utf8), parts: 1)
    var cut = whole
    cut.parts = [
      (Array(before.utf8), 1, 0), (Array(after.utf8), 4, UInt64(before.utf8.count)),
    ]
    let wanted = try await run([whole], setup, cuts: [])
    let found = try await run([cut], setup, cuts: [0])
    func findings(_ account: [String]) -> [String] { account.filter { $0.hasPrefix("Finding(") } }
    #expect(findings(found) == findings(wanted))
    for detector in ["woken", "bucket", "several-out"] {
      #expect(
        findings(found).contains { $0.contains("detector: \"\(detector)\"") }, "\(detector)")
    }
    // Root, Dana and Kim stayed out; Noor came in within six hours.
    #expect(findings(found).contains { $0.contains("\"several-out\"") && $0.contains("count: 3") })
  }

  private static let now: Int64 = 1_792_000_000_000_000_000

  /// A pipeline that has read one line of each of some logs.
  private func pipeline(_ lines: [String], zone: Zone = .utc) async throws -> Pipeline {
    let setup = PipelineSetup(
      registers: try Registers([]), rules: RuleSet(), mappings: [], table: FieldTable(),
      zone: zone, talliesMonths: true)
    let pipeline = Pipeline(setup, streams: [], jobs: 1)
    for (place, line) in lines.enumerated() {
      let feed = PartFeed(place)
      _ = pipeline.add(
        PipelineStream(
          name: "log \(place)", contexts: [ReadTwins.context(.sshd)], source: .none,
          firstTime: .min, feed: feed))
      feed.add(Array(line.utf8), line: 1, offset: 0)
    }
    _ = await pipeline.step()
    return pipeline
  }

  private func line(_ date: String) -> String {
    "\(date)T12:00:00Z web1 sshd[7]: Failed password for kim from 203.0.113.9 port 4002 ssh2\n"
  }

  private func restored(_ bytes: [UInt8], zone: Zone = .utc) throws -> Pipeline {
    let setup = PipelineSetup(
      registers: try Registers([]), rules: RuleSet(), mappings: [], table: FieldTable(),
      zone: zone, talliesMonths: true)
    let pipeline = Pipeline(setup, streams: [], jobs: 1)
    _ = try pipeline.restore(bytes)
    return pipeline
  }

  @Test func `a line from the future ages no month, and what is long over goes by the clock`()
    async throws
  {
    // The clock stands in October 2026.
    let dates = ["2025-09-03", "2025-10-03", "2026-09-03", "2026-10-03", "2027-08-03"]
    let pipeline = try await pipeline(dates.map(line))
    let after = try restored(pipeline.snapshot(at: SnapshotTests.now))
    #expect(after.months == [24_309, 24_320, 24_321, 24_331])
    #expect(after.result(ofMonth: 24_320).tallies.populations.events == 1)
    #expect(after.result(ofMonth: 24_308).tallies.populations.events == 0)
  }

  @Test func `invented dates make no months`() async throws {
    let pipeline = try await pipeline((1990..<2020).map { line("\($0)-05-03") })
    pipeline.latest = SnapshotTests.now + 366 * 86_400_000_000_000
    #expect(pipeline.months.count == 30)
    let bounded = try await self.pipeline([])
    bounded.latest = SnapshotTests.now + 366 * 86_400_000_000_000
    let feed = PartFeed(0)
    _ = bounded.add(
      PipelineStream(
        name: "x", contexts: [ReadTwins.context(.sshd)], source: .none, firstTime: .min, feed: feed)
    )
    let text = (1990..<2020).map { line("\($0)-05-03") }.joined() + line("2026-10-03")
    feed.add(Array(text.utf8), line: 1, offset: 0)
    _ = await bounded.step()
    #expect(bounded.months == [24_321])
    #expect(bounded.tallies[0].total.parsed == 31)
  }

  @Test func `months that were cut in another zone are known as such`() async throws {
    let bytes = try await pipeline([line("2026-10-03")]).snapshot(at: SnapshotTests.now)
    #expect(try !restored(bytes).isOtherZone)
    #expect(try restored(bytes, zone: Zone(fixedOffsetSeconds: 3600)).isOtherZone)
  }

  @Test func `thousands of logs that are gone keep their counts, and not their places`()
    async throws
  {
    let bytes = try await pipeline(Array(repeating: line("2026-10-03"), count: 2100))
      .snapshot(at: SnapshotTests.now)
    let second = try restored(bytes)
    _ = await second.step()
    let third = try restored(second.snapshot(at: SnapshotTests.now))
    #expect(third.counted.count < 1200)
    #expect(third.tallies.reduce(0) { $0 + $1.total.parsed } == 2100)
    #expect(third.counted.contains { $0.name == "(logs that are gone)" })
  }

  @Test func `a damaged snapshot is refused, whatever the damage`() async throws {
    let setup = try ReadTwins.setup(.late, talliesMonths: true)
    var writer = LogWriter(seed: 7)
    let log = Log(.sshd, writer.log(.sshd, lines: 60), parts: 1)
    let (pipeline, feed) = (Pipeline(setup, streams: [], jobs: 1), PartFeed(0))
    _ = pipeline.add(
      PipelineStream(
        name: "sshd", contexts: [ReadTwins.context(.sshd)], source: .none, firstTime: .min,
        feed: feed))
    feed.add(log.parts[0].bytes, line: 1, offset: 0)
    _ = await pipeline.step()
    let bytes = pipeline.snapshot(at: 1_792_000_000_000_000_000)
    for count in stride(from: 0, to: bytes.count, by: 29) {
      #expect(throws: SnapshotError.self) {
        try Pipeline(setup, streams: [], jobs: 1).restore(Array(bytes[..<count]))
      }
    }
    // Another byte may still be read as some state, or not; it never ends the process.
    var refused = 0
    for place in stride(from: 0, to: bytes.count, by: 13) {
      var spoilt = bytes
      spoilt[place] ^= 0xFF
      let other = Pipeline(setup, streams: [], jobs: 1)
      if (try? other.restore(spoilt)) == nil { refused += 1 }
    }
    #expect(refused > 100)
  }
}
