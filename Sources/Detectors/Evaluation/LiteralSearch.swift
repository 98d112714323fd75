import Bytes
import Events

/// Looks for all texts of the rules at once, in the line and in what does not stand there; belongs to one worker.
///
/// A field's text nearly always is a piece of the line, so one walk over the line is a walk over them
/// all; what was unescaped, worked out or set has a walk of its own.
final class LiteralSearch {
  private let rules: CompiledRules
  private let awake: Awake
  /// By atom, the event in which it was found last.
  private let found: Slab<UInt32>
  private var event: UInt32 = 0
  /// Short texts in which nothing was found, by their bytes: categories, actions and the like come again.
  private let clean: Slab<Clean>
  private let room = TextRoom()

  private struct Clean: BitwiseCopyable {
    var first: UInt64 = 0, last: UInt64 = 0
    var count: Int32 = -1
  }

  init(_ rules: CompiledRules, waking awake: Awake) {
    (self.rules, self.awake) = (rules, awake)
    found = Slab(repeating: 0, count: rules.atoms.count)
    clean = Slab(repeating: Clean(), count: 256)
  }

  /// Wakes the rules whose texts stand in the line itself.
  @inline(__always) func begin(_ event: Event) {
    self.event &+= 1
    if self.event == 0 {
      found.fill(0)
      self.event = 1
    }
    _ = search(event.line, in: nil, of: event)
  }

  /// Wakes the rules whose texts stand in a field's value, as far as it does not stand in the line.
  @inline(__always) func look(at value: Value, of field: Int, _ event: Event) {
    switch value {
    case .null: return
    case .text(let text): if !text.stands(in: event.line) { look(at: text, of: field, event) }
    default: look(atOther: value, of: field, event, depth: 0)
    }
  }

  @inline(never) private func look(
    atOther value: Value, of field: Int, _ event: Event, depth: Int
  ) {
    switch value {
    case .null: return
    case .text(let text): look(at: text, of: field, event)
    case .integer(let integer): look(at: room.text(of: integer), of: field, event)
    case .number(_, let text): if !text.stands(in: event.line) { look(at: text, of: field, event) }
    case .bool(let truth): look(at: ByteView(truth ? "true" : "false"), of: field, event)
    case .json(let json):
      let hasEscapes = json.firstOffset(of: UInt8(ascii: "\\")) != nil
      if !hasEscapes, json.stands(in: event.line) { return }
      guard depth < JSONElements.depthMax, var elements = JSONElements(json) else {
        if !json.stands(in: event.line) { look(at: json, of: field, event) }
        return
      }
      while let element = elements.next(room) {
        look(atOther: element, of: field, event, depth: depth + 1)
      }
    }
  }

  private func look(at text: ByteView, of field: Int, _ event: Event) {
    guard text.count <= 16 else {
      _ = search(text, in: field, of: event)
      return
    }
    let (first, last) = text.ends
    let hash = (first ^ last &* 31 ^ UInt64(text.count)) &* 0x9E37_79B9_7F4A_7C15
    let place = Int(hash >> 56)
    let known = clean[place]
    if known.first == first, known.last == last, known.count == Int32(text.count) { return }
    if search(text, in: field, of: event) {
      clean[place] = Clean(first: first, last: last, count: Int32(text.count))
    }
  }

  // MARK: Walking

  /// Walks over a text; says whether no gram was met at all.
  ///
  /// - Parameter field: The field whose value it is; `nil` for the line.
  private func search(_ text: ByteView, in field: Int?, of event: Event) -> Bool {
    var isClean = true
    for place in 0..<rules.passes.count {
      let pass = rules.passes[place]
      if !search(text, in: field, of: event, pass) { isClean = false }
    }
    return isClean
  }

  @inline(__always) private func search(
    _ text: ByteView, in field: Int?, of event: Event, _ pass: LiteralTable.Pass
  ) -> Bool {
    switch pass.stride {
    case 4: search(text, in: field, of: event, pass, by: 4)
    case 2: search(text, in: field, of: event, pass, by: 2)
    default: search(text, in: field, of: event, pass, by: 1)
    }
  }

  @inline(__always) private func search(
    _ text: ByteView, in field: Int?, of event: Event, _ pass: LiteralTable.Pass, by stride: Int
  ) -> Bool {
    let (mask, shift, width) = (pass.mask, pass.shift, Int(pass.width))
    let fold = 0x2020_2020 & mask
    var isClean = true
    var offset = 0
    let end = text.count &- 4
    let bytes = unsafe UnsafeRawPointer(text.start)
    let bits = unsafe rules.gramBits.start + Int(pass.bits)
    while offset <= end {
      // SAFETY: the loop's condition keeps the four bytes inside; a hash shifted so is a place among the bits.
      let word = unsafe bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)
      let gram = UInt32(littleEndian: word) & mask | fold
      let bit = LiteralTable.hash(gram) &>> shift
      if unsafe bits[Int(bit &>> 6)] & (1 &<< UInt64(bit & 63)) != 0 {
        isClean = false
        compare(gram, pass, offset, text, field, event)
      }
      offset &+= stride
    }
    // Grams of two or three bytes fit where four do not.
    while offset &+ width <= text.count {
      var gram = fold
      for place in 0..<width { gram |= UInt32(text[offset &+ place]) << UInt32(8 &* place) }
      let bit = LiteralTable.hash(gram) &>> shift
      if unsafe bits[Int(bit &>> 6)] & (1 &<< UInt64(bit & 63)) != 0 {
        isClean = false
        compare(gram, pass, offset, text, field, event)
      }
      offset &+= stride
    }
    return isClean
  }

  /// Compares the texts that have the gram which stands at `offset`.
  @inline(never) private func compare(
    _ bytes: UInt32, _ pass: LiteralTable.Pass, _ offset: Int, _ text: ByteView, _ field: Int?,
    _ event: Event
  ) {
    let slot = LiteralTable.slot(LiteralTable.hash(bytes), pass)
    var place = rules.gramSlots[Int(pass.slots) &+ slot]
    while place >= 0 {
      let gram = rules.grams[Int(place)]
      place = gram.next
      let number = Int(gram.atom)
      guard gram.bytes == bytes, found[number] != self.event else { continue }
      let atom = rules.atoms[number]
      let (start, count) = (offset &- Int(gram.place), Int(atom.count))
      guard start >= 0, start &+ count <= text.count else { continue }
      let part = text.slice(start, start &+ count)
      guard part.equalsFolded(rules.bytes.view(atom.offset, atom.count)),
        isWanted(atom.field, part, field, event)
      else { continue }
      found[number] = self.event
      let list = rules.literalLists &+ number
      for member in Int(rules.starts[list])..<Int(rules.starts[list &+ 1]) {
        awake.insert(rules.members[member])
      }
    }
  }

  /// Whether a text that stands somewhere stands where an atom looks for it.
  @inline(__always) private func isWanted(
    _ wanted: UInt16, _ part: ByteView, _ field: Int?, _ event: Event
  ) -> Bool {
    if wanted == Program.keyword { return true }
    if let field { return field == Int(wanted) }
    switch event[Field(index: Int(wanted))] {
    case .text(let text), .json(let text), .number(_, let text): return part.stands(in: text)
    default: return false
    }
  }
}

extension ByteView {
  /// Whether the view is a piece of `other`, in the same place in memory.
  @inline(__always) func stands(in other: ByteView) -> Bool {
    address >= other.address && address &+ UInt(count) <= other.address &+ UInt(other.count)
  }
}
