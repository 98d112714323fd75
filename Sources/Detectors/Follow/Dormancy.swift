public import Bytes

/// When each person last signed in, so that an account that wakes after a long time is noticed.
///
/// Failures say nothing here. The first success of a person says nothing either: nobody knows what was before the logs begin.
/// Bounded: ``limit`` people, each forgotten three years after the last success.
public struct Dormancy: ~Copyable {
  /// How many people are remembered.
  public static let limit = 100_000
  /// Pauses of fewer days are not worth a look at the line.
  public static let daysMin: Int64 = 7
  private static let day: Int64 = 86_400 * 1_000_000_000

  private struct LastSuccess: KeyedState {
    var lastTime: Int64
    var isReturned = false
    var weight: Int { 1 }
  }
  private var table = BoundedTable<LastSuccess>(limit: limit, lifetime: 3 * 365 * day)

  /// A memory of nobody.
  public init() {}

  /// How many people were forgotten early.
  public var evictedCount: UInt64 { table.evictedCount }

  /// Has the processor fetch what ``observe(_:time:)`` will read.
  @inline(__always) public func prefetch(_ traits: LoginTraits) { table.prefetch(traits.who) }

  /// Takes a success; returns the whole days since the one before it, if they are ``daysMin`` or more.
  public mutating func observe(_ traits: LoginTraits, time: Int64) -> Int64? {
    table.update(traits.who, at: time, fresh: { LastSuccess(lastTime: time) }) { last in
      let days = (time - last.lastTime) / Dormancy.day
      last.lastTime = max(last.lastTime, time)
      return days >= Dormancy.daysMin ? days : nil
    }
  }

  /// Writes what is known, as of an instant.
  public func write(to writer: inout SnapshotWriter, at time: Int64) {
    table.write(to: &writer, at: time) { $1.put($0.lastTime) }
  }

  /// Takes in what was written.
  public mutating func read(from reader: inout SnapshotReader) throws(SnapshotError) {
    try table.read(from: &reader) { (reader) throws(SnapshotError) in
      LastSuccess(lastTime: try reader.number())
    }
  }
}
