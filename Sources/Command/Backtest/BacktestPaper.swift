import Alerts
import Bytes
import Detectors

/// Prints what a change of settings makes of the findings, for a person or for a program.
struct BacktestPaper {
  let output: ScanCommand.Output
  let local: LocalTime
  /// How many findings of each kind a person is shown.
  let limit: Int

  /// Prints all of it.
  func write(_ settings: SettingsDifference, _ match: FindingMatch) {
    switch output {
    case .table: writeTable(settings, match)
    case .jsonl: writeObjects(settings, match)
    }
  }

  /// How many there are of each kind, in words.
  static func totals(_ match: FindingMatch) -> String {
    let counts = FindingDifference.Kind.allCases.map { kind in
      "\(match.differences.count { $0.kind == kind }) \(kind.rawValue)"
    }
    return (counts + ["\(match.unchanged) unchanged"]).joined(separator: " · ")
  }

  // MARK: - For a person

  private func writeTable(_ settings: SettingsDifference, _ match: FindingMatch) {
    if !settings.items.isEmpty { line("SETTINGS") }
    for item in settings.items { line("  \(item.text)") }
    for kind in FindingDifference.Kind.allCases {
      let differences = match.differences.filter { $0.kind == kind }
      guard !differences.isEmpty else { continue }
      line("\n\(kind.rawValue.uppercased())")
      for difference in differences.prefix(limit) { write(difference) }
      if differences.count > limit {
        line("  … and \(differences.count - limit) more; --limit shows more, --output jsonl all")
      }
    }
    writeSums(match)
    line((match.differences.isEmpty && settings.items.isEmpty ? "" : "\n") + Self.totals(match))
  }

  /// Prints how many findings of each detector are others, the most first.
  private func writeSums(_ match: FindingMatch) {
    let groups = Dictionary(grouping: match.differences) { $0.shown?.detector ?? "" }
    guard match.differences.count > 1 else { return }
    line("\nBY DETECTOR")
    let sorted = groups.sorted { ($1.value.count, $0.key) < ($0.value.count, $1.key) }
    for (detector, differences) in sorted {
      let counts = FindingDifference.Kind.allCases.compactMap { kind -> String? in
        let count = differences.count { $0.kind == kind }
        return count == 0 ? nil : "\(count) \(kind.rawValue)"
      }
      line("  \(detector): \(counts.joined(separator: " · "))")
    }
  }

  private func write(_ difference: FindingDifference) {
    guard let finding = difference.shown else { return }
    let padding = String(repeating: " ", count: max(0, 13 - finding.level.name.utf8.count))
    line(
      "  \(finding.level.name)\(padding) \(local.text(finding.start))  \(finding.detector)  "
        + "\(finding.subject)  ×\(finding.count)")
    line("      \(finding.message)")
    if difference.kind != .changed, let proof = finding.evidence.first {
      line("      \(proof.source):\(proof.line)  \(TerminalText.cut(proof.raw, to: 160))")
    }
    for change in difference.changes {
      line("      \(change.name): \(change.before) → \(change.after)")
    }
    for reason in difference.reasons { line("      because \(reason)") }
  }

  private func line(_ text: String) { Console.out(Console.clean(text) + "\n") }

  // MARK: - For a program

  private func writeObjects(_ settings: SettingsDifference, _ match: FindingMatch) {
    for item in settings.items {
      object { json in
        json.member("type", "setting")
        json.member("what", item.what)
        json.member("name", item.name)
        json.member("how", item.how)
        if !item.detail.isEmpty { json.member("detail", item.detail) }
        if !item.place.isEmpty { json.member("place", item.place) }
      }
    }
    for difference in match.differences {
      object { json in
        json.member("type", "finding")
        json.member("difference", difference.kind.rawValue)
        json.member("detector", difference.shown?.detector ?? "")
        json.member("subject", difference.shown?.subject ?? "")
        for (name, finding) in [("before", difference.before), ("after", difference.after)] {
          if let finding { BacktestPaper.write(finding, as: name, to: &json) }
        }
        if !difference.changes.isEmpty {
          json.member("changed", difference.changes.map(\.name))
        }
        json.member("because", difference.reasons)
      }
    }
    object { json in
      json.member("type", "summary")
      for kind in FindingDifference.Kind.allCases {
        json.member(kind.rawValue, match.differences.count { $0.kind == kind })
      }
      json.member("unchanged", match.unchanged)
    }
  }

  private static func write(_ finding: Finding, as name: String, to json: inout JSONWriter) {
    json.object(name) { json in
      json.member("uid", finding.uid)
      json.member("level", finding.level.name)
      json.member("message", finding.message)
      json.member("subject", finding.subject)
      json.member("count", finding.count)
      json.member("start_time", LocalTime(zone: .utc).stamp(finding.start))
      json.member("end_time", LocalTime(zone: .utc).stamp(finding.end))
      if let proof = finding.evidence.first {
        json.object("evidence") { json in
          json.member("source", proof.source)
          json.member("line", proof.line)
          json.member("sha256", proof.sha256)
          json.member("raw", proof.raw)
        }
      }
    }
  }

  private func object(_ body: (inout JSONWriter) -> Void) {
    var json = JSONWriter()
    json.object { body(&$0) }
    Console.out(json.bytes + [0x0A])
  }
}
