extension Timestamps {
  /// Zones whose abbreviations mean one thing: Europe's, and those of RFC 5322, section 4.3, but for `CST` and `CDT`,
  /// which are China's and Cuba's as well.
  private static let zones: [(name: StaticString, hours: Int32)] = [
    ("EST", -5), ("EDT", -4), ("MST", -7), ("MDT", -6), ("PST", -8), ("PDT", -7), ("WET", 0),
    ("WEST", 1), ("CET", 1), ("CEST", 2), ("EET", 2), ("EEST", 3), ("MSK", 3),
  ]

  /// A stamp with the abbreviation of its zone behind it, as PostgreSQL writes it: `2026-11-03 08:21:00.123 CET`.
  ///
  /// One that could be several zones' says no more than that the time is a local one.
  static func zoned(_ stamp: Stamp, _ text: ByteView) -> Stamp? {
    guard stamp.hasYear, stamp.zoneOffsetSeconds == nil, text.has(" ", at: stamp.end) else {
      return nil
    }
    let name = text.dropFirst(stamp.end + 1)
    guard (2...5).contains(name.count) else { return nil }
    for place in 0..<name.count where name[place] &- 0x41 >= 26 { return nil }
    var stamp = stamp
    stamp.end = text.count
    guard let zone = zones.first(where: { name.equals(ByteView($0.name)) }) else { return stamp }
    stamp.zoneOffsetSeconds = zone.hours * 3600
    stamp.nanoseconds -= Int64(zone.hours) * 3_600_000_000_000
    return stamp
  }
}
