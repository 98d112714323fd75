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
  /// The fields that the answer depends on; empty for a keyword, whose answer depends on all.
  package var fields: [Field] {
    guard let field else { return [] }
    if case .field(let other, _, _) = matcher { return [field, other] }
    return [field]
  }
}

/// A question that a value answers with yes or no.
package indirect enum Matcher: Sendable {
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
  /// The value stands so to the value of another field of the event.
  case field(Field, FieldRelation, name: String)
  /// The value is a time of which this part, in UTC, stands so to a number.
  case time(TimePart, Comparison?, Int)
  /// The value is a list of objects, of which some have a member at this path that answers so.
  case member(path: [String], Matcher)
}

/// How a value stands to that of another field; ASCII letters compare in either case.
package enum FieldRelation: UInt8, BitwiseCopyable, Sendable, CaseIterable {
  /// Both are the same text or the same number.
  case equal
  /// The value contains, begins with or ends with the other.
  case contains, begins, ends
}

/// A part of a time, counted as calendars do, in UTC.
package enum TimePart: UInt8, BitwiseCopyable, Sendable, CaseIterable {
  case minute, hour, day
  /// The week of ISO 8601, 1 through 53.
  case week
  case month, year

  /// The part of an instant, seconds since 1970.
  package func value(ofSeconds seconds: Int64) -> Int {
    let days = CivilTime.floorDivide(Int(seconds), 86_400)
    let second = Int(seconds) - days * 86_400
    switch self {
    case .minute: return second / 60 % 60
    case .hour: return second / 3600
    default: break
    }
    let date = CivilTime.date(ofDays: days)
    switch self {
    case .day: return date.day
    case .month: return date.month
    case .year: return date.year
    default:
      // A week belongs to the year that has its Thursday; 1970 began on one.
      let weekday = ((days + 3) % 7 + 7) % 7
      let thursday = days - weekday + 3
      let year = CivilTime.date(ofDays: thursday).year
      return (thursday - CivilTime.days(year: year, month: 1, day: 1)) / 7 + 1
    }
  }
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
