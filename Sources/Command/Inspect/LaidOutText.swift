import Alerts
import Documents

/// Writes a YAML value as YAML text again, each part at the line where it stood.
///
/// The text is JSON with the blanks and line ends that this takes, so that a problem found in it
/// names the place in the file the value came from. What an alias repeats stands where it fits.
struct LaidOutText {
  private(set) var text = ""
  private var (line, column) = (1, 1)

  /// The text of one value.
  init(_ node: Node) { write(node) }

  private mutating func write(_ node: Node) {
    advance(toLine: node.line, column: node.column - (node.beginsWithChild ? 1 : 0))
    switch node.content {
    case .null: put("null")
    case .scalar(let text, let isPlain):
      put(isPlain && Self.isWord(text) ? text : Self.quoted(text))
    case .list(let nodes):
      put("[")
      for (place, child) in nodes.enumerated() {
        if place > 0 { put(", ") }
        write(child)
      }
      put("]")
    case .map(let entries):
      put("{")
      for (place, entry) in entries.enumerated() {
        if place > 0 { put(", ") }
        advance(toLine: entry.line, column: entry.column)
        put((Self.isWord(entry.key) ? entry.key : Self.quoted(entry.key)) + ": ")
        write(entry.value)
      }
      put("}")
    }
  }

  private mutating func advance(toLine line: Int, column: Int) {
    guard line > self.line || (line == self.line && column > self.column) else { return }
    if line > self.line {
      put(String(repeating: "\n", count: line - self.line))
      (self.line, self.column) = (line, 1)
    }
    put(String(repeating: " ", count: max(0, column - self.column)))
  }

  private mutating func put(_ part: String) {
    text += part
    column += part.unicodeScalars.count
  }

  /// Whether a text means the same without quotes, wherever it stands.
  private static func isWord(_ text: String) -> Bool {
    guard let first = text.utf8.first, first.isLetterOrDigit else { return false }
    return text.utf8.allSatisfy { $0.isLetterOrDigit || [0x2D, 0x2E, 0x5F, 0x2F].contains($0) }
  }

  private static func quoted(_ text: String) -> String {
    var json = JSONWriter()
    json.value(text)
    return String(decoding: json.bytes, as: UTF8.self)
  }
}

extension Node {
  /// Whether the value stands where its first part does, as a mapping without brackets: then the
  /// bracket that is written for it comes a column before.
  fileprivate var beginsWithChild: Bool {
    let first =
      entries?.first.map { ($0.line, $0.column) } ?? list?.first.map { ($0.line, $0.column) }
    return first.map { $0 == (line, column) } ?? false
  }
}

extension UInt8 {
  fileprivate var isLetterOrDigit: Bool {
    self &- 0x30 < 10 || (self | 0x20) &- 0x61 < 26
  }
}
