import Bytes
import Testing

/// Addresses of version 4 read by words against the same byte by byte.
@Suite struct AddressTwinTests {
  /// Spellings on both sides of every boundary.
  static let spellings: [String] = {
    let parts = [
      "", "0", "1", "9", "10", "25", "99", "100", "127", "199", "249", "250", "255", "256", "260",
      "299", "300", "999", "00", "01", "000", "001", "010", "1000", "0255", "a", "1a", "-1", "+1",
      " 1", "1 ", "/", ":", "\u{7F}", "é",
    ]
    var texts: [String] = [
      "", ".", "..", "...", "....", "1.2.3", "1.2.3.4.5", "1.2.3.4.", ".1.2.3.4",
    ]
    for part in parts {
      for other in ["1", "25", "255"] {
        for place in 0..<4 {
          var all = [String](repeating: other, count: 4)
          all[place] = part
          texts.append(all.joined(separator: "."))
        }
      }
      texts += [
        "1.2.3.\(part)", "\(part).\(part).\(part).\(part)", "1.2.\(part)", "1.2.3.4.\(part)",
        "\(part)1.2.3.4",
      ]
    }
    // Every way to share out the digits among four parts.
    for digits in 0..<81 {
      let counts = [digits % 3, digits / 3 % 3, digits / 9 % 3, digits / 27]
      texts.append(counts.map { ["7", "42", "213"][$0] }.joined(separator: "."))
      texts.append(counts.map { ["0", "10", "255"][$0] }.joined(separator: "."))
    }
    return texts
  }()

  /// The same byte by byte: what the reader must agree with.
  private static func readPlainly(_ text: ByteView, _ start: Int, _ end: Int) -> UInt32? {
    guard end - start >= 7, end - start <= 15 else { return nil }
    var value: UInt32 = 0
    var part: UInt32 = 0
    // How many digits the part has; a part that begins with zero is full after one.
    var digits = 0
    var points = 0
    var offset = start
    while offset < end {
      let byte = text[offset]
      let digit = UInt32(byte &- 0x30)
      if digit < 10 {
        if digits > 0, part == 0 { return nil }
        part = part &* 10 &+ digit
        digits &+= 1
        if part > 255 { return nil }
      } else {
        guard byte == 0x2E, digits > 0, points < 3 else { return nil }
        value = value << 8 | part
        part = 0
        digits = 0
        points &+= 1
      }
      offset &+= 1
    }
    return points == 3 && digits > 0 ? value << 8 | part : nil
  }

  /// Reads a text wherever it may stand in a longer one, both ways.
  private func check(_ text: [UInt8], _ note: @autoclosure () -> String) {
    for (before, after) in [(0, 0), (1, 0), (0, 1), (7, 0), (8, 0), (9, 3), (0, 16), (3, 9)] {
      for filler in [UInt8(ascii: "."), UInt8(ascii: "1"), 0xFF] {
        let whole =
          [UInt8](repeating: filler, count: before) + text
          + [UInt8](repeating: filler, count: after)
        whole.withView { whole in
          let fast = Address.readIPv4(whole, before, before + text.count)
          let plain = AddressTwinTests.readPlainly(whole, before, before + text.count)
          guard fast != plain else { return }
          Issue.record(
            "\(String(decoding: text, as: UTF8.self)) after \(before) and before \(after) bytes: \(String(describing: fast)), not \(String(describing: plain)); \(note())"
          )
        }
      }
    }
  }

  @Test func `every spelling is read alike wherever it stands`() {
    var read = 0
    for text in AddressTwinTests.spellings {
      check(Array(text.utf8), "a spelling")
      text.withView { if AddressTwinTests.readPlainly($0, 0, $0.count) != nil { read += 1 } }
    }
    #expect(read > 200)
  }

  @Test func `the plain reader knows what an address is`() {
    func read(_ text: String) -> UInt32? {
      text.withView { AddressTwinTests.readPlainly($0, 0, $0.count) }
    }
    #expect(read("1.2.3.4") == 0x0102_0304)
    #expect(read("255.255.255.255") == .max)
    #expect(read("0.0.0.0") == 0)
    for text in ["1.2.3", "01.2.3.4", "1.2.3.256", "1.2.3.4.", "1.2.3.4.5", "1..3.4", "1.2.3.4 "] {
      #expect(read(text) == nil, "\(text)")
    }
  }

  @Test func `any byte at any place of an address is judged alike`() {
    for address in ["1.2.3.4", "10.20.3.4", "213.42.7.19", "255.255.255.255"] {
      let bytes = Array(address.utf8)
      for place in bytes.indices {
        for byte in UInt8.min...UInt8.max {
          var text = bytes
          text[place] = byte
          check(text, "byte \(byte) at \(place)")
        }
      }
    }
  }

  @Test(arguments: [3, 4, 20_261_127] as [UInt64])
  func `random damage is judged alike`(_ seed: UInt64) {
    var random = Seeded(state: seed)
    let alphabet = Array("0123456789....012 /:;\u{0}\u{7F}".utf8) + [0x80, 0xAE, 0xB0, 0xFF]
    for round in 0..<4000 {
      var text = Array(
        (0..<4).map { _ in
          String(UInt8.random(in: 0...255, using: &random) >> UInt8(round % 3 * 3))
        }.joined(separator: ".").utf8)
      for _ in 0..<round % 4 where !text.isEmpty {
        let place = Int.random(in: 0..<text.count, using: &random)
        let byte = alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
        switch Int.random(in: 0..<3, using: &random) {
        case 0: text[place] = byte
        case 1: text.insert(byte, at: place)
        default: text.remove(at: place)
        }
      }
      check(text, "seed \(seed), round \(round)")
    }
  }
}
