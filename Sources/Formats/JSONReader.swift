public import Bytes

/// Reads one JSON object and puts the values of wanted keys into a record's slots.
///
/// The whole line is checked against RFC 8259 whether or not a key is wanted. Keys are first compared
/// with the keys that the last line had at the same place, because a log repeats its shape; the
/// prediction changes the speed, never the answer. Of a key that stands twice the last value counts.
///
/// - Complexity: O(*n*) in the line's bytes; nothing is allocated.
/// - SeeAlso: RFC 8259.
public struct JSONReader {
  /// How deep arrays and objects may nest; deeper lines are rejected.
  ///
  /// So a million brackets cost nothing. Real logs stay below 20.
  public static let depthMax = 128

  /// A key as it stood in the last line: how long it was, and what is wanted of it.
  struct Predicted: Sendable {
    /// -1 while nothing is predicted.
    var count: Int32 = -1
    /// Whether the key is wanted at all.
    var isWanted = false
    var key = JSONWants.Key()
  }

  /// The longest key that is predicted.
  private static let nameMax = 64
  /// How many places of a level are predicted; more keys than this are looked up each time.
  private static let shapeMax = 64

  /// Whether what nobody asked for goes to ``Record/rest``: whole members of the line's object, also
  /// those of which only some parts are wanted.
  public var keepsRest = false
  /// Whether the member at hand has a part that nobody asked for.
  private var hasMissed = false

  /// What it keeps of a line.
  let wants: JSONWants
  /// The shapes that were met.
  @usableFromInline private(set) var shapes = JSONShapes()
  /// What the last line had at each place of each level that was met, ``shapeMax`` places for each
  /// level in the order of meeting, and the bytes of those keys, ``nameMax`` for each place.
  private var predictions: [Predicted] = []
  private var predictedNames: [UInt8] = []
  /// Where a level's places begin in `predictions`, or -1 while it was not met.
  private var bases: [Int] = []

  /// A reader that keeps what is wanted; without wants it only checks.
  public init(_ wants: JSONWants = JSONWants()) { self.wants = wants }

  /// Reads a line that must be one JSON object.
  ///
  /// - Throws: ``JSONError`` naming the first offending byte; slots set before it stay set.
  public mutating func read(_ line: ByteView, into record: Record) throws(JSONError) {
    var cursor = JSONCursor(line)
    if keepsRest {
      record.rest.removeAll(keepingCapacity: true)
      hasMissed = false
    }
    cursor.skipSpace()
    guard cursor.offset < line.count else { throw JSONError(.empty, at: cursor.offset) }
    guard line[cursor.offset] == UInt8(ascii: "{") else {
      try cursor.skipValue(depth: 0)
      throw JSONError(.notAnObject, at: 0)
    }
    try object(&cursor, level: 0, depth: 0, record)
    cursor.skipSpace()
    guard cursor.offset == line.count else { throw JSONError(.trailingBytes, at: cursor.offset) }
  }

  /// Reads the object at the cursor's `{`.
  private mutating func object(
    _ cursor: inout JSONCursor, level: Int, depth: Int, _ record: Record
  ) throws(JSONError) {
    guard depth < JSONReader.depthMax else { throw JSONError(.tooDeep, at: cursor.offset) }
    cursor.offset += 1
    cursor.skipSpace()
    if cursor.take(UInt8(ascii: "}")) { return }
    let base = base(of: level)
    var place = 0
    while true {
      let (nameStart, hadMissed) = (cursor.offset, hasMissed)
      let predicted = try readKey(&cursor, level: level, base: base, place: place, record)
      place &+= 1
      let nameEnd = cursor.offset
      try cursor.expectColon()
      cursor.skipSpace()
      let start = cursor.offset
      if predicted.isWanted {
        try value(
          &cursor, slot: Int(predicted.key.slot), level: Int(predicted.key.level), depth: depth,
          record)
      } else {
        try cursor.skipValue(depth: depth + 1)
      }
      if keepsRest {
        // A value that has a slot is there as a whole; of others only parts are, if any.
        let isObject = cursor.line[start] == UInt8(ascii: "{")
        hasMissed =
          predicted.key.slot >= 0 ? hadMissed : hasMissed || !predicted.isWanted || !isObject
        if depth == 0, hasMissed {
          let name = cursor.line.slice(nameStart + 1, nameEnd - 1)
          record.rest.append(Member(name: name, value: cursor.line.slice(start, cursor.offset)))
          hasMissed = false
        }
      }
      cursor.skipSpace()
      if cursor.take(UInt8(ascii: ",")) {
        cursor.skipSpace()
        continue
      }
      if cursor.take(UInt8(ascii: "}")) { return }
      throw cursor.unexpected
    }
  }

  /// Where a level's places begin.
  @inline(__always) private mutating func base(of level: Int) -> Int {
    if level < bases.count, bases[level] >= 0 { return bases[level] }
    return meet(level)
  }

  @inline(never) private mutating func meet(_ level: Int) -> Int {
    while bases.count <= level { bases.append(-1) }
    bases[level] = predictions.count
    predictions += [Predicted](repeating: Predicted(), count: JSONReader.shapeMax)
    predictedNames += [UInt8](repeating: 0, count: JSONReader.shapeMax * JSONReader.nameMax)
    return bases[level]
  }

  /// Reads a key and its closing quote, and says what is wanted of it.
  @inline(__always) private mutating func readKey(
    _ cursor: inout JSONCursor, level: Int, base: Int, place: Int, _ record: Record
  ) throws(JSONError) -> Predicted {
    if place < JSONReader.shapeMax {
      let predicted = predictions[base &+ place]
      let start = (base &+ place) &* JSONReader.nameMax
      if predicted.count >= 0, cursor.takeKey(predictedNames, start, Int(predicted.count)) {
        return predicted
      }
    }
    return try unpredictedKey(&cursor, level: level, base: base, place: place, record)
  }

  @inline(never) private mutating func unpredictedKey(
    _ cursor: inout JSONCursor, level: Int, base: Int, place: Int, _ record: Record
  ) throws(JSONError) -> Predicted {
    let name = try cursor.readString(record.scratch)
    let bytes = name.copy()
    var predicted = Predicted(count: Int32(truncatingIfNeeded: bytes.count))
    if let key = wants.key(bytes, level: level) {
      predicted.isWanted = true
      predicted.key = key
    }
    // Only plain short keys are predicted: the comparison is with the bytes as written.
    guard !cursor.lastStringHadEscapes, bytes.count <= JSONReader.nameMax,
      place < JSONReader.shapeMax
    else { return predicted }
    predictions[base + place] = predicted
    for (offset, byte) in bytes.enumerated() {
      predictedNames[(base + place) * JSONReader.nameMax + offset] = byte
    }
    return predicted
  }

  /// Reads the value of a wanted key.
  @inline(__always) private mutating func value(
    _ cursor: inout JSONCursor, slot: Int, level: Int, depth: Int, _ record: Record
  ) throws(JSONError) {
    let line = cursor.line
    guard cursor.offset < line.count else { throw JSONError(.unfinished, at: line.count) }
    switch line[cursor.offset] {
    case UInt8(ascii: "\""):
      let text = try cursor.readString(record.scratch)
      if slot >= 0 { record.set(slot: slot, .text(text)) }
    case UInt8(ascii: "{"):
      let start = cursor.offset
      if level >= 0 {
        try object(&cursor, level: level, depth: depth + 1, record)
      } else {
        try cursor.skipValue(depth: depth + 1)
      }
      if slot >= 0 { record.set(slot: slot, .json(line.slice(start, cursor.offset))) }
    case UInt8(ascii: "["):
      let start = cursor.offset
      try cursor.skipValue(depth: depth + 1)
      if slot >= 0 { record.set(slot: slot, .json(line.slice(start, cursor.offset))) }
    case UInt8(ascii: "t"):
      try cursor.skipLiteral("true")
      if slot >= 0 { record.set(slot: slot, .bool(true)) }
    case UInt8(ascii: "f"):
      try cursor.skipLiteral("false")
      if slot >= 0 { record.set(slot: slot, .bool(false)) }
    case UInt8(ascii: "n"):
      try cursor.skipLiteral("null")
      if slot >= 0 { record.set(slot: slot, .null) }
    default:
      let number = try cursor.readNumber()
      if slot >= 0 { record.set(slot: slot, number) }
    }
  }
}
