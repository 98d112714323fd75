import Bytes
import Events

/// Which rules a line can match at all, found with a few look-ups.
///
/// Each rule is filed under one thing that every match needs: a value of some field, else the
/// presence of some field, else nothing. A line then wakes only the rules filed under what it has.
struct Dispatch: Sendable {
  /// One field whose value wakes rules.
  struct Index: BitwiseCopyable {
    var field: UInt16
    /// The table of values in the program; its literals and `masks` run in parallel.
    var table: Int32
    /// The first mask; the mask after the last value has all rules of the index together.
    var masks: Int32
  }
  /// One field whose presence wakes rules.
  struct Presence: BitwiseCopyable {
    var field: UInt16
    var mask: Int32
  }

  /// Words of a mask; bit *r* stands for rule *r*.
  private(set) var wordCount: Int
  private(set) var indexes: [Index] = []
  private(set) var presences: [Presence] = []
  private(set) var masks: [UInt64] = []
  /// The rules that every line wakes; the mask's place in `masks` is 0.
  private let always = 0

  /// Files the rules; `nil` stands for a rule that is never evaluated.
  init(_ expressions: [Expression?], into program: inout Program) {
    wordCount = max(1, (expressions.count + 63) / 64)
    masks = [UInt64](repeating: 0, count: wordCount)
    var byValue: [Int: [(values: Set<[UInt8]>, rule: Int)]] = [:]
    var byPresence: [Int: [Int]] = [:]
    let needs = expressions.map { $0.map { Needs($0) } }
    // Of two fields alike, the one whose values differ from rule to rule parts the rules better.
    var variety: [Int: Set<[UInt8]>] = [:]
    for case let needs? in needs {
      for (field, values) in needs.values { variety[field, default: []].formUnion(values) }
    }
    func order(_ field: Int, _ values: Set<[UInt8]>) -> (Int, Int, Int, Int) {
      (Dispatch.rank(field), -(variety[field]?.count ?? 0), values.count, field)
    }
    for (rule, needs) in needs.enumerated() {
      guard let needs else { continue }
      let best = needs.values.min { order($0.key, $0.value) < order($1.key, $1.value) }
      if let best {
        byValue[best.key, default: []].append((best.value, rule))
      } else if let field = needs.present.min(by: { left, right in
        (Dispatch.presenceRank(left), left) < (Dispatch.presenceRank(right), right)
      }) {
        byPresence[field, default: []].append(rule)
      } else {
        masks[rule / 64] |= 1 << UInt64(rule % 64)
      }
    }
    for (field, rules) in byValue.sorted(by: { $0.key < $1.key }) {
      let values = rules.reduce(into: Set<[UInt8]>()) { $0.formUnion($1.values) }
        .sorted { $0.lexicographicallyPrecedes($1) }
      let table = program.table(
        values.map { Program.WholeText(bytes: $0, isCased: false, number: nil) })
      indexes.append(
        Index(field: UInt16(field), table: Int32(table), masks: Int32(masks.count)))
      for value in values {
        masks += mask(rules.filter { $0.values.contains(value) }.map(\.rule))
      }
      masks += mask(rules.map(\.rule))
    }
    for (field, rules) in byPresence.sorted(by: { $0.key < $1.key }) {
      presences.append(Presence(field: UInt16(field), mask: Int32(masks.count)))
      masks += mask(rules)
    }
  }

  private func mask(_ rules: [Int]) -> [UInt64] {
    var words = [UInt64](repeating: 0, count: wordCount)
    for rule in rules { words[rule / 64] |= 1 << UInt64(rule % 64) }
    return words
  }

  /// Fields by how few lines have them at all.
  private static func presenceRank(_ field: Int) -> Int {
    let rank = rank(field)
    return rank == 0 ? Int.max : rank
  }

  /// Fields by how few lines have one given value of them; a product's own fields part best.
  private static func rank(_ field: Int) -> Int {
    let common: [Field] = [
      .eventAction, .eventCode, .personStatus, .toolStatus, .accessScope, .personKind,
      .statusCode, .requestMethod, .processName, .eventReason, .eventOutcome, .eventCategory,
      .eventDataset,
    ]
    if let place = common.firstIndex(of: Field(index: field)) {
      // The action parts lines so well that it comes first of all.
      return place == 0 ? 0 : place + 3
    }
    return field >= Field.knownNames.count ? 1 : 2
  }
}

/// What every match of an expression needs, as far as it can be read off.
struct Needs {
  /// By field index, the lowered texts of which one must be the field's whole value.
  private(set) var values: [Int: Set<[UInt8]>] = [:]
  /// The fields that must be there.
  private(set) var present: Set<Int> = []
  /// Nothing can match; such a part of alternatives does not count.
  private var isImpossible = false

  /// A value list longer than this is no use as an index key.
  static let valuesMax = 4096

  init(_ expression: Expression) {
    switch expression {
    case .not(.test(let test)):
      if case .null = test.matcher, let field = test.field { present.insert(field.index) }
    case .not: break
    case .test(let test): add(test)
    case .all(let parts):
      for part in parts {
        let needs = Needs(part)
        isImpossible = isImpossible || needs.isImpossible
        present.formUnion(needs.present)
        for (field, texts) in needs.values
        where texts.count < values[field]?.count ?? Int.max { values[field] = texts }
      }
    case .any(let parts):
      let possible = parts.map { Needs($0) }.filter { !$0.isImpossible }
      guard let first = possible.first else {
        isImpossible = true
        return
      }
      present = possible.reduce(first.present) { $0.intersection($1.present) }
      for field in first.values.keys {
        var texts: Set<[UInt8]> = []
        for needs in possible {
          guard let more = needs.values[field] else {
            texts = []
            break
          }
          texts.formUnion(more)
        }
        if !texts.isEmpty, texts.count <= Needs.valuesMax { values[field] = texts }
      }
    }
  }

  private mutating func add(_ test: Test) {
    guard let field = test.field?.index else { return }
    switch test.matcher {
    case .null: return
    case .text(let text, _, let number):
      present.insert(field)
      guard let literal = text.literal else { return }
      // A number has many spellings; only text, or a number's one spelling, is a key.
      guard number == nil || Program.canonicalInteger(literal) != nil else { return }
      values[field] = [literal.map(\.asciiLowered)]
    case .field(let other, _, _): present.formUnion([field, other.index])
    case .exists, .expression, .network, .compare, .time: present.insert(field)
    }
  }
}
