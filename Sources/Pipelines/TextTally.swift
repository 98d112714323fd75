import Bytes
import Detectors

/// Counts of events by the few texts that they share, such as a system and an account.
///
/// Which rows are kept does not depend on who saw which line: beyond ``rowsMax`` rows, those of the first rank
/// with the smallest keys stay, and what is among the smallest of all is among the smallest of every part. The
/// counts of what stays are exact; ``total`` has every event. A row that is met again costs a few nanoseconds.
public struct TextTally: Sendable, Equatable {
  /// The events that share their texts.
  public struct Row: Sendable, Hashable {
    /// The texts, in the order that the table gives them.
    public let texts: [String]
    /// A further part of the key, such as a day; 0 where a table has none.
    public let number: Int
    /// How often and when.
    public internal(set) var seen = Tallies.Seen()
    /// Counts of four sorts, as the table has them.
    public internal(set) var counts = SIMD4<UInt64>()
  }
  private struct Key: Hashable {
    let key: StateKey
    /// Rows of the second rank go first.
    let isSecond: Bool
  }

  /// How many rows are kept.
  public let rowsMax: Int
  /// All events, those of rows that are not kept among them.
  public private(set) var total: UInt64 = 0
  private var slots = [Int32](repeating: -1, count: 64)
  private var keys: [Key] = []
  private var held: [Row] = []

  /// A table of nothing.
  init(rowsMax: Int) { self.rowsMax = rowsMax }

  /// The rows, by texts and number.
  public var rows: [Row] {
    held.sorted {
      $0.texts == $1.texts
        ? $0.number < $1.number : $0.texts.lexicographicallyPrecedes($1.texts)
    }
  }

  /// How many events belong to rows beyond ``rowsMax``.
  public var overflowCount: UInt64 { total - held.reduce(0) { $0 + $1.seen.count } }

  /// Counts an event.
  ///
  /// - Parameters:
  ///   - key: Made of all the texts and the number.
  ///   - sort: Which of the four counts rises.
  ///   - isSecond: Whether the row goes before others when there are too many; follows from the key's parts.
  ///   - texts: Makes the texts, when the row is new.
  @inline(__always) mutating func add(
    _ key: StateKey, _ sort: Int, at time: Int64, number: Int = 0, isSecond: Bool = false,
    texts: () -> [String]
  ) {
    total &+= 1
    let place = place(of: key)
    if slots[place] >= 0 {
      let row = Int(slots[place])
      held[row].seen.add(time)
      held[row].counts[sort] &+= 1
      return
    }
    var row = Row(texts: texts(), number: number)
    row.seen.add(time)
    row.counts[sort] = 1
    insert(row, Key(key: key, isSecond: isSecond), at: place)
  }

  /// Where a key stands, or would.
  @inline(__always) private func place(of key: StateKey) -> Int {
    var place = Int(truncatingIfNeeded: key.low) & (slots.count - 1)
    while slots[place] >= 0, keys[Int(slots[place])].key != key {
      place = (place + 1) & (slots.count - 1)
    }
    return place
  }

  @inline(never) private mutating func insert(_ row: Row, _ key: Key, at place: Int) {
    slots[place] = Int32(truncatingIfNeeded: held.count)
    held.append(row)
    keys.append(key)
    if held.count > rowsMax * 2 { keep(rowsMax) }
    if held.count * 2 > slots.count { lay(slots.count * 2) }
  }

  /// Keeps the first rows by rank and key.
  private mutating func keep(_ most: Int) {
    guard held.count > most else { return }
    let order = keys.indices.sorted {
      let (one, other) = (keys[$0], keys[$1])
      return (one.isSecond ? 1 : 0, one.key.high, one.key.low)
        < (other.isSecond ? 1 : 0, other.key.high, other.key.low)
    }.prefix(most)
    (held, keys) = (order.map { held[$0] }, order.map { keys[$0] })
    lay(slots.count)
  }

  private mutating func lay(_ count: Int) {
    slots = Array(repeating: -1, count: count)
    for row in held.indices { slots[place(of: keys[row].key)] = Int32(truncatingIfNeeded: row) }
  }

  /// Adds another worker's counts.
  mutating func merge(_ other: TextTally) {
    let sum = total + other.total
    for (row, key) in zip(other.held, other.keys) {
      let place = place(of: key.key)
      if slots[place] >= 0 {
        let known = Int(slots[place])
        held[known].seen.merge(row.seen)
        held[known].counts &+= row.counts
      } else {
        insert(row, key, at: place)
      }
    }
    total = sum
    keep(rowsMax)
  }

  /// The same without the rows that are too many.
  var bounded: TextTally {
    var copy = self
    copy.keep(rowsMax)
    return copy
  }
}

extension TextTally {
  /// Writes the counts.
  func write(to writer: inout SnapshotWriter) {
    writer.put(total)
    writer.put(Array(zip(keys, held))) { entry, writer in
      writer.put(entry.0.key.high)
      writer.put(entry.0.key.low)
      writer.put(entry.0.isSecond)
      writer.put(entry.1.texts) { $1.put($0) }
      writer.put(entry.1.number)
      entry.1.seen.write(to: &writer)
      for place in 0..<4 { writer.put(entry.1.counts[place]) }
    }
  }

  /// The counts that were written.
  init(from reader: inout SnapshotReader, rowsMax: Int) throws(SnapshotError) {
    self.init(rowsMax: rowsMax)
    let sum: UInt64 = try reader.number()
    for _ in 0..<(try reader.count()) {
      let key = Key(
        key: StateKey(high: try reader.number(), low: try reader.number()),
        isSecond: try reader.flag())
      let texts = try reader.list { (reader) throws(SnapshotError) in try reader.text() }
      var row = Row(texts: texts, number: try reader.number())
      row.seen = try Tallies.Seen(from: &reader)
      for place in 0..<4 { row.counts[place] = try reader.number() }
      let place = place(of: key.key)
      guard slots[place] < 0 else { throw .damaged }
      insert(row, key, at: place)
    }
    total = sum
  }
}
