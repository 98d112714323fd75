import ArgumentParser
import Bytes
import Documents
import Events
import Inputs
import Pipelines
import Registers

/// `rollcall explain`: every step of the path for one line.
struct ExplainCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Tell what becomes of one line, step by step, and why.",
    discussion: """
      LINE is the line itself; without it, or with -, the first line of standard input. What the \
      configuration says about the log the line is from counts when --source names it.
      """)

  @Argument(help: "The line; quote it.") var line: String?
  @OptionGroup var places: PlaceOptions
  @Option(help: "The source of the configuration that the line is from.") var source: String?
  @Option(
    help: LineFormat.help, transform: LineFormat.argument)
  var format: LineFormat?
  @Option(help: "The year of the line's log, for time stamps that name none.")
  var asOfYear: Int?

  func validate() throws {
    if let asOfYear, !(1980...9000).contains(asOfYear) {
      throw ValidationError("--as-of-year is a year such as 2026")
    }
  }

  func run() async throws {
    let workspace = try Workspace(places.places(sends: false))
    for warning in workspace.warnings { Console.error(warning.description) }
    let (bytes, origin) = try read()
    var given = try given(workspace, bytes, origin)
    let alone = PipelineStream(
      name: source ?? "line", contexts: [given.context], source: given.source, firstTime: .min,
      feed: HeldLines(bytes))
    let setup = workspace.setup(latest: Environment.latestTime)
    let result = await Pipeline(setup, streams: [alone], jobs: 1).run()
    (given.findings, given.lifted) = (result.findings, result.lifted.sentences)
    let sheet = Sheet(width: Environment.terminalWidth, isColoured: Console.isColoured)
    Console.out(Explanation(workspace, given, sheet: sheet).text())
  }

  /// The line with its ending.
  private func read() throws -> (bytes: [UInt8], origin: String) {
    let (bytes, origin): ([UInt8], String)
    if let line, line != "-" {
      (bytes, origin) = (Array(line.utf8), "the command line")
    } else {
      let input = discover(["-"]).streams.first.map { ChunkReader(stream: $0) }
      (bytes, origin) = (try input?.peek(bytes: 1 << 20) ?? [], "standard input")
    }
    let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
    guard let first = lines.firstIndex(where: { !$0.isEmpty && $0 != [0x0D] }) else {
      throw ValidationError("no line to explain; give it as an argument or on standard input")
    }
    let more = lines[(first + 1)...].count { !$0.isEmpty }
    if more > 0 {
      Console.error("note: only the first line is explained; \(more) more came with it")
    }
    let end = lines[first].endIndex < bytes.count ? [UInt8(0x0A)] : []
    return (Array(lines[first]) + end, origin)
  }

  /// What is known about the line before it is read: from the options, else from its source, else by
  /// looking at it.
  private func given(
    _ workspace: Workspace, _ bytes: [UInt8], _ origin: String
  ) throws -> Explanation.Given {
    let declared = try configured(workspace)
    let line = Array(bytes.prefix { $0 != 0x0A })
    let guess = line.withView { LineFormat.guess(LineScanner.trimmed($0)) }
    var (format, reason) = (guess ?? .rfc3164, "the line looks like it")
    if guess == nil { reason = "no format fits the line; this one has the fewest demands" }
    if let word = declared?.format, word != "auto", let named = LineFormat.named(word) {
      (format, reason) = (named, "the configuration says so of the source `\(source ?? "")`")
    }
    if let read = try declared.flatMap({ try SourceFormat.asRead($0, workspace) }) {
      (format, reason) = (read, "the first lines of the source `\(source ?? "")` say so")
    }
    if let named = self.format { (format, reason) = (named, "of --format") }
    let zone = try declared?.timezone.map { try Workspace.zone(named: $0) } ?? workspace.zone
    let zoneReason =
      declared?.timezone.map { "\($0), of the source `\(source ?? "")`" }
      ?? (places.timezone != nil
        ? "\(workspace.zoneName), of --timezone"
        : workspace.configuration.timezone != nil
          ? "\(workspace.zoneName), the organisation's" : "UTC, as nothing says otherwise")
    let anchor = asOfYear.map { CivilTime.days(year: $0, month: 12, day: 31) * 86_400 }
    let context = LineContext(
      format: format, zone: zone,
      years: YearRule(anchor: anchor.map(Int64.init) ?? Environment.now),
      source: ByteView(immortal: source ?? "line"),
      mapping: declared?.mapping.flatMap { workspace.mappingID(file: $0) } ?? "")
    return Explanation.Given(
      bytes: bytes, origin: origin, format: format, formatReason: reason,
      yearReason: asOfYear.map { "\($0), of --as-of-year" }
        ?? "of the clock, as a single line has no file; --as-of-year names another",
      zoneReason: zoneReason, context: context,
      source: SourceContext(
        system: declared?.system.map { ByteView(immortal: $0) },
        environment: declared?.environment.map { ByteView(immortal: $0) }),
      findings: [], lifted: [])
  }

  /// The configured source that --source names.
  private func configured(_ workspace: Workspace) throws -> Configuration.Source? {
    guard let source else { return nil }
    let sources = workspace.configuration.sources
    // A pattern that leads to several logs names each `source/log`.
    if let found = sources.first(where: { $0.name == source || source.hasPrefix("\($0.name)/") }) {
      return found
    }
    guard !sources.isEmpty else {
      throw ValidationError(
        "--source `\(source)` needs a configuration with sources; name it with --config")
    }
    let near = nearestName(to: source, among: sources.map(\.name))
    throw ValidationError(
      "no source is called `\(source)`"
        + (near.map { "; did you mean `\($0)`?" }
          ?? "; known: \(sources.map(\.name).joined(separator: ", "))"))
  }
}
