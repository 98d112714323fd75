package import Bytes

/// A network of IPv4 or IPv6 addresses, written `address/length`.
package struct AddressBlock: BitwiseCopyable, Hashable, Sendable {
  /// The first address; IPv4 sits in the mapped range `::ffff:0:0/96`.
  let first: UInt128
  /// The bits that all addresses of the network share.
  let mask: UInt128

  /// Reads `address/length`, or an address alone for a network of one; `nil` when it is neither.
  package init?(_ text: ByteView) {
    let slash = text.firstOffset(of: UInt8(ascii: "/"))
    let host = text.prefix(slash ?? text.count)
    guard let address = AddressBlock.address(host) else { return nil }
    let isShort = host.firstOffset(of: UInt8(ascii: ":")) == nil
    var length = 128
    if let slash {
      guard let written = text.dropFirst(slash + 1).decimal, written <= (isShort ? 32 : 128)
      else { return nil }
      length = Int(written) + (isShort ? 96 : 0)
    }
    mask = length == 0 ? 0 : UInt128.max << UInt128(128 - length)
    first = address & mask
  }

  /// Whether the network holds the address that `text` spells; other text is in no network.
  package func contains(_ text: ByteView) -> Bool {
    guard let address = AddressBlock.address(text) else { return false }
    return address & mask == first
  }

  /// Reads an address, IPv4 in its mapped form, or `nil` when `text` is none.
  static func address(_ text: ByteView) -> UInt128? {
    guard text.count >= 2, text.count <= 45 else { return nil }
    if let short = shortAddress(text) { return UInt128(0xffff) << 32 | UInt128(short) }
    return longAddress(text)
  }

  private static func shortAddress(_ text: ByteView) -> UInt32? {
    guard text.count >= 7, text.count <= 15 else { return nil }
    var (address, part, digits, dots): (UInt32, UInt32, Int, Int) = (0, 0, 0, 0)
    for offset in 0..<text.count {
      let byte = text[offset]
      if byte.isDigit {
        guard digits < 3, digits == 0 || part > 0 else { return nil }
        part = part * 10 + UInt32(byte - 0x30)
        digits += 1
      } else {
        guard byte == UInt8(ascii: "."), digits > 0, part < 256, dots < 3 else { return nil }
        (address, part, digits, dots) = (address << 8 | part, 0, 0, dots + 1)
      }
    }
    guard dots == 3, digits > 0, part < 256 else { return nil }
    return address << 8 | part
  }

  private static func longAddress(_ text: ByteView) -> UInt128? {
    var (head, headCount): (UInt128, Int) = (0, 0)
    var (tail, tailCount): (UInt128, Int) = (0, 0)
    var hasGap = false
    var offset = 0
    let colon = UInt8(ascii: ":")
    if text.hasPrefix("::") {
      (hasGap, offset) = (true, 2)
    }
    while offset < text.count {
      let start = offset
      var group: UInt32 = 0
      while offset < text.count, offset - start < 5, let digit = text[offset].hexadecimal {
        group = group << 4 | UInt32(digit)
        offset += 1
      }
      if offset < text.count, text[offset] == UInt8(ascii: ".") {
        // The last 32 bits may be written as an IPv4 address.
        guard let short = shortAddress(text.dropFirst(start)) else { return nil }
        if hasGap {
          (tail, tailCount) = (tail << 32 | UInt128(short), tailCount + 2)
        } else {
          (head, headCount) = (head << 32 | UInt128(short), headCount + 2)
        }
        break
      }
      guard offset > start, offset - start <= 4 else { return nil }
      if hasGap {
        (tail, tailCount) = (tail << 16 | UInt128(group), tailCount + 1)
      } else {
        (head, headCount) = (head << 16 | UInt128(group), headCount + 1)
      }
      guard offset < text.count else { break }
      guard text[offset] == colon else { return nil }
      offset += 1
      guard offset < text.count else { return nil }
      if text[offset] == colon {
        guard !hasGap else { return nil }
        (hasGap, offset) = (true, offset + 1)
      }
      guard headCount + tailCount <= 8 else { return nil }
    }
    let count = headCount + tailCount
    if !hasGap { return count == 8 ? head : nil }
    guard count < 8 else { return nil }
    let high = headCount == 0 ? 0 : head << UInt128(16 * (8 - headCount))
    return high | tail
  }
}

extension UInt8 {
  /// The value of a hexadecimal digit, or `nil`.
  @inline(__always) var hexadecimal: UInt8? {
    if isDigit { return self - 0x30 }
    let letter = asciiLowered &- 0x61
    return letter < 6 ? letter + 10 : nil
  }
}

extension ByteView {
  /// The whole view as a decimal number with sign, fraction and exponent, or `nil`.
  ///
  /// Whole numbers below 2⁵³ are exact; others may be off by one unit in the last place.
  var number: Double? {
    var offset = 0
    var isNegative = false
    if count > 0, self[0] == UInt8(ascii: "-") || self[0] == UInt8(ascii: "+") {
      isNegative = self[0] == UInt8(ascii: "-")
      offset = 1
    }
    var (value, scale, digits, isFraction): (Double, Int, Int, Bool) = (0, 0, 0, false)
    while offset < count {
      let byte = self[offset]
      if byte.isDigit {
        value = value * 10 + Double(byte - 0x30)
        if isFraction { scale -= 1 }
        digits += 1
      } else if byte == UInt8(ascii: "."), !isFraction {
        isFraction = true
      } else {
        break
      }
      offset += 1
    }
    guard digits > 0, digits <= 300 else { return nil }
    if offset < count {
      guard self[offset].asciiLowered == UInt8(ascii: "e") else { return nil }
      offset += 1
      var isDown = false
      if offset < count, self[offset] == UInt8(ascii: "-") || self[offset] == UInt8(ascii: "+") {
        isDown = self[offset] == UInt8(ascii: "-")
        offset += 1
      }
      guard count - offset <= 3, let exponent = dropFirst(offset).decimal else { return nil }
      scale += isDown ? -Int(exponent) : Int(exponent)
    }
    var step = Double(1)
    for _ in 0..<min(abs(scale), 400) { step *= 10 }
    value = scale < 0 ? value / step : value * step
    return isNegative ? -value : value
  }
}

/// Calls `body` with a string's bytes, borrowed for the length of the call.
func withBytes<Result>(of text: String, _ body: (ByteView) -> Result) -> Result {
  var text = text
  return text.withUTF8 { bytes in
    guard let base = bytes.baseAddress else { return body(.empty) }
    // SAFETY: the view is used only inside the closure that lends the bytes.
    return body(unsafe ByteView(base: base, count: bytes.count))
  }
}
