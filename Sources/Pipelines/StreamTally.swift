import Bytes

/// What was read of one stream: every line is in exactly one of the counts.
public struct StreamTally: Sendable {
  /// Counts by day, in order of the calendar.
  public private(set) var days: [ChunkTally.Day] = []
  /// Why lines were rejected, the most frequent first.
  public var reasons: [ChunkTally.Reason] {
    counted.sorted { ($1.count, $0.reason) < ($0.count, $1.reason) }
  }
  /// First and last event time, nanoseconds.
  public private(set) var first, last: Int64?
  /// The time of the first line of this run that became an event, nanoseconds.
  public private(set) var opening: Int64?
  /// The latest event of what was added last, nanoseconds; `nil` when nothing of it was one.
  public private(set) var newest: Int64?
  /// Lines whose year or zone was inferred.
  public private(set) var inferred: UInt64 = 0
  /// JSON lines that no mapping of a product took.
  public private(set) var unmapped: UInt64 = 0

  private var counted: [ChunkTally.Reason] = []
  /// Rejected lines before the first event of the stream.
  private var undated = ChunkTally.Day(day: 0, lines: 0, bytes: 0, parsed: 0, rejected: 0)
  private var lastDay: Int?

  /// Nothing read.
  public init() {}

  /// Lines read, parsed, rejected, and bytes.
  public var total: ChunkTally.Day {
    days.reduce(into: undated) { $0.add($1) }
  }

  /// Adds the next chunk of the stream.
  public mutating func add(_ chunk: ChunkTally) {
    if chunk.leading.lines > 0 {
      if let lastDay, let place = days.firstIndex(where: { $0.day == lastDay }) {
        days[place].add(chunk.leading)
      } else {
        undated.add(chunk.leading)
      }
    }
    for day in chunk.days {
      lastDay = day.day
      if let place = days.firstIndex(where: { $0.day == day.day }) {
        days[place].add(day)
      } else {
        days.append(day)
      }
    }
    days.sort { $0.day < $1.day }
    for reason in chunk.reasons {
      if let place = counted.firstIndex(where: { $0.reason == reason.reason }) {
        counted[place].count += reason.count
        counted[place].lines += reason.lines.prefix(5 - counted[place].lines.count)
      } else {
        counted.append(reason)
      }
    }
    opening = opening ?? chunk.opening
    if let time = chunk.first { first = min(first ?? time, time) }
    if let time = chunk.last { last = max(last ?? time, time) }
    newest = chunk.last
    inferred += chunk.inferred
    unmapped += chunk.unmapped
  }
}

extension StreamTally {
  /// Adds the counts of another stream.
  mutating func merge(_ other: StreamTally) {
    for day in other.days {
      if let place = days.firstIndex(where: { $0.day == day.day }) {
        days[place].add(day)
      } else {
        days.append(day)
      }
    }
    days.sort { $0.day < $1.day }
    undated.add(other.undated)
    for reason in other.counted {
      if let place = counted.firstIndex(where: { $0.reason == reason.reason }) {
        counted[place].count += reason.count
      } else {
        counted.append(reason)
      }
    }
    first = [first, other.first].compactMap(\.self).min()
    last = [last, other.last].compactMap(\.self).max()
    inferred += other.inferred
    unmapped += other.unmapped
  }

  /// Writes the counts.
  func write(to writer: inout SnapshotWriter) {
    writer.put(days + [undated]) { day, writer in
      writer.put(day.day)
      for count in [day.lines, day.bytes, day.parsed, day.rejected] { writer.put(count) }
    }
    writer.put(counted) { reason, writer in
      writer.put(reason.reason)
      writer.put(reason.count)
      writer.put(reason.lines) { $1.put($0) }
    }
    writer.put(first) { $1.put($0) }
    writer.put(last) { $1.put($0) }
    writer.put(lastDay) { $1.put($0) }
    writer.put(inferred)
    writer.put(unmapped)
  }

  /// The counts that were written.
  init(from reader: inout SnapshotReader) throws(SnapshotError) {
    days = try reader.list { (reader) throws(SnapshotError) in
      ChunkTally.Day(
        day: try reader.number(), lines: try reader.number(), bytes: try reader.number(),
        parsed: try reader.number(), rejected: try reader.number())
    }
    guard let last = days.popLast() else { throw .damaged }
    undated = last
    counted = try reader.list { (reader) throws(SnapshotError) in
      ChunkTally.Reason(
        reason: try reader.text(), count: try reader.number(),
        lines: try reader.list { (reader) throws(SnapshotError) in try reader.number() })
    }
    first = try reader.optional { (reader) throws(SnapshotError) in try reader.number() }
    self.last = try reader.optional { (reader) throws(SnapshotError) in try reader.number() }
    lastDay = try reader.optional { (reader) throws(SnapshotError) in try reader.number() }
    inferred = try reader.number()
    unmapped = try reader.number()
  }
}
