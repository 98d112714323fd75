/// How long requests took, counted by buckets that grow with the time: sixteen to each doubling.
///
/// So a quantile is told to a sixteenth of itself, two counts add up to a third, and the size is fixed.
public struct Latency: Sendable, Hashable {
  /// Sixteen exact buckets, and sixteen for each doubling up to 2 to the 36th microseconds, nineteen hours.
  static let bucketCount = 16 + 32 * 16

  /// By bucket; empty while nothing was counted.
  private(set) var counts: [UInt32] = []

  /// How many requests were timed.
  public var count: UInt64 { counts.reduce(0) { $0 + UInt64($1) } }

  /// Nothing timed.
  public init() {}

  /// Counts a request.
  @inline(__always) mutating func add(microseconds: Int64) {
    if counts.isEmpty { counts = Array(repeating: 0, count: Latency.bucketCount) }
    counts[Latency.bucket(of: microseconds)] &+= 1
  }

  /// The bucket of a time; what is negative counts as nothing, what is longer as the longest.
  @inline(__always) static func bucket(of microseconds: Int64) -> Int {
    let value = UInt64(max(0, microseconds))
    guard value >= 16 else { return Int(value) }
    let octave = 63 - value.leadingZeroBitCount
    let step = Int(truncatingIfNeeded: value >> UInt64(octave - 4)) & 15
    return min((octave - 3) * 16 + step, bucketCount - 1)
  }

  /// The longest time that a bucket holds, microseconds.
  static func longest(in bucket: Int) -> Int64 {
    guard bucket >= 16 else { return Int64(bucket) }
    let (octave, step) = (bucket / 16 + 3, bucket % 16)
    return (Int64(16 + step + 1) << Int64(octave - 4)) - 1
  }

  /// A time that a share of the requests did not exceed, in microseconds, by the buckets' upper ends.
  ///
  /// - Parameter share: Per mille, such as 950.
  public func quantile(_ share: Int) -> Int64? {
    let all = count
    guard all > 0 else { return nil }
    let wanted = (all * UInt64(share) + 999) / 1000
    var sum: UInt64 = 0
    for (bucket, count) in counts.enumerated() {
      sum += UInt64(count)
      if sum >= max(1, wanted) { return Latency.longest(in: bucket) }
    }
    return nil
  }

  /// Adds another's counts.
  public mutating func merge(_ other: Latency) {
    if counts.isEmpty {
      counts = other.counts
    } else if !other.counts.isEmpty {
      for place in counts.indices { counts[place] &+= other.counts[place] }
    }
  }

  /// A histogram from its counts; `nil` when there are too many of them.
  init?(counts: [UInt32]) {
    guard counts.isEmpty || counts.count == Latency.bucketCount else { return nil }
    self.counts = counts
  }
}
