import Bytes
import Detectors
import Documents

/// What the text of a rule says, for whoever reports about it.
enum RuleText {
  /// The words of a condition, parentheses apart.
  static func words(_ condition: String) -> [String] {
    var words: [String] = []
    var current = ""
    func end() {
      if !current.isEmpty { words.append(current) }
      current = ""
    }
    for character in condition {
      if character.isWhitespace {
        end()
      } else if character == "(" || character == ")" {
        end()
        words.append(String(character))
      } else {
        current.append(character)
      }
    }
    end()
    return words
  }

  /// Whether some words of a condition name a selection, by itself or in a pattern.
  static func uses(_ name: String, _ words: [String]) -> Bool {
    place(of: name, words) != nil
  }

  /// Whether the condition wants a selection not to be so, as far as the words before it tell.
  static func isNegated(_ name: String, _ words: [String]) -> Bool {
    guard var place = place(of: name, words) else { return false }
    // Back over `1 of` and opening parentheses.
    while place > 0, ["(", "of", "1", "any", "all"].contains(words[place - 1].lowercased()) {
      place -= 1
    }
    return place > 0 && words[place - 1].lowercased() == "not"
  }

  private static func place(of name: String, _ words: [String]) -> Int? {
    for (place, word) in words.enumerated() {
      if word == name { return place }
      guard place > 0, words[place - 1].lowercased() == "of" else { continue }
      if word.lowercased() == "them", !name.hasPrefix("_") { return place }
      let fits = name.withView { text in word.withView { text.matches(glob: $0) } }
      if fits, word.hasPrefix("_") || !name.hasPrefix("_") { return place }
    }
    return nil
  }

  /// The parts of a condition that `or` joins, outside of parentheses.
  static func alternatives(_ condition: String) -> [String] {
    var (parts, depth): ([[String]], Int) = ([[]], 0)
    for word in words(condition) {
      if word == "(" { depth += 1 }
      if word == ")" { depth -= 1 }
      if depth == 0, word.lowercased() == "or" {
        parts.append([])
      } else {
        parts[parts.count - 1].append(word)
      }
    }
    return parts.map { words in
      words.joined(separator: " ").replacing("( ", with: "(").replacing(" )", with: ")")
    }
  }

  /// The line of the first key, value or sentence that names a field.
  static func line(of field: String, in node: Node) -> Int? {
    switch node.content {
    case .null: return nil
    case .scalar(let text, _):
      return text == field || text.contains("{\(field)}") ? node.line : nil
    case .list(let nodes):
      for child in nodes { if let line = line(of: field, in: child) { return line } }
      return nil
    case .map(let entries):
      for entry in entries where entry.key != "tests" {
        if entry.key == field || entry.key.hasPrefix(field + "|") { return entry.line }
        if let line = line(of: field, in: entry.value) { return line }
      }
      return nil
    }
  }

  /// The order in which branches are told.
  static func isBefore(_ left: RuleTracer.Branch, _ right: RuleTracer.Branch) -> Bool {
    func key(_ branch: RuleTracer.Branch) -> (Int, String, Int) {
      switch branch {
      case .selection(let name): (0, name, 0)
      case .alternative(let name, let place): (1, name, place)
      case .condition(let place): (2, "", place)
      }
    }
    return key(left) < key(right)
  }
}
