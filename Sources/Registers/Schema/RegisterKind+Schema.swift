/// What an editor needs to complete and check a register: JSON Schema, draft 2020-12.
extension RegisterKind {
  /// The schema of a file that holds this register.
  package var schema: SchemaValue {
    .object([
      ("$schema", .text(SchemaValue.dialect)),
      ("title", .text("Rollcall: \(rawValue)")),
      ("description", .text(summary)),
      ("type", .text("object")),
      ("properties", .object([(rawValue, rows)])),
      ("additionalProperties", .bool(false)),
    ])
  }

  /// The schema of a file that may hold all of them.
  package static var schemaOfAll: SchemaValue {
    .object([
      ("$schema", .text(SchemaValue.dialect)),
      ("title", .text("Rollcall: registers")),
      ("description", .text("Any of the registers, in one file.")),
      ("type", .text("object")),
      ("properties", .object(allCases.map { ($0.rawValue, $0.rows) })),
      ("additionalProperties", .bool(false)),
    ])
  }

  private var rows: SchemaValue {
    .object([
      ("description", .text(summary)), ("type", .list([.text("array"), .text("null")])),
      ("items", keys.schema),
    ])
  }

  /// The columns of the register's CSV file; a list of mappings has a column for each of its first
  /// item's keys, and more items take more numbers.
  public var columns: [String] { keys.columns(prefix: "") }
}

extension SchemaValue {
  /// The dialect that all schemas are written in.
  static let dialect = "https://json-schema.org/draft/2020-12/schema"
}

extension RegisterKeys {
  /// The schema of a mapping with these keys.
  fileprivate var schema: SchemaValue {
    let required = all.filter(\.isRequired).map { SchemaValue.text($0.name) }
    var members: [(key: String, value: SchemaValue)] = [
      ("type", .text("object")),
      ("properties", .object(all.map { ($0.name, $0.schema) })),
      ("additionalProperties", .bool(false)),
    ]
    if !required.isEmpty { members.append(("required", .list(required))) }
    return .object(members)
  }

  fileprivate func columns(prefix: String) -> [String] {
    all.flatMap { key -> [String] in
      switch key.sort {
      case .mapping(let keys), .textOrMapping(let keys):
        keys.columns(prefix: prefix + key.name + ".")
      case .rows(let keys): keys.columns(prefix: prefix + key.name + ".1.")
      default: [prefix + key.name]
      }
    }
  }
}

extension RegisterKey {
  /// A key left empty is absent, so every value may be null.
  fileprivate var schema: SchemaValue {
    let description = (key: "description", value: SchemaValue.text(summary))
    func one(_ members: [(key: String, value: SchemaValue)]) -> SchemaValue {
      .object([description] + members)
    }
    // What YAML takes for a number is text to us all the same.
    let scalars: [SchemaValue] = [.text("string"), .text("number")]
    let texts = SchemaValue.object([("type", .list(scalars))])
    func types(_ names: String...) -> (key: String, value: SchemaValue) {
      ("type", .list(names.map { .text($0) } + [.text("null")]))
    }
    func pattern(_ text: String) -> (key: String, value: SchemaValue) { ("pattern", .text(text)) }
    let day = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
    let point =
      "^\(day)([Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2}))?$"
    switch sort {
    case .text: return one([types("string", "number")])
    case .texts: return one([types("array"), ("items", texts)])
    case .day: return one([types("string"), pattern("^\(day)$")])
    case .point: return one([types("string"), pattern(point)])
    case .month: return one([types("string"), pattern("^[0-9]{4}-(0[1-9]|1[0-2])$")])
    case .duration: return one([types("string"), pattern("^[0-9]+[smhd]$")])
    case .bool: return one([types("boolean")])
    case .integer: return one([types("integer"), ("minimum", .number(0))])
    case .decimal: return one([types("number"), ("minimum", .number(0))])
    case .word(let words):
      return one([types("string"), ("enum", .list(words.map { .text($0) } + [.null]))])
    case .hours:
      return one([types("string", "array"), ("items", .object([("type", .text("string"))]))])
    case .names:
      return one([
        types("object"),
        (
          "additionalProperties",
          .object([("type", .list(scalars + [.text("array")])), ("items", texts)])
        ),
      ])
    case .times:
      return one([
        types("object"),
        ("additionalProperties", .object([types("string"), pattern(point)])),
      ])
    case .mapping(let keys): return one([("anyOf", .list([keys.schema, .nothing]))])
    case .rows(let keys): return one([types("array"), ("items", keys.schema)])
    case .textOrMapping(let keys):
      return one([
        ("anyOf", .list([keys.schema, .object([types("string", "number")])]))
      ])
    }
  }
}

extension SchemaValue {
  /// The schema of nothing.
  fileprivate static let nothing = SchemaValue.object([("type", .text("null"))])
}
