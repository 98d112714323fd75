import Documents
import Registers
import Testing

@Suite struct LintTests {
  /// People who may approve, who may not, and who left.
  static let people = """
    people:
      - {id: p-1, employment: {start: 2020-01-01}, roles: ["approver:contractor"], accounts: {"*": [a]}}
      - {id: p-2, employment: {start: 2020-01-01}, accounts: {"*": [b]}}
      - {id: p-3, employment: {start: 2020-01-01, end: 2026-09-30}, roles: ["approver:contractor"]}

    """

  /// A contractor from the first of September, until the twelfth of October by the policy.
  func contractor(_ rest: String) throws -> Registers {
    try registers(
      LintTests.people + "contractors:\n  - id: c-1\n    accounts: {\"*\": [kim]}\n"
        + "    scope: {hours: \"08:00-19:00\"}\n" + rest)
  }

  func lint(_ registers: Registers, _ at: String = "2026-09-10T00:00:00Z") throws -> [String] {
    registers.lint(asOf: try time(at)).map(\.description)
  }

  @Test func `the term counts the first day, so forty-two days end on the twelfth`() throws {
    let registers = try contractor("    engagement: {start: 2026-09-01, end: 2026-10-12}\n")
    #expect(try lint(registers) == [])
    let over = try contractor("    engagement: {start: 2026-09-01, end: 2026-10-13}\n")
    #expect(over.contractors.first?.effectiveEnd == (try time("2026-10-13T00:00:00Z")))
    #expect(
      try lint(over) == [
        "registers.yaml:9:42: error: the engagement of `c-1` is registered until 2026-10-13, but "
          + "access ends at the end of 2026-10-12: start plus 42 days, and the renewals that "
          + "count; have a renewal approved before then, or correct `end`"
      ])
  }

  @Test(
    arguments: [
      ("until: 2026-11-21, approved_by: p-1, approved_at: 2026-10-10T23:59:59Z", nil),
      ("until: 2026-11-21, approved_by: p-1, approved_at: 2026-10-10", nil),
      (
        "until: 2026-11-21, approved_by: p-1, approved_at: 2026-10-11T00:00:00Z",
        "the renewal was approved on 2026-10-11T00:00:00Z, after the access lapsed at the end of "
          + "2026-10-10"
      ),
      (
        "until: 2026-11-22, approved_by: p-1, approved_at: 2026-10-08",
        "the renewal until 2026-11-22 is 43 days after the previous end 2026-10-10; at most 42 are "
          + "allowed"
      ),
      (
        "until: 2026-10-10, approved_by: p-1, approved_at: 2026-10-08",
        "the renewal until 2026-10-10 extends nothing: access lasts to 2026-10-10 without it"
      ),
      (
        "until: 2026-11-21, approved_by: p-2, approved_at: 2026-10-08",
        "`p-2` does not hold the role `approver:contractor`"
      ),
      (
        "until: 2026-11-21, approved_by: p-3, approved_at: 2026-10-08",
        "`p-3` had left when it was approved (2026-10-08)"
      ),
      ("until: 2026-11-21, approved_by: p-3, approved_at: 2026-09-30", nil),
      (
        "until: 2026-11-21, approved_by: c-1, approved_at: 2026-10-08", "`c-1` approved themself"
      ),
      (
        "until: 2026-11-21, approved_by: p-9, approved_at: 2026-10-08",
        "the approver `p-9` is not in the people register"
      ),
      ("until: 2026-11-21, approved_by: p-1", "the approval has no date"),
      ("until: 2026-11-21, approved_at: 2026-10-08", "nobody approved it"),
    ] as [(String, String?)])
  func `a renewal counts only when the right person approved it in time`(
    _ renewal: String, _ reason: String?
  ) throws {
    let registers = try contractor(
      "    engagement: {start: 2026-09-01, end: 2026-10-10}\n"
        + "    renewals: [{\(renewal), channel: email, ref: x}]\n")
    let row = try #require(registers.contractors.first)
    #expect(row.renewals.first?.refusal?.reason == reason)
    #expect(row.effectiveEndDay.description == (reason == nil ? "2026-11-21" : "2026-10-10"))
    #expect(try lint(registers).count == (reason == nil ? 0 : 1))
  }

  @Test(arguments: [
    ("ref: x", "the renewal does not say where it was approved"),
    ("channel: email", "the approval has no reference"),
  ])
  func `a renewal that can not be read anywhere does not count`(
    _ rest: String, _ reason: String
  ) throws {
    let registers = try contractor(
      "    engagement: {start: 2026-09-01, end: 2026-10-10}\n    renewals: [{until: 2026-11-21, "
        + "approved_by: p-1, approved_at: 2026-10-08, \(rest)}]\n")
    #expect(registers.contractors.first?.renewals.first?.refusal?.reason == reason)
  }

  @Test func `a shorter term in the policy ends access sooner`() throws {
    let file = "contractor: {days_max: {value: 10, reason: Short contracts.}}"
    let policy = try Policy(Document(file: "policy.yaml", text: file))
    let registers = try registers(
      "contractors:\n  - {id: c-1, engagement: {start: 2026-09-01}}\n", policy: policy)
    #expect(registers.contractors.first?.effectiveEndDay.description == "2026-09-10")
  }

  @Test func `one account name is one person's at a time`() throws {
    func rows(_ first: String, _ second: String) throws -> [String] {
      try lint(
        registers(
          "people:\n  - {id: p-1, accounts: {gitlab: [dana]}, employment: {\(first)}}\n"
            + "  - {id: p-2, accounts: {gitlab: [Dana]}, employment: {\(second)}}\n"))
    }
    #expect(try rows("end: 2025-12-31", "start: 2026-01-01") == [])
    #expect(
      try rows("end: 2026-01-01", "start: 2026-01-01") == [
        "registers.yaml:3:5: error: the account `dana` on `gitlab` is both `p-1`'s and `p-2`'s; "
          + "one account name is one person's; rename it, or end one of the rows"
      ])
  }

  @Test(arguments: [
    ("2026-10-10T23:59:59Z", "", 0), ("2026-10-11T00:00:00Z", "", 1),
    ("2026-12-01T00:00:00Z", "{completed_at: 2026-10-12T00:00:00Z, ref: x}", 0),
    ("2026-12-01T00:00:00Z", "{completed_at: 2026-10-12T00:00:01Z, ref: x}", 1),
    ("2026-12-01T00:00:00Z", "{completed_at: 2026-10-11T10:00:00Z}", 1),
  ])
  func `access is gone a day after its end, and on record`(
    _ at: String, _ offboarding: String, _ count: Int
  ) throws {
    let registers = try contractor(
      "    engagement: {start: 2026-09-01, end: 2026-10-10}\n    offboarding: \(offboarding)\n")
    let problems = registers.lint(asOf: try time(at))
    #expect(problems.count == count)
    #expect(problems.allSatisfy { $0.severity == .warning })
  }

  @Test(arguments: [
    (
      "people:\n  - {id: a}\n  - {id: a}\n",
      "3:5: error: the id `a` also stands at registers.yaml:2"
    ),
    (
      "people:\n  - {id: a, employment: {start: 2026-02-01, end: 2026-01-01}}\n",
      "2:50: error: the employment of `a` ends 2026-01-01, before its start 2026-02-01"
    ),
    ("people:\n  - {id: a, owner: z}\n", "2:20: error: the owner of `a`, `z`, is in no register"),
    (
      "people:\n  - {id: a, owner: b}\n  - {id: b, employment: {end: 2026-01-31}}\n",
      "2:20: warning: the owner of `a`, `b`, left on 2026-01-31"
    ),
    (
      "infrastructure:\n  - {id: a, addresses: [10.0.0.1]}\n  - {id: b, addresses: [10.0.0.1/32]}\n",
      "3:5: error: the address 10.0.0.1/32 is both `a`'s and `b`'s"
    ),
    (
      "infrastructure:\n  - {id: a, names: [web]}\n  - {id: b, names: [db, WEB]}\n",
      "3:5: error: the name `web` is both `a`'s and `b`'s"
    ),
    ("infrastructure:\n  - {id: a}\npeople:\n", "2:5: warning: nobody owns `a`"),
    (
      "contractors:\n  - {id: c, engagement: {start: 2026-09-01, end: 2026-09-30}, scope: {hours: \"08:00-19:00\"}}\n",
      "1:1: error: there are contractors, and nobody who may approve their access"
    ),
    (
      "contractors:\n  - {id: c, engagement: {start: 2026-09-01}, scope: {hours: \"08:00-19:00\"}}\n\(people)",
      "2:25: error: the engagement of `c` has no end"
    ),
    (
      "contractors:\n  - {id: c, engagement: {start: 2026-09-01, end: 2026-09-30}}\n\(people)",
      "2:5: warning: `c` has no scope"
    ),
    (
      "contractors:\n  - {id: c, engagement: {start: 2026-09-01, end: 2026-09-30}, scope: {systems: [web, wob1]}}\n"
        + "infrastructure:\n  - {id: web1, names: [web], owner: p-1}\n\(people)",
      "2:80: error: the scope of `c` names `wob1`, which is no system or tool; did you mean `web1`?"
    ),
    (
      "tools:\n  - {id: t, status: proposed, introduced_by: a}\npeople: [{id: a}]\n",
      "2:5: error: the tool `t` does not say who introduced it, and when; add `introduced_on`"
    ),
    (
      "tools:\n  - {id: t, status: approved, introduced_by: a, introduced_on: 2026-01-01}\npeople: [{id: a}]\n",
      "2:5: error: the approval of the tool `t` does not count: nobody approved it"
    ),
    (
      "\(people)approvals:\n  - {id: x, type: tool, subject: t, approved_by: p-1, approved_at: 2026-01-01, ref: y}\n",
      "6:5: error: the approval `x` does not count: the approval has no end"
    ),
    (
      "\(people)approvals:\n  - {id: x, type: tool, subject: p-1, until: 2026-02-01, approved_by: p-1, approved_at: 2026-01-01, ref: y}\n",
      "6:5: error: the approval `x` does not count: `p-1` approved themself"
    ),
    (
      "\(people)approvals:\n  - {id: x, type: tool, subject: t, until: 2026-12-01, approved_by: p-1, approved_at: 2026-01-01, ref: y}\n",
      "6:5: warning: the approval `x` lasts longer than 90 days"
    ),
  ])
  func `what is wrong with the registers is said in place`(
    _ text: String, _ message: String
  ) throws {
    let problems = try lint(registers(text))
    #expect(problems.count == 1)
    #expect(problems.first?.hasPrefix("registers.yaml:" + message) == true, "\(problems)")
  }

  // A year with a digit wrong lies before what nanoseconds can count.
  @Test(arguments: [
    ("1013-10-02", "2026-10-04"), ("0001-01-01", "9999-12-31"), ("2026-10-02", "9999-12-31"),
  ])
  func `a date beyond what can be counted does not stop the lint`(
    _ start: String, _ end: String
  ) throws {
    let registers = try registers(
      """
      people:
        - {id: p-1, kind: employee, employment: {start: \(start), end: \(end)}, accounts: {"*": [a]}}
      contractors:
        - {id: c-1, accounts: {"*": [b]}, engagement: {start: \(start), end: \(end)}}
      infrastructure:
        - {id: s-1, names: [s], valid_from: \(start), valid_to: \(end)}
      approvals:
        - {id: x, type: scope, subject: c-1, from: \(start), until: \(end), approved_by: p-1,
           approved_at: \(start), ref: y}

      """)
    for instant in ["1970-01-01T00:00:00Z", "2026-10-01T00:00:00Z"] {
      #expect(!registers.lint(asOf: try time(instant)).isEmpty)
    }
  }

  @Test func `the design's example has only the faults that were put into it`() throws {
    #expect(
      try registers(example).lint(asOf: try time("2026-10-01T00:00:00Z")).map(\.message) == [
        "the scope of `c-007` names `db9`, which is no system or tool",
        "`c-008` has no scope",
        "the approval `a-032` does not count: `c-007` approved themself",
      ])
  }
}
