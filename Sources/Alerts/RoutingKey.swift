/// The key that says whose PagerDuty an event is for; it never prints itself.
///
/// It is put into the body at sending, so that no stored message has it.
public struct RoutingKey: Sendable, CustomStringConvertible, CustomReflectable {
  private let key: String

  /// A key from its written form.
  ///
  /// - Throws: ``WebhookProblem/routingKeyNotPlain`` when it is empty or has anything but letters,
  ///   digits, `-` and `_`.
  public init(_ text: String) throws(WebhookProblem) {
    let isPlain = text.utf8.allSatisfy { byte in
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x5F: true
      default: false
      }
    }
    guard isPlain, !text.isEmpty, text.utf8.count <= 128 else { throw .routingKeyNotPlain }
    key = text
  }

  /// The body with the key as the first member of its object.
  func completing(_ body: [UInt8]) -> [UInt8] {
    guard body.first == UInt8(ascii: "{") else { return body }
    return Array("{\"routing_key\":\"\(key)\",".utf8) + body.dropFirst()
  }

  /// Not the key.
  public var description: String { "routing key" }

  /// Nothing, so that no dump shows the key.
  public var customMirror: Mirror { Mirror(self, children: []) }
}
