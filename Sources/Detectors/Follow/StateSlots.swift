import CScan

/// States by key in one run of memory: open addressing, at most half full, changed in place.
///
/// A key stands beside its state, so that whoever finds one has the other. In front of them a tag of two bytes a slot says
/// whether it is free and, nearly always, whether it is another key's: a key that is not there costs no look at a state.
/// A state is moved when the table is rebuilt and otherwise stays where it is; nothing is counted or
/// copied on the way to it. Keys are hashes already, so their low bits say where they stand.
@safe final class StateSlots<State> {
  private struct Slot {
    let key: StateKey
    var state: State
  }

  /// How many slots there are, a power of two.
  let capacity: Int
  /// How many of them are taken.
  private(set) var count = 0
  /// Zero marks a free slot; another number is part of the key.
  private let tags: UnsafeMutablePointer<UInt16>
  private let slots: UnsafeMutablePointer<Slot>

  /// Free slots.
  init(capacity: Int) {
    self.capacity = capacity
    unsafe tags = .allocate(capacity: capacity)
    unsafe tags.initialize(repeating: 0, count: capacity)
    unsafe slots = .allocate(capacity: capacity)
  }

  /// The states of `other` that `isKept` wants, moved out of it; `other` is empty afterwards.
  convenience init(
    from other: StateSlots, capacity: Int,
    where isKept: (StateKey, State) -> Bool = { _, _ in true }
  ) {
    self.init(capacity: capacity)
    for place in 0..<other.capacity {
      // SAFETY: a slot whose tag is not zero holds a state; it is moved or destroyed once, because
      // its tag is freed here.
      let tag = unsafe other.tags[place]
      if tag == 0 { continue }
      let key = unsafe other.slots[place].key
      if unsafe isKept(key, other.slots[place].state) {
        let slot = self.slot(of: key)
        unsafe tags[slot] = tag
        unsafe (slots + slot).moveInitialize(from: other.slots + place, count: 1)
        count += 1
      } else {
        unsafe (other.slots + place).deinitialize(count: 1)
      }
      unsafe other.tags[place] = 0
    }
    other.count = 0
  }

  deinit {
    if count > 0, !_isPOD(State.self) {
      for place in 0..<capacity where unsafe tags[place] != 0 {
        // SAFETY: a slot whose tag is not zero holds a state.
        unsafe (slots + place).deinitialize(count: 1)
      }
    }
    unsafe tags.deallocate()
    unsafe slots.deallocate()
  }

  /// Whether one more key would make the table too full for short ways.
  var isCrowded: Bool { count &* 2 >= capacity }

  @inline(__always) private static func tag(of key: StateKey) -> UInt16 {
    UInt16(truncatingIfNeeded: key.high >> 48) | 1
  }

  /// The slot that holds a key, or the free one where it belongs.
  @inline(__always) private func slot(of key: StateKey) -> Int {
    let tag = StateSlots.tag(of: key)
    var place = Int(truncatingIfNeeded: key.low) & (capacity - 1)
    // SAFETY: the mask keeps the place below the capacity, and a slot with a tag holds a key; half the slots are free,
    // so this ends.
    while true {
      let found = unsafe tags[place]
      if found == 0 { return place }
      if found == tag, unsafe slots[place].key == key { return place }
      place = (place &+ 1) & (capacity - 1)
    }
  }

  /// Has the processor fetch what a look at a key will read.
  @inline(__always) func prefetch(_ key: StateKey) {
    let place = Int(truncatingIfNeeded: key.low) & (capacity - 1)
    // SAFETY: the mask keeps the place below the capacity; nothing is read.
    unsafe rollcall_prefetch(tags + place)
    unsafe rollcall_prefetch(slots + place)
    // Slots of up to 48 bytes nearly always lie in one line.
    var line = 64
    while line + 16 <= min(MemoryLayout<Slot>.stride, 512) {
      unsafe rollcall_prefetch(UnsafeRawPointer(slots + place) + line)
      line += 64
    }
  }

  /// Has the processor fetch where a list of a key's state stands, once the state itself is at hand.
  ///
  /// - Parameter lineCount: How many cache lines of 64 bytes of the list.
  @inline(__always) func prefetch(
    _ key: StateKey, lineCount: Int, list: (inout State) -> ArrayPlace
  ) {
    guard let place = withExisting(key, list) else { return }
    for line in 0..<lineCount { unsafe rollcall_prefetch(place.storage + line * 64) }
  }

  /// Gives `body` the state of a key, made by `fresh` when there is none.
  @inline(__always) func with<Result>(
    _ key: StateKey, fresh: () -> State, _ body: (inout State) -> Result
  ) -> Result {
    let place = slot(of: key)
    // SAFETY: the slot is below the capacity, and initialised when its tag is not zero.
    if unsafe tags[place] == 0 {
      unsafe (slots + place).initialize(to: Slot(key: key, state: fresh()))
      unsafe tags[place] = StateSlots.tag(of: key)
      count += 1
    }
    return unsafe body(&slots[place].state)
  }

  /// Gives `body` the state of a key that is there.
  @inline(__always) func withExisting<Result>(
    _ key: StateKey, _ body: (inout State) -> Result
  ) -> Result? {
    let place = slot(of: key)
    // SAFETY: as above.
    guard unsafe tags[place] != 0 else { return nil }
    return unsafe body(&slots[place].state)
  }

  /// Calls `body` with each key and its state, in no order that means anything.
  @inline(__always) func forEach(_ body: (StateKey, State) -> Void) {
    for place in 0..<capacity where unsafe tags[place] != 0 {
      // SAFETY: a slot whose tag is not zero holds a state.
      unsafe body(slots[place].key, slots[place].state)
    }
  }
}

/// Where the elements of an array stand, without a look at them.
@safe struct ArrayPlace {
  let storage: UnsafeRawPointer

  @inline(__always) init<Element>(_ array: inout [Element]) {
    // SAFETY: an array is one pointer to its storage; what it points to is not read.
    unsafe storage = withUnsafeBytes(of: &array) {
      unsafe $0.loadUnaligned(as: UnsafeRawPointer.self)
    }
  }
}
