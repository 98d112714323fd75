import Alerts
import ArgumentParser
import Detectors
import Documents
import Registers

/// `rollcall test`: the tests inside the detector files.
struct TestCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "test",
    abstract: "Run the tests that stand in the detectors' files, and tell what they do not show.",
    discussion: """
      DETECTOR is an id, or a file or folder with detectors; without it all are tested. Each test \
      brings its own registers and policy. Ends with 1 when a test fails, with 2 when a detector or \
      a test can not be read.

      --coverage lists what is left to show: detectors without tests, selections and alternatives \
      that no line of a test meets, fields that nothing fills, values that a field never has, and \
      detectors that can not fire at all. With --fail-on-gaps such a gap ends with 1, too.
      """)

  @Argument(help: "Which detectors to test.") var wanted: [String] = []
  @Option(parsing: .singleValue, help: "A folder or file with detectors; may be repeated.")
  var detectors: [String] = []
  @Option(help: "The configuration, for its mappings and detectors.") var config: String?
  @Flag(help: "List what the tests do not show, and what can not work.") var coverage = false
  @Flag(help: "End with 1 when there is such a gap; lists them, too.") var failOnGaps = false
  @Option(help: "What to print: table or jsonl (one object for each test and each gap).")
  var output: ScanCommand.Output = .table

  func run() async throws {
    let files = wanted.filter { Environment.exists($0) }
    let ids = wanted.filter { !Environment.exists($0) }
    var places = Workspace.Places(configuration: config, detectors: detectors + files)
    places.isWithoutRegisters = true
    places.sends = false
    let workspace = try Workspace(places)
    for warning in workspace.warnings { Console.error(warning.description) }
    let chosen = try TestCommand.choose(ids, workspace.rules)
    let run = try DetectorTestRun(workspace)
    let paper = TestPaper(output: output)
    var (testCount, failedCount, untested) = (0, 0, [String]())
    var isMalformed = workspace.warnings.contains { $0.severity == .error }
    for rule in chosen.map({ workspace.rules.rules[$0] }) {
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
          paper.write(rule, test, outcome)
        } catch let problems as Problems {
          for problem in problems.all { Console.error(problem.description) }
          isMalformed = true
        }
      }
    }
    let report = CoverageReport(workspace, chosen: chosen, run.coverage)
    paper.write(
      untested: untested, gaps: coverage || failOnGaps ? report.gaps : nil,
      counts: TestPaper.Counts(
        detectors: chosen.count, tests: testCount, failed: failedCount, gaps: report.gaps.count))
    if isMalformed { throw ExitCode(2) }
    if failedCount > 0 || (failOnGaps && !report.gaps.isEmpty) { throw Ending.findings }
  }

  /// The places of the rules of some ids or names; all of them when none are named.
  static func choose(_ ids: [String], _ rules: RuleSet) throws -> [Int] {
    guard !ids.isEmpty else { return Array(rules.rules.indices) }
    return try ids.map { id in
      guard let index = rules.index(of: id) else {
        let near = nearestName(to: id, among: rules.rules.map(\.header.id))
        throw ValidationError(
          "no detector is called `\(id)`" + (near.map { "; did you mean `\($0)`?" } ?? ""))
      }
      return index
    }
  }
}
