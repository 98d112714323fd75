import Detectors
import Documents
import Testing

/// What our correlations have beyond Sigma's: what is read, and what is refused.
@Suite struct BucketLoadTests {
  private func problems(_ correlation: String) throws -> [String] {
    try load(
      """
      title: f
      id: f
      logsource: {category: access}
      detection: {a: {event.action: auth.login}, condition: a}
      ---
      title: g
      id: g
      logsource: {category: access}
      detection: {a: {event.action: auth.logout}, condition: a}
      ---
      title: c
      id: c
      correlation: {rules: [f], group-by: [source.ip], \(correlation)}
      """
    ).problems.map(\.description)
  }

  @Test(arguments: [
    "type: event_count, leak: 10s, condition: {gt: 5}",
    "type: value_count, leak: 1h, condition: {gt: 5, field: user.name}, cancelled-by: [g]",
    "type: event_count, timespan: 2h, condition: {gte: 4}, median-gap: 10m, cancelled-by: g",
    "type: value_count, timespan: 2h, condition: {gte: 4, field: user.name}, per-value: {lte: 3}",
    "type: event_count, timespan: 1h, condition: {gte: 1}, unless-followed-by: [g]",
    "type: event_count, timespan: 1h, condition: {gte: 1}, unless-preceded-by: [g]",
    "type: event_count, timespan: 1h, condition: {gte: 1}, unless-preceded-by: [g], "
      + "unless-followed-by: [g]",
    "type: event_count, timespan: 2d, condition: {gte: 2}, lasts: 12h, cancelled-by: [g]",
    "type: event_count, timespan: 2d, condition: {gte: 1}, lasts: 12h, begins-with: [g]",
    "type: event_count, timespan: 2d, condition: {gte: 2}, pause: 30m",
  ])
  func `a bucket, a median, a bound on tries and a wait are read`(_ correlation: String) throws {
    #expect(try problems(correlation).isEmpty)
  }

  @Test(arguments: [
    ("type: event_count, condition: {gt: 5}", "no `timespan`"),
    (
      "type: event_count, leak: 10s, timespan: 1m, condition: {gt: 5}",
      "a bucket that leaks has no `timespan`"
    ),
    ("type: event_count, leak: 10, condition: {gt: 5}", "`10` is no duration"),
    ("type: event_count, leak: 60d, condition: {gt: 9}", "more than a year to empty"),
    (
      "type: event_count, leak: 1m, condition: {gt: 5}, median-gap: 1m",
      "`median-gap` belongs to `event_count` with a `timespan`"
    ),
    (
      "type: event_count, timespan: 1m, condition: {gt: 5}, per-value: {lte: 3}",
      "`per-value` belongs to `value_count`"
    ),
    (
      "type: value_count, timespan: 1m, condition: {gt: 5, field: user.name}, per-value: {lt: 3}",
      "did you mean `lte`?"
    ),
    (
      "type: value_count, timespan: 1m, condition: {gt: 5, field: user.name}, per-value: {lte: 0}",
      "`0` is no bound"
    ),
    (
      "type: event_count, timespan: 1m, condition: {gt: 5}, cancelled-by: [h]",
      "no rule has the id or name `h`"
    ),
    (
      "type: event_count, timespan: 1m, condition: {gt: 5}, cancelled-by: [f]",
      "`f` is counted as well"
    ),
    (
      "type: event_count, timespan: 1m, condition: {gt: 5}, unless-followed-by: [g]",
      "waits for one event"
    ),
    (
      "type: event_count, timespan: 1m, condition: {gt: 5}, canceled-by: [g]",
      "did you mean `cancelled-by`?"
    ),
    (
      "type: event_count, timespan: 1m, condition: {gte: 2}, unless-preceded-by: [g]",
      "looks back from one event"
    ),
    (
      "type: event_count, timespan: 1m, condition: {gte: 1}, begins-with: [g]",
      "`begins-with` belongs to `lasts` and `pause`"
    ),
    (
      "type: event_count, timespan: 1d, condition: {gte: 1}, lasts: 2h, pause: 1h",
      "`lasts` and `pause` are two questions"
    ),
    (
      "type: event_count, timespan: 1h, condition: {gte: 2}, pause: 1h",
      "forgotten before it has paused so long"
    ),
    (
      "type: event_count, leak: 1h, condition: {gte: 2}, lasts: 1h",
      "belong to `event_count` with a `timespan` alone"
    ),
    (
      "type: event_count, timespan: 1d, condition: {gte: 1}, lasts: 1h, begins-with: [f]",
      "`f` is counted as well"
    ),
    (
      "type: temporal, timespan: 1m, leak: 10s", "`leak` belongs to `event_count` and `value_count`"
    ),
  ])
  func `what does not fit says where and how to fix it`(
    _ correlation: String, _ message: String
  ) throws {
    let found = try problems(correlation)
    #expect(found.contains { $0.contains(message) && $0.hasPrefix("rule.yaml:") }, "\(found)")
  }

  @Test func `what cancels or is waited for is no finding by itself`() throws {
    let rules = try load(
      """
      title: f
      id: f
      logsource: {category: access}
      detection: {a: {event.action: auth.login}, condition: a}
      ---
      title: g
      id: g
      logsource: {category: access}
      detection: {a: {event.action: auth.logout}, condition: a}
      ---
      title: c
      id: c
      correlation: {type: event_count, rules: [f], group-by: [source.ip], leak: 1m, condition: {gt: 5}, cancelled-by: [g]}
      """
    ).rules
    #expect(rules.rules.map(\.alertsAlone) == [false, false, true])
  }
}
