import Foundation
import Testing

/// `rollcall explain`: what it says, and that it says it plainly.
@Suite struct ExplainTests {
  private func explain(_ line: String, _ more: [String] = []) throws -> Run {
    try Program.run(
      ["explain", line, "--config", Program.package + "/samples/rollcall.yaml"] + more)
  }

  @Test func `an approval after the event, and the dimension that was exceeded`() throws {
    let run = try explain(
      "Oct  8 09:52:17 db1 sshd[549]: Accepted publickey for lena from 10.8.0.64 port 464 ssh2",
      ["--source", "hosts", "--as-of-year", "2026"])
    #expect(run.code == 0)
    // The lines are broken where the page ends.
    let text = run.output.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
    #expect(text.contains("inferred the year 2026, of --as-of-year"))
    #expect(text.contains("UTC 2026-10-08T07:52:17Z"))
    #expect(text.contains("c-004 Lena Fischer, contractor of Fischer Datenbanken"))
    #expect(
      text.contains("outside in its environment: agreed staging, corporate, here production"))
    #expect(text.contains("approved 2026-10-16T13:00:00Z, after the event"))
    #expect(text.contains("hit contractor-out-of-scope (high, "))
    #expect(text.contains("alone raises contractor-out-of-scope (high)"))
  }

  @Test func `what the registers expect of the line's person and system, as of its time`() throws {
    let run = try explain(
      "Oct  8 09:52:17 db1 sshd[549]: Accepted publickey for olek from 10.8.0.64 port 464 ssh2",
      ["--source", "hosts", "--as-of-year", "2026"])
    let text = run.output.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
    #expect(
      text.contains(
        "expected offboarding c-001/web1: the account olek is revoked on web1, overdue since 2026-10-02 00:00:00"
      ))
    #expect(
      text.contains(
        "expected rotation k-001: Password of the orders database is rotated every 31 days, before "
          + "2026-10-21 00:00:00, p-006 answers for it (secrets.yaml)"))
    #expect(text.contains("expected access-review db1/2026-10"))
    #expect(!text.contains("access-review db1/2026-11") && !text.contains("rotation k-002"))
    let later = try explain(
      "Nov  8 09:52:17 gw1 sshd[549]: Accepted publickey for nobody from 10.8.0.64 port 464 ssh2",
      ["--source", "hosts", "--as-of-year", "2025"])
    #expect(
      later.output.contains("nothing of these rows at that time")
        || !later.output.contains("expected "))
  }

  @Test func `the condition that stopped a rule`() throws {
    let run = try explain(
      "2026-10-08T09:52:17Z db2 sshd[5]: Accepted publickey for lena from 10.8.0.64 port 4 ssh2")
    let text = run.output.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
    #expect(text.contains("near contractor-out-of-scope (high, "))
    #expect(text.contains("stopped by `contractor`: access.scope is `inside`, wanted `outside`"))
    #expect(text.contains("near contractor-privileged ("))
  }

  @Test func `a rejected line says where, and what would read it`() throws {
    let run = try Program.run("explain", #"{"time": "2026-11-03T09:14:07Z", "a" 1}"#)
    #expect(run.code == 0)
    #expect(run.output.contains("json-unexpected-byte at byte 37"))
    let lines = run.lines
    let caret = try #require(lines.firstIndex { $0.hasSuffix("^ here") })
    let column = lines[caret].prefix { $0 != "^" }.count
    #expect(lines[caret - 1].dropFirst(column).hasPrefix("1}"))
    let wrong = try Program.run(
      "explain", "--format", "json", "2026-11-03T09:14:07Z web1 cron[1]: x")
    #expect(wrong.output.contains("--format rfc3164 would read it."))
  }

  @Test func `hostile text stays text`() throws {
    let line = "2026-11-03T09:14:07Z web1 cron[1]: \u{1B}]0;title\u{07}\u{202E}evil\r\n"
    let run = try Program.run("explain", input: Data(line.utf8))
    #expect(run.output.contains("a carriage return, which is left out"))
    #expect(run.output.contains(#"\x1b]0;title\x07\u{202e}evil"#))
    #expect(!run.output.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" })
    #expect(!run.output.unicodeScalars.contains("\u{202E}"))
    var bytes = Data("2026-11-03T09:14:07Z web1 cron[1]: ".utf8)
    bytes.append(contentsOf: [0xFF, 0xFE, 0x41])
    let broken = try Program.run("explain", input: bytes)
    #expect(broken.output.contains("at byte 35; rules compare bytes"))
  }

  @Test func `what one line counts for in a burst`() throws {
    let run = try Program.run("explain", "-", input: Data(ExitCodeTests.line.utf8))
    let text = run.output.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
    #expect(text.contains("stands for 11 events"))
    #expect(
      text.contains(
        "feeds login-brute-force (203.0.113.9) as login-failure; it needs more than 10 events of "
          + "login-failure in a bucket that leaks one in 1 min for one source.ip"))
    #expect(text.contains("and by it login-success-after-failures"))
    #expect(text.contains("alone raises login-brute-force (high): 11 failed sign-ins"))
  }

  @Test func `thousands of rules are asked, the nearest are told of and the others counted`() throws
  {
    let scratch = try Scratch()
    var text = ""
    for number in 0..<3000 {
      text += """
        title: Rule \(number)
        id: r\(number)
        logsource: {category: access}
        detection:
          who: {user.name: \(number < 30 ? "dana" : "user\(number)"), event.outcome: success}
          where: {source.ip|cidr: 10.\(number % 250).0.0/16, host.name: web\(number % 7)}
          condition: \(number < 25 ? "who" : "who and where")
        ---

        """
    }
    try scratch.write("rules.yaml", text)
    let run = try Program.run(
      "explain",
      "2026-11-03T09:14:07Z web1 sshd[1]: Accepted publickey for dana from 203.0.113.5 port 5 ssh2",
      "--detectors", scratch.path)
    #expect(run.code == 0)
    let lines = run.lines.map { $0.trimmingCharacters(in: .whitespaces) }
    let hits = lines.filter { $0.hasPrefix("hit  r") }
    #expect(hits.count == 20 && hits.first?.hasPrefix("hit  r0 ") ?? false)
    let near = lines.filter { $0.hasPrefix("near  r") }
    #expect(near.count == 8)
    // Rule 29 is web1's: only the address is another.
    #expect(near.first?.hasPrefix("near  r29 ") ?? false, "\(near)")
    let said = run.output.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
    #expect(
      said.contains("Of the other rules 5 more match, too, 2967 more came as near or less so"),
      "\(said.suffix(600))")
    #expect(run.lines.count < 250)
  }
}
