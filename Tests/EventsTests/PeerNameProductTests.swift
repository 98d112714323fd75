import Events
import Testing

@Suite struct PeerNameProductTests {
  private func reading(_ peer: String) throws -> Reading {
    try #require(Reading.of("sshd", "Invalid user kim from " + peer))
  }

  private static let spellings: [(String, String)] = [
    ("192.0.2.7", "192.0.2.7"), ("0.0.0.0", "0.0.0.0"), ("255.255.255.255", "255.255.255.255"),
    ("::ffff:192.0.2.7", "192.0.2.7"), ("::FFFF:c000:207", "192.0.2.7"), ("::", "::"),
    ("::1", "::1"), ("1::", "1::"), ("2001:DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1"),
    ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"), ("fe80::1%eth0", "fe80::1"),
    ("[2001:db8::7]:4711", "2001:db8::7"), ("[192.0.2.7]:4711", "192.0.2.7"),
    ("192.0.2.7:4711", "192.0.2.7"), ("[AF_INET]192.0.2.7:4711", "192.0.2.7"),
    ("ip/192.0.2.7", "192.0.2.7"), ("192.0.2.7/32", "192.0.2.7"),
    ("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"), ("64:ff9b::192.0.2.7", "64:ff9b::c000:207"),
  ]

  @Test(arguments: spellings)
  func `an address has one plain spelling`(_ peer: String, _ address: String) throws {
    let reading = try reading(peer)
    #expect(reading["source.ip"] == address)
    #expect(reading["source.domain"] == nil)
    #expect(reading["source.address"] != nil)
  }

  @Test(arguments: [
    "192.030.0.6", "192.0.2", "192.0.2.256", "192.0.2.7.1", "192.0..7", "1.2.3.4.", ".1.2.3",
    "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", ":1", "1:", "1:::2", "1::2::3", "12345::", "::1.2.3",
    "::1.2.3.4.5", "g::1", "UNKNOWN", "198.51.100.x", "-", "a_b!", "[2001:db8::7", "[]",
  ])
  func `what is neither address nor name is kept only as written`(_ peer: String) throws {
    let reading = try reading(peer)
    #expect(reading["source.ip"] == nil)
    #expect(reading["source.domain"] == nil)
  }

  @Test(arguments: ["host.example.org", "web1", "71-13-115-12.static.example.net", "a.example."])
  func `a host name is the source's domain`(_ peer: String) throws {
    let reading = try reading(peer)
    #expect(reading["source.domain"] == peer)
    #expect(reading["source.address"] == peer)
    #expect(reading["source.ip"] == nil)
  }
}
