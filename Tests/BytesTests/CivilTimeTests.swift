import Bytes
import Testing

@Suite struct CivilTimeTests {
  @Test func `every day of the supported years converts there and back`() {
    let first = CivilTime.days(year: 1678, month: 1, day: 1)
    let last = CivilTime.days(year: 2261, month: 12, day: 31)
    var expected = (year: 1678, month: 1, day: 1)
    for days in first...last {
      let date = CivilTime.date(ofDays: days)
      #expect(date == expected)
      guard date == expected,
        CivilTime.days(year: date.year, month: date.month, day: date.day) == days
      else { return #expect(Bool(false), "day \(days)") }
      expected.day += 1
      if expected.day > CivilTime.daysIn(month: expected.month, year: expected.year) {
        expected = (expected.year, expected.month + 1, 1)
      }
      if expected.month > 12 { expected = (expected.year + 1, 1, 1) }
    }
  }

  @Test(arguments: [
    (1970, 1, 1, 0), (1969, 12, 31, -1), (2000, 2, 29, 11_016), (2026, 11, 3, 20_760),
    (1, 1, 1, -719_162),
  ])
  func `known dates have known day numbers`(_ year: Int, _ month: Int, _ day: Int, _ days: Int) {
    #expect(CivilTime.days(year: year, month: month, day: day) == days)
  }

  @Test(arguments: [
    (2023, 2, 29, 0, 0, 0), (1900, 2, 29, 0, 0, 0), (2026, 4, 31, 0, 0, 0), (2026, 0, 1, 0, 0, 0),
    (2026, 13, 1, 0, 0, 0), (2026, 1, 0, 0, 0, 0), (2026, 1, 1, 24, 0, 0), (2026, 1, 1, 0, 60, 0),
    (2026, 1, 1, 0, 0, 61), (1677, 12, 31, 0, 0, 0), (2262, 1, 1, 0, 0, 0), (2026, 1, 1, -1, 0, 0),
  ])
  func `what the calendar does not have is refused`(
    _ year: Int, _ month: Int, _ day: Int, _ hour: Int, _ minute: Int, _ second: Int
  ) {
    #expect(
      CivilTime.seconds(
        year: year, month: month, day: day, hour: hour, minute: minute, second: second) == nil)
  }

  @Test func `a leap second counts as the next minute`() {
    let leap = CivilTime.nanoseconds(
      year: 2016, month: 12, day: 31, hour: 23, minute: 59, second: 60)
    let next = CivilTime.nanoseconds(year: 2017, month: 1, day: 1, hour: 0, minute: 0, second: 0)
    #expect(leap == next)
    #expect(next == 1_483_228_800_000_000_000)
  }
}

@Suite struct YearRuleTests {
  /// 2026-01-03 00:00:00 UTC.
  private let january = YearRule(anchor: 1_767_398_400)

  @Test(arguments: [
    (1, 3, 0, 2026), (1, 4, 0, 2026), (1, 4, 1, 2025), (12, 31, 86_399, 2025), (2, 28, 5, 2025),
    (2, 29, 0, 2024), (8, 1, 0, 2025),
  ])
  func `a stamp lies at most a day after the anchor`(
    _ month: Int, _ day: Int, _ second: Int, _ year: Int
  ) {
    #expect(january.year(month: month, day: day, secondsOfDay: second) == year)
  }

  @Test func `completing a stamp agrees with the year and the calendar`() throws {
    for anchorYear in [1999, 2000, 2001, 2023, 2024, 2025] {
      for month in 1...12 {
        let anchor = try #require(
          CivilTime.seconds(year: anchorYear, month: month, day: 1, hour: 5, minute: 0, second: 0))
        let rule = YearRule(anchor: anchor)
        for leapDay in 0..<366 {
          let date = CivilTime.date(ofDays: 730 + leapDay)
          let base = try #require(
            CivilTime.nanoseconds(
              year: 1972, month: date.month, day: date.day, hour: 7, minute: 1, second: 2))
          let stamp = rule.complete(
            Stamp(nanoseconds: base + 5, zoneOffsetSeconds: nil, end: 15, hasYear: false))
          let year = rule.year(month: date.month, day: date.day, secondsOfDay: 25_262)
          let expected = try #require(
            CivilTime.nanoseconds(
              year: year, month: date.month, day: date.day, hour: 7, minute: 1, second: 2,
              nanosecond: 5))
          #expect(stamp.nanoseconds == expected)
          #expect(stamp.hasYear)
          #expect(expected <= (anchor + 86_400) * 1_000_000_000)
        }
      }
    }
  }

  @Test func `a stamp with a year is left alone`() {
    let stamp = Stamp(nanoseconds: 5, zoneOffsetSeconds: 0, end: 1, hasYear: true)
    #expect(january.complete(stamp) == stamp)
  }

  @Test(arguments: [Int64.min, 0, Int64.max])
  func `an absurd anchor is clamped`(_ anchor: Int64) {
    let year = YearRule(anchor: anchor).year(month: 6, day: 1, secondsOfDay: 0)
    #expect(CivilTime.years.contains(year))
  }
}
