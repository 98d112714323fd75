/// States by key in two runs of memory: open addressing, at most half full, changed in place.
///
/// A state is moved when the table is rebuilt and otherwise stays where it is; nothing is counted or
/// copied on the way to it. Keys are hashes already, so their low bits say where they stand.
@safe final class StateSlots<State> {
  /// How many slots there are, a power of two.
  let capacity: Int
  /// How many of them are taken.
  private(set) var count = 0
  private let keys: UnsafeMutablePointer<StateKey>
  private let states: UnsafeMutablePointer<State>

  /// Zero marks a free slot; a real key of that value is as likely as a collision.
  private static var free: StateKey { StateKey(high: 0, low: 0) }

  /// Free slots.
  init(capacity: Int) {
    self.capacity = capacity
    unsafe keys = .allocate(capacity: capacity)
    unsafe keys.initialize(repeating: StateSlots.free, count: capacity)
    unsafe states = .allocate(capacity: capacity)
  }

  /// The states of `other` that `isKept` wants, moved out of it; `other` is empty afterwards.
  convenience init(
    from other: StateSlots, capacity: Int,
    where isKept: (StateKey, State) -> Bool = { _, _ in true }
  ) {
    self.init(capacity: capacity)
    for place in 0..<other.capacity {
      // SAFETY: a slot whose key is not free holds a state; it is moved or destroyed once, because
      // its key is freed here.
      let key = unsafe other.keys[place]
      if key == StateSlots.free { continue }
      if unsafe isKept(key, other.states[place]) {
        let slot = self.slot(of: key)
        unsafe keys[slot] = key
        unsafe (states + slot).moveInitialize(from: other.states + place, count: 1)
        count += 1
      } else {
        unsafe (other.states + place).deinitialize(count: 1)
      }
      unsafe other.keys[place] = StateSlots.free
    }
    other.count = 0
  }

  deinit {
    if count > 0 {
      for place in 0..<capacity where unsafe keys[place] != StateSlots.free {
        // SAFETY: a slot whose key is not free holds a state.
        unsafe (states + place).deinitialize(count: 1)
      }
    }
    unsafe keys.deallocate()
    unsafe states.deallocate()
  }

  /// Whether one more key would make the table too full for short ways.
  var isCrowded: Bool { count &* 2 >= capacity }

  /// The slot that holds a key, or the free one where it belongs.
  @inline(__always) private func slot(of key: StateKey) -> Int {
    var place = Int(truncatingIfNeeded: key.low) & (capacity - 1)
    // SAFETY: the mask keeps the place below the capacity; half the slots are free, so this ends.
    while unsafe keys[place] != key, unsafe keys[place] != StateSlots.free {
      place = (place &+ 1) & (capacity - 1)
    }
    return place
  }

  /// Gives `body` the state of a key, made by `fresh` when there is none.
  @inline(__always) func with<Result>(
    _ key: StateKey, fresh: () -> State, _ body: (inout State) -> Result
  ) -> Result {
    let place = slot(of: key)
    // SAFETY: the slot is below the capacity, and initialised when its key is not free.
    if unsafe keys[place] == StateSlots.free {
      unsafe (states + place).initialize(to: fresh())
      unsafe keys[place] = key
      count += 1
    }
    return unsafe body(&states[place])
  }

  /// Gives `body` the state of a key that is there.
  @inline(__always) func withExisting<Result>(
    _ key: StateKey, _ body: (inout State) -> Result
  ) -> Result? {
    let place = slot(of: key)
    // SAFETY: as above.
    guard unsafe keys[place] != StateSlots.free else { return nil }
    return unsafe body(&states[place])
  }

  /// Calls `body` with each key and its state, in no order that means anything.
  func forEach(_ body: (StateKey, State) -> Void) {
    for place in 0..<capacity where unsafe keys[place] != StateSlots.free {
      // SAFETY: a slot whose key is not free holds a state.
      unsafe body(keys[place], states[place])
    }
  }
}
