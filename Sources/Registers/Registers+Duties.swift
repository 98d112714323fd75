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
  /// - Parameter step: `acknowledge`, `contain` or `resolve`.
  public func incidentDue(_ row: Incident, _ step: String) -> Int64 {
    let name = "incident.\(row.severity.rawValue).\(step)"
    let begin = row.detectedAt.latest
    return policy[name] != nil
      ? begin.adding(seconds: policy.seconds(name))
      : end(ofWorkday: policy.integer(name + "_days"), after: begin)
  }

  /// The end of the day that is so many business days after an instant's.
  func end(ofWorkday count: Int, after time: Int64) -> Int64 {
    let names = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
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
    return policy.texts("infrastructure.production").contains(environment.lowercased())
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

extension Int64 {
  /// Nanoseconds so many seconds later; what 64 bits can not hold is held at their end.
  package func adding(seconds: Int) -> Int64 {
    let (sum, isOver) = addingReportingOverflow(saturating(seconds: Int64(seconds)))
    return isOver ? (seconds < 0 ? .min : .max) : sum
  }
}
