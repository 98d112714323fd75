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
    (start, end) = (first(number), first(number + 1))
    return number
  }

  /// When a month begins, nanoseconds.
  private func first(_ month: Int) -> Int64 {
    let day = CivilTime.days(year: month / 12, month: month % 12 + 1, day: 1)
    return zone.utcSeconds(ofLocalSeconds: Int64(day) * 86_400) * 1_000_000_000
  }
}
