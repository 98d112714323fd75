/// Bytes that text is appended to.
public struct TextBuffer: Sendable {
  /// What was written so far.
  public private(set) var bytes: [UInt8] = []

  /// An empty buffer.
  public init() {}

  /// How many bytes were written.
  public var count: Int { bytes.count }

  /// Forgets the bytes and keeps the room.
  public mutating func clear() { bytes.removeAll(keepingCapacity: true) }

  /// Appends text.
  public mutating func add(_ text: String) { bytes.append(contentsOf: text.utf8) }

  /// Appends a number in decimal, with leading zeros up to `width`.
  public mutating func add(_ number: Int, width: Int = 1) {
    var (rest, digits) = (number, 0)
    repeat {
      digits += 1
      rest /= 10
    } while rest > 0
    let start = bytes.count
    bytes.append(contentsOf: repeatElement(0x30, count: max(width, digits)))
    var place = bytes.count
    rest = number
    while rest > 0, place > start {
      place -= 1
      bytes[place] = 0x30 + UInt8(rest % 10)
      rest /= 10
    }
  }

  /// Appends a number as sixteen hexadecimal digits.
  public mutating func add(hexadecimal number: UInt64) {
    for shift in stride(from: 60, through: 0, by: -4) {
      let digit = UInt8(number >> UInt64(shift) & 15)
      bytes.append(digit < 10 ? 0x30 + digit : 0x57 + digit)
    }
  }
}
