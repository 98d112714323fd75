import Detectors
import Events

/// What the lines of tests showed of rules: which branches some line took, and which fields lines had.
final class RuleCoverage {
  /// What was seen of one rule.
  struct Seen {
    /// By branch, whether some line took it.
    var branches: [RuleTracer.Branch: Bool] = [:]
    /// Whether some line made it match.
    var isHit = false
  }

  /// By the rule's place in the set; those that no test came near are not in it.
  private(set) var seen: [Int: Seen] = [:]
  /// By id, what the own tests of a detector hold.
  private(set) var cases: [String: (fires: Int, silent: Int)] = [:]
  /// The fields that some line had.
  private(set) var fields: Set<Field> = []

  /// Notes what a test holds.
  func add(_ test: DetectorTest, of detector: String) {
    let fires = test.cases.count(where: \.fires)
    let before = cases[detector] ?? (0, 0)
    cases[detector] = (before.fires + fires, before.silent + test.cases.count - fires)
  }

  /// Notes one line that a rule was asked about.
  func add(_ trace: RuleTrace, of rule: Int, branches: [RuleTracer.Branch]) {
    var record = seen[rule] ?? Seen()
    for (branch, isTaken) in zip(branches, trace.branches) {
      record.branches[branch, default: false] = isTaken || record.branches[branch] ?? false
    }
    record.isHit = record.isHit || trace.isHit
    seen[rule] = record
  }

  /// Notes that a test asks about a rule, if only by way of another.
  func addReach(of rule: Int) { seen[rule] = seen[rule] ?? Seen() }

  /// Notes that a correlation fired.
  func addFiring(of rule: Int) { seen[rule, default: Seen()].isHit = true }

  /// Notes the fields that a line has.
  func addFields(of event: Event) { event.forEach { field, _ in fields.insert(field) } }
}
