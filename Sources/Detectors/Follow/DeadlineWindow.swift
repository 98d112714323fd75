import Bytes
import Events

/// What waits, per group, for something that should follow an event, and speaks when it did not come in time.
protocol WaitWindow: AnyObject {
  /// How many waits were forgotten early.
  var evictedCount: UInt64 { get }
  /// When the next wait ends, or `Int64.max`.
  var nextEnd: Int64 { get }
  /// Whether the clock ends a wait where there is one, and not only what comes later in the logs.
  var followsClock: Bool { get }
  /// Takes an event that something should follow.
  func observe(_ feed: FeedKey, _ occurrence: some Occurrence)
  /// Takes an event that was waited for.
  func meet(_ feed: FeedKey, _ occurrence: some Occurrence)
  /// The next wait that ends by an instant with nothing having come; the line is the one that began it.
  func next(by time: Int64) -> (firing: Firing, line: EvidenceSeed, end: Int64)?
  /// Marks the lines that it keeps.
  func markLines()
  /// Writes the waits, as of an instant.
  func write(to writer: inout SnapshotWriter, at time: Int64, _ seeds: SeedTable)
  /// Takes in what was written.
  func read(from reader: inout SnapshotReader, _ seeds: SeedTable) throws(SnapshotError)
}

/// Waits until a time that the event says itself: `obligation.due`, or `obligation.warn`.
///
/// An event with another time than the last of its group moves the wait's end: the register says otherwise by now. What must be done
/// again and again (`obligation.period`) is waited for anew from each time that it was done, and the last of these is
/// evidence as well. Bounded: ``Correlator/groupsMax`` groups; those that wait are the last to go.
final class DeadlineWindow: WaitWindow {
  private struct Wait: KeyedState {
    /// When it is over; `Int64.max` when nothing is waited for.
    var end: Int64
    /// When it began.
    var start: Int64
    /// How long the next wait lasts after what was waited for came, nanoseconds; 0 when it is due once.
    var renewal: Int64
    /// The line that began it, and the last that met it.
    var seed: EvidenceSeed
    var met: EvidenceSeed?
    var isReturned = false
    /// Nothing that waits, or will again, is swept away.
    var lastTime: Int64 { end < .max ? end : renewal > 0 ? .max / 2 : start }
    var weight: Int { end < .max || renewal > 0 ? 2 : 1 }
  }

  private let rule: Int
  private let deadline: Field
  private var waits: BoundedTable<Wait>
  /// The ends that were set, the least first; a wait that was met or moved is passed over.
  private var ends: [End] = []

  private struct End {
    var time: Int64
    var group: StateKey

    static func precedes(_ left: End, _ right: End) -> Bool {
      (left.time, left.group.high, left.group.low)
        < (right.time, right.group.high, right.group.low)
    }
  }

  /// A month: so long a wait that is over is remembered.
  private static let lifetime: Int64 = 31 * 86_400 * 1_000_000_000

  init(_ rule: Int, _ deadline: Correlation.Deadline) {
    self.rule = rule
    self.deadline = deadline == .due ? .obligationDue : .obligationWarn
    waits = BoundedTable(limit: Correlator.groupsMax, lifetime: DeadlineWindow.lifetime)
  }

  var evictedCount: UInt64 { waits.evictedCount }
  var nextEnd: Int64 { ends.first?.time ?? .max }
  var followsClock: Bool { true }

  func observe(_ feed: FeedKey, _ occurrence: some Occurrence) {
    guard feed.hasGroup else { return }
    let (time, event) = (occurrence.time, occurrence.event)
    guard let due = DeadlineWindow.time(event.text(.obligationDue)),
      let said = DeadlineWindow.time(event.text(deadline))
    else { return }
    var renewal: Int64 = 0
    if case .integer(let seconds)? = event[.obligationPeriod], seconds > 0, seconds < 1 << 33 {
      renewal = max(1, seconds * 1_000_000_000 - (due - said))
    }
    let seed = occurrence.seed
    // Nothing ends before it begins.
    let wanted = max(said, time)
    let end = waits.update(
      feed.group, at: time,
      fresh: { Wait(end: .max, start: time, renewal: renewal, seed: seed) }
    ) { wait in
      // What the logs showed is not undone by what a row says of the time before.
      let isLater = wait.renewal > 0 && renewal > 0 && wait.end < .max && wait.end > wanted
      wait.end = isLater ? wait.end : wanted
      (wait.start, wait.renewal, wait.seed) = (time, renewal, seed)
      return wait.end
    }
    push(End(time: end, group: feed.group))
  }

  func meet(_ feed: FeedKey, _ occurrence: some Occurrence) {
    guard feed.hasGroup else { return }
    let time = occurrence.time
    let isRecurring = waits.updateExisting(feed.group) { wait in
      if wait.renewal == 0, time >= wait.start, time < wait.end { wait.end = .max }
      return wait.renewal > 0 && time >= wait.start
    }
    guard isRecurring == true else { return }
    let seed = occurrence.seed
    let end = waits.updateExisting(feed.group) { wait in
      let end = time.addingReportingOverflow(wait.renewal)
      let next = end.overflow ? .max : end.partialValue
      wait.end = wait.end < .max ? max(wait.end, next) : next
      wait.met = seed
      return wait.end
    }
    if let end, end < .max { push(End(time: end, group: feed.group)) }
  }

  func next(by time: Int64) -> (firing: Firing, line: EvidenceSeed, end: Int64)? {
    while let first = ends.first, first.time <= time {
      pop()
      let found = waits.updateExisting(first.group) { wait -> Wait? in
        guard wait.end == first.time else { return nil }
        wait.end = .max
        return wait
      }
      guard let wait = found ?? nil else { continue }
      var firing = Firing(
        rule: rule, group: first.group, start: first.time,
        evidence: [wait.seed] + [wait.met].compactMap(\.self), count: 1, distinct: 0)
      firing.isDeadline = true
      return (firing, wait.seed, first.time)
    }
    return nil
  }

  /// An RFC 3339 instant, nanoseconds.
  private static func time(_ text: ByteView?) -> Int64? {
    text.flatMap { Timestamps.rfc3339($0) }?.nanoseconds
  }

  func markLines() {
    waits.forEach { wait in
      wait.seed.mark()
      wait.met?.mark()
    }
  }

  func write(to writer: inout SnapshotWriter, at time: Int64, _ seeds: SeedTable) {
    waits.write(to: &writer, at: time) { wait, writer in
      for time in [wait.end, wait.start, wait.renewal] { writer.put(time) }
      seeds.put(wait.seed, to: &writer)
      writer.put(wait.met) { seeds.put($0, to: &$1) }
    }
    writer.put(ends) { end, writer in
      writer.put(end.time)
      writer.put(end.group.high)
      writer.put(end.group.low)
    }
  }

  func read(from reader: inout SnapshotReader, _ seeds: SeedTable) throws(SnapshotError) {
    try waits.read(from: &reader) { (reader) throws(SnapshotError) in
      let (end, start, renewal): (Int64, Int64, Int64) = (
        try reader.number(), try reader.number(), try reader.number()
      )
      return Wait(
        end: end, start: start, renewal: renewal, seed: try seeds.take(from: &reader),
        met: try reader.optional(seeds.take))
    }
    ends = try reader.list { (reader) throws(SnapshotError) in
      End(
        time: try reader.number(),
        group: StateKey(high: try reader.number(), low: try reader.number()))
    }
    ends.sort(by: End.precedes)
  }
}

extension DeadlineWindow {
  private func push(_ end: End) {
    if ends.count >= Correlator.groupsMax * 2 { forgetPassed() }
    ends.append(end)
    var place = ends.count - 1
    while place > 0, End.precedes(ends[place], ends[(place - 1) / 2]) {
      ends.swapAt(place, (place - 1) / 2)
      place = (place - 1) / 2
    }
  }

  /// Forgets the ends of waits that were met or moved, of which a group may have had many.
  private func forgetPassed() {
    var seen: Set<StateKey> = []
    ends = ends.filter { end in
      (waits.updateExisting(end.group) { $0.end == end.time } ?? false)
        && seen.insert(end.group).inserted
    }
    ends.sort(by: End.precedes)
  }

  private func pop() {
    guard let last = ends.popLast(), !ends.isEmpty else { return }
    ends[0] = last
    var place = 0
    while true {
      let (left, right) = (2 * place + 1, 2 * place + 2)
      var least = place
      if left < ends.count, End.precedes(ends[left], ends[least]) { least = left }
      if right < ends.count, End.precedes(ends[right], ends[least]) { least = right }
      if least == place { return }
      ends.swapAt(place, least)
      place = least
    }
  }
}
