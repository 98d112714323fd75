/// Who may approve what, and what follows for renewals, ends and approvals.
struct Verdicts {
  /// The role that lets a person approve access.
  static let role = "approver:contractor"

  private let people: [String: Person]
  private let zone: any CivilZone
  private let policy: Policy
  /// Who may approve beside those with the role.
  private let delegates: Set<String>
  /// Where messages are chat, and whether one must have been exported.
  private let chats: Set<String>
  private let needsExport: Bool

  /// Verdicts over the people register.
  init(people: [Person], zone: any CivilZone, policy: Policy) {
    self.people = Dictionary(people.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    (self.zone, self.policy) = (zone, policy)
    delegates = Set(policy.texts("approval.delegates"))
    chats = Set(policy.texts("approval.chat_channels"))
    needsExport = policy.text("approval.chat_evidence") == "export"
  }

  /// Why `approver` could not approve something for `subjects` at a time, or `nil` when they could.
  func refusal(
    approver: String?, at point: TimePoint?, subjects: [String], reference: String?,
    channel: String?, evidence: String?
  ) -> Renewal.Refusal? {
    guard let approver else {
      return .init(
        reason: "nobody approved it", fix: "add the approver's id")
    }
    guard let point else {
      return .init(reason: "the approval has no date", fix: "add when it was approved")
    }
    guard reference != nil else {
      return .init(
        reason: "the approval has no reference",
        fix: "add `ref`, the message or ticket")
    }
    guard !subjects.contains(approver) else {
      return .init(
        reason: "`\(approver)` approved themself", fix: "have another `\(Verdicts.role)` approve it"
      )
    }
    guard let person = people[approver] else {
      return .init(
        reason: "the approver `\(approver)` is not in the people register",
        fix: "add the person, or correct the id")
    }
    guard person.roles.contains(Verdicts.role) || delegates.contains(approver) else {
      return .init(
        reason: "`\(approver)` does not hold the role `\(Verdicts.role)`",
        fix: "have someone approve it who does")
    }
    guard person.validity.contains(point.latest) else {
      let when = point.latest < person.validity.start ? "had not started" : "had left"
      return .init(
        reason: "`\(approver)` \(when) when it was approved (\(point))",
        fix: "have someone approve it who holds the role `\(Verdicts.role)`")
    }
    if needsExport, evidence == nil, let channel, chats.contains(channel) {
      return .init(
        reason: "it was approved by \(channel), and the message was not exported",
        fix: "add `evidence`, where the message was exported to")
    }
    return nil
  }

  /// Judges the renewals in order and sets the end that they lead to.
  func judge(_ contractor: inout Contractor) {
    let cap = lastDay(of: contractor.start)
    var end = min(contractor.registeredEnd ?? cap, cap)
    contractor.firstEnd = zone.end(of: end)
    for index in contractor.renewals.indices {
      let refusal = refusal(
        of: contractor.renewals[index], for: contractor.id, after: end, cap: cap)
      contractor.renewals[index].refusal = refusal
      if refusal == nil, let until = contractor.renewals[index].until { end = until }
    }
    contractor.grantedEndDay = end
    contractor.effectiveEndDay = end
    contractor.effectiveEnd = zone.end(of: end)
    // Work that ended sooner takes the access along.
    if let ended = contractor.offboarding?.endedAt, ended.end < contractor.effectiveEnd {
      contractor.effectiveEnd = ended.end
      contractor.effectiveEndDay = zone.day(at: ended.latest)
    }
  }

  /// The last day of a first term, by the way of counting that the policy says.
  private func lastDay(of start: CivilDay) -> CivilDay {
    let days = policy.integer("contractor.days_max")
    return start.advanced(
      by: policy.text("contractor.day_count") == "inclusive" ? days - 1 : days)
  }

  private func refusal(
    of renewal: Renewal, for id: String, after end: CivilDay, cap: CivilDay
  ) -> Renewal.Refusal? {
    guard let until = renewal.until else {
      return .init(reason: "the renewal has no end", fix: "add `until`")
    }
    if let refusal = refusal(
      approver: renewal.approvedBy, at: renewal.approvedAt, subjects: [id],
      reference: renewal.reference, channel: renewal.channel, evidence: renewal.evidence)
    {
      return refusal
    }
    guard renewal.channel != nil else {
      return .init(
        reason: "the renewal does not say where it was approved", fix: "add `channel`")
    }
    guard let approvedAt = renewal.approvedAt, approvedAt.latest < zone.end(of: end) else {
      return .init(
        reason: "the renewal was approved on \(renewal.approvedAt?.text ?? "no day"), after the "
          + "access lapsed at the end of \(end)",
        fix: "start a new engagement; a lapse can not be approved away")
    }
    guard until > end else {
      return .init(
        reason: "the renewal until \(until) extends nothing: access lasts to \(end) without it",
        fix: "correct `until`, or remove the renewal")
    }
    guard until <= cap || policy.bool("contractor.renewal_restarts_cap") else {
      return .init(
        reason: "the renewal until \(until) goes beyond \(cap), and a renewal does not restart the "
          + "\(policy.integer("contractor.days_max")) days",
        fix: "renew until \(cap) at the latest, or start a new engagement")
    }
    let most = policy.integer("contractor.renewal_days_max")
    guard until.number - end.number <= most else {
      return .init(
        reason: "the renewal until \(until) is \(until.number - end.number) days after the "
          + "previous end \(end); at most \(most) are allowed",
        fix: "renew until \(end.advanced(by: most)) at the latest, and again before that")
    }
    return nil
  }

  /// Judges an approval of any kind.
  func judge(_ approval: inout Approval) {
    approval.refusal =
      refusal(
        approver: approval.approvedBy, at: approval.approvedAt,
        subjects: [approval.subject].compactMap { $0 }, reference: approval.reference,
        channel: approval.channel, evidence: approval.evidence)
      ?? (approval.until == nil
        ? .init(reason: "the approval has no end", fix: "add `until`") : nil)
      ?? (approval.subject == nil
        ? .init(reason: "the approval names nobody", fix: "add `subject`") : nil)
  }
}
