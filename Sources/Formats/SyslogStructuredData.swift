public import Bytes

/// The structured data of an RFC 5424 message: `[id name="value" …][id …]`.
public enum StructuredData {
  /// How many elements have their ids compared, so that a hostile message costs linear time.
  private static let comparedElementsMax = 32

  /// Checks the structured data at an offset and moves past it; `-` reads as nothing.
  ///
  /// - SeeAlso: RFC 5424, section 6.3.
  static func read(_ line: ByteView, _ offset: inout Int) throws(SyslogError) -> ByteView {
    let start = offset
    guard start < line.count else { throw SyslogError(.badStructuredData, at: start) }
    if line[start] == 0x2D {
      offset += 1
      return line.slice(start, start)
    }
    guard line[start] == 0x5B else { throw SyslogError(.badStructuredData, at: start) }
    var elements = 0
    while offset < line.count, line[offset] == 0x5B {
      let opening = offset
      offset += 1
      let id = try name(line, &offset)
      if elements < comparedElementsMax, elements > 0,
        repeats(id, line.slice(start, opening))
      {
        throw SyslogError(.badStructuredData, at: opening + 1)
      }
      elements += 1
      while try byte(line, offset) == 0x20 {
        offset += 1
        _ = try name(line, &offset)
        try expect(0x3D, line, &offset)
        try expect(0x22, line, &offset)
        _ = try value(line, &offset)
      }
      try expect(0x5D, line, &offset)
    }
    return line.slice(start, offset)
  }

  /// Calls `body` for each parameter, in order; elements without parameters are passed over.
  ///
  /// - Parameters:
  ///   - structuredData: As found in a ``SyslogHeader``; at anything malformed the walk ends.
  ///   - body: Gets the element's id, the parameter's name, its value between the quotes, and
  ///     whether the value has escapes to remove with ``unescape(_:into:)``.
  public static func forEachParameter(
    _ structuredData: ByteView,
    _ body: (_ id: ByteView, _ name: ByteView, _ rawValue: ByteView, _ hasEscapes: Bool) -> Void
  ) {
    forEachElement(structuredData) { id, offset throws(SyslogError) in
      while try byte(structuredData, offset) == 0x20 {
        offset += 1
        let parameter = try name(structuredData, &offset)
        try expect(0x3D, structuredData, &offset)
        try expect(0x22, structuredData, &offset)
        let (raw, hasEscapes) = try value(structuredData, &offset)
        body(id, parameter, raw, hasEscapes)
      }
      return true
    }
  }

  /// Writes a value without its escapes and returns the number of bytes, at most `raw.count`.
  ///
  /// A backslash goes away before `"`, `\` and `]`; before other bytes it stays, as the RFC asks.
  public static func unescape(
    _ raw: ByteView, into room: UnsafeMutableBufferPointer<UInt8>
  ) -> Int {
    precondition(room.count >= raw.count, "too little room for the value")
    var (count, offset) = (0, 0)
    while offset < raw.count {
      if raw[offset] == 0x5C, offset + 1 < raw.count, isEscapable(raw[offset + 1]) { offset += 1 }
      // SAFETY: at most one byte is written for each byte read, and the room has that many.
      unsafe room[count] = raw[offset]
      count += 1
      offset += 1
    }
    return count
  }

  /// Whether an earlier element has the same id.
  private static func repeats(_ id: ByteView, _ earlier: ByteView) -> Bool {
    var found = false
    forEachElement(earlier) { other, offset throws(SyslogError) in
      found = other.equals(id)
      if found { return false }
      while try byte(earlier, offset) == 0x20 {
        offset += 1
        _ = try name(earlier, &offset)
        offset += 2
        _ = try value(earlier, &offset)
      }
      return true
    }
    return found
  }

  /// Calls `body` with each element's id and the offset past it; `body` moves to the `]`.
  @inline(__always) private static func forEachElement(
    _ text: ByteView, _ body: (ByteView, inout Int) throws(SyslogError) -> Bool
  ) {
    var offset = 0
    do throws(SyslogError) {
      while offset < text.count, text[offset] == 0x5B {
        offset += 1
        let id = try name(text, &offset)
        guard try body(id, &offset) else { return }
        try expect(0x5D, text, &offset)
      }
    } catch {
      // A walk over data that `read` accepted never comes here.
    }
  }

  private static func isEscapable(_ byte: UInt8) -> Bool {
    byte == 0x22 || byte == 0x5C || byte == 0x5D
  }

  @inline(__always)
  private static func byte(_ text: ByteView, _ offset: Int) throws(SyslogError) -> UInt8 {
    guard offset < text.count else { throw SyslogError(.badStructuredData, at: text.count) }
    return text[offset]
  }

  @inline(__always) private static func expect(
    _ wanted: UInt8, _ text: ByteView, _ offset: inout Int
  ) throws(SyslogError) {
    guard try byte(text, offset) == wanted
    else { throw SyslogError(.badStructuredData, at: offset) }
    offset += 1
  }

  /// Reads an id or a parameter's name: 1 through 32 printable bytes other than `=`, `]` and `"`.
  @inline(__always) private static func name(
    _ text: ByteView, _ offset: inout Int
  ) throws(SyslogError) -> ByteView {
    let start = offset
    while offset < text.count, text[offset] &- 0x21 < 94 {
      let byte = text[offset]
      if byte == 0x3D || byte == 0x5D || byte == 0x22 { break }
      offset += 1
    }
    guard offset > start, offset - start <= 32 else {
      throw SyslogError(.badStructuredData, at: offset > start ? start + 32 : start)
    }
    return text.slice(start, offset)
  }

  /// Reads a value up to its closing quote and moves past that.
  @inline(__always) private static func value(
    _ text: ByteView, _ offset: inout Int
  ) throws(SyslogError) -> (raw: ByteView, hasEscapes: Bool) {
    let start = offset
    var hasEscapes = false
    while true {
      let next = try byte(text, offset)
      if next == 0x22 { break }
      if next == 0x5D { throw SyslogError(.badStructuredData, at: offset) }
      if next == 0x5C, offset + 1 < text.count, isEscapable(text[offset + 1]) {
        hasEscapes = true
        offset += 1
      }
      offset += 1
    }
    offset += 1
    return (text.slice(start, offset - 1), hasEscapes)
  }
}
