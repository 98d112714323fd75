import Bytes
public import Events

/// Evaluates the stateless rules of a set on one event after another; belongs to one worker.
///
/// Nothing is allocated per event once the expressions' automata are warm. Texts compare without
/// regard to the case of ASCII letters; other letters compare exactly.
public final class Evaluator {
  private let wordCount: Int
  private let indexes: Slab<Dispatch.Index>
  private let presences: Slab<Dispatch.Presence>
  private let masks: Slab<UInt64>
  private let awake: Slab<UInt64>

  private let instructions: Slab<Program.Instruction>
  private let entries: Slab<Int32>
  private let bytes: Slab<UInt8>
  private let tokens: Slab<UInt16>
  private let patterns: Slab<Program.Pattern>
  private let tables: Slab<Program.Table>
  private let slots: Slab<Int32>
  private let literals: Slab<Program.Literal>
  private let bounds: Slab<Program.Bound>
  private let networks: Slab<Network>
  private let references: Slab<Program.Reference>
  private let clocks: Slab<Program.Clock>
  private let needles: [NeedleSearch]
  private let expressions: [RegularExpressionSearch]
  /// Room for a number's digits and for one unescaped JSON string.
  private let room = TextRoom()
  /// Room for the value of the other field of a comparison.
  private let otherRoom = TextRoom()

  /// An evaluator of the set's stateless rules that some log feeds.
  ///
  /// - Parameter isWanted: Says of a rule's index whether this evaluator runs it.
  public init(_ rules: RuleSet, where isWanted: (Int) -> Bool = { _ in true }) {
    var program = Program()
    var active: [Expression?] = []
    for (index, rule) in rules.rules.enumerated() {
      guard case .stateless = rule.kind, rule.notReadable == nil, isWanted(index) else {
        program.entries.append(Program.missed)
        active.append(nil)
        continue
      }
      program.add(rule.expression)
      active.append(rule.expression)
    }
    let dispatch = Dispatch(active, into: &program)
    wordCount = dispatch.wordCount
    indexes = Slab(dispatch.indexes)
    presences = Slab(dispatch.presences)
    masks = Slab(dispatch.masks)
    awake = Slab(repeating: 0, count: dispatch.wordCount)
    instructions = Slab(program.instructions)
    entries = Slab(program.entries)
    bytes = Slab(program.bytes)
    tokens = Slab(program.tokens)
    patterns = Slab(program.patterns)
    tables = Slab(program.tables)
    slots = Slab(program.slots)
    literals = Slab(program.literals)
    bounds = Slab(program.bounds)
    networks = Slab(program.networks)
    references = Slab(program.references)
    clocks = Slab(program.clocks)
    needles = program.needles.map(NeedleSearch.init)
    expressions = program.expressions.map(RegularExpressionSearch.init)
  }

  /// Calls `hit` with the index of each rule that the event matches, in rising order.
  public func evaluate(_ event: Event, _ hit: (Int) -> Void) {
    guard wake(event) else { return }
    for word in 0..<wordCount {
      var bits = awake[word]
      while bits != 0 {
        let rule = word &* 64 &+ bits.trailingZeroBitCount
        bits &= bits &- 1
        if runs(rule, event) { hit(rule) }
      }
    }
  }

  /// Whether some rule matches the event.
  public func matches(_ event: Event) -> Bool {
    guard wake(event) else { return false }
    for word in 0..<wordCount {
      var bits = awake[word]
      while bits != 0 {
        let rule = word &* 64 &+ bits.trailingZeroBitCount
        bits &= bits &- 1
        if runs(rule, event) { return true }
      }
    }
    return false
  }

  // MARK: Finding the rules that may match

  /// Marks the rules that the event may match; false when there are none.
  @inline(__always) private func wake(_ event: Event) -> Bool {
    var any: UInt64 = 0
    for word in 0..<wordCount {
      awake[word] = masks[word]
      any |= masks[word]
    }
    for place in 0..<indexes.count {
      let index = indexes[place]
      guard let value = event[Field(index: Int(index.field))] else { continue }
      let table = tables[Int(index.table)]
      var mask = Int(index.masks)
      switch value {
      case .null: continue
      case .text(let text):
        guard let literal = find(text, in: table) else { continue }
        mask += (literal - Int(table.literals)) * wordCount
      case .integer(let integer):
        guard let literal = find(room.text(of: integer), in: table) else { continue }
        mask += (literal - Int(table.literals)) * wordCount
      case .bool(let truth):
        guard let literal = find(ByteView(truth ? "true" : "false"), in: table) else { continue }
        mask += (literal - Int(table.literals)) * wordCount
      case .number, .json:
        // Lists and fractions are rare here: every rule of the index has a look.
        mask += Int(table.count) * wordCount
      }
      any |= add(mask)
    }
    for place in 0..<presences.count {
      let presence = presences[place]
      if event.has(Field(index: Int(presence.field))) { any |= add(Int(presence.mask)) }
    }
    return any != 0
  }

  @inline(__always) private func add(_ mask: Int) -> UInt64 {
    var any: UInt64 = 0
    for word in 0..<wordCount {
      let bits = masks[mask &+ word]
      awake[word] = awake[word] | bits
      any |= bits
    }
    return any
  }

  // MARK: Running a rule

  private func runs(_ rule: Int, _ event: Event) -> Bool {
    var place = entries[rule]
    while place >= 0 {
      let instruction = instructions[Int(place)]
      place = holds(instruction, event) ? instruction.onTrue : instruction.onFalse
    }
    return place == Program.matched
  }

  @inline(__always) private func holds(
    _ instruction: Program.Instruction, _ event: Event
  ) -> Bool {
    if instruction.field == Program.keyword { return isInLine(instruction, event) }
    let field = Field(index: Int(instruction.field))
    switch instruction.operation {
    case .exists: return event.has(field)
    case .isNull:
      guard let value = event[field] else { return true }
      if case .null = value { return true }
      return false
    case .field:
      let reference = references[Int(instruction.operand)]
      guard let value = event[field], let other = event[Field(index: Int(reference.field))] else {
        return false
      }
      return relates(reference.relation, value, other, depth: 0)
    default:
      guard let value = event[field] else { return false }
      return holds(instruction, value, depth: 0)
    }
  }

  private func isInLine(_ instruction: Program.Instruction, _ event: Event) -> Bool {
    if holds(instruction, .text(event.line), depth: 0) { return true }
    var isFound = false
    event.forEach { _, value in
      isFound = isFound || holds(instruction, value, depth: 0)
    }
    return isFound
  }

  /// Whether a value answers the question; of an array, whether any element does.
  private func holds(
    _ instruction: Program.Instruction, _ value: Value, depth: Int
  ) -> Bool {
    switch value {
    case .null: return false
    case .text(let text): return holds(instruction, text)
    case .bool(let truth): return holds(instruction, ByteView(truth ? "true" : "false"))
    case .integer(let integer):
      switch instruction.operation {
      case .compare:
        let bound = bounds[Int(instruction.operand)]
        return bound.comparison.holds(Double(integer), bound.value)
      case .oneOf where hasNumber(Double(integer), tables[Int(instruction.operand)]): return true
      default: return holds(instruction, room.text(of: integer))
      }
    case .number(let number, let text):
      switch instruction.operation {
      case .compare:
        let bound = bounds[Int(instruction.operand)]
        return bound.comparison.holds(number, bound.value)
      case .oneOf where hasNumber(number, tables[Int(instruction.operand)]): return true
      default: return holds(instruction, text)
      }
    case .json(let json):
      guard depth < JSONElements.depthMax, var elements = JSONElements(json) else {
        return holds(instruction, json)
      }
      while let element = elements.next(room) {
        if holds(instruction, element, depth: depth + 1) { return true }
      }
      return false
    }
  }

  private func holds(_ instruction: Program.Instruction, _ text: ByteView) -> Bool {
    let operand = Int(instruction.operand)
    switch instruction.operation {
    case .exists: return true
    case .isNull, .field: return false
    case .time: return holds(clocks[operand], text)
    case .oneOf: return find(text, in: tables[operand]) != nil
    case .pattern: return matches(text, patterns[operand])
    case .containsOneOf: return needles[operand].finds(in: text)
    case .expression: return expressions[operand].finds(in: text)
    case .network:
      guard let address = Address(text) else { return false }
      return networks[operand].contains(address)
    case .compare:
      guard let number = text.number else { return false }
      return bounds[operand].comparison.holds(number, bounds[operand].value)
    }
  }

  /// The place of the literal of `table` that is `text`, or `nil`.
  @inline(__always) private func find(_ text: ByteView, in table: Program.Table) -> Int? {
    if table.count <= 2 {
      for literal in Int(table.literals)..<Int(table.literals &+ table.count)
      where isEqual(text, literals[literal]) { return literal }
      return nil
    }
    let hash = Program.hash(count: text.count) { text[$0] }
    var place = slots[Int(table.slots) &+ Int(hash & UInt64(table.mask))]
    while place >= 0 {
      let literal = literals[Int(place)]
      if isEqual(text, literal) { return Int(place) }
      place = literal.next
    }
    return nil
  }

  @inline(__always) private func isEqual(_ text: ByteView, _ literal: Program.Literal) -> Bool {
    guard text.count == Int(literal.count) else { return false }
    let other = bytes.view(literal.offset, literal.count)
    return literal.isCased ? text.equals(other) : text.equalsFolded(other)
  }

  private func hasNumber(_ number: Double, _ table: Program.Table) -> Bool {
    guard table.hasNumbers else { return false }
    for place in Int(table.literals)..<Int(table.literals &+ table.count)
    where literals[place].number == number { return true }
    return false
  }

  // MARK: Times and other fields

  private func holds(_ clock: Program.Clock, _ text: ByteView) -> Bool {
    guard let stamp = Timestamps.any(text), stamp.hasYear else { return false }
    let seconds = CivilTime.floorDivide(Int(stamp.nanoseconds), 1_000_000_000)
    let value = clock.part.value(ofSeconds: Int64(seconds))
    if clock.isEqual { return value == clock.value }
    return clock.comparison.holds(Double(value), Double(clock.value))
  }

  /// Whether a value stands so to another; of arrays, whether some element does to some element.
  private func relates(
    _ relation: FieldRelation, _ value: Value, _ other: Value, depth: Int
  ) -> Bool {
    if case .json(let json) = value, depth < JSONElements.depthMax,
      var elements = JSONElements(json)
    {
      while let element = elements.next(room) {
        if relates(relation, element, other, depth: depth + 1) { return true }
      }
      return false
    }
    if case .json(let json) = other, depth < JSONElements.depthMax,
      var elements = JSONElements(json)
    {
      while let element = elements.next(otherRoom) {
        if relates(relation, value, element, depth: depth + 1) { return true }
      }
      return false
    }
    guard let text = text(of: value, in: room), let wanted = self.text(of: other, in: otherRoom)
    else { return false }
    switch relation {
    case .equal:
      if let left = Evaluator.number(value), let right = Evaluator.number(other) {
        return left == right
      }
      return text.count == wanted.count && Evaluator.isSame(text, 0, wanted)
    case .begins: return Evaluator.isSame(text, 0, wanted)
    case .ends: return Evaluator.isSame(text, text.count - wanted.count, wanted)
    case .contains: return Evaluator.contains(text, wanted)
    }
  }

  /// Whether `other` stands in `text` at `offset`, in any case.
  private static func isSame(_ text: ByteView, _ offset: Int, _ other: ByteView) -> Bool {
    guard offset >= 0, offset + other.count <= text.count else { return false }
    for place in 0..<other.count
    where text[offset + place].asciiLowered != other[place].asciiLowered { return false }
    return true
  }

  /// Whether `other` stands somewhere in `text`, in any case; O(*n*), for both may be long.
  private static func contains(_ text: ByteView, _ other: ByteView) -> Bool {
    guard !other.isEmpty else { return true }
    guard other.count <= text.count else { return false }
    // How much of the beginning is matched again when a byte differs (Knuth, Morris and Pratt).
    var fallbacks = [Int](repeating: 0, count: other.count)
    var matched = 0
    for place in 1..<other.count {
      let byte = other[place].asciiLowered
      while matched > 0, other[matched].asciiLowered != byte { matched = fallbacks[matched - 1] }
      if other[matched].asciiLowered == byte { matched += 1 }
      fallbacks[place] = matched
    }
    matched = 0
    for offset in 0..<text.count {
      let byte = text[offset].asciiLowered
      while matched > 0, other[matched].asciiLowered != byte { matched = fallbacks[matched - 1] }
      if other[matched].asciiLowered == byte { matched += 1 }
      if matched == other.count { return true }
    }
    return false
  }

  private func text(of value: Value, in room: TextRoom) -> ByteView? {
    switch value {
    case .null: nil
    case .text(let text), .json(let text), .number(_, let text): text
    case .bool(let truth): ByteView(truth ? "true" : "false")
    case .integer(let integer): room.text(of: integer)
    }
  }

  private static func number(_ value: Value) -> Double? {
    switch value {
    case .integer(let integer): Double(integer)
    case .number(let number, _): number
    default: nil
    }
  }

  // MARK: Patterns

  private func matches(_ text: ByteView, _ pattern: Program.Pattern) -> Bool {
    guard pattern.kind != .general else { return matchesGeneral(text, pattern) }
    let literal = bytes.view(pattern.offset, pattern.count)
    let isCased = pattern.isCased
    switch pattern.kind {
    case .anything: return true
    case .begins: return isEqual(text, 0, literal, isCased)
    case .ends: return isEqual(text, text.count - literal.count, literal, isCased)
    case .contains: return contains(text, literal, isCased)
    default:
      let tail = bytes.view(pattern.otherOffset, pattern.otherCount)
      return text.count >= literal.count + tail.count && isEqual(text, 0, literal, isCased)
        && isEqual(text, text.count - tail.count, tail, isCased)
    }
  }

  /// Whether `literal` stands in `text` at `offset`.
  @inline(__always) private func isEqual(
    _ text: ByteView, _ offset: Int, _ literal: ByteView, _ isCased: Bool
  ) -> Bool {
    guard offset >= 0, offset + literal.count <= text.count else { return false }
    let part = text.slice(offset, offset + literal.count)
    return isCased ? part.equals(literal) : part.equalsFolded(literal)
  }

  private func contains(_ text: ByteView, _ literal: ByteView, _ isCased: Bool) -> Bool {
    if isCased { return text.firstOffset(of: literal) != nil }
    guard !literal.isEmpty else { return true }
    guard text.count >= literal.count else { return false }
    let first = literal[0]
    let last = text.count - literal.count
    var offset = 0
    while offset <= last {
      if text[offset].asciiLowered == first, isEqual(text, offset, literal, false) { return true }
      offset += 1
    }
    return false
  }

  /// Any pattern, going back only to the last run: O(*n m*) at worst.
  private func matchesGeneral(_ text: ByteView, _ pattern: Program.Pattern) -> Bool {
    let (start, end) = (Int(pattern.offset), Int(pattern.offset + pattern.count))
    var (place, offset) = (start, 0)
    var (resumePlace, resumeOffset) = (-1, 0)
    while true {
      if place < end {
        let token = tokens[place]
        if token == Program.anyRun {
          (resumePlace, resumeOffset) = (place, offset)
          place += 1
          continue
        }
        if offset < text.count {
          if token == Program.anyOne {
            offset = text.characterEnd(offset)
            place += 1
            continue
          }
          let byte = pattern.isCased ? text[offset] : text[offset].asciiLowered
          if token == UInt16(byte) {
            (place, offset) = (place + 1, offset + 1)
            continue
          }
        }
      } else if offset == text.count {
        return true
      }
      guard resumePlace >= 0, resumeOffset < text.count else { return false }
      resumeOffset += 1
      (place, offset) = (resumePlace + 1, resumeOffset)
    }
  }
}

extension ByteView {
  /// The offset after the UTF-8 character at `offset`; a stray byte counts as one.
  func characterEnd(_ offset: Int) -> Int {
    var end = offset + 1
    guard self[offset] >= 0xc0 else { return end }
    let limit = min(count, offset + 4)
    while end < limit, self[end] & 0xc0 == 0x80 { end += 1 }
    return end
  }
}

/// One worker's copy of a needle set.
private final class NeedleSearch {
  private let classes: Slab<UInt8>
  private let transitions: Slab<Int32>

  init(_ set: NeedleSet) {
    classes = Slab(set.classes)
    transitions = Slab(set.transitions)
  }

  func finds(in text: ByteView) -> Bool {
    var state: Int32 = 0
    for offset in 0..<text.count {
      state = transitions[Int(state) &+ Int(classes[Int(text[offset])])]
      if state < 0 { return true }
    }
    return false
  }
}
