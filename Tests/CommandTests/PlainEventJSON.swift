import Alerts
import Bytes
import Events
import Pipelines

@testable import Command

/// Writes events as JSON objects as plainly as it can be said: what ``EventWriter`` is held against.
///
/// A name may stand for a value and for an object at once (`host` as nginx writes it beside
/// `host.name`). Then the object wins and keeps the value under `value`, with as many underscores
/// behind it as it takes to be alone: `"host":{"value":"git.example.org","name":"web1"}`.
struct PlainEventJSON {
  /// What stands under a name that ends a path.
  private enum Leaf {
    case time, line, offset
    case field(Field, isNumber: Bool)
  }

  /// One level of names.
  private final class Branch {
    let name: String
    var leaf: Leaf?
    var children: [Branch] = []
    /// The name under which the leaf goes when there are children.
    var leafName = "value"

    init(_ name: String) { self.name = name }

    func child(_ name: Substring) -> Branch {
      if let known = children.first(where: { $0.name == name }) { return known }
      let branch = Branch(String(name))
      children.append(branch)
      return branch
    }

    func settle() {
      while children.contains(where: { $0.name == leafName }) { leafName += "_" }
      for child in children { child.settle() }
    }
  }

  /// Fields that are numbers in the Elastic Common Schema, also where a log has them as text.
  private static let numbers: Set<Field> = [
    .sourcePort, .destinationPort, .processPID, .statusCode, .bodyBytes, .syslogPriority,
    .syslogFacility, .syslogSeverity, .sourceNetwork, .eventCount, .eventDuration,
  ]

  private let root = Branch("")

  /// A writer for the fields of a table.
  init(_ table: FieldTable) {
    for (index, name) in table.names.enumerated() {
      let field = Field(index: index)
      let leaf: Leaf =
        field == .timestamp
        ? .time : .field(field, isNumber: PlainEventJSON.numbers.contains(field))
      add(name, leaf)
      // Where a line stands belongs with what log it is from.
      if field == .logSource {
        add("log.line", .line)
        add("log.offset", .offset)
      }
    }
    root.settle()
  }

  private func add(_ name: String, _ leaf: Leaf) {
    var branch = root
    for part in name.split(separator: ".", omittingEmptySubsequences: false) {
      branch = branch.child(part)
    }
    // What the path says of a line comes before a field that a product calls the same.
    if branch.leaf == nil { branch.leaf = leaf }
  }

  /// One event as an object, in the order of the field table.
  func object(_ event: Event, at place: LinePlace) -> [UInt8] {
    var json = JSONWriter()
    json.object { json in
      for branch in root.children { write(branch, event, place, &json) }
    }
    let (held, own) = event.rest.split { isTaken($0.name) }
    var bytes = json.bytes.dropLast()
    for member in own { bytes += [0x2C] + PlainEventJSON.text(member) }
    if !held.isEmpty {
      let name = PlainEventJSON.free("unmapped", root.children.map(\.name))
      let members = held.map { PlainEventJSON.text($0) }.joined(separator: [0x2C])
      bytes += Array(",\"\(name)\":{".utf8) + members + [0x7D]
    }
    return bytes + [0x7D]
  }

  /// Whether a member's name is one that a field takes, may be, or is that of the object for those.
  private func isTaken(_ name: ByteView) -> Bool {
    let names = root.children.map(\.name)
    let text = name.string.unicodeScalars
    let first = text.prefix { $0 != "." }
    return text.contains("\\") || first.isEmpty
      || (names + [PlainEventJSON.free("unmapped", names)]).contains {
        Array($0.unicodeScalars) == Array(first)
      }
  }

  private static func free(_ name: String, _ taken: [String]) -> String {
    taken.contains(name) ? free(name + "_", taken) : name
  }

  private static func text(_ member: Member) -> [UInt8] {
    [0x22] + harmless(member.name) + [0x22, 0x3A] + harmless(member.value)
  }

  private func write(
    _ branch: Branch, _ event: Event, _ place: LinePlace, _ json: inout JSONWriter
  ) {
    let hasLeaf = branch.leaf.map { isThere($0, event) } ?? false
    let isObject = branch.children.contains { hasAny($0, event) }
    guard hasLeaf || isObject else { return }
    json.key(branch.name)
    guard isObject else { return write(branch.leaf, event, place, &json) }
    json.object { json in
      if hasLeaf {
        json.key(branch.leafName)
        write(branch.leaf, event, place, &json)
      }
      for child in branch.children { write(child, event, place, &json) }
    }
  }

  private func hasAny(_ branch: Branch, _ event: Event) -> Bool {
    if let leaf = branch.leaf, isThere(leaf, event) { return true }
    return branch.children.contains { hasAny($0, event) }
  }

  private func isThere(_ leaf: Leaf, _ event: Event) -> Bool {
    if case .field(let field, _) = leaf { return event.has(field) }
    return true
  }

  private func write(
    _ leaf: Leaf?, _ event: Event, _ place: LinePlace, _ json: inout JSONWriter
  ) {
    switch leaf {
    case .time: json.value(LocalTime(zone: .utc).stamp(event.time))
    case .line: json.value(place.number)
    case .offset: json.value(place.offset)
    case .field(let field, let isNumber):
      guard let value = event[field] else { return json.null() }
      if isNumber, case .text(let text) = value, let number = text.canonicalNumber {
        return json.value(number)
      }
      write(value, &json)
    case nil: json.null()
    }
  }

  private func write(_ value: Value, _ json: inout JSONWriter) {
    switch value {
    case .text(let text): json.value(text.string)
    case .integer(let number): json.value(number)
    case .number(_, let text): json.encoded(text.copy())
    case .bool(let flag): json.value(flag)
    case .null: json.null()
    case .json(let text): json.encoded(PlainEventJSON.harmless(text))
    }
  }

  /// JSON as a log has it, with what could act on a terminal written as `\u` escapes.
  private static func harmless(_ json: ByteView) -> [UInt8] {
    var isPlain = true
    for offset in 0..<json.count where json[offset] < 0x20 || json[offset] >= 0x7F {
      isPlain = false
      break
    }
    if isPlain { return json.copy() }
    var result: [UInt8] = []
    for scalar in json.string.unicodeScalars {
      switch scalar.value {
      // Only blanks between tokens can be control characters.
      case 0..<0x20: result.append(0x20)
      case 0x7F...0x9F, 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069:
        let digits = String(scalar.value, radix: 16)
        result += "\\u".utf8
        result += String(repeating: "0", count: 4 - digits.utf8.count).utf8
        result += digits.utf8
      default: result += UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter
      }
    }
    return result
  }
}

extension ByteView {
  /// The number that the text spells in the only way there is, or `nil`.
  fileprivate var canonicalNumber: UInt64? {
    count == 1 || (count > 1 && self[0] != UInt8(ascii: "0")) ? decimal : nil
  }
}

extension [Member] {
  /// Those of which the question holds, and the others.
  fileprivate func split(_ isFirst: (Member) -> Bool) -> ([Member], [Member]) {
    (filter(isFirst), filter { !isFirst($0) })
  }
}
