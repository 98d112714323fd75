import Bytes

extension SSHD {
  /// `Connection closed by|reset by [authenticating|invalid ][user U ]A[ port N]`.
  static func closed(_ text: ByteView, _ isPreauth: Bool, _ event: Event) -> Bool {
    guard text.hasPrefix("Connection closed by ") || text.hasPrefix("Connection reset by ") else {
      return false
    }
    let start = text[11] == UInt8(ascii: "c") ? 21 : 20
    return ended(text, from: start, isPreauth, "sshd.closed", event)
  }

  /// `Disconnected from …` and `Disconnecting …: WHY`.
  static func disconnected(_ text: ByteView, _ isPreauth: Bool, _ event: Event) -> Bool {
    if text.hasPrefix("Disconnected from ") {
      return ended(text, from: 18, isPreauth, "sshd.disconnected", event)
    }
    guard text.hasPrefix("Disconnecting") else { return false }
    return disconnecting(text, event)
  }

  /// What stands between a verb and the peer of a connection that ended.
  private enum Who {
    /// The client logged in.
    case user
    /// The account exists, the client did not prove to be its owner.
    case authenticating
    /// There is no such account.
    case invalid
  }

  /// Reads `[authenticating|invalid ]user `, the blank before `user` being optional.
  private static func who(_ text: ByteView, at start: Int) -> (who: Who, nameAt: Int)? {
    if text.has("user ", at: start) { return (.user, start + 5) }
    if text.has("authenticating user ", at: start) { return (.authenticating, start + 20) }
    if text.has("authenticatinguser ", at: start) { return (.authenticating, start + 19) }
    if text.has("invalid user ", at: start) { return (.invalid, start + 13) }
    if text.has("invaliduser ", at: start) { return (.invalid, start + 12) }
    return nil
  }

  /// The end of a connection: of a session, of an attempt, or of neither.
  private static func ended(
    _ text: ByteView, from start: Int, _ isPreauth: Bool, _ code: StaticString, _ event: Event
  ) -> Bool {
    guard let (who, name) = who(text, at: start) else {
      // A host name or address alone.
      guard let peer = Peer(text, at: start), peer.end == text.count else { return false }
      if isPreauth {
        event.mark("sshd.closed_preauth", "sshd", .network)
      } else {
        event.mark(code, "sshd", .network)
      }
      event.set(peer: peer)
      return true
    }
    guard let peer = Peer(text, endingAt: text.count), peer.start >= name else { return false }
    let user = text.slice(name, max(name, peer.start - 1))
    switch who {
    case .user where !isPreauth:
      event.mark(code, "sshd", .session, "auth.logout", .success)
    case .user, .authenticating:
      event.mark(
        "sshd.closed_preauth", "sshd", .authentication, "auth.login", .failure, reason: "aborted")
    case .invalid:
      event.mark(
        "sshd.closed_preauth", "sshd", .authentication, "auth.login", .failure,
        reason: "invalid-user")
    }
    event.set(.userName, user)
    event.set(peer: peer)
    return true
  }

  /// `Disconnecting [invalid|authenticating user U A port N: ]WHY`.
  private static func disconnecting(_ text: ByteView, _ event: Event) -> Bool {
    let tooMany: StaticString = "Too many authentication failures"
    if text.has(": ", at: 13) {
      // The old form names no peer; `maximum authentication attempts exceeded` stands beside it.
      let isTooMany = text.has(tooMany, at: 15)
      event.mark(
        "sshd.disconnecting", "sshd", .authentication, reason: isTooMany ? "max-attempts" : nil)
      if isTooMany, text.has(" for ", at: 47) { event.set(.userName, text.dropFirst(52)) }
      return true
    }
    guard text.has(" ", at: 13) else { return false }
    let change: StaticString = ": Change of username or service not allowed: ("
    guard let (who, name) = who(text, at: 14) else {
      guard let peer = Peer(text, at: 14) else { return false }
      event.mark("sshd.disconnecting", "sshd", .network)
      event.set(peer: peer)
      return true
    }
    let isTooMany = text.hasSuffix(": Too many authentication failures")
    var reason: StaticString = isTooMany ? "max-attempts" : "aborted"
    if who == .invalid { reason = "invalid-user" }
    // The user's name stands on both sides of the second text, so it must occur only once.
    let end =
      isTooMany
      ? text.count - 34
      : text.firstOffset(of: change).flatMap { $0 == text.lastOffset(of: change) ? $0 : nil }
    event.mark(
      "sshd.disconnecting", "sshd", .authentication, "auth.login", .failure, reason: reason)
    if let end, let peer = Peer(text, endingAt: end), peer.start > name {
      event.set(.userName, text.slice(name, peer.start - 1))
      event.set(peer: peer)
    }
    return true
  }

  /// `Received disconnect from A port N:CODE: WHY`, or `from A: CODE: WHY`.
  static func receivedDisconnect(_ text: ByteView, _ isPreauth: Bool, _ event: Event) -> Bool {
    guard text.hasPrefix("Received disconnect from "), var peer = Peer(text, at: 25) else {
      return false
    }
    if peer.port == nil {
      guard peer.address.last == UInt8(ascii: ":") else { return false }
      peer.address = peer.address.prefix(peer.address.count - 1)
      peer.end -= 1
    }
    guard text.has(":", at: peer.end) else { return false }
    let rest = text.dropFirst(peer.end + 1).trimmed
    if !isPreauth, rest.hasPrefix("11: disconnected by user") {
      event.mark("sshd.received_disconnect", "sshd", .session, "session.end", .success)
    } else {
      event.mark(
        "sshd.received_disconnect", "sshd", .network,
        reason: rest.hasPrefix("14:") ? "no-methods" : nil)
    }
    event.set(peer: peer)
    return true
  }

  /// `Timeout before authentication for [connection from ]A[ port N][ to B, pid = n]`.
  static func timeout(_ text: ByteView, _ event: Event) -> Bool {
    guard text.hasPrefix("Timeout before authentication for ") else { return false }
    let start = text.has("connection from ", at: 34) ? 50 : 34
    guard let peer = Peer(text, at: start) else { return false }
    event.mark("sshd.timeout", "sshd", .network, reason: "timeout")
    event.set(peer: peer)
    return true
  }

  /// `drop connection #n from [A]:N on [B]:M Maxstartups|past MaxStartups|penalty: WHY`.
  static func dropped(_ text: ByteView, _ event: Event) -> Bool {
    guard text.hasPrefix("drop connection #"), let from = text.firstOffset(of: " from ") else {
      return false
    }
    let peer = text.word(from: from + 6)
    guard !peer.isEmpty else { return false }
    let isPenalty = text.firstOffset(of: " penalty: ", from: from) != nil
    event.mark(
      "sshd.dropped", "sshd", .network, "net.deny", reason: isPenalty ? "penalty" : "max-startups")
    PeerName.set(peer, on: event)
    return true
  }

  /// `refused connect from NAME (A)`, written by TCP wrappers; the name is the client's.
  static func refusedConnect(_ text: ByteView, _ event: Event) -> Bool {
    guard text.hasPrefix("refused connect from ") else { return false }
    var peer = text.dropFirst(21)
    if peer.last == UInt8(ascii: ")"), let open = peer.lastOffset(of: UInt8(ascii: "(")) {
      peer = peer.slice(open + 1, peer.count - 1)
    }
    guard !peer.isEmpty else { return false }
    event.mark("sshd.refused_connect", "sshd", .network, "net.deny", reason: "not-allowed")
    PeerName.set(peer, on: event)
    return true
  }

  /// `Connection from A port N on B port M`, at a verbose level.
  static func opened(_ text: ByteView, _ event: Event) -> Bool {
    guard text.hasPrefix("Connection from "), let peer = Peer(text, at: 16) else {
      return closeSession(text, event)
    }
    event.mark("sshd.connection", "sshd", .network)
    event.set(peer: peer)
    return true
  }

  /// `Close session: user U from A port N id k`.
  private static func closeSession(_ text: ByteView, _ event: Event) -> Bool {
    guard text.hasPrefix("Close session: user "), let from = text.lastFrom(before: text.count),
      from > 20, let peer = Peer(text, at: from + 6), text.has(" id ", at: peer.end)
    else { return false }
    event.mark("sshd.close_session", "sshd", .session, "session.end", .success)
    event.set(.userName, text.slice(20, from))
    event.set(peer: peer)
    return true
  }

  /// `Starting session: WHAT for U from A port N id k`; the command may hold any text.
  static func startingSession(_ text: ByteView, _ event: Event) -> Bool {
    guard text.hasPrefix("Starting session: "), let from = text.lastFrom(before: text.count),
      let verb = text.lastOffset(of: " for ", endingBy: from), let peer = Peer(text, at: from + 6),
      peer.port != nil
    else { return false }
    event.mark("sshd.starting_session", "sshd", .session, "session.start", .success)
    event.set(.userName, text.slice(verb + 5, from))
    event.set(peer: peer)
    return true
  }

  /// `subsystem request for S by user U[ failed, subsystem not found]`.
  static func subsystem(_ text: ByteView, _ event: Event) -> Bool {
    guard text.hasPrefix("subsystem request for "),
      let verb = text.firstOffset(of: " by user ", from: 22)
    else { return false }
    var user = text.dropFirst(verb + 9)
    let isUnknown = user.hasSuffix(" failed, subsystem not found")
    if isUnknown { user = user.prefix(user.count - 28) }
    if user.last == UInt8(ascii: ",") { user = user.prefix(user.count - 1) }
    event.mark("sshd.subsystem", "sshd", .session, nil, isUnknown ? .failure : .success)
    event.setUnlessEmpty(.userName, user)
    return true
  }

  /// `Transferred: sent a, received b bytes`, at a verbose level.
  static func transferred(_ text: ByteView, _ event: Event) -> Bool {
    guard text.hasPrefix("Transferred: sent ") else { return false }
    event.mark("sshd.transferred", "sshd", .network)
    return true
  }

  /// Reads the server's start and end: it listens, or a signal ends it.
  static func serverState(_ text: ByteView, _ event: Event) -> Bool {
    if text.hasPrefix("Server listening on ") {
      event.mark("sshd.listening", "sshd", .process, "service.start", .success)
      if let place = Peer(text, at: 20) {
        event.set(.destinationIP, place.address)
        if let port = place.port { event.set(.destinationPort, .integer(Int64(port))) }
      }
      return true
    }
    guard text.hasPrefix("Received signal "), text.hasSuffix("; terminating.") else { return false }
    event.mark("sshd.terminating", "sshd", .process, "service.stop", .success)
    return true
  }

  /// `Did not receive identification string from A[ port N]`.
  static func noIdentification(_ text: ByteView, _ event: Event) -> Bool {
    guard text.hasPrefix("Did not receive identification string from "),
      let peer = Peer(text, at: 43)
    else { return false }
    event.mark("sshd.no_identification", "sshd", .network)
    event.set(peer: peer)
    return true
  }

  /// `Bad protocol version identification 'X' from A[ port N]`; X is whatever the client sent.
  static func badVersion(_ text: ByteView, _ event: Event) -> Bool {
    guard text.hasPrefix("Bad protocol version identification "),
      let from = text.lastFrom(before: text.count), let peer = Peer(text, at: from + 6),
      peer.end == text.count
    else { return false }
    event.mark("sshd.bad_version", "sshd", .network)
    event.set(peer: peer)
    return true
  }

  /// The messages of a handshake that failed: each names a peer early, and a reason after it.
  static func handshake(_ text: ByteView, _ event: Event) -> Bool {
    if text.hasPrefix("Unable to negotiate with ") {
      return handshake(text, 25, "sshd.no_common_algorithm", event)
    }
    if text.hasPrefix("banner exchange: Connection from ") {
      return handshake(text, 33, "sshd.banner_exchange", event)
    }
    if text.hasPrefix("ssh_dispatch_run_fatal: Connection from ") {
      return dispatchFailed(text, event)
    }
    if text.hasPrefix("Read error from remote host ") {
      return handshake(text, 28, "sshd.read_error", event)
    }
    if text.hasPrefix("Protocol major versions differ for ") {
      return handshake(text, 35, "sshd.bad_version", event)
    }
    if text.hasPrefix("kex_exchange_identification: ") {
      // The peer stands in the line that follows.
      event.mark("sshd.bad_identification", "sshd", .network)
      return true
    }
    if text.hasPrefix("scanned from ") { return handshake(text, 13, "sshd.scanned", event) }
    if text.hasPrefix("Magic value check failed "), let from = text.lastFrom(before: text.count) {
      return handshake(text, from + 6, "sshd.bad_handshake", event)
    }
    return false
  }

  /// One of the above, whose peer begins at `start` and may end with a colon.
  private static func handshake(
    _ text: ByteView, _ start: Int, _ code: StaticString, _ event: Event
  ) -> Bool {
    guard var peer = Peer(text, at: start) else { return false }
    if peer.address.last == UInt8(ascii: ":") {
      peer.address = peer.address.prefix(peer.address.count - 1)
    }
    event.mark(code, "sshd", .network)
    event.set(peer: peer)
    return true
  }

  /// `ssh_dispatch_run_fatal: Connection from [authenticating user U ]A port N: WHY`.
  private static func dispatchFailed(_ text: ByteView, _ event: Event) -> Bool {
    guard let (who, name) = who(text, at: 40) else {
      return handshake(text, 40, "sshd.dispatch_failed", event)
    }
    // The reasons hold no colon followed by a blank, a user's name may.
    guard let colon = text.lastOffset(of: ": "), let peer = Peer(text, endingAt: colon),
      peer.start > name
    else { return false }
    event.mark("sshd.dispatch_failed", "sshd", .network)
    if who != .user { event.setUnlessEmpty(.userName, text.slice(name, peer.start - 1)) }
    event.set(peer: peer)
    return true
  }

  /// Complaints about names in DNS: they say nothing about a login.
  static func reverseMapping(_ text: ByteView, _ event: Event) -> Bool {
    var peer = ByteView.empty
    if text.hasPrefix("Address "), text.firstOffset(of: " maps to ", from: 8) != nil {
      peer = text.word(from: 8)
    } else if text.hasPrefix("reverse mapping checking getaddrinfo for "),
      let open = text.firstOffset(of: " [", from: 41),
      let close = text.firstOffset(of: "]", from: open)
    {
      peer = text.slice(open + 2, close)
    } else if text.hasPrefix("Nasty PTR record "), let verb = text.lastOffset(of: " is set up for ")
    {
      peer = text.word(from: verb + 15)
      if peer.last == UInt8(ascii: ",") { peer = peer.prefix(peer.count - 1) }
    }
    guard !peer.isEmpty else { return false }
    event.mark("sshd.reverse_mapping", "sshd", .network)
    PeerName.set(peer, on: event)
    return true
  }
}
