import Bytes
import Testing

@Suite struct AddressTests {
  @Test(arguments: [
    ("0.0.0.0", "0.0.0.0"), ("255.255.255.255", "255.255.255.255"), ("1.2.3.4", "1.2.3.4"),
    ("::ffff:1.2.3.4", "1.2.3.4"), ("::FFFF:0102:0304", "1.2.3.4"), ("::", "::"), ("::1", "::1"),
    ("1::", "1::"), ("2001:DB8::1", "2001:db8::1"), ("2001:db8:0:0:0:0:0:1", "2001:db8::1"),
    ("2001:0db8::0001", "2001:db8::1"), ("1:0:0:2:0:0:0:3", "1:0:0:2::3"),
    ("1:0:0:2:0:0:3:4", "1::2:0:0:3:4"), ("1:0:2:3:4:5:6:7", "1:0:2:3:4:5:6:7"),
    ("fe80::1%eth0", "fe80::1"), ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"),
    ("::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"),
    ("64:ff9b::1.2.3.4", "64:ff9b::102:304"), ("1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304"),
    ("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
  ])
  func `an address has one spelling`(_ text: String, _ canonical: String) throws {
    let address = try #require(Address(view(text)))
    #expect(address.description == canonical)
    #expect(Address(view(canonical)) == address)
  }

  @Test(arguments: [
    "", "1", "1.2.3", "1.2.3.4.5", "1.2.3.256", "192.030.0.6", "01.2.3.4", "1.2.3.00", "1..2.3",
    ".1.2.3", "1.2.3.", "1.2.3.4 ", "1.2.3.a", "225.01.00.16", ":", ":::", "1:::2", "1::2::3", ":1",
    "1:", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8::", "12345::", "g::", "::1.2.3",
    "::1.2.3.4:5", "1:2:3:4:5:6:7:1.2.3.4", "fe80::1%", "[::1]", "1.2.3.4:80", "example.com",
    "AWS Internal", "cloudtrail.amazonaws.com", "1:2:3:4:5:6:7:8:1.2.3.4", "::1.02.3.4",
  ])
  func `what is no address is refused`(_ text: String) { #expect(Address(view(text)) == nil) }

  @Test(
    arguments: [
      ("1.2.3.4", "1.2.3.4", nil), ("1.2.3.4:80", "1.2.3.4", 80), ("[::1]:443", "::1", 443),
      ("[::1]", "::1", nil), ("::1", "::1", nil), ("ip/1.1.1.1", "1.1.1.1", nil),
      ("[AF_INET]1.2.3.4:51342", "1.2.3.4", 51342), ("[AF_INET6]::ffff:1.2.3.4", "1.2.3.4", nil),
      ("[::ffff:31.54.38.23]:47414", "31.54.38.23", 47414), ("[fe80::1%eth0]:1", "fe80::1", 1),
      ("1.2.3.4:65535", "1.2.3.4", 65535),
    ] as [(String, String, UInt16?)])
  func `an endpoint's five spellings are read`(_ text: String, _ address: String, _ port: UInt16?) {
    let endpoint = Endpoint(view(text))
    #expect(endpoint?.address.description == address)
    #expect(endpoint?.port == port)
  }

  @Test(arguments: [
    "", "[", "[]", "[::1", "[::1]x", "[::1]:", "[::1]:65536", "1.2.3.4:", "1.2.3.4:x", ":80", "ip/",
    "host:80", "[AF_INET]", "1.2.3.4:000080",
  ])
  func `what is no endpoint is refused`(_ text: String) { #expect(Endpoint(view(text)) == nil) }

  @Test(arguments: [
    ("10.0.0.0", "private"), ("10.255.255.255", "private"), ("9.255.255.255", "public"),
    ("11.0.0.0", "public"), ("172.15.255.255", "public"), ("172.16.0.0", "private"),
    ("172.31.255.255", "private"), ("172.32.0.0", "public"), ("192.167.255.255", "public"),
    ("192.168.0.0", "private"), ("192.169.0.0", "public"), ("127.0.0.1", "loopback"),
    ("128.0.0.0", "public"), ("169.254.1.1", "link"), ("169.255.0.0", "public"),
    ("0.0.0.0", "none"),
    ("100.63.255.255", "public"), ("100.64.0.0", "none"), ("100.127.255.255", "none"),
    ("100.128.0.0", "public"), ("198.17.255.255", "public"), ("198.18.0.0", "none"),
    ("198.19.255.255", "none"), ("198.20.0.0", "public"), ("223.255.255.255", "public"),
    ("224.0.0.0", "none"), ("255.255.255.255", "none"), ("203.0.113.7", "public"),
    ("::", "none"), ("::1", "loopback"), ("::2", "public"), ("fc00::", "private"),
    ("fdff::1", "private"), ("fbff::", "public"), ("fe80::1", "link"), ("febf::1", "link"),
    ("fe7f::1", "public"), ("fec0::1", "public"), ("ff02::1", "none"), ("2001:db8::1", "public"),
    ("::ffff:10.1.1.1", "private"),
  ])
  func `ranges end where the registries say`(_ text: String, _ kind: String) throws {
    let address = try #require(Address(view(text)))
    #expect(address.isPrivate == (kind == "private"))
    #expect(address.isLoopback == (kind == "loopback"))
    #expect(address.isLinkLocal == (kind == "link"))
    #expect(address.isPublic == (kind == "public"))
  }

  @Test func `random addresses survive their own spelling`() {
    var random = Seeded(state: 5)
    for _ in 0..<5000 {
      // Many zero groups, so that runs of every length occur.
      var words: [UInt64] = [0, 0]
      for group in 0..<8 where Bool.random(using: &random) {
        words[group / 4] |= UInt64.random(in: 0...0xFFFF, using: &random) << UInt64(group % 4 * 16)
      }
      let address = Address(high: words[0], low: words[1])
      #expect(Address(view(address.description)) == address, "\(address)")
    }
  }

  @Test(arguments: [
    ("10.0.0.0/8", "10.255.0.1", "11.0.0.0", "10.0.0.0/8"),
    ("192.0.2.77/24", "192.0.2.255", "192.0.3.0", "192.0.2.0/24"),
    ("1.2.3.4", "1.2.3.4", "1.2.3.5", "1.2.3.4/32"),
    ("2001:db8::/32", "2001:db8:ffff::", "2001:db9::", "2001:db8::/32"),
    ("::1", "::1", "::2", "::1/128"), ("0.0.0.0/0", "255.1.1.1", "::1", "0.0.0.0/0"),
    ("2001:db8::/63", "2001:db8:0:1::", "2001:db8:0:2::", "2001:db8::/63"),
    ("2001:db8::/65", "2001:db8::1", "2001:db8::8000:0:0:0", "2001:db8::/65"),
    ("::ffff:10.0.0.0/104", "10.1.1.1", "11.1.1.1", "10.0.0.0/8"),
  ])
  func `a network covers its range and nothing else`(
    _ text: String, _ inside: String, _ outside: String, _ canonical: String
  ) throws {
    let network = try #require(Network(view(text)))
    #expect(network.contains(try #require(Address(view(inside)))))
    #expect(!network.contains(try #require(Address(view(outside)))))
    #expect(network.description == canonical)
  }

  @Test(arguments: [
    "", "/8", "10.0.0.0/", "10.0.0.0/33", "::/129", "10.0.0.0/08", "10.0.0.0/-1", "10.0.0/8",
    "::/1000",
  ])
  func `what is no network is refused`(_ text: String) { #expect(Network(view(text)) == nil) }

  @Test func `the whole space is one network`() throws {
    let network = try #require(Network(view("::/0")))
    #expect(network.contains(Address(ipv4: 1)))
    #expect(network.contains(Address(high: .max, low: .max)))
  }
}
