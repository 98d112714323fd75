import Bytes

/// What one worker has looked up: names to rows, as long as no row begins or ends.
///
/// Between two neighbouring instants at which some row of the registers begins or ends, the answer to a
/// look-up depends on the name alone. The cache holds for such a stretch and is emptied when a line
/// lies in another. It changes the speed, never the answer.
///
/// Bounded: two tables of ``slotCount`` names, direct-mapped; names over 40 bytes are not kept.
public final class JoinCache {
  /// A name in five words, and what else the look-up depends on.
  struct Key: Equatable {
    var first: UInt64 = 0, second: UInt64 = 0, third: UInt64 = 0, fourth: UInt64 = 0
    var fifth: UInt64 = 0
    var scope: UInt64

    /// `nil` for names that are too long.
    @inline(__always) init?(_ name: ByteView, scope: UInt64) {
      let count = name.count
      guard count <= 40 else { return nil }
      // The count stands in front, so that zeros at the end are told apart.
      self.scope = scope &* 64 &+ UInt64(truncatingIfNeeded: count)
      if count >= 8 { first = name.word(at: 0) } else { first = Key.tail(name, from: 0) }
      if count > 8 { second = count >= 16 ? name.word(at: 8) : Key.tail(name, from: 8) }
      if count > 16 { third = count >= 24 ? name.word(at: 16) : Key.tail(name, from: 16) }
      if count > 24 { fourth = count >= 32 ? name.word(at: 24) : Key.tail(name, from: 24) }
      if count > 32 { fifth = count >= 40 ? name.word(at: 32) : Key.tail(name, from: 32) }
    }

    /// The bytes from `start`, fewer than eight, in one word.
    @inline(__always) private static func tail(_ name: ByteView, from start: Int) -> UInt64 {
      if name.count >= 8 {
        // The last eight bytes hold them at the upper end.
        return name.word(at: name.count - 8) >> UInt64((8 - (name.count - start)) * 8)
      }
      var word: UInt64 = 0
      for offset in start..<name.count {
        word |= UInt64(name[offset]) << UInt64((offset - start) * 8)
      }
      return word
    }

    /// Where the name stands in a table.
    @inline(__always) var slot: Int {
      let mixed =
        (first ^ second &* 3 ^ third &* 5 ^ fourth &* 7 ^ fifth &* 11 ^ scope)
        &* 0x9E37_79B9_7F4A_7C15
      return Int(truncatingIfNeeded: mixed >> 52)
    }
  }

  /// Names a table may hold; `Key.slot` has as many values.
  static let slotCount = 4096

  /// One table: names and the rows they were found to be.
  @safe struct Table: ~Copyable {
    private let keys: UnsafeMutablePointer<Key>
    private let rows: UnsafeMutablePointer<Int32>

    init() {
      unsafe keys = .allocate(capacity: JoinCache.slotCount)
      unsafe rows = .allocate(capacity: JoinCache.slotCount)
      clear()
    }

    deinit {
      unsafe keys.deallocate()
      unsafe rows.deallocate()
    }

    /// Forgets everything.
    func clear() {
      var none = Key(.empty, scope: .max)
      none?.scope = .max
      guard let none else { return }
      unsafe keys.initialize(repeating: none, count: JoinCache.slotCount)
      unsafe rows.initialize(repeating: 0, count: JoinCache.slotCount)
    }

    /// The row kept for a name.
    @inline(__always) func find(_ key: Key) -> Int32? {
      // SAFETY: a slot is below the count.
      unsafe keys[key.slot] == key ? rows[key.slot] : nil
    }

    /// Keeps a row.
    @inline(__always) func keep(_ key: Key, _ row: Int32) {
      // SAFETY: a slot is below the count.
      unsafe keys[key.slot] = key
      unsafe rows[key.slot] = row
    }
  }

  /// Hosts and domains, and accounts.
  let systems = Table(), accounts = Table()
  /// The stretch of time for which the tables hold.
  private var from = Int64.max
  private var until = Int64.min

  /// An empty cache.
  public init() {}

  /// Empties the tables when `time` lies in another stretch.
  @inline(__always) func hold(at time: Int64, _ boundaries: Run<Int64>) {
    if time >= from, time < until { return }
    move(to: time, boundaries)
  }

  private func move(to time: Int64, _ boundaries: Run<Int64>) {
    systems.clear()
    accounts.clear()
    var (low, high) = (0, boundaries.count)
    while low < high {
      let middle = (low + high) / 2
      if boundaries[middle] <= time { low = middle + 1 } else { high = middle }
    }
    from = low == 0 ? .min : boundaries[low - 1]
    until = low == boundaries.count ? .max : boundaries[low]
  }
}
