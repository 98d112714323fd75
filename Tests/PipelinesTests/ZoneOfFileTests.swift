import Bytes
import Events
import Testing

/// One reader, several files.
@Suite struct ZoneOfFileTests {
  @Test func `two files of different zones never share an offset`() throws {
    let zones = [Zone.utc, Zone(fixedOffsetSeconds: -5 * 3600)]
    let lines = ["Nov  3 09:14:07 web1 app: one", "Nov  3 09:14:09 web1 app: two"]
    var normaliser = Normaliser(
      NormaliserPlan(
        mappings: [], table: FieldTable(), needed: nil, requests: HTTPRequests(signInPaths: [])))
    let event = Event()
    var times: [Int64] = []
    for (zone, line) in zip(zones, lines) {
      Array(line.utf8).withView { view in
        event.reset(line: view)
        let context = LineContext(
          format: .rfc3164, zone: zone, years: YearRule(anchor: 1_794_000_000),
          source: ByteView("s"))
        #expect(normaliser.normalise(event, context) == nil)
        times.append(event.time / 1_000_000_000)
      }
    }
    #expect(times.count == 2 && times[1] - times[0] == 5 * 3600 + 2)
  }
}
