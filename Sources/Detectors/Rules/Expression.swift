package import Bytes
package import Events

/// What a rule asks of one event, as a tree of tests.
///
/// `all` of nothing is true and `any` of nothing is false.
package indirect enum Expression: Sendable {
  case test(Test)
  case all([Expression])
  case any([Expression])
  case not(Expression)
}

/// One question about one field, or about the whole line when it names no field.
package struct Test: Sendable {
  /// The field; `nil` for a keyword, which looks at the raw line and at every field.
  package let field: Field?
  /// The question.
  package let matcher: Matcher
}

/// A question that a value answers with yes or no.
package enum Matcher: Sendable {
  /// The whole value is this text; `number` is the text's value when it may equal a number.
  case text(SigmaText, isCased: Bool, number: Double?)
  /// The expression is found somewhere in the value.
  case expression(RegularExpression)
  /// The value is an address in this network.
  case network(Network)
  /// The value is a number, or text that spells one, on this side of the bound.
  case compare(Comparison, Double)
  /// The field is absent or null.
  case null
  /// The field is there; a null counts.
  case exists
}

/// An order between a value and a bound.
package enum Comparison: UInt8, BitwiseCopyable, Sendable, CaseIterable {
  case gt, gte, lt, lte

  /// Whether `value` stands so to `bound`.
  @inline(__always) package func holds(_ value: Double, _ bound: Double) -> Bool {
    switch self {
    case .gt: value > bound
    case .gte: value >= bound
    case .lt: value < bound
    case .lte: value <= bound
    }
  }
}

extension Expression {
  /// Every test of the tree, from left to right.
  package var tests: [Test] {
    switch self {
    case .test(let test): [test]
    case .all(let parts), .any(let parts): parts.flatMap(\.tests)
    case .not(let part): part.tests
    }
  }
}
