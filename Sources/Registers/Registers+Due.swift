/// When something is due again after it was done, by the policy: what the calendar, the checks and the review go by.
///
/// Of a bare date the whole of the last day is in time, and what is due then is late from its end on; what counts from an instant is
/// late after it.
extension Registers {
  /// When so long after a point is over.
  func over(_ point: TimePoint, seconds: Int) -> Int64 {
    guard let day = CivilDay(point.text) else { return point.start.adding(seconds: seconds) }
    // Days are those of the calendar, however long summer time makes them.
    guard seconds % 86_400 == 0 else { return point.end.adding(seconds: seconds) }
    return zone.end(of: day.advanced(by: seconds / 86_400))
  }

  /// The last day before a due time.
  func lastDay(before due: Int64) -> CivilDay { zone.day(at: due == .min ? .min : due - 1) }

  // MARK: - Secrets and backups

  /// How old a secret may grow in seconds; `nil` when nothing says so.
  public func maxAge(of secret: Secret) -> Int? {
    if let age = secret.maxAgeSeconds { return age }
    switch secret.class {
    case .sensitiveKey: return policy.seconds("rotation.sensitive_key")
    case .serviceToken: return policy.seconds("rotation.service_token")
    case .other: return nil
    }
  }

  /// When a secret must be changed next; `nil` when nothing says so.
  public func rotationDue(of secret: Secret) -> Int64? {
    guard let last = secret.lastRotated else { return nil }
    return maxAge(of: secret).map { over(last, seconds: $0) }
  }

  /// How long after a success a backup is late, in seconds; `nil` when nobody says how often it runs.
  public func backupPeriod(of row: Backup) -> Int? {
    guard let interval = row.intervalSeconds, interval > 0 else { return nil }
    let factor = policy.decimal("backup.interval_factor")
    return Int(min(1e10, max(1, Double(interval) * factor)))
  }

  /// The restores of a backup that count, in the order in which they were tried: they passed, somewhere that is said and is not production.
  public func goodRestores(of row: Backup) -> [Backup.RestoreTest] {
    row.restoreTests.filter {
      $0.result == .passed && $0.environment != nil && !isProduction($0.environment)
    }.sorted { ($0.at.start, $0.place.line) < ($1.at.start, $1.place.line) }
  }

  /// When a restore must be tried again.
  public func restoreDue(after test: Backup.RestoreTest) -> Int64 {
    over(test.at, seconds: policy.seconds("restore_test.interval"))
  }

  // MARK: - People

  /// When a request of somebody about their own data must be answered.
  public func requestDue(of row: DataRequest) -> Int64 {
    over(row.receivedAt, seconds: policy.seconds("request.answer"))
  }

  /// Whether somebody could approve access at a time: by role, or as a delegate.
  public func mayApprove(_ id: String, at point: TimePoint) -> Bool {
    verdicts.refusal(
      approver: id, at: point, subjects: [], reference: "", channel: nil, evidence: nil) == nil
  }

  // MARK: - Incidents and drills

  /// Somebody outside who must be told of an incident.
  struct Notice {
    /// Who, and the key under `notified` that says when.
    let party, key: String
    /// Whether it is told because a weakness touches them, which has a time of its own.
    let isWeakness: Bool
    /// When they were told, and when they must be.
    let told: TimePoint?
    let due: Int64
  }

  /// Who must be told of an incident, and until when.
  func notices(of row: Incident) -> [Notice] {
    var notices: [Notice] = []
    func add(_ party: String, _ key: String, _ told: TimePoint?, _ limit: String, _ weakness: Bool)
    {
      notices.append(
        Notice(
          party: party, key: key, isWeakness: weakness, told: told,
          due: over(row.detectedAt, seconds: policy.seconds(limit))))
    }
    let isWeakness = row.isVulnerability
    if row.affectsClients, !isWeakness {
      add("the client", "client", row.notifiedClient, "incident.client_notice", false)
    } else if row.affectsClients, row.severity == .critical {
      add("the client", "client", row.notifiedClient, "vulnerability.client_notice", true)
    }
    if row.touchesPersonalData {
      add("the regulator", "regulator", row.notifiedRegulator, "incident.regulator_notice", false)
    }
    return notices
  }

  /// When the cause of a grave incident that is over must be written down; `nil` for any other.
  func analysisDue(of row: Incident) -> Int64? {
    guard row.severity == .critical || row.severity == .high, let resolved = row.resolvedAt else {
      return nil
    }
    return end(ofWorkday: policy.integer("incident.analysis_days"), after: resolved.latest)
  }

  /// The last day on which the next drill is in time.
  public func drillDue(after day: CivilDay) -> CivilDay {
    day.advanced(by: policy.seconds("drill.interval") / 86_400)
  }

  // MARK: - Access reviews

  /// The last day on which the review of a month's access is in time.
  public func accessReviewDue(for month: CivilMonth) -> CivilDay {
    // More than 28 would be another day in February, and none is the day before the month.
    month.next.first.advanced(by: min(28, max(1, policy.integer("review.due_day"))) - 1)
  }

  /// The systems whose accounts are reviewed: those the policy lists, or all that accounts, grants or
  /// reviews name.
  func systemsToReview() -> [String] {
    let listed = policy.texts("review.systems")
    guard listed.isEmpty else { return listed }
    var systems = Set(reviews.map(\.system))
    for person in people {
      systems.formUnion(person.accounts.map(\.system))
      systems.formUnion(person.access.map(\.system))
    }
    for contractor in contractors {
      systems.formUnion(contractor.accounts.map(\.system))
      systems.formUnion(contractor.granted.map(\.system))
    }
    return systems.subtracting(["*"]).sorted()
  }

  /// From when until when each system or tool is there.
  func stretches() -> [String: [Validity]] {
    var found: [String: [Validity]] = [:]
    for row in infrastructure { found[row.id, default: []].append(row.validity) }
    for row in tools { found[row.id, default: []].append(row.validity) }
    return found
  }

  /// Whether a review was signed by somebody who may; whoever signed, where nobody is registered.
  public func isSigned(_ row: AccessReview) -> Bool {
    guard let signer = row.reviewedBy, let at = row.reviewedAt else { return false }
    return !hasPeople || mayApprove(signer, at: at)
  }
}
