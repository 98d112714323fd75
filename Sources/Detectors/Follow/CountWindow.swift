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
  }

  /// One event of a group.
  private struct Entry {
    let time: Int64
    let weight: UInt32
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
  /// A value that more events of a window have is not counted.
  private let perValueMax: Int?
  private var groups: BoundedTable<Group>
  /// How many events lacked a field of their group.
  private(set) var withoutGroup: UInt64 = 0

  init(_ counting: FeedPlan.Counting) {
    members = counting.members.map { rule, correlation in
      Member(
        rule: rule, needed: correlation.needed,
        window: Int64(correlation.timespanSeconds) * 1_000_000_000,
        countsValues: correlation.kind == .valueCount,
        medianGap: (correlation.medianGapSeconds ?? 0) * 1_000_000_000)
    }
    perValueMax = counting.correlation.perValueMax
    span = members.reduce(0) { max($0, $1.window) }
    room = min(
      members.reduce(0) { $0 + $1.needed } * ((perValueMax ?? 0) + 1), Correlator.eventsMax)
    fewest = members.map(\.needed).min() ?? 0
    groups = BoundedTable(limit: Correlator.groupsMax, lifetime: span)
  }

  var evictedCount: UInt64 { groups.evictedCount }

  /// Writes the groups, as of an instant.
  func write(to writer: inout SnapshotWriter, at time: Int64, _ seeds: SeedTable) {
    writer.put(withoutGroup)
    groups.write(to: &writer, at: time) { group, writer in
      writer.put(group.lastTime)
      writer.put(group.entries) { entry, writer in
        writer.put(entry.time)
        writer.put(entry.weight)
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
          time: try reader.number(), weight: try reader.number(), value: try reader.number(),
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
  func observe(_ feed: FeedKey, _ occurrence: some Occurrence, emit: (Firing) -> Void) {
    guard feed.hasGroup else {
      withoutGroup += 1
      return
    }
    let key = feed.group
    let entry = Entry(
      time: occurrence.time, weight: occurrence.weight, value: feed.value, seed: occurrence.seed)
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
    for firing in firings { emit(firing) }
  }

  /// Forgets what a group did so far.
  func cancel(_ feed: FeedKey) {
    guard feed.hasGroup else { return }
    groups.updateExisting(feed.group) { group in
      (group.entries, group.bursts, group.burstValues) = ([], [], [])
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
    if let perValueMax { thin(&group.entries, entry.value, to: perValueMax) }
    if group.entries.count >= room {
      let spare = group.entries.indices.first { place in
        let value = group.entries[place].value
        return value == 0 || value == entry.value
          || group.entries[(place + 1)...].contains { $0.value == value }
      }
      group.entries.remove(at: spare ?? 0)
    }
    group.entries.append(entry)
  }

  /// Keeps so many events of a value: one more than the bound says that it has too many.
  private func thin(_ entries: inout [Entry], _ value: UInt64, to most: Int) {
    var count = 0
    for place in entries.indices.reversed() where entries[place].value == value {
      count += 1
      if count > most {
        entries.remove(at: place)
        return
      }
    }
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
    if member.countsValues { group.burstValues = counted(inWindow) }
    return Firing(
      rule: member.rule, group: key, start: start, evidence: inWindow.map(\.seed),
      count: inWindow.reduce(0) { $0 + UInt64($1.weight) },
      distinct: member.countsValues ? group.burstValues.count : 0)
  }

  /// The first entry of the member's window when enough lies in it.
  private func reached(_ member: Member, _ entry: Entry, _ entries: [Entry]) -> Int? {
    if !member.countsValues, entries.count == 1, Int(entry.weight) < member.needed { return nil }
    if member.countsValues, entries.count < member.needed { return nil }
    if perValueMax != nil || member.medianGap > 0 {
      return reachedClosely(member, entry, entries)
    }
    var (first, total) = (entries.count, 0)
    var values: Set<UInt64> = []
    while first > 0, entry.time - entries[first - 1].time < member.window {
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
    while first > 0, entry.time - entries[first - 1].time < member.window { first -= 1 }
    let inWindow = entries[first...]
    if member.countsValues { return counted(inWindow).count >= member.needed ? first : nil }
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

  /// The different values of some entries, less those that too many of them have.
  private func counted(_ entries: ArraySlice<Entry>) -> Set<UInt64> {
    guard let perValueMax else { return Set(entries.lazy.map(\.value).filter { $0 != 0 }) }
    var tries: [UInt64: Int] = [:]
    for entry in entries where entry.value != 0 {
      tries[entry.value, default: 0] += Int(entry.weight)
    }
    return Set(tries.lazy.filter { $0.value <= perValueMax }.map(\.key))
  }
}
