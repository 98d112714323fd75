public import Detectors

/// How a finding is written for its receiver.
public enum MessageBody: String, Sendable, CaseIterable {
  /// The whole finding as OCSF, in an envelope.
  case ocsf
  /// Three lines for a person.
  case text
  /// Text for a chat: Slack's and Mattermost's webhooks, Matrix by way of hookshot, Microsoft Teams.
  case slack, matrix, teams
  /// Prometheus Alertmanager's API, version 2.
  case alertmanager
  /// PagerDuty's Events API, version 2.
  case pagerduty
  /// A syslog message, RFC 5424; what syslog outputs send.
  case syslog

  /// Those that a webhook can be told to send.
  public static let ofWebhooks = allCases.filter { $0 != .syslog }

  /// The body of a message; the same bytes for the same finding.
  ///
  /// - Parameters:
  ///   - finding: What to tell.
  ///   - group: The findings that it stands for, which the body then lists.
  ///   - version: The product's version.
  public func bytes(_ finding: Finding, of group: FindingGroup? = nil, version: String) -> [UInt8] {
    switch self {
    case .ocsf: WebhookMessage(finding, of: group, version: version).body
    case .text: Array(MessageBody.text(finding, group).utf8)
    case .slack: MessageBody.object { $0.member("text", MessageBody.slackText(finding, group)) }
    case .matrix: MessageBody.object { $0.member("text", MessageBody.text(finding, group)) }
    case .teams: MessageBody.card(finding, group)
    case .alertmanager: MessageBody.alerts(finding, group)
    case .pagerduty: MessageBody.event(finding, group)
    case .syslog: SyslogText.message(finding, group)
    }
  }

  static func object(_ body: (inout JSONWriter) -> Void) -> [UInt8] {
    var json = JSONWriter()
    json.object { body(&$0) }
    return json.bytes
  }

  /// How many findings of a group a chat is shown; nobody reads more.
  private static let chatMax = 20

  /// Three lines that a person can act upon; for a group a line for each finding.
  private static func text(_ finding: Finding, _ group: FindingGroup?) -> String {
    var lines = ["\(finding.level.name.uppercased()): \(line(finding.message))"]
    if let proof = finding.evidence.first {
      lines.append("\(line(proof.source))\(proof.lineMark)  \(line(proof.raw))")
    }
    if let group {
      let shown = group.members.prefix(chatMax)
      lines += shown.map(listed)
      if group.count > shown.count { lines.append("and \(group.count - shown.count) more") }
    }
    let noun = group == nil ? "event" : "finding"
    lines.append(
      "\(finding.detector) · \(UTCTime.text(finding.start)) · "
        + "\(finding.count) \(noun)\(finding.count == 1 ? "" : "s") · \(finding.uid.prefix(12))")
    return lines.joined(separator: "\n")
  }

  /// One finding of a group in a line.
  static func listed(_ member: FindingGroup.Member) -> String {
    "\(member.level.name)  \(TerminalText.clean(member.message, limit: 200))"
  }

  /// Text that an attacker may have written, as one line that is not too long.
  static func line(_ text: String) -> String { TerminalText.clean(text, limit: 400) }

  /// The text with what Slack takes for markup written out.
  private static func slackText(_ finding: Finding, _ group: FindingGroup?) -> String {
    var result = ""
    for scalar in text(finding, group).unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  private static func card(_ finding: Finding, _ group: FindingGroup?) -> [UInt8] {
    object { json in
      json.member("type", "message")
      json.array("attachments") { json in
        json.object { json in
          json.member("contentType", "application/vnd.microsoft.card.adaptive")
          json.object("content") { json in
            json.member("type", "AdaptiveCard")
            json.member("version", "1.4")
            json.array("body") { json in
              for part in text(finding, group).split(separator: "\n") {
                json.object { json in
                  json.member("type", "TextBlock")
                  json.member("wrap", true)
                  json.member("text", String(part))
                }
              }
            }
          }
        }
      }
    }
  }

  /// A list of alerts: the finding, or each one of a group, since the receiver groups by itself.
  private static func alerts(_ finding: Finding, _ group: FindingGroup?) -> [UInt8] {
    var json = JSONWriter()
    json.array { json in
      for member in group?.members ?? [] {
        json.alert(
          detector: member.detector, level: member.level, subject: member.subject, uid: member.uid,
          summary: line(member.message), description: listed(member), start: member.start)
      }
      // The sum stands for those that are not listed.
      guard group?.members.count != group?.count || group == nil else { return }
      json.alert(
        detector: finding.detector, level: finding.level, subject: finding.subject,
        uid: finding.uid, summary: line(finding.message), description: text(finding, group),
        start: finding.start)
    }
    return json.bytes
  }
}

extension JSONWriter {
  fileprivate mutating func alert(
    detector: String, level: Level, subject: String, uid: String, summary: String,
    description: String, start: Int64
  ) {
    object { json in
      json.object("labels") { json in
        json.member("alertname", detector)
        json.member("severity", level.name)
        json.member("subject", MessageBody.line(subject))
        json.member("uid", String(uid.prefix(12)))
      }
      json.object("annotations") { json in
        json.member("summary", summary)
        json.member("description", description)
      }
      json.member("startsAt", UTCTime.text(start))
    }
  }
}
