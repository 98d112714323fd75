/// Times as ISO 8601 writes them, in UTC.
package enum UTCTime {
  /// `2026-11-21T16:04:10.500Z` for nanoseconds since 1970 UTC, cut to milliseconds.
  package static func text(_ nanoseconds: Int64) -> String {
    let milliseconds = OCSF.milliseconds(nanoseconds)
    let days = (milliseconds - modulo(milliseconds, 86_400_000)) / 86_400_000
    let rest = modulo(milliseconds, 86_400_000)
    let (year, month, day) = date(days)
    let clock = [rest / 3_600_000, rest / 60_000 % 60, rest / 1000 % 60].map { padded($0, 2) }
    return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))T"
      + clock.joined(separator: ":") + ".\(padded(rest % 1000, 3))Z"
  }

  /// The Gregorian date of a count of days since 1970.
  ///
  /// Years are counted from March, so that the leap day comes last, in cycles of 400 years.
  private static func date(_ days: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let shifted = days + 719_468
    let dayOfCycle = modulo(shifted, 146_097)
    let cycle = (shifted - dayOfCycle) / 146_097
    let leapDays = dayOfCycle / 1460 - dayOfCycle / 36_524 + dayOfCycle / 146_096
    let yearOfCycle = (dayOfCycle - leapDays) / 365
    let dayOfYear = dayOfCycle - (365 * yearOfCycle + yearOfCycle / 4 - yearOfCycle / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
    let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    return (cycle * 400 + yearOfCycle + (month <= 2 ? 1 : 0), month, day)
  }

  /// The remainder that is never negative.
  private static func modulo(_ value: Int64, _ divisor: Int64) -> Int64 {
    let remainder = value % divisor
    return remainder < 0 ? remainder + divisor : remainder
  }

  private static func padded(_ value: Int64, _ width: Int) -> String {
    let digits = String(value)
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
  }
}
