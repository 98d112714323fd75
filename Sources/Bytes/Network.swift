/// A range of addresses that share their first bits: `192.0.2.0/24`, `2001:db8::/32`.
public struct Network: BitwiseCopyable, Hashable, Sendable, CustomStringConvertible {
  /// The first address; bits past the prefix are zero.
  public let base: Address
  /// How many of the 128 bits are shared; an IPv4 network's own length plus 96.
  public let prefixBits: Int
  private let highMask, lowMask: UInt64

  /// The network of an address; bits past the prefix are cleared.
  ///
  /// - Parameter prefixBits: 0 through 128, counted in the sixteen-byte form.
  public init?(_ address: Address, prefixBits: Int) {
    guard prefixBits >= 0, prefixBits <= 128 else { return nil }
    highMask = prefixBits == 0 ? 0 : .max << UInt64(max(0, 64 - prefixBits))
    lowMask = prefixBits <= 64 ? 0 : .max << UInt64(128 - prefixBits)
    self.prefixBits = prefixBits
    base = Address(high: address.high & highMask, low: address.low & lowMask)
  }

  /// Reads `address/length`, or a bare address as the network of itself alone.
  public init?(_ text: ByteView) {
    guard let slash = text.firstOffset(of: 0x2F) else {
      guard let address = Address(text) else { return nil }
      self.init(address, prefixBits: 128)
      return
    }
    let digits = text.dropFirst(slash + 1)
    guard let address = Address(text.prefix(slash)), digits.count <= 3,
      digits.count == 1 || !digits.hasPrefix("0"), let length = digits.decimal
    else { return nil }
    // `::ffff:10.0.0.0/104` is written in the long form and counts in it.
    let isShort = text.prefix(slash).firstOffset(of: 0x3A) == nil
    guard length <= (isShort ? 32 : 128) else { return nil }
    self.init(address, prefixBits: Int(length) + (isShort ? 96 : 0))
  }

  /// Whether the network covers an address; O(1).
  public func contains(_ address: Address) -> Bool {
    ((address.high & highMask) ^ base.high) | ((address.low & lowMask) ^ base.low) == 0
  }

  /// The canonical spelling.
  public var description: String {
    "\(base)/\(base.isIPv4 && prefixBits >= 96 ? prefixBits - 96 : prefixBits)"
  }
}
