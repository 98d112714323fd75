import Bytes
import Events

/// Looks for all texts of the rules at once, in the line and in what does not stand there; belongs to one worker.
///
/// A field's text nearly always is a piece of the line, so one walk over the line is a walk over them
/// all; what was unescaped, worked out or set has a walk of its own.
final class LiteralSearch {
  private let store = SlabStore()
  /// What is looked for, and the lists of rules that each text wakes.
  private let texts: LiteralTables
  private let textLists: Int
  private let starts: Slab<Int32>
  private let members: Slab<Int32>
  private let awake: Awake
  /// By atom, the event in which it was found last.
  private let found: Slab<UInt32>
  private var event: UInt32 = 0
  /// Short texts in which nothing was found, by their bytes: categories, actions and the like come again.
  private let clean: Slab<Clean>
  /// The same for longer texts that come twice, such as the source's name; and the hash of the last one.
  private var longClean = [(text: [UInt8], hash: UInt64)](repeating: ([], 0), count: 8)
  private static let longMax = 512
  private let room = TextRoom()
  /// Tells which lines hold none of the texts, where somebody knows.
  private let words: ChunkWords?
  private let party: ChunkWords.Party

  private struct Clean: BitwiseCopyable {
    var first: UInt64 = 0, last: UInt64 = 0
    var count: Int32 = -1
  }

  init(
    _ rules: CompiledRules, waking awake: Awake, knowing words: ChunkWords?,
    as party: ChunkWords.Party
  ) {
    (self.awake, self.words, self.party) = (awake, words, party)
    (texts, textLists) = (rules.texts, rules.textLists)
    (starts, members) = (rules.starts, rules.members)
    found = store.slab(repeating: 0, count: rules.texts.atoms.count)
    clean = store.slab(repeating: Clean(), count: 256)
  }

  /// Wakes the rules whose texts stand in the line itself.
  @inline(__always) func begin(_ event: Event) {
    self.event &+= 1
    if self.event == 0 {
      found.fill(0)
      self.event = 1
    }
    if let words, !words.mayStand(in: event.line, of: party) { return }
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
    case .integer(let integer):
      if texts.hasNumbers || integer < 0 { look(at: room.text(of: integer), of: field, event) }
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
    guard text.count <= 16 else { return look(atLong: text, of: field, event) }
    let (first, last) = text.ends
    let hash = (first ^ last &* 31 ^ UInt64(text.count)) &* 0x9E37_79B9_7F4A_7C15
    let place = Int(hash >> 56)
    let known = clean[place]
    if known.first == first, known.last == last, known.count == Int32(text.count) { return }
    if search(text, in: field, of: event) || holdsNothing(text) {
      clean[place] = Clean(first: first, last: last, count: Int32(text.count))
    }
  }

  private func look(atLong text: ByteView, of field: Int, _ event: Event) {
    let place = text.count & 7
    if longClean[place].text.withView({ $0.equals(text) }) { return }
    _ = search(text, in: field, of: event)
    guard text.count <= LiteralSearch.longMax else { return }
    let hash = ByteHash.hash(text)
    if longClean[place].hash == hash, holdsNothing(text) { longClean[place].text = text.copy() }
    longClean[place].hash = hash
  }

  /// Whether no text stands in another, whatever field asks.
  @inline(never) private func holdsNothing(_ text: ByteView) -> Bool {
    texts.walk(text) { _ in
      true
    } found: { _, _ in
      true
    } != .stopped
  }

  // MARK: Walking

  /// Walks over a text; says whether no gram was met at all.
  ///
  /// - Parameter field: The field whose value it is; `nil` for the line.
  private func search(_ text: ByteView, in field: Int?, of event: Event) -> Bool {
    let outcome = texts.walk(text) { atom in
      found[atom] != self.event
    } found: { atom, part in
      guard isWanted(texts.atoms[atom].field, part, field, event) else { return false }
      found[atom] = self.event
      let list = textLists &+ atom
      for member in Int(starts[list])..<Int(starts[list &+ 1]) { awake.insert(members[member]) }
      return false
    }
    return outcome == .clean
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
