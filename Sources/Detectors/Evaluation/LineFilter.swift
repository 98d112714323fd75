package import Bytes
package import Events

/// What is known of all lines that one mapping takes, before any of them is read.
package struct LineKnowledge {
  /// Fields that hold the same text in every line.
  package var constants: [Field: [UInt8]] = [:]
  /// Fields that no line has.
  package var absent: Set<Field> = []
  /// Fields whose text need not stand in the line as it is.
  package var elsewhere: Set<Field> = []
  /// Fields that hold one of these texts, where they are there.
  package var choices: [Field: [[UInt8]]] = [:]
  /// The texts that such fields may hold, as far as keywords look at them.
  package var texts: [[UInt8]] = []

  /// Knowledge of nothing.
  package init() {}

  /// What is known of lines that one look is enough for.
  package static let ofGlances: LineKnowledge = {
    var knowledge = LineKnowledge()
    knowledge.choices[.tlsVersion] = Glance.versions
    return knowledge
  }()

  /// Whether no line matches an expression.
  package func excludes(_ expression: Expression) -> Bool {
    LineFilter.Weakener(knowledge: self).truth(expression) == false
  }
}

/// Tells from a line's bytes that none of some rules matches it, before any field is there.
///
/// For lines of which each field's text is a piece: JSON without escapes, of a known shape.
package final class LineFilter {
  private let store = SlabStore()
  private let texts: LiteralTables
  /// The words of which a line must have one.
  package let words: [[UInt8]]

  /// A literal must be this long: shorter ones stand in too many lines.
  private static let bytesMin = 4

  /// A filter of some rules; `nil` when one of them may match a line that has none of its words.
  ///
  /// - Parameters:
  ///   - isWanted: Says of a rule's index whether it counts.
  ///   - knowledge: What is known of the lines.
  package init?(
    _ rules: RuleSet, where isWanted: (Int) -> Bool, knowing knowledge: LineKnowledge
  ) {
    let weakener = Weakener(knowledge: knowledge)
    let weakened = rules.rules.enumerated().compactMap { index, rule in
      rule.isStateless && rule.notReadable == nil && isWanted(index)
        ? weakener.weakened(rule.expression) : nil
    }
    let statistics = Needs.Statistics(weakened)
    var all: [[UInt8]: Int32] = [:]
    for (rule, expression) in weakened.enumerated() {
      guard let keys = Needs(expression, statistics).keys else { return nil }
      for key in keys {
        guard weakener.isBound(key), let text = key.text else { return nil }
        if all[text] == nil { all[text] = Int32(rule) }
      }
    }
    var bytes: [UInt8] = []
    var atoms: [LiteralTable.Wanted] = []
    for (text, rule) in all.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
      atoms.append(
        LiteralTable.Wanted(
          text: text, offset: Int32(bytes.count), field: Program.keyword, rule: rule))
      bytes += text
    }
    texts = LiteralTables(LiteralTable(atoms), bytes: store.slab(bytes), in: store)
    words = Array(all.keys)
  }

  /// Whether some rule may match the line.
  package func mayMatch(_ line: ByteView) -> Bool {
    // What is escaped may be anything.
    if line.firstOffset(of: UInt8(ascii: "\\")) != nil { return true }
    return texts.walk(line) { _ in
      true
    } found: { _, _ in
      true
    } == .stopped
  }

  /// Makes expressions that hold at least as often, and ask only for what can be seen in a line.
  fileprivate struct Weakener {
    let knowledge: LineKnowledge
    /// What holds always.
    private static let always = Expression.all([])

    func weakened(_ expression: Expression) -> Expression {
      switch expression {
      case .all(let parts): return .all(parts.map(weakened))
      case .any(let parts): return .any(parts.map(weakened))
      case .not, .test:
        if let truth = truth(expression) { return truth ? Weakener.always : .any([]) }
        if case .test(let test) = expression, isBound(test) { return expression }
        return Weakener.always
      }
    }

    /// Whether the expression holds for every line, or for none; `nil` when it depends.
    func truth(_ expression: Expression) -> Bool? {
      switch expression {
      case .not(let part): return truth(part).map { !$0 }
      case .all(let parts):
        let truths = parts.map(truth)
        return truths.contains(false) ? false : truths.allSatisfy { $0 == true } ? true : nil
      case .any(let parts):
        let truths = parts.map(truth)
        return truths.contains(true) ? true : truths.allSatisfy { $0 == false } ? false : nil
      case .test(let test):
        guard let field = test.field else { return nil }
        if knowledge.absent.contains(field) {
          if case .null = test.matcher { return true }
          return false
        }
        if case .text(let text, let isCased, _) = test.matcher,
          let choices = knowledge.choices[field],
          !choices.contains(where: { text.matches($0, isCased: isCased) })
        {
          return false
        }
        guard let constant = knowledge.constants[field] else { return nil }
        switch test.matcher {
        case .exists: return true
        case .null: return false
        case .text(let text, let isCased, _): return text.matches(constant, isCased: isCased)
        default: return nil
        }
      }
    }

    /// Whether a line that the test holds for has one of its words in it.
    private func isBound(_ test: Test) -> Bool {
      if let field = test.field, knowledge.elsewhere.contains(field) { return false }
      guard let keys = Needs(.test(test)).keys, !keys.isEmpty else { return false }
      return keys.allSatisfy(isBound)
    }

    /// Whether a line that shows the key has the key's text in it.
    func isBound(_ key: Needs.Key) -> Bool {
      guard let text = key.text, text.count >= bytesMin else { return false }
      switch key {
      case .present: return false
      // A number has many spellings.
      case .value: return Program.canonicalInteger(text) == nil
      case .literal(let field, _):
        // A keyword looks at what does not stand in the line, too: a name that was set, an address.
        return field != Int(Program.keyword)
          || !(text.allSatisfy(Weakener.isOfAddress)
            || knowledge.texts.contains { $0.contains(text) })
      }
    }

    /// Whether a byte may stand in some spelling of an address.
    private static func isOfAddress(_ byte: UInt8) -> Bool {
      byte.hexadecimal != nil || byte == UInt8(ascii: ".") || byte == UInt8(ascii: ":")
    }
  }
}

extension [UInt8] {
  /// Whether the bytes contain `text`, both lowered.
  fileprivate func contains(_ text: [UInt8]) -> Bool {
    let lowered = map(\.asciiLowered)
    return lowered.withView { all in text.withView { all.firstOffset(of: $0) != nil } }
  }
}

extension SigmaText {
  /// Whether the text stands for `bytes`, for questions that are asked once.
  func matches(_ bytes: [UInt8], isCased: Bool) -> Bool {
    var fits: Set<Int> = [0]
    for token in tokens {
      var next: Set<Int> = []
      for place in fits {
        switch token {
        case .anyRun: next.formUnion(place...bytes.count)
        case .anyOne:
          if place < bytes.count { next.insert(bytes.withView { $0.characterEnd(place) }) }
        case .byte(let byte):
          guard place < bytes.count else { continue }
          let same =
            isCased
            ? bytes[place] == byte : bytes[place].asciiLowered == byte.asciiLowered
          if same { next.insert(place + 1) }
        }
      }
      fits = next
    }
    return fits.contains(bytes.count)
  }
}
