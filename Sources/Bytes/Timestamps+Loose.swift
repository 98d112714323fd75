/// The forms of a syslog stamp that do not fill fifteen bytes.
extension Timestamps {
  /// What is known of a date before its year was looked for.
  enum Dated {
    /// Only the wall clock in 1972.
    case yearless(seconds: Int64)
    /// The whole of it.
    case complete(seconds: Int64)
  }

  /// Reads month, day, perhaps a year, time, and what may follow the time.
  static func loose(_ text: ByteView, at start: Int) -> Stamp? {
    var offset = start
    guard let month = monthName(text, &offset), blanks(text, &offset),
      let day = number(text, &offset, digits: 1...2), blanks(text, &offset)
    else { return nil }
    var year: Int?
    if offset + 4 < text.count, text[offset + 2] != 0x3A {
      year = number(text, &offset, digits: 4...4)
      guard year != nil, blanks(text, &offset) else { return nil }
    }
    guard let second = timeOfDay(text, &offset),
      let seconds = CivilTime.seconds(
        year: year ?? 1972, month: month, day: day, secondOfDay: second)
    else { return nil }
    return afterTime(
      text, at: offset, year == nil ? .yearless(seconds: seconds) : .complete(seconds: seconds))
  }

  /// Whether a month's name and a blank open the text, so that a time was probably meant.
  public static func beginsWithMonth(_ text: ByteView) -> Bool {
    var offset = 0
    return monthName(text, &offset) != nil && blanks(text, &offset)
  }

  /// Reads what may follow the seconds: a fraction, a zone, a year, a colon.
  static func afterTime(_ text: ByteView, at start: Int, _ dated: Dated) -> Stamp? {
    var offset = start
    let nanosecond = fraction(text, &offset)
    let zone = zone(text, &offset)
    var (seconds, hasYear) = (Int64(0), true)
    switch dated {
    case .complete(let value): seconds = value
    case .yearless(let value):
      seconds = value
      hasYear = false
      if let year = trailingYear(text, &offset) {
        let within = Int(value - YearRule.baseSeconds)
        let date = CivilTime.date(ofDays: Int(YearRule.baseSeconds) / 86_400 + within / 86_400)
        guard
          let whole = CivilTime.seconds(
            year: year, month: date.month, day: date.day, secondOfDay: within % 86_400)
        else { return nil }
        (seconds, hasYear) = (whole, true)
      }
    }
    if offset < text.count, text[offset] == 0x3A,
      offset + 1 == text.count || text[offset + 1] == 0x20
    {
      offset += 1
    }
    return Stamp(
      nanoseconds: (seconds &- Int64(zone ?? 0)) &* 1_000_000_000 &+ nanosecond,
      zoneOffsetSeconds: zone, end: offset, hasYear: hasYear)
  }

  /// Reads a year of this era after a blank, when it is a word of its own.
  private static func trailingYear(_ text: ByteView, _ offset: inout Int) -> Int? {
    var at = offset
    guard blanks(text, &at), at + 4 <= text.count, text[at] == 0x31 || text[at] == 0x32,
      let year = number(text, &at, digits: 4...4), (1970...2261).contains(year)
    else { return nil }
    guard at == text.count || text[at] == 0x20 || text[at] == 0x3A || text[at] == 0x5D
    else { return nil }
    offset = at
    return year
  }

  static func timeOfDay(_ text: ByteView, _ offset: inout Int) -> Int? {
    guard offset + 8 <= text.count else { return nil }
    let second = secondOfDay(text.word(at: offset))
    guard second >= 0 else { return nil }
    offset += 8
    return second
  }

  /// Skips at least one blank.
  static func blanks(_ text: ByteView, _ offset: inout Int) -> Bool {
    let start = offset
    while offset < text.count, text[offset] == 0x20 { offset += 1 }
    return offset > start
  }

  /// Reads a decimal number; more digits than allowed are refused.
  static func number(
    _ text: ByteView, _ offset: inout Int, digits allowed: ClosedRange<Int>
  ) -> Int? {
    var value = 0
    var end = offset
    while end < text.count, end - offset <= allowed.upperBound, text[end].isDigit {
      value = value * 10 + Int(text[end] &- 0x30)
      end += 1
    }
    guard allowed.contains(end - offset) else { return nil }
    offset = end
    return value
  }

  static func isWeekday(_ word: ByteView) -> Bool {
    isOne(of: "mon", "tue", "wed", "thu", word) || isOne(of: "fri", "sat", "sun", "sun", word)
  }

  /// Reads a month's name up to a blank, with the point that French abbreviations end in.
  static func monthName(_ text: ByteView, _ offset: inout Int) -> Int? {
    var end = offset
    // The longest name is `septembre`; `février` and `décembre` take one byte more than letters.
    while end < text.count, end - offset <= 10, text[end] != 0x20, text[end] != 0x2E { end += 1 }
    guard end - offset >= 3 else { return nil }
    let month = month(named: text.slice(offset, end))
    guard month > 0 else { return nil }
    if end < text.count, text[end] == 0x2E { end += 1 }
    offset = end
    return month
  }

  private static func month(named name: ByteView) -> Int {
    if name.count == 3 {
      let english = englishMonth(
        UInt32(name[0]) | UInt32(name[1]) << 8 | UInt32(name[2]) << 16)
      if english > 0 { return english }
    }
    if isOne(of: "januar", "january", "janvier", "janv", name) { return 1 }
    if isOne(of: "februar", "february", "février", "févr", name) { return 2 }
    if isOne(of: "mär", "march", "mars", "märz", name) { return 3 }
    if isOne(of: "avr", "april", "avril", "apr", name) { return 4 }
    if isOne(of: "mai", "may", "mai", "may", name) { return 5 }
    if isOne(of: "juni", "june", "juin", "jun", name) { return 6 }
    if isOne(of: "juli", "july", "juillet", "juil", name) { return 7 }
    if isOne(of: "august", "août", "aout", "aoû", name) { return 8 }
    if isOne(of: "september", "septembre", "sept", "sep", name) { return 9 }
    if isOne(of: "okt", "october", "octobre", "oktober", name) { return 10 }
    if isOne(of: "november", "novembre", "nov", "nov", name) { return 11 }
    if isOne(of: "dez", "december", "décembre", "dezember", name) { return 12 }
    if isOne(of: "déc", "dec", "dec", "dec", name) { return 12 }
    return isOne(of: "fév", "feb", "feb", "feb", name) ? 2 : 0
  }

  private static func isOne(
    of first: StaticString, _ second: StaticString, _ third: StaticString,
    _ fourth: StaticString, _ name: ByteView
  ) -> Bool {
    name.equalsFolded(ByteView(first)) || name.equalsFolded(ByteView(second))
      || name.equalsFolded(ByteView(third)) || name.equalsFolded(ByteView(fourth))
  }
}
