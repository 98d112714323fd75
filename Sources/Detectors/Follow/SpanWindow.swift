import Bytes

/// Follows, per group, since when its events go on: says when that is too long, or when they go on after a pause.
///
/// A span begins with the first event of a group, or, where the correlation says so, with an event of other rules, each of which
/// begins it anew. It ends when something ends it, or after a silence as long as the timespan. A span that is too long
/// is told of once, each pause by itself. The lines shown are the span's first (before a pause: the last before it) and the one at hand.
/// Bounded: ``Correlator/groupsMax`` groups.
final class SpanWindow {
  private struct Span: KeyedState {
    var start: Int64
    var lastTime: Int64
    var count: UInt64
    /// The line that is shown beside the one at hand.
    var seed: EvidenceSeed
    var isTold = false
    var isReturned = false
    var weight: Int { Int(min(count, 1 << 30)) }
  }

  private let rule: Int
  private let needed: UInt64
  private let silence: Int64
  private let lasts: Int64?
  private let pause: Int64
  /// Whether only the events that ``begin(_:_:)`` gets begin a span.
  private let hasBeginning: Bool
  private var spans: BoundedTable<Span>

  init(_ rule: Int, _ correlation: Correlation) {
    self.rule = rule
    needed = UInt64(correlation.needed)
    silence = correlation.timespanSeconds * 1_000_000_000
    lasts = correlation.lastsSeconds.map { $0 * 1_000_000_000 }
    pause = (correlation.pauseSeconds ?? 0) * 1_000_000_000
    hasBeginning = !correlation.beginsWith.isEmpty
    spans = BoundedTable(limit: Correlator.groupsMax, lifetime: silence)
  }

  var evictedCount: UInt64 { spans.evictedCount }

  /// Takes an event that begins a span.
  func begin(_ feed: FeedKey, _ occurrence: some Occurrence) {
    guard feed.hasGroup else { return }
    let span = fresh(occurrence)
    spans.update(feed.group, at: occurrence.time, fresh: { span }) { known in
      let isReturned = known.isReturned
      known = span
      known.isReturned = isReturned
    }
  }

  /// Takes an event that ends a span.
  func end(_ feed: FeedKey) {
    guard feed.hasGroup else { return }
    spans.updateExisting(feed.group) { $0.count = 0 }
  }

  /// Takes an event of a group.
  func observe(_ feed: FeedKey, _ occurrence: some Occurrence) -> Firing? {
    guard feed.hasGroup else { return nil }
    if hasBeginning {
      return spans.updateExisting(feed.group) {
        $0.count == 0 ? nil : go(on: &$0, feed.group, occurrence)
      } ?? nil
    }
    var isNew = false
    return spans.update(
      feed.group, at: occurrence.time,
      fresh: {
        isNew = true
        return fresh(occurrence)
      }
    ) { span in
      if isNew { return nil }
      if span.count == 0 {
        let isReturned = span.isReturned
        span = fresh(occurrence)
        span.isReturned = isReturned
        return nil
      }
      return go(on: &span, feed.group, occurrence)
    }
  }

  private func fresh(_ occurrence: some Occurrence) -> Span {
    Span(
      start: occurrence.time, lastTime: occurrence.time, count: UInt64(occurrence.weight),
      seed: occurrence.seed)
  }

  private func go(
    on span: inout Span, _ group: StateKey, _ occurrence: some Occurrence
  ) -> Firing? {
    let time = occurrence.time
    let gap = time - span.lastTime
    if gap >= silence {
      let isReturned = span.isReturned
      span = fresh(occurrence)
      span.isReturned = isReturned
      // Without its beginning nothing is known of what goes on here.
      if hasBeginning { span.count = 0 }
      return nil
    }
    span.lastTime = max(span.lastTime, time)
    span.count += UInt64(occurrence.weight)
    guard let lasts else {
      defer { span.seed = occurrence.seed }
      guard gap >= pause, span.count >= needed else { return nil }
      return firing(span, group, from: time - gap, occurrence)
    }
    guard !span.isTold, time - span.start >= lasts, span.count >= needed else { return nil }
    span.isTold = true
    return firing(span, group, from: span.start, occurrence)
  }

  private func firing(
    _ span: Span, _ group: StateKey, from start: Int64, _ occurrence: some Occurrence
  ) -> Firing {
    Firing(
      rule: rule, group: group, start: start, evidence: [span.seed, occurrence.seed],
      count: span.count, distinct: 0)
  }

  /// Marks the lines that it keeps.
  func markLines() { spans.forEach { $0.seed.mark() } }

  /// Writes the spans, as of an instant.
  func write(to writer: inout SnapshotWriter, at time: Int64, _ seeds: SeedTable) {
    spans.write(to: &writer, at: time) { span, writer in
      writer.put(span.start)
      writer.put(span.lastTime)
      writer.put(span.count)
      writer.put(span.isTold)
      seeds.put(span.seed, to: &writer)
    }
  }

  /// Takes in what was written.
  func read(from reader: inout SnapshotReader, _ seeds: SeedTable) throws(SnapshotError) {
    try spans.read(from: &reader) { (reader) throws(SnapshotError) in
      let (start, last): (Int64, Int64) = (try reader.number(), try reader.number())
      let count: UInt64 = try reader.number()
      let isTold = try reader.flag()
      return Span(
        start: start, lastTime: last, count: count, seed: try seeds.take(from: &reader),
        isTold: isTold)
    }
  }
}
