/// One thing that is measured: a batch of operations that says what it made of its input.
struct Bench {
  /// What is measured, and of which unit the batch is a multiple.
  let name: String
  /// Operations and bytes in one batch; bytes of zero print no throughput.
  let operations, bytes: Int
  /// The checksum that every batch must return.
  let expected: UInt64
  /// One batch.
  let batch: () -> UInt64

  /// Best and median nanoseconds of a batch.
  ///
  /// - Parameters:
  ///   - rounds: How many times are taken.
  ///   - least: How long a round lasts at the least, so that the clock's grain does not matter.
  func measure(rounds: Int, least: Duration) throws(WrongAnswer) -> (best: Double, median: Double) {
    let clock = ContinuousClock()
    // The first batch warms caches and automata, and says how many make a round.
    let once = try timed(clock, batches: 1)
    let batches = max(1, Int(least.nanoseconds / max(once, 1)))
    var times: [Double] = []
    for _ in 0..<rounds { times.append(try timed(clock, batches: batches)) }
    times.sort()
    return (times[0], times[times.count / 2])
  }

  private func timed(_ clock: ContinuousClock, batches: Int) throws(WrongAnswer) -> Double {
    var wrong: UInt64?
    let time = clock.measure {
      for _ in 0..<batches {
        let answer = batch()
        if answer != expected { wrong = answer }
      }
    }
    if let wrong { throw WrongAnswer(name: name, expected: expected, found: wrong) }
    return time.nanoseconds / Double(batches)
  }
}

/// A benchmark whose answer is not what it must be.
struct WrongAnswer: Error, CustomStringConvertible {
  let name: String
  let expected, found: UInt64
  var description: String { "\(name): the checksum is \(found), not \(expected)" }
}

extension Duration {
  /// The duration in nanoseconds.
  var nanoseconds: Double {
    Double(components.seconds) * 1e9 + Double(components.attoseconds) / 1e9
  }
}
