import Bytes

/// Why a regular expression was refused.
package struct RegularExpressionError: Error, Hashable, Sendable {
  /// The byte at which the trouble begins.
  package let offset: Int
  /// What is wrong or unsupported.
  package let message: String
  /// Whether the expression is one of PCRE that is not supported here.
  var isUnsupported: Bool { message.contains("not supported") }
}

/// A regular expression over bytes that is searched in linear time.
///
/// A subset of PCRE: literals, classes, `.`, `^`, `$`, `\b`, groups, alternatives, and counted
/// repetition. Look-around, back-references, possessive and atomic groups are refused, since they
/// would cost more than linear time. `.` and negated classes stand for one byte of UTF-8 text.
package struct RegularExpression: Sendable {
  /// The flags that `re` takes.
  package struct Flags: OptionSet, Sendable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }
    /// Letters match in either case (ASCII).
    package static let ignoresCase = Flags(rawValue: 1)
    /// `^` and `$` also match at line breaks.
    package static let multiline = Flags(rawValue: 2)
    /// `.` also matches a line break.
    package static let dotMatchesAll = Flags(rawValue: 4)
  }

  /// A place in the text that consumes nothing.
  package enum Assertion: UInt8, Sendable {
    case textStart, textEnd, lineStart, lineEnd, wordBoundary, noWordBoundary
  }

  /// The expression's tree.
  package indirect enum Tree: Sendable {
    case set(ByteSet)
    case sequence([Tree])
    case alternatives([Tree])
    case repetition(Tree, min: Int, max: Int?)
    case assertion(Assertion)
  }

  /// One step of the automaton.
  struct Step: Sendable {
    enum Kind: UInt8 { case set, split, assertion, match }
    var kind: Kind
    /// The next step, and for a split the other next step.
    var next: Int32, other: Int32
    /// The set's place in `sets`, or the assertion.
    var operand: Int32
  }

  /// A pattern may have this many bytes, its repetitions this count, and its automaton these steps:
  /// each byte of text costs at most one visit of each step.
  static let (patternBytesMax, countMax, stepsMax, depthMax) = (4096, 1000, 2000, 64)

  /// The text that it was read from.
  package let pattern: String
  /// Whether it stands for a Sigma text, which `pattern` is then.
  package private(set) var isText = false
  /// The tree, kept for comparison with plainer engines.
  package let tree: Tree
  private(set) var steps: [Step] = []
  private(set) var sets: [ByteSet] = []
  private(set) var start: Int32 = 0
  private(set) var usesWords = false
  private(set) var usesLines = false

  /// Reads and compiles a pattern.
  ///
  /// - Throws: ``RegularExpressionError`` naming the first thing that is wrong or unsupported.
  package init(_ pattern: String, _ flags: Flags = []) throws(RegularExpressionError) {
    self.pattern = pattern
    var parser = RegularExpressionParser(pattern, flags)
    tree = try parser.parse()
    steps.append(Step(kind: .match, next: -1, other: -1, operand: 0))
    start = try emit(tree, 0)
  }

  /// The expression of a Sigma text that is matched as a whole, in any case of its letters.
  ///
  /// For texts with many letters beyond ASCII, of which the evaluator's own comparison knows one case.
  ///
  /// - Throws: ``RegularExpressionError`` when the text is too long.
  init(folding text: SigmaText) throws(RegularExpressionError) {
    pattern = text.description
    isText = true
    tree = RegularExpressionParser.tree(folding: text)
    steps.append(Step(kind: .match, next: -1, other: -1, operand: 0))
    start = try emit(tree, 0)
  }

  /// Emits steps that lead to `next`, from the end of the tree to its beginning.
  private mutating func emit(_ tree: Tree, _ next: Int32) throws(RegularExpressionError) -> Int32 {
    switch tree {
    case .set(let set):
      if let known = sets.firstIndex(of: set) {
        return try add(.set, next, -1, Int32(known))
      }
      sets.append(set)
      return try add(.set, next, -1, Int32(sets.count - 1))
    case .assertion(let assertion):
      usesWords = usesWords || assertion == .wordBoundary || assertion == .noWordBoundary
      usesLines = usesLines || assertion == .lineStart || assertion == .lineEnd
      return try add(.assertion, next, -1, Int32(assertion.rawValue))
    case .sequence(let parts):
      var label = next
      for part in parts.reversed() { label = try emit(part, label) }
      return label
    case .alternatives(let parts):
      var label: Int32?
      for part in parts.reversed() {
        let entry = try emit(part, next)
        label =
          try label.map { (other) throws(RegularExpressionError) in
            try add(.split, entry, other, 0)
          } ?? entry
      }
      return label ?? next
    case .repetition(let part, let min, let max):
      var label = next
      if let max {
        for _ in 0..<(max - min) { label = try add(.split, try emit(part, label), next, 0) }
      } else {
        let loop = try add(.split, -1, next, 0)
        steps[Int(loop)].next = try emit(part, loop)
        label = loop
      }
      for _ in 0..<min { label = try emit(part, label) }
      return label
    }
  }

  private mutating func add(
    _ kind: Step.Kind, _ next: Int32, _ other: Int32, _ operand: Int32
  ) throws(RegularExpressionError) -> Int32 {
    guard steps.count < RegularExpression.stepsMax else {
      throw RegularExpressionError(
        offset: 0,
        message: "the expression needs more than \(RegularExpression.stepsMax) steps; "
          + "use smaller repetition counts")
    }
    steps.append(Step(kind: kind, next: next, other: other, operand: operand))
    return Int32(steps.count - 1)
  }
}

/// A set of byte values.
package struct ByteSet: Hashable, Sendable {
  private var words = SIMD4<UInt64>()

  /// The empty set.
  package init() {}

  /// A set of the bytes in some ranges.
  init(_ ranges: ClosedRange<UInt8>...) {
    for range in ranges { insert(range) }
  }

  /// Whether the byte is in the set.
  package func contains(_ byte: UInt8) -> Bool {
    words[Int(byte >> 6)] & (1 << UInt64(byte & 63)) != 0
  }

  mutating func insert(_ byte: UInt8) { words[Int(byte >> 6)] |= 1 << UInt64(byte & 63) }
  mutating func insert(_ range: ClosedRange<UInt8>) { for byte in range { insert(byte) } }
  mutating func formUnion(_ other: ByteSet) { words |= other.words }
  var inverted: ByteSet {
    var set = self
    set.words = ~words
    return set
  }
  /// The byte that the set stands for, lowered: its only one, or both cases of one letter.
  var onlyByte: UInt8? {
    let count = (0..<4).reduce(0) { $0 + words[$1].nonzeroBitCount }
    guard count == 1 || count == 2, let word = (0..<4).first(where: { words[$0] != 0 })
    else { return nil }
    let byte = UInt8(word << 6 | words[word].trailingZeroBitCount)
    let lowered = byte.asciiLowered
    return count == 1 || (lowered != byte && contains(lowered)) ? lowered : nil
  }
  /// The set with both cases of each ASCII letter in it.
  var folded: ByteSet {
    var set = self
    for lower in UInt8(ascii: "a")...UInt8(ascii: "z") {
      if contains(lower) { set.insert(lower & 0xdf) }
      if contains(lower & 0xdf) { set.insert(lower) }
    }
    return set
  }

  static let digits = ByteSet(0x30...0x39)
  static let words = ByteSet(0x30...0x39, 0x41...0x5a, 0x5f...0x5f, 0x61...0x7a)
  static let spaces = ByteSet(0x09...0x0d, 0x20...0x20)
  static let blanks = ByteSet(0x09...0x09, 0x20...0x20)
  static let newline = ByteSet(0x0a...0x0a)
}
