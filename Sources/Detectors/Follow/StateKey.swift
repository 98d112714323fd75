import Bytes

/// Identifies keyed state: 128 bits of SipHash over the parts of a key, each with its length.
///
/// The hash is keyed with a fixed value, so that every run and every process names the same state
/// alike; 128 bits make two keys that meet by chance or by design out of reach.
public struct StateKey: Hashable, BitwiseCopyable, Sendable {
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

extension StateKey {
  /// One key for two keys and a number, in this order.
  ///
  /// Each half depends on every bit: the keys are hashes already, and each step multiplies by an odd
  /// number, which loses nothing.
  @inline(__always) package func combined(with other: StateKey, _ number: UInt64) -> StateKey {
    func mix(_ left: UInt64, _ right: UInt64, _ third: UInt64) -> UInt64 {
      var hash = (left ^ left >> 32) &* 0x9E37_79B9_7F4A_7C15 &+ right
      hash = (hash ^ hash >> 29) &* 0xBF58_476D_1CE4_E5B9 &+ third
      hash = (hash ^ hash >> 32) &* 0x94D0_49BB_1331_11EB
      return hash ^ hash >> 31
    }
    return StateKey(high: mix(high, other.high, number), low: mix(low, other.low, number))
  }
}
