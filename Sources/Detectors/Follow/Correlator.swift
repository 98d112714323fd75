import Bytes
public import Events

/// What a correlation says about one event: a burst began, or goes on.
public struct Firing {
  /// The correlation's place in the rule set.
  public let rule: Int
  /// The group, and the time of the first event of the burst: together the burst's name.
  public let group: StateKey
  /// When the burst's first event was, nanoseconds.
  public let start: Int64
  /// The lines that made it: all of the window at the beginning, then one by one.
  public let evidence: [EvidenceSeed]
  /// How many events these stand for.
  public let count: UInt64
  /// How many different values there are (`value_count`), or 0.
  public let distinct: Int
}

/// Runs every correlation over the events that its rules hit, in event-time order.
///
/// Windows slide and belong to event time. A count fires once when it is passed; the burst goes on until
/// its group has been quiet for the window, then it may fire again. A sequence fires each time it is
/// complete and begins anew. A group that lacks one of
/// the `group-by` fields is left out and counted.
///
/// Bounded: ``groupsMax`` groups per correlation; per group the times and lines of one threshold, at
/// most ``eventsMax``.
public final class Correlator {
  /// How many groups one correlation follows.
  public static let groupsMax = 100_000
  /// How many events one group remembers at the most.
  static let eventsMax = 4096

  /// One correlation's rule and groups.
  private struct Runner {
    let rule: Int
    let correlation: Correlation
    /// How many events, or different values, are needed to fire.
    let needed: Int
    let window: Int64
    var groups: BoundedTable<Group>
    var withoutGroup: UInt64 = 0
  }

  /// The recent past of one group.
  private struct Group: KeyedState {
    var times: [Int64] = []
    var seeds: [(seed: EvidenceSeed, weight: UInt32)] = []
    var values: [(hash: UInt64, time: Int64, seed: EvidenceSeed)] = []
    /// For ordered rules: when the chain that has reached stage *i* began.
    var stages: [(start: Int64, seeds: [EvidenceSeed])?] = []
    var burstStart: Int64?
    var lastTime: Int64
    var weight: Int { max(times.count, values.count) + (burstStart == nil ? 0 : 1000) }
  }

  private var runners: [Runner] = []
  /// Which runners a rule feeds, and as which of their rules.
  private var feeds: [[(runner: Int, position: Int)]]

  /// Runners for every correlation of a rule set.
  public init(_ rules: RuleSet) {
    feeds = Array(repeating: [], count: rules.rules.count)
    for (index, rule) in rules.rules.enumerated() {
      guard case .correlation(let correlation) = rule.kind, correlation.isRunnable else {
        continue
      }
      let window = Int64(correlation.timespanSeconds) * 1_000_000_000
      for (position, fed) in correlation.rules.enumerated() {
        feeds[fed].append((runners.count, position))
      }
      runners.append(
        Runner(
          rule: index, correlation: correlation, needed: correlation.needed, window: window,
          groups: BoundedTable(limit: Correlator.groupsMax, lifetime: window)))
    }
  }

  /// Whether some correlation listens to a rule.
  public func listens(to rule: Int) -> Bool { !feeds[rule].isEmpty }

  /// How many groups were evicted early, and how many events lacked a `group-by` field.
  public var losses: (evicted: UInt64, withoutGroup: UInt64) {
    runners.reduce(into: (0, 0)) {
      $0.0 += $1.groups.evictedCount
      $0.1 += $1.withoutGroup
    }
  }

  /// Takes one event that hit a rule, and everything that follows from it.
  ///
  /// - Parameters:
  ///   - rule: The rule that was hit, or the correlation that fired.
  ///   - weight: How many events it stands for.
  ///   - seed: The line, kept while it is in a window.
  ///   - emit: Gets each firing, the first before those that follow from it.
  public func observe(
    rule: Int, _ event: Event, time: Int64, weight: UInt32, seed: EvidenceSeed,
    emit: (Firing) -> Void
  ) {
    for feed in feeds[rule] {
      guard
        let firing = step(
          feed.runner, position: feed.position, event, time: time, weight: weight, seed: seed)
      else { continue }
      emit(firing)
      observe(
        rule: firing.rule, event, time: time, weight: weight, seed: seed, emit: emit)
    }
  }

  private func step(
    _ place: Int, position: Int, _ event: Event, time: Int64, weight: UInt32, seed: EvidenceSeed
  ) -> Firing? {
    let correlation = runners[place].correlation
    var hasher = StateHasher()
    let fed = correlation.rules[position]
    for name in correlation.groupBy {
      guard let value = event[correlation.field(name, inRule: fed)] else {
        runners[place].withoutGroup += 1
        return nil
      }
      hasher.combine(value.text(event.scratch))
    }
    let key = hasher.key
    let (needed, window, rule) = (runners[place].needed, runners[place].window, runners[place].rule)
    return runners[place].groups.update(key, at: time, fresh: { Group(lastTime: time) }) { group in
      if time - group.lastTime >= window {
        group = Group(lastTime: time)
      }
      group.lastTime = max(group.lastTime, time)
      if let start = group.burstStart {
        return Firing(
          rule: rule, group: key, start: start, evidence: [seed], count: UInt64(weight),
          distinct: 0)
      }
      let reached: Reached?
      switch correlation.kind {
      case .eventCount:
        reached = Correlator.count(&group, time, weight, seed, needed: needed, window: window)
        group.burstStart = reached?.start
      case .valueCount:
        reached = Correlator.distinct(
          &group, event, correlation, fed, time, seed, needed: needed, window: window)
        group.burstStart = reached?.start
      case .temporal, .temporalOrdered:
        reached = Correlator.sequence(
          &group, position: position, correlation, time, seed, window: window)
      }
      guard let reached else { return nil }
      return Firing(
        rule: rule, group: key, start: reached.start, evidence: reached.evidence,
        count: reached.count, distinct: reached.distinct)
    }
  }

  private typealias Reached = (
    start: Int64, evidence: [EvidenceSeed], count: UInt64, distinct: Int
  )

  /// Only the newest times that are needed are kept: the oldest of them tells whether enough events
  /// lie inside the window.
  private static func count(
    _ group: inout Group, _ time: Int64, _ weight: UInt32, _ seed: EvidenceSeed, needed: Int,
    window: Int64
  ) -> Reached? {
    for _ in 0..<min(Int(weight), needed) { group.times.append(time) }
    group.seeds.append((seed, weight))
    if group.times.count > needed { group.times.removeFirst(group.times.count - needed) }
    while let oldest = group.times.first, time - oldest >= window { group.times.removeFirst() }
    group.seeds.removeAll { time - $0.seed.time >= window }
    guard group.times.count >= needed else { return nil }
    // Less than what is needed lies in the window until the threshold is reached: a bounded list.
    let total = group.seeds.reduce(UInt64(0)) { $0 + UInt64($1.weight) }
    let evidence = group.seeds.map(\.seed)
    group.seeds = []
    return (evidence.first?.time ?? time, evidence, total, 0)
  }

  private static func distinct(
    _ group: inout Group, _ event: Event, _ correlation: Correlation, _ fed: Int, _ time: Int64,
    _ seed: EvidenceSeed, needed: Int, window: Int64
  ) -> Reached? {
    var hasher = StateHasher()
    for field in correlation.countedFields {
      guard let value = event[correlation.field(field, inRule: fed)] else { return nil }
      hasher.combine(value.text(event.scratch))
    }
    let hash = hasher.key.low
    group.values.removeAll { time - $0.time >= window }
    if let known = group.values.firstIndex(where: { $0.hash == hash }) {
      group.values[known].time = time
    } else if group.values.count < eventsMax {
      group.values.append((hash, time, seed))
    }
    guard group.values.count >= needed else { return nil }
    let evidence = group.values.map(\.seed).sorted { ($0.time, $0.line) < ($1.time, $1.line) }
    return (evidence.first?.time ?? time, evidence, UInt64(evidence.count), group.values.count)
  }

  private static func sequence(
    _ group: inout Group, position: Int, _ correlation: Correlation, _ time: Int64,
    _ seed: EvidenceSeed, window: Int64
  ) -> Reached? {
    let last = correlation.rules.count - 1
    if group.stages.count <= last {
      group.stages = Array(repeating: nil, count: last + 1)
    }
    if correlation.kind == .temporal {
      group.stages[position] = (time, [seed])
      var evidence: [EvidenceSeed] = []
      for stage in group.stages {
        guard let stage, time - stage.start < window else { return nil }
        evidence += stage.seeds
      }
      evidence.sort { ($0.time, $0.line) < ($1.time, $1.line) }
      group.stages = []
      return (evidence.first?.time ?? time, evidence, UInt64(evidence.count), 0)
    }
    if position == 0 {
      group.stages[0] = (time, [seed])
      return nil
    }
    guard let before = group.stages[position - 1], time - before.start < window else { return nil }
    let seeds = before.seeds + [seed]
    guard position == last else {
      group.stages[position] = (before.start, seeds)
      return nil
    }
    group.stages = []
    return (before.start, seeds, UInt64(seeds.count), 0)
  }
}
