/// A JSON value whose keys keep the order they were written in.
indirect enum JSON {
  case object([(String, JSON)])
  case array([JSON])
  case string(String)
  case number(Int)
  case bool(Bool)
  case null

  /// Appends the value in UTF-8, two spaces a level, small arrays of scalars on one line.
  func write(to bytes: inout [UInt8], indent: Int = 0) {
    switch self {
    case .string(let value): Self.quote(value, to: &bytes)
    case .number(let value): bytes += "\(value)".utf8
    case .bool(let value): bytes += (value ? "true" : "false").utf8
    case .null: bytes += "null".utf8
    case .object(let members):
      guard !members.isEmpty else {
        bytes += "{}".utf8
        return
      }
      bytes += "{".utf8
      for (place, member) in members.enumerated() {
        Self.breakLine(place, indent + 1, &bytes)
        Self.quote(member.0, to: &bytes)
        bytes += ": ".utf8
        member.1.write(to: &bytes, indent: indent + 1)
      }
      Self.breakLine(0, indent, &bytes)
      bytes += "}".utf8
    case .array(let items):
      let isFlat = items.allSatisfy(\.isScalar)
      bytes += "[".utf8
      for (place, item) in items.enumerated() {
        if isFlat {
          if place > 0 { bytes += ", ".utf8 }
        } else {
          Self.breakLine(place, indent + 1, &bytes)
        }
        item.write(to: &bytes, indent: indent + 1)
      }
      if !isFlat { Self.breakLine(0, indent, &bytes) }
      bytes += "]".utf8
    }
  }

  private var isScalar: Bool {
    switch self {
    case .object, .array: false
    default: true
    }
  }

  private static func breakLine(_ place: Int, _ indent: Int, _ bytes: inout [UInt8]) {
    bytes += (place > 0 ? ",\n" : "\n").utf8
    bytes += repeatElement(UInt8(ascii: " "), count: 2 * indent)
  }

  /// Appends a string literal; what a page or a terminal could trip over is written as `\u…`.
  ///
  /// What needs no look at its scalars is copied in one piece: nearly all of a line of a log.
  private static func quote(_ value: String, to bytes: inout [UInt8]) {
    bytes += "\"".utf8
    var rest = value[...]
    // Whatever is not ASCII begins with a byte that is not plain, so that this is always where a scalar begins.
    while let place = rest.utf8.firstIndex(where: { !isPlain($0) }) {
      bytes += rest[..<place].utf8
      escape(rest.unicodeScalars[place], to: &bytes)
      rest = rest[rest.unicodeScalars.index(after: place)...]
    }
    bytes += rest.utf8
    bytes += "\"".utf8
  }

  @inline(__always) private static func isPlain(_ byte: UInt8) -> Bool {
    byte >= 0x20 && byte < 0x7F && byte != 0x22 && byte != 0x5C && byte != 0x3C && byte != 0x3E
      && byte != 0x26
  }

  private static func escape(_ scalar: Unicode.Scalar, to bytes: inout [UInt8]) {
    switch scalar {
    case "\"": bytes += "\\\"".utf8
    case "\\": bytes += "\\\\".utf8
    case "\n": bytes += "\\n".utf8
    case "\r": bytes += "\\r".utf8
    case "\t": bytes += "\\t".utf8
    default:
      guard isDeceptive(scalar) || scalar == "<" || scalar == ">" || scalar == "&" else {
        bytes += String(scalar).utf8
        return
      }
      for unit in String(scalar).utf16 {
        let digits = String(unit, radix: 16)
        bytes += "\\u".utf8
        bytes += repeatElement(UInt8(ascii: "0"), count: 4 - digits.utf8.count)
        bytes += digits.utf8
      }
    }
  }
}
