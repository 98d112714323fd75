import Bytes
import Events
import Testing

/// What a mapping made of one message: the fields by name, and the weight.
struct Reading: Equatable {
  var fields: [String: String]
  var weight: UInt32

  subscript(name: String) -> String? { fields[name] }

  /// Maps a message; `nil` when it is refused, which must leave the event empty.
  static func of(_ program: [UInt8], _ message: [UInt8]) -> Reading? {
    let event = Event()
    event.reset(line: .empty)
    return unsafe program.withUnsafeBufferPointer { name in
      unsafe message.withUnsafeBufferPointer { text in
        let isMapped = unsafe Products.map(
          program: view(name), message: view(text), into: event)
        var reading = Reading(fields: [:], weight: event.weight)
        event.forEach { field, value in
          reading.fields[Field.knownNames[field.index]] = plain(value)
        }
        precondition(isMapped || reading.fields.isEmpty, "a refusal touched the event")
        return isMapped ? reading : nil
      }
    }
  }

  /// Maps a message given as text.
  static func of(_ program: String, _ message: String) -> Reading? {
    of(Array(program.utf8), Array(message.utf8))
  }

  private static func view(_ bytes: UnsafeBufferPointer<UInt8>) -> ByteView {
    guard let base = bytes.baseAddress else { return .empty }
    return unsafe ByteView(base: base, count: bytes.count)
  }

  private static func plain(_ value: Value) -> String {
    switch value {
    case .text(let text), .number(_, let text), .json(let text): text.string
    case .integer(let number): String(number)
    case .bool(let flag): String(flag)
    case .null: "null"
    }
  }

  /// Code, action, outcome and reason in one text, `-` for what is absent.
  var verdict: String {
    ["event.code", "event.action", "event.outcome", "event.reason"]
      .map { fields[$0] ?? "-" }.joined(separator: " ")
  }

  /// User and peer in one text: `user@address:port`, `-` for what is absent.
  var parties: String {
    let peer = fields["source.ip"] ?? fields["source.domain"] ?? "-"
    return "\(fields["user.name"] ?? "-")@\(peer)|\(fields["source.port"] ?? "-")"
  }
}

/// A message, and what its mapping must say.
struct Shape: CustomTestStringConvertible {
  var message: String
  var verdict: String
  var parties: String
  var testDescription: String { message }

  init(_ message: String, _ verdict: String, _ parties: String = "-@-|-") {
    (self.message, self.verdict, self.parties) = (message, verdict, parties)
  }
}
