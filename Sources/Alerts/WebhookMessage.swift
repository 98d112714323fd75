public import Detectors

/// One finding as a Standard Webhooks message: the same id and the same bytes at every attempt.
///
/// - SeeAlso: https://www.standardwebhooks.com
public struct WebhookMessage: Hashable, Sendable {
  /// The value of `webhook-id`, by which a receiver knows a message that comes again.
  public let id: String
  /// The JSON that is sent and signed.
  public let body: [UInt8]

  /// What the standard asks of a body's size, in bytes.
  static let byteCountMax = 20_000

  /// A message from its parts, as an outbox keeps them.
  ///
  /// - Parameters:
  ///   - id: Letters, digits, `_` and `-`; anything else is dropped, as it goes into a header.
  ///   - body: JSON.
  public init(id: String, body: [UInt8]) {
    self.id = id.filter { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == "-") }
    self.body = body
  }

  /// The message about one finding, in a body made for it.
  ///
  /// - Parameters:
  ///   - uid: The finding's identifier.
  ///   - body: JSON, or the text that the receiver takes.
  public init(uid: String, body: [UInt8]) { self.init(id: "msg_" + uid, body: body) }

  /// The message about a finding.
  ///
  /// Where the finding's lines would make the body larger than receivers take, the lines are cut,
  /// then left out from the last: `related_events_count` says that there are more.
  ///
  /// - Parameters:
  ///   - finding: What to tell.
  ///   - group: The findings that it stands for; as many are listed as there is room for.
  ///   - version: The product's version.
  ///   - analytic: The kind of detector.
  public init(
    _ finding: Finding, of group: FindingGroup? = nil, version: String,
    analytic: OCSF.Analytic = .rule
  ) {
    var shown = finding
    var body = WebhookMessage.body(shown, group, version, analytic)
    for limit in [50, 20, 8, 1] where group != nil {
      guard body.count > WebhookMessage.byteCountMax else { break }
      body = WebhookMessage.body(shown, group?.listing(limit), version, analytic)
    }
    for (rawMax, evidenceMax) in [(512, Finding.evidenceMax), (512, 3), (128, 1), (0, 0)] {
      guard body.count > WebhookMessage.byteCountMax else { break }
      shown.evidence = finding.evidence.prefix(evidenceMax).map { line in
        var line = line
        line.raw = String(line.raw.unicodeScalars.prefix(rawMax))
        return line
      }
      body = WebhookMessage.body(shown, group?.listing(1), version, analytic)
    }
    self.init(uid: finding.uid, body: body)
  }

  private static func body(
    _ finding: Finding, _ group: FindingGroup?, _ version: String, _ analytic: OCSF.Analytic
  ) -> [UInt8] {
    var json = JSONWriter()
    json.object { json in
      json.member("type", "rollcall.finding")
      json.member("timestamp", UTCTime.text(finding.end))
      json.key("data")
      json.encoded(OCSF.detectionFinding(finding, of: group, version: version, analytic: analytic))
    }
    return json.bytes
  }
}
