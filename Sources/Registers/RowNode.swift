import Documents

/// One value of a register's file, whichever format it was written in.
struct RowNode {
  /// What the value is.
  enum Content {
    case null
    case scalar(String)
    case list([RowNode])
    case map([Entry])
  }
  /// One key and its value.
  struct Entry {
    let key: String
    let line, column: Int
    let value: RowNode
  }
  let content: Content
  let line, column: Int

  init(_ content: Content, line: Int, column: Int) {
    (self.content, self.line, self.column) = (content, line, column)
  }

  /// A value of a YAML document.
  init(_ node: Node) {
    (line, column) = (node.line, node.column)
    switch node.content {
    case .null: content = .null
    case .scalar(let text, _): content = .scalar(text)
    case .list(let nodes): content = .list(nodes.map { RowNode($0) })
    case .map(let entries):
      content = .map(
        entries.map {
          Entry(key: $0.key, line: $0.line, column: $0.column, value: RowNode($0.value))
        })
    }
  }

  /// The scalar's text, or `nil` for anything else.
  var text: String? { if case .scalar(let text) = content { text } else { nil } }
  /// The list's values, or `nil` for anything else.
  var list: [RowNode]? { if case .list(let nodes) = content { nodes } else { nil } }
  /// The mapping's entries, or `nil` for anything else.
  var entries: [Entry]? { if case .map(let entries) = content { entries } else { nil } }
  /// Whether there is no value.
  var isNull: Bool { if case .null = content { true } else { false } }
  /// The value under a key.
  subscript(key: String) -> RowNode? { entries?.first { $0.key == key }?.value }
}
