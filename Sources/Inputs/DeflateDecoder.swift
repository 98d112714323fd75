#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The bits of one compressed file, and the blocks of deflate in them.
///
/// It stops where zlib stops, for the same reason and after the same bytes: what is wrong with a
/// stream is part of what a run reports, so two machines must agree on it. That rules out faster
/// libraries that accept codes which zlib refuses. A fast path decodes while at least `inputMargin`
/// bytes of input are there; what is left goes symbol by symbol, and only as far as its bits do.
///
/// Memory is bounded by one piece of input and three tables, whatever the file unpacks to.
///
/// - SeeAlso: RFC 1951.
@safe final class DeflateDecoder {
  /// How far a block got.
  private enum Block { case none, stored, coded }
  /// Why a stream can not go on.
  enum Stop { case inputEnded, invalid }

  /// How many compressed bytes are asked for at a time.
  private static let pieceBytes = 256 << 10
  /// One round of the fast path takes at most two words, and reads each whole.
  private static let inputMargin = 32
  /// The longest match and what the fast path writes too much: two words of 16 bytes, six literals.
  static let outputMargin = 258 + 32 + 6
  /// What a distance needs at most, and the next look into the table behind it.
  private static var distanceAndRootBits: UInt64 { 28 + UInt64(DeflateTable.literalBits) }
  /// How far back a match may reach.
  static let windowBytes = 32 << 10

  private let refill: (UnsafeMutableRawBufferPointer) -> Int
  private let input: UnsafeMutablePointer<UInt8>
  private var next: UnsafePointer<UInt8>
  private var inputEnd: UnsafePointer<UInt8>
  private var isAtInputEnd = false
  /// How many bytes were read of the file.
  private(set) var takenBytes: UInt64 = 0
  /// Bits read and not used, the next one lowest; zero above the lowest `bitCount`.
  private var bits: UInt64 = 0
  private var bitCount = 0

  private let literals = DeflateTable(.literals)
  private let distances = DeflateTable(.distances)
  private let lengths = DeflateTable(.lengths)
  private var block = Block.none
  private var isLastBlock = false
  private var isFixed = false
  private var storedBytes = 0

  /// A decoder at the beginning of a file.
  ///
  /// - Parameter refill: Reads the file's next bytes into a buffer; zero at the end.
  init(refill: @escaping (UnsafeMutableRawBufferPointer) -> Int) {
    // SAFETY: it is called with this object's own buffer.
    unsafe self.refill = refill
    unsafe input = .allocate(capacity: Self.pieceBytes)
    unsafe next = UnsafePointer(input)
    unsafe inputEnd = UnsafePointer(input)
  }

  deinit { unsafe input.deallocate() }

  // MARK: - Bits

  /// Where the first byte of the file is of which no bit was used.
  var offset: UInt64 { takenBytes - UInt64(unsafe inputEnd - next) - UInt64(bitCount / 8) }

  /// Makes sure of `count` bits, at most 56; `false` when the file ends before.
  func need(_ count: Int) -> Bool {
    while bitCount < count { guard pull() else { return false } }
    return true
  }

  /// The next bits, which are there.
  func take(_ count: Int) -> Int {
    let value = bits & (1 << UInt64(count) - 1)
    bits >>= UInt64(count)
    bitCount -= count
    return Int(value)
  }

  /// The next bits, zero where the file ends, without using them.
  func peek(_ count: Int) -> Int {
    _ = need(count)
    return Int(bits & (1 << UInt64(count) - 1))
  }

  /// Drops what is left of a byte.
  func alignToByte() { _ = take(bitCount % 8) }

  /// Moves one byte into the bits, which have room.
  private func pull() -> Bool {
    if unsafe next == inputEnd {
      guard !isAtInputEnd else { return false }
      // SAFETY: the buffer has as many bytes; all that was in it went into the bits.
      let count = unsafe refill(
        UnsafeMutableRawBufferPointer(start: input, count: Self.pieceBytes))
      isAtInputEnd = count == 0
      takenBytes += UInt64(count)
      unsafe next = UnsafePointer(input)
      unsafe inputEnd = UnsafePointer(input + count)
      if isAtInputEnd { return false }
    }
    // SAFETY: there is a byte before the input's end.
    bits |= UInt64(unsafe next.pointee) << UInt64(bitCount)
    unsafe next += 1
    bitCount += 8
    return true
  }

  // MARK: - Blocks

  /// Prepares for the first block of a stream.
  func reset() {
    block = .none
    isLastBlock = false
  }

  /// Inflates until there are as many bytes as wanted, the stream ends, or it can not go on.
  ///
  /// - Parameters:
  ///   - output: Where the next byte goes; it moves on. Behind `end` there is room for
  ///     `outputMargin` bytes, and the last match may go beyond it.
  ///   - end: Where to stop.
  ///   - floor: Where the stream's earlier bytes begin that a match may name, up to `output`.
  /// - Returns: Whether the stream goes on.
  /// - Complexity: O(*n*) in the bytes read and written.
  @unsafe func inflate(
    _ output: inout UnsafeMutablePointer<UInt8>, to end: UnsafeMutablePointer<UInt8>,
    floor: UnsafeMutablePointer<UInt8>
  ) throws(Failure) -> Bool {
    while unsafe output < end {
      switch block {
      case .none:
        if isLastBlock { return false }
        try readBlockHeader()
      case .stored: try unsafe copyStored(&output, end)
      case .coded:
        if unsafe inputEnd - next >= Self.inputMargin {
          try unsafe decodeFast(&output, end, floor)
        } else {
          try unsafe decodeOne(&output, floor)
        }
      }
    }
    return block != .none || !isLastBlock
  }

  /// What ended a stream early.
  struct Failure: Error { let stop: Stop }

  private func demand(_ count: Int) throws(Failure) {
    guard need(count) else { throw Failure(stop: .inputEnded) }
  }

  private func readBlockHeader() throws(Failure) {
    try demand(3)
    isLastBlock = take(1) == 1
    switch take(2) {
    case 0:
      alignToByte()
      try demand(32)
      let (length, complement) = (take(16), take(16))
      guard length == complement ^ 0xFFFF else { throw Failure(stop: .invalid) }
      storedBytes = length
      block = length > 0 ? .stored : .none
    case 1:
      if !isFixed {
        let lengths = (0..<288).map { UInt8($0 < 144 ? 8 : $0 < 256 ? 9 : $0 < 280 ? 7 : 8) }
        _ = literals.build(lengths[...])
        _ = distances.build([UInt8](repeating: 5, count: 32)[...])
        isFixed = true
      }
      block = .coded
    case 2:
      isFixed = false
      try readCodes()
      block = .coded
    default: throw Failure(stop: .invalid)
    }
  }

  /// Reads the codes that stand before a block; RFC 1951, section 3.2.7.
  private func readCodes() throws(Failure) {
    try demand(14)
    let (literalCount, distanceCount, lengthCount) = (take(5) + 257, take(5) + 1, take(4) + 4)
    guard literalCount <= 286, distanceCount <= 30 else { throw Failure(stop: .invalid) }
    var first = [UInt8](repeating: 0, count: 19)
    let order = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]
    for symbol in order[..<lengthCount] {
      try demand(3)
      first[symbol] = UInt8(take(3))
    }
    guard lengths.build(first[...]) else { throw Failure(stop: .invalid) }
    var all = [UInt8](repeating: 0, count: literalCount + distanceCount)
    var place = 0
    while place < all.count {
      let entry = try symbol(lengths)
      let value = UInt8(entry >> 16)
      guard value >= 16 else {
        all[place] = value
        place += 1
        continue
      }
      let (width, least) = value == 16 ? (2, 3) : value == 17 ? (3, 3) : (7, 11)
      try demand(width)
      let count = take(width) + least
      guard place + count <= all.count, value > 16 || place > 0
      else { throw Failure(stop: .invalid) }
      if value == 16 {
        for offset in 0..<count { all[place + offset] = all[place - 1] }
      }
      place += count
    }
    // Without an end, a block could not stop.
    guard all[256] > 0, literals.build(all[..<literalCount]),
      distances.build(all[literalCount...])
    else { throw Failure(stop: .invalid) }
  }

  private func copyStored(
    _ output: inout UnsafeMutablePointer<UInt8>, _ end: UnsafeMutablePointer<UInt8>
  ) throws(Failure) {
    while storedBytes > 0, unsafe output < end {
      if bitCount == 0, unsafe next < inputEnd {
        let count = unsafe min(storedBytes, inputEnd - next, end - output)
        // SAFETY: that many bytes are there, and there is room for them.
        unsafe output.update(from: next, count: count)
        unsafe next += count
        unsafe output += count
        storedBytes -= count
      } else {
        try demand(8)
        unsafe output.pointee = UInt8(take(8))
        unsafe output += 1
        storedBytes -= 1
      }
    }
    if storedBytes == 0 { block = .none }
  }

  // MARK: - Symbols

  /// The next symbol's entry, its code's bits used and its extra bits not.
  private func symbol(_ table: DeflateTable) throws(Failure) -> UInt32 {
    while true {
      // SAFETY: so many bits are the root's size, and a link's table is as large as it says.
      var entry = unsafe table.entries[Int(bits) & (1 << table.rootBits - 1)]
      if entry & DeflateTable.Flag.link != 0 {
        let width = Int(entry >> 8) & 31
        let choice = Int(bits >> UInt64(table.rootBits)) & (1 << width - 1)
        unsafe entry = table.entries[Int(entry >> 16) + choice]
      }
      // Bits that are not there read as zero, and an entry that needs none of them is right.
      let width = Int(entry >> 8) & 31
      if width <= bitCount, entry & DeflateTable.Flag.link == 0 {
        _ = take(width)
        return entry
      }
      guard pull() else { throw Failure(stop: .inputEnded) }
    }
  }

  /// The base and the extra bits of a length or distance.
  private func value(_ entry: UInt32) throws(Failure) -> Int {
    let extra = Int(entry & 63) - Int(entry >> 8) & 31
    try demand(extra)
    return Int(entry >> 16) + take(extra)
  }

  /// Decodes one symbol, near the end of the input.
  @unsafe private func decodeOne(
    _ output: inout UnsafeMutablePointer<UInt8>, _ floor: UnsafeMutablePointer<UInt8>
  ) throws(Failure) {
    let entry = try symbol(literals)
    if entry & DeflateTable.Flag.literal != 0 {
      // SAFETY: there is room behind the output's end.
      unsafe output.pointee = UInt8(truncatingIfNeeded: entry >> 16)
      unsafe output += 1
      return
    }
    if entry & DeflateTable.Flag.special != 0 {
      guard entry & DeflateTable.Flag.end != 0 else { throw Failure(stop: .invalid) }
      block = .none
      return
    }
    let length = try value(entry)
    let far = try symbol(distances)
    guard far & DeflateTable.Flag.special == 0 else { throw Failure(stop: .invalid) }
    let distance = try value(far)
    guard unsafe output - floor >= distance else { throw Failure(stop: .invalid) }
    // SAFETY: the match begins at or after the floor, and its end lies in the margin at most.
    for offset in 0..<length { unsafe output[offset] = unsafe output[offset - distance] }
    unsafe output += length
  }

  /// Decodes symbols while there is enough of input and room.
  @unsafe private func decodeFast(
    _ output: inout UnsafeMutablePointer<UInt8>, _ end: UnsafeMutablePointer<UInt8>,
    _ floor: UnsafeMutablePointer<UInt8>
  ) throws(Failure) {
    let (near, far) = unsafe (literals.entries, distances.entries)
    let nearMask = UInt64(1) << UInt64(DeflateTable.literalBits) - 1
    let farMask = UInt64(1) << UInt64(DeflateTable.distanceBits) - 1
    let last = unsafe inputEnd - Self.inputMargin
    // Only the lowest six bits of `count` are true; what is above them is never looked at.
    var (from, to, word, count) = unsafe (next, output, bits, UInt64(bitCount))
    var stop: Stop?
    // SAFETY: a round reads two words of input at most seven bytes apart, for which there is the
    // margin; it writes at most six literals or one match, rounded up to 32 bytes, for which there
    // is the output's margin; and matches begin at or after the floor. A word has at least 56 bits
    // after each refill: three literals, or two and a length, use at most 11 bits each and 20; a
    // distance uses at most 28. Roots and links are as large as their tables say.
    unsafe refillWord(&word, &count, &from)
    var entry = unsafe near[Int(truncatingIfNeeded: word & nearMask)]
    decoding: while unsafe from <= last, unsafe to < end {
      if entry & DeflateTable.Flag.literal != 0 {
        unsafe Self.putLiterals(&to, entry)
        Self.use(entry, &word, &count)
        unsafe entry = near[Int(truncatingIfNeeded: word & nearMask)]
        if entry & DeflateTable.Flag.literal != 0 {
          unsafe Self.putLiterals(&to, entry)
          Self.use(entry, &word, &count)
          unsafe entry = near[Int(truncatingIfNeeded: word & nearMask)]
          if entry & DeflateTable.Flag.literal != 0 {
            unsafe Self.putLiterals(&to, entry)
            Self.use(entry, &word, &count)
            unsafe entry = near[Int(truncatingIfNeeded: word & nearMask)]
            unsafe refillWord(&word, &count, &from)
            continue
          }
        }
      }
      if entry & DeflateTable.Flag.special != 0 {
        if entry & DeflateTable.Flag.link != 0 {
          unsafe entry = Self.linked(near, entry, word &>> UInt64(DeflateTable.literalBits))
          if entry & DeflateTable.Flag.literal != 0 {
            unsafe Self.putLiterals(&to, entry)
            Self.use(entry, &word, &count)
            unsafe refillWord(&word, &count, &from)
            unsafe entry = near[Int(truncatingIfNeeded: word & nearMask)]
            continue
          }
        }
        if entry & DeflateTable.Flag.special != 0 {
          Self.use(entry, &word, &count)
          if entry & DeflateTable.Flag.end != 0 { block = .none } else { stop = .invalid }
          break decoding
        }
      }
      let length = Int(entry >> 16) &+ Self.extraBits(word, entry)
      Self.use(entry, &word, &count)
      if count & 63 < Self.distanceAndRootBits { unsafe refillWord(&word, &count, &from) }
      unsafe entry = far[Int(truncatingIfNeeded: word & farMask)]
      if entry & DeflateTable.Flag.special != 0 {
        if entry & DeflateTable.Flag.link != 0 {
          unsafe entry = Self.linked(far, entry, word &>> UInt64(DeflateTable.distanceBits))
        }
        if entry & DeflateTable.Flag.special != 0 {
          Self.use(entry, &word, &count)
          stop = .invalid
          break decoding
        }
      }
      let distance = Int(entry >> 16) &+ Self.extraBits(word, entry)
      Self.use(entry, &word, &count)
      if unsafe to - floor < distance {
        stop = .invalid
        break decoding
      }
      // Looked up before the refill, so that it does not have to wait for it.
      unsafe entry = near[Int(truncatingIfNeeded: word & nearMask)]
      unsafe refillWord(&word, &count, &from)
      unsafe Self.copyMatch(to, length, distance)
      unsafe to += length
    }
    count &= 63
    bits = word & (1 &<< count &- 1)
    bitCount = Int(count)
    unsafe (next, output) = unsafe (from, to)
    if let stop { throw Failure(stop: stop) }
  }

  /// Fills the word to 56 bits at least.
  @inline(always) private func refillWord(
    _ word: inout UInt64, _ count: inout UInt64, _ from: inout UnsafePointer<UInt8>
  ) {
    // SAFETY: the caller knows of eight bytes. Those that do not fit are read again.
    let more = unsafe UnsafeRawPointer(from).loadUnaligned(as: UInt64.self)
    word |= UInt64(littleEndian: more) &<< count
    unsafe from += Int(truncatingIfNeeded: (63 &- (count & 63)) &>> 3)
    count |= 56
  }

  /// Drops an entry's bits.
  @inline(always) private static func use(
    _ entry: UInt32, _ word: inout UInt64, _ count: inout UInt64
  ) {
    word &>>= UInt64(entry)
    count &-= UInt64(entry)
  }

  /// The entry that a link leads to.
  @inline(always) private static func linked(
    _ entries: UnsafeMutablePointer<UInt32>, _ link: UInt32, _ bits: UInt64
  ) -> UInt32 {
    let choice = bits & (1 &<< UInt64(link >> 8 & 31) &- 1)
    // SAFETY: a link's table is as large as it says.
    return unsafe entries[Int(link >> 16) &+ Int(truncatingIfNeeded: choice)]
  }

  /// Writes one literal or two; always two bytes.
  @inline(always) private static func putLiterals(
    _ to: inout UnsafeMutablePointer<UInt8>, _ entry: UInt32
  ) {
    let both = UInt16(truncatingIfNeeded: entry >> 16).littleEndian
    // SAFETY: the caller has room for two bytes.
    unsafe UnsafeMutableRawPointer(to).storeBytes(of: both, as: UInt16.self)
    unsafe to += 1 &+ Int(entry >> 7 & 1)
  }

  /// What the bits behind a code add to its base.
  @inline(always) private static func extraBits(_ word: UInt64, _ entry: UInt32) -> Int {
    let all = word & (1 &<< UInt64(entry) &- 1)
    return Int(truncatingIfNeeded: all &>> UInt64(entry >> 8 & 31))
  }

  /// Repeats what was written `distance` bytes ago; may write 31 bytes too many.
  @inline(always) @unsafe private static func copyMatch(
    _ to: UnsafeMutablePointer<UInt8>, _ length: Int, _ distance: Int
  ) {
    let target = UnsafeMutableRawPointer(to)
    if distance >= 16 {
      var offset = 0
      repeat {
        // SAFETY: 16 bytes back or more, so that what is read was written; the caller has room.
        let first = unsafe (target - distance + offset).loadUnaligned(as: SIMD16<UInt8>.self)
        unsafe (target + offset).storeBytes(of: first, as: SIMD16<UInt8>.self)
        let second = unsafe (target - distance + offset + 16).loadUnaligned(
          as: SIMD16<UInt8>.self)
        unsafe (target + offset + 16).storeBytes(of: second, as: SIMD16<UInt8>.self)
        offset += 32
      } while offset < length
    } else if distance == 1 {
      unsafe memset(target, Int32(to[-1]), length)
    } else {
      for offset in 0..<length { unsafe to[offset] = to[offset - distance] }
    }
  }
}
