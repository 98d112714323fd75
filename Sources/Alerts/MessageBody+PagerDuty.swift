internal import Detectors

extension MessageBody {
  /// What PagerDuty asks of a summary and of a key, in characters.
  private static let (summaryMax, keyMax) = (1024, 255)

  /// An event of PagerDuty's Events API, version 2, without its `routing_key`, which is put in at sending.
  ///
  /// - SeeAlso: https://developer.pagerduty.com/docs/events-api-v2-overview
  static func event(_ finding: Finding, _ group: FindingGroup?) -> [UInt8] {
    let proof = finding.evidence.first
    return object { json in
      json.member("event_action", "trigger")
      json.member("dedup_key", cut(finding.uid, keyMax))
      json.member("client", "Rollcall")
      json.object("payload") { json in
        let summary = TerminalText.clean(finding.message, limit: summaryMax)
        json.member("summary", cut(summary, summaryMax))
        json.member("source", line(proof?["host.name"] ?? proof?.source ?? "rollcall"))
        json.member("severity", severity(finding.level))
        json.member("timestamp", UTCTime.text(finding.end))
        json.member("component", line(finding.subject))
        json.member("class", finding.detector)
        json.object("custom_details") { json in
          json.member("level", finding.level.name)
          json.member("count", finding.count)
          json.member("first_event", UTCTime.text(finding.start))
          if let proof {
            json.member("line", "\(line(proof.source))\(proof.lineMark)  \(line(proof.raw))")
          }
          if let group {
            json.member("findings", group.members.map { "\($0.uid) \(listed($0))" })
          }
        }
      }
    }
  }

  private static func cut(_ text: String, _ limit: Int) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.prefix(limit)))
  }

  private static func severity(_ level: Level) -> String {
    switch level {
    case .critical: "critical"
    case .high: "error"
    case .medium: "warning"
    case .low, .informational: "info"
    }
  }
}
