import Bytes
import Events
import Registers
import Testing

/// Look-ups that are remembered against look-ups that are made.
@Suite struct JoinCacheTests {
  /// A small generator whose seed can be pasted back.
  private struct Seeded: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state ^ state >> 29
    }
  }

  private static let fields: [Field] =
    [
      .personID, .personKind, .personStatus, .personExpiredSeconds, .systemID, .systemName,
      .systemEnvironment, .systemStatus, .accessScope, .accessScopeReason, .accessApproval, .toolID,
      .toolStatus, .sourceInfrastructure, .flowStatus, .systemInternetFacing, .accessApprovalType,
      .accessApprovalLate, .accessException,
    ] + JoinReads.fields

  private func answer(
    _ registers: Registers, _ event: Event, _ source: SourceContext, _ cache: JoinCache
  ) -> [String] {
    for field in JoinCacheTests.fields { event.remove(field) }
    registers.join(event, source: source, cache: cache)
    return JoinCacheTests.fields.map { field in
      switch event[field] {
      case .text(let text)?: text.string
      case .integer(let number)?: "\(number)"
      case .json(let list)?: list.string
      case nil: "-"
      default: "?"
      }
    }
  }

  /// Every instant of the example at which something begins or ends, in seconds since 1970.
  private static let instants: [String] = [
    "2024-01-01T00:00:00Z", "2024-02-01T00:00:00Z", "2024-02-05T00:00:00Z", "2026-09-01T00:00:00Z",
    "2026-09-20T12:00:00Z", "2026-10-01T00:00:00Z", "2026-10-02T00:00:00Z", "2026-10-02T15:00:00Z",
    "2026-10-05T00:00:00Z", "2026-11-01T00:00:00Z", "2026-11-22T00:00:00Z", "2026-12-01T00:00:00Z",
    "2027-01-01T00:00:00Z", "2026-10-05T10:00:00Z",
  ]

  @Test(arguments: [1, 2, 20_261_127] as [UInt64])
  func `a cache changes no join, at any boundary and when it is full`(_ seed: UInt64) throws {
    var random = Seeded(state: seed)
    let registers = try registers(example + keyedExample)
    let (kept, none) = (JoinCache(), JoinCache())
    let event = Event()
    let instants = try JoinCacheTests.instants.map { try time($0) }
    let long = "a-name-that-is-longer-than-thirty-two-bytes"
    let users = [
      "dana", "DANA", "dana.reyes", "kim", "Kim", "lee", "backup", "eve", "", long, "dana\u{0}",
      "sixteen-bytes-ab", "thirty-two-bytes-is-this-long-ab",
    ]
    let hosts = [
      "web1", "WEB1", "a.apps.example.org", "db1", "db-7-old", "db2", "new1", "localhost",
      "10.0.0.4",
      "10.0.0.5", "192.0.2.9", "2001:db8::5", long, "",
    ]
    let domains = [
      "git.example.org", "a.drop.example", "web1.example.org:443", "[2001:db8::1]:1", ":1",
    ]
    let sources = [
      SourceContext.none, SourceContext(system: ByteView("gitlab")),
      SourceContext(system: ByteView("db1"), environment: ByteView("staging")),
      SourceContext(system: ByteView("web1")),
    ]
    var differences: Set<[String]> = []
    var instant = instants[0]
    for round in 0..<12_000 {
      event.reset(line: .empty)
      // Some events in a row about one instant.
      if round % 16 == 0 { instant = instants[Int.random(in: 0..<instants.count, using: &random)] }
      event.time = instant + [-1, 0, 1, 3_600_000_000_000][Int.random(in: 0..<4, using: &random)]
      // Mostly names that come again; now and then one of many more than there is room for.
      func pick(_ names: [String], _ prefix: String) -> String {
        Int.random(in: 0..<3, using: &random) == 0
          ? "\(prefix)\(Int.random(in: 0..<9000, using: &random))"
          : names[Int.random(in: 0..<names.count, using: &random)]
      }
      event.set(.userName, event.scratch.copy(pick(users, "guess")))
      if Bool.random(using: &random) {
        event.set(.hostName, event.scratch.copy(pick(hosts, "host")))
      }
      if Bool.random(using: &random) {
        event.set(.urlDomain, event.scratch.copy(pick(domains, "tool")))
      }
      let number = UInt32.random(in: 0..<9000, using: &random)
      let networks: [UInt32] = [0x0A00_0000, 0xC000_0200, 0xCB00_7100]
      let address = networks[Int.random(in: 0..<3, using: &random)] + number
      event.set(.sourceIP, event.scratch.copy(Address(ipv4: address).description))
      if let text = event.text(.sourceIP), Bool.random(using: &random) {
        event.readAddress = (address, text.address)
      }
      event.set(.eventAction, "auth.login")
      if Bool.random(using: &random) {
        event.set(
          .toolName, event.scratch.copy(pick(["grafana", "registry.example.org/a:1"], "app")))
      }
      if Bool.random(using: &random) { event.set(.eventCategory, "proxy") }
      let source = sources[Int.random(in: 0..<sources.count, using: &random)]
      none.forget()
      let wanted = answer(registers, event, source, none)
      let found = answer(registers, event, source, kept)
      differences.insert(wanted)
      guard found != wanted else { continue }
      Issue.record("seed \(seed), round \(round), \(event.time): \(found), not \(wanted)")
    }
    #expect(differences.count > 50)
  }
}
