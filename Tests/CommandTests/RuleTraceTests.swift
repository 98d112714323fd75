import Bytes
import Detectors
import Documents
import Events
import Foundation
import Pipelines
import Testing

@testable import Command

/// The walk that explains a rule, against the evaluator that runs it.
@Suite struct RuleTraceTests {
  /// One rule for each kind of question that there is.
  static let rules = """
    title: a
    logsource: {category: access}
    detection: {a: {user.name|startswith: [ma, no], event.outcome: success}, b: {source.ip|cidr: [10.0.0.0/8, "2001:db8::/32"]}, condition: a and not b}
    ---
    title: b
    logsource: {category: webserver}
    detection: {sel1: {sc-status|gte: 400}, sel2: {cs-uri-stem|contains: [admin, wp-, .php]}, f: {cs-method: POST}, condition: all of sel* or (f and not 1 of sel*)}
    ---
    title: c
    logsource: {product: linux, service: sshd}
    detection: {k: [password, publickey], n: {user.name: null}, condition: k or n}
    ---
    title: d
    logsource: {category: access}
    detection: {a: {host.name|re: '^(web|db)\\d+$', source.port|lt: 40000}, b: {message|contains|all: [sshd, session]}, c: {access.approval|exists: true}, condition: a or b or c}
    ---
    title: e
    logsource: {product: aws, service: cloudtrail}
    detection: {a: {eventName|endswith: [Login, Role, Instances]}, b: {eventSource|neq: signin.amazonaws.com}, condition: a and b}
    ---
    title: f
    logsource: {category: authentication}
    detection: {a: [{event.outcome: failure}, {person.kind: unlisted}], condition: not a}
    """

  private final class Comparison: LineWitness {
    let story: RuleStory
    let evaluator: Evaluator
    var (events, hits, differences) = (0, Set<Int>(), [String]())

    init(_ workspace: Workspace) {
      story = RuleStory(workspace.rules, table: workspace.setup().table, lateRules: [])
      evaluator = Evaluator(workspace.rules)
    }

    func saw(_ event: Event, at place: LinePlace) {
      events += 1
      var wanted: [Int] = []
      evaluator.evaluate(event) { wanted.append($0) }
      hits.formUnion(wanted)
      let found = story.hits(event)
      if found != wanted, differences.count < 5 {
        differences.append("\(event.line.string): \(found), not \(wanted)")
      }
    }

    func saw(rejected rejection: Rejection, at place: LinePlace) {}
  }

  @Test func `both agree on every line of the samples`() throws {
    let samples = try Scratch.samples()
    try samples.write("rules/all.yaml", RuleTraceTests.rules)
    let workspace = try Workspace(
      Workspace.Places(
        configuration: samples.path + "/samples/rollcall.yaml",
        detectors: [Program.package + "/detectors", samples.path + "/rules"]))
    #expect(workspace.warnings.isEmpty, "\(workspace.warnings)")
    let plan = try StreamPlan(workspace, paths: [], now: 1_793_491_200)
    let comparison = Comparison(workspace)
    let reader = LineReader(workspace.setup(everything: true))
    reader.witness = comparison
    for stream in plan.streams(hashing: false, chunkBytes: 1 << 20) {
      while let block = stream.feed.next() {
        _ = reader.read(block, stream.contexts[block.file], stream.source)
      }
    }
    #expect(comparison.events == 9428)
    #expect(comparison.differences.isEmpty, "\(comparison.differences.joined(separator: "\n"))")
    // What must be found in the samples by one line was hit by some line.
    let wanted = Set(try SampleTests.rows().filter(\.isMust).map(\.detector))
    var silent: [String] = []
    for (index, rule) in workspace.rules.rules.enumerated() {
      guard case .stateless = rule.kind, wanted.contains(rule.header.id) else { continue }
      // Those over habits are asked elsewhere.
      if rule.header.id.hasPrefix("login-") || rule.isAboutRegisters { continue }
      if !comparison.hits.contains(index) { silent.append(rule.header.id) }
    }
    #expect(silent.isEmpty)
    #expect(wanted.count > 8)
  }

  @Test func `what decided is the least that had to be otherwise`() throws {
    let samples = try Scratch()
    try samples.write("a.yaml", RuleTraceTests.rules)
    let workspace = try Workspace(
      Workspace.Places(detectors: [samples.path]))
    let rule = try #require(workspace.rules.index(of: "a"))
    let tracer = RuleTracer(workspace.rules.rules[rule])
    let event = Event()
    event.reset(line: ByteView("line"))
    event.set(.userName, "noor")
    event.set(.eventOutcome, "success")
    event.set(.sourceIP, "10.1.2.3")
    var trace = tracer.trace(event)
    #expect(!trace.isHit && trace.isNear)
    #expect(trace.selections.map(\.name) == ["a", "b"])
    #expect(trace.selections.map(\.holds) == [true, true])
    #expect(trace.deciding.map(\.field) == [.sourceIP])
    #expect(trace.deciding.map(\.isUnwanted) == [true])
    event.set(.sourceIP, "203.0.113.7")
    #expect(tracer.trace(event).isHit)
    #expect(tracer.trace(event).deciding.isEmpty)
    event.set(.userName, "kim")
    trace = tracer.trace(event)
    #expect(trace.deciding.map(\.field) == [.userName])
    #expect(trace.deciding.map(\.wanted) == ["`ma*` or `no*`"])
    event.remove(.eventOutcome)
    event.remove(.userName)
    #expect(!tracer.trace(event).isNear)
  }
}
