import Bytes

/// What sign-ins of everybody had, and how often: the company as a whole.
///
/// Bounded: ``limit`` values in all; the rarest go first, and what went early is counted. Nothing older
/// than two periods counts.
struct CommonValues: ~Copyable {
  /// How many values are remembered; about 20 MB.
  static let limit = 200_000

  private struct Common: KeyedState {
    var lastTime: Int64
    var count = PeriodCount()
    var isReturned = false
    var weight = 0
  }
  private var table: BoundedTable<Common>
  private var totals = PerKind(PeriodCount())
  private var distincts = PerKind(DistinctCount())
  private var logins = PeriodCount()
  private var people = DistinctCount()

  /// - Parameter lifetime: How long a value is remembered after it was last seen, nanoseconds.
  init(lifetime: Int64, limit: Int = CommonValues.limit) {
    table = BoundedTable(limit: limit, lifetime: lifetime)
  }

  var evictedCount: UInt64 { table.evictedCount }

  /// What is known about the values of one sign-in.
  struct View: BitwiseCopyable {
    /// How often each value was seen, of how many sign-ins that had its kind.
    var counts = PerKind<UInt32>(0), totals = PerKind<UInt32>(0)
    /// How many different values each kind has.
    var distincts = PerKind<UInt32>(0)
    /// Successes of everybody, and how many people they were.
    var logins: UInt32 = 0, people: UInt32 = 0
  }

  private static func key(_ hash: UInt64, _ number: Int) -> StateKey {
    StateKey(high: ~hash &+ UInt64(number), low: hash &* 0xD6E8_FEB8_6659_FD93 &+ UInt64(number))
  }

  /// Has the processor fetch what is known of a value.
  @inline(__always) func prefetch(_ value: UInt64, _ kind: LoginKind) {
    if value != 0 { table.prefetch(CommonValues.key(value, kind.rawValue)) }
  }

  /// Looks the values up; a zero is none.
  mutating func view(of values: PerKind<UInt64>, in now: Int32) -> View {
    var view = View()
    for number in 0..<LoginKind.count {
      view.totals[number] = totals[number].total(in: now)
      view.distincts[number] = distincts[number].total(in: now)
      guard values[number] != 0 else { continue }
      view.counts[number] =
        table.updateExisting(CommonValues.key(values[number], number)) { $0.count.total(in: now) }
        ?? 0
    }
    (view.logins, view.people) = (logins.total(in: now), people.total(in: now))
    return view
  }

  /// Learns the values of one success.
  ///
  /// - Parameter seen: When the person had successes before.
  mutating func add(
    _ values: PerKind<UInt64>, seen: (now: Bool, before: Bool), at time: Int64, in now: Int32
  ) {
    people.add(seen, in: now)
    logins.add(in: now)
    for number in 0..<LoginKind.count where values[number] != 0 {
      totals[number].add(in: now)
      let before = table.update(
        CommonValues.key(values[number], number), at: time, fresh: { Common(lastTime: time) }
      ) { common in
        let before = common.count.isSeen(in: now)
        common.count.add(in: now)
        common.lastTime = max(common.lastTime, time)
        if common.weight < .max { common.weight += 1 }
        return before
      }
      distincts[number].add(before, in: now)
    }
  }

  func write(to writer: inout SnapshotWriter, at time: Int64) {
    table.write(to: &writer, at: time) { common, writer in
      writer.put(common.lastTime)
      writer.put(common.weight)
      common.count.write(to: &writer)
    }
    for number in 0..<LoginKind.count {
      totals[number].write(to: &writer)
      distincts[number].write(to: &writer)
    }
    logins.write(to: &writer)
    people.write(to: &writer)
  }

  mutating func read(from reader: inout SnapshotReader) throws(SnapshotError) {
    try table.read(from: &reader) { (reader) throws(SnapshotError) in
      let (time, weight): (Int64, Int) = (try reader.number(), try reader.number())
      var common = Common(lastTime: time, weight: weight)
      common.count = try PeriodCount.read(from: &reader)
      return common
    }
    for number in 0..<LoginKind.count {
      totals[number] = try PeriodCount.read(from: &reader)
      distincts[number] = try DistinctCount.read(from: &reader)
    }
    logins = try PeriodCount.read(from: &reader)
    people = try DistinctCount.read(from: &reader)
  }
}
