import Bytes
import Detectors
import Documents
import Events
import Pipelines
import Registers

/// Runs the tests of one detector after another, each on the path that a scan takes.
struct DetectorTestRun {
  /// What all tests share: detectors and mappings; registers and policy are each test's own.
  private let shared: Workspace

  init(_ workspace: Workspace) throws {
    shared = workspace
  }

  /// What one test came to.
  struct Outcome {
    /// What was not as the test wants it; empty when it passed.
    var failures: [Failure] = []
  }

  /// One case that did not come out as it must.
  struct Failure {
    var fileLine: Int
    var lines: [String]
    var wanted: String
    var came: String
    /// Why, as far as the rules can tell.
    var reasons: [String]
  }

  /// Runs one test.
  ///
  /// - Throws: ``Problems`` when its registers or its policy are wrong.
  func outcome(of test: DetectorTest, detector: String) async throws -> Outcome {
    var workspace = shared
    workspace.zone = try Workspace.zone(named: test.timezone)
    workspace.zoneName = test.timezone
    workspace.geo = test.geo
    let policy = try test.policy.map { try Policy($0) } ?? .defaults
    try workspace.use(registers: test.registers, policy: policy)
    var outcome = Outcome()
    guard let rule = workspace.rules.index(of: detector) else { return outcome }
    for testCase in test.cases {
      if let failure = try await failure(of: testCase, test, rule, workspace) {
        outcome.failures.append(failure)
      }
    }
    return outcome
  }

  private func failure(
    of testCase: DetectorTest.Case, _ test: DetectorTest, _ rule: Int, _ workspace: Workspace
  ) async throws -> Failure? {
    let bytes = Array(testCase.lines.map { $0 + "\n" }.joined().utf8)
    let format = test.format ?? bytes.withView(LineFormat.detect) ?? .rfc3164
    let written = LocalTime(zone: workspace.zone).instant(test.written) ?? 0
    let context = LineContext(
      format: format, zone: workspace.zone, years: YearRule(anchor: written.flooredSeconds),
      source: ByteView("test"), mapping: test.mapping ?? "")
    let source = SourceContext(
      system: test.system.map { ByteView(immortal: $0) },
      environment: test.environment.map { ByteView(immortal: $0) })
    let stream = PipelineStream(
      name: "test", contexts: [context], source: source, firstTime: .min, feed: HeldLines(bytes))
    let result = await Pipeline(workspace.setup(), streams: [stream], jobs: 1).run()
    let id = workspace.rules.rules[rule].header.id
    let findings = result.findings.filter { $0.detector == id }
    let rejected = result.streams.reduce(0) { $0 + $1.total.rejected }
    let complaint =
      rejected > 0
      ? (wanted: "every line to be read", came: "\(rejected) rejected")
      : complaint(about: findings, testCase, test.expect)
    guard let complaint else { return nil }
    // A second reading, this time looked over the shoulder.
    let study = CaseStudy(rule, workspace)
    let reader = LineReader(workspace.setup(everything: true))
    reader.witness = study
    _ = reader.read(HeldLines(bytes).block, context, source)
    var reasons = study.reasons
    let others = result.findings.filter { $0.detector != id }
      .map { "\($0.detector): \($0.message)" }
    if findings.isEmpty, !others.isEmpty {
      reasons.append("raised instead: " + others.joined(separator: "; "))
    }
    return Failure(
      fileLine: testCase.fileLine, lines: testCase.lines, wanted: complaint.wanted,
      came: complaint.came, reasons: reasons)
  }

  /// What is wrong with the findings of a case, or `nil`.
  private func complaint(
    about findings: [Finding], _ testCase: DetectorTest.Case, _ expect: DetectorTest.Expectation
  ) -> (wanted: String, came: String)? {
    let shown = findings.map(DetectorTestRun.text).joined(separator: "; ")
    guard testCase.fires else {
      return findings.isEmpty ? nil : ("silence", shown)
    }
    if findings.isEmpty { return ("a finding", "none") }
    var wanted: [String] = []
    if let subject = expect.subject { wanted.append("subject \(subject.quoted)") }
    if let level = expect.level { wanted.append("level \(level.name)") }
    if let count = expect.count { wanted.append("count \(count)") }
    let fits = findings.contains { finding in
      (expect.subject.map { $0 == finding.subject } ?? true)
        && (expect.level.map { $0 == finding.level } ?? true)
        && (expect.count.map { $0 == finding.count } ?? true)
    }
    return fits ? nil : ("a finding with " + wanted.joined(separator: ", "), shown)
  }

  private static func text(_ finding: Finding) -> String {
    "\(finding.message) (\(finding.level.name), subject \(finding.subject.quoted), count "
      + "\(finding.count))"
  }
}

/// Watches the lines of a case that failed, to say why.
private final class CaseStudy: LineWitness {
  private let rule: Int
  private let story: RuleStory
  private let rules: RuleSet
  private(set) var reasons: [String] = []
  /// The stateless rules that the tested one comes down to.
  private let fed: [Int]

  init(_ rule: Int, _ workspace: Workspace) {
    let setup = workspace.setup(everything: true)
    (self.rule, rules) = (rule, workspace.rules)
    story = RuleStory(workspace.rules, table: setup.table, lateRules: setup.lateRules)
    var fed: [Int] = []
    CaseStudy.gather(rule, workspace.rules, &fed)
    self.fed = fed
    if fed != [rule] { reasons.append("needs \(story.demand(rule))") }
  }

  private static func gather(_ rule: Int, _ rules: RuleSet, _ fed: inout [Int]) {
    guard case .correlation(let correlation) = rules.rules[rule].kind else {
      if !fed.contains(rule) { fed.append(rule) }
      return
    }
    for below in correlation.rules { gather(below, rules, &fed) }
  }

  func saw(_ event: Event, at place: LinePlace) {
    for rule in fed {
      guard let trace = story.trace(rule, event) else { continue }
      let name = rules.rules[rule].header.id
      let weight = event.weight > 1 ? " as \(event.weight) events" : ""
      let verdict =
        trace.isHit ? "matches \(name)\(weight)" : "not \(name): \(story.stop(rule, trace, event))"
      reasons.append("line \(place.number) \(verdict)")
    }
  }

  func saw(rejected rejection: Rejection, at place: LinePlace) {
    reasons.append(
      "line \(place.number) is rejected: \(rejection.reason) at byte \(rejection.offset)")
  }
}
