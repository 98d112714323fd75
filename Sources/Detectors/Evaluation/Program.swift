import Bytes
import Events

/// The rules' expressions as flat tables: instructions that jump, and the tables they look into.
///
/// Built once when the rules load, then copied by each worker. An expression becomes instructions
/// with two exits each, so that `and`, `or` and `not` cost nothing at run time.
struct Program: Sendable {
  /// What an instruction asks.
  enum Operation: UInt8 {
    /// The field is there.
    case exists
    /// The field is absent or null.
    case isNull
    /// The whole value is one of a table's texts; `operand` is the table.
    case oneOf
    /// The value matches a pattern.
    case pattern
    /// The value contains one of a set of texts.
    case containsOneOf
    /// An expression is found in the value.
    case expression
    /// The value is an address of a network.
    case network
    /// The value is a number on this side of the bound.
    case compare
    /// The value stands so to that of another field; `operand` is the reference.
    case field
    /// A member of an object in the list that the value is answers so; `operand` is the member.
    case member
    /// A part of the time that the value is stands so to a number; `operand` is the clock.
    case time
  }

  /// One question with two exits; an exit is an instruction, `matched` or `missed`.
  struct Instruction: BitwiseCopyable {
    var operation: Operation
    /// The field's index, or `keyword`.
    var field: UInt16
    var operand: Int32
    var onTrue: Int32
    var onFalse: Int32
  }

  /// Exits that end a program.
  static let matched: Int32 = -1, missed: Int32 = -2
  /// In place of a field: the raw line and every field.
  static let keyword = UInt16.max

  /// How a pattern compares.
  struct Pattern: BitwiseCopyable {
    enum Kind: UInt8 { case anything, begins, ends, contains, between, general }
    var kind: Kind
    var isCased: Bool
    /// The first (or only) literal, or the pattern's tokens.
    var offset: Int32, count: Int32
    /// The literal at the end, for `between`.
    var otherOffset: Int32 = 0, otherCount: Int32 = 0
  }

  /// One text of a table.
  struct Literal: BitwiseCopyable {
    var offset: Int32, count: Int32
    var isCased: Bool
    /// The number that the text may equal; not a number when it may not.
    var number: Double
    /// The next text of the same slot, or -1.
    var next: Int32
  }

  /// A set of texts with slots by hash.
  struct Table: BitwiseCopyable {
    var slots: Int32, mask: Int32
    var literals: Int32, count: Int32
    var hasNumbers: Bool
  }

  struct Bound: BitwiseCopyable {
    var comparison: Comparison
    var value: Double
  }

  /// Another field, and how the value stands to its value.
  struct Reference: BitwiseCopyable {
    var field: UInt16
    var relation: FieldRelation
  }

  /// A part of a time and its bound; without a comparison they must be the same.
  struct Clock: BitwiseCopyable {
    var part: TimePart
    var isEqual: Bool
    var comparison: Comparison
    var value: Int
  }

  /// A path through objects, and what the value at its end is asked.
  struct Member: BitwiseCopyable {
    /// The names of the path, each with a zero behind it.
    var offset: Int32, count: Int32
    var question: Int32
  }

  var instructions: [Instruction] = []
  /// The first instruction of each rule, or an exit.
  var entries: [Int32] = []
  var bytes: [UInt8] = []
  var tokens: [UInt16] = []
  var patterns: [Pattern] = []
  var tables: [Table] = []
  var slots: [Int32] = []
  var literals: [Literal] = []
  var needles: [NeedleSet] = []
  var expressions: [RegularExpression] = []
  var networks: [Network] = []
  var bounds: [Bound] = []
  var references: [Reference] = []
  var clocks: [Clock] = []
  var members: [Member] = []

  /// Tokens of a general pattern beyond the byte values.
  static let anyRun: UInt16 = 256, anyOne: UInt16 = 257

  // MARK: Compiling

  /// Adds the program of a rule.
  mutating func add(_ expression: Expression) {
    entries.append(emit(expression.ordered, Program.matched, Program.missed))
  }

  /// Emits `expression` so that it leaves by one of two exits; returns its first instruction.
  private mutating func emit(
    _ expression: Expression, _ onTrue: Int32, _ onFalse: Int32
  ) -> Int32 {
    switch expression {
    case .not(let part): return emit(part, onFalse, onTrue)
    case .all(let parts):
      var label = onTrue
      for part in parts.reversed() { label = emit(part, label, onFalse) }
      return label
    case .any(let parts):
      var label = onFalse
      for group in Program.grouped(parts).reversed() {
        switch group {
        case .single(let part): label = emit(part, onTrue, label)
        case .texts(let field, let texts):
          label = emit(.oneOf, field, table(texts), onTrue, label)
        case .needles(let field, let set):
          needles.append(set)
          label = emit(.containsOneOf, field, needles.count - 1, onTrue, label)
        }
      }
      return label
    case .test(let test): return emit(test, onTrue, onFalse)
    }
  }

  private mutating func emit(_ test: Test, _ onTrue: Int32, _ onFalse: Int32) -> Int32 {
    switch test.matcher {
    case .exists: return emit(.exists, test.field, 0, onTrue, onFalse)
    case .null: return emit(.isNull, test.field, 0, onTrue, onFalse)
    case .compare(let comparison, let value):
      bounds.append(Bound(comparison: comparison, value: value))
      return emit(.compare, test.field, bounds.count - 1, onTrue, onFalse)
    case .network(let block):
      networks.append(block)
      return emit(.network, test.field, networks.count - 1, onTrue, onFalse)
    case .expression(let expression):
      expressions.append(expression)
      return emit(.expression, test.field, expressions.count - 1, onTrue, onFalse)
    case .field(let other, let relation, _):
      references.append(Reference(field: UInt16(other.index), relation: relation))
      return emit(.field, test.field, references.count - 1, onTrue, onFalse)
    case .member(let path, let matcher):
      let question = emit(Test(field: test.field, matcher: matcher), 0, 0)
      let names: [UInt8] = path.flatMap { name -> [UInt8] in Array(name.utf8) + [0] }
      members.append(
        Member(offset: Int32(bytes.count), count: Int32(names.count), question: question))
      bytes += names
      return emit(.member, test.field, members.count - 1, onTrue, onFalse)
    case .time(let part, let comparison, let value):
      clocks.append(
        Clock(
          part: part, isEqual: comparison == nil, comparison: comparison ?? .gte, value: value))
      return emit(.time, test.field, clocks.count - 1, onTrue, onFalse)
    case .text(let text, let isCased, let number):
      if let literal = text.literal {
        let texts = [WholeText(bytes: literal, isCased: isCased, number: number)]
        return emit(.oneOf, test.field, table(texts), onTrue, onFalse)
      }
      add(pattern: text, isCased: isCased)
      return emit(.pattern, test.field, patterns.count - 1, onTrue, onFalse)
    }
  }

  private mutating func emit(
    _ operation: Operation, _ field: Field?, _ operand: Int, _ onTrue: Int32, _ onFalse: Int32
  ) -> Int32 {
    instructions.append(
      Instruction(
        operation: operation, field: field.map { UInt16($0.index) } ?? Program.keyword,
        operand: Int32(operand), onTrue: onTrue, onFalse: onFalse))
    return Int32(instructions.count - 1)
  }

  // MARK: Grouping alternatives

  /// A whole-value text of a table.
  struct WholeText {
    var bytes: [UInt8]
    var isCased: Bool
    var number: Double?
  }

  private enum Group {
    case single(Expression)
    case texts(Field?, [WholeText])
    case needles(Field?, NeedleSet)
  }

  /// Alternatives on one field that one look-up can answer, taken together.
  private static func grouped(_ parts: [Expression]) -> [Group] {
    struct Key: Hashable {
      var field: Field?
      var isCased: Bool
    }
    var singles: [Expression] = []
    var fields: [Field] = []
    var texts: [Field: [WholeText]] = [:]
    var keys: [Key] = []
    var needles: [Key: [(part: Expression, bytes: [UInt8])]] = [:]
    for part in parts {
      guard case .test(let test) = part,
        case .text(let text, let isCased, let number) = test.matcher
      else {
        singles.append(part)
        continue
      }
      if let field = test.field, let literal = text.literal {
        if texts[field] == nil { fields.append(field) }
        texts[field, default: []].append(
          WholeText(bytes: literal, isCased: isCased, number: number))
      } else if text.tokens.count > 2, text.tokens.first == .anyRun, text.tokens.last == .anyRun,
        let bytes = SigmaText.bytes(text.tokens.dropFirst().dropLast())
      {
        let key = Key(field: test.field, isCased: isCased)
        if needles[key] == nil { keys.append(key) }
        needles[key, default: []].append((part, bytes))
      } else {
        singles.append(part)
      }
    }
    var groups = fields.map { Group.texts($0, texts[$0] ?? []) }
    for key in keys {
      let group = needles[key] ?? []
      if group.count > 2, let set = NeedleSet(group.map(\.bytes), isCased: key.isCased) {
        groups.append(.needles(key.field, set))
      } else {
        groups += group.map { .single($0.part) }
      }
    }
    return groups + singles.map { .single($0) }
  }

  // MARK: Tables

  private mutating func store(_ text: [UInt8], isCased: Bool) -> (Int32, Int32) {
    let offset = Int32(bytes.count)
    bytes += isCased ? text : text.map(\.asciiLowered)
    return (offset, Int32(text.count))
  }

  /// Adds a table of texts and returns its place.
  mutating func table(_ texts: [WholeText]) -> Int {
    var size = 4
    while size < texts.count * 2 { size *= 2 }
    var heads = [Int32](repeating: -1, count: size)
    let first = literals.count
    var hasNumbers = false
    for text in texts {
      let hash = Program.hash(count: text.bytes.count) { text.bytes[$0] }
      let slot = Int(hash & UInt64(size - 1))
      let (offset, count) = store(text.bytes, isCased: text.isCased)
      let number = text.number ?? Program.canonicalInteger(text.bytes) ?? .nan
      hasNumbers = hasNumbers || !number.isNaN
      literals.append(
        Literal(
          offset: offset, count: count, isCased: text.isCased, number: number, next: heads[slot]))
      heads[slot] = Int32(literals.count - 1)
    }
    tables.append(
      Table(
        slots: Int32(slots.count), mask: Int32(size - 1), literals: Int32(first),
        count: Int32(texts.count), hasNumbers: hasNumbers))
    slots += heads
    return tables.count - 1
  }

  /// The number whose only spelling is `text`, or `nil`.
  static func canonicalInteger(_ text: [UInt8]) -> Double? {
    let string = String(decoding: text, as: UTF8.self)
    guard text.count <= 15, let value = Int64(string), String(value) == string else { return nil }
    return Double(value)
  }

  /// A hash of some text, in any case; long texts count by their ends.
  @inline(__always) static func hash(count: Int, _ byte: (Int) -> UInt8) -> UInt64 {
    var hash = UInt64(truncatingIfNeeded: count) &* 0x9e37_79b9_7f4a_7c15
    let edge = min(count, 16)
    for offset in 0..<edge {
      hash = (hash ^ UInt64(byte(offset).asciiLowered)) &* 0x0000_0100_0000_01b3
    }
    for offset in max(edge, count - 16)..<max(edge, count) {
      hash = (hash ^ UInt64(byte(offset).asciiLowered)) &* 0x0000_0100_0000_01b3
    }
    return hash ^ (hash >> 32)
  }

  private mutating func add(pattern text: SigmaText, isCased: Bool) {
    let tokens = text.tokens
    let startsOpen = tokens.first == .anyRun
    let endsOpen = tokens.last == .anyRun
    let inner = tokens.dropFirst(startsOpen ? 1 : 0).dropLast(endsOpen && tokens.count > 1 ? 1 : 0)
    if tokens == [.anyRun] {
      patterns.append(Pattern(kind: .anything, isCased: isCased, offset: 0, count: 0))
      return
    }
    if startsOpen || endsOpen, let literal = SigmaText.bytes(inner) {
      let kind: Pattern.Kind = startsOpen ? endsOpen ? .contains : .ends : .begins
      let (offset, count) = store(literal, isCased: isCased)
      patterns.append(Pattern(kind: kind, isCased: isCased, offset: offset, count: count))
      return
    }
    if let run = tokens.firstIndex(of: .anyRun), let head = SigmaText.bytes(tokens[..<run]),
      let tail = SigmaText.bytes(tokens[(run + 1)...])
    {
      let (offset, count) = store(head, isCased: isCased)
      let (otherOffset, otherCount) = store(tail, isCased: isCased)
      patterns.append(
        Pattern(
          kind: .between, isCased: isCased, offset: offset, count: count,
          otherOffset: otherOffset, otherCount: otherCount))
      return
    }
    patterns.append(
      Pattern(
        kind: .general, isCased: isCased, offset: Int32(self.tokens.count),
        count: Int32(tokens.count)))
    self.tokens += tokens.map { token in
      switch token {
      case .byte(let byte): UInt16(isCased ? byte : byte.asciiLowered)
      case .anyRun: Program.anyRun
      case .anyOne: Program.anyOne
      }
    }
  }
}

extension Expression {
  /// The same expression with the cheapest tests first; tests have no effects, so order is free.
  fileprivate var ordered: Expression {
    switch self {
    case .test: self
    case .not(let part): .not(part.ordered)
    case .all(let parts): .all(Expression.sorted(parts))
    case .any(let parts): .any(Expression.sorted(parts))
    }
  }

  private static func sorted(_ parts: [Expression]) -> [Expression] {
    parts.map(\.ordered).enumerated().map { (cost: $1.cost, place: $0, part: $1) }
      .sorted { ($0.cost, $0.place) < ($1.cost, $1.place) }.map(\.part)
  }

  /// A rough cost; what parts events best costs least.
  private var cost: Int {
    switch self {
    case .not(let part): return part.cost
    case .all(let parts), .any(let parts): return parts.reduce(0) { $0 + $1.cost }
    case .test(let test):
      guard let field = test.field else { return 2000 }
      switch test.matcher {
      case .exists, .null: return 2
      case .compare: return 3
      case .network, .field, .time: return 40
      case .member: return 100
      case .expression: return 500
      case .text(let text, _, _):
        if text.literal != nil {
          return field == .eventAction || field == .eventCategory || field == .statusCode ? 1 : 3
        }
        return text.tokens.first == .anyRun ? 60 : 5
      }
    }
  }
}
