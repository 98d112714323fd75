import Bytes
import Testing

/// Nanoseconds of a date and time in UTC.
func instant(
  _ year: Int, _ month: Int, _ day: Int, _ hour: Int, _ minute: Int, _ second: Int,
  _ nanosecond: Int = 0
) -> Int64 {
  CivilTime.nanoseconds(
    year: year, month: month, day: day, hour: hour, minute: minute, second: second,
    nanosecond: nanosecond) ?? .min
}

@Suite struct TimestampsTests {
  @Test(arguments: [
    ("2026-11-03T09:14:07Z", 0, 0, 20), ("2026-11-03t09:14:07z", 0, 0, 20),
    ("2026-11-03 09:14:07 UTC", 0, 0, 23), ("2026-11-03 09:14:07 GMT x", 0, 0, 23),
    ("2026/11/03 09:14:07 +0000 x", 0, 0, 25), ("2026-11-03T09:14:07.5Z", 500_000_000, 0, 22),
    ("2026-11-03T09:14:07,669+00:00", 669_000_000, 0, 29),
    ("2026-11-03T09:14:07.123456789Z", 123_456_789, 0, 30),
    ("2026-11-03T09:14:07.1234567899Z", 123_456_789, 0, 31),
    ("2026-11-03T10:14:07+01:00", 0, 3600, 25), ("2026-11-03T10:14:07+0100 x", 0, 3600, 24),
    ("2026-11-03T10:14:07+01 x", 0, 3600, 22), ("2026-11-02T09:15:07-23:59", 0, -86_340, 25),
    ("2026-11-03T09:14:07Z+0000 x", 0, 0, 25), ("2026-11-03T09:14:07Z+00 x", 0, 0, 23),
    ("2026-11-03T09:14:07Z+07:00", 0, 0, 20),
  ])
  func `a time with a zone is an instant`(
    _ text: String, _ nanosecond: Int, _ zone: Int32, _ end: Int
  ) throws {
    let stamp = try #require(Timestamps.rfc3339(view(text)))
    #expect(stamp.nanoseconds == instant(2026, 11, 3, 9, 14, 7, nanosecond))
    #expect(stamp.zoneOffsetSeconds == zone)
    #expect(stamp.end == end)
    #expect(stamp.hasYear)
  }

  @Test(arguments: [
    ("2026-11-03T09:14:07", 19), ("2026-11-03 09:14:07 host", 19),
    ("2026-11-03 09:14:07 UTC-host", 19), ("2026-11-03 09:14:07 UTCX", 19),
    ("2026-11-03T09:14:07.Z", 19), ("2026-11-03T09:14:07, x", 19),
    ("2026-11-03T09:14:07+24:00", 19), ("2026-11-03T09:14:07-60:00", 19),
    ("2026-11-03T09:14:07+01:60", 19), ("2026-11-03 09:14:07 - x", 19),
    ("2026-11-03 09:14:07 -08 x", 19), ("2026-11-03T09:14:07+01:000", 19),
  ])
  func `a time without a readable zone is a wall clock`(_ text: String, _ end: Int) throws {
    let stamp = try #require(Timestamps.rfc3339(view(text)))
    #expect(stamp.nanoseconds == instant(2026, 11, 3, 9, 14, 7))
    #expect(stamp.zoneOffsetSeconds == nil)
    #expect(stamp.end == end)
  }

  @Test(arguments: [
    "", "2026-11-03T09:14:0", "2018-02-29T00:00:00Z", "2026-11-31T00:00:00Z",
    "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "2026-01-00T00:00:00Z",
    "2026-01-01T24:00:00Z", "2026-01-01T00:60:00Z", "2026-01-01T00:00:61Z",
    "2026-01-01x00:00:00Z", "2026-01/01T00:00:00Z", "2026.01.01T00:00:00Z",
    "0001-01-01T00:00:00Z", "9999-01-01T00:00:00Z", "2026-01-01T00-00-00Z",
    "2026-1\u{80}-01T00:00:00", "202a-01-01T00:00:00Z", "2026-01-0aT00:00:00Z",
    "2026-01-01T0:00:00Z0",
    "\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}",
  ])
  func `what is no ISO time is refused`(_ text: String) {
    #expect(Timestamps.rfc3339(view(text)) == nil)
  }

  @Test func `a leap second is the next minute`() {
    #expect(
      Timestamps.rfc3339(view("2016-12-31T23:59:60Z"))?.nanoseconds == instant(2017, 1, 1, 0, 0, 0))
  }

  @Test(arguments: [
    ("03/Nov/2026:10:14:07 +0100", 3600, 26), ("03/nov/2026:09:14:07 +0000]", 0, 26),
    ("02/Nov/2026:23:44:07 -0930", -34_200, 26),
  ])
  func `a web server's time is read`(_ text: String, _ zone: Int32, _ end: Int) {
    #expect(
      Timestamps.commonLog(view(text))
        == Stamp(
          nanoseconds: instant(2026, 11, 3, 9, 14, 7), zoneOffsetSeconds: zone, end: end,
          hasYear: true))
  }

  @Test(arguments: [
    "31/Nov/2026:09:14:07 +0100", "03-Nov-2026:09:14:07 +0100", "03/Nox/2026:09:14:07 +0100",
    "3/Nov/2026:09:14:07 +0100", "03/Nov/2026 09:14:07 +0100", "03/Nov/20a6:09:14:07 +0100",
    "03/Nov/a026:09:14:07", "0a/Nov/2026:09:14:07", "03/Nov/2026:09:14:0",
  ])
  func `what is no web server's time is refused`(_ text: String) {
    #expect(Timestamps.commonLog(view(text)) == nil)
  }

  @Test(arguments: [
    ("Nov  3 09:14:07 host", 15), ("Nov  3 09:14:07", 15), ("NOV  3 09:14:07 x", 15),
    ("nov 03 09:14:07 x", 15), ("Nov 3 09:14:07 x", 14), ("Nov 3 09:14:07: x", 15),
    ("Nov  3 09:14:07: x", 16), ("Nov  3 09:14:07 10.0.0.99 x", 15), ("nov. 3 09:14:07 x", 15),
    ("novembre 3 09:14:07", 19), ("Nov  3 09:14:07:x", 15), ("Nov  3 09:14:07 20264", 15),
    ("Nov  3 09:14:07 2x", 15),
  ])
  func `a syslog time without a year is a wall clock in 1972`(_ text: String, _ end: Int) {
    #expect(
      Timestamps.syslog(view(text))
        == Stamp(
          nanoseconds: instant(1972, 11, 3, 9, 14, 7), zoneOffsetSeconds: nil, end: end,
          hasYear: false))
  }

  @Test(arguments: [
    ("Mär  7 09:14:07", 3), ("Mai  7 09:14:07", 5), ("Okt  7 09:14:07", 10),
    ("Dez 07 09:14:07", 12),
    ("août 7 09:14:07", 8), ("janv. 7 09:14:07", 1), ("févr. 7 09:14:07", 2),
    ("avril 7 09:14:07", 4),
    ("mars 7 09:14:07", 3), ("juin 7 09:14:07", 6), ("juil. 7 09:14:07", 7),
    ("sept. 7 09:14:07", 9),
    ("oct. 7 09:14:07", 10), ("déc. 7 09:14:07", 12), ("Feb  7 09:14:07", 2),
  ])
  func `months are read in three languages`(_ text: String, _ month: Int) {
    #expect(Timestamps.syslog(view(text))?.nanoseconds == instant(1972, month, 7, 9, 14, 7))
  }

  @Test(arguments: [
    ("Mar 7 2008 19:06:53", 0, 19), ("Mar  7 2008 19:06:53: x", 0, 21),
    ("Mar  7 19:06:53 2008", 0, 20), ("Mar  7 19:06:53 2008  x", 0, 20),
    ("Mar 07 19:06:53.25 2008", 250_000_000, 23), ("Mar 07 19:06:53 2008] x", 0, 20),
  ])
  func `a year after the day or the time is taken`(_ text: String, _ nanosecond: Int, _ end: Int) {
    #expect(
      Timestamps.syslog(view(text))
        == Stamp(
          nanoseconds: instant(2008, 3, 7, 19, 6, 53, nanosecond), zoneOffsetSeconds: nil, end: end,
          hasYear: true))
  }

  @Test(arguments: [
    "", "Nov", "Nov  3", "Nov  3 09:14:0", "Feb 30 09:14:07 x", "Nov 31 09:14:07 x",
    "Nox  3 09:14:07 x", "Nov  0 09:14:07 x", "Nov  3 24:14:07 x", "Nov  3 09:14:7 x",
    "Nov   09:14:07 x", "Feb 29 2023 09:14:07 x", "Feb 29 09:14:07 2023 x", "Dec  2 13:14:2",
    "Nov 003 09:14:07 x", "November", "Nov\t 3 09:14:07", "2026-11-03T09:14:07Z",
  ])
  func `what is no syslog time is refused`(_ text: String) {
    #expect(Timestamps.syslog(view(text)) == nil)
  }

  @Test(
    arguments: [
      ("0", 0), ("1693840791", 1_693_840_791_000_000_000),
      ("1693840791.7564995", 1_693_840_791_756_499_500),
      ("1693840791.123456789123", 1_693_840_791_123_456_789),
      ("1693840791756", 1_693_840_791_756_000_000), ("1693840791756.5", 1_693_840_791_756_500_000),
      ("1693840791756499", 1_693_840_791_756_499_000),
      ("1693840791756499512", 1_693_840_791_756_499_512),
      ("1693840791.", 1_693_840_791_000_000_000),
      ("9223372036854775807", 9_223_372_036_854_775_807),
    ] as [(String, Int64)])
  func `seconds since 1970 are exact`(_ text: String, _ nanoseconds: Int64) {
    #expect(Timestamps.epoch(view(text))?.nanoseconds == nanoseconds)
  }

  @Test(arguments: ["", "-1", "x", "9223372036854775808", "99999999999", "99999999999999999999999"])
  func `numbers that are no instant are refused`(_ text: String) {
    #expect(Timestamps.epoch(view(text)) == nil)
  }

  @Test(arguments: [
    "2026-11-03T09:14:07Z", " 2026-11-03 09:14:07 ", "2026-11-03 09:14:07,000",
    "[03/Nov/2026:09:14:07 +0000]", "Tue Nov  3 09:14:07 2026",
    "[Tue Nov 03 09:14:07.000000 2026]", "Tue Nov  3 09:14:07 UTC 2026",
    "November 3, 2026 09:14:07",
    "november 03, 2026 09:14:07 UTC", "1793697247", "1793697247.000", "1793697247000",
    "2026-11-03 09:14:07 UTC", "2026-11-03 10:14:07 +0100", "Nov 3 2026 09:14:07",
    "2026/11/03 09:14:07",
  ])
  func `a value's format is told by its shape`(_ text: String) {
    #expect(Timestamps.any(view(text))?.nanoseconds == instant(2026, 11, 3, 9, 14, 7))
  }

  @Test(arguments: [
    "", "    ", "200", "12345678", "2026-11-03", "2026-11-03T09:14:07Z x", "127.0.0.1:40124",
    "Tue Nov  3", "April 31, 2021 16:55:37", "1793697247x", "1.7936972e9", "Nov 3 09:14:07 2026 x",
    "[[[[[[[[[[", "2026-11-03 09:14:07 x", "192.168.100.200",
  ])
  func `a value that is more or less than a time is refused`(_ text: String) {
    #expect(Timestamps.any(view(text)) == nil)
  }

  @Test func `the cache never changes an answer`() {
    let texts = [
      "2026-11-03T09:14:07Z", "2026-11-03T09:14:08Z", "Nov  3 09:14:07 x", "Nov  3 09:14:08 x",
      "03/Nov/2026:09:14:07 +0100", "03/Nov/2026:09:14:08 +0100", "2026-11-03T09:24:07Z",
      "2026-12-03T09:14:07Z", "2016-11-03T09:14:07Z", "Nov 13 09:14:07 x", "Dec  3 09:14:07 x",
      String(repeating: "\u{7F}", count: 30), "2026-11-03T09:14:07.5+02:00",
    ]
    var cache = StampCache()
    for first in texts {
      for second in texts {
        for text in [first, second, first] {
          let bytes = view(text)
          #expect(Timestamps.rfc3339(bytes, cache: &cache) == Timestamps.rfc3339(bytes))
          #expect(Timestamps.syslog(bytes, cache: &cache) == Timestamps.syslog(bytes))
          #expect(Timestamps.commonLog(bytes, cache: &cache) == Timestamps.commonLog(bytes))
        }
      }
    }
    for filler: UInt8 in [0, 0xFF] {
      let bytes = view([UInt8](repeating: filler, count: 40))
      var fresh = StampCache()
      #expect(Timestamps.rfc3339(bytes, cache: &fresh) == nil)
      #expect(Timestamps.syslog(bytes, cache: &fresh) == nil)
      #expect(Timestamps.commonLog(bytes, cache: &fresh) == nil)
    }
    // The words of an empty cache themselves, where they do not overlap.
    var fresh = StampCache()
    let words = [UInt8](repeating: 0xFF, count: 8) + [UInt8](repeating: 0, count: 32)
    #expect(Timestamps.syslog(view(words), cache: &fresh) == nil)
  }

  @Test func `no prefix or garbled byte of a time traps`() {
    let texts = [
      "2026-11-03T09:14:07.123456789+01:00", "03/Nov/2026:09:14:07 +0100",
      "Nov  3 09:14:07.5 2026: ",
      "Tue Nov  3 09:14:07.25 UTC 2026", "April 13, 2021 16:55:37 +0100", "1693840791756499512.123",
      "déc. 7 2008 09:14:07 UTC", "2026-11-03 09:14:07 +0100",
    ]
    var random = Seeded(state: 7)
    for text in texts {
      let bytes = Array(text.utf8)
      for length in 0...bytes.count {
        let prefix = view(Array(bytes[..<length]))
        for start in 0...length { read(prefix, at: start) }
      }
      for _ in 0..<500 {
        var garbled = bytes
        garbled[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(
          in: 0...255, using: &random)
        read(view(garbled), at: 0)
      }
    }
  }

  private func read(_ text: ByteView, at start: Int) {
    let stamps = [
      Timestamps.rfc3339(text, at: start), Timestamps.commonLog(text, at: start),
      Timestamps.syslog(text, at: start), Timestamps.ctime(text, at: start),
      Timestamps.epoch(text, at: start), Timestamps.longDate(text, at: start), Timestamps.any(text),
    ]
    for stamp in stamps { #expect(stamp.map { $0.end <= text.count } ?? true) }
  }

  @Test(arguments: [
    ("Nov 3, 2026 9:14:07 AM", 9, 14, 7), ("Nov 03, 2026 09:14:07 PM", 21, 14, 7),
    ("Nov 3, 2026 12:00:00 AM", 0, 0, 0), ("November 3, 2026 12:59:59 PM", 12, 59, 59),
  ])
  func `a clock of twelve hours is read as Amazon writes it`(
    _ text: String, _ hour: Int, _ minute: Int, _ second: Int
  ) throws {
    let stamp = try #require(Timestamps.twelveHours(view(text)))
    #expect(stamp.nanoseconds == instant(2026, 11, 3, hour, minute, second))
    #expect(stamp.zoneOffsetSeconds == nil && stamp.hasYear && stamp.end == text.utf8.count)
  }

  @Test(arguments: [
    "", "Nov", "Nov 3", "Nov 3,", "Nov 3, 2026", "Nov 3, 2026 9:14:07", "Nov 3, 2026 9:14:07 ",
    "Nov 3, 2026 9:14:07 A", "Nov 3, 2026 9:14:07 AMx", "Nov 3, 2026 0:14:07 AM",
    "Nov 3, 2026 13:14:07 PM", "Nov 31, 2026 9:14:07 AM", "Nov 3 2026 9:14:07 AM",
    "Nov 3, 26 9:14:07 AM", "Nov 3, 2026 9:14 AM", "Nov 3, 2026 9:61:07 AM",
  ])
  func `and nothing else is`(_ text: String) {
    #expect(Timestamps.twelveHours(view(text)) == nil)
  }
}
