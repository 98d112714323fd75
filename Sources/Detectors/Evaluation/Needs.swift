import Bytes
import Events

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

  /// The needs of an expression.
  ///
  /// - Parameter variety: How many different values the rules ask for, by field: of two fields alike, the
  ///   one whose values differ from rule to rule parts the rules better.
  init(_ expression: Expression, variety: [Int: Int] = [:]) {
    switch expression {
    case .not(.test(let test)):
      if case .null = test.matcher, let field = test.field {
        present.insert(field.index)
        file(under: .present(field.index), variety)
      }
    case .not: break
    case .test(let test): add(test, variety)
    case .all(let parts):
      for part in parts {
        let needs = Needs(part, variety: variety)
        isImpossible = isImpossible || needs.isImpossible
        present.formUnion(needs.present)
        guard let more = needs.keys else { continue }
        if keys == nil || needs.cost < cost { (keys, cost) = (more, needs.cost) }
      }
    case .any(let parts):
      let possible = parts.map { Needs($0, variety: variety) }.filter { !$0.isImpossible }
      guard let first = possible.first else {
        isImpossible = true
        keys = []
        return
      }
      present = possible.reduce(first.present) { $0.intersection($1.present) }
      var all: Set<Key> = []
      for needs in possible {
        guard let more = needs.keys, all.count + more.count <= Needs.keysMax else {
          fileUnderPresence(variety)
          return
        }
        all.formUnion(more)
        cost += needs.cost
      }
      keys = all
    }
  }

  private mutating func file(under key: Key, _ variety: [Int: Int]) {
    keys = [key]
    cost = Needs.cost(of: key, variety)
  }

  /// The rarest of the fields that must be there stands for all that is too much to list.
  private mutating func fileUnderPresence(_ variety: [Int: Int]) {
    (keys, cost) = (nil, 0)
    let costs = present.map { (cost: Needs.cost(of: .present($0), variety), field: $0) }
    if let best = costs.min(by: { $0 < $1 }) { file(under: .present(best.field), variety) }
  }

  private mutating func add(_ test: Test, _ variety: [Int: Int]) {
    let field = test.field?.index ?? Int(Program.keyword)
    if case .null = test.matcher { return }
    if test.field != nil { present.insert(field) }
    switch test.matcher {
    case .text(let text, _, let number):
      if let key = Needs.value(of: test) {
        return file(under: key, variety)
      }
      if number == nil || text.literal == nil,
        let literal = RequiredLiterals.best(of: text.tokens)
      {
        return file(under: .literal(field, literal), variety)
      }
    case .expression(let expression):
      if let literals = RequiredLiterals(expression.tree).alternatives {
        let all = Set(literals.map { Key.literal(field, $0) })
        (keys, cost) = (all, all.reduce(0) { $0 + Needs.cost(of: $1, variety) })
        return
      }
    default: break
    }
    if test.field != nil { file(under: .present(field), variety) }
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

  private static func cost(of key: Key, _ variety: [Int: Int]) -> Double {
    switch key {
    case .value(let field, _):
      if let place = common.firstIndex(of: Field(index: field)) {
        // The action parts lines well; of the others each value is frequent.
        return place == 0 ? 30 : 100 + 50 * Double(place)
      }
      return max(1, 300 / Double(1 + (variety[field] ?? 0)))
    case .literal(_, let text):
      if RequiredLiterals.isCommon(text) { return 800 }
      return max(1, 2000 / Double(1 << min(text.count, 11)))
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
