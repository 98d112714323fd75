/// One value of a YAML (or JSON) document, with the place where it stands.
public struct Node: Sendable {
  /// What the value is.
  public enum Content: Sendable {
    /// `null`, `~` or nothing at all.
    case null
    /// A scalar's text; `isPlain` is true when it was written without quotes.
    case scalar(String, isPlain: Bool)
    /// A sequence.
    case list([Node])
    /// A mapping, in the order of the document.
    case map([Entry])
  }
  /// One key of a mapping and its value.
  public struct Entry: Sendable {
    /// The key's text.
    public let key: String
    /// Where the key stands, counted from one.
    public let line, column: Int
    /// The value.
    public let value: Node
  }
  /// The value itself.
  public let content: Content
  /// Where it begins, counted from one.
  public let line, column: Int

  /// A value at a place.
  public init(_ content: Content, line: Int, column: Int) {
    self.content = content
    self.line = line
    self.column = column
  }

  /// The scalar's text, or `nil` for anything else.
  public var text: String? { if case .scalar(let text, _) = content { text } else { nil } }
  /// The sequence's values, or `nil` for anything else.
  public var list: [Node]? { if case .list(let nodes) = content { nodes } else { nil } }
  /// The mapping's entries, or `nil` for anything else.
  public var entries: [Entry]? { if case .map(let entries) = content { entries } else { nil } }
  /// Whether the value is null.
  public var isNull: Bool { if case .null = content { true } else { false } }
  /// The value under `key`, or `nil`; O(*n*) in the mapping's keys.
  public subscript(key: String) -> Node? { entries?.first { $0.key == key }?.value }
}
