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

  /// The text at a place of that line, or `nil` when the value is none.
  @inlinable @inline(__always) public func shapedText(_ place: Int, of line: ByteView) -> ByteView?
  {
    shapes.text(place, of: line)
  }

  /// The whole number at a place of that line, or `nil` when the value is none.
  @inlinable @inline(__always)
  public func shapedInteger(_ place: Int, of line: ByteView) -> Int64? {
    shapes.integer(place, of: line)
  }

  /// The slots of a shape's values, in their order; -1 for what nobody wants.
  public func slots(ofShape shape: Int) -> [Int32] { shapes.shapes[shape].slots }

  /// Adds the members that nobody asked for to a record, when the reader keeps them.
  ///
  /// - Parameters:
  ///   - shape: The shape of the line, which ``shape(of:at:_:)`` read last.
  ///   - record: Gets them as ``Record/rest``.
  @inline(__always)
  public func addRest(ofShape shape: Int, _ line: ByteView, to record: Record) {
    if keepsRest { shapes.addRest(of: shape, line, to: record) }
  }

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
    var shape = Collected()
    var cursor = JSONCursor(line)
    cursor.skipSpace()
    guard (try? collect(&cursor, level: 0, depth: 0, &shape)) != nil else { return false }
    cursor.skipSpace()
    guard cursor.offset == line.count, shape.run < line.count else { return false }
    shape.items.append(
      JSONShapes.Item(start: shape.run, end: line.count, kind: .end, slot: -1, depth: 0))
    let count = shapes.shapes.count
    shapes.learn(shape.items, missed: shape.missed, of: line)
    return shapes.shapes.count > count
  }

  /// What was collected of a line so far.
  private struct Collected {
    var items: [JSONShapes.Item] = []
    var missed: [JSONShapes.Missed] = []
    /// Where the bytes begin that stand before the next value.
    var run = 0

    /// An offset from the end of the last value.
    func anchor(_ offset: Int) -> JSONShapes.Anchor {
      JSONShapes.Anchor(value: items.count - 1, distance: offset - run)
    }
  }

  /// Why a line's shape can not be remembered.
  private struct Unusable: Error {}

  /// Collects the values of the object at the cursor.
  ///
  /// - Returns: Whether it has a part that nobody asked for.
  private func collect(
    _ cursor: inout JSONCursor, level: Int, depth: Int, _ shape: inout Collected
  ) throws -> Bool {
    let line = cursor.line
    var hasMissed = false
    cursor.offset += 1
    cursor.skipSpace()
    if cursor.take(UInt8(ascii: "}")) { return false }
    while true {
      let start = try cursor.skipString()
      let (anchor, nameCount) = (shape.anchor(start), cursor.offset - 1 - start)
      let name = line.slice(start, start + nameCount).copy()
      let key = (level >= 0 ? wants.key(name, level: level) : nil) ?? JSONWants.Key()
      try cursor.expectColon()
      cursor.skipSpace()
      guard shape.items.count < JSONShapes.valuesMax, cursor.offset < line.count else {
        throw Unusable()
      }
      let valueStart = shape.anchor(cursor.offset)
      let isObject = line[cursor.offset] == UInt8(ascii: "{")
      var isMissed = key.slot < 0 && (key.level < 0 || !isObject)
      if isObject, key.slot < 0 {
        guard depth + 1 < JSONReader.depthMax else { throw Unusable() }
        let inner = try collect(&cursor, level: Int(key.level), depth: depth + 1, &shape)
        isMissed = isMissed || inner
      } else {
        // Wanted whole and in part: two values at one place.
        if isObject, key.level >= 0 { throw Unusable() }
        let kind: JSONShapes.Kind =
          switch line[cursor.offset] {
          case UInt8(ascii: "\""): .string
          case UInt8(ascii: "["): .array
          case UInt8(ascii: "{"): .object
          default: .scalar
          }
        let end = kind == .string ? cursor.offset + 1 : cursor.offset
        shape.items.append(
          JSONShapes.Item(
            start: shape.run, end: end, kind: kind, slot: key.slot,
            depth: UInt8(min(depth + 1, 255))))
        try cursor.skipValue(depth: depth + 1)
        // The closing quote belongs to the run behind the string.
        shape.run = kind == .string ? cursor.offset - 1 : cursor.offset
      }
      if depth == 0, isMissed {
        shape.missed.append(
          JSONShapes.Missed(
            name: anchor, nameCount: nameCount, start: valueStart,
            end: shape.anchor(cursor.offset)))
      }
      hasMissed = hasMissed || isMissed
      cursor.skipSpace()
      if cursor.take(UInt8(ascii: ",")) {
        cursor.skipSpace()
        continue
      }
      guard cursor.take(UInt8(ascii: "}")) else { throw Unusable() }
      return hasMissed
    }
  }
}
