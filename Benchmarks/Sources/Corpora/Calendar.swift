/// The wall clock of a generated log: UTC, from 1 October 2026 on, never backwards.
struct Calendar {
  /// 2026-10-01T00:00:00Z in seconds since 1970.
  static let startSeconds = 1_790_812_800

  private(set) var year = 2026, month = 10, day = 1
  /// Whole days since the start.
  private(set) var dayNumber = 0
  /// Whole seconds since the start.
  private(set) var seconds = 0
  private(set) var hour = 0, minute = 0, second = 0, millisecond = 0

  private static let names = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]
  /// How the month is called.
  var monthName: String { Calendar.names[month - 1] }

  /// Moves to a time, in milliseconds since the start.
  mutating func move(to milliseconds: Int) {
    seconds = milliseconds / 1000
    millisecond = milliseconds % 1000
    second = seconds % 60
    minute = seconds / 60 % 60
    hour = seconds / 3600 % 24
    while dayNumber < seconds / 86_400 { nextDay() }
  }

  private mutating func nextDay() {
    dayNumber += 1
    day += 1
    guard day > daysInMonth else { return }
    day = 1
    month += 1
    guard month > 12 else { return }
    month = 1
    year += 1
  }

  private var daysInMonth: Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }
}
