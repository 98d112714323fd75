import Bytes
import Events

/// Room for one text made from a value: a number's digits, or a JSON string without its escapes.
@safe final class TextRoom {
  private var base: UnsafeMutablePointer<UInt8>
  private var capacity = 256

  init() { unsafe base = .allocate(capacity: 256) }

  deinit { unsafe base.deallocate() }

  private func grow(_ count: Int) {
    guard count > capacity else { return }
    unsafe base.deallocate()
    capacity = count * 2
    unsafe base = .allocate(capacity: capacity)
  }

  /// The number in decimal; readable until the next call.
  func text(of integer: Int64) -> ByteView {
    var (magnitude, start) = (integer.magnitude, 24)
    repeat {
      start -= 1
      // SAFETY: 20 digits and a sign fit before offset 24, and the room has at least 256 bytes.
      unsafe base[start] = 0x30 + UInt8(magnitude % 10)
      magnitude /= 10
    } while magnitude > 0
    if integer < 0 {
      start -= 1
      unsafe base[start] = UInt8(ascii: "-")
    }
    return unsafe ByteView(base: base + start, count: 24 - start)
  }

  /// The inside of a JSON string, unescaped; readable until the next call.
  func unescaped(_ text: ByteView) -> ByteView {
    guard text.firstOffset(of: UInt8(ascii: "\\")) != nil else { return text }
    grow(text.count)
    var (offset, count) = (0, 0)
    func put(_ byte: UInt8) {
      // SAFETY: an escape is never shorter than what it stands for, so `count` stays below
      // `text.count`, which the room holds.
      unsafe base[count] = byte
      count += 1
    }
    while offset < text.count {
      let byte = text[offset]
      offset += 1
      guard byte == UInt8(ascii: "\\"), offset < text.count else {
        put(byte)
        continue
      }
      let escaped = text[offset]
      offset += 1
      switch escaped {
      case UInt8(ascii: "n"): put(0x0a)
      case UInt8(ascii: "t"): put(0x09)
      case UInt8(ascii: "r"): put(0x0d)
      case UInt8(ascii: "b"): put(0x08)
      case UInt8(ascii: "f"): put(0x0c)
      case UInt8(ascii: "u"):
        guard var code = TextRoom.unit(text, offset) else {
          put(UInt8(ascii: "?"))
          continue
        }
        offset += 4
        if code & 0xfc00 == 0xd800, text.has("\\u", at: offset),
          let low = TextRoom.unit(text, offset + 2), low & 0xfc00 == 0xdc00
        {
          code = 0x10000 + (code & 0x3ff) << 10 + (low & 0x3ff)
          offset += 6
        }
        for byte in UTF8.encode(UnicodeScalar(code) ?? "\u{fffd}")
          ?? UTF8.encodedReplacementCharacter
        {
          put(byte)
        }
      default: put(escaped)
      }
    }
    return unsafe ByteView(base: base, count: count)
  }

  private static func unit(_ text: ByteView, _ offset: Int) -> UInt32? {
    guard offset + 4 <= text.count else { return nil }
    var code: UInt32 = 0
    for place in offset..<(offset + 4) {
      guard let digit = text[place].hexadecimal else { return nil }
      code = code << 4 | UInt32(digit)
    }
    return code
  }
}

/// The elements of a JSON array, one after the other; what is not well formed ends the walk.
struct JSONElements {
  /// Arrays within arrays are opened this deep; deeper ones count as text.
  static let depthMax = 16

  private let text: ByteView
  private var offset = 1

  /// The elements of an array; `nil` for an object or anything else.
  init?(_ text: ByteView) {
    guard !text.isEmpty, text[0] == UInt8(ascii: "[") else { return nil }
    self.text = text
  }

  /// The members of an object, for ``nextMember(_:)``; `nil` for anything else.
  init?(object text: ByteView) {
    guard !text.isEmpty, text[0] == UInt8(ascii: "{") else { return nil }
    self.text = text
  }

  /// The next member of an object: its name as it is written, and its value.
  mutating func nextMember(_ room: TextRoom) -> (name: ByteView, value: Value)? {
    while offset < text.count, text[offset] <= 0x20 || text[offset] == UInt8(ascii: ",") {
      offset += 1
    }
    guard offset < text.count, text[offset] == UInt8(ascii: "\""), let end = stringEnd(offset)
    else { return nil }
    let name = text.slice(offset + 1, end - 1)
    offset = end
    while offset < text.count, text[offset] <= 0x20 { offset += 1 }
    guard offset < text.count, text[offset] == UInt8(ascii: ":") else { return nil }
    offset += 1
    return next(room).map { (name, $0) }
  }

  /// The next element; its text is readable until `room` is used again.
  mutating func next(_ room: TextRoom) -> Value? {
    while offset < text.count, text[offset] <= 0x20 || text[offset] == UInt8(ascii: ",") {
      offset += 1
    }
    guard offset < text.count else { return nil }
    let start = offset
    switch text[start] {
    case UInt8(ascii: "]"): return nil
    case UInt8(ascii: "\""):
      guard let end = stringEnd(start) else { return nil }
      offset = end
      return .text(room.unescaped(text.slice(start + 1, end - 1)))
    case UInt8(ascii: "["), UInt8(ascii: "{"):
      guard let end = nestEnd(start) else { return nil }
      offset = end
      return .json(text.slice(start, end))
    default:
      while offset < text.count, text[offset] > 0x20, text[offset] != UInt8(ascii: ","),
        text[offset] != UInt8(ascii: "]"), text[offset] != UInt8(ascii: "}")
      {
        offset += 1
      }
      return JSONElements.scalar(text.slice(start, offset))
    }
  }

  private static func scalar(_ text: ByteView) -> Value {
    if text.equals("null") { return .null }
    if text.equals("true") { return .bool(true) }
    if text.equals("false") { return .bool(false) }
    if text.count <= 18, let value = text.decimal { return .integer(Int64(value)) }
    guard let number = text.number else { return .text(text) }
    return .number(number, text: text)
  }

  private func stringEnd(_ start: Int) -> Int? {
    var offset = start + 1
    while offset < text.count {
      switch text[offset] {
      case UInt8(ascii: "\\"): offset += 2
      case UInt8(ascii: "\""): return offset + 1
      default: offset += 1
      }
    }
    return nil
  }

  private func nestEnd(_ start: Int) -> Int? {
    var (offset, depth) = (start, 0)
    while offset < text.count {
      switch text[offset] {
      case UInt8(ascii: "\""):
        guard let end = stringEnd(offset) else { return nil }
        offset = end
        continue
      case UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
      case UInt8(ascii: "]"), UInt8(ascii: "}"):
        depth -= 1
        if depth == 0 { return offset + 1 }
      default: break
      }
      offset += 1
    }
    return nil
  }
}
