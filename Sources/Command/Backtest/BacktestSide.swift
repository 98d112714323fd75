import Bytes
import Detectors
import Events
import Pipelines

/// One of the two set-ups that a backtest compares, and what its run found.
final class BacktestSide {
  let workspace: Workspace
  let plan: StreamPlan
  let setup: PipelineSetup
  private(set) var findings: [Finding] = []
  private(set) var result: PipelineResult?
  private(set) var feeds: [FileFeed] = []
  /// By id, the places of the rules.
  private let places: [String: Int]
  private let story: RuleStory
  private let reader: LineReader
  private let local: LocalTime

  init(_ workspace: Workspace, _ plan: StreamPlan, setup: PipelineSetup) {
    (self.workspace, self.plan, self.setup) = (workspace, plan, setup)
    local = LocalTime(zone: workspace.zone)
    places = Dictionary(workspace.rules.rules.enumerated().map { ($1.header.id, $0) }) { first, _ in
      first
    }
    let whole = workspace.setup(everything: true)
    story = RuleStory(workspace.rules, table: whole.table, lateRules: whole.lateRules)
    reader = LineReader(whole)
  }

  /// Reads the logs, on the path of a scan.
  func run(jobs: Int, progress: @escaping (Int) -> Void) async {
    let streams = plan.streams(hashing: false, chunkBytes: 2 << 20)
    let pipeline = Pipeline(setup, streams: streams, jobs: jobs)
    pipeline.progress = progress
    let result = await pipeline.run()
    feeds = streams.compactMap { $0.feed as? FileFeed }
    (self.result, findings) = (result, result.findings)
  }

  /// The place of a detector's rule.
  func place(of detector: String) -> Int? { places[detector] }

  /// How many lines were read.
  var lineCount: UInt64 { result?.streams.reduce(0) { $0 + $1.total.lines } ?? 0 }

  /// The silence that keeps a finding from being told, as of its end.
  func silence(of finding: Finding) -> String? {
    workspace.configuration.silences.first {
      $0.silences(finding, at: finding.end.flooredSeconds)
    }?.explanation
  }

  /// Which window of its detector a finding lies in; `nil` where windows follow the events.
  func window(of finding: Finding) -> Int64? {
    guard let index = places[finding.detector] else { return nil }
    let rule = workspace.rules.rules[index]
    if case .correlation(let correlation) = rule.kind, !correlation.isSequence { return nil }
    let length = rule.header.windowSeconds
    if length == 86_400 || length <= 0 { return Int64(local.day(finding.start)) }
    return finding.start.flooredSeconds / length
  }

  // MARK: - Looking at a line again

  /// A line as this side reads it.
  struct Look {
    /// The fields that the registers filled.
    var joined: [Field: String] = [:]
    /// By rule, whether the line matches, and what stops it.
    var stops: [Int: String] = [:]
    var hits: Set<Int> = []
  }

  private final class Onlooker: LineWitness {
    let rules: [Int]
    let story: RuleStory
    var look: Look?
    var time: Int64 = 0

    init(_ rules: [Int], _ story: RuleStory) { (self.rules, self.story) = (rules, story) }

    func saw(_ event: Event, at place: LinePlace) {
      var look = Look()
      time = event.time
      for field in BacktestSide.joinedFields {
        guard let value = event[field] else { continue }
        look.joined[field] = value.text(event.scratch).string
      }
      for rule in rules {
        guard let trace = story.trace(rule, event) else { continue }
        if trace.isHit {
          look.hits.insert(rule)
        } else {
          look.stops[rule] = story.stop(rule, trace, event)
        }
      }
      self.look = look
    }

    func saw(rejected rejection: Rejection, at place: LinePlace) {}
  }

  /// The fields that the registers fill, in the order in which they are told.
  static let joinedFields: [Field] = [
    .personID, .personKind, .personStatus, .systemID, .systemEnvironment, .systemStatus,
    .accessScope, .accessScopeReason, .accessApproval, .toolID, .toolStatus, .sourceInfrastructure,
  ]

  /// Reads a line of a finding again; `nil` when that can not be done, because it was cut or its log is
  /// no longer one.
  func look(at line: Evidence, rules: [Int]) -> Look? {
    let bytes = Array(line.raw.utf8)
    guard Digest.hex(bytes.withView { Digest.sha256($0) }) == line.sha256,
      let planned = plan.planned.first(where: { $0.name == line.source })
    else { return nil }
    let onlooker = Onlooker(rules, story)
    reader.witness = onlooker
    defer { reader.witness = nil }
    let held = HeldLines(bytes + [0x0A])
    // Evidence does not say which file of a rotated log it is from; the one that gives it its time.
    for context in planned.contexts {
      onlooker.look = nil
      _ = reader.read(held.block, context, planned.source)
      if onlooker.look != nil, onlooker.time == line.time { return onlooker.look }
    }
    return nil
  }

  /// The stateless rules that a rule comes down to.
  func bases(of rule: Int) -> [Int] {
    guard case .correlation(let correlation) = workspace.rules.rules[rule].kind else {
      return [rule]
    }
    var bases: [Int] = []
    for below in correlation.rules {
      for base in self.bases(of: below) where !bases.contains(base) { bases.append(base) }
    }
    return bases
  }

  /// What it takes for a rule to fire, for a correlation.
  func demand(_ rule: Int) -> String { story.demand(rule) }
}
