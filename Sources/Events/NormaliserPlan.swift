/// What the normalisers of all workers read; made once.
public struct NormaliserPlan: Sendable {
  let mappings: [Mapping]
  let needed: Set<Field>?
  let requests: HTTPRequests
  /// The JSON mappings, the most demanding first, and those of syslog.
  let jsonMappings, syslogMappings: [Int]
  /// Whether someone may read program or message of a syslog line; products are handed them.
  let keepsAllOfSyslog: Bool
  /// The values of JSON that somebody wants.
  private(set) var wants = JSONWants()
  /// The slots that somebody wants of each column of `csvlog`.
  private(set) var csvSlots = [[Int]](repeating: [], count: CSVLog.columns.count + 1)

  /// A plan for these mappings.
  ///
  /// - Parameters:
  ///   - mappings: All that are loaded, the user's before the shipped ones.
  ///   - table: The field names, with those of mappings and rules.
  ///   - needed: The fields that someone reads; `nil` for all of them.
  ///   - requests: What makes a web request a sign-in.
  public init(
    mappings: [Mapping], table: FieldTable, needed: Set<Field>?, requests: HTTPRequests
  ) {
    (self.mappings, self.needed, self.requests) = (mappings, needed, requests)
    let order = mappings.indices.filter { mappings[$0].format == .json }
    jsonMappings = order.sorted {
      (-mappings[$0].requiredParts.count, $0) < (-mappings[$1].requiredParts.count, $1)
    }
    syslogMappings = mappings.indices.filter {
      mappings[$0].format == .rfc5424 || mappings[$0].format == .syslog
    }
    keepsAllOfSyslog =
      !syslogMappings.isEmpty
      || needed.map { $0.contains(.processName) || $0.contains(.message) } ?? true
    var wanted = Set<Field>()
    for index in jsonMappings + syslogMappings {
      let mapping = mappings[index]
      let read = needed.map { mapping.partsRead(for: $0) }
      for part in mapping.parts where read?.contains(part.field) ?? true {
        if wanted.insert(part.field).inserted { want(part.path, slot: part.field.index) }
      }
    }
    // A rule may read a product's own keys without any mapping.
    for index in Field.knownNames.count..<max(Field.knownNames.count, table.names.count) {
      let field = Field(index: index)
      guard needed?.contains(field) ?? true, wanted.insert(field).inserted else { continue }
      want(table.names[index], slot: index)
    }
  }

  /// Has a part of a record kept, whether it is a member of an object or a column.
  private mutating func want(_ path: String, slot: Int) {
    wants.want(path, slot: slot)
    if let place = CSVLog.place(of: path) { csvSlots[place].append(slot) }
  }
}

extension Mapping {
  /// What the path itself reads: time, and what makes a web request a sign-in.
  static let alwaysNeeded: Set<Field> = [
    .timestamp, .statusCode, .requestMethod, .urlOriginal, .urlPath,
  ]

  /// The parts of a record that someone needs, among others: a needed field is filled from them, or a choice depends on
  /// them.
  func partsRead(for needed: Set<Field>) -> Set<Field> {
    var parts = needed.union(requiredParts)
    for choice in cases { parts.formUnion(choice.conditions.map(\.part)) }
    parts.formUnion(texts.map(\.part))
    let filled = needed.union(Mapping.alwaysNeeded)
    for assignment in assignments + ages + cases.flatMap(\.assignments)
    where filled.contains(assignment.field) {
      parts.formUnion(assignment.parts)
    }
    return parts
  }
}
