import Bytes

/// Remembers, per group, when something last came, and says of an event that it did not come before.
///
/// What came at the event's own instant, and stood before it, counts; what came a whole timespan before does not. What was
/// before the logs began is not known, and counts as not having come. Bounded: ``Correlator/groupsMax`` groups.
final class PrecedenceWindow {
  private struct Precedent: KeyedState {
    var lastTime: Int64
    var isReturned = false
    var weight: Int { 1 }
  }

  private let rule: Int
  private let span: Int64
  private var precedents: BoundedTable<Precedent>

  init(_ rule: Int, _ correlation: Correlation) {
    self.rule = rule
    span = correlation.timespanSeconds * 1_000_000_000
    precedents = BoundedTable(limit: Correlator.groupsMax, lifetime: span)
  }

  var evictedCount: UInt64 { precedents.evictedCount }

  /// Takes what may precede an event.
  func note(_ feed: FeedKey, at time: Int64) {
    guard feed.hasGroup else { return }
    precedents.update(feed.group, at: time, fresh: { Precedent(lastTime: time) }) {
      $0.lastTime = max($0.lastTime, time)
    }
  }

  /// Takes an event that something should have preceded; what it says when nothing has.
  func observe(_ feed: FeedKey, _ occurrence: some Occurrence) -> Firing? {
    guard feed.hasGroup else { return nil }
    let time = occurrence.time
    let isPreceded = precedents.updateExisting(feed.group) { time - $0.lastTime < span } ?? false
    if isPreceded { return nil }
    return Firing(
      rule: rule, group: feed.group, start: time, evidence: [occurrence.seed],
      count: UInt64(occurrence.weight), distinct: 0)
  }

  /// Writes what came, as of an instant.
  func write(to writer: inout SnapshotWriter, at time: Int64) {
    precedents.write(to: &writer, at: time) { $1.put($0.lastTime) }
  }

  /// Takes in what was written.
  func read(from reader: inout SnapshotReader) throws(SnapshotError) {
    try precedents.read(from: &reader) { (reader) throws(SnapshotError) in
      Precedent(lastTime: try reader.number())
    }
  }
}
