import Foundation
import Testing

/// `rollcall backtest`: what a change of settings makes of the findings.
@Suite struct BacktestTests {
  private static func config(_ scratch: Scratch) -> [String] {
    ["--config", scratch.path + "/samples/rollcall.yaml"]
  }

  /// The findings that differ, as `difference detector subject`, and the objects they were read from.
  private func differences(_ run: Run) throws -> [(text: String, object: [String: Any])] {
    try run.lines.compactMap { line in
      let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
      guard let object, object["type"] as? String == "finding" else { return nil }
      let words = ["difference", "detector", "subject"].map { object[$0] as? String ?? "?" }
      return (words.joined(separator: " "), object)
    }
  }

  /// How many findings the samples have.
  private static func findings(_ scratch: Scratch) throws -> Int {
    let run = try Samples.scan(scratch)
    try #require(run.lines.count > 50)
    return run.lines.count
  }

  private func backtest(_ scratch: Scratch, _ change: String, _ more: String...) throws -> Run {
    try Program.run(
      ["backtest", "-q", "--output", "jsonl", "--with", scratch.path + "/" + change]
        + BacktestTests.config(scratch) + more)
  }

  /// A shipped detector's text.
  private func shipped(_ name: String) throws -> String {
    try String(contentsOfFile: Program.package + "/detectors/\(name).yaml", encoding: .utf8)
  }

  @Test func `nothing changed is no difference, whatever the number of workers`() throws {
    let scratch = try Scratch.samples()
    let count = try BacktestTests.findings(scratch)
    for jobs in ["1", "4"] {
      let run = try Program.run(
        [
          "backtest", "-q", "--with", scratch.path + "/samples/registers", "--jobs", jobs,
          "--fail-on-difference",
        ] + BacktestTests.config(scratch))
      #expect(run.code == 0)
      #expect(run.output == "0 gone · 0 new · 0 changed · \(count) unchanged\n", "\(run.output)")
      #expect(
        run.errors.contains("note: no rule, policy value, register row or silence is another"))
    }
  }

  @Test func `a level and a count that were tuned are changed findings, not gone and new`() throws {
    let scratch = try Scratch.samples()
    let text = try shipped("login-brute-force")
      .replacingOccurrences(of: "level: high", with: "level: critical")
      .replacingOccurrences(
        of: "{gt: \"%policy.login.brute_force.failures%\"}", with: "{gt: 5}")
    try scratch.write("tuned/login-brute-force.yaml", text)
    // A single file takes the place of the rules with its ids, and leaves the others.
    let run = try backtest(scratch, "tuned/login-brute-force.yaml", "--fail-on-difference")
    #expect(run.code == 1)
    let found = try differences(run)
    #expect(
      found.map(\.text).filter { $0.hasPrefix("new") } == [
        "new login-brute-force 203.0.113.51", "new login-brute-force 203.0.113.88",
      ])
    let changed = found.filter { $0.text.hasPrefix("changed") }
    #expect(changed.count == 5)
    for (_, object) in changed {
      #expect(object["changed"] as? [String] == ["level"])
      #expect(
        object["because"] as? [String]
          == ["rule login-brute-force changed: level, correlation"])
    }
    let new = try #require(found.first { $0.text.hasPrefix("new") })
    let because = try #require(new.object["because"] as? [String])
    #expect(
      because.contains(
        "its lines matched before, too; it needed more than 10 events of login-failure in a bucket that leaks one in 1 min for one source.ip"
      ), "\(because)")
    let rest = try BacktestTests.findings(scratch) - 5
    #expect(
      run.lines.last == #"{"type":"summary","gone":0,"new":2,"changed":5,"unchanged":\#(rest)}"#)
    // A folder is all of them: the rest counts as removed.
    let folder = try backtest(scratch, "tuned")
    #expect(folder.lines.contains { $0.contains(#""name":"unlisted-account","how":"removed""#) })
    #expect(try differences(folder).filter { $0.text.hasPrefix("gone") }.count == rest)
  }

  @Test
  func
    `an approval that is given in time clears its finding, and one that is taken away brings it back`()
    throws
  {
    let scratch = try Scratch.samples()
    let file = "samples/registers/approvals.yaml"
    var text = String(decoding: try scratch.read(file), as: UTF8.self)
    text = text.replacingOccurrences(
      of: "approved_at: 2026-10-28T09:00:00Z", with: "approved_at: 2026-10-26T09:00:00Z")
    text = text.replacingOccurrences(of: "a-031", with: "a-099")
      .replacingOccurrences(
        of: "from: 2026-10-19, until: 2026-10-21", with: "from: 2026-09-19, until: 2026-09-21"
      )
      .replacingOccurrences(
        of: "approved_at: 2026-10-16T13:00:00Z", with: "approved_at: 2026-09-16T13:00:00Z")
    try scratch.write("changed/approvals.yaml", text)
    let run = try backtest(scratch, "changed/approvals.yaml")
    #expect(run.code == 0)
    let subject = "contractor-out-of-scope c-004 · db1 · environment"
    let found = try differences(run).filter { $0.text.hasSuffix(subject) }
    #expect(found.map(\.text) == ["new " + subject, "gone " + subject])
    let gone = try #require(found.last?.object["because"] as? [String])
    #expect(gone.contains { $0.hasPrefix("approvals a-032 changed: approvedAt (") })
    #expect(gone.contains("access.approval: absent → a-032"))
    #expect(
      gone.contains {
        $0.hasSuffix(
          "does not match contractor-out-of-scope: `approved`: access.approval is `a-032`, which the rule leaves out"
        )
      }, "\(gone)")
    let new = try #require(found.first?.object["because"] as? [String])
    #expect(new.contains { $0.hasPrefix("approvals a-031 removed (") })
    #expect(new.contains("access.approval: a-031 → absent"))
  }

  @Test func `a policy number, a silence, and a filter`() throws {
    let scratch = try Scratch.samples()
    try scratch.write(
      "policy.yaml", "login: {brute_force: {failures: {value: 26, reason: a trial}}}\n")
    let policy = try differences(try backtest(scratch, "policy.yaml"))
    #expect(
      policy.map(\.text) == [
        "gone login-brute-force 203.0.113.68", "gone login-brute-force 203.0.113.66",
        "gone login-brute-force 203.0.113.99", "gone login-brute-force 203.0.113.77",
      ])
    let because = try #require(policy.first?.object["because"] as? [String])
    #expect(because.first == "policy login.brute_force.failures changed: 10 → 26")
    #expect(because.last?.hasPrefix("its lines still match; it needs more than 26 events") ?? false)

    var config = String(decoding: try scratch.read("samples/rollcall.yaml"), as: UTF8.self)
    config +=
      "silences:\n  - {detector: login-*, subject: \"203.0.113.6*\", until: 2027-01-01, author: dana, reason: a test}\n"
    try scratch.write("rollcall.yaml", config)
    let silenced = try differences(try backtest(scratch, "rollcall.yaml"))
    #expect(silenced.count >= 3)
    for (_, object) in silenced { #expect(object["changed"] as? [String] == ["silence"]) }
  }

  @Test func `an exception that is a filter of its own is named where it hides a finding`() throws {
    let scratch = try Scratch.samples()
    try scratch.write(
      "lab.yaml",
      """
      title: The scanner of the lab
      logsource: {category: access}
      filter:
        rules: [login-failure]
        lab: {source.ip: 203.0.113.68}
        condition: not lab
      """)
    let found = try differences(try backtest(scratch, "lab.yaml"))
    #expect(found.map(\.text) == ["gone login-brute-force 203.0.113.68"], "\(found.map(\.text))")
    let because = try #require(found.first?.object["because"] as? [String])
    #expect(because.first == "filter The scanner of the lab added")
    #expect(
      because.last?.hasSuffix(
        "does not match login-failure: `The scanner of the lab: lab`: source.ip is `203.0.113.68`, which the rule leaves out"
      ) ?? false, "\(because)")
  }

  @Test func `another subject is the same finding, changed`() throws {
    let scratch = try Scratch.samples()
    try scratch.write(
      "d.yaml",
      try shipped("login-brute-force").replacingOccurrences(
        of: "subject: [source.ip]", with: "subject: [source.ip, host.name]"))
    let found = try differences(try backtest(scratch, "d.yaml"))
    #expect(found.count == 5)
    for (text, object) in found {
      #expect(
        text.hasPrefix("changed ") && object["changed"] as? [String] == ["subject"], "\(text)")
    }
  }

  @Test(arguments: [
    (
      "odd.yaml", "what: {is: this}\n",
      "odd.yaml:1:1: error: this is no detector, register, policy or configuration"
    ),
    ("none.yaml", "", "none.yaml:1:1: error: there is no such file or folder"),
  ]) func `what nobody can place is refused`(_ name: String, _ text: String, _ problem: String)
    throws
  {
    let scratch = try Scratch.samples()
    if !text.isEmpty { try scratch.write(name, text) }
    let run = try backtest(scratch, name)
    #expect(run.code == 2 && run.errors.contains(problem), "\(run.errors)")
  }

  @Test func `a change that is refused does not pass for a change that finds less`() throws {
    let scratch = try Scratch.samples()
    try scratch.write(
      "d.yaml",
      try shipped("unknown-network").replacingOccurrences(
        of: "condition: ", with: "condition: nobody and "))
    let run = try backtest(scratch, "d.yaml")
    #expect(run.code == 2)
    #expect(run.errors.contains("no selection named `nobody`"), "\(run.errors)")
    #expect(run.errors.hasSuffix("what was refused counts as removed\n"))
  }

  @Test func `lines that come once can not be read twice`() throws {
    let scratch = try Scratch.samples()
    let run = try Program.run(
      ["backtest", "--against", "-", "--with", Program.package + "/detectors"],
      input: try scratch.read("samples/logs/auth.log"))
    #expect(run.code == 2 && run.errors.contains("pipes can be read only once"))
  }
}
