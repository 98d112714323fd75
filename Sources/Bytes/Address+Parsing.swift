extension Address {
  /// Reads an address and nothing else.
  ///
  /// Decimal parts are strict: a leading zero, which some readers take for octal, is refused. A
  /// zone (`fe80::1%eth0`) is dropped. Ports and brackets are refused; see ``Endpoint``. No allocation.
  @inlinable public init?(_ text: ByteView) {
    guard text.count >= 2, text.count <= 64 else { return nil }
    // IPv4 has its first point within four bytes, IPv6 has none before its sixth.
    if let value = Address.readIPv4(text, 0, text.count) {
      self.init(ipv4: value)
      return
    }
    guard let address = Address.readIPv6(text) else { return nil }
    self = address
  }

  /// Reads `a.b.c.d` from the bytes between two offsets: where the points are, then each part from
  /// the four bytes that end with it, without a branch for each digit.
  @inlinable package static func readIPv4(_ text: ByteView, _ start: Int, _ end: Int) -> UInt32? {
    let count = end &- start
    guard count >= 7, count <= 15 else { return nil }
    var low: UInt64
    var high: UInt64 = 0
    if count >= 8 {
      low = text.word(at: start)
      // The last eight bytes, less those that are in the first word already.
      let shift = UInt64(16 &- count) &* 8
      high = shift == 64 ? 0 : text.word(at: end &- 8) &>> shift
    } else {
      low = text.slice(start, end).tail(from: 0)
    }
    // A point in each lane: exact, as no borrow crosses a lane whose top bit is clear.
    let tops: UInt64 = 0x8080_8080_8080_8080
    guard (low | high) & tops == 0 else { return nil }
    let points: UInt64 = 0x2E2E_2E2E_2E2E_2E2E
    let lowPoints = ~(((low ^ points) &+ ~tops) | (low ^ points)) & tops
    let highPoints = ~(((high ^ points) &+ ~tops) | (high ^ points)) & tops
    guard lowPoints.nonzeroBitCount &+ highPoints.nonzeroBitCount == 3 else { return nil }
    // One bit for each point, then where they are.
    let gather: UInt64 = 0x0002_0408_1020_4081
    var places =
      (lowPoints >> 7 &* gather) >> 49 & 0xFF | ((highPoints >> 7 &* gather) >> 49 & 0xFF) << 8
    let first = places.trailingZeroBitCount
    places &= places &- 1
    let second = places.trailingZeroBitCount
    places &= places &- 1
    let third = places.trailingZeroBitCount
    let bytes = UInt128(high) << 64 | UInt128(low)
    var bad: UInt32 = 0
    // A part from the three bytes that end with it.
    @inline(__always) func part(_ three: UInt32, digits: Int) -> UInt32 {
      bad |= UInt32(truncatingIfNeeded: (digits &- 1) & ~3) | (digits == 4 ? 1 : 0)
      let missing = UInt32(truncatingIfNeeded: (3 &- digits) & 3) &* 8
      let figures =
        (three ^ 0x30_3030) & (0xFF_FFFF &<< missing) & 0xFF_FFFF
      // More than nine in a lane, a zero in front of more, more than 255.
      bad |= ((figures &+ 0x76_7676) | figures) & 0x80_8080
      bad |= digits > 1 && figures &>> missing & 0xFF == 0 ? 1 : 0
      let number = (figures & 0xFF) &* 100 &+ (figures >> 8 & 0xFF) &* 10 &+ figures >> 16
      bad |= number > 255 ? 1 : 0
      return number & 0xFF
    }
    @inline(__always) func three(_ end: Int) -> UInt32 {
      UInt32(truncatingIfNeeded: bytes &>> UInt128(truncatingIfNeeded: (end &- 3) &* 8))
    }
    guard first <= 3, second >= 3 else { return nil }
    // Only the first part may have fewer than three bytes in front of its end.
    let front = UInt32(truncatingIfNeeded: (low &<< 24) &>> UInt64(truncatingIfNeeded: first &* 8))
    let value =
      part(front, digits: first) << 24
      | part(three(second), digits: second &- first &- 1) << 16
      | part(three(third), digits: third &- second &- 1) << 8
      | part(three(count), digits: count &- third &- 1)
    return bad == 0 ? value : nil
  }

  /// The number of an address of version 4 and nothing else.
  @inlinable @inline(__always) public static func version4(_ text: ByteView) -> UInt32? {
    readIPv4(text, 0, text.count)
  }

  /// Reads the eight groups of an IPv6 address.
  @usableFromInline static func readIPv6(_ text: ByteView) -> Address? {
    var end = text.count
    if let percent = text.firstOffset(of: 0x25) {
      guard percent + 1 < end else { return nil }
      end = percent
    }
    var groups = Groups()
    var offset = 0
    var gap: Int?
    if text.has("::", at: 0) {
      gap = 0
      offset = 2
    }
    while offset < end {
      if groups.count <= 6, let ipv4 = readIPv4(text, offset, end) {
        groups.append(UInt64(ipv4 >> 16))
        groups.append(UInt64(ipv4 & 0xFFFF))
        offset = end
        break
      }
      var value: UInt64 = 0
      let start = offset
      while offset < end, let digit = hexadecimal(text[offset]) {
        value = value << 4 | UInt64(digit)
        offset += 1
      }
      guard offset > start, offset - start <= 4, groups.count < 8 else { return nil }
      groups.append(value)
      if offset == end { break }
      guard text[offset] == 0x3A, offset + 1 < end else { return nil }
      offset += 1
      if text[offset] == 0x3A {
        guard gap == nil else { return nil }
        gap = groups.count
        offset += 1
      }
    }
    guard let gap else { return groups.count == 8 ? groups.address : nil }
    guard groups.count < 8 else { return nil }
    return groups.spread(at: gap)
  }

  /// Up to eight groups of sixteen bits, the last one lowest.
  struct Groups {
    private var high: UInt64 = 0
    private var low: UInt64 = 0
    private(set) var count = 0

    mutating func append(_ group: UInt64) {
      high = high << 16 | low >> 48
      low = low << 16 | group
      count += 1
    }

    var address: Address { Address(high: high, low: low) }

    /// The address with zero groups filled in after the first `gap` groups.
    func spread(at gap: Int) -> Address {
      let tailBits = UInt64((count - gap) * 16)
      let value = UInt128(high) << 64 | UInt128(low)
      let tail = tailBits == 0 ? 0 : value & (UInt128.max >> UInt128(128 - tailBits))
      let head = gap == 0 ? 0 : (value >> UInt128(tailBits)) << UInt128(128 - gap * 16)
      let whole = head | tail
      return Address(
        high: UInt64(truncatingIfNeeded: whole >> 64), low: UInt64(truncatingIfNeeded: whole))
    }
  }

  private static func hexadecimal(_ byte: UInt8) -> UInt8? {
    if byte.isDigit { return byte &- 0x30 }
    let letter = byte.asciiLowered &- 0x61
    return letter < 6 ? letter &+ 10 : nil
  }
}

/// An address with the port that may stand beside it.
public struct Endpoint: Hashable, Sendable {
  /// The address.
  public var address: Address
  /// The port, when the text gives one.
  public var port: UInt16?

  /// Reads the ways in which logs write an address, with or without a port.
  ///
  /// `1.2.3.4`, `1.2.3.4:80`, `2001:db8::1`, `[2001:db8::1]`, `[::1]:443`, `::ffff:1.2.3.4`,
  /// `ip/1.1.1.1`, and OpenVPN's `[AF_INET]1.2.3.4:51342`. A colon after an address without
  /// brackets starts a port only when it is the only colon.
  public init?(_ text: ByteView) {
    var text = text
    if text.hasPrefix("ip/") { text = text.dropFirst(3) }
    if text.hasPrefix("[AF_INET]") { text = text.dropFirst(9) }
    if text.hasPrefix("[AF_INET6]") { text = text.dropFirst(10) }
    // A longer text is no endpoint, so no search below is long.
    guard !text.isEmpty, text.count <= 80 else { return nil }
    var host = text
    if text[0] == 0x5B {
      guard let close = text.firstOffset(of: 0x5D) else { return nil }
      host = text.slice(1, close)
      if close + 1 < text.count {
        guard text[close + 1] == 0x3A, let read = Endpoint.readPort(text.dropFirst(close + 2))
        else { return nil }
        port = read
      }
    } else if let colon = text.firstOffset(of: 0x3A),
      text.firstOffset(of: 0x3A, from: colon + 1) == nil
    {
      guard let read = Endpoint.readPort(text.dropFirst(colon + 1)) else { return nil }
      host = text.prefix(colon)
      port = read
    }
    guard let address = Address(host) else { return nil }
    self.address = address
  }

  private static func readPort(_ text: ByteView) -> UInt16? {
    guard text.count <= 5 else { return nil }
    return text.decimal.flatMap { UInt16(exactly: $0) }
  }
}
