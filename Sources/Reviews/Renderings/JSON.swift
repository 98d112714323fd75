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
  ///
  /// What needs no look at its scalars is copied in one piece: nearly all of a line of a log.
  private static func quote(_ value: String, to text: inout String) {
    text += "\""
    var rest = value[...]
    // Whatever is not ASCII begins with a byte that is not plain, so that this is always where a scalar begins.
    while let place = rest.utf8.firstIndex(where: { !isPlain($0) }) {
      text += rest[..<place]
      escape(rest.unicodeScalars[place], to: &text)
      rest = rest[rest.unicodeScalars.index(after: place)...]
    }
    text += rest
    text += "\""
  }

  @inline(__always) private static func isPlain(_ byte: UInt8) -> Bool {
    byte >= 0x20 && byte < 0x7F && byte != 0x22 && byte != 0x5C && byte != 0x3C && byte != 0x3E
      && byte != 0x26
  }

  private static func escape(_ scalar: Unicode.Scalar, to text: inout String) {
    switch scalar {
    case "\"": text += "\\\""
    case "\\": text += "\\\\"
    case "\n": text += "\\n"
    case "\r": text += "\\r"
    case "\t": text += "\\t"
    default:
      guard isDeceptive(scalar) || scalar == "<" || scalar == ">" || scalar == "&" else {
        text.unicodeScalars.append(scalar)
        return
      }
      for unit in String(scalar).utf16 {
        let digits = String(unit, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
      }
    }
  }
}
