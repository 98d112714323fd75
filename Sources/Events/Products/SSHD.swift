import Bytes

/// Reads what OpenSSH's server writes, from 3.x to `sshd-session` and `sshd-auth`.
///
/// User names come from strangers and may hold any bytes, so whatever follows one is found from the
/// right end. Where a certificate's name or a client's user name makes both ends untrusted and two
/// readings remain, neither is believed and the event goes without user and source.
enum SSHD {
  /// Maps one message; see ``Products/map(program:message:into:)``.
  static func map(_ message: ByteView, into event: Event) -> Bool {
    guard read(message, into: event) else { return false }
    event.undoEscapes(.userName)
    return true
  }

  private static func read(_ message: ByteView, into event: Event) -> Bool {
    var text = message.withoutLineEnd
    guard text.count >= 8 else { return false }
    if text.hasPrefix("error: ") || text.hasPrefix("fatal: ") { text = text.dropFirst(7) }
    let isPreauth = text.hasSuffix(" [preauth]")
    if isPreauth { text = text.prefix(text.count - 10).withoutLineEnd }
    guard text.count >= 8 else { return false }
    switch text[0] {
    case UInt8(ascii: "A"):
      return accepted(text, event) || refused(text, event) || reverseMapping(text, event)
    case UInt8(ascii: "B"):
      return badVersion(text, event)
    case UInt8(ascii: "C"):
      return closed(text, isPreauth, event) || opened(text, event)
    case UInt8(ascii: "D"):
      return disconnected(text, isPreauth, event) || noIdentification(text, event)
    case UInt8(ascii: "F"):
      return failed(text, event)
    case UInt8(ascii: "I"):
      return invalidUser(text, event)
    case UInt8(ascii: "M"):
      return handshake(text, event)
    case UInt8(ascii: "N"):
      return reverseMapping(text, event)
    case UInt8(ascii: "P"):
      return postponed(text, event) || pamError(text, event) || PAM.more(text, into: event)
        || handshake(text, event)
    case UInt8(ascii: "R"):
      return receivedDisconnect(text, isPreauth, event) || rootRefused(text, event)
        || serverState(text, event) || handshake(text, event)
    case UInt8(ascii: "S"):
      return startingSession(text, event) || serverState(text, event)
    case UInt8(ascii: "T"):
      return timeout(text, event) || transferred(text, event)
    case UInt8(ascii: "U"):
      return notAllowed(text, event) || handshake(text, event)
    case UInt8(ascii: "a"):
      return prohibited(text, event)
    case UInt8(ascii: "b"), UInt8(ascii: "k"):
      return handshake(text, event)
    case UInt8(ascii: "d"):
      return dropped(text, event)
    case UInt8(ascii: "i"):
      return invalidUserRequest(text, event)
    case UInt8(ascii: "m"):
      return maximumAttempts(text, event)
    case UInt8(ascii: "r"):
      return reverseMapping(text, event) || refusedConnect(text, event)
    case UInt8(ascii: "s"):
      return handshake(text, event) || subsystem(text, event)
    default:
      return false
    }
  }
}
