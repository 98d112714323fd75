/// One row of a register that was made of somebody else's record.
public struct ImportedRow: Sendable {
  /// A value as a register has it.
  indirect enum Value: Sendable, Equatable {
    /// A text, a date, a word.
    case text(String)
    /// Yes or no.
    case flag(Bool)
    /// A list of texts.
    case texts([String])
    /// Keys and values, in order.
    case map([(key: String, value: Value)])

    static func == (left: Value, right: Value) -> Bool {
      switch (left, right) {
      case (.text(let one), .text(let other)): one == other
      case (.flag(let one), .flag(let other)): one == other
      case (.texts(let one), .texts(let other)): one == other
      case (.map(let one), .map(let other)):
        one.count == other.count
          && zip(one, other).allSatisfy { $0.key == $1.key && $0.value == $1.value }
      default: false
      }
    }
  }
  /// Its register.
  public let register: RegisterKind
  /// Its id there.
  public let id: String
  /// Where the record stands.
  public let place: Place
  /// Its keys but the id, in order; nothing empty.
  private(set) var values: [(key: String, value: Value)] = []

  init(_ register: RegisterKind, id: String, place: Place) {
    (self.register, self.id, self.place) = (register, id, place)
  }

  /// Sets a key unless there is nothing to say.
  mutating func set(_ key: String, _ text: String?) {
    if let text, !text.isEmpty { values.append((key, .text(text))) }
  }

  /// Sets a key to yes, or leaves it out.
  mutating func set(_ key: String, isTrue: Bool) {
    if isTrue { values.append((key, .flag(true))) }
  }

  /// Sets a key to a list unless it is empty; what stands twice stands once.
  mutating func set(_ key: String, _ texts: [String]) {
    var seen: Set<String> = []
    let texts = texts.filter { !$0.isEmpty && seen.insert($0).inserted }
    if !texts.isEmpty { values.append((key, .texts(texts))) }
  }

  /// Sets a key to a mapping without its absent values, unless none is left.
  mutating func set(_ key: String, _ entries: [(key: String, value: Value?)]) {
    let present = entries.compactMap { entry in entry.value.map { (entry.key, $0) } }
    if !present.isEmpty { values.append((key, .map(present))) }
  }

  /// Gives a system the names under `accounts`.
  mutating func setAccount(_ name: String, on system: String) {
    set("accounts", [(system, .texts([name]))])
  }

  /// The accounts that it brings: the system, or `*`, and the name there.
  public var accounts: [Account] {
    guard case .map(let systems)? = values.first(where: { $0.key == "accounts" })?.value else {
      return []
    }
    return systems.flatMap { system, names -> [Account] in
      guard case .texts(let names) = names else { return [] }
      return names.map { Account(system: system, name: $0) }
    }
  }

  /// The row as YAML: a dash, and its keys below each other.
  ///
  /// - Parameter indent: How many blanks stand before the dash.
  public func yaml(indent: Int) -> String {
    let blanks = String(repeating: " ", count: indent)
    var text = "\(blanks)- id: \(YAMLText.scalar(id))\n"
    for (key, value) in values {
      text += "\(blanks)  \(YAMLText.scalar(key)): \(ImportedRow.flow(value))\n"
    }
    return text
  }

  private static func flow(_ value: Value) -> String {
    switch value {
    case .text(let text): YAMLText.scalar(text)
    case .flag(let flag): flag ? "true" : "false"
    case .texts(let texts): "[" + texts.map(YAMLText.scalar).joined(separator: ", ") + "]"
    case .map(let entries):
      "{" + entries.map { "\(YAMLText.scalar($0.key)): \(flow($0.value))" }.joined(separator: ", ")
        + "}"
    }
  }
}

/// Texts as YAML takes them back.
enum YAMLText {
  /// A text plain where nothing in it could mean anything else, in double quotes otherwise.
  static func scalar(_ text: String) -> String {
    let bytes = Array(text.utf8)
    let isPlain =
      bytes.first.map { $0.isASCIILetter || $0 &- 0x30 < 10 } ?? false
      && bytes.allSatisfy {
        $0.isASCIILetter || $0 &- 0x30 < 10 || [0x2D, 0x2E, 0x5F, 0x40, 0x2F].contains($0)
      } && !words.contains(text.lowercased())
    return isPlain ? text : quoted(text)
  }

  /// Words that YAML, or one of its readers, takes for something else than text.
  private static let words: Set<String> = [
    "null", "true", "false", "yes", "no", "on", "off", "y", "n",
  ]

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case " "..."~", "\u{A0}"..."\u{2027}", "\u{202F}"..."\u{2065}", "\u{2070}"..."\u{D7FF}",
        "\u{E000}"..."\u{FEFE}", "\u{FF00}"..."\u{FFFD}", "\u{10000}"..."\u{10FFFF}":
        result.unicodeScalars.append(scalar)
      default:
        // Controls, line ends that are not ASCII's, and what turns the reading direction.
        let digits = String(scalar.value, radix: 16, uppercase: true)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      }
    }
    return result + "\""
  }
}

extension UInt8 {
  /// Whether the byte is an ASCII letter.
  var isASCIILetter: Bool { (self | 0x20) &- 0x61 < 26 }
}
