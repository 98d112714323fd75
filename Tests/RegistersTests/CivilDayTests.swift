import Registers
import Testing

@Suite struct CivilDayTests {
  @Test(arguments: [
    ("1970-01-01", 0), ("1969-12-31", -1), ("2000-02-29", 11_016), ("2026-11-21", 20_778),
    ("0000-03-01", -719_468), ("9999-12-31", 2_932_896),
  ])
  func `a day is its number and back`(_ text: String, _ number: Int) throws {
    let day = try #require(CivilDay(text))
    #expect(day.number == number)
    #expect(day.description == text)
  }

  @Test(arguments: [
    "", "2026-1-01", "2026-02-29", "1900-02-29", "2026-13-01", "2026-00-10", "2026-04-31",
    "2026-04-00", "2026/04/01", "2026-04-01 ", "+026-04-01",
  ])
  func `what is no day of the calendar is refused`(_ text: String) {
    #expect(CivilDay(text) == nil)
  }

  @Test func `the first of January 1970 was a Thursday`() {
    #expect(CivilDay(number: 0).weekday == 3)
    #expect(CivilDay(number: -4).weekday == 6)
  }

  @Test(arguments: [
    ("1970-01-01T00:00:00Z", 0), ("1970-01-01T01:00:00+01:00", 0),
    ("1969-12-31T23:59:59.5Z", -500_000_000),
    ("2026-10-08t10:00:00.123456789z", 1_791_453_600_123_456_789),
    ("9999-12-31T00:00:00Z", Int64.max),
  ])
  func `an instant is its nanoseconds`(_ text: String, _ nanoseconds: Int64) {
    #expect(RFC3339.nanoseconds(of: text) == nanoseconds)
  }

  @Test(arguments: [
    "2026-10-08T10:00:00", "2026-10-08", "2026-10-08T24:00:00Z", "2026-10-08T10:60:00Z",
    "2026-10-08T10:00:00.Z", "2026-10-08T10:00:00+0100", "2026-10-08T10:00:00Zx",
  ])
  func `an instant without its offset or with impossible parts is refused`(_ text: String) {
    #expect(RFC3339.nanoseconds(of: text) == nil)
  }

  @Test func `an instant is printed to the second`() {
    #expect(RFC3339.text(nanoseconds: -1) == "1969-12-31T23:59:59Z")
  }

  @Test func `a date is its whole day in its zone, also on the day that summer begins`() throws {
    let day = try #require(TimePoint("2026-03-29", zone: SummerZone()))
    #expect(day.start == (try time("2026-03-28T23:00:00Z")))
    #expect(day.end == (try time("2026-03-29T22:00:00Z")))
  }
}
