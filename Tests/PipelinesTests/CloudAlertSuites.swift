import Detectors
import Events
import Foundation

/// Panther's test events, each judged by the rule of ours that is named after theirs.
enum CloudAlertSuites {
  static let all =
    [
      ("AWS CloudTrail", "aws_cloudtrail_rules", 206, 1, 23), ("EKS", "aws_eks_rules", 16, 1, 0),
      ("Duo", "duo_rules", 14, 0, 0), ("GitHub", "github_rules", 88, 0, 9),
      ("Teleport", "gravitational_teleport_rules", 13, 0, 1),
      ("Kubernetes", "kubernetes_rules", 97, 0, 44), ("Okta", "okta_rules", 38, 0, 0),
      ("OneLogin", "onelogin_rules", 11, 0, 0), ("several products", "standard_rules", 8, 2, 35),
    ].map { name, file, right, wrong, skipped in
      AlertSuite("panther: \(name)", right, wrong, skipped, known: known) {
        try await judge("panther/\(file).jsonl")
      }
    }

  /// Where ours and theirs differ.
  static let known = [
    "panther/AWS.CloudTrail.AMIModifiedForPublicAccess#3":
      "whom an image may be given to is a list outside of the event; we tell of every user",
    "panther/Amazon.EKS.Audit.SystemNamespaceFromPublicIP#8":
      "whether the source itself is Amazon's stands in a list of matches, of which ours reads any",
    "panther/Standard.MaliciousSSODNSLookup#3":
      "the name stands only in what Panther gathered about the event (`p_any_domain_names`)",
    "panther/Standard.MaliciousSSODNSLookup#4": "as above",
  ]

  /// Rules that are none of ours, and why.
  static let left = [
    "AWS.CloudTrail.Password.Policy.Discovery":
      "keys in small letters, as no CloudTrail writes them",
    "AWS.LAMBDA.CRUD": "asks for a list of who may, which is outside of the event",
    "AWS.SSM.DistributedCommand": "remembers earlier events, which the test only pretends",
    "GitHub.Repo.InitialAccess": "remembers earlier events, which the test only pretends",
    "Standard.ImpossibleTravel.Login": "remembers earlier events, which the test only pretends",
    "Standard.DNSBase64": "decodes a part of a name",
  ]

  /// Products of which no mapping is shipped, so that their sign-ins are not known as such.
  static let unmapped: Set<String> = [
    "Box.Event", "GSuite.ActivityEvent", "OneLogin.Events", "Asana.Audit",
    "OnePassword.SignInAttempt", "GCP.AuditLog",
  ]

  static func folder(_ name: String) -> URL {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Alerts/\(name)")
  }

  static func judge(_ file: String) async throws -> Outcome {
    let rules = folder("cloud-rules.yaml")
    let rig = try AlertRig(rules: [rules], mapping: folder("cloud-mappings.yaml"))
    let text = try String(contentsOf: rules, encoding: .utf8)
    let cases = try Corpus.cases(file)
    var lines: [[UInt8]] = []
    for (number, item) in cases.enumerated() {
      guard let event = try JSONSerialization.jsonObject(with: Data(item.line)) as? [String: Any]
      else { continue }
      let whole = completed(event).merging(["rollcall_case": "\(number)"]) { $1 }
      lines.append(
        [UInt8](
          try JSONSerialization.data(
            withJSONObject: whole, options: [.sortedKeys, .withoutEscapingSlashes])))
    }
    let found = await rig.found(in: lines, as: .json).findings
    let hits = Set(found.map { "\($0.detector) \($0.subject)" })
    var outcome = Outcome()
    for (number, item) in cases.enumerated() {
      let rule = item["rule"] ?? ""
      if let reason = reason(rule, item, rig, text) {
        outcome.skip(reason)
      } else if !hits.contains("read \(number)") {
        outcome.skip("a time that is none")
      } else {
        let isHit = hits.contains("\(rule) \(number)")
        let wanted = ["1", "true"].contains(item["alert"] ?? "")
        outcome.judge(item.id, isHit == wanted ? [] : [isHit ? "raised" : "silent"])
      }
    }
    return outcome
  }

  /// Why a case is none of ours.
  private static func reason(
    _ rule: String, _ item: Corpus.Case, _ rig: AlertRig, _ text: String
  ) -> String? {
    if let reason = left[rule] { return reason }
    guard rig.has(rule) else {
      return text.contains("\nid: \(rule)\n")
        ? "compares two fields, which our Sigma does not" : "no rule of ours"
    }
    let event = try? JSONSerialization.jsonObject(with: Data(item.line)) as? [String: Any]
    if event?["eventname"] != nil { return "keys in small letters, as no CloudTrail writes them" }
    let type = event?["p_log_type"] as? String ?? ""
    if rule.hasPrefix("Kubernetes."), ["Azure.MonitorActivity", "GCP.AuditLog"].contains(type) {
      return "Kubernetes's events inside another cloud's wrapping"
    }
    if rule == "Standard.BruteForceByIP", unmapped.contains(type) {
      return "sign-ins of a product that no mapping is shipped for"
    }
    return nil
  }

  private static let times = [
    "published", "created_at", "isotimestamp", "timestamp", "time", "eventtime", "eventTime",
    "p_event_time", "at_sign_timestamp", "@timestamp", "requestReceivedTimestamp",
    "stageTimestamp",
  ]

  /// The event with a time where none was left in it.
  private static func completed(_ event: [String: Any]) -> [String: Any] {
    var event = event
    let time = "2024-01-01T00:00:00Z"
    func isThere(_ keys: String...) -> Bool { keys.allSatisfy { event[$0] != nil } }
    if isThere("eventVersion", "eventSource", "eventName"), event["eventTime"] == nil {
      event["eventTime"] = time
    } else if isThere("eventType", "actor"), event["published"] == nil {
      event["published"] = event["p_event_time"] ?? time
    } else if times.allSatisfy({ event[$0] == nil }) {
      for key in ["@timestamp", "isotimestamp"] { event[key] = time }
    }
    return event
  }
}
