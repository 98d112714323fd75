import Bytes
import Events
import Testing

/// What went out through a proxy: Squid's own form, what it writes as JSON, and a gateway's.
@Suite struct ProxyLogTests {
  private func fields(_ line: String, _ names: String...) throws -> [String?] {
    let reading = try NormalisePath(anchor: 1_795_800_000).read(Array(line.utf8))
    #expect(reading.rejection == nil, "\(line)")
    return names.map { reading[$0] }
  }

  private func request(_ line: String) throws -> [String?] {
    try fields(
      line, "event.category", "event.action", "event.outcome", "user.name", "source.ip",
      "http.request.method", "url.domain", "destination.port", "http.response.status_code",
      "http.response.body.bytes", "event.reason")
  }

  /// Lines that Squid 5.7 wrote, and what each says.
  private static let lines: [(line: String, fields: [String?])] = [
    (
      "1795835864.120     54 127.0.0.1 TCP_MISS/200 310 GET http://127.0.0.1:8088/a.txt dana HIER_DIRECT/127.0.0.1 text/plain",
      ["success", "dana", "GET", "127.0.0.1", "8088", "200", "310", nil]
    ),
    (
      "1795835864.160      0 127.0.0.1 TCP_DENIED/407 3510 GET http://127.0.0.1:8088/a.txt - HIER_NONE/- text/html",
      ["failure", nil, "GET", "127.0.0.1", "8088", "407", "3510", "denied"]
    ),
    (
      "1795835864.208      1 127.0.0.1 TCP_DENIED/403 3438 POST http://drive.example.com/up - HIER_NONE/- text/html",
      ["failure", nil, "POST", "drive.example.com", nil, "403", "3438", "denied"]
    ),
    (
      "1795835864.283      6 127.0.0.1 TCP_TUNNEL/200 50 CONNECT 127.0.0.1:8443 dana HIER_DIRECT/127.0.0.1 -",
      ["success", "dana", "CONNECT", "127.0.0.1", "8443", "200", "50", nil]
    ),
    (
      "1795835864.304      0 127.0.0.1 TCP_DENIED/403 3438 CONNECT drive.example.com:443 - HIER_NONE/- text/html",
      ["failure", nil, "CONNECT", "drive.example.com", "443", "403", "3438", "denied"]
    ),
    (
      "1795835864.326      2 127.0.0.1 TCP_MISS/502 3419 GET http://nowhere.invalid/ dana HIER_NONE/- text/html",
      ["failure", "dana", "GET", "nowhere.invalid", nil, "502", "3419", nil]
    ),
  ]

  @Test func `Squid's lines say who asked whom for what, and whether they were let`() throws {
    for (line, wanted) in ProxyLogTests.lines {
      let found = try request(line)
      #expect(found[0] == "proxy" && found[1] == "http.request" && found[4] == "127.0.0.1")
      #expect([found[2], found[3]] + found[5...] == wanted, "\(line)")
      let reading = try NormalisePath(anchor: 1_795_800_000).read(Array(line.utf8))
      #expect(reading.format == .squid && reading["event.dataset"] == "squid")
      #expect(reading.time / 1_000_000_000 == 1_795_835_864)
    }
  }

  @Test func `the same requests as JSON are the same events`() throws {
    let lines = [
      #"{"time":"1795835864.120","client":"127.0.0.1","result":"TCP_MISS","status":200,"bytes":310,"method":"GET","url":"http://127.0.0.1:8088/a.txt","user":"dana","peer":"127.0.0.1"}"#,
      #"{"time":"1795835864.304","client":"127.0.0.1","result":"TCP_DENIED","status":403,"bytes":3438,"method":"CONNECT","url":"drive.example.com:443","user":"-","peer":"-"}"#,
    ]
    let native = [ProxyLogTests.lines[0].line, ProxyLogTests.lines[4].line]
    for (line, other) in zip(lines, native) {
      let (one, two) = (try request(line), try request(other))
      // The port of a whole URL is in the URL alone.
      #expect(one[..<7] == two[..<7] && one[8...] == two[8...], "\(one)\n\(two)")
    }
  }

  @Test func `a gateway's record under the names of the W3C is a proxy's, too`() throws {
    let found = try request(
      #"{"time":"2026-11-03T08:22:00Z","c-ip":"10.0.0.9","cs-username":"kim","cs-method":"GET","cs-host":"drive.example.com","cs-uri-path":"/x","sc-status":200,"sc-bytes":9,"cs-uri-port":443}"#
    )
    #expect(
      found == [
        "proxy", "http.request", "success", "kim", "10.0.0.9", "GET", "drive.example.com", "443",
        "200", "9", nil,
      ])
  }

  @Test func `a sign-in to somebody else's site is none to ours`() throws {
    let line =
      "1795835864.120     54 10.0.0.9 TCP_MISS/302 310 POST http://shop.example.com/login kim HIER_DIRECT/203.0.113.7 text/html"
    #expect(
      try fields(line, "event.category", "event.action", "url.domain", "destination.ip")
        == ["proxy", "http.request", "shop.example.com", "203.0.113.7"])
  }

  @Test func `a name with escapes is the name that was escaped`() throws {
    let line =
      "1795835864.120     54 10.0.0.9 TCP_MISS/200 310 GET http://a.example/ EXAMPLE%5Ckim%20o HIER_DIRECT/203.0.113.7 text/html"
    #expect(try fields(line, "user.name") == [#"EXAMPLE\kim o"#])
  }

  @Test(arguments: [
    "1795835864.120     54 10.0.0.9 TCP_MISS/200 310 GET http://a.example/ x HIER_DIRECT/1.2.3.4 text/html kim HIER_NONE/- text/html",
    "Nov  3 08:22:00 gw (squid-1)[77]: 1795835864.120     54 10.0.0.9 TCP_MISS/200 310 GET http://a.example/ x HIER_DIRECT/1.2.3.4 text/html",
  ])
  func `what stands behind the type, or around the line, changes nobody's name`(_ line: String)
    throws
  {
    #expect(try fields(line, "user.name", "event.category") == ["x", "proxy"])
  }

  @Test(arguments: [
    "1795835864.120 x 10.0.0.9 TCP_MISS/200 310 GET http://a/ - HIER_NONE/- -",
    "1795835864.120 54 10.0.0.9 TCP_MISS 310 GET http://a/ - HIER_NONE/- -",
    "1795835864.120 54 10.0.0.9 TCP_MISS/200 310 GET http://a b/ - HIER_NONE/- -",
    "1795835864 54 10.0.0.9 TCP_MISS/200 310 GET http://a/ - HIER_NONE/- -",
    "1795835864.120 54 10.0.0.9",
  ])
  func `a line that is not as Squid writes it is no proxy's`(_ line: String) throws {
    let reading = try NormalisePath(anchor: 1_795_800_000).read(Array(line.utf8), as: .squid)
    #expect(reading.rejection?.hasPrefix("squid-") == true)
    #expect(withView(Array(line.utf8)) { LineFormat.guess($0) } != .squid)
  }
}
