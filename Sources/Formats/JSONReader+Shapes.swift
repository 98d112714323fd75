public import Bytes

extension JSONReader {
  /// Reads a line whose shape is known.
  ///
  /// - Parameters:
  ///   - line: The line, without its ending.
  ///   - start: Where it begins in the text of the marks.
  /// - Returns: The number of the shape, whose values ``shapedValue(_:of:)`` gives; or `nil`, and the
  ///   line is for ``read(_:into:)``.
  @inline(__always)
  public func shape(of line: ByteView, at start: Int, _ marks: ByteMarks) -> Int? {
    let shape = shapes.match(line, at: start, marks)
    return shape < 0 ? nil : Int(shape)
  }

  /// The value at a place of the line that ``shape(of:at:_:)`` read.
  @inlinable @inline(__always) public func shapedValue(_ place: Int, of line: ByteView) -> Value {
    shapes.value(place, of: line)
  }

  /// The slots of a shape's values, in their order; -1 for what nobody wants.
  public func slots(ofShape shape: Int) -> [Int32] { shapes.slots[shape] }

  /// Learns the shape of a line that ``read(_:into:)`` has accepted.
  ///
  /// - Returns: Whether there is a shape more.
  public func learn(_ line: ByteView) -> Bool {
    guard shapes.mayLearn else { return false }
    shapes.spend()
    // A line with an escape or a byte above 127 never fits a shape.
    for offset in 0..<line.count where ByteMarks.isStop(line[offset]) && line[offset] != 0x22 {
      return false
    }
    var items: [JSONShapes.Item] = []
    var cursor = JSONCursor(line)
    var run = 0
    cursor.skipSpace()
    guard (try? collect(&cursor, level: 0, depth: 0, &run, &items)) == true else { return false }
    cursor.skipSpace()
    guard cursor.offset == line.count, run < line.count else { return false }
    items.append(JSONShapes.Item(start: run, end: line.count, kind: .end, slot: -1, depth: 0))
    let count = shapes.slots.count
    shapes.learn(items, of: line)
    return shapes.slots.count > count
  }

  /// Collects the values of the object at the cursor.
  ///
  /// - Parameter run: Where the bytes begin that stand before the next value.
  /// - Returns: Whether the shape can be remembered.
  private func collect(
    _ cursor: inout JSONCursor, level: Int, depth: Int, _ run: inout Int,
    _ items: inout [JSONShapes.Item]
  ) throws(JSONError) -> Bool {
    let line = cursor.line
    cursor.offset += 1
    cursor.skipSpace()
    if cursor.take(UInt8(ascii: "}")) { return true }
    while true {
      let start = try cursor.skipString()
      let name = line.slice(start, cursor.offset - 1).copy()
      var key = Key()
      if level >= 0, let place = levels[level].names.firstIndex(of: name) {
        key = levels[level].keys[place]
      }
      try cursor.expectColon()
      cursor.skipSpace()
      guard items.count < JSONShapes.valuesMax, cursor.offset < line.count else { return false }
      if line[cursor.offset] == UInt8(ascii: "{"), key.slot < 0 {
        guard depth + 1 < JSONReader.depthMax,
          try collect(&cursor, level: Int(key.level), depth: depth + 1, &run, &items)
        else { return false }
      } else {
        // Wanted whole and in part: two values at one place.
        if line[cursor.offset] == UInt8(ascii: "{"), key.level >= 0 { return false }
        let kind: JSONShapes.Kind =
          switch line[cursor.offset] {
          case UInt8(ascii: "\""): .string
          case UInt8(ascii: "{"), UInt8(ascii: "["): .structure
          default: .scalar
          }
        let end = kind == .string ? cursor.offset + 1 : cursor.offset
        items.append(
          JSONShapes.Item(
            start: run, end: end, kind: kind, slot: key.slot, depth: UInt8(min(depth + 1, 255))))
        try cursor.skipValue(depth: depth + 1)
        // The closing quote belongs to the run behind the string.
        run = kind == .string ? cursor.offset - 1 : cursor.offset
      }
      cursor.skipSpace()
      if cursor.take(UInt8(ascii: ",")) {
        cursor.skipSpace()
        continue
      }
      guard cursor.take(UInt8(ascii: "}")) else { return false }
      return true
    }
  }
}
