/// Remembers, roughly, which keys a table has evicted.
///
/// A key that comes again after it was evicted is no passer-by: whoever floods a table with names that are used
/// once must not hide one that is used again and again. Fifteen bits of each key stand in a slot that the key names; a
/// later key may take the slot, and one of 32,768 strangers is taken for an old acquaintance. 8 MiB, made when the
/// first key is evicted.
struct EvictedKeys {
  private static let count = 1 << 22
  private var marks: [UInt16] = []

  /// Adds a key.
  mutating func insert(_ key: StateKey) {
    if marks.isEmpty { marks = Array(repeating: 0, count: EvictedKeys.count) }
    marks[EvictedKeys.slot(key)] = EvictedKeys.mark(key)
  }

  /// Whether a key was evicted, as far as is remembered.
  func contains(_ key: StateKey) -> Bool {
    !marks.isEmpty && marks[EvictedKeys.slot(key)] == EvictedKeys.mark(key)
  }

  private static func slot(_ key: StateKey) -> Int {
    Int(truncatingIfNeeded: key.high) & (count - 1)
  }

  /// Never zero, which marks a slot that is free.
  private static func mark(_ key: StateKey) -> UInt16 {
    UInt16(truncatingIfNeeded: key.high >> 40) | 1
  }
}
