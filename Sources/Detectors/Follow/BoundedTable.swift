import Bytes

/// State that a bounded table keeps per key.
protocol KeyedState {
  /// When the key was last seen, nanoseconds of event time.
  var lastTime: Int64 { get }
  /// How much would be lost with it; what is light is evicted first.
  var weight: Int { get }
  /// Whether the key was evicted before and came again.
  var isReturned: Bool { get set }
}

/// A table from key to state that never grows past its limit.
///
/// States that have run out are swept away whenever the table has doubled since the last sweep. When it
/// is full all the same, the lightest fifth goes, the oldest among equals. An address that fails once
/// is lighter than one in the middle of a burst, so an attacker who invents keys evicts their own; and a key that
/// comes again after it was evicted is heavier than those that come once, so that a flood of them costs it its first
/// events and no more. What was evicted before its time is counted.
///
/// - Complexity: O(1) amortised per access; O(*n* log *n*) once per tenth of the limit when full.
struct BoundedTable<State: KeyedState>: ~Copyable {
  private var slots = StateSlots<State>(capacity: 64)
  /// How many keys there may be.
  let limit: Int
  /// How long a state lives after its last event, nanoseconds.
  let lifetime: Int64
  /// The count at which the next sweep is worth its while.
  private var sweepAt = 1024
  /// How many states were evicted before they had run out.
  private(set) var evictedCount: UInt64 = 0
  private var evicted = EvictedKeys()

  init(limit: Int, lifetime: Int64) {
    self.limit = limit
    self.lifetime = lifetime
    sweepAt = min(sweepAt, limit)
  }

  var isEmpty: Bool { slots.count == 0 }

  /// Gives `body` the state of a key, made by `fresh` when there is none.
  @inline(__always) mutating func update<Result>(
    _ key: StateKey, at time: Int64, fresh: () -> State, _ body: (inout State) -> Result
  ) -> Result {
    if slots.count >= sweepAt { sweep(at: time) }
    if slots.isCrowded { slots = StateSlots(from: slots, capacity: slots.capacity * 2) }
    return slots.with(
      key,
      fresh: {
        var state = fresh()
        if evictedCount > 0 { state.isReturned = evicted.contains(key) }
        return state
      }, body)
  }

  /// Gives `body` the state of a key that is there.
  @inline(__always) mutating func updateExisting<Result>(
    _ key: StateKey, _ body: (inout State) -> Result
  ) -> Result? {
    slots.withExisting(key, body)
  }

  /// Has the processor fetch what the next look at a key will read.
  @inline(__always) func prefetch(_ key: StateKey) { slots.prefetch(key) }

  /// Has the processor fetch where a list of a key's state stands, once the state itself is at hand.
  ///
  /// - Parameter lineCount: How many cache lines of 64 bytes of the list.
  @inline(__always) func prefetch(
    _ key: StateKey, lineCount: Int, list: (inout State) -> ArrayPlace
  ) {
    slots.prefetch(key, lineCount: lineCount, list: list)
  }

  /// Calls `body` with each state, in no order that means anything.
  func forEach(_ body: (State) -> Void) { slots.forEach { body($1) } }

  private mutating func sweep(at time: Int64) {
    let lifetime = lifetime
    slots = StateSlots(from: slots, capacity: slots.capacity) { _, state in
      time - state.lastTime <= lifetime
    }
    if slots.count >= limit - limit / 10 { evict() }
    sweepAt = min(limit, max(1024, slots.count * 2))
  }

  /// Takes the states out that have run their course, in no order that means anything.
  ///
  /// - Parameter measure: Of the states that stay, the least of this is returned.
  /// - Complexity: O(*n*).
  mutating func remove(
    measuring measure: (State) -> Int64, where isOver: (State) -> Bool
  ) -> (over: [(key: StateKey, state: State)], least: Int64?) {
    var over: [(key: StateKey, state: State)] = []
    var least: Int64?
    slots = StateSlots(from: slots, capacity: slots.capacity) { key, state in
      if isOver(state) {
        over.append((key, state))
        return false
      }
      least = min(least ?? .max, measure(state))
      return true
    }
    return (over, least)
  }

  /// Writes the states; of many only those that have not run out at an instant.
  func write(
    to writer: inout SnapshotWriter, at time: Int64, _ state: (State, inout SnapshotWriter) -> Void
  ) {
    var living: [StateKey] = []
    let isFew = slots.count <= 4096
    slots.forEach { key, value in
      if isFew || time - value.lastTime <= lifetime { living.append(key) }
    }
    writer.put(evictedCount)
    writer.put(living) { key, writer in
      writer.put(key.high)
      writer.put(key.low)
      slots.withExisting(key) {
        writer.put($0.isReturned)
        state($0, &writer)
      }
    }
  }

  /// Takes in what was written.
  mutating func read(
    from reader: inout SnapshotReader,
    _ state: (inout SnapshotReader) throws(SnapshotError) -> State
  ) throws(SnapshotError) {
    evictedCount = try reader.number()
    for _ in 0..<(try reader.count()) {
      let key = StateKey(high: try reader.number(), low: try reader.number())
      let isReturned = try reader.flag()
      var value = try state(&reader)
      value.isReturned = isReturned
      update(key, at: value.lastTime, fresh: { value }, { $0.isReturned = isReturned })
    }
  }

  private mutating func evict() {
    var order: [(key: StateKey, weight: Int, time: Int64)] = []
    slots.forEach { key, state in
      order.append((key, state.weight + (state.isReturned ? 1 : 0), state.lastTime))
    }
    order.sort { left, right in
      (left.weight, left.time, left.key.high, left.key.low)
        < (right.weight, right.time, right.key.high, right.key.low)
    }
    let victims = Set(order.prefix(max(1, limit / 5)).lazy.map(\.key))
    slots = StateSlots(from: slots, capacity: slots.capacity) { key, _ in !victims.contains(key) }
    for key in victims { evicted.insert(key) }
    evictedCount += UInt64(victims.count)
  }
}
