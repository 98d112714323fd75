import Bytes

extension SSHD {
  /// `Accepted publickey for U from A port N ssh2: ED25519 SHA256:…`.
  static func accepted(_ text: ByteView, _ event: Event) -> Bool {
    guard text.hasPrefix("Accepted "), let attempt = SSHDAttempt(text, methodAt: 9) else {
      return false
    }
    event.mark("sshd.accepted", "sshd", .authentication, "auth.login", .success)
    attempt.set(on: event)
    return true
  }

  /// `Failed password for [invalid user ]U from A port N ssh2`.
  static func failed(_ text: ByteView, _ event: Event) -> Bool {
    guard text.hasPrefix("Failed "), let attempt = SSHDAttempt(text, methodAt: 7) else {
      return false
    }
    event.mark(
      "sshd.failed", "sshd", .authentication, "auth.login", .failure, reason: reason(attempt))
    attempt.set(on: event)
    return true
  }

  /// Why an attempt failed, as far as its method tells.
  private static func reason(_ attempt: SSHDAttempt) -> StaticString? {
    if attempt.isInvalid { return "invalid-user" }
    if attempt.method.equals("password") || attempt.method.hasPrefix("keyboard-interactive") {
      return "bad-password"
    }
    return attempt.method.equals("publickey") ? "key-refused" : nil
  }

  /// `Partial publickey for …`, the first of two factors, and `Postponed …`, which decides nothing.
  static func postponed(_ text: ByteView, _ event: Event) -> Bool {
    if text.hasPrefix("Partial "), let attempt = SSHDAttempt(text, methodAt: 8) {
      event.mark("sshd.partial", "sshd", .authentication, "auth.mfa.step", .success)
      attempt.set(on: event)
      return true
    }
    guard text.hasPrefix("Postponed "), let attempt = SSHDAttempt(text, methodAt: 10) else {
      return false
    }
    event.mark(
      "sshd.postponed", "sshd", .authentication,
      reason: attempt.isInvalid ? "invalid-user" : nil)
    attempt.set(on: event)
    return true
  }

  /// `Invalid user U from A[ port N]`, also spelt `Illegal user`.
  static func invalidUser(_ text: ByteView, _ event: Event) -> Bool {
    guard text.hasPrefix("Invalid user ") || text.hasPrefix("Illegal user "),
      let (name, peer) = nameAndPeer(text, from: 13)
    else { return false }
    event.mark(
      "sshd.invalid_user", "sshd", .authentication, "auth.login", .failure, reason: "invalid-user")
    event.set(.userName, name)
    event.set(peer: peer)
    return true
  }

  /// A name up to the last ` from A[ port N]` that closes the text.
  private static func nameAndPeer(_ text: ByteView, from start: Int) -> (ByteView, Peer)? {
    var limit = text.count
    while let from = text.lastFrom(before: limit), from >= start - 1 {
      if let peer = Peer(text, at: from + 6), peer.end == text.count {
        return (text.slice(min(start, from), from), peer)
      }
      limit = from
    }
    return nil
  }

  /// `input_userauth_request: invalid user U`, the twin of `Invalid user`.
  static func invalidUserRequest(_ text: ByteView, _ event: Event) -> Bool {
    let start: StaticString = "input_userauth_request: invalid user"
    guard text.hasPrefix(start) else { return false }
    event.mark("sshd.invalid_user_request", "sshd", .authentication, reason: "invalid-user")
    let name = text.dropFirst(min(text.count, 37))
    event.set(.userName, name)
    return true
  }

  /// `User U [from A ]not allowed because WHY`.
  static func notAllowed(_ text: ByteView, _ event: Event) -> Bool {
    guard text.hasPrefix("User "), let verb = text.lastOffset(of: " not allowed because ") else {
      return false
    }
    let why = text.dropFirst(verb + 21)
    var reason: StaticString = "not-allowed"
    if why.equals("account is locked") { reason = "locked" }
    if why.hasPrefix("shell ") { reason = "no-shell" }
    event.mark("sshd.not_allowed", "sshd", .authentication, "auth.login", .failure, reason: reason)
    let subject = text.prefix(verb)
    if let (name, peer) = nameAndPeer(subject, from: 5) {
      event.set(.userName, name)
      event.set(peer: peer)
    } else if verb > 5 {
      event.set(.userName, subject.dropFirst(5))
    }
    return true
  }

  /// `maximum authentication attempts exceeded for [invalid user ]U from A port N ssh2`.
  static func maximumAttempts(_ text: ByteView, _ event: Event) -> Bool {
    guard text.hasPrefix("maximum authentication attempts exceeded for "),
      let attempt = SSHDAttempt(text, accountAt: 45)
    else { return false }
    event.mark(
      "sshd.max_attempts", "sshd", .authentication, "auth.login", .failure, reason: "max-attempts")
    attempt.set(on: event)
    return true
  }

  /// `ROOT LOGIN REFUSED FROM A[ port N]`.
  static func rootRefused(_ text: ByteView, _ event: Event) -> Bool {
    guard text.hasPrefix("ROOT LOGIN REFUSED FROM "), let peer = Peer(text, at: 24) else {
      return false
    }
    event.mark(
      "sshd.root_refused", "sshd", .authentication, "auth.login", .failure, reason: "root-refused")
    event.set(.userName, "root")
    event.set(peer: peer)
    return true
  }

  /// `PAM: WHY for [illegal user ]U from A`.
  static func pamError(_ text: ByteView, _ event: Event) -> Bool {
    guard text.hasPrefix("PAM: "), var verb = text.firstOffset(of: " for ", from: 5) else {
      return false
    }
    // The one reason of PAM's that has a ` for ` of its own.
    if text.has(" for service for ", at: verb) { verb += 12 }
    guard let (whole, peer) = nameAndPeer(text, from: verb + 5) else { return false }
    let (name, isInvalid) = SSHDAttempt.account(whole, from: 0, to: whole.count)
    let why = text.slice(5, verb)
    var reason: StaticString? = isInvalid ? "invalid-user" : nil
    if why.equals("User account has expired") { reason = "expired" }
    if why.equals("Authentication failure"), reason == nil { reason = "bad-password" }
    event.mark("sshd.pam_error", "sshd", .authentication, "auth.login", .failure, reason: reason)
    event.set(.userName, name)
    event.set(peer: peer)
    return true
  }

  /// `administratively prohibited connection for [invalid user ]U from A port N`.
  static func prohibited(_ text: ByteView, _ event: Event) -> Bool {
    guard text.hasPrefix("administratively prohibited connection for "),
      let (whole, peer) = nameAndPeer(text, from: 43)
    else { return false }
    let (name, _) = SSHDAttempt.account(whole, from: 0, to: whole.count)
    event.mark(
      "sshd.prohibited", "sshd", .authentication, "auth.login", .failure, reason: "not-allowed")
    event.set(.userName, name)
    event.set(peer: peer)
    return true
  }

  /// The refusals that begin with an A: key files, hosts, keys, PAM accounts.
  static func refused(_ text: ByteView, _ event: Event) -> Bool {
    if text.hasPrefix("Authentication refused: ") {
      event.mark(
        "sshd.auth_refused", "sshd", .authentication, "auth.login", .failure,
        reason: "bad-permissions")
      return true
    }
    if text.hasPrefix("Access denied for user "), text.hasSuffix(" by PAM account configuration"),
      text.count > 52
    {
      event.mark(
        "sshd.access_denied", "sshd", .authentication, "auth.login", .failure,
        reason: "not-allowed")
      event.set(.userName, text.slice(23, text.count - 29))
      return true
    }
    return refusedKey(text, event)
  }

  /// `Authentication tried for U with correct key but not from a permitted host (…, ip=A, …)` and
  /// `Authentication key TYPE FP revoked by file F`.
  private static func refusedKey(_ text: ByteView, _ event: Event) -> Bool {
    if text.hasPrefix("Authentication tried for "),
      let verb = text.lastOffset(of: " with correct key but not from a permitted host"), verb >= 25
    {
      event.mark(
        "sshd.wrong_host", "sshd", .authentication, "auth.login", .failure, reason: "not-allowed")
      event.set(.userName, text.slice(25, verb))
      if let start = text.firstOffset(of: ", ip=", from: verb) {
        var address = text.word(from: start + 5)
        if address.last == UInt8(ascii: ",") { address = address.prefix(address.count - 1) }
        PeerName.set(address, on: event)
      }
      return true
    }
    guard text.hasPrefix("Authentication key "), let end = text.firstOffset(of: " revoked by file ")
    else { return false }
    event.mark(
      "sshd.key_revoked", "sshd", .authentication, "auth.login", .failure, reason: "revoked")
    if let blank = text.lastOffset(of: 0x20, before: end) {
      event.set(.keyFingerprint, text.slice(blank + 1, end))
    }
    return true
  }
}
