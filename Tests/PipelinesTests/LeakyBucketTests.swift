import Bytes
import Detectors
import Documents
import Events
import Pipelines
import Registers
import Testing

/// Buckets against the same thing said the other way round: tokens that come back, one failure at a time.
@Suite struct LeakyBucketTests {
  /// One failure or several, a whole second, and where from.
  struct Failure {
    let second: Int
    let weight: Int
    let address: Int
  }

  /// What a burst came to: how many failures, since the bucket was empty and until it was empty again.
  struct Burst: Hashable, Comparable {
    let address: Int
    let start: Int
    let count: Int
    static func < (left: Burst, right: Burst) -> Bool {
      (left.start, left.address) < (right.start, right.address)
    }
  }

  /// Each address has so many tokens at the most, gets one back in so many seconds, and gives one for each failure;
  /// who has none left runs over, until all tokens are back.
  static func naive(_ failures: [Failure], capacity: Int, leak: Int) -> [Burst] {
    var bursts: [Burst] = []
    for address in Set(failures.map(\.address)) {
      // In parts of a token, of which a second brings one.
      var (tokens, last, start, count, runsOver) = (capacity * leak, 0, 0, 0, false)
      func close() {
        if runsOver { bursts.append(Burst(address: address, start: start, count: count)) }
      }
      for failure in failures where failure.address == address {
        tokens = min(capacity * leak, tokens + failure.second - last)
        last = failure.second
        if tokens == capacity * leak {
          close()
          (start, count, runsOver) = (failure.second, 0, false)
        }
        for _ in 0..<failure.weight {
          if tokens >= leak { tokens -= leak } else { (tokens, runsOver) = (0, true) }
        }
        count += failure.weight
      }
      close()
    }
    return bursts.sorted()
  }

  private static func run(_ failures: [Failure], _ rule: String) async throws -> [Burst] {
    var table = FieldTable()
    let text = """
      title: Failure
      id: failure
      logsource: {category: access}
      detection: {a: {event.action: auth.login, event.outcome: failure}, condition: a}
      ---
      title: Bucket
      id: bucket
      subject: [source.ip]
      correlation: \(rule)

      """
    let (rules, problems) = RuleSet.load(
      documents: [try Document(file: "rules.yaml", text: text)], fields: &table,
      placeholders: { _ in nil }, policy: { _ in nil })
    try #require(problems.isEmpty, "\(problems)")
    let setup = PipelineSetup(
      registers: try Registers([]), rules: rules, mappings: [], table: table, zone: .utc)
    let lines = failures.enumerated().map { number, failure in
      let stamp = RFC3339.text(nanoseconds: (base + Int64(failure.second)) * 1_000_000_000)
      return "\(stamp) web1 sshd[\(number + 1)]: message repeated \(failure.weight) times: "
        + "[ Failed password for root from 203.0.113.\(failure.address) port 4002 ssh2]\n"
    }
    let context = LineContext(
      format: .rfc3164, zone: .utc, years: YearRule(anchor: base), source: ByteView("buckets"))
    let stream = PipelineStream(
      name: "buckets", contexts: [context], source: .none, firstTime: .min,
      feed: BlockFeed(Array(lines.joined().utf8), blockBytes: 500))
    let result = await Pipeline(setup, streams: [stream], jobs: 2).run()
    return result.findings.map { finding in
      Burst(
        address: Int(finding.subject.split(separator: ".").last ?? "") ?? -1,
        start: Int(finding.evidence[0].time / 1_000_000_000 - base), count: Int(finding.count))
    }.sorted()
  }
  private static let base: Int64 = 1_790_812_800

  @Test(arguments: [(5, 10), (10, 60), (1, 1), (3, 7), (20, 3)], 0..<3)
  func `a bucket runs over when and as long as tokens are short`(
    _ size: (capacity: Int, leak: Int), _ seed: Int
  ) async throws {
    var random = JSONReaderPropertyTests.Seeded(state: UInt64(20_261_127 + seed))
    func below(_ count: Int) -> Int { Int(random.next() >> 33) % count }
    var (failures, second) = ([Failure](), 0)
    for _ in 0..<200 {
      // Bursts, pauses about as long as a bucket takes to empty, and exact multiples of a leak.
      switch below(40) {
      case 0: second += size.capacity * size.leak - 1 + below(3)
      case 1, 2: second += size.leak
      default: second += below(max(2, size.leak / 2))
      }
      failures.append(Failure(second: second, weight: 1 + below(3) / 2, address: 1 + below(3)))
    }
    let wanted = Self.naive(failures, capacity: size.capacity, leak: size.leak)
    let found = try await Self.run(
      failures,
      "{type: event_count, rules: [failure], group-by: [source.ip], leak: \(size.leak)s, condition: {gt: \(size.capacity)}}"
    )
    #expect(found == wanted, "seed \(20_261_127 + seed)")
    #expect(!wanted.isEmpty)
  }

  @Test func `a bucket and a window count the same lines, and differ in when`() async throws {
    // One each forty seconds: never eleven in five minutes, and never enough for a bucket that leaks faster.
    let steady = (0..<60).map { Failure(second: $0 * 40, weight: 1, address: 1) }
    let bucket =
      "{type: event_count, rules: [failure], group-by: [source.ip], leak: 1m, condition: {gt: 10}}"
    let window =
      "{type: event_count, rules: [failure], group-by: [source.ip], timespan: 5m, condition: {gt: 10}}"
    #expect(try await Self.run(steady, bucket).count == 1)
    #expect(try await Self.run(steady, window).isEmpty)
    // Twelve over four minutes and no more.
    let short = (0..<12).map { Failure(second: $0 * 20, weight: 1, address: 1) }
    #expect(try await Self.run(short, bucket).isEmpty)
    #expect(try await Self.run(short, window).count == 1)
  }
}
