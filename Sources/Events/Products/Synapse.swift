import Bytes

/// Reads the log of Synapse, the Matrix server, in its default form: requests, and names that it does not know.
enum Synapse {
  /// Maps what follows the time: `LOGGER - LINE - LEVEL - REQUEST - TEXT`.
  static func map(_ text: ByteView, into event: Event) -> Bool {
    if text.hasPrefix("synapse.access.") { return request(text, event) }
    guard text.hasPrefix("synapse.handlers.") else { return false }
    return unknown(text, event) || refused(text, event)
  }

  /// `… - A - PORT - {WHO} Processed request: …B STATUS "METHOD TARGET HTTP/1.1" "AGENT" [n dbevts]`.
  ///
  /// Read from the left: nothing that a client writes stands before the request.
  private static func request(_ text: ByteView, _ event: Event) -> Bool {
    guard let open = text.firstOffset(of: " - {"),
      let close = text.firstOffset(of: "} Processed request: ", from: open + 4),
      let quote = text.firstOffset(of: UInt8(ascii: "\""), from: close),
      let target = text.firstOffset(of: 0x20, from: quote),
      let end = text.firstOffset(of: UInt8(ascii: "\""), from: target),
      let port = text.lastOffset(of: " - ", endingBy: open),
      let blank = text.lastOffset(of: 0x20, before: port)
    else { return false }
    var status = text.slice(close, quote).trimmed
    guard let before = status.lastOffset(of: 0x20) else { return false }
    let size = text.slice(close, close + before).trimmed
    status = status.dropFirst(before + 1)
    // The client had gone before the answer was written.
    if let last = status.last, last == UInt8(ascii: "!") {
      status = status.prefix(status.count - 1)
    }
    guard let code = status.decimal, code < 1000 else { return false }

    event.mark("synapse.request", "synapse", .http)
    PeerName.set(text.slice(blank + 1, port), on: event)
    var who = text.slice(open + 4, close)
    if let bar = who.firstOffset(of: UInt8(ascii: "|")) {
      // An administrator acts as somebody: `{@admin:hs|@kim:hs}`.
      event.setUnlessEmpty(.userEffectiveName, who.dropFirst(bar + 1))
      who = who.prefix(bar)
    }
    if !who.equals("None") { event.setUnlessEmpty(.userName, who) }
    let method = text.slice(quote + 1, target)
    event.set(.requestMethod, method)
    let path = text.slice(target + 1, end).withoutProtocol
    event.set(.urlOriginal, path)
    event.set(.statusCode, .integer(Int64(code)))
    setSize(size, event)
    setAgent(text.dropFirst(end + 1), event)
    if method.equals("POST"), isSignIn(path) {
      event.set(.eventCategory, "authentication")
      event.set(.eventAction, "auth.login")
      event.set(.eventOutcome, code < 400 ? ByteView("success") : ByteView("failure"))
    }
    return true
  }

  /// `…(0.001sec/0.012sec/5) 180B`.
  private static func setSize(_ text: ByteView, _ event: Event) {
    let word = text.dropFirst((text.lastOffset(of: 0x20) ?? -1) + 1)
    guard word.hasSuffix("B"), let bytes = word.prefix(word.count - 1).decimal, bytes <= Int64.max
    else { return }
    event.set(.bodyBytes, .integer(Int64(bytes)))
  }

  /// ` "AGENT" [n dbevts]`: an agent may have quotes of its own, so its end is looked for from the right.
  private static func setAgent(_ text: ByteView, _ event: Event) {
    guard text.hasPrefix(" \""), let end = text.lastOffset(of: "\" ["), end > 2 else { return }
    event.setUnlessEmpty(.userAgent, text.slice(2, end))
  }

  /// `/_matrix/client/v3/login`, in any version, with or without a query.
  private static func isSignIn(_ target: ByteView) -> Bool {
    let path = target.firstOffset(of: UInt8(ascii: "?")).map { target.prefix($0) } ?? target
    return path.hasPrefix("/_matrix/client/") && path.hasSuffix("/login")
  }

  /// `Attempted to login as U but they do not exist`; the request's own line is the attempt.
  private static func unknown(_ text: ByteView, _ event: Event) -> Bool {
    guard let start = text.firstOffset(of: " - Attempted to login as "),
      text.hasSuffix(" but they do not exist"), start + 25 <= text.count - 22
    else { return false }
    event.mark("synapse.unknown-user", "synapse", .authentication, reason: "invalid-user")
    event.setUnlessEmpty(.userName, text.slice(start + 25, text.count - 22))
    return true
  }

  /// `Failed password login for user U`; the request's own line is the attempt.
  private static func refused(_ text: ByteView, _ event: Event) -> Bool {
    guard let start = text.firstOffset(of: " - Failed password login for user ") else {
      return false
    }
    event.mark("synapse.refused", "synapse", .authentication, reason: "bad-credentials")
    event.setUnlessEmpty(.userName, text.dropFirst(start + 34))
    return true
  }
}

extension ByteView {
  /// A request target without the ` HTTP/1.1` behind it.
  fileprivate var withoutProtocol: ByteView {
    guard let blank = lastOffset(of: " HTTP/") else { return self }
    return prefix(blank)
  }
}
