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
      it can be made while watch runs, and is as of the last time that watch wrote all of it down: each half \
      minute once it has caught up, less often when that takes long.
      """)

  @Option(help: "The month, such as 2026-10.") var month: String
  @Option(help: "The folder to write into; review-2026-10 and the like if not given.")
  var out: String?
  @OptionGroup var reviewOptions: ReviewOptions
  @OptionGroup var places: PlaceOptions
  @OptionGroup var storePlace: StoreOptions

  func validate() throws {
    guard CalendarMonth(month) == nil else { return }
    throw ValidationError("--month is written like 2026-10, not `\(month)`")
  }

  func run() throws {
    guard let month = CalendarMonth(month) else { return }
    let workspace = try Workspace(places.places(sends: false))
    let earlier = try reviewOptions.read(before: month)
    let path = try storePlace.path(workspace.configuration)
    let store = try Store(reading: path)
    guard let snapshot = try store.snapshot() else {
      throw Refusal("\(path) holds nothing to review yet: let `rollcall watch` read first")
    }
    let pipeline = Pipeline(workspace.setup(talliesMonths: true), streams: [], jobs: 1)
    do {
      _ = try pipeline.restore(snapshot.bytes)
    } catch {
      throw Refusal("\(path): \(error); use the version of `rollcall watch` that wrote it")
    }
    guard !pipeline.isOtherZone else {
      throw Refusal(
        "\(path): the months were counted in another zone than \(workspace.zoneName)")
    }
    let number = month.year * 12 + month.month - 1
    guard pipeline.months.contains(number) else {
      throw Refusal(
        "\(path): nothing was read of \(month.text); there is "
          + pipeline.months.map { "\($0 / 12)-\($0 % 12 < 9 ? "0" : "")\($0 % 12 + 1)" }
          .joined(separator: ", "))
    }
    let window = LocalTime(zone: workspace.zone).window(month)
    let unrecorded = try store.unrecorded(startingIn: window)
    if unrecorded > 0 {
      Console.error(
        "note: "
          + counted(
            unrecorded, "finding that an earlier version found is",
            "findings that an earlier version found are") + " not in the review")
    }
    let findings = try store.records(startingIn: window).map { try Finding(from: $0) }
    var builder = FactsBuilder(
      workspace: workspace, plan: StreamPlan(of: pipeline, workspace),
      result: pipeline.result(ofMonth: number, findings: findings),
      feeds: [], month: month, since: nil, until: nil, command: command(month),
      isFromStore: true)
    builder.canaries = try store.canaries()
    (builder.earlier, builder.earlierFile) = (earlier, reviewOptions.previous)
    builder.signatories = reviewOptions.signatories(workspace.configuration.signatories)
    builder.deliveries = try store.deliveries(ofFindingsStartingIn: window)
    try ReviewFolder.write(
      builder.facts(), to: out ?? "review-\(month.text)", isRedacted: reviewOptions.redacted,
      flag: "--out")
  }

  private func command(_ month: CalendarMonth) -> String {
    var words = ["rollcall", "review", "--month", month.text]
    if let file = places.config { words += ["--config", file] }
    if let folder = places.registers { words += ["--registers", folder] }
    for folder in places.detectors { words += ["--detectors", folder] }
    if let zone = places.timezone { words += ["--timezone", zone] }
    if let state = storePlace.state { words += ["--state", state] }
    return ScanCommand.shellText(words + reviewOptions.words)
  }
}
