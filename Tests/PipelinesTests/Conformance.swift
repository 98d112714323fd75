import Foundation
import Testing

/// What came of a suite's cases.
struct Outcome: Sendable {
  /// How many cases of a suite are right, wrong, and none of ours.
  struct Counts: Equatable, Sendable, CustomStringConvertible {
    var right, wrong, notApplicable: Int
    var description: String { "(\(right), \(wrong), \(notApplicable))" }
  }

  var right = 0
  var wrong: [(id: String, why: String)] = []
  /// Counts by the kind of reason.
  var notApplicable: [String: Int] = [:]

  var counts: Counts {
    Counts(
      right: right, wrong: wrong.count, notApplicable: notApplicable.values.reduce(0, +))
  }

  mutating func skip(_ kind: String) { notApplicable[kind, default: 0] += 1 }

  /// Counts a case: right when nothing differs.
  mutating func judge(_ id: String, _ differences: [String]) {
    if differences.isEmpty {
      right += 1
    } else {
      wrong.append((id, differences.joined(separator: "; ")))
    }
  }

  /// Counts a fact: right when found is what is wanted.
  mutating func fact<Value: Equatable>(_ id: String, _ found: Value, _ wanted: Value) {
    judge(id, found == wanted ? [] : ["\(found), not \(wanted)"])
  }
}

/// One suite of cases from elsewhere, with what is known to come of it.
struct ConformanceSuite: Sendable, CustomTestStringConvertible {
  let name: String
  /// Right, wrong, not applicable: a change in any of them fails the suite.
  let expected: Outcome.Counts
  /// The cases that are wrong, each with the reason.
  let known: [String: String]
  let run: @Sendable () throws -> Outcome

  init(
    _ name: String, _ right: Int, _ wrong: Int, _ notApplicable: Int, known: [String: String] = [:],
    run: @escaping @Sendable () throws -> Outcome
  ) {
    self.name = name
    expected = Outcome.Counts(right: right, wrong: wrong, notApplicable: notApplicable)
    (self.known, self.run) = (known, run)
  }

  var testDescription: String { name }
}

/// The page that is published, from what the suites counted.
enum ConformancePage {
  static let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("CONFORMANCE.md")
  /// Set to write the page instead of comparing it.
  static var isWriting: Bool {
    ProcessInfo.processInfo.environment["ROLLCALL_CONFORMANCE"] == "write"
  }

  static func render(_ results: [(suite: ConformanceSuite, outcome: Outcome)]) -> String {
    var page = """
      <!-- Written by `make conformance`; `swift test --filter ConformanceTests` compares. -->
      # Conformance

      Lines and expectations that nobody here wrote, taken from public projects, against the whole path
      from bytes to event with the mappings that are shipped. A case is *right* when every field that
      both sides name is equal, and *not applicable* when it is of a product or format that is not read,
      or when it asks for a judgement that a line alone does not hold.

      \(table(results))
      \(reasons(results))
      """
    page += """
      ## What RFC 8259 leaves to the reader

      \(JSONSuites.principles)

      | case of JSONTestSuite, as the value of a key | |
      |---|---|

      """
    for (name, decision) in JSONSuites.decisions.sorted(by: { $0.key < $1.key }) {
      page += "| `\(name)` | \(decision == "accepted" ? decision : "rejected: `\(decision)`") |\n"
    }
    return page
  }

  /// How many cases of each suite are right, wrong and none of ours.
  static func table(_ results: [(suite: ConformanceSuite, outcome: Outcome)]) -> String {
    var page = "| suite | cases | right | wrong | not applicable |\n|---|---:|---:|---:|---:|\n"
    var sum = (cases: 0, right: 0, wrong: 0, skipped: 0)
    for (suite, outcome) in results {
      let counts = outcome.counts
      let cases = counts.right + counts.wrong + counts.notApplicable
      page +=
        "| \(suite.name) | \(cases) | \(counts.right) | \(counts.wrong) | \(counts.notApplicable) |\n"
      sum = (
        sum.cases + cases, sum.right + counts.right, sum.wrong + counts.wrong,
        sum.skipped + counts.notApplicable
      )
    }
    return page + "| all | \(sum.cases) | \(sum.right) | \(sum.wrong) | \(sum.skipped) |\n"
  }

  /// Each case that is wrong with its reason, and the others' reasons with their counts.
  static func reasons(_ results: [(suite: ConformanceSuite, outcome: Outcome)]) -> String {
    var page = "## Wrong, and why\n\n"
    for (suite, outcome) in results where !outcome.wrong.isEmpty {
      page += "### \(suite.name)\n\n"
      for item in outcome.wrong {
        page += "- `\(item.id)`: \(suite.known[item.id] ?? "unexplained: \(item.why)")\n"
      }
      page += "\n"
    }
    page += "## Not applicable\n\n"
    for (suite, outcome) in results where !outcome.notApplicable.isEmpty {
      page += "### \(suite.name)\n\n"
      for (kind, count) in outcome.notApplicable.sorted(by: {
        ($1.value, $0.key) < ($0.value, $1.key)
      }) {
        page += "- \(count) × \(kind)\n"
      }
      page += "\n"
    }
    return page
  }
}
