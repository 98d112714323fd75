import Alerts
import ArgumentParser
import Documents
import Events
import Inputs
import Pipelines

/// `rollcall backtest`: what a change of settings makes of the findings.
struct BacktestCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "backtest",
    abstract: "Read logs with two set-ups, and tell the difference finding by finding.",
    discussion: """
      The first set-up is that of --config, --registers and --detectors, as for `scan`; the second is \
      the same with what --with names. A folder takes the place of everything of its kind (all \
      detectors, all registers); it may hold detectors, registers, policy.yaml and rollcall.yaml, in \
      subfolders, too. A single file takes the place of the detectors with its ids, the register of \
      its name, the policy or the configuration.

      A finding is the same one when detector, subject and window are: with another level, count or \
      time it is changed. Below each stands why, where it can be told. Ends with 0 whether or not \
      there is a difference, with --fail-on-difference with 1 when there is one; with 2 when something \
      of the change was refused, with 3 when some log could not be read.
      """)

  @Option(
    parsing: .upToNextOption,
    help: "Logs to read, as for scan; the sources of the configuration if not given.")
  var against: [String] = []
  @Option(
    name: .customLong("with"), parsing: .upToNextOption,
    help: "Files or folders that take the place of settings.")
  var changes: [String]
  @OptionGroup var places: PlaceOptions
  @Option(help: "What to print: table or jsonl (one object for each setting and finding).")
  var output: ScanCommand.Output = .table
  @Option(help: "How many findings that are gone, new and changed the table shows of each.")
  var limit = 30
  @Flag(help: "End with 1 when some finding is new, gone or changed.") var failOnDifference = false
  @Option(help: "Judge only events from this time on (2026-10-01 or RFC 3339).")
  var since: String?
  @Option(help: "Judge only events before this time.")
  var until: String?
  @Option(help: "How many workers read at once; the number of processors if not given.")
  var jobs: Int?
  @Option(help: LineFormat.help)
  var format: String?
  @Flag(name: .shortAndLong, help: "Say less: no notes, only faults and the totals.")
  var quiet = false

  func validate() throws {
    if let jobs, !(1...256).contains(jobs) { throw ValidationError("--jobs is 1 through 256") }
    if let format, LineFormat.named(format) == nil {
      throw ValidationError(
        "--format takes \(LineFormat.allCases.map(\.rawValue).joined(separator: ", ")), "
          + "not `\(format)`")
    }
  }

  func run() async throws {
    let change = try SettingsChange(changes)
    var old = try Workspace(places.places(logs: against, sends: false))
    guard !against.isEmpty || old.configuration.sources.contains(where: { $0.path != nil }) else {
      throw ValidationError("name the logs to read: --against PATH")
    }
    var changed = places.places(logs: against, sends: false)
    changed.changes = change
    var new = try Workspace(changed)
    // Neither side may take the other's settings for logs.
    old.folders += new.folders + changes.filter(Environment.isFolder)
    new.folders = old.folders
    let (now, latest) = (Environment.now, Environment.latestTime)
    func side(_ workspace: Workspace) throws -> BacktestSide {
      let local = LocalTime(zone: workspace.zone)
      let plan = try StreamPlan(
        workspace, paths: against, format: format.flatMap(LineFormat.named), now: now)
      let setup = workspace.setup(
        since: try ScanCommand.instant(since, local, "--since") ?? .min,
        until: try ScanCommand.instant(until, local, "--until") ?? .max, latest: latest,
        tallied: 0..<0)
      return BacktestSide(workspace, plan, setup: setup)
    }
    let (before, after) = (try side(old), try side(new))
    if before.plan.planned.contains(where: { $0.logs.files.contains(where: \.isPipe) }) {
      throw ValidationError(
        "standard input and pipes can be read only once; write the lines into a file first")
    }
    let notes = Notes(isQuiet: quiet)
    notes.opening(old, before.plan)
    let mistakes = new.warnings.filter { !old.warnings.contains($0) }
    for mistake in mistakes { Console.error(mistake.description) }
    let isRefused = mistakes.contains { $0.severity == .error }
    if !quiet { Console.error("with \(change.description)") }
    let progress = Progress(before.plan, rounds: 2)
    for side in [before, after] {
      await side.run(jobs: jobs ?? Environment.processorCount) { progress.add($0) }
    }
    progress.end()
    var isIncomplete = false
    for side in [before, after] {
      guard let result = side.result else { continue }
      if side === before { notes.closing(old, side.plan, result, side.feeds) }
      isIncomplete = isIncomplete || side.plan.isIncomplete(side.feeds)
      if result.evictedCount > 0 || result.overflowCount > 0 {
        Console.error(
          "note: tables were full \(side === before ? "before" : "after") the change; some "
            + "differences may come from that")
      }
    }
    let settings = SettingsDifference(old, new)
    var match = FindingMatch(before, after)
    let reasons = BacktestReasons(before, after, settings)
    match.explain(reasons.reasons)
    if settings.items.isEmpty {
      Console.error("note: no rule, policy value, register row or silence is another")
    }
    let removed = settings.items.count { $0.what == "rule" && $0.how == "removed" }
    if change.detectors != nil, removed > 0 {
      Console.error(
        "note: \(removed) detectors are not in the folder of --with and count as removed; name files "
          + "to change only what is in them")
    }
    BacktestPaper(output: output, local: LocalTime(zone: old.zone), limit: max(0, limit))
      .write(settings, match)
    Console.error(
      "read \(before.lineCount) lines twice · findings \(before.findings.count) before, "
        + "\(after.findings.count) after · \(BacktestPaper.totals(match))")
    if isRefused {
      Console.error("not all that --with names could be used; what was refused counts as removed")
      throw ExitCode(2)
    }
    if failOnDifference, !match.differences.isEmpty { throw Ending.findings }
    if isIncomplete { throw Ending.inputs }
  }
}
