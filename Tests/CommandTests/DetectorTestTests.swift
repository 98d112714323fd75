import Foundation
import Testing

/// `rollcall test`: the tests inside the detectors.
@Suite struct DetectorTestTests {
  static let detector = """
    title: T
    id: t1
    logsource: {category: access}
    detection:
      who: {user.name: dana, event.outcome: success}
      inside: {source.ip|cidr: 10.0.0.0/8}
      condition: who and not inside
    tests:
      - name: the name
    """
  static func accepted(_ user: String, _ address: String) -> String {
    "\"2026-11-03T09:14:07Z web1 sshd[1]: Accepted publickey for \(user) from \(address) port 5 ssh2\""
  }

  private func test(_ tests: String) throws -> Run {
    let scratch = try Scratch()
    try scratch.write("t1.yaml", DetectorTestTests.detector + "\n" + tests)
    return try Program.run("test", "--detectors", scratch.path)
  }

  @Test func `the shipped detectors pass, and every one that alerts has tests`() throws {
    let run = try Program.run("test", "--detectors", Program.package + "/detectors")
    #expect(run.code == 0, "\(run.output)")
    #expect(run.lines.last?.hasSuffix(" · 0 failed · 0 detectors without tests") ?? false)
  }

  @Test func `lines that raise it and lines that do not`() throws {
    let run = try test(
      """
          fires: [\(DetectorTestTests.accepted("dana", "203.0.113.5"))]
          silent: [\(DetectorTestTests.accepted("dana", "10.0.0.5"))]
      """)
    #expect(run.code == 0)
    #expect(
      run.lines == [
        "ok   t1: the name", "1 detector · 1 test · 0 failed · 0 detectors without tests",
      ])
  }

  @Test(arguments: [
    (
      "fires: [\(accepted("lee", "203.0.113.5"))]",
      "t1.yaml:10 not t1: `who`: user.name is `lee`, wanted `dana`"
    ),
    ("fires: [\(accepted("dana", "10.0.0.5"))]", "`10.0.0.5`, which the rule leaves out"),
    ("silent: [\(accepted("dana", "203.0.113.5"))]", "wanted   silence"),
    ("silent: [nonsense]", "t1.yaml:10 is rejected: not-syslog at byte 0"),
    (
      "fires: [\(accepted("dana", "203.0.113.5"))]\n    expect: {count: 2}",
      "wanted   a finding with count 2"
    ),
  ]) func `a failure says what came instead, and why`(_ lines: String, _ reason: String) throws {
    let run = try test("    " + lines)
    #expect(run.code == 1)
    #expect(run.lines.first == "FAIL t1: the name")
    #expect(run.output.contains(reason), "\(run.output)")
    #expect(run.lines.last == "1 detector · 1 test · 1 failed · 0 detectors without tests")
  }

  @Test(arguments: [
    ("firse: [a]", ":10:5: error: unknown key `firse`; did you mean `fires`?"),
    ("fires: a", ":10:12: error: lines are a list"),
    (
      """
      fires: [a]
          registers:
            people:
              - {id: p-001, name: Dana,
                 kind: emploiee, accounts: {"*": [dana]}}
      """, ":14:18: error: `kind` is `emploiee`; did you mean `employee`?"
    ),
    (
      "fires: [a]\n    policy:\n      login: {brute_forse: {failures: {value: 1, reason: x}}}",
      ":12:"
    ),
  ]) func `a test that can not be read ends with 2, and its place is named`(
    _ lines: String, _ problem: String
  ) throws {
    let run = try test("    " + lines)
    #expect(run.code == 2)
    #expect(run.errors.contains("t1.yaml" + problem), "\(run.errors)")
  }

  /// Runs the tests of detectors that stand in files of their own.
  private func test(files: [String: String]) throws -> Run {
    let scratch = try Scratch()
    for (name, text) in files { try scratch.write(name, text) }
    return try Program.run("test", "--detectors", scratch.path)
  }

  private static let burst = """
    title: Burst
    id: burst
    correlation: {type: event_count, rules: [base], group-by: [source.ip], timespan: 5m, condition: {gte: 2}}
    tests:
      - name: two
        fires_together:
          - \(accepted("dana", "203.0.113.5"))
          - \(accepted("lee", "203.0.113.5"))
    """
  private static func base(_ user: String, tests: String = "") -> String {
    """
    title: Base
    id: t-base
    name: base
    logsource: {category: access}
    detection: {a: {event.action: auth.login, user.name: [\(user)]}, condition: a}
    \(tests)
    """
  }

  @Test func `a correlation is tested with the rule of another file that it counts by name`() throws
  {
    let run = try test(files: [
      "a.yaml": DetectorTestTests.burst, "z.yaml": DetectorTestTests.base("dana, lee"),
    ])
    #expect(run.code == 0 && run.lines.first == "ok   burst: two", "\(run.output)")
    let other = try test(files: [
      "a.yaml": DetectorTestTests.burst, "z.yaml": DetectorTestTests.base("dana"),
    ])
    #expect(other.code == 1, "\(other.output)")
    #expect(other.output.contains("not t-base: `a`: user.name is `lee`"), "\(other.output)")
  }

  @Test func `what a correlation of another file counts is no finding by itself`() throws {
    let tests = "tests: [{name: alone, fires: [\(DetectorTestTests.accepted("dana", "10.0.0.5"))]}]"
    let base = DetectorTestTests.base("dana, lee", tests: tests)
    let alone = try test(files: ["z.yaml": base])
    #expect(alone.code == 0 && alone.lines.first == "ok   t-base: alone", "\(alone.output)")
    let run = try test(files: ["a.yaml": DetectorTestTests.burst, "z.yaml": base])
    #expect(run.code == 1 && run.output.contains("FAIL t-base: alone"), "\(run.output)")
  }

  @Test
  func `a filter of another file has its say, and one for a rule that the test does not need`()
    throws
  {
    let tests =
      DetectorTestTests.detector + "\n    fires: ["
      + DetectorTestTests.accepted("dana", "203.0.113.5") + "]"
    func filter(_ rule: String) -> String {
      """
      title: leave out
      logsource: {category: access}
      filter: {rules: [\(rule)], f: {source.ip: 203.0.113.5}, condition: not f}
      """
    }
    let kept = try test(files: [
      "t1.yaml": tests, "f.yaml": filter("t-base"), "z.yaml": DetectorTestTests.base("lee"),
    ])
    #expect(kept.code == 0 && kept.lines.first == "ok   t1: the name", "\(kept.output)")
    let left = try test(files: ["t1.yaml": tests, "f.yaml": filter("t1")])
    #expect(left.code == 1 && left.output.contains("FAIL t1: the name"), "\(left.output)")
  }

  @Test func `a failure names what a detector of another file raised instead`() throws {
    let tests =
      DetectorTestTests.detector + "\n    fires: ["
      + DetectorTestTests.accepted("dana", "10.0.0.5") + "]"
    let run = try test(files: ["t1.yaml": tests, "z.yaml": DetectorTestTests.base("dana")])
    #expect(run.code == 1 && run.output.contains("raised instead: t-base: Base"), "\(run.output)")
  }

  @Test func `a detector without tests is named`() throws {
    let scratch = try Scratch()
    let text = DetectorTestTests.detector.components(separatedBy: "tests:")[0]
    try scratch.write("t1.yaml", text)
    let run = try Program.run("test", "--detectors", scratch.path)
    #expect(run.code == 0)
    #expect(run.lines.first == "none t1: has no tests")
  }
}
