extension Timestamps {
  /// Reads `Jul 3, 2026 11:27:26 PM`, which Amazon's services write within what they answered; it names no zone.
  ///
  /// - Returns: The whole text's time, or `nil` for anything else.
  public static func twelveHours(_ text: ByteView) -> Stamp? {
    var offset = 0
    guard let month = monthName(text, &offset), blanks(text, &offset),
      let day = number(text, &offset, digits: 1...2), text.has(",", at: offset)
    else { return nil }
    offset += 1
    guard blanks(text, &offset), let year = number(text, &offset, digits: 4...4),
      blanks(text, &offset), let hour = number(text, &offset, digits: 1...2),
      (1...12).contains(hour), let minute = part(text, &offset), let second = part(text, &offset),
      blanks(text, &offset), offset + 2 == text.count
    else { return nil }
    let half = text.dropFirst(offset)
    let isAfternoon = half.equals("PM")
    guard isAfternoon || half.equals("AM"),
      let seconds = CivilTime.seconds(
        year: year, month: month, day: day, hour: hour % 12 + (isAfternoon ? 12 : 0),
        minute: minute, second: second)
    else { return nil }
    return Stamp(
      nanoseconds: seconds &* 1_000_000_000, zoneOffsetSeconds: nil, end: text.count, hasYear: true)
  }

  /// Reads a colon and two digits.
  private static func part(_ text: ByteView, _ offset: inout Int) -> Int? {
    guard text.has(":", at: offset) else { return nil }
    offset += 1
    return number(text, &offset, digits: 2...2)
  }
}
