public import Bytes

extension Value {
  /// The value as text: numbers as written, `true`/`false`, null as nothing.
  public func text(_ scratch: Scratch) -> ByteView {
    switch self {
    case .text(let text), .json(let text), .number(_, let text): text
    case .integer(let number): scratch.decimal(number)
    case .bool(let flag): flag ? ByteView("true") : ByteView("false")
    case .null: .empty
    }
  }
}

extension Scratch {
  /// A number's decimal digits.
  public func decimal(_ number: Int64) -> ByteView {
    unsafe write(capacity: 20) { room in
      var (digits, rest) = (20, number.magnitude)
      repeat {
        digits -= 1
        // SAFETY: 64 bits have at most 20 digits, the sign of a 19-digit number included.
        unsafe room[digits] = UInt8(rest % 10) + 0x30
        rest /= 10
      } while rest > 0
      if number < 0 {
        digits -= 1
        unsafe room[digits] = UInt8(ascii: "-")
      }
      for place in digits..<20 { unsafe room[place - digits] = room[place] }
      return 20 - digits
    }
  }
}
