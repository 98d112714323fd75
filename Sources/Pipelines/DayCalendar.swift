import Bytes

/// Which local day an instant belongs to; remembers the last day, because lines stand in order.
struct DayCalendar {
  private let zone: Zone
  private var start = Int64.max
  private var end = Int64.min
  private var number = 0

  init(_ zone: Zone) { self.zone = zone }

  /// Days since 1970 on the zone's calendar.
  @inline(__always) mutating func day(of nanoseconds: Int64) -> Int {
    if nanoseconds >= start, nanoseconds < end { return number }
    return find(nanoseconds)
  }

  /// The day of an instant, and when it began, nanoseconds.
  @inline(__always) mutating func place(of nanoseconds: Int64) -> (day: Int, start: Int64) {
    (day(of: nanoseconds), start)
  }

  private mutating func find(_ nanoseconds: Int64) -> Int {
    let seconds = nanoseconds / 1_000_000_000 - (nanoseconds % 1_000_000_000 < 0 ? 1 : 0)
    let local = seconds + Int64(zone.offsetSeconds(atUTCSeconds: seconds))
    let day = local / 86_400 - (local % 86_400 < 0 ? 1 : 0)
    number = Int(day)
    start = zone.utcSeconds(ofLocalSeconds: day * 86_400) * 1_000_000_000
    end = zone.utcSeconds(ofLocalSeconds: (day + 1) * 86_400) * 1_000_000_000
    return number
  }

  /// When the day of an instant began, nanoseconds.
  mutating func startOfDay(_ nanoseconds: Int64) -> Int64 {
    _ = find(nanoseconds)
    return start
  }
}
