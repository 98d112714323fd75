import Detectors
import Events

/// For each mapping, the actions and outcomes of which a gated rule may match a line that one look is enough for.
///
/// Made when the first line of a mapping is looked at: most logs have one mapping. Belongs to one worker.
final class GlanceGates {
  /// A rule, and by the number of the outcome bits of the actions that it may match.
  struct Gate {
    let expression: Expression
    var actions = [UInt64](repeating: 0, count: 64)
  }

  private let gates: [Gate]
  private let knowledge: (Int) -> LineKnowledge
  /// By mapping, the first of which is that of access logs, the gates of the rules that its lines may match.
  private var rows: [[UInt64]] = []

  init(_ gates: [Gate], _ knowledge: @escaping (Int) -> LineKnowledge) {
    (self.gates, self.knowledge) = (gates, knowledge)
  }

  /// Bits of the actions that a rule may match in lines of a mapping, with an outcome.
  @inline(__always) func actions(_ mapping: Int, _ outcome: UInt32) -> UInt64 {
    let place = mapping - Glance.accessMapping
    if place >= rows.count || rows[place].isEmpty { make(mapping, place) }
    return rows[place][Int(outcome)]
  }

  @inline(never) private func make(_ mapping: Int, _ place: Int) {
    while rows.count <= place { rows.append([]) }
    let known = knowledge(mapping)
    var row = [UInt64](repeating: 0, count: 64)
    for gate in gates where !known.excludes(gate.expression) {
      for outcome in row.indices { row[outcome] |= gate.actions[outcome] }
    }
    rows[place] = row
  }
}
