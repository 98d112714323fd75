import CCrypto

/// The key that a webhook's messages are signed with; it never prints itself.
public struct WebhookSecret: Sendable, CustomStringConvertible, CustomReflectable {
  /// The key's bytes.
  private let key: [UInt8]

  /// A key from its written form.
  ///
  /// - Parameter text: `whsec_` and base64, as Standard Webhooks writes keys, or any other text,
  ///   whose UTF-8 bytes are the key.
  /// - Throws: ``WebhookProblem/secretNotBase64`` or ``WebhookProblem/secretEmpty``.
  public init(_ text: String) throws(WebhookProblem) {
    let prefix = "whsec_"
    if text.hasPrefix(prefix) {
      guard let key = Base64.bytes(text.dropFirst(prefix.count)) else {
        throw .secretNotBase64
      }
      self.key = key
    } else {
      key = Array(text.utf8)
    }
    guard !key.isEmpty else { throw .secretEmpty }
  }

  /// The value of `webhook-signature` for one attempt.
  ///
  /// - Parameters:
  ///   - id: The value of `webhook-id`.
  ///   - timestamp: The value of `webhook-timestamp`, seconds since 1970 UTC.
  ///   - body: The body exactly as sent.
  public func signature(id: String, timestamp: Int64, body: [UInt8]) -> String {
    let message = Array("\(id).\(timestamp).".utf8) + body
    var code = [UInt8](repeating: 0, count: 32)
    let isDone = unsafe code.withUnsafeMutableBufferPointer { code in
      unsafe message.withUnsafeBufferPointer { message in
        // SAFETY: the code has room for the 32 bytes of SHA-256, and each count is its array's.
        unsafe HMAC(
          EVP_sha256(), key, Int32(clamping: key.count), message.baseAddress, message.count,
          code.baseAddress, nil) != nil
      }
    }
    precondition(isDone, "OpenSSL has no SHA-256")
    return "v1," + Base64.text(code)
  }

  /// Not the key.
  public var description: String { "secret" }

  /// Nothing, so that no dump shows the key.
  public var customMirror: Mirror { Mirror(self, children: []) }
}
