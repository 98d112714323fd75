/// A JSON value to write down; members keep their order.
package indirect enum SchemaValue {
  case text(String)
  case number(Int)
  case bool(Bool)
  case null
  case list([SchemaValue])
  case object([(key: String, value: SchemaValue)])

  /// The value as JSON text, two spaces a level, with a line feed at its end.
  package var json: String {
    var text = ""
    write(to: &text, indent: "")
    return text + "\n"
  }

  private func write(to text: inout String, indent: String) {
    let inner = indent + "  "
    switch self {
    case .text(let value): text += SchemaValue.quoted(value)
    case .number(let value): text += "\(value)"
    case .bool(let value): text += value ? "true" : "false"
    case .null: text += "null"
    case .list(let values):
      text += "["
      for (place, value) in values.enumerated() {
        if place > 0 { text += ", " }
        value.write(to: &text, indent: inner)
      }
      text += "]"
    case .object(let members):
      text += "{"
      for (place, member) in members.enumerated() {
        text += (place > 0 ? ",\n" : "\n") + inner + SchemaValue.quoted(member.key) + ": "
        member.value.write(to: &text, indent: inner)
      }
      text += members.isEmpty ? "}" : "\n\(indent)}"
    }
  }

  private static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\n": quoted += "\\n"
      case "\t": quoted += "\\t"
      default:
        if scalar.value < 0x20 {
          let digits = String(scalar.value, radix: 16)
          quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        } else {
          quoted.unicodeScalars.append(scalar)
        }
      }
    }
    return quoted + "\""
  }
}
