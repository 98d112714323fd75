import Alerts
import ArgumentParser
import Detectors
import Documents
import Registers

/// `rollcall test`: the tests inside the detector files.
struct TestCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "test",
    abstract: "Run the tests that stand in the detectors' files.",
    discussion: """
      DETECTOR is an id, or a file or folder with detectors; without it all are tested. Each test \
      brings its own registers and policy. Ends with 1 when a test fails, with 2 when a detector or \
      a test can not be read.
      """)

  @Argument(help: "Which detectors to test.") var wanted: [String] = []
  @Option(parsing: .singleValue, help: "A folder or file with detectors; may be repeated.")
  var detectors: [String] = []
  @Option(help: "The configuration, for its mappings and detectors.") var config: String?

  /// How many lines and reasons of a failure are shown.
  private static let shownMax = 12

  func run() async throws {
    let files = wanted.filter { Environment.exists($0) }
    let ids = wanted.filter { !Environment.exists($0) }
    var places = Workspace.Places(configuration: config, detectors: detectors + files)
    places.isWithoutRegisters = true
    let workspace = try Workspace(places)
    for warning in workspace.warnings { Console.error(warning.description) }
    let chosen = try choose(ids, workspace.rules)
    let run = try DetectorTestRun(workspace)
    var (testCount, failedCount, untested) = (0, 0, [String]())
    var isMalformed = workspace.warnings.contains { $0.severity == .error }
    for rule in chosen {
      guard let node = rule.tests, !node.isNull else {
        if rule.alertsAlone { untested.append(rule.header.id) }
        continue
      }
      let file = workspace.detectors.first { $0.file == rule.file }
      guard let document = file else { continue }
      var reader = DetectorTestReader(document)
      let tests = reader.tests(node)
      for problem in reader.problems { Console.error(problem.description) }
      isMalformed = isMalformed || !reader.problems.isEmpty
      for test in tests {
        do {
          let outcome = try await run.outcome(of: test, detector: rule.header.id)
          testCount += 1
          if !outcome.failures.isEmpty { failedCount += 1 }
          report(rule, test, outcome)
        } catch let problems as Problems {
          for problem in problems.all { Console.error(problem.description) }
          isMalformed = true
        }
      }
    }
    for id in untested { Console.out("none \(id): has no tests\n") }
    Console.out(
      "\(DetectorCount(chosen.count)) · \(testCount) test\(testCount == 1 ? "" : "s") · "
        + "\(failedCount) failed · \(DetectorCount(untested.count)) without tests\n")
    if isMalformed { throw ExitCode(2) }
    if failedCount > 0 { throw Ending.findings }
  }

  /// The rules of some ids or names; all of them when none are named.
  private func choose(_ ids: [String], _ rules: RuleSet) throws -> [Rule] {
    guard !ids.isEmpty else { return rules.rules }
    return try ids.map { id in
      guard let index = rules.index(of: id) else {
        let near = nearestName(to: id, among: rules.rules.map(\.header.id))
        throw ValidationError(
          "no detector is called `\(id)`" + (near.map { "; did you mean `\($0)`?" } ?? ""))
      }
      return rules.rules[index]
    }
  }

  private func report(_ rule: Rule, _ test: DetectorTest, _ outcome: DetectorTestRun.Outcome) {
    let word = outcome.failures.isEmpty ? "ok  " : "FAIL"
    Console.out(TerminalText.clean("\(word) \(rule.header.id): \(test.name)") + "\n")
    for failure in outcome.failures {
      row("at", "\(rule.file):\(failure.fileLine)")
      let lines = failure.lines.prefix(TestCommand.shownMax)
      for (place, line) in lines.enumerated() { row(place == 0 ? "line" : "", line) }
      if failure.lines.count > lines.count {
        row("", "… \(failure.lines.count - lines.count) more")
      }
      row("wanted", failure.wanted)
      row("came", failure.came)
      let reasons = failure.reasons.prefix(TestCommand.shownMax)
      for (place, reason) in reasons.enumerated() { row(place == 0 ? "because" : "", reason) }
      if failure.reasons.count > reasons.count {
        row("", "… \(failure.reasons.count - reasons.count) more")
      }
    }
  }

  private func row(_ name: String, _ value: String) {
    let padding = String(repeating: " ", count: max(0, 9 - name.utf8.count))
    Console.out("     \(name)\(padding)\(TerminalText.clean(value))\n")
  }
}

/// So many detectors, in words.
private struct DetectorCount: CustomStringConvertible {
  let count: Int
  init(_ count: Int) { self.count = count }
  var description: String { "\(count) detector\(count == 1 ? "" : "s")" }
}
