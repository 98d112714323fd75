import Bytes
public import Documents

/// Reads mapping files.
public enum MappingLoader {
  private static let keys = [
    "mapping", "format", "match", "fields", "set", "cases", "text", "message", "description",
    "multiline", "ages",
  ]

  /// Reads every mapping of a document.
  ///
  /// - Parameters:
  ///   - document: A mapping file; it may hold several mappings parted by `---`.
  ///   - table: Gets the names of the record's parts.
  /// - Returns: The mappings that are whole; a mapping with a mistake is left out and named.
  public static func load(
    _ document: Document, table: inout FieldTable
  ) -> (mappings: [Mapping], problems: [Problem]) {
    var (mappings, problems): ([Mapping], [Problem]) = ([], [])
    for root in document.roots {
      var reader = Reader(document: document, table: table)
      if let mapping = reader.mapping(root), reader.problems.isEmpty { mappings.append(mapping) }
      problems += reader.problems
      table = reader.table
    }
    return (mappings, problems)
  }

  private struct Reader {
    let document: Document
    var table: FieldTable
    var problems: [Problem] = []
    var parts: [Mapping.Part] = []

    init(document: Document, table: FieldTable) {
      self.document = document
      self.table = table
    }

    mutating func mapping(_ root: Node) -> Mapping? {
      problems += document.unknownKeys(in: root, known: MappingLoader.keys)
      guard let id = root["mapping"]?.text, !id.isEmpty else {
        problem(root, "a mapping needs its name", "add `mapping: my-product`")
        return nil
      }
      guard let formatNode = root["format"], let word = formatNode.text,
        let format = Mapping.Format(rawValue: word)
      else {
        let known = Mapping.Format.allCases.map(\.rawValue)
        let near = root["format"]?.text.flatMap { nearestName(to: $0, among: known) }
        problem(
          root["format"] ?? root, "format is one of \(known.joined(separator: ", "))",
          near.map { "did you mean `\($0)`?" } ?? "add `format: json`")
        return nil
      }
      let match = root["match"] ?? Node(.map([]), line: root.line, column: root.column)
      problems += document.unknownKeys(
        in: match, known: ["program", "keys", "structured_data", "path"])
      let messageFormat = messageFormat(root["message"])
      let required = texts(match["keys"]).map { part($0) }
      let assignments = assignments(root["fields"])
      let settings = settings(root["set"])
      return Mapping(
        id: id, format: format, file: document.file, dataset: ByteView(immortal: id),
        programs: texts(match["program"]).map(ByteView.init(immortal:)), requiredParts: required,
        structuredData: texts(match["structured_data"]).map(ByteView.init(immortal:)),
        path: ByteView(immortal: match["path"]?.text ?? ""), messageFormat: messageFormat,
        assignments: assignments, ages: self.assignments(root["ages"]), settings: settings,
        cases: cases(root["cases"]),
        texts: patterns(root["text"]), parts: parts,
        multiline: root["multiline"].flatMap {
          MultilineRule.read($0, in: document, problems: &problems)
        })
    }

    mutating func messageFormat(_ node: Node?) -> Mapping.MessageFormat {
      guard let node else { return .text }
      if let word = node.text, let format = Mapping.MessageFormat(rawValue: word) { return format }
      problem(node, "message is `text`, `logfmt` or `json`", "say what the message holds")
      return .text
    }

    mutating func assignments(_ node: Node?) -> [Mapping.Assignment] {
      guard let node else { return [] }
      guard let entries = node.entries else {
        problem(node, "fields maps a field to where its value is", "write `user.name: login`")
        return []
      }
      return entries.compactMap { entry in
        guard let field = field(entry.key, at: entry.value) else { return nil }
        let paths = texts(entry.value)
        if paths.isEmpty { problem(entry.value, "no place for `\(entry.key)`", "name a key") }
        return Mapping.Assignment(field: field, parts: paths.map { part($0) })
      }
    }

    mutating func settings(_ node: Node?) -> [Mapping.Setting] {
      guard let node else { return [] }
      guard let entries = node.entries else {
        problem(node, "set maps a field to its constant", "write `event.category: http`")
        return []
      }
      return entries.compactMap { entry in
        guard let text = entry.value.text else {
          problem(entry.value, "a constant is text", "write it as one word or in quotes")
          return nil
        }
        if entry.key == "event.action", !Actions.all.contains(text) {
          let near = nearestName(to: text, among: Actions.all)
          problem(
            entry.value, "`\(text)` is not an action",
            near.map { "did you mean `\($0)`?" } ?? "see the list in Sources/Events/Actions.swift")
          return nil
        }
        guard let field = field(entry.key, at: entry.value) else { return nil }
        return Mapping.Setting(field: field, text: ByteView(immortal: text))
      }
    }

    mutating func cases(_ node: Node?) -> [Mapping.Case] {
      (node?.list ?? []).map { item in
        problems += document.unknownKeys(in: item, known: ["when", "set", "fields"])
        let conditions = (item["when"]?.entries ?? []).map { entry in
          Mapping.Condition(
            part: part(entry.key),
            patterns: entry.value.isNull
              ? [] : texts(entry.value).map(ByteView.init(immortal:)))
        }
        return Mapping.Case(
          conditions: conditions, settings: settings(item["set"]),
          assignments: assignments(item["fields"]))
      }
    }

    mutating func patterns(_ node: Node?) -> [Mapping.TextPattern] {
      (node?.list ?? []).compactMap { item in
        problems += document.unknownKeys(in: item, known: ["of", "like", "set"])
        guard let like = item["like"]?.text else {
          problem(item, "a text needs its form", "add `like: \"Login of {user.name}\"`")
          return nil
        }
        var pieces: [(field: Field, after: ByteView)] = []
        var rest = Substring(like)
        guard let open = rest.firstIndex(of: "{") else {
          return Mapping.TextPattern(
            part: part(item["of"]?.text ?? "message"), prefix: ByteView(immortal: like),
            pieces: [], settings: settings(item["set"]))
        }
        let prefix = String(rest[..<open])
        rest = rest[open...]
        while let close = rest.firstIndex(of: "}") {
          guard let field = field(String(rest[..<close].dropFirst()), at: item) else { return nil }
          rest = rest[rest.index(after: close)...]
          let next = rest.firstIndex(of: "{") ?? rest.endIndex
          if next == rest.startIndex, next != rest.endIndex {
            problem(item, "two fields stand together", "put a text between them")
          }
          pieces.append((field, ByteView(immortal: String(rest[..<next]))))
          rest = rest[next...]
          if rest.isEmpty { break }
        }
        return Mapping.TextPattern(
          part: part(item["of"]?.text ?? "message"), prefix: ByteView(immortal: prefix),
          pieces: pieces, settings: settings(item["set"]))
      }
    }

    /// The field that holds a record's part; a part named like a common field gets a name of its
    /// own, so that a log's author can not write what only the joins may say.
    mutating func part(_ path: String) -> Field {
      if let known = parts.first(where: { $0.path == path }) { return known.field }
      let name = Field.knownNames.contains(path) ? "record.\(path)" : path
      guard let field = table.intern(name) else {
        problems.append(
          Problem(
            file: document.file, line: 1, column: 1,
            message: "more than \(Record.slotsMax) different fields",
            fix: "load fewer mappings or rules"))
        return .message
      }
      parts.append(Mapping.Part(path: path, name: ByteView(immortal: path), field: field))
      return field
    }

    mutating func field(_ name: String, at node: Node) -> Field? {
      if let field = table[name] {
        // What a log says of itself must not pass for what the registers say.
        guard !Mapping.isReserved(field) else {
          problem(
            node, "`\(name)` is not a log's to say: the registers, the time or the habits fill it",
            "leave it out, or keep the log's own key, which rules can read under its own name")
          return nil
        }
        return field
      }
      if let near = nearestName(to: name, among: Field.knownNames) {
        problem(node, "unknown field `\(name)`", "did you mean `\(near)`?")
        return nil
      }
      return table.intern(name)
    }

    func texts(_ node: Node?) -> [String] {
      if let text = node?.text { return [text] }
      return (node?.list ?? []).compactMap(\.text)
    }

    mutating func problem(_ node: Node, _ message: String, _ fix: String) {
      problems.append(document.problem(node, message, fix: fix))
    }
  }
}
