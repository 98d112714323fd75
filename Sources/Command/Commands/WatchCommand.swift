import Alerts
import ArgumentParser
import Detectors
import Documents
import Events
import Inputs
import Logging
import Pipelines
import Storage

/// `rollcall watch`: beside the services, all day.
struct WatchCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "watch",
    abstract: "Follow logs as they are written, and tell of what should not be there.",
    discussion: """
      Follows the sources of the configuration, or the logs that are named, through every kind of \
      rotation. The first start reads what the logs hold, so that counts and habits are complete; each \
      later one goes on where the last was. Findings that are new since the first start go to the \
      outputs of the configuration. SIGTERM ends it.
      """)

  @Argument(
    help:
      "Logs to follow instead of the configured sources: files, folders, patterns, or - for standard input."
  )
  var paths: [String] = []
  @OptionGroup var places: PlaceOptions
  @OptionGroup var storePlace: StoreOptions
  @Option(help: LineFormat.help)
  var format: String?
  @Flag(help: "Tell of what the logs hold from before the first start, too.")
  var history = false
  @Flag(
    help:
      "Read all that the logs hold anew, instead of going on where the last run was; reviews know no more of logs that are gone."
  )
  var again = false
  @Option(
    help:
      "How its own log is written: text, logfmt or json; text at a terminal, logfmt elsewhere.")
  var log: OwnLogFormat?
  @Option(help: .hidden) var patience = 3.0
  @Option(help: .hidden) var haste: Int64 = 1

  func validate() throws {
    if let format, LineFormat.named(format) == nil {
      throw ValidationError(
        "--format takes \(LineFormat.allCases.map(\.rawValue).joined(separator: ", ")), "
          + "not `\(format)`")
    }
  }

  func run() async throws {
    (log ?? (Console.isInteractive ? .text : .logfmt)).begin()
    // The settings come first: what is wrong with them is said before anything is touched.
    var session = try Session(self)
    let store = try Store(writing: session.statePath)
    Signals.listen()
    if again { try store.setSnapshotAside() }
    let listeners = Listeners()
    // A local socket goes with us, and so does a program that was started.
    defer { listeners.stop() }
    let shared = StatusServer.Shared()
    try session.begin(store, listeners, patience: patience, tellsHistory: history)
    session.deliver(after: nil)
    let input =
      paths.contains("-")
      ? StandardInput(
        Listeners.spoolPath(WatchCommand.input, state: session.statePath),
        lineBytesMax: session.lineBytesMax)
      : nil
    if let input { listeners.take(input, for: WatchCommand.input.name) }
    // An address that changes needs a new start.
    let server = try session.statusAddress.map { try StatusServer($0, shared) }
    defer { server?.stop() }
    var (isReady, hasSeenEnd) = (false, false)
    while !Signals.isEnding {
      let hasRead = try await session.step()
      let metrics = session.metrics(listeners)
      let (isUpToDate, trouble) = (session.isUpToDate, session.trouble)
      shared.update {
        ($0.beat, $0.isReady, $0.metrics) = (Environment.monotonic, isUpToDate, metrics)
        $0.trouble = trouble
      }
      listeners.trim { session.bytesBehind(of: $0) }
      for note in listeners.takeNotes() { ownLog.warning("note: \(note)") }
      for (source, message) in listeners.certificates.warnings(at: Environment.now) {
        ownLog.warning("\(source): \(message)", metadata: ["source": "\(source)"])
      }
      if !isReady, isUpToDate {
        isReady = true
        ownLog.notice("watching; all that the logs hold was read")
        Supervisor.notify("READY=1")
      }
      Supervisor.notify("WATCHDOG=1")
      if Signals.takeReload() { reload(&session, store, listeners) }
      // What comes through a pipe ends with it, once all of it was read.
      if let input, input.hasEnded, !hasRead, session.isUpToDate, !session.holdsLines {
        if hasSeenEnd {
          try session.awaitDelivery(store)
          break
        }
        hasSeenEnd = true
        // The first of it may have come after the last look, or with it what tells its format.
        session.lookForTheLastTime()
      }
      if !hasRead { session.wait() }
    }
    Supervisor.notify("STOPPING=1")
    try session.save()
    session.end()
    ownLog.notice("stopped")
  }

  /// Reads the settings anew; when they are wrong, the old ones stay in force.
  ///
  /// What comes from now on is judged by the new registers and detectors; windows of correlations that are as they
  /// were go on.
  private func reload(_ session: inout Session, _ store: Store, _ listeners: Listeners) {
    Supervisor.notify("RELOADING=1")
    do {
      let next = try Session(self)
      for (name, old, new) in [
        ("status", session.statusAddress, next.statusAddress),
        ("state", session.statePath, next.statePath),
      ] where old != new {
        ownLog.warning(
          "`\(name)` has changed from \(old ?? "none") to \(new ?? "none"), which needs a new start: until then the old one counts"
        )
      }
      next.statePath = session.statePath
      try session.save()
      try next.begin(store, listeners, patience: patience, tellsHistory: history)
      session.end()
      next.deliver(after: session)
      session = next
      ownLog.notice("reloaded the settings")
    } catch {
      ownLog.error("\(error)\nnot reloaded: the settings that were in force stay")
    }
    Supervisor.notify("READY=1")
  }

  /// One reading of the settings, and what follows the logs by it.
  private final class Session {
    /// Where the store is, beside which is kept what is received.
    var statePath: String
    private let workspace: Workspace
    private let configured: [Configuration.Source]
    private let format: LineFormat?
    private let targets: [Routes.Target]
    private var routes: [Watcher.Route] = []
    private let haste: Int64
    private var watcher: Watcher?

    init(_ command: WatchCommand) throws {
      workspace = try Workspace(command.places.places(logs: command.paths))
      let problems = workspace.outputProblems
      guard problems.isEmpty else { throw Problems(workspace.warnings + problems) }
      statePath = try command.storePlace.path(workspace.configuration)
      configured = command.sources(workspace)
      format = command.format.flatMap(LineFormat.named)
      guard configured.contains(where: { $0.path != nil || $0.isReceived }) else {
        throw ValidationError(PlaceOptions.nothingToRead)
      }
      let named = try Routes.targets(workspace.configuration, haste: max(1, command.haste))
      targets = named.isEmpty ? [Routes.standard] : named
      haste = max(1, command.haste)
    }

    /// What is read; what is received is a log like any other.
    private var sources: [Configuration.Source] {
      configured.map { source in
        guard source.isReceived else { return source }
        var source = source
        source.path = Listeners.spoolPath(source, state: statePath)
        return source
      }
    }

    /// The longest line that is read, bytes.
    var lineBytesMax: Int { workspace.configuration.lineBytesMax ?? StreamPlan.lineBytesMax }

    /// How many bytes of a source were not read yet.
    func bytesBehind(of source: String) -> UInt64? { watcher?.bytesBehind(of: source) }

    var statusAddress: String? { workspace.configuration.status }

    func begin(
      _ store: Store, _ listeners: Listeners, patience: Double, tellsHistory: Bool
    ) throws {
      let sources = sources
      let ended = workspace.configuration.silences.compactMap { $0.warning(at: Environment.now) }
      for warning in workspace.warnings + workspace.configuration.warnings + ended {
        ownLog.warning("\(warning.description)")
      }
      for source in sources where source.path == nil {
        ownLog.warning(
          "not followed: \(source.name): it has no `path`, `listen` or `journald: true`",
          metadata: ["source": "\(source.name)"])
      }
      try listeners.listen(
        sources, state: statePath, messageBytesMax: min(lineBytesMax, 1 << 20),
        readsHistory: tellsHistory)
      routes = targets.map { target in
        Watcher.Route(
          postman: Postman(target.name, target.way, target.body, store, haste: haste),
          body: target.body, filter: target.filter, grouping: target.grouping)
      }
      let pipeline = try Session.pipeline(workspace, store)
      let logs = WatchedLogs(
        workspace, sources: sources, format: format, patience: patience, pipeline: pipeline)
      watcher = try Watcher(
        store, pipeline, logs, routes, silences: workspace.configuration.silences,
        policy: workspace.policy,
        longestWindow: workspace.rules.rules.map(\.header.windowSeconds).max() ?? 0,
        tellsHistory: tellsHistory, haste: Double(haste),
        remark: { [certificates = listeners.certificates] in
          certificates.remark(on: $0, at: Environment.now)
        })
      try abandonGoneRoutes(store)
    }

    /// What waits for a route that was renamed or removed waits no longer, and that is said.
    private func abandonGoneRoutes(_ store: Store) throws {
      let gone = try store.abandonAll(
        but: targets.map(\.name), answer: "its route is not in the configuration any more",
        now: Environment.now)
      guard !gone.isEmpty else { return }
      let names = gone.sorted { $0.key < $1.key }.map { "\($0.key) (\($0.value))" }
      let what = counted(
        gone.values.reduce(0, +), "message is a dead letter: its",
        "messages are dead letters: their")
      ownLog.error(
        "\(what) route is not in the configuration any more: \(names.joined(separator: ", "))")
    }

    /// A pipeline that goes on where the last run was, as far as that can be read.
    private static func pipeline(_ workspace: Workspace, _ store: Store) throws -> Pipeline {
      func fresh() -> Pipeline {
        Pipeline(
          workspace.setup(latest: Environment.latestTime, talliesMonths: true), streams: [],
          jobs: Environment.processorCount)
      }
      let pipeline = fresh()
      guard let snapshot = try store.snapshot() else { return pipeline }
      do {
        let lost = try pipeline.restore(snapshot.bytes)
        let time = LocalTime(zone: workspace.zone).text(snapshot.taken * 1_000_000_000)
        ownLog.notice(
          "going on from \(time)\(lost == 0 ? "" : "; \(lost) correlations have changed and begin anew")"
        )
        return pipeline
      } catch {
        // Another version may still know what to do with it.
        try store.setSnapshotAside()
        ownLog.error(
          "reading all that the logs hold: \(error); what was counted of logs that are gone is put aside"
        )
        return fresh()
      }
    }

    /// Writes down what a later run goes on from.
    func save() throws { try watcher?.save() }

    /// Begins to deliver, each route as soon as the same one of an earlier session has come to its end.
    func deliver(after earlier: Session?) {
      for route in routes {
        let name = route.postman.name
        route.postman.start(after: earlier?.routes.first { $0.postman.name == name }?.postman)
      }
    }

    var isUpToDate: Bool { watcher.map { !$0.isCatchingUp } ?? false }

    var trouble: String? { watcher?.trouble }

    func metrics(_ listeners: Listeners) -> String {
      "# HELP rollcall_store_writable Whether what is found can be kept.\n"
        + "# TYPE rollcall_store_writable gauge\nrollcall_store_writable \(trouble == nil ? 1 : 0)\n"
        + (watcher?.metrics ?? "") + Metrics.text(listeners)
    }

    func step() async throws -> Bool { try await watcher?.step() ?? false }

    func wait() { watcher?.wait() }

    /// Has the next step look at everything that there is, as nothing more will come.
    func lookForTheLastTime() { watcher?.lookForTheLastTime() }

    /// Whether lines wait for the end of their record.
    var holdsLines: Bool { watcher?.holdsLines ?? false }

    /// Waits until what is due was tried, half a minute at the most.
    func awaitDelivery(_ store: Store) throws {
      let end = Environment.monotonic + 30
      try store.endGathering(now: Environment.now)
      for route in routes {
        while try store.isGathered(route.postman.name, now: Environment.now)
          || store.nextDue(route.postman.name, now: Environment.now) != nil,
          Environment.monotonic < end, !Signals.isEnding
        {
          FolderEvents.pause(milliseconds: 50)
        }
      }
    }

    func end() { for route in routes { route.postman.stop() } }
  }

  /// Standard input as a source.
  private static let input = Configuration.Source(name: "stdin", path: "-")

  private func sources(_ workspace: Workspace) -> [Configuration.Source] {
    if paths.isEmpty { return workspace.configuration.sources }
    return paths.map { path -> Configuration.Source in
      if path == "-" { return WatchCommand.input }
      // What the configuration says of a path counts for it here, too.
      return workspace.configuration.sources.first { $0.path == path }
        ?? Configuration.Source(
          name: path.split(separator: "/").last.map(String.init) ?? path, path: path)
    }
  }
}
