import Bytes
package import Events

/// What every match of an expression needs, as far as it can be read off.
///
/// An expression whose needs can not be told has none: then its rule is evaluated for every event, which
/// is slow and right. So a new kind of test has to be known here only when it should be fast.
struct Needs {
  /// Something that an event shows or does not, and that rules are filed under.
  enum Key: Hashable {
    /// The field's whole value is this lowered text, or the number that the text spells.
    case value(Int, [UInt8])
    /// The lowered text stands somewhere in the field's value; with ``Program/keyword``, in the line or in
    /// any field.
    case literal(Int, [UInt8])
    /// The field is there.
    case present(Int)

    /// The text that a value or a literal is.
    var text: [UInt8]? {
      switch self {
      case .value(_, let text), .literal(_, let text): text
      case .present: nil
      }
    }
  }

  /// Keys of which every match has at least one; `nil` when there is no telling.
  private(set) var keys: Set<Key>?
  /// The fields that must be there.
  private(set) var present: Set<Int> = []
  /// About how many of a thousand events have one of the keys.
  private(set) var cost = 0.0
  /// Nothing can match; such a part of alternatives does not count.
  private var isImpossible = false

  /// More keys than this are no use.
  static let keysMax = 4096
  /// A literal is known by so many of its bytes.
  static let literalBytesMax = 64

  /// What all rules together ask for.
  struct Statistics {
    /// How many different values, by field: of two fields alike, the one whose values differ from rule to
    /// rule parts the rules better.
    var variety: [Int: Int] = [:]
    /// How many rules look for a text.
    var popularity: RequiredLiterals.Popularity = [:]

    init() {}

    /// Counts over all rules.
    init(_ expressions: [Expression?]) {
      var values: [Int: Set<[UInt8]>] = [:]
      for case let expression? in expressions {
        var texts: Set<[UInt8]> = []
        for test in expression.tests {
          if case .value(let field, let text)? = Needs.value(of: test) {
            values[field, default: []].insert(text)
          } else if case .text(let text, _, _) = test.matcher {
            texts.formUnion(RequiredLiterals.runs(of: text.tokens))
          }
        }
        for text in texts { popularity[text, default: 0] += 1 }
      }
      variety = values.mapValues(\.count)
    }
  }

  /// The needs of an expression.
  init(_ expression: Expression, _ statistics: Statistics = Statistics()) {
    switch expression {
    case .not(.test(let test)):
      if case .null = test.matcher, let field = test.field {
        present.insert(field.index)
        file(under: .present(field.index), statistics)
      }
    case .not: break
    case .test(let test): add(test, statistics)
    case .all(let parts):
      for part in parts {
        let needs = Needs(part, statistics)
        isImpossible = isImpossible || needs.isImpossible
        present.formUnion(needs.present)
        guard let more = needs.keys else { continue }
        if keys == nil || needs.cost < cost { (keys, cost) = (more, needs.cost) }
      }
    case .any(let parts):
      let possible = parts.map { Needs($0, statistics) }.filter { !$0.isImpossible }
      guard let first = possible.first else {
        isImpossible = true
        keys = []
        return
      }
      present = possible.reduce(first.present) { $0.intersection($1.present) }
      var all: Set<Key> = []
      for needs in possible {
        guard let more = needs.keys, all.count + more.count <= Needs.keysMax else {
          fileUnderPresence(statistics)
          return
        }
        all.formUnion(more)
        cost += needs.cost
      }
      keys = all
    }
  }

  private mutating func file(under key: Key, _ statistics: Statistics) {
    keys = [key]
    cost = Needs.cost(of: key, statistics)
  }

  /// The rarest of the fields that must be there stands for all that is too much to list.
  private mutating func fileUnderPresence(_ statistics: Statistics) {
    (keys, cost) = (nil, 0)
    let costs = present.map { (cost: Needs.cost(of: .present($0), statistics), field: $0) }
    if let best = costs.min(by: { $0 < $1 }) { file(under: .present(best.field), statistics) }
  }

  private mutating func add(_ test: Test, _ statistics: Statistics) {
    let field = test.field?.index ?? Int(Program.keyword)
    if case .null = test.matcher { return }
    if test.field != nil { present.insert(field) }
    switch test.matcher {
    case .text(let text, _, let number):
      if let key = Needs.value(of: test) {
        return file(under: key, statistics)
      }
      if number == nil || text.literal == nil,
        let literal = RequiredLiterals.best(of: text.tokens, statistics.popularity)
      {
        return file(under: .literal(field, literal), statistics)
      }
    case .expression(let expression):
      if let literals = RequiredLiterals(expression.tree, statistics.popularity).alternatives {
        keys = Set(literals.map { Key.literal(field, $0) })
        cost = literals.reduce(0) { $0 + Needs.cost(of: .literal(field, $1), statistics) }
        return
      }
    default: break
    }
    if test.field != nil { file(under: .present(field), statistics) }
  }

  /// The key of a test for a whole value, when it has one.
  static func value(of test: Test) -> Key? {
    // A number has many spellings; only text, or a number's one spelling, is a key.
    guard let field = test.field, case .text(let text, _, let number) = test.matcher,
      let literal = text.literal,
      number == nil || Program.canonicalInteger(literal) != nil
    else { return nil }
    return .value(field.index, literal.map(\.asciiLowered))
  }

  // MARK: How often a key is met

  private static func cost(of key: Key, _ statistics: Statistics) -> Double {
    switch key {
    case .value(let field, _):
      if let place = common.firstIndex(of: Field(index: field)) {
        // The action parts lines well; of the others each value is frequent.
        return place == 0 ? 30 : 100 + 50 * Double(place)
      }
      return max(1, 300 / Double(1 + (statistics.variety[field] ?? 0)))
    case .literal(_, let text):
      return RequiredLiterals.cost(of: text, statistics.popularity)
    case .present(let field):
      if common.contains(Field(index: field)) { return 1000 }
      return field >= Field.knownNames.count ? 400 : 700
    }
  }

  /// Fields by how few lines have one given value of them.
  private static let common: [Field] = [
    .eventAction, .eventCode, .personStatus, .toolStatus, .accessScope, .personKind,
    .statusCode, .requestMethod, .processName, .eventReason, .eventOutcome, .eventCategory,
    .eventDataset,
  ]
}

extension Expression {
  /// Expressions of which one holds wherever this one does: its alternatives, as far as they are few.
  package var ways: [Expression] {
    switch self {
    case .not, .test: return [self]
    case .any(let parts):
      // Alternatives of one field are one test of it.
      if parts.allSatisfy({ if case .test = $0 { true } else { false } }) { return [self] }
      let ways = parts.flatMap(\.ways)
      return ways.count <= Expression.waysMax ? ways : [self]
    case .all(let parts):
      let lists = parts.map(\.ways)
      guard lists.reduce(1, { min($0 * $1.count, Expression.waysMax + 1) }) <= Expression.waysMax
      else { return [self] }
      return lists.reduce([Expression.all([])]) { made, list in
        made.flatMap { way in list.map { Expression.all([way, $0]) } }
      }
    }
  }

  /// More alternatives than this are not told apart.
  static let waysMax = 32

  /// The fields that an event has wherever the expression holds.
  package var presentFields: [Field] { Needs(self).present.sorted().map { Field(index: $0) } }

  /// An expression that asks for nothing that `isUnknown` says of a field, and holds wherever this one does.
  ///
  /// - Parameter isUnknown: Whether nobody can tell yet what the field is.
  package func weakened(_ isUnknown: (Field) -> Bool) -> Expression {
    bounded(isUnknown, above: true)
  }

  /// The nearest expression that holds at least, or at most, where this one does.
  private func bounded(_ isUnknown: (Field) -> Bool, above: Bool) -> Expression {
    switch self {
    case .not(let part): return .not(part.bounded(isUnknown, above: !above))
    case .all(let parts): return .all(parts.map { $0.bounded(isUnknown, above: above) })
    case .any(let parts): return .any(parts.map { $0.bounded(isUnknown, above: above) })
    case .test(let test):
      guard test.field == nil || test.fields.contains(where: isUnknown) else { return self }
      return above ? .all([]) : .any([])
    }
  }

  /// The lowered texts of which one is the field's whole value wherever the expression holds; `nil` when there is
  /// no telling.
  func values(of field: Field) -> Set<[UInt8]>? {
    switch self {
    case .not: return nil
    case .test(let test):
      guard case .value(field.index, let text)? = Needs.value(of: test) else { return nil }
      return [text]
    case .all(let parts):
      return parts.compactMap { $0.values(of: field) }.min { $0.count < $1.count }
    case .any(let parts):
      var all: Set<[UInt8]> = []
      for part in parts {
        guard let more = part.values(of: field) else { return nil }
        all.formUnion(more)
      }
      return all
    }
  }
}
