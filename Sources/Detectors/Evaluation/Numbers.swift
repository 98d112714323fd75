import Bytes

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
