import Documents
import Registers
import Testing

/// The questions that the policies leave open: each is a setting, and each setting works.
@Suite struct PolicyChoiceTests {
  func policy(_ text: String) throws -> Policy {
    try Policy(Document(file: "policy.yaml", text: text))
  }

  func contractor(_ rest: String, _ choice: String, people: String = cast) throws -> Contractor {
    let text =
      people + "contractors:\n  - {id: c-1, engagement: {start: 2026-09-01\(rest)}\n"
    let registers = try registers(text, policy: choice.isEmpty ? .defaults : policy(choice))
    return try #require(registers.contractors.first)
  }

  @Test(arguments: [
    ("", "2026-10-12"),
    ("contractor: {day_count: {value: inclusive, reason: x}}", "2026-10-12"),
    ("contractor: {day_count: {value: exclusive, reason: x}}", "2026-10-13"),
  ])
  func `the first day counts, or it does not`(_ choice: String, _ last: String) throws {
    #expect(try contractor("}", choice).effectiveEndDay.description == last)
  }

  @Test(arguments: [
    ("", "2026-11-21", "2026-11-21"),
    ("contractor: {renewal_restarts_cap: {value: false, reason: x}}", "2026-11-21", "2026-09-30"),
    (
      "contractor: {renewal_restarts_cap: {value: \"false\", reason: x}}", "2026-10-12",
      "2026-10-12"
    ),
  ])
  func `a renewal restarts the six weeks, or all of them end with the first`(
    _ choice: String, _ until: String, _ last: String
  ) throws {
    let end = until == "2026-11-21" && choice.isEmpty ? "2026-10-10" : "2026-09-30"
    let row = try contractor(
      ", end: \(end)}, renewals: [{until: \(until), approved_by: p-1, approved_at: 2026-09-15, "
        + "channel: email, ref: m}]", choice)
    #expect(row.effectiveEndDay.description == last)
    if last != until {
      #expect(
        row.renewals.first?.refusal?.reason == "the renewal until 2026-11-21 goes beyond "
          + "2026-10-12, and a renewal does not restart the 42 days")
    }
  }

  @Test func `the hours of offboarding count from the end, or from a notice after it`() throws {
    let text =
      "contractors:\n  - {id: c-1, engagement: {start: 2026-09-01, end: 2026-09-30}, offboarding: "
      + "{notice_at: 2026-10-02T09:00:00Z}}\n"
    let fromEnd = try registers(text)
    let row = try #require(fromEnd.contractors.first)
    #expect(fromEnd.offboardingDue(of: row) == (try time("2026-10-02T00:00:00Z")))
    let notice = try policy("offboarding: {counted_from: {value: notice, reason: x}}")
    let fromNotice = try registers(text, policy: notice)
    #expect(fromNotice.offboardingDue(of: row) == (try time("2026-10-03T09:00:00.000000001Z")))
    // What was known before the end takes nothing from the access that was agreed.
    let early = try registers(
      text.replacing("2026-10-02T09", with: "2026-09-02T09"), policy: notice)
    #expect(
      early.offboardingDue(of: try #require(early.contractors.first))
        == (try time("2026-10-02T00:00:00Z")))
  }

  @Test func `work that ended sooner takes the access along`() throws {
    let row = try contractor(
      ", end: 2026-10-10}, offboarding: {ended_at: 2026-09-20T15:00:00Z}", "")
    #expect(row.effectiveEnd == (try time("2026-09-20T15:00:00.000000001Z")))
    #expect(row.effectiveEndDay.description == "2026-09-20")
    #expect(row.grantedEndDay.description == "2026-10-10")
    let later = try contractor(", end: 2026-10-10}, offboarding: {ended_at: 2026-10-20}", "")
    #expect(later.effectiveEndDay.description == "2026-10-10")
  }

  @Test func `nobody stands in for the approver unless the policy names them`() throws {
    let renewal =
      ", end: 2026-10-10}, renewals: [{until: 2026-11-01, approved_by: p-2, "
      + "approved_at: 2026-10-01, channel: email, ref: m}]"
    #expect(try contractor(renewal, "").effectiveEndDay.description == "2026-10-10")
    let delegate = "approval: {delegates: {value: [p-2], reason: Holidays in October.}}"
    #expect(try contractor(renewal, delegate).effectiveEndDay.description == "2026-11-01")
    // A delegate who left can not approve either.
    #expect(
      try contractor(
        renewal.replacing("p-2", with: "p-3"), "approval: {delegates: {value: [p-3], reason: x}}"
      ).effectiveEndDay.description == "2026-10-10")
  }

  @Test(arguments: [
    ("matrix", "", "", "2026-11-01"),
    ("matrix", "", "export", "2026-10-10"),
    ("matrix", ", evidence: exports/m.json", "export", "2026-11-01"),
    ("email", "", "export", "2026-11-01"),
  ])
  func `an approval by chat needs its message exported where the policy says so`(
    _ channel: String, _ evidence: String, _ choice: String, _ last: String
  ) throws {
    let row = try contractor(
      ", end: 2026-10-10}, renewals: [{until: 2026-11-01, approved_by: p-1, "
        + "approved_at: 2026-10-01, channel: \(channel), ref: m\(evidence)}]",
      choice.isEmpty ? "" : "approval: {chat_evidence: {value: \(choice), reason: x}}")
    #expect(row.effectiveEndDay.description == last)
  }

  @Test func `which environments are production is the company's to say`() throws {
    let text = "infrastructure: []\n"
    #expect(try registers(text).isProduction("Production"))
    #expect(try registers(text).isProduction("live"))
    #expect(try !registers(text).isProduction("staging") && !registers(text).isProduction(nil))
    let own = try policy("infrastructure: {production: {value: [blue], reason: Our name for it.}}")
    #expect(try registers(text, policy: own).isProduction("blue"))
    #expect(try !registers(text, policy: own).isProduction("production"))
  }

  @Test func `a choice takes only its words`() throws {
    let problems = try #require(throws: Problems.self) {
      try policy("contractor: {day_count: {value: inclusiv, reason: x}}")
    }
    #expect(
      problems.description == "policy.yaml:1:33: error: `contractor.day_count` is `inclusiv`; did "
        + "you mean `inclusive`?")
  }

  @Test func `what the source states is marked, until a company changes it`() throws {
    let defaults = Policy.defaults
    #expect(defaults["contractor.days_max"]?.isStated == true)
    #expect(defaults["contractor.renewal_days_max"]?.isStated == false)
    #expect(defaults["rotation.sensitive_key"]?.value == "31d")
    let changed = try policy(
      "contractor: {days_max: {value: 30, reason: x}}\n"
        + "offboarding: {hours: {value: 24, reason: Same as the source.}}\n"
        + "scan: {interval: {value: 7d, reason: Ours says weekly., stated: true}}\n")
    #expect(changed["contractor.days_max"]?.isStated == false)
    #expect(changed["offboarding.hours"]?.isStated == true)
    #expect(changed["scan.interval"]?.isStated == true)
    #expect(changed["approval.delegates"]?.value == "none")
  }

  @Test func `every entry names the row that it comes from`() {
    for entry in Policy.defaults.entries {
      #expect(entry.clause.hasPrefix("row-"), "\(entry.name)")
      #expect(entry.reason.hasSuffix("."), "\(entry.name)")
    }
    #expect(Policy.defaults.entries.filter(\.isStated).count == 12)
  }
}
