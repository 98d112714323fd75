import Alerts
import Events

/// How the fields of a table stand in an object: worked out once, then read line by line.
///
/// Every name that may be written is a ``Step``, in the order in which the object has them; a step
/// knows the objects around it, so that going from one to the next is closing those that they do
/// not share and taking the rest of a text that is there already. An ``EventShape`` does that for
/// the fields that a line has.
///
/// A name may stand for a value and for an object at once (`host` as nginx writes it beside
/// `host.name`). Then the object wins and keeps the value under `value`, with as many underscores
/// behind it as it takes to be alone: `"host":{"value":"git.example.org","name":"web1"}`.
struct EventPlan {
  /// What a step writes.
  enum Leaf {
    case time, line, offset, field
    /// A field that is a number in the Elastic Common Schema, also where a log has it as text.
    case number
    /// Nothing: the line ends.
    case end
  }

  /// One name that may be written.
  struct Step {
    var leaf: Leaf
    /// The field's place in the event.
    var slot: Int32
    /// How many objects stand around the value.
    var depth: Int32
    /// The first of its names in `names`: those of the objects around it, then its own.
    var names: Int32
    /// Where the text of its names ends, and where with the object that keeps the value opened.
    var textEnd, objectEnd: Int32
    /// The last step whose name begins with this one's: itself when there is no other.
    var last: Int32
  }

  /// A name on the way to a value.
  struct Name {
    /// Tells the branches of the tree apart.
    var branch: Int32
    /// Where the name begins in `text`; the names after it follow: `"user":{"name":`.
    var text: Int32
  }

  /// The steps, in the order of the object.
  private(set) var steps: [Step] = []
  /// The names on the way to each step, in a row.
  private(set) var names: [Name] = []
  /// The names of all steps, with the quotes, colons and brackets around them.
  private(set) var text: [UInt8] = []
  /// The names at the top.
  let top: TopNames
  /// How many words the bits of all slots take.
  let slotWords: Int
  private var branchCount: Int32 = 0

  /// A plan for the fields of a table.
  init(_ table: FieldTable) {
    let root = EventPlan.tree(table)
    top = TopNames(root.children.map(\.name))
    slotWords = (table.names.count + 63) / 64
    for branch in root.children { add(branch, path: []) }
  }

  // MARK: - The tree of names

  /// Fields that are numbers in the Elastic Common Schema.
  private static let numbers: Set<Field> = [
    .sourcePort, .destinationPort, .processPID, .statusCode, .bodyBytes, .syslogPriority,
    .syslogFacility, .syslogSeverity, .sourceNetwork, .eventCount, .eventDuration,
  ]

  /// One level of names.
  private final class Branch {
    let name: String
    var leaf: (kind: Leaf, slot: Int)?
    var children: [Branch] = []
    /// The name under which the value goes when there are children.
    var leafName = "value"

    init(_ name: String) { self.name = name }

    func child(_ name: Substring) -> Branch {
      if let known = children.first(where: { $0.name == name }) { return known }
      let branch = Branch(String(name))
      children.append(branch)
      return branch
    }

    func add(_ name: String, _ kind: Leaf, slot: Int = 0) {
      var branch = self
      for part in name.split(separator: ".", omittingEmptySubsequences: false) {
        branch = branch.child(part)
      }
      // What the path says of a line comes before a field that a product calls the same.
      if branch.leaf == nil { branch.leaf = (kind, slot) }
    }

    func settle() {
      while children.contains(where: { $0.name == leafName }) { leafName += "_" }
      for child in children { child.settle() }
    }
  }

  private static func tree(_ table: FieldTable) -> Branch {
    let root = Branch("")
    for (index, name) in table.names.enumerated() {
      let field = Field(index: index)
      let kind: Leaf =
        field == .timestamp ? .time : EventPlan.numbers.contains(field) ? .number : .field
      root.add(name, kind, slot: index)
      // Where a line stands belongs with what log it is from.
      if field == .logSource {
        root.add("log.line", .line)
        root.add("log.offset", .offset)
      }
    }
    root.settle()
    return root
  }

  private static func key(_ name: String) -> [UInt8] {
    var json = JSONWriter()
    json.key(name)
    return json.bytes
  }

  /// Adds the steps of a branch: its own value first, then those below it.
  private mutating func add(_ branch: Branch, path: [(name: String, branch: Int32)]) {
    let path = path + [(branch.name, branchCount)]
    branchCount += 1
    let place = steps.count
    if let leaf = branch.leaf {
      let first = Int32(names.count)
      for (depth, part) in path.enumerated() {
        if depth > 0 { text.append(UInt8(ascii: "{")) }
        names.append(Name(branch: part.branch, text: Int32(text.count)))
        text += EventPlan.key(part.name)
      }
      let end = Int32(text.count)
      text.append(UInt8(ascii: "{"))
      text += EventPlan.key(branch.leafName)
      steps.append(
        Step(
          leaf: leaf.kind, slot: Int32(leaf.slot), depth: Int32(path.count - 1), names: first,
          textEnd: end, objectEnd: Int32(text.count), last: Int32(place)))
    }
    for child in branch.children { add(child, path: path) }
    if branch.leaf != nil { steps[place].last = Int32(steps.count - 1) }
  }
}
