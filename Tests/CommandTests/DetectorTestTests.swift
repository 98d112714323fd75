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

  @Test func `a detector without tests is named`() throws {
    let scratch = try Scratch()
    let text = DetectorTestTests.detector.components(separatedBy: "tests:")[0]
    try scratch.write("t1.yaml", text)
    let run = try Program.run("test", "--detectors", scratch.path)
    #expect(run.code == 0)
    #expect(run.lines.first == "none t1: has no tests")
  }
}
