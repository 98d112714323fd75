/// An IPv4 or IPv6 address; IPv4 is kept as `::ffff:a.b.c.d`, so both spellings are equal.
public struct Address: BitwiseCopyable, Hashable, Sendable, Comparable {
  /// The first eight bytes, the first of them highest.
  public let high: UInt64
  /// The last eight bytes.
  public let low: UInt64

  /// The address with these sixteen bytes.
  @inlinable public init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// The IPv4 address with these four bytes, the first of them highest.
  @inlinable public init(ipv4: UInt32) { self.init(high: 0, low: 0xFFFF_0000_0000 | UInt64(ipv4)) }

  /// The order of the sixteen bytes; IPv4 addresses stand together.
  @inlinable public static func < (left: Address, right: Address) -> Bool {
    left.high == right.high ? left.low < right.low : left.high < right.high
  }

  /// Whether this is an IPv4 address.
  @inlinable public var isIPv4: Bool { high == 0 && low >> 32 == 0xFFFF }

  /// The four bytes of an IPv4 address, the first of them highest.
  @inlinable public var ipv4: UInt32? { isIPv4 ? UInt32(truncatingIfNeeded: low) : nil }
}

extension Address {
  /// Whether the address is for use inside an organisation: RFC 1918 and `fc00::/7`.
  public var isPrivate: Bool {
    guard let ipv4 else { return high >> 57 == 0x7E }
    return ipv4 >> 24 == 10 || ipv4 >> 20 == 0xAC1 || ipv4 >> 16 == 0xC0A8
  }

  /// Whether the address is the machine's own: `127.0.0.0/8` and `::1`.
  public var isLoopback: Bool {
    guard let ipv4 else { return high == 0 && low == 1 }
    return ipv4 >> 24 == 127
  }

  /// Whether the address holds on one link only: `169.254.0.0/16` and `fe80::/10`.
  public var isLinkLocal: Bool {
    guard let ipv4 else { return high >> 54 == 0x3FA }
    return ipv4 >> 16 == 0xA9FE
  }

  /// Whether the address may belong to anybody on the internet.
  ///
  /// Not public are the private, loopback and link-local ranges, shared space behind carriers
  /// (`100.64.0.0/10`), benchmarking (`198.18.0.0/15`), "this network", multicast, broadcast and
  /// reserved ranges. Documentation ranges count as public, so that examples behave like the
  /// addresses they stand for.
  public var isPublic: Bool {
    if isPrivate || isLoopback || isLinkLocal { return false }
    guard let ipv4 else { return high >> 56 != 0xFF && !(high == 0 && low == 0) }
    return ipv4 >> 24 != 0 && ipv4 >> 28 < 14 && ipv4 >> 22 != 0x191 && ipv4 >> 17 != 0x6309
  }
}
