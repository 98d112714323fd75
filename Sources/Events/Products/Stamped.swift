import Bytes

/// Reads products whose lines begin with a time and name no host or program; what stands there was taken for the host.
enum Stamped {
  /// Maps one message; see ``Products/map(program:message:into:)``.
  static func map(_ message: ByteView, into event: Event) -> Bool {
    let text = message.trimmed
    guard !text.isEmpty else { return false }
    let isRead =
      switch text[0] {
      case UInt8(ascii: "s"): text.hasPrefix("synapse.") && Synapse.map(text, into: event)
      case UInt8(ascii: "["):
        text.hasPrefix("[org.keycloak.events]")
          ? Keycloak.map(text.dropFirst(21), into: event) : PostgreSQL.map(text, into: event)
      default: false
      }
    // A dash or a level is no host.
    if isRead { event.remove(.hostName) }
    return isRead
  }
}
