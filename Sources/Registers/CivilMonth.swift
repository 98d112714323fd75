/// A month of the calendar.
public struct CivilMonth: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// Months since January of the year 0.
  public let number: Int

  /// The month that is `number` months after January of the year 0.
  public init(number: Int) { self.number = number }

  /// Reads `YYYY-MM`, and nothing else.
  public init?(_ text: String) {
    guard text.utf8.count == 7, let day = CivilDay(text + "-01") else { return nil }
    self.init(containing: day)
  }

  /// The month that a day lies in.
  public init(containing day: CivilDay) {
    let digits = day.description.split(separator: "-")
    number = (Int(digits[0]) ?? 0) * 12 + (Int(digits[1]) ?? 1) - 1
  }

  /// Its first day.
  public var first: CivilDay {
    CivilDay(year: number / 12, month: number % 12 + 1, day: 1) ?? CivilDay(number: 0)
  }

  /// The month after it.
  public var next: CivilMonth { CivilMonth(number: number + 1) }
  /// The month before it.
  public var previous: CivilMonth { CivilMonth(number: number - 1) }

  /// `YYYY-MM`.
  public var description: String { String(first.description.dropLast(3)) }

  /// Earlier months come first.
  public static func < (left: CivilMonth, right: CivilMonth) -> Bool { left.number < right.number }
}
