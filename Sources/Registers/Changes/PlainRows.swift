import Documents

/// The rows of registers as they are written, whatever their keys mean: what a comparison goes by.
struct PlainRows {
  /// One row: its identity, its keys as paths with their values, and where it stands.
  struct Row {
    let register: RegisterKind
    let id: String
    let name: String?
    /// Paths such as `employment.end` or `renewals.1.until`, in the order of the file.
    let values: [(path: String, text: String)]
    let place: Place

    /// The value of a path.
    subscript(path: String) -> String? { values.first { $0.path == path }?.text }
  }
  private(set) var rows: [Row] = []
  /// How often an identity was seen: rows may share one by mistake.
  private var counts: [String: Int] = [:]

  /// The rows of files.
  ///
  /// - Throws: ``Problem`` for the first file that is neither YAML nor CSV; keys and values are not judged.
  init(_ files: [(file: String, text: String)]) throws(Problem) {
    for (file, text) in files {
      if file.lowercased().hasSuffix(".csv") {
        let base = file.split(separator: "/").last.map { $0.dropLast(4).lowercased() } ?? ""
        guard let register = RegisterKind(rawValue: base) else { continue }
        for row in try CommaSeparated.rows(file: file, text: text) {
          add(row, register, file, isCSV: true)
        }
        continue
      }
      for root in try Document(file: file, text: text).roots {
        for entry in root.entries ?? [] {
          guard let register = RegisterKind(rawValue: entry.key) else { continue }
          for row in entry.value.list ?? [] { add(RowNode(row), register, file, isCSV: false) }
        }
      }
    }
  }

  private mutating func add(_ node: RowNode, _ register: RegisterKind, _ file: String, isCSV: Bool)
  {
    guard node.entries != nil else { return }
    var id = PlainRows.id(of: node, in: register)
    let key = "\(register.rawValue) \(id)"
    let count = counts[key, default: 0] + 1
    counts[key] = count
    if count > 1 { id += " (\(count))" }
    rows.append(
      Row(
        register: register, id: id, name: node["name"]?.text ?? node["title"]?.text,
        values: PlainRows.values(of: node, keys: register.keys, isCSV: isCSV),
        place: Place(file: file, line: node.line, column: node.column)))
  }

  /// What a row is called by: its id, or where a register has none what makes a row of it the one that it is.
  private static func id(of node: RowNode, in register: RegisterKind) -> String {
    if let id = node["id"]?.text, !id.isEmpty { return id }
    let parts: [String?] =
      switch register {
      case .roles: [node["job_role"]?.text]
      case .flows: [node["from"]?.text, "to", node["to"]?.text]
      case .reviews: [node["system"]?.text, node["month"]?.text]
      case .attestations: [node["clause"]?.text]
      default: []
      }
    let id = parts.compactMap(\.self).joined(separator: " ")
    return id.isEmpty ? "without id" : id
  }

  /// The keys of a mapping as paths; in CSV a list and a map of names are words.
  static func values(
    of node: RowNode, keys: RegisterKeys, isCSV: Bool, under path: String = ""
  ) -> [(path: String, text: String)] {
    (node.entries ?? []).flatMap { entry -> [(path: String, text: String)] in
      let path = path.isEmpty ? entry.key : "\(path).\(entry.key)"
      let within = keys.within(entry.key)
      if isCSV, let text = entry.value.text, let sort = keys[entry.key]?.sort {
        return csvValues(text, sort, path)
      }
      return values(entry.value, within, isCSV, path)
    }
  }

  private static func csvValues(
    _ text: String, _ sort: RegisterKey.Sort, _ path: String
  ) -> [(path: String, text: String)] {
    let words = text.split(separator: " ").map(String.init)
    switch sort {
    case .texts: return [(path, words.joined(separator: ", "))]
    case .names, .times:
      let pairs = words.map { $0.split(separator: ":", maxSplits: 1).map(String.init) }
      return Dictionary(grouping: pairs.filter { $0.count == 2 }, by: { $0[0] })
        .sorted { $0.key < $1.key }
        .map { ("\(path).\($0.key)", $0.value.map { $0[1] }.joined(separator: ", ")) }
    default: return [(path, text)]
    }
  }

  private static func values(
    _ node: RowNode, _ keys: RegisterKeys?, _ isCSV: Bool, _ path: String
  ) -> [(path: String, text: String)] {
    switch node.content {
    case .null: return []
    case .scalar(let text): return [(path, text)]
    case .list(let nodes):
      if nodes.allSatisfy({ $0.text != nil }) {
        return nodes.isEmpty ? [] : [(path, nodes.compactMap(\.text).joined(separator: ", "))]
      }
      return nodes.enumerated().flatMap { number, node in
        values(node, keys, isCSV, "\(path).\(number + 1)")
      }
    case .map(let entries):
      if let keys { return values(of: node, keys: keys, isCSV: isCSV, under: path) }
      return entries.flatMap { values($0.value, nil, isCSV, "\(path).\($0.key)") }
    }
  }
}
