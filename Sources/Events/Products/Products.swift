public import Bytes
import Formats

/// The products whose free text is read by code: what sshd, sudo, PAM and their kin wrote.
///
/// A mapping decides first and sets fields afterwards, so a message that is refused leaves the event
/// as it was. None of them allocates, and none trusts a name that a stranger typed.
public enum Products {
  /// Reads a message of a known program into the event.
  ///
  /// The caller has set the host, the process, the time and the message itself.
  ///
  /// - Parameters:
  ///   - program: The syslog program name, without the process number: `sshd`, `su(pam_unix)`.
  ///   - message: What follows the program name, without leading blank or line ending.
  ///   - event: Gets category, action, outcome, code and the parties; its weight is multiplied when
  ///     one line stands for several alike.
  /// - Returns: Whether program and message are among those mapped.
  /// - Complexity: O(*n*) in the message, usually far less; a refusal costs a few comparisons.
  public static func map(program: ByteView, message: ByteView, into event: Event) -> Bool {
    guard !message.isEmpty else { return false }
    guard message[0] == UInt8(ascii: "m"), message.hasPrefix("message repeated ") else {
      return mapOne(program, message, event)
    }
    return mapRepeated(program, message, event)
  }

  /// Maps `message repeated N times: [ X]` as N times X.
  private static func mapRepeated(_ program: ByteView, _ message: ByteView, _ event: Event) -> Bool
  {
    let start = 17
    guard let blank = message.firstOffset(of: 0x20, from: start),
      let count = message.slice(start, blank).decimal, count > 0,
      message.has(" times: [", at: blank) || message.has(" time: [", at: blank),
      let bracket = message.firstOffset(of: UInt8(ascii: "["), from: blank)
    else { return false }
    var inner = message.dropFirst(bracket + 1).withoutLineEnd
    // A line that was cut short lacks the closing bracket.
    if let last = inner.last, last == UInt8(ascii: "]"), !inner.hasSuffix("[preauth]") {
      inner = inner.prefix(inner.count - 1)
    }
    inner = inner.trimmed
    guard !inner.isEmpty, mapOne(program, inner, event) else { return false }
    event.multiplyWeight(by: count)
    return true
  }

  /// Maps a message that stands for itself.
  private static func mapOne(_ name: ByteView, _ whole: ByteView, _ event: Event) -> Bool {
    var message = whole
    // Solaris puts its own message number first: `[ID 800047 auth.info] `.
    if message[0] == UInt8(ascii: "["), message.hasPrefix("[ID ") {
      guard let end = message.firstOffset(of: "] ", from: 4) else { return false }
      message = message.dropFirst(end + 2)
      guard !message.isEmpty else { return false }
    }
    if message[0] == UInt8(ascii: "p"), message.hasPrefix("pam_") {
      return PAM.map(message, into: event)
    }
    if message[0] == UInt8(ascii: "("), message.hasPrefix("(pam_") {
      guard let end = message.firstOffset(of: ") ", from: 5) else { return false }
      return PAM.map(
        message.dropFirst(end + 2), service: name, phase: .empty,
        module: message.slice(5, end), into: event)
    }
    guard let last = name.last else { return Stamped.map(message, into: event) }
    if last == UInt8(ascii: ")") {
      guard let open = name.firstOffset(of: "(pam_") else { return dispatch(name, message, event) }
      return PAM.map(
        message, service: name.prefix(open), phase: .empty,
        module: name.slice(open + 5, name.count - 1), into: event)
    }
    return dispatch(name, message, event)
  }

  /// Chooses the mapping by the program's name.
  private static func dispatch(_ name: ByteView, _ message: ByteView, _ event: Event) -> Bool {
    var program = name
    if program[0] == UInt8(ascii: "/"), let slash = program.lastOffset(of: UInt8(ascii: "/")) {
      program = program.dropFirst(slash + 1)
    }
    switch program.count {
    case 2 where program.equals("su"):
      return Su.map(message, into: event)
    case 4 where program.equals("sshd"):
      return SSHD.map(message, into: event)
    case 4 where program.equals("sudo"):
      return Sudo.map(message, into: event)
    case 4 where program.equals("ntpd"), 7 where program.equals("chronyd"):
      return LogDaemons.mapClock(message, into: event)
    case 4 where program.equals("chfn") || program.equals("chsh"):
      return Shadow.map(message, into: event)
    case 5 where program.equals("login"):
      return ConsoleLogin.map(message, into: event)
    case 5 where program.equals("chage"):
      return Shadow.map(message, into: event)
    case 5 where program.equals("squid"), 9 where program.equals("(squid-1)"):
      return Squid.map(message, into: event)
    case 6 where program.equals("passwd"):
      return Shadow.map(message, into: event)
    case 7
    where program.equals("useradd") || program.equals("usermod") || program.equals("userdel")
      || program.equals("gpasswd"):
      return Shadow.map(message, into: event)
    case 8
    where program.equals("groupadd") || program.equals("groupdel") || program.equals("chpasswd"):
      return Shadow.map(message, into: event)
    case 6 where program.equals("vzdump"), 8 where program.equals("pveproxy"),
      9 where program.equals("pvedaemon"), 12 where program.equals("pvescheduler"),
      18 where program.equals("proxmox-backup-api"),
      20 where program.equals("proxmox-backup-proxy"):
      return Proxmox.map(message, into: event)
    case 4 where program.equals("borg"), 6 where program.equals("restic"),
      7 where program.equals("pg_dump"), 10 where program.equals("pg_dumpall"),
      9
    where program.equals("mongodump") || program.equals("mysqldump")
      || program.equals("borgmatic"),
      13 where program.equals("pg_basebackup"):
      return Backups.map(tool: program, message, into: event)
    case 7 where program.equals("systemd"):
      return LogDaemons.mapUnit(message, into: event) || Backups.unit(message, into: event)
    case 9 where program.equals("sshd-auth"), 12 where program.equals("sshd-session"):
      return SSHD.map(message, into: event)
    case 8 where program.equals("rsyslogd"):
      return LogDaemons.map("rsyslog", message, into: event)
    case 7 where program.equals("syslogd"), 9 where program.equals("syslog-ng"):
      return LogDaemons.map("syslog", message, into: event)
    case 6 where program.equals("auditd"):
      return LogDaemons.map("auditd", message, into: event)
    case 15 where program.equals("systemd-journal"), 16 where program.equals("systemd-journald"):
      return LogDaemons.map("journald", message, into: event)
    case 14 where program.equals("systemd-logind"):
      return Logind.map(message, into: event)
    default:
      // The journal calls OpenProject's processes by the names that somebody gave them.
      if let log = RubyLog(message) { return OpenProject.map(log.text, into: event) }
      // login(1) after it has blanked its own name: `-- root`.
      return program.hasPrefix("-- ") && ConsoleLogin.map(message, into: event)
    }
  }
}
