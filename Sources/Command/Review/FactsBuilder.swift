import Detectors
import Documents
import Pipelines
import Registers
import Reviews
import Storage

/// Fills the review's facts from a run.
///
/// Every list has an order of its own, never a dictionary's, and nothing asks a clock: the same inputs
/// make the same facts.
struct FactsBuilder {
  let workspace: Workspace
  let plan: StreamPlan
  let result: PipelineResult
  let feeds: [FileFeed]
  let month: CalendarMonth
  /// What `--since` and `--until` said.
  let since, until: String?
  let command: String
  /// Whether the facts are those that `watch` kept: then no file was read to make them.
  let isFromStore: Bool
  /// What is known of canaries; `nil` when nobody keeps that.
  var canaries: [StoredCanary]?
  /// The review of an earlier month, and the file that it was read from; `nil` when none was named.
  var earlier: PreviousReview?
  var earlierFile: String?
  /// Who signs.
  var signatories = Configuration.Signatories()
  /// What was sent, as a store has it; `nil` for a scan, and then whether it sends anything.
  var deliveries: StoredDeliveries?
  var sendsFindings = false
  /// The month's instants, and its findings.
  let window: Range<Int64>
  let findings: [Finding]
  let local: LocalTime
  /// What the registers expect.
  let calendar: Calendar
  /// Where rows stand, by register and id.
  let rowPlaces: [[String]: Place]

  init(
    workspace: Workspace, plan: StreamPlan, result: PipelineResult, feeds: [FileFeed],
    month: CalendarMonth, since: String?, until: String?, command: String, isFromStore: Bool = false
  ) {
    self.isFromStore = isFromStore
    (self.workspace, self.plan, self.result, self.feeds) = (workspace, plan, result, feeds)
    (self.month, self.since, self.until, self.command) = (month, since, until, command)
    local = LocalTime(zone: workspace.zone)
    let window = local.window(month)
    self.window = window
    calendar = Calendar(workspace.registers)
    rowPlaces = Dictionary(
      RegisterKind.allCases.flatMap { kind in
        workspace.registers.rows(of: kind).map { ([kind.rawValue, $0.id], $0.place) }
      }, uniquingKeysWith: { _, last in last })
    findings = result.findings.filter { window.contains($0.start) }
  }

  var registers: Registers { workspace.registers }
  /// The month's last moment, as of which registers are judged.
  var lastMoment: Int64 { window.upperBound - 1 }
  /// The month's last day.
  var lastDay: CivilDay { CivilDay(number: month.days.upperBound - 1) }

  /// Everything that the review's pages need.
  func facts() throws -> ReviewFacts {
    let manifest = try self.manifest()
    let organisation = workspace.configuration.organisation
    var facts = ReviewFacts(
      organisation: organisation.isEmpty ? "(organisation not named)" : organisation,
      month: Month(year: month.year, month: month.month), zone: workspace.zoneName,
      generatedFrom: "rollcall \(Rollcall.version)", command: command,
      fingerprint: fingerprint(of: manifest), preparer: signatories.preparer,
      reviewer: signatories.reviewer, ledger: ledger, sources: sources,
      notSeen: notSeen, registers: registerFiles,
      registerProblems: registers.lint(asOf: lastMoment).map(\.description), people: people,
      contractors: contractors, accounts: accounts, infrastructure: infrastructure,
      approvals: approvals, findings: findings.map(fact), signIns: signIns, detectors: detectors,
      proofs: proofs,
      policy: policy, manifest: manifest)
    facts.unseenSources = unseenSources
    facts.parsedPercentMin = registers.policy.decimal("source.parsed_percent")
    (facts.turnovers, facts.movements, facts.checks) = (turnovers, movements, checks)
    (facts.attestations, facts.incidents, facts.dues) = (attestations, incidents, dues)
    (facts.access, facts.privileged, facts.revocations) = (access, privileged, revocations)
    facts.accessOverflow = Int(counting: result.tallies[.access].overflowCount)
    (facts.databaseUses, facts.cleared, facts.changes) = (databaseUses, cleared, changes)
    (facts.tools, facts.toolUses, facts.exposed) = (tools, toolUses, exposed)
    (facts.secrets, facts.secretUses, facts.backups) = (secrets, secretUses, backups)
    (facts.services, facts.clients, facts.places) = (services, clients, places)
    facts.silences = silences
    (facts.countries, facts.knowsCountries) = (countries, workspace.geo != nil)
    facts.delivery = delivery
    if sendsFindings {
      facts.deliveryNotRun = "a scan sends at once and keeps no record of it; `rollcall watch` does"
    }
    addDispositions(to: &facts)
    facts.previous = earlier
    return facts
  }

  /// The local text of an instant; empty when there was none.
  func text(_ time: Int64?) -> String {
    guard let time, time != .min, time != .max else { return "" }
    return local.text(time)
  }

  /// A date of a register as it stands, an instant of it in local text.
  func text(_ point: TimePoint?) -> String {
    guard let point else { return "" }
    return CivilDay(point.text) == nil ? local.text(point.start) : point.text
  }

  /// A point of a register that has come by the month's end; what is dated later has not happened yet.
  func past(_ point: TimePoint?) -> TimePoint? {
    point.flatMap { $0.start <= lastMoment ? $0 : nil }
  }

  /// The last day on which something is in time, as text.
  func dueDay(_ due: Int64) -> String { LocalTime.date(local.day(due - 1)) }

  /// Whether two spans of time share a moment with the month.
  func touchesMonth(_ start: Int64, _ end: Int64) -> Bool {
    start < window.upperBound && end > window.lowerBound
  }
}

extension Int {
  /// A count as the review has it, held at the largest it can say.
  init(counting count: UInt64) { self = Int(clamping: count) }
}
