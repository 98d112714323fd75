import Foundation
import Testing

/// A suite whose cases are whole logs, run through the pipeline.
struct AlertSuite: Sendable {
  /// The name and what is known to come of it; its own `run` gives nothing.
  let facts: ConformanceSuite
  let run: @Sendable () async throws -> Outcome

  init(
    _ name: String, _ right: Int, _ wrong: Int, _ notApplicable: Int, known: [String: String] = [:],
    run: @escaping @Sendable () async throws -> Outcome
  ) {
    facts = ConformanceSuite(name, right, wrong, notApplicable, known: known) { Outcome() }
    self.run = run
  }
}

/// Every alert of the corpora, held to exactly what is known of it.
@Suite(.enabled(if: Corpus.isThere, "the corpora are not beside the package"))
struct AlertTests {
  static let suites: [AlertSuite] =
    CloudAlertSuites.all + ScenarioAlertSuites.all + RuleClassSuites.all + RawAlertSuites.all

  /// What each suite gives, worked out once for the suites' tests and the page.
  private static let results = Task { () -> [(suite: ConformanceSuite, outcome: Outcome)] in
    var results: [(suite: ConformanceSuite, outcome: Outcome)] = []
    for suite in suites {
      do {
        results.append((suite.facts, try await suite.run()))
      } catch {
        var outcome = Outcome()
        outcome.wrong.append(("suite", "\(error)"))
        results.append((suite.facts, outcome))
      }
    }
    return results
  }

  @Test(arguments: suites.indices)
  func `a suite of alerts gives exactly what is known of it`(_ index: Int) async throws {
    let (suite, outcome) = await Self.results.value[index]
    #expect(outcome.counts == suite.expected, "\(suite.name)")
    for item in outcome.wrong {
      #expect(suite.known[item.id] != nil, "\(suite.name): \(item.id): \(item.why)")
    }
  }

  @Test func `the published page says what the alerts' suites give`() async throws {
    let page = AlertPage.render(await Self.results.value)
    if ConformancePage.isWriting {
      try page.write(to: AlertPage.file, atomically: true, encoding: .utf8)
    }
    #expect(try String(contentsOf: AlertPage.file, encoding: .utf8) == page)
  }
}

/// The page that is published, from what the suites counted.
enum AlertPage {
  static let file = ConformancePage.file.deletingLastPathComponent()
    .appendingPathComponent("ALERTS.md")

  static func render(_ results: [(suite: ConformanceSuite, outcome: Outcome)]) -> String {
    """
    <!-- Written by `make conformance`; `swift test --filter AlertTests` compares. -->
    # Alerts

    Logs and alerts that nobody here wrote, taken from public projects. Each log goes the way that `rollcall scan` goes,
    with rules that ask for what the other project's rule asks for: written as a user would write them, in
    `Alerts/cloud-rules.yaml` and `Alerts/scenario-rules.yaml`, with the parameters of theirs. A case is *right* when ours
    is raised exactly where theirs is; for a scenario of CrowdSec also for the same source, after the same number of events, and as often.
    A cloud event whose time was left out gets one.

    Those rules were written with these cases in view and changed until they agreed. So the table shows what rules, buckets and fields here can express,
    and which events can be read; it does not show how such rules do on events that nobody looked at.

    What a single line says is compared in [CONFORMANCE.md](CONFORMANCE.md): fail2ban's attributions (`fail2ban: sign-ins`) and Wazuh's outcomes
    among it. Look-ups in MaxMind's databases and distances between their places are tests of `Tests/InputsTests` and `Tests/DetectorsTests`.

    \(ConformancePage.table(results))
    \(ConformancePage.reasons(results))
    """
  }
}
