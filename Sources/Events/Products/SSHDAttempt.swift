import Bytes

/// What sshd's authentication log says: `password for invalid user U from A port N ssh2: DETAIL`.
struct SSHDAttempt {
  /// The method, without the part after its slash.
  var method: ByteView
  /// The account that was asked for; may be empty.
  var user: ByteView
  /// Whether sshd knew no such account.
  var isInvalid: Bool
  /// The client.
  var peer: Peer
  /// What follows the protocol, such as a key's type and fingerprint; or empty.
  var detail: ByteView
  /// Whether user and client can be read in two ways, one of which is forged.
  var isAmbiguous = false

  /// Reads an attempt whose method begins at `start`.
  init?(_ text: ByteView, methodAt start: Int) {
    let word = text.word(from: start)
    guard !word.isEmpty, text.has(" for ", at: start + word.count) else { return nil }
    method = word.prefix(word.firstOffset(of: UInt8(ascii: "/")) ?? word.count)
    let name = start + word.count + 5
    guard let found = SSHDAttempt.lastPeer(text, from: name, before: text.count) else { return nil }
    (user, isInvalid) = SSHDAttempt.account(text, from: name, to: found.from)
    (peer, detail) = (found.peer, found.detail)
    // A certificate's name and hostbased's client user are typed by the client as well.
    guard !detail.isEmpty,
      detail.firstOffset(of: " (serial ") != nil || detail.hasSuffix("\"")
    else { return }
    var end = found.from
    while let earlier = SSHDAttempt.lastPeer(text, from: name, before: end) {
      if SSHDAttempt.holdsForeignText(earlier.detail) { isAmbiguous = true }
      end = earlier.from
    }
  }

  /// Reads an attempt whose account begins at `start`: no method is named.
  init?(_ text: ByteView, accountAt start: Int) {
    guard let found = SSHDAttempt.lastPeer(text, from: start, before: text.count) else {
      return nil
    }
    method = .empty
    (user, isInvalid) = SSHDAttempt.account(text, from: start, to: found.from)
    (peer, detail) = (found.peer, found.detail)
  }

  /// The fingerprint of the key or of the certificate, or `nil`.
  var fingerprint: ByteView? {
    let kind = detail.word(from: 0)
    guard !kind.isEmpty, kind.count + 1 < detail.count else { return nil }
    var print = detail.word(from: kind.count + 1)
    if print.last == UInt8(ascii: ",") { print = print.prefix(print.count - 1) }
    guard print.count >= 32 || print.hasPrefix("SHA256:"), print.firstOffset(of: ":") != nil else {
      return nil
    }
    return print
  }

  /// Sets user, source, method and key.
  func set(on event: Event) {
    event.setUnlessEmpty(.authenticationMethod, method)
    guard !isAmbiguous else { return }
    event.set(.userName, user)
    event.set(peer: peer)
    if let fingerprint { event.set(.keyFingerprint, fingerprint) }
  }

  /// The last ` from A port N ssh2` that begins before `end`, and what follows it.
  private static func lastPeer(
    _ text: ByteView, from start: Int, before end: Int
  ) -> (from: Int, peer: Peer, detail: ByteView)? {
    var limit = end
    while let from = text.lastFrom(before: limit), from >= start - 1 {
      limit = from
      guard let peer = Peer(text, at: from + 6), peer.port != nil, text.has(" ssh", at: peer.end)
      else { continue }
      let after = peer.end + 5
      guard after <= text.count, text[after - 1].isDigit else { continue }
      if after == text.count { return (from, peer, .empty) }
      if text.has(": ", at: after) { return (from, peer, text.dropFirst(after + 2)) }
    }
    return nil
  }

  /// The account between `start` and the ` from ` at `end`.
  ///
  /// `invalid user from 192.0.2.1` is an account called `invalid user`; the empty one has two blanks.
  static func account(_ text: ByteView, from start: Int, to end: Int) -> (ByteView, Bool) {
    guard end >= start else { return (.empty, false) }
    let known = text.has("invalid user ", at: start) || text.has("illegal user ", at: start)
    guard known, start + 13 <= end else { return (text.slice(start, end), false) }
    return (text.slice(start + 13, end), true)
  }

  /// Whether what follows the protocol has a part that the client chose.
  private static func holdsForeignText(_ detail: ByteView) -> Bool {
    let kind = detail.word(from: 0)
    let print = detail.word(from: kind.count + 1)
    return print.last == UInt8(ascii: ",") || detail.has(" ID ", at: kind.count + 1 + print.count)
  }
}
