import Bytes

/// Many texts that are looked for at once: where a few bytes of one stand, it is compared.
///
/// Of each text some neighbouring grams (of eight bytes, of a shorter text fewer) stand in a table by hash, and a
/// bit says for each hash whether there is any. When a text has four such grams, one behind the other, it is enough
/// to look at every fourth byte of a line. So looking costs a multiplication and a bit for every four bytes, whatever
/// the number of texts, and none waits for the one before; the automaton of Aho and Corasick, which takes one byte after
/// the other, costs about three seconds a GB with ten texts as with thousands. Shorter texts have a pass of their own
/// when there are any.
struct LiteralTable: Sendable {
  /// One text in one field.
  struct Atom: BitwiseCopyable {
    /// The text, lowered, in the program's bytes.
    var offset: Int32, count: Int32
    /// The field whose value it must stand in, or ``Program/keyword``.
    var field: UInt16
  }

  /// A gram of an atom.
  struct Gram: BitwiseCopyable {
    /// The bytes, each with bit 5 set, so that capitals are as small letters.
    var bytes: UInt64
    var atom: Int32
    /// Where in the text it stands.
    var place: Int32
    /// The next gram of the same slot, or -1.
    var next: Int32
  }

  /// The texts that are looked for in one way.
  struct Pass: BitwiseCopyable {
    /// How many bytes a gram has, and which bits of eight bytes those are.
    var width: Int32
    var mask: UInt64
    /// How many bytes lie between two grams of a line that are looked at.
    var stride: Int32
    /// The first word of the bits, and how far a hash is shifted to be a bit's place.
    var bits: Int32, shift: UInt64
    /// The first slot, and the slots' mask.
    var slots: Int32, slotMask: UInt64
  }

  private(set) var atoms: [Atom] = []
  private(set) var grams: [Gram] = []
  private(set) var passes: [Pass] = []
  private(set) var bits: [UInt64] = []
  private(set) var slots: [Int32] = []

  /// The bits have at most this many places, so that they stay in the second cache: 256 KiB.
  static let bitsMax = 1 << 21
  /// What texts of a length ask for: the shortest, the grams' width and the stride.
  private static let kinds = [
    (11, 8, 4), (8, 6, 3), (5, 4, 2), (4, 4, 1), (3, 3, 1), (2, 2, 1),
  ]

  /// A text that is looked for.
  struct Wanted {
    /// The text, lowered, at least two bytes long.
    var text: [UInt8]
    /// Where it was stored.
    var offset: Int32
    /// The field whose value it must stand in, or ``Program/keyword``.
    var field: UInt16
    /// A rule that looks for it.
    var rule: Int32
  }

  /// Builds the tables.
  init(_ texts: [Wanted]) {
    atoms = texts.map { Atom(offset: $0.offset, count: Int32($0.text.count), field: $0.field) }
    var longest = Int.max
    for (shortest, width, stride) in LiteralTable.kinds {
      let places = texts.indices.filter {
        texts[$0].text.count >= shortest && texts[$0].text.count < longest
      }
      longest = shortest
      if !places.isEmpty {
        add(places.map { ($0, texts[$0]) }, width: width, stride: stride)
      }
    }
  }

  private mutating func add(_ texts: [(atom: Int, wanted: Wanted)], width: Int, stride: Int) {
    var (places, slotCount) = (1 << 12, 16)
    while places < texts.count * stride * 32, places < LiteralTable.bitsMax { places *= 2 }
    while slotCount < texts.count * stride * 2 { slotCount *= 2 }
    let pass = Pass(
      width: Int32(width), mask: width == 8 ? .max : 1 << UInt64(width * 8) - 1,
      stride: Int32(stride), bits: Int32(bits.count),
      shift: UInt64(64 - places.trailingZeroBitCount), slots: Int32(slots.count),
      slotMask: UInt64(slotCount - 1))
    bits += [UInt64](repeating: 0, count: places / 64)
    slots += [Int32](repeating: -1, count: slotCount)
    // The same text in another field shares its grams.
    var chosen: [[UInt8]: Int] = [:]
    let spread = LiteralTable.spread(of: texts.map(\.wanted), width)
    for (atom, wanted) in texts {
      let text = wanted.text
      let all = (0...(text.count - width)).map { LiteralTable.gram(text, $0, width) }
      let start = chosen[text] ?? LiteralTable.best(of: all, stride, width, spread)
      chosen[text] = start
      for place in start..<(start + stride) {
        let gram = all[place]
        let hash = LiteralTable.hash(gram)
        let bit = Int(hash >> pass.shift)
        bits[Int(pass.bits) + bit / 64] |= 1 << UInt64(bit % 64)
        let slot = Int(pass.slots) + LiteralTable.slot(hash, pass)
        grams.append(
          Gram(bytes: gram, atom: Int32(atom), place: Int32(place), next: slots[slot]))
        slots[slot] = Int32(grams.count - 1)
      }
    }
    passes.append(pass)
  }

  /// How many rules have a gram in their texts: what many have is a word of their trade, and lines have it, too.
  private static func spread(of texts: [Wanted], _ width: Int) -> [UInt64: Int] {
    var counts: [UInt64: (count: Int, rule: Int32)] = [:]
    for wanted in texts.sorted(by: { $0.rule < $1.rule }) {
      for place in 0...(wanted.text.count - width) {
        let gram = gram(wanted.text, place, width)
        let (count, rule) = counts[gram] ?? (0, -1)
        if rule != wanted.rule { counts[gram] = (count + 1, wanted.rule) }
      }
    }
    return counts.mapValues(\.count)
  }

  /// Where the rarest run of `count` grams begins: grams that usual lines have count most, then those that
  /// many rules have.
  private static func best(
    of grams: [UInt64], _ count: Int, _ width: Int, _ spread: [UInt64: Int]
  ) -> Int {
    let costs = grams.map {
      (usual[width]?.contains($0) ?? false ? 1000 : 0) + min(spread[$0] ?? 0, 999)
    }
    var (best, lowest) = (0, Int.max)
    for start in 0...(grams.count - count) {
      let cost = costs[start..<(start + count)].reduce(0, +)
      if cost < lowest { (best, lowest) = (start, cost) }
    }
    return best
  }

  private static let usual: [Int: Set<UInt64>] = {
    let text = RequiredLiterals.background.copy()
    let widths = Set(kinds.map { $0.1 })
    return Dictionary(
      uniqueKeysWithValues: widths.map { width in
        (width, Set((0...(text.count - width)).map { gram(text, $0, width) }))
      })
  }()

  private static func gram(_ text: [UInt8], _ place: Int, _ width: Int) -> UInt64 {
    (0..<width).reduce(0) { $0 | UInt64(text[place + $1] | 0x20) << UInt64(8 * $1) }
  }

  /// Spreads a gram; the upper bits are a place among the bits.
  @inline(__always) static func hash(_ gram: UInt64) -> UInt64 { gram &* 0x9E37_79B9_7F4A_7C15 }

  /// The slot of a hash.
  @inline(__always) static func slot(_ hash: UInt64, _ pass: Pass) -> Int {
    Int((hash &>> 20) & pass.slotMask)
  }
}
