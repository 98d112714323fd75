import Bytes

/// Reads what login(1) writes for consoles and the old remote programs.
enum ConsoleLogin {
  /// Maps one message; see ``Products/map(program:message:into:)``.
  static func map(_ message: ByteView, into event: Event) -> Bool {
    let text = message.withoutLineEnd
    if text.hasPrefix("LOGIN ON "), let by = text.firstOffset(of: " BY ", from: 9) {
      let from = text.lastOffset(of: " FROM ") ?? text.count
      guard from >= by + 4 else { return false }
      event.mark("login.accepted", "login", .authentication, "auth.login", .success)
      event.set(.userName, text.slice(by + 4, from))
      if from < text.count { PeerName.set(text.dropFirst(from + 6), on: event) }
      return true
    }
    if text.hasPrefix("ROOT LOGIN ON ") {
      event.mark("login.accepted", "login", .authentication, "auth.login", .success)
      event.set(.userName, "root")
      if let from = text.lastOffset(of: " FROM ") {
        PeerName.set(text.dropFirst(from + 6), on: event)
      }
      return true
    }
    guard text.hasPrefix("FAILED LOGIN ") else { return false }
    return failed(text, event)
  }

  /// `FAILED LOGIN (n) on 'TTY'[ from 'A'] FOR 'U', WHY` and the older `FAILED LOGIN n FROM A FOR U, WHY`.
  ///
  /// The name is a stranger's: the tty and the host come before it, the reason after the last comma.
  private static func failed(_ text: ByteView, _ event: Event) -> Bool {
    guard let verb = text.firstOffset(of: " FOR ", from: 12),
      let comma = text.lastOffset(of: ", "), comma >= verb + 5
    else { return false }
    event.mark("login.failed", "login", .authentication, "auth.login", .failure)
    var user = text.slice(verb + 5, comma)
    if user.count >= 2, user[0] == UInt8(ascii: "'") || user[0] == UInt8(ascii: "`") {
      user = user.slice(1, user.count - 1)
    }
    event.set(.userName, user)
    let head = text.prefix(verb)
    if let from = head.firstOffset(of: " FROM ") ?? head.firstOffset(of: " from "),
      let peer = head.name(at: from + 6)
    {
      PeerName.set(peer.name, on: event)
    }
    return true
  }
}
