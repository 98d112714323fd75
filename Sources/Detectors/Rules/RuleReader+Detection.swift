import Bytes
import Documents
import Events

/// Reading selections, their modifiers and the condition over them.
extension RuleReader {
  /// The modifiers of Sigma that are known and not supported.
  static let unsupportedModifiers = [
    "base64", "base64offset", "wide", "utf16", "utf16le", "utf16be", "windash", "fieldref",
    "minute", "hour", "day", "week", "month", "year",
  ]
  static let modifiers = [
    "contains", "startswith", "endswith", "all", "exists", "cased", "re", "i", "m", "s", "cidr",
    "gt", "gte", "lt", "lte", "expand", "neq",
  ]
  /// A placeholder list may make at most so many values out of one.
  static let expansionMax = 200_000

  /// The whole `detection`, as one expression and in its parts.
  mutating func readExpression(_ node: Node) -> WrittenDetection {
    var written = WrittenDetection()
    guard let entries = node.entries else {
      report(node, "`detection` is a mapping")
      return written
    }
    var selections: [(name: String, expression: Expression)] = []
    var condition: Node?
    for entry in entries {
      switch entry.key {
      case "condition": condition = entry.value
      case "timeframe":
        report(entry, "`timeframe` is not supported", fix: "write a correlation")
      default: selections.append((entry.key, readSelection(entry.value)))
      }
    }
    guard let condition else {
      report(node, "no `condition`")
      return written
    }
    if selections.isEmpty { report(node, "no selection") }
    var (parts, texts): ([Expression], [String]) = ([], [])
    for node in nodes(condition) {
      guard let text = text(node) else { continue }
      texts.append(text)
      var parser = ConditionParser(text, selections: selections)
      do {
        parts.append(try parser.parse())
      } catch {
        var shift = error.offset
        if case .scalar(_, isPlain: false) = node.content { shift += 1 }
        problems.append(
          Problem(
            file: document.file, line: node.line, column: node.column + shift,
            message: error.message, fix: error.fix))
      }
    }
    if parts.isEmpty, problems.isEmpty { report(condition, "the condition is empty") }
    written.selections = selections
    written.condition =
      texts.count == 1 ? texts[0] : texts.map { "(\($0))" }.joined(separator: " or ")
    written.body = parts.count == 1 ? parts[0] : .any(parts)
    return written
  }

  /// A mapping (all of its fields), a list of mappings (any of them) or of keywords.
  private mutating func readSelection(_ node: Node) -> Expression {
    switch node.content {
    case .map(let entries):
      if entries.isEmpty { report(node, "the selection is empty") }
      var parts: [Expression] = []
      for entry in entries { parts.append(readItem(entry)) }
      return parts.count == 1 ? parts[0] : .all(parts)
    case .list(let nodes):
      if nodes.isEmpty { report(node, "the selection is empty") }
      var parts: [Expression] = []
      for child in nodes {
        if child.entries != nil {
          parts.append(readSelection(child))
        } else {
          parts.append(readKeyword(child))
        }
      }
      return parts.count == 1 ? parts[0] : .any(parts)
    case .scalar: return readKeyword(node)
    case .null:
      report(node, "the selection is empty")
      return .any([])
    }
  }

  private mutating func readKeyword(_ node: Node) -> Expression {
    guard let text = scalar(node)?.text, !text.isEmpty else {
      report(node, "a keyword is text")
      return .any([])
    }
    let pattern = SigmaText(text).anchored(start: false, end: false)
    return .test(Test(field: nil, matcher: .text(pattern, isCased: false, number: nil)))
  }

  /// What the modifiers of one key ask for.
  private struct Form {
    enum Kind { case text, expression, network, compare(Comparison), exists }
    var kind = Kind.text
    var (contains, begins, ends) = (false, false, false)
    var (isAll, isCased, isNegated, expands) = (false, false, false, false)
    var flags: RegularExpression.Flags = []

    /// Whether a value of `exists` asks for the field's absence.
    func asksForAbsence(_ text: String?) -> Bool {
      guard case .exists = kind, let text else { return false }
      return RuleReader.truth(text) == false
    }
  }

  /// One key of a selection: a field, its modifiers, and the values.
  private mutating func readItem(_ entry: Node.Entry) -> Expression {
    let pieces = entry.key.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
    let name = pieces[0]
    guard let form = readForm(entry, pieces) else { return .any([]) }
    var field: Field?
    if name.isEmpty {
      guard pieces.count > 1 else {
        report(entry, "the key is empty")
        return .any([])
      }
      switch form.kind {
      case .text, .expression: break
      default:
        report(entry, "keywords can not take `\(pieces[1])`")
        return .any([])
      }
    } else {
      field = self.field(name, at: Node(.null, line: entry.line, column: entry.column))
      if field == nil { return .any([]) }
    }
    if case .list(let values) = entry.value.content, values.isEmpty {
      report(entry.value, "the list of values is empty")
    }
    if form.isAll, entry.value.list == nil {
      report(entry, "`all` needs a list of values", fix: "remove `all`")
    }
    var parts: [Expression] = []
    for node in entry.value.list ?? [entry.value] {
      let isAlone = entry.value.list == nil
      guard let values = readValues(node, form, isAlone: isAlone) else { continue }
      var tests: [Expression] = []
      for value in values {
        guard let matcher = matcher(value, node, form, isKeyword: field == nil) else { continue }
        let test = Expression.test(Test(field: field, matcher: matcher))
        tests.append(form.asksForAbsence(value.text) ? .not(test) : test)
      }
      parts.append(tests.count == 1 ? tests[0] : .any(tests))
    }
    let item: Expression = parts.count == 1 ? parts[0] : form.isAll ? .all(parts) : .any(parts)
    return form.isNegated ? .not(item) : item
  }

  private mutating func readForm(_ entry: Node.Entry, _ pieces: [String]) -> Form? {
    var form = Form()
    var shift = pieces[0].count + 1
    var isTyped = false
    for (place, piece) in pieces.dropFirst().enumerated() {
      func refuse(_ reader: inout RuleReader, _ message: String, fix: String = "") {
        reader.report(entry, message, fix: fix, shift: shift)
      }
      let isFirst = place == 0 || (place == 1 && form.expands)
      switch piece {
      case "contains", "startswith", "endswith":
        guard !isTyped, !form.contains, !form.begins, !form.ends else {
          refuse(&self, "`\(piece)` can not follow another test")
          return nil
        }
        form.contains = piece == "contains"
        form.begins = piece == "startswith"
        form.ends = piece == "endswith"
      case "re", "cidr", "exists", "gt", "gte", "lt", "lte":
        guard isFirst else {
          refuse(&self, "`\(piece)` must be the first modifier")
          return nil
        }
        isTyped = true
        form.kind =
          switch piece {
          case "re": .expression
          case "cidr": .network
          case "exists": .exists
          case "gt": .compare(.gt)
          case "gte": .compare(.gte)
          case "lt": .compare(.lt)
          default: .compare(.lte)
          }
        if piece == "exists", pieces.count > 2 {
          refuse(&self, "`exists` must be the only modifier")
          return nil
        }
      case "i", "m", "s":
        guard case .expression = form.kind else {
          refuse(&self, "`\(piece)` is a flag of `re`", fix: "write `re|\(piece)`")
          return nil
        }
        form.flags.insert(piece == "i" ? .ignoresCase : piece == "m" ? .multiline : .dotMatchesAll)
      case "all": form.isAll = true
      case "cased":
        guard !isTyped else {
          refuse(&self, "`cased` needs a text value")
          return nil
        }
        form.isCased = true
      case "expand": form.expands = true
      case "neq": form.isNegated = true
      default:
        if RuleReader.unsupportedModifiers.contains(piece) {
          refuse(&self, "the modifier `\(piece)` is not supported")
        } else {
          let nearest = nearestName(to: piece, among: RuleReader.modifiers)
          refuse(
            &self, "unknown modifier `\(piece)`",
            fix: nearest.map { "did you mean `\($0)`?" }
              ?? "known: \(RuleReader.modifiers.joined(separator: ", "))")
        }
        return nil
      }
      shift += piece.count + 1
    }
    return form
  }

  /// A value as written, or one of those that its placeholders stand for; `nil` text is null.
  private struct Value {
    var text: String?
    var isPlain: Bool
  }

  private mutating func readValues(_ node: Node, _ form: Form, isAlone: Bool) -> [Value]? {
    switch node.content {
    case .null:
      guard isAlone else {
        report(node, "null can not stand in a list of values", fix: "use a selection of its own")
        return nil
      }
      return [Value(text: nil, isPlain: true)]
    case .scalar(let written, _):
      let (text, isPlain) = scalar(node) ?? (written, false)
      guard form.expands else { return [Value(text: text, isPlain: isPlain)] }
      return expanded(text, node)?.map { Value(text: $0, isPlain: isPlain && text != $0) }
    case .list, .map:
      report(node, "a value is text, a number or null")
      return nil
    }
  }

  /// The texts that result when each `%name%` is replaced by each of its values.
  private mutating func expanded(_ text: String, _ node: Node) -> [String]? {
    var results = [""]
    var rest = text[...]
    while let start = rest.firstIndex(of: "%") {
      let after = rest[rest.index(after: start)...]
      guard let end = after.firstIndex(of: "%") else { break }
      let name = String(after[..<end])
      guard !name.isEmpty, !name.contains(" ") else { break }
      guard let values = placeholders(name) else {
        report(node, "the placeholder `%\(name)%` has no values")
        return nil
      }
      guard results.count * max(1, values.count) <= RuleReader.expansionMax else {
        report(node, "the placeholders stand for more than \(RuleReader.expansionMax) values")
        return nil
      }
      let before = rest[..<start]
      results = results.flatMap { head in values.map { head + before + $0 } }
      rest = after[after.index(after: end)...]
    }
    return results.map { $0 + rest }
  }

  private mutating func matcher(
    _ value: Value, _ node: Node, _ form: Form, isKeyword: Bool
  ) -> Matcher? {
    guard let text = value.text else {
      guard case .text = form.kind, !form.contains, !form.begins, !form.ends, !isKeyword else {
        report(node, "null can not take this modifier")
        return nil
      }
      return .null
    }
    switch form.kind {
    case .exists:
      guard RuleReader.truth(text) != nil else {
        report(node, "`exists` is true or false, not `\(text)`")
        return nil
      }
      return .exists
    case .text:
      let isLoose = form.contains || isKeyword
      let pattern = SigmaText(text).anchored(
        start: !(isLoose || form.ends), end: !(isLoose || form.begins))
      let isWhole = !isLoose && !form.ends && !form.begins
      let number = isWhole && value.isPlain ? text.withView { $0.number } : nil
      return .text(pattern, isCased: form.isCased, number: number)
    case .expression:
      do {
        return .expression(try RegularExpression(text, form.flags))
      } catch {
        report(node, "in the expression, at byte \(error.offset): \(error.message)")
        return nil
      }
    case .network:
      guard let block = text.withView({ Network($0) }) else {
        report(node, "`\(text)` is no network", fix: "write it as `192.0.2.0/24`")
        return nil
      }
      return .network(block)
    case .compare(let comparison):
      guard let number = text.withView({ $0.number }) else {
        report(node, "`\(text)` is no number")
        return nil
      }
      return .compare(comparison, number)
    }
  }

  /// A YAML boolean.
  static func truth(_ text: String) -> Bool? {
    switch text.lowercased() {
    case "true", "yes": true
    case "false", "no": false
    default: nil
    }
  }
}
