import Bytes

/// Identifies keyed state: 128 bits of SipHash over the parts of a key, each with its length.
///
/// The hash is keyed with a fixed value, so that every run and every process names the same state
/// alike; 128 bits make two keys that meet by chance or by design out of reach.
public struct StateKey: Hashable, Sendable {
  /// The two halves.
  public let high, low: UInt64

  /// A key from its halves.
  @inlinable public init(high: UInt64, low: UInt64) { (self.high, self.low) = (high, low) }

  /// Only the low half goes into a table's own hash: it is already mixed.
  @inlinable public func hash(into hasher: inout Hasher) { hasher.combine(low) }

  /// The low half as it is: hashing a hash again would only cost time.
  @inlinable public func _rawHashValue(seed: Int) -> Int {
    Int(truncatingIfNeeded: low) ^ seed
  }
}
