import Bytes
import Events

extension Event {
  /// Adds `source.network`: the /24 around an address of version 4, the /56 around one of version 6, which is
  /// what one customer of a provider usually has.
  func addSourceNetwork() {
    guard !has(.sourcePrefix), let text = text(.sourceIP) else { return }
    if let dot = text.lastOffset(of: UInt8(ascii: ".")) {
      let view = unsafe scratch.write(capacity: dot + 5) { room in
        for offset in 0..<dot { unsafe room[offset] = text[offset] }
        return unsafe SourceNetwork.append(".0/24", to: room, at: dot)
      }
      set(.sourcePrefix, view)
    } else if let address = Address(text) {
      let view = unsafe scratch.write(capacity: 24) {
        unsafe SourceNetwork.write(address.high, to: $0)
      }
      set(.sourcePrefix, view)
    }
  }
}

/// Spells networks.
private enum SourceNetwork {
  /// Writes a literal; returns where it ends.
  static func append(
    _ literal: StaticString, to room: UnsafeMutableBufferPointer<UInt8>, at start: Int
  ) -> Int {
    let text = ByteView(literal)
    for offset in 0..<text.count { unsafe room[start + offset] = text[offset] }
    return start + text.count
  }

  /// Writes the first 56 bits as groups without leading zeros; four groups of four and the end fit in 24 bytes.
  static func write(_ high: UInt64, to room: UnsafeMutableBufferPointer<UInt8>) -> Int {
    let bits = high & ~0xFF
    var place = 0
    var shift: UInt64 = 64
    while shift > 0, bits &<< (64 &- shift) != 0 {
      if shift < 64 {
        unsafe room[place] = UInt8(ascii: ":")
        place += 1
      }
      shift -= 16
      let group = bits >> shift & 0xFFFF
      var hasBegun = false
      for digit in [12, 8, 4, 0] as [UInt64] {
        let value = UInt8(truncatingIfNeeded: group >> digit & 15)
        guard value != 0 || hasBegun || digit == 0 else { continue }
        hasBegun = true
        unsafe room[place] = value < 10 ? 0x30 + value : 0x57 + value
        place += 1
      }
    }
    return unsafe append("::/56", to: room, at: place)
  }
}
