import Bytes
import Detectors
import Documents
import Events
import Pipelines
import Registers
import Testing

/// Correlations over what events measure, and those that are judged when a window closes.
@Suite struct MeasureTests {
  private static let base = """
    title: Transfer
    id: transfer
    name: transfer
    logsource: {category: access}
    detection: {a: {kind: transfer}, condition: a}
    ---
    title: Start
    name: start
    logsource: {category: access}
    detection: {a: {kind: start}, condition: a}
    ---
    title: End
    name: end
    logsource: {category: access}
    detection: {a: {kind: end}, condition: a}
    ---

    """

  private static let mapping = """
    mapping: own
    format: json
    fields: {"@timestamp": time}
    """

  /// A line: seconds after the log's beginning, who, how much, and what kind of event.
  private struct Line {
    var seconds: Int
    var user = "kim"
    var size: String?
    var kind = "transfer"

    init(_ seconds: Int, _ size: String? = nil, user: String = "kim", kind: String = "transfer") {
      (self.seconds, self.size, self.user, self.kind) = (seconds, size, user, kind)
    }

    var text: String {
      let size = size.map { #","size":\#($0)"# } ?? ""
      return #"{"time":\#(1_790_000_000 + seconds),"kind":"\#(kind)","who":"\#(user)"\#(size)}"#
    }
  }

  private func findings(_ correlation: String, _ lines: [Line]) async throws -> [String] {
    try await findings(correlation, of: lines)
  }

  /// The findings, each with its start and end in seconds and what was measured; they do not depend on blocks.
  private func findings(_ correlations: String..., of lines: [Line]) async throws -> [String] {
    var table = FieldTable()
    let rules = correlations.enumerated().map { place, correlation in
      """
      title: Measure
      id: measure\(place == 0 ? "" : "-\(place)")
      message: "{who} {value_count}"
      correlation: \(correlation)
      """
    }.joined(separator: "\n---\n")
    let (mappings, refused) = MappingLoader.load(
      try Document(file: "own.yaml", text: Self.mapping), table: &table)
    #expect(refused.isEmpty)
    let (set, problems) = RuleSet.load(
      documents: [try Document(file: "rules.yaml", text: Self.base + rules)], fields: &table,
      placeholders: { _ in nil }, policy: { _ in nil })
    for problem in problems { Issue.record("\(problem)") }
    let setup = PipelineSetup(
      registers: try Registers([]), rules: set, mappings: mappings, table: table, zone: .utc)
    let bytes = Array(lines.map { $0.text + "\n" }.joined().utf8)
    let context = LineContext(
      format: .json, zone: .utc, years: YearRule(anchor: 1_794_000_000), source: ByteView("s"))
    var results: [[String]] = []
    for (size, jobs) in [(Int.max, 1), (1, 1), (200, 2)] {
      let stream = PipelineStream(
        name: "s", contexts: [context], source: .none, firstTime: .min,
        feed: BlockFeed(bytes, blockBytes: size))
      let found = await Pipeline(setup, streams: [stream], jobs: jobs).run().findings
      results.append(
        found.filter { $0.detector.hasPrefix("measure") }.map { finding in
          func seconds(_ time: Int64) -> Int64 { time / 1_000_000_000 - 1_790_000_000 }
          return "\(finding.detector) \(seconds(finding.start))-\(seconds(finding.end)) "
            + "×\(finding.count) \(finding.message)"
        })
    }
    #expect(results[0] == results[1] && results[0] == results[2])
    return results[0]
  }

  private static let body = "rules: [transfer], group-by: [who], timespan: 1m"

  @Test func `a sum fires once when it passes the bound, and again when the group was quiet`()
    async throws
  {
    let lines = [
      Line(0, "40"), Line(10, "50"), Line(20, "20"), Line(30, "1"), Line(50, "1", user: "dana"),
      // Quiet for more than a minute; 70 of the last minute and 40 are enough again.
      Line(200, "70"), Line(230, "40"),
    ]
    let found = try await findings(
      "{type: value_sum, \(Self.body), condition: {field: size, gt: 100}}", lines)
    #expect(found == ["measure 0-30 ×4 kim 111", "measure 200-230 ×2 kim 110"])
  }

  @Test func `a window slides, and what has left it does not count`() async throws {
    let lines = [Line(0, "90"), Line(59, "5"), Line(61, "20"), Line(62, "80")]
    let found = try await findings(
      "{type: value_sum, \(Self.body), condition: {field: size, gte: 100}}", lines)
    #expect(found == ["measure 59-62 ×3 kim 105"])
  }

  @Test(arguments: [
    ("{type: value_avg, BODY, condition: {field: size, gte: 30}}", "measure 0-2 ×3 kim 35"),
    ("{type: value_median, BODY, condition: {field: size, gte: 20}}", "measure 0-2 ×3 kim 35"),
    (
      "{type: value_percentile, BODY, condition: {field: size, percentile: 90, gt: 59}}",
      "measure 0-2 ×3 kim 60"
    ),
    ("{type: value_sum, BODY, condition: {field: size, gte: 90.5}}", nil),
    ("{type: value_sum, BODY, condition: {field: size, gt: 89.5}}", "measure 0-2 ×3 kim 90"),
  ])
  func `a mean, a median and a percentile are of the window's numbers`(
    _ correlation: String, _ wanted: String?
  ) async throws {
    let lines = [
      Line(0, "10"), Line(1, "60"), Line(2, "20"), Line(3, #""many""#), Line(4), Line(5, "null"),
    ]
    // What is no number is passed over.
    let found = try await findings(
      correlation.replacing("BODY", with: Self.body), lines)
    #expect(found.first == wanted)
  }

  @Test(arguments: [
    ("{type: event_count, BODY, condition: {lt: 3}}", ["measure 0-0 ×1 dana 0"]),
    (
      "{type: event_count, BODY, condition: {lte: 3}}",
      ["measure 0-0 ×1 dana 0", "measure 1-59 ×3 kim 0"]
    ),
    ("{type: event_count, BODY, condition: {eq: 3}}", ["measure 1-59 ×3 kim 0"]),
    ("{type: event_count, BODY, condition: {neq: 3}}", ["measure 0-0 ×1 dana 0"]),
    ("{type: event_count, BODY, condition: {gt: 1, lte: 3}}", ["measure 1-59 ×3 kim 0"]),
    (
      "{type: value_count, BODY, condition: {field: size, lt: 2}}",
      ["measure 0-0 ×1 dana 1", "measure 1-59 ×3 kim 1"]
    ),
    (
      "{type: value_count, BODY, condition: {field: [who, size], neq: 2}}",
      ["measure 0-0 ×1 dana 1", "measure 1-59 ×3 kim 1"]
    ),
    ("{type: value_sum, BODY, condition: {field: size, lt: 10}}", ["measure 1-59 ×3 kim 9"]),
  ])
  func `a bound from above is judged when the window closes, which the log's end does not do`(
    _ correlation: String, _ wanted: [String]
  ) async throws {
    let lines = [
      Line(0, "70", user: "dana"), Line(1, "3"), Line(30, "3"), Line(59, "3"),
      // The minute of kim ends at 61; that of lee is open when the log ends.
      Line(62, "1", user: "lee"), Line(100, "1", user: "lee"),
    ]
    let found = try await findings(correlation.replacing("BODY", with: Self.body), lines)
    #expect(found == wanted)
  }

  @Test func `the newest value is measured against the median of those before it, each by itself`()
    async throws
  {
    let correlation =
      "{type: value_median, rules: [transfer], group-by: [who], timespan: 1d, baseline: 3, "
      + "condition: {field: size, lt: 0.5}}"
    let lines = [
      Line(0, "100"), Line(10, "110"), Line(20, "1"), Line(30, "120"),
      // The median of 110, 1 and 120 is 110: 55 is half of it, 54 is less.
      Line(40, "55"), Line(50, "54", user: "dana"), Line(60, "100"), Line(70, "40"), Line(80, "20"),
      Line(90, "0"),
    ]
    // Of the last three before each: 1, 120, 55; 120, 55, 100; 55, 100, 40; 100, 40, 20.
    #expect(
      try await findings(correlation, lines) == [
        "measure 70-70 ×1 kim 40", "measure 80-80 ×1 kim 36", "measure 90-90 ×1 kim 0",
      ])
    let above = correlation.replacing("lt: 0.5", with: "gt: 2.5")
    #expect(
      try await findings(above, [Line(0, "2"), Line(1, "2"), Line(2, "4"), Line(3, "6")])
        == ["measure 3-3 ×1 kim 300"])
    // Nothing is a share of nothing.
    #expect(
      try await findings(above, [Line(0, "0"), Line(1, "0"), Line(2, "0"), Line(3, "6")]) == [])
  }

  @Test
  func `what is counted by the clock is counted in whole minutes, in whatever order it comes`()
    async throws
  {
    let correlation =
      "{type: event_count, rules: [transfer], group-by: [who], per: 1m, condition: {gte: 3}}"
    // A minute of the clock ends 40 seconds after the first line.
    #expect(
      try await findings(
        correlation, [Line(0), Line(39), Line(20), Line(40), Line(41), Line(0, user: "dana")])
        == ["measure 0-0 ×3 kim 0"])
    #expect(try await findings(correlation, [Line(38), Line(39), Line(40), Line(41)]) == [])
    // Late, but within two minutes; and what is later still counts where it is put.
    #expect(
      try await findings(correlation, [Line(0), Line(1), Line(119), Line(2)])
        == ["measure 0-0 ×3 kim 0"])
    #expect(
      try await findings(correlation, [Line(0), Line(1), Line(400), Line(2), Line(3)]) == [])
  }

  @Test(arguments: [1, 2, 3] as [UInt64])
  func `long windows that are made of short ones count as they would alone`(_ seed: UInt64)
    async throws
  {
    func count(_ per: String, _ least: Int, of rule: String = "transfer") -> String {
      "{type: event_count, rules: [\(rule)], group-by: [who], per: \(per), condition: {gte: \(least)}}"
    }
    let share =
      "{type: event_count, rules: [start, transfer], group-by: [who], per: 6m, "
      + "share: {gt: 0.3}, condition: {gte: 2}}"
    // Two minutes are no part of three: those stand alone.
    let all = [count("1m", 4), count("3m", 6), count("2m", 5, of: "start"), share, count("6m", 9)]
    var random = SplitMix64(seed: seed)
    var seconds = 0
    let lines = (0..<400).map { _ in
      seconds += Int(random.next() % 16)
      // Some are late, a few too late.
      let late = random.next() % 8 == 0 ? Int(random.next() % 200) : 0
      return Line(
        max(0, seconds - late), user: ["kim", "lee", "dana"][Int(random.next() % 3)],
        kind: random.next() % 3 == 0 ? "start" : "transfer")
    }
    func named(_ found: [String], _ place: Int) -> [String] {
      found.map { place == 0 ? $0 : $0.replacing("measure ", with: "measure-\(place) ") }
    }
    var alone: [String] = []
    for (place, correlation) in all.enumerated() {
      let found = try await findings(correlation, of: lines)
      #expect(!found.isEmpty, "\(correlation)")
      alone += named(found, place)
    }
    let together = try await findings(all[0], all[1], all[2], all[3], all[4], of: lines)
    #expect(together.sorted() == alone.sorted(), "seed \(seed)")
  }

  @Test func `minutes that follow each other are one finding, others are two`() async throws {
    let correlation =
      "{type: event_count, rules: [transfer], group-by: [who], per: 1m, condition: {gte: 2}}"
    #expect(
      try await findings(correlation, [Line(0), Line(1), Line(300), Line(301), Line(302)])
        == ["measure 0-300 ×5 kim 0"])
    #expect(
      try await findings(correlation, [Line(0), Line(1), Line(3000), Line(3001)])
        == ["measure 0-0 ×2 kim 0", "measure 3000-3000 ×2 kim 0"])
  }

  @Test func `a share is of the first rule's events among the others'`() async throws {
    let correlation =
      "{type: event_count, rules: [start, transfer], group-by: [who], per: 1m, "
      + "share: {gt: 0.5}, condition: {gte: 2}}"
    #expect(
      try await findings(
        correlation,
        [Line(0), Line(1), Line(2), Line(3, kind: "start"), Line(4, kind: "start")])
        == ["measure 3-3 ×2 kim 67"])
    #expect(
      try await findings(
        correlation,
        [Line(0), Line(1), Line(2), Line(5), Line(3, kind: "start"), Line(4, kind: "start")]) == [])
    // One is not enough, whatever its share.
    #expect(try await findings(correlation, [Line(0), Line(3, kind: "start")]) == [])
  }

  @Test
  func `a window that slides is judged at the end of each step, and forgets what it has slid past`()
    async throws
  {
    let correlation =
      "{type: event_count, rules: [transfer], group-by: [who], per: 1m, step: 20s, condition: {gte: 3}}"
    // Steps begin at the log's beginning: 1790000000 is a multiple of twenty.
    #expect(
      try await findings(correlation, [Line(39), Line(40), Line(79), Line(500, user: "dana")])
        == ["measure 39-39 ×3 kim 0"])
    // The step of the first line is over when the third comes.
    #expect(try await findings(correlation, [Line(19), Line(40), Line(60)]) == [])
    #expect(
      try await findings(correlation, [Line(19), Line(40), Line(59)]) == ["measure 19-19 ×3 kim 0"])
    // What goes on is one finding, in which each event counts once; a step without one tells nothing new.
    #expect(
      try await findings(
        correlation, [Line(0), Line(1), Line(2), Line(21), Line(45), Line(46), Line(120)])
        == ["measure 0-45 ×6 kim 0"])
    // After a silence of ten windows another begins, and a silence longer than the window empties it.
    #expect(
      try await findings(
        correlation,
        [Line(0), Line(1), Line(2), Line(800), Line(801), Line(900), Line(901), Line(902)])
        == ["measure 0-0 ×3 kim 0", "measure 900-900 ×3 kim 0"])
  }

  @Test(arguments: [1, 2, 3, 4] as [UInt64])
  func `a window that slides tells of what stands in some of its windows, each event once`(
    _ seed: UInt64
  ) async throws {
    let (least, share, window, step) = (4, 0.4, 120, 10)
    let correlation =
      "{type: event_count, rules: [start, transfer], group-by: [who], per: \(window)s, step: \(step)s, "
      + "share: {gt: \(share)}, condition: {gte: \(least)}}"
    var random = SplitMix64(seed: seed)
    var seconds = 0
    var lines: [Line] = []
    for _ in 0..<300 {
      seconds += Int(random.next() % 24)
      // Long silences, so that windows empty.
      if random.next() % 60 == 0 { seconds += 4000 }
      lines.append(
        Line(
          seconds, user: ["kim", "lee"][Int(random.next() % 2)],
          kind: random.next() % 3 == 0 ? "start" : "transfer"))
    }
    // The plain way: each window that ends with a step in which there was an event that counts.
    var told = 0
    for user in ["kim", "lee"] {
      let mine = lines.filter { $0.user == user }
      var known: Set<Int> = []
      for end in stride(from: step, through: seconds + step, by: step) {
        let inside = mine.indices.filter {
          mine[$0].seconds >= end - window && mine[$0].seconds < end
        }
        let starts = inside.filter { mine[$0].kind == "start" }
        guard starts.contains(where: { mine[$0].seconds >= end - step }), starts.count >= least,
          starts.count < inside.count,
          Double(starts.count) / Double(inside.count - starts.count) > share
        else { continue }
        known.formUnion(starts)
      }
      told += known.count
    }
    let found = try await findings(correlation, of: lines)
    let counts = found.compactMap { text in
      text.split(separator: "×").last?.split(separator: " ").first.flatMap { Int($0) }
    }
    #expect(told > 0 && counts.reduce(0, +) == told, "seed \(seed)")
  }

  @Test func `a group's own windows tell what is unlike it, once there are enough`() async throws {
    func lines(_ values: [Int], minute: Int, user: String = "kim") -> [Line] {
      values.map { Line(60 * minute + 40, "\($0)", user: user) }
    }
    let correlation =
      "{type: value_count, rules: [transfer], group-by: [who], per: 1m, condition: {field: size, gte: 100}, "
      + "or-own: {percentile: 90, times: 2, after: 3, from: 4}}"
    let quiet = (0..<3).flatMap { lines(Array(1...4), minute: $0) }
    // The bucket of four ends below six: eleven are no more than twice that.
    #expect(try await findings(correlation, of: quiet + lines(Array(1...11), minute: 5)) == [])
    let beyond = quiet + lines(Array(1...16), minute: 5)
    #expect(try await findings(correlation, of: beyond).count == 1)
    // It is kim who is known, windows below the four are nobody's own, and two are too few.
    let dana =
      (0..<3).flatMap { lines(Array(1...4), minute: $0) }
      + lines(Array(1...16), minute: 5, user: "dana")
    #expect(try await findings(correlation, of: dana) == [])
    let few = (0..<9).flatMap { lines(Array(1...3), minute: $0) } + lines(Array(1...16), minute: 12)
    #expect(try await findings(correlation, of: few) == [])
    #expect(try await findings(correlation, of: Array(beyond.dropFirst(4))) == [])
    // What was told of is not learned.
    let again = beyond + lines(Array(1...16), minute: 30)
    #expect(try await findings(correlation, of: again).count == 2)
  }

  @Test func `a sum may have to be beyond the group's own as well`() async throws {
    let correlation =
      "{type: value_sum, rules: [transfer], group-by: [who], timespan: 1m, condition: {field: size, gte: 64}, "
      + "and-own: {percentile: 90, times: 2, after: 3}}"
    // Whose own are not known is told of at the bound.
    #expect(try await findings(correlation, [Line(40, "64")]).count == 1)
    let quiet = (0..<3).map { Line(60 * $0 * 3 + 40, "60") }
    #expect(try await findings(correlation, of: quiet + [Line(1000, "120")]) == [])
    #expect(try await findings(correlation, of: quiet + [Line(1000, "200")]).count == 1)
    #expect(
      try await findings(correlation, of: quiet + [Line(1000, "120", user: "dana")]).count == 1)
    // What was told of is not learned.
    #expect(
      try await findings(correlation, of: quiet + [Line(1000, "200"), Line(2000, "200")]).count == 2
    )
  }

  @Test(arguments: [5, 40, 120, 250])
  func `different values by the clock are an estimate that is a few per cent off`(_ count: Int)
    async throws
  {
    let lines = (0..<count).flatMap { number in
      [Line(number % 30, "\(number * 7919)"), Line(number % 30, "\(number * 7919)")]
    }
    let found = try await findings(
      "{type: value_count, rules: [transfer], group-by: [who], per: 1m, condition: {field: size, gte: 1}}",
      lines)
    let told = try #require(found.first?.split(separator: " ").last.flatMap { Int($0) })
    #expect(abs(Double(told - count)) <= max(1, Double(count) * 0.08), "\(told)")
  }

  @Test(arguments: [
    (
      "{type: value_sum, rules: [transfer], group-by: [who], per: 1m, condition: {field: size, gt: 1}}",
      "event_count"
    ),
    ("{type: event_count, rules: [transfer], group-by: [who], per: 1m, condition: {lt: 1}}", "gt"),
    (
      "{type: event_count, rules: [transfer], group-by: [who, size], per: 1m, condition: {gt: 1}}",
      "one field"
    ),
    (
      "{type: event_count, rules: [transfer], group-by: [who], per: 1m, leak: 1m, condition: {gt: 1}}",
      "leak"
    ),
    (
      "{type: event_count, rules: [transfer], group-by: [who], timespan: 1m, share: {gt: 0.1}, condition: {gt: 1}}",
      "per"
    ),
    (
      "{type: event_count, rules: [transfer, start], group-by: [who], per: 1m, share: {gt: 2}, condition: {gt: 1}}",
      "fraction"
    ),
    (
      "{type: event_count, rules: [transfer], group-by: [who], per: 1m, step: 7s, condition: {gt: 1}}",
      "step"
    ),
    (
      "{type: event_count, rules: [transfer], group-by: [who], per: 2h, step: 1m, condition: {gt: 1}}",
      "sixtieth"
    ),
    (
      "{type: value_count, rules: [transfer], group-by: [who], per: 1m, step: 10s, condition: {field: size, gt: 1}}",
      "event_count"
    ),
    (
      "{type: event_count, rules: [transfer], group-by: [who], timespan: 1m, step: 10s, condition: {gt: 1}}",
      "step"
    ),
    (
      "{type: event_count, rules: [transfer], group-by: [who], timespan: 1m, shows: [start], condition: {gt: 1}}",
      "shows"
    ),
    (
      "{type: event_count, rules: [transfer], group-by: [who], per: 1m, limit: {webhook: 1.0}, condition: {gt: 1}}",
      "webhooks"
    ),
    (
      "{type: event_count, rules: [transfer], group-by: [who], per: 1m, or-own: {percentile: 99, times: 2, after: 3, from: 4}, condition: {gt: 1}}",
      "value_count"
    ),
    (
      "{type: value_count, rules: [transfer], group-by: [who], per: 1m, or-own: {percentile: 99, times: 2, after: 3}, condition: {field: size, gt: 1}}",
      "from"
    ),
    (
      "{type: value_sum, rules: [transfer], group-by: [who], timespan: 1m, and-own: {percentile: 99, times: 2, after: 3, from: 4}, condition: {field: size, gt: 1}}",
      "from"
    ),
    (
      "{type: event_count, rules: [transfer], group-by: [who], timespan: 1m, baseline: 3, condition: {gt: 1}}",
      "value_median"
    ),
  ])
  func `what can not be counted by the clock, or against a median, is refused in words`(
    _ correlation: String, _ word: String
  ) throws {
    var table = FieldTable()
    let text = Self.base + "title: Measure\nid: measure\ncorrelation: " + correlation + "\n"
    let (_, problems) = RuleSet.load(
      documents: [try Document(file: "rules.yaml", text: text)], fields: &table,
      placeholders: { _ in nil }, policy: { _ in nil })
    #expect(problems.contains { "\($0)".contains(word) }, "\(problems)")
  }

  @Test func `lines that hit no rule move the clock as well`() async throws {
    let correlation = "{type: event_count, \(Self.body), condition: {lt: 3}}"
    #expect(try await findings(correlation, [Line(0)]) == [])
    #expect(
      try await findings(correlation, [Line(0), Line(59, kind: "other")]) == [])
    #expect(
      try await findings(correlation, [Line(0), Line(60, kind: "other")])
        == ["measure 0-0 ×1 kim 0"])
  }

  @Test func `a condition over rules may say no, and is then judged at the close`() async throws {
    let correlation =
      "{type: temporal, rules: [start, end], group-by: [who], timespan: 1m, "
      + "condition: start and not end}"
    let lines = [
      Line(0, kind: "start"), Line(10, kind: "end"), Line(20, user: "dana", kind: "start"),
      Line(90, user: "dana", kind: "end"), Line(200),
    ]
    let found = try await findings(correlation, lines)
    #expect(found == ["measure 20-20 ×1 dana 0"])
  }

  @Test func `a condition over rules without no is judged with each event`() async throws {
    let correlation =
      "{type: temporal, group-by: [who], timespan: 1m, condition: start and (end or transfer)}"
    let lines = [Line(0, kind: "start"), Line(10, user: "dana", kind: "end"), Line(30)]
    let found = try await findings(correlation, lines)
    #expect(found == ["measure 0-30 ×2 kim 0"])
  }

  @Test func `some of several rules are enough when the condition says so`() async throws {
    let correlation =
      "{type: temporal, rules: [start, end, transfer], group-by: [who], timespan: 1m, "
      + "condition: {gte: 2}}"
    let lines = [Line(0, kind: "start"), Line(70), Line(80, kind: "end")]
    let found = try await findings(correlation, lines)
    #expect(found == ["measure 70-80 ×2 kim 0"])
  }

  @Test func `more events than a count remembers are counted by a measure`() async throws {
    let lines = (0..<5000).map { Line($0 / 100) }
    let found = try await findings(
      "{type: event_count, \(Self.body), condition: {gte: 4500}}", lines)
    #expect(found.count == 1)
    #expect(found.first?.hasPrefix("measure 0-49 ×5000") ?? false)
  }

  @Test func `a correlation of a correlation counts what fired, at a close as well`() async throws {
    let correlation =
      "{type: event_count, rules: [few], group-by: [who], timespan: 1h, condition: {gte: 2}}"
    let few = """
      title: Few
      id: few
      correlation:
        type: event_count
        rules: [transfer]
        group-by: [who]
        timespan: 1m
        condition: {lt: 2}
      ---

      """
    // The chain stands in front of the correlation that the helper adds.
    let chained = correlation + "\n---\n" + few
    let lines = [Line(0), Line(100), Line(200), Line(201), Line(300, kind: "other")]
    let found = try await findings(chained, lines)
    #expect(found == ["measure 0-100 ×2 kim 0"])
  }

  /// Serves one line a step.
  private final class StepFeed: Feed {
    private var lines: ArraySlice<[UInt8]>
    private let first: Int
    private var count = 0
    private var isDue = false

    init(_ lines: ArraySlice<[UInt8]>) { (self.lines, first) = (lines, lines.startIndex) }

    func serve() { isDue = true }

    func next() -> LineBlock? {
      guard isDue, let line = lines.popFirst() else { return nil }
      isDue = false
      defer { count += 1 }
      return LineBlock(
        stream: 0, sequence: count, file: 0, copyOf: line, firstLine: UInt64(first + count + 1),
        offset: UInt64(1000 * (first + count)))
    }

    func recycle(_ block: LineBlock) {}
  }

  @Test(arguments: [
    "{type: value_sum, BODY, condition: {field: size, gt: 100}}",
    "{type: value_median, BODY, condition: {field: size, gte: 40}}",
    "{type: value_sum, BODY, condition: {field: size, gte: 50}, and-own: {percentile: 50, times: 1, after: 1}}",
    "{type: event_count, rules: [transfer], group-by: [who], per: 1m, step: 20s, condition: {gte: 2}}",
    "{type: value_count, rules: [transfer], group-by: [who], per: 1m, condition: {field: size, gte: 9}, or-own: {percentile: 50, times: 1, after: 1, from: 1}}",
    "{type: event_count, BODY, condition: {lt: 3}}",
    "{type: value_count, BODY, condition: {field: size, eq: 2}}",
    "{type: temporal, rules: [start, transfer], group-by: [who], timespan: 1m, condition: start and not transfer}",
  ])
  func `windows go on from a snapshot, wherever it was taken`(_ correlation: String) async throws {
    let lines = [
      Line(0, "40"), Line(5, kind: "start"), Line(10, "50"), Line(20, "20"), Line(30, "1"),
      Line(31, user: "dana", kind: "start"), Line(50, "1", user: "dana"),
      Line(95, user: "lee", kind: "start"),
      Line(200, "70"), Line(230, "40"), Line(400, kind: "other"), Line(460, "1"), Line(461, "2"),
      Line(900, kind: "other"),
    ].map { Array(($0.text + "\n").utf8) }
    var table = FieldTable()
    let mappings = MappingLoader.load(
      try Document(file: "own.yaml", text: Self.mapping), table: &table
    ).mappings
    let text =
      Self.base + "title: Measure\nid: measure\nmessage: '{who} {value}'\ncorrelation: "
      + correlation.replacing("BODY", with: Self.body)
    let (set, problems) = RuleSet.load(
      documents: [try Document(file: "rules.yaml", text: text)], fields: &table,
      placeholders: { _ in nil }, policy: { _ in nil })
    #expect(problems.isEmpty)
    let setup = PipelineSetup(
      registers: try Registers([]), rules: set, mappings: mappings, table: table, zone: .utc,
      talliesMonths: true)
    let context = LineContext(
      format: .json, zone: .utc, years: YearRule(anchor: 1_794_000_000), source: ByteView("s"))
    func run(cutAfter cut: Int?) async throws -> [String] {
      var found: [String: String] = [:]
      var pipeline = Pipeline(setup, streams: [], jobs: 1)
      func add(_ start: Int) -> StepFeed {
        let feed = StepFeed(lines[start...])
        _ = pipeline.add(
          PipelineStream(
            name: "s", contexts: [context], source: .none, firstTime: .min, feed: feed),
          resuming: "s")
        return feed
      }
      var feed = add(0)
      for step in lines.indices {
        feed.serve()
        for finding in await pipeline.step() {
          found[finding.uid] =
            "\(finding.detector) \(finding.start) \(finding.end) \(finding.count) \(finding.message)"
        }
        if step == cut {
          let snapshot = pipeline.snapshot(at: 1_790_001_000_000_000_000)
          pipeline = Pipeline(setup, streams: [], jobs: 1)
          #expect(try pipeline.restore(snapshot) == 0)
          feed = add(step + 1)
        }
      }
      return found.values.sorted()
    }
    let whole = try await run(cutAfter: nil)
    #expect(whole.contains { $0.hasPrefix("measure") })
    for cut in lines.indices {
      let parts = try await run(cutAfter: cut)
      #expect(parts == whole, "cut after \(cut)")
    }
  }
}
