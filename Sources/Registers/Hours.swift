/// Agreed hours of the week, such as `Mon-Fri 08:00-19:00`.
struct HourWindow: Hashable, Sendable {
  /// The days on which the window opens; bit 0 is Monday.
  let days: UInt8
  /// Minutes of the day: the first inside, and the first outside; an end before the start means
  /// the next day.
  let start, end: Int

  private static let dayNames = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

  /// Whether a wall's time lies inside; `localSeconds` counts from 1970.
  func contains(localSeconds: Int64) -> Bool {
    let day = localSeconds.floorDivided(by: 86_400)
    let minute = Int(localSeconds - day * 86_400) / 60
    let weekday = CivilDay(number: Int(day)).weekday
    if start < end { return opens(on: weekday) && minute >= start && minute < end }
    return opens(on: weekday) && minute >= start || opens(on: (weekday + 6) % 7) && minute < end
  }

  private func opens(on weekday: Int) -> Bool { days >> UInt8(weekday) & 1 == 1 }

  /// Reads windows parted by `;`; `nil` when one of them is not `Mon-Fri 08:00-19:00`,
  /// `Sat,Sun 10:00-12:00` or `08:00-19:00`.
  static func windows(_ text: String) -> [HourWindow]? {
    var windows: [HourWindow] = []
    for part in text.split(separator: ";") {
      let words = part.split(separator: " ")
      if words.isEmpty { continue }
      guard words.count <= 2, let span = words.last, let times = clockSpan(span) else { return nil }
      guard let days = words.count == 1 ? 0x7F : weekdays(words[0]) else { return nil }
      windows.append(HourWindow(days: days, start: times.start, end: times.end))
    }
    return windows.isEmpty ? nil : windows
  }

  private static func weekdays(_ text: Substring) -> UInt8? {
    var days: UInt8 = 0
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let ends = part.split(separator: "-", omittingEmptySubsequences: false).map { name in
        dayNames.firstIndex(of: name.lowercased())
      }
      guard (1...2).contains(ends.count), let first = ends[0], let last = ends[ends.count - 1]
      else { return nil }
      var day = first
      days |= 1 << UInt8(day)
      while day != last {
        day = (day + 1) % 7
        days |= 1 << UInt8(day)
      }
    }
    return days
  }

  private static func clockSpan(_ text: Substring) -> (start: Int, end: Int)? {
    let ends = text.split(separator: "-", omittingEmptySubsequences: false)
    guard ends.count == 2, let start = clock(ends[0]), let end = clock(ends[1]), start < 1440,
      start != end
    else { return nil }
    return (start, end)
  }

  private static func clock(_ text: Substring) -> Int? {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, parts[0].utf8.count == 2, parts[1].utf8.count == 2,
      let hour = UInt8(parts[0]), let minute = UInt8(parts[1]), minute < 60,
      hour < 24 || hour == 24 && minute == 0
    else { return nil }
    return Int(hour) * 60 + Int(minute)
  }
}
