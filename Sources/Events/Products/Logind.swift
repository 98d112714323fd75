import Bytes

/// Reads the sessions that systemd-logind opens and closes.
enum Logind {
  /// Maps one message; see ``Products/map(program:message:into:)``.
  static func map(_ message: ByteView, into event: Event) -> Bool {
    let text = message.withoutLineEnd
    if text.hasPrefix("New session "), let session = text.name(at: 12, closing: " of user "),
      text.has(" of user ", at: session.end), let user = user(text, at: session.end + 9)
    {
      event.mark("logind.new_session", "logind", .session, "session.start", .success)
      event.set(.sessionID, session.name)
      event.set(.userName, user)
      return true
    }
    if text.hasPrefix("Removed session "), let session = text.name(at: 16) {
      event.mark("logind.removed", "logind", .session, "session.end", .success)
      event.set(.sessionID, session.name)
      return true
    }
    guard text.hasPrefix("Session "), let session = text.name(at: 8, closing: " logged out"),
      text.has(" logged out", at: session.end)
    else { return false }
    event.mark("logind.logged_out", "logind", .session, "session.end", .success)
    event.set(.sessionID, session.name)
    return true
  }

  /// The user at `start`: quoted, or all that is left before the full stop.
  private static func user(_ text: ByteView, at start: Int) -> ByteView? {
    guard start < text.count else { return nil }
    if text[start] == UInt8(ascii: "'") { return text.name(at: start)?.name }
    let rest = text.dropFirst(start)
    return rest.last == UInt8(ascii: ".") ? rest.prefix(rest.count - 1) : rest
  }
}
