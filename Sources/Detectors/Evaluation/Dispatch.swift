import Bytes
import Events

/// Which rules an event may match, found with a few look-ups.
///
/// Each rule is filed under keys of which every match has at least one: a value of some field, a text that
/// stands in one or in the line, the presence of some field, else nothing. An event then wakes only the
/// rules filed under what it has, so that a rule which is about something else costs nothing.
struct Dispatch: Sendable {
  /// What one field may wake.
  struct Entry: BitwiseCopyable {
    /// The table of the field's values, and the list of the first of them; -1 when no rule is filed under one.
    var table: Int32 = -1
    var lists: Int32 = 0
    /// The list of the rules that need the field to be there; -1 when there are none.
    var present: Int32 = -1
    /// Whether texts are looked for in the field.
    var hasLiterals = false
  }

  /// By field; those beyond the last wake nothing.
  private(set) var entries: [Entry] = []
  /// Bits of the fields that have an entry.
  private(set) var fields = [UInt64](repeating: 0, count: Event.fieldsMax / 64)
  /// The rules of all lists, and where each list begins; one more than there are lists.
  private(set) var members: [Int32] = []
  private(set) var starts: [Int32] = [0]
  /// The rules that every event wakes.
  private(set) var always: [Int32] = []
  /// The texts, and the list of the first of them.
  private(set) var literals = LiteralTable([])
  private(set) var literalLists: Int32 = 0
  /// Whether some text is looked for in the line and in every field.
  private(set) var hasKeywords = false

  /// Files the rules; `nil` stands for a rule that is never evaluated.
  init(_ expressions: [Expression?], into program: inout Program) {
    let statistics = Needs.Statistics(expressions)
    var byValue: [Int: [[UInt8]: [Int32]]] = [:]
    var byLiteral: [Int: [[UInt8]: [Int32]]] = [:]
    var byPresence: [Int: [Int32]] = [:]
    for (rule, expression) in expressions.enumerated() {
      guard let expression else { continue }
      guard let keys = Needs(expression, statistics).keys else {
        always.append(Int32(rule))
        continue
      }
      for key in keys {
        switch key {
        case .value(let field, let text):
          byValue[field, default: [:]][text, default: []].append(Int32(rule))
        case .literal(let field, let text):
          byLiteral[field, default: [:]][text, default: []].append(Int32(rule))
        case .present(let field): byPresence[field, default: []].append(Int32(rule))
        }
      }
    }
    for (field, rules) in byValue.sorted(by: { $0.key < $1.key }) {
      let values = rules.keys.sorted { $0.lexicographicallyPrecedes($1) }
      let table = program.table(
        values.map { Program.WholeText(bytes: $0, isCased: false, number: nil) })
      let lists = Int32(starts.count - 1)
      change(field) { ($0.table, $0.lists) = (Int32(table), lists) }
      for value in values { addList(rules[value] ?? []) }
    }
    for (field, rules) in byPresence.sorted(by: { $0.key < $1.key }) {
      let list = Int32(starts.count - 1)
      change(field) { $0.present = list }
      addList(rules)
    }
    file(byLiteral, into: &program)
  }

  private mutating func file(
    _ byLiteral: [Int: [[UInt8]: [Int32]]], into program: inout Program
  ) {
    literalLists = Int32(starts.count - 1)
    var atoms: [LiteralTable.Wanted] = []
    for (field, rules) in byLiteral.sorted(by: { $0.key < $1.key }) {
      if field == Int(Program.keyword) {
        hasKeywords = true
      } else {
        change(field) { $0.hasLiterals = true }
      }
      for (text, list) in rules.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
        atoms.append(
          LiteralTable.Wanted(
            text: text, offset: Int32(program.bytes.count), field: UInt16(field),
            rule: list.first ?? 0))
        program.bytes += text
        addList(list)
      }
    }
    literals = LiteralTable(atoms)
  }

  private mutating func addList(_ rules: [Int32]) {
    members += rules
    starts.append(Int32(members.count))
  }

  private mutating func change(_ field: Int, _ body: (inout Entry) -> Void) {
    while entries.count <= field { entries.append(Entry()) }
    body(&entries[field])
    fields[field >> 6] |= 1 << UInt64(field & 63)
  }
}
