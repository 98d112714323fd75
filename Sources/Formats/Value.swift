public import Bytes

/// What a field of one event holds; text is borrowed from the line, a literal, or the event's scratch.
public enum Value: Sendable {
  /// Text. JSON strings are unescaped, syslog text is as written.
  case text(ByteView)
  /// A whole number.
  case integer(Int64)
  /// A number with a fraction; `text` is how it was written.
  case number(Double, text: ByteView)
  /// A JSON boolean.
  case bool(Bool)
  /// JSON null: the key is there, the value is not.
  case null
  /// A JSON array or object as written; a rule matches an array when any element matches.
  case json(ByteView)
}
