import Bytes

extension Event {
  /// Undoes what OpenSSH does to bytes that are not printable: `\361` is the byte 0xF1, `\\` a backslash.
  ///
  /// PAM writes the same name as it is, and both must be one account. An escape of a printable byte is
  /// none, as in `CORP\101`.
  ///
  /// - Complexity: O(*n*) in the field's bytes.
  func undoEscapes(_ field: Field) {
    guard let text = text(field), text.firstOffset(of: 0x5C) != nil else { return }
    let plain = unsafe scratch.write(capacity: text.count) { room in
      var (from, to) = (0, 0)
      while from < text.count {
        let (byte, count) = Event.escaped(text, at: from)
        // SAFETY: no more bytes are written than read, and the room has as many as the text.
        unsafe room[to] = byte
        from += count
        to += 1
      }
      return to
    }
    set(field, plain)
  }

  /// The byte at an offset of a text with escapes, and how many bytes stand for it.
  private static func escaped(_ text: ByteView, at start: Int) -> (byte: UInt8, count: Int) {
    guard text[start] == 0x5C, start + 1 < text.count else { return (text[start], 1) }
    if text[start + 1] == 0x5C { return (0x5C, 2) }
    guard start + 3 < text.count else { return (0x5C, 1) }
    var value = 0
    for place in (start + 1)...(start + 3) {
      guard text[place] &- 0x30 < 8 else { return (0x5C, 1) }
      value = value << 3 | Int(text[place] &- 0x30)
    }
    guard value < 256, value < 0x20 || value > 0x7E else { return (0x5C, 1) }
    return (UInt8(value), 4)
  }
}
