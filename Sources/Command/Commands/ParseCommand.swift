import Alerts
import ArgumentParser
import Events
import Inputs
import Pipelines

/// `rollcall parse`: what the path makes of each line, before any rule.
struct ParseCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "parse",
    abstract: "Print normalised events as JSON lines.",
    discussion: """
      One object a line that could be read, with the fields' names nested, joined with the registers \
      when there are any. Streams come in the order of their names, lines in their own order. Lines \
      that could not be read go to standard error, with the reason and the first byte that is wrong.
      """)

  @Argument(help: "Logs to read; - is standard input.") var paths: [String] = []
  @OptionGroup var places: PlaceOptions
  @Option(
    help: LineFormat.help, transform: LineFormat.argument)
  var format: LineFormat?
  @Option(help: .hidden) var chunkBytes = 1 << 20
  @Flag(name: .shortAndLong, help: "Say less: no notes, only faults and the ledger.")
  var quiet = false

  func validate() throws {
    if chunkBytes < 64 { throw ValidationError("--chunk-bytes is 64 at least") }
  }

  func run() async throws {
    let workspace = try Workspace(places.places(logs: paths, sends: false))
    guard !paths.isEmpty || workspace.configuration.sources.contains(where: { $0.path != nil })
    else {
      throw ValidationError(PlaceOptions.nothingToRead)
    }
    let plan = try StreamPlan(workspace, paths: paths, format: format, now: Environment.now)
    let notes = Notes(isQuiet: quiet)
    notes.opening(workspace, plan)
    let setup = workspace.setup(latest: Environment.latestTime, everything: true, judges: false)
    let streams = plan.streams(hashing: false, chunkBytes: chunkBytes)
    let reader = LineReader(setup)
    let printer = EventPrinter(setup.table)
    reader.witness = printer
    var (read, parsed) = (UInt64(0), UInt64(0))
    for stream in streams {
      printer.source = stream.name
      var tally = StreamTally()
      // Nobody needs lines read whose events have nowhere to go.
      while Console.isComplete, let block = stream.feed.next() {
        tally.add(reader.read(block, stream.contexts[block.file], stream.source).tally)
        stream.feed.recycle(block)
        printer.flush()
      }
      read += tally.total.lines
      parsed += tally.total.parsed
    }
    printer.finish()
    let feeds = streams.compactMap { $0.feed as? FileFeed }
    notes.faults(feeds)
    read += feeds.reduce(0) { $0 + $1.refused.lines }
    Console.error(
      Ledger(read: read, parsed: parsed, rejected: read - parsed, findings: 0).description)
    if plan.isIncomplete(feeds) { throw Ending.inputs }
  }
}

/// Prints events as they are read, and says which lines were none.
private final class EventPrinter: LineWitness {
  /// How many lines are told of each reason; the rest is counted.
  private static let rejectionsMax = 20

  var source = ""
  private let writer: EventWriter
  private var reasons: [(name: String, count: Int)] = []

  init(_ table: FieldTable) { writer = EventWriter(table) { Console.out($0) } }

  func saw(_ event: Event, at place: LinePlace) { writer.write(event, at: place) }

  func saw(rejected rejection: Rejection, at place: LinePlace) {
    let known = reasons.firstIndex { $0.name == rejection.reason } ?? reasons.count
    if known == reasons.count { reasons.append((rejection.reason, 0)) }
    reasons[known].count += 1
    guard reasons[known].count <= EventPrinter.rejectionsMax else { return }
    Console.error(
      "rejected: \(source):\(place.number): \(rejection.reason) at byte \(rejection.offset)")
  }

  /// Writes what was gathered.
  func flush() { writer.flush() }

  /// Counts the rejected lines that were not told of.
  func finish() {
    flush()
    for reason in reasons where reason.count > EventPrinter.rejectionsMax {
      Console.error(
        "rejected: \(reason.count - EventPrinter.rejectionsMax) more lines: \(reason.name)")
    }
  }
}

extension LineFormat {
  /// What --format does.
  static let help = ArgumentHelp(
    "Take this format instead of looking at the lines: "
      + "\(allCases.map(\.rawValue).joined(separator: ", ")).")

  /// The format that a person names on the command line.
  static func argument(_ name: String) throws -> LineFormat {
    guard let format = named(name) else {
      throw ValidationError(
        "--format takes \(allCases.map(\.rawValue).joined(separator: ", ")), not `\(name)`")
    }
    return format
  }
}

extension StreamPlan {
  /// Whether something that was asked for could not be read, or not to its end.
  func isIncomplete(_ feeds: [FileFeed]) -> Bool {
    feeds.contains { !$0.faults.isEmpty || !$0.notes.isEmpty } || !unknown.isEmpty
      || problems.contains { !$0.isNote }
  }
}
