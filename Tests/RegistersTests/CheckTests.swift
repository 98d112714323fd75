import Documents
import Registers
import Testing

@Suite struct RegisterCheckTests {
  func checks(_ scenario: Scenario, _ text: String) throws -> [RegisterCheck] {
    let policy =
      scenario.policy.isEmpty
      ? Policy.defaults : try Policy(Document(file: "policy.yaml", text: scenario.policy))
    return try registers(text, policy: policy).checks(at: try time(scenario.at))
      .filter { $0.id == scenario.id }
  }

  @Test(arguments: Scenarios.all)
  func `a check speaks with its row, and its look-alike is silent`(_ scenario: Scenario) throws {
    let fired = try checks(scenario, scenario.fires).flatMap { check in
      check.exceptions.map { (check, $0) }
    }
    let hit = fired.first { $0.1.message.hasPrefix(scenario.says) && !$0.1.isWarning }
    let (check, exception) = try #require(hit, "\(fired.map(\.1.message))")
    #expect(check.row == scenario.row)
    #expect(check.population > 0 && check.notRun == nil)
    #expect(exception.place.file == "registers.yaml" || scenario.fires == "attestations: []\n")
    #expect(!exception.fix.isEmpty && !exception.subject.isEmpty)
    let quiet = try checks(scenario, scenario.lookAlike)
    #expect(quiet.allSatisfy { $0.notRun == nil })
    #expect(quiet.flatMap(\.exceptions).map(\.message) == [])
    if let warns = scenario.warns {
      let warned = try checks(scenario, warns).flatMap(\.exceptions)
      #expect(warned.map(\.isWarning) == [true])
    }
  }

  @Test(
    arguments: Scenarios.all.filter { !["approval-invalid", "exception-expired"].contains($0.id) })
  func `an exception approved in time clears, and one approved later does not`(
    _ scenario: Scenario
  ) throws {
    let policy =
      scenario.policy.isEmpty
      ? Policy.defaults : try Policy(Document(file: "policy.yaml", text: scenario.policy))
    func check(_ approved: String, by: String = "p-0", of control: String) throws -> RegisterCheck {
      let whole = try registers(scenario.fires, policy: policy).checks(at: try time(scenario.at))
      let subject = try #require(
        whole.first { $0.id == scenario.id && $0.row == scenario.row }?.exceptions.first {
          $0.message.hasPrefix(scenario.says)
        }?.subject)
      let day = scenario.at.prefix(10)
      let files = [
        ("registers.yaml", scenario.fires),
        (
          "more.yaml",
          "people:\n  - {id: p-0, roles: [\"approver:contractor\", security_head]}\n"
            + "approvals:\n  - {id: x, type: exception, subject: \(subject), control: \(control), "
            + "from: \(day), until: \(day), approved_by: \(by), approved_at: \(approved), ref: y}\n"
        ),
      ]
      let registers = try Registers(files.map { (file: $0, text: $1) }, policy: policy)
      return try #require(
        registers.checks(at: try time(scenario.at)).first {
          $0.id == scenario.id && $0.row == scenario.row
        })
    }
    func isOpen(_ check: RegisterCheck) -> Bool {
      check.exceptions.contains { $0.message.hasPrefix(scenario.says) }
    }
    for control in [scenario.id, scenario.row] {
      let cleared = try check(scenario.at, of: control)
      #expect(!isOpen(cleared))
      #expect(
        cleared.excused.contains {
          $0.approval == "x" && $0.exception.message.hasPrefix(scenario.says)
        })
    }
    // Late by a second, by somebody who may not, or about something else.
    let late = RFC3339.text(nanoseconds: try time(scenario.at) + 1_000_000_000)
    #expect(isOpen(try check(late, of: scenario.id)))
    #expect(isOpen(try check(scenario.at, by: "p-9", of: scenario.id)))
    #expect(isOpen(try check(scenario.at, of: "row-999")))
  }

  @Test func `every check has a scenario`() throws {
    let ids = Set(
      try registers(everyRegister).checks(at: try time("2026-11-01T00:00:00Z")).map(\.id))
    #expect(ids.subtracting(Scenarios.all.map(\.id)) == [])
    #expect(Set(Scenarios.all.map(\.id)).subtracting(ids) == [])
  }

  @Test func `without its register a check says so, and has no population`() throws {
    let checks = try registers("flows: []\n").checks(at: 0)
    let ran = checks.filter { $0.notRun == nil }.map(\.id)
    #expect(ran == ["flow-unexplained"])
    let tools = try #require(checks.first { $0.id == "tool-no-questionnaire" })
    #expect(tools.notRun == "no tools register" && tools.population == 0)
    let attested = try #require(checks.first { $0.id == "attestation-missing" })
    #expect(attested.notRun == "no attestations register" && attested.exceptions.isEmpty)
  }

  @Test func `what is dated after the moment has not happened yet`() throws {
    let late =
      cast + "contractors:\n  - {id: c-1, engagement: {start: 2026-09-01, end: 2026-10-10}, "
      + "offboarding: {completed_at: 2026-10-20, ref: WP-1}}\n"
    func messages(_ at: String) throws -> [String] {
      try registers(late).checks(at: try time(at)).first { $0.id == "offboard-overdue" }?
        .exceptions.map(\.message) ?? []
    }
    #expect(try messages("2026-10-10T12:00:00Z") == [])
    #expect(
      try messages("2026-10-11T18:00:00Z") == [
        "the access of `c-1` must be gone at 2026-10-12T00:00:00Z"
      ])
    #expect(
      try messages("2026-10-13T00:00:00Z") == [
        "the access of `c-1` was due to be gone at 2026-10-12T00:00:00Z, and nobody says it is"
      ])
    #expect(
      try messages("2026-10-21T00:00:00Z") == [
        "the access of `c-1` was gone 2026-10-20, after it was due at 2026-10-12T00:00:00Z"
      ])
  }

  @Test func `exceptions are as of the month's end, whatever was repaired since`() throws {
    let text = "secrets:\n  - {id: s, class: sensitive_key, last_rotated: 2026-11-20}\n"
    func count(_ at: String) throws -> Int? {
      try registers(text).checks(at: try time(at)).first { $0.id == "rotation-overdue" }?
        .exceptions.count
    }
    #expect(try count("2026-10-31T23:59:59Z") == 1)
    #expect(try count("2026-11-30T23:59:59Z") == 0)
  }

  @Test func `checks come in the order of the rows`() throws {
    let rows = try registers(everyRegister).checks(at: try time("2026-11-01T00:00:00Z"))
      .filter { !$0.id.hasPrefix("attestation-") }.compactMap(\.rows.first)
    #expect(rows == rows.sorted() && rows.count > 40)
  }

  // A year with a digit wrong lies before what nanoseconds can count.
  @Test(arguments: ["0001-01-01", "9999-12-31", "1969-12-31"])
  func `dates and moments beyond what can be counted stop no check`(_ day: String) throws {
    var text = everyRegister
    for match in everyRegister.matches(of: /[0-9]{4}-[0-9]{2}-[0-9]{2}/).reversed() {
      text.replaceSubrange(match.range, with: day)
    }
    let registers = try registers(text)
    for moment in [Int64.min, -1, 0, 1_800_000_000_000_000_000, .max] {
      #expect(registers.checks(at: moment).count > 40)
      _ = registers.lint(asOf: moment)
    }
  }

  @Test func `numbers as large as a policy may hold stop no check`() throws {
    let text = """
      backup: {interval_factor: {value: 1000000000, reason: x}}
      review: {seconds_per_account: {value: 1000000000d, reason: x}}
      incident: {medium: {acknowledge_days: {value: 1000000000, reason: x}}, analysis_days: {value: 1000000000, reason: x}}
      people: {joiner_days: {value: 1000000000, reason: x}}
      offboarding: {hours: {value: 1000000000, reason: x}, warn_hours: {value: 1000000000, reason: x}}
      document: {review_days: {value: 1000000000, reason: x}}
      contractor: {days_max: {value: 1000000000, reason: x}, warn_days: {value: 1000000000, reason: x}}
      """
    let policy = try Policy(Document(file: "policy.yaml", text: text))
    let registers = try registers(
      everyRegister.replacing("severity: high", with: "severity: medium"), policy: policy)
    #expect(registers.checks(at: try time("2026-11-01T00:00:00Z")).count > 40)
  }
}
