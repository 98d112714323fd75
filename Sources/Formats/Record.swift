public import Bytes

/// What one line says: a flat table from slot to value, reused from line to line.
///
/// Setting and reading a slot are O(1) and allocate nothing. A record belongs to one worker and is
/// emptied (`reset`) before each line; values borrow from the line's chunk and from `scratch`, so
/// they are gone with the next reset. Whatever must live longer is copied by its reader.
@safe public final class Record {
  /// How many slots there are; a format writes only slots below it.
  public static let slotsMax = 1024

  @usableFromInline let values: UnsafeMutablePointer<Value>
  @usableFromInline let present: UnsafeMutablePointer<UInt64>
  /// How many words of `present` may be other than zero.
  @usableFromInline var wordsUsed = 0
  /// Bytes that do not stand in the line as such: unescaped strings, addresses in plain spelling.
  public let scratch: Scratch

  /// The event's own time, nanoseconds since 1970 UTC.
  public var time: Int64 = 0
  /// How many alike events the line stands for; one unless the line says otherwise.
  public var weight: UInt32 = 1
  /// The whole line, without its line ending.
  public var line: ByteView = .empty
  /// An address of version 4 as a number, and where its text is in memory (0 when there is none);
  /// left by whoever sets the source's address, so that nobody reads the same text twice.
  public var readAddress = (number: UInt32(0), text: UInt(0))

  /// The members that nobody asked for, when the reader keeps them; see ``JSONReader/keepsRest``.
  public var rest: [Member] = []

  /// An empty record.
  public init() {
    unsafe values = .allocate(capacity: Record.slotsMax)
    unsafe values.initialize(repeating: .null, count: Record.slotsMax)
    unsafe present = .allocate(capacity: Record.slotsMax / 64)
    unsafe present.initialize(repeating: 0, count: Record.slotsMax / 64)
    scratch = Scratch()
  }

  deinit {
    unsafe values.deallocate()
    unsafe present.deallocate()
  }

  /// Empties the record for the next line.
  @inlinable public func reset(line: ByteView) {
    // SAFETY: `wordsUsed` never exceeds the words that were allocated.
    for word in 0..<wordsUsed { unsafe present[word] = 0 }
    wordsUsed = 0
    scratch.reset()
    time = 0
    weight = 1
    readAddress.text = 0
    if !rest.isEmpty { rest.removeAll(keepingCapacity: true) }
    self.line = line
  }

  /// Whether a slot was set; a null counts.
  @inlinable @inline(__always) public func has(slot: Int) -> Bool {
    precondition(UInt(bitPattern: slot) < UInt(Record.slotsMax), "slot outside the record")
    // SAFETY: the line above keeps the word inside.
    return unsafe present[slot >> 6] & (1 << UInt64(slot & 63)) != 0
  }

  /// Whether some slot is set whose bit stands in `mask`.
  @inlinable @inline(__always) public func hasAny(of mask: [UInt64]) -> Bool {
    var any: UInt64 = 0
    for word in 0..<min(wordsUsed, mask.count) {
      // SAFETY: `wordsUsed` never exceeds the words that were allocated.
      any |= unsafe present[word] & mask[word]
    }
    return any != 0
  }

  /// Adds the bits of the slots that are set.
  @inlinable @inline(__always) public func addPresent(to mask: inout [UInt64]) {
    for word in 0..<min(wordsUsed, mask.count) {
      // SAFETY: `wordsUsed` never exceeds the words that were allocated.
      mask[word] |= unsafe present[word]
    }
  }

  /// The value of a slot that ``has(slot:)`` says is there.
  @inlinable @inline(__always) public func value(slot: Int) -> Value {
    precondition(UInt(bitPattern: slot) < UInt(Record.slotsMax), "slot outside the record")
    // SAFETY: the line above keeps the slot inside.
    return unsafe values[slot]
  }

  /// Sets a slot; a second value replaces the first.
  @inlinable @inline(__always) public func set(slot: Int, _ value: Value) {
    precondition(UInt(bitPattern: slot) < UInt(Record.slotsMax), "slot outside the record")
    // SAFETY: the line above keeps slot and word inside.
    unsafe values[slot] = value
    unsafe present[slot >> 6] |= 1 << UInt64(slot & 63)
    if slot >> 6 >= wordsUsed { wordsUsed = slot >> 6 + 1 }
  }

  /// Empties a slot.
  @inlinable public func remove(slot: Int) {
    precondition(UInt(bitPattern: slot) < UInt(Record.slotsMax), "slot outside the record")
    // SAFETY: the line above keeps the word inside.
    unsafe present[slot >> 6] &= ~(1 << UInt64(slot & 63))
  }

  /// Which of the 64 slots from 64 times `word` on are set, one bit each.
  @inlinable @inline(__always) public func slots(_ word: Int) -> UInt64 {
    precondition(UInt(bitPattern: word) < UInt(Record.slotsMax / 64), "slot outside the record")
    // SAFETY: the line above keeps the word inside.
    return unsafe present[word]
  }

  /// Calls `body` with each slot that is set and whose bit stands in `mask`, in order.
  @inlinable @inline(__always) public func forEachSlot(
    in mask: [UInt64], _ body: (Int, Value) -> Void
  ) {
    for word in 0..<min(wordsUsed, mask.count) {
      // SAFETY: `word` and the slots made from its bits are below the counts allocated.
      var bits = unsafe present[word] & mask[word]
      while bits != 0 {
        let slot = word << 6 + bits.trailingZeroBitCount
        body(slot, unsafe values[slot])
        bits &= bits &- 1
      }
    }
  }

  /// Calls `body` with each slot that is set, in order.
  public func forEachSlot(_ body: (Int, Value) -> Void) {
    for word in 0..<wordsUsed {
      // SAFETY: `word` and the slots made from its bits are below the counts allocated.
      var bits = unsafe present[word]
      while bits != 0 {
        let slot = word << 6 + bits.trailingZeroBitCount
        body(slot, unsafe values[slot])
        bits &= bits - 1
      }
    }
  }
}
