/// What an editor needs to complete and check policy.yaml.
extension Policy {
  /// The schema of a company's own policy: JSON Schema, draft 2020-12.
  package static var schema: SchemaValue {
    var members: [(key: String, value: SchemaValue)] = [
      ("$schema", .text(SchemaValue.dialect)),
      ("title", .text("Rollcall: policy")),
      ("description", .text("The numbers and choices that detectors and checks go by.")),
    ]
    members += group(Policy.defaults.entries.map { ($0.name.split(separator: ".")[...], $0) })
    return .object(members)
  }

  private typealias Named = (path: ArraySlice<Substring>, entry: Entry)

  private static func group(_ entries: [Named]) -> [(key: String, value: SchemaValue)] {
    var names: [Substring] = []
    var groups: [Substring: [Named]] = [:]
    for (path, entry) in entries {
      guard let name = path.first else { continue }
      if groups[name] == nil { names.append(name) }
      groups[name, default: []].append((path.dropFirst(), entry))
    }
    let properties = names.map { name -> (key: String, value: SchemaValue) in
      let inner = groups[name] ?? []
      if let only = inner.first, only.path.isEmpty { return (String(name), only.entry.schema) }
      return (String(name), .object(group(inner)))
    }
    return [
      ("type", .list([.text("object"), .text("null")])), ("properties", .object(properties)),
      ("additionalProperties", .bool(false)),
    ]
  }
}

extension Policy.Entry {
  fileprivate var schema: SchemaValue {
    .object([
      (
        "description",
        .text("\(reason) Default: \(value)." + (clause.isEmpty ? "" : " Clause: \(clause)."))
      ),
      ("type", .text("object")),
      (
        "properties",
        .object([
          ("value", valueSchema),
          ("reason", .object([("type", .text("string")), ("minLength", .number(1))])),
          ("clause", .object([("type", .text("string"))])),
          ("stated", .object([("type", .text("boolean"))])),
        ])
      ),
      ("required", .list([.text("value"), .text("reason")])),
      ("additionalProperties", .bool(false)),
    ])
  }

  private var valueSchema: SchemaValue {
    guard choices.isEmpty else {
      let words = choices.map { SchemaValue.text($0) }
      // An editor reads a plain true as a boolean, which is as good.
      let isLogical = choices.contains("true")
      return .object([
        ("enum", .list(words + (isLogical ? [.bool(true), .bool(false)] : [])))
      ])
    }
    switch sort {
    case .integer: return .object([("type", .text("integer")), ("minimum", .number(0))])
    case .decimal: return .object([("type", .text("number")), ("minimum", .number(0))])
    case .duration:
      return .object([("type", .text("string")), ("pattern", .text("^[0-9]+[smhd]$"))])
    case .text: return .object([("type", .list([.text("string"), .text("number")]))])
    case .list:
      return .object([
        ("type", .text("array")),
        ("items", .object([("type", .list([.text("string"), .text("number")]))])),
      ])
    }
  }
}
