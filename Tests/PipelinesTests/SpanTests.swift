import Bytes
import Detectors
import Documents
import Events
import Pipelines
import Registers
import Testing

/// How long a group goes on, when it pauses, and what came before: against the same said by looking at all events at once.
@Suite struct SpanTests {
  /// What happens to one account at a whole second: it comes in, is used, or leaves.
  struct Step {
    enum Kind: CaseIterable { case begins, goesOn, ends }
    let second: Int
    let user: Int
    let kind: Kind
  }
  /// A finding: whose, since when, until when.
  struct Story: Hashable, Comparable {
    let user, start, end: Int
    static func < (left: Story, right: Story) -> Bool {
      (left.end, left.user, left.start) < (right.end, right.user, right.start)
    }
  }

  /// The events of one account, in their order.
  private static func steps(_ all: [Step], of user: Int) -> [Step] {
    all.filter { $0.user == user }
  }

  /// Spans that any event begins and an end ends, told of once when they are as long as `lasts`.
  static func long(_ all: [Step], lasts: Int, silence: Int) -> [Story] {
    Set(all.map(\.user)).flatMap { user in
      var spans: [[Step]] = [[]]
      for step in steps(all, of: user) {
        if step.kind == .ends {
          spans.append([])
          continue
        }
        if let last = spans[spans.count - 1].last, step.second - last.second >= silence {
          spans.append([])
        }
        spans[spans.count - 1].append(step)
      }
      return spans.compactMap { span -> Story? in
        guard let first = span.first,
          let told = span.dropFirst().first(where: { $0.second - first.second >= lasts })
        else { return nil }
        return Story(user: user, start: first.second, end: told.second)
      }
    }.sorted()
  }

  /// Spans that only a beginning begins.
  static func begun(_ all: [Step], lasts: Int, silence: Int) -> [Story] {
    Set(all.map(\.user)).flatMap { user in
      let own = steps(all, of: user)
      return own.indices.filter { own[$0].kind == .begins }.compactMap { start -> Story? in
        var last = own[start].second
        for step in own[(start + 1)...] {
          guard step.kind == .goesOn, step.second - last < silence else { return nil }
          last = step.second
          if last - own[start].second >= lasts {
            return Story(user: user, start: own[start].second, end: last)
          }
        }
        return nil
      }
    }.sorted()
  }

  /// Neighbours with a pause between them.
  static func paused(_ all: [Step], pause: Int, silence: Int) -> [Story] {
    Set(all.map(\.user)).flatMap { user in
      let own = steps(all, of: user)
      return zip(own, own.dropFirst()).compactMap { before, after -> Story? in
        let gap = after.second - before.second
        guard before.kind != .ends, after.kind != .ends, gap >= pause, gap < silence else {
          return nil
        }
        return Story(user: user, start: before.second, end: after.second)
      }
    }.sorted()
  }

  /// Uses that no beginning precedes within the timespan.
  static func unpreceded(_ all: [Step], span: Int) -> [Story] {
    all.indices.filter { all[$0].kind == .goesOn }.compactMap { place -> Story? in
      let step = all[place]
      let isPreceded = all[..<place].contains {
        $0.user == step.user && $0.kind == .begins && step.second - $0.second < span
      }
      return isPreceded ? nil : Story(user: step.user, start: step.second, end: step.second)
    }.sorted()
  }

  private static let base: Int64 = 1_793_700_000

  private static func run(_ steps: [Step], _ rule: String) async throws -> [Story] {
    var table = FieldTable()
    let text = """
      title: Begins
      id: begins
      logsource: {category: access}
      detection: {a: {event.action: auth.login, event.outcome: success}, condition: a}
      ---
      title: Goes on
      id: goes-on
      logsource: {category: access}
      detection: {a: {event.action: privilege.sudo, event.outcome: success}, condition: a}
      ---
      title: Ends
      id: ends
      logsource: {category: access}
      detection: {a: {event.action: auth.login, event.outcome: failure}, condition: a}
      ---
      title: Span
      id: span
      subject: [user.name]
      window: 1s
      correlation: \(rule)

      """
    let (rules, problems) = RuleSet.load(
      documents: [try Document(file: "rules.yaml", text: text)], fields: &table,
      placeholders: { _ in nil }, policy: { _ in nil })
    try #require(problems.isEmpty, "\(problems)")
    let setup = PipelineSetup(
      registers: try Registers([]), rules: rules, mappings: [], table: table, zone: .utc)
    let lines = steps.enumerated().map { number, step in
      let stamp = RFC3339.text(nanoseconds: (base + Int64(step.second)) * 1_000_000_000)
      let name = "u\(step.user)"
      let peer = "from 203.0.113.\(number % 250) port 4002 ssh2"
      return switch step.kind {
      case .begins: "\(stamp) web1 sshd[\(number + 1)]: Accepted publickey for \(name) \(peer)\n"
      case .goesOn:
        "\(stamp) web1 sudo: \(name) : TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/usr/bin/id\n"
      case .ends: "\(stamp) web1 sshd[\(number + 1)]: Failed password for \(name) \(peer)\n"
      }
    }
    let context = LineContext(
      format: .rfc3164, zone: .utc, years: YearRule(anchor: base), source: ByteView("spans"))
    let stream = PipelineStream(
      name: "spans", contexts: [context], source: .none, firstTime: .min,
      feed: BlockFeed(Array(lines.joined().utf8), blockBytes: 500))
    let result = await Pipeline(setup, streams: [stream], jobs: 2).run()
    return result.findings.filter { $0.detector == "span" }.map { finding in
      let times = finding.evidence.map { Int($0.time / 1_000_000_000 - base) }
      return Story(
        user: Int(finding.subject.dropFirst()) ?? -1, start: times.min() ?? -1,
        end: times.max() ?? -1)
    }.sorted()
  }

  private static func random(_ seed: UInt64) -> [Step] {
    var random = SplitMix64(seed: seed)
    var second = 0
    return (0..<300).map { _ in
      second += 1 + random.below(400)
      let kind: Step.Kind =
        switch random.below(10) {
        case 0, 1: .begins
        case 2: .ends
        default: .goesOn
        }
      return Step(second: second, user: random.below(3), kind: kind)
    }
  }

  @Test(arguments: [UInt64(1), 2, 3, 4])
  func `a span is told of when it is too long, once, and ends with an end or a silence`(
    _ seed: UInt64
  ) async throws {
    let steps = SpanTests.random(seed)
    let found = try await SpanTests.run(
      steps,
      "{type: event_count, rules: [begins, goes-on], group-by: [user.name], timespan: 30m, "
        + "lasts: 1h, condition: {gte: 2}, cancelled-by: [ends]}")
    let expected = SpanTests.long(steps, lasts: 3600, silence: 1800)
    #expect(found == expected)
    #expect(!expected.isEmpty)
  }

  @Test(arguments: [UInt64(1), 2, 3, 4])
  func `with a beginning named, nothing else begins a span, and each begins it anew`(
    _ seed: UInt64
  ) async throws {
    let steps = SpanTests.random(seed)
    let found = try await SpanTests.run(
      steps,
      "{type: event_count, rules: [goes-on], begins-with: [begins], group-by: [user.name], "
        + "timespan: 30m, lasts: 20m, condition: {gte: 1}, cancelled-by: [ends]}")
    let expected = SpanTests.begun(steps, lasts: 1200, silence: 1800)
    #expect(found == expected)
    #expect(!expected.isEmpty)
  }

  @Test(arguments: [UInt64(1), 2, 3, 4])
  func `each pause is told of, with the line before it and the line after`(
    _ seed: UInt64
  ) async throws {
    let steps = SpanTests.random(seed)
    let found = try await SpanTests.run(
      steps,
      "{type: event_count, rules: [begins, goes-on], group-by: [user.name], timespan: 2h, "
        + "pause: 15m, condition: {gte: 2}, cancelled-by: [ends]}")
    let expected = SpanTests.paused(steps, pause: 900, silence: 7200)
    #expect(found == expected)
    #expect(!expected.isEmpty)
  }

  @Test(arguments: [UInt64(1), 2, 3, 4])
  func `what must come before may come until the event itself, and no timespan earlier`(
    _ seed: UInt64
  ) async throws {
    let steps = SpanTests.random(seed)
    let found = try await SpanTests.run(
      steps,
      "{type: event_count, rules: [goes-on], group-by: [user.name], timespan: 20m, "
        + "condition: {gte: 1}, unless-preceded-by: [begins]}")
    let expected = SpanTests.unpreceded(steps, span: 1200)
    #expect(found == expected)
    #expect(!expected.isEmpty)
  }
}
