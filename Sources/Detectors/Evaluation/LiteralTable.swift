import Bytes

/// Many texts that are looked for at once: where one of a few bytes of each stands, it is compared.
///
/// Of each text the rarest gram (four neighbouring bytes; of shorter texts three or two) stands in a table by
/// hash, and a bit says for each hash whether there is any. So looking costs one multiplication and one bit a byte
/// whatever the number of texts; an automaton's transitions for thousands of texts would not fit into the
/// processor's caches.
struct LiteralTable: Sendable {
  /// One text in one field.
  struct Atom: BitwiseCopyable {
    /// The text, lowered, in the program's bytes.
    var offset: Int32, count: Int32
    /// The field whose value it must stand in, or ``Program/keyword``.
    var field: UInt16
    /// Where in the text the gram stands.
    var place: UInt16
    /// The gram's bytes, each with bit 5 set, so that capitals are as small letters.
    var gram: UInt32
    /// The next atom of the same slot, or -1.
    var next: Int32
  }

  /// The texts whose grams have one width.
  struct Pass: BitwiseCopyable {
    /// How many bytes a gram has, and which bits of four bytes those are.
    var width: Int32
    var mask: UInt32
    /// The first word of the bits, and how far a hash is shifted to be a bit's place.
    var bits: Int32, shift: UInt32
    /// The first slot, and the slots' mask.
    var slots: Int32, slotMask: UInt32
  }

  private(set) var atoms: [Atom] = []
  private(set) var passes: [Pass] = []
  private(set) var bits: [UInt64] = []
  private(set) var slots: [Int32] = []

  /// The bits have at most this many places, so that they stay in the second cache: 128 KiB.
  static let bitsMax = 1 << 20

  /// Builds the tables.
  ///
  /// - Parameter texts: Each lowered text, at least two bytes long, where it was stored, and its field.
  init(_ texts: [(text: [UInt8], offset: Int32, field: UInt16)]) {
    for width in [4, 3, 2] {
      let places = texts.indices.filter { min(4, texts[$0].text.count) == width }
      if !places.isEmpty { add(places.map { texts[$0] }, width: width) }
    }
    // Atoms are found by their numbers, which are the texts' own.
    let order = [4, 3, 2].flatMap { width in
      texts.indices.filter { min(4, texts[$0].text.count) == width }
    }
    let numbers = order.map(Int32.init)
    let byPass = atoms
    for (place, number) in numbers.enumerated() {
      atoms[Int(number)] = byPass[place]
      if byPass[place].next >= 0 { atoms[Int(number)].next = numbers[Int(byPass[place].next)] }
    }
    slots = slots.map { $0 < 0 ? $0 : numbers[Int($0)] }
  }

  private mutating func add(
    _ texts: [(text: [UInt8], offset: Int32, field: UInt16)], width: Int
  ) {
    var (places, slotCount) = (1 << 12, 16)
    while places < texts.count * 32, places < LiteralTable.bitsMax { places *= 2 }
    while slotCount < texts.count * 2 { slotCount *= 2 }
    let mask: UInt32 = width == 4 ? .max : 1 << UInt32(width * 8) - 1
    let pass = Pass(
      width: Int32(width), mask: mask, bits: Int32(bits.count),
      shift: UInt32(32 - places.trailingZeroBitCount), slots: Int32(slots.count),
      slotMask: UInt32(slotCount - 1))
    bits += [UInt64](repeating: 0, count: places / 64)
    slots += [Int32](repeating: -1, count: slotCount)
    // The same text in another field shares its gram; other texts rather have one of their own.
    var chosen: [[UInt8]: Int] = [:]
    var loads: [UInt32: Int] = [:]
    for (text, offset, field) in texts {
      let place =
        chosen[text]
        ?? (0...(text.count - width)).min { left, right in
          let (one, other) = (
            LiteralTable.gram(text, left, width), LiteralTable.gram(text, right, width)
          )
          let oneCost = (LiteralTable.weight(one, width), loads[one] ?? 0)
          return oneCost < (LiteralTable.weight(other, width), loads[other] ?? 0)
        } ?? 0
      chosen[text] = place
      let gram = LiteralTable.gram(text, place, width)
      loads[gram, default: 0] += 1
      let hash = LiteralTable.hash(gram)
      let bit = Int(hash >> pass.shift)
      bits[Int(pass.bits) + bit / 64] |= 1 << UInt64(bit % 64)
      let slot = Int(pass.slots) + Int(hash & pass.slotMask)
      atoms.append(
        Atom(
          offset: offset, count: Int32(text.count), field: field, place: UInt16(place),
          gram: gram, next: slots[slot]))
      slots[slot] = Int32(atoms.count - 1)
    }
    passes.append(pass)
  }

  /// About how often a gram is met: whether usual lines have it, then how many other texts do.
  private static func weight(_ gram: UInt32, _ width: Int) -> Int {
    usual[width - 2].contains(gram) ? 1 : 0
  }

  private static let usual: [Set<UInt32>] = [2, 3, 4].map { width in
    let text = RequiredLiterals.background.copy()
    return Set((0...(text.count - width)).map { gram(text, $0, width) })
  }

  private static func gram(_ text: [UInt8], _ place: Int, _ width: Int) -> UInt32 {
    (0..<width).reduce(0) { $0 | UInt32(text[place + $1] | 0x20) << UInt32(8 * $1) }
  }

  /// Spreads a gram; the upper bits are a place among the bits, the lower ones a slot.
  @inline(__always) static func hash(_ gram: UInt32) -> UInt32 {
    let product = gram &* 0x9E37_79B1
    return product ^ (product >> 15)
  }
}
