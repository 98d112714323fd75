import Detectors
import Events
import Pipelines

/// Says why a finding is gone, new or another: the rule, the policy value or the register row that made it so.
///
/// It reads the finding's lines again on the side that has no finding, and asks the same rules.
final class BacktestReasons {
  private let before, after: BacktestSide
  private let settings: SettingsDifference
  /// By detector, what is different about its rule on either side.
  private var items: [String: [String]] = [:]

  init(_ before: BacktestSide, _ after: BacktestSide, _ settings: SettingsDifference) {
    (self.before, self.after, self.settings) = (before, after, settings)
  }

  /// Why, as far as it can be told.
  func reasons(_ difference: FindingDifference) -> [String] {
    guard let finding = difference.shown else { return [] }
    // Where the finding is, and where it is not.
    let (here, there) = difference.kind == .gone ? (before, after) : (after, before)
    let isGone = difference.kind == .gone
    var said = items(ofRule: finding.detector)
    said += rows(finding, here, there)
    guard difference.kind != .changed,
      let rule = there.place(of: finding.detector)
    else { return said + policies(said) }
    said += stop(finding, rule, there, isGone: isGone)
    return said + policies(said)
  }

  private func items(ofRule id: String) -> [String] {
    if let known = items[id] { return known }
    var found = settings.items(ofRule: id, in: before.workspace)
    for item in settings.items(ofRule: id, in: after.workspace) where !found.contains(item) {
      found.append(item)
    }
    let texts = found.map(\.brief)
    items[id] = texts
    return texts
  }

  /// The policy, when nothing else tells.
  private func policies(_ said: [String]) -> [String] {
    guard said.isEmpty else { return [] }
    return settings.policy.values.map { "perhaps \($0.text)" }.sorted()
  }

  /// The fields that name rows of registers.
  private static let ids: [Field] = [.personID, .systemID, .accessApproval, .toolID]

  /// What the registers say of the lines that they did not say before, with the rows that are others.
  private func rows(_ finding: Finding, _ here: BacktestSide, _ there: BacktestSide) -> [String] {
    guard !settings.rows.isEmpty, let line = finding.evidence.last else { return [] }
    // What the registers expected stands in no log.
    let named = finding.evidence.compactMap { evidence -> String? in
      guard evidence.line == 0, let name = evidence.raw.split(separator: "\"row\":\"").last
      else { return nil }
      return String(name.prefix { $0 != "\"" })
    }
    if let changed = named.first.flatMap({ settings.rows[$0] }) { return changed.map(\.text) }
    guard let present = here.look(at: line, rules: []), let absent = there.look(at: line, rules: [])
    else { return [] }
    let (old, new) = here === before ? (present, absent) : (absent, present)
    var said: [String] = []
    var ids: [String] = []
    for field in BacktestSide.joinedFields {
      for value in [old.joined[field], new.joined[field]].compactMap(\.self)
      where Self.ids.contains(field) && settings.rows[value] != nil && !ids.contains(value) {
        ids.append(value)
      }
      guard old.joined[field] != new.joined[field] else { continue }
      said.append(
        "\(here.setup.table.name(field)): \(old.joined[field] ?? "absent") → "
          + (new.joined[field] ?? "absent"))
    }
    return ids.flatMap { settings.rows[$0] ?? [] }.map(\.text) + said
  }

  /// What stops the rule on the side without the finding.
  private func stop(
    _ finding: Finding, _ rule: Int, _ side: BacktestSide, isGone: Bool
  ) -> [String] {
    let bases = side.bases(of: rule)
    let rules = side.workspace.rules.rules
    if let lifted = side.result?.lifted.sentences(of: finding.detector), !lifted.isEmpty {
      return lifted
    }
    var isMatched = false
    for line in finding.evidence {
      guard let look = side.look(at: line, rules: bases) else { continue }
      if !look.hits.isEmpty {
        isMatched = true
        continue
      }
      guard let (stopped, reason) = look.stops.min(by: { $0.key < $1.key }) else { continue }
      let verb = isGone ? "does not match" : "did not match"
      return ["\(line.source):\(line.line) \(verb) \(rules[stopped].header.id): \(reason)"]
    }
    guard isMatched, !side.demand(rule).isEmpty else { return [] }
    return [
      isGone
        ? "its lines still match; it needs \(side.demand(rule))"
        : "its lines matched before, too; it needed \(side.demand(rule))"
    ]
  }
}
