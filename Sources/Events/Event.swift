public import Bytes

/// One normalised event: a flat table from field to value, reused from line to line.
///
/// Setting and reading a field are O(1) and allocate nothing. An event belongs to one worker and is
/// emptied (`reset`) before each line; values borrow from the line's chunk and from `scratch`, so
/// they are gone with the next reset. Whatever must live longer is copied by its reader.
@safe public final class Event {
  /// How many fields there may be: those known plus those that rules and mappings name.
  public static let fieldsMax = 1024

  private let values: UnsafeMutablePointer<Value>
  private let present: UnsafeMutablePointer<UInt64>
  /// The highest word of `present` that may be non-zero, so that a reset touches little.
  private var wordsUsed = 0
  /// Bytes that do not stand in the line as such: unescaped strings, addresses in plain spelling.
  public let scratch: Scratch

  /// The event's own time, nanoseconds since 1970 UTC.
  public var time: Int64 = 0
  /// The offset of the line's own zone from UTC in seconds; 0 when the line had none.
  public var weight: UInt32 = 1
  /// The whole line, without its line ending.
  public var line: ByteView = .empty

  /// An empty event.
  public init() {
    unsafe values = .allocate(capacity: Event.fieldsMax)
    unsafe values.initialize(repeating: .null, count: Event.fieldsMax)
    unsafe present = .allocate(capacity: Event.fieldsMax / 64)
    unsafe present.initialize(repeating: 0, count: Event.fieldsMax / 64)
    scratch = Scratch()
  }

  deinit {
    unsafe values.deallocate()
    unsafe present.deallocate()
  }

  /// Empties the event for the next line.
  public func reset(line: ByteView) {
    // SAFETY: `wordsUsed` never exceeds the number of words allocated.
    for word in 0..<wordsUsed { unsafe present[word] = 0 }
    wordsUsed = 0
    scratch.reset()
    time = 0
    weight = 1
    self.line = line
  }

  /// The value of a field, or `nil` when the event lacks it.
  @inline(__always) public subscript(field: Field) -> Value? {
    has(field) ? unsafe values[field.index] : nil
  }

  /// Whether the event has the field; a null counts as there.
  @inline(__always) public func has(_ field: Field) -> Bool {
    // SAFETY: a field's index is below `fieldsMax` (``FieldTable/intern(_:)``).
    unsafe present[field.index >> 6] & (1 << UInt64(field.index & 63)) != 0
  }

  /// Sets a field.
  @inline(__always) public func set(_ field: Field, _ value: Value) {
    let word = field.index >> 6
    // SAFETY: a field's index is below `fieldsMax` (``FieldTable/intern(_:)``).
    unsafe values[field.index] = value
    unsafe present[word] |= 1 << UInt64(field.index & 63)
    if word >= wordsUsed { wordsUsed = word + 1 }
  }

  /// Sets a field to text that lives at least as long as the line.
  @inline(__always) public func set(_ field: Field, _ text: ByteView) { set(field, .text(text)) }

  /// Sets a field to a literal.
  @inline(__always) public func set(_ field: Field, _ literal: StaticString) {
    set(field, .text(ByteView(literal)))
  }

  /// Removes a field.
  public func remove(_ field: Field) {
    unsafe present[field.index >> 6] &= ~(1 << UInt64(field.index & 63))
  }

  /// The text of a field, or `nil` when it is absent or not text.
  @inline(__always) public func text(_ field: Field) -> ByteView? {
    guard has(field), case .text(let text) = unsafe values[field.index] else { return nil }
    return text
  }

  /// Whether a field is exactly this text.
  @inline(__always) public func has(_ field: Field, equalTo literal: StaticString) -> Bool {
    text(field)?.equals(literal) ?? false
  }

  /// Calls `body` with each field that is there, in table order.
  public func forEach(_ body: (Field, Value) -> Void) {
    for word in 0..<wordsUsed {
      var bits = unsafe present[word]
      while bits != 0 {
        let index = word << 6 + bits.trailingZeroBitCount
        body(Field(index: index), unsafe values[index])
        bits &= bits - 1
      }
    }
  }
}
