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
  private let needed: NeededDetectors
  /// By id, the places of all rules; those of a test's own few rules are others.
  private let places: [String: Int]
  /// What the lines showed of the rules.
  let coverage = RuleCoverage()

  init(_ workspace: Workspace) throws {
    shared = workspace
    needed = NeededDetectors(workspace.detectors)
    places = Dictionary(
      workspace.rules.rules.enumerated().map { ($1.header.id, $0) },
      uniquingKeysWith: { first, _ in first })
  }

  /// Which detectors stand beside the one that is tested.
  enum Company {
    /// Those that it needs: all that decide whether it is raised.
    case needed
    /// All of them, as in a scan.
    case everyone
  }

  /// What one test came to.
  struct Outcome {
    /// What was not as the test wants it; empty when it passed.
    var failures: [Failure] = []
  }

  /// One case that did not come out as it must.
  struct Failure {
    var file: String
    var fileLine: Int
    var lines: [String]
    var wanted: String
    var came: String
    /// Why, as far as the rules can tell.
    var reasons: [String]
  }

  /// A test with the registers, policy and zone that it brings, and the setups that follow from them.
  struct Stage {
    let workspace: Workspace
    let setup: PipelineSetup
    /// The same with every field, for whoever looks on, and a reader of it for all cases.
    let whole: PipelineSetup
    fileprivate let onlooker: LineReader
    let rule: Int
    /// By rule, its place among all rules.
    let places: [Int]

    fileprivate init(_ workspace: Workspace, _ rule: Int, places: [String: Int]) {
      (self.workspace, self.rule) = (workspace, rule)
      self.places = workspace.rules.rules.map { places[$0.header.id] ?? 0 }
      setup = workspace.setup()
      whole = workspace.setup(everything: true)
      onlooker = LineReader(whole)
    }

    /// The id of the detector.
    var detector: String { workspace.rules.rules[rule].header.id }
  }

  /// Sets the stage for a test; `nil` when no detector has the id.
  ///
  /// - Throws: ``Problems`` when its registers or its policy are wrong.
  func stage(
    _ test: DetectorTest, detector: String, among company: Company = .everyone
  ) throws -> Stage? {
    var workspace = shared
    workspace.zone = try Workspace.zone(named: test.timezone)
    workspace.zoneName = test.timezone
    workspace.geo = test.geo
    let choice = company == .needed ? needed.choice(of: detector) : nil
    // Rules are read again only where something that they name may be another.
    if !test.registers.isEmpty || test.policy != nil || shared.configuration.policy != nil {
      let policy = try test.policy.map { try Policy($0) } ?? .defaults
      try workspace.use(registers: test.registers, policy: policy, needed: choice)
    } else if choice != nil {
      workspace.reload(choice)
    }
    return workspace.rules.index(of: detector).map { Stage(workspace, $0, places: places) }
  }

  /// Runs one test.
  ///
  /// - Throws: ``Problems`` when its registers or its policy are wrong.
  func outcome(of test: DetectorTest, detector: String) async throws -> Outcome {
    var outcome = Outcome()
    guard let stage = try stage(test, detector: detector, among: .needed) else { return outcome }
    coverage.add(test, of: detector)
    var everyone: Stage?
    for testCase in test.cases {
      guard let failure = try await failure(of: testCase, test, stage) else { continue }
      // What came instead may be any detector's.
      everyone = try everyone ?? self.stage(test, detector: detector)
      guard let everyone else { continue }
      outcome.failures.append(try await self.failure(of: testCase, test, everyone) ?? failure)
    }
    return outcome
  }

  /// Reads the lines of a case as one log, and returns what they raise.
  ///
  /// - Parameter source: The name of the log, which evidence cites.
  func result(
    of testCase: DetectorTest.Case, _ test: DetectorTest, _ stage: Stage,
    source name: String = "test",
    lateWitness: ((Event) -> Void)? = nil, registerWitness: ((Event) -> Void)? = nil
  ) async -> PipelineResult {
    let (bytes, context, source) = log(testCase, test, stage, name)
    let stream = PipelineStream(
      name: name, contexts: [context], source: source, firstTime: .min, feed: HeldLines(bytes))
    let pipeline = Pipeline(stage.setup, streams: [stream], jobs: 1)
    pipeline.lateWitness = lateWitness
    pipeline.registerWitness = registerWitness
    pipeline.end = test.until
    return await pipeline.run()
  }

  /// The bytes of a case, and what is known of them before they are read.
  private func log(
    _ testCase: DetectorTest.Case, _ test: DetectorTest, _ stage: Stage, _ name: String
  ) -> (bytes: [UInt8], context: LineContext, source: SourceContext) {
    let bytes = Array(testCase.lines.map { $0 + "\n" }.joined().utf8)
    let format = test.format ?? bytes.withView(LineFormat.detect) ?? .rfc3164
    let zone = stage.workspace.zone
    let written = LocalTime(zone: zone).instant(test.written) ?? 0
    let context = LineContext(
      format: format, zone: zone, years: YearRule(anchor: written.flooredSeconds),
      source: ByteView(immortal: name), mapping: test.mapping ?? "")
    let source = SourceContext(
      system: test.system.map { ByteView(immortal: $0) },
      environment: test.environment.map { ByteView(immortal: $0) })
    return (bytes, context, source)
  }

  private func failure(
    of testCase: DetectorTest.Case, _ test: DetectorTest, _ stage: Stage
  ) async throws -> Failure? {
    let (id, file) = (stage.detector, stage.workspace.rules.rules[stage.rule].file)
    let study = CaseStudy(stage, coverage, file: file, fileLines: testCase.fileLines)
    let result = await result(
      of: testCase, test, stage, lateWitness: { study.sawLate($0) },
      registerWitness: { study.sawEntry($0) })
    let findings = result.findings.filter { $0.detector == id }
    // A second reading, this time looked over the shoulder.
    let (bytes, context, source) = log(testCase, test, stage, "test")
    stage.onlooker.witness = study
    _ = stage.onlooker.read(HeldLines(bytes).block, context, source)
    stage.onlooker.witness = nil
    for finding in result.findings {
      if let rule = stage.workspace.rules.index(of: finding.detector) {
        coverage.addFiring(of: stage.places[rule])
      }
    }
    let rejected = result.streams.reduce(0) { $0 + $1.total.rejected }
    let complaint =
      rejected > 0
      ? (wanted: "every line to be read", came: "\(rejected) rejected")
      : complaint(about: findings, testCase, test.expect)
    guard let complaint else { return nil }
    var reasons = study.reasons + result.lifted.sentences
    let others = result.findings.filter { $0.detector != id }
      .map { "\($0.detector): \($0.message)" }
    if findings.isEmpty, !others.isEmpty {
      reasons.append("raised instead: " + others.joined(separator: "; "))
    }
    return Failure(
      file: file, fileLine: testCase.fileLine, lines: testCase.lines, wanted: complaint.wanted,
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

/// Watches the lines of a case, to say what they showed, and why they raised nothing.
private final class CaseStudy: LineWitness {
  private let rule: Int
  private let story: RuleStory
  private let rules: RuleSet
  private let coverage: RuleCoverage
  private let places: [Int]
  private let lateRules: Set<Int>
  private let file: String
  private let fileLines: [Int]
  private var said: [String] = []
  private var tally: CorrelationTally
  /// The stateless rules that the tested one comes down to.
  private let fed: [Int]

  init(
    _ stage: DetectorTestRun.Stage, _ coverage: RuleCoverage, file: String, fileLines: [Int]
  ) {
    (rule, rules) = (stage.rule, stage.workspace.rules)
    (self.coverage, self.file, self.fileLines) = (coverage, file, fileLines)
    places = stage.places
    lateRules = stage.whole.lateRules
    story = RuleStory(rules, table: stage.whole.table, lateRules: lateRules)
    tally = CorrelationTally(rules, table: stage.whole.table)
    var fed: [Int] = []
    CaseStudy.gather(rule, rules, &fed) { coverage.addReach(of: stage.places[$0]) }
    self.fed = fed
  }

  private static func gather(
    _ rule: Int, _ rules: RuleSet, _ fed: inout [Int], _ reach: (Int) -> Void
  ) {
    reach(rule)
    guard case .correlation(let correlation) = rules.rules[rule].kind else {
      if !fed.contains(rule) { fed.append(rule) }
      return
    }
    for below in correlation.listened { gather(below, rules, &fed, reach) }
  }

  /// Why the case raised nothing, as far as the lines tell.
  var reasons: [String] {
    guard fed != [rule] else { return said }
    return ["needs \(story.demand(rule))"] + tally.shortfalls(of: rule) + said
  }

  private func name(_ place: LinePlace) -> String {
    let number = Int(place.number) - 1
    return "\(file):\(fileLines.indices.contains(number) ? fileLines[number] : 0)"
  }

  func saw(_ event: Event, at place: LinePlace) {
    coverage.addFields(of: event)
    for rule in fed where !rules.rules[rule].isAboutRegisters {
      guard let trace = story.trace(rule, event) else { continue }
      if !lateRules.contains(rule) {
        coverage.add(trace, of: places[rule], branches: story.branches(rule))
      }
      let id = rules.rules[rule].header.id
      let weight = event.weight > 1 ? " as \(event.weight) events" : ""
      if trace.isHit { tally.add(rule, event) }
      let verdict =
        trace.isHit ? "matches \(id)\(weight)" : "not \(id): \(story.stop(rule, trace, event))"
      said.append("\(name(place)) \(verdict)")
    }
  }

  /// Sees what the registers say.
  func sawEntry(_ event: Event) {
    coverage.addFields(of: event)
    for rule in fed where rules.rules[rule].isAboutRegisters {
      guard let trace = story.trace(rule, event) else { continue }
      coverage.add(trace, of: places[rule], branches: story.branches(rule))
      guard trace.isHit else { continue }
      tally.add(rule, event)
      let (action, id) = (event.text(.eventAction)?.string, event.text(.obligationID)?.string)
      said.append(
        "the registers at \(RFC3339.text(nanoseconds: event.time)): \(action ?? "") of \(id ?? "") "
          + "matches \(rules.rules[rule].header.id)")
    }
  }

  /// Sees what *follow* asks the rules over habits about.
  func sawLate(_ event: Event) {
    coverage.addFields(of: event)
    for rule in fed where lateRules.contains(rule) {
      guard let trace = story.trace(rule, event) else { continue }
      coverage.add(trace, of: places[rule], branches: story.branches(rule))
    }
  }

  func saw(rejected rejection: Rejection, at place: LinePlace) {
    said.append(
      "\(name(place)) is rejected: \(rejection.reason) at byte \(rejection.offset)")
  }
}
