import Foundation
import Testing

/// Logs written by somebody who wants not to be found.
@Suite struct HostileLogTests {
  static let people = """
    people:
      - {id: p-001, name: Dana Reyes, kind: employee, employment: {start: 2024-02-01}, accounts: {"*": [dana]}}
      - {id: p-002, name: Lee Moss, kind: employee, employment: {start: 2024-02-01, end: 2026-10-10}, accounts: {"*": [lee]}}
    """
  static let infrastructure = """
    infrastructure:
      - {id: web1, kind: host, names: [web1], environment: production}
    """

  @Test func `host names without number do not hide what a higher or another rule finds`() throws {
    let scratch = try Scratch()
    try scratch.write("registers/people.yaml", HostileLogTests.people)
    try scratch.write("registers/infrastructure.yaml", HostileLogTests.infrastructure)
    let tail = " sshd[7]: Accepted publickey for dana from 203.0.113.7 port 22 ssh2\n"
    var log = (0..<10_500).map { "2026-11-03T09:00:00Z h\($0)" + tail }.joined()
    log += "2026-11-03T09:10:00Z web1" + tail.replacing("dana", with: "lee")
    let file = try scratch.write("auth.log", log)
    let run = try Program.run("scan", file, "--output", "jsonl", "--fail-on", "critical")
    #expect(run.code == 1)
    #expect(run.lines.count == 10_001)
    #expect(run.lines.count { $0.contains("expired-account-active") } == 1)
    #expect(run.errors.contains("500 events belong to findings beyond"))
  }

  /// One CloudTrail delivery with one record.
  static let delivery =
    #"{"Records":[{"eventVersion":"1.08","eventTime":"2026-11-03T09:14:00Z","eventName":"x"}]}"#

  @Test func `deliveries that were put into one file are all read, and what stands between`() throws
  {
    let (scratch, one) = (try Scratch(), HostileLogTests.delivery)
    let file = try scratch.write("trail.json", "\(one)\(one)\n\(one)\nnot a record\n\n\(one)\n")
    for size in ["64", "100000"] {
      let run = try Program.run("scan", "-q", file, "--chunk-bytes", size)
      #expect(run.ledger == "read 5 lines · parsed 4 · rejected 1 · findings 0")
    }
  }
}
