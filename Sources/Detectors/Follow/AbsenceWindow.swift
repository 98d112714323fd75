import Bytes

/// Waits, per group, for what should follow an event, and speaks when it did not come in time.
///
/// The first event of a group starts the wait; more of them are counted into it. The time that decides is that of the events:
/// the wait is over when an event, of whatever log, comes at or after its end, or when the logs end after it. What should
/// follow must come before the end. Bounded: ``Correlator/groupsMax`` waits.
final class AbsenceWindow: WaitWindow {
  private struct Wait: KeyedState {
    /// When it is over; `Int64.max` when what was waited for came.
    var end: Int64
    var start: Int64
    var count: UInt64
    var seeds: [EvidenceSeed]
    var lastTime: Int64
    var isReturned = false
    var weight: Int { seeds.count }
  }

  private let rule: Int
  private let span: Int64
  private var waits: BoundedTable<Wait>
  /// The ends that were set, in order; a wait that was met or is longer gone is passed over.
  private var ends: [(time: Int64, group: StateKey)] = []
  private var first = 0

  init(_ rule: Int, _ correlation: Correlation) {
    self.rule = rule
    span = correlation.timespanSeconds * 1_000_000_000
    // Nothing is swept away before it has spoken.
    waits = BoundedTable(limit: Correlator.groupsMax, lifetime: span * 2)
  }

  var evictedCount: UInt64 { waits.evictedCount }

  /// When the next wait ends, or `Int64.max`.
  var nextEnd: Int64 { first < ends.count ? ends[first].time : .max }

  /// Takes an event that something should follow.
  func observe(_ feed: FeedKey, _ occurrence: some Occurrence) {
    guard feed.hasGroup else { return }
    let (time, seed) = (occurrence.time, occurrence.seed)
    let isNew = waits.update(
      feed.group, at: time,
      fresh: { Wait(end: .max, start: time, count: 0, seeds: [], lastTime: time) }
    ) { wait in
      let isNew = wait.end == .max
      let now = max(time, wait.lastTime)
      if isNew { wait = Wait(end: now + span, start: now, count: 0, seeds: [], lastTime: now) }
      wait.lastTime = now
      wait.count += UInt64(occurrence.weight)
      if wait.seeds.count < 10 { wait.seeds.append(seed) }
      return isNew ? wait.end : nil
    }
    guard let end = isNew else { return }
    if ends.count - first >= Correlator.groupsMax * 2 { forgetMet() }
    // Ends come in order, but for those of events that came late.
    var place = ends.count
    while place > first, ends[place - 1].time > end { place -= 1 }
    ends.insert((end, feed.group), at: place)
  }

  /// A log that is late must not be taken for one that shows nothing.
  var followsClock: Bool { false }

  /// Takes an event that was waited for.
  func meet(_ feed: FeedKey, _ occurrence: some Occurrence) {
    guard feed.hasGroup else { return }
    let time = occurrence.time
    waits.updateExisting(feed.group) { if time >= $0.start, time < $0.end { $0.end = .max } }
  }

  /// Forgets the ends of waits that were met, of which a group may have had many.
  private func forgetMet() {
    ends = ends[first...].filter { end in
      waits.updateExisting(end.group) { $0.end == end.time } ?? false
    }
    first = 0
  }

  /// The next wait that ends by an instant with nothing having come; the line is its first.
  func next(by time: Int64) -> (firing: Firing, line: EvidenceSeed, end: Int64)? {
    while first < ends.count, ends[first].time <= time {
      let (end, group) = ends[first]
      first += 1
      if first == 1024 {
        ends.removeFirst(first)
        first = 0
      }
      let found = waits.updateExisting(group) { wait -> Wait? in
        guard wait.end == end else { return nil }
        wait.end = .max
        let old = wait
        wait.seeds = []
        return old
      }
      guard let wait = found ?? nil, let line = wait.seeds.first else { continue }
      let firing = Firing(
        rule: rule, group: group, start: wait.start, evidence: wait.seeds, count: wait.count,
        distinct: 0)
      return (firing, line, end)
    }
    return nil
  }

  /// Marks the lines that it keeps.
  func markLines() { waits.forEach { for seed in $0.seeds { seed.mark() } } }

  /// Writes the waits, as of an instant.
  func write(to writer: inout SnapshotWriter, at time: Int64, _ seeds: SeedTable) {
    waits.write(to: &writer, at: time) { wait, writer in
      for time in [wait.end, wait.start, wait.lastTime] { writer.put(time) }
      writer.put(wait.count)
      writer.put(wait.seeds) { seeds.put($0, to: &$1) }
    }
    writer.put(ends[first...]) { end, writer in
      writer.put(end.time)
      writer.put(end.group.high)
      writer.put(end.group.low)
    }
  }

  /// Takes in what was written.
  func read(from reader: inout SnapshotReader, _ seeds: SeedTable) throws(SnapshotError) {
    try waits.read(from: &reader) { (reader) throws(SnapshotError) in
      let (end, start, last): (Int64, Int64, Int64) = (
        try reader.number(), try reader.number(), try reader.number()
      )
      return Wait(
        end: end, start: start, count: try reader.number(), seeds: try reader.list(seeds.take),
        lastTime: last)
    }
    ends = try reader.list { (reader) throws(SnapshotError) in
      (try reader.number(), StateKey(high: try reader.number(), low: try reader.number()))
    }
    first = 0
  }
}
