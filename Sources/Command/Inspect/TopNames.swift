import Bytes

/// The names at the top of an event's object that belong to its fields.
///
/// What a log calls one of its members must not pass for what the path says of the event: `person`
/// beside the joins' `person.id`, or `person.id` written with the dot.
struct TopNames {
  /// The name of the object that keeps the members whose names are taken.
  let unmapped: String
  /// The names by their first byte, and where those of each byte begin, and all end.
  private var names: [ByteView] = []
  private var starts: [Int] = []
  /// The lengths of the names that begin with a byte, one bit each; the last is for all longer ones.
  private var lengths = [UInt64](repeating: 0, count: 256)

  /// The names that fields take, of which there is one for each object at the top.
  init(_ taken: [String]) {
    var unmapped = "unmapped"
    while taken.contains(unmapped) { unmapped += "_" }
    self.unmapped = unmapped
    let all = (taken + [unmapped]).filter { !$0.isEmpty }.map { ByteView(immortal: $0) }
    for byte in UInt8.min...UInt8.max {
      starts.append(names.count)
      names += all.filter { $0[0] == byte }
    }
    starts.append(names.count)
    for name in names { lengths[Int(name[0])] |= 1 << UInt64(min(name.count, 63)) }
  }

  /// Whether a member's name is taken up to its first dot, or may be: one with escapes is not read.
  func mayHave(_ name: ByteView) -> Bool {
    var (offset, end) = (0, name.count)
    while offset < name.count {
      let word = name.count - offset >= 8 ? name.word(at: offset) : name.tail(from: offset)
      if word.marks(of: UInt8(ascii: "\\")) != 0 { return true }
      let dots = word.marks(of: UInt8(ascii: "."))
      if dots != 0, end == name.count { end = offset + dots.trailingZeroBitCount >> 3 }
      offset += 8
    }
    let first = name.prefix(end)
    guard !first.isEmpty else { return true }
    let byte = Int(first[0])
    guard lengths[byte] & (1 << UInt64(min(first.count, 63))) != 0 else { return false }
    for place in starts[byte]..<starts[byte + 1] where names[place].equals(first) { return true }
    return false
  }
}

extension UInt64 {
  /// Marks the top bit of each byte that is `byte`; the lowest mark is exact.
  fileprivate func marks(of byte: UInt8) -> UInt64 {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let other = self ^ (ones &* UInt64(byte))
    return (other &- ones) & ~other & (ones &* 0x80)
  }
}
