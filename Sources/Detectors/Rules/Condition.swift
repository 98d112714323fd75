import Documents

/// Why a condition was refused, with the place inside its text.
struct ConditionError: Error {
  let offset: Int
  let message: String
  var fix = ""
}

/// Reads Sigma's condition grammar: parentheses, `x of`, `not`, `and`, `or`, tightest first.
struct ConditionParser {
  private struct Word {
    let text: String
    let offset: Int
  }

  private let selections: [(name: String, expression: Expression)]
  private let words: [Word]
  private let end: Int
  private var place = 0
  private var depth = 0
  /// How deep parentheses and `not` may nest.
  static let depthMax = 64
  private static let keywords = ["and", "or", "not", "of", "them", "all", "any"]

  init(_ text: String, selections: [(name: String, expression: Expression)]) {
    self.selections = selections
    (words, end) = ConditionParser.words(of: text)
  }

  /// The names that a condition speaks of, in their order.
  static func names(in text: String) -> [String] {
    words(of: text).words.map(\.text).filter { word in
      !["(", ")", "|", "1"].contains(word) && !keywords.contains(word.lowercased())
        && !word.contains("*")
    }
  }

  private static func words(of text: String) -> (words: [Word], end: Int) {
    var words: [Word] = []
    var (current, start) = ("", 0)
    var offset = 0
    for character in text {
      let isMark = character == "(" || character == ")" || character == "|"
      if isMark || character.isWhitespace {
        if !current.isEmpty { words.append(Word(text: current, offset: start)) }
        current = ""
        if isMark { words.append(Word(text: String(character), offset: offset)) }
      } else {
        if current.isEmpty { start = offset }
        current.append(character)
      }
      offset += 1
    }
    if !current.isEmpty { words.append(Word(text: current, offset: start)) }
    return (words, offset)
  }

  /// Reads the whole condition.
  mutating func parse() throws(ConditionError) -> Expression {
    if let pipe = words.first(where: { $0.text == "|" }) {
      throw ConditionError(
        offset: pipe.offset, message: "aggregation with `|` is not supported",
        fix: "write a correlation")
    }
    let expression = try disjunction()
    if let word {
      throw ConditionError(
        offset: word.offset, message: "unexpected `\(word.text)`", fix: "join with `and` or `or`")
    }
    return expression
  }

  private var word: Word? { place < words.count ? words[place] : nil }

  private mutating func take(_ keyword: String) -> Bool {
    guard let word, word.text.lowercased() == keyword else { return false }
    place += 1
    return true
  }

  private mutating func disjunction() throws(ConditionError) -> Expression {
    var parts = [try conjunction()]
    while take("or") { parts.append(try conjunction()) }
    return parts.count == 1 ? parts[0] : .any(parts)
  }

  private mutating func conjunction() throws(ConditionError) -> Expression {
    var parts = [try negation()]
    while take("and") { parts.append(try negation()) }
    return parts.count == 1 ? parts[0] : .all(parts)
  }

  private mutating func negation() throws(ConditionError) -> Expression {
    depth += 1
    defer { depth -= 1 }
    guard depth <= ConditionParser.depthMax else {
      throw ConditionError(offset: word?.offset ?? end, message: "the condition nests too deeply")
    }
    if take("not") { return .not(try negation()) }
    guard let word else {
      throw ConditionError(offset: end, message: "the condition ends where a name is wanted")
    }
    if take("(") {
      let expression = try disjunction()
      guard take(")") else {
        throw ConditionError(offset: word.offset, message: "`(` without `)`")
      }
      return expression
    }
    if word.text == ")" { throw ConditionError(offset: word.offset, message: "`)` without `(`") }
    place += 1
    if let next = self.word, next.text.lowercased() == "of" { return try count(word) }
    if ConditionParser.keywords.contains(word.text.lowercased()) {
      throw ConditionError(offset: word.offset, message: "`\(word.text)` where a name is wanted")
    }
    guard let selection = selections.first(where: { $0.name == word.text }) else {
      let nearest = nearestName(to: word.text, among: selections.map(\.name))
      throw ConditionError(
        offset: word.offset, message: "no selection named `\(word.text)`",
        fix: nearest.map { "did you mean `\($0)`?" } ?? "")
    }
    return selection.expression
  }

  /// `1 of`, `any of` and `all of`, the first word already read.
  private mutating func count(_ first: Word) throws(ConditionError) -> Expression {
    place += 1
    guard let target = word else {
      throw ConditionError(offset: end, message: "`of` without a pattern or `them`")
    }
    place += 1
    let isAll: Bool
    switch first.text.lowercased() {
    case "1", "any": isAll = false
    case "all": isAll = true
    default:
      throw ConditionError(
        offset: first.offset, message: "`\(first.text) of` is not supported",
        fix: "use `1 of`, `any of` or `all of`")
    }
    let isThem = target.text.lowercased() == "them"
    let pattern = Array(target.text.utf8)
    let parts = selections.filter { selection in
      if selection.name.hasPrefix("_"), isThem || !target.text.hasPrefix("_") { return false }
      return isThem || ConditionParser.matches(pattern[...], Array(selection.name.utf8)[...])
    }.map(\.expression)
    guard !parts.isEmpty else {
      throw ConditionError(
        offset: target.offset, message: "no selection matches `\(target.text)`")
    }
    if parts.count == 1 { return parts[0] }
    return isAll ? .all(parts) : .any(parts)
  }

  private static func matches(_ pattern: ArraySlice<UInt8>, _ name: ArraySlice<UInt8>) -> Bool {
    guard let first = pattern.first else { return name.isEmpty }
    if first == UInt8(ascii: "*") {
      return matches(pattern.dropFirst(), name)
        || (!name.isEmpty && matches(pattern, name.dropFirst()))
    }
    return name.first == first && matches(pattern.dropFirst(), name.dropFirst())
  }
}
