import Bytes
import Documents
import Events
import Registers
import Testing

/// What is dated after a moment has not happened yet.
@Suite struct AsOfTests {
  private func exceptions(
    _ id: String, _ text: String, at moment: String
  ) throws -> [RegisterCheck.Exception] {
    try registers(text).checks(at: try time(moment)).filter { $0.id == id }.flatMap(\.exceptions)
  }

  private static let approver = "people:\n  - {id: p-1, roles: [\"approver:contractor\"]}\n"

  @Test func `a renewal moves the end from its approval on`() throws {
    let text =
      AsOfTests.approver + """
        contractors:
          - {id: c-1, engagement: {start: 2026-09-27, end: 2026-12-10},
             renewals: [{until: 2026-12-10, approved_by: p-1, approved_at: 2026-11-05, channel: email, ref: x}]}

        """
    let registers = try registers(text)
    let row = try #require(registers.contractors.first)
    #expect(
      "\(registers.lastDay(of: row, knownAt: try time("2026-11-04T12:00:00Z")))" == "2026-11-07")
    #expect(
      "\(registers.lastDay(of: row, knownAt: try time("2026-11-06T00:00:00Z")))" == "2026-12-10")
    let before = try exceptions("contractor-expiry", text, at: "2026-11-03T12:00:00Z")
    #expect(before.map(\.isWarning) == [true])
    #expect(before.first?.message.contains("2026-11-07, in 4 days") == true)
    #expect(try exceptions("contractor-expiry", text, at: "2026-11-06T12:00:00Z").isEmpty)
  }

  @Test func `a contractor who begins later has no access, and nothing is asked of the row`() throws
  {
    let text = "contractors:\n  - {id: c-1, engagement: {start: 2026-11-10}}\n"
    for id in ["contractor-unscoped", "contractor-expiry"] {
      #expect(try exceptions(id, text, at: "2026-10-31T12:00:00Z").isEmpty)
      #expect(try !exceptions(id, text, at: "2026-11-12T12:00:00Z").isEmpty)
    }
  }

  @Test func `what was refused, revoked or approved later is not told of earlier`() throws {
    let text =
      AsOfTests.approver + """
        contractors:
          - {id: c-1, engagement: {start: 2026-09-01, end: 2026-09-30},
             renewals: [{until: 2026-10-20, approved_by: c-1, approved_at: 2026-10-05, channel: email, ref: x}],
             offboarding: {checklist: {git: 2026-10-09}}}
        approvals:
          - {id: a-1, type: exception, subject: git, control: row-7, until: 2026-10-01, approved_by: c-1, approved_at: 2026-10-05, ref: x}

        """
    let early = "2026-10-04T12:00:00Z"
    #expect(try exceptions("contractor-expiry", text, at: early).isEmpty)
    #expect(try exceptions("approval-invalid", text, at: early).isEmpty)
    #expect(try exceptions("exception-expired", text, at: early).isEmpty)
    #expect(
      try exceptions("offboard-overdue", text, at: early).map(\.message).filter {
        $0.contains("2026-10-09")
      } == [])
    let late = "2026-10-12T12:00:00Z"
    for id in ["contractor-expiry", "approval-invalid", "exception-expired", "offboard-overdue"] {
      #expect(try !exceptions(id, text, at: late).isEmpty)
    }
  }

  @Test(arguments: [
    ("rotation-overdue", "secrets:\n  - {id: x, class: sensitive_key, last_rotated: 2026-11-15}\n"),
    ("policy-review-due", "policies:\n  - {id: x, reviewed_on: 2026-11-15}\n"),
  ])
  func `a row that only says what came later is not called undone`(
    _ id: String, _ text: String
  ) throws {
    let found = try exceptions(id, text, at: "2026-10-31T12:00:00Z")
    #expect(found.map(\.isWarning) == [true])
    #expect(found.first?.message.contains("2026-11-15, which is later") == true)
  }

  @Test func `an agreement that has ended is none`() throws {
    let text = """
      tools:
        - {id: t, status: approved, personal_data: true}
      subprocessors:
        - {id: s, tool: t, agreement: x, valid_to: 2026-09-30}
      """
    #expect(try exceptions("dsa-missing", text, at: "2026-09-15T00:00:00Z").isEmpty)
    #expect(try exceptions("dsa-missing", text, at: "2026-10-15T00:00:00Z").count == 1)
  }

  @Test func `a tool is published as long as the list of subprocessors has it`() throws {
    let registers = try registers(
      """
      tools:
        - {id: t, status: approved, internet_facing: true, domains: [files.example.org], approval: {by: p-1, at: 2026-01-01, channel: email, ref: x}}
      subprocessors:
        - {id: s, tool: t, valid_from: 2026-03-01, valid_to: 2026-09-30}
      """)
    for (moment, facing) in [
      ("2026-02-01T00:00:00Z", "false"), ("2026-05-01T00:00:00Z", "true"),
      ("2026-09-30T23:59:59Z", "true"), ("2026-10-01T00:00:00Z", "false"),
    ] {
      let event = try joined(registers, at: moment, [(.urlDomain, "files.example.org")])
      #expect(event.string(.systemInternetFacing) == facing, "\(moment)")
    }
  }

  @Test func `a key that was revoked on a day may have been used earlier on it`() throws {
    func status(_ revoked: String, _ moment: String) throws -> String? {
      let registers = try registers(
        "secrets:\n  - {id: k, keys: [AKIA], revoked_at: \(revoked)}\n")
      return try joined(registers, at: moment, [(.credentialID, "AKIA")]).string(.secretStatus)
    }
    #expect(try status("2026-10-05", "2026-10-05T08:00:00Z") == "active")
    #expect(try status("2026-10-05", "2026-10-06T00:00:00Z") == "revoked")
    #expect(try status("2026-10-05T10:00:00Z", "2026-10-05T09:59:59Z") == "active")
    #expect(try status("2026-10-05T10:00:00Z", "2026-10-05T10:00:00Z") == "revoked")
  }

  @Test func `nobody leads security, also where there was no incident`() throws {
    let found = try exceptions(
      "security-lead-missing", AsOfTests.approver + "incidents: []\n", at: "2026-10-15T00:00:00Z")
    #expect(found.count == 1)
  }
}

/// Registers that somebody made to stop the program.
@Suite struct HostileRegisterTests {
  @Test(.timeLimit(.minutes(1)))
  func `many rows of one name, id or account are told in time`() throws {
    let count = 30_000
    func rows(_ register: String, _ row: (Int) -> String) -> String {
      "\(register):\n" + (0..<count).map { "  - {\(row($0))}\n" }.joined()
    }
    let text =
      rows("infrastructure") { _ in "id: s, names: [n], addresses: [10.0.0.1], rto: 1h" }
      + rows("people") {
        // One after the other, so that none overlaps another.
        let day = CivilDay(number: $0)
        return "id: p-\($0), accounts: {'*': [ann]}, valid_from: \(day), valid_to: \(day)"
      }
      + rows("drills") { "id: d-\($0), kind: recovery, performed_on: 2026-10-01, result: passed" }
      + rows("secrets") { "id: k-\($0), names: [n]" }
    let registers = try registers(text)
    let problems = registers.lint(asOf: try time("2026-10-15T00:00:00Z"))
    #expect(problems.count(where: { $0.message.contains("the secret `n`") }) == count - 1)
    #expect(!problems.contains { $0.message.contains("the account") })
    #expect(registers.checks(at: try time("2026-10-15T00:00:00Z")).count > 50)
  }

  @Test(.timeLimit(.minutes(1)))
  func `many exceptions for one thing, and names that nobody knows, are read in time`() throws {
    let approvals = (0..<20_000).map {
      "  - {id: a-\($0), type: exception, subject: s, control: row-1, from: 2026-10-01, "
        + "until: \(CivilDay(number: 20_800 + $0 % 80)), approved_by: p-1, approved_at: 2026-09-30, ref: x}\n"
    }
    let contractors = (0..<1000).map {
      "  - {id: c-\($0), engagement: {start: 2026-10-01, end: 2026-10-20}, scope: {systems: [sistem-\($0)x]}}\n"
    }
    let systems = (0..<5000).map { "  - {id: system-number-\($0)}\n" }
    let registers = try registers(
      "people:\n  - {id: p-1, roles: [\"approver:contractor\"]}\napprovals:\n" + approvals.joined()
        + "contractors:\n" + contractors.joined() + "infrastructure:\n" + systems.joined())
    #expect(!Calendar(registers).isEmpty)
    #expect(registers.lint(asOf: try time("2026-10-15T00:00:00Z")).count >= 1000)
  }

  @Test func `a column of a thousand keys is refused, not followed`() throws {
    let deep = Array(repeating: "a", count: 100_000).joined(separator: ".")
    let problems = #expect(throws: Problems.self) {
      try Registers([(file: "people.csv", text: "id,\(deep)\n1,x\n")])
    }
    let first = try #require(problems?.all.first)
    #expect(first.line == 1 && first.column == 4)
    #expect(first.message == "a column 100000 keys deep; no register has more than 8")
  }
}
