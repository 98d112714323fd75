/// The addresses that do not belong to anyone on the open Internet.
///
/// A webhook's host is somebody's setting, and its name somebody's DNS: without this check either
/// could aim our posts at a machine that only we can reach.
///
/// - SeeAlso: The IANA registries of special-purpose addresses (RFC 6890).
package enum SpecialAddress {
  /// Whether the address is private, local, reserved, or wraps one that is.
  ///
  /// - Parameter address: Four or sixteen bytes in network order; any other count is special.
  package static func contains(_ address: [UInt8]) -> Bool {
    switch address.count {
    case 4: containsIPv4(address)
    case 16: containsIPv6(address)
    default: true
    }
  }

  private static func containsIPv4(_ address: [UInt8]) -> Bool {
    switch (address[0], address[1], address[2]) {
    case (0, _, _), (10, _, _), (127, _, _), (224...255, _, _): true
    case (100, 64...127, _), (169, 254, _), (172, 16...31, _), (192, 168, _): true
    case (192, 0, 0), (192, 0, 2), (192, 88, 99), (198, 18...19, _), (198, 51, 100): true
    case (203, 0, 113): true
    default: false
    }
  }

  private static func containsIPv6(_ address: [UInt8]) -> Bool {
    let groups = stride(from: 0, to: 16, by: 2).map {
      UInt16(address[$0]) << 8 | UInt16(address[$0 + 1])
    }
    let last = Array(address[12...])
    switch (groups[0], groups[1]) {
    // Mapped and translated addresses stand for the IPv4 address in them.
    case (0, 0) where groups[2...4].allSatisfy({ $0 == 0 }) && groups[5] == 0xFFFF:
      return containsIPv4(last)
    case (0x64, 0xFF9B) where groups[2...5].allSatisfy { $0 == 0 }: return containsIPv4(last)
    case (0x2002, _): return containsIPv4(Array(address[2..<6]))
    // Of the rest only 2000::/3 is given out, and the start of 2001:: is for special purposes.
    case (0x2001, 0..<0x200), (0x2001, 0xDB8), (0x3FFF, 0..<0x1000): return true
    default: return groups[0] & 0xE000 != 0x2000
    }
  }
}
