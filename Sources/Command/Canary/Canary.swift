import Detectors
import Documents
import Pipelines

/// A line of a detector's own tests that must raise it, sent through the whole path.
struct Canary {
  /// What became of the line up to the routes.
  enum Outcome {
    /// It raised the detector; the finding is marked as a canary.
    case fired(Finding)
    /// It did not, and why.
    case silent(at: String, reasons: [String])
    /// There is no line to send, and why.
    case impossible(String)
  }

  private let run: DetectorTestRun
  private let workspace: Workspace

  init(_ workspace: Workspace) throws {
    self.workspace = workspace
    run = try DetectorTestRun(workspace)
  }

  /// Sends the first line, or lines, that a detector's tests say must raise it.
  ///
  /// - Throws: ``Problems`` when the tests, or the registers that they bring, are wrong.
  func send(_ rule: Rule, uid: String, now: Int64) async throws -> Outcome {
    if let reason = rule.notReadable { return .impossible(reason) }
    guard let node = rule.tests, !node.isNull,
      let document = workspace.detectors.first(where: { $0.file == rule.file })
    else { return .impossible("it has no tests") }
    var reader = DetectorTestReader(document)
    let tests = reader.tests(node)
    guard reader.problems.isEmpty else { throw Problems(reader.problems) }
    for test in tests {
      guard let testCase = test.cases.first(where: \.fires) else { continue }
      var alone = test
      alone.cases = [testCase]
      guard let stage = try run.stage(alone, detector: rule.header.id) else {
        return .impossible("it could not be loaded with the registers of its test")
      }
      let result = await run.result(of: testCase, alone, stage, source: "canary")
      if let finding = result.findings.first(where: { $0.detector == rule.header.id }) {
        return .fired(Canary.marked(finding, uid: uid, now: now))
      }
      // What a test that fails would say.
      alone.expect = .init()
      let failure = try await run.outcome(of: alone, detector: rule.header.id).failures.first
      return .silent(
        at: "\(rule.file):\(testCase.fileLine)", reasons: failure?.reasons ?? [])
    }
    return .impossible("its tests have no lines that must raise it")
  }

  /// The finding so that nobody takes it for one.
  private static func marked(_ finding: Finding, uid: String, now: Int64) -> Finding {
    var marked = finding
    marked.uid = uid
    marked.title = "Canary: \(finding.title)"
    marked.message = "CANARY, nothing happened: \(finding.message)"
    marked.subject = "canary · \(finding.subject)"
    // What the line says of its time is as made up as the line.
    (marked.start, marked.end) = (now * 1_000_000_000, now * 1_000_000_000)
    return marked
  }
}
