extension Review {
  /// Each table as comma-separated values (RFC 4180), by the table's id.
  ///
  /// Numbers are plain, a judgement is its words, several values stand with a semicolon between them. A text that a
  /// spreadsheet would run as a formula has an apostrophe in front.
  public var tableFiles: [(name: String, text: String)] {
    sections.flatMap(\.blocks).compactMap { block in
      guard case .table(let table) = block else { return nil }
      var text = table.columns.map(\.key).map(Review.field).joined(separator: ",") + "\r\n"
      for row in table.rows {
        text += row.map { Review.field($0.plain) }.joined(separator: ",") + "\r\n"
      }
      return ("\(slug(table.id)).csv", text)
    }
  }

  private static func field(_ text: String) -> String {
    let shown = visible(text, scalarsMax: .max)
    guard shown.utf8.contains(where: { $0 == 0x2C || $0 == 0x22 || $0 == 0x0A || $0 == 0x0D })
    else { return shown }
    return "\""
      + shown.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
      + "\""
  }
}

extension Review.Cell {
  /// The value as one text; what a spreadsheet would run is held back.
  fileprivate var plain: String {
    func held(_ text: String) -> String {
      guard let first = text.utf8.first else { return text }
      return [0x3D, 0x2B, 0x2D, 0x40, 0x09, 0x0D].contains(first) ? "'" + text : text
    }
    return switch self {
    case .text(let text), .code(let text), .level(let text): held(text)
    case .codes(let texts): held(texts.joined(separator: "; "))
    case .number(let value), .bytes(let value): "\(value)"
    case .mark(let mark): held(mark.label)
    case .findings(let numbers): numbers.map { "F-\($0)" }.joined(separator: "; ")
    case .none, .blank: ""
    }
  }
}
