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

  @Test func `a table finds what a dictionary finds, through growth and sweeps`() {
    var random = SeededGenerator(seed: 20_261_128)
    var table = BoundedTable<Count>(limit: 100_000, lifetime: .max)
    var known: [StateKey: Int] = [:]
    for round in 0..<12_000 {
      // Keys whose low halves are few stand in each other's way; those of one high half differ by the low one alone.
      let key = StateKey(
        high: random.next() >> (round % 3 == 0 ? 8 : 62),
        low: random.next() >> (round % 2 == 0 ? 50 : 58))
      if random.next() >> 62 == 0 {
        let events = table.updateExisting(key) { $0.events }
        #expect(events == known[key], "round \(round)")
        continue
      }
      let events = table.update(key, at: Int64(round), fresh: { Count(lastTime: 0) }) { state in
        state.events += 1
        return state.events
      }
      known[key, default: 0] += 1
      #expect(events == known[key], "round \(round)")
    }
    #expect(known.count > 2000)
    var count = 0
    table.forEach { count += $0.events }
    #expect(count == known.values.reduce(0, +))
  }
}
