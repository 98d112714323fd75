import Bytes

/// Reads sudo's log line: `U : [WHY ; ][HOST=h ; ]TTY=t ; PWD=p ; USER=r ; COMMAND=c`.
enum Sudo {
  /// Maps one message; see ``Products/map(program:message:into:)``.
  ///
  /// Parts are taken in order from the first ` : `, so nothing in the command, which comes last, can
  /// pass for one. A directory may: its name is written as it is, before the user.
  static func map(_ message: ByteView, into event: Event) -> Bool {
    let text = message.withoutLineEnd
    guard let colon = text.firstOffset(of: " : ") else { return false }
    let user = text.prefix(colon).trimmed
    guard !user.isEmpty else { return false }
    var parts = Parts()
    parts.read(text, from: colon + 3)
    guard parts.isLog else { return continued(text, user, colon + 3, event) }
    mark(parts, event)
    event.set(.userName, user)
    event.setUnlessEmpty(.workingDirectory, parts.directory)
    event.setUnlessEmpty(.userEffectiveName, parts.target)
    event.setUnlessEmpty(.groupName, parts.group)
    event.setUnlessEmpty(.sessionID, parts.session)
    event.setUnlessEmpty(.ticketID, parts.ticket)
    if let command = parts.command { event.set(.commandLine, command) }
    return true
  }

  /// What the line says, part by part.
  private struct Parts {
    var reason = ByteView.empty
    var directory = ByteView.empty
    var target = ByteView.empty
    var group = ByteView.empty
    var session = ByteView.empty
    /// The task that the command line names in its environment: `TICKET=WP-398`.
    var ticket = ByteView.empty
    var command: ByteView?
    /// Whether any part is one that only sudo's log line has.
    var isLog = false

    mutating func read(_ text: ByteView, from start: Int) {
      var offset = start
      while offset < text.count {
        if text.has("COMMAND=", at: offset) {
          command = text.dropFirst(offset + 8)
          isLog = true
          return
        }
        let end = text.firstOffset(of: " ; ", from: offset) ?? text.count
        let part = text.slice(offset, end)
        take(part.hasSuffix(" ;") ? part.prefix(part.count - 2) : part)
        offset = end + 3
      }
    }

    private mutating func take(_ part: ByteView) {
      guard let first = part.isEmpty ? nil : part[0] else { return }
      switch first {
      case UInt8(ascii: "T") where part.hasPrefix("TTY="):
        isLog = true
      case UInt8(ascii: "P") where part.hasPrefix("PWD="):
        directory = part.dropFirst(4)
      case UInt8(ascii: "U") where part.hasPrefix("USER="):
        target = part.dropFirst(5)
        isLog = true
      case UInt8(ascii: "G") where part.hasPrefix("GROUP="):
        group = part.dropFirst(6)
      case UInt8(ascii: "T") where part.hasPrefix("TSID="):
        session = part.dropFirst(5)
      case UInt8(ascii: "H") where part.hasPrefix("HOST="),
        UInt8(ascii: "C") where part.hasPrefix("CHROOT="):
        break
      case UInt8(ascii: "E") where part.hasPrefix("ENV="):
        if part.has("TICKET=", at: 4) {
          ticket = part.word(from: 11)
        } else if let mark = part.firstOffset(of: " TICKET=", from: 4) {
          ticket = part.word(from: mark + 8)
        }
      default:
        if reason.isEmpty { reason = part }
      }
    }
  }

  /// Decides between a command that ran, one that was refused, and a remark.
  private static func mark(_ parts: Parts, _ event: Event) {
    guard !parts.reason.isEmpty else {
      guard parts.command != nil else { return event.mark("sudo.message", "sudo", .process) }
      return event.mark("sudo.command", "sudo", .process, "privilege.sudo", .success)
    }
    guard let reason = denial(parts.reason) else {
      return event.mark("sudo.message", "sudo", .process)
    }
    event.mark("sudo.denied", "sudo", .process, "privilege.sudo", .failure, reason: reason)
  }

  /// The short word for a reason of refusal, or `nil` when it refuses nothing.
  private static func denial(_ reason: ByteView) -> StaticString? {
    if reason.hasSuffix(" incorrect password attempts")
      || reason.hasSuffix(" incorrect password attempt")
    {
      return "incorrect-password"
    }
    if reason.equals("user NOT in sudoers") { return "not-in-sudoers" }
    if reason.hasPrefix("command not allowed") { return "command-not-allowed" }
    if reason.hasPrefix("user NOT authorized on host") { return "not-allowed-on-host" }
    if reason.equals("a password is required") { return "password-required" }
    if reason.hasPrefix("no tty present") || reason.hasPrefix("sorry, you must have a tty")
      || reason.hasPrefix("a terminal is required")
    {
      return "no-tty"
    }
    if reason.hasPrefix("account validation failure") { return "locked" }
    if reason.hasPrefix("Account or password is expired")
      || reason.hasPrefix("Account expired") || reason.hasPrefix("Password expired")
    {
      return "expired"
    }
    return reason.hasPrefix("sorry, you are not allowed") ? "command-not-allowed" : nil
  }

  /// `U : (command continued) REST`, the tail of a command too long for one line.
  private static func continued(
    _ text: ByteView, _ user: ByteView, _ start: Int, _ event: Event
  ) -> Bool {
    guard text.has("(command continued) ", at: start) else { return false }
    event.mark("sudo.continued", "sudo", .process)
    event.set(.userName, user)
    event.set(.commandLine, text.dropFirst(start + 20))
    return true
  }
}
