import Bytes

/// At which hours of the week a person signs in.
///
/// 168 bins that forget: each success adds ``step``, and all bins are halved when one is full and at
/// the end of a period. The probability of an hour is smoothed over its neighbours by a Gaussian of
/// 1.5 hours that knows no midnight and no Sunday, and a Dirichlet prior of half a sign-in in all
/// keeps every hour possible (half a sign-in in each bin would outweigh a person's habits for
/// half a year). 168 bytes a person.
struct HourHabit {
  /// What one success adds to its bin.
  static let step: UInt8 = 4
  /// The weight of the prior, in sign-ins.
  static let prior = 0.5
  static let hours = 168
  /// exp(−d²/4.5) for d = 0…6 hours, over their sum with both sides; from a table so that every machine
  /// has the same bits.
  static let kernel: [7 of Double] = [
    0.265_964_257_161_070_9, 0.212_967_528_547_853_97, 0.109_341_174_954_530_48,
    0.035_994_348_073_708_826, 0.007_597_402_196_596_928_5, 0.001_028_196_578_138_908_8,
    8.922_106_863_539_23e-05,
  ]

  private var bins: [168 of UInt8] = .init(repeating: 0)
  private var sum: UInt32 = 0
  private var period: Int32 = .min

  /// How many successes the bins stand for.
  var count: Int { Int(sum) / Int(HourHabit.step) }

  /// How probable an hour is, 0 through 167 from Monday's first; whole weeks sum to one.
  func probability(of hour: Int) -> Double {
    var near = 0.0
    for distance in 0..<7 {
      let weight = HourHabit.kernel[distance]
      near += weight * Double(bins[(hour + distance) % HourHabit.hours])
      if distance > 0 {
        near += weight * Double(bins[(hour + HourHabit.hours - distance) % HourHabit.hours])
      }
    }
    let step = Double(HourHabit.step)
    return (near / step + HourHabit.prior / Double(HourHabit.hours))
      / (Double(sum) / step + HourHabit.prior)
  }

  /// Forgets half of what is older than a period, once for each that passed.
  mutating func turn(to now: Int32) {
    guard now != period else { return }
    if period != .min {
      for _ in 0..<min(8, max(0, Int(now) - Int(period))) { halve() }
    }
    period = now
  }

  /// Learns an hour.
  mutating func add(_ hour: Int, in now: Int32) {
    turn(to: now)
    if bins[hour] > .max - HourHabit.step { halve() }
    bins[hour] += HourHabit.step
    sum += UInt32(HourHabit.step)
  }

  private mutating func halve() {
    sum = 0
    for hour in 0..<HourHabit.hours {
      bins[hour] >>= 1
      sum += UInt32(bins[hour])
    }
  }

  /// The hour of the week that a zone's clocks show, 0 through 167.
  static func hour(of time: Int64, in zone: Zone) -> Int {
    let seconds = time / 1_000_000_000 - (time % 1_000_000_000 < 0 ? 1 : 0)
    // 1970 began on a Thursday.
    let local = seconds + Int64(zone.offsetSeconds(atUTCSeconds: seconds)) + 3 * 86_400
    let week: Int64 = 7 * 86_400
    return Int(((local % week) + week) % week / 3600)
  }

  func write(to writer: inout SnapshotWriter) {
    writer.put(period)
    // Bins that are empty are most of them.
    var places: [Int] = []
    for hour in 0..<HourHabit.hours where bins[hour] > 0 { places.append(hour) }
    writer.put(places) { hour, writer in
      writer.put(UInt16(hour) << 8 | UInt16(bins[hour]))
    }
  }

  static func read(from reader: inout SnapshotReader) throws(SnapshotError) -> HourHabit {
    var habit = HourHabit()
    habit.period = try reader.number()
    for _ in 0..<(try reader.count()) {
      let word: UInt16 = try reader.number()
      guard word >> 8 < 168, habit.bins[Int(word >> 8)] == 0 else { throw .damaged }
      habit.bins[Int(word >> 8)] = UInt8(truncatingIfNeeded: word)
      habit.sum += UInt32(word & 255)
    }
    return habit
  }
}
