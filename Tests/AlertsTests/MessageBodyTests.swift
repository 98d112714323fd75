import Alerts
import Detectors
import Foundation
import Testing

/// How a finding is written for each receiver.
@Suite struct MessageBodyTests {
  /// A finding whose words an attacker chose.
  private var finding: Finding {
    Finding(
      uid: String(repeating: "a", count: 64), detector: "login-brute-force", title: "Many failures",
      level: .high, message: "12 failed sign-ins from <b>&x</b>\u{1B}[31m\n\"quoted\"",
      subject: "203.0.113.7", controls: [], techniques: [], start: 1_790_000_000_000_000_000,
      end: 1_790_000_060_000_000_000, count: 12,
      evidence: [
        Evidence(
          source: "hosts", line: 7, offset: 0, sha256: String(repeating: "b", count: 64),
          raw: "line\r\nwith <!channel> \u{202E}", time: 1_790_000_000_000_000_000, fields: [])
      ])
  }

  private func json(_ body: MessageBody) throws -> Any {
    try JSONSerialization.jsonObject(with: Data(body.bytes(finding, version: "0.1.0")))
  }

  @Test(arguments: MessageBody.allCases.filter { $0 != .text && $0 != .syslog })
  func `each body is JSON, and the same bytes every time`(_ body: MessageBody) throws {
    _ = try json(body)
    #expect(body.bytes(finding, version: "0.1.0") == body.bytes(finding, version: "0.1.0"))
  }

  @Test func `text has three lines, whatever is in the log`() {
    let text = String(decoding: MessageBody.text.bytes(finding, version: "0.1.0"), as: UTF8.self)
    let lines = text.split(separator: "\n")
    #expect(lines.count == 3)
    #expect(lines[0].hasPrefix("HIGH: 12 failed sign-ins from <b>&x</b>"))
    #expect(lines[1].hasPrefix("hosts:7  line"))
    #expect(lines[2].hasPrefix("login-brute-force · ") && lines[2].contains("12 events"))
    for scalar in text.unicodeScalars { #expect(scalar != "\u{1B}" && scalar != "\u{202E}") }
  }

  @Test func `Slack's markup is written out`() throws {
    let text = try #require((json(.slack) as? [String: Any])?["text"] as? String)
    #expect(text.contains("&lt;b&gt;&amp;x&lt;/b&gt;") && text.contains("&lt;!channel&gt;"))
    #expect(!text.contains("<"))
  }

  @Test func `Alertmanager gets a list of alerts with labels, Teams a card`() throws {
    let alerts = try #require(json(.alertmanager) as? [[String: Any]])
    let labels = try #require(alerts.first?["labels"] as? [String: String])
    #expect(labels["alertname"] == "login-brute-force" && labels["severity"] == "high")
    #expect((alerts.first?["startsAt"] as? String)?.hasSuffix("Z") == true)
    let card = try #require(json(.teams) as? [String: Any])
    #expect(card["type"] as? String == "message")
    #expect((card["attachments"] as? [Any])?.count == 1)
  }
}
