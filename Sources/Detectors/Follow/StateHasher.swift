public import Bytes

/// Makes a ``StateKey`` from texts.
public struct StateHasher {
  /// Fixed, so that every run and every process names the same state alike.
  private static let key = SipHash128.Key(low: 0x726F_6C6C_6361_6C6C, high: 0x6B65_7965_6420_7374)
  private var hash = SipHash128(key: StateHasher.key)

  /// A hasher that has seen nothing.
  public init() {}

  /// Adds one part of the key; parts are told apart by their lengths.
  public mutating func combine(_ text: ByteView) {
    hash.append(UInt64(truncatingIfNeeded: text.count))
    hash.append(text)
  }

  /// Adds a number to the key.
  public mutating func combine(_ number: Int64) { hash.append(UInt64(bitPattern: number)) }

  /// The key of all parts so far.
  public var key: StateKey {
    let copy = hash
    let hash = copy.finish()
    return StateKey(high: hash.high, low: hash.low)
  }

  /// A 64-bit hash of one text.
  public static func hash(_ text: ByteView) -> UInt64 {
    SipHash128.hash(text, key: StateHasher.key).low
  }
}
