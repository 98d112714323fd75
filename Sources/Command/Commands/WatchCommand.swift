import Alerts
import ArgumentParser
import Detectors
import Documents
import Events
import Inputs
import Pipelines
import Storage
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// `rollcall watch`: beside the services, all day.
struct WatchCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "watch",
    abstract: "Follow logs as they are written, and tell of what should not be there.",
    discussion: """
      Follows the sources of the configuration, or the logs that are named, through every kind of \
      rotation. A start first reads what the logs still hold, so that counts and habits are complete; \
      findings that are new since the first start go to the outputs of the configuration. SIGTERM \
      ends it.
      """)

  @Argument(help: "Logs to follow instead of the configured sources: files, folders, patterns.")
  var paths: [String] = []
  @OptionGroup var places: PlaceOptions
  @OptionGroup var storePlace: StoreOptions
  @Option(help: LineFormat.help)
  var format: String?
  @Flag(help: "Tell of what the logs hold from before the first start, too.")
  var history = false
  @Option(help: .hidden) var patience = 3.0

  func validate() throws {
    if let format, LineFormat.named(format) == nil {
      throw ValidationError(
        "--format takes \(LineFormat.allCases.map(\.rawValue).joined(separator: ", ")), "
          + "not `\(format)`")
    }
  }

  func run() async throws {
    let workspace = try Workspace(places.places(logs: paths))
    let sources = sources(workspace)
    guard sources.contains(where: { $0.path != nil }) else {
      throw ValidationError(PlaceOptions.nothingToRead)
    }
    for source in workspace.configuration.sources where source.path == nil && paths.isEmpty {
      Console.error("not followed: \(source.name): only sources with a `path` can be followed yet")
    }
    for warning in workspace.warnings { Console.error(warning.description) }
    let store = try Store(writing: storePlace.path(workspace.configuration))
    let routes = try Routes.make(workspace.configuration, store)
    let pipeline = Pipeline(
      workspace.setup(latest: Environment.latestTime, tallied: 0..<0), streams: [],
      jobs: Environment.processorCount)
    let logs = WatchedLogs(
      workspace, sources: sources, format: format.flatMap(LineFormat.named), patience: patience,
      pipeline: pipeline)
    let watcher = try Watcher(
      store, pipeline, logs, routes,
      longestWindow: workspace.rules.rules.map(\.header.windowSeconds).max() ?? 0,
      tellsHistory: history)
    Ends.listen()
    for route in routes { route.postman.start() }
    var isReady = false
    while !Ends.isRaised {
      let hasRead = try await watcher.step()
      if !isReady, !watcher.isCatchingUp {
        isReady = true
        Console.error("watching \(logs.logs.count) logs; all that they hold was read")
      }
      if !hasRead { try? await Task.sleep(for: .milliseconds(200)) }
    }
    for route in routes { route.postman.stop() }
    Console.error("stopped")
  }

  private func sources(_ workspace: Workspace) -> [Configuration.Source] {
    if paths.isEmpty { return workspace.configuration.sources }
    return paths.map { path in
      // What the configuration says of a path counts for it here, too.
      workspace.configuration.sources.first { $0.path == path }
        ?? Configuration.Source(
          name: path.split(separator: "/").last.map(String.init) ?? path, path: path)
    }
  }
}

/// Where the store is.
struct StoreOptions: ParsableArguments {
  @Option(help: "The file for what is remembered; else `state` of the configuration.")
  var state: String?

  func path(_ configuration: Configuration) throws -> String {
    guard let path = state ?? configuration.state else {
      throw ValidationError(
        "name a file for what is remembered: --state FILE, or `state:` in the configuration")
    }
    return path
  }

  /// The path, for a command that needs nothing else of the configuration.
  func path(of places: PlaceOptions) throws -> String {
    guard let file = places.config else { return try path(Configuration()) }
    return try path(
      Configuration(file: file, text: try readText(file), environment: Environment.all))
  }
}

/// The ways out that a configuration names.
enum Routes {
  static func make(
    _ configuration: Configuration, _ store: Store
  ) throws -> [Watcher.Route] {
    try targets(configuration).map { name, target, levels in
      Watcher.Route(postman: Postman(name, target, store), levels: levels)
    }
  }

  static func targets(
    _ configuration: Configuration
  ) throws -> [(name: String, target: Postman.Target, levels: [String])] {
    var result: [(name: String, target: Postman.Target, levels: [String])] = []
    for hook in configuration.webhooks {
      do {
        let target = try WebhookTarget(
          url: hook.url, secret: hook.secret, allowPrivate: hook.allowsPrivate)
        let client = WebhookClient(target, version: Rollcall.version)
        result.append((hook.name, .webhook(client), hook.levels))
      } catch {
        throw ValidationError("webhook \(hook.name): \(error)")
      }
    }
    for file in configuration.files { result.append((file.name, .file(file.path), file.levels)) }
    let names = result.map(\.name)
    if let twice = names.first(where: { name in names.count { $0 == name } > 1 }) {
      throw ValidationError("two outputs are called `\(twice)`; give each a name of its own")
    }
    return result
  }
}

/// Signals that end the process in its own time.
enum Ends {
  /// Whether one was sent; all that a handler may do is to raise it.
  private static let raised = Atomic(false)

  static var isRaised: Bool { raised.load(ordering: .relaxed) }

  /// Takes SIGTERM and SIGINT from now on.
  static func listen() {
    raised.store(false, ordering: .relaxed)
    for number in [SIGTERM, SIGINT] {
      signal(number) { _ in Ends.raised.store(true, ordering: .relaxed) }
    }
  }
}
