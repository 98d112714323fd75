import Bytes
import Documents
import Events

/// Reads one rule of a file; every mistake is collected with its place.
struct RuleReader {
  let document: Document
  var fields: FieldTable
  let placeholders: (String) -> [String]?
  let policy: (String) -> String?
  var problems: [Problem] = []
  /// The id and name of the rule, by which others may refer to it, also when it is refused.
  private(set) var names: [String] = []
  /// The log source, which decides what field names mean.
  var source = LogSourceName()
  /// Whether some log feeds the rule.
  var isReadable = true
  /// Whether a rule that no log feeds asks for what could not be run.
  var hasUnsupported = false
  /// The names that placeholders may have, for whoever mistypes one.
  let placeholderNames: [String]

  init(
    document: Document, fields: FieldTable, placeholders: @escaping (String) -> [String]?,
    placeholderNames: [String] = [], policy: @escaping (String) -> String?
  ) {
    self.placeholderNames = placeholderNames

    self.document = document
    self.fields = fields
    self.placeholders = placeholders
    self.policy = policy
  }

  static let keys = [
    "title", "id", "name", "status", "description", "references", "author", "date", "modified",
    "tags", "level", "logsource", "detection", "falsepositives", "fields", "related", "license",
    "scope", "taxonomy", "correlation", "controls", "tests", "subject", "message", "window",
    "population", "regression_tests_path", "simulation", "custom_attributes",
  ]

  /// The filter that was read instead of a rule.
  private(set) var filter: RuleFilter?
  /// The log sources of rules by their ids and names, for the field names of correlations.
  var sources: [String: LogSourceName] = [:]

  /// Reads the rule; `nil` when it is not one at all, or a filter.
  mutating func read(_ written: Node) -> RuleDraft? {
    guard written.entries != nil else {
      report(written, "a rule is a mapping", fix: "begin with `title:`")
      return nil
    }
    let root = written
    names = [text(root["id"]), text(root["name"])].compactMap(\.self)
    checkPolicy(root)
    guard problems.isEmpty else { return nil }
    if let entry = root.entries?.first(where: { $0.key == "action" }) {
      report(
        entry, "Sigma's `action` documents are not supported", fix: "write each rule in full")
      return nil
    }
    if root["filter"] != nil {
      filter = readFilter(root)
      return nil
    }
    readKeys(root)
    readSourceName(root["logsource"])
    if root["correlation"] != nil {
      let fed = nodes(root["correlation"]?["rules"]).compactMap(\.text)
      source = fed.compactMap { [sources] in sources[$0] }.first ?? LogSourceName()
    }
    let header = readHeader(root)
    var draft = RuleDraft(rule: nil, names: names.isEmpty ? [header.id] : names)
    var rule = Rule(
      header: header, kind: .stateless, tests: root["tests"], file: document.file, line: root.line)
    switch (root["detection"], root["correlation"]) {
    case (let detection?, nil):
      readDetection(detection, root, into: &rule)
    case (nil, let node?):
      if let source = root["logsource"] { report(source, "a correlation has no log source") }
      guard let correlation = readCorrelation(node, into: &draft) else { return nil }
      rule.kind = .correlation(correlation)
    case (nil, nil): report(root, "no `detection` and no `correlation`")
    case (_?, let node?): report(node, "a rule has either `detection` or `correlation`")
    }
    draft.rule = rule
    return draft
  }

  /// Keys that are nearly ours are mistakes; what is near none is somebody's own, which Sigma allows.
  mutating func readKeys(_ root: Node, known: [String] = RuleReader.keys) {
    for entry in root.entries ?? [] where !known.contains(entry.key) {
      guard let nearest = nearestName(to: entry.key, among: known) else {
        problems.append(
          Problem(
            file: document.file, line: entry.line, column: entry.column,
            message: "the key `\(entry.key)` means nothing here", fix: "", severity: .warning))
        continue
      }
      report(entry, "unknown key `\(entry.key)`", fix: "did you mean `\(nearest)`?")
    }
  }

  private mutating func readDetection(_ detection: Node, _ root: Node, into rule: inout Rule) {
    let known = fields
    let gate = readLogSource(root["logsource"], at: root)
    rule.source = source
    rule.notReadable = gate.notReadable
    isReadable = gate.notReadable == nil
    rule.written = readExpression(detection)
    guard isReadable else {
      // The rule is checked like any other, but the names of its fields must not crowd the table.
      rule.written = WrittenDetection(condition: rule.written.condition)
      fields = known
      return
    }
    rule.written.gate = gate.expression
    rule.join()
  }

  // MARK: Policy values

  /// Reports every policy value in the rule that does not exist.
  private mutating func checkPolicy(_ node: Node) {
    switch node.content {
    case .null: break
    case .list(let nodes): for child in nodes { checkPolicy(child) }
    case .map(let entries): for entry in entries { checkPolicy(entry.value) }
    case .scalar(let text, _):
      do { _ = try substituted(text) } catch { report(node, error.message, fix: error.fix) }
    }
  }

  /// A scalar with every `%policy.NAME%` replaced; `nil` when the node is none.
  ///
  /// A quoted scalar that is a policy value and nothing else counts as plain, so that it may be a
  /// number.
  func scalar(_ node: Node) -> (text: String, isPlain: Bool)? {
    guard case .scalar(let text, let isPlain) = node.content else { return nil }
    // What can not be replaced was reported before.
    guard text.contains(RuleReader.policyMark), let result = try? substituted(text)
    else { return (text, isPlain) }
    let isWhole =
      text.hasPrefix(RuleReader.policyMark) && text.hasSuffix("%")
      && text.utf8.count { $0 == UInt8(ascii: "%") } == 2
    return (result, isPlain || isWhole)
  }

  private static let policyMark = "%policy."

  /// The values of `%policy.NAME%` where it stands alone, a list's one by one; `nil` for any other text.
  func policyList(_ text: String) -> [String]? {
    guard text.hasPrefix(RuleReader.policyMark), text.hasSuffix("%"),
      text.utf8.count(where: { $0 == UInt8(ascii: "%") }) == 2,
      let value = policy(String(text.dropFirst(RuleReader.policyMark.count).dropLast()))
    else { return nil }
    // A list is told as it is printed: its values parted by a comma and a blank.
    return value.split(separator: ", ").map(String.init)
  }

  private func substituted(_ text: String) throws(ConditionError) -> String {
    var (result, rest) = ("", text[...])
    while let start = rest.range(of: RuleReader.policyMark) {
      result += rest[..<start.lowerBound]
      let after = rest[start.upperBound...]
      guard let end = after.firstIndex(of: "%") else {
        throw ConditionError(
          offset: 0, message: "`\(RuleReader.policyMark)` without the closing `%`")
      }
      let name = String(after[..<end])
      guard let value = policy(name) else {
        throw ConditionError(
          offset: 0, message: "no policy value named `\(name)`", fix: "add it to the policy file")
      }
      result += value
      rest = after[after.index(after: end)...]
    }
    return result + rest
  }

  // MARK: Header

  private mutating func readHeader(_ root: Node) -> RuleHeader {
    let title = text(root["title"]) ?? ""
    if root["title"] == nil { report(root, "no `title`") }
    var header = RuleHeader(id: text(root["id"]) ?? text(root["name"]) ?? title, title: title)
    if header.title.isEmpty, let node = root["title"] { report(node, "the title is empty") }
    if header.id.isEmpty, let node = root["id"] { report(node, "the id is empty") }
    header.name = text(root["name"])
    header.description = text(root["description"]) ?? ""
    header.author = text(root["author"])
    header.license = text(root["license"])
    header.references = texts(root["references"])
    header.falsePositives = texts(root["falsepositives"])
    header.controls = texts(root["controls"])
    header.tags = texts(root["tags"])
    header.techniques = header.tags.compactMap(RuleReader.technique)
    if let node = root["status"] {
      header.status = choice(
        node, ["stable", "test", "experimental", "deprecated", "unsupported"], "status")
    }
    if let node = root["level"],
      let name = choice(node, Level.allCases.map(\.name), "level"), let level = Level(name: name)
    {
      header.level = level
    }
    if let node = root["taxonomy"] { _ = choice(node, ["sigma", "ecs", "rollcall"], "taxonomy") }
    if let node = root["window"] { header.windowSeconds = seconds(node) ?? 86_400 }
    if let node = root["population"] {
      header.population =
        choice(node, Population.allCases.map(\.rawValue), "population").flatMap(Population.init)
        ?? .event
    }
    for node in nodes(root["subject"]) {
      guard let name = text(node), let field = field(name, at: node) else { continue }
      header.subject.append(field)
    }
    if let node = root["message"] { header.message = messageParts(node) }
    return header
  }

  /// `attack.t1110.003` becomes `T1110.003`; other tags are no techniques.
  static func technique(_ tag: String) -> String? {
    let lowered = tag.lowercased()
    guard lowered.hasPrefix("attack.t"), lowered.utf8.count >= 12 else { return nil }
    let number = lowered.dropFirst("attack.t".count)
    guard number.prefix(4).utf8.allSatisfy(\.isDigit),
      number.utf8.allSatisfy({ $0.isDigit || $0 == UInt8(ascii: ".") })
    else { return nil }
    return "T" + number
  }

  private mutating func messageParts(_ node: Node) -> [MessagePart] {
    guard let text = text(node) else { return [] }
    var (parts, plain, rest) = ([MessagePart](), "", text[...])
    while let character = rest.first {
      guard character == "{" else {
        if character == "}" { report(node, "`}` without `{`", fix: "name a field: `{user.name}`") }
        plain.append(character)
        rest.removeFirst()
        continue
      }
      guard let end = rest.firstIndex(of: "}") else {
        report(node, "`{` without `}`", fix: "name a field: `{user.name}`")
        return []
      }
      let name = String(rest[rest.index(after: rest.startIndex)..<end])
      let names = name.split(separator: "|", omittingEmptySubsequences: false)
      var fields: [Field] = []
      for name in names where !name.isEmpty {
        if let field = field(String(name), at: node) { fields.append(field) }
      }
      guard fields.count == names.count, let first = fields.first else {
        report(
          node, "`{}` names no field",
          fix: "`{user.name}`, or the first of several: `{tool.name|url.domain}`")
        return []
      }
      if !plain.isEmpty { parts.append(.text(plain)) }
      plain = ""
      parts.append(fields.count == 1 ? .field(first) : .first(fields))
      rest = rest[rest.index(after: end)...]
    }
    if !plain.isEmpty { parts.append(.text(plain)) }
    return parts
  }

  // MARK: Log source

  /// The log source's name, so that the header's fields mean what the detection's do.
  private mutating func readSourceName(_ node: Node?) {
    func part(_ key: String) -> String? { node?[key]?.text?.lowercased() }
    source = LogSourceName(
      category: part("category"), product: part("product"), service: part("service"))
  }

  mutating func readLogSource(
    _ node: Node?, at root: Node
  ) -> (expression: Expression?, notReadable: String?) {
    guard let node, node.entries != nil else {
      report(node ?? root, "no `logsource`", fix: "write `logsource: {category: access}`")
      return (nil, nil)
    }
    problems += document.unknownKeys(
      in: node, known: ["category", "product", "service", "definition"])
    source = LogSourceName(
      category: text(node["category"])?.lowercased(), product: text(node["product"])?.lowercased(),
      service: text(node["service"])?.lowercased())
    guard source != LogSourceName() else {
      report(node, "the log source names no category, product or service")
      return (nil, nil)
    }
    if source == LogSourceName(category: "application") {
      return (nil, "the log source category `application` needs a product")
    }
    let first = source.category.map { LogSource.categories[$0] } ?? .always
    let second = LogSource.gate(
      category: source.category, product: source.product, service: source.service)
    guard let first, let second else { return (nil, "no source of \(source.description)") }
    let parts = [first, second].compactMap { expression($0, at: node) }
    return (parts.isEmpty ? nil : parts.count == 1 ? parts[0] : .all(parts), nil)
  }

  /// A gate as part of a rule; `nil` for any event.
  private mutating func expression(_ gate: LogSource.Gate, at node: Node) -> Expression? {
    switch gate {
    case .always: return nil
    case .one(let values, let name):
      guard let field = intern(name, at: node) else { return nil }
      return .any(
        values.map {
          .test(Test(field: field, matcher: .text(SigmaText($0), isCased: false, number: nil)))
        })
    case .present(let name):
      return intern(name, at: node).map { .test(Test(field: $0, matcher: .exists)) }
    case .either(let gates): return .any(gates.compactMap { expression($0, at: node) })
    case .both(let gates): return .all(gates.compactMap { expression($0, at: node) })
    }
  }

  // MARK: Helpers

  mutating func report(_ node: Node, _ message: String, fix: String = "") {
    problems.append(document.problem(node, message, fix: fix))
  }

  mutating func report(_ entry: Node.Entry, _ message: String, fix: String = "", shift: Int = 0) {
    problems.append(
      Problem(
        file: document.file, line: entry.line, column: entry.column + shift, message: message,
        fix: fix))
  }

  mutating func text(_ node: Node?) -> String? {
    guard let node, !node.isNull else { return nil }
    guard let scalar = scalar(node) else {
      report(node, "text is wanted here")
      return nil
    }
    return scalar.text
  }

  func nodes(_ node: Node?) -> [Node] {
    guard let node, !node.isNull else { return [] }
    return node.list ?? [node]
  }

  mutating func texts(_ node: Node?) -> [String] {
    var texts: [String] = []
    for node in nodes(node) { if let text = text(node) { texts.append(text) } }
    return texts
  }

  mutating func choice(_ node: Node, _ known: [String], _ what: String) -> String? {
    guard let text = text(node) else { return nil }
    guard known.contains(text) else {
      report(
        node, "unknown \(what) `\(text)`",
        fix: nearestName(to: text, among: known).map { "did you mean `\($0)`?" }
          ?? "use one of \(known.joined(separator: ", "))")
      return nil
    }
    return text
  }

  /// The field of a name, after the log source's aliases.
  mutating func field(_ name: String, at node: Node) -> Field? {
    intern(FieldNames.name(name, in: source), at: node)
  }

  private mutating func intern(_ name: String, at node: Node) -> Field? {
    guard let field = fields.intern(name) else {
      // Of a rule that is never run only the form matters.
      if !isReadable { return .message }
      report(
        node,
        "no room for the field `\(name)`: rules and mappings name more than "
          + "\(Event.fieldsMax)", fix: "load fewer rules")
      return nil
    }
    return field
  }

  /// A duration such as `15m`, in seconds.
  mutating func seconds(_ node: Node) -> Int64? {
    guard let text = text(node) else { return nil }
    // A month and a year are those of the mean Gregorian calendar, as in pySigma.
    let units: [Character: Int64] = [
      "s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800, "M": 2_629_746, "y": 31_556_952,
    ]
    guard let unit = text.last.flatMap({ units[$0] }), let count = Int64(text.dropLast()),
      count > 0, count <= 1_000_000_000 / unit, text.first?.isNumber ?? false
    else {
      report(
        node, "`\(text)` is no duration",
        fix: "write a number and s, m, h, d, w, M or y, as in `15m`")
      return nil
    }
    return count * unit
  }
}

extension Substring {
  /// Where `mark` first stands, byte for byte; O(*n*) for a mark whose first byte is rare.
  func range(of mark: String) -> Range<Index>? {
    guard let first = mark.utf8.first else { return nil }
    var rest = utf8[...]
    while let start = rest.firstIndex(of: first) {
      rest = rest[start...]
      if rest.starts(with: mark.utf8) {
        return start..<rest.index(start, offsetBy: mark.utf8.count)
      }
      rest = rest.dropFirst()
    }
    return nil
  }
}

extension String {
  /// Whether `mark` stands somewhere in the text.
  func contains(_ mark: String) -> Bool { self[...].range(of: mark) != nil }
}
