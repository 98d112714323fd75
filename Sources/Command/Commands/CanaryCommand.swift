import Alerts
import ArgumentParser
import Detectors
import Documents
import Storage

/// `rollcall canary`: shows that detectors and routes work, from a line to the receiver.
struct CanaryCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "canary",
    abstract: "Send a line that must raise each detector through the whole path, to the receivers.",
    discussion: """
      DETECTOR is an id; without it all are shown. The line is the first that the detector's own tests \
      say must raise it, with the registers and the policy of that test. What it raises is marked: its \
      identity begins with `canary-`, its sentence with `CANARY`; it is no finding, and nothing counts it. It \
      goes down every route that would be told of the finding. With `state:` it goes through the outbox (a \
      running watch delivers it), and the store keeps when each detector was last proven, which the review \
      shows.

      Ends with 1 when a detector is not raised by its line, with 3 when a route did not take a message. A \
      detector without such a line is named, and ends with 1 when it was asked for by name.
      """)

  @Argument(help: "Which detectors to show; all if not given.") var wanted: [String] = []
  @Option(help: "The configuration, for its detectors, outputs and state.") var config: String?
  @Option(
    parsing: .singleValue,
    help: "A folder or file with detectors, instead of the configuration's; may be repeated.")
  var detectors: [String] = []
  @OptionGroup var storePlace: StoreOptions
  @Option(help: "How many seconds a running watch is given to deliver one.") var patience = 30.0

  func validate() throws {
    if config == nil {
      throw ValidationError("name the configuration whose outputs to use: --config FILE")
    }
    if !(0.1...3600).contains(patience) { throw ValidationError("--patience is 0.1 through 3600") }
  }

  func run() async throws {
    var places = Workspace.Places(configuration: config, detectors: detectors)
    // Each test brings its own.
    places.isWithoutRegisters = true
    let workspace = try Workspace(places)
    for warning in workspace.warnings { Console.error(warning.description) }
    let chosen = try TestCommand.choose(wanted, workspace.rules).map { workspace.rules.rules[$0] }
    let post = try post(workspace)
    let canary = try Canary(workspace)
    var (firedCount, silentCount, impossibleCount, refusedCount) = (0, 0, 0, 0)
    // What another one is built on is shown by that one, unless it was asked for.
    for rule in chosen where rule.alertsAlone || !wanted.isEmpty {
      let (id, now) = (rule.header.id, Environment.now)
      let uid = CanaryCommand.identity(id, now)
      switch try await canary.send(rule, uid: uid, now: now) {
      case .impossible(let reason):
        impossibleCount += 1
        line("none  \(id): \(reason)")
        try post.store?.note(canaryOf: id, failed: "no canary: \(reason)", now: now)
      case .silent(let place, let reasons):
        silentCount += 1
        line("FAIL  \(id): the line at \(place) does not raise it")
        for reason in reasons.prefix(12) { line("        \(reason)") }
        try post.store?.note(canaryOf: id, failed: "its line does not raise it", now: now)
      case .fired(let finding):
        firedCount += 1
        let (targets, refusal) = post.addressees(of: finding, now: now)
        guard !targets.isEmpty else {
          line("fires \(id): \(refusal)")
          try post.store?.note(canaryOf: id, failed: "fires; \(refusal)", now: now)
          continue
        }
        let answers = try post.send(finding, to: targets, now: now)
        let isRefused = answers.contains { !$0.isAccepted }
        if isRefused { refusedCount += 1 }
        let told = answers.map { "\($0.route): \($0.text)" }.joined(separator: " · ")
        line("\(isRefused ? "FAIL " : "ok   ") \(id): fires · \(told)")
      }
    }
    line(
      "\(firedCount) fire · \(refusedCount) not taken by a route · \(silentCount) do not fire · "
        + "\(impossibleCount) without a line")
    if post.store == nil {
      Console.error("note: without `state:` in the configuration nobody remembers these proofs")
    }
    if silentCount > 0 || (impossibleCount > 0 && !wanted.isEmpty) { throw Ending.findings }
    if refusedCount > 0 { throw Ending.inputs }
  }

  /// The way to the routes and the store.
  private func post(_ workspace: Workspace) throws -> CanaryPost {
    let targets = try Routes.targets(workspace.configuration)
    guard !targets.isEmpty else { throw ValidationError("the configuration has no outputs") }
    guard let path = storePlace.state ?? workspace.configuration.state else {
      return CanaryPost(
        targets: targets, silences: workspace.configuration.silences, store: nil,
        isWatched: false, patience: patience)
    }
    // A store that nobody writes is ours for as long as this takes; otherwise its watch delivers.
    var store: Store
    var isWatched = false
    if Environment.exists(path), let seen = try? Store(reading: path), seen.isWritten {
      (store, isWatched) = (seen, true)
    } else {
      store = try Store(writing: path)
    }
    return CanaryPost(
      targets: targets, silences: workspace.configuration.silences, store: store,
      isWatched: isWatched, patience: patience)
  }

  /// An identity that no finding has, and no other canary.
  private static func identity(_ detector: String, _ now: Int64) -> String {
    let name = detector.filter { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
    let mark = String(UInt32.random(in: 0 ... .max), radix: 16)
    return "canary-\(mark)-\(name.prefix(60))-\(now)"
  }

  private func line(_ text: String) { Console.out(Console.clean(text) + "\n") }
}
