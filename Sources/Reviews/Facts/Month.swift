/// A month of the proleptic Gregorian calendar, as the review counts it.
public struct Month: Hashable, Sendable {
  /// The year, such as 2026.
  public var year: Int
  /// The month, 1 through 12.
  public var month: Int

  /// A month from its numbers; a month outside 1 through 12 is moved to the nearest of them.
  public init(year: Int, month: Int) {
    (self.year, self.month) = (year, min(max(month, 1), 12))
  }

  /// The month that `YYYY-MM` names, or `nil` for any other shape.
  public init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard bytes.count == 7, bytes[4] == 0x2D else { return nil }
    var numbers: [Int] = [0, 0]
    for (offset, byte) in bytes.enumerated() where offset != 4 {
      guard (0x30...0x39).contains(byte) else { return nil }
      let place = offset < 4 ? 0 : 1
      numbers[place] = numbers[place] * 10 + Int(byte - 0x30)
    }
    guard (1...12).contains(numbers[1]) else { return nil }
    self.init(year: numbers[0], month: numbers[1])
  }

  /// `YYYY-MM`.
  public var text: String { "\(padded(year, 4))-\(padded(month, 2))" }

  /// The month before it, in the same words.
  var before: String {
    month > 1
      ? "\(padded(year, 4))-\(padded(month - 1, 2))" : "\(padded(year - 1, 4))-12"
  }

  /// The month in words, such as `October 2026`.
  public var name: String {
    let names = [
      "January", "February", "March", "April", "May", "June", "July", "August", "September",
      "October", "November", "December",
    ]
    return "\(names[month - 1]) \(year)"
  }

  /// How many days the month has.
  public var dayCount: Int {
    switch month {
    case 4, 6, 9, 11: 30
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    default: 31
    }
  }

  /// `YYYY-MM-DD` of a day of the month.
  public func date(_ day: Int) -> String { "\(text)-\(padded(day, 2))" }

  /// Whether a day is a Saturday or a Sunday.
  public func isWeekend(_ day: Int) -> Bool {
    // Days since 1970-01-01, a Thursday, with the year starting in March.
    let shifted = month > 2 ? year : year - 1
    let era = (shifted >= 0 ? shifted : shifted - 399) / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let days =
      era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    let weekday = ((days + 3) % 7 + 7) % 7  // Monday is 0.
    return weekday >= 5
  }
}

/// A number with zeros in front, to a width.
func padded(_ number: Int, _ width: Int) -> String {
  let digits = "\(number)"
  return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
}
