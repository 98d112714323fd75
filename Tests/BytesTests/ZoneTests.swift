import Bytes
import Testing

/// Big-endian bytes of a number.
private func big(_ value: Int, _ count: Int) -> [UInt8] {
  (0..<count).map { UInt8(truncatingIfNeeded: value >> ((count - 1 - $0) * 8)) }
}

private func header(_ version: UInt8, times: Int, types: Int, leaps: Int = 0) -> [UInt8] {
  Array("TZif".utf8) + [version] + [UInt8](repeating: 0, count: 15) + big(0, 4) + big(0, 4)
    + big(leaps, 4) + big(times, 4) + big(types, 4) + big(4, 4)
}

/// A zone file: offsets by type, transitions as (instant, type), and the footer.
private func file(
  _ offsets: [Int], _ transitions: [(Int, Int)], _ footer: String
) -> [UInt8] {
  func body(_ width: Int) -> [UInt8] {
    transitions.flatMap { big($0.0, width) } + transitions.map { UInt8($0.1) }
      + offsets.flatMap { big($0, 4) + [0, 0] } + Array("ZZZ\u{0}".utf8)
  }
  let first = header(0x32, times: transitions.count, types: offsets.count) + body(4)
  let second = header(0x32, times: transitions.count, types: offsets.count) + body(8)
  return first + second + Array("\n\(footer)\n".utf8)
}

@Suite struct ZoneTests {
  /// Amsterdam's rule; one hour ahead, two in summer.
  private func amsterdam() throws -> Zone {
    try Zone(tzif: file([1172, 3600], [(-1_000_000_000, 1)], "CET-1CEST,M3.5.0,M10.5.0/3"))
  }

  @Test func `the offset changes with the seasons`() throws {
    let zone = try amsterdam()
    for year in [1975, 2026, 2099, 2100, 2101, 2150] {
      func offset(_ month: Int, _ day: Int) throws -> Int {
        let seconds = CivilTime.seconds(
          year: year, month: month, day: day, hour: 12, minute: 0, second: 0)
        return zone.offsetSeconds(atUTCSeconds: try #require(seconds))
      }
      #expect(try offset(1, 1) == 3600)
      #expect(try offset(7, 1) == 7200)
      #expect(try offset(3, 24) == 3600)
      #expect(try offset(4, 1) == 7200)
      #expect(try offset(10, 24) == 7200)
      #expect(try offset(11, 1) == 3600)
    }
    #expect(zone.offsetSeconds(atUTCSeconds: -1_000_000_001) == 1172)
    #expect(zone.offsetSeconds(atUTCSeconds: .min) == 1172)
    #expect([3600, 7200].contains(zone.offsetSeconds(atUTCSeconds: .max)))
  }

  @Test(.timeLimit(.minutes(1)))
  func `a list that ended long before any calendar is read at once`() throws {
    let zone = try Zone(
      tzif: file([0, 3600], [(Int.min / 2, 1)], "CET-1CEST,M3.5.0,M10.5.0/3"))
    #expect(zone.offsetSeconds(atUTCSeconds: 1_790_812_800) == 7200)
    #expect(zone.offsetSeconds(atUTCSeconds: .min) == 0)
  }

  @Test(arguments: [
    // The last second before, and the first after, each change of 2026.
    (3, 29, 1, 59, 59, 3, 29, 0, 59, 59), (3, 29, 3, 0, 0, 3, 29, 1, 0, 0),
    // The gap: half past two does not exist and becomes half past three.
    (3, 29, 2, 30, 0, 3, 29, 1, 30, 0),
    // The overlap: half past two happens twice; the earlier is in summer time.
    (10, 25, 2, 30, 0, 10, 25, 0, 30, 0), (10, 25, 1, 59, 59, 10, 24, 23, 59, 59),
    (10, 25, 3, 0, 0, 10, 25, 2, 0, 0), (11, 3, 10, 14, 7, 11, 3, 9, 14, 7),
  ])
  func `a wall time is one instant`(
    _ month: Int, _ day: Int, _ hour: Int, _ minute: Int, _ second: Int, _ utcMonth: Int,
    _ utcDay: Int, _ utcHour: Int, _ utcMinute: Int, _ utcSecond: Int
  ) throws {
    let wall = instant(2026, month, day, hour, minute, second) / 1_000_000_000
    let expected = instant(2026, utcMonth, utcDay, utcHour, utcMinute, utcSecond) / 1_000_000_000
    #expect(try amsterdam().utcSeconds(ofLocalSeconds: wall) == expected)
  }

  @Test func `every hour of a year goes there and back`() throws {
    let zone = try amsterdam()
    for hour in 0..<8760 {
      let utc = 1_767_225_600 + Int64(hour) * 3600
      let offset = zone.offsetSeconds(atUTCSeconds: utc)
      let back = zone.utcSeconds(ofLocalSeconds: utc + Int64(offset))
      let isSecondTime = zone.offsetSeconds(atUTCSeconds: utc - 3600) > offset
      #expect(back == (isSecondTime ? utc - 3600 : utc))
    }
  }

  @Test(
    arguments: [
      ("EST5EDT,M3.2.0,M11.1.0", 1_793_500_000, -14_400), ("<+0330>-3:30", 0, 12_600),
      ("<-03>3", 0, -10_800), ("AEST-10AEDT,M10.1.0,M4.1.0/3", 1_767_225_600, 39_600),
      ("IST-1GMT0,M10.5.0,M3.5.0/1", 1_767_225_600, 0), ("A0", 0, nil), ("EST5EDT", 0, nil),
      ("EST5EDT,M3.2.0", 0, nil), ("EST5EDT,M13.2.0,M11.1.0", 0, nil), ("EST25", 0, nil),
      ("EST5EDT,M3.2.0,M11.1.0x", 0, nil), ("<EST5", 0, nil), ("AAA3BBB,J60,300/26", 0, -10_800),
      ("XXX-2YYY,M3.4.4/50,M10.4.4/50", 1_767_225_600, 7200),
    ] as [(String, Int64, Int?)])
  func `the footer's rule holds after the last transition`(
    _ rule: String, _ seconds: Int64, _ offset: Int?
  ) {
    let zone = try? Zone(tzif: file([0], [], rule))
    #expect(zone?.offsetSeconds(atUTCSeconds: seconds) == offset)
  }

  @Test func `a file of version one has no footer`() throws {
    let bytes =
      header(0, times: 1, types: 2) + big(1000, 4) + [1] + big(60, 4) + [0, 0] + big(120, 4)
      + [0, 0] + Array("ZZZ\u{0}".utf8)
    let zone = try Zone(tzif: bytes)
    #expect(zone.offsetSeconds(atUTCSeconds: 999) == 60)
    #expect(zone.offsetSeconds(atUTCSeconds: 1000) == 120)
  }

  @Test(
    arguments: [
      ([], ZoneError.Reason.notAZoneFile), (Array("TZif".utf8), .truncated),
      (Array(repeating: 0x41, count: 200), .notAZoneFile),
      (header(0x32, times: 0, types: 0), .truncated),
      (header(0, times: 0, types: 0), .inconsistent),
      (header(0, times: 0, types: 1, leaps: 1), .leapSeconds),
      (header(0, times: 2_000_000_000, types: 1), .truncated),
      (file([0], [(5, 0), (5, 0)], ""), .inconsistent), (file([0], [(5, 1)], ""), .inconsistent),
      (file([90_000], [], ""), .inconsistent), (file([0], [], "nonsense"), .badRule),
    ] as [([UInt8], ZoneError.Reason)])
  func `a broken file is refused`(_ bytes: [UInt8], _ reason: ZoneError.Reason) throws {
    let error = try #require(throws: ZoneError.self) { try Zone(tzif: bytes) }
    #expect(error.reason == reason)
  }

  @Test func `no cut or garbled file traps`() throws {
    let bytes = file([3600, 7200], [(0, 1), (1000, 0)], "CET-1CEST,M3.5.0,M10.5.0/3")
    for length in 0..<bytes.count {
      #expect(throws: ZoneError.self) { try Zone(tzif: Array(bytes[..<length])) }
    }
    var random = Seeded(state: 3)
    for _ in 0..<2000 {
      var garbled = bytes
      garbled[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(
        in: 0...255, using: &random)
      guard let zone = try? Zone(tzif: garbled) else { continue }
      for seconds in [Int64.min, -1, 0, 500, 5_000_000_000, .max] {
        _ = zone.offsetSeconds(atUTCSeconds: seconds)
        _ = zone.utcSeconds(ofLocalSeconds: seconds)
      }
    }
  }

  @Test(
    arguments: [
      ("Europe/Amsterdam", 1_793_697_247, 3600), ("Europe/Amsterdam", 1_783_000_000, 7200),
      ("America/New_York", 1_793_697_247, -18_000), ("Asia/Kolkata", 1_793_697_247, 19_800),
      ("Australia/Lord_Howe", 1_793_697_247, 39_600), ("Pacific/Apia", 1_325_200_000, -36_000),
      ("Pacific/Apia", 1_325_300_000, 50_400), ("UTC", 0, 0),
      ("Europe/Dublin", 1_783_000_000, 3600),
    ] as [(String, Int64, Int)])
  func `the system's zones are read where there are any`(
    _ name: String, _ seconds: Int64, _ offset: Int
  ) throws {
    guard let bytes = contents("/usr/share/zoneinfo/\(name)") else { return }
    let zone = try Zone(tzif: bytes)
    #expect(zone.offsetSeconds(atUTCSeconds: seconds) == offset)
    #expect(zone.utcSeconds(ofLocalSeconds: seconds + Int64(offset)) == seconds)
  }

  @Test func `fixed offsets are fixed`() {
    #expect(Zone.utc.utcSeconds(ofLocalSeconds: 5) == 5)
    #expect(Zone(fixedOffsetSeconds: -3600).utcSeconds(ofLocalSeconds: 0) == 3600)
    #expect(Zone(fixedOffsetSeconds: 3600).offsetSeconds(atUTCSeconds: .max) == 3600)
  }
}
