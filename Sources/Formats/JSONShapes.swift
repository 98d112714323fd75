public import Bytes

/// The shapes of JSON lines that were met: the bytes between their values, in a tree.
///
/// A log repeats its shape: the same keys in the same order with the same punctuation. A line that was
/// read the plain way (``JSONReader``) teaches its shape; a later line is held against the tree, each
/// run of bytes between two values in one comparison, and its values are found by the marks of its
/// chunk. What fits is JSON by the grammar, because the shape was and each value is checked; what does
/// not fit (a new order, an escape, a byte above 127, a number with an exponent) is read the plain way.
/// So shapes change the speed, never the answer.
///
/// Bounded: ``nodesMax`` runs, ``siblingsMax`` alternatives at one place, ``valuesMax`` values a line.
@usableFromInline @safe final class JSONShapes {
  /// How many runs of bytes between values are remembered; 112 bytes each.
  static let nodesMax = 2048
  /// How many different runs may follow one value.
  static let siblingsMax = 8
  /// How many values a line may have to be remembered.
  @usableFromInline static let valuesMax = 64
  /// How many bytes one node compares; longer runs take several nodes.
  static let runMax = 32

  /// What follows a run.
  enum Kind: UInt8 {
    /// A string, whose opening quote is the run's last byte.
    case string
    /// A number, `true`, `false` or `null`.
    case scalar
    /// An array.
    case array
    /// An object that is wanted whole.
    case object
    /// More of the same run.
    case more
    /// The end of the line.
    case end
  }

  /// One run, and what follows it.
  struct Node: BitwiseCopyable {
    /// The run's bytes in words, and which of their bits count.
    var words: (UInt64, UInt64, UInt64, UInt64)
    var masks: (UInt64, UInt64, UInt64, UInt64)
    var count: Int32
    /// The first node behind the value, another node in place of this one, and at the end the shape.
    var child: Int32 = -1
    var sibling: Int32 = -1
    var shape: Int32 = -1
    var kind: Kind
    /// How deep objects and arrays are nested here.
    var depth: UInt8

    /// Whether the run stands at `bytes`, of which ``runMax`` can be read.
    @inline(__always) @unsafe func fits(_ bytes: UnsafeRawPointer) -> Bool {
      func word(_ offset: Int) -> UInt64 {
        // SAFETY: the caller promises the bytes.
        unsafe bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
      }
      var differing = (word(0) ^ words.0) & masks.0 | (word(8) ^ words.1) & masks.1
      if count > 16 {
        differing |= (word(16) ^ words.2) & masks.2 | (word(24) ^ words.3) & masks.3
      }
      return differing == 0
    }
  }

  /// Where one value of the line at hand stands.
  @usableFromInline struct Span: BitwiseCopyable {
    @usableFromInline enum Kind: UInt8, BitwiseCopyable {
      case text, integer, number, yes, no, null, structure
    }
    @usableFromInline var start: Int32, end: Int32
    @usableFromInline var kind: Kind

    @inlinable init(start: Int32, end: Int32, kind: Kind) {
      (self.start, self.end, self.kind) = (start, end, kind)
    }
  }

  /// An offset of a line as the end of one of its values and what stands behind it.
  struct Anchor {
    /// The place of the value; -1 for the beginning of the line.
    var value: Int
    var distance: Int
  }

  /// A member of the line's object that nobody asked for, or not for all of it.
  struct Missed {
    var name: Anchor
    var nameCount: Int
    var start: Anchor, end: Anchor
  }

  /// What is known of all lines of one shape.
  struct Shape {
    /// The slots of the values, in order; -1 for what nobody wants.
    var slots: [Int32]
    var missed: [Missed]
  }

  private let nodes: UnsafeMutablePointer<Node>
  @usableFromInline let spans: UnsafeMutablePointer<Span>
  private var nodeCount = 0
  private var root: Int32 = -1
  /// How often lines may still be taken apart to learn from them.
  private var budget = 4 * nodesMax
  private(set) var shapes: [Shape] = []

  init() {
    unsafe nodes = .allocate(capacity: JSONShapes.nodesMax)
    unsafe spans = .allocate(capacity: JSONShapes.valuesMax)
    unsafe spans.initialize(
      repeating: Span(start: 0, end: 0, kind: .null), count: JSONShapes.valuesMax)
  }

  deinit {
    unsafe nodes.deallocate()
    unsafe spans.deallocate()
  }

  /// The value at a place of the line that was held against the tree last.
  @inlinable @inline(__always) func value(_ place: Int, of line: ByteView) -> Value {
    precondition(place >= 0 && place < JSONShapes.valuesMax, "no such value")
    // SAFETY: the line above keeps the read inside.
    let span = unsafe spans[place]
    switch span.kind {
    case .text: return .text(line.slice(Int(span.start), Int(span.end)))
    case .integer: return .integer(JSONShapes.whole(line, span))
    case .yes: return .bool(true)
    case .no: return .bool(false)
    case .null: return .null
    case .structure: return .json(line.slice(Int(span.start), Int(span.end)))
    case .number: return number(line, at: Int(span.start))
    }
  }

  /// The text at a place, when it is one.
  @inlinable @inline(__always) func text(_ place: Int, of line: ByteView) -> ByteView? {
    precondition(place >= 0 && place < JSONShapes.valuesMax, "no such value")
    // SAFETY: the line above keeps the read inside.
    let span = unsafe spans[place]
    return span.kind == .text ? line.slice(Int(span.start), Int(span.end)) : nil
  }

  /// The number at a place, when it is a whole one.
  @inlinable @inline(__always) func integer(_ place: Int, of line: ByteView) -> Int64? {
    precondition(place >= 0 && place < JSONShapes.valuesMax, "no such value")
    // SAFETY: the line above keeps the read inside.
    let span = unsafe spans[place]
    return span.kind == .integer ? JSONShapes.whole(line, span) : nil
  }

  /// The number that at most 18 digits spell.
  @inlinable @inline(__always) static func whole(_ line: ByteView, _ span: Span) -> Int64 {
    var number: Int64 = 0
    for offset in Int(span.start)..<Int(span.end) {
      number = number &* 10 &+ Int64(line[offset] &- 0x30)
    }
    return number
  }

  @usableFromInline func number(_ line: ByteView, at start: Int) -> Value {
    var cursor = JSONCursor(line)
    cursor.offset = start
    // It was found to be a number already.
    return (try? cursor.readNumber()) ?? .null
  }
}

extension JSONShapes {
  /// Adds the members of a line that nobody asked for to a record.
  func addRest(of shape: Int, _ line: ByteView, to record: Record) {
    func offset(_ anchor: Anchor) -> Int {
      guard anchor.value >= 0 else { return anchor.distance }
      // SAFETY: a shape has at most `valuesMax` values.
      return Int(unsafe spans[anchor.value].end) + anchor.distance
    }
    for member in shapes[shape].missed {
      let name = offset(member.name)
      record.rest.append(
        Member(
          name: line.slice(name, name + member.nameCount),
          value: line.slice(offset(member.start), offset(member.end))))
    }
  }
}

// MARK: - Holding a line against the tree

extension JSONShapes {
  /// The shape of a line, whose values ``value(_:of:)`` then gives; or -1.
  ///
  /// - Parameters:
  ///   - line: The line, without its ending.
  ///   - start: Where it begins in the text of the marks.
  /// - Complexity: O(*n*) in what is compared, a few instructions for each value.
  func match(_ line: ByteView, at start: Int, _ marks: ByteMarks) -> Int32 {
    let text = marks.text
    precondition(
      start >= 0 && start &+ line.count <= text.count
        && line.address == text.address &+ UInt(bitPattern: start), "a line outside its text")
    // A node may compare more bytes than the line has, but none outside the text.
    let readable = text.count &- start
    let base = unsafe UnsafeRawPointer(line.start)
    let (stops, stopCount) = unsafe marks.stopWords
    let (nodes, spans) = unsafe (self.nodes, self.spans)
    var place = root
    var (offset, values) = (0, 0)
    while place >= 0 {
      guard offset &+ JSONShapes.runMax <= readable else { return -1 }
      // SAFETY: nodes are numbered below `nodeCount`; the line above keeps the words inside the text.
      let node = unsafe nodes + Int(place)
      let first = offset &+ Int(unsafe node.pointee.count)
      guard unsafe node.pointee.fits(base + offset), first <= line.count else {
        place = unsafe node.pointee.sibling
        continue
      }
      switch unsafe node.pointee.kind {
      case .string:
        // The first stop at or behind the value's beginning.
        var word = (start &+ first) >> 6
        guard word < stopCount else { return -1 }
        // SAFETY: `word` stays below the words that were marked.
        let behind = UInt64.max &<< UInt64(truncatingIfNeeded: start &+ first)
        var bits = unsafe stops[word] & behind
        while bits == 0 {
          word &+= 1
          guard word < stopCount else { return -1 }
          bits = unsafe stops[word]
        }
        let end = word &* 64 &+ bits.trailingZeroBitCount &- start
        // SAFETY: `end` is checked to lie in the line.
        guard end < line.count, unsafe base.load(fromByteOffset: end, as: UInt8.self) == 0x22
        else { return -1 }
        // SAFETY: a path has at most `valuesMax` values.
        unsafe spans[values] = Span(
          start: Int32(truncatingIfNeeded: first), end: Int32(truncatingIfNeeded: end),
          kind: .text)
        values &+= 1
        offset = end
        place = unsafe node.pointee.child
      case .scalar:
        guard let end = scalar(line, at: first, values) else {
          place = unsafe node.pointee.sibling
          continue
        }
        values &+= 1
        offset = end
        place = unsafe node.pointee.child
      case .array, .object:
        // One of them never stands for the other: of an array nobody wants a part.
        let opening: UInt8 = unsafe node.pointee.kind == .array ? 0x5B : 0x7B
        guard first < line.count, line[first] == opening,
          let end = structure(line, at: first, values, depth: unsafe node.pointee.depth)
        else {
          place = unsafe node.pointee.sibling
          continue
        }
        values &+= 1
        offset = end
        place = unsafe node.pointee.child
      case .more:
        offset = first
        place = unsafe node.pointee.child
      case .end:
        if first == line.count { return unsafe node.pointee.shape }
        place = unsafe node.pointee.sibling
      }
    }
    return -1
  }

  /// The end of the plain number or word at `start`, which becomes the value; `nil` when there is none.
  @inline(__always) private func scalar(_ line: ByteView, at start: Int, _ value: Int) -> Int? {
    guard start < line.count else { return nil }
    var span = Span(start: Int32(truncatingIfNeeded: start), end: 0, kind: .integer)
    var offset = start
    while offset < line.count, line[offset].isDigit { offset &+= 1 }
    let digits = offset &- start
    if digits == 0 {
      guard let end = word(line, at: start, &span) else { return nil }
      offset = end
    } else {
      guard digits <= 18, digits == 1 || line[start] != 0x30 else { return nil }
      if offset < line.count, line[offset] == 0x2E {
        let point = offset
        offset &+= 1
        while offset < line.count, line[offset].isDigit { offset &+= 1 }
        guard offset > point &+ 1 else { return nil }
        span.kind = .number
      }
      // An exponent is for the plain reader.
      if offset < line.count, line[offset] | 0x20 == 0x65 { return nil }
    }
    span.end = Int32(truncatingIfNeeded: offset)
    // SAFETY: a path has at most `valuesMax` values.
    unsafe spans[value] = span
    return offset
  }

  private func word(_ line: ByteView, at start: Int, _ span: inout Span) -> Int? {
    switch line[start] {
    case UInt8(ascii: "t") where line.has("true", at: start):
      span.kind = .yes
      return start + 4
    case UInt8(ascii: "f") where line.has("false", at: start):
      span.kind = .no
      return start + 5
    case UInt8(ascii: "n") where line.has("null", at: start):
      span.kind = .null
      return start + 4
    case UInt8(ascii: "-"):
      var cursor = JSONCursor(line)
      cursor.offset = start
      guard (try? cursor.skipNumber()) != nil else { return nil }
      span.kind = .number
      return cursor.offset
    default: return nil
    }
  }

  private func structure(_ line: ByteView, at start: Int, _ value: Int, depth: UInt8) -> Int? {
    var cursor = JSONCursor(line)
    cursor.offset = start
    guard (try? cursor.skipValue(depth: Int(depth))) != nil else { return nil }
    // SAFETY: a path has at most `valuesMax` values.
    unsafe spans[value] = Span(
      start: Int32(truncatingIfNeeded: start), end: Int32(truncatingIfNeeded: cursor.offset),
      kind: .structure)
    return cursor.offset
  }
}

// MARK: - Learning

extension JSONShapes {
  /// One value of a line that is learned: the run before it, what it is, and where it goes.
  struct Item {
    var start: Int, end: Int
    var kind: Kind
    var slot: Int32
    var depth: UInt8
  }

  /// Whether another line may be learned from.
  var mayLearn: Bool { budget > 0 && nodeCount < JSONShapes.nodesMax }

  /// Says that a line was looked at to learn from it.
  func spend() { budget -= 1 }

  /// Adds the shape of a line; does nothing when there is no room for it.
  ///
  /// - Parameters:
  ///   - items: The line's values in order, and its end.
  ///   - missed: The members that nobody asked for.
  func learn(_ items: [Item], missed: [Missed], of line: ByteView) {
    guard items.count <= JSONShapes.valuesMax else { return }
    var parent: Int32 = -1
    for (place, item) in items.enumerated() {
      var start = item.start
      repeat {
        let end = min(item.end, start + JSONShapes.runMax)
        let kind = end < item.end ? Kind.more : item.kind
        guard let node = node(below: parent, line.slice(start, end), kind, item.depth) else {
          return
        }
        parent = node
        start = end
      } while start < item.end
      guard place == items.count - 1 else { continue }
      // SAFETY: the node was found or made above.
      if unsafe nodes[Int(parent)].shape < 0 {
        unsafe nodes[Int(parent)].shape = Int32(shapes.count)
        shapes.append(Shape(slots: items.dropLast().map(\.slot), missed: missed))
      }
    }
  }

  /// The node for a run below another node, made when there is none yet.
  private func node(
    below parent: Int32, _ run: ByteView, _ kind: Kind, _ depth: UInt8
  ) -> Int32? {
    var fresh = Node(
      words: (0, 0, 0, 0), masks: (0, 0, 0, 0), count: Int32(run.count), kind: kind, depth: depth)
    var words: [4 of UInt64] = [0, 0, 0, 0]
    var masks: [4 of UInt64] = [0, 0, 0, 0]
    for offset in 0..<run.count {
      words[offset / 8] |= UInt64(run[offset]) << UInt64(offset % 8 * 8)
      masks[offset / 8] |= 0xFF << UInt64(offset % 8 * 8)
    }
    fresh.words = (
      words[0].littleEndian, words[1].littleEndian, words[2].littleEndian, words[3].littleEndian
    )
    fresh.masks = (
      masks[0].littleEndian, masks[1].littleEndian, masks[2].littleEndian, masks[3].littleEndian
    )
    // SAFETY: nodes are numbered below `nodeCount`.
    var place = parent < 0 ? root : unsafe nodes[Int(parent)].child
    var (last, count): (Int32, Int) = (-1, 0)
    while place >= 0 {
      let node = unsafe nodes[Int(place)]
      if node.kind == kind, node.count == fresh.count, node.words == fresh.words { return place }
      (last, place) = (place, node.sibling)
      count += 1
    }
    guard count < JSONShapes.siblingsMax, nodeCount < JSONShapes.nodesMax else { return nil }
    let number = Int32(nodeCount)
    // SAFETY: there is room, as was just asked.
    unsafe (nodes + nodeCount).initialize(to: fresh)
    nodeCount += 1
    if last >= 0 {
      unsafe nodes[Int(last)].sibling = number
    } else if parent >= 0 {
      unsafe nodes[Int(parent)].child = number
    } else {
      root = number
    }
    return number
  }
}
