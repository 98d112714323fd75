import Foundation
import Testing

/// Container logs and records of many lines, on the whole way from files to findings.
@Suite struct RecordScanTests {
  private static let detector = """
    title: Failed sign-in
    id: failed
    level: high
    logsource: {category: access}
    detection:
      a: {event.action: auth.login, event.outcome: failure}
      condition: a
    ---
    title: Broken
    id: broken
    level: low
    logsource: {category: access}
    detection:
      a: {message|contains: "Caused by: java.io"}
      condition: a

    """

  /// A container's log, some of whose texts are in pieces, and a log with stack traces.
  private static func logs() -> (cri: String, java: String) {
    var (cri, java) = ("", "")
    for number in 0..<400 {
      let time = "2026-11-03T09:\(10 + number / 60 % 50):\(10 + number % 50)"
      let said =
        #"{"time":"\#(time)Z","remote_addr":"203.0.113.\#(number % 9)","remote_user":"user\#(number)","request_method":"POST","uri":"/login","status":401}"#
      let half = said.index(said.startIndex, offsetBy: 20 + number % 60)
      if number % 3 == 0 {
        cri += "\(time)Z stdout P \(said[..<half])\n\(time)Z stderr F a warning\n"
        cri += "\(time)Z stdout F \(said[half...])\n"
      } else {
        cri += "\(time)Z stdout F \(said)\n"
      }
      java += "\(time)Z app1 shop: order \(number) failed\n"
      for frame in 0..<(number % 5) { java += "\tat org.example.Shop.order(Shop.java:\(frame))\n" }
      if number % 7 == 0 { java += "Caused by: java.io.IOException: closed\n\t... 2 more\n" }
    }
    return (cri, java)
  }

  private func scan(_ scratch: Scratch, _ more: String...) throws -> (Run, [String]) {
    let run = try Program.run(
      ["scan", "\(scratch.path)/logs", "--detectors", "\(scratch.path)/d", "--output", "jsonl"]
        + more)
    return (run, run.lines)
  }

  @Test func `findings and counts are the same for any number of jobs, chunks, packing and parts`()
    throws
  {
    let (cri, java) = Self.logs()
    let whole = try Scratch()
    try whole.write("d/d.yaml", Self.detector)
    try whole.write("logs/app.log", cri)
    try whole.write("logs/java.log", java)
    let (first, findings) = try scan(whole)
    #expect(first.errors.contains("reading app.log: cri by its first lines"))
    #expect(first.errors.contains("records of many lines by the rule time"))
    #expect(findings.count > 10)
    #expect(findings.contains { $0.contains("broken") })
    #expect(first.ledger.contains("rejected 0"))
    for arguments in [["--jobs", "2", "--chunk-bytes", "64"], ["--chunk-bytes", "1000"]] {
      let run = try Program.run(
        ["scan", "\(whole.path)/logs", "--detectors", "\(whole.path)/d", "--output", "jsonl"]
          + arguments)
      #expect(run.lines == findings, "\(arguments)")
      #expect(run.ledger == first.ledger)
    }
    // The same bytes packed, and cut into pieces in the middle of records and lines.
    let parts = try Scratch()
    try parts.write("d/d.yaml", Self.detector)
    let packed = try parts.write("logs/app.log", cri)
    let gzip = Process()
    gzip.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    gzip.arguments = ["gzip", packed]
    try gzip.run()
    gzip.waitUntilExit()
    let bytes = Data(java.utf8)
    for (place, start) in stride(from: 0, to: bytes.count, by: 9001).enumerated() {
      let end = min(start + 9001, bytes.count)
      try parts.write(
        "logs/java.log.a\(["a", "b", "c", "d", "e", "f", "g"][place])", bytes[start..<end])
    }
    let (second, same) = try scan(parts, "--chunk-bytes", "512")
    #expect(same == findings)
    #expect(second.ledger == first.ledger)
  }

  @Test func `evidence cites the first line and hashes all of them`() throws {
    let scratch = try Scratch()
    try scratch.write("d/d.yaml", Self.detector)
    try scratch.write(
      "logs/java.log",
      """
      2026-11-03T09:14:06Z app1 shop: fine
      2026-11-03T09:14:07Z app1 shop: order failed
      \tat org.example.Shop.order(Shop.java:1)
      Caused by: java.io.IOException: closed
      2026-11-03T09:14:08Z app1 shop: fine

      """)
    let (_, findings) = try scan(scratch)
    #expect(findings.count == 1)
    let finding = try #require(findings.first)
    #expect(finding.contains(#""line":2,"offset":37"#), "\(finding)")
    // `printf '%s\n…' … | sha256sum` of the three lines without the last line feed.
    #expect(
      finding.contains("b1e168783bc9872aa9172f059064d74799148d1dea4877a9bb3b48fcfa79415c"),
      "\(finding)")
  }

  @Test(arguments: [
    (
      "postgresq",
      "no rule for records of many lines is called `postgresq`; did you mean `postgresql`?"
    ),
    ("{begin: <time>}", "unknown key `begin`; did you mean `begins`?"),
    ("{begins: <tim>}", "nothing is called `<tim>`; did you mean `<time>`?"),
    ("{}", "a rule needs to know a record's first line"),
  ]) func `a mistake in a rule is named`(_ rule: String, _ problem: String) throws {
    let scratch = try Scratch()
    let file = try scratch.write(
      "rollcall.yaml", "sources:\n  - {name: a, path: a.log, multiline: \(rule)}\n")
    let run = try Program.run("scan", "-q", "-", "--config", file)
    #expect(run.code == 2)
    #expect(run.errors.contains(problem), "\(run.errors)")
  }

  @Test func `a source says which lines begin its records, or that all do`() throws {
    let scratch = try Scratch()
    try scratch.write("app.log", "2026-11-03T09:14:07Z app1 shop: failed\n+ because\n+ of this\n")
    func parse(_ rule: String) throws -> Run {
      let file = try scratch.write(
        "rollcall.yaml",
        "sources:\n  - {name: a, path: app.log, format: syslog, multiline: \(rule)}\n")
      return try Program.run("parse", "-q", "--config", file)
    }
    let run = try parse(#"{continues: "+ *"}"#)
    #expect(run.ledger == "read 3 lines · parsed 3 · rejected 0 · findings 0")
    #expect(run.output.contains(#"failed\n+ because\n+ of this"#))
    #expect(try parse("time").ledger == run.ledger)
    #expect(try parse("none").ledger == "read 3 lines · parsed 1 · rejected 2 · findings 0")
  }

  @Test func `a mapping may say it, too`() throws {
    let scratch = try Scratch()
    try scratch.write("app.log", "time=2026-11-03T09:14:07Z who=kim\n  more\n")
    try scratch.write(
      "m.yaml",
      "mapping: own\nformat: logfmt\nmultiline: indented\nfields: {\"@timestamp\": time, user.name: who}\n"
    )
    let file = try scratch.write(
      "rollcall.yaml",
      "sources:\n  - {name: a, path: app.log, format: logfmt, mapping: m.yaml}\n")
    let run = try Program.run("parse", "-q", "--config", file)
    #expect(run.ledger == "read 2 lines · parsed 2 · rejected 0 · findings 0")
  }
}
