import Bytes
import Detectors
import Documents
import Events
import Pipelines
import Registers
import Testing

/// What the review counts of sign-ins beside their number: second factors and countries.
@Suite struct SecondFactorTests {
  private struct Places: GeoLookup {
    func place(of address: ByteView) -> GeoPoint? {
      address.string == "192.0.2.1"
        ? GeoPoint(country: "NL", latitude: 52, longitude: 5, radius: 10, network: 0) : nil
    }
  }

  private static let mapping = """
    mapping: door
    format: json
    match: {keys: [who]}
    fields: {"@timestamp": time, user.name: who, source.ip: from, authentication.mfa: second, authentication.method: how}
    set: {event.category: authentication, event.action: auth.login, event.outcome: success}
    cases:
      - when: {kind: refused}
        set: {event.outcome: failure}
      - when: {kind: step}
        set: {event.action: auth.mfa.step}
      - when: {kind: badstep}
        set: {event.action: auth.mfa.step, event.outcome: failure}
    """

  private func run(_ records: [String], geo: (any GeoLookup)? = nil, jobs: Int = 1) async throws
    -> PipelineResult
  {
    var table = FieldTable()
    let (mappings, wrong) = MappingLoader.load(
      try Document(file: "door.yaml", text: SecondFactorTests.mapping), table: &table)
    #expect(wrong.isEmpty, "\(wrong)")
    let registers = try Registers([
      ("r.yaml", "people: [{id: p-1, kind: employee, accounts: {\"*\": [dana]}}]")
    ])
    let setup = PipelineSetup(
      registers: registers, rules: RuleSet(), mappings: mappings, table: table, zone: .utc,
      geo: geo, tallied: 0..<Int64.max)
    let text = records.enumerated().map {
      "{\"time\":\"2026-10-02T10:00:0\($0 % 10)Z\",\"who\":\"dana\",\($1)}\n"
    }.joined()
    let context = LineContext(
      format: .json, zone: .utc, years: YearRule(anchor: 1_793_491_200), source: ByteView("door"))
    let stream = PipelineStream(
      name: "door", contexts: [context],
      source: SourceContext(system: ByteView("door"), environment: nil), firstTime: .min,
      feed: BlockFeed(Array(text.utf8), blockBytes: 100))
    return await Pipeline(setup, streams: [stream], jobs: jobs).run()
  }

  @Test(arguments: [
    (#""second":"Yes""#, SecondFactor.with), (#""second":true"#, .with),
    (#""second":"No""#, .without), (#""second":false"#, .without),
    (#""second":"maybe""#, .unsaid), (#""how":"two-factor-via-webauthn-device""#, .with),
    (#""how":"otp""#, .with), (#""how":"publickey""#, .key), (#""how":"password""#, .without),
    (#""how":"passwords""#, .unsaid), (#""how":"keyboard-interactive/pam""#, .unsaid),
    (#""how":"standard","second":"yes""#, .with), (#""how":"otp","second":"no""#, .without),
    (#""other":1"#, .unsaid),
  ])
  func `what a log says of a second factor is counted by system`(
    _ record: String, _ factor: SecondFactor
  ) async throws {
    let system = try #require(try await run([record]).signIns.systems.first)
    #expect(system.name == "door" && system.count.successes == 1)
    for other in SecondFactor.allCases {
      #expect(system.factors[other.rawValue] == (other == factor ? 1 : 0))
    }
  }

  @Test func `a failure has no factor, and a second step is no sign-in`() async throws {
    let result = try await run([
      #""kind":"refused","second":"No""#, #""kind":"step""#, #""kind":"step""#,
      #""kind":"badstep""#,
    ])
    let system = try #require(result.signIns.systems.first)
    #expect(system.count.failures == 1 && system.count.successes == 0)
    #expect(system.factors == SIMD4())
    let steps = result.tallies[.factors].rows
    #expect(steps.map(\.texts) == [["door"]])
    #expect(steps.first?.counts[0] == 2 && steps.first?.counts[1] == 1)
  }

  @Test func `countries are counted where a database knows them, by any number of workers`()
    async throws
  {
    let records = (0..<40).map {
      #""from":"\#($0 % 4 == 0 ? "198.51.100.7" : "192.0.2.1")","kind":"\#($0 % 8 == 1 ? "refused" : "")""#
    }
    for jobs in [1, 3] {
      let known = try await run(records, geo: Places(), jobs: jobs).signIns
      #expect(known.countries.keys.sorted() == ["NL"])
      #expect(known.countries["NL"]?.successes == 25)
      #expect((known.countries["NL"]?.failures ?? 0) > 0)
      #expect(try await run(records, jobs: jobs).signIns.countries.isEmpty)
    }
  }
}
