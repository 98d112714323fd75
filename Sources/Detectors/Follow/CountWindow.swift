import Bytes

/// Counts events, and different values, per group in sliding windows; several correlations may share
/// one set of groups.
final class CountWindow {
  /// One correlation over the groups.
  private struct Member {
    let rule: Int
    /// How many events, or different values, make it fire.
    let needed: Int
    let window: Int64
    let countsValues: Bool
    /// Half of the pauses between the events must be longer; 0 for any.
    let medianGap: Int64
    /// A value that more events of the window have is not counted; 0 for any number.
    let perValueMax: Int
    /// What marks the events that this member does not count any more.
    let mark: UInt8
  }

  /// One event of a group.
  private struct Entry: BitwiseCopyable {
    let time: Int64
    let weight: UInt32
    /// The marks of the members that were cancelled since.
    var cancelled: UInt8 = 0
    /// The value that is counted, hashed; 0 when values are not counted.
    let value: UInt64
    let seed: EvidenceSeed
  }

  /// The recent past of one group.
  private struct Group: KeyedState {
    var entries: [Entry] = []
    /// When the burst of each member that is firing began; empty while none is.
    var bursts: [Int64] = []
    /// The values of the bursts that are going on, at most ``Correlator/eventsMax``.
    var burstValues: Set<UInt64> = []
    var lastTime: Int64
    var isReturned = false
    var weight: Int { entries.count + (bursts.isEmpty ? 0 : 1000) }
  }

  /// What an event that is no burst's has as its beginning.
  private static let noBurst = Int64.min

  private let members: [Member]
  private let span: Int64
  /// How many entries all members need together.
  private let room: Int
  /// How many events, at one each, the first member to fire needs.
  private let fewest: Int
  /// How many of the newest events are kept whatever their value, and how many of each value.
  private let newest, ofEach: Int
  private var groups: BoundedTable<Group>
  /// How many events lacked a field of their group.
  private(set) var withoutGroup: UInt64 = 0

  init(_ counting: FeedPlan.Counting) {
    let members = counting.members.enumerated().map { place, member in
      let correlation = member.correlation
      return Member(
        rule: member.rule, needed: correlation.needed,
        window: Int64(correlation.timespanSeconds) * 1_000_000_000,
        countsValues: correlation.kind == .valueCount,
        medianGap: (correlation.medianGapSeconds ?? 0) * 1_000_000_000,
        perValueMax: correlation.perValueMax ?? 0, mark: 1 << UInt8(place))
    }
    self.members = members
    span = members.reduce(0) { max($0, $1.window) }
    let mostEvents = members.filter { !$0.countsValues }.map(\.needed).max() ?? 0
    let mostValues = members.filter(\.countsValues).map(\.needed).max() ?? 0
    newest = min(mostEvents, Correlator.eventsMax)
    // One more than the bound says that a value has too many.
    ofEach = (members.map(\.perValueMax).max() ?? 0) + 1
    room = min(newest + mostValues * ofEach, Correlator.eventsMax)
    fewest = members.map(\.needed).min() ?? 0
    groups = BoundedTable(limit: Correlator.groupsMax, lifetime: span)
  }

  var evictedCount: UInt64 { groups.evictedCount }

  /// Marks the lines that it keeps.
  func markLines() { groups.forEach { for entry in $0.entries { entry.seed.mark() } } }

  /// Has the processor fetch what the next event of a group will read.
  @inline(__always) func prefetch(_ feed: FeedKey) { groups.prefetch(feed.group) }

  /// The same of what the group itself says where it is.
  @inline(__always) func prefetchHeld(_ feed: FeedKey) {
    groups.prefetch(feed.group, lineCount: 2) { ArrayPlace(&$0.entries) }
  }

  /// Writes the groups, as of an instant.
  func write(to writer: inout SnapshotWriter, at time: Int64, _ seeds: SeedTable) {
    writer.put(withoutGroup)
    groups.write(to: &writer, at: time) { group, writer in
      writer.put(group.lastTime)
      writer.put(group.entries) { entry, writer in
        writer.put(entry.time)
        writer.put(entry.weight)
        writer.put(entry.cancelled)
        writer.put(entry.value)
        seeds.put(entry.seed, to: &writer)
      }
      writer.put(group.bursts) { $1.put($0) }
      writer.put(group.burstValues.sorted()) { $1.put($0) }
    }
  }

  /// Takes in what was written.
  func read(from reader: inout SnapshotReader, _ seeds: SeedTable) throws(SnapshotError) {
    withoutGroup = try reader.number()
    let memberCount = members.count
    try groups.read(from: &reader) { (reader) throws(SnapshotError) in
      var group = Group(lastTime: try reader.number())
      group.entries = try reader.list { (reader) throws(SnapshotError) in
        Entry(
          time: try reader.number(), weight: try reader.number(),
          cancelled: try reader.number(), value: try reader.number(),
          seed: try seeds.take(from: &reader))
      }
      group.bursts = try reader.list { (reader) throws(SnapshotError) in try reader.number() }
      guard group.bursts.isEmpty || group.bursts.count == memberCount else { throw .damaged }
      group.burstValues = Set(
        try reader.list { (reader) throws(SnapshotError) -> UInt64 in try reader.number() })
      return group
    }
  }

  /// Takes one event; calls `emit` for every member that fires or whose burst goes on.
  @inline(__always)
  func observe(_ feed: FeedKey, _ occurrence: some Occurrence, emit: (Firing) -> Void) {
    guard feed.hasGroup else {
      withoutGroup += 1
      return
    }
    let firings = take(feed, occurrence.time, occurrence.weight, occurrence.seed)
    for firing in firings { emit(firing) }
  }

  private func take(
    _ feed: FeedKey, _ time: Int64, _ weight: UInt32, _ seed: EvidenceSeed
  ) -> [Firing] {
    let key = feed.group
    let entry = Entry(time: time, weight: weight, value: feed.value, seed: seed)
    var firings: [Firing] = []
    groups.update(
      key, at: entry.time,
      fresh: {
        var group = Group(lastTime: entry.time)
        // One allocation for what most groups come to hold.
        group.entries.reserveCapacity(4)
        return group
      }
    ) { group in
      add(entry, to: &group)
      // Most groups never come near a count.
      if group.bursts.isEmpty, CountWindow.weight(of: group.entries) < fewest {
        group.lastTime = max(group.lastTime, entry.time)
        return
      }
      for place in 0..<members.count {
        if let firing = judge(place, members[place], entry, key, &group) { firings.append(firing) }
      }
      group.lastTime = max(group.lastTime, entry.time)
    }
    return firings
  }

  /// Has a member count nothing of what a group did so far.
  func cancel(_ feed: FeedKey, member place: Int) {
    guard feed.hasGroup else { return }
    let mark = members[place].mark
    groups.updateExisting(feed.group) { group in
      for entry in group.entries.indices { group.entries[entry].cancelled |= mark }
      if !group.bursts.isEmpty { group.bursts[place] = CountWindow.noBurst }
    }
  }

  @inline(__always) private static func weight(of entries: [Entry]) -> Int {
    var total = 0
    for place in entries.indices { total += Int(entries[place].weight) }
    return total
  }

  /// Keeps what may still decide: the newest events that a count needs, and the newest of each value.
  private func add(_ entry: Entry, to group: inout Group) {
    if let oldest = group.entries.first, entry.time - oldest.time >= span {
      group.entries.removeAll { entry.time - $0.time >= span }
    }
    group.entries.append(entry)
    // One more than there was room for, and at the most one of it too many.
    guard group.entries.count > newest else { return }
    let older = group.entries.count - newest
    if entry.value == 0 || spareCount(of: entry.value, in: group.entries) > ofEach {
      let place = group.entries[..<older].firstIndex { $0.value == entry.value }
      if let place { group.entries.remove(at: place) }
    }
    if group.entries.count > room { group.entries.remove(at: 0) }
  }

  private func spareCount(of value: UInt64, in entries: [Entry]) -> Int {
    entries.reduce(0) { $0 + ($1.value == value ? 1 : 0) }
  }

  private func judge(
    _ place: Int, _ member: Member, _ entry: Entry, _ key: StateKey, _ group: inout Group
  ) -> Firing? {
    if !group.bursts.isEmpty, group.bursts[place] != CountWindow.noBurst {
      if entry.time - group.lastTime < member.window {
        if member.countsValues, entry.value != 0,
          group.burstValues.count < Correlator.eventsMax
        {
          group.burstValues.insert(entry.value)
        }
        return Firing(
          rule: member.rule, group: key, start: group.bursts[place], evidence: [entry.seed],
          count: UInt64(entry.weight), distinct: member.countsValues ? group.burstValues.count : 0)
      }
      group.bursts[place] = CountWindow.noBurst
      if member.countsValues { group.burstValues = [] }
    }
    guard let first = reached(member, entry, group.entries) else { return nil }
    let inWindow = group.entries[first...]
    let start = inWindow.map(\.time).min() ?? entry.time
    if group.bursts.isEmpty {
      group.bursts = Array(repeating: CountWindow.noBurst, count: members.count)
    }
    group.bursts[place] = start
    if member.countsValues { group.burstValues = counted(inWindow, member) }
    return Firing(
      rule: member.rule, group: key, start: start, evidence: inWindow.map(\.seed),
      count: inWindow.reduce(0) { $0 + UInt64($1.weight) },
      distinct: member.countsValues ? group.burstValues.count : 0)
  }

  /// The first entry of the member's window when enough lies in it.
  private func reached(_ member: Member, _ entry: Entry, _ entries: [Entry]) -> Int? {
    if !member.countsValues, entries.count == 1, Int(entry.weight) < member.needed { return nil }
    if member.countsValues, entries.count < member.needed { return nil }
    if member.perValueMax > 0 || member.medianGap > 0 {
      return reachedClosely(member, entry, entries)
    }
    var (first, total) = (entries.count, 0)
    var values: Set<UInt64> = []
    while first > 0, lies(entries[first - 1], inWindowOf: member, endingWith: entry) {
      first -= 1
      if member.countsValues {
        if entries[first].value != 0 { values.insert(entries[first].value) }
      } else {
        total += Int(entries[first].weight)
      }
    }
    return (member.countsValues ? values.count : total) >= member.needed ? first : nil
  }

  /// The same where more than the number of events or values decides.
  private func reachedClosely(_ member: Member, _ entry: Entry, _ entries: [Entry]) -> Int? {
    var first = entries.count
    while first > 0, lies(entries[first - 1], inWindowOf: member, endingWith: entry) { first -= 1 }
    let inWindow = entries[first...]
    if member.countsValues { return counted(inWindow, member).count >= member.needed ? first : nil }
    guard inWindow.reduce(0, { $0 + Int($1.weight) }) >= member.needed else { return nil }
    // Of more events than are needed the newest count.
    var (times, left) = ([Int64](), member.needed)
    for place in inWindow.indices.reversed() where left > 0 {
      let count = min(left, Int(entries[place].weight))
      times += Array(repeating: entries[place].time, count: count)
      left -= count
    }
    let gaps = zip(times, times.dropFirst()).map { abs($0 - $1) }.sorted()
    guard !gaps.isEmpty else { return nil }
    let median = (gaps[gaps.count / 2] + gaps[(gaps.count - 1) / 2]) / 2
    return median > member.medianGap ? first : nil
  }

  /// Whether an entry is counted: it lies in the window, and nothing cancelled it.
  @inline(__always)
  private func lies(_ entry: Entry, inWindowOf member: Member, endingWith last: Entry) -> Bool {
    last.time - entry.time < member.window && entry.cancelled & member.mark == 0
  }

  /// The different values of some entries, less those that too many of them have.
  private func counted(_ entries: ArraySlice<Entry>, _ member: Member) -> Set<UInt64> {
    guard member.perValueMax > 0 else {
      return Set(entries.lazy.map(\.value).filter { $0 != 0 })
    }
    var tries: [UInt64: Int] = [:]
    for entry in entries where entry.value != 0 {
      tries[entry.value, default: 0] += Int(entry.weight)
    }
    return Set(tries.lazy.filter { $0.value <= member.perValueMax }.map(\.key))
  }
}
