import Alerts
import Detectors
import Foundation
import Testing

/// What one message says of several findings, and what goes to PagerDuty and to syslog.
@Suite struct FindingGroupTests {
  private func member(_ number: Int, level: Level = .high) -> FindingGroup.Member {
    FindingGroup.Member(
      uid: String(repeating: "\(number % 10)", count: 64), detector: "login-brute-force",
      level: level, subject: "203.0.113.\(number)",
      message: "12 failed sign-ins from 203.0.113.\(number)\u{1B}[31m <b>",
      start: Sample.time, end: Sample.time + Int64(number), count: 12)
  }

  private func group(_ count: Int, of all: Int? = nil) -> FindingGroup {
    FindingGroup((1...count).map { member($0) }, count: all, reason: .group)
  }

  private func text(_ body: MessageBody, _ group: FindingGroup) -> String {
    String(
      decoding: body.bytes(group.summary(uid: "group-1"), of: group, version: "0.1.0"),
      as: UTF8.self)
  }

  @Test func `the sum says how many there are, of what, and about whom`() {
    let summary = group(3).summary(uid: "group-1")
    #expect(
      summary.message
        == "3 findings of login-brute-force: 203.0.113.1, 203.0.113.2, 203.0.113.3")
    #expect(summary.count == 3 && summary.level == .high && summary.subject == "login-brute-force")
    #expect(summary.end == Sample.time + 3)
    let mixed = FindingGroup(
      [
        member(1),
        FindingGroup.Member(
          uid: "x", detector: "contractor-expired", level: .critical, subject: "203.0.113.1",
          message: "m", start: 1, end: 2, count: 1),
      ], reason: .growth
    ).summary(uid: "g")
    #expect(mixed.message == "2 findings go on: 203.0.113.1")
    #expect(mixed.level == .critical && mixed.subject == "203.0.113.1")
    let many = FindingGroup((1...300).map { member($0) }, count: 500, reason: .storm)
    #expect(many.members.count == FindingGroup.listedMax)
    #expect(
      many.summary(uid: "g").message
        == "500 more findings of login-brute-force within a minute: 203.0.113.1, 203.0.113.2, "
        + "203.0.113.3, 203.0.113.4, 203.0.113.5 and others")
  }

  @Test(arguments: MessageBody.allCases)
  func `every body tells of a group, the same every time, and no larger than receivers take`(
    _ body: MessageBody
  ) throws {
    for (listed, all) in [(1, 1), (3, 3), (100, 4000)] {
      let group = group(listed, of: all)
      let text = text(body, group)
      #expect(text == self.text(body, group))
      #expect(!text.unicodeScalars.contains("\u{1B}"))
      #expect(text.contains("203.0.113.1"))
      if body == .ocsf { #expect(text.utf8.count <= 20_000) }
      if body == .syslog { #expect(text.utf8.count <= 2048) }
      if body != .text, body != .syslog {
        _ = try JSONSerialization.jsonObject(with: Data(text.utf8))
      }
    }
  }

  @Test func `OCSF lists the others as related events`() throws {
    let json = try #require(
      JSONSerialization.jsonObject(with: Data(text(.ocsf, group(3)).utf8)) as? [String: Any])
    let information = try #require(
      (json["data"] as? [String: Any])?["finding_info"] as? [String: Any])
    let related = try #require(information["related_events"] as? [[String: Any]])
    #expect(related.compactMap { $0["uid"] as? String } == (1...3).map { member($0).uid })
    #expect(related.allSatisfy { $0["type_uid"] as? Int == 200_401 })
    #expect(information["related_events_count"] as? Int == 3)
  }

  @Test func `a chat gets a line for each of the first twenty`() {
    let lines = text(.text, group(30, of: 40)).split(separator: "\n")
    #expect(lines.count == 23)
    #expect(lines[1].hasPrefix("high  12 failed sign-ins from 203.0.113.1"))
    #expect(lines[21] == "and 20 more")
    #expect(lines[22].contains("40 findings"))
  }

  @Test func `Alertmanager gets an alert for each, and the sum only for those not listed`() throws {
    func names(_ group: FindingGroup) throws -> [String] {
      let alerts = try #require(
        JSONSerialization.jsonObject(with: Data(text(.alertmanager, group).utf8))
          as? [[String: Any]])
      return alerts.compactMap { ($0["labels"] as? [String: String])?["uid"] }
    }
    #expect(try names(group(3)) == ["111111111111", "222222222222", "333333333333"])
    #expect(try names(group(1, of: 9)) == ["111111111111", "group-1"])
  }

  @Test func `PagerDuty gets a trigger under the finding's identity, without a key`() throws {
    let finding = Sample.finding(
      level: .critical, message: String(repeating: "é\n", count: 2000))
    let body = MessageBody.pagerduty.bytes(finding, version: "0.1.0")
    let json = try #require(JSONSerialization.jsonObject(with: Data(body)) as? [String: Any])
    #expect(json["event_action"] as? String == "trigger")
    #expect(json["dedup_key"] as? String == finding.uid)
    #expect(json["routing_key"] == nil)
    let payload = try #require(json["payload"] as? [String: Any])
    #expect((payload["summary"] as? String)?.unicodeScalars.count == 1024)
    #expect(payload["source"] as? String == "db1")
    #expect(payload["timestamp"] as? String == "2026-11-21T16:04:10.500Z")
    #expect(payload["class"] as? String == "contractor-expired")
    let severities = Level.allCases.map { level in
      let body = MessageBody.pagerduty.bytes(Sample.finding(level: level), version: "0.1.0")
      let json = try? JSONSerialization.jsonObject(with: Data(body)) as? [String: Any]
      return (json?["payload"] as? [String: Any])?["severity"] as? String
    }
    #expect(severities == ["info", "info", "warning", "error", "critical"])
  }

  @Test func `a routing key shows itself nowhere, and a text that is none is refused`() throws {
    let target = try WebhookTarget(url: "https://example.org/", routingKey: "s3cretK3y")
    var shown = "\(target) \(try RoutingKey("s3cretK3y"))"
    dump(target, to: &shown)
    dump(try RoutingKey("s3cretK3y"), to: &shown)
    #expect(!shown.contains("s3cretK3y"))
    for wrong in ["", "a b", "a\"b", "a\n", "é", String(repeating: "a", count: 129)] {
      #expect(throws: WebhookProblem.routingKeyNotPlain) { try RoutingKey(wrong) }
    }
  }

  @Test func `a syslog message is what RFC 5424 asks for, whatever the log says`() throws {
    let finding = Sample.finding(
      level: .high, message: "12 failed\nsign-ins", subject: #"a"b\c]d"# + "\u{1B}")
    let bytes = MessageBody.syslog.bytes(finding, version: "0.1.0")
    let text = String(decoding: bytes, as: UTF8.self)
    let expected =
      /<83>1 2026-11-21T16:04:10\.500Z [!-~]+ rollcall - finding \[rollcall@32473 (.*)\] \u{FEFF}(.*)/
    let match = try #require(text.wholeMatch(of: expected))
    #expect(match.2 == #"12 failed\nsign-ins"#)
    #expect(
      match.1 == #"uid="\#(finding.uid)" detector="contractor-expired" level="high" "#
        + #"subject="a\"b\\c\]d\\x1b" count="3""#)
    let priorities = Level.allCases.map { level in
      MessageBody.syslog.bytes(Sample.finding(level: level), version: "").prefix(4)
    }
    #expect(
      priorities.map { String(decoding: $0, as: UTF8.self) } == [
        "<86>", "<85>", "<84>", "<83>", "<82>",
      ])
  }
}
