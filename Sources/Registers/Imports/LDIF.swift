import Documents

/// Reads LDIF (RFC 2849): entries of attributes, folded lines joined, Base64 undone.
///
/// What a line points at elsewhere (`jpegPhoto:< file:///…`) is not fetched, and binary values are left out.
struct LDIF {
  /// One entry of a directory.
  struct Entry {
    /// The distinguished name.
    var name: String
    var line: Int
    /// What is to be done with it; `nil` for content.
    var change: String?
    /// Attributes by name in lower case, without options such as `;lang-de`.
    var values: [String: [String]] = [:]

    /// The first value of the first of some attributes that there is.
    func first(_ names: String...) -> String? {
      names.lazy.compactMap { values[$0]?.first.nonEmpty }.first
    }
  }
  /// How long a line may be when its parts are joined, and how many values an entry may have.
  private static let (lineBytesMax, valuesMax) = (1 << 20, 10_000)

  private let file: String
  private(set) var entries: [Entry] = []
  private var current: Entry?
  private var valueCount = 0
  /// The lines that follow are those of a change that we do not carry out.
  private var isSeparated = false

  /// Reads a file.
  ///
  /// - Throws: ``Problem`` with line and column of the first line that is none of LDIF's.
  init(file: String, text: String) throws(Problem) {
    self.file = file
    var (joined, number, start): ([UInt8], Int, Int) = ([], 0, 0)
    var isComment = false
    for line in text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false) {
      number += 1
      var line = line[...]
      if line.last == 0x0D { line = line.dropLast() }
      if line.first == 0x20 {
        if isComment { continue }
        guard start > 0 else {
          throw problem(number, 1, "a line that goes on, and none before it", "remove the blank")
        }
        joined += line.dropFirst()
        guard joined.count <= LDIF.lineBytesMax else {
          throw problem(
            start, 1, "a line of more than \(LDIF.lineBytesMax) bytes", "leave out binary values")
        }
        continue
      }
      if start > 0 { try take(joined, start) }
      (joined, start, isComment) = ([], 0, line.first == UInt8(ascii: "#"))
      if isComment { continue }
      if line.isEmpty {
        end()
      } else {
        (joined, start) = (Array(line), number)
      }
    }
    if start > 0 { try take(joined, start) }
    end()
  }

  private func problem(_ line: Int, _ column: Int, _ message: String, _ fix: String) -> Problem {
    Problem(file: file, line: line, column: column, message: message, fix: fix)
  }

  private mutating func end() {
    if let current { entries.append(current) }
    (current, valueCount, isSeparated) = (nil, 0, false)
  }

  /// Takes one line, its parts joined.
  private mutating func take(_ line: [UInt8], _ number: Int) throws(Problem) {
    // `-` ends one of the changes of an entry that is to be changed.
    if line == [UInt8(ascii: "-")] {
      isSeparated = true
      return
    }
    guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > 0 else {
      throw problem(number, 1, "no attribute and value", "write `name: value`")
    }
    let full = String(decoding: line[..<colon], as: UTF8.self).lowercased()
    let name = full.split(separator: ";").first.map(String.init) ?? full
    guard let value = try value(line, after: colon, number) else { return }
    if name == "version", current == nil { return }
    if name == "dn" {
      guard current == nil else {
        throw problem(number, 1, "a second `dn` in one entry", "put an empty line before it")
      }
      current = Entry(name: value, line: number)
      return
    }
    guard current != nil else {
      throw problem(number, 1, "`\(name.prefix(40))` before any `dn`", "begin the entry with `dn:`")
    }
    if name == "changetype" {
      current?.change = value.lowercased()
      return
    }
    valueCount += 1
    guard valueCount <= LDIF.valuesMax else {
      throw problem(
        number, 1, "an entry of more than \(LDIF.valuesMax) values",
        "leave out what is not about a person")
    }
    if !isSeparated { current?.values[name, default: []].append(value) }
  }

  /// The value behind the colon: as it stands, from Base64, or `nil` where it is elsewhere or no text.
  private func value(_ line: [UInt8], after colon: Int, _ number: Int) throws(Problem) -> String? {
    var rest = line[(colon + 1)...]
    let mark = rest.first
    if mark == UInt8(ascii: ":") || mark == UInt8(ascii: "<") { rest = rest.dropFirst() }
    while rest.first == 0x20 { rest = rest.dropFirst() }
    if mark == UInt8(ascii: "<") { return nil }
    guard mark == UInt8(ascii: ":") else { return String(validating: rest, as: UTF8.self) }
    guard let bytes = LDIF.base64(rest) else {
      throw problem(
        number, colon + 3, "a value that is not Base64", "export it again, or write it as text")
    }
    return String(validating: bytes, as: UTF8.self)
  }

  /// The bytes that Base64 stands for (RFC 4648, section 4), or `nil`.
  static func base64(_ text: ArraySlice<UInt8>) -> [UInt8]? {
    var (bits, count): (UInt32, Int) = (0, 0)
    var bytes: [UInt8] = []
    var text = text
    while text.last == 0x20 { text = text.dropLast() }
    guard text.count % 4 == 0 else { return nil }
    for _ in 0..<2 where text.last == UInt8(ascii: "=") { text = text.dropLast() }
    for byte in text {
      let digit: UInt32
      switch byte {
      case 0x41...0x5A: digit = UInt32(byte - 0x41)
      case 0x61...0x7A: digit = UInt32(byte - 0x47)
      case 0x30...0x39: digit = UInt32(byte) + 4
      case 0x2B: digit = 62
      case 0x2F: digit = 63
      default: return nil
      }
      (bits, count) = (bits << 6 | digit, count + 6)
      if count >= 8 {
        count -= 8
        bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
      }
    }
    // What is left over of the last digit is zero, else two texts would be one value.
    return bits & (1 << UInt32(count) - 1) == 0 && count < 6 ? bytes : nil
  }
}
