import Alerts
import Testing

@Suite struct SpecialAddressTests {
  @Test(arguments: [
    ("0.0.0.0", true), ("10.1.2.3", true), ("11.0.0.0", false), ("100.63.255.255", false),
    ("100.64.0.1", true), ("100.128.0.0", false), ("127.0.0.1", true), ("169.254.169.254", true),
    ("172.15.255.255", false), ("172.16.0.1", true), ("172.31.255.255", true),
    ("172.32.0.0", false), ("192.0.0.8", true), ("192.168.1.1", true), ("192.169.0.0", false),
    ("198.19.0.1", true), ("198.20.0.0", false), ("203.0.113.7", true), ("203.0.114.0", false),
    ("223.255.255.255", false), ("224.0.0.1", true), ("255.255.255.255", true),
    ("8.8.8.8", false),
  ])
  func `each special block ends where it should`(_ text: String, _ isSpecial: Bool) {
    let four = text.split(separator: ".").compactMap { UInt8($0) }
    #expect(SpecialAddress.contains(four) == isSpecial)
    // The same address mapped into IPv6, translated, and as 6to4.
    let zeros = [UInt8](repeating: 0, count: 8)
    #expect(SpecialAddress.contains(zeros + [0, 0, 0xFF, 0xFF] + four) == isSpecial)
    #expect(SpecialAddress.contains([0, 0x64, 0xFF, 0x9B] + zeros + four) == isSpecial)
    #expect(SpecialAddress.contains([0x20, 0x02] + four + zeros + [0, 1]) == isSpecial)
  }

  @Test(arguments: [
    ([0x26, 0x06, 0x47, 0x00], false), ([0x2A, 0x00, 0x14, 0x50], false),
    ([0, 0, 0, 0], true), ([0xFC, 0, 0, 0], true), ([0xFD, 0x12, 0, 0], true),
    ([0xFE, 0x80, 0, 0], true), ([0xFE, 0xC0, 0, 0], true), ([0xFF, 0x02, 0, 0], true),
    ([0x20, 0x01, 0, 0], true), ([0x20, 0x01, 0x0D, 0xB8], true),
    ([0x20, 0x01, 0x48, 0x60], false), ([0x3F, 0xFF, 0, 0], true), ([0, 0x64, 0xFF, 0x9B], true),
  ])
  func `only addresses that are given out are ordinary`(_ start: [UInt8], _ isSpecial: Bool) {
    let address = start + [UInt8](repeating: 0, count: 11) + [1]
    #expect(SpecialAddress.contains(address) == isSpecial)
  }

  @Test func `what is no address is special`() {
    #expect(SpecialAddress.contains([]))
    #expect(SpecialAddress.contains([8, 8, 8]))
  }
}

@Suite struct UTCTimeTests {
  @Test(arguments: [
    (0, "1970-01-01T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"),
    (951_782_399_999_999_999, "2000-02-28T23:59:59.999Z"),
    (951_782_400_000_000_000, "2000-02-29T00:00:00.000Z"),
    (1_795_277_050_500_000_000, "2026-11-21T16:04:10.500Z"),
    (4_107_542_400_000_000_000, "2100-03-01T00:00:00.000Z"),
    (Int64.max, "2262-04-11T23:47:16.854Z"), (Int64.min, "1677-09-21T00:12:43.145Z"),
  ])
  func `a time is written in UTC`(_ nanoseconds: Int64, _ expected: String) {
    #expect(UTCTime.text(nanoseconds) == expected)
  }
}

@Suite struct Base64Tests {
  @Test(arguments: [
    ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
    ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"),
  ])
  func `the examples of RFC 4648 hold both ways`(_ plain: String, _ written: String) {
    #expect(Base64.text(Array(plain.utf8)) == written)
    #expect(Base64.bytes(written) == Array(plain.utf8))
  }
}
