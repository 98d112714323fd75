import Bytes
import Detectors
import Events

/// Rules that read open fields, and match events of a few actions only: other lines pass without being asked.
///
/// Of an action or outcome outside the closed lists nothing is known, so it may be any of theirs: rules do not mind
/// the case of letters. A rule that reads what only the joins fill is asked first without that, as its *sieve*: few
/// lines pass it, and the others need no join.
struct ActionGates {
  /// The bit of the rules that need nothing from the joins, and that of sieves that have none of their own, which
  /// closed fields never rule out.
  private static let plainBit: UInt64 = 1 << 62
  private static let lastBit: UInt64 = 1 << 63

  /// The rules that need nothing from the joins, and behind them the sieves of those that do; `nil` without any.
  private let evaluator: Evaluator?
  /// Whether the closed fields of an event let a rule match; `nil` without any.
  private let closed: Evaluator?
  /// What few words of an event say of all of them.
  private let profiles: GateProfiles?
  /// By rule, the bit of its sieve, or ``plainBit``; 0 of a rule that is not asked here.
  private var sieves: [UInt64]
  /// The bits of the sieves that closed fields never rule out.
  private var unbound: UInt64 = 0
  /// By the number of the outcome, bits of the actions for which some rule may match.
  private var any: [UInt64]
  /// The same of rules that may match a line that one look is enough for.
  private let atGlance: GlanceGates

  /// - Parameters:
  ///   - gated: Rules that read open fields and match events of a few actions only.
  ///   - fields: What only the joins fill.
  ///   - closedFields: What follows from a ``Standing`` and two words.
  ///   - knowledge: What is known of the lines of a mapping that one look is enough for.
  ///   - actions: Gets the closed list of actions first, so that what is beyond it can be told.
  init(
    _ set: RuleSet, _ gated: [Int], joined fields: Set<Field>, closed closedFields: Set<Field>,
    knowing knowledge: @escaping (Int) -> LineKnowledge, _ words: ChunkWords,
    _ actions: inout WordTable, _ outcomes: inout WordTable
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
    var gates: [GlanceGates.Gate] = []
    sieves = Array(repeating: 0, count: set.rules.count)
    var asked = [Expression?](repeating: nil, count: set.rules.count)
    var closedParts = asked
    var bit: UInt64 = 1
    for rule in gated {
      guard let ways = set.rules[rule].gate else { continue }
      let expression = set.rules[rule].expression
      var gate = GlanceGates.Gate(expression: expression)
      for way in ways {
        // A word too long for a number is looked at closely in any case, as is one that has none.
        var bits = ~known
        for action in way.actions {
          let number = number(action, &actions)
          if number > 0 { bits |= 1 << UInt64(number) }
        }
        let places = way.outcomes.map { $0.map { Int(number($0, &outcomes)) } }
        for place in 0..<64 where places?.contains(place) ?? true || !ends.contains(place) {
          any[place] |= bits
          gate.actions[place] |= bits
        }
      }
      gates.append(gate)
      asked[rule] = expression
      closedParts[rule] = expression.weakened { !closedFields.contains($0) }
      guard !set.rules[rule].fields.isDisjoint(with: fields) else {
        sieves[rule] = ActionGates.plainBit
        continue
      }
      asked[rule] = expression.weakened(fields.contains)
      guard bit < ActionGates.plainBit else {
        (sieves[rule], unbound) = (ActionGates.lastBit, ActionGates.lastBit)
        continue
      }
      sieves[rule] = bit
      bit <<= 1
    }
    evaluator = gated.isEmpty ? nil : Evaluator(CompiledRules(asked), knowing: words, as: .gated)
    atGlance = GlanceGates(gates, knowledge)
    profiles = gated.isEmpty ? nil : GateProfiles(asked)
    closed = gated.isEmpty ? nil : Evaluator(CompiledRules(closedParts))
  }

  /// Whether a rule may match an event of this action and outcome.
  @inline(__always) func concern(_ event: Event, _ action: UInt32, _ outcome: UInt32) -> Bool {
    any[Int(outcome)] >> UInt64(action) & 1 == 1
      && profiles?.mayMatch(event, code: action | outcome << 6) == true
  }

  /// Whether a rule may match an event of this action and outcome that a glance at its line showed.
  ///
  /// - Parameter mapping: The mapping that takes the line, or ``Glance/accessMapping``.
  @inline(__always)
  func concernGlance(_ action: UInt32, _ outcome: UInt32, mapping: Int) -> Bool {
    atGlance.actions(mapping, outcome) >> UInt64(action) & 1 == 1
  }

  /// Which rules the closed fields let match, as bits, of an event that has what the joins fill; 0 when it is none.
  func possible(_ event: Event) -> UInt64 {
    var bits = unbound
    closed?.evaluate(event) { bits |= sieves[$0] }
    return bits
  }

  /// Asks the rules about an event that has nothing of the joins yet; returns whether one of them needs the join.
  ///
  /// - Parameters:
  ///   - possible: The sieves' rules that the closed fields let match.
  ///   - hit: Gets each rule that matches.
  @inline(__always) func ask(
    _ event: Event, possible: UInt64, _ hit: (Int) -> Void
  ) -> Bool {
    var needsJoin = false
    evaluator?.evaluate(event) { rule in
      if sieves[rule] == ActionGates.plainBit {
        hit(rule)
      } else if sieves[rule] & possible != 0 {
        needsJoin = true
      }
    }
    return needsJoin
  }
}
