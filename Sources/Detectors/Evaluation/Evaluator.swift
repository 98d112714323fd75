import Bytes
public import Events

/// Evaluates the stateless rules of a set on one event after another; belongs to one worker.
///
/// Nothing is allocated per event once the expressions' automata are warm. Texts compare without
/// regard to the case of ASCII letters; other letters compare exactly.
public final class Evaluator {
  private let store = SlabStore()
  private let rules: CompiledRules
  private let awake: Awake
  private let search: LiteralSearch
  /// Bits of the fields that an event is asked for.
  private let fields: [UInt64]

  private let always: Slab<Int32>
  private let fieldEntries: Slab<Dispatch.Entry>
  private let wakers: Slab<Int32>
  private let starts: Slab<Int32>
  private let (hasTexts, hasKeywords): (Bool, Bool)

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
  private let members: Slab<Program.Member>
  private let needles: [NeedleSearch]
  /// How many rules were run, for whoever wants to know what the index spares.
  package private(set) var runCount: UInt64 = 0
  /// Made when they are first asked: most never are.
  private var expressions: [RegularExpressionSearch?]
  /// Room for a number's digits and for one unescaped JSON string.
  private let room = TextRoom()
  /// Room for the value of the other field of a comparison.
  private let otherRoom = TextRoom()

  /// An evaluator of rules that others may evaluate as well.
  public convenience init(_ rules: CompiledRules) { self.init(rules, knowing: nil) }

  /// An evaluator of rules that others may evaluate as well.
  ///
  /// - Parameters:
  ///   - words: What is known of a chunk's words; the evaluator adds its own.
  ///   - party: As whom.
  package init(
    _ rules: CompiledRules, knowing words: ChunkWords?, as party: ChunkWords.Party = .all
  ) {
    self.rules = rules
    awake = Awake(wordCount: rules.wordCount, in: store)
    search = LiteralSearch(rules, waking: awake, knowing: words, as: party)
    words?.add((0..<rules.texts.atoms.count).map { rules.texts.text(of: $0) }, for: party)
    // A keyword looks at every field that there is.
    fields = rules.hasKeywords ? Array(repeating: .max, count: rules.fields.count) : rules.fields
    (always, fieldEntries) = (rules.always, rules.fieldEntries)
    (wakers, starts) = (rules.members, rules.starts)
    (hasTexts, hasKeywords) = (!rules.texts.isEmpty, rules.hasKeywords)
    instructions = rules.instructions
    entries = rules.entries
    bytes = rules.bytes
    tokens = rules.tokens
    patterns = rules.patterns
    tables = rules.tables
    slots = rules.slots
    literals = rules.literals
    bounds = rules.bounds
    networks = rules.networks
    references = rules.references
    clocks = rules.clocks
    members = rules.paths
    needles = rules.needles
    expressions = Array(repeating: nil, count: rules.expressions.count)
  }

  /// An evaluator of the set's stateless rules that some log feeds.
  ///
  /// - Parameter isWanted: Says of a rule's index whether this evaluator runs it.
  public convenience init(_ rules: RuleSet, where isWanted: (Int) -> Bool = { _ in true }) {
    self.init(CompiledRules(rules, where: isWanted))
  }

  /// Calls `hit` with the index of each rule that the event matches, in rising order.
  public func evaluate(_ event: Event, _ hit: (Int) -> Void) {
    wake(event)
    awake.drain { rule in
      if runs(rule, event) { hit(rule) }
      return false
    }
  }

  /// Whether some rule matches the event.
  public func matches(_ event: Event) -> Bool {
    wake(event)
    var isMatch = false
    awake.drain { rule in
      isMatch = runs(rule, event)
      return isMatch
    }
    return isMatch
  }

  // MARK: Finding the rules that may match

  /// Marks the rules that the event may match.
  @inline(__always) private func wake(_ event: Event) {
    for place in 0..<always.count { awake.insert(always[place]) }
    if hasTexts { search.begin(event) }
    let entries = fieldEntries
    event.forEachSlot(in: fields) { slot, value in
      guard slot < entries.count else {
        if hasKeywords, Evaluator.isKeywordField(slot) { search.look(at: value, of: slot, event) }
        return
      }
      let entry = entries[slot]
      if entry.present >= 0 { wake(list: Int(entry.present)) }
      if entry.table >= 0 { wake(value, tables[Int(entry.table)], entry.lists, depth: 0) }
      if entry.hasLiterals || (hasKeywords && Evaluator.isKeywordField(slot)) {
        search.look(at: value, of: slot, event)
      }
    }
  }

  @inline(__always) private func wake(list: Int) {
    for member in Int(starts[list])..<Int(starts[list &+ 1]) { awake.insert(wakers[member]) }
  }

  /// Wakes the rules that are filed under a value.
  @inline(__always) private func wake(
    _ value: Value, _ table: Program.Table, _ lists: Int32, depth: Int
  ) {
    if case .text(let text) = value {
      wake(text, table, lists)
    } else {
      wakeOther(value, table, lists, depth: depth)
    }
  }

  @inline(__always) private func wake(_ text: ByteView, _ table: Program.Table, _ lists: Int32) {
    guard let literal = find(text, in: table) else { return }
    wake(list: Int(lists) &+ literal &- Int(table.literals))
  }

  private func wakeOther(
    _ value: Value, _ table: Program.Table, _ lists: Int32, depth: Int
  ) {
    switch value {
    case .null: return
    case .text(let text): wake(text, table, lists)
    case .integer(let integer): wake(room.text(of: integer), table, lists)
    case .bool(let truth): wake(ByteView(truth ? "true" : "false"), table, lists)
    case .number(let number, let text):
      wake(text, table, lists)
      // A whole number is filed under its only spelling, however this one is written.
      if number.magnitude < 1e15, number == number.rounded() {
        wake(room.text(of: Int64(number)), table, lists)
      }
    case .json(let json):
      guard depth < JSONElements.depthMax, var elements = JSONElements(json) else {
        return wake(json, table, lists)
      }
      while let element = elements.next(room) {
        wakeOther(element, table, lists, depth: depth + 1)
      }
    }
  }

  // MARK: Running a rule

  private func runs(_ rule: Int, _ event: Event) -> Bool {
    runCount &+= 1
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
    case .member:
      guard case .json(let json)? = event[field] else { return false }
      let member = members[Int(instruction.operand)]
      return holds(
        instructions[Int(member.question)], bytes.view(member.offset, member.count), in: json,
        depth: 0)
    default:
      guard let value = event[field] else { return false }
      return holds(instruction, value, depth: 0)
    }
  }

  private func isInLine(_ instruction: Program.Instruction, _ event: Event) -> Bool {
    if holds(instruction, .text(event.line), depth: 0) { return true }
    var isFound = false
    event.forEach { field, value in
      isFound =
        isFound || Evaluator.isKeywordField(field.index) && holds(instruction, value, depth: 0)
    }
    return isFound
  }

  /// Whether keywords look at a field: what the registers say of an event, and its time in our spelling, is
  /// nothing that the log says.
  @inline(__always) private static func isKeywordField(_ field: Int) -> Bool {
    field != Field.timestamp.index && !Field(index: field).isJoined
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
    case .isNull, .field, .member: return false
    case .time: return holds(clocks[operand], text)
    case .oneOf: return find(text, in: tables[operand]) != nil
    case .pattern: return matches(text, patterns[operand])
    case .containsOneOf: return needles[operand].finds(in: text)
    case .expression: return expression(operand).finds(in: text)
    case .network:
      guard let address = Address(text) else { return false }
      return networks[operand].contains(address)
    case .compare:
      guard let number = text.number else { return false }
      return bounds[operand].comparison.holds(number, bounds[operand].value)
    }
  }

  private func expression(_ place: Int) -> RegularExpressionSearch {
    if let search = expressions[place] { return search }
    let search = RegularExpressionSearch(rules.expressions[place])
    expressions[place] = search
    return search
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

  // MARK: Lists of objects

  /// Whether some value at a path answers a question; of lists on the way, whether some element leads to one.
  private func holds(
    _ question: Program.Instruction, _ path: ByteView, in json: ByteView, depth: Int
  ) -> Bool {
    guard depth < JSONElements.depthMax else { return false }
    if var elements = JSONElements(json) {
      while let element = elements.next(room) {
        if case .json(let inner) = element, holds(question, path, in: inner, depth: depth + 1) {
          return true
        }
      }
      return false
    }
    guard var members = JSONElements(object: json), let end = path.firstOffset(of: 0) else {
      return false
    }
    let (name, rest) = (path.prefix(end), path.dropFirst(end + 1))
    while let member = members.nextMember(room) {
      guard member.name.equals(name) else { continue }
      if rest.isEmpty { return holds(question, member.value, depth: depth) }
      if case .json(let inner) = member.value,
        holds(question, rest, in: inner, depth: depth + 1)
      {
        return true
      }
    }
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
