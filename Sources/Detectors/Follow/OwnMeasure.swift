package import Bytes

/// How much the windows of one group were, from which a percentile of its own is read.
///
/// A histogram of ``bucketCount`` buckets, two to each doubling, so that a percentile is at most two fifths too high. Of
/// more than ``windowsMax`` windows the older ones count half. 64 bytes.
package struct OwnMeasure: BitwiseCopyable {
  private static let bucketCount = 32
  /// As many as tell one in a hundred from one in a thousand.
  private static let windowsMax = 1024

  private var counts = SIMD32<UInt16>(repeating: 0)

  /// Nothing measured.
  package init() {}

  /// How many windows there were.
  package var windowCount: Int {
    (0..<OwnMeasure.bucketCount).reduce(0) { $0 + Int(counts[$1]) }
  }

  /// Adds a window.
  ///
  /// - Parameter unit: What is less than twice the square root of this, stands in the first bucket.
  package mutating func add(_ value: Double, unit: Double) {
    let scaled = max(1, value / unit)
    let bucket = 2 * Int(scaled.exponent) + (scaled.significand >= 2.0.squareRoot() ? 1 : 0)
    counts[min(bucket, OwnMeasure.bucketCount - 1)] += 1
    guard windowCount >= OwnMeasure.windowsMax else { return }
    counts = counts &>> 1
  }

  /// What so many in a hundred windows did not exceed: the upper end of a bucket.
  package func percentile(_ percentile: Double, unit: Double) -> Double {
    let wanted = Double(windowCount) * percentile / 100
    var (seen, bucket) = (0.0, 0)
    while bucket < OwnMeasure.bucketCount - 1 {
      seen += Double(counts[bucket])
      if seen >= wanted { break }
      bucket += 1
    }
    let doubled = unit * Double(1 << (bucket / 2))
    return bucket % 2 == 0 ? doubled * 2.0.squareRoot() : doubled * 2
  }

  // MARK: Snapshots

  /// Writes the histogram.
  package func write(to writer: inout SnapshotWriter) {
    for bucket in 0..<OwnMeasure.bucketCount { writer.put(counts[bucket]) }
  }

  /// Takes in what was written.
  package init(from reader: inout SnapshotReader) throws(SnapshotError) {
    for bucket in 0..<OwnMeasure.bucketCount { counts[bucket] = try reader.number() }
  }
}

extension Correlation {
  /// How many times a percentile of its own windows a group's window must exceed.
  public struct Own: Sendable, Hashable {
    /// Which percentile, 0 through 100, and how many times that.
    public let percentile, times: Double
    /// How many windows of its own a group must have had.
    public let after: Int
    /// Windows below this are not a group's own; where it is given, to be beyond the own is enough, otherwise it is asked
    /// for beside the condition.
    public let from: Int?

    /// The bound that follows from a group's windows; `nil` while there are too few.
    package func bound(_ measure: OwnMeasure, unit: Double) -> Double? {
      measure.windowCount >= after ? times * measure.percentile(percentile, unit: unit) : nil
    }
  }
}
