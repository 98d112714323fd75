import Bytes
import Formats

/// Reads OpenProject's log: its requests, whose values lograge writes as `key=value`, and sign-ins that failed.
///
/// `I, [2026-11-03T08:20:00.136914 #77]  INFO -- : [REQUEST] TEXT`. Users stand by their numbers in requests, so the
/// people register lists those under the accounts of the system. The address stands with failures alone.
enum OpenProject {
  /// Maps the text behind the request's id.
  static func map(_ text: ByteView, into event: Event) -> Bool {
    if text.hasPrefix("Failed login for '") { return failure(text, event) }
    return request(text, event)
  }

  /// `Failed login for 'U' from A at TIME[ (NOT ACTIVATED)][ [user=ID]]`: from the right, as U is anybody's words.
  private static func failure(_ text: ByteView, _ event: Event) -> Bool {
    guard let from = text.lastOffset(of: "' from ", endingBy: text.count), from > 18 else {
      return false
    }
    let start = from + 7
    let address = text.word(from: start)
    guard text.has(" at ", at: start + address.count) else { return false }
    event.mark("openproject.failed", "openproject", .authentication, "auth.login", .failure)
    event.set(.serviceName, "openproject")
    event.setUnlessEmpty(.userName, text.slice(18, from))
    PeerName.set(address, on: event)
    let isInactive = text.dropFirst(start).firstOffset(of: "(NOT ACTIVATED)") != nil
    event.set(.eventReason, isInactive ? ByteView("not-activated") : ByteView("bad-credentials"))
    return true
  }

  /// `method=POST path=/login format=html controller=AccountController action=login status=302 … user=7`.
  private static func request(_ text: ByteView, _ event: Event) -> Bool {
    var (method, path, status, user) = (
      ByteView.empty, ByteView.empty, ByteView.empty, ByteView.empty
    )
    var (controller, duration) = (ByteView.empty, ByteView.empty)
    var pairs = KeyValues(text)
    while let pair = pairs.next() {
      switch pair.key.count {
      case 4 where pair.key.equals("path"): if path.isEmpty { path = pair.value }
      case 4 where pair.key.equals("user"): user = pair.value
      case 6 where pair.key.equals("method"): if method.isEmpty { method = pair.value }
      case 6 where pair.key.equals("status"): if status.isEmpty { status = pair.value }
      case 8 where pair.key.equals("duration"): duration = pair.value
      case 10 where pair.key.equals("controller"): controller = pair.value
      default: break
      }
    }
    // Other applications write their requests so, too, but not whose they are.
    guard !method.isEmpty, !path.isEmpty, !duration.isEmpty, !user.isEmpty,
      let code = status.decimal, code < 1000
    else { return false }
    event.mark("openproject.request", "openproject", .http)
    event.set(.serviceName, "openproject")
    event.set(.requestMethod, method)
    event.set(.urlOriginal, path)
    event.set(.statusCode, .integer(Int64(code)))
    if !user.equals("anonymous") { event.set(.userName, user) }
    guard method.equals("POST") || method.equals("DELETE") else { return true }
    let target = path.firstOffset(of: UInt8(ascii: "?")).map { path.prefix($0) } ?? path
    if method.equals("POST"), isSignIn(target, controller) {
      // Who failed gets the form again; the line of the failure says so, and from where.
      if code == 302 || code == 303 {
        set(.authentication, "auth.login", .success, event)
      } else {
        event.set(.eventAction, "http.request")
      }
    } else {
      account(target, method, code, event)
    }
    return true
  }

  private static func isSignIn(_ path: ByteView, _ controller: ByteView) -> Bool {
    path.hasSuffix("/login") && (controller.isEmpty || controller.equals("AccountController"))
  }

  /// `/api/v3/users/7/lock`: POST locks, DELETE unlocks; DELETE of the user deletes.
  private static func account(
    _ path: ByteView, _ method: ByteView, _ code: UInt64, _ event: Event
  ) {
    guard let users = path.firstOffset(of: "/api/v3/users") else { return }
    let rest = path.dropFirst(users + 13)
    let outcome: Outcome = code < 400 ? .success : .failure
    if rest.isEmpty {
      if method.equals("POST") { set(.iam, "account.create", outcome, event) }
      return
    }
    guard rest[0] == UInt8(ascii: "/") else { return }
    let end = rest.firstOffset(of: UInt8(ascii: "/"), from: 1) ?? rest.count
    let id = rest.slice(1, end)
    guard !id.isEmpty else { return }
    let tail = rest.dropFirst(end)
    if tail.equals("/lock") {
      set(
        .iam, method.equals("POST") ? "account.lock" : "account.unlock", outcome, event)
    } else if tail.isEmpty, method.equals("DELETE") {
      set(.iam, "account.delete", outcome, event)
    } else {
      return
    }
    event.set(.userTargetName, id)
  }

  private static func set(
    _ category: Category, _ action: StaticString, _ outcome: Outcome, _ event: Event
  ) {
    event.mark("openproject.request", "openproject", category, action, outcome)
  }
}
