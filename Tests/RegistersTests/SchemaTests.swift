import Documents
import Foundation
import Registers
import Testing

@Suite struct SchemaTests {
  /// A schema as an editor would read it.
  func schema(_ value: SchemaValue) throws -> Node {
    try #require(Document(file: "schema.json", text: value.json).roots.first)
  }

  func faults(_ text: String, _ schema: Node) throws -> [String] {
    try Document(file: "registers.yaml", text: text).roots.flatMap {
      SchemaValidator(root: schema).faults(in: $0)
    }
  }

  @Test func `every key of every register fits its schema`() throws {
    #expect(try faults(everyRegister, schema(RegisterKind.schemaOfAll)) == [])
    #expect(try faults(example, schema(RegisterKind.schemaOfAll)) == [])
  }

  @Test(arguments: [
    ("secrets: [{id: s, max_age: soon}]", "/secrets/0/max_age: pattern"),
    ("secrets: [{id: s, class: token}]", "/secrets/0/class: enum"),
    ("secrets: [{id: s, last_rotation: 1}]", "/secrets/0/last_rotation: unknown"),
    ("secrets: [{class: other}]", "/secrets/0/id: missing"),
    ("limits: [{id: l, requests: many, per: 1m}]", "/limits/0/requests: type"),
    ("reviews: [{system: a, month: 2026-13}]", "/reviews/0/month: pattern"),
    ("people: [{id: a, employment: {began: 2026-01-01}}]", "/people/0/employment: anyOf"),
    ("people: {id: a}", "/people: type"),
    (
      "backups: [{id: b, restore_tests: [{at: 2026-01-01 10:00}]}]",
      "/backups/0/restore_tests/0/at: pattern"
    ),
    ("rolls: []", "/rolls: unknown"),
  ])
  func `what the reader refuses, the schema refuses`(_ text: String, _ fault: String) throws {
    #expect(try faults(text, schema(RegisterKind.schemaOfAll)) == [fault])
    #expect(throws: Problems.self) { try registers(text) }
  }

  @Test func `the sample's registers fit their schemas`() throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../samples/registers")
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    #expect(files.count >= 5)
    for file in files where file.hasSuffix(".yaml") {
      let kind = try #require(RegisterKind(rawValue: String(file.dropLast(5))))
      let text = try String(contentsOf: folder.appendingPathComponent(file), encoding: .utf8)
      #expect(try faults(text, schema(kind.schema)) == [], "\(file)")
    }
  }

  @Test func `a register's own schema knows that register alone`() throws {
    let schema = try schema(RegisterKind.flows.schema)
    #expect(try faults("flows: [{from: a, to: b}]", schema) == [])
    #expect(try faults("people: [{id: a}]", schema) == ["/people: unknown"])
  }

  @Test func `the defaults fit the policy's schema, and mistakes do not`() throws {
    let schema = try schema(Policy.schema)
    // `choices` is for the defaults alone.
    let text = Policy.defaultsText.split(separator: "\n").map { line in
      line.replacing(/choices: \[[^\]]*\],?/, with: "")
    }.joined(separator: "\n")
    #expect(try faults(text, schema).joined(separator: "\n") == "")
    #expect(
      try faults("contractor: {day_max: {value: 1, reason: x}}", schema)
        == ["/contractor/day_max: unknown"])
    #expect(
      try faults("contractor: {days_max: {value: 1}}", schema)
        == ["/contractor/days_max/reason: missing"])
    #expect(
      try faults("contractor: {day_count: {value: none, reason: x}}", schema)
        == ["/contractor/day_count/value: enum"])
    #expect(
      try faults("login: {spray: {window: {value: 10, reason: x}}}", schema)
        == ["/login/spray/window/value: type"])
  }

  @Test func `the columns of a CSV file are its keys, and are read`() throws {
    for kind in RegisterKind.allCases {
      let header = kind.columns.joined(separator: ",")
      let registers = try Registers([("\(kind.rawValue).csv", header + "\n")])
      #expect(registers.present == [kind])
    }
    #expect(RegisterKind.contractors.columns.contains("engagement.start"))
    #expect(RegisterKind.backups.columns.contains("restore_tests.1.at"))
  }
}

/// As much of JSON Schema as ours use, over settings as they are read: a plain word is whatever JSON
/// would make of it.
struct SchemaValidator {
  let root: Node

  func faults(in value: Node) -> [String] { faults(in: value, root, at: "") }

  private func faults(in value: Node, _ schema: Node, at path: String) -> [String] {
    if let options = schema["anyOf"]?.list {
      return options.contains { faults(in: value, $0, at: path).isEmpty } ? [] : [path + ": anyOf"]
    }
    if let wanted = schema["type"] {
      let names = Set(wanted.list?.compactMap(\.text) ?? [wanted.text ?? ""])
      guard !names.isDisjoint(with: types(of: value)) else { return [path + ": type"] }
    }
    if value.isNull { return [] }
    if let words = schema["enum"]?.list?.compactMap(\.text), let text = value.text,
      !words.contains(text)
    {
      return [path + ": enum"]
    }
    if let pattern = schema["pattern"]?.text, let text = value.text,
      let expression = try? Regex(pattern), text.firstMatch(of: expression) == nil
    {
      return [path + ": pattern"]
    }
    if let items = schema["items"], let list = value.list {
      return list.enumerated().flatMap { faults(in: $1, items, at: "\(path)/\($0)") }
    }
    guard let entries = value.entries else { return [] }
    var found: [String] = []
    for name in schema["required"]?.list?.compactMap(\.text) ?? []
    where !entries.contains(where: { $0.key == name }) {
      found.append("\(path)/\(name): missing")
    }
    for entry in entries {
      let place = "\(path)/\(entry.key)"
      if let inner = schema["properties"]?[entry.key] {
        found += faults(in: entry.value, inner, at: place)
      } else if schema["additionalProperties"]?.text == "false" {
        found.append(place + ": unknown")
      } else if let rest = schema["additionalProperties"], rest.entries != nil {
        found += faults(in: entry.value, rest, at: place)
      }
    }
    return found
  }

  private func types(of value: Node) -> Set<String> {
    switch value.content {
    case .null: return ["null"]
    case .list: return ["array"]
    case .map: return ["object"]
    case .scalar(let text, let isPlain):
      guard isPlain else { return ["string"] }
      if text == "true" || text == "false" { return ["boolean"] }
      if Int(text) != nil { return ["integer", "number"] }
      return Double(text) != nil ? ["number"] : ["string"]
    }
  }
}
