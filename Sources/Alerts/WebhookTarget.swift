import CCurl

/// What is wrong with a webhook's settings; says nothing of the address or the secret themselves,
/// as both may be the key to somebody's inbox.
public enum WebhookProblem: Error, Hashable, CustomStringConvertible {
  case notAnAddress
  case scheme(String)
  case secretNotBase64, secretEmpty, routingKeyNotPlain

  /// What is wrong, and what to change.
  public var description: String {
    switch self {
    case .notAnAddress:
      "the webhook is not a web address; write it in full, such as https://hooks.example.org/path"
    case .scheme(let scheme):
      "a webhook can not speak \(TerminalText.clean(scheme, limit: 32)); use https or http"
    case .secretNotBase64: "the secret after whsec_ is not base64; copy it again, or drop whsec_"
    case .secretEmpty: "the secret is empty; remove it, or set the variable that it reads"
    case .routingKeyNotPlain:
      "the routing key is not one; copy the integration key of PagerDuty's service again"
    }
  }
}

/// Where findings are posted to.
public struct WebhookTarget: Sendable, CustomStringConvertible, CustomReflectable {
  /// The whole address; it may hold a token, and so never stands in a message.
  let url: String
  /// The address's host, which messages name.
  public let host: String
  /// The keys to sign with: none, one, or during a rotation the new one and the old one.
  let secrets: [WebhookSecret]
  /// The key that is put into what goes to PagerDuty.
  let routingKey: RoutingKey?
  /// Whether the target may be a private, local or otherwise special address.
  let allowsPrivate: Bool

  /// A target from its settings.
  ///
  /// - Parameters:
  ///   - url: An `https` or `http` address.
  ///   - secrets: The keys' written forms, see ``WebhookSecret``; none to send unsigned.
  ///   - routingKey: The written form of PagerDuty's key, see ``RoutingKey``.
  ///   - allowPrivate: Whether private, local and special-purpose addresses may be posted to.
  /// - Throws: What is wrong with the settings.
  public init(
    url: String, secrets: [String] = [], routingKey: String? = nil, allowPrivate: Bool = false
  ) throws(WebhookProblem) {
    let parts = try WebhookTarget.parts(of: url)
    guard ["http", "https"].contains(parts.scheme) else { throw .scheme(parts.scheme) }
    (self.url, host, allowsPrivate) = (url, parts.host, allowPrivate)
    var keys: [WebhookSecret] = []
    for secret in secrets { keys.append(try WebhookSecret(secret)) }
    self.secrets = keys
    if let routingKey {
      self.routingKey = try RoutingKey(routingKey)
    } else {
      self.routingKey = nil
    }
  }

  /// Reads the address with the library that will dial it, so that the two can not disagree.
  private static func parts(of url: String) throws(WebhookProblem) -> (scheme: String, host: String)
  {
    let hasOnlyVisible = url.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F }
    guard hasOnlyVisible, let handle = unsafe curl_url() else { throw .notAnAddress }
    defer { unsafe curl_url_cleanup(handle) }
    // The scheme may be unknown here, so that the caller can say which one was refused.
    let flags = UInt32(CURLU_NON_SUPPORT_SCHEME)
    guard unsafe curl_url_set(handle, CURLUPART_URL, url, flags) == CURLUE_OK,
      let scheme = unsafe part(CURLUPART_SCHEME, of: handle)
    else { throw .notAnAddress }
    let host = unsafe part(CURLUPART_HOST, of: handle) ?? ""
    guard !host.isEmpty || !["http", "https"].contains(scheme) else { throw .notAnAddress }
    return (scheme.lowercased(), TerminalText.clean(host, limit: 255))
  }

  private static func part(_ part: CURLUPart, of handle: OpaquePointer) -> String? {
    var text: UnsafeMutablePointer<CChar>?
    guard unsafe curl_url_get(handle, part, &text, 0) == CURLUE_OK, let text = unsafe text
    else { return nil }
    // SAFETY: the library gives a terminated text of our own, which we hand back once read.
    defer { unsafe curl_free(text) }
    return unsafe String(cString: text)
  }

  /// The host alone.
  public var description: String { host }

  /// The host alone, so that no dump shows the address or the secret.
  public var customMirror: Mirror { Mirror(self, children: ["host": host]) }
}
