import Inputs
import Testing

/// Messages of a stream, wherever it is cut.
@Suite struct StreamFramingTests {
  /// What comes of a stream in parts: the messages, whether it broke, whether its end was clean.
  private func read(_ parts: [ArraySlice<UInt8>], max: Int) -> ([String], Bool, Bool) {
    var framing = StreamFraming(messageBytesMax: max)
    var messages: [String] = []
    func keep(_ message: ArraySlice<UInt8>) {
      messages.append(String(decoding: message, as: UTF8.self))
    }
    for part in parts { _ = framing.take(part, keep) }
    let isBroken = framing.isBroken
    let isClean = framing.end(keep)
    return (messages, isBroken, isClean)
  }

  @Test func `counted and by lines, one after the other`() {
    let (messages, isBroken, isClean) = read(
      [Array("7 <13>one<13>two\n\n3 a\nb4 last2026-01 is a line\r\n<13>rest".utf8)[...]], max: 20)
    #expect(
      messages == ["<13>one", "<13>two", "a\nb", "last", "2026-01 is a line\r", "<13>rest"])
    #expect(!isBroken && isClean)
  }

  @Test func `what is too long breaks it, and nothing behind is a message`() {
    for text in ["21 x", "<13>" + String(repeating: "x", count: 17), "9999999 "] {
      let parts = ["2 ok", text, "\nmore\n"]
      // In parts, and all at once with its end.
      for pieces in [parts, [parts.joined()]] {
        let (messages, isBroken, _) = read(pieces.map { Array($0.utf8)[...] }, max: 20)
        #expect(messages == ["ok"] && isBroken, "\(pieces)")
      }
    }
  }

  @Test func `the end within a counted message is no message, within a line it is one`() {
    for (text, last, isClean) in [
      ("5 <13>", nil, false), ("12", nil, false), ("123456789", "123456789", true),
      ("2026-01-01", "2026-01-01", true), ("<13>x", "<13>x", true), ("", nil, true),
    ] as [(String, String?, Bool)] {
      let found = read([Array(text.utf8)[...]], max: 20)
      #expect(found.0.last == last && found.2 == isClean, "\(text)")
    }
  }

  @Test func `any stream cut anywhere gives the same messages`() {
    var random = SystemRandomNumberGenerator()
    let pieces = [
      "7 <13>one", "<13>two\n", "3 a\nb", "\n", "\0", "12", " ", "2026 x\n", "99 ", "0 a\n",
    ]
    for _ in 0..<300 {
      let text = (0..<Int.random(in: 1...6, using: &random)).map { _ in
        pieces.randomElement(using: &random) ?? ""
      }.joined()
      let bytes = Array(text.utf8)
      let whole = read([bytes[...]], max: 20)
      let single = read(bytes.indices.map { bytes[$0...$0] }, max: 20)
      #expect(whole == single, "\(text.debugDescription)")
      for cut in bytes.indices {
        let parts = read([bytes[..<cut], bytes[cut...]], max: 20)
        #expect(whole == parts, "\(text.debugDescription) at \(cut)")
      }
    }
  }
}
