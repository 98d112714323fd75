import Documents
import Events
import Registers
import Testing

@Suite struct LoadingTests {
  @Test(arguments: [
    (
      "people:\n  - {id: p-1, acounts: {\"*\": [dana]}}\n",
      "r.yaml:2:15: error: unknown key `acounts`; did you mean `accounts`?"
    ),
    ("peple: []\n", "r.yaml:1:1: error: unknown key `peple`; did you mean `people`?"),
    (
      "people:\n  - id: p-1\n    employment: {start: 2026-02-30}\n",
      "r.yaml:3:25: error: `start` is `2026-02-30`, which is no date; write a day of the calendar "
        + "as YYYY-MM-DD"
    ),
    (
      "people:\n  - {id: p-1, roles: admin}\n",
      "r.yaml:2:22: error: `roles` must be a list; write [admin]"
    ),
    ("people:\n  - {name: Dana}\n", "r.yaml:2:5: error: a person without `id`; add `id`"),
    (
      "people:\n  - {id: p-1, kind: employe}\n",
      "r.yaml:2:21: error: `kind` is `employe`; did you mean `employee`?"
    ),
    (
      "infrastructure:\n  - {id: n, addresses: [10.0.0.1/8]}\n",
      "r.yaml:2:25: error: `10.0.0.1/8` is neither an address nor a network; write 10.0.0.4, "
        + "10.0.0.0/24 or 2001:db8::/32, with no bits after the prefix"
    ),
    (
      "infrastructure:\n  - {id: n, valid_from: 2026-01-02, valid_to: 2026-01-01}\n",
      "r.yaml:2:47: error: `valid_to` 2026-01-01 is before `valid_from` 2026-01-02; swap them"
    ),
    (
      "contractors:\n  - {id: c-1}\n",
      "r.yaml:2:5: error: a contractor without `engagement`; add engagement: {start: YYYY-MM-DD, "
        + "end: YYYY-MM-DD}"
    ),
    (
      "contractors:\n  - {id: c-1, engagement: {start: 2026-01-01}, scope: {hours: Mon-Fry 08:00-19:00}}\n",
      "r.yaml:2:63: error: `hours` is `Mon-Fry 08:00-19:00`, which are no hours; write them like "
        + "\"Mon-Fri 08:00-19:00; Sat 10:00-12:00\""
    ),
    (
      "contractors:\n  - {id: c-1, engagement: {start: 2026-01-01}, scope: {hours: Mon 08:00-19:00, timezone: Mars}}\n",
      "r.yaml:2:90: error: no time zone is named `Mars`; write one like Europe/Amsterdam"
    ),
    (
      "approvals:\n  - {id: a-1, type: scope, from: 2026-10-04, until: 2026-10-02}\n",
      "r.yaml:2:53: error: `until` 2026-10-02 is before `from` 2026-10-04; swap them"
    ),
    ("people: dana\n", "r.yaml:1:9: error: `people` must be a list; begin each row with `- id:`"),
  ])
  func `a row that does not fit says where and how to fix it`(
    _ text: String, _ message: String
  ) throws {
    let problems = try #require(throws: Problems.self) { try Registers([("r.yaml", text)]) }
    #expect(problems.description == message)
  }

  @Test func `all mistakes are reported in one go and in file order`() throws {
    let problems = try #require(throws: Problems.self) {
      try Registers([
        ("b.yaml", "tools:\n  - {id: t, status: aproved}\n"),
        ("a.yaml", "people:\n  - {id: p, x: 1}\n  - {id: q, y: 1}\n"),
      ])
    }
    #expect(problems.all.map { "\($0.file):\($0.line)" } == ["a.yaml:2", "a.yaml:3", "b.yaml:2"])
  }

  @Test func `an empty register is there, and a missing one is not`() throws {
    let registers = try Registers([("tools.yaml", "tools: []\n"), ("people.yaml", "people:\n")])
    #expect(registers.hasTools && registers.hasPeople)
    #expect(!registers.hasContractors && !registers.hasInfrastructure && !registers.hasApprovals)
  }

  @Test func `CSV says the same as YAML`() throws {
    let people = #"""
      id,name,kind,employment.start,employment.end,roles,accounts
      p-001,"Reyes, ""Dana"" R.",employee,2024-02-01,,approver:contractor admin:gitlab,*:dana gitlab:dana.reyes

      """#
    let contractors = """
      id,accounts,engagement.start,engagement.end,scope.systems,scope.hours,renewals.1.until,renewals.1.approved_by,renewals.1.approved_at,renewals.1.channel,renewals.1.ref\r
      c-1,*:kim,2026-09-01,2026-10-10,web* db1,Mon-Fri 08:00-19:00; Sat 10:00-12:00,2026-11-21,p-001,2026-10-08,email,<m@example.org>\r
      c-2,*:lee,2026-09-01,2026-10-10,,,,,,,\r

      """
    let registers = try Registers([("people.csv", people), ("x/contractors.csv", contractors)])
    #expect(registers.people.first?.name == "Reyes, \"Dana\" R.")
    #expect(registers.people.first?.roles == ["approver:contractor", "admin:gitlab"])
    let at = try time("2026-10-05T10:00:00Z")
    #expect(registers.resolve(account: "dana.reyes", system: "gitlab", at: at) == "p-001")
    #expect(
      registers.contractors.map(\.effectiveEndDay.description) == ["2026-11-21", "2026-10-10"])
    #expect(registers.contractors.first?.scope?.systems == ["web*", "db1"])
    #expect(registers.contractors.last?.scope == nil)
    #expect(registers.contractors.last?.renewals.isEmpty == true)
  }

  @Test(arguments: [
    (
      "people.csv", "id,nme\np-1,Dana\n",
      "people.csv:2:5: error: unknown key `nme`; did you mean `name`?"
    ),
    (
      "people.csv", "id,name\np-1,Reyes,Dana\n",
      "people.csv:2:11: error: 3 values under 2 columns; put quotes around a value that holds a comma"
    ),
    (
      "people.csv", "id,name\np-1,\"Dana\n",
      "people.csv:2:5: error: a quote that never closes; close it, or double a quote that belongs "
        + "to the value"
    ),
    (
      "staff.csv", "id\n",
      "staff.csv:1:1: error: `staff.csv` names no register; name the file people.csv, "
        + "contractors.csv, infrastructure.csv, tools.csv, approvals.csv, subprocessors.csv, "
        + "secrets.csv, backups.csv, limits.csv, roles.csv, flows.csv, policies.csv, reviews.csv, "
        + "attestations.csv, incidents.csv, risks.csv, requests.csv, drills.csv, dispositions.csv, "
        + "tasks.csv"
    ),
    (
      "secret.csv", "id\n",
      "secret.csv:1:1: error: `secret.csv` names no register; did you mean `secrets.csv`?"
    ),
    (
      "backups.csv", "id,restore_tests\nb-1,2026-01-01\n",
      "backups.csv:2:5: error: `restore_tests` must be a list; write this register in YAML, or "
        + "columns named restore_tests.1.…, restore_tests.2.…"
    ),
  ])
  func `CSV that does not fit says where and how to fix it`(
    _ file: String, _ text: String, _ message: String
  ) throws {
    let problems = try #require(throws: Problems.self) { try Registers([(file, text)]) }
    #expect(problems.description == message)
  }

  @Test func `a generated register loads and its chain of renewals holds`() throws {
    let registers = try Registers([
      (
        "people.yaml",
        """
        people:
          - {id: p-000, name: The Approver, kind: employee, employment: {start: 2020-01-01}, \
        roles: ["approver:contractor"], accounts: {"*": [the.approver]}}
          - {id: p-1001, name: "ana.silva", kind: service, employment: {start: 2020-01-01, \
        end: 2026-12-31}, accounts: {"*": ["ana.silva"]}}

        """
      ),
      (
        "contractors.yaml",
        """
        contractors:
          - id: c-1002
            name: "bo.lind"
            company: Example Consulting
            accounts: {"*": ["bo.lind"]}
            engagement: {start: 2026-01-01, end: 2026-04-30}
            renewals:
              - {until: 2026-03-25, approved_by: p-000, approved_at: 2026-02-08T09:00:00Z, \
        channel: email, ref: "<renewal-bo.lind-2026-03-25@example.org>"}
              - {until: 2026-04-30, approved_by: p-000, approved_at: 2026-03-22T09:00:00Z, \
        channel: email, ref: "<renewal-bo.lind-2026-04-30@example.org>"}
            scope: {systems: [web01, db01]}
          - id: c-1003
            name: "short"
            company: Example Consulting
            accounts: {"*": ["short"]}
            engagement: {start: 2026-01-01, end: 2026-01-20}
            renewals:
            scope: {systems: [web01]}

        """
      ),
      (
        "infrastructure.yaml",
        """
        infrastructure:
          - {id: web01, kind: host, names: [web01, web01.corp.example], addresses: [10.1.0.1], \
        environment: production, owner: p-000, valid_from: 2020-01-01}
          - {id: db01, kind: host, names: [db01, db01.corp.example], addresses: [10.1.0.2], \
        environment: production, owner: p-000, valid_from: 2020-01-01}

        """
      ), ("tools.yaml", "tools: []\n"), ("approvals.yaml", "approvals: []\n"),
    ])
    #expect(registers.lint(asOf: try time("2026-01-10T00:00:00Z")) == [])
    #expect(registers.contractors.first?.effectiveEndDay.description == "2026-04-30")
    let event = try joined(
      registers, at: "2026-04-30T23:59:59Z",
      [(.userName, "bo.lind"), (.hostName, "db01.corp.example")])
    #expect(event.string(.personStatus) == "active")
    #expect(event.string(.accessScope) == "inside")
  }
}
