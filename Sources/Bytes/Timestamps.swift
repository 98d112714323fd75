/// Readers for the time formats that logs use.
///
/// Each reader looks at one offset of a text, reads as much as its format covers and says where
/// that ends; what follows is the caller's business. None allocates. A second of 60 counts as the
/// first second of the next minute; hour 24, days that a month does not have, and years outside
/// ``CivilTime/years`` are refused.
public enum Timestamps {
  /// Reads `2026-11-03T09:14:07`, with a fraction and a zone where there are any.
  ///
  /// The separator is `T`, `t` or a blank, the date's may be `/`; the fraction follows `.` or `,`,
  /// and digits past the ninth are dropped. A zone is `Z`, `±hh:mm`, `±hhmm` or `±hh`, or after a
  /// blank `UTC`, `GMT`, `±hh:mm` or `±hhmm`.
  ///
  /// - SeeAlso: RFC 3339, section 5.6.
  @inline(__always) public static func rfc3339(
    _ text: ByteView, at start: Int = 0, cache: inout StampCache
  ) -> Stamp? {
    guard start + 19 <= text.count else { return nil }
    let date = text.word(at: start)
    let middle = text.word(at: start + 8)
    let time = text.word(at: start + 11)
    if !cache.holds(date, middle, time) {
      guard let seconds = isoSeconds(date, middle, time) else { return nil }
      cache.keep(date, middle, time, seconds)
    }
    return finish(text, at: start + 19, seconds: cache.seconds)
  }

  /// Reads `2026-11-03T09:14:07` and its relatives; see ``rfc3339(_:at:cache:)``.
  public static func rfc3339(_ text: ByteView, at start: Int = 0) -> Stamp? {
    var cache = StampCache()
    return rfc3339(text, at: start, cache: &cache)
  }

  /// Reads `03/Nov/2026:09:14:07 +0100`, the time of web servers' access logs, without brackets.
  @inline(__always) public static func commonLog(
    _ text: ByteView, at start: Int = 0, cache: inout StampCache
  ) -> Stamp? {
    guard start + 20 <= text.count else { return nil }
    let first = text.word(at: start)
    let second = text.word(at: start + 8)
    let time = text.word(at: start + 12)
    if !cache.holds(first, second, time) {
      guard let seconds = commonLogSeconds(first, second, time) else { return nil }
      cache.keep(first, second, time, seconds)
    }
    return finish(text, at: start + 20, seconds: cache.seconds)
  }

  /// Reads `03/Nov/2026:09:14:07 +0100`; see ``commonLog(_:at:cache:)``.
  public static func commonLog(_ text: ByteView, at start: Int = 0) -> Stamp? {
    var cache = StampCache()
    return commonLog(text, at: start, cache: &cache)
  }

  /// Reads `Nov  3 09:14:07`, the time of RFC 3164, and what senders make of it.
  ///
  /// Months are English, German or French, short or full, in any case; the day takes one digit or
  /// two after any number of blanks; a year may follow the day or the time, a fraction the seconds,
  /// and one colon ends the stamp where a blank or the end of the text follows it.
  ///
  /// - SeeAlso: RFC 3164, section 4.1.2.
  @inline(__always) public static func syslog(
    _ text: ByteView, at start: Int = 0, cache: inout StampCache
  ) -> Stamp? {
    guard start + 15 <= text.count else { return loose(text, at: start) }
    let first = text.word(at: start)
    let time = text.word(at: start + 7)
    if !cache.holds(first, time, 0) {
      guard let seconds = syslogSeconds(first, time) else { return loose(text, at: start) }
      cache.keep(first, time, 0, seconds)
    }
    let end = start + 15
    // The usual end: a blank and then anything but a digit. All else is read with more care.
    if end + 1 < text.count, text[end] == 0x20, !text[end + 1].isDigit {
      return Stamp(
        nanoseconds: cache.seconds &* 1_000_000_000, zoneOffsetSeconds: nil, end: end,
        hasYear: false)
    }
    return afterTime(text, at: end, .yearless(seconds: cache.seconds))
  }

  /// Reads `Nov  3 09:14:07` and its relatives; see ``syslog(_:at:cache:)``.
  public static func syslog(_ text: ByteView, at start: Int = 0) -> Stamp? {
    var cache = StampCache()
    return syslog(text, at: start, cache: &cache)
  }

  /// Reads `Tue Nov  3 09:14:07 2026`, also with a fraction, as C libraries and Apache print it.
  public static func ctime(_ text: ByteView, at start: Int = 0) -> Stamp? {
    guard start + 4 <= text.count, text[start + 3] == 0x20,
      isWeekday(text.slice(start, start + 3))
    else { return nil }
    guard let stamp = loose(text, at: start + 4), stamp.hasYear else { return nil }
    return stamp
  }

  /// Reads seconds, milliseconds, microseconds or nanoseconds since 1970, with or without fraction.
  ///
  /// The digits before the point tell the unit: up to 11 seconds, up to 14 milliseconds, up to 17
  /// microseconds, else nanoseconds. Digits below the nanosecond are dropped; no binary fractions
  /// are involved, so `1693840791.7564995` is exact. The zone is UTC.
  public static func epoch(_ text: ByteView, at start: Int = 0) -> Stamp? {
    var offset = start
    var value: Int64 = 0
    while offset < text.count, text[offset].isDigit {
      let (product, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, carry) = product.addingReportingOverflow(Int64(text[offset] &- 0x30))
      guard !overflow, !carry else { return nil }
      value = sum
      offset += 1
    }
    let digits = offset - start
    guard digits > 0 else { return nil }
    var unit: Int64 = digits <= 11 ? 1_000_000_000 : digits <= 14 ? 1_000_000 : 1_000
    if digits > 17 { unit = 1 }
    let (scaled, overflow) = value.multipliedReportingOverflow(by: unit)
    guard !overflow else { return nil }
    var nanoseconds = scaled
    if offset + 1 < text.count, text[offset] == 0x2E, text[offset + 1].isDigit {
      offset += 1
      while offset < text.count, text[offset].isDigit {
        unit /= 10
        let (sum, carry) = nanoseconds.addingReportingOverflow(
          Int64(text[offset] &- 0x30) * unit)
        guard !carry else { return nil }
        nanoseconds = sum
        offset += 1
      }
    }
    return Stamp(nanoseconds: nanoseconds, zoneOffsetSeconds: 0, end: offset, hasYear: true)
  }

  /// Reads `April 13, 2021 16:55:37`, with a zone where there is one.
  public static func longDate(_ text: ByteView, at start: Int = 0) -> Stamp? {
    var offset = start
    guard let month = monthName(text, &offset), blanks(text, &offset),
      let day = number(text, &offset, digits: 1...2), offset < text.count, text[offset] == 0x2C
    else { return nil }
    offset += 1
    guard blanks(text, &offset), let year = number(text, &offset, digits: 4...4),
      blanks(text, &offset), let second = timeOfDay(text, &offset),
      let seconds = CivilTime.seconds(
        year: year, month: month, day: day, secondOfDay: second)
    else { return nil }
    return finish(text, at: offset, seconds: seconds)
  }

  /// Reads a text that is a time and nothing else, whichever of the formats above it has.
  ///
  /// For values of JSON and key=value logs. Blanks and square brackets around the time are skipped;
  /// a bare number needs at least nine digits before the point, so that counters are not times.
  public static func any(_ text: ByteView) -> Stamp? {
    var (start, end) = (0, text.count)
    while start < end, text[start] == 0x20 || text[start] == 0x5B { start += 1 }
    while end > start, text[end - 1] == 0x20 || text[end - 1] == 0x5D { end -= 1 }
    guard end - start >= 9 else { return nil }
    let whole = text.prefix(end)
    guard let stamp = shaped(whole, at: start) else { return nil }
    return stamp.end == end ? stamp : zoned(stamp, whole)
  }

  private static func shaped(_ text: ByteView, at start: Int) -> Stamp? {
    if text[start].isDigit {
      if text[start + 4] == 0x2D || text[start + 4] == 0x2F { return rfc3339(text, at: start) }
      if text[start + 2] == 0x2F { return commonLog(text, at: start) }
      var offset = start
      while offset < text.count, text[offset].isDigit { offset += 1 }
      return offset - start >= 9 ? epoch(text, at: start) : nil
    }
    return ctime(text, at: start) ?? loose(text, at: start) ?? longDate(text, at: start)
  }
}
