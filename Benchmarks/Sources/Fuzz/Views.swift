import Bytes

extension UnsafeBufferPointer<UInt8> {
  /// The input as the parsers take it: without a copy, so that a read beyond it is noticed.
  var view: ByteView {
    guard let base = baseAddress else { return .empty }
    // SAFETY: the input outlives the call of the target, and no view is kept longer.
    return unsafe ByteView(base: base, count: count)
  }
}

extension ByteView {
  /// Whether a view lies within this one; an empty view is nowhere and passes.
  func encloses(_ part: ByteView) -> Bool {
    part.isEmpty
      || part.address >= address && part.address + UInt(part.count) <= address + UInt(count)
  }

  /// The bytes in front of the first newline, and those behind it.
  var halves: (first: ByteView, rest: ByteView) {
    guard let newline = firstOffset(of: 0x0A) else { return (self, .empty) }
    return (prefix(newline), dropFirst(newline + 1))
  }
}
