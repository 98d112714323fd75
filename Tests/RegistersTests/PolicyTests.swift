import Documents
import Registers
import Testing

@Suite struct PolicyTests {
  @Test func `the defaults hold the numbers that the clauses name`() {
    let policy = Policy.defaults
    #expect(policy.integer("contractor.days_max") == 42)
    #expect(policy.integer("contractor.warn_days") == 7)
    #expect(policy.integer("offboarding.hours") == 24)
    #expect(policy.seconds("login.brute_force.leak") == 60)
    #expect(policy.integer("login.travel.speed_kmh") == 900)
    #expect(policy.texts("sign_in.paths").contains("/users/sign_in"))
    #expect(policy.entries.first?.name == "contractor.days_max")
    #expect(policy.entries.allSatisfy { !$0.reason.isEmpty && !$0.value.isEmpty })
  }

  @Test func `hours beyond all time are never due, not a crash`() throws {
    let hours = "offboarding: {hours: {value: 1000000000, reason: As long as it takes.}}"
    let policy = try Policy(Document(file: "policy.yaml", text: hours))
    let text = "contractors:\n  - {id: c, engagement: {start: 2026-09-01, end: 2026-09-30}}\n"
    let patient = try registers(text, policy: policy)
    #expect(patient.offboardingDue(of: patient.contractors[0]) == .max)
    let usual = try registers(text)
    #expect(usual.offboardingDue(of: usual.contractors[0]) == (try time("2026-10-02T00:00:00Z")))
  }

  @Test func `a number may have a fraction, and a list may name networks`() throws {
    let text = """
      login:
        risk: {alert: {value: 0.925, reason: x}, ratio_even: {value: 2, reason: x}}
        travel: {shared_networks: {value: [AS64500, 192.0.2.0/24, "2001:db8::/32"], reason: x}}
      """
    let policy = try Policy(Document(file: "policy.yaml", text: text))
    #expect(policy.decimal("login.risk.alert") == 0.925)
    #expect(policy.decimal("login.risk.ratio_even") == 2)
    #expect(policy["login.risk.alert"]?.value == "0.925")
    #expect(policy.texts("login.travel.shared_networks").count == 3)
    #expect(Policy.systemNumber("AS64500") == 64_500)
    for none in ["AS", "64500", "ASX", "AS4294967296", "as1"] {
      #expect(Policy.systemNumber(none) == nil)
    }
  }

  @Test func `a file changes single entries and keeps the clause`() throws {
    let text = "contractor: {days_max: {value: 30, reason: Our contracts are shorter.}}"
    let policy = try Policy(Document(file: "policy.yaml", text: text))
    #expect(policy.integer("contractor.days_max") == 30)
    #expect(policy["contractor.days_max"]?.clause == "row-8")
    #expect(policy["contractor.days_max"]?.isDefault == false)
    #expect(policy.integer("contractor.renewal_days_max") == 42)
    #expect(policy.entries.count == Policy.defaults.entries.count)
  }

  @Test(arguments: [
    (
      "contractor: {day_max: {value: 30, reason: x}}",
      "policy.yaml:1:14: error: no detector knows `contractor.day_max`; did you mean "
        + "`contractor.days_max`?"
    ),
    (
      "contractor: {days_max: 30}",
      "policy.yaml:1:24: error: `contractor.days_max` has no value and reason; write "
        + "{value: 30, reason: \"why\"}"
    ),
    (
      "contractor: {days_max: {value: six, reason: x}}",
      "policy.yaml:1:32: error: `contractor.days_max` is `six`; it wants a whole number"
    ),
    (
      "login: {risk: {alert: {value: high, reason: x}}}",
      "policy.yaml:1:31: error: `login.risk.alert` is `high`; it wants a number such as 0.5"
    ),
    (
      "login: {risk: {alert: {value: .5, reason: x}}}",
      "policy.yaml:1:31: error: `login.risk.alert` is `.5`; it wants a number such as 0.5"
    ),
    (
      "login: {travel: {shared_networks: {value: [AS9009, M247], reason: x}}}",
      "policy.yaml:1:43: error: `login.travel.shared_networks` has `M247`; write a network such as "
        + "192.0.2.0/24, or the number of one as in AS64500"
    ),
    (
      "offboarding: {hours: {value: 12}}",
      "policy.yaml:1:22: error: `offboarding.hours` is set without a reason; add `reason:`; the "
        + "review prints it"
    ),
    (
      "login: {spray: {window: {value: 10, reason: x}}}",
      "policy.yaml:1:33: error: `login.spray.window` is `10`; it wants a duration such as 90s, "
        + "5m, 24h or 14d"
    ),
  ])
  func `a policy that does not fit says where and how to fix it`(
    _ text: String, _ message: String
  ) throws {
    let document = try Document(file: "policy.yaml", text: text)
    let problems = try #require(throws: Problems.self) { try Policy(document) }
    #expect(problems.description == message)
  }
}
