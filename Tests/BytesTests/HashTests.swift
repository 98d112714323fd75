import Bytes
import Testing

@Suite struct HashTests {
  /// The published vectors: key 00 01 … 0F, input 00 01 … of the given length.
  @Test(arguments: [
    (0, "A3817F04BA25A8E66DF67214C7550293"), (1, "DA87C1D86B99AF44347659119B22FC45"),
    (15, "5493E99933B0A8117E08EC0F97CFC3D9"), (16, "6EE2A4CA67B054BBFD3315BF85230577"),
    (17, "473D06E8738DB89854C066C47AE47740"), (63, "5150D1772F50834A503E069A973FBD7C"),
  ])
  func `SipHash gives the published values`(_ length: Int, _ expected: String) {
    let key = SipHash128.Key(low: 0x0706_0504_0302_0100, high: 0x0F0E_0D0C_0B0A_0908)
    let input = (0..<length).map { UInt8($0) }
    let hash = SipHash128.hash(view(input), key: key)
    let bytes = hash.bytes
    let text = (0..<16).map { index in
      let digits = String(bytes[index], radix: 16, uppercase: true)
      return digits.count == 1 ? "0" + digits : digits
    }
    #expect(text.joined() == expected)
    for split in 0...length {
      var state = SipHash128(key: key)
      state.append(view(Array(input[..<split])))
      state.append(view(Array(input[split...])))
      #expect(state.finish() == hash)
    }
  }

  @Test func `a number is eight little-endian bytes`() {
    let key = SipHash128.Key(low: 1, high: 2)
    var state = SipHash128(key: key)
    state.append(0x0807_0605_0403_0201 as UInt64)
    #expect(state.finish() == SipHash128.hash(view([1, 2, 3, 4, 5, 6, 7, 8]), key: key))
  }

  @Test func `the folded hash differs from the plain one only by folding`() {
    var random = Seeded(state: 9)
    for length in 0..<80 {
      for _ in 0..<20 {
        let bytes = (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }
        let lowered = bytes.map { (65...90).contains($0) ? $0 + 32 : $0 }
        #expect(ByteHash.hashFolded(view(bytes)) == ByteHash.hash(view(lowered)))
        #expect(ByteHash.hash(view(bytes)) == ByteHash.hash(view(bytes)))
      }
    }
  }

  @Test func `one changed byte anywhere changes the hash`() {
    for length in 1..<70 {
      let bytes = [UInt8](repeating: 0x61, count: length)
      let hash = ByteHash.hash(view(bytes))
      #expect(hash != ByteHash.hash(view(Array(bytes.dropLast()))))
      for offset in 0..<length {
        var changed = bytes
        changed[offset] = 0x62
        #expect(hash != ByteHash.hash(view(changed)))
      }
    }
  }

  @Test func `short keys spread over a table`() {
    var used = Set<UInt64>()
    var slots = [Int](repeating: 0, count: 1024)
    for number in 0..<100_000 {
      let hash = ByteHash.hash(view("user\(number)"))
      used.insert(hash)
      slots[Int(hash & 1023)] += 1
    }
    #expect(used.count == 100_000)
    // Evenly spread slots hold 98 each, with a deviation of 10.
    #expect(slots.allSatisfy { (40...160).contains($0) })
  }
}

@Suite struct LineScannerTests {
  @Test(
    arguments: [
      ("", []), ("a", ["a"]), ("a\n", ["a"]), ("a\r\nb\r\n", ["a", "b"]), ("\n\n", ["", ""]),
      ("a\r\r\n", ["a\r"]), ("a\rb\n", ["a\rb"]), ("\r\n", [""]), ("a\nb\r", ["a", "b"]),
    ] as [(String, [String])])
  func `lines end at line feeds`(_ text: String, _ lines: [String]) {
    var scanner = LineScanner(view(text))
    var found: [String] = []
    while let line = scanner.next() { found.append(line.string) }
    #expect(found == lines)
    #expect(scanner.offset == text.utf8.count)
  }
}

@Suite struct UTF8CheckTests {
  @Test func `every two bytes are judged as the standard library does`() {
    for first in UInt8.min...UInt8.max {
      for second in UInt8.min...UInt8.max { compare([first, second]) }
    }
  }

  @Test func `random and garbled text is judged as the standard library does`() {
    var random = Seeded(state: 13)
    let pieces = ["a", "ä", "₡", "𐌼", "abcdefgh", "\u{0}", "\u{10FFFF}", "\u{D7FF}", "\u{E000}"]
    for _ in 0..<20_000 {
      var bytes: [UInt8] = []
      for _ in 0..<Int.random(in: 0...12, using: &random) {
        bytes += Array((pieces.randomElement(using: &random) ?? "").utf8)
      }
      compare(bytes)
      if !bytes.isEmpty {
        bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(
          in: 0...255, using: &random)
        compare(bytes)
        compare(Array(bytes.dropLast()))
      }
    }
  }

  private func compare(_ bytes: [UInt8]) {
    let offset = UTF8Check.firstInvalidOffset(view(bytes))
    #expect((offset == nil) == (String(validating: bytes, as: UTF8.self) != nil), "\(bytes)")
    if let offset { #expect(UTF8Check.isValid(view(Array(bytes[..<offset])))) }
  }
}
