import Alerts
import Bytes
import Events
import Pipelines

/// Writes events as JSON lines: the dots of a field's name open objects.
///
/// The names and their order are those of an ``EventPlan``; what stands between the values is laid
/// out once for each ``EventShape``, of which as many are kept as a log is likely to have. What is
/// written goes to one buffer, and on to `sink` when that is full or ``flush()`` asks. Nothing is
/// allocated from line to line, unless one value needs more than the whole buffer.
@safe final class EventWriter {
  /// How many bytes are gathered before they go out.
  static let bufferBytes = 256 << 10
  /// How many shapes are kept; a power of two.
  private static let shapesMax = 256

  private let plan: EventPlan
  private let sink: (ByteView) -> Void
  /// The shapes that were met, by the hash of their fields.
  private var shapes: [EventShape?] = Array(repeating: nil, count: shapesMax)
  private var buffer: UnsafeMutablePointer<UInt8>
  private var capacity: Int
  private var pen: Pen
  private var stamps = StampText()
  /// What opens the object of the members whose names are taken: `,"unmapped":`.
  private let unmapped: [UInt8]

  /// A writer for the fields of a table.
  ///
  /// - Parameter sink: Takes what was written; the bytes are gone when it returns.
  init(_ table: FieldTable, sink: @escaping (ByteView) -> Void) {
    plan = EventPlan(table)
    var json = JSONWriter()
    json.key(plan.top.unmapped)
    unmapped = [UInt8(ascii: ",")] + json.bytes
    self.sink = sink
    capacity = EventWriter.bufferBytes
    unsafe buffer = .allocate(capacity: capacity + Pen.slack)
    // SAFETY: the buffer has the slack, and goes away with the writer or with the next pen.
    pen = unsafe Pen(buffer, count: capacity)
  }

  deinit { unsafe buffer.deallocate() }

  /// Passes on what was gathered.
  func flush() {
    let count = Int(pen.address - UInt(bitPattern: unsafe buffer))
    guard count > 0 else { return }
    // SAFETY: the pen wrote every byte from the start of the buffer up to its place.
    sink(unsafe ByteView(base: UnsafePointer(buffer), count: count))
    pen = unsafe Pen(buffer, count: capacity)
  }

  /// Flushes, and makes the buffer larger when even then there is no room for so many bytes.
  @inline(never) private func makeRoom(_ count: Int, _ pen: inout Pen) {
    self.pen = pen
    flush()
    if count > capacity {
      unsafe buffer.deallocate()
      capacity = count
      unsafe buffer = .allocate(capacity: capacity + Pen.slack)
      // SAFETY: as in the beginning.
      self.pen = unsafe Pen(buffer, count: capacity)
    }
    pen = self.pen
  }

  /// Writes one event as a line.
  func write(_ event: Event, at place: LinePlace) {
    let shape = shape(of: event)
    var pen = self.pen
    for number in 0..<shape.count {
      let part = shape.part(number)
      switch part.leaf {
      case .field, .number:
        let value = event.value(slot: Int(part.slot))
        if case .text(let text) = value {
          begin(part, of: shape, growing: text.count, &pen)
          // A number by definition is one when its text spells a number in the only way there is.
          if part.leaf == .number, text.isCanonicalNumber {
            pen.copy(text)
          } else {
            pen.quoted(text)
          }
        } else {
          write(value, part, of: shape, &pen)
        }
      case .time:
        begin(part, of: shape, &pen)
        stamps.write(event.time, &pen)
      case .line:
        begin(part, of: shape, &pen)
        pen.decimal(place.number)
      case .offset:
        begin(part, of: shape, &pen)
        pen.decimal(place.offset)
      case .end:
        begin(part, of: shape, &pen)
        if !event.rest.isEmpty { write(event.rest, &pen) }
        pen.word(0x0A7D, count: 2)
      }
    }
    self.pen = pen
  }

  /// Writes the members of a record that have no field under their own names; those whose names
  /// are taken stand together in an object of their own.
  @inline(never) private func write(_ rest: [Member], _ pen: inout Pen) {
    var (hasTaken, separator) = (false, UInt8(ascii: ","))
    // What is found of the first members is kept for the second time; of more it is asked again.
    var taken: UInt64 = 0
    for (place, member) in rest.enumerated() {
      if plan.top.mayHave(member.name) {
        hasTaken = true
        if place < 64 { taken |= 1 << UInt64(place) }
      } else {
        write(member, after: separator, &pen)
      }
    }
    if hasTaken {
      if pen.room < unmapped.count + 64 { makeRoom(unmapped.count + 64, &pen) }
      unmapped.withView { pen.copy($0) }
      separator = UInt8(ascii: "{")
      for (place, member) in rest.enumerated() {
        guard
          place < 64 ? taken & (1 << UInt64(place)) != 0 : plan.top.mayHave(member.name)
        else { continue }
        write(member, after: separator, &pen)
        separator = UInt8(ascii: ",")
      }
      pen.byte(UInt8(ascii: "}"))
    }
  }

  private func write(
    _ member: Member, after separator: UInt8, _ pen: inout Pen
  ) {
    // What else comes before room is asked for again: quotes, and the ends of two objects.
    let need = (member.name.count &+ member.value.count) &* Pen.growth &+ 64
    if pen.room < need { makeRoom(need, &pen) }
    pen.word(UInt64(separator) | 0x2200, count: 2)
    pen.json(member.name)
    pen.word(0x3A22, count: 2)
    pen.json(member.value)
  }

  /// The shape of an event: one that was laid out, or the one that had its place.
  ///
  /// There are two places for each hash, so that two shapes that take turns do not oust each other.
  @inline(__always) private func shape(of event: Event) -> EventShape {
    var hash: UInt64 = 0
    for word in 0..<plan.slotWords {
      hash = (hash ^ event.slots(word)) &* 0x9E37_79B9_7F4A_7C15
      hash ^= hash >> 32
    }
    let place = Int(truncatingIfNeeded: hash) & (EventWriter.shapesMax - 1)
    if let shape = shapes[place], shape.fits(event) { return shape }
    if let shape = shapes[place ^ 1], shape.fits(event) { return shape }
    return layOut(event, place)
  }

  @inline(never) private func layOut(_ event: Event, _ place: Int) -> EventShape {
    // The older of the two makes way.
    let shape = shapes[place ^ 1] ?? EventShape(plan)
    shape.become(event)
    shapes[place ^ 1] = shapes[place]
    shapes[place] = shape
    return shape
  }

  /// Writes what stands before a value, with room behind it for a time or a number, quotes, the
  /// line's end, and as many bytes of text as are to come.
  @inline(__always) private func begin(
    _ part: EventShape.Part, of shape: EventShape, growing count: Int = 0, _ pen: inout Pen
  ) {
    let need = Int(part.count) &+ count &* Pen.growth &+ 64
    if pen.room < need { makeRoom(need, &pen) }
    shape.writeText(part, &pen)
  }

  /// Writes a value that is no text.
  @inline(__always) private func write(
    _ value: Value, _ part: EventShape.Part, of shape: EventShape, _ pen: inout Pen
  ) {
    switch value {
    case .json(let text), .number(_, let text):
      begin(part, of: shape, growing: text.count, &pen)
      if case .json = value { pen.json(text) } else { pen.copy(text) }
    case .integer(let number):
      begin(part, of: shape, &pen)
      pen.decimal(number)
    case .bool(let flag):
      begin(part, of: shape, &pen)
      // `true` and `false`, the first letter in the lowest place.
      pen.word(flag ? 0x6575_7274 : 0x65_736C_6166, count: flag ? 4 : 5)
    default:
      begin(part, of: shape, &pen)
      pen.word(0x6C6C_756E, count: 4)
    }
  }
}

extension ByteView {
  /// Whether the text spells a number in the only way there is, in at most 19 digits.
  fileprivate var isCanonicalNumber: Bool {
    guard count >= 1, count <= 19, count == 1 || self[0] != UInt8(ascii: "0") else { return false }
    if count < 8 {
      // Zeros behind the digits; then each byte's upper half is a three, also six further.
      let word = tail(from: 0) | 0x3030_3030_3030_3030 << UInt64(count &* 8)
      let halves: UInt64 = 0xF0F0_F0F0_F0F0_F0F0
      return word & halves == 0x3030_3030_3030_3030
        && (word &+ 0x0606_0606_0606_0606) & halves == 0x3030_3030_3030_3030
    }
    for offset in 0..<count where !self[offset].isDigit { return false }
    return true
  }
}
