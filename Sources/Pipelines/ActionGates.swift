import Bytes
import Detectors
import Events

/// Rules that read open fields, and match events of a few actions only: other lines pass without being asked.
///
/// Of an action or outcome outside the closed lists nothing is known, so it may be any of theirs: rules do not mind
/// the case of letters.
struct ActionGates {
  /// The rules that need nothing from the joins; `nil` when there are none.
  let evaluator: Evaluator?
  /// By the number of the outcome, bits of the actions for which some rule may match.
  private var any, joined: [UInt64]
  /// Those of rules that may match a line that one look is enough for.
  private var atGlance: [UInt64]

  /// - Parameters:
  ///   - gated: Rules that read open fields and match events of a few actions only.
  ///   - fields: What only the joins fill.
  ///   - actions: Gets the closed list of actions first, so that what is beyond it can be told.
  init(
    _ set: RuleSet, _ gated: [Int], joined fields: Set<Field>, _ actions: inout WordTable,
    _ outcomes: inout WordTable
  ) {
    func number(_ text: [UInt8], _ words: inout WordTable) -> UInt32 {
      text.withView { words.number(of: $0) }
    }
    var known: UInt64 = 1
    for action in Actions.all { known |= 1 << UInt64(number(Array(action.utf8), &actions)) }
    // An absent outcome is none that a rule could want.
    let ends = Set(
      ["success", "failure", "unknown"].map { Int(number(Array($0.utf8), &outcomes)) }
    )
    .union([0])
    any = Array(repeating: 0, count: 64)
    (joined, atGlance) = (any, any)
    let settled: LineKnowledge = .ofGlances
    var plain: Set<Int> = []
    for rule in gated {
      let gate = set.rules[rule].gate
      guard let wanted = gate.actions else { continue }
      // A word too long for a number is looked at closely in any case, as is one that has none.
      var bits = ~known
      for action in wanted {
        let number = number(action, &actions)
        if number > 0 { bits |= 1 << UInt64(number) }
      }
      let places = gate.outcomes.map { $0.map { Int(number($0, &outcomes)) } }
      let isVisible = !settled.excludes(set.rules[rule].expression)
      let needsJoin = !set.rules[rule].fields.isDisjoint(with: fields)
      for place in 0..<64 where places?.contains(place) ?? true || !ends.contains(place) {
        any[place] |= bits
        if needsJoin { joined[place] |= bits }
        if isVisible { atGlance[place] |= bits }
      }
      if !needsJoin { plain.insert(rule) }
    }
    evaluator = plain.isEmpty ? nil : Evaluator(set) { plain.contains($0) }
  }

  /// Whether a rule may match an event of this action and outcome.
  @inline(__always) func concern(_ action: UInt32, _ outcome: UInt32) -> Bool {
    any[Int(outcome)] >> UInt64(action) & 1 == 1
  }

  /// Whether a rule may match an event of this action and outcome that a glance at its line showed.
  @inline(__always) func concernGlance(_ action: UInt32, _ outcome: UInt32) -> Bool {
    atGlance[Int(outcome)] >> UInt64(action) & 1 == 1
  }

  /// Whether such a rule reads what only the joins fill.
  @inline(__always) func needJoin(_ action: UInt32, _ outcome: UInt32) -> Bool {
    joined[Int(outcome)] >> UInt64(action) & 1 == 1
  }
}
