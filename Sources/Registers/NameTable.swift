import Bytes

/// Finds row numbers by a name within a scope, ASCII case apart; O(1), allocates nothing.
///
/// Open addressing over at least twice as many slots as names. The names are the register's own,
/// so a stranger can choose what is looked up but not what collides.
struct NameTable: Sendable {
  /// One name and where its row numbers stand in `values`.
  struct Entry {
    let scope, name: ByteView
    let first, count: Int
  }
  /// All names, in the order in which they were added.
  let entries: Run<Entry>
  private let values: Run<Int32>
  /// Entry numbers plus one; zero is free.
  private let slots: Run<Int32>

  /// The row numbers of one name.
  struct Matches {
    fileprivate let values: Run<Int32>
    fileprivate let first: Int
    /// How many rows have the name.
    let count: Int
    /// One of the row numbers.
    subscript(index: Int) -> Int { Int(values[first + index]) }
  }

  /// The rows of a name, or none.
  func find(_ name: ByteView, scope: ByteView = .empty) -> Matches {
    guard !slots.isEmpty, !name.isEmpty else { return Matches(values: values, first: 0, count: 0) }
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: NameTable.hash(name, scope: scope)) & mask
    while slots[slot] != 0 {
      let entry = entries[Int(slots[slot]) - 1]
      if name.equalsFolded(entry.name), scope.equalsFolded(entry.scope) {
        return Matches(values: values, first: entry.first, count: entry.count)
      }
      slot = (slot + 1) & mask
    }
    return Matches(values: values, first: 0, count: 0)
  }

  /// The rows of an entry.
  func matches(_ entry: Entry) -> Matches {
    Matches(values: values, first: entry.first, count: entry.count)
  }

  private static func hash(_ name: ByteView, scope: ByteView) -> UInt64 {
    (hash(scope, 0x9E37_79B9_7F4A_7C15) ^ hash(name, 0x51_7C_C1_B7_27_22_0A_95)).mixed
  }

  // Every byte is lowered by setting one bit: that folds more than letters, which a hash may.
  private static func hash(_ text: ByteView, _ seed: UInt64) -> UInt64 {
    var hash = seed &+ UInt64(text.count)
    var offset = 0
    while offset + 8 <= text.count {
      hash = (hash ^ (text.word(at: offset) | 0x2020_2020_2020_2020)).mixed
      offset += 8
    }
    var tail: UInt64 = 0
    while offset < text.count {
      tail = tail << 8 | UInt64(text[offset] | 0x20)
      offset += 1
    }
    return (hash ^ tail).mixed
  }

  /// Collects names while registers load.
  struct Builder {
    private var numbers: [[UInt8]: Int] = [:]
    private var names: [(scope: [UInt8], name: [UInt8], rows: [Int32])] = []

    /// Adds a row under a name; the same row twice counts once.
    mutating func add(_ name: String, scope: String = "", row: Int) {
      let (name, scope) = (name.utf8.map(\.asciiLowered), scope.utf8.map(\.asciiLowered))
      let key = scope + [0] + name
      if let number = numbers[key] {
        guard names[number].rows.last != Int32(row) else { return }
        names[number].rows.append(Int32(row))
      } else {
        numbers[key] = names.count
        names.append((scope, name, [Int32(row)]))
      }
    }

    /// The table of what was added.
    func table(in arena: Arena) -> NameTable {
      var (entries, values): ([Entry], [Int32]) = ([], [])
      for (scope, name, rows) in names {
        entries.append(
          Entry(
            scope: arena.text(scope), name: arena.text(name), first: values.count,
            count: rows.count))
        values += rows
      }
      var slots: [Int32] = []
      if !entries.isEmpty {
        var capacity = 8
        while capacity < entries.count * 2 { capacity *= 2 }
        slots = [Int32](repeating: 0, count: capacity)
        for (number, entry) in entries.enumerated() {
          let hash = NameTable.hash(entry.name, scope: entry.scope)
          var slot = Int(truncatingIfNeeded: hash) & (capacity - 1)
          while slots[slot] != 0 { slot = (slot + 1) & (capacity - 1) }
          slots[slot] = Int32(number + 1)
        }
      }
      return NameTable(
        entries: arena.run(entries), values: arena.run(values), slots: arena.run(slots))
    }
  }
}

extension UInt64 {
  /// The bits spread over the whole word.
  fileprivate var mixed: UInt64 {
    let product = self &* 0xFF51_AFD7_ED55_8CCD
    return product ^ product >> 32
  }
}
