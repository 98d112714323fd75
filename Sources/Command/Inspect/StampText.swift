import Bytes

/// Writes instants as RFC 3339 has them, in UTC; the minute's text is kept for the next line.
struct StampText {
  private var minute = Int64.min
  /// `2026-10-31T14:05`, the first byte in the lowest place.
  private var text = (UInt64(0), UInt64(0))

  /// Writes an instant, nanoseconds since 1970, in quotes: with as many digits of a second as it
  /// has, in steps of three.
  @inline(__always) mutating func write(_ nanoseconds: Int64, _ pen: inout Pen) {
    let seconds = nanoseconds.flooredSeconds
    let number = Int64(CivilTime.floorDivide(Int(seconds), 60))
    if number != minute { settle(number) }
    pen.byte(UInt8(ascii: "\""))
    pen.word(text.0, count: 8)
    pen.word(text.1, count: 8)
    pen.byte(UInt8(ascii: ":"))
    pen.twoDigits(Int(seconds &- number &* 60))
    let fraction = Int(nanoseconds &- seconds &* 1_000_000_000)
    if fraction != 0 {
      pen.byte(UInt8(ascii: "."))
      pen.threeDigits(fraction / 1_000_000)
      if fraction % 1_000_000 != 0 { pen.threeDigits(fraction / 1000 % 1000) }
      if fraction % 1000 != 0 { pen.threeDigits(fraction % 1000) }
    }
    pen.word(0x225A, count: 2)
  }

  /// Works out the text of a minute, counted from 1970.
  @inline(never) private mutating func settle(_ number: Int64) {
    minute = number
    let day = CivilTime.floorDivide(Int(number), 1440)
    let rest = Int(number) - day * 1440
    let date = CivilTime.date(ofDays: day)
    func two(_ number: Int) -> UInt64 {
      UInt64(number / 10 % 10 + 0x30) | UInt64(number % 10 + 0x30) << 8
    }
    let dash = UInt64(0x2D)
    text.0 = two(date.year / 100) | two(date.year) << 16 | dash << 32 | two(date.month) << 40
    text.0 |= dash << 56
    // `T` and `:` stand before the hour and the minute.
    text.1 = two(date.day) | 0x54 << 16 | two(rest / 60) << 24 | 0x3A << 40 | two(rest % 60) << 48
  }
}
