import Bytes
import Testing

@testable import Detectors

/// The parts of a sign-in's risk by themselves, against numbers worked out by hand.
@Suite struct LoginPartsTests {
  /// A feature of three levels, of ten sign-ins of a person and a hundred of everybody.
  ///
  /// There are 7 networks and 3 countries, so that M = 1 + 7 + 3.
  private func likelihood(own: [UInt32], all: [UInt32] = [5, 20, 80]) -> FeatureLikelihood {
    var likelihood = FeatureLikelihood()
    let weights = [0.6, 0.3, 0.1]
    for level in 0..<3 {
      likelihood.add(
        weight: weights[level], own: own[level], of: 10, all: all[level], of: 100,
        unseen: level == 0 ? 11 : nil)
    }
    return likelihood
  }

  @Test func `the ratio is the one worked out by hand`() {
    let seen = likelihood(own: [4, 8, 10])
    // 0.6·0.4 + 0.3·0.8 + 0.1·1
    #expect(abs(seen.person - 0.58) < 1e-15)
    // 0.6·0.05·(1 − 11/111) + 0.3·0.2 + 0.1·0.8
    #expect(abs(seen.everybody - (0.03 * 100 / 111 + 0.14)) < 1e-15)
    #expect(abs(seen.ratio - 0.287_977_632_805_218_6) < 1e-12)
    // A new address in a network of theirs: 0.34 against the same.
    #expect(abs(likelihood(own: [0, 8, 10]).ratio - 0.491_255_961_844_197_1) < 1e-12)
  }

  @Test
  func
    `what nobody ever had has a small probability, and what the person never had a ratio of four`()
  {
    // 0.6/111 + 0.14
    let unheard = likelihood(own: [0, 8, 10], all: [0, 20, 80])
    #expect(abs(unheard.everybody - (0.6 / 111 + 0.14)) < 1e-15)
    #expect(abs(unheard.ratio - 0.427_662_957_074_721_8) < 1e-12)
    #expect(likelihood(own: [0, 0, 0]).ratio == 4)
    #expect(likelihood(own: [0, 0, 0], all: [0, 0, 0]).ratio == 4)
    // Seen once in ten, in a country where everybody is: 0.01 against 0.167, but no more than four.
    #expect(likelihood(own: [0, 0, 1]).ratio == 4)
  }

  @Test func `a count forgets all but this period and the one before`() {
    var count = PeriodCount()
    #expect(count.total(in: 5) == 0)
    count.add(in: 5)
    count.add(in: 5)
    #expect(count.total(in: 5) == 2)
    #expect(count.isSeen(in: 5).now && !count.isSeen(in: 5).before)
    #expect(count.total(in: 6) == 2)
    #expect(!count.isSeen(in: 6).now && count.isSeen(in: 6).before)
    #expect(count.total(in: 7) == 0)
    count.add(in: 6)
    #expect(count.total(in: 6) == 3)
    #expect(count.isSeen(in: 6).now && count.isSeen(in: 6).before)
    #expect(count.total(in: 7) == 1)
    count.add(in: 9)
    #expect(count.total(in: 9) == 1)
  }

  @Test func `different values are counted once in two periods`() {
    var (distinct, one, two) = (DistinctCount(), PeriodCount(), PeriodCount())
    func see(_ count: inout PeriodCount, in now: Int32) {
      distinct.add(count.isSeen(in: now), in: now)
      count.add(in: now)
    }
    see(&one, in: 1)
    see(&one, in: 1)
    #expect(distinct.total(in: 1) == 1)
    see(&two, in: 1)
    #expect(distinct.total(in: 1) == 2)
    see(&two, in: 2)
    #expect(distinct.total(in: 2) == 2)
    // Only one of them was seen in the second period.
    #expect(distinct.total(in: 3) == 1)
    see(&one, in: 3)
    #expect(distinct.total(in: 3) == 2)
    #expect(distinct.total(in: 5) == 0)
  }

  @Test func `hours of the week begin on Monday and know the zone`() {
    // 2026-11-02 was a Monday.
    let monday: Int64 = 1_793_577_600 * 1_000_000_000
    let hour: Int64 = 3600 * 1_000_000_000
    #expect(HourHabit.hour(of: monday, in: .utc) == 0)
    #expect(HourHabit.hour(of: monday - 1, in: .utc) == 167)
    #expect(HourHabit.hour(of: monday + 31 * hour, in: .utc) == 31)
    #expect(HourHabit.hour(of: monday, in: Zone(fixedOffsetSeconds: 7200)) == 2)
    #expect(HourHabit.hour(of: monday, in: Zone(fixedOffsetSeconds: -1)) == 167)
    #expect(HourHabit.hour(of: -1, in: .utc) == 3 * 24 - 1)
  }

  @Test func `the probability of an hour is the one worked out by hand, and knows no midnight`() {
    var habit = HourHabit()
    for _ in 0..<9 { habit.add(0, in: 1) }
    habit.add(2, in: 1)
    #expect(habit.count == 10)
    // (9·k(0) + 1·k(2) + 0.5/168) / 10.5 with k(d) = exp(−d²/4.5) / Σ
    let (k0, k2) = (0.265_964_257_161_070_9, 0.109_341_174_954_530_48)
    let prior = 0.5 / 168
    #expect(abs(habit.probability(of: 0) - (9 * k0 + k2 + prior) / 10.5) < 1e-15)
    // An hour before is the last of Sunday.
    let (k1, k3) = (0.212_967_528_547_853_97, 0.035_994_348_073_708_826)
    #expect(abs(habit.probability(of: 167) - (9 * k1 + k3 + prior) / 10.5) < 1e-15)
    #expect(abs(habit.probability(of: 84) - prior / 10.5) < 1e-18)
    let sum = (0..<168).reduce(0.0) { $0 + habit.probability(of: $1) }
    #expect(abs(sum - 1) < 1e-12)
  }

  @Test func `hours fade, and many of them do not overflow`() {
    var habit = HourHabit()
    for _ in 0..<1000 { habit.add(9, in: 1) }
    #expect(habit.count > 30 && habit.count < 64)
    let before = habit.count
    habit.turn(to: 2)
    #expect(habit.count == before / 2 || habit.count == (before - 1) / 2)
    habit.turn(to: 30)
    #expect(habit.count == 0)
    #expect(abs(habit.probability(of: 9) - 1.0 / 168) < 1e-15)
  }

  @Test(arguments: [(0, "0.00"), (0.005, "0.01"), (0.994, "0.99"), (1, "1.00"), (12.345, "12.35")])
  func `numbers are written with so many digits`(_ value: Double, _ text: String) {
    #expect(LoginAssessment.fixed(value, digits: 2) == text)
  }
}
