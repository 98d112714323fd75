/// A zone's rule in the form of the `TZ` variable: `CET-1CEST,M3.5.0,M10.5.0/3`.
///
/// - SeeAlso: POSIX.1-2017, section 8.3; RFC 9636, section 3.3.1 for hours beyond a day.
struct PosixZoneRule: Sendable, Hashable {
  /// The day of a year on which clocks change.
  enum Day: Sendable, Hashable {
    /// Day 1 through 365; 29 February is never counted.
    case julian(Int)
    /// Day 0 through 365; 29 February is counted.
    case ordinal(Int)
    /// A weekday (0 is Sunday) of a week (5 is the last) of a month.
    case weekday(month: Int, week: Int, weekday: Int)
  }

  /// The summer half of a rule.
  struct Daylight: Sendable, Hashable {
    var offset: Int32
    var start, end: Day
    /// Seconds after local midnight at which the clocks change; from -167 through 167 hours.
    var startSeconds, endSeconds: Int
  }

  /// Seconds east of Greenwich in winter.
  var standard: Int32
  var daylight: Daylight?

  /// Reads a rule, or returns `nil` when the text is not one.
  init?(_ text: [UInt8]) {
    var reader = Reader(text: text)
    guard reader.name(), let west = reader.time(hourMax: 24) else { return nil }
    standard = Int32(-west)
    if reader.isAtEnd { return }
    guard reader.name() else { return nil }
    var summer = Int(standard) + 3600
    if !reader.isAtEnd, !reader.has(0x2C) {
      guard let west = reader.time(hourMax: 24) else { return nil }
      summer = -west
    }
    guard reader.take(0x2C), let start = reader.day(), let startSeconds = reader.changeTime(),
      reader.take(0x2C), let end = reader.day(), let endSeconds = reader.changeTime(),
      reader.isAtEnd
    else { return nil }
    daylight = Daylight(
      offset: Int32(summer), start: start, end: end, startSeconds: startSeconds,
      endSeconds: endSeconds)
  }

  /// The two changes of a year, ascending: each instant with the offset from then on.
  func changes(in year: Int) -> [(instant: Int64, offset: Int32)] {
    guard let daylight else { return [] }
    let start = instant(daylight.start, daylight.startSeconds, year, offset: standard)
    let end = instant(daylight.end, daylight.endSeconds, year, offset: daylight.offset)
    let changes = [(instant: start, offset: daylight.offset), (instant: end, offset: standard)]
    return start < end ? changes : [changes[1], changes[0]]
  }

  /// The offset at an instant.
  func offset(at seconds: Int64) -> Int32 {
    guard let daylight else { return standard }
    // Years far outside the calendar's comfortable range repeat every 400 years.
    let cycle: Int64 = 146_097 * 86_400
    let within = ((seconds % cycle) + cycle) % cycle
    let local = within + Int64(standard)
    let year = CivilTime.date(ofDays: CivilTime.floorDivide(Int(local), 86_400)).year
    var result = daylight.offset
    for near in (year - 1)...(year + 1) {
      for change in changes(in: near) where change.instant <= within { result = change.offset }
    }
    return result
  }

  private func instant(_ day: Day, _ seconds: Int, _ year: Int, offset: Int32) -> Int64 {
    let first = CivilTime.days(year: year, month: 1, day: 1)
    let leap = CivilTime.isLeap(year)
    var days = 0
    switch day {
    case .julian(let number): days = first + number - 1 + (leap && number >= 60 ? 1 : 0)
    case .ordinal(let number): days = first + number
    case .weekday(let month, let week, let weekday):
      let start = CivilTime.days(year: year, month: month, day: 1)
      // 1970-01-01 was a Thursday, day 4 of the week.
      let startWeekday = (((start + 4) % 7) + 7) % 7
      var date = (weekday - startWeekday + 7) % 7 + (week - 1) * 7
      if date >= CivilTime.daysIn(month: month, year: year) { date -= 7 }
      days = start + date
    }
    return Int64(days * 86_400 + seconds - Int(offset))
  }
}

extension PosixZoneRule {
  /// Reads the parts of a rule.
  private struct Reader {
    let text: [UInt8]
    var offset = 0

    var isAtEnd: Bool { offset == text.count }

    func has(_ byte: UInt8) -> Bool { offset < text.count && text[offset] == byte }

    mutating func take(_ byte: UInt8) -> Bool {
      guard has(byte) else { return false }
      offset += 1
      return true
    }

    /// Skips a name: three or more letters, or anything between angle brackets.
    mutating func name() -> Bool {
      if take(0x3C) {
        while offset < text.count, text[offset] != 0x3E { offset += 1 }
        return take(0x3E)
      }
      let start = offset
      while offset < text.count, text[offset].asciiLowered &- 0x61 < 26 { offset += 1 }
      return offset - start >= 3
    }

    mutating func number(_ allowed: ClosedRange<Int>) -> Int? {
      let start = offset
      var value = 0
      while offset < text.count, offset - start < 4, text[offset].isDigit {
        value = value * 10 + Int(text[offset] &- 0x30)
        offset += 1
      }
      return offset > start && allowed.contains(value) ? value : nil
    }

    /// Reads `[±]hh[:mm[:ss]]` as seconds.
    mutating func time(hourMax: Int) -> Int? {
      let negative = take(0x2D)
      if !negative { _ = take(0x2B) }
      guard let hours = number(0...hourMax) else { return nil }
      var seconds = hours * 3600
      if take(0x3A) {
        guard let minutes = number(0...59) else { return nil }
        seconds += minutes * 60
        if take(0x3A) {
          guard let rest = number(0...59) else { return nil }
          seconds += rest
        }
      }
      return negative ? -seconds : seconds
    }

    /// Reads the time after a day; two in the morning when none is given.
    mutating func changeTime() -> Int? { take(0x2F) ? time(hourMax: 167) : 7200 }

    mutating func day() -> Day? {
      if take(0x4A) { return number(1...365).map { .julian($0) } }
      guard take(0x4D) else { return number(0...365).map { .ordinal($0) } }
      guard let month = number(1...12), take(0x2E), let week = number(1...5), take(0x2E),
        let weekday = number(0...6)
      else { return nil }
      return .weekday(month: month, week: week, weekday: weekday)
    }
  }
}
