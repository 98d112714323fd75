/// What one source showed of the month, day by day.
struct SourceCoverage {
  let source: ReviewFacts.Source
  /// One tally for each day of the month.
  let days: [ReviewFacts.DayTally]
  /// Days without lines between the first and the last day with lines.
  let gaps: [Int]
  /// Days without lines before the first and after the last day with lines.
  let outside: [Int]

  init(_ source: ReviewFacts.Source, month: Month) {
    self.source = source
    var days = (1...month.dayCount).map { ReviewFacts.DayTally(day: $0) }
    for tally in source.days where days.indices.contains(tally.day - 1) {
      days[tally.day - 1] = tally
    }
    self.days = days
    let seen = days.filter { $0.lines > 0 }.map(\.day)
    guard let first = seen.first, let last = seen.last else {
      (gaps, outside) = ([], days.map(\.day))
      return
    }
    let missing = days.filter { $0.lines == 0 }.map(\.day)
    gaps = missing.filter { (first...last).contains($0) }
    outside = missing.filter { !(first...last).contains($0) }
  }

  var lines: Int { days.reduce(0) { $0 + $1.lines } }
  var parsed: Int { days.reduce(0) { $0 + $1.parsed } }
  var rejected: Int { days.reduce(0) { $0 + $1.rejected } }
  var bytes: Int { days.reduce(0) { $0 + $1.bytes } }
  var daysWithRejects: [Int] { days.filter { $0.rejected > 0 }.map(\.day) }

  /// Whether at least so many per cent of the lines could be read; of no lines, all could.
  func isParsed(percent: Double) -> Bool { Double(parsed) * 100 >= Double(lines) * percent }

  /// The kind of a day.
  func kind(_ day: Int) -> Review.HeatMap.Kind {
    if gaps.contains(day) { return .gap }
    return outside.contains(day) ? .outside : .seen
  }

  /// A shade that grows with the number of binary digits, so that quiet sources stay visible.
  static func shade(_ lines: Int, most: Int) -> Int {
    guard lines > 0, most > 0 else { return 0 }
    let (width, widest) = (bitWidth(lines), bitWidth(most))
    return max(1, (5 * width + widest - 1) / widest)
  }

  private static func bitWidth(_ number: Int) -> Int { Int.bitWidth - number.leadingZeroBitCount }
}
