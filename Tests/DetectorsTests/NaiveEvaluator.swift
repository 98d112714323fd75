import Bytes
import Detectors
import Events

/// What rules mean, written as plainly as it can be: every rule is asked about every event, and every
/// test walks over copies.
struct NaiveEvaluator {
  /// A value of an event, copied.
  indirect enum Datum {
    case null
    case text([UInt8])
    case number(Double, [UInt8])
    case list([Datum])
  }

  private let line: [UInt8]
  private var data: [Int: Datum] = [:]

  /// Copies an event.
  init(_ event: Event) {
    line = event.line.copy()
    event.forEach { field, value in
      data[field.index] =
        switch value {
        case .null: .null
        case .text(let text): .text(text.copy())
        case .integer(let whole): .number(Double(whole), Array("\(whole)".utf8))
        case .number(let number, let text): .number(number, text.copy())
        case .bool(let truth): .text(Array("\(truth)".utf8))
        case .json(let json): NaiveJSON.datum(json.copy())
        }
    }
  }

  /// The rules of a set that the event matches.
  func hits(_ rules: RuleSet) -> [Int] {
    rules.rules.indices.filter { index in
      let rule = rules.rules[index]
      return rule.isStateless && rule.notReadable == nil && holds(rule.expression)
    }
  }

  func holds(_ expression: Expression) -> Bool {
    switch expression {
    case .all(let parts): return parts.allSatisfy(holds)
    case .any(let parts): return parts.contains(where: holds)
    case .not(let part): return !holds(part)
    case .test(let test):
      guard let field = test.field else {
        // The whole line, and all that the log says; not what the registers add.
        let said = data.filter { $0.key != 0 && !Field(index: $0.key).isJoined }
        return answers(.text(line), test.matcher)
          || said.values.contains { answers($0, test.matcher) }
      }
      switch (test.matcher, data[field.index]) {
      case (.exists, let datum): return datum != nil
      case (.null, nil), (.null, .null): return true
      case (.null, _), (_, nil): return false
      case (.field(let other, let relation, _), let datum?):
        let others = data[other.index].map(NaiveEvaluator.elements) ?? []
        return NaiveEvaluator.elements(datum).contains { left in
          others.contains { relates(relation, left, $0) }
        }
      case (.member(let path, let inner), let datum?):
        return NaiveEvaluator.members(datum, path[...]).contains { value in
          if case .exists = inner { return !NaiveEvaluator.elements(value).isEmpty }
          return answers(value, inner)
        }
      case (_, let datum?): return answers(datum, test.matcher)
      }
    }
  }

  /// What is in a value, without lists and nulls.
  private static func elements(_ datum: Datum) -> [Datum] {
    switch datum {
    case .null: []
    case .list(let parts): parts.flatMap(elements)
    default: [datum]
    }
  }

  /// The values at a path through objects and lists of them.
  private static func members(_ datum: Datum, _ path: ArraySlice<String>) -> [Datum] {
    switch datum {
    case .list(let parts): return parts.flatMap { members($0, path) }
    case .text(let text) where text.first == UInt8(ascii: "{"):
      return NaiveJSON.members(text).filter { $0.name == path.first }.flatMap { member in
        path.count == 1 ? [member.value] : members(member.value, path.dropFirst())
      }
    default: return []
    }
  }

  private func relates(_ relation: FieldRelation, _ left: Datum, _ right: Datum) -> Bool {
    func parts(_ datum: Datum) -> (text: [UInt8], number: Double?) {
      switch datum {
      case .text(let text): (text.map(\.asciiLowered), nil)
      case .number(let number, let text): (text.map(\.asciiLowered), number)
      case .null, .list: ([], nil)
      }
    }
    let (one, other) = (parts(left), parts(right))
    switch relation {
    case .equal:
      if let left = one.number, let right = other.number { return left == right }
      return one.text == other.text
    case .begins: return one.text.starts(with: other.text)
    case .ends: return one.text.reversed().starts(with: other.text.reversed())
    case .contains:
      return (0...max(0, one.text.count)).contains {
        one.text[$0...].starts(with: other.text)
      }
    }
  }

  private func answers(_ datum: Datum, _ matcher: Matcher) -> Bool {
    switch datum {
    case .null: return false
    case .list(let elements): return elements.contains { answers($0, matcher) }
    case .text(let text): return answers(text, nil, matcher)
    case .number(let number, let text): return answers(text, number, matcher)
    }
  }

  /// The part of a time in UTC, counted day by day from the first of 1970, a Thursday.
  private func part(_ part: TimePart, of text: [UInt8]) -> Int? {
    guard let stamp = text.withView({ Timestamps.any($0) }), stamp.hasYear,
      stamp.nanoseconds >= 0
    else { return nil }
    let seconds = Int(stamp.nanoseconds / 1_000_000_000)
    switch part {
    case .minute: return seconds / 60 % 60
    case .hour: return seconds / 3600 % 24
    default: break
    }
    var (year, month, day, weekday) = (1970, 1, 1, 3)
    // Days since the last Monday or the first day of the year, and the week that this makes.
    var (ordinal, days) = (0, seconds / 86_400)
    func isLeap(_ year: Int) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }
    func length(_ month: Int) -> Int {
      month == 2 ? (isLeap(year) ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31
    }
    while days > 0 {
      (days, day, ordinal, weekday) = (days - 1, day + 1, ordinal + 1, (weekday + 1) % 7)
      if day > length(month) { (month, day) = (month + 1, 1) }
      if month > 12 { (year, month, ordinal) = (year + 1, 1, 0) }
    }
    switch part {
    case .day: return day
    case .month: return month
    case .year: return year
    default:
      // The week with the year's first Thursday is the first.
      let thursday = ordinal - weekday + 3
      if thursday < 0 {
        let before = thursday + (isLeap(year - 1) ? 366 : 365)
        return before / 7 + 1
      }
      return thursday >= (isLeap(year) ? 366 : 365) ? 1 : thursday / 7 + 1
    }
  }

  private func answers(_ text: [UInt8], _ number: Double?, _ matcher: Matcher) -> Bool {
    switch matcher {
    case .null, .exists, .field, .member: return false
    case .time(let part, let comparison, let bound):
      guard let value = self.part(part, of: text) else { return false }
      return comparison?.holds(Double(value), Double(bound)) ?? (value == bound)
    case .network(let block): return text.withView { Address($0) }.map(block.contains) ?? false
    case .compare(let comparison, let bound):
      guard let value = number ?? Double(String(decoding: text, as: UTF8.self)) else {
        return false
      }
      return comparison.holds(value, bound)
    case .expression(let expression): return NaiveSearch(text).finds(expression.tree)
    case .text(let pattern, let isCased, let wanted):
      if let number, let same = wanted ?? canonical(pattern), same == number { return true }
      return isMatch(pattern.tokens, text, isCased)
    }
  }

  /// The number of which a pattern is the only spelling.
  private func canonical(_ pattern: SigmaText) -> Double? {
    guard let literal = pattern.literal, literal.count < 16 else { return nil }
    let spelling = String(decoding: literal, as: UTF8.self)
    guard let whole = Int64(spelling), "\(whole)" == spelling else { return nil }
    return Double(whole)
  }

  /// Which beginnings of the text each beginning of the pattern fits.
  private func isMatch(_ pattern: [SigmaText.Token], _ text: [UInt8], _ isCased: Bool) -> Bool {
    var fits = [Bool](repeating: false, count: text.count + 1)
    fits[0] = true
    for token in pattern {
      var next = [Bool](repeating: false, count: text.count + 1)
      switch token {
      case .anyRun:
        if let first = fits.firstIndex(of: true) {
          for place in first...text.count { next[place] = true }
        }
      case .anyOne:
        for place in text.indices where fits[place] { next[characterEnd(text, place)] = true }
      case .byte(let byte):
        for place in text.indices where fits[place] {
          let same =
            isCased ? text[place] == byte : text[place].asciiLowered == byte.asciiLowered
          if same { next[place + 1] = true }
        }
      }
      fits = next
    }
    return fits[text.count]
  }

  private func characterEnd(_ text: [UInt8], _ place: Int) -> Int {
    var end = place + 1
    guard text[place] >= 0xC0 else { return end }
    while end < text.count, end < place + 4, text[end] & 0xC0 == 0x80 { end += 1 }
    return end
  }
}

/// Finds an expression's tree in a text, all ways at once.
struct NaiveSearch {
  private let text: [UInt8]

  init(_ text: [UInt8]) { self.text = text }

  func finds(_ tree: RegularExpression.Tree) -> Bool {
    !ends(tree, Set(0...text.count)).isEmpty
  }

  /// Where the tree may end when it begins at one of some places.
  private func ends(_ tree: RegularExpression.Tree, _ starts: Set<Int>) -> Set<Int> {
    switch tree {
    case .set(let set):
      return Set(starts.filter { $0 < text.count && set.contains(text[$0]) }.map { $0 + 1 })
    case .sequence(let parts): return parts.reduce(starts) { ends($1, $0) }
    case .alternatives(let parts):
      return parts.reduce(into: []) { $0.formUnion(ends($1, starts)) }
    case .assertion(let assertion): return starts.filter { holds(assertion, $0) }
    case .repetition(let part, let min, let max):
      var places = starts
      for _ in 0..<min { places = ends(part, places) }
      var all = places
      var count = min
      while !places.isEmpty, max.map({ count < $0 }) ?? true {
        places = ends(part, places).subtracting(all)
        all.formUnion(places)
        count += 1
      }
      return all
    }
  }

  private func holds(_ assertion: RegularExpression.Assertion, _ place: Int) -> Bool {
    func isWord(_ place: Int) -> Bool {
      guard text.indices.contains(place) else { return false }
      let byte = text[place]
      return byte.isDigit || byte == 0x5F || byte.asciiLowered &- 0x61 < 26
    }
    switch assertion {
    case .textStart: return place == 0
    case .textEnd: return place == text.count
    case .lineStart: return place == 0 || text[place - 1] == 0x0A
    case .lineEnd: return place == text.count || text[place] == 0x0A
    case .wordBoundary: return isWord(place - 1) != isWord(place)
    case .noWordBoundary: return isWord(place - 1) == isWord(place)
    }
  }
}

/// Reads the arrays of a JSON text; what is none is text.
enum NaiveJSON {
  static func datum(_ bytes: [UInt8], depth: Int = 0) -> NaiveEvaluator.Datum {
    guard depth < 16, bytes.first == UInt8(ascii: "[") else { return .text(bytes) }
    var elements: [NaiveEvaluator.Datum] = []
    for part in parts(bytes) { elements.append(element(part, depth + 1)) }
    return .list(elements)
  }

  /// The members of an object.
  static func members(_ bytes: [UInt8]) -> [(name: String, value: NaiveEvaluator.Datum)] {
    parts(bytes).compactMap { part in
      var (end, isEscaped) = (1, false)
      while end < part.count, isEscaped || part[end] != UInt8(ascii: "\"") {
        isEscaped = !isEscaped && part[end] == UInt8(ascii: "\\")
        end += 1
      }
      guard end + 2 < part.count, part[0] == UInt8(ascii: "\"") else { return nil }
      return (
        String(decoding: part[1..<end], as: UTF8.self), element(Array(part[(end + 2)...]), 1)
      )
    }
  }

  /// What stands between the commas of an array, without the blanks around it.
  private static func parts(_ bytes: [UInt8]) -> [[UInt8]] {
    var (parts, part): ([[UInt8]], [UInt8]) = ([], [])
    var (depth, isText, isEscaped) = (0, false, false)
    for byte in bytes {
      if isText {
        part.append(byte)
        if !isEscaped, byte == UInt8(ascii: "\"") { isText = false }
        isEscaped = !isEscaped && byte == UInt8(ascii: "\\")
        continue
      }
      switch byte {
      case UInt8(ascii: "["), UInt8(ascii: "{"):
        depth += 1
        if depth > 1 { part.append(byte) }
      case UInt8(ascii: "]"), UInt8(ascii: "}"):
        depth -= 1
        if depth > 0 { part.append(byte) }
      case UInt8(ascii: ",") where depth == 1:
        parts.append(part)
        part = []
      case 0x20, 0x09, 0x0A, 0x0D: if depth > 1 { part.append(byte) }
      default:
        part.append(byte)
        isText = byte == UInt8(ascii: "\"")
      }
    }
    parts.append(part)
    return parts.filter { !$0.isEmpty }
  }

  private static func element(_ part: [UInt8], _ depth: Int) -> NaiveEvaluator.Datum {
    let text = String(decoding: part, as: UTF8.self)
    switch part[0] {
    case UInt8(ascii: "\""): return .text(unescaped(part.dropFirst().dropLast()))
    case UInt8(ascii: "["), UInt8(ascii: "{"): return datum(part, depth: depth)
    default: break
    }
    switch text {
    case "null": return .null
    case "true", "false": return .text(part)
    default: return Double(text).map { .number($0, part) } ?? .text(part)
    }
  }

  private static func unescaped(_ part: ArraySlice<UInt8>) -> [UInt8] {
    var text = ""
    var rest = String(decoding: part, as: UTF8.self)[...]
    var units: [UInt16] = []
    while let character = rest.unicodeScalars.popFirst() {
      guard character == "\\", let next = rest.unicodeScalars.popFirst() else {
        text += String(decoding: units, as: UTF16.self)
        units = []
        text.unicodeScalars.append(character)
        continue
      }
      if next == "u" {
        units.append(UInt16(rest.prefix(4), radix: 16) ?? 0xFFFD)
        rest = rest.dropFirst(4)
        continue
      }
      text += String(decoding: units, as: UTF16.self)
      units = []
      let meanings: [Unicode.Scalar: String] = [
        "n": "\n", "t": "\t", "r": "\r", "b": "\u{8}", "f": "\u{c}",
      ]
      text += meanings[next] ?? String(next)
    }
    return Array((text + String(decoding: units, as: UTF16.self)).utf8)
  }
}
