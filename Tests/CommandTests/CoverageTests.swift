import Foundation
import Testing

/// What `rollcall test --coverage` says of detectors.
@Suite struct CoverageTests {
  /// One gap as a program reads it.
  private struct Gap: Hashable {
    var kind, detector: String
    var line: Int
    var message: String
  }

  private func gaps(_ text: String, _ more: String...) throws -> (gaps: [Gap], run: Run) {
    let scratch = try Scratch()
    try scratch.write("d.yaml", text)
    let run = try Program.run(
      ["test", "--detectors", scratch.path + "/d.yaml", "--coverage", "--output", "jsonl"] + more)
    let gaps = try run.lines.compactMap { line -> Gap? in
      let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
      guard let object, object["type"] as? String == "gap" else { return nil }
      return Gap(
        kind: object["kind"] as? String ?? "", detector: object["detector"] as? String ?? "",
        line: object["line"] as? Int ?? 0,
        message: [object["message"], object["fix"]].compactMap { $0 as? String }
          .joined(separator: "; "))
    }
    return (gaps, run)
  }

  private static func line(_ user: String, _ address: String = "203.0.113.5") -> String {
    DetectorTestTests.accepted(user, address)
  }

  /// A detector of which everything is shown, with places to break.
  private static func detector(
    detection: String = """
    who: {user.name: dana}
      lan: {source.ip|cidr: 10.0.0.0/8}
      condition: who and not lan
    """,
    source: String = "{category: access}",
    tests: String = """
    - name: all of it
        fires: [\(line("dana"))]
        silent: [\(line("dana", "10.0.0.5")), \(line("lee"))]
    """
  ) -> String {
    """
    title: T
    id: t1
    logsource: \(source)
    detection:
      \(detection)
    tests:
      \(tests)
    """
  }

  @Test func `nothing is missing where every branch was taken`() throws {
    let (gaps, run) = try gaps(CoverageTests.detector(), "--fail-on-gaps")
    #expect(gaps == [] && run.code == 0, "\(run.output)")
  }

  @Test func `a filter that no line of the tests meets, and an alternative that none takes`() throws
  {
    let (gaps, run) = try gaps(
      CoverageTests.detector(
        detection: """
          who:
              - {user.name: dana}
              - {user.name: kim, event.outcome: success}
            lan: {source.ip|cidr: 10.0.0.0/8}
            host: {host.name: db1}
            odd: {user.name: x}
            condition: who and not lan or host and who
          """,
        tests: """
          - name: some of it
              fires: [\(CoverageTests.line("dana"))]
          """))
    #expect(
      gaps == [
        Gap(
          kind: "no-silent-test", detector: "t1", line: 1,
          message: "no test that must stay silent; add lines under `silent:`"),
        Gap(
          kind: "branch-never-true", detector: "t1", line: 7,
          message: "no line of the tests has what alternative 2 of `who` asks for; add such a line"),
        Gap(
          kind: "branch-never-true", detector: "t1", line: 8,
          message: "no line of the tests is one that `lan` leaves out; add such a line"),
        Gap(
          kind: "branch-never-true", detector: "t1", line: 9,
          message: "no line of the tests has what `host` asks for; add such a line"),
        Gap(
          kind: "selection-unused", detector: "t1", line: 10,
          message: "the condition does not name `odd`; name it in `condition:`, or take it out"),
      ], "\(gaps)")
    // Seeing them is one thing, a build that fails for them another.
    #expect(run.code == 0)
    let strict = try self.gaps(CoverageTests.detector(tests: "[]"), "--fail-on-gaps")
    #expect(strict.run.code == 1, "\(strict.run.errors)")
  }

  @Test func `a part of the condition that no line takes as a whole`() throws {
    let (gaps, _) = try gaps(
      CoverageTests.detector(
        detection: """
          who: {user.name: dana}
            far: {source.ip|cidr: 198.51.100.0/24}
            kim: {user.name: kim}
            condition: (who and not far) or (kim and far)
          """,
        tests: """
          - name: some of it
              fires: [\(CoverageTests.line("dana"))]
              silent: [\(CoverageTests.line("dana", "198.51.100.7")), \(CoverageTests.line("kim"))]
          """))
    #expect(gaps.map(\.kind) == ["branch-never-true"])
    #expect(gaps.first?.line == 8)
    #expect(
      gaps.first?.message
        == "no line of the tests takes `(kim and far)` of the condition; add such a line")
  }

  @Test(arguments: [
    ("user.nmae: dana", "field-never-filled", "did you mean `user.name`?"),
    ("userName: dana", "field-never-filled", "did you mean `user.name`?"),
    (
      "error.message: refused", "field-never-filled",
      "no mapping, product or join fills `error.message`; map it: see Sources/README.md, or leave it out"
    ),
    ("person.kind: contracter", "value-never-seen", "did you mean `contractor`?"),
    ("event.action: auth.logn", "value-never-seen", "did you mean `auth.login`?"),
  ]) func `a name or a value that never comes`(_ item: String, _ kind: String, _ fix: String)
    throws
  {
    let (gaps, _) = try gaps(
      CoverageTests.detector(
        detection: """
          who: {user.name: dana}
            or: {\(item)}
            condition: who or or
          """.replacingOccurrences(of: "or: {", with: "other: {")
            .replacingOccurrences(of: "or or", with: "or other"),
        tests: """
          - name: some of it
              fires: [\(CoverageTests.line("dana"))]
              silent: [\(CoverageTests.line("lee"))]
          """))
    let gap = try #require(gaps.first { $0.kind == kind }, "\(gaps)")
    #expect(gap.line == 6 && gap.message.contains(fix), "\(gap)")
  }

  @Test func `a record's own key is a field when some line of a test has it`() throws {
    func rule(_ key: String) -> String {
      """
      title: T
      id: t1
      logsource: {category: access}
      detection:
        odd: {\(key): 7}
        condition: odd
      tests:
        - name: n
          fires: ['{"time":"2026-11-03T09:14:00Z","colour":7}']
          silent: ['{"time":"2026-11-03T09:14:00Z","colour":8}']
      """
    }
    #expect(try gaps(rule("colour")).gaps == [])
    let other = try gaps(rule("flavour")).gaps
    #expect(other.map(\.kind) == ["field-never-filled", "branch-never-true"])
  }

  @Test(arguments: [
    (
      "user.name: dana, source.ip|cidr: 10.0.0.0/16", "user.name: dan*",
      "user.name must be `dana`, and what is `dan*` is left out"
    ),
    ("event.category: nothing, event.action: x", "user.name: y", "event.action is never `x`"),
  ]) func `a detector that can not fire says why`(
    _ selection: String, _ filter: String, _ reason: String
  ) throws {
    let (gaps, run) = try gaps(
      CoverageTests.detector(
        detection: """
          who: {\(selection)}
            lan: {\(filter)}
            condition: who and not lan
          """,
        tests: """
          - name: never
              silent: [\(CoverageTests.line("dana", "10.0.0.5"))]
          """))
    #expect(run.code == 0)
    let gap = try #require(gaps.first { $0.kind == "can-not-fire" }, "\(gaps)")
    #expect(gap.message == reason)
  }

  @Test func `logs that nobody reads, and correlations on what can not fire`() throws {
    let text = """
      title: Nobody reads this
      id: unread
      logsource: {product: windows, service: security}
      detection: {a: {EventID: 4625}, condition: a}
      ---
      title: Base
      id: base
      logsource: {category: access}
      detection: {a: {user.name: [root, admin]}, condition: a}
      ---
      title: On what nobody reads
      id: on-unread
      correlation: {type: temporal, rules: [unread, base], group-by: [source.ip], timespan: 5m}
      ---
      title: More than there are
      id: too-many
      correlation: {type: value_count, rules: [base], group-by: [source.ip], timespan: 5m, condition: {gte: 3, field: user.name}}
      ---
      title: One for each
      id: one-for-each
      correlation: {type: value_count, rules: [base], group-by: [source.ip], timespan: 5m, condition: {gte: 2, field: source.ip}}
      ---
      title: Nothing between
      id: between
      correlation: {type: event_count, rules: [base], group-by: [source.ip], timespan: 5m, condition: {gte: 9, gt: 3}}
      ---
      title: No such field
      id: no-field
      correlation: {type: event_count, rules: [base], group-by: [error.message], timespan: 5m, condition: {gte: 9}}
      """
    let never = try gaps(text).gaps.filter { $0.kind == "can-not-fire" }
    #expect(
      never.map(\.detector) == ["unread", "on-unread", "too-many", "one-for-each", "no-field"],
      "\(never)")
    let messages = never.map(\.message)
    try #require(messages.count == 5)
    #expect(messages[0] == "no source of windows/security")
    #expect(messages[1] == "`unread`, which it is built on, can not fire")
    #expect(messages[2] == "it needs 3 different `user.name`, and its rules let 2 through at most")
    #expect(
      messages[3]
        == "it counts different `source.ip` for one `source.ip`, so there is never more than one")
    #expect(messages[4] == "nothing ever fills `error.message`, by which it groups")
  }

  @Test func `every shipped detector has tests, and can fire`() throws {
    let run = try Program.run(
      "test", "--detectors", Program.package + "/detectors", "--coverage")
    #expect(run.code == 0)
    #expect(!run.output.contains(": can not fire"), "\(run.output)")
    #expect(!run.output.contains(": no tests"), "\(run.output)")
  }

  @Test func `a sum that failed says how far it came, and where each line stands`() throws {
    let text = """
      title: Base
      id: base
      logsource: {category: access}
      detection: {a: {event.action: auth.login, event.outcome: failure}, condition: a}
      ---
      title: Burst
      id: burst
      correlation: {type: event_count, rules: [base], group-by: [source.ip], timespan: 5m, condition: {gte: 3}}
      tests:
        - name: three
          fires_together:
            - "2026-11-03T09:14:07Z web1 sshd[1]: Failed password for a from 203.0.113.5 port 5 ssh2"
            - "2026-11-03T09:14:08Z web1 sshd[2]: Failed password for a from 203.0.113.5 port 5 ssh2"
            - "2026-11-03T09:14:09Z web1 sshd[3]: Accepted password for a from 203.0.113.5 port 5 ssh2"
      ---
      title: Then
      id: then
      correlation: {type: temporal_ordered, rules: [base, base2], group-by: [source.ip], timespan: 5m}
      tests:
        - name: and then
          fires_together:
            - "2026-11-03T09:14:07Z web1 sshd[1]: Failed password for a from 203.0.113.5 port 5 ssh2"
      ---
      title: Base two
      id: base2
      logsource: {category: access}
      detection: {a: {event.action: auth.login, event.outcome: success}, condition: a}
      """
    let scratch = try Scratch()
    try scratch.write("d.yaml", text)
    let run = try Program.run("test", "--detectors", scratch.path)
    #expect(run.code == 1)
    let file = scratch.path + "/d.yaml"
    #expect(run.output.contains("burst: 2 events within 5 min for source.ip `203.0.113.5`"))
    #expect(
      run.output.contains("\(file):14 not base: `a`: event.outcome is `success`, wanted `failure`"))
    #expect(
      run.output.contains("then: base2 is missing for source.ip `203.0.113.5`"), "\(run.output)")
  }
}
