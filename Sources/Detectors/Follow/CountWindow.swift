import Bytes
import Events

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
    var lastTime: Int64
    var weight: Int { entries.count + (bursts.isEmpty ? 0 : 1000) }
  }

  /// What an event that is no burst's has as its beginning.
  private static let noBurst = Int64.min

  private let correlation: Correlation
  private var countedFields: [Field]
  private var members: [Member] = []
  private var span: Int64 = 0
  private var groups: BoundedTable<Group>
  /// How many events lacked a field of their group.
  private(set) var withoutGroup: UInt64 = 0

  init(_ rule: Int, _ correlation: Correlation) {
    self.correlation = correlation
    countedFields = []
    groups = BoundedTable(limit: Correlator.groupsMax, lifetime: 0)
    add(rule, correlation)
  }

  var evictedCount: UInt64 { groups.evictedCount }

  /// Whether another correlation counts the same events by the same fields.
  func canShare(_ other: Correlation) -> Bool {
    correlation.aliases.isEmpty && other.aliases.isEmpty && correlation.rules == other.rules
      && correlation.groupBy == other.groupBy
      && (other.kind == .eventCount || countedFields.isEmpty
        || countedFields == other.countedFields)
  }

  /// Adds a correlation over the same groups.
  func add(_ rule: Int, _ other: Correlation) {
    let window = Int64(other.timespanSeconds) * 1_000_000_000
    members.append(
      Member(
        rule: rule, needed: other.needed, window: window, countsValues: other.kind == .valueCount))
    if other.kind == .valueCount { countedFields = other.countedFields }
    span = max(span, window)
    groups = BoundedTable(limit: Correlator.groupsMax, lifetime: span)
  }

  /// Takes one event; calls `emit` for every member that fires or whose burst goes on.
  func observe(fed: Int, _ occurrence: Occurrence, emit: (Firing) -> Void) {
    let event = occurrence.event
    guard let key = correlation.group(of: event, fed: fed, occurrence.keys) else {
      withoutGroup += 1
      return
    }
    let entry = Entry(
      time: occurrence.time, weight: occurrence.weight, value: value(of: event, fed: fed),
      seed: occurrence.seed)
    var firings: [Firing] = []
    groups.update(key, at: entry.time, fresh: { Group(lastTime: entry.time) }) { group in
      add(entry, to: &group)
      for (place, member) in members.enumerated() {
        if let firing = judge(place, member, entry, key, &group) { firings.append(firing) }
      }
      group.lastTime = max(group.lastTime, entry.time)
    }
    for firing in firings { emit(firing) }
  }

  /// The counted value, never 0 when there is one.
  private func value(of event: Event, fed: Int) -> UInt64 {
    guard !countedFields.isEmpty else { return 0 }
    var hash: UInt64 = 0
    for field in countedFields {
      guard let value = event[correlation.field(field, inRule: fed)] else { return 0 }
      hash = hash &* 0x9E37_79B9_7F4A_7C15 &+ ByteHash.hash(value.text(event.scratch))
    }
    return max(hash, 1)
  }

  /// Keeps what may still decide: the newest events that a count needs, and the newest of each value.
  private func add(_ entry: Entry, to group: inout Group) {
    if let oldest = group.entries.first, entry.time - oldest.time >= span {
      group.entries.removeAll { entry.time - $0.time >= span }
    }
    let room = members.reduce(0) { $0 + $1.needed }
    if group.entries.count >= min(room, Correlator.eventsMax) {
      let spare = group.entries.indices.first { place in
        let value = group.entries[place].value
        return value == 0 || value == entry.value
          || group.entries[(place + 1)...].contains { $0.value == value }
      }
      group.entries.remove(at: spare ?? 0)
    }
    group.entries.append(entry)
  }

  private func judge(
    _ place: Int, _ member: Member, _ entry: Entry, _ key: StateKey, _ group: inout Group
  ) -> Firing? {
    if !group.bursts.isEmpty, group.bursts[place] != CountWindow.noBurst {
      if entry.time - group.lastTime < member.window {
        return Firing(
          rule: member.rule, group: key, start: group.bursts[place], evidence: [entry.seed],
          count: UInt64(entry.weight), distinct: 0)
      }
      group.bursts[place] = CountWindow.noBurst
    }
    guard let first = reached(member, entry, group.entries) else { return nil }
    let inWindow = group.entries[first...]
    let start = inWindow.map(\.time).min() ?? entry.time
    if group.bursts.isEmpty {
      group.bursts = Array(repeating: CountWindow.noBurst, count: members.count)
    }
    group.bursts[place] = start
    let distinct =
      member.countsValues ? Set(inWindow.lazy.map(\.value).filter { $0 != 0 }).count : 0
    return Firing(
      rule: member.rule, group: key, start: start, evidence: inWindow.map(\.seed),
      count: inWindow.reduce(0) { $0 + UInt64($1.weight) }, distinct: distinct)
  }

  /// The first entry of the member's window when enough lies in it.
  private func reached(_ member: Member, _ entry: Entry, _ entries: [Entry]) -> Int? {
    if !member.countsValues, entries.count == 1, Int(entry.weight) < member.needed { return nil }
    if member.countsValues, entries.count < member.needed { return nil }
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
}
