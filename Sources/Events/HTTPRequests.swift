import Bytes

/// What every web request gets, whatever log it came from: path and query, outcome, and whether it
/// is a sign-in.
///
/// A request to a sign-in path is a sign-in: 401 or 403 failed, 2xx or 3xx after POST succeeded
/// (DESIGN: the list stands in `policy.yaml`, `sign_in.paths`).
public struct HTTPRequests: Sendable {
  private let signInPaths: [ByteView]
  /// The lengths of the sign-in paths, one bit each, so that most paths cost one test.
  private let lengths: UInt64

  /// - Parameter signInPaths: Paths without query, such as `/users/sign_in`.
  public init(signInPaths: [String]) {
    self.signInPaths = signInPaths.map(ByteView.init(immortal:))
    lengths = self.signInPaths.reduce(0) { $0 | 1 << UInt64(min($1.count, 63)) }
  }

  /// Completes a web request; events without a status or a target are left alone.
  @inline(__always) func complete(_ event: Event) {
    guard event.has(.statusCode) || event.has(.urlOriginal) else { return }
    finish(event)
  }

  private func finish(_ event: Event) {
    if let original = event.text(.urlOriginal) { split(original, event) }
    var status: Int64 = 0
    if case .integer(let code) = event[.statusCode] { status = code }
    if !event.has(.eventAction) {
      if let path = event.text(.urlPath), isSignIn(path), let outcome = signIn(status, event) {
        event.set(.eventCategory, "authentication")
        event.set(.eventAction, "auth.login")
        event.set(.eventOutcome, outcome)
        return
      }
      event.set(.eventAction, "http.request")
    }
    guard !event.has(.eventOutcome), status >= 100 else { return }
    event.set(.eventOutcome, status < 400 ? ByteView("success") : ByteView("failure"))
  }

  /// Parts a target into path and query; a whole URL (a proxy's request) also gives the host.
  private func split(_ original: ByteView, _ event: Event) {
    var target = original
    if !target.isEmpty, target[0] != UInt8(ascii: "/"),
      event.has(.requestMethod, equalTo: "CONNECT")
    {
      return setTunnel(target, event)
    }
    if target.count > 8, target[0] != UInt8(ascii: "/") {
      for scheme: StaticString in ["http://", "https://"] where target.hasPrefix(scheme) {
        let start = scheme.utf8CodeUnitCount
        let end = target.firstOffset(of: UInt8(ascii: "/"), from: start) ?? target.count
        if !event.has(.urlDomain) { event.set(.urlDomain, target.slice(start, end).withoutPort) }
        target = target.dropFirst(end)
        break
      }
    }
    guard let mark = target.firstOffset(of: UInt8(ascii: "?")) else {
      event.set(.urlPath, target)
      return
    }
    event.set(.urlPath, target.prefix(mark))
    if !event.has(.urlQuery) { event.set(.urlQuery, target.dropFirst(mark + 1)) }
  }

  /// Parts `host:port`, which a client asks a proxy to connect it with.
  private func setTunnel(_ target: ByteView, _ event: Event) {
    let host = target.withoutPort
    if !event.has(.urlDomain), !host.isEmpty { event.set(.urlDomain, host) }
    guard !event.has(.destinationPort), host.count < target.count,
      let port = target.dropFirst((target.lastOffset(of: UInt8(ascii: ":")) ?? -1) + 1).decimal,
      port < 65_536
    else { return }
    event.set(.destinationPort, .integer(Int64(port)))
  }

  /// Whether a request is a sign-in, by its target with or without a query.
  @inline(__always)
  func isSignIn(_ target: ByteView, _ status: Int64, isPost: Bool) -> Bool {
    guard status == 401 || status == 403 || isPost && status >= 200 && status < 400 else {
      return false
    }
    let mark = target.firstOffset(of: UInt8(ascii: "?")) ?? target.count
    return isSignIn(target.prefix(mark))
  }

  @inline(__always) private func isSignIn(_ path: ByteView) -> Bool {
    var path = path
    if path.count > 1, path[path.count - 1] == UInt8(ascii: "/") {
      path = path.prefix(path.count - 1)
    }
    guard lengths & 1 << UInt64(min(path.count, 63)) != 0 else { return false }
    for candidate in signInPaths where candidate.equals(path) { return true }
    return false
  }

  private func signIn(_ status: Int64, _ event: Event) -> ByteView? {
    if status == 401 || status == 403 { return ByteView("failure") }
    if status >= 200, status < 400, event.has(.requestMethod, equalTo: "POST") {
      return ByteView("success")
    }
    return nil
  }
}
