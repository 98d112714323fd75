import Detectors
import Documents
import Foundation
import Registers
import Storage
import Testing

@testable import Command

/// What outputs take, how findings are grouped, and how they are written down.
@Suite struct OutputTests {
  private func finding(
    _ detector: String = "login-brute-force", level: Level = .high, subject: String = "kim",
    fields: [Evidence.Pair] = []
  ) -> Finding {
    Finding(
      uid: "a", detector: detector, title: "t", level: level, message: "m", subject: subject,
      controls: [], techniques: [], start: 1, end: 2, count: 3,
      evidence: [
        Evidence(source: "hosts", line: 1, offset: 0, sha256: "", raw: "", time: 1, fields: fields)
      ])
  }

  @Test func `an output takes what fits its levels, detectors and systems`() {
    let onDatabase = finding(fields: [.init("system.id", "db1"), .init("person.id", "p-1")])
    #expect(OutputFilter().refusal(of: onDatabase) == nil)
    #expect(OutputFilter(levels: ["low"]).refusal(of: onDatabase) == "its level")
    #expect(OutputFilter(levels: ["low", "high"]).refusal(of: onDatabase) == nil)
    #expect(OutputFilter(detectors: ["contractor-*"]).refusal(of: onDatabase) == "its detector")
    #expect(OutputFilter(detectors: ["x", "login-*"]).refusal(of: onDatabase) == nil)
    #expect(OutputFilter(systems: ["web*"]).refusal(of: onDatabase) == "its system")
    #expect(OutputFilter(systems: ["web*", "db?", "db*"]).refusal(of: onDatabase) == nil)
    let onHost = finding(fields: [.init("host.name", "gw1")])
    #expect(OutputFilter(systems: ["gw1"]).refusal(of: onHost) == nil)
    #expect(OutputFilter(systems: ["*"]).refusal(of: finding()) == "its system")
    // A summary, or what is wrong with watching itself, has no line and so no system.
    var bare = finding()
    bare.evidence = []
    #expect(OutputFilter(systems: ["gw1"]).refusal(of: bare) == nil)
    #expect(OutputFilter(levels: ["low"], systems: ["gw1"]).refusal(of: bare) == "its level")
  }

  @Test func `no value makes one group look like another`() {
    let grouping = Grouping(labels: [.subject, .person])
    let one = finding(subject: #"a","person":"b"#)
    let other = finding(subject: "a", fields: [.init("person.id", "b")])
    #expect(grouping.name(of: one) != grouping.name(of: other))
    #expect(grouping.name(of: other) == #"{"subject":"a","person":"b"}"#)
    let all = Grouping(labels: Grouping.Label.allCases)
    #expect(
      all.name(of: finding(fields: [.init("system.id", "db1"), .init("host.name", "x")]))
        == #"{"detector":"login-brute-force","subject":"kim","level":"high","system":"db1","person":""}"#
    )
  }

  @Test(
    arguments: [
      ("30s", 30), ("5m", 300), ("4h", 14_400), ("1d", 86_400), ("0s", 0), ("365d", 31_536_000),
      ("366d", nil), ("30", nil), ("s", nil), ("-1s", nil), ("1.5h", nil), ("5 m", nil), ("", nil),
      ("99999999999999999999d", nil), ("5M", nil), ("٣s", nil),
    ] as [(String, Int64?)])
  func `a length of time is a number and a unit`(_ text: String, _ seconds: Int64?) {
    #expect(Span.seconds(text) == seconds)
  }

  @Test func `a finding that is tried again counts once toward a storm`() {
    var storms = StormGuard()
    func begins(_ minute: Int64) -> Bool { storms.begin(minute) }
    func tells(_ uid: String, _ detector: String) -> Bool { storms.tells(uid, of: detector) }
    #expect(begins(7))
    for number in 1...StormGuard.max {
      for _ in 0..<3 { #expect(tells("finding \(number)", "brute")) }
    }
    #expect(!tells("one more", "brute"))
    #expect(!tells("one more", "brute"))
    #expect(tells("finding 1", "brute"))
    #expect(tells("one more", "spray"))
    #expect(!begins(7))
    #expect(begins(8))
    #expect(tells("one more", "brute"))
  }

  @Test func `a route that fails is told once for each outage, after ten minutes or at once`() {
    var health = RouteHealth(.defaults)
    let outage = StoredOutage(route: "soc", answer: "answered 500", since: 1000, isGone: false)
    func told(_ outages: [StoredOutage], _ now: Int64) -> [String] {
      health.fallen(outages, routes: ["soc", "archive"], now: now).map(\.route)
    }
    #expect(told([outage], 1599) == [])
    #expect(told([outage], 1600) == ["soc"])
    #expect(told([outage], 1601) == [])
    // What was delivered meanwhile ended it; the next one is another.
    #expect(told([], 1700) == [])
    #expect(
      told([StoredOutage(route: "soc", answer: "", since: 1800, isGone: true)], 1801) == ["soc"])
    #expect(told([StoredOutage(route: "removed", answer: "", since: 1, isGone: true)], 1801) == [])
    let finding = RouteHealth.finding(outage, now: 1720)
    #expect(finding.uid == "route-failing-soc-1000" && finding.subject == "soc")
    #expect(finding.message == "soc has taken nothing for 12 minutes: answered 500")
  }

  @Test func `how long a route may fail is the policy's`() throws {
    let text = "alert: {failing: {value: 1h, reason: The receiver is restarted at night.}}"
    var health = RouteHealth(try Policy(Document(file: "policy.yaml", text: text)))
    let outage = StoredOutage(route: "soc", answer: "", since: 1000, isGone: false)
    #expect(health.fallen([outage], routes: ["soc"], now: 4599).isEmpty)
    #expect(health.fallen([outage], routes: ["soc"], now: 4600).count == 1)
  }

  // MARK: - Files

  @Test func `half a line that somebody left stands alone`() throws {
    let scratch = try Scratch()
    let path = try scratch.write("found.jsonl", "{\"a\":1}\n{\"half")
    #expect(Files.append(Array("{\"b\":2}".utf8), to: path) == nil)
    #expect(Files.append(Array("{\"c\":3}".utf8), to: path) == nil)
    let text = String(decoding: try scratch.read("found.jsonl"), as: UTF8.self)
    #expect(text == "{\"a\":1}\n{\"half\n{\"b\":2}\n{\"c\":3}\n")
  }

  @Test func `what is no file is written to as it is`() throws {
    #expect(Files.append([65], to: "/dev/null") == nil)
    #expect(Files.append([65], to: "/dev/full")?.contains("No space left") == true)
    #expect(Files.append([65], to: "/nowhere/found.jsonl")?.contains("No such file") == true)
  }

  @Test
  func `a line that there is no room for leaves nothing behind, and is there once in the end`()
    throws
  {
    let scratch = try Scratch()
    let first = String(repeating: "x", count: 900) + "\n"
    try scratch.write("found.jsonl", first)
    let file = try scratch.write(
      "rollcall.yaml", "outputs:\n  - {name: archive, file: found.jsonl}\n")
    // No file may grow beyond a kilobyte: the line is cut in the middle.
    let limited =
      "trap '' XFSZ; ulimit -f 1; exec \"\(Program.path)\" alerts test --config \"\(file)\""
    let full = try Program.run(["-c", limited], of: "/bin/bash")
    #expect(full.code == 3)
    #expect(full.output.contains("File too large"))
    #expect(String(decoding: try scratch.read("found.jsonl"), as: UTF8.self) == first)
    #expect(try Program.run("alerts", "test", "--config", file).code == 0)
    let lines = try scratch.read("found.jsonl").split(separator: 0x0A)
    #expect(lines.count == 2)
    _ = try JSONSerialization.jsonObject(with: Data(lines[1]))
  }

  @Test func `a file that others append to keeps every line whole`() async throws {
    let scratch = try Scratch()
    let path = try scratch.write("found.jsonl", "")
    await withTaskGroup(of: Void.self) { group in
      for writer in 0..<4 {
        group.addTask {
          for number in 0..<50 {
            #expect(Files.append(Array("\(writer) \(number)".utf8), to: path) == nil)
          }
        }
      }
    }
    let lines = String(decoding: try scratch.read("found.jsonl"), as: UTF8.self)
      .split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count == 201 && Set(lines.dropLast()).count == 200)
  }
}
