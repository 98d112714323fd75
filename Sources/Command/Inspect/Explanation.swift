import Alerts
import Bytes
import Detectors
import Events
import Formats
import Pipelines
import Registers

/// Every step of the path for one line, told to a person.
///
/// The line goes through ``LineReader`` like any other; the explanation is its witness.
final class Explanation: LineWitness {
  /// What was settled before the line was read.
  struct Given {
    /// The bytes as they came, with their line ending, and where from.
    var bytes: [UInt8]
    var origin: String
    /// The format, and why this one.
    var format: LineFormat
    var formatReason: String
    /// Where a missing year and a missing zone come from.
    var yearReason, zoneReason: String
    var context: LineContext
    var source: SourceContext
    /// What the line raises when it is alone.
    var findings: [Finding]
    /// What exceptions keep from being raised by it.
    var lifted: [String]
  }

  private let workspace: Workspace
  private let setup: PipelineSetup
  private let given: Given
  private let story: RuleStory
  private var sheet: Sheet

  init(_ workspace: Workspace, _ given: Given, sheet: Sheet) {
    (self.workspace, self.given, self.sheet) = (workspace, given, sheet)
    setup = workspace.setup(latest: Environment.latestTime, everything: true)
    story = RuleStory(workspace.rules, table: setup.table, lateRules: setup.lateRules)
  }

  /// The whole explanation.
  func text() -> String {
    let reader = LineReader(setup)
    reader.witness = self
    let lines = HeldLines(given.bytes)
    writeFraming(lines.block.bytes)
    sheet.section("Format")
    sheet.row("format", given.format.rawValue)
    sheet.row("because", given.formatReason)
    _ = reader.read(lines.block, given.context, given.source)
    sheet.flush()
    return sheet.text
  }

  // MARK: - 1 Line

  private func writeFraming(_ bytes: ByteView) {
    sheet.section("Line")
    let end = bytes.count > 0 && bytes[bytes.count - 1] == 0x0A ? bytes.count - 1 : bytes.count
    let line = LineScanner.trimmed(bytes.prefix(end))
    sheet.row("bytes", "\(line.count), from \(given.origin)")
    if line.count < end { sheet.row("ending", "a carriage return, which is left out") }
    if let offset = UTF8Check.firstInvalidOffset(line) {
      sheet.row("not UTF-8", "at byte \(offset); rules compare bytes, U+FFFD stands for them here")
    }
    if let offset = line.firstOffset(of: 0) { sheet.row("zero byte", "at byte \(offset)") }
    sheet.row("text", line.string)
  }

  // MARK: - A line that is no event

  func saw(rejected rejection: Rejection, at place: LinePlace) {
    sheet.section("Rejected")
    sheet.row("reason", "\(rejection.reason) at byte \(rejection.offset)")
    if rejection.reason == "time-out-of-range" {
      sheet.row("range", "1980 until a year from now; a wrong clock would hold up the other logs")
    }
    let view = HeldBytes(given.bytes)
    let line = view.view
    // A window around the byte that is wrong, so that the caret is in sight.
    let offset = min(rejection.offset, line.count)
    let start = max(0, offset - 60)
    let before = shown(line.slice(start, offset))
    let after = shown(line.slice(offset, min(line.count, offset + 40)).withoutEnding)
    sheet.exact("   " + (start > 0 ? "…" : "") + before + after)
    let column = cells(before) + (start > 0 ? 1 : 0)
    sheet.exact("   " + String(repeating: " ", count: column) + "^ here")
    let others = LineFormat.allCases.filter { $0 != given.format }
    for other in others {
      guard let reason = refusal(as: other, line) else {
        sheet.line("--format \(other.rawValue) would read it.")
        continue
      }
      sheet.row("as \(other.rawValue)", "\(reason.reason) at byte \(reason.offset)")
    }
    sheet.line("A rejected line is counted by its reason; it stops nothing.")
  }

  private func refusal(as format: LineFormat, _ line: ByteView) -> Rejection? {
    var (normaliser, context) = (setup.makeNormaliser(), given.context)
    context.format = format
    let event = Event()
    event.reset(line: line.withoutEnding)
    return normaliser.normalise(event, context)
  }

  // MARK: - An event

  func saw(_ event: Event, at place: LinePlace) {
    let parts = writeRecord(event)
    writeTime(event)
    writeFields(event, except: parts)
    sheet.section("Registers")
    let local = LocalTime(zone: workspace.zone)
    JoinStory(registers: workspace.registers, source: given.source, local: local)
      .write(event, to: &sheet)
    DutyStory(registers: workspace.registers, local: local).write(event, to: &sheet)
    sheet.section("Rules")
    let hits = story.write(event, to: &sheet)
    writeFollow(event, hits)
  }

  private func string(_ field: Field, _ event: Event) -> String? {
    event[field].map { $0.text(event.scratch).string }
  }

  // MARK: - 3 Record

  /// Writes who took the record and what became of its parts; returns the parts.
  private func writeRecord(_ event: Event) -> Set<Field> {
    sheet.section("Record")
    let dataset = string(.eventDataset, event)
    var parts: Set<Field> = []
    if let mapping = workspace.mappings.first(where: { $0.id == dataset }) {
      sheet.row("taken by", "the mapping \(mapping.id), \(mapping.file)")
      for (part, field) in mapping.sources(in: event) where part != field {
        parts.insert(part)
        sheet.row(
          setup.table.name(part),
          "→ \(setup.table.name(field))  \((string(part, event) ?? "").quoted)")
      }
    } else if let dataset {
      let code = string(.eventCode, event).map { ", message \($0)" } ?? ""
      sheet.row("taken by", "\(dataset), built in because its logs are free text\(code)")
    } else {
      sheet.row("taken by", "no mapping and no product; only the format's own parts are fields")
    }
    // What is left are parts that a rule or another mapping names.
    event.forEach { field, value in
      let isPart = field.index >= Field.knownNames.count && !parts.contains(field)
      guard isPart else { return }
      parts.insert(field)
      sheet.row(setup.table.name(field), value.text(event.scratch).string.quoted)
    }
    return parts
  }

  // MARK: - 4 Time

  private func writeTime(_ event: Event) {
    sheet.section("Time")
    sheet.row("in the line", writtenTime(event).quoted)
    let inferred = string(.timestampInferred, event)?.split(separator: ",") ?? []
    if inferred.isEmpty { sheet.row("inferred", "nothing") }
    for part in inferred {
      sheet.row("inferred", "the \(part) \(part == "year" ? given.yearReason : given.zoneReason)")
    }
    sheet.row("UTC", LocalTime(zone: .utc).stamp(event.time))
    let local = LocalTime(zone: workspace.zone).stamp(event.time)
    sheet.row("here", "\(local) (\(workspace.zoneName))")
  }

  /// The time as the line has it.
  private func writtenTime(_ event: Event) -> String {
    writtenTime(event, event.line, given.format)
  }

  private func writtenTime(_ event: Event, _ line: ByteView, _ format: LineFormat) -> String {
    switch format {
    case .cri, .docker:
      let (text, time) = wrapped(line, event.scratch)
      let inner = LineFormat.guess(text).map { writtenTime(event, text, $0) } ?? ""
      // Without a time of its own the text has that of the container's runtime.
      return inner.isEmpty ? time.string : inner
    case .journal: return (try? JournalEntry(line, event.scratch))?.time.string ?? ""
    case .json, .csvlog: return string(.timestamp, event) ?? ""
    case .logfmt: return RubyLog(line)?.time.string ?? string(.timestamp, event) ?? ""
    case .squid: return (try? SquidLog(line))?.time.string ?? ""
    case .access: return (try? AccessLog(line))?.time.string ?? ""
    case .rfc3164, .rfc5424:
      var stamps = StampCache()
      guard let stamp = (try? Syslog.parse(line, cache: &stamps))?.stamp else { return "" }
      var start = line.count > 0 && line[0] == 0x3C ? (line.firstOffset(of: 0x3E) ?? -1) + 1 : 0
      if Syslog.isRFC5424(line) { start = (line.firstOffset(of: 0x20, from: start) ?? -1) + 1 }
      return line.slice(min(start, stamp.end), stamp.end).trimmed.string
    }
  }

  /// What a container said, and the runtime's time.
  private func wrapped(_ line: ByteView, _ scratch: Scratch) -> (text: ByteView, time: ByteView) {
    if let piece = ContainerPiece.cri(line) {
      return (line.slice(piece.start, piece.end), line.prefix(piece.timeEnd))
    }
    let docker = try? DockerLine(line, scratch)
    return (docker?.text ?? .empty, docker?.time ?? .empty)
  }

  // MARK: - 5 Fields

  /// The fields that the registers set, which are told with their rows.
  private static let joined: Set<Field> = [
    .sourceInfrastructure, .personID, .personKind, .personStatus, .personExpiredSeconds, .systemID,
    .systemName, .systemEnvironment, .systemStatus, .accessScope, .accessScopeReason,
    .accessApproval, .toolID, .toolStatus, .timestamp, .timestampInferred,
  ]

  private func writeFields(_ event: Event, except parts: Set<Field>) {
    sheet.section("Fields")
    event.forEach { field, value in
      guard !parts.contains(field), !Explanation.joined.contains(field) else { return }
      sheet.row(setup.table.name(field), value.text(event.scratch).string)
    }
  }

  // MARK: - 8 Follow

  /// How many correlations and findings are told of.
  private static let shownMax = 20

  private func writeFollow(_ event: Event, _ hits: [Int]) {
    sheet.section("Follow")
    if hits.isEmpty { sheet.row("passed on", "no: no rule matches, so the line is only counted") }
    if event.weight > 1 { sheet.row("stands for", "\(event.weight) events") }
    let isSignIn = event.has(.eventAction, equalTo: "auth.login")
    let failed = isSignIn && event.has(.eventOutcome, equalTo: "failure")
    if failed, AttemptMerger.merges(event) {
      let process =
        "\(string(.hostName, event) ?? "")[\(string(.processPID, event) ?? "")]"
      let peer = string(.sourceAddress, event) ?? string(.sourceIP, event) ?? "nobody"
      sheet.row(
        "attempts",
        "lines of \(process) about \(peer) within "
          + "\(lengthOfTime(AttemptMerger.lifetimeSeconds)) tell of the same attempts; each counts "
          + "once")
    }
    if isSignIn, !failed, !setup.lateRules.isEmpty { writeHabits(event) }
    var tally = CorrelationTally(workspace.rules, table: setup.table)
    for hit in hits { tally.add(hit, event) }
    let fed = story.correlations(fedBy: hits)
    for (rule, by) in fed.prefix(Explanation.shownMax) {
      writeCorrelation(rule, by, event, tally)
    }
    if fed.count > Explanation.shownMax {
      sheet.row("", "and \(fed.count - Explanation.shownMax) more correlations")
    }
    for sentence in given.lifted.prefix(Explanation.shownMax) { sheet.row("alone", sentence) }
    if given.findings.isEmpty { sheet.row("alone", "the line raises no finding") }
    for finding in given.findings.prefix(Explanation.shownMax) {
      sheet.row(
        "alone", "raises \(finding.detector) (\(finding.level.name)): \(finding.message)")
    }
    if given.findings.count > Explanation.shownMax {
      sheet.row("", "and \(given.findings.count - Explanation.shownMax) more")
    }
  }

  private func writeHabits(_ event: Event) {
    let policy = workspace.policy
    let who = string(.personID, event) ?? string(.userName, event) ?? "nobody"
    sheet.row(
      "habits",
      "\(who) is learned from this success; after "
        + "\(policy.integer("login.first_seen.warm_up_successes")) of them over "
        + "\(policy.integer("login.first_seen.warm_up_days")) days what is new is marked, and from "
        + "the second on each has a risk (login.risk), shown from "
        + "\(policy.decimal("login.risk.shown")) and too high to learn from at "
        + "\(policy.decimal("login.risk.alert"))")
  }

  private func writeCorrelation(
    _ rule: Int, _ by: [Int], _ event: Event, _ tally: CorrelationTally
  ) {
    let rules = workspace.rules.rules
    guard case .correlation(let correlation) = rules[rule].kind else { return }
    let names = by.map { rules[$0].header.shortName }.joined(separator: ", ")
    var group: [String] = []
    for name in correlation.groupBy {
      let field = by.first.map { correlation.field(name, inRule: $0) } ?? name
      guard let value = string(field, event) else {
        return sheet.row(
          "feeds",
          "not \(rules[rule].header.id): the line has no \(setup.table.name(field)) to group by")
      }
      group.append(value)
    }
    let key = group.isEmpty ? "" : " (\(group.joined(separator: ", ")))"
    let stand = tally.stand(of: rule).map { "; of this line alone: \($0)" } ?? ""
    sheet.row(
      "feeds", "\(rules[rule].header.id)\(key) as \(names); it needs \(story.demand(rule))\(stand)")
    for next in story.correlations(fedBy: [rule]) {
      sheet.row(
        "", "and by it \(rules[next.rule].header.id), which needs \(story.demand(next.rule))")
    }
  }
}

extension ByteView {
  /// The first line without its ending.
  fileprivate var withoutEnding: ByteView {
    LineScanner.trimmed(prefix(firstOffset(of: 0x0A) ?? count))
  }
}

/// Bytes of a log as a terminal may show them.
private func shown(_ bytes: ByteView) -> String { TerminalText.clean(bytes.string) }

private func cells(_ text: String) -> Int { TerminalText.width(text) }
