/// Reads the blocks of a compiled zone file in order.
struct TZifReader {
  /// The counts that open a block.
  struct Header {
    var version: UInt8
    var utcFlags, standardFlags, leaps, times, types, characters: Int

    /// How many bytes the block has after its header.
    func bytes(timeBytes: Int) -> Int {
      times * (timeBytes + 1) + types * 6 + characters + leaps * (timeBytes + 4)
        + standardFlags + utcFlags
    }
  }

  let bytes: [UInt8]
  var offset = 0

  init(bytes: [UInt8]) { self.bytes = bytes }

  private func error(_ reason: ZoneError.Reason) -> ZoneError {
    ZoneError(reason: reason, offset: offset)
  }

  mutating func skip(_ count: Int) throws(ZoneError) {
    guard count <= bytes.count - offset else { throw error(.truncated) }
    offset += count
  }

  /// A signed big-endian number of `count` bytes.
  private mutating func number(_ count: Int) throws(ZoneError) -> Int64 {
    let start = offset
    try skip(count)
    var value: UInt64 = 0
    for byte in bytes[start..<offset] { value = value << 8 | UInt64(byte) }
    let unused = UInt64(64 - count * 8)
    return Int64(bitPattern: value << unused) >> Int64(unused)
  }

  private mutating func count() throws(ZoneError) -> Int {
    let value = try number(4)
    guard value >= 0 else { throw error(.inconsistent) }
    return Int(value)
  }

  mutating func header() throws(ZoneError) -> Header {
    let magic: [UInt8] = [0x54, 0x5A, 0x69, 0x66]
    guard bytes.dropFirst(offset).starts(with: magic) else { throw error(.notAZoneFile) }
    try skip(4)
    let version = UInt8(truncatingIfNeeded: try number(1))
    try skip(15)
    let utcFlags = try count()
    let standardFlags = try count()
    let leaps = try count()
    let times = try count()
    let types = try count()
    let characters = try count()
    return Header(
      version: version, utcFlags: utcFlags, standardFlags: standardFlags, leaps: leaps,
      times: times, types: types, characters: characters)
  }

  mutating func body(
    _ header: Header, timeBytes: Int
  ) throws(ZoneError) -> (transitions: [Int64], offsets: [Int32]) {
    guard header.leaps == 0 else { throw error(.leapSeconds) }
    guard header.types > 0 else { throw error(.inconsistent) }
    // Checked before anything is reserved, so that a forged count can not claim memory.
    guard header.bytes(timeBytes: timeBytes) <= bytes.count - offset
    else { throw error(.truncated) }
    var transitions: [Int64] = []
    for _ in 0..<header.times {
      let instant = try number(timeBytes)
      if let last = transitions.last, last >= instant { throw error(.inconsistent) }
      transitions.append(instant)
    }
    var indices: [Int] = []
    for _ in 0..<header.times { indices.append(Int(try number(1)) & 0xFF) }
    var types: [Int32] = []
    for _ in 0..<header.types {
      let offset = try number(4)
      guard offset > -86_400, offset < 86_400 else { throw error(.inconsistent) }
      types.append(Int32(offset))
      try skip(2)
    }
    guard indices.allSatisfy({ $0 < types.count }) else { throw error(.inconsistent) }
    try skip(header.characters + header.standardFlags + header.utcFlags)
    return (transitions, [types[0]] + indices.map { types[$0] })
  }

  /// The rule between two line feeds at the end; `nil` when it is empty.
  mutating func footer() throws(ZoneError) -> PosixZoneRule? {
    guard offset < bytes.count, bytes[offset] == 0x0A else { throw error(.truncated) }
    let text = bytes[(offset + 1)...]
    guard let end = text.firstIndex(of: 0x0A) else { throw error(.truncated) }
    guard end > offset + 1 else { return nil }
    guard let rule = PosixZoneRule(Array(text[..<end])) else { throw error(.badRule) }
    return rule
  }
}
