/// Calendar arithmetic in the proleptic Gregorian calendar, without zones.
public enum CivilTime {
  /// The years whose every instant fits into 64 bits of nanoseconds since 1970.
  ///
  /// A date outside is refused by the parsers, also the year 1 that some languages print for
  /// "never".
  public static let years = 1678...2261

  /// Whether the year has a 29 February.
  @inlinable @inline(__always) public static func isLeap(_ year: Int) -> Bool {
    year & 3 == 0 && (year % 100 != 0 || year % 400 == 0)
  }

  /// The number of days in a month (1 through 12) of a year.
  @inlinable @inline(__always) public static func daysIn(month: Int, year: Int) -> Int {
    guard month == 2 else { return 30 + ((month + month >> 3) & 1) }
    return isLeap(year) ? 29 : 28
  }

  /// Days from 1970-01-01 to a date; the month is 1 through 12, the day is not checked.
  @inlinable @inline(__always) public static func days(year: Int, month: Int, day: Int) -> Int {
    let before = year - 1
    let leaps = before >> 2 - floorDivide(before, 100) + floorDivide(before, 400)
    // 719 162 days lie between 0001-01-01 and 1970-01-01.
    return before * 365 + leaps - 719_162 + dayOfYear(month: month, day: day, leap: isLeap(year))
  }

  /// The days of a year that precede a date; 0 on 1 January.
  @inlinable @inline(__always)
  public static func dayOfYear(month: Int, day: Int, leap: Bool) -> Int {
    // Months average 367/12 days when February has 30; the rest of the line takes those days away.
    (367 * month - 362) / 12 + day - 1 - (month <= 2 ? 0 : leap ? 1 : 2)
  }

  /// The date that lies `days` after 1970-01-01.
  public static func date(ofDays days: Int) -> (year: Int, month: Int, day: Int) {
    var year = 1970 + floorDivide(days * 400, 146_097)
    while self.days(year: year, month: 1, day: 1) > days { year -= 1 }
    while self.days(year: year + 1, month: 1, day: 1) <= days { year += 1 }
    var day = days - self.days(year: year, month: 1, day: 1)
    var month = 1
    while day >= daysIn(month: month, year: year) {
      day -= daysIn(month: month, year: year)
      month += 1
    }
    return (year, month, day + 1)
  }

  /// Seconds from 1970 to a date and time, or `nil` when there is no such date or time.
  ///
  /// Hour 24 is refused. A second of 60 (a leap second) counts as the first second of the next
  /// minute, as 64-bit time has no room for it.
  @inlinable public static func seconds(
    year: Int, month: Int, day: Int, hour: Int, minute: Int, second: Int
  ) -> Int64? {
    guard UInt(bitPattern: hour) < 24, UInt(bitPattern: minute) < 60,
      UInt(bitPattern: second) <= 60
    else { return nil }
    return seconds(
      year: year, month: month, day: day, secondOfDay: hour * 3600 + minute * 60 + second)
  }

  /// Seconds from 1970 to a second of a date, or `nil` when there is no such date.
  @inlinable @inline(__always) static func seconds(
    year: Int, month: Int, day: Int, secondOfDay: Int
  ) -> Int64? {
    guard year >= 1678, year <= 2261, month >= 1, month <= 12, day >= 1,
      day <= daysIn(month: month, year: year)
    else { return nil }
    return Int64(days(year: year, month: month, day: day) * 86_400 + secondOfDay)
  }

  /// Nanoseconds from 1970 to a date and time, or `nil` when there is no such date or time.
  ///
  /// - SeeAlso: ``seconds(year:month:day:hour:minute:second:)`` for what is refused.
  public static func nanoseconds(
    year: Int, month: Int, day: Int, hour: Int, minute: Int, second: Int, nanosecond: Int = 0
  ) -> Int64? {
    guard UInt(bitPattern: nanosecond) < 1_000_000_000 else { return nil }
    let whole = seconds(
      year: year, month: month, day: day, hour: hour, minute: minute, second: second)
    return whole.map { $0 * 1_000_000_000 + Int64(nanosecond) }
  }

  /// Division that rounds towards minus infinity; `divisor` is positive.
  @inlinable @inline(__always) public static func floorDivide(_ value: Int, _ divisor: Int) -> Int {
    value >= 0 ? value / divisor : -((divisor - 1 - value) / divisor)
  }
}
