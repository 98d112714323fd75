import Bytes
import Events

/// What a log says of how somebody came in.
public enum SecondFactor: Int, CaseIterable, Sendable {
  /// With a second factor; with a key or a certificate; without a second factor; nothing.
  case with, key, without, unsaid

  /// What a sign-in that succeeded says of itself.
  ///
  /// `authentication.mfa` counts first, then the method: what names a second step has one, a password alone has none. A
  /// method that says neither (a token of somebody else's sign-in, whatever PAM asked for) says nothing.
  init(_ event: Event) {
    if let told = SecondFactor.stated(event[.authenticationMFA]) {
      self = told ? .with : .without
      return
    }
    guard let method = event.text(.authenticationMethod) else {
      self = .unsaid
      return
    }
    if method.equals("publickey") || method.equals("certificate") {
      self = .key
    } else if method.equals("password") || method.equals("standard") {
      self = .without
    } else {
      let isSecond =
        method.hasPrefix("two-factor") || method.hasPrefix("webauthn") || method.equals("otp")
        || method.equals("totp") || method.equals("u2f") || method.equals("fido2")
      self = isSecond ? .with : .unsaid
    }
  }

  private static func stated(_ value: Value?) -> Bool? {
    switch value {
    case .bool(let flag)?: flag
    case .text(let word)?:
      if word.equalsFolded(ByteView("yes")) || word.equalsFolded(ByteView("true")) {
        true
      } else {
        word.equalsFolded(ByteView("no")) || word.equalsFolded(ByteView("false")) ? false : nil
      }
    default: nil
    }
  }
}
