import Detectors
import Events
import Registers

/// Which exceptions of the approvals register may lift what a rule says: those whose `control` is the rule's id or
/// stands among its `controls`, such as `row-47`.
struct ExceptionPlan: Sendable {
  /// By rule, places of exceptions in the registers.
  private let places: [[Int]]
  /// Whether there are any.
  let isEmpty: Bool
  /// The fields that say what an event is about, where some exception is for that.
  let fields: Set<Field>

  init(_ rules: RuleSet, _ registers: Registers) {
    var named: [String: [Int]] = [:]
    for (place, control) in registers.liftedControls.enumerated() {
      named[control, default: []].append(place)
    }
    places = rules.rules.map { rule in
      guard !named.isEmpty else { return [] }
      let names = Set([rule.header.id] + rule.header.controls)
      return names.flatMap { named[$0] ?? [] }.sorted()
    }
    isEmpty = places.allSatisfy(\.isEmpty)
    fields = isEmpty ? [] : registers.liftedSubjects
  }

  /// The exceptions that may lift what a rule says.
  subscript(rule: Int) -> [Int] { places[rule] }
}
