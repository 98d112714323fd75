/// One table that turns the next bits of a deflate stream into a symbol.
///
/// The first `rootBits` bits choose an entry; codes that are longer go on in a table of their own
/// behind it. An entry holds all that the decoder needs:
///
/// | bits | meaning |
/// |---|---|
/// | 0-5 | how many bits the code and its extra bits have, or both literals'; of a link, nothing |
/// | 6 | a literal |
/// | 7 | a second literal behind the first |
/// | 8-12 | how many bits the first code has; of a link, how many bits choose in its table |
/// | 13 | the end of the block |
/// | 14 | a link to another table |
/// | 15 | not a literal, length or distance: end, link, or a code that can not be |
/// | 16-31 | the literals, the base of the length or distance, or where the linked table begins |
///
/// Text has long runs of literals with short codes, which is why two may share an entry.
///
/// Memory is bounded: 2,048 entries and 16 for each of 288 symbols, or 256 and 128 for each of 32.
///
/// - SeeAlso: RFC 1951, section 3.2.
@safe final class DeflateTable {
  /// What an entry says beside its numbers.
  enum Flag {
    static var end: UInt32 { 1 << 13 }
    static var link: UInt32 { 1 << 14 }
    static var special: UInt32 { 1 << 15 }
    static var literal: UInt32 { 1 << 6 }
    static var pair: UInt32 { 1 << 7 }
  }

  /// The longest code of the format.
  static var codeBitsMax: Int { 15 }
  /// How many bits choose among literals and lengths, and among distances, at first.
  static var literalBits: Int { 10 }
  static var distanceBits: Int { 8 }

  /// Which code a table is for.
  enum Kind { case literals, distances, lengths }

  /// How many bits choose in the first table.
  let rootBits: Int
  /// The entries; at least 2 to the power of `rootBits`.
  let entries: UnsafeMutablePointer<UInt32>
  private let kind: Kind
  /// Each symbol's entry without the length of its code.
  private let symbols: [UInt32]
  private var sorted: [UInt16]

  /// A table in which no code can be.
  init(_ kind: Kind) {
    self.kind = kind
    switch kind {
    case .literals: (rootBits, symbols) = (Self.literalBits, Self.literalSymbols)
    case .distances: (rootBits, symbols) = (Self.distanceBits, Self.distanceSymbols)
    case .lengths: (rootBits, symbols) = (7, Self.lengthSymbols)
    }
    sorted = [UInt16](repeating: 0, count: symbols.count)
    let capacity = 1 << rootBits + symbols.count << max(0, Self.codeBitsMax - rootBits)
    unsafe entries = .allocate(capacity: capacity)
    unsafe entries.initialize(repeating: Flag.special, count: capacity)
  }

  deinit { unsafe entries.deallocate() }

  /// Makes the table of the code whose symbols have these lengths.
  ///
  /// What is accepted is what zlib accepts: complete codes, a single code of one bit, and no codes at
  /// all, whose use is an error later on.
  ///
  /// - Returns: Whether there can be such a code.
  /// - Complexity: O(2 to the power of `rootBits`, and the number of symbols).
  func build(_ lengths: ArraySlice<UInt8>) -> Bool {
    var counts = [16 of Int](repeating: 0)
    for length in lengths { counts[Int(length)] += 1 }
    var longest = Self.codeBitsMax
    while longest > 0, counts[longest] == 0 { longest -= 1 }
    var left = 1
    var starts = [16 of Int](repeating: 0)
    for length in 1...Self.codeBitsMax {
      left = left << 1 - counts[length]
      if left < 0 { return false }
      if length < Self.codeBitsMax { starts[length + 1] = starts[length] + counts[length] }
    }
    if left > 0, longest > (kind == .lengths ? 0 : 1) { return false }
    for (symbol, length) in lengths.enumerated() where length > 0 {
      sorted[starts[Int(length)]] = UInt16(symbol)
      starts[Int(length)] += 1
    }
    fill(counts, longest)
    return true
  }

  /// Writes the entries of a code that was checked.
  private func fill(_ counts: [16 of Int], _ longest: Int) {
    // Without codes, a bit of any kind is no code; the code for code lengths reads it as zero.
    let invalid = (kind == .lengths ? 0 : Flag.special) | 1 << 8 | 1
    // SAFETY: until the root is full, a code of `length` bits is less than 2 to that power, which is
    // the part of the table in use; and that part is doubled at most to the root's size.
    unsafe entries[0] = invalid
    var (code, place) = (0, 0)
    for length in 1...rootBits {
      unsafe (entries + 1 << (length - 1)).update(from: entries, count: 1 << (length - 1))
      for _ in 0..<counts[length] {
        unsafe entries[code] = entry(place, length)
        place += 1
        code = Self.next(code, length)
      }
    }
    if kind == .literals { joinLiterals() }
    guard longest > rootBits else { return }
    var (end, prefix, linked, linkedBits) = (1 << rootBits, -1, 0, 0)
    for length in (rootBits + 1)...longest {
      for number in 0..<counts[length] {
        if code & (1 << rootBits - 1) != prefix {
          prefix = code & (1 << rootBits - 1)
          // As many bits as the codes with this beginning need.
          linkedBits = length - rootBits
          var room = 1 << linkedBits - (counts[length] - number)
          while room > 0, rootBits + linkedBits < longest {
            linkedBits += 1
            room = room << 1 - counts[rootBits + linkedBits]
          }
          linked = end
          end += 1 << linkedBits
          // SAFETY: each linked table holds a symbol of its own and at most 2 to the power of 15
          // less the root's bits entries, for which there is room.
          unsafe entries[prefix] =
            Flag.special | Flag.link | UInt32(linked) << 16 | UInt32(linkedBits) << 8
        }
        let value = entry(place, length)
        var offset = code >> rootBits
        while offset < 1 << linkedBits {
          unsafe entries[linked + offset] = value
          offset += 1 << (length - rootBits)
        }
        place += 1
        code = Self.next(code, length)
      }
    }
  }

  /// Gives each literal whose code leaves room for another the one that follows it.
  private func joinLiterals() {
    var place = 1 << rootBits
    while place > 0 {
      place -= 1
      // SAFETY: both are in the root. The second comes before the first, or is the same, so that it
      // has not been joined yet. Choosing without a branch halves the time.
      let first = unsafe entries[place]
      let second = unsafe entries[place &>> Int(first & 63)]
      let width = (first & 63) &+ (second & 63)
      let joined = first & ~63 | width | Flag.pair | (second & 0xFF_0000) &<< 8
      let isPair = first & second & Flag.literal != 0 && width <= UInt32(Self.literalBits)
      unsafe entries[place] = isPair ? joined : first
    }
  }

  private func entry(_ place: Int, _ length: Int) -> UInt32 {
    symbols[Int(sorted[place])] &+ UInt32(length) &* 0x101
  }

  /// The code that follows `code`, both with their first bit lowest.
  private static func next(_ code: Int, _ length: Int) -> Int {
    var bit = 1 << (length - 1)
    while code & bit != 0 { bit >>= 1 }
    return bit == 0 ? 0 : code & (bit - 1) | bit
  }

  private static let literalSymbols: [UInt32] = {
    var symbols = (0..<256).map { Flag.literal | UInt32($0) << 16 }
    symbols.append(Flag.special | Flag.end)
    // Lengths 3 through 10, then four for each number of extra bits, and 258 by itself.
    var base: UInt32 = 3
    for code in 0..<28 {
      let extra = code < 8 ? 0 : UInt32(code - 4) / 4
      symbols.append(base << 16 | extra)
      base += 1 << extra
    }
    symbols.append(258 << 16)
    return symbols + [Flag.special, Flag.special]
  }()

  private static let distanceSymbols: [UInt32] = {
    var (symbols, base) = ([UInt32](), UInt32(1))
    for code in 0..<30 {
      let extra = code < 4 ? 0 : UInt32(code - 2) / 2
      symbols.append(base << 16 | extra)
      base += 1 << extra
    }
    return symbols + [Flag.special, Flag.special]
  }()

  private static let lengthSymbols: [UInt32] = (0..<19).map { UInt32($0) << 16 }
}
