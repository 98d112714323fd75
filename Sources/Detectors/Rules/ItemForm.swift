import Documents

/// What the modifiers of one key ask of its values.
struct ItemForm {
  /// What the values are.
  enum Kind {
    case text, expression, network, exists, reference
    case compare(Comparison)
    case time(TimePart, Comparison?)
  }
  var kind = Kind.text
  /// How the texts are written before they are looked for, in order.
  var encodings: [TextEncoding] = []
  /// Which ends of the value are open.
  var (contains, begins, ends) = (false, false, false)
  var (isAll, isCased, isNegated, expands) = (false, false, false, false)
  var flags: RegularExpression.Flags = []
  /// Whether a modifier has said what the values are; `all`, `neq` and `expand` do not.
  private var isTouched = false

  /// Whether a text stands for all of a value.
  var isWhole: Bool { !contains && !begins && !ends && encodings.isEmpty }

  /// Whether a value of `exists` asks for the field's absence.
  func asksForAbsence(_ text: String?) -> Bool {
    guard case .exists = kind, let text else { return false }
    return RuleReader.truth(text) == false
  }

  /// Sigma's modifiers.
  static let modifiers =
    [
      "contains", "startswith", "endswith", "all", "exists", "cased", "neq", "re", "i", "m", "s",
      "ignorecase", "multiline", "dotall", "cidr", "gt", "gte", "lt", "lte", "fieldref", "expand",
    ] + TextEncoding.allCases.map(\.rawValue) + TimePart.allCases.map { "\($0)" }

  /// Why a modifier can not stand where it does.
  struct Refusal: Error {
    let message: String
    var fix = ""
  }

  /// Takes the next modifier, from left to right.
  ///
  /// - Parameters:
  ///   - isFirst: Whether none stands before it, `expand` aside.
  ///   - isLast: Whether none stands after it.
  mutating func take(_ name: String, isFirst: Bool, isLast: Bool) throws(Refusal) {
    try choose(name, isFirst: isFirst, isLast: isLast)
    isTouched = isTouched || !["all", "neq", "expand"].contains(name)
  }

  private mutating func choose(_ name: String, isFirst: Bool, isLast: Bool) throws(Refusal) {
    if let encoding = TextEncoding(rawValue: name) { return try take(encoding) }
    if let part = TimePart.allCases.first(where: { "\($0)" == name }) {
      guard !isTouched else { throw Refusal(message: "`\(name)` must be the first modifier") }
      kind = .time(part, nil)
      return
    }
    switch name {
    case "contains", "startswith", "endswith": try open(name)
    case "re", "cidr", "exists", "fieldref":
      guard name == "fieldref" ? !isTouched && !expands : isFirst else {
        throw Refusal(message: "`\(name)` must be the first modifier")
      }
      guard name != "exists" || isLast else {
        throw Refusal(message: "`exists` must be the only modifier")
      }
      guard name != "exists" || !expands else {
        throw Refusal(message: "`exists` must be the only modifier")
      }
      kind =
        switch name {
        case "re": .expression
        case "cidr": .network
        case "fieldref": .reference
        default: .exists
        }
    case "gt", "gte", "lt", "lte": try compare(name)
    case "i", "ignorecase": try flag(name, .ignoresCase)
    case "m", "multiline": try flag(name, .multiline)
    case "s", "dotall": try flag(name, .dotMatchesAll)
    case "cased":
      guard case .text = kind else {
        throw Refusal(
          message: "`cased` needs a text value",
          fix: isExpression ? "an expression minds the case unless `i` follows `re`" : "remove it")
      }
      isCased = true
    case "all": isAll = true
    case "expand":
      if case .reference = kind { throw Refusal(message: "a field's name has no placeholders") }
      expands = true
    case "neq": isNegated = true
    default:
      let nearest = nearestName(to: name, among: ItemForm.modifiers)
      throw Refusal(
        message: "unknown modifier `\(name)`",
        fix: nearest.map { "did you mean `\($0)`?" }
          ?? "known: \(ItemForm.modifiers.joined(separator: ", "))")
    }
  }

  private var isExpression: Bool { if case .expression = kind { true } else { false } }

  private var isOpen: Bool { contains || begins || ends }

  private mutating func open(_ name: String) throws(Refusal) {
    switch kind {
    case .text, .expression, .reference: break
    default: throw Refusal(message: "`\(name)` needs a text value", fix: "remove it")
    }
    guard !isOpen else {
      throw Refusal(
        message: "`\(name)` can not follow another test",
        fix: contains ? "`contains` says it already" : "write `contains` for both")
    }
    contains = name == "contains"
    begins = name == "startswith"
    ends = name == "endswith"
  }

  private mutating func take(_ encoding: TextEncoding) throws(Refusal) {
    guard case .text = kind else {
      throw Refusal(message: "`\(encoding.rawValue)` needs a text value", fix: "remove it")
    }
    guard !isOpen || !encoding.needsLiteral else {
      throw Refusal(
        message: "`\(encoding.rawValue)` can not encode an open end",
        fix: "write it before `\(contains ? "contains" : begins ? "startswith" : "endswith")`")
    }
    guard !encoding.isWide || !encodings.contains(where: \.isWide) else {
      throw Refusal(message: "`\(encoding.rawValue)`: the text is UTF-16 already", fix: "remove it")
    }
    encodings.append(encoding)
  }

  private mutating func compare(_ name: String) throws(Refusal) {
    guard let comparison = Comparison.allCases.first(where: { "\($0)" == name }) else { return }
    if case .time(let part, nil) = kind {
      kind = .time(part, comparison)
      return
    }
    guard !isTouched else { throw Refusal(message: "`\(name)` must be the first modifier") }
    kind = .compare(comparison)
  }

  private mutating func flag(_ name: String, _ flag: RegularExpression.Flags) throws(Refusal) {
    guard isExpression else {
      throw Refusal(message: "`\(name)` is a flag of `re`", fix: "write `re|\(name)`")
    }
    flags.insert(flag)
  }
}
