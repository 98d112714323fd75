import Foundation
import Storage
import Testing

/// What `status` and `alerts` show of a store.
@Suite struct StoreViewTests {
  private let scratch: Scratch
  private var config: String { scratch.path + "/rollcall.yaml" }

  init() throws {
    scratch = try Scratch()
    let store = try Store(writing: scratch.path + "/rollcall.db")
    let findings = ["abc", "abcd", "abce"].map { uid in
      // Half past midnight of 1 July 2026, in Amsterdam.
      let time: Int64 = 1_782_858_600_000_000_000
      var finding = StoredFinding(
        uid: uid, detector: "brute", level: "high", subject: uid, message: "about \(uid)",
        start: time, end: time, count: 1, body: [], unsent: uid == "abc" ? "silenced" : nil)
      finding.messages = ["soc": [1]]
      return finding
    }
    try store.record(
      findings,
      sources: [
        StoredSource(
          name: "hosts", followed: findings[0].end, lines: 1, parsed: 1, rejected: 0, bytes: 9,
          note: "")
      ], now: 1_782_858_600)
  }

  private func write(zone: String?) throws {
    let organisation = zone.map { "organisation: {name: Example, timezone: \($0)}\n" } ?? ""
    try scratch.write("rollcall.yaml", organisation + "state: rollcall.db\n")
  }

  @Test func `a whole identity is meant, even where another begins with it`() throws {
    try write(zone: nil)
    let whole = try Program.run("alerts", "show", "abc", "--config", config)
    #expect(whole.code == 0 && whole.output.contains("about abc\n"))
    #expect(!whole.output.contains("abcd"))
    let part = try Program.run("alerts", "show", "ab", "--config", config)
    #expect(part.code != 0 && part.errors.contains("3 findings begin with `ab`"))
  }

  @Test(arguments: [
    (nil, "UTC", "2026-06-30 22:30:00"),
    ("Europe/Amsterdam", "Europe/Amsterdam", "2026-07-01 00:30:00"),
  ]) func `times are those of the organisation`(_ zone: String?, _ name: String, _ time: String)
    throws
  {
    try write(zone: zone)
    let status = try Program.run("status", "--config", config)
    #expect(status.lines[0].contains("LATEST EVENT (\(name))"))
    #expect(status.lines[1].contains("\(time)"))
    #expect(status.output.contains("high          \(time)  about abc"))
    // The columns stand under their headings.
    #expect(status.lines[0].count == status.lines[1].count)
    let list = try Program.run("alerts", "--config", config)
    #expect(list.lines[0] == "MESSAGES, the latest first (\(name))")
    #expect(list.lines[1].contains("next at \(time)"))
    let unsent = try Program.run("alerts", "--unsent", "--config", config)
    #expect(unsent.lines[0] == "NOT TOLD OF, the latest first (\(name))")
    #expect(unsent.lines[1].contains("  \(time)  about abc"))
    let show = try Program.run("alerts", "show", "abcd", "--config", config)
    #expect(show.output.contains("\(time) to \(time) \(name)  1 event"))
    #expect(show.output.contains("soc: pending, next at \(time)"))
  }
}
