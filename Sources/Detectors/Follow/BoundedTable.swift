/// State that a bounded table keeps per key.
protocol KeyedState {
  /// When the key was last seen, nanoseconds of event time.
  var lastTime: Int64 { get }
  /// How much would be lost with it; what is light is evicted first.
  var weight: Int { get }
}

/// A table from key to state that never grows past its limit.
///
/// When it is full, states that have run out go first; if none has, the lightest tenth goes, the
/// oldest among equals. An address that fails once is lighter than one in the middle of a burst, so
/// an attacker who invents keys evicts their own. What was evicted before its time is counted.
///
/// - Complexity: O(1) amortised per access; O(*n* log *n*) once per tenth of the limit when full.
struct BoundedTable<State: KeyedState> {
  private var states: [StateKey: State] = [:]
  /// How many keys there may be.
  let limit: Int
  /// How long a state lives after its last event, nanoseconds.
  let lifetime: Int64
  /// How many states were evicted before they had run out.
  private(set) var evictedCount: UInt64 = 0

  init(limit: Int, lifetime: Int64) {
    self.limit = limit
    self.lifetime = lifetime
  }

  var count: Int { states.count }

  /// Gives `body` the state of a key, made by `fresh` when there is none or it has run out.
  mutating func update<Result>(
    _ key: StateKey, at time: Int64, fresh: () -> State, _ body: (inout State) -> Result
  ) -> Result {
    if states.count >= limit, states[key] == nil { makeRoom(at: time) }
    return body(&states[key, default: fresh()])
  }

  /// Removes a key.
  mutating func remove(_ key: StateKey) { states[key] = nil }

  private mutating func makeRoom(at time: Int64) {
    let expired = states.filter { time - $0.value.lastTime > lifetime }.map(\.key)
    if !expired.isEmpty {
      for key in expired { states[key] = nil }
      if states.count < limit - limit / 10 { return }
    }
    let order = states.map { (key: $0.key, weight: $0.value.weight, time: $0.value.lastTime) }
      .sorted {
        ($0.weight, $0.time, $0.key.high, $0.key.low) < ($1.weight, $1.time, $1.key.high, $1.key.low)
      }
    let victims = order.prefix(max(1, limit / 10))
    for victim in victims { states[victim.key] = nil }
    evictedCount += UInt64(victims.count)
  }
}
