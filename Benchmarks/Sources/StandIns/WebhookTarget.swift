/// What is wrong with a webhook's settings, as the configuration asks for it.
package enum WebhookProblem: Error, Hashable {
  case notAnAddress, scheme, secretNotBase64, secretEmpty, routingKeyNotPlain
}

/// Takes the place of the real target, which needs libcurl.
///
/// The configuration only asks whether it can be made; `Tests/AlertsTests` looks at the real one.
package struct WebhookTarget {
  /// Refuses what has no scheme, and an empty secret.
  package init(
    url: String, secrets: [String], routingKey: String? = nil
  ) throws(WebhookProblem) {
    guard url.contains("://") else { throw .notAnAddress }
    guard !secrets.contains("") else { throw .secretEmpty }
    guard !secrets.contains("whsec_?") else { throw .secretNotBase64 }
    guard routingKey?.contains(" ") != true else { throw .routingKeyNotPlain }
  }
}

/// The names of the real ones.
package enum MessageBody: String, Sendable, CaseIterable {
  case ocsf, text, slack, matrix, teams, alertmanager, pagerduty, syslog

  package static let ofWebhooks = allCases.filter { $0 != .syslog }
}
