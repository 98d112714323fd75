@testable import Detectors
import Testing

@Suite struct HabitsTests {
  /// The largest number that a policy takes, as days, is more nanoseconds than 64 bits hold.
  @Test func `a warm-up beyond all time is made, not a crash`() {
    let habits = Habits(warmUpSuccesses: 1, warmUpDays: 1_000_000_000, geo: nil)
    #expect(habits.warmUpNanoseconds == .max)
  }
}
