import Bytes
import Events
import Foundation
import Formats
import Testing

/// The hard hours: leap seconds, the turn of the year, the two nights on which clocks are set.
@Suite struct TimeShapesTests {
  private static func seconds(_ text: String) -> Int64? {
    Clock.nanoseconds(text, zone: TimeZone(secondsFromGMT: 0) ?? .current).map {
      $0 / 1_000_000_000
    }
  }

  private func time(
    _ line: String, zone: Zone = .utc, near anchor: String = "2026-11-03T09:20:00Z"
  ) throws -> Int64? {
    let reading = try NormalisePath(zone: zone, anchor: Self.seconds(anchor) ?? 0)
      .read(Array(line.utf8))
    return reading.rejection == nil ? reading.time / 1_000_000_000 : nil
  }

  @Test(arguments: [
    "Dec 31 23:59:60 web1 app: hi", "<86>Dec 31 23:59:60 web1 app: hi",
    "2016-12-31T23:59:60Z web1 app: hi", "2017-01-01T00:59:60+01:00 web1 app: hi",
    #"1.2.3.4 - - [31/Dec/2016:23:59:60 +0000] "GET / HTTP/1.1" 200 5"#,
    #"{"time":"2016-12-31T23:59:60Z"}"#, "time=2016-12-31T23:59:60Z a=b",
    "2016-12-31T23:59:60Z stdout F hi",
  ]) func `a leap second is the first second of the next minute`(_ line: String) throws {
    #expect(
      try time(line, near: "2017-01-01T00:10:00Z") == Self.seconds("2017-01-01T00:00:00Z"))
  }

  @Test func `RFC 5424 itself forbids leap seconds, and nobody has a second 61`() throws {
    // RFC 5424, section 6.2.3.1: TIME-SECOND is 00 through 59.
    #expect(try time("<86>1 2016-12-31T23:59:60Z web1 app - - - hi") == nil)
    #expect(try time("2016-12-31T23:59:61Z web1 app: hi") == nil)
    #expect(try time("Dec 31 23:59:61 web1 app: hi") == nil)
  }

  @Test(arguments: [
    // The log was last written in January: its December is last year's.
    ("Dec 31 23:59:59", "2027-01-01T00:10:00Z", "2026-12-31T23:59:59"),
    ("Jan  1 00:00:01", "2027-01-01T00:10:00Z", "2027-01-01T00:00:01"),
    // A day's difference of clocks and zones does not move a line back by a year.
    ("Jan  1 00:00:01", "2026-12-31T23:10:00Z", "2027-01-01T00:00:01"),
    ("Jan  2 00:00:01", "2026-12-31T23:10:00Z", "2026-01-02T00:00:01"),
    ("Feb 29 12:00:00", "2024-03-01T00:00:00Z", "2024-02-29T12:00:00"),
    ("Feb 29 12:00:00", "2026-03-01T00:00:00Z", "2024-02-29T12:00:00"),
    ("Mar  1 00:00:00", "2026-03-01T00:00:00Z", "2026-03-01T00:00:00"),
  ]) func `a stamp without a year is of the last one that it can be`(
    _ stamp: String, _ written: String, _ expected: String
  ) throws {
    #expect(try time("\(stamp) web1 app: hi", near: written) == Self.seconds(expected))
  }

  @Test(arguments: [
    // East of Greenwich the year begins earlier than the clock of UTC says, west of it later.
    (8, "Jan  1 00:00:01", "2026-12-31T16:00:10Z", "2026-12-31T16:00:01"),
    (8, "Dec 31 23:59:59", "2026-12-31T16:00:10Z", "2026-12-31T15:59:59"),
    (8, "Jan  1 07:59:59", "2027-01-01T00:00:10Z", "2026-12-31T23:59:59"),
    (14, "Jan  1 00:00:01", "2026-12-31T10:00:10Z", "2026-12-31T10:00:01"),
    (-8, "Dec 31 18:00:00", "2027-01-01T02:00:10Z", "2027-01-01T02:00:00"),
    (-11, "Dec 31 13:00:01", "2027-01-01T00:00:10Z", "2027-01-01T00:00:01"),
    (-11, "Jan  1 00:00:01", "2027-01-01T11:00:10Z", "2027-01-01T11:00:01"),
    // The hours after, read by a clock that is behind.
    (0, "Jan  1 03:00:00", "2026-12-31T23:59:00Z", "2027-01-01T03:00:00"),
  ]) func `the year turns with the log's own zone`(
    _ hours: Int, _ stamp: String, _ written: String, _ expected: String
  ) throws {
    let zone = Zone(fixedOffsetSeconds: hours * 3600)
    #expect(
      try time("\(stamp) web1 app: hi", zone: zone, near: written) == Self.seconds(expected))
  }

  @Test(arguments: [
    // Clocks go from 02:00 to 03:00: what was not is read as if they had not yet.
    ("2026-03-29 01:59:59", "2026-03-29T00:59:59"), ("2026-03-29 02:30:00", "2026-03-29T01:30:00"),
    ("2026-03-29 03:00:00", "2026-03-29T01:00:00"),
    // From 03:00 back to 02:00: what was twice is read as the first time.
    ("2026-10-25 01:59:59", "2026-10-24T23:59:59"), ("2026-10-25 02:30:00", "2026-10-25T00:30:00"),
    ("2026-10-25 03:00:00", "2026-10-25T02:00:00"),
  ]) func `a wall clock is one instant on the nights on which clocks are set`(
    _ stamp: String, _ expected: String
  ) throws {
    guard let file = FileManager.default.contents(atPath: "/usr/share/zoneinfo/Europe/Amsterdam")
    else { return }
    let zone = try Zone(tzif: [UInt8](file))
    for line in ["\(stamp) web1 app: hi", #"{"time":"\#(stamp)"}"#, "time=\"\(stamp)\" a=b"] {
      #expect(try time(line, zone: zone) == Self.seconds(expected), "\(line)")
    }
    // A line that names its own zone leaves nothing to tell.
    #expect(
      try time("2026-10-25T02:30:00+01:00 web1 app: hi", zone: zone)
        == Self.seconds("2026-10-25T01:30:00"))
  }

  @Test(arguments: [
    "Nov  3 09:14:07 web1 app: hi", "<86>1 2026-11-03T09:14:07.120Z db1 sshd 4122 - - hi",
    "2026-11-03T10:14:07+01:00 web1 app: hi", "2026-11-03T10:14:07.123456+01:00 web1 app: hi",
    #"{"time":"2026-11-03T09:14:07.001Z"}"#, #"{"time":"2026-11-03T09:14:07+00:00"}"#,
    #"{"timestamp":"2026-11-03 09:14:07.123 UTC"}"#, #"{"ts":1793697247.7564995}"#,
    #"{"time":1793697247756}"#, #"{"time":"November 03, 2026 09:14:07"}"#,
    #"{"StartUTC":"2026-11-03T09:14:07.123456789Z"}"#, #"{"eventTime":"2026-11-03T09:14:07Z"}"#,
    #"{"time":"2026-11-03 09:14:07,397"}"#, "2026-11-03 09:14:07,397 web1 app: hi",
    #"1.2.3.4 - - [03/Nov/2026:10:14:07 +0100] "GET / HTTP/1.1" 200 5"#,
    "2026-11-03T10:14:07.123456789+01:00 stdout F hi",
    #"{"log":"hi\n","stream":"stdout","time":"2026-11-03T09:14:07.123456789Z"}"#,
    "ts=1793697247 a=b", "time=\"2026-11-03 09:14:07\" a=b",
  ]) func `every shape of a time is the same second`(_ line: String) throws {
    #expect(try time(line) == Self.seconds("2026-11-03T09:14:07"))
  }
}
