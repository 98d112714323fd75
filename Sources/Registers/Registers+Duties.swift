/// When things that the registers speak of are due, by the policy's choices.
extension Registers {
  /// From when until when a contractor has access: the engagement as it was granted, within the row's own validity.
  public func access(of row: Contractor) -> Validity {
    row.validity.clamped(start: zone.start(of: row.start), end: row.effectiveEnd)
  }

  /// The last day with access as was known at a time: a renewal moves it from its approval on.
  public func lastDay(of row: Contractor, knownAt time: Int64) -> CivilDay {
    var end = zone.day(at: row.firstEnd - 1)
    for renewal in row.renewals where renewal.isValid {
      guard let until = renewal.until, let given = renewal.approvedAt, given.latest <= time
      else { continue }
      end = until
    }
    if let ended = row.offboarding?.endedAt, ended.end < zone.end(of: end) {
      end = zone.day(at: ended.latest)
    }
    return end
  }

  /// When all access of a contractor must be gone, nanoseconds since 1970 UTC.
  public func offboardingDue(of contractor: Contractor) -> Int64 {
    due(
      after: access(of: contractor).end, notice: contractor.offboarding?.noticeAt,
      hours: policy.integer("offboarding.hours"))
  }

  /// When all access of somebody in employment must be gone, nanoseconds since 1970 UTC.
  public func offboardingDue(of person: Person) -> Int64 {
    due(
      after: person.validity.end, notice: person.offboarding?.noticeAt,
      hours: policy.integer("offboarding.people_hours"))
  }

  /// When a step of an incident is due, nanoseconds since 1970 UTC: a duration after it was noticed, or
  /// the end of a business day, by its severity.
  ///
  /// A weakness is mended in its own time.
  package func incidentDue(_ row: Incident, _ step: Incident.Step) -> Int64 {
    let begin = row.detectedAt.latest
    if step == .resolve, row.isVulnerability, let name = row.severity.mendedWithin {
      return begin.adding(seconds: policy.seconds(name))
    }
    switch row.severity.limit(of: step) {
    case .span(let name): return begin.adding(seconds: policy.seconds(name))
    case .workdays(let name): return end(ofWorkday: policy.integer(name), after: begin)
    }
  }

  /// The end of the day that is so many business days after an instant's.
  func end(ofWorkday count: Int, after time: Int64) -> Int64 {
    let names = Policy.weekdays
    let workdays = Set(policy.texts("incident.workdays").compactMap { names.firstIndex(of: $0) })
    // More than ten thousand are nobody's plan, and would take long to count.
    var (day, left) = (zone.day(at: time), min(count, 10_000))
    while left > 0 {
      day = day.advanced(by: 1)
      // Without a business day every day is one.
      if workdays.isEmpty || workdays.contains(day.weekday) { left -= 1 }
    }
    return zone.end(of: day)
  }

  /// Whether an environment serves customers; none does not.
  public func isProduction(_ environment: String?) -> Bool {
    guard let environment else { return false }
    for name in policy.texts("infrastructure.production") where Pattern.fits(name, environment) {
      return true
    }
    return false
  }

  /// Hours after an end.
  ///
  /// A notice counts only where the policy says so, and only one that came after
  /// the end: what was known before takes nothing from the access that was agreed.
  private func due(after end: Int64, notice: TimePoint?, hours: Int) -> Int64 {
    var begin = end
    if let notice, policy.text("offboarding.counted_from") == "notice" {
      begin = max(end, notice.end)
    }
    return begin.adding(seconds: hours * 3600)
  }
}

extension Incident {
  /// What is done about an incident, in order.
  package enum Step: String, CaseIterable, Sendable { case acknowledge, contain, resolve }

  /// Whether it is a weakness that was found, which nobody has used yet.
  package var isVulnerability: Bool { kind == "vulnerability" }
}

extension Incident.Severity {
  /// The policy's entry that says until when something is done.
  fileprivate enum Limit {
    case span(String), workdays(String)
  }

  fileprivate func limit(of step: Incident.Step) -> Limit {
    switch (self, step) {
    case (.critical, .acknowledge): .span("incident.critical.acknowledge")
    case (.critical, .contain): .span("incident.critical.contain")
    case (.critical, .resolve): .span("incident.critical.resolve")
    case (.high, .acknowledge): .span("incident.high.acknowledge")
    case (.high, .contain): .span("incident.high.contain")
    case (.high, .resolve): .span("incident.high.resolve")
    case (.medium, .acknowledge): .workdays("incident.medium.acknowledge_days")
    case (.medium, .contain): .workdays("incident.medium.contain_days")
    case (.medium, .resolve): .workdays("incident.medium.resolve_days")
    case (.low, .acknowledge): .workdays("incident.low.acknowledge_days")
    case (.low, .contain): .workdays("incident.low.contain_days")
    case (.low, .resolve): .workdays("incident.low.resolve_days")
    }
  }

  /// The policy's entry that says how soon a weakness is mended; of those of low severity there is none of its own.
  fileprivate var mendedWithin: String? {
    switch self {
    case .critical: "vulnerability.critical"
    case .high: "vulnerability.high"
    case .medium: "vulnerability.medium"
    case .low: nil
    }
  }
}

extension Int64 {
  /// Nanoseconds so many seconds later; what 64 bits can not hold is held at their end.
  package func adding(seconds: Int) -> Int64 {
    let (sum, isOver) = addingReportingOverflow(saturating(seconds: Int64(seconds)))
    return isOver ? (seconds < 0 ? .min : .max) : sum
  }
}
