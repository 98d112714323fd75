import Bytes

/// One bucket per group: events pour into it, one leaks out in every so long, and it overflows when more is
/// in it than it holds.
///
/// An event is one, or as many as its line stands for. Where values are counted, a value pours in once until
/// the bucket is empty again; an event without the value pours nothing. What runs over is lost: a bucket is never more than
/// full. It fires when it overflows, and the burst goes on until all has leaked out, which takes as long as a
/// full bucket leaks after the last event. A rule that cancels empties it at once.
///
/// The level is kept as the instant at which the bucket will be empty, in whole nanoseconds: nothing is
/// rounded. An event that comes late counts as of the latest before it. Bounded: ``Correlator/groupsMax`` buckets, each with its
/// first line and the newest, as many as overflow needs.
final class LeakyBuckets {
  /// One group's bucket.
  private struct Bucket: KeyedState {
    /// When all will have leaked out.
    var emptyAt: Int64
    /// When the first event came since it was empty, and how many came.
    var start: Int64
    var count: UInt64 = 0
    /// How many poured in, at one each; what the state is worth.
    var poured: UInt32 = 0
    var isOverflowing = false
    /// The first line, and the newest.
    var seeds: [EvidenceSeed] = []
    /// The values that poured in, at most ``Correlator/eventsMax``.
    var values: Set<UInt64> = []
    var lastTime: Int64
    var isReturned = false
    var weight: Int { Int(poured) + (isOverflowing ? 1000 : 0) }

    init(at time: Int64) { (emptyAt, start, lastTime) = (time, time, time) }

    /// Begins anew in the same rooms, unless they are large.
    mutating func restart(at time: Int64) {
      var fresh = Bucket(at: time)
      if seeds.capacity <= 16, values.isEmpty {
        seeds.removeAll(keepingCapacity: true)
        swap(&fresh.seeds, &seeds)
      }
      self = fresh
    }
  }

  private let rule: Int
  /// What is too much, as nanoseconds of leaking, and how long one takes.
  private let brim, leak: Int64
  private let needed: Int
  private let countsValues: Bool
  private var buckets: BoundedTable<Bucket>
  /// How many events lacked a field of their group.
  private(set) var withoutGroup: UInt64 = 0

  init(_ rule: Int, _ correlation: Correlation) {
    self.rule = rule
    needed = correlation.needed
    // The reader holds the product to a year.
    leak = (correlation.leakSeconds ?? 1) * 1_000_000_000
    brim = Int64(needed - 1) * leak
    countsValues = correlation.kind == .valueCount
    buckets = BoundedTable(limit: Correlator.groupsMax, lifetime: brim + leak)
  }

  var evictedCount: UInt64 { buckets.evictedCount }

  /// Empties a group's bucket.
  func cancel(_ feed: FeedKey, at time: Int64) {
    guard feed.hasGroup else { return }
    buckets.updateExisting(feed.group) { $0 = Bucket(at: max($0.lastTime, time)) }
  }

  /// Takes one event; says whether it makes the bucket overflow, or comes while it does.
  @inline(__always) func observe(_ feed: FeedKey, _ occurrence: some Occurrence) -> Firing? {
    guard feed.hasGroup else {
      withoutGroup += 1
      return nil
    }
    return take(feed, occurrence.time, occurrence.weight, occurrence.seed)
  }

  private func take(
    _ feed: FeedKey, _ time: Int64, _ weight: UInt32, _ seed: EvidenceSeed
  ) -> Firing? {
    buckets.update(feed.group, at: time, fresh: { Bucket(at: time) }) { bucket in
      let now = max(time, bucket.lastTime)
      if now >= bucket.emptyAt { bucket.restart(at: now) }
      bucket.lastTime = now
      let pours = pour(feed.value, weight, into: &bucket, at: now)
      bucket.count += UInt64(weight)
      if bucket.isOverflowing {
        return firing(feed.group, bucket, [seed], UInt64(weight))
      }
      // An event that neither pours nor is counted by an earlier one leaves an empty bucket empty.
      if bucket.emptyAt == now, !pours { return nil }
      if bucket.seeds.count == needed { bucket.seeds.remove(at: min(1, needed - 1)) }
      if bucket.seeds.capacity == 0 { bucket.seeds.reserveCapacity(4) }
      bucket.seeds.append(seed)
      guard bucket.emptyAt - now > brim else { return nil }
      bucket.emptyAt = now + brim
      bucket.isOverflowing = true
      return firing(feed.group, bucket, bucket.seeds, bucket.count)
    }
  }

  /// Raises the level; whether the event poured anything.
  private func pour(
    _ value: UInt64, _ weight: UInt32, into bucket: inout Bucket, at now: Int64
  ) -> Bool {
    var amount = Int64(min(weight, UInt32(needed)))
    if countsValues {
      guard value != 0, bucket.values.count < Correlator.eventsMax,
        bucket.values.insert(value).inserted
      else { return false }
      amount = 1
    }
    bucket.poured = min(bucket.poured + UInt32(amount), UInt32(needed))
    bucket.emptyAt = max(bucket.emptyAt, now) + amount * leak
    // While it overflows, what is above the brim runs off.
    if bucket.isOverflowing { bucket.emptyAt = min(bucket.emptyAt, now + brim) }
    return true
  }

  private func firing(
    _ group: StateKey, _ bucket: Bucket, _ seeds: [EvidenceSeed], _ count: UInt64
  ) -> Firing {
    Firing(
      rule: rule, group: group, start: bucket.start, evidence: seeds, count: count,
      distinct: countsValues ? bucket.values.count : 0)
  }

  /// Marks the lines that it keeps.
  func markLines() { buckets.forEach { for seed in $0.seeds { seed.mark() } } }

  /// Has the processor fetch what the next event of a group will read.
  @inline(__always) func prefetch(_ feed: FeedKey) { buckets.prefetch(feed.group) }

  /// The same of what the bucket itself says where it is.
  @inline(__always) func prefetchHeld(_ feed: FeedKey) {
    buckets.prefetch(feed.group, lineCount: 1) { ArrayPlace(&$0.seeds) }
  }

  /// Writes the buckets, as of an instant.
  func write(to writer: inout SnapshotWriter, at time: Int64, _ seeds: SeedTable) {
    writer.put(withoutGroup)
    buckets.write(to: &writer, at: time) { bucket, writer in
      for time in [bucket.emptyAt, bucket.start, bucket.lastTime] { writer.put(time) }
      writer.put(bucket.count)
      writer.put(bucket.poured)
      writer.put(bucket.isOverflowing)
      writer.put(bucket.seeds) { seeds.put($0, to: &$1) }
      writer.put(bucket.values.sorted()) { $1.put($0) }
    }
  }

  /// Takes in what was written.
  func read(from reader: inout SnapshotReader, _ seeds: SeedTable) throws(SnapshotError) {
    withoutGroup = try reader.number()
    try buckets.read(from: &reader) { (reader) throws(SnapshotError) in
      let (emptyAt, start): (Int64, Int64) = (try reader.number(), try reader.number())
      var bucket = Bucket(at: try reader.number())
      (bucket.emptyAt, bucket.start) = (emptyAt, start)
      bucket.count = try reader.number()
      bucket.poured = try reader.number()
      bucket.isOverflowing = try reader.flag()
      bucket.seeds = try reader.list(seeds.take)
      bucket.values = Set(
        try reader.list { (reader) throws(SnapshotError) -> UInt64 in try reader.number() })
      return bucket
    }
  }
}
