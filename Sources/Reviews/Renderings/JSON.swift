/// A JSON value whose keys keep the order they were written in.
indirect enum JSON {
  case object([(String, JSON)])
  case array([JSON])
  case string(String)
  case number(Int)
  case bool(Bool)
  case null

  /// Appends the value, two spaces a level, small arrays of scalars on one line.
  func write(to text: inout String, indent: Int = 0) {
    switch self {
    case .string(let value): Self.quote(value, to: &text)
    case .number(let value): text += "\(value)"
    case .bool(let value): text += value ? "true" : "false"
    case .null: text += "null"
    case .object(let members):
      guard !members.isEmpty else {
        text += "{}"
        return
      }
      text += "{"
      for (place, member) in members.enumerated() {
        Self.breakLine(place, indent + 1, &text)
        Self.quote(member.0, to: &text)
        text += ": "
        member.1.write(to: &text, indent: indent + 1)
      }
      text += "\n" + String(repeating: "  ", count: indent) + "}"
    case .array(let items):
      let isFlat = items.allSatisfy(\.isScalar)
      text += "["
      for (place, item) in items.enumerated() {
        if isFlat {
          if place > 0 { text += ", " }
        } else {
          Self.breakLine(place, indent + 1, &text)
        }
        item.write(to: &text, indent: indent + 1)
      }
      if !isFlat { text += "\n" + String(repeating: "  ", count: indent) }
      text += "]"
    }
  }

  private var isScalar: Bool {
    switch self {
    case .object, .array: false
    default: true
    }
  }

  private static func breakLine(_ place: Int, _ indent: Int, _ text: inout String) {
    text += place > 0 ? ",\n" : "\n"
    text += String(repeating: "  ", count: indent)
  }

  /// Appends a string literal; what a page or a terminal could trip over is written as `\u…`.
  private static func quote(_ value: String, to text: inout String) {
    text += "\""
    for scalar in value.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      default:
        guard isDeceptive(scalar) || scalar == "<" || scalar == ">" || scalar == "&" else {
          text.unicodeScalars.append(scalar)
          continue
        }
        for unit in String(scalar).utf16 {
          let digits = String(unit, radix: 16)
          text += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
        }
      }
    }
    text += "\""
  }
}
