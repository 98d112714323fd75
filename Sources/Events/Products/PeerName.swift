import Bytes

/// Sets the source of an event from whatever a program wrote for its peer.
///
/// `source.address` is the peer as written, less brackets and port. `source.ip` is set when that is a
/// valid address, in plain spelling; `source.domain` when it can be a host name instead. A number
/// with leading zeros is neither: reading it as octal would blame somebody else.
enum PeerName {
  /// Sets `source.address`, and `source.ip` or `source.domain` where the text is one.
  static func set(_ text: ByteView, on event: Event) {
    // Nearly every peer is a bare address of version 4.
    if let number = number(ofIPv4: text) {
      event.set(.sourceAddress, text)
      event.set(.sourceIP, text)
      event.readAddress = (number, text.address)
      return
    }
    let (address, port) = bare(text)
    guard !address.isEmpty else { return }
    event.set(.sourceAddress, address)
    if let port { event.set(.sourcePort, .integer(Int64(port))) }
    if let ip = plain(address, event.scratch) {
      event.set(.sourceIP, ip)
    } else if isHostName(address) {
      event.set(.sourceDomain, address)
    }
  }

  /// The address in plain spelling, or `nil` when the text is not a valid one.
  static func plain(_ address: ByteView, _ scratch: Scratch) -> ByteView? {
    if isIPv4(address) { return address }
    guard address.firstOffset(of: UInt8(ascii: ":")) != nil else { return nil }
    let zone = address.firstOffset(of: UInt8(ascii: "%")) ?? address.count
    guard let groups = groups(ofIPv6: address.prefix(zone)) else { return nil }
    return spell(groups, scratch)
  }

  /// The text without what programs put around an address, and the port if one was attached.
  private static func bare(_ text: ByteView) -> (ByteView, UInt16?) {
    var text = text
    if text.hasPrefix("ip/") { text = text.dropFirst(3) }
    if text.hasPrefix("[AF_INET]") { text = text.dropFirst(9) }
    if text.hasPrefix("[AF_INET6]") { text = text.dropFirst(10) }
    if text.hasSuffix("/32") { text = text.prefix(text.count - 3) }
    if text.hasSuffix("/128") { text = text.prefix(text.count - 4) }
    if let first = text.isEmpty ? nil : text[0], first == UInt8(ascii: "[") {
      guard let close = text.firstOffset(of: UInt8(ascii: "]")) else { return (text, nil) }
      let port = text.has(":", at: close + 1) ? text.dropFirst(close + 2).decimal : nil
      return (text.slice(1, close), port.flatMap(UInt16.init(exactly:)))
    }
    // One colon is a port; more are an IPv6 address.
    if let colon = text.firstOffset(of: UInt8(ascii: ":")),
      let port = text.dropFirst(colon + 1).decimal, isIPv4(text.prefix(colon))
    {
      return (text.prefix(colon), UInt16(exactly: port))
    }
    return (text, nil)
  }

  /// Whether the text is four numbers of 0 through 255 without leading zeros.
  static func isIPv4(_ text: ByteView) -> Bool { number(ofIPv4: text) != nil }

  /// The four bytes of an IPv4 address, the first in the highest place.
  private static func number(ofIPv4 text: ByteView) -> UInt32? {
    guard text.count >= 7, text.count <= 15 else { return nil }
    var (parts, digits, part, address): (Int, Int, UInt32, UInt32) = (0, 0, 0, 0)
    for offset in 0..<text.count {
      let byte = text[offset]
      if byte == UInt8(ascii: ".") {
        guard digits > 0, parts < 3 else { return nil }
        (address, parts, digits, part) = (address << 8 | part, parts + 1, 0, 0)
      } else {
        guard byte.isDigit, digits == 0 || part > 0 else { return nil }
        part = part * 10 + UInt32(byte &- 0x30)
        digits += 1
        guard part <= 255 else { return nil }
      }
    }
    return parts == 3 && digits > 0 ? address << 8 | part : nil
  }

  /// The eight groups of an IPv6 address.
  private static func groups(ofIPv6 text: ByteView) -> InlineArray<8, UInt16>? {
    guard text.count >= 2, text.count <= 45 else { return nil }
    var groups = InlineArray<8, UInt16>(repeating: 0)
    var (filled, gap): (Int, Int?) = (0, nil)
    var offset = 0
    if text.hasPrefix("::") {
      (gap, offset) = (0, 2)
    } else if text[0] == UInt8(ascii: ":") {
      return nil
    }
    while offset < text.count {
      guard filled < 8 else { return nil }
      var (end, value): (Int, UInt32) = (offset, 0)
      while end < text.count, end - offset < 5, let digit = text[end].hexadecimal {
        value = value << 4 | UInt32(digit)
        end += 1
      }
      if end < text.count, text[end] == UInt8(ascii: ".") {
        guard filled <= 6, let tail = number(ofIPv4: text.dropFirst(offset)) else { return nil }
        groups[filled] = UInt16(truncatingIfNeeded: tail >> 16)
        groups[filled + 1] = UInt16(truncatingIfNeeded: tail)
        filled += 2
        break
      }
      guard end > offset, end - offset <= 4 else { return nil }
      groups[filled] = UInt16(truncatingIfNeeded: value)
      filled += 1
      guard end < text.count else { break }
      guard text[end] == UInt8(ascii: ":"), end + 1 < text.count else { return nil }
      offset = end + 1
      if text[offset] == UInt8(ascii: ":") {
        guard gap == nil else { return nil }
        gap = filled
        offset += 1
      }
    }
    guard let gap else { return filled == 8 ? groups : nil }
    guard filled < 8 else { return nil }
    // What was read after the gap moves to the end.
    for step in 0..<(filled - gap) {
      groups[7 - step] = groups[filled - 1 - step]
    }
    for place in gap..<(gap + 8 - filled) { groups[place] = 0 }
    return groups
  }

  /// Writes an address the way RFC 5952 asks, and a mapped IPv4 address as itself.
  private static func spell(_ groups: InlineArray<8, UInt16>, _ scratch: Scratch) -> ByteView {
    var pen = Pen()
    if groups[0] | groups[1] | groups[2] | groups[3] | groups[4] == 0, groups[5] == 0xFFFF {
      for place in 0..<4 {
        if place > 0 { pen.write(UInt8(ascii: ".")) }
        let group = groups[6 + place / 2]
        pen.write(decimal: place % 2 == 0 ? group >> 8 : group & 255)
      }
      return pen.finish(scratch)
    }
    let (gap, length) = longestZeroRun(groups)
    var place = 0
    while place < 8 {
      if place == gap, length > 1 {
        pen.write(UInt8(ascii: ":"))
        pen.write(UInt8(ascii: ":"))
        place += length
        continue
      }
      if place > 0, place != gap + length || length < 2 { pen.write(UInt8(ascii: ":")) }
      pen.write(hexadecimal: groups[place])
      place += 1
    }
    return pen.finish(scratch)
  }

  /// The first of the longest runs of zero groups.
  private static func longestZeroRun(_ groups: InlineArray<8, UInt16>) -> (start: Int, length: Int)
  {
    var (best, bestLength, length) = (0, 0, 0)
    for place in 0..<8 {
      length = groups[place] == 0 ? length + 1 : 0
      if length > bestLength { (best, bestLength) = (place + 1 - length, length) }
    }
    return (best, bestLength)
  }

  /// Whether the text can be a host name; a lone `UNKNOWN` is what sshd writes for no address.
  static func isHostName(_ text: ByteView) -> Bool {
    guard text.count <= 253, let last = text.last, !text.equals("UNKNOWN") else { return false }
    guard last.isAlphanumeric || last == UInt8(ascii: "."), text[0].isAlphanumeric else {
      return false
    }
    var (letters, dots) = (0, 0)
    for offset in 0..<text.count {
      let byte = text[offset]
      if byte == UInt8(ascii: ".") {
        // A trailing dot only closes the name.
        if offset < text.count - 1 { (letters, dots) = (0, dots + 1) }
      } else if byte.isAlphanumeric {
        if !byte.isDigit { letters += 1 }
      } else if byte != UInt8(ascii: "-"), byte != UInt8(ascii: "_") {
        return false
      }
    }
    // No top-level domain is shorter than two letters, and none is a number.
    return letters >= (dots > 0 ? 2 : 1)
  }
}

/// Collects up to 39 characters of an address, then puts them into the scratch.
private struct Pen {
  private var bytes = InlineArray<40, UInt8>(repeating: 0)
  private var count = 0

  mutating func write(_ byte: UInt8) {
    bytes[count] = byte
    count += 1
  }

  mutating func write(decimal value: UInt16) {
    if value >= 100 { write(UInt8(0x30 + value / 100)) }
    if value >= 10 { write(UInt8(0x30 + value / 10 % 10)) }
    write(UInt8(0x30 + value % 10))
  }

  mutating func write(hexadecimal value: UInt16) {
    var started = false
    for shift in stride(from: UInt16(12), through: 0, by: -4) {
      let digit = UInt8(truncatingIfNeeded: value >> shift & 15)
      guard started || digit > 0 || shift == 0 else { continue }
      started = true
      write(digit < 10 ? 0x30 + digit : 0x57 + digit)
    }
  }

  func finish(_ scratch: Scratch) -> ByteView {
    unsafe scratch.write(capacity: count) { room in
      for offset in 0..<count { unsafe room[offset] = bytes[offset] }
      return count
    }
  }
}

extension UInt8 {
  /// The value of an ASCII hexadecimal digit.
  fileprivate var hexadecimal: UInt8? {
    switch self {
    case 0x30...0x39: self &- 0x30
    case 0x41...0x46: self &- 0x37
    case 0x61...0x66: self &- 0x57
    default: nil
    }
  }

  /// Whether the byte is an ASCII letter or digit.
  fileprivate var isAlphanumeric: Bool { isDigit || asciiLowered &- 0x61 < 26 }
}
