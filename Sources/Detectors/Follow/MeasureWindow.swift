import Bytes

/// Windows of one correlation over what its events measure, and of every condition that can only be judged when a
/// window closes.
///
/// With a `baseline` each event is judged by itself: the newest value against the median of those before it.
///
/// A condition of `gt` and `gte` alone is judged with each event over a window that slides: it fires once when it comes
/// true, and the burst goes on until the group has been quiet for the window. Any other is judged when a window closes:
/// the first event of a group opens one, and it closes when events have come as late as its end. A group without an
/// event has no window; nor is a window judged that the log's end cuts short.
///
/// With `and-own` a sum must also exceed so many times a percentile of what the group's own windows were, of which each
/// group has a histogram of 64 bytes.
///
/// Bounded: ``groupsMax`` groups, of each ``WindowSamples/countMax`` values, ``Correlator/eventsMax`` different ones and
/// ``Finding/evidenceMax`` lines; and as many histograms. What is full loses the lightest groups, which is counted.
final class MeasureWindow {
  /// How many groups there may be; each may hold some ten times as much as one that only counts.
  static let groupsMax = 20_000

  private struct Group: KeyedState {
    /// When the window was opened, for what is judged at its close.
    var opened: Int64
    var weightTotal: UInt64 = 0
    var samples = WindowSamples()
    var values: Set<UInt64> = []
    /// When each rule was hit last.
    var positions: [Int64] = []
    /// The first lines, and the last one.
    var seeds: [EvidenceSeed] = []
    /// When the burst began that goes on, or ``noBurst``.
    var burst = MeasureWindow.noBurst
    var lastTime: Int64
    var isReturned = false
    var weight: Int {
      max(samples.count, values.count, seeds.count) + (burst == MeasureWindow.noBurst ? 0 : 1000)
    }
  }

  /// What a group's windows were, of the clock and without those that it was told of; and the one at hand.
  private struct Habit: KeyedState {
    var measure = OwnMeasure()
    var window: Int64
    var sum = 0.0
    var isTold = false
    var lastTime: Int64
    var isReturned = false
    var weight: Int { measure.windowCount }
  }

  private static let noBurst = Int64.min
  /// How long what a group's windows were is remembered after its last event, nanoseconds: a quarter.
  private static let habitLife: Int64 = 92 * 86_400 * 1_000_000_000

  private let rule: Int
  private let correlation: Correlation
  private let span: Int64
  private var groups: BoundedTable<Group>
  private var habits = BoundedTable<Habit>(
    limit: MeasureWindow.groupsMax, lifetime: MeasureWindow.habitLife)
  /// No window closes before this.
  private(set) var nextDue = Int64.max
  /// When windows were closed last; it is done at most 64 times a window.
  private var lastClosing = Int64.min
  /// How many events lacked a field of their group.
  private(set) var withoutGroup: UInt64 = 0

  init(_ rule: Int, _ correlation: Correlation) {
    (self.rule, self.correlation) = (rule, correlation)
    span = correlation.timespanSeconds * 1_000_000_000
    let (double, overflow) = span.multipliedReportingOverflow(by: 2)
    // A window that is over waits until it is closed.
    groups = BoundedTable(
      limit: MeasureWindow.groupsMax,
      lifetime: correlation.isJudgedAtClose && !overflow ? double : span)
  }

  var evictedCount: UInt64 { groups.evictedCount + habits.evictedCount }

  /// Takes one event as the rule at `position`.
  func observe(position: Int, _ feed: FeedKey, _ occurrence: some Occurrence) -> [Firing] {
    guard feed.hasGroup else {
      withoutGroup += 1
      return []
    }
    if correlation.kind.isNumeric, Double(bitPattern: feed.value).isNaN { return [] }
    let (key, time) = (feed.group, occurrence.time)
    var firings: [Firing] = []
    let bound = correlation.own.flatMap { learn($0, key, feed, occurrence) }
    groups.update(key, at: time, fresh: { Group(opened: time, lastTime: time) }) { group in
      if correlation.isJudgedAtClose, time - group.opened >= span {
        if let firing = judge(group, key) { firings.append(firing) }
        group = Group(opened: time, lastTime: time, isReturned: group.isReturned)
      }
      add(feed, position, occurrence, to: &group)
      if correlation.isJudgedAtClose {
        nextDue = min(nextDue, end(of: group.opened))
      } else if let firing = slide(&group, key, occurrence, beyond: bound) {
        firings.append(firing)
      }
      group.lastTime = max(group.lastTime, time)
    }
    if correlation.own != nil, !firings.isEmpty { habits.updateExisting(key) { $0.isTold = true } }
    return firings
  }

  /// Adds an event to the window of the clock at hand, and says what the group's own windows ask for beyond the condition.
  private func learn(
    _ own: Correlation.Own, _ key: StateKey, _ feed: FeedKey, _ occurrence: some Occurrence
  ) -> Double? {
    let (time, window) = (occurrence.time, occurrence.time / span)
    let unit = ownUnit
    return habits.update(key, at: time, fresh: { Habit(window: window, lastTime: time) }) { habit in
      if window > habit.window {
        if !habit.isTold { habit.measure.add(habit.sum, unit: unit) }
        (habit.window, habit.sum, habit.isTold) = (window, 0, false)
      }
      habit.sum += Double(bitPattern: feed.value) * Double(occurrence.weight)
      habit.lastTime = max(habit.lastTime, time)
      return own.bound(habit.measure, unit: unit)
    }
  }

  /// Where the buckets of what a group's own windows were begin: far below what the condition asks for.
  private var ownUnit: Double { max(1, (correlation.bounds.first?.value ?? 1) / 64) }

  private func add(
    _ feed: FeedKey, _ position: Int, _ occurrence: some Occurrence, to group: inout Group
  ) {
    let time = occurrence.time
    if !correlation.isJudgedAtClose {
      group.samples.forget(before: time, span: span)
      group.seeds.removeAll { time - $0.time >= span }
    }
    group.weightTotal &+= UInt64(occurrence.weight)
    switch correlation.kind {
    case .eventCount:
      if !correlation.isJudgedAtClose {
        group.samples.add(0, weight: occurrence.weight, time: time)
      }
    case .valueCount:
      if feed.value != 0, group.values.count < Correlator.eventsMax {
        group.values.insert(feed.value)
      }
    case .temporal, .temporalOrdered:
      if group.positions.isEmpty {
        group.positions = Array(repeating: .min, count: correlation.rules.count)
      }
      group.positions[position] = max(group.positions[position], time)
    default:
      group.samples.add(Double(bitPattern: feed.value), weight: occurrence.weight, time: time)
    }
    if group.seeds.count == Finding.evidenceMax { group.seeds.removeLast() }
    group.seeds.append(occurrence.seed)
  }

  /// Judges a sliding window after an event.
  private func slide(
    _ group: inout Group, _ key: StateKey, _ occurrence: some Occurrence, beyond bound: Double?
  ) -> Firing? {
    let time = occurrence.time
    if correlation.baseline != nil {
      guard holds(group, at: time) else { return nil }
      return Firing(
        rule: rule, group: key, start: time, evidence: [occurrence.seed],
        count: UInt64(occurrence.weight), distinct: measured(group, at: time))
    }
    if group.burst != MeasureWindow.noBurst {
      if time - group.lastTime < span {
        return Firing(
          rule: rule, group: key, start: group.burst, evidence: [occurrence.seed],
          count: UInt64(occurrence.weight), distinct: measured(group, at: time))
      }
      group.burst = MeasureWindow.noBurst
    }
    guard holds(group, at: time),
      bound.map({ (measure(group, at: time) ?? 0) > $0 }) ?? true
    else { return nil }
    let start = group.seeds.map(\.time).min() ?? time
    let firing = Firing(
      rule: rule, group: key, start: start, evidence: group.seeds,
      count: max(1, group.samples.total.weight, UInt64(group.seeds.count)),
      distinct: measured(group, at: time))
    if correlation.kind == .temporal {
      // As with a sequence, the next begins anew.
      group.positions = []
      group.seeds = []
    } else {
      group.burst = start
    }
    return firing
  }

  // MARK: Closing

  /// Closes the windows that are over when events have come as late as `time`.
  func close(at time: Int64, isLast: Bool) -> [Firing] {
    guard correlation.isJudgedAtClose, time >= nextDue else { return [] }
    guard isLast || lastClosing == .min || time - lastClosing >= span / 64 else { return [] }
    lastClosing = max(lastClosing, time)
    let (over, next) = groups.remove(measuring: \.opened) { time - $0.opened >= span }
    nextDue = next.map(end) ?? .max
    return over.sorted {
      ($0.state.opened, $0.key.high, $0.key.low) < ($1.state.opened, $1.key.high, $1.key.low)
    }.compactMap { judge($0.state, $0.key) }
  }

  private func judge(_ group: Group, _ key: StateKey) -> Firing? {
    let end = end(of: group.opened)
    guard holds(group, at: end) else { return nil }
    return Firing(
      rule: rule, group: key, start: group.opened, evidence: group.seeds,
      count: group.weightTotal, distinct: measured(group, at: end), closed: end)
  }

  private func end(of opened: Int64) -> Int64 {
    let (end, overflow) = opened.addingReportingOverflow(span)
    return overflow ? .max : end
  }

  // MARK: Judging

  private func holds(_ group: Group, at time: Int64) -> Bool {
    if let condition = correlation.condition {
      return condition.holds { isHit(group, $0, at: time) }
    }
    return measure(group, at: time).map { correlation.accepts($0) } ?? false
  }

  private func isHit(_ group: Group, _ position: Int, at time: Int64) -> Bool {
    guard group.positions.indices.contains(position), group.positions[position] != .min
    else { return false }
    return correlation.isJudgedAtClose || time - group.positions[position] < span
  }

  /// What the condition's bounds are about; `nil` when nothing was measured.
  private func measure(_ group: Group, at time: Int64) -> Double? {
    switch correlation.kind {
    case .eventCount:
      return Double(
        correlation.isJudgedAtClose ? group.weightTotal : group.samples.total.weight)
    case .valueCount: return Double(group.values.count)
    case .temporal, .temporalOrdered:
      return Double(group.positions.indices.count { isHit(group, $0, at: time) })
    case .valueSum: return group.samples.count > 0 ? group.samples.total.sum : nil
    case .valueAverage:
      let total = group.samples.total
      return total.weight > 0 ? total.sum / Double(total.weight) : nil
    case .valuePercentile: return group.samples.percentile(correlation.percentile)
    case .valueMedian:
      guard let baseline = correlation.baseline else { return group.samples.median }
      return group.samples.newest(againstMedianOf: baseline)
    }
  }

  /// The measure as a whole number, for a finding's sentence.
  private func measured(_ group: Group, at time: Int64) -> Int {
    guard correlation.condition == nil, correlation.kind != .eventCount,
      let measure = measure(group, at: time), measure.isFinite
    else { return 0 }
    // A share is told in per cent.
    let told = correlation.baseline == nil ? measure : measure * 100
    return Int(max(-1e15, min(1e15, told.rounded())))
  }

  // MARK: Snapshots

  /// Marks the lines that it keeps.
  func markLines() { groups.forEach { for seed in $0.seeds { seed.mark() } } }

  /// Writes the groups, as of an instant.
  func write(to writer: inout SnapshotWriter, at time: Int64, _ seeds: SeedTable) {
    writer.put(withoutGroup)
    writer.put(nextDue)
    writer.put(lastClosing)
    groups.write(to: &writer, at: time) { group, writer in
      for time in [group.lastTime, group.opened, group.burst] { writer.put(time) }
      writer.put(group.weightTotal)
      group.samples.write(to: &writer)
      writer.put(group.values.sorted()) { $1.put($0) }
      writer.put(group.positions) { $1.put($0) }
      writer.put(group.seeds) { seeds.put($0, to: &$1) }
    }
    habits.write(to: &writer, at: time) { habit, writer in
      for number in [habit.lastTime, habit.window] { writer.put(number) }
      writer.put(habit.sum)
      writer.put(habit.isTold)
      habit.measure.write(to: &writer)
    }
  }

  /// Takes in what was written.
  func read(from reader: inout SnapshotReader, _ seeds: SeedTable) throws(SnapshotError) {
    withoutGroup = try reader.number()
    nextDue = try reader.number()
    lastClosing = try reader.number()
    let count = correlation.rules.count
    try groups.read(from: &reader) { (reader) throws(SnapshotError) in
      let lastTime: Int64 = try reader.number()
      var group = Group(opened: try reader.number(), lastTime: lastTime)
      group.burst = try reader.number()
      group.weightTotal = try reader.number()
      group.samples = try WindowSamples(from: &reader)
      group.values = Set(
        try reader.list { (reader) throws(SnapshotError) -> UInt64 in try reader.number() })
      group.positions = try reader.list { (reader) throws(SnapshotError) in try reader.number() }
      guard group.positions.isEmpty || group.positions.count == count else { throw .damaged }
      group.seeds = try reader.list(seeds.take)
      return group
    }
    try habits.read(from: &reader) { (reader) throws(SnapshotError) in
      let lastTime: Int64 = try reader.number()
      var habit = Habit(window: try reader.number(), lastTime: lastTime)
      habit.sum = Double(bitPattern: try reader.number())
      habit.isTold = try reader.flag()
      habit.measure = try OwnMeasure(from: &reader)
      return habit
    }
  }
}
