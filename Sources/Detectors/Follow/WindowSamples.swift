import Bytes

/// The values of one group's window, oldest first, in bounded room.
///
/// Up to ``countMax`` values stand by themselves. When there are more, neighbours in time are put together in pairs:
/// sums and means stay exact, a percentile is then that of one value of each pair, low and high in turn.
struct WindowSamples {
  private struct Sample {
    var time: Int64
    var weight: UInt64
    /// The sum of what stands here, and the value that stands for it in a percentile.
    var sum, value: Double
  }

  /// How many values stand by themselves.
  static let countMax = 1024

  private var samples: [Sample] = []
  /// Whether the next pair is told by its higher value.
  private var takesHigh = false

  /// How many there are.
  var count: Int { samples.count }

  /// How many events they stand for, and the sum of their values.
  var total: (weight: UInt64, sum: Double) {
    samples.reduce(into: (0, 0)) { total, sample in
      total.0 &+= sample.weight
      total.1 += sample.sum
    }
  }

  mutating func add(_ value: Double, weight: UInt32, time: Int64) {
    if samples.count == WindowSamples.countMax { condense() }
    samples.append(
      Sample(time: time, weight: UInt64(weight), sum: value * Double(weight), value: value))
  }

  /// Forgets what is as old as the window is long.
  mutating func forget(before time: Int64, span: Int64) {
    guard let oldest = samples.first, time - oldest.time >= span else { return }
    samples.removeAll { time - $0.time >= span }
  }

  /// Puts neighbours together in pairs, the lightest first, so that all stand for about as many events.
  private mutating func condense() {
    var level = samples.map(\.weight).min() ?? 1
    while samples.count > WindowSamples.countMax * 3 / 4 {
      var kept: [Sample] = []
      kept.reserveCapacity(WindowSamples.countMax)
      var place = 0
      while place < samples.count {
        let left = samples[place]
        guard place + 1 < samples.count, left.weight <= level, samples[place + 1].weight <= level
        else {
          kept.append(left)
          place += 1
          continue
        }
        let right = samples[place + 1]
        let value = takesHigh ? max(left.value, right.value) : min(left.value, right.value)
        takesHigh.toggle()
        kept.append(
          Sample(
            time: right.time, weight: left.weight &+ right.weight, sum: left.sum + right.sum,
            value: value))
        place += 2
      }
      samples = kept
      level = level > .max / 2 ? .max : level * 2
    }
  }

  /// The value that so many of a hundred do not exceed (nearest rank), or `nil` of nothing.
  func percentile(_ percent: Double) -> Double? {
    value(atRank: { total in
      max(1, UInt64((Double(total) * percent / 100).rounded(.up)))
    })
  }

  /// The middle value, or the mean of the two in the middle.
  var median: Double? {
    guard let low = value(atRank: { ($0 + 1) / 2 }), let high = value(atRank: { $0 / 2 + 1 })
    else { return nil }
    return (low + high) / 2
  }

  /// The newest value as a share of the median of so many before it; `nil` while there are fewer, or their median is 0.
  func newest(againstMedianOf count: Int) -> Double? {
    guard samples.count > count, let newest = samples.last else { return nil }
    let before = samples.dropLast().suffix(count).map(\.value).sorted()
    let median = (before[count / 2] + before[(count - 1) / 2]) / 2
    return median > 0 ? newest.value / median : nil
  }

  private func value(atRank rank: (UInt64) -> UInt64) -> Double? {
    let total = total.weight
    guard total > 0 else { return nil }
    let wanted = min(rank(total), total)
    var before: UInt64 = 0
    let sorted = samples.sorted { ($0.value, $0.time) < ($1.value, $1.time) }
    for sample in sorted {
      before &+= sample.weight
      if before >= wanted { return sample.value }
    }
    return sorted.last?.value
  }

  func write(to writer: inout SnapshotWriter) {
    writer.put(takesHigh)
    writer.put(samples) { sample, writer in
      writer.put(sample.time)
      writer.put(sample.weight)
      writer.put(sample.sum)
      writer.put(sample.value)
    }
  }

  init() {}

  init(from reader: inout SnapshotReader) throws(SnapshotError) {
    takesHigh = try reader.flag()
    samples = try reader.list { (reader) throws(SnapshotError) in
      Sample(
        time: try reader.number(), weight: try reader.number(), sum: try reader.double(),
        value: try reader.double())
    }
    guard samples.count <= WindowSamples.countMax else { throw .damaged }
  }
}
