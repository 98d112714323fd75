extension Timestamps {
  /// The seconds of `HH:MM:SS` in one word, or -1.
  @inline(__always) static func secondOfDay(_ word: UInt64) -> Int {
    // Digits become 0 through 9 and colons 0; anything else raises a lane's top bit when added to.
    let digits = word ^ 0x3030_3A30_303A_3030
    guard ((digits &+ 0x7676_7F76_767F_7676) | digits) & 0x8080_8080_8080_8080 == 0
    else { return -1 }
    let hour = pair(digits, 0)
    let minute = pair(digits, 24)
    let second = pair(digits, 48)
    guard hour < 24, minute < 60, second <= 60 else { return -1 }
    return hour * 3600 + minute * 60 + second
  }

  /// The two decimal digits whose values stand `shift` bits up.
  @inline(__always) private static func pair(_ digits: UInt64, _ shift: UInt64) -> Int {
    Int(truncatingIfNeeded: (digits >> shift & 0xF) &* 10 &+ (digits >> (shift &+ 8) & 0xF))
  }

  /// The seconds of `YYYY-MM-DDTHH:MM:SS`, given as the words at 0, 8 and 11.
  static func isoSeconds(_ date: UInt64, _ middle: UInt64, _ time: UInt64) -> Int64? {
    let separator = UInt8(truncatingIfNeeded: date >> 32)
    guard separator == 0x2D || separator == 0x2F else { return nil }
    let expected = 0x0030_3000_3030_3030 | UInt64(separator) << 32 | UInt64(separator) << 56
    let digits = date ^ expected
    guard ((digits &+ 0x7F76_767F_7676_7676) | digits) & 0x8080_8080_8080_8080 == 0
    else { return nil }
    let between = UInt8(truncatingIfNeeded: middle >> 16)
    guard between == 0x54 || between == 0x20 || between == 0x74 else { return nil }
    let tens = UInt8(truncatingIfNeeded: middle) &- 0x30
    let ones = UInt8(truncatingIfNeeded: middle >> 8) &- 0x30
    let second = secondOfDay(time)
    guard tens < 10, ones < 10, second >= 0 else { return nil }
    return CivilTime.seconds(
      year: pair(digits, 0) * 100 + pair(digits, 16), month: pair(digits, 40),
      day: Int(tens) * 10 + Int(ones), secondOfDay: second)
  }

  /// The seconds of `DD/Mon/YYYY:HH:MM:SS`, given as the words at 0, 8 and 12.
  static func commonLogSeconds(_ first: UInt64, _ second: UInt64, _ time: UInt64) -> Int64? {
    // `DD/Mon/Y` and `YYY:HH:M`.
    guard first & 0x00FF_0000_00FF_0000 == 0x002F_0000_002F_0000,
      second & 0xFF00_0000 == 0x3A00_0000
    else { return nil }
    let month = englishMonth(UInt32(truncatingIfNeeded: first >> 24))
    let digits = (first & 0xFF00_0000_0000_FFFF) ^ 0x3000_0000_0000_3030
    let rest = (second & 0x00FF_FFFF) ^ 0x0030_3030
    let bad =
      (digits &+ 0x7600_0000_0000_7676) | digits | (rest &+ 0x0076_7676) | rest
    let second = secondOfDay(time)
    guard month > 0, second >= 0, bad & 0x8080_8080_8080_8080 == 0 else { return nil }
    let century = Int(digits >> 56) * 10 + Int(rest & 0xF)
    return CivilTime.seconds(
      year: century * 100 + pair(rest, 8), month: month, day: pair(digits, 0),
      secondOfDay: second)
  }

  /// The seconds of `Mon DD HH:MM:SS` in 1972, given as the words at 0 and 7.
  static func syslogSeconds(_ first: UInt64, _ time: UInt64) -> Int64? {
    let month = englishMonth(UInt32(truncatingIfNeeded: first))
    guard month > 0, first & 0x00FF_0000_FF00_0000 == 0x0020_0000_2000_0000 else { return nil }
    let tensByte = UInt8(truncatingIfNeeded: first >> 32)
    let tens = tensByte == 0x20 ? 0 : tensByte &- 0x30
    let ones = UInt8(truncatingIfNeeded: first >> 40) &- 0x30
    let second = secondOfDay(time)
    guard tens < 4, ones < 10, second >= 0 else { return nil }
    return CivilTime.seconds(
      year: 1972, month: month, day: Int(tens) * 10 + Int(ones), secondOfDay: second)
  }

  /// The month that three letters name, from the low 24 bits of a word, or 0.
  static func englishMonth(_ word: UInt32) -> Int {
    switch word & 0xFF_FFFF | 0x20_2020 {
    case 0x6E_616A: 1
    case 0x62_6566: 2
    case 0x72_616D: 3
    case 0x72_7061: 4
    case 0x79_616D: 5
    case 0x6E_756A: 6
    case 0x6C_756A: 7
    case 0x67_7561: 8
    case 0x70_6573: 9
    case 0x74_636F: 10
    case 0x76_6F6E: 11
    case 0x63_6564: 12
    default: 0
    }
  }

  /// Reads the fraction and the zone after the seconds.
  @inline(__always) static func finish(_ text: ByteView, at start: Int, seconds: Int64) -> Stamp {
    var offset = start
    let nanosecond = fraction(text, &offset)
    let zone = zone(text, &offset)
    let instant = seconds &- Int64(zone ?? 0)
    return Stamp(
      nanoseconds: instant &* 1_000_000_000 &+ nanosecond, zoneOffsetSeconds: zone, end: offset,
      hasYear: true)
  }

  /// Reads a fraction of a second, when one stands at the offset.
  @inline(__always) static func fraction(_ text: ByteView, _ offset: inout Int) -> Int64 {
    guard offset + 1 < text.count, text[offset] == 0x2E || text[offset] == 0x2C,
      text[offset + 1].isDigit
    else { return 0 }
    offset += 1
    var value: Int64 = 0
    var unit: Int64 = 1_000_000_000
    while offset < text.count {
      let digit = text[offset] &- 0x30
      guard digit < 10 else { break }
      if unit > 1 {
        value = value &* 10 &+ Int64(digit)
        unit /= 10
      }
      offset += 1
    }
    return value &* unit
  }

  /// Reads a zone, when one stands at the offset.
  @inline(__always) static func zone(_ text: ByteView, _ offset: inout Int) -> Int32? {
    guard offset < text.count else { return nil }
    switch text[offset] {
    case 0x5A, 0x7A:
      offset += 1
      // Some senders print `Z+0000`; only a zero offset agrees with the `Z`.
      if offset < text.count, text[offset] == 0x2B {
        var end = offset
        if numericZone(text, &end, short: true) == 0 { offset = end }
      }
      return 0
    case 0x2B, 0x2D: return numericZone(text, &offset, short: true)
    case 0x20: return spacedZone(text, &offset)
    default: return nil
    }
  }

  /// Reads `±hh:mm`, `±hhmm` and, when `short`, `±hh`.
  static func numericZone(_ text: ByteView, _ offset: inout Int, short: Bool) -> Int32? {
    var at = offset + 1
    guard at + 2 <= text.count else { return nil }
    guard let hour = twoDigits(text, at), hour < 24 else { return nil }
    at += 2
    let colon = at < text.count && text[at] == 0x3A
    var minute: Int32 = 0
    if let read = twoDigits(text, colon ? at + 1 : at) {
      guard read < 60 else { return nil }
      minute = read
      at += colon ? 3 : 2
    } else if !short {
      return nil
    }
    guard at >= text.count || !text[at].isDigit else { return nil }
    let seconds = hour * 3600 + minute * 60
    let negative = text[offset] == 0x2D
    offset = at
    return negative ? -seconds : seconds
  }

  private static func spacedZone(_ text: ByteView, _ offset: inout Int) -> Int32? {
    let at = offset + 1
    guard at < text.count else { return nil }
    switch text[at] {
    case 0x55, 0x47:
      guard text.has("UTC", at: at) || text.has("GMT", at: at),
        at + 3 == text.count || !isWordByte(text[at + 3])
      else { return nil }
      offset = at + 3
      return 0
    case 0x2B, 0x2D:
      var end = at
      guard let zone = numericZone(text, &end, short: false) else { return nil }
      offset = end
      return zone
    default: return nil
    }
  }

  @inline(__always) private static func twoDigits(_ text: ByteView, _ offset: Int) -> Int32? {
    guard offset + 2 <= text.count else { return nil }
    let (tens, ones) = (text[offset] &- 0x30, text[offset + 1] &- 0x30)
    guard tens < 10, ones < 10 else { return nil }
    return Int32(tens) * 10 + Int32(ones)
  }

  /// Whether a byte would continue a word, as in a host name that begins with `UTC`.
  private static func isWordByte(_ byte: UInt8) -> Bool {
    byte.asciiLowered &- 0x61 < 26 || byte.isDigit || byte == 0x2D || byte == 0x2E
      || byte == 0x5F || byte >= 0x80
  }
}
