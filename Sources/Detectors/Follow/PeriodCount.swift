import Bytes

/// A count that forgets: what was counted in this period and in the one before it.
///
/// A period is half of what is remembered (90 of 180 days), so that nothing older than that counts and
/// everything of its younger half does. Nothing is swept: what a count says depends on the period
/// that is asked for alone.
struct PeriodCount: BitwiseCopyable {
  private var recent: UInt32 = 0, earlier: UInt32 = 0
  private var period: Int32 = .min

  /// How many were counted up to a period.
  @inline(__always) func total(in now: Int32) -> UInt32 {
    if period == now { return recent &+ earlier }
    return period == now &- 1 ? recent : 0
  }

  /// Whether anything was counted in this very period, and whether in the one before it.
  @inline(__always) func isSeen(in now: Int32) -> (now: Bool, before: Bool) {
    if period == now { return (recent > 0, earlier > 0) }
    return (false, period == now &- 1 && recent > 0)
  }

  /// Counts one more; stops at half of what 32 bits hold, so that a total never overflows.
  @inline(__always) mutating func add(in now: Int32) {
    if period != now {
      earlier = period == now &- 1 ? recent : 0
      (recent, period) = (0, now)
    }
    if recent < .max / 2 { recent += 1 }
  }

  func write(to writer: inout SnapshotWriter) {
    writer.put(recent)
    writer.put(earlier)
    writer.put(period)
  }

  static func read(from reader: inout SnapshotReader) throws(SnapshotError) -> PeriodCount {
    var count = PeriodCount()
    (count.recent, count.earlier) = (try reader.number(), try reader.number())
    count.period = try reader.number()
    guard count.recent <= .max / 2, count.earlier <= .max / 2 else { throw .damaged }
    return count
  }
}

/// How many different values were counted in this period and the one before it.
struct DistinctCount: BitwiseCopyable {
  private var new: UInt32 = 0, again: UInt32 = 0, earlier: UInt32 = 0
  private var period: Int32 = .min

  /// How many different values were counted up to a period.
  func total(in now: Int32) -> UInt32 {
    if period == now { return new &+ earlier }
    return period == now &- 1 ? new &+ again : 0
  }

  /// Counts a value about to be counted once more, which `seen` says where it was seen before.
  mutating func add(_ seen: (now: Bool, before: Bool), in now: Int32) {
    guard !seen.now else { return }
    if period != now {
      earlier = period == now &- 1 ? new &+ again : 0
      (new, again, period) = (0, 0, now)
    }
    if seen.before { again &+= 1 } else { new &+= 1 }
  }

  func write(to writer: inout SnapshotWriter) {
    for count in [new, again, earlier] { writer.put(count) }
    writer.put(period)
  }

  static func read(from reader: inout SnapshotReader) throws(SnapshotError) -> DistinctCount {
    var count = DistinctCount()
    (count.new, count.again) = (try reader.number(), try reader.number())
    (count.earlier, count.period) = (try reader.number(), try reader.number())
    return count
  }
}
