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

  /// The body of a message; the same bytes for the same finding.
  ///
  /// - Parameters:
  ///   - finding: What to tell.
  ///   - version: The product's version.
  public func bytes(_ finding: Finding, version: String) -> [UInt8] {
    switch self {
    case .ocsf: WebhookMessage(finding, version: version).body
    case .text: Array(MessageBody.text(finding).utf8)
    case .slack: MessageBody.object { $0.member("text", MessageBody.slackText(finding)) }
    case .matrix: MessageBody.object { $0.member("text", MessageBody.text(finding)) }
    case .teams: MessageBody.card(finding)
    case .alertmanager: MessageBody.alert(finding)
    }
  }

  private static func object(_ body: (inout JSONWriter) -> Void) -> [UInt8] {
    var json = JSONWriter()
    json.object { body(&$0) }
    return json.bytes
  }

  /// Three lines that a person can act upon.
  private static func text(_ finding: Finding) -> String {
    var lines = ["\(finding.level.name.uppercased()): \(line(finding.message))"]
    if let proof = finding.evidence.first {
      lines.append("\(line(proof.source)):\(proof.line)  \(line(proof.raw))")
    }
    lines.append(
      "\(finding.detector) · \(UTCTime.text(finding.start)) · "
        + "\(finding.count) event\(finding.count == 1 ? "" : "s") · \(finding.uid.prefix(12))")
    return lines.joined(separator: "\n")
  }

  /// Text that an attacker may have written, as one line that is not too long.
  private static func line(_ text: String) -> String { TerminalText.clean(text, limit: 400) }

  /// The text with what Slack takes for markup written out.
  private static func slackText(_ finding: Finding) -> String {
    var result = ""
    for scalar in text(finding).unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  private static func card(_ finding: Finding) -> [UInt8] {
    object { json in
      json.member("type", "message")
      json.array("attachments") { json in
        json.object { json in
          json.member("contentType", "application/vnd.microsoft.card.adaptive")
          json.object("content") { json in
            json.member("type", "AdaptiveCard")
            json.member("version", "1.4")
            json.array("body") { json in
              for part in text(finding).split(separator: "\n") {
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

  private static func alert(_ finding: Finding) -> [UInt8] {
    var json = JSONWriter()
    json.array { json in
      json.object { json in
        json.object("labels") { json in
          json.member("alertname", finding.detector)
          json.member("severity", finding.level.name)
          json.member("subject", line(finding.subject))
          json.member("uid", String(finding.uid.prefix(12)))
        }
        json.object("annotations") { json in
          json.member("summary", line(finding.message))
          json.member("description", text(finding))
        }
        json.member("startsAt", UTCTime.text(finding.start))
      }
    }
    return json.bytes
  }
}
