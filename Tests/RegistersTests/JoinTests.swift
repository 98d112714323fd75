import Bytes
import Events
import Registers
import Testing

@Suite struct JoinTests {
  // Monday 2026-10-05 and the days around it.
  @Test func `an account on a system comes before the name for every system`() throws {
    let registers = try registers(example)
    let at = try time("2026-10-05T10:00:00Z")
    #expect(registers.resolve(account: "kim", system: "gitlab", at: at) == "p-001")
    #expect(registers.resolve(account: "KIM", system: "web1", at: at) == "c-007")
    #expect(registers.resolve(account: "kim@example.org", at: at) == nil)
  }

  @Test func `a person of the register has an id, a kind and a status`() throws {
    let event = try joined(
      registers(example), at: "2026-10-05T10:00:00Z", [(.userName, "backup")])
    #expect(event.string(.personID) == "s-010")
    #expect(event.string(.personKind) == "service")
    #expect(event.string(.personStatus) == "active")
    #expect(!event.has(.accessScope))
  }

  @Test func `a name that nobody has is unlisted, and no name is nobody`() throws {
    let stranger = try joined(registers(example), at: "2026-10-05T10:00:00Z", [(.userName, "eve")])
    #expect(stranger.string(.personKind) == "unlisted")
    #expect(!stranger.has(.personID))
    let nobody = try joined(registers(example), at: "2026-10-05T10:00:00Z", [])
    #expect(!nobody.has(.personKind))
  }

  @Test func `without registers nothing is called unknown`() throws {
    let event = try joined(
      registers(""), at: "2026-10-05T10:00:00Z",
      [(.userName, "eve"), (.hostName, "web9"), (.sourceIP, "10.9.9.9"), (.urlDomain, "a.example")])
    for field in [Field.personKind, .systemStatus, .sourceInfrastructure, .toolStatus, .systemName]
    {
      #expect(!event.has(field))
    }
  }

  @Test(
    arguments: [
      ("2024-01-31T23:59:59Z", "not-started", nil), ("2024-02-01T00:00:00Z", "active", nil),
      ("2026-11-30T23:59:59Z", "active", nil), ("2026-12-01T00:00:00Z", "offboarded", 0),
      ("2026-12-01T00:01:00Z", "offboarded", 60),
    ] as [(String, String, Int64?)])
  func `employment lasts through the last second of its last day`(
    _ at: String, _ status: String, _ late: Int64?
  ) throws {
    let event = try joined(registers(example), at: at, [(.userName, "dana")])
    #expect(event.string(.personStatus) == status)
    #expect(event.integer(.personExpiredSeconds) == late)
  }

  @Test(
    arguments: [
      ("2026-08-31T23:59:59Z", "not-started", nil), ("2026-09-01T00:00:00Z", "active", nil),
      ("2026-11-21T23:59:59Z", "active", nil), ("2026-11-22T00:00:01Z", "expired", 1),
    ] as [(String, String, Int64?)])
  func `a contractor's access lasts through the last second that a renewal grants`(
    _ at: String, _ status: String, _ late: Int64?
  ) throws {
    let event = try joined(registers(example), at: at, [(.userName, "kim")])
    #expect(event.string(.personStatus) == status)
    #expect(event.integer(.personExpiredSeconds) == late)
  }

  @Test func `a day ends when it ends in the organisation's zone`() throws {
    let registers = try registers(example, zone: SummerZone())
    let last = try joined(registers, at: "2026-11-30T22:59:59Z", [(.userName, "dana")])
    #expect(last.string(.personStatus) == "active")
    let next = try joined(registers, at: "2026-11-30T23:00:00Z", [(.userName, "dana")])
    #expect(next.string(.personStatus) == "offboarded")
  }

  @Test(
    arguments: [
      ("2026-09-20T12:00:00Z", "active", nil), ("2026-09-20T12:00:10Z", "offboarded", 10),
      ("2026-10-02T00:00:00Z", "offboarded", 993_600),
    ] as [(String, String, Int64?)])
  func `a completed offboarding ends access before the engagement does`(
    _ at: String, _ status: String, _ late: Int64?
  ) throws {
    let event = try joined(registers(example), at: at, [(.userName, "lee")])
    #expect(event.string(.personStatus) == status)
    #expect(event.integer(.personExpiredSeconds) == late)
    #expect(event.string(.accessScope) == "unscoped")
  }

  @Test(
    arguments: [
      ("web1", "web1", "listed"), ("WEB1.example.org", "web1", "listed"),
      ("a.b.apps.example.org", "web1", "listed"), ("apps.example.org", nil, "unlisted"),
      ("10.0.0.4", "web1", "listed"), ("10.0.0.5", nil, "unlisted"), ("new1", nil, "unlisted"),
      ("db1", "db1", "listed"), ("db-7-old", "db1", "listed"), ("localhost", nil, nil),
      ("127.0.0.1", nil, nil),
    ] as [(StaticStringArgument, String?, String?)])
  func `a host is listed by its names, patterns and addresses`(
    _ host: StaticStringArgument, _ id: String?, _ status: String?
  ) throws {
    let event = try joined(
      registers(example), at: "2026-10-05T10:00:00Z", [(.hostName, host.text)])
    #expect(event.string(.systemID) == id)
    #expect(event.string(.systemStatus) == status)
    #expect(event.string(.systemName) == host.text.description)
  }

  @Test func `a system is retired from the first second after its last day`() throws {
    let registers = try registers(example)
    let last = try joined(registers, at: "2026-10-31T23:59:59Z", [(.hostName, "db1")])
    #expect(last.string(.systemStatus) == "listed")
    let next = try joined(registers, at: "2026-11-01T00:00:00Z", [(.hostName, "db1")])
    #expect(next.string(.systemStatus) == "retired")
    #expect(next.string(.systemID) == "db1")
  }

  @Test func `a declared system wins, and the host keeps its own status`() throws {
    let event = try joined(
      registers(example), at: "2026-10-05T10:00:00Z", system: "gitlab",
      [(.hostName, "web9"), (.userName, "kim")])
    #expect(event.string(.systemID) == "gitlab")
    #expect(event.string(.systemStatus) == "unlisted")
    #expect(event.string(.personID) == "p-001")
  }

  @Test func `a domain is looked up without its port, but not where people browse to`() throws {
    let registers = try registers(example)
    let served = try joined(
      registers, at: "2026-10-05T10:00:00Z", [(.urlDomain, "web1.example.org:8443")])
    #expect(served.string(.systemID) == "web1")
    #expect(served.string(.systemName) == "web1.example.org")
    let browsed = try joined(
      registers, at: "2026-10-05T10:00:00Z",
      [(.urlDomain, "news.example"), (.eventCategory, "proxy")])
    #expect(!browsed.has(.systemStatus))
  }

  @Test(
    arguments: [
      ("10.0.0.4", "listed"), ("2001:db8::7", "listed"), ("192.0.2.255", "listed"),
      ("10.0.0.5", "unlisted"), ("fd00::1", "unlisted"), ("172.32.0.1", "external"),
      ("198.51.100.9", "external"), ("127.0.0.1", nil), ("fe80::1", nil), ("::1", nil),
      ("not-an-address", nil),
    ] as [(StaticStringArgument, String?)])
  func `a source is listed, private and unlisted, or external`(
    _ address: StaticStringArgument, _ expected: String?
  ) throws {
    let event = try joined(
      registers(example), at: "2026-10-05T10:00:00Z", [(.sourceIP, address.text)])
    #expect(event.string(.sourceInfrastructure) == expected)
  }

  @Test(
    arguments: [
      ("git.example.org", "2024-02-05T23:59:58Z", "proposed"),
      ("git.example.org", "2024-02-06T00:00:00Z", "approved"),
      ("x.drop.example", "2026-10-05T10:00:00Z", "personal-cloud"),
      ("other.example", "2026-10-05T10:00:00Z", nil),
    ] as [(StaticStringArgument, String, String?)])
  func `a tool is approved from its approval on`(
    _ domain: StaticStringArgument, _ at: String, _ status: String?
  ) throws {
    let event = try joined(registers(example), at: at, [(.urlDomain, domain.text)])
    #expect(event.string(.toolStatus) == status)
  }

  @Test(
    arguments: [
      ("web1", "auth.login", "NL", "2026-10-05T10:00:00Z", nil),
      ("WEB77", "auth.login", "NL", "2026-10-05T10:00:00Z", nil),
      ("db1", "auth.login", "NL", "2026-10-05T10:00:00Z", "system"),
      ("web1", "auth.login", "NL", "2026-10-05T07:59:59Z", "hours"),
      ("web1", "auth.login", "NL", "2026-10-05T08:00:00Z", nil),
      ("web1", "auth.login", "NL", "2026-10-05T19:00:00Z", "hours"),
      ("web1", "auth.login", "NL", "2026-10-04T10:00:00Z", "hours"),
      ("web1", "auth.login", "FR", "2026-10-05T10:00:00Z", "country"),
      ("web1", "auth.login", "", "2026-10-05T10:00:00Z", nil),
      ("web1", "vcs.push", "de", "2026-10-05T10:00:00Z", "action"),
    ] as [(StaticStringArgument, StaticStringArgument, StaticStringArgument, String, String?)])
  func `the first part of the scope that an event leaves is the reason`(
    _ host: StaticStringArgument, _ action: StaticStringArgument, _ country: StaticStringArgument,
    _ at: String, _ reason: String?
  ) throws {
    let event = try joined(
      registers(example), at: at,
      [
        (.userName, "kim"), (.hostName, host.text), (.eventAction, action.text),
        (.sourceCountry, country.text),
      ])
    #expect(event.string(.accessScope) == (reason == nil ? "inside" : "outside"))
    #expect(event.string(.accessScopeReason) == reason)
  }

  @Test func `an environment outside the scope is the reason`() throws {
    let event = try joined(
      registers(example), at: "2026-10-05T10:00:00Z", environment: "corporate",
      [(.userName, "kim"), (.hostName, "web1")])
    #expect(event.string(.accessScopeReason) == "environment")
  }

  @Test(
    arguments: [
      ("2026-10-02T14:59:59Z", "db1", nil), ("2026-10-02T15:00:00Z", "db1", "a-031"),
      ("2026-10-04T23:59:59Z", "db1", "a-031"), ("2026-10-05T00:00:00Z", "db1", nil),
      ("2026-10-03T10:00:00Z", "db2", nil), ("2026-10-05T20:00:00Z", "web1", nil),
    ] as [(String, StaticStringArgument, String?)])
  func `an approval clears only what comes after it, within its days, by someone else`(
    _ at: String, _ host: StaticStringArgument, _ approval: String?
  ) throws {
    let event = try joined(
      registers(example), at: at, [(.userName, "kim"), (.hostName, host.text)])
    #expect(event.string(.accessScope) == "outside")
    #expect(event.string(.accessApproval) == approval)
  }

  @Test(arguments: [
    // Summer: 08:00 on the wall is 06:00 UTC; winter: 07:00 UTC.
    ("2026-09-28T05:59:59Z", "outside"), ("2026-09-28T06:00:00Z", "inside"),
    ("2026-10-26T06:59:59Z", "outside"), ("2026-10-26T07:00:00Z", "inside"),
    // Saturday night from ten to two belongs to Saturday.
    ("2026-09-26T20:00:00Z", "inside"), ("2026-09-26T23:59:59Z", "inside"),
    ("2026-09-27T00:00:00Z", "outside"),
  ])
  func `hours follow the clock on the scope's wall`(_ at: String, _ scope: String) throws {
    let text = """
      contractors:
        - id: c-1
          accounts: {"*": [kim]}
          engagement: {start: 2026-09-20, end: 2026-10-30}
          scope: {timezone: Europe/Amsterdam, hours: ["Mon-Fri 08:00-19:00", "Sat 22:00-02:00"]}
      """
    let event = try joined(registers(text), at: at, [(.userName, "kim")])
    #expect(event.string(.accessScope) == scope)
  }

  @Test(
    arguments: [
      ("2001:db8:0:0:0:0:0:7", "listed"), ("2001:DB8::192.0.2.1", "listed"),
      ("2001:db8::", "listed"),
      ("::ffff:10.0.0.4", "listed"), ("1:2:3:4:5:6:7:8", "external"), ("1::8", "external"),
      ("fc00::", "unlisted"), ("fdff:ffff::1", "unlisted"), ("fe00::1", "external"), ("::", nil),
      ("1::2::3", nil), ("12345::", nil), ("1:2:3:4:5:6:7", nil), ("1:2:3:4:5:6:7:8:9", nil),
      ("1:2:3:4:5:6:7:8::", nil), (":::", nil), (":1", nil), ("1:", nil), ("::1:", nil),
      ("g::", nil),
      ("1.2.3", nil), ("1.2.3.256", nil), ("1.2.3.4.5", nil), ("1..2.3", nil), ("1.2.3.", nil),
      ("::1.2.3", nil), ("", nil),
    ] as [(StaticStringArgument, String?)])
  func `an address is read in every spelling, and nothing else is an address`(
    _ address: StaticStringArgument, _ expected: String?
  ) throws {
    let event = try joined(
      registers(example), at: "2026-10-05T10:00:00Z", [(.sourceIP, address.text)])
    #expect(event.string(.sourceInfrastructure) == expected)
  }

  @Test(
    arguments: [
      ("*", "", true), ("*", "web", true), ("web*", "web", true), ("web*", "awe", false),
      ("w?b", "wab", true), ("w?b", "wb", false), ("*a*b", "xaxxab", true),
      ("*a*b", "xaxxa", false),
      ("a*a", "a", false), ("WEB*1", "web-01", true), ("**1", "web1", true),
    ] as [(String, StaticStringArgument, Bool)])
  func `a star stands for any bytes and a question mark for one`(
    _ pattern: String, _ name: StaticStringArgument, _ fits: Bool
  ) throws {
    let registers = try registers(
      "contractors:\n  - {id: c, accounts: {\"*\": [kim]}, engagement: {start: 2026-10-01}, "
        + "scope: {actions: [\"\(pattern)\"]}}\n")
    let event = try joined(
      registers, at: "2026-10-05T10:00:00Z", [(.userName, "kim"), (.eventAction, name.text)])
    #expect(event.string(.accessScope) == (fits ? "inside" : "outside"))
  }

  @Test func `of rows that share a name the one of the day is meant`() throws {
    let registers = try registers(
      """
      infrastructure:
        - {id: old, names: [app], addresses: [10.0.0.1], valid_to: 2026-06-30}
        - {id: new, names: [app], addresses: [10.0.0.1], valid_from: 2026-07-01}
      people:
        - {id: p-1, accounts: {"*": [ops]}, employment: {end: 2026-06-30}}
        - {id: p-2, accounts: {"*": [ops]}, employment: {start: 2026-08-01}}
      """)
    for (at, id, person) in [
      ("2026-06-30T23:59:59Z", "old", "p-1"), ("2026-07-01T00:00:00Z", "new", "p-1"),
      ("2026-08-01T00:00:00Z", "new", "p-2"),
    ] {
      for host in ["app", "10.0.0.1"] as [StaticString] {
        let event = try joined(registers, at: at, [(.hostName, host), (.userName, "ops")])
        #expect(event.string(.systemID) == id)
        #expect(event.string(.systemStatus) == "listed")
        #expect(event.string(.personID) == person)
      }
    }
  }

  @Test func `what the joins set stays readable after many joins`() throws {
    let registers = try registers(example)
    let first = try joined(
      registers, at: "2026-10-05T10:00:00Z", [(.userName, "kim"), (.hostName, "web1")])
    let event = Event()
    let cache = JoinCache()
    for _ in 0..<10_000 {
      event.reset(line: .empty)
      event.time = first.event.time
      event.set(.userName, "dana")
      event.set(.hostName, "db1")
      registers.join(event, source: .none, cache: cache)
    }
    #expect(first.string(.personID) == "c-007")
    #expect(first.string(.systemEnvironment) == "staging")
    #expect(event.text(.personID)?.string == "p-001")
    #expect(registers.hasPeople)
  }

  @Test func `fifty thousand rows are found by name`() throws {
    var text = "people:\n"
    for number in 0..<50_000 {
      text += "  - {id: p-\(number), accounts: {\"*\": [user\(number)]}}\n"
    }
    let registers = try registers(text)
    for number in stride(from: 0, to: 50_000, by: 997) {
      #expect(registers.resolve(account: "user\(number)", at: 0) == "p-\(number)")
    }
    #expect(registers.resolve(account: "user50000", at: 0) == nil)
  }
}

/// A literal as a test argument; shown as its text.
struct StaticStringArgument: Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
  let text: StaticString
  init(stringLiteral value: StaticString) { text = value }
  var description: String { text.description }
}
