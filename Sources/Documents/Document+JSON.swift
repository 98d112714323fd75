extension Document {
  /// Reads JSON text (RFC 8259) as the same nodes that YAML gives.
  ///
  /// YAML's own reader takes nearly all of JSON; what it does not take are keys of a thousand bytes, halves of
  /// characters in escapes, and a key that stands twice. Here the last of several counts, as in most programs.
  ///
  /// - Parameters:
  ///   - file: The name for messages.
  ///   - json: The file's content.
  /// - Throws: ``Problem`` with the line and column of the first mistake.
  /// - Complexity: O(*n*).
  public init(file: String, json: String) throws(Problem) {
    var json = json
    json.makeContiguousUTF8()
    var reader = JSONText(file: file, bytes: Array(json.utf8))
    self.init(file: file, roots: [try reader.document()])
  }
}

/// Walks over the bytes of a JSON text.
private struct JSONText {
  let file: String
  let bytes: [UInt8]
  private var place = 0
  private var budget = Document.nodesMax
  /// The line at hand, and where its first byte is.
  private var (line, lineStart) = (1, 0)
  /// How many bytes of the line are no character's first.
  private var extraBytes = 0

  init(file: String, bytes: [UInt8]) { (self.file, self.bytes) = (file, bytes) }

  mutating func document() throws(Problem) -> Node {
    skipBlanks()
    let node = try value(depth: 0)
    skipBlanks()
    guard place == bytes.count else { throw problem("something stands after the value") }
    return node
  }

  private func problem(_ message: String) -> Problem {
    Problem(
      file: file, line: line, column: column, message: "not JSON: \(message)",
      fix: "check quotes, commas and brackets here")
  }

  private var column: Int { place - lineStart - extraBytes + 1 }
  private var next: UInt8? { place < bytes.count ? bytes[place] : nil }

  private mutating func skipBlanks() {
    while let byte = next {
      switch byte {
      case 0x20, 0x09, 0x0D: place += 1
      case 0x0A:
        place += 1
        (line, lineStart, extraBytes) = (line + 1, place, 0)
      default: return
      }
    }
  }

  private mutating func value(depth: Int) throws(Problem) -> Node {
    budget -= 1
    guard depth < Document.depthMax, budget > 0 else {
      throw Problem(
        file: file, line: line, column: column,
        message: "more than \(Document.depthMax) levels or \(Document.nodesMax) values",
        fix: "split the file")
    }
    let (line, column) = (line, column)
    switch next {
    case UInt8(ascii: "{"):
      return Node(.map(try entries(depth: depth)), line: line, column: column)
    case UInt8(ascii: "["):
      return Node(.list(try elements(depth: depth)), line: line, column: column)
    case UInt8(ascii: "\""):
      return Node(.scalar(try string(), isPlain: false), line: line, column: column)
    default:
      let word = try word()
      return Node(word == "null" ? .null : .scalar(word, isPlain: true), line: line, column: column)
    }
  }

  private mutating func elements(depth: Int) throws(Problem) -> [Node] {
    place += 1
    var nodes: [Node] = []
    skipBlanks()
    if next == UInt8(ascii: "]") {
      place += 1
      return nodes
    }
    while true {
      skipBlanks()
      nodes.append(try value(depth: depth + 1))
      if try isOver(UInt8(ascii: "]"), "a comma or a closing bracket") { return nodes }
    }
  }

  private mutating func entries(depth: Int) throws(Problem) -> [Node.Entry] {
    place += 1
    var entries: [Node.Entry] = []
    var numbers: [String: Int] = [:]
    skipBlanks()
    if next == UInt8(ascii: "}") {
      place += 1
      return entries
    }
    while true {
      skipBlanks()
      guard next == UInt8(ascii: "\"") else { throw problem("a key in quotes is missing") }
      let (line, column) = (line, column)
      let key = try string()
      skipBlanks()
      guard next == UInt8(ascii: ":") else { throw problem("a colon is missing") }
      place += 1
      skipBlanks()
      let entry = Node.Entry(
        key: key, line: line, column: column, value: try value(depth: depth + 1))
      if let number = numbers[key] {
        entries[number] = entry
      } else {
        numbers[key] = entries.count
        entries.append(entry)
      }
      if try isOver(UInt8(ascii: "}"), "a comma or a closing brace") { return entries }
    }
  }

  /// Whether a list ends here; else passes over the comma.
  private mutating func isOver(_ close: UInt8, _ wanted: String) throws(Problem) -> Bool {
    skipBlanks()
    guard let byte = next, byte == close || byte == UInt8(ascii: ",") else {
      throw problem("\(wanted) is missing")
    }
    place += 1
    return byte == close
  }

  /// A number, `true`, `false` or `null`, as written.
  private mutating func word() throws(Problem) -> String {
    let start = place
    while let byte = next, byte.isWordByte { place += 1 }
    let word = String(decoding: bytes[start..<place], as: UTF8.self)
    guard ["true", "false", "null"].contains(word) || JSONText.isNumber(bytes[start..<place]) else {
      place = start
      throw problem("a value is missing")
    }
    return word
  }

  private static func isNumber(_ text: ArraySlice<UInt8>) -> Bool {
    var rest = text
    if rest.first == UInt8(ascii: "-") { rest.removeFirst() }
    func digits() -> Int {
      let count = rest.prefix { $0 &- 0x30 < 10 }.count
      rest.removeFirst(count)
      return count
    }
    let isZero = rest.first == UInt8(ascii: "0")
    let whole = digits()
    guard whole > 0, !isZero || whole == 1 else { return false }
    if rest.first == UInt8(ascii: ".") {
      rest.removeFirst()
      guard digits() > 0 else { return false }
    }
    if let byte = rest.first, byte | 0x20 == UInt8(ascii: "e") {
      rest.removeFirst()
      if let sign = rest.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") {
        rest.removeFirst()
      }
      guard digits() > 0 else { return false }
    }
    return rest.isEmpty
  }

  private mutating func string() throws(Problem) -> String {
    place += 1
    var text: [UInt8] = []
    var start = place
    while let byte = next {
      switch byte {
      case UInt8(ascii: "\""):
        text += bytes[start..<place]
        place += 1
        return String(decoding: text, as: UTF8.self)
      case UInt8(ascii: "\\"):
        text += bytes[start..<place]
        try escape(into: &text)
        start = place
      case 0..<0x20:
        throw problem("a control character in a text")
      default:
        if byte & 0xC0 == 0x80 { extraBytes += 1 }
        place += 1
      }
    }
    throw problem("a quote that never closes")
  }

  private mutating func escape(into text: inout [UInt8]) throws(Problem) {
    guard place + 1 < bytes.count else { throw problem("a backslash at the end") }
    switch bytes[place + 1] {
    case let byte where byte == 0x22 || byte == 0x5C || byte == 0x2F: text.append(byte)
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "f"): text.append(0x0C)
    case UInt8(ascii: "n"): text.append(0x0A)
    case UInt8(ascii: "r"): text.append(0x0D)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "u"):
      guard let first = word(at: place + 2) else {
        throw problem("four hexadecimal digits are missing")
      }
      var value = first
      if first & 0xFC00 == 0xD800, place + 7 < bytes.count, bytes[place + 6] == 0x5C,
        bytes[place + 7] == UInt8(ascii: "u"), let second = word(at: place + 8),
        second & 0xFC00 == 0xDC00
      {
        value = 0x10000 + (first & 0x3FF) << 10 + (second & 0x3FF)
        place += 6
      }
      // Half a character is shown as what it is: none.
      text += Array(String(Unicode.Scalar(value).map(Character.init) ?? "\u{FFFD}").utf8)
      place += 4
    default: throw problem("an escape that JSON does not know")
    }
    place += 2
  }

  private func word(at start: Int) -> UInt32? {
    guard start + 4 <= bytes.count else { return nil }
    var value: UInt32 = 0
    for byte in bytes[start..<(start + 4)] {
      guard let digit = byte.hexDigit else { return nil }
      value = value << 4 | digit
    }
    return value
  }
}

extension UInt8 {
  /// Bytes of numbers and of the three words.
  fileprivate var isWordByte: Bool {
    switch self {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2B, 0x2D, 0x2E: true
    default: false
    }
  }

  fileprivate var hexDigit: UInt32? {
    switch self {
    case 0x30...0x39: UInt32(self - 0x30)
    case 0x41...0x46: UInt32(self - 0x37)
    case 0x61...0x66: UInt32(self - 0x57)
    default: nil
    }
  }
}
