import Bytes

/// Sets the source of an event from whatever a program wrote for its peer.
///
/// `source.address` is the peer as written, less brackets and port. `source.ip` is set when that is a
/// valid address, in plain spelling; `source.domain` when it can be a host name instead. A number
/// with leading zeros is neither: reading it as octal would blame somebody else.
enum PeerName {
  /// Sets `source.address`, and `source.ip` or `source.domain` where the text is one.
  static func set(_ text: ByteView, on event: Event) {
    // Nearly every peer is a bare address.
    if let read = Address(text) {
      event.set(.sourceAddress, text)
      set(read, written: text, on: event)
      return
    }
    let (address, port) = bare(text)
    guard !address.isEmpty else { return }
    event.set(.sourceAddress, address)
    if let port { event.set(.sourcePort, .integer(Int64(port))) }
    if let read = Address(address) {
      set(read, written: address, on: event)
    } else if isHostName(address) {
      event.set(.sourceDomain, address)
    }
  }

  private static func set(_ address: Address, written text: ByteView, on event: Event) {
    let ip = spell(address, written: text, event.scratch)
    event.set(.sourceIP, ip)
    if let number = address.ipv4 { event.readAddress = (number, ip.address) }
  }

  /// The address in plain spelling, or `nil` when the text is not a valid one.
  static func plain(_ address: ByteView, _ scratch: Scratch) -> ByteView? {
    Address(address).map { spell($0, written: address, scratch) }
  }

  /// An address the way RFC 5952 asks, and a mapped one of version 4 as itself.
  private static func spell(
    _ address: Address, written text: ByteView, _ scratch: Scratch
  ) -> ByteView {
    // Four numbers have one spelling only.
    if address.isIPv4, text.firstOffset(of: UInt8(ascii: ":")) == nil { return text }
    return unsafe scratch.write(capacity: Address.textBytesMax) { room in
      unsafe address.write(into: room)
    }
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
  static func isIPv4(_ text: ByteView) -> Bool {
    text.firstOffset(of: UInt8(ascii: ":")) == nil && Address(text) != nil
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

extension UInt8 {
  /// Whether the byte is an ASCII letter or digit.
  fileprivate var isAlphanumeric: Bool { isDigit || asciiLowered &- 0x61 < 26 }
}
