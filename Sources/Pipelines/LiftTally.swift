import Bytes

/// What exceptions kept from being found: events by exception, detector, person and system, each month by itself.
///
/// Bounded: ``rowsMax`` rows; the events of what comes beyond are counted in ``overflowCount``.
public struct LiftTally: Sendable {
  /// What was lifted by what.
  public struct Row: Sendable, Hashable {
    /// Twelve times the year and the months before it, in the organisation's zone.
    public let month: Int
    /// The exception's id, the detector's, and whom and which system it was about; empty where nobody knows.
    public let exception: String, detector: String, person: String, system: String
  }

  /// How many rows there may be.
  public static let rowsMax = 5000

  /// The rows, with how many events and when.
  public private(set) var rows: [Row: Tallies.Seen] = [:]
  /// How many events belong to rows that are not kept.
  public private(set) var overflowCount: UInt64 = 0

  /// Counts events.
  mutating func add(_ row: Row, _ count: UInt64, at time: Int64) {
    guard rows[row] != nil || rows.count < LiftTally.rowsMax else {
      overflowCount += count
      return
    }
    var seen = Tallies.Seen()
    seen.add(time)
    seen.count = count
    rows[row, default: Tallies.Seen()].merge(seen)
  }

  /// The rows of one month.
  public func only(month: Int) -> LiftTally {
    var result = self
    result.rows = rows.filter { $0.key.month == month }
    return result
  }

  /// Forgets months that are long over.
  mutating func forget(upTo oldest: Int) { rows = rows.filter { $0.key.month > oldest } }

  /// What was lifted by what, in words.
  public var sentences: [String] { sentences(of: nil) }

  /// The same of one detector; of all for `nil`.
  public func sentences(of detector: String?) -> [String] {
    let kept = rows.keys.filter { detector == nil || $0.detector == detector }
    return Set(kept.map { "the approval \($0.exception) lifts \($0.detector)" }).sorted()
  }

  /// Writes the counts.
  func write(to writer: inout SnapshotWriter) {
    writer.put(overflowCount)
    writer.put(Array(rows)) { entry, writer in
      writer.put(entry.key.month)
      for text in [
        entry.key.exception, entry.key.detector, entry.key.person, entry.key.system,
      ] {
        writer.put(text)
      }
      entry.value.write(to: &writer)
    }
  }

  /// Nothing counted.
  public init() {}

  /// The counts that were written.
  init(from reader: inout SnapshotReader) throws(SnapshotError) {
    overflowCount = try reader.number()
    for _ in 0..<(try reader.count()) {
      let row = Row(
        month: try reader.number(), exception: try reader.text(), detector: try reader.text(),
        person: try reader.text(), system: try reader.text())
      rows[row] = try Tallies.Seen(from: &reader)
    }
  }
}
