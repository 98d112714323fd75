import Bytes

/// Which addresses are failing to sign in just now: a success among such failures teaches nothing.
///
/// Failures of one address that follow each other within the window add up; a pause as long as the
/// window ends the burst. Bounded: ``limit`` addresses.
struct FailureBursts: ~Copyable {
  /// How many addresses are followed at once.
  static let limit = 100_000

  private struct Burst: KeyedState {
    var lastTime: Int64
    var count: UInt32 = 0
    var isReturned = false
    var weight: Int { Int(count) }
  }
  private var table: BoundedTable<Burst>
  private let least: UInt32

  /// - Parameters:
  ///   - least: How many failures make a burst.
  ///   - window: Nanoseconds between two of them at the most.
  init(least: Int, window: Int64) {
    self.least = UInt32(clamping: least)
    table = BoundedTable(limit: FailureBursts.limit, lifetime: window)
  }

  var evictedCount: UInt64 { table.evictedCount }

  private static func key(_ address: UInt64) -> StateKey {
    StateKey(high: ~address, low: address)
  }

  /// Has the processor fetch what is known of an address.
  @inline(__always) func prefetch(_ address: UInt64) {
    if address != 0 { table.prefetch(FailureBursts.key(address)) }
  }

  /// Counts failures of an address, which is a hash.
  mutating func add(_ address: UInt64, _ count: UInt32, at time: Int64) {
    guard address != 0 else { return }
    let window = table.lifetime
    table.update(FailureBursts.key(address), at: time, fresh: { Burst(lastTime: time) }) { burst in
      if time - burst.lastTime > window { burst.count = 0 }
      let (sum, overflow) = burst.count.addingReportingOverflow(count)
      burst.count = overflow ? .max : sum
      burst.lastTime = max(burst.lastTime, time)
    }
  }

  /// Whether the address is in a burst.
  mutating func isBurst(_ address: UInt64, at time: Int64) -> Bool {
    guard address != 0 else { return false }
    let (window, least) = (table.lifetime, least)
    return table.updateExisting(FailureBursts.key(address)) { burst in
      burst.count >= least && time - burst.lastTime <= window
    } ?? false
  }

  func write(to writer: inout SnapshotWriter, at time: Int64) {
    table.write(to: &writer, at: time) { burst, writer in
      writer.put(burst.lastTime)
      writer.put(burst.count)
    }
  }

  mutating func read(from reader: inout SnapshotReader) throws(SnapshotError) {
    try table.read(from: &reader) { (reader) throws(SnapshotError) in
      Burst(lastTime: try reader.number(), count: try reader.number())
    }
  }
}
