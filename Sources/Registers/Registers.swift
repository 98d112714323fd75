import Bytes
public import Documents

/// The company's registers, as of any moment: who and what should be there.
///
/// Read once, then never changed, so workers share one. The texts that ``join(_:source:cache:)`` puts into
/// events are the registers' own: they stay readable as long as the registers do, and cost no
/// allocation. Look-ups are O(1) in the number of rows.
public final class Registers: Sendable {
  /// Which registers were there at all; without one, its joins set nothing and its checks do not run.
  public let present: Set<RegisterKind>
  /// Whether those are there that every event is joined with, without a look-up.
  public let hasPeople, hasContractors, hasInfrastructure, hasTools, hasApprovals: Bool
  /// The rows, in the order of the files.
  public let people: [Person]
  /// The contractors, with their effective ends and the verdicts on their renewals.
  public let contractors: [Contractor]
  /// The systems.
  public let infrastructure: [System]
  /// The tools.
  public let tools: [Tool]
  /// The approvals, with verdicts.
  public let approvals: [Approval]
  /// The numbers that the verdicts went by.
  public let policy: Policy
  /// The organisation's zone.
  public let zone: any CivilZone

  let duties: Duties
  let verdicts: Verdicts
  let index: JoinIndex

  /// Reads registers.
  ///
  /// - Parameters:
  ///   - files: Names and contents; the key at the top of a YAML file, or the name of a CSV file,
  ///     says which register it holds.
  ///   - zone: The organisation's zone, in which dates and hours are meant.
  ///   - policy: How long access and renewals may last.
  ///   - zones: Finds the zones that scopes name; `UTC` is always known.
  /// - Throws: ``Problems`` with everything that does not fit, in file order.
  public init(
    _ files: [(file: String, text: String)], zone: any CivilZone = FixedZone.utc,
    policy: Policy = .defaults, zones: @escaping (String) -> (any CivilZone)? = { _ in nil }
  ) throws(Problems) {
    var loader = RegisterLoader(zone: zone, knowsZone: { $0 == "UTC" || zones($0) != nil })
    for (file, text) in files { loader.read(file: file, text: text) }
    guard loader.problems.all.isEmpty else { throw Problems(loader.problems.all.inFileOrder) }
    let verdicts = Verdicts(people: loader.people, zone: zone, policy: policy)
    var (contractors, approvals) = (loader.contractors, loader.approvals)
    for index in contractors.indices { verdicts.judge(&contractors[index]) }
    for index in approvals.indices { verdicts.judge(&approvals[index]) }
    (present, duties) = (loader.present, loader.duties)
    hasPeople = present.contains(.people)
    hasContractors = present.contains(.contractors)
    hasInfrastructure = present.contains(.infrastructure)
    hasTools = present.contains(.tools)
    hasApprovals = present.contains(.approvals)
    people = loader.people
    infrastructure = loader.systems
    tools = loader.tools
    (self.contractors, self.approvals) = (contractors, approvals)
    (self.policy, self.zone, self.verdicts) = (policy, zone, verdicts)
    index = JoinIndex(
      people: loader.people, contractors: contractors, systems: loader.systems,
      tools: loader.tools, approvals: approvals, duties: duties,
      personalClouds: policy.texts("personal_cloud.domains"),
      countsOwnTasks: policy.bool("change.own_tasks"), zone: zone, zones: zones)
  }

  /// The id of the person or contractor behind an account, as of a time; `nil` for nobody.
  ///
  /// - Parameters:
  ///   - account: The name that a log shows; it must be the whole name, ASCII case apart.
  ///   - system: The system's id; names registered for every system (`*`) come second.
  ///   - time: Nanoseconds since 1970 UTC.
  public func resolve(account: String, system: String? = nil, at time: Int64) -> String? {
    account.withView { account in
      (system ?? "").withView { system in
        index.principal(account, system: system, at: time).map { index.principals[$0].id.string }
      }
    }
  }
}

extension [Problem] {
  /// By file, line and column.
  var inFileOrder: [Problem] {
    sorted { ($0.file, $0.line, $0.column, $0.message) < ($1.file, $1.line, $1.column, $1.message) }
  }
}
