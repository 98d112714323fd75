/// Reads the text of a regular expression into its tree.
struct RegularExpressionParser {
  typealias Tree = RegularExpression.Tree
  typealias Failure = RegularExpressionError

  private let pattern: [UInt8]
  private var offset = 0
  private var depth = 0
  private var flags: RegularExpression.Flags

  init(_ pattern: String, _ flags: RegularExpression.Flags) {
    self.pattern = Array(pattern.utf8)
    self.flags = flags
  }

  /// Reads the whole pattern.
  mutating func parse() throws(Failure) -> Tree {
    guard pattern.count <= RegularExpression.patternBytesMax else {
      throw failure("the expression is longer than \(RegularExpression.patternBytesMax) bytes")
    }
    let tree = try alternatives()
    guard offset == pattern.count else { throw failure("`)` without `(`") }
    return tree
  }

  private var byte: UInt8? { offset < pattern.count ? pattern[offset] : nil }

  private func failure(_ message: String, at place: Int? = nil) -> Failure {
    Failure(offset: place ?? offset, message: message)
  }

  private mutating func take(_ literal: String) -> Bool {
    guard pattern[offset...].starts(with: literal.utf8) else { return false }
    offset += literal.utf8.count
    return true
  }

  private mutating func alternatives() throws(Failure) -> Tree {
    depth += 1
    defer { depth -= 1 }
    guard depth <= RegularExpression.depthMax else { throw failure("groups nest too deeply") }
    var branches = [try sequence()]
    while take("|") { branches.append(try sequence()) }
    return branches.count == 1 ? branches[0] : .alternatives(branches)
  }

  private mutating func sequence() throws(Failure) -> Tree {
    var parts: [Tree] = []
    while let byte, byte != UInt8(ascii: "|"), byte != UInt8(ascii: ")") {
      let place = offset
      guard let part = try item() else { continue }
      if case .assertion = part { try refuseRepetition() }
      parts.append(try repeated(part, from: place))
    }
    return parts.count == 1 ? parts[0] : .sequence(parts)
  }

  private func refuseRepetition() throws(Failure) {
    guard let byte, byte == UInt8(ascii: "*") || byte == UInt8(ascii: "+") else { return }
    throw failure("nothing to repeat before `\(Character(UnicodeScalar(byte)))`")
  }

  /// One item: a literal, a class, a group or an assertion; `nil` for flags and comments.
  private mutating func item() throws(Failure) -> Tree? {
    let place = offset
    let byte = pattern[offset]
    offset += 1
    switch byte {
    case UInt8(ascii: "("): return try group(from: place)
    case UInt8(ascii: "["): return try set(from: place)
    case UInt8(ascii: "\\"): return try escape(from: place)
    case UInt8(ascii: "."):
      return .set(flags.contains(.dotMatchesAll) ? ByteSet().inverted : ByteSet.newline.inverted)
    case UInt8(ascii: "^"):
      return .assertion(flags.contains(.multiline) ? .lineStart : .textStart)
    case UInt8(ascii: "$"):
      return flags.contains(.multiline) ? .assertion(.lineEnd) : RegularExpressionParser.textEnd
    case UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "?"):
      throw failure("nothing to repeat before `\(Character(UnicodeScalar(byte)))`", at: place)
    default: return literal(byte)
    }
  }

  /// The end of the text, or before the line break that ends it.
  private static let textEnd = Tree.sequence([
    .repetition(.set(.newline), min: 0, max: 1), .assertion(.textEnd),
  ])

  /// A literal; the further bytes of one character stay together, so that a count repeats them all.
  private mutating func literal(_ first: UInt8) -> Tree {
    var bytes = [first]
    if first >= 0xc0 {
      while let byte, byte & 0xc0 == 0x80 {
        bytes.append(byte)
        offset += 1
      }
    }
    guard bytes.count > 1 else { return single(first) }
    let scalars = String(decoding: bytes, as: UTF8.self).unicodeScalars
    if scalars.count == 1, let scalar = scalars.first { return sequence(of: scalar) }
    return .sequence(bytes.map(single))
  }

  private func single(_ byte: UInt8) -> Tree { finished(ByteSet(byte...byte)) }

  private func finished(_ set: ByteSet) -> Tree {
    .set(flags.contains(.ignoresCase) ? set.folded : set)
  }

  private mutating func group(from place: Int) throws(Failure) -> Tree? {
    let outer = flags
    if take("?") {
      let unsupported = [
        ("=", "look-ahead"), ("!", "look-ahead"), ("<=", "look-behind"), ("<!", "look-behind"),
        (">", "an atomic group"), ("(", "a conditional group"), ("R", "recursion"),
        ("&", "recursion"), ("P>", "recursion"), ("P=", "a back-reference"),
        ("|", "a branch-reset group"), ("C", "a callout"),
      ]
      for (mark, name) in unsupported where take(mark) {
        throw failure("\(name) `(?\(mark)…)` is not supported", at: place)
      }
      if take("#") {
        while let byte, byte != UInt8(ascii: ")") {
          _ = byte
          offset += 1
        }
        guard take(")") else { throw failure("`(` without `)`", at: place) }
        return nil
      }
      if take("P<") || take("<") {
        try name(until: UInt8(ascii: ">"), from: place)
      } else if take("'") {
        try name(until: UInt8(ascii: "'"), from: place)
      } else if !take(":") {
        try readFlags(from: place)
        if take(")") { return nil }
        guard take(":") else { throw failure("unknown group `(?`", at: place) }
      }
    } else if take("*") {
      throw failure("the verb `(*…)` is not supported", at: place)
    }
    let tree = try alternatives()
    guard take(")") else { throw failure("`(` without `)`", at: place) }
    flags = outer
    return tree
  }

  private mutating func name(until end: UInt8, from place: Int) throws(Failure) {
    let start = offset
    while let byte, ByteSet.words.contains(byte) {
      _ = byte
      offset += 1
    }
    guard offset > start, byte == end else { throw failure("a bad group name", at: place) }
    offset += 1
  }

  private mutating func readFlags(from place: Int) throws(Failure) {
    var isOn = true
    while let byte, byte != UInt8(ascii: ")"), byte != UInt8(ascii: ":") {
      let flag: RegularExpression.Flags
      switch byte {
      case UInt8(ascii: "-"):
        isOn = false
        offset += 1
        continue
      case UInt8(ascii: "i"): flag = .ignoresCase
      case UInt8(ascii: "m"): flag = .multiline
      case UInt8(ascii: "s"): flag = .dotMatchesAll
      default:
        let text = Character(UnicodeScalar(byte))
        throw failure("the flag `\(text)` is not supported; use i, m or s", at: offset)
      }
      if isOn { flags.insert(flag) } else { flags.remove(flag) }
      offset += 1
    }
  }

  private mutating func repeated(_ part: Tree, from place: Int) throws(Failure) -> Tree {
    var part = part
    while let byte {
      var (min, max): (Int, Int?) = (0, nil)
      switch byte {
      case UInt8(ascii: "*"): offset += 1
      case UInt8(ascii: "+"): (min, offset) = (1, offset + 1)
      case UInt8(ascii: "?"): (max, offset) = (1, offset + 1)
      case UInt8(ascii: "{"):
        guard let bounds = try bounds() else { return part }
        (min, max) = bounds
      default: return part
      }
      if take("+") {
        throw failure("a possessive quantifier is not supported", at: offset - 1)
      }
      // Whether a search finds something does not depend on how eagerly it repeats.
      _ = take("?")
      part = .repetition(part, min: min, max: max)
    }
    return part
  }

  /// The bounds `{n}`, `{n,}` or `{n,m}`; `nil`, and nothing read, when the brace is a literal.
  private mutating func bounds() throws(Failure) -> (Int, Int?)? {
    let place = offset
    var position = offset + 1
    func number() -> Int? {
      var (value, digits) = (0, 0)
      while position < pattern.count, pattern[position] &- 0x30 < 10, digits < 7 {
        value = value * 10 + Int(pattern[position] - 0x30)
        (digits, position) = (digits + 1, position + 1)
      }
      return digits > 0 ? value : nil
    }
    guard let min = number() else { return nil }
    var max: Int? = min
    if position < pattern.count, pattern[position] == UInt8(ascii: ",") {
      position += 1
      max = number()
    }
    guard position < pattern.count, pattern[position] == UInt8(ascii: "}") else { return nil }
    offset = position + 1
    guard min <= RegularExpression.countMax, max ?? 0 <= RegularExpression.countMax else {
      throw failure("a repetition count above \(RegularExpression.countMax)", at: place)
    }
    guard min <= max ?? min else { throw failure("the bounds are out of order", at: place) }
    return (min, max)
  }

  /// What follows a backslash outside a class.
  private mutating func escape(from place: Int) throws(Failure) -> Tree? {
    guard let byte else { throw failure("a lone backslash at the end", at: place) }
    offset += 1
    if let set = RegularExpressionParser.shorthand(byte) { return .set(set) }
    switch byte {
    case UInt8(ascii: "b"): return .assertion(.wordBoundary)
    case UInt8(ascii: "B"): return .assertion(.noWordBoundary)
    case UInt8(ascii: "A"): return .assertion(.textStart)
    case UInt8(ascii: "z"): return .assertion(.textEnd)
    case UInt8(ascii: "Z"): return RegularExpressionParser.textEnd
    case UInt8(ascii: "N"): return .set(ByteSet.newline.inverted)
    case UInt8(ascii: "Q"):
      var parts: [Tree] = []
      while let byte = self.byte, !take("\\E") {
        offset += 1
        parts.append(literal(byte))
      }
      return .sequence(parts)
    case UInt8(ascii: "E"): return nil
    default: return sequence(of: try character(byte, from: place))
    }
  }

  private func sequence(of scalar: UnicodeScalar) -> Tree {
    let bytes = Array(String(Character(scalar)).utf8)
    if bytes.count == 1 { return single(bytes[0]) }
    let tree = Tree.sequence(bytes.map(single))
    guard flags.contains(.ignoresCase), !scalar.otherCases.isEmpty else { return tree }
    return .alternatives(
      [tree] + scalar.otherCases.map { .sequence(String(Character($0)).utf8.map(single)) })
  }

  /// The tree of a Sigma text that is matched as a whole, in any case of its letters.
  static func tree(folding text: SigmaText) -> Tree {
    let parser = RegularExpressionParser("", .ignoresCase)
    let tokens = text.tokens
    let startsOpen = tokens.first == .anyRun
    let endsOpen = tokens.last == .anyRun
    var parts: [Tree] = startsOpen ? [] : [.assertion(.textStart)]
    for (place, piece) in text.pieces.enumerated() {
      switch piece {
      case .wildcard(.anyRun):
        // A search begins and ends anywhere by itself.
        if place == 0 || place == text.pieces.count - 1 { continue }
        parts.append(.repetition(.set(ByteSet().inverted), min: 0, max: nil))
      case .wildcard: parts.append(character)
      case .text(let bytes):
        parts += String(decoding: bytes, as: UTF8.self).unicodeScalars.map(parser.sequence(of:))
      }
    }
    if !endsOpen { parts.append(.assertion(.textEnd)) }
    return .sequence(parts)
  }

  /// One character: a byte below 0x80, a stray one, or one that others follow.
  private static let character = Tree.alternatives([
    .set(ByteSet(0x00...0xbf)),
    .sequence([.set(ByteSet(0xc0...0xff)), .repetition(.set(ByteSet(0x80...0xbf)), min: 0, max: 3)]
    ),
  ])

  /// The set of `\d` and its kin, which hold in classes too.
  private static func shorthand(_ byte: UInt8) -> ByteSet? {
    switch byte {
    case UInt8(ascii: "d"): .digits
    case UInt8(ascii: "D"): ByteSet.digits.inverted
    case UInt8(ascii: "w"): .words
    case UInt8(ascii: "W"): ByteSet.words.inverted
    case UInt8(ascii: "s"): .spaces
    case UInt8(ascii: "S"): ByteSet.spaces.inverted
    case UInt8(ascii: "h"): .blanks
    case UInt8(ascii: "H"): ByteSet.blanks.inverted
    default: nil
    }
  }

  /// The character that an escape stands for, in a class or outside.
  private mutating func character(_ byte: UInt8, from place: Int) throws(Failure) -> UnicodeScalar {
    switch byte {
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "f"): return "\u{0c}"
    case UInt8(ascii: "v"): return "\u{0b}"
    case UInt8(ascii: "a"): return "\u{07}"
    case UInt8(ascii: "e"): return "\u{1b}"
    case UInt8(ascii: "0"): return "\0"
    case UInt8(ascii: "x"): return try hexadecimal(from: place)
    case UInt8(ascii: "1")...UInt8(ascii: "9"), UInt8(ascii: "k"), UInt8(ascii: "g"):
      let text = Character(UnicodeScalar(byte))
      throw failure("the back-reference `\\\(text)` is not supported", at: place)
    default:
      // Letters have meanings, here or in later versions; everything else stands for itself.
      guard !ByteSet.words.contains(byte) || byte == UInt8(ascii: "_"), byte < 0x80 else {
        let text = String(decoding: [byte], as: UTF8.self)
        throw failure("the escape `\\\(text)` is not supported", at: place)
      }
      return UnicodeScalar(byte)
    }
  }

  private mutating func hexadecimal(from place: Int) throws(Failure) -> UnicodeScalar {
    let isBraced = take("{")
    var (value, digits): (UInt32, Int) = (0, 0)
    while let digit = byte?.hexadecimal, digits < (isBraced ? 6 : 2) {
      value = value << 4 | UInt32(digit)
      (digits, offset) = (digits + 1, offset + 1)
    }
    guard !isBraced || take("}"), digits > 0, let scalar = UnicodeScalar(value) else {
      throw failure("a bad `\\x` escape", at: place)
    }
    return scalar
  }

  /// A class; a member beyond ASCII becomes an alternative of its bytes.
  private mutating func set(from place: Int) throws(Failure) -> Tree {
    let isInverted = take("^")
    var set = ByteSet()
    var others: [UnicodeScalar] = []
    var isFirst = true
    while true {
      guard let byte else { throw failure("`[` without `]`", at: place) }
      if byte == UInt8(ascii: "]"), !isFirst { break }
      isFirst = false
      if byte == UInt8(ascii: "["), let named = try posixSet() {
        set.formUnion(named)
        continue
      }
      let memberPlace = offset
      if byte == UInt8(ascii: "\\"), offset + 1 < pattern.count,
        let shorthand = RegularExpressionParser.shorthand(pattern[offset + 1])
      {
        offset += 2
        set.formUnion(shorthand)
        continue
      }
      let low = try member()
      var high = low
      if self.byte == UInt8(ascii: "-"), offset + 1 < pattern.count,
        pattern[offset + 1] != UInt8(ascii: "]")
      {
        offset += 1
        if self.byte == UInt8(ascii: "\\"), offset + 1 < pattern.count,
          RegularExpressionParser.shorthand(pattern[offset + 1]) != nil
        {
          throw failure("a range that ends in a class", at: memberPlace)
        }
        high = try member()
        guard low.value <= high.value else {
          throw failure("the range is out of order", at: memberPlace)
        }
      }
      if high.value < 0x80 {
        set.insert(UInt8(low.value)...UInt8(high.value))
      } else if low == high, !isInverted {
        others.append(low)
      } else {
        throw failure(
          "a range or an inverted class beyond ASCII is not supported", at: memberPlace)
      }
    }
    offset += 1
    if flags.contains(.ignoresCase) { set = set.folded }
    guard !others.isEmpty else { return .set(isInverted ? set.inverted : set) }
    return .alternatives([.set(set)] + others.map { sequence(of: $0) })
  }

  /// One member of a class.
  private mutating func member() throws(Failure) -> UnicodeScalar {
    let place = offset
    let byte = pattern[offset]
    if byte == UInt8(ascii: "\\") {
      offset += 1
      guard let escaped = self.byte else { throw failure("`[` without `]`", at: place) }
      offset += 1
      if escaped == UInt8(ascii: "b") { return "\u{08}" }
      return try character(escaped, from: place)
    }
    var decoder = UTF8()
    var rest = pattern[offset...].makeIterator()
    guard case .scalarValue(let scalar) = decoder.decode(&rest) else {
      throw failure("not UTF-8", at: place)
    }
    offset += String(Character(scalar)).utf8.count
    return scalar
  }

  /// `[:alpha:]` and its kin.
  private mutating func posixSet() throws(Failure) -> ByteSet? {
    guard offset + 1 < pattern.count, pattern[offset + 1] == UInt8(ascii: ":") else { return nil }
    let names: [(String, ByteSet)] = [
      ("alpha", ByteSet(0x41...0x5a, 0x61...0x7a)), ("digit", .digits), ("space", .spaces),
      ("alnum", ByteSet(0x30...0x39, 0x41...0x5a, 0x61...0x7a)), ("blank", .blanks),
      ("upper", ByteSet(0x41...0x5a)), ("lower", ByteSet(0x61...0x7a)), ("word", .words),
      ("xdigit", ByteSet(0x30...0x39, 0x41...0x46, 0x61...0x66)),
      ("punct", ByteSet(0x21...0x2f, 0x3a...0x40, 0x5b...0x60, 0x7b...0x7e)),
      ("cntrl", ByteSet(0x00...0x1f, 0x7f...0x7f)), ("print", ByteSet(0x20...0x7e)),
      ("graph", ByteSet(0x21...0x7e)), ("ascii", ByteSet(0x00...0x7f)),
    ]
    let place = offset
    for (name, set) in names {
      if take("[:\(name):]") { return set }
      if take("[:^\(name):]") { return set.inverted }
    }
    // Without its end the bracket is an ordinary member.
    guard let end = pattern[place...].firstIndex(of: UInt8(ascii: "]")),
      pattern[end - 1] == UInt8(ascii: ":"), end > place + 2
    else { return nil }
    throw failure("unknown class name", at: place)
  }
}
