import Bytes
import Detectors
import Events
import Foundation

/// The CrowdSec hub's alerts: each log run through rules that take the scenario's parameters.
///
/// An alert is right when a rule of its name fires for its source, after as many events as theirs counted, and as often as theirs did.
enum ScenarioAlertSuites {
  static let all = [
    AlertSuite("crowdsec hub: alerts", 49, 2, 86, known: known) { try await judge() }
  ]

  static let known = [
    "crowdsec/apache-cve-2021-41773#1": "Apache's error log is not read; the access log's two are",
    "crowdsec/pgsql-user-enum#1":
      "the log's prefix has the address in front of the time; only PostgreSQL's and Debian's own prefixes are read",
  ]

  /// Logs that are not read, and why.
  static func reason(_ test: String, _ scenario: String, _ rig: AlertRig) -> String? {
    if rig.has(scenario), test != "sftpgo-impossible-travel" { return nil }
    return scenario == "?" ? "an alert of no scenario" : "of a product or text that is not read"
  }

  static func judge() async throws -> Outcome {
    let rules = CloudAlertSuites.folder("scenario-rules.yaml")
    let rig = try AlertRig(
      rules: [rules], mapping: CloudAlertSuites.folder("cloud-mappings.yaml"), geo: Places())
    precondition(rig.refused.isEmpty, "\(rig.refused)")
    var outcome = Outcome()
    for file in try Corpus.files()
    where file.hasPrefix("crowdsec-hub/") && file.hasSuffix("/alerts.json") {
      guard let document = try Corpus.document(file) as? [String: Any],
        let alerts = document["alerts"] as? [[String: Any]],
        let log = document["log_file"] as? String
      else { continue }
      let folder = (file as NSString).deletingLastPathComponent
      let test = (folder as NSString).lastPathComponent
      let lines = try Corpus.lines("\(folder)/\((log as NSString).lastPathComponent)")
        .filter { !$0.isEmpty }
      for (number, alert) in alerts.enumerated() {
        let scenario = alert["scenario"] as? String ?? "?"
        if let reason = reason(test, scenario, rig) {
          outcome.skip(reason)
          continue
        }
        let same = alerts.count {
          $0["scenario"] as? String == scenario
            && $0["sources"] as? [String] == alert["sources"] as? [String]
        }
        outcome.judge(
          "crowdsec/\(test)#\(number + 1)",
          await differences(alert, scenario, same, lines, rig))
      }
    }
    return outcome
  }

  private static func differences(
    _ alert: [String: Any], _ scenario: String, _ same: Int, _ lines: [[UInt8]], _ rig: AlertRig
  ) async -> [String] {
    let sources = (alert["sources"] as? [String] ?? []).map {
      $0.hasPrefix("::ffff:") ? String($0.dropFirst(7)) : $0
    }
    // Some logs hold what a server answered beside its complaints, which are not read.
    let isAccess = lines.contains { withView($0) { LineFormat.guess($0) } == .access }
    func ours(_ count: Int) async -> [AlertRig.Found] {
      await rig.found(in: Array(lines.prefix(count)), as: isAccess ? .access : nil).findings
        .filter { $0.detector == scenario && sources.contains($0.subject) }
    }
    let all = await ours(lines.count)
    var differences: [String] = []
    if all.count != same {
      differences.append("\(all.count) of \(sources.joined(separator: ", ")), not \(same)")
    }
    if all.isEmpty { return differences }
    // Ours counts on while the burst does; theirs ends at the overflow.
    guard scenario != "crowdsecurity/impossible-travel", let wanted = alert["events_count"] as? Int
    else { return differences }
    for count in 1...lines.count {
      guard let first = await ours(count).first else { continue }
      if first.message != "\(wanted)" {
        differences.append("\(first.message) events, not \(wanted)")
      }
      break
    }
    return differences
  }

  /// Where the addresses of the travellers are said to be.
  private struct Places: GeoLookup {
    func place(of address: ByteView) -> GeoPoint? {
      switch address.string {
      case "1.2.3.4":
        GeoPoint(country: "AU", latitude: -27.5, longitude: 153, radius: 10, network: 0)
      case "9.8.8.8":
        GeoPoint(country: "US", latitude: 37.8, longitude: -97.8, radius: 10, network: 0)
      default: nil
      }
    }
  }
}
