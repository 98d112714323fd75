import Bytes

/// Follows rules that must be hit one after another, or together, per group.
final class SequenceWindow {
  /// How far one group has come.
  private struct Group: KeyedState {
    /// For each stage reached: when the chain began, and its lines.
    var stages: [(start: Int64, seeds: [EvidenceSeed])?]
    var lastTime: Int64
    var isReturned = false
    var weight: Int { stages.count { $0 != nil } }
  }

  private let rule: Int
  private let correlation: Correlation
  private let window: Int64
  private var groups: BoundedTable<Group>

  init(_ rule: Int, _ correlation: Correlation) {
    self.rule = rule
    self.correlation = correlation
    window = Int64(correlation.timespanSeconds) * 1_000_000_000
    groups = BoundedTable(limit: Correlator.groupsMax, lifetime: window)
  }

  var evictedCount: UInt64 { groups.evictedCount }

  /// Marks the lines that it keeps.
  func markLines() {
    groups.forEach { group in
      for case .some(let stage) in group.stages { for seed in stage.seeds { seed.mark() } }
    }
  }

  /// Has the processor fetch what the next event of a group will read.
  @inline(__always) func prefetch(_ feed: FeedKey) {
    if !groups.isEmpty { groups.prefetch(feed.group) }
  }

  /// Writes the groups, as of an instant.
  func write(to writer: inout SnapshotWriter, at time: Int64, _ seeds: SeedTable) {
    groups.write(to: &writer, at: time) { group, writer in
      writer.put(group.lastTime)
      writer.put(group.stages) { stage, writer in
        writer.put(stage) { stage, writer in
          writer.put(stage.start)
          writer.put(stage.seeds) { seeds.put($0, to: &$1) }
        }
      }
    }
  }

  /// Takes in what was written.
  func read(from reader: inout SnapshotReader, _ seeds: SeedTable) throws(SnapshotError) {
    let count = correlation.rules.count
    try groups.read(from: &reader) { (reader) throws(SnapshotError) in
      let lastTime: Int64 = try reader.number()
      let stages = try reader.list { (reader) throws(SnapshotError) in
        try reader.optional {
          (reader) throws(SnapshotError) -> (start: Int64, seeds: [EvidenceSeed]) in
          (try reader.number(), try reader.list(seeds.take))
        }
      }
      guard stages.count == count else { throw .damaged }
      return Group(stages: stages, lastTime: lastTime)
    }
  }

  /// Takes one event as the rule at `position`.
  func observe(position: Int, _ feed: FeedKey, _ occurrence: some Occurrence) -> Firing? {
    let isOrdered = correlation.kind == .temporalOrdered
    // A later stage of an order means nothing while no chain has begun.
    if isOrdered, position > 0, groups.isEmpty { return nil }
    guard feed.hasGroup else { return nil }
    let key = feed.group
    if isOrdered, position > 0 {
      return groups.updateExisting(key) { advance(&$0, position, occurrence, key) } ?? nil
    }
    let count = correlation.rules.count
    return groups.update(
      key, at: occurrence.time,
      fresh: {
        Group(stages: Array(repeating: nil, count: count), lastTime: occurrence.time)
      },
      {
        isOrdered
          ? begin(&$0, occurrence) : together(&$0, position, occurrence, key)
      })
  }

  private func begin(_ group: inout Group, _ occurrence: some Occurrence) -> Firing? {
    group.lastTime = max(group.lastTime, occurrence.time)
    group.stages[0] = (occurrence.time, [occurrence.seed])
    return nil
  }

  private func advance(
    _ group: inout Group, _ position: Int, _ occurrence: some Occurrence, _ key: StateKey
  ) -> Firing? {
    guard let before = group.stages[position - 1], occurrence.time - before.start < window else {
      return nil
    }
    group.lastTime = max(group.lastTime, occurrence.time)
    let seeds = before.seeds + [occurrence.seed]
    guard position == correlation.rules.count - 1 else {
      group.stages[position] = (before.start, seeds)
      return nil
    }
    for place in group.stages.indices { group.stages[place] = nil }
    return firing(key, before.start, seeds)
  }

  private func together(
    _ group: inout Group, _ position: Int, _ occurrence: some Occurrence, _ key: StateKey
  ) -> Firing? {
    group.lastTime = max(group.lastTime, occurrence.time)
    group.stages[position] = (occurrence.time, [occurrence.seed])
    var seeds: [EvidenceSeed] = []
    var count = 0
    for stage in group.stages {
      guard let stage, occurrence.time - stage.start < window else { continue }
      seeds += stage.seeds
      count += 1
    }
    // Without a condition all rules are needed.
    guard count >= correlation.needed else { return nil }
    for place in group.stages.indices { group.stages[place] = nil }
    return firing(key, seeds.map(\.time).min() ?? occurrence.time, seeds)
  }

  private func firing(_ key: StateKey, _ start: Int64, _ seeds: [EvidenceSeed]) -> Firing {
    Firing(
      rule: rule, group: key, start: start,
      evidence: seeds.sorted { ($0.time, $0.line) < ($1.time, $1.line) },
      count: UInt64(seeds.count), distinct: 0)
  }
}
