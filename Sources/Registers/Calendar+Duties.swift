/// What is expected of documents, vendors, risks, incidents and the like.
extension CalendarDraft {
  /// Reviews that come back so long after the last.
  mutating func addReviews() {
    for row in registers.policies {
      add(
        review(
          .policyReview, row, "policies", row.reviewedOn, "document.review_days", row.owner,
          "\(row.title) is reviewed"))
    }
    for row in registers.subprocessors {
      add(
        review(
          .vendorReview, row, "subprocessors", row.reviewedOn, "vendor.review_days", row.owner,
          "\(row.name) is looked at again"))
    }
    for row in registers.risks {
      add(
        review(
          .riskReview, row, "risks", row.reviewedOn, "risk.review_days", row.owner,
          "\(row.title) is looked at again"))
    }
    for row in registers.infrastructure where row.reviewedOn != nil {
      add(
        review(
          .inventoryReview, row, "infrastructure", row.reviewedOn, "infrastructure.review_days",
          row.owner, "the entry of \(row.id) is looked at again"))
    }
  }

  private func review(
    _ kind: Obligation.Kind, _ row: some RegisterRow, _ register: String, _ last: CivilDay?,
    _ days: String, _ owner: String?, _ note: String
  ) -> Obligation {
    var duty = draft(kind, row.id, register, row.place, row: row.id)
    recur(&duty, last: last.map { zone.start(of: $0) } ?? row.validity.start, self.days(days))
    // The day on which it was done counts as a whole.
    duty.due = last.map { zone.end(of: $0.advanced(by: policy.integer(days))) } ?? duty.due
    (duty.met, duty.owner) = (end(of: row.validity), owner)
    duty.note = "\(note) every \(policy.integer(days)) days"
    return duty
  }

  /// What is vouched for is vouched for again; a clause holds as long as its latest attestation does.
  mutating func addAttestations() {
    let days = Dictionary(grouping: registers.attestations, by: \.clause)
      .mapValues { $0.compactMap(\.performedOn).sorted() }
    for row in registers.attestations { add(row, days[row.clause] ?? []) }
  }

  private mutating func add(_ attestation: Attestation, _ days: [CivilDay]) {
    guard let next = registers.attestationDue(of: attestation) else { return }
    var duty = draft(
      .attestation, attestation.id, "attestations", attestation.place, row: attestation.id)
    duty.opens = attestation.performedOn.map { zone.start(of: $0) } ?? attestation.validity.start
    (duty.due, duty.owner) = (zone.end(of: next), attestation.owner)
    let later = days.first { day in attestation.performedOn.map { $0 < day } ?? true }
    duty.met = end(of: attestation.validity, later.map { zone.start(of: $0) })
    duty.note = "\(attestation.statement ?? attestation.clause) is vouched for again by \(next)"
    add(duty)
  }

  /// An exception ends: what it allowed is taken back, or the row is ended, or another takes its place.
  mutating func addExceptions() {
    struct Purpose: Hashable { let subject, control: String? }
    let rows = registers.approvals.filter {
      $0.kind == .exception && $0.refusal == nil && $0.until != nil
    }
    let same = Dictionary(grouping: rows.indices) {
      Purpose(subject: rows[$0].subject, control: rows[$0].control)
    }
    // When the first was approved of those for the same that last longer.
    var followers: [Int: Int64] = [:]
    for places in same.values {
      var (longer, end, next): (Int64?, Int64, Int64?) = (nil, .max, nil)
      for place in places.sorted(by: { rows[$0].end > rows[$1].end }) {
        if rows[place].end < end { (longer, end) = (next, rows[place].end) }
        followers[place] = longer
        next = [next, rows[place].approvedAt?.end].compactMap(\.self).min()
      }
    }
    for place in rows.indices { add(rows[place], follower: followers[place]) }
  }

  private mutating func add(_ approval: Approval, follower: Int64?) {
    var duty = draft(.exception, approval.id, "approvals", approval.place, row: approval.id)
    duty.opens = approval.from?.start ?? approval.approvedAt?.end ?? approval.validity.start
    let cap = days("exception.days_max")
    duty.due = min(approval.end, duty.opens > .min ? saturatingSum(duty.opens, cap) : .max)
    duty.met = end(of: approval.validity, follower)
    duty.owner = approval.owner ?? approval.approvedBy
    duty.note = "the exception \(approval.id) for \(approval.subject ?? "nobody") is over"
    add(duty)
  }

  mutating func add(_ incident: Incident) {
    let start = incident.detectedAt.start
    let severity = incident.severity.rawValue
    let clocks: [(kind: Obligation.Kind, step: Incident.Step, isDone: String)] = [
      (.incidentAcknowledge, .acknowledge, "acknowledged"),
      (.incidentContain, .contain, "contained"), (.incidentResolve, .resolve, "resolved"),
    ]
    for clock in clocks {
      var duty = draft(clock.kind, incident.id, "incidents", incident.place, row: incident.id)
      duty.opens = start
      // Who has contained an incident knows of it, and who has resolved it has contained it.
      let after: [TimePoint?] = [
        incident.acknowledgedAt, incident.containedAt, incident.resolvedAt,
      ]
      duty.met =
        after.suffix(from: clocks.firstIndex { $0.kind == clock.kind } ?? 0).compactMap {
          $0?.start
        }.min()
      duty.due = registers.incidentDue(incident, clock.step)
      duty.owner = incident.owner
      duty.note = "the \(severity) incident \(incident.id) is \(clock.isDone)"
      add(duty)
    }
    addNotifications(of: incident)
    addAnalysis(of: incident)
  }

  private mutating func addNotifications(of incident: Incident) {
    for notice in registers.notices(of: incident) {
      var duty = draft(
        .notification, "\(incident.id)/\(notice.key)", "incidents", incident.place,
        row: incident.id)
      (duty.opens, duty.due) = (incident.detectedAt.start, notice.due)
      (duty.met, duty.owner) = (notice.told?.start, incident.owner)
      duty.note = "\(notice.party) is told of the incident \(incident.id)"
      add(duty)
    }
  }

  private mutating func addAnalysis(of incident: Incident) {
    guard let due = registers.analysisDue(of: incident), incident.analysis == nil else { return }
    var duty = draft(.rca, incident.id, "incidents", incident.place, row: incident.id)
    (duty.opens, duty.due) = (incident.resolvedAt?.start ?? .min, due)
    (duty.met, duty.owner) = (end(of: incident.validity), incident.owner)
    duty.note = "why the incident \(incident.id) happened is written down"
    add(duty)
  }

  mutating func add(_ request: DataRequest) {
    var duty = draft(.request, request.id, "requests", request.place, row: request.id)
    duty.opens = request.receivedAt.start
    duty.due = registers.requestDue(of: request)
    duty.met = end(of: request.validity, request.answeredAt?.start)
    duty.owner = request.owner
    duty.note = "the request for \(request.kind.rawValue) \(request.id) is answered"
    add(duty)
  }

  /// Each drill is followed by another of its kind.
  mutating func addDrills() {
    let held = Dictionary(
      grouping: registers.drills.filter { $0.kind != .phishing && $0.performedOn != nil },
      by: \.kind)
    for kind in Drill.Kind.allCases {
      let drills = (held[kind] ?? []).sorted { left, right in
        (left.performedOn?.number ?? 0, left.id) < (right.performedOn?.number ?? 0, right.id)
      }
      guard let last = drills.last else { continue }
      var duty = draft(.drill, kind.rawValue, "drills", last.place, row: last.id)
      duty.owner = last.owner
      duty.note =
        "a \(kind.rawValue) drill takes place every \(CalendarDraft.words(span("drill.interval")))"
      let days = drills.compactMap(\.performedOn)
      addChain(
        of: duty,
        done: days.map { (zone.start(of: $0), zone.end(of: registers.drillDue(after: $0))) },
        every: span("drill.interval"), last.validity)
    }
  }
}

extension Approval {
  /// The first nanosecond for which it is not given.
  fileprivate var end: Int64 { until?.end ?? .max }
}
