/// One control: what served it, on how much, and what went against it.
struct ControlRow {
  let id: String
  /// The detectors that cite the control.
  let detectors: [ReviewFacts.Detector]
  /// The checks of the registers that are about it.
  let checks: [ReviewFacts.Check]
  /// Who vouches for it, when somebody does.
  let attestation: ReviewFacts.Attestation?
  /// The findings above `informational` that cite the control.
  let exceptions: [Int]
  /// Whether one of them, or of the checks' exceptions, is more than a warning.
  let isGrave: Bool
  /// Sources that failed or had nothing: what was not seen can not be called a pass.
  let unseen: [String]

  /// How a control stands.
  enum Status: String, CaseIterable {
    case fail, warn, pass, attested
    case notRun = "not run"

    /// The status as a reader sees it.
    var mark: Mark {
      switch self {
      case .fail: .bad(rawValue)
      case .warn: .attention(rawValue)
      case .pass, .attested: .good(rawValue)
      case .notRun: .neutral(rawValue)
      }
    }
  }

  /// The most that one of its detectors or checks looked at: they see the same events, so a sum would count
  /// those several times.
  var population: Int {
    (detectors.map(\.checked) + checks.map(\.population)).max() ?? 0
  }

  /// What the checks of the registers object to.
  var checkExceptions: [ReviewFacts.Check.Exception] {
    checks.filter { $0.level != "informational" }.flatMap(\.exceptions)
  }
  /// Findings and objections together.
  var exceptionCount: Int { exceptions.count + checkExceptions.count }

  /// The ids of what serves it, each once: a detector and a check may share one.
  var servers: [String] {
    var seen: Set<String> = []
    return (detectors.map(\.id) + checks.map(\.id)).filter { seen.insert($0).inserted }
  }

  private var notRun: [(id: String, reason: String)] {
    detectors.compactMap { one in one.notRunReason.map { (one.id, $0) } }
      + checks.compactMap { one in one.notRunReason.map { (one.id, $0) } }
  }
  private var isServed: Bool { !detectors.isEmpty || !checks.isEmpty }
  /// Whether anything but the day of a record was looked at: that somebody vouches for a row is no test of it.
  private var isTested: Bool {
    !detectors.isEmpty || checks.contains { !$0.isRecord || ["row-46", "row-75"].contains(id) }
  }

  /// How the control stands.
  ///
  /// A finding outweighs the rest; what was not run, or had nothing to look at, is never called a
  /// pass.
  var status: Status {
    guard exceptionCount == 0 else { return isGrave ? .fail : .warn }
    if attestation?.verdict.tone == .bad { return .fail }
    guard isTested, notRun.count < detectors.count + checks.count, population > 0 else {
      guard let attestation else { return .notRun }
      return attestation.verdict.tone == .good ? .attested : .warn
    }
    return notRun.isEmpty && unseen.isEmpty ? .pass : .warn
  }

  /// Whether it was tested in part at most.
  var isUntested: Bool { status == .notRun || (status == .warn && exceptionCount == 0) }

  /// Why the control is not a plain pass or exception; empty when there is nothing to say.
  var reason: String {
    var reasons = notRun.map { "\($0.id): \($0.reason)" }
    if isServed, reasons.count < detectors.count + checks.count, population == 0 {
      reasons.append("nothing to check: 0 of 0")
    }
    if isServed, status != .notRun, !unseen.isEmpty {
      reasons.append("not seen: \(unseen.joined(separator: ", "))")
    }
    if let attestation { reasons.append("attested by record: \(attestation.verdict.label)") }
    return reasons.joined(separator: "; ")
  }

  /// One row for each control that a detector, a check, a record or a finding cites, by framework and number.
  static func rows(_ facts: ReviewFacts, findings: [Review.NumberedFinding]) -> [ControlRow] {
    var serving: [String: [ReviewFacts.Detector]] = [:]
    var checks: [String: [ReviewFacts.Check]] = [:]
    var against: [String: [Review.NumberedFinding]] = [:]
    for detector in facts.detectors.sorted(by: { $0.id < $1.id }) {
      for control in Set(detector.controls) { serving[control, default: []].append(detector) }
    }
    for check in facts.checks.sorted(by: { $0.id < $1.id }) {
      for row in Set(check.rows) { checks[row, default: []].append(check) }
    }
    for finding in findings where finding.finding.level != "informational" {
      for control in Set(finding.finding.controls) {
        against[control, default: []].append(finding)
      }
    }
    let attested = Dictionary(
      facts.attestations.map { ($0.clause, $0) }, uniquingKeysWith: { first, _ in first })
    let ids = Set(serving.keys).union(against.keys).union(checks.keys).union(attested.keys)
    let sorted = ids.sorted { left, right in
      let (leftKey, rightKey) = (Controls.sortKey(left), Controls.sortKey(right))
      return leftKey == rightKey ? left < right : leftKey.lexicographicallyPrecedes(rightKey)
    }
    return sorted.map { id in
      let found = against[id] ?? []
      let isGrave =
        found.contains { levelRank($0.finding.level) <= 2 || levelRank($0.finding.level) > 4 }
        || checks[id]?.contains { check in
          levelRank(check.level) <= 2 && check.exceptions.contains { !$0.isWarning }
        } ?? false
      return ControlRow(
        id: id, detectors: serving[id] ?? [], checks: checks[id] ?? [],
        attestation: attested[id], exceptions: found.map(\.number), isGrave: isGrave,
        unseen: facts.unseenSources)
    }
  }
}
