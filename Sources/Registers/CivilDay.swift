/// A date of the calendar, without a time or a zone.
public struct CivilDay: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// Days since 1970-01-01; earlier days are negative.
  public let number: Int

  /// The day that is `number` days after 1970-01-01.
  public init(number: Int) { self.number = number }

  /// A day of the Gregorian calendar, or `nil` when there is no such day.
  public init?(year: Int, month: Int, day: Int) {
    guard (0...9999).contains(year), (1...12).contains(month), day >= 1 else { return nil }
    guard day <= CivilDay.length(ofMonth: month, year: year) else { return nil }
    // Years are counted from March, so that the leap day is the last day of one.
    let shifted = month <= 2 ? year - 1 : year
    let era = (shifted >= 0 ? shifted : shifted - 399) / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    number = era * 146_097 + dayOfEra - 719_468
  }

  /// Reads `YYYY-MM-DD`, and nothing else.
  public init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard bytes.count == 10, bytes[4] == 0x2D, bytes[7] == 0x2D else { return nil }
    guard let year = decimal(bytes[0..<4]), let month = decimal(bytes[5..<7]),
      let day = decimal(bytes[8..<10])
    else { return nil }
    self.init(year: year, month: month, day: day)
  }

  /// `YYYY-MM-DD`.
  public var description: String {
    let shifted = number + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
    let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
  }

  /// The day of the week; Monday is 0.
  public var weekday: Int { ((number + 3) % 7 + 7) % 7 }

  /// The day that is `days` later.
  public func advanced(by days: Int) -> CivilDay { CivilDay(number: number + days) }

  /// Earlier days come first.
  public static func < (left: CivilDay, right: CivilDay) -> Bool { left.number < right.number }

  private static func length(ofMonth month: Int, year: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }
}

/// Reads and writes the instants of RFC 3339, section 5.6.
public enum RFC3339 {
  /// Nanoseconds since 1970 UTC of `2026-10-08T10:00:00Z` and its like, or `nil`.
  ///
  /// The offset must be there; a leap second counts as the second that follows it, and digits
  /// beyond nanoseconds are dropped. Times that 64 bits can not hold become the nearest they can.
  public static func nanoseconds(of text: String) -> Int64? {
    let bytes = Array(text.utf8)
    guard bytes.count >= 20, let day = CivilDay(String(decoding: bytes[0..<10], as: UTF8.self)),
      bytes[10] | 0x20 == 0x74 || bytes[10] == 0x20, bytes[13] == 0x3A, bytes[16] == 0x3A,
      let hour = decimal(bytes[11..<13]), let minute = decimal(bytes[14..<16]),
      let second = decimal(bytes[17..<19]), hour < 24, minute < 60, second < 61
    else { return nil }
    var (offset, fraction) = (19, Int64(0))
    if bytes[19] == 0x2E {
      offset += 1
      var unit: Int64 = 100_000_000
      while offset < bytes.count, bytes[offset] &- 0x30 < 10 {
        fraction += Int64(bytes[offset] - 0x30) * unit
        unit /= 10
        offset += 1
      }
      guard offset > 20 else { return nil }
    }
    guard let zone = zoneSeconds(bytes[offset...]) else { return nil }
    let seconds = Int64(day.number) * 86_400 + Int64(hour * 3600 + minute * 60 + second - zone)
    return saturating(seconds: seconds, nanoseconds: fraction)
  }

  /// `2026-10-08T10:00:00Z`, to the second, of nanoseconds since 1970 UTC.
  public static func text(nanoseconds: Int64) -> String {
    let seconds = Int(nanoseconds.floorDivided(by: 1_000_000_000))
    let day = CivilDay(number: Int(Int64(seconds).floorDivided(by: 86_400)))
    let rest = seconds - day.number * 86_400
    let clock = [rest / 3600, rest / 60 % 60, rest % 60].map { padded($0, 2) }
    return "\(day)T\(clock.joined(separator: ":"))Z"
  }

  private static func zoneSeconds(_ bytes: ArraySlice<UInt8>) -> Int? {
    guard let sign = bytes.first else { return nil }
    let start = bytes.startIndex
    if sign | 0x20 == 0x7A { return bytes.count == 1 ? 0 : nil }
    guard bytes.count == 6, sign == 0x2B || sign == 0x2D, bytes[start + 3] == 0x3A,
      let hours = decimal(bytes[start + 1..<start + 3]),
      let minutes = decimal(bytes[start + 4..<start + 6]), hours < 24, minutes < 60
    else { return nil }
    return (hours * 3600 + minutes * 60) * (sign == 0x2D ? -1 : 1)
  }
}

extension Int64 {
  /// The quotient rounded towards minus infinity; `divisor` is positive.
  func floorDivided(by divisor: Int64) -> Int64 {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? quotient - 1 : quotient
  }
}

/// Nanoseconds of a whole number of seconds, held at the ends of what 64 bits can say.
func saturating(seconds: Int64, nanoseconds: Int64 = 0) -> Int64 {
  let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
  guard !overflow else { return seconds < 0 ? .min : .max }
  let (sum, carried) = product.addingReportingOverflow(nanoseconds)
  return carried ? .max : sum
}

/// The digits as a number, or `nil` when one of them is none.
private func decimal(_ digits: ArraySlice<UInt8>) -> Int? {
  var value = 0
  for digit in digits {
    guard digit &- 0x30 < 10 else { return nil }
    value = value * 10 + Int(digit - 0x30)
  }
  return value
}

/// A number with leading zeros.
private func padded(_ value: Int, _ width: Int) -> String {
  let text = "\(value)"
  return String(repeating: "0", count: max(0, width - text.utf8.count)) + text
}
