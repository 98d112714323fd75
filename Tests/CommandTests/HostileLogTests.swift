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

  static func failures(_ host: String, _ seconds: Range<Int>) -> String {
    seconds.map {
      let second = $0 < 10 ? "0\($0)" : "\($0)"
      return "2026-11-03T09:14:\(second)Z \(host) sshd[\($0)]: Failed password for root from "
        + "203.0.113.9 port 4002 ssh2\n"
    }.joined()
  }

  /// What may stand in front of a log.
  enum Front: CaseIterable {
    case strangeLines, longLine, veryLongLine, emptyLines

    var text: String {
      switch self {
      case .strangeLines: "what is this\nnobody knows\n"
      case .longLine: String(repeating: "x", count: 200_000) + "\n"
      case .veryLongLine: String(repeating: "x", count: 2_000_000) + "\n"
      case .emptyLines: "\n\r\n\n"
      }
    }
  }

  @Test(arguments: Front.allCases)
  func `the first lines of a log can not hide the others`(_ front: Front) throws {
    let text = front.text
    let count = text.utf8.count { $0 == 0x0A }
    let scratch = try Scratch()
    try scratch.write("auth.log.1", text)
    try scratch.write("auth.log", HostileLogTests.failures("web1", 0..<12))
    try scratch.write("one.log", text + HostileLogTests.failures("web1", 0..<12))
    for path in [scratch.path + "/auth.log*", scratch.path + "/one.log"] {
      let run = try Program.run("scan", "-q", path)
      #expect(run.code == 0)
      #expect(
        run.ledger == "read \(12 + count) lines · parsed 12 · rejected \(count) · findings 1")
    }
  }

  @Test func `lines in another encoding are in the ledger`() throws {
    let scratch = try Scratch()
    let wide = HostileLogTests.failures("web1", 0..<3).utf16.flatMap {
      [UInt8($0 & 255), UInt8($0 >> 8)]
    }
    try scratch.write("auth.log.1", Data([0xFF, 0xFE] + wide))
    try scratch.write("auth.log", HostileLogTests.failures("web1", 3..<20))
    for command in ["scan", "parse"] {
      let run = try Program.run(command, "-q", scratch.path)
      #expect(run.code == 3)
      #expect(run.ledger.hasPrefix("read 20 lines · parsed 17 · rejected 3 "))
    }
  }

  @Test func `a line from a broken clock does not put its log behind the others`() throws {
    let scratch = try Scratch()
    let broken = "2099-01-01T00:00:00Z web1 kernel: the clock is wrong\n"
    try scratch.write("web1.log", broken + HostileLogTests.failures("web1", 0..<6))
    // Six of the twelve are in another log, which goes on long after.
    let later = HostileLogTests.failures("web2", 0..<1).replacing("T09:", with: "T19:")
    try scratch.write("web2.log", HostileLogTests.failures("web2", 6..<12) + later)
    let run = try Program.run("scan", "-q", scratch.path)
    #expect(run.ledger == "read 14 lines · parsed 13 · rejected 1 · findings 1")
  }

  @Test func `repeat counts beyond all numbers do not stop the run`() throws {
    let line =
      "2026-11-03T09:14:00Z web1 sshd[1]: message repeated 4294967295 times: "
      + "[ Failed password for root from 203.0.113.9 port 4002 ssh2]\n"
    let run = try Program.run(
      ["scan", "-", "--output", "jsonl"], input: Data((line + line + line).utf8))
    #expect(run.code == 0)
    #expect(run.lines.count == 1)
  }

  @Test func `what is late for ever is followed, not kept`() throws {
    // A stamp months ahead makes every later line late; they must be found all the same.
    let failure = " web1 sshd[1]: Failed password for root from 203.0.113.9 port 4002 ssh2\n"
    var log = "2027-03-01T00:00:00Z" + failure
    for second in 10..<40 {
      log += "2026-11-03T09:14:\(second)Z" + failure.replacing("sshd[1]", with: "sshd[\(second)]")
    }
    let scratch = try Scratch()
    let file = try scratch.write("auth.log", log)
    for jobs in ["1", "2"] {
      let run = try Program.run(
        "scan", file, "--output", "jsonl", "--jobs", jobs, "--chunk-bytes", "200")
      #expect(run.lines.count { $0.contains("login-brute-force") } == 1)
    }
  }

  @Test func `what is new is said even when another rule kept the line first`() throws {
    let scratch = try Scratch()
    try scratch.write(
      "registers/people.yaml",
      """
      people:
        - {id: p-1, name: Dana Reyes, kind: employee, employment: {start: 2024-02-01, end: 2026-11-14}, accounts: {"*": [dana]}}
      """)
    let tail = "T08:00:00Z web1 sshd[12]: Accepted publickey for dana from "
    var log = (10..<22).map { "2026-10-\($0)\(tail)192.0.2.10 port 50211 ssh2\n" }.joined()
    log += "2026-11-16\(tail)203.0.113.7 port 50211 ssh2\n"
    let news = try scratch.write(
      "detectors/news.yaml",
      """
      title: Something new
      id: news
      logsource: {category: access}
      message: "{user.name} signed in with something new: {login.first_seen}"
      detection: {new: {login.first_seen|exists: true}, condition: new}
      """)
    let file = try scratch.write("auth.log", log)
    let run = try Program.run(
      "scan", file, "--output", "jsonl", "--detectors", news, "--detectors",
      "\(Program.package)/detectors")
    let found = run.lines.filter { $0.contains("\"news\"") }
    #expect(found.count == 1)
    #expect(found.allSatisfy { $0.contains("signed in with something new: network") })
    #expect(run.lines.contains { $0.contains("expired-account-active") })
  }
}
