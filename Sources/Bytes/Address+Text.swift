extension Address: CustomStringConvertible {
  /// The longest text that ``write(into:)`` makes.
  public static let textBytesMax = 39

  /// Writes the address in its one canonical spelling and returns the number of bytes.
  ///
  /// - Parameter room: At least ``textBytesMax`` bytes.
  /// - SeeAlso: RFC 5952; IPv4 is written `a.b.c.d`, also when it was read as `::ffff:a.b.c.d`.
  public func write(into room: UnsafeMutableBufferPointer<UInt8>) -> Int {
    precondition(room.count >= Address.textBytesMax, "too little room for an address")
    var writer = unsafe Writer(room: room)
    if let ipv4 {
      for shift in stride(from: 24, through: 0, by: -8) {
        if shift < 24 { writer.put(0x2E) }
        writer.decimal(UInt8(truncatingIfNeeded: ipv4 >> UInt32(shift)))
      }
    } else {
      let (start, length) = longestZeros()
      var group = 0
      while group < 8 {
        if group == start {
          writer.put(0x3A)
          writer.put(0x3A)
          group += length
          continue
        }
        if group > 0, group != start + length { writer.put(0x3A) }
        writer.hexadecimal(self.group(group))
        group += 1
      }
    }
    return writer.count
  }

  /// The canonical spelling as a string, for messages; the hot path writes bytes.
  public var description: String {
    unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Address.textBytesMax) { room in
      let count = unsafe write(into: room)
      return unsafe String(decoding: UnsafeBufferPointer(rebasing: room[..<count]), as: UTF8.self)
    }
  }

  /// One of the eight groups of sixteen bits.
  private func group(_ index: Int) -> UInt16 {
    let word = index < 4 ? high : low
    return UInt16(truncatingIfNeeded: word >> UInt64(48 - (index & 3) * 16))
  }

  /// The first of the longest runs of two or more zero groups; -1 when there is none.
  private func longestZeros() -> (start: Int, length: Int) {
    var best = (start: -1, length: 1)
    var length = 0
    for index in 0..<8 {
      length = group(index) == 0 ? length + 1 : 0
      if length > best.length { best = (index + 1 - length, length) }
    }
    return best.start < 0 ? (-1, 0) : best
  }

  /// Appends bytes to the caller's room.
  @safe private struct Writer {
    private let room: UnsafeMutableBufferPointer<UInt8>
    private(set) var count = 0

    init(room: UnsafeMutableBufferPointer<UInt8>) { unsafe self.room = room }

    mutating func put(_ byte: UInt8) {
      precondition(unsafe count < room.count, "too little room for an address")
      // SAFETY: the line above keeps the write inside.
      unsafe room[count] = byte
      count += 1
    }

    mutating func decimal(_ value: UInt8) {
      if value >= 100 { put(0x30 + value / 100) }
      if value >= 10 { put(0x30 + value / 10 % 10) }
      put(0x30 + value % 10)
    }

    mutating func hexadecimal(_ value: UInt16) {
      for shift in stride(from: 12, through: 0, by: -4)
      where shift == 0 || value >> UInt16(shift) > 0 {
        let digit = UInt8(truncatingIfNeeded: value >> UInt16(shift) & 0xF)
        put(digit < 10 ? 0x30 + digit : 0x57 + digit)
      }
    }
  }
}
