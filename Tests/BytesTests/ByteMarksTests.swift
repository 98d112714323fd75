import Bytes
import CScan
import Testing

/// Vector instructions against a loop over bytes.
@Suite struct ByteMarksTests {
  /// The bytes that mean something, and their neighbours.
  static let special: [UInt8] = [
    0x00, 0x09, 0x0A, 0x0B, 0x0D, 0x1F, 0x20, 0x21, 0x22, 0x23, 0x5B, 0x5C, 0x5D, 0x7E, 0x7F, 0x80,
    0x81, 0x8A, 0xA2, 0xDC, 0xFE, 0xFF,
  ]

  /// The masks that one level makes of a text, and whether nothing but them was written.
  private func masks(_ level: Int32, _ text: [UInt8]) -> (lines: [UInt64], stops: [UInt64]) {
    let words = (text.count + 63) / 64
    let guardWord: UInt64 = 0xDEAD_BEEF_DEAD_BEEF
    var lines = [UInt64](repeating: guardWord, count: words + 1)
    var stops = lines
    let done = unsafe rollcall_scan_at(level, text, text.count, &lines, &stops)
    #expect(done == 1)
    #expect(lines.removeLast() == guardWord && stops.removeLast() == guardWord)
    return (lines, stops)
  }

  private func plain(_ text: [UInt8]) -> (lines: [UInt64], stops: [UInt64]) {
    var lines = [UInt64](repeating: 0, count: (text.count + 63) / 64)
    var stops = lines
    for (offset, byte) in text.enumerated() {
      if byte == 0x0A { lines[offset / 64] |= 1 << UInt64(offset % 64) }
      if ByteMarks.isStop(byte) { stops[offset / 64] |= 1 << UInt64(offset % 64) }
    }
    return (lines, stops)
  }

  /// Compares every level with the loop.
  private func check(_ text: [UInt8], _ note: @autoclosure () -> String) {
    let wanted = plain(text)
    for level in 0...rollcall_scan_level() {
      let found = masks(level, text)
      guard found.lines != wanted.lines || found.stops != wanted.stops else { continue }
      Issue.record("level \(level), \(note()): \(text)")
    }
  }

  @Test func `a stop is a quote, a backslash, a control character or a byte above 127`() {
    for byte in UInt8.min...UInt8.max {
      let isStop =
        byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte <= 31 || byte > 127
      #expect(ByteMarks.isStop(byte) == isStop, "\(byte)")
    }
  }

  @Test func `each level that the processor has marks what a loop marks, for every byte anywhere`()
  {
    // Every byte at each place of two words, beside bytes that mean nothing.
    for byte in UInt8.min...UInt8.max {
      for offset in stride(from: Int(byte) % 3, to: 130, by: 3) {
        var text = [UInt8](repeating: 0x61, count: 131)
        text[offset] = byte
        check(text, "byte \(byte) at \(offset)")
      }
    }
  }

  @Test func `the length of a text never matters to what is marked in it`() {
    for length in 0...200 {
      check([UInt8](repeating: 0x61, count: length), "nothing")
      check([UInt8](repeating: 0x0A, count: length), "line feeds")
      check([UInt8](repeating: 0xFF, count: length), "bytes of 255")
      for place in 0..<length {
        var text = [UInt8](repeating: 0x7F, count: length)
        text[place] = ByteMarksTests.special[(place + length) % ByteMarksTests.special.count]
        check(text, "length \(length), place \(place)")
      }
    }
  }

  @Test func `a level that the processor lacks is refused`() {
    var mask: [UInt64] = [0]
    var other = mask
    #expect(unsafe rollcall_scan_at(rollcall_scan_level() + 1, [0x22], 1, &mask, &other) == 0)
    #expect(mask == [0] && other == [0])
  }

  @Test(arguments: [1, 2, 20_261_127] as [UInt64])
  func `random bytes are marked alike at each level and alignment`(_ seed: UInt64) {
    var random = Seeded(state: seed)
    for round in 0..<300 {
      let length = Int.random(in: 0...300, using: &random)
      let text = (0..<length).map { _ in
        Bool.random(using: &random)
          ? UInt8.random(in: 0...255, using: &random)
          : ByteMarksTests.special[Int.random(in: 0..<22, using: &random)]
      }
      // The slice of an array begins wherever it likes.
      check(Array(text.dropFirst(round % 17)), "seed \(seed), round \(round)")
      checkSearch(text, "seed \(seed), round \(round)")
    }
  }

  /// Compares the searches from every start.
  private func checkSearch(_ text: [UInt8], _ note: String) {
    let marks = ByteMarks()
    // Marks of something longer, so that what is left of them would be found.
    marks.mark(view([UInt8](repeating: 0x0A, count: 400)))
    marks.mark(view(text))
    for start in 0...text.count + 70 {
      let rest = text.indices.dropFirst(start)
      let line = rest.first { text[$0] == 0x0A } ?? text.count
      let stop = rest.first { ByteMarks.isStop(text[$0]) } ?? text.count
      guard marks.lineEnd(from: start) != line || marks.stop(from: start) != stop else { continue }
      Issue.record("\(note), from \(start): \(text)")
    }
  }

  @Test func `a search from any start finds the next mark, or the end`() {
    for length in [0, 1, 7, 8, 63, 64, 65, 127, 128, 129, 200] {
      checkSearch([UInt8](repeating: 0x61, count: length), "nothing")
      for place in stride(from: 0, to: length, by: 1 + length / 20) {
        for byte in [0x0A, 0x22, 0x5C, 0x80] as [UInt8] {
          var text = [UInt8](repeating: 0x61, count: length)
          text[place] = byte
          checkSearch(text, "length \(length), byte \(byte) at \(place)")
        }
      }
    }
  }
}
