public import Bytes
// What reads an event needs the record's members too; re-exporting spares every reader the import.
@_exported public import Formats

/// One normalised event: a record whose slots are the fields of ``FieldTable``.
public typealias Event = Record

extension Record {
  /// How many fields there may be: those known plus those that rules and mappings name.
  public static var fieldsMax: Int { slotsMax }

  /// The value of a field, or `nil` when the event lacks it.
  @inlinable @inline(__always) public subscript(field: Field) -> Value? {
    has(slot: field.index) ? value(slot: field.index) : nil
  }

  /// Whether the event has the field; a null counts as there.
  @inlinable @inline(__always) public func has(_ field: Field) -> Bool { has(slot: field.index) }

  /// Sets a field.
  @inlinable @inline(__always) public func set(_ field: Field, _ value: Value) {
    set(slot: field.index, value)
  }

  /// Sets a field to text that lives at least as long as the line.
  @inlinable @inline(__always) public func set(_ field: Field, _ text: ByteView) {
    set(slot: field.index, .text(text))
  }

  /// Sets a field to a literal.
  @inlinable @inline(__always) public func set(_ field: Field, _ literal: StaticString) {
    set(slot: field.index, .text(ByteView(literal)))
  }

  /// Removes a field.
  @inlinable public func remove(_ field: Field) { remove(slot: field.index) }

  /// The text of a field, or `nil` when it is absent or not text.
  @inlinable @inline(__always) public func text(_ field: Field) -> ByteView? {
    guard has(field), case .text(let text) = value(slot: field.index) else { return nil }
    return text
  }

  /// Whether a field is exactly this text.
  @inlinable @inline(__always) public func has(_ field: Field, equalTo literal: StaticString)
    -> Bool
  {
    text(field)?.equals(literal) ?? false
  }

  /// Calls `body` with each field that is there, in table order.
  public func forEach(_ body: (Field, Value) -> Void) {
    forEachSlot { slot, value in body(Field(index: slot), value) }
  }
}
