import ArgumentParser
import Detectors
import Inputs
import Pipelines
import Storage

/// `rollcall review`: a month's review from what `watch` has kept.
struct ReviewCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "review",
    abstract: "Write a month's review from what watch has kept.",
    discussion: """
      It says what `scan --review` says of the same lines, also of those that were rotated away since; \
      it can be made while watch runs, and is as of the last time that watch wrote all of it down, half a \
      minute ago at the most while lines come in.
      """)

  @Option(help: "The month, such as 2026-10.") var month: String
  @Option(help: "The folder to write into; review-2026-10 and the like if not given.")
  var out: String?
  @OptionGroup var places: PlaceOptions
  @OptionGroup var storePlace: StoreOptions

  func validate() throws {
    guard CalendarMonth(month) == nil else { return }
    throw ValidationError("--month is written like 2026-10, not `\(month)`")
  }

  func run() throws {
    guard let month = CalendarMonth(month) else { return }
    let workspace = try Workspace(places.places())
    let path = try storePlace.path(workspace.configuration)
    let store = try Store(reading: path)
    guard let snapshot = try store.snapshot() else {
      throw ValidationError("\(path) holds nothing to review yet: let `rollcall watch` read first")
    }
    let pipeline = Pipeline(workspace.setup(talliesMonths: true), streams: [], jobs: 1)
    do {
      _ = try pipeline.restore(snapshot.bytes)
    } catch {
      throw ValidationError("\(path): \(error); start `rollcall watch` with this version first")
    }
    let window = LocalTime(zone: workspace.zone).window(month)
    let findings = try store.records(startingIn: window).map { try Finding(from: $0) }
    let facts = try FactsBuilder(
      workspace: workspace, plan: StreamPlan(of: pipeline, workspace),
      result: pipeline.result(ofMonth: month.year * 12 + month.month - 1, findings: findings),
      feeds: [], month: month, since: nil, until: nil, command: command(month),
      isFromStore: true
    ).facts()
    try ReviewFolder.write(facts, to: out ?? "review-\(month.text)")
  }

  private func command(_ month: CalendarMonth) -> String {
    var words = ["rollcall", "review", "--month", month.text]
    if let file = places.config { words += ["--config", file] }
    if let folder = places.registers { words += ["--registers", folder] }
    for folder in places.detectors { words += ["--detectors", folder] }
    if let zone = places.timezone { words += ["--timezone", zone] }
    if let state = storePlace.state { words += ["--state", state] }
    return ScanCommand.shellText(words)
  }
}
