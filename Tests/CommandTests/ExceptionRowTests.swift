import Detectors
import Documents
import Pipelines
import Testing

@testable import Command

/// Every shipped detector can be lifted by an exception from each of its rows, given in time, and by none that came late.
@Suite struct ExceptionRowTests {
  /// A detector, and a row of the policy that it cites.
  struct Scenario: Sendable, CustomTestStringConvertible {
    let detector, row: String
    var testDescription: String { "\(detector), \(row)" }
  }

  private static let workspace: Result<Workspace, any Error> = Result {
    var places = Workspace.Places(detectors: [Program.package + "/detectors"])
    places.isWithoutRegisters = true
    return try Workspace(places)
  }

  private static let scenarios: [Scenario] = {
    let rules = (try? workspace.get())?.rules.rules ?? []
    return rules.filter { $0.alertsAlone }.flatMap { rule in
      rule.header.controls.filter { $0.hasPrefix("row-") }
        .map { Scenario(detector: rule.header.id, row: $0) }
    }
  }()

  @Test func `every detector that is a finding by itself is looked at`() throws {
    let rules = try ExceptionRowTests.workspace.get().rules.rules.filter { $0.alertsAlone }
    #expect(rules.count > 100)
    // What no row of the policy asks for has no row to be excepted from.
    let none = rules.filter { rule in !rule.header.controls.contains { $0.hasPrefix("row-") } }
    #expect(none.map(\.header.id) == [])
  }

  @Test(arguments: scenarios)
  func `an exception in time lifts it, one that came late does not`(_ scenario: Scenario)
    async throws
  {
    let workspace = try ExceptionRowTests.workspace.get()
    let rule = try #require(workspace.rules.rules.first { $0.header.id == scenario.detector })
    let document = try #require(workspace.detectors.first { $0.file == rule.file })
    var reader = DetectorTestReader(document)
    let node = try #require(rule.tests)
    let tests = reader.tests(node)
    let test = try #require(tests.first { test in test.cases.contains { $0.fires } })
    let testCase = try #require(test.cases.first { $0.fires })
    let run = try DetectorTestRun(workspace)
    func findings(_ test: DetectorTest) async throws -> [Finding] {
      let found = try run.stage(test, detector: scenario.detector, among: .needed)
      let stage = try #require(found)
      let result = await run.result(of: testCase, test, stage)
      return result.findings.filter { $0.detector == scenario.detector }
    }
    let own = try await findings(test)
    let first = try #require(own.first)
    #expect(first.controls.contains(scenario.row))

    var isLifted = false
    for (subject, test) in subjects(of: own, test) where !isLifted {
      func count(_ subject: String, _ control: String, at given: String) async throws -> Int {
        try await findings(excepted(test, subject, control, at: given)).count
      }
      // Of several findings those that are about it.
      let all = try await count("x-other", scenario.row, at: "2020-01-01")
      let left = try await count(subject, scenario.row, at: "2020-01-01")
      guard left < all else { continue }
      isLifted = true
      #expect(try await count(subject, scenario.row, at: "2029-01-01") == all, "it came late")
      #expect(try await count(subject, "row-0", at: "2020-01-01") == all, "it is from another row")
      #expect(try await count(subject, scenario.detector, at: "2020-01-01") == left, "named by id")
    }
    #expect(isLifted, "none of \(subjects(of: own, test).map(\.0)) is what it is about")
  }

  /// What findings are about by the registers' ids; where a test's registers have none of it, its log is a system's, or
  /// its account somebody's.
  private func subjects(
    of findings: [Finding], _ test: DetectorTest
  ) -> [(String, DetectorTest)] {
    let fields = [
      "person.id", "system.id", "target.person_id", "tool.id", "secret.id", "backup.id",
      "limit.id", "obligation.id",
    ]
    let evidence = findings.flatMap(\.evidence)
    let named = fields.flatMap { field in evidence.compactMap { $0[field] } }
    var placed = test
    placed.system = test.system ?? "x-system"
    placed.registers.append(
      (
        "x-systems.yaml",
        "infrastructure: [{id: x-system, kind: service, names: [x.example.org], environment: test}]"
      ))
    var owned = test
    if let user = evidence.lazy.compactMap({ $0["user.name"] }).first {
      owned.registers.append(
        (
          "x-people.yaml",
          "people: [{id: x-person, name: X, kind: employee, employment: {start: 2019-01-01}, "
            + "accounts: {\"*\": [\"\(user)\"]}}]"
        ))
    }
    return Set(named).sorted().map { ($0, test) } + [(placed.system ?? "", placed)]
      + [("x-person", owned)]
  }

  /// A test with an exception more.
  private func excepted(
    _ test: DetectorTest, _ subject: String, _ control: String, at given: String
  ) -> DetectorTest {
    var test = test
    test.registers.append(
      (
        "x-exceptions.yaml",
        """
        people:
          - {id: x-approver, name: Approver, kind: employee, employment: {start: 2019-01-01}, roles: ["approver:contractor"], accounts: {"*": [x-approver]}}
        approvals:
          - {id: x-exception, type: exception, subject: \(subject), control: \(control), owner: x-approver, reason: A test., from: 2020-01-01, until: 2029-12-31, approved_by: x-approver, approved_at: \(given)T00:00:00Z, ref: WP-1}
        """
      ))
    return test
  }
}
