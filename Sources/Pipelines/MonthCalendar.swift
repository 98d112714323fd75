import Bytes

/// Finds the local month of an instant, and remembers it for the next.
struct MonthCalendar {
  private let zone: Zone
  private var start = Int64.max
  private var end = Int64.min
  private var number = 0

  init(_ zone: Zone) { self.zone = zone }

  /// Whether an instant is in the month that was found last.
  @inline(__always) func isCurrent(_ nanoseconds: Int64) -> Bool {
    nanoseconds >= start && nanoseconds < end
  }

  /// Twelve times the year and the months before it.
  mutating func month(of nanoseconds: Int64) -> Int {
    if isCurrent(nanoseconds) { return number }
    var days = DayCalendar(zone)
    let date = CivilTime.date(ofDays: days.day(of: nanoseconds))
    number = date.year * 12 + date.month - 1
    (start, end) = (start(ofMonth: number), start(ofMonth: number + 1))
    return number
  }

  /// Whether a month is counted: not one that is long over, nor one that is still far away, as invented dates
  /// would have it.
  ///
  /// - Parameter latest: The latest instant of any event, a year ahead of the clock; `Int64.max` keeps all.
  func isKept(_ month: Int, latest: Int64) -> Bool {
    guard latest != .max else { return true }
    var calendar = MonthCalendar(zone)
    let now = calendar.month(of: latest) - 12
    return month > now - MonthCalendar.monthsMax && month <= now + 1
  }

  /// How many months are counted.
  static let monthsMax = 13

  /// When a month begins, nanoseconds.
  func start(ofMonth month: Int) -> Int64 {
    let day = CivilTime.days(year: month / 12, month: month % 12 + 1, day: 1)
    return zone.utcSeconds(ofLocalSeconds: Int64(day) * 86_400) * 1_000_000_000
  }
}
