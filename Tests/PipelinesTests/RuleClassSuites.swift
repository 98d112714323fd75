import Bytes
import Events
import Foundation

/// Single lines of other rule sets against the shipped detectors: which of the base rules they hit.
enum RuleClassSuites {
  static let all = [
    AlertSuite(
      "wazuh: classes of sign-ins", 5, 1, 66,
      known: ["wazuh/sshd#17": "`Postponed` decides nothing; the attempt's own `Failed` follows"]
    ) { try await wazuh() },
    AlertSuite(
      "fail2ban: sources after one failure", 16, 6, 0,
      known: [
        "10.10.1.2":
          "fail2ban/sshd#147 has two readings: a user of that name writes just this line, and the last address is the client's",
        "192.0.2.113":
          "PAM refused and the same session was let in: fail2ban takes its failure back, we count one",
        "192.0.2.2":
          "fail2ban/sshd#415: a bracket in a structured-data value must be escaped (RFC 5424); rejected and counted",
        "192.0.2.6": "the client left while it was signing in: a failure for us and crowdsec",
        "198.51.100.34": "a client that went away before it named anybody: no sign-in for us",
        "198.51.100.76": "as above",
      ]
    ) {
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

  /// Who would be banned after one failure: the sources of the whole log for which a bucket of nothing runs over.
  private static func failToBan() async throws -> Outcome {
    let rig = try rig()
    let cases = try Corpus.cases("fail2ban/sshd-part1.jsonl").filter(\.isNormal)
    let wanted = Set(cases.filter(\.matches).compactMap { $0["source.address"] })
    let found = await rig.found(in: cases.map(\.line), as: .rfc3164, anchor: 1_124_013_600)
    let ours = Set(
      found.findings.filter { $0.detector.hasPrefix("any-failure") }.map(\.subject))
    var outcome = Outcome()
    for address in wanted.union(ours).sorted() {
      outcome.judge(
        address,
        wanted.contains(address)
          ? (ours.contains(address) ? [] : ["not blamed"]) : ["blamed by us alone"])
    }
    return outcome
  }
}
