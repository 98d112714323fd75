import Bytes
import Documents

/// Instants as a person in the organisation's zone reads them, and back.
struct LocalTime {
  let zone: Zone

  /// `2026-10-31 14:05:09`.
  func text(_ nanoseconds: Int64) -> String {
    let (day, second) = split(nanoseconds)
    let time = [second / 3600, second / 60 % 60, second % 60].map(LocalTime.two)
    return "\(LocalTime.date(day)) \(time.joined(separator: ":"))"
  }

  /// The same with the offset, as RFC 3339 writes it.
  func stamp(_ nanoseconds: Int64) -> String {
    let seconds = nanoseconds.flooredSeconds
    let offset = zone.offsetSeconds(atUTCSeconds: seconds)
    let (day, second) = split(nanoseconds)
    let time = [second / 3600, second / 60 % 60, second % 60].map(LocalTime.two)
    let fraction = nanoseconds - seconds * 1_000_000_000
    // As many digits as the time has, in steps of three.
    let (unit, count): (Int64, Int) =
      fraction % 1_000_000 == 0 ? (1_000_000, 3) : fraction % 1000 == 0 ? (1000, 6) : (1, 9)
    let digits = fraction == 0 ? "" : "." + LocalTime.digits(fraction / unit, count)
    let sign = offset < 0 ? "-" : "+"
    let zone =
      offset == 0
      ? "Z" : "\(sign)\(LocalTime.two(abs(offset) / 3600)):\(LocalTime.two(abs(offset) / 60 % 60))"
    return "\(LocalTime.date(day))T\(time.joined(separator: ":"))\(digits)\(zone)"
  }

  /// Days since 1970 on the local calendar.
  func day(_ nanoseconds: Int64) -> Int { split(nanoseconds).day }

  /// When a local day begins, nanoseconds.
  func start(ofDay day: Int) -> Int64 {
    zone.utcSeconds(ofLocalSeconds: Int64(day) * 86_400) * 1_000_000_000
  }

  /// The instants of a month, nanoseconds.
  func window(_ month: CalendarMonth) -> Range<Int64> {
    start(ofDay: month.days.lowerBound)..<start(ofDay: month.days.upperBound)
  }

  private func split(_ nanoseconds: Int64) -> (day: Int, second: Int) {
    let seconds = nanoseconds.flooredSeconds
    let local = Int(seconds) + zone.offsetSeconds(atUTCSeconds: seconds)
    let day = CivilTime.floorDivide(local, 86_400)
    return (day, local - day * 86_400)
  }

  /// `2026-10-31` of days since 1970.
  static func date(_ day: Int) -> String {
    let date = CivilTime.date(ofDays: day)
    return "\(digits(Int64(date.year), 4))-\(two(date.month))-\(two(date.day))"
  }

  private static func two(_ number: Int) -> String { digits(Int64(number), 2) }

  private static func digits(_ number: Int64, _ count: Int) -> String {
    let text = "\(number)"
    return String(repeating: "0", count: max(0, count - text.count)) + text
  }

  /// The instant that a person means by a date or a time stamp; a date is its first moment here.
  func instant(_ text: String) -> Int64? {
    text.withView { view in
      if view.count == 10 {
        return (text + "T00:00:00").withView { local($0) }
      }
      return local(view)
    }
  }

  private func local(_ view: ByteView) -> Int64? {
    guard let stamp = Timestamps.rfc3339(view), stamp.end == view.count else { return nil }
    if stamp.zoneOffsetSeconds != nil { return stamp.nanoseconds }
    let seconds = stamp.nanoseconds.flooredSeconds
    return zone.utcSeconds(ofLocalSeconds: seconds) * 1_000_000_000
      + (stamp.nanoseconds - seconds * 1_000_000_000)
  }
}

extension Int64 {
  /// Whole seconds of nanoseconds, rounded down.
  var flooredSeconds: Int64 { Int64(CivilTime.floorDivide(Int(self), 1_000_000_000)) }
}

extension [String] {
  /// The texts without those that came before, in order.
  var distinct: [String] {
    var seen: Set<String> = []
    return filter { seen.insert($0).inserted }
  }
}

/// A month of the calendar.
struct CalendarMonth {
  let year, month: Int

  /// The month of `2026-10`.
  init?(_ text: String) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 2, parts[0].count == 4, parts[1].count == 2, let year = Int(parts[0]),
      let month = Int(parts[1]), (1...12).contains(month), (1980...2200).contains(year)
    else { return nil }
    (self.year, self.month) = (year, month)
  }

  /// Days since 1970 of its days.
  var days: Range<Int> {
    let start = CivilTime.days(year: year, month: month, day: 1)
    return start..<(start + CivilTime.daysIn(month: month, year: year))
  }

  /// `2026-10`.
  var text: String { String(LocalTime.date(days.lowerBound).prefix(7)) }
}
