import Bytes

/// Reads the events that Keycloak writes into its server's log: `type="LOGIN_ERROR", …, username="kim"`.
enum Keycloak {
  /// Maps what follows the logger's name.
  static func map(_ text: ByteView, into event: Event) -> Bool {
    guard let start = text.firstOffset(of: "type=") else { return false }
    var pairs = Pairs(text: text, offset: start)
    guard let type = pairs.next()?.value, mark(type, event) else { return false }
    while let pair = pairs.next() {
      // The first one counts: later values may be a client's own words.
      switch pair.key.count {
      case 9 where pair.key.equals("ipAddress"):
        if !event.has(.sourceAddress) { PeerName.set(pair.value, on: event) }
      case 8 where pair.key.equals("clientId"): set(.serviceName, pair.value, event)
      case 8 where pair.key.equals("username"): set(.userName, pair.value, event)
      case 6 where pair.key.equals("userId"): set(.userID, pair.value, event)
      case 9 where pair.key.equals("sessionId"): set(.sessionID, pair.value, event)
      case 5 where pair.key.equals("error"): refine(pair.value, event)
      default: break
      }
    }
    return true
  }

  private static func set(_ field: Field, _ value: ByteView, _ event: Event) {
    if !event.has(field), !value.equals("null") { event.setUnlessEmpty(field, value) }
  }

  private static func mark(_ type: ByteView, _ event: Event) -> Bool {
    if type.equals("LOGIN") {
      event.mark("keycloak.login", "keycloak", .authentication, "auth.login", .success)
    } else if type.equals("LOGIN_ERROR") {
      event.mark("keycloak.login-error", "keycloak", .authentication, "auth.login", .failure)
    } else if type.equals("REFRESH_TOKEN") || type.equals("CODE_TO_TOKEN") {
      event.mark("keycloak.used", "keycloak", .session, "session.use", .success)
    } else if type.equals("LOGOUT") {
      event.mark("keycloak.logout", "keycloak", .authentication, "auth.logout", .success)
    } else if type.equals("UPDATE_TOTP") {
      event.mark("keycloak.update-totp", "keycloak", .iam, "auth.mfa.enrol", .success)
    } else if type.equals("REMOVE_TOTP") {
      event.mark("keycloak.remove-totp", "keycloak", .iam, "auth.mfa.remove", .success)
    } else if type.equals("UPDATE_PASSWORD") {
      event.mark("keycloak.update-password", "keycloak", .iam, "account.password", .success)
    } else if type.equals("REGISTER") {
      event.mark("keycloak.register", "keycloak", .iam, "account.create", .success)
    } else {
      event.mark("keycloak.event", "keycloak", .session)
    }
    return true
  }

  /// The reason of an error; a wrong code ends a sign-in whose password was right.
  private static func refine(_ error: ByteView, _ event: Event) {
    guard !event.has(.eventReason) else { return }
    event.setUnlessEmpty(.eventReason, error)
    if error.equals("invalid_totp"), event.has(.eventAction, equalTo: "auth.login") {
      event.set(.eventAction, "auth.mfa.step")
    }
  }

  /// `key="value", key=value`: a value in quotes ends where a quote is followed by a comma or by nothing.
  private struct Pairs {
    let text: ByteView
    var offset: Int

    mutating func next() -> (key: ByteView, value: ByteView)? {
      guard offset < text.count,
        let equals = text.firstOffset(of: UInt8(ascii: "="), from: offset)
      else { return nil }
      let key = text.slice(offset, equals).trimmed
      var end: Int
      let start: Int
      if text.has("\"", at: equals + 1) {
        start = equals + 2
        end = text.firstOffset(of: "\", ", from: start) ?? text.count
        offset = end + 3
        if end == text.count, text.hasSuffix("\""), end > start { end -= 1 }
      } else {
        start = equals + 1
        end = text.firstOffset(of: ", ", from: start) ?? text.count
        offset = end + 2
      }
      return (key, text.slice(start, end))
    }
  }
}
