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

  mutating func add(_ attestation: Attestation) {
    guard let next = attestation.nextDue ?? registers.attestationDue(of: attestation) else {
      return
    }
    var duty = draft(
      .attestation, attestation.id, "attestations", attestation.place, row: attestation.id)
    duty.opens = attestation.performedOn.map { zone.start(of: $0) } ?? attestation.validity.start
    (duty.due, duty.owner) = (zone.end(of: next), attestation.owner)
    duty.met = end(of: attestation.validity)
    duty.note = "\(attestation.statement ?? attestation.clause) is vouched for again by \(next)"
    add(duty)
  }

  /// An exception ends: what it allowed is taken back, or the row is ended, or another takes its place.
  mutating func add(_ approval: Approval) {
    guard approval.kind == .exception, let until = approval.until, approval.refusal == nil else {
      return
    }
    var duty = draft(.exception, approval.id, "approvals", approval.place, row: approval.id)
    duty.opens = approval.from?.start ?? approval.approvedAt?.end ?? approval.validity.start
    let cap = days("exception.days_max")
    duty.due = min(until.end, duty.opens > .min ? saturatingSum(duty.opens, cap) : .max)
    let follower = registers.approvals.filter {
      $0.kind == .exception && $0.id != approval.id && $0.refusal == nil
        && $0.subject == approval.subject && $0.control == approval.control
        && ($0.until?.end ?? .min) > until.end
    }.compactMap { $0.approvedAt?.end }.min()
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
    let parties: [(name: String, isOwed: Bool, at: TimePoint?, limit: String)] = [
      ("client", incident.affectsClients, incident.notifiedClient, "incident.client_notice"),
      (
        "regulator", incident.touchesPersonalData, incident.notifiedRegulator,
        "incident.regulator_notice"
      ),
    ]
    for party in parties where party.isOwed {
      var duty = draft(
        .notification, "\(incident.id)/\(party.name)", "incidents", incident.place,
        row: incident.id)
      duty.opens = incident.detectedAt.start
      duty.due = saturatingSum(duty.opens, span(party.limit))
      (duty.met, duty.owner) = (party.at?.start, incident.owner)
      duty.note = "the \(party.name) is told of the incident \(incident.id)"
      add(duty)
    }
  }

  private mutating func addAnalysis(of incident: Incident) {
    guard incident.severity == .critical || incident.severity == .high,
      let resolved = incident.resolvedAt?.start, incident.analysis == nil
    else { return }
    var duty = draft(.rca, incident.id, "incidents", incident.place, row: incident.id)
    duty.opens = resolved
    duty.due = registers.end(
      ofWorkday: policy.integer("incident.analysis_days"), after: resolved)
    (duty.met, duty.owner) = (end(of: incident.validity), incident.owner)
    duty.note = "why the incident \(incident.id) happened is written down"
    add(duty)
  }

  mutating func add(_ request: DataRequest) {
    var duty = draft(.request, request.id, "requests", request.place, row: request.id)
    duty.opens = request.receivedAt.start
    duty.due = saturatingSum(duty.opens, span("request.answer"))
    duty.met = end(of: request.validity, request.answeredAt?.start)
    duty.owner = request.owner
    duty.note = "the request for \(request.kind.rawValue) \(request.id) is answered"
    add(duty)
  }

  /// The last drill of each kind is followed by another.
  mutating func addDrills() {
    for kind in Drill.Kind.allCases where kind != .phishing {
      let drills = registers.drills.filter { $0.kind == kind && $0.result != .failed }
      guard
        let last = drills.max(by: { ($0.performedOn?.number ?? 0) < ($1.performedOn?.number ?? 0) })
      else { continue }
      var duty = draft(.drill, kind.rawValue, "drills", last.place, row: last.id)
      recur(
        &duty, last: last.performedOn.map { zone.start(of: $0) } ?? last.validity.start,
        span("drill.interval"))
      (duty.met, duty.owner) = (end(of: last.validity), last.owner)
      duty.note =
        "a \(kind.rawValue) drill takes place every \(CalendarDraft.words(span("drill.interval")))"
      add(duty)
    }
  }
}
