/// The year of stamps that carry none, from one instant known for their file.
///
/// The anchor is an instant near the file's last line: its modification time, the time in its gzip
/// header, the date in its name. A stamp gets the greatest year in which it lies at most one day
/// after the anchor, so that a day's clock skew or zone difference does not move it back a year; a
/// line whose month and day are later than that therefore belongs to the year before. A stateless
/// O(1) answer, so chunks of a file can be read in any order. A file that spans more than a year
/// is not supported: its oldest lines land one year too late.
public struct YearRule: Sendable, Hashable {
  /// The instant that it was made for, seconds since 1970 UTC.
  public let anchor: Int64
  /// The year of the latest accepted stamp.
  private let lastYear: Int
  /// The latest accepted stamp within its year, in nanoseconds, as if that year were a leap year.
  private let limit: Int64
  /// Where the two candidate years start, in nanoseconds since 1970.
  private let lastStart, previousStart: Int64
  /// What to subtract from a stamp after February in each candidate year.
  private let lastShift, previousShift: Int64

  private static let day: Int64 = 86_400_000_000_000
  /// 1 January 1972, the leap year in which stamps without a year are counted.
  static let baseSeconds: Int64 = 63_072_000
  private static let base = baseSeconds * 1_000_000_000

  /// The rule for a file whose last line was written at `anchor`.
  ///
  /// - Parameter anchor: Seconds since 1970, UTC. Outside ``CivilTime/years`` it is clamped.
  public init(anchor: Int64) {
    self.anchor = anchor
    let earliest = CivilTime.days(year: CivilTime.years.lowerBound + 9, month: 1, day: 1)
    let latest = CivilTime.days(year: CivilTime.years.upperBound, month: 1, day: 1)
    let clamped = min(max(Int(anchor), earliest * 86_400), latest * 86_400) + 86_400
    let days = CivilTime.floorDivide(clamped, 86_400)
    let date = CivilTime.date(ofDays: days)
    let leapDay = CivilTime.dayOfYear(month: date.month, day: date.day, leap: true)
    lastYear = date.year
    limit = Int64(leapDay * 86_400 + clamped - days * 86_400) * 1_000_000_000 + 999_999_999
    lastStart = YearRule.start(of: date.year)
    previousStart = YearRule.start(of: date.year - 1)
    lastShift = CivilTime.isLeap(date.year) ? 0 : YearRule.day
    previousShift = CivilTime.isLeap(date.year - 1) ? 0 : YearRule.day
  }

  private static func start(of year: Int) -> Int64 {
    Int64(CivilTime.days(year: year, month: 1, day: 1)) * day
  }

  /// The year of a stamp; 29 February gets the last leap year that the anchor allows.
  public func year(month: Int, day: Int, secondsOfDay: Int) -> Int {
    let leapDay = CivilTime.dayOfYear(month: month, day: day, leap: true)
    let within = Int64(leapDay * 86_400 + secondsOfDay) * 1_000_000_000
    var year = within <= limit ? lastYear : lastYear - 1
    if month == 2, day == 29 { while !CivilTime.isLeap(year) { year -= 1 } }
    return year
  }

  /// The stamp with its year supplied; a stamp that has one is returned as it is.
  @inline(__always) public func complete(_ stamp: Stamp) -> Stamp {
    stamp.hasYear ? stamp : supplied(stamp)
  }

  private func supplied(_ stamp: Stamp) -> Stamp {
    var result = stamp
    result.hasYear = true
    // A zone may have moved the stamp over the edge of the counting year; the wall time decides.
    let zone = Int64(stamp.zoneOffsetSeconds ?? 0) * 1_000_000_000
    let within = stamp.nanoseconds &+ zone &- YearRule.base
    let isLast = within <= limit
    let shift = isLast ? lastShift : previousShift
    if within < 59 * YearRule.day || shift == 0 {
      result.nanoseconds = (isLast ? lastStart : previousStart) &+ within &- zone
    } else if within >= 60 * YearRule.day {
      result.nanoseconds = (isLast ? lastStart : previousStart) &+ within &- shift &- zone
    } else {
      var year = isLast ? lastYear : lastYear - 1
      while !CivilTime.isLeap(year) { year -= 1 }
      result.nanoseconds = YearRule.start(of: year) &+ within &- zone
    }
    return result
  }
}
