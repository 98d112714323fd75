/// Counts the lines of text in UTF-16 as its bytes come by.
struct WideLineCounter {
  let bigEndian: Bool
  private var pending: UInt8?
  private var newlines: UInt64 = 0
  private var isOpen = false

  init(bigEndian: Bool) { self.bigEndian = bigEndian }

  /// Lines so far, the last one included when it has no newline.
  var lines: UInt64 { newlines + (isOpen || pending != nil ? 1 : 0) }

  mutating func add(_ bytes: ArraySlice<UInt8>) {
    for byte in bytes {
      guard let first = pending else {
        pending = byte
        continue
      }
      pending = nil
      let isNewline = bigEndian ? first == 0 && byte == 0x0A : first == 0x0A && byte == 0
      if isNewline { newlines += 1 }
      isOpen = !isNewline
    }
  }
}
