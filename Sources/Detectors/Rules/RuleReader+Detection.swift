import Bytes
import Documents
import Events

/// Reading selections, their modifiers and the condition over them.
extension RuleReader {
  /// A placeholder list may make at most so many values out of one.
  static let expansionMax = 200_000

  /// The whole `detection`, as one expression and in its parts.
  ///
  /// - Parameter kind: What the mapping is called, and keys of it that are no selections.
  mutating func readExpression(
    _ node: Node, of kind: (name: String, others: [String]) = ("detection", [])
  ) -> WrittenDetection {
    var written = WrittenDetection()
    guard let entries = node.entries else {
      report(node, "`\(kind.name)` is a mapping")
      return written
    }
    var selections: [(name: String, expression: Expression)] = []
    var condition: Node?
    for entry in entries {
      switch entry.key {
      case "condition": condition = entry.value
      case "timeframe":
        report(entry, "`timeframe` is not supported", fix: "write a correlation")
      case let key where kind.others.contains(key): break
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
        report(error, in: node)
      }
    }
    if parts.isEmpty, problems.isEmpty { report(condition, "the condition is empty") }
    written.selections = selections
    written.condition =
      texts.count == 1 ? texts[0] : texts.map { "(\($0))" }.joined(separator: " or ")
    written.body = parts.count == 1 ? parts[0] : .any(parts)
    return written
  }

  /// Says what is wrong with a condition's text, at the place within it.
  mutating func report(_ error: ConditionError, in node: Node) {
    var shift = error.offset
    if case .scalar(_, isPlain: false) = node.content { shift += 1 }
    problems.append(
      Problem(
        file: document.file, line: node.line, column: node.column + shift,
        message: error.message, fix: error.fix))
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
        if child.entries != nil || child.list != nil {
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
      report(node, "a keyword is text", fix: "write it in quotes, or name a field")
      return .any([])
    }
    let pattern = SigmaText(text).anchored(start: false, end: false)
    let tests = matchers(pattern, isCased: false, number: nil, node).map {
      Expression.test(Test(field: nil, matcher: $0))
    }
    return tests.count == 1 ? tests[0] : .any(tests)
  }
}
