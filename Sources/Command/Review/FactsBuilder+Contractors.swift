import Detectors
import Pipelines
import Registers
import Reviews

extension FactsBuilder {
  /// People with access at the month's end, by kind.
  var people: [ReviewFacts.KindCount] {
    let now = lastMoment
    let valid = registers.people.filter { $0.validity.contains(now) }
    var kinds: [ReviewFacts.KindCount] = []
    if registers.hasPeople {
      kinds += Person.Kind.allCases.map { kind in
        ReviewFacts.KindCount(kind: kind.rawValue, count: valid.count { $0.kind == kind })
      }
    }
    if registers.hasContractors {
      let active = registers.contractors.count {
        registers.access(of: $0).contains(now)
          && $0.offboarding?.completedAt.map { $0.latest >= now } ?? true
      }
      kinds.append(ReviewFacts.KindCount(kind: "contractor", count: active))
    }
    return kinds
  }

  /// The contractors whose engagement or activity touches the month, or whose offboarding is still
  /// open from before it, by id.
  var contractors: [ReviewFacts.Contractor] {
    let usesByPerson = Dictionary(grouping: result.tallies.uses) { $0.key.person }
    return registers.contractors.filter { contractor in
      let registered = contractor.registeredEnd.map { local.start(ofDay: $0.number + 1) }
      let end = max(contractor.effectiveEnd, registered ?? .min)
      let start = local.start(ofDay: contractor.start.number)
      let isOpen = end <= window.lowerBound && past(contractor.offboarding?.completedAt) == nil
      return touchesMonth(start, end) || isOpen || result.tallies.people[contractor.id] != nil
        || usesByPerson[contractor.id] != nil
    }.sorted { ($0.id, $0.start) < ($1.id, $1.start) }
      .map { contractor(from: $0, uses: usesByPerson[$0.id] ?? []) }
  }

  private func contractor(
    from row: Contractor, uses: [(key: Tallies.Use, value: Tallies.Seen)]
  ) -> ReviewFacts.Contractor {
    let successes = successesAfterEnd(row.id)
    let used = self.used(uses)
    let last = registers.lastDay(of: row, knownAt: lastMoment)
    return ReviewFacts.Contractor(
      id: row.id, name: row.name, company: row.company ?? "", start: "\(row.start)",
      registeredEnd: row.registeredEnd.map { "\($0)" } ?? "",
      effectiveEnd: "\(last)",
      daysLeft: last.number - lastDay.number,
      verdict: verdict(on: row, until: last, successesAfterEnd: successes, used: used),
      renewals: row.renewals.filter { $0.approvedAt == nil || past($0.approvedAt) != nil }.map {
        ReviewFacts.Renewal(
          until: $0.until.map { "\($0)" } ?? "", approvedBy: $0.approvedBy ?? "",
          approvedAt: text($0.approvedAt), channel: $0.channel ?? "", ref: $0.reference ?? "",
          verdict: $0.refusal.map { .bad($0.reason) } ?? .good("valid"))
      },
      granted: granted(row.scope), used: used,
      offboardedAt: text(past(row.offboarding?.completedAt)),
      offboardingRef: row.offboarding?.reference ?? "",
      lastActivity: text(result.tallies.people[row.id]?.last), successesAfterEnd: successes)
  }

  /// Successes after access should have ended, as the findings of the month count them.
  private func successesAfterEnd(_ id: String) -> Int {
    findings.reduce(0) { sum, finding in
      guard finding.detector == "expired-account-active", isAbout(finding, person: id) else {
        return sum
      }
      return sum + Int(counting: finding.count)
    }
  }

  /// Whether a finding is about a person of the registers.
  func isAbout(_ finding: Finding, person id: String) -> Bool {
    if let person = finding.evidence.first?["person.id"] { return person == id }
    return finding.subject == id || finding.subject.hasPrefix(id + " · ")
  }

  /// The state of an engagement at the month's end, the gravest first.
  private func verdict(
    on row: Contractor, until last: CivilDay, successesAfterEnd: Int, used: [ReviewFacts.Use]
  ) -> Mark {
    if successesAfterEnd > 0 { return .bad("active after the end") }
    let outside = used.contains { !$0.isInside && $0.approval.isEmpty }
    if row.start > lastDay { return .neutral("not started") }
    if last < lastDay, let verdict = offboardingVerdict(row) {
      return outside ? .bad("outside the scope; \(verdict.label)") : verdict
    }
    if outside { return .bad("outside the scope") }
    if last < lastDay { return .good("ended, offboarded") }
    guard let registered = row.registeredEnd else { return .attention("no end registered") }
    if registered > row.effectiveEndDay { return .attention("registered end is beyond the limit") }
    let daysLeft = last.number - lastDay.number
    if daysLeft <= registers.policy.integer("contractor.warn_days") {
      return .attention(daysLeft == 0 ? "ends with the month" : "ends soon")
    }
    let isRenewed = row.renewals.contains { $0.isValid && past($0.approvedAt) != nil }
    return .good(isRenewed ? "active, renewed" : "active")
  }

  /// What is wrong with the offboarding of someone whose access has ended; `nil` when nothing is.
  private func offboardingVerdict(_ row: Contractor) -> Mark? {
    let due = registers.offboardingDue(of: row)
    guard let completed = past(row.offboarding?.completedAt) else {
      if due > lastMoment { return .attention("ended, offboarding is due") }
      return .bad("ended, offboarding not recorded")
    }
    return completed.start > due ? .attention("ended, offboarded late") : nil
  }

  private func granted(_ scope: Scope?) -> [ReviewFacts.Grant] {
    guard let scope else {
      return [ReviewFacts.Grant(dimension: "scope", values: ["nothing agreed"])]
    }
    func grant(_ dimension: String, _ values: [String]?) -> ReviewFacts.Grant {
      ReviewFacts.Grant(dimension: dimension, values: values ?? ["not limited"])
    }
    var hours = scope.hours
    if let zone = scope.timezone { hours = hours?.map { "\($0) (\(zone))" } }
    return [
      grant("systems", scope.systems), grant("environments", scope.environments),
      grant("actions", scope.actions), grant("hours", hours), grant("countries", scope.countries),
    ]
  }

  private func used(_ uses: [(key: Tallies.Use, value: Tallies.Seen)]) -> [ReviewFacts.Use] {
    uses.sorted { left, right in
      let (one, other) = (left.key, right.key)
      return (one.system, one.environment, one.scope, one.reason, one.approval)
        < (other.system, other.environment, other.scope, other.reason, other.approval)
    }.map { use, seen in
      ReviewFacts.Use(
        system: use.system.isEmpty ? "(not named)" : use.system, environment: use.environment,
        first: text(seen.first), last: text(seen.last), count: Int(counting: seen.count),
        isInside: use.scope == "inside", approval: use.approval,
        reason: use.scope == "unscoped" ? "nothing agreed" : use.reason)
    }
  }
}
