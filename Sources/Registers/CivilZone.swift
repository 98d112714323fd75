public import Bytes

/// A time zone: what the clock on the wall says, and back.
///
/// Called once per date while registers load, and per event for people whose hours are agreed; a
/// conformer answers without allocating and without blocking.
public protocol CivilZone: Sendable {
  /// The UTC seconds since 1970 at which the wall shows `local` seconds since its own 1970.
  ///
  /// A time that the wall skips counts as the end of the gap; of one shown twice, the first counts.
  func utcSeconds(ofLocalSeconds local: Int64) -> Int64
  /// How far the wall is ahead of UTC at a UTC time.
  func offsetSeconds(atUTCSeconds utc: Int64) -> Int
}

/// A zone that is always the same distance from UTC.
public struct FixedZone: CivilZone, Hashable {
  /// How far the wall is ahead of UTC.
  public let offsetSeconds: Int

  /// A zone so many seconds ahead of UTC.
  public init(offsetSeconds: Int) { self.offsetSeconds = offsetSeconds }

  /// Coordinated Universal Time.
  public static let utc = FixedZone(offsetSeconds: 0)

  /// The wall's time less the offset.
  public func utcSeconds(ofLocalSeconds local: Int64) -> Int64 { local - Int64(offsetSeconds) }
  /// The offset, whatever the time.
  public func offsetSeconds(atUTCSeconds utc: Int64) -> Int { offsetSeconds }
}

extension CivilZone {
  /// The first nanosecond of a day, UTC.
  func start(of day: CivilDay) -> Int64 {
    saturating(seconds: utcSeconds(ofLocalSeconds: Int64(day.number) * 86_400))
  }

  /// The first nanosecond after a day, UTC.
  func end(of day: CivilDay) -> Int64 { start(of: day.advanced(by: 1)) }

  /// The wall's seconds since 1970 at a UTC time in nanoseconds.
  func localSeconds(at time: Int64) -> Int64 {
    let seconds = time.floorDivided(by: 1_000_000_000)
    return seconds + Int64(offsetSeconds(atUTCSeconds: seconds))
  }

  /// The day that the wall shows at a UTC time in nanoseconds.
  func day(at time: Int64) -> CivilDay {
    CivilDay(number: Int(localSeconds(at: time).floorDivided(by: 86_400)))
  }
}

/// A date or an instant as a register wrote it, resolved to UTC.
///
/// A date is the whole of its day in the organisation's zone.
public struct TimePoint: Hashable, Sendable, CustomStringConvertible {
  /// How the register wrote it.
  public let text: String
  /// The first nanosecond that belongs to it, and the first that does not.
  public let start, end: Int64

  /// Reads `YYYY-MM-DD` or an RFC 3339 instant; `nil` for anything else.
  public init?(_ text: String, zone: any CivilZone) {
    self.text = text
    if let day = CivilDay(text) {
      (start, end) = (zone.start(of: day), zone.end(of: day))
    } else if let instant = RFC3339.nanoseconds(of: text) {
      (start, end) = (instant, instant == .max ? .max : instant + 1)
    } else {
      return nil
    }
  }

  /// The last nanosecond that belongs to it.
  ///
  /// What happened "on that day" is taken to have happened no earlier than this, so that an
  /// approval with a bare date never clears what came before it on the same day.
  public var latest: Int64 { end == .min ? .min : end - 1 }

  /// From when on it is certainly so: an instant itself, and the end of a bare date, on which it may have been any hour.
  var over: Int64 { CivilDay(text) == nil ? start : end }

  /// As written.
  public var description: String { text }
}

extension Zone: CivilZone {}
