import Bytes
import Events

/// Rules as tables, compiled once and shared by all workers.
///
/// Nothing is written after the start, so any number of evaluators may read it at once.
public final class CompiledRules: @unchecked Sendable {
  private let store = SlabStore()
  let instructions: Slab<Program.Instruction>
  let entries: Slab<Int32>
  let bytes: Slab<UInt8>
  let tokens: Slab<UInt16>
  let patterns: Slab<Program.Pattern>
  let tables: Slab<Program.Table>
  let slots: Slab<Int32>
  let literals: Slab<Program.Literal>
  let bounds: Slab<Program.Bound>
  let networks: Slab<Network>
  let references: Slab<Program.Reference>
  let clocks: Slab<Program.Clock>
  let paths: Slab<Program.Member>
  let needles: [NeedleSearch]
  let expressions: [RegularExpression]

  /// How many words have a bit for each rule.
  let wordCount: Int
  let fields: [UInt64]
  let fieldEntries: Slab<Dispatch.Entry>
  let members: Slab<Int32>
  let starts: Slab<Int32>
  let always: Slab<Int32>
  /// The texts that are looked for, and the list of the first of them.
  let texts: LiteralTables
  let textLists: Int
  let hasKeywords: Bool

  /// The set's stateless rules that some log feeds.
  ///
  /// - Parameter isWanted: Says of a rule's index whether it is evaluated.
  public convenience init(_ rules: RuleSet, where isWanted: (Int) -> Bool = { _ in true }) {
    self.init(
      rules.rules.enumerated().map { index, rule in
        rule.isStateless && rule.notReadable == nil && isWanted(index) ? rule.expression : nil
      })
  }

  /// Expressions, each a rule of its place; `nil` matches nothing.
  package init(_ active: [Expression?]) {
    var program = Program()
    for expression in active {
      if let expression {
        program.add(expression)
      } else {
        program.entries.append(Program.missed)
      }
    }
    let dispatch = Dispatch(active, into: &program)
    wordCount = (active.count + 63) / 64
    fields = dispatch.fields
    fieldEntries = store.slab(dispatch.entries)
    members = store.slab(dispatch.members)
    starts = store.slab(dispatch.starts)
    always = store.slab(dispatch.always)
    textLists = Int(dispatch.literalLists)
    hasKeywords = dispatch.hasKeywords
    instructions = store.slab(program.instructions)
    entries = store.slab(program.entries)
    bytes = store.slab(program.bytes)
    texts = LiteralTables(dispatch.literals, bytes: bytes, in: store)
    tokens = store.slab(program.tokens)
    patterns = store.slab(program.patterns)
    tables = store.slab(program.tables)
    slots = store.slab(program.slots)
    literals = store.slab(program.literals)
    bounds = store.slab(program.bounds)
    networks = store.slab(program.networks)
    references = store.slab(program.references)
    clocks = store.slab(program.clocks)
    paths = store.slab(program.members)
    needles = program.needles.map(NeedleSearch.init)
    expressions = program.expressions
  }
}
