/// Text from logs, made fit for a terminal.
public enum TerminalText {
  /// The text with everything that could act on a terminal or deceive the eye written out.
  ///
  /// Control characters (and with them ANSI sequences) become `\n`, `\t`, `\x1b`; characters that
  /// are invisible or turn the reading direction become `\u{202e}`; so do marks stacked more than
  /// three high. The result is one line. The backslash stays as it is: the text is to be read, not
  /// to be decoded.
  ///
  /// - Parameters:
  ///   - text: Any text.
  ///   - limit: How many characters (scalars) of `text` to look at; the rest is dropped.
  public static func clean(_ text: String, limit: Int = .max) -> String {
    if let end = endOfPlain(text[...], count: limit) { return String(text[..<end]) }
    var result = ""
    var marks = 0
    for scalar in text.unicodeScalars.prefix(limit) {
      if ("\u{20}"..."\u{7e}").contains(scalar) {
        marks = 0
        result.unicodeScalars.append(scalar)
        continue
      }
      let isMark = isMark(scalar)
      marks = isMark ? marks + 1 : 0
      if isHidden(scalar) || (isMark && marks > 3) {
        result += escaped(scalar)
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// How many terminal cells a cleaned text takes: wide letters two, combining marks none.
  public static func width(_ text: String) -> Int {
    if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.utf8.count }
    return text.unicodeScalars.reduce(0) { $0 + cells($1) }
  }

  /// The cleaned text in at most `width` cells, with `…` for what was cut.
  public static func cut(_ text: String, to width: Int) -> String {
    guard exceeds(text[...], width: width) else { return text }
    guard width > 0 else { return "" }
    return head(of: text[...], width: width - 1) + "…"
  }

  /// The cleaned text broken between words into lines of at most `width` cells.
  ///
  /// - Parameters:
  ///   - text: A cleaned text.
  ///   - width: Cells per line, at least two.
  ///   - linesMax: How many lines there may be; the last one ends in `…` when text is left.
  public static func wrap(_ text: String, to width: Int, linesMax: Int = .max) -> [String] {
    var lines: [String] = []
    var rest = text[...]
    while !rest.isEmpty {
      guard exceeds(rest, width: width) else {
        lines.append(String(rest))
        break
      }
      guard lines.count + 1 < linesMax else {
        lines.append(cut(String(rest), to: width))
        break
      }
      // A character wider than the line is taken all the same, so that every step advances.
      let fitting = head(of: rest, width: width)
      var end = (fitting.isEmpty ? String(rest.prefix(1)) : fitting).endIndex(in: rest)
      guard end < rest.endIndex else {
        lines.append(String(rest))
        break
      }
      // A word that reaches over the edge goes to the next line, unless it fills a line alone.
      if rest[end] != " ", let space = rest[..<end].lastIndex(of: " "), space > rest.startIndex {
        end = space
      }
      lines.append(rest[..<end].droppingLastSpaces)
      rest = rest[end...].drop { $0 == " " }
    }
    return lines
  }

  /// The text followed by blanks up to `width` cells; longer text is cut.
  static func pad(_ text: String, to width: Int) -> String {
    let text = cut(text, to: width)
    return text + String(repeating: " ", count: max(0, width - Self.width(text)))
  }

  /// Whether the text takes more cells than that; looks no further than it must.
  private static func exceeds(_ text: Substring, width: Int) -> Bool {
    var used = 0
    return text.unicodeScalars.contains {
      used += cells($0)
      return used > width
    }
  }

  /// The longest start of the text, in whole characters, that fits `width` cells.
  private static func head(of text: Substring, width: Int) -> String {
    // The character after them must not belong to the last.
    if endOfPlain(text, count: width + 1) != nil {
      let end = text.utf8.index(text.startIndex, offsetBy: width, limitedBy: text.endIndex)
      return String(text[..<(end ?? text.endIndex)])
    }
    var (result, used) = ("", 0)
    for character in text {
      let cells = character.unicodeScalars.reduce(0) { $0 + Self.cells($1) }
      guard used + cells <= width else { break }
      used += cells
      result.append(character)
    }
    return result
  }

  /// Where the first so many characters end, or the text; `nil` when one of them is not printable ASCII.
  private static func endOfPlain(_ text: Substring, count: Int) -> Substring.Index? {
    let head = text.utf8.prefix(count)
    return head.allSatisfy({ $0 >= 0x20 && $0 <= 0x7E }) ? head.endIndex : nil
  }

  private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark: true
    default: false
    }
  }

  private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned: true
    default: scalar.properties.isDefaultIgnorableCodePoint
    }
  }

  private static func escaped(_ scalar: Unicode.Scalar) -> String {
    switch scalar {
    case "\n": return "\\n"
    case "\r": return "\\r"
    case "\t": return "\\t"
    default:
      let digits = String(scalar.value, radix: 16)
      guard scalar.value < 0x80 else { return "\\u{\(digits)}" }
      return digits.utf8.count == 1 ? "\\x0\(digits)" : "\\x\(digits)"
    }
  }

  private static func cells(_ scalar: Unicode.Scalar) -> Int {
    if scalar.value < 0x300 { return 1 }
    if isMark(scalar) { return 0 }
    switch scalar.value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3,
      0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6,
      0x1F300...0x1F64F, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
      return 2
    default:
      return scalar.properties.isEmojiPresentation ? 2 : 1
    }
  }
}

extension String {
  /// The index in `text` just past this text, which `text` starts with.
  fileprivate func endIndex(in text: Substring) -> Substring.Index {
    text.utf8.index(text.startIndex, offsetBy: utf8.count, limitedBy: text.endIndex)
      ?? text.endIndex
  }
}

extension Substring {
  fileprivate var droppingLastSpaces: String {
    var text = self
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
