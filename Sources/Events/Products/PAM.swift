import Bytes

/// Reads what PAM modules write, whatever program they serve.
enum PAM {
  /// One message of one module.
  struct Line {
    /// The service: `sshd`, `sudo`, `su-l`; empty when the line does not say.
    var service: ByteView
    /// The module without `pam_`: `unix`, `sss`.
    var module: ByteView
    /// What the module wrote.
    var text: ByteView

    /// Whether the service lets one user become another.
    var changesUser: Bool {
      service.equals("sudo") || service.equals("su") || service.equals("su-l")
        || service.equals("sudo-i") || service.equals("runuser") || service.equals("runuser-l")
    }
  }

  /// Maps `pam_unix(service:phase): …`, `pam_unix(service): …` and `pam_unix: …`.
  static func map(_ message: ByteView, into event: Event) -> Bool {
    var end = 4
    while end < message.count, isName(message[end]) { end += 1 }
    guard end > 4, end < message.count else { return false }
    let module = message.slice(4, end)
    guard message[end] == UInt8(ascii: "(") else {
      guard message.has(": ", at: end) else { return false }
      return map(
        message.dropFirst(end + 2), service: .empty, phase: .empty, module: module, into: event)
    }
    guard let close = message.firstOffset(of: "): ", from: end) else { return false }
    let scope = message.slice(end + 1, close)
    let colon = scope.firstOffset(of: UInt8(ascii: ":")) ?? scope.count
    return map(
      message.dropFirst(close + 3), service: scope.prefix(colon),
      phase: scope.dropFirst(min(scope.count, colon + 1)), module: module, into: event)
  }

  private static func isName(_ byte: UInt8) -> Bool {
    byte.isDigit || byte &- 0x61 < 26 || byte == UInt8(ascii: "_")
  }

  /// Maps the text of one module.
  static func map(
    _ text: ByteView, service: ByteView, phase: ByteView, module: ByteView, into event: Event
  ) -> Bool {
    var text = text.withoutLineEnd
    if text.hasSuffix(" [preauth]") { text = text.prefix(text.count - 10).withoutLineEnd }
    guard text.count >= 8 else { return false }
    let line = Line(service: service, module: module, text: text)
    guard read(line, event) else { return false }
    event.setUnlessEmpty(.serviceName, service)
    return true
  }

  private static func read(_ line: Line, _ event: Event) -> Bool {
    switch line.text[0] {
    case UInt8(ascii: "a"):
      return authentication(line, event) || account(line, event) || accessDenied(line, event)
        || noPassword(line, event)
    case UInt8(ascii: "b"):
      return badName(line, event)
    case UInt8(ascii: "c"):
      guard line.text.hasPrefix("check pass; user unknown") else { return false }
      event.mark("pam.check_pass", "pam", .authentication, reason: "invalid-user")
      return true
    case UInt8(ascii: "e"):
      return expiredPassword(line, event)
    case UInt8(ascii: "p"):
      return passwordChanged(line, event)
    case UInt8(ascii: "r"):
      return requirement(line, event)
    case UInt8(ascii: "s"):
      return session(line, event)
    case UInt8(ascii: "u"):
      return tally(line, event) || noSuchUser(line, event)
    case UInt8(ascii: "A"), UInt8(ascii: "I"):
      return secondFactor(line, event)
    case UInt8(ascii: "C"):
      return locked(line, event)
    case UInt8(ascii: "0")...UInt8(ascii: "9"):
      return moreFailures(line.text, event)
    default:
      return false
    }
  }

  /// `PAM N more authentication failures; …` and `PAM service(sshd) ignoring max retries; …`.
  static func more(_ text: ByteView, into event: Event) -> Bool {
    guard text.hasPrefix("PAM ") else { return false }
    if text.hasPrefix("PAM service("), text.firstOffset(of: ") ignoring max retries") != nil {
      event.mark("pam.max_retries", "pam", .authentication, reason: "max-attempts")
      return true
    }
    guard moreFailures(text.dropFirst(4), event) else { return false }
    event.set(.serviceName, "sshd")
    return true
  }

  /// `N more authentication failures; logname= … rhost=A  user=U`.
  private static func moreFailures(_ text: ByteView, _ event: Event) -> Bool {
    guard let blank = text.firstOffset(of: 0x20), let count = text.prefix(blank).decimal, count > 0,
      text.has(" more authentication failure", at: blank),
      let details = text.firstOffset(of: "; ", from: blank)
    else { return false }
    event.mark(
      "pam.more_failures", "pam", .authentication, "auth.login", .failure, reason: "bad-password")
    Parties(text.dropFirst(details + 1)).set(on: event, changesUser: false)
    event.multiplyWeight(by: count)
    return true
  }

  /// `authentication failure; logname= … user=U`; the same with `success` stands beside `Accepted`.
  private static func authentication(_ line: Line, _ event: Event) -> Bool {
    guard line.text.hasPrefix("authentication ") else { return false }
    if line.text.has("failure; ", at: 15) {
      event.mark("pam.auth_failure", "pam", .authentication, "auth.login", .failure)
    } else if line.text.has("success; ", at: 15) {
      event.mark("pam.auth_success", "pam", .authentication, nil, .success)
    } else {
      return false
    }
    Parties(line.text.dropFirst(23)).set(on: event, changesUser: line.changesUser)
    return true
  }

  /// `account U has expired (account expired)`; a change date in the future is no refusal.
  private static func account(_ line: Line, _ event: Event) -> Bool {
    let text = line.text
    guard text.hasPrefix("account ") else { return false }
    if let end = text.lastOffset(of: " has expired ("), end >= 8 {
      event.mark(
        "pam.account_expired", "pam", .authentication, "auth.login", .failure, reason: "expired")
      event.set(.userName, text.slice(8, end))
      return true
    }
    guard text.hasSuffix(" has password changed in future"), text.count > 39 else { return false }
    event.mark("pam.password_in_future", "pam", .authentication)
    event.set(.userName, text.slice(8, text.count - 31))
    return true
  }

  /// `access denied for user 'U' from 'A'`, by pam_access.
  private static func accessDenied(_ line: Line, _ event: Event) -> Bool {
    guard line.text.hasPrefix("access denied for user "),
      let from = line.text.lastFrom(before: line.text.count),
      let user = line.text.prefix(from).name(at: 23)
    else { return false }
    event.mark(
      "pam.access_denied", "pam", .authentication, "auth.login", .failure, reason: "not-allowed")
    event.set(.userName, user.name)
    if let peer = line.text.name(at: from + 6) { PeerName.set(peer.name, on: event) }
    return true
  }

  /// `auth could not identify password for [U]`, the twin of a failure.
  private static func noPassword(_ line: Line, _ event: Event) -> Bool {
    guard line.text.hasPrefix("auth could not identify password for ["),
      line.text.last == UInt8(ascii: "]")
    else { return false }
    event.mark("pam.no_password", "pam", .authentication, nil, .failure)
    event.set(.userName, line.text.slice(38, max(38, line.text.count - 1)))
    return true
  }

  /// `bad username [U]`.
  private static func badName(_ line: Line, _ event: Event) -> Bool {
    guard line.text.hasPrefix("bad username ["), line.text.last == UInt8(ascii: "]") else {
      return false
    }
    event.mark(
      "pam.bad_username", "pam", .authentication, "auth.login", .failure, reason: "invalid-user")
    event.set(.userName, line.text.slice(14, max(14, line.text.count - 1)))
    return true
  }

  /// `expired password for user U (password aged)`: the user may still choose a new one.
  private static func expiredPassword(_ line: Line, _ event: Event) -> Bool {
    guard line.text.hasPrefix("expired password for user "),
      let end = line.text.lastOffset(of: " ("), end > 26
    else { return false }
    event.mark("pam.password_expired", "pam", .authentication, reason: "password-expired")
    event.set(.userName, line.text.slice(26, end))
    return true
  }

  /// `password changed for U`.
  private static func passwordChanged(_ line: Line, _ event: Event) -> Bool {
    guard line.text.hasPrefix("password changed for "), line.text.count > 21 else { return false }
    event.mark("pam.password_changed", "pam", .iam, "account.password", .success)
    event.set(.userTargetName, line.text.dropFirst(21))
    return true
  }

  /// `user U does not exist in /etc/passwd`, with or without quotes.
  private static func noSuchUser(_ line: Line, _ event: Event) -> Bool {
    guard line.text.hasPrefix("user "), line.text.hasSuffix(" does not exist in /etc/passwd"),
      let name = line.text.prefix(line.text.count - 30).name(at: 5)
    else { return false }
    event.mark(
      "pam.no_such_user", "pam", .iam, "account.password", .failure, reason: "invalid-user")
    event.set(.userTargetName, name.name)
    return true
  }

  /// `requirement "uid >= 1000" not met by user "U"`, the twin of a failure.
  private static func requirement(_ line: Line, _ event: Event) -> Bool {
    guard line.text.hasPrefix("requirement \""),
      let end = line.text.firstOffset(of: "\" not met by user "),
      let name = line.text.name(at: end + 18)
    else { return false }
    event.mark("pam.requirement", "pam", .authentication)
    event.set(.userName, name.name)
    return true
  }

  /// `session opened for user U(uid=n) by A(uid=m)` and `session closed for user U`.
  private static func session(_ line: Line, _ event: Event) -> Bool {
    let text = line.text
    if text.hasPrefix("session closed for user ") {
      event.mark("pam.session_closed", "pam", .session, "session.end", .success)
      // Who became this user is told where the session opened.
      event.set(line.changesUser ? .userEffectiveName : .userName, text.dropFirst(24))
      return true
    }
    guard text.hasPrefix("session opened for user "), let by = text.lastOffset(of: " by "),
      by >= 24
    else { return false }
    event.mark("pam.session_opened", "pam", .session, "session.start", .success)
    let user = Account(text.slice(24, by))
    let actor = Account(text.dropFirst(by + 4))
    var subject = user
    if line.changesUser {
      event.set(.userEffectiveName, user.name)
      if !actor.name.isEmpty { subject = actor }
    }
    event.set(.userName, subject.name)
    if let id = subject.id { event.set(.userID, id) }
    return true
  }

  /// `user U (uid) tally 5, deny 3`, by pam_tally and pam_tally2.
  private static func tally(_ line: Line, _ event: Event) -> Bool {
    guard line.module.hasPrefix("tally"), line.text.hasPrefix("user "),
      let end = line.text.lastOffset(of: " ("), end > 5,
      line.text.firstOffset(of: ", deny ", from: end) != nil
    else { return false }
    event.mark("pam.tally", "pam", .authentication, "auth.login", .failure, reason: "locked")
    event.set(.userName, line.text.slice(5, end))
    return true
  }

  /// `Consecutive login failures for user U account temporarily locked`, by pam_faillock.
  private static func locked(_ line: Line, _ event: Event) -> Bool {
    guard line.text.hasPrefix("Consecutive login failures for user "),
      line.text.hasSuffix(" account temporarily locked"), line.text.count > 63
    else { return false }
    event.mark("pam.locked", "pam", .iam, "account.lock", .success, reason: "max-attempts")
    event.set(.userTargetName, line.text.slice(36, line.text.count - 27))
    return true
  }

  /// `Accepted google_authenticator for U` and `Invalid verification code for U`.
  private static func secondFactor(_ line: Line, _ event: Event) -> Bool {
    guard line.module.hasPrefix("google_auth") else { return false }
    var start = 34
    if line.text.hasPrefix("Accepted google_authenticator for ") {
      event.mark("pam.code_accepted", "pam", .authentication, "auth.mfa.step", .success)
    } else if line.text.hasPrefix("Invalid verification code for ") {
      start = 30
      event.mark(
        "pam.code_refused", "pam", .authentication, "auth.mfa.step", .failure, reason: "bad-code")
    } else {
      return false
    }
    event.set(.userName, line.text.dropFirst(start))
    return true
  }
}

extension PAM {
  /// An account as newer builds write it: `U(uid=n)`.
  struct Account {
    /// The name, empty when only the number is known.
    var name: ByteView
    /// The number.
    var id: ByteView?

    init(_ text: ByteView) {
      name = text
      guard text.last == UInt8(ascii: ")"), let open = text.lastOffset(of: "(uid=") else { return }
      name = text.prefix(open)
      id = text.slice(open + 5, text.count - 1)
    }
  }

  /// The parties of a failure: `logname=L uid=n euid=n tty=T ruser=R rhost=A  user=U`.
  struct Parties {
    private(set) var loginName = ByteView.empty
    private(set) var remoteUser = ByteView.empty
    private(set) var remoteHost = ByteView.empty
    private(set) var user = ByteView.empty

    /// Reads the list; `text` begins with the blank before its first key.
    ///
    /// A remote user's name may hold ` rhost=`, and so may a user's: when there is no remote user the
    /// first host counts, otherwise the last one, since PAM names a user only if the account exists.
    init(_ text: ByteView) {
      let login = text.firstOffset(of: "logname=")
      if let login { loginName = text.word(from: login + 8) }
      guard let remote = text.firstOffset(of: " ruser=", from: login ?? 0) else { return }
      let isEmpty = text.has(" rhost=", at: remote + 7)
      guard let host = isEmpty ? remote + 7 : text.lastOffset(of: " rhost="), host > remote else {
        return
      }
      remoteUser = text.slice(remote + 7, host)
      remoteHost = text.word(from: host + 7)
      var end = host + 7 + remoteHost.count
      guard end < text.count else { return }
      while end < text.count, text[end] == 0x20 { end += 1 }
      if text.has("user=", at: end) { user = text.dropFirst(end + 5) }
    }

    /// Sets who and from where; for su and sudo the caller is the user, and the other the target.
    func set(on event: Event, changesUser: Bool) {
      if changesUser {
        event.setUnlessEmpty(.userName, remoteUser.isEmpty ? loginName : remoteUser)
        event.setUnlessEmpty(.userEffectiveName, user)
      } else {
        event.setUnlessEmpty(.userName, user.isEmpty ? remoteUser : user)
      }
      if !remoteHost.isEmpty { PeerName.set(remoteHost, on: event) }
    }
  }
}
