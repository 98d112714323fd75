import Testing

@testable import Detectors

/// State by key that never grows past its limit.
@Suite struct BoundedTableTests {
  private struct Count: KeyedState {
    var events = 0
    var lastTime: Int64
    var isReturned = false
    var weight: Int { events }
  }

  private func key(_ number: Int) -> StateKey {
    var hasher = StateHasher()
    hasher.combine(Int64(number))
    return hasher.key
  }

  /// Sees a key, and says how often it is known to have been seen.
  private func see(_ number: Int, _ table: inout BoundedTable<Count>, at time: Int64) -> Int {
    table.update(key(number), at: time, fresh: { Count(lastTime: time) }) { state in
      state.events += 1
      state.lastTime = time
      return state.events
    }
  }

  @Test(arguments: [900, 1300, 5000, 50_000])
  func `a flood of keys that come once costs one that comes again its first events at the most`(
    _ strangers: Int
  ) {
    var table = BoundedTable<Count>(limit: 1000, lifetime: 1_000_000_000)
    var (time, next, seen) = (Int64(0), 1, 0)
    for _ in 0..<12 {
      time += 1
      seen = see(0, &table, at: time)
      for _ in 0..<strangers {
        time += 1
        _ = see(next, &table, at: time)
        next += 1
      }
    }
    #expect(seen >= 11)
    #expect(table.evictedCount > 0)
  }

  @Test func `what has run out goes first, and is no loss`() {
    var table = BoundedTable<Count>(limit: 1000, lifetime: 10)
    for number in 0..<100_000 { _ = see(number, &table, at: Int64(number)) }
    #expect(table.evictedCount == 0)
  }
}
