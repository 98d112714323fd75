import Alerts
import ArgumentParser
import Detectors
import Documents
import Events
import Inputs
import Pipelines

/// `rollcall scan`: archives in, findings out.
struct ScanCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "scan",
    abstract: "Read logs and report what should not be there.",
    discussion: """
      PATH is a file, a folder, a pattern or - for standard input; plain or gzip. Without PATH the \
      sources of the configuration are read. Registers and detectors beside the logs are used when \
      they are there, the shipped detectors otherwise.
      """)

  /// What is printed.
  enum Output: String, ExpressibleByArgument, CaseIterable { case table, jsonl }

  @Argument(help: "Logs to read.") var paths: [String] = []
  @OptionGroup var places: PlaceOptions
  @Option(help: "What to print: table or jsonl (OCSF 1.8.0 Detection Findings, one a line).")
  var output: Output = .table
  @Option(
    help:
      "End with 1 for a finding at or above informational, low, medium, high or critical."
  )
  var failOn: String?
  @Option(help: "Judge only events from this time on (2026-10-01 or RFC 3339).")
  var since: String?
  @Option(help: "Judge only events before this time.")
  var until: String?
  @Option(help: "How many workers read at once; the number of processors if not given.")
  var jobs: Int?
  @Option(help: LineFormat.help)
  var format: String?
  @Option(help: "Write the monthly review into this folder.")
  var review: String?
  @Option(help: "The month of the review, such as 2026-10.")
  var month: String?
  @OptionGroup var reviewOptions: ReviewOptions
  @Option(help: "Post each finding to this address; ROLLCALL_SECRET in the environment signs.")
  var webhook: String?
  @Flag(help: "Let --webhook reach private and local addresses.")
  var allowPrivate = false
  @Option(help: .hidden) var chunkBytes = 2 << 20
  @Flag(name: .shortAndLong, help: "Say less: no notes, only faults and the ledger.")
  var quiet = false

  func validate() throws {
    if let failOn, Level(name: failOn) == nil {
      throw ValidationError(
        "--fail-on takes \(Level.allCases.map(\.name).joined(separator: ", ")), not `\(failOn)`")
    }
    if let jobs, !(1...256).contains(jobs) { throw ValidationError("--jobs is 1 through 256") }
    if (review == nil) != (month == nil) {
      throw ValidationError(
        "--review and --month go together: --review FOLDER --month 2026-10")
    }
    if review == nil, let flag = reviewOptions.words.first {
      throw ValidationError(
        "\(flag) is about a review: it goes with --review FOLDER --month 2026-10")
    }
    if let month, CalendarMonth(month) == nil {
      throw ValidationError("--month is written like 2026-10, not `\(month)`")
    }
    if let format, LineFormat.named(format) == nil {
      throw ValidationError(
        "--format takes \(LineFormat.allCases.map(\.rawValue).joined(separator: ", ")), "
          + "not `\(format)`"
      )
    }
    if chunkBytes < 64 { throw ValidationError("--chunk-bytes is 64 at least") }
  }

  func run() async throws {
    let workspace = try Workspace(places.places(logs: paths))
    guard !paths.isEmpty || workspace.configuration.sources.contains(where: { $0.path != nil })
    else {
      throw ValidationError(PlaceOptions.nothingToRead)
    }
    let local = LocalTime(zone: workspace.zone)
    let (from, to) = (
      try Self.instant(since, local, "--since"), try Self.instant(until, local, "--until")
    )
    if let from, let to, from >= to {
      throw ValidationError("--since is not before --until: no event would be judged")
    }
    let earlier = try month.flatMap(CalendarMonth.init).flatMap(reviewOptions.read)
    let hooks = try self.hooks(workspace)
    let plan = try StreamPlan(
      workspace, paths: paths, format: format.flatMap(LineFormat.named), now: Environment.now)
    let notes = Notes(isQuiet: quiet)
    notes.opening(workspace, plan)

    let setup = workspace.setup(
      since: from ?? .min, until: to ?? .max,
      latest: Environment.latestTime,
      // Without a review nobody reads the tallies.
      tallied: month.flatMap(CalendarMonth.init).map(local.window) ?? 0..<0)
    let streams = plan.streams(hashing: review != nil, chunkBytes: chunkBytes)
    let pipeline = Pipeline(
      setup, streams: streams, jobs: jobs ?? Environment.processorCount)
    let progress = Progress(plan)
    pipeline.progress = { progress.add($0) }
    let result = await pipeline.run()
    progress.end()

    let feeds = streams.compactMap { $0.feed as? FileFeed }
    notes.closing(workspace, plan, result, feeds)
    show(result.findings, local)
    let undelivered = deliver(result.findings, hooks)
    if let review, let month = month.flatMap(CalendarMonth.init) {
      var builder = FactsBuilder(
        workspace: workspace, plan: plan, result: result, feeds: feeds, month: month,
        since: since, until: until, command: commandLine(month))
      (builder.earlier, builder.earlierFile) = (earlier, reviewOptions.previous)
      builder.signatories = reviewOptions.signatories(workspace.configuration.signatories)
      builder.sendsFindings = !hooks.isEmpty
      try ReviewFolder.write(builder.facts(), to: review, isRedacted: reviewOptions.redacted)
    }
    let total = result.streams.reduce(into: (lines: UInt64(0), parsed: UInt64(0))) {
      $0.lines += $1.total.lines
      $0.parsed += $1.total.parsed
    }
    let refused = feeds.reduce(0) { $0 + $1.refused.lines }
    let ledger = Ledger(
      read: total.lines + refused, parsed: total.parsed,
      rejected: total.lines - total.parsed + refused,
      findings: UInt64(result.findings.count))
    Console.error(ledger.description)
    let failing = failOn.flatMap { Level(name: $0) }
    let isUnreadable = plan.isIncomplete(feeds) || notes.nothingParsed(plan, result)
    if let failing, result.findings.contains(where: { $0.level >= failing }) {
      throw Ending.findings
    }
    if isUnreadable || undelivered > 0 { throw Ending.inputs }
  }

  /// The instant that a flag names.
  static func instant(
    _ text: String?, _ local: LocalTime, _ flag: String
  ) throws -> Int64? {
    guard let text else { return nil }
    guard let instant = local.instant(text) else {
      throw ValidationError(
        "\(flag) takes a time such as 2026-10-01 or 2026-10-01T08:00:00Z, not `\(text)`")
    }
    return instant
  }

  private func show(_ findings: [Finding], _ local: LocalTime) {
    switch output {
    case .table:
      let table = FindingsTable(
        width: Environment.terminalWidth, isColoured: Console.isColoured,
        time: { local.text($0) })
      Console.out(table.text(for: findings))
    case .jsonl:
      for finding in findings {
        Console.out(OCSF.detectionFinding(finding, version: Rollcall.version) + [0x0A])
      }
    }
  }

  /// A webhook that findings go to.
  private struct Hook {
    let settings: FindingOutput
    let target: WebhookTarget
  }

  /// The webhooks of the configuration and of the command line; made before anything is read.
  private func hooks(_ workspace: Workspace) throws -> [Hook] {
    var outputs = workspace.configuration.outputs
    if let webhook {
      outputs.append(
        FindingOutput(
          name: "--webhook",
          place: .webhook(
            FindingOutput.Webhook(
              url: webhook, secrets: Environment.all["ROLLCALL_SECRET"].map { [$0] } ?? [],
              allowsPrivate: allowPrivate))))
    }
    // A scan with other detectors than usual is not stopped by this.
    for problem in workspace.outputProblems { Console.error(problem.description) }
    return try outputs.compactMap { output in
      guard let hook = output.webhook else { return nil }
      return Hook(settings: output, target: try Routes.target(of: hook, named: output.name))
    }
  }

  /// After so many findings in a row that a webhook did not take, it is left alone: each costs
  /// seconds of waiting, and there may be many.
  private static let failuresMax = 3

  /// Posts each finding once; what is not accepted is named and ends with exit code 3.
  private func deliver(_ findings: [Finding], _ hooks: [Hook]) -> Int {
    var failed = 0
    for hook in hooks {
      let name = hook.settings.name
      let client = WebhookClient(hook.target, version: Rollcall.version)
      let wanted = findings.filter { hook.settings.filter.refusal(of: $0) == nil }
      var (accepted, tried, inRow) = (0, 0, 0)
      for finding in wanted where inRow < ScanCommand.failuresMax {
        let message = WebhookMessage(
          uid: finding.uid, body: hook.settings.body.bytes(finding, version: Rollcall.version))
        let outcome = client.deliver(message, now: { Environment.now })
        tried += 1
        if case .accepted = outcome {
          accepted += 1
          inRow = 0
        } else {
          inRow += 1
          Console.error(
            "webhook \(name): finding \(finding.uid.prefix(12)) was not delivered: "
              + ScanCommand.reason(outcome))
        }
      }
      if tried < wanted.count {
        Console.error(
          "webhook \(name): left alone after \(inRow) failures; "
            + "\(wanted.count - tried) more not delivered")
      }
      failed += wanted.count - accepted
      Console.error("webhook \(name) (\(hook.target.host)): \(accepted) delivered")
    }
    return failed
  }

  /// Why a finding was not taken, in words.
  private static func reason(_ outcome: Delivery) -> String {
    switch outcome {
    case .accepted: "accepted"
    case .retry(_, let reason), .failed(let reason): reason
    case .refused(let status): "the receiver answered \(status)"
    }
  }

  /// How to make the same review again.
  private func commandLine(_ month: CalendarMonth) -> String {
    var words = ["rollcall", "scan"] + paths
    if let file = places.config { words += ["--config", file] }
    if let folder = places.registers { words += ["--registers", folder] }
    for folder in places.detectors { words += ["--detectors", folder] }
    for (flag, value) in [
      ("--timezone", places.timezone), ("--format", format), ("--since", since),
      ("--until", until),
    ] {
      if let value { words += [flag, value] }
    }
    words += ["--review", "DIR", "--month", month.text] + reviewOptions.words
    return ScanCommand.shellText(words)
  }

  /// Words as a shell takes them apart again.
  static func shellText(_ words: [String]) -> String {
    words.map(quoted).joined(separator: " ")
  }

  /// A word as a shell takes it for one.
  private static func quoted(_ word: String) -> String {
    let isPlain = word.utf8.allSatisfy { byte in
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
      default: Array("%+,-./:=@_".utf8).contains(byte)
      }
    }
    if isPlain, !word.isEmpty { return word }
    let parts = word.split(separator: "'", omittingEmptySubsequences: false)
    return "'" + parts.joined(separator: "'\\''") + "'"
  }
}

/// Where settings are; shared by every command.
struct PlaceOptions: ParsableArguments {
  @Option(help: "The configuration, such as rollcall.yaml; none is used unless named.")
  var config: String?
  @Option(
    help: "The folder with the registers; else `registers` beside the first log, or in this folder."
  )
  var registers: String?
  @Option(
    parsing: .singleValue,
    help: "A folder or file with detectors, instead of the shipped ones; may be repeated.")
  var detectors: [String] = []
  @Option(
    help:
      "The zone of dates and of times that name none, such as Europe/Amsterdam; else UTC."
  )
  var timezone: String?

  /// What a command says that was given neither logs nor a configuration that names them.
  static let nothingToRead =
    "name the logs to read, or with --config a configuration whose sources name them"

  func places(logs: [String] = [], sends: Bool = true) -> Workspace.Places {
    Workspace.Places(
      configuration: config, registers: registers, detectors: detectors, logs: logs,
      timezone: timezone, sends: sends)
  }
}
