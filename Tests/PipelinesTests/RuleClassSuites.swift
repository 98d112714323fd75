import Bytes
import Foundation

/// Single lines of other rule sets against the shipped detectors: which of the base rules they hit.
enum RuleClassSuites {
  static let all = [
    AlertSuite("wazuh: classes of sign-ins", 0, 0, 0, known: [:]) { try await wazuh() },
    AlertSuite("fail2ban: one failure is one too many", 0, 0, 0, known: [:]) {
      try await failToBan()
    },
  ]

  /// A file with the base rules alone, each a finding.
  private static func rig() throws -> AlertRig {
    try AlertRig(rules: [CloudAlertSuites.folder("class-rules.yaml")])
  }

  /// The classes that speak of sign-ins, and the rule that stands for each.
  private static let classes = [
    "authentication_failed": "failure", "authentication_failures": "failure",
    "authentication_success": "success", "invalid_login": "unknown",
  ]

  private static func wazuh() async throws -> Outcome {
    let rig = try rig()
    var outcome = Outcome()
    for name in try Corpus.files() where name.hasPrefix("wazuh/") && name.hasSuffix(".jsonl") {
      for item in try Corpus.cases(name) {
        let groups = item.expect["rule.groups"] as? [String] ?? []
        let wanted = Set(groups.compactMap { classes[$0] })
        guard !wanted.isEmpty else {
          outcome.skip("of another class: \(groups.last ?? "none")")
          continue
        }
        let found = Set(await rig.found(in: [item.line]).findings.map(\.detector))
        guard !found.isEmpty || name.contains("sshd") || name.contains("sudo") else {
          outcome.skip("of a product that is not read: \((name as NSString).lastPathComponent)")
          continue
        }
        outcome.judge(
          item.id,
          wanted.isSubset(of: found)
            ? [] : ["\(found.sorted()), not \(wanted.sorted())"])
      }
    }
    return outcome
  }

  /// The address that fail2ban would ban is the subject of a brute-force finding when one failure is enough.
  private static func failToBan() async throws -> Outcome {
    let rig = try rig()
    var outcome = Outcome()
    let cases = try Corpus.cases("fail2ban/sshd-part1.jsonl")
    for item in cases {
      guard item.isNormal else {
        outcome.skip("holds in a wider filter only")
        continue
      }
      let found = await rig.found(in: [item.line], anchor: 1_124_013_600).findings
      func subjects(_ rule: String) -> Set<String> {
        Set(found.filter { $0.detector == rule }.map(\.subject)).subtracting([""])
      }
      let addresses = subjects("any-failure")
      let subjects = addresses.isEmpty ? subjects("any-failure-name") : addresses
      let wanted = item.matches ? item["source.address"] : nil
      if wanted == nil, !item.matches {
        outcome.judge(item.id, subjects.isEmpty ? [] : ["raised for \(subjects.sorted())"])
      } else {
        outcome.judge(
          item.id,
          subjects == Set([wanted].compactMap(\.self))
            ? [] : ["\(subjects.sorted()), not \(wanted ?? "none")"])
      }
    }
    return outcome
  }
}
