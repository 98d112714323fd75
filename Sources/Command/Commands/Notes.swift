import Events
import Registers
import Detectors
import Documents
import Inputs
import Pipelines

/// What a run says about itself on standard error.
struct Notes {
  let isQuiet: Bool

  /// What will be read and with what; warnings about settings are never left out.
  func opening(_ workspace: Workspace, _ plan: StreamPlan) {
    for warning in workspace.warnings + workspace.configuration.warnings {
      Console.error(warning.description)
    }
    for problem in plan.problems where !problem.isNote || !isQuiet {
      Console.error("\(problem.isNote ? "note" : "not read"): \(problem)")
    }
    for stream in plan.unknown {
      Console.error(
        "not read: \(stream.name): no known format in its first lines; name one with --format or "
          + "`format:`")
    }
    guard !isQuiet else { return }
    for stream in plan.planned {
      let files = stream.logs.files.count
      let mapping = stream.mapping.isEmpty ? "" : ", mapping \(stream.mapping)"
      var records = ""
      if case .rule(let rule)? = stream.contexts.first?.records?.kind {
        records = ", records of many lines by the rule \(rule.name)"
      }
      Console.error(
        "reading \(stream.name): \(stream.format.rawValue) \(stream.chosenBy)\(mapping)\(records), "
          + "\(files) file\(files == 1 ? "" : "s")")
    }
    let registers = workspace.registers
    // Both may have been found beside the logs, so that nobody named them.
    for role in ["register", "detector"] {
      let folders = workspace.used.filter { $0.role == role }.map { Paths.folder(of: $0.path) }
      guard !folders.isEmpty else { continue }
      Console.error("with \(role)s of \(folders.distinct.joined(separator: ", "))")
    }
    let unfed = workspace.rules.rules.count { $0.notReadable != nil }
    if unfed > 0 {
      Console.error(
        "note: \(unfed) of \(workspace.rules.rules.count) rules can not fire here, for no log of "
          + "theirs is read; `rollcall check` says which logs")
    }
    if !registers.hasPeople, !registers.hasContractors, !registers.hasInfrastructure {
      Console.error(
        "note: no registers: people, scopes and infrastructure are not judged (--registers)")
    }
  }

  /// What could not be read, or not to its end.
  func faults(_ feeds: [FileFeed]) {
    for feed in feeds {
      for fault in feed.faults { Console.error("fault: \(fault)") }
      for note in feed.notes { Console.error("fault: \(note)") }
    }
  }

  /// Whether some log had lines and not one could be parsed; each is named.
  func nothingParsed(_ plan: StreamPlan, _ result: PipelineResult) -> Bool {
    var found = false
    for (stream, tally) in zip(plan.planned, result.streams)
    where tally.total.lines > 0 && tally.total.parsed == 0 {
      found = true
      Console.error(
        "not read: no line of \(stream.name) could be parsed as \(stream.format.rawValue); name "
          + "another with --format or `format:`")
    }
    return found
  }

  /// What was not read, and what was guessed.
  func closing(
    _ workspace: Workspace, _ plan: StreamPlan, _ result: PipelineResult, _ feeds: [FileFeed]
  ) {
    faults(feeds)
    if result.evictedCount > 0 {
      Console.error(
        "note: \(counted(result.evictedCount, "state was", "states were")) forgotten early; tables were full"
      )
    }
    if result.overflowCount > 0 {
      Console.error(
        "note: \(counted(result.overflowCount, "event belongs", "events belong")) to findings beyond the "
          + "\(FindingCollector.draftsMax) kept, \(FindingCollector.ruleMax) of one rule"
      )
    }
    guard !isQuiet else { return }
    for (stream, tally) in zip(plan.planned, result.streams) {
      for reason in tally.reasons {
        let lines = reason.lines.map { "\($0)" }.joined(separator: ", ")
        Console.error(
          "rejected: \(stream.name): \(reason.count) × \(reason.reason) (line \(lines))")
      }
      if tally.unmapped > 0 {
        let lines = tally.unmapped == 1 ? "line" : "lines"
        Console.error(
          "note: \(stream.name): no mapping knows \(tally.unmapped) \(lines); only their time and "
            + "their own keys are read until a mapping says more")
      }
      if tally.inferred > 0, stream.format == .rfc3164, tally.first != nil {
        let lack = tally.inferred == 1 ? "time stamp lacks" : "time stamps lack"
        Console.error(
          "note: \(stream.name): \(tally.inferred) \(lack) a year or a zone: the year is "
            + "taken from \(stream.yearHint), the zone is the source's or --timezone's, else UTC")
      }
    }
  }
}

/// Bytes, rate and time left on a terminal.
final class Progress {
  private let total: UInt64
  private let start = Environment.monotonic
  private var done: UInt64 = 0
  private var drawn = 0.0
  private let isShown: Bool

  /// - Parameter rounds: How often all of it is read.
  init(_ plan: StreamPlan, rounds: UInt64 = 1) {
    let files = plan.planned.flatMap(\.logs.files)
    // A compressed file says nothing of its real size; then there is no time left to show.
    let isKnown = !files.contains { $0.isGzip || $0.isPipe }
    total = isKnown ? files.reduce(0) { $0 + $1.size } * rounds : 0
    isShown = Console.isInteractive
  }

  func add(_ bytes: Int) {
    done += UInt64(bytes)
    guard isShown else { return }
    let now = Environment.monotonic
    guard now - drawn > 0.1, now - start > 0.3 else { return }
    drawn = now
    let rate = Double(done) / (now - start)
    var line = "\(done / 1_000_000) MB · \(Int(rate / 1_000_000)) MB/s"
    if total > done {
      let left = Int(Double(total - done) / max(rate, 1)) + 1
      line =
        "\(done * 100 / total) % of \(total / 1_000_000) MB · "
        + "\(Int(rate / 1_000_000)) MB/s · \(left) s left"
    }
    Console.progress(line)
  }

  func end() { if isShown, drawn > 0 { Console.progress("") } }
}
