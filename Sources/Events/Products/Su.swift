import Bytes

/// Reads what the several programs called su write.
enum Su {
  /// Maps one message; see ``Products/map(program:message:into:)``.
  static func map(_ message: ByteView, into event: Event) -> Bool {
    let text = message.withoutLineEnd
    guard text.count >= 5 else { return false }
    switch text[0] {
    case UInt8(ascii: "("):
      return change(text, at: 0, isRefused: false, event)
    case UInt8(ascii: "F"):
      guard text.hasPrefix("FAILED ") else { return false }
      if text.has("SU (to ", at: 7) || text.has("su (to ", at: 7) {
        return change(text, at: 10, isRefused: true, event)
      }
      return text.has("su for ", at: 7) && by(text, from: 14, isRefused: true, event)
    case UInt8(ascii: "S"):
      return text.hasPrefix("Successful su for ") && by(text, from: 18, isRefused: false, event)
    case UInt8(ascii: "B"):
      return text.hasPrefix("BAD SU ") && to(text, from: 7, isRefused: true, event)
    case UInt8(ascii: "+"), UInt8(ascii: "-"):
      return log(text, event)
    default:
      return to(text, from: 0, isRefused: false, event)
    }
  }

  /// `(to T) U on TTY`, of util-linux.
  private static func change(
    _ text: ByteView, at start: Int, isRefused: Bool, _ event: Event
  ) -> Bool {
    guard text.has("(to ", at: start), let on = text.lastOffset(of: " on "),
      let close = text.firstOffset(of: ") ", from: start + 4), close + 2 <= on
    else { return false }
    mark(isRefused, event)
    event.set(.userEffectiveName, text.slice(start + 4, close))
    event.setUnlessEmpty(.userName, text.slice(close + 2, on))
    return true
  }

  /// `Successful su for T by U`, of shadow-utils.
  private static func by(
    _ text: ByteView, from start: Int, isRefused: Bool, _ event: Event
  ) -> Bool {
    guard let by = text.lastOffset(of: " by "), by > start, by + 4 < text.count else {
      return false
    }
    mark(isRefused, event)
    event.set(.userEffectiveName, text.slice(start, by))
    event.set(.userName, text.dropFirst(by + 4))
    return true
  }

  /// `U to T on TTY`, of the BSDs.
  private static func to(
    _ text: ByteView, from start: Int, isRefused: Bool, _ event: Event
  ) -> Bool {
    guard let to = text.firstOffset(of: " to ", from: start), to > start,
      let on = text.lastOffset(of: " on "), on > to + 4,
      text.has("/dev/", at: on + 4) || text.has("tty", at: on + 4) || text.has("pts", at: on + 4)
    else { return false }
    let (user, target) = (text.slice(start, to), text.slice(to + 4, on))
    guard user.firstOffset(of: 0x20) == nil, target.firstOffset(of: 0x20) == nil else {
      return false
    }
    mark(isRefused, event)
    event.set(.userEffectiveName, target)
    event.set(.userName, user)
    return true
  }

  /// `+ TTY U:T`, which stands beside the lines above and so has no action of its own.
  private static func log(_ text: ByteView, _ event: Event) -> Bool {
    guard text[1] == 0x20, let blank = text.lastOffset(of: 0x20), blank > 2,
      let colon = text.firstOffset(of: UInt8(ascii: ":"), from: blank), colon > blank + 1
    else { return false }
    event.mark("su.log", "su", .process, nil, text[0] == UInt8(ascii: "+") ? .success : .failure)
    event.set(.userName, text.slice(blank + 1, colon))
    event.setUnlessEmpty(.userEffectiveName, text.dropFirst(colon + 1))
    return true
  }

  private static func mark(_ isRefused: Bool, _ event: Event) {
    if isRefused {
      event.mark(
        "su.failed", "su", .process, "privilege.su", .failure, reason: "incorrect-password")
    } else {
      event.mark("su.changed", "su", .process, "privilege.su", .success)
    }
  }
}
