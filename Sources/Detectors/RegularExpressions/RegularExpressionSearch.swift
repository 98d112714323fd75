import Bytes

/// Searches text for one regular expression; belongs to one worker.
///
/// The automaton's states are made as the text asks for them and kept, so that a byte costs one
/// table look-up once warm. The table is bounded: when full it is emptied and filled anew, and then
/// a byte costs at most one visit of each step of the expression.
final class RegularExpressionSearch {
  /// How many states are kept; with few classes of bytes this is some hundred kilobytes.
  static let statesMax = 512

  private static let unknown: Int32 = -1, found: Int32 = -2, dead: Int32 = -3

  private let store = SlabStore()
  private let expression: RegularExpression
  /// The class of each byte: bytes that no set of the expression tells apart share one.
  private let classes: Slab<UInt8>
  /// One byte of each class.
  private var samples: [UInt8] = []
  private let stride: Int
  /// The next state by state and class; the last class of a state is the end of the text.
  private let transitions: Slab<Int32>
  private var states: [State] = []
  private var indexes: [State: Int32] = [:]
  private var seen: [UInt64]
  private var round: UInt64 = 0
  private var stack: [Int32] = []
  private var pending: [Int32] = []
  private let isAnchored: Bool

  /// Where the automaton may stand, and what the byte before was.
  private struct State: Hashable {
    var steps: [Int32]
    var before: Before
  }

  private enum Before: UInt8 { case start, word, newline, other }

  init(_ expression: RegularExpression) {
    self.expression = expression
    isAnchored = expression.isAnchored
    var sets = expression.sets
    if expression.usesWords { sets.append(.words) }
    if expression.usesLines { sets.append(.newline) }
    var classOf = [UInt8](repeating: 0, count: 256)
    var known: [[Bool]: UInt8] = [:]
    for byte in UInt8.min...UInt8.max {
      let signature = sets.map { $0.contains(byte) }
      if let index = known[signature] {
        classOf[Int(byte)] = index
      } else {
        let index = UInt8(samples.count)
        known[signature] = index
        samples.append(byte)
        classOf[Int(byte)] = index
      }
    }
    classes = store.slab(classOf)
    stride = samples.count + 1
    transitions = store.slab(
      repeating: RegularExpressionSearch.unknown,
      count: RegularExpressionSearch.statesMax * stride)
    seen = [UInt64](repeating: 0, count: expression.steps.count)
    _ = index(of: State(steps: [expression.start], before: .start))
  }

  /// Whether the expression is found anywhere in `text`; O(*n*).
  func finds(in text: ByteView) -> Bool {
    var state: Int32 = 0
    for offset in 0..<text.count {
      let group = Int(classes[Int(text[offset])])
      var next = transitions[Int(state) &* stride &+ group]
      if next < 0 {
        if next == RegularExpressionSearch.unknown { next = advance(state, group) }
        if next < 0 { return next == RegularExpressionSearch.found }
      }
      state = next
    }
    var last = transitions[Int(state) &* stride &+ stride &- 1]
    if last == RegularExpressionSearch.unknown { last = advance(state, stride - 1) }
    return last == RegularExpressionSearch.found
  }

  /// Works out one transition and remembers it.
  private func advance(_ from: Int32, _ group: Int) -> Int32 {
    let state = states[Int(from)]
    let byte: UInt8? = group < samples.count ? samples[group] : nil
    let place = Int(from) * stride + group
    guard let next = step(state, byte) else {
      transitions[place] = RegularExpressionSearch.found
      return RegularExpressionSearch.found
    }
    guard byte != nil, !next.steps.isEmpty else {
      transitions[place] = RegularExpressionSearch.dead
      return RegularExpressionSearch.dead
    }
    if states.count == RegularExpressionSearch.statesMax, indexes[next] == nil {
      transitions.fill(RegularExpressionSearch.unknown)
      states.removeAll(keepingCapacity: true)
      indexes.removeAll(keepingCapacity: true)
      _ = index(of: State(steps: [expression.start], before: .start))
      return index(of: next)
    }
    let index = index(of: next)
    transitions[place] = index
    return index
  }

  private func index(of state: State) -> Int32 {
    if let index = indexes[state] { return index }
    states.append(state)
    indexes[state] = Int32(states.count - 1)
    return Int32(states.count - 1)
  }

  /// Follows the steps of `state` over `byte` (`nil` at the end); `nil` when the search succeeds.
  private func step(_ state: State, _ byte: UInt8?) -> State? {
    round += 1
    pending.removeAll(keepingCapacity: true)
    for entry in state.steps {
      stack.append(entry)
      while let index = stack.popLast() {
        guard seen[Int(index)] != round else { continue }
        seen[Int(index)] = round
        let step = expression.steps[Int(index)]
        switch step.kind {
        case .match:
          stack.removeAll(keepingCapacity: true)
          return nil
        case .split:
          stack.append(step.other)
          stack.append(step.next)
        case .assertion:
          if holds(step.operand, state.before, byte) { stack.append(step.next) }
        case .set:
          guard let byte, expression.sets[Int(step.operand)].contains(byte) else { continue }
          pending.append(step.next)
        }
      }
    }
    // The search is not anchored: a match may also begin at the next byte.
    if !isAnchored { pending.append(expression.start) }
    pending.sort()
    var steps: [Int32] = []
    for entry in pending where steps.last != entry { steps.append(entry) }
    return State(steps: steps, before: kind(of: byte ?? 0))
  }

  private func kind(of byte: UInt8) -> Before {
    if expression.usesWords, ByteSet.words.contains(byte) { return .word }
    return expression.usesLines && byte == 0x0a ? .newline : .other
  }

  private func holds(_ assertion: Int32, _ before: Before, _ byte: UInt8?) -> Bool {
    let isWordNext = byte.map { ByteSet.words.contains($0) } ?? false
    switch RegularExpression.Assertion(rawValue: UInt8(assertion)) {
    case .textStart: return before == .start
    case .textEnd: return byte == nil
    case .lineStart: return before == .start || before == .newline
    case .lineEnd: return byte == nil || byte == 0x0a
    case .wordBoundary: return (before == .word) != isWordNext
    case .noWordBoundary: return (before == .word) == isWordNext
    case nil: return false
    }
  }
}

extension RegularExpression {
  /// Whether a match can only begin where the text begins.
  var isAnchored: Bool { RegularExpression.isAnchored(tree) }

  private static func isAnchored(_ tree: Tree) -> Bool {
    switch tree {
    case .assertion(.textStart): true
    case .sequence(let parts): parts.first.map(isAnchored) ?? false
    case .alternatives(let parts): parts.allSatisfy(isAnchored)
    default: false
    }
  }

  /// Whether the expression is found in `text`, for tests and single questions.
  package func finds(in text: String) -> Bool {
    let search = RegularExpressionSearch(self)
    return text.withView { search.finds(in: $0) }
  }
}
