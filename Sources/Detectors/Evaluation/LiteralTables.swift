import Bytes

/// A ``LiteralTable`` as it is searched; nothing is written after the start.
///
/// It serves as long as its store lives.
struct LiteralTables {
  let atoms: Slab<LiteralTable.Atom>
  private let grams: Slab<LiteralTable.Gram>
  private let passes: Slab<LiteralTable.Pass>
  private let bits: Slab<UInt64>
  private let slots: Slab<Int32>
  /// What the atoms' offsets are counted in.
  private let bytes: Slab<UInt8>
  /// Whether a text may stand in a whole number: of the others none does.
  let hasNumbers: Bool

  /// - Parameter store: Has the tables' memory, and that of the bytes.
  init(_ table: LiteralTable, bytes: Slab<UInt8>, in store: SlabStore) {
    atoms = store.slab(table.atoms)
    grams = store.slab(table.grams)
    passes = store.slab(table.passes)
    bits = store.slab(table.bits)
    slots = store.slab(table.slots)
    self.bytes = bytes
    hasNumbers = table.atoms.contains {
      bytes.view($0.offset, $0.count).copy().allSatisfy(\.isDigit)
    }
  }

  /// Whether there is no text to look for.
  var isEmpty: Bool { atoms.count == 0 }

  /// An atom's text, lowered.
  func text(of atom: Int) -> [UInt8] {
    bytes.view(atoms[atom].offset, atoms[atom].count).copy()
  }

  /// What came of a walk.
  enum Outcome {
    /// No gram of any text was met.
    case clean
    /// The walk went to the end.
    case ended
    /// The walk was told to stop.
    case stopped
  }

  /// Calls `found` with each atom that stands in a text, maybe more than once, until it says so.
  ///
  /// - Parameters:
  ///   - isWanted: Whether an atom is still looked for.
  ///   - found: Gets an atom's number and where it stands; says whether to stop.
  /// - Complexity: O(*n*) in the text's bytes and the grams that are met.
  func walk(
    _ text: ByteView, isWanted: (Int) -> Bool, found: (Int, ByteView) -> Bool
  ) -> Outcome {
    var outcome = Outcome.clean
    for place in 0..<passes.count {
      let pass = passes[place]
      let part =
        switch pass.stride {
        case 4: walk(text, pass, by: 4, isWanted, found)
        case 3: walk(text, pass, by: 3, isWanted, found)
        case 2: walk(text, pass, by: 2, isWanted, found)
        default: walk(text, pass, by: 1, isWanted, found)
        }
      if part == .stopped { return .stopped }
      if part == .ended { outcome = .ended }
    }
    return outcome
  }

  @inline(__always) private func walk(
    _ text: ByteView, _ pass: LiteralTable.Pass, by stride: Int, _ isWanted: (Int) -> Bool,
    _ found: (Int, ByteView) -> Bool
  ) -> Outcome {
    let (mask, shift, width) = (pass.mask, pass.shift, Int(pass.width))
    let fold = 0x2020_2020_2020_2020 & mask
    var outcome = Outcome.clean
    var offset = 0
    let end = text.count &- 8
    let bytes = unsafe UnsafeRawPointer(text.start)
    let bits = unsafe self.bits.start + Int(pass.bits)
    while offset <= end {
      // SAFETY: the loop's condition keeps the eight bytes inside; a hash shifted so is a place among the bits.
      let word = unsafe bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
      let gram = UInt64(littleEndian: word) & mask | fold
      let bit = LiteralTable.hash(gram) &>> shift
      if unsafe bits[Int(bit &>> 6)] & (1 &<< (bit & 63)) != 0 {
        outcome = .ended
        if compare(gram, pass, offset, text, isWanted, found) { return .stopped }
      }
      offset &+= stride
    }
    // At the end grams of less than eight bytes fit where eight do not.
    while offset &+ width <= text.count {
      let gram = text.tail(from: offset) & mask | fold
      let bit = LiteralTable.hash(gram) &>> shift
      // SAFETY: as above.
      if unsafe bits[Int(bit &>> 6)] & (1 &<< (bit & 63)) != 0 {
        outcome = .ended
        if compare(gram, pass, offset, text, isWanted, found) { return .stopped }
      }
      offset &+= stride
    }
    return outcome
  }

  /// Compares the texts that have the gram which stands at `offset`; says whether to stop.
  @inline(never) private func compare(
    _ bytes: UInt64, _ pass: LiteralTable.Pass, _ offset: Int, _ text: ByteView,
    _ isWanted: (Int) -> Bool, _ found: (Int, ByteView) -> Bool
  ) -> Bool {
    let slot = LiteralTable.slot(LiteralTable.hash(bytes), pass)
    var place = slots[Int(pass.slots) &+ slot]
    while place >= 0 {
      let gram = grams[Int(place)]
      place = gram.next
      let number = Int(gram.atom)
      guard gram.bytes == bytes, isWanted(number) else { continue }
      let atom = atoms[number]
      let (start, count) = (offset &- Int(gram.place), Int(atom.count))
      guard start >= 0, start &+ count <= text.count else { continue }
      let part = text.slice(start, start &+ count)
      if part.equalsFolded(self.bytes.view(atom.offset, atom.count)), found(number, part) {
        return true
      }
    }
    return false
  }
}
