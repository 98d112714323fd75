/// A plain recursive-descent reader of RFC 8259, slow and obvious, to compare the fast one with.
struct ReferenceJSON {
  indirect enum Node: Equatable {
    case text([UInt8]), number(String), bool(Bool), null
    /// Members in order, keys that stand twice included; and where the value stands in the line.
    case object([(key: [UInt8], value: Node)], Range<Int>)
    case array(Range<Int>)

    static func == (one: Node, other: Node) -> Bool { "\(one)" == "\(other)" }
  }

  struct Failure: Error {}

  let bytes: [UInt8]
  var at = 0

  /// The members of a line that is one object.
  static func object(_ bytes: [UInt8]) throws -> Node {
    var reader = ReferenceJSON(bytes: bytes)
    reader.space()
    guard reader.peek == UInt8(ascii: "{") else { throw Failure() }
    let node = try reader.value(depth: 0)
    reader.space()
    guard reader.at == bytes.count else { throw Failure() }
    return node
  }

  /// The values at wanted paths, in the last place where each stands.
  static func values(_ node: Node, wanted: [String], prefix: String = "") -> [String: Node] {
    var found: [String: Node] = [:]
    guard case .object(let members, _) = node else { return found }
    for (key, value) in members {
      let path = prefix + String(decoding: key, as: UTF8.self)
      if wanted.contains(where: { $0.hasPrefix(path + ".") }) {
        found.merge(values(value, wanted: wanted, prefix: path + ".")) { $1 }
      }
      if wanted.contains(path) { found[path] = value }
    }
    return found
  }

  private var peek: UInt8? { at < bytes.count ? bytes[at] : nil }

  private mutating func space() {
    while let byte = peek, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { at += 1 }
  }

  private mutating func expect(_ text: String) throws {
    for byte in text.utf8 {
      guard peek == byte else { throw Failure() }
      at += 1
    }
  }

  private mutating func value(depth: Int) throws -> Node {
    let start = at
    switch peek {
    case UInt8(ascii: "{"):
      guard depth < 128 else { throw Failure() }
      at += 1
      var members: [(key: [UInt8], value: Node)] = []
      space()
      if peek == UInt8(ascii: "}") {
        at += 1
        return .object(members, start..<at)
      }
      while true {
        space()
        let key = try string()
        space()
        try expect(":")
        space()
        members.append((key, try value(depth: depth + 1)))
        space()
        if peek == UInt8(ascii: ",") {
          at += 1
          continue
        }
        try expect("}")
        return .object(members, start..<at)
      }
    case UInt8(ascii: "["):
      guard depth < 128 else { throw Failure() }
      at += 1
      space()
      if peek == UInt8(ascii: "]") {
        at += 1
        return .array(start..<at)
      }
      while true {
        space()
        _ = try value(depth: depth + 1)
        space()
        if peek == UInt8(ascii: ",") {
          at += 1
          continue
        }
        try expect("]")
        return .array(start..<at)
      }
    case UInt8(ascii: "\""): return .text(try string())
    case UInt8(ascii: "t"):
      try expect("true")
      return .bool(true)
    case UInt8(ascii: "f"):
      try expect("false")
      return .bool(false)
    case UInt8(ascii: "n"):
      try expect("null")
      return .null
    default: return .number(try number())
    }
  }

  private mutating func number() throws -> String {
    let start = at
    if peek == UInt8(ascii: "-") { at += 1 }
    let isZero = peek == UInt8(ascii: "0")
    guard try digits() == 1 || !isZero else { throw Failure() }
    if peek == UInt8(ascii: ".") {
      at += 1
      _ = try digits()
    }
    if peek == UInt8(ascii: "e") || peek == UInt8(ascii: "E") {
      at += 1
      if peek == UInt8(ascii: "+") || peek == UInt8(ascii: "-") { at += 1 }
      _ = try digits()
    }
    return String(decoding: bytes[start..<at], as: UTF8.self)
  }

  private mutating func digits() throws -> Int {
    let start = at
    while let byte = peek, (0x30...0x39).contains(byte) { at += 1 }
    guard at > start else { throw Failure() }
    return at - start
  }

  private mutating func string() throws -> [UInt8] {
    try expect("\"")
    var units: [UInt16] = []
    var out: [UInt8] = []
    let start = at
    /// Escaped halves that stand together are one character; any other half is U+FFFD.
    func flush() {
      out += Array(String(decoding: units, as: UTF16.self).utf8)
      units = []
    }
    while let byte = peek {
      at += 1
      switch byte {
      case 0x22:
        flush()
        // Raw bytes must be UTF-8; escapes are ASCII, so the whole text is checked as it stands.
        guard String(validating: bytes[start..<(at - 1)], as: UTF8.self) != nil else {
          throw Failure()
        }
        return out
      case 0x5C:
        guard let escape = peek else { throw Failure() }
        at += 1
        if escape == UInt8(ascii: "u") {
          guard at + 4 <= bytes.count, bytes[at..<(at + 4)].allSatisfy(isHex),
            let unit = UInt16(String(decoding: bytes[at..<(at + 4)], as: UTF8.self), radix: 16)
          else { throw Failure() }
          at += 4
          units.append(unit)
          continue
        }
        flush()
        let plain: [UInt8: UInt8] = [
          0x22: 0x22, 0x5C: 0x5C, 0x2F: 0x2F, 0x62: 8, 0x66: 12, 0x6E: 10, 0x72: 13, 0x74: 9,
        ]
        guard let meant = plain[escape] else { throw Failure() }
        out.append(meant)
      case ..<0x20: throw Failure()
      default:
        flush()
        out.append(byte)
      }
    }
    throw Failure()
  }

  private func isHex(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x41...0x46).contains(byte) || (0x61...0x66).contains(byte)
  }
}
