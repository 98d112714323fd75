import Bytes

/// Reads PostgreSQL's plain log with the prefixes `%m [%p] ` (its default) and `%m [%p] %q%u@%d ` (Debian's): who came in and who did not.
///
/// The address is in another line of the same process; `jsonlog` has it in each.
enum PostgreSQL {
  /// Maps what follows the time and its zone: `[PID] [USER@DATABASE ]LEVEL:  TEXT`.
  static func map(_ message: ByteView, into event: Event) -> Bool {
    guard let close = message.firstOffset(of: "] ", from: 1),
      message.slice(1, close).decimal != nil
    else { return false }
    let rest = message.dropFirst(close + 2)
    if let mark = at(rest, "LOG:  connection authorized: user=") {
      return login(rest.dropFirst(mark), message.slice(1, close), event)
    }
    if let mark = at(rest, "FATAL:  password authentication failed for user \""),
      rest.hasSuffix("\"")
    {
      return refusal(rest.slice(mark, rest.count - 1), message.slice(1, close), event)
    }
    if let mark = at(rest, "LOG:  disconnection: session time: ") {
      return logout(rest.dropFirst(mark), message.slice(1, close), event)
    }
    return false
  }

  /// Where the text goes on behind `mark`, before which only `USER@DATABASE ` may stand.
  private static func at(_ text: ByteView, _ mark: StaticString) -> Int? {
    guard let offset = text.firstOffset(of: mark) else { return nil }
    let prefix = text.prefix(offset)
    let isPrefix =
      prefix.isEmpty
      || prefix.hasSuffix(" ") && prefix.firstOffset(of: UInt8(ascii: "@")) != nil
        && prefix.firstOffset(of: ":  ") == nil
    return isPrefix ? offset + mark.utf8CodeUnitCount : nil
  }

  /// `H:MM:SS.mmm user=U database=D [host=A port=N]`.
  private static func logout(_ text: ByteView, _ pid: ByteView, _ event: Event) -> Bool {
    let time = text.word(from: 0)
    guard text.has(" user=", at: time.count), let end = text.lastOffset(of: " database="),
      end >= time.count + 6
    else { return false }
    event.mark("postgresql.disconnected", "postgresql", .session, "auth.logout", .success)
    if let length = time.clockMilliseconds { event.set(.eventDuration, .integer(length)) }
    event.setUnlessEmpty(.userName, text.slice(time.count + 6, end))
    if let host = text.lastOffset(of: " host="), host > end {
      PeerName.set(text.word(from: host + 6), on: event)
    }
    set(pid, event)
    return true
  }

  /// `U database=D …`.
  private static func login(_ text: ByteView, _ pid: ByteView, _ event: Event) -> Bool {
    guard let end = text.lastOffset(of: " database=") else { return false }
    event.mark("postgresql.authorized", "postgresql", .authentication, "auth.login", .success)
    event.setUnlessEmpty(.userName, text.prefix(end))
    var rest = text.dropFirst(end + 10)
    if let start = rest.lastOffset(of: " SSL enabled (protocol="),
      let stop = rest.firstOffset(of: UInt8(ascii: ","), from: start)
    {
      if let version = TLSVersion.named(rest.slice(start + 23, stop)) {
        event.set(.tlsVersion, version)
      }
      rest = rest.prefix(start)
    } else {
      event.set(.tlsVersion, "none")
    }
    // The program that connects names itself, in whatever words it likes.
    if let start = rest.firstOffset(of: " application_name=") {
      event.setUnlessEmpty(.userAgent, rest.dropFirst(start + 18))
    }
    set(pid, event)
    return true
  }

  private static func refusal(_ name: ByteView, _ pid: ByteView, _ event: Event) -> Bool {
    event.mark("postgresql.refused", "postgresql", .authentication, "auth.login", .failure)
    event.setUnlessEmpty(.userName, name)
    event.set(.eventReason, "bad-credentials")
    set(pid, event)
    return true
  }

  private static func set(_ pid: ByteView, _ event: Event) {
    event.set(.processName, "postgres")
    event.set(.serviceName, "postgresql")
    event.set(.processPID, pid)
  }
}
