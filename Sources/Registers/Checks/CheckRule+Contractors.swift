/// Terms and their ends: rows 7, 8, 17, 18, 19, 21, 42.
extension CheckRule {
  static let contractors = [
    CheckRule(
      "contractor-unscoped", "Each contractor has an agreed scope", rows: [7], level: .medium,
      needs: [.contractors]
    ) { run in
      let (now, registers) = (run.now, run.registers)
      run.each(registers.contractors, where: { registers.access(of: $0).contains(now) }) {
        run, row in
        if row.scope == nil {
          run.flag(
            row.id, row.place, "nothing was agreed about what `\(row.id)` may do",
            fix: "add scope: {systems: […], environments: […]}")
        }
      }
    },
    CheckRule(
      "contractor-expiry", "Access ends within six weeks unless it is renewed in writing",
      rows: [8], level: .high, needs: [.contractors]
    ) { run in
      let recent = run.book.ago(days: 31)
      let (zone, today) = (run.registers.zone, run.book.today)
      run.each(
        run.registers.contractors,
        where: { row in
          let end = row.registeredEnd.map { zone.end(of: $0) } ?? row.effectiveEnd
          return max(end, row.effectiveEnd) > recent && row.start <= today
        }
      ) { run, row in run.checkExpiry(of: row) }
    },
    CheckRule(
      "offboard-overdue", "All access is gone in time after the end", rows: [17, 42], level: .high,
      needs: [.contractors]
    ) { run in
      for leaver in run.leavers() {
        run.population += 1
        run.checkOffboarding(of: leaver)
      }
    },
    CheckRule(
      "offboard-unrecorded", "Offboarding is recorded in a task, in time", rows: [21],
      level: .medium, needs: [.contractors]
    ) { run in
      for leaver in run.leavers() where leaver.due <= run.now && leaver.isContractor {
        run.population += 1
        guard let done = run.book.past(leaver.offboarding?.completedAt) else {
          run.flag(
            leaver.id, leaver.place, "no offboarding of `\(leaver.id)` was recorded",
            fix: "add offboarding: {completed_at: …, ref: …}")
          continue
        }
        if leaver.offboarding?.reference == nil {
          run.flag(
            leaver.id, leaver.place, "the offboarding of `\(leaver.id)` names no task",
            fix: "add `ref`, the task that records it")
        }
        if done.start > leaver.due {
          run.flag(
            leaver.id, leaver.place,
            "the offboarding of `\(leaver.id)` was completed \(done), after it was due at "
              + RFC3339.text(nanoseconds: leaver.due),
            fix: "nothing can be changed now; the review lists it")
        }
      }
    },
    CheckRule(
      "exit-data-unconfirmed", "No data stays in personal accounts", rows: [19], level: .low,
      needs: [.contractors]
    ) { run in
      for leaver in run.leavers() where run.book.past(leaver.offboarding?.completedAt) != nil {
        run.population += 1
        if leaver.offboarding?.dataConfirmation == nil {
          run.flag(
            leaver.id, leaver.place, "nobody confirmed that `\(leaver.id)` kept no data",
            fix: "add `data_confirmation` to the offboarding")
        }
      }
    },
    CheckRule(
      "orphan-owner", "Whatever somebody owned has an owner who is here", rows: [18],
      level: .medium, needs: [.people]
    ) { run in
      let duties = run.registers.duties
      run.owners(run.registers.infrastructure) { ($0.owner, $0.ownerPlace) }
      run.owners(run.registers.tools, where: { $0.status != .retired }) {
        ($0.owner, $0.ownerPlace)
      }
      run.owners(run.registers.people) { ($0.owner, $0.ownerPlace) }
      run.owners(run.registers.contractors) { ($0.owner, $0.ownerPlace) }
      run.owners(duties.subprocessors) { ($0.owner, $0.ownerPlace) }
      run.owners(duties.secrets) { ($0.owner, $0.ownerPlace) }
      run.owners(duties.backups) { ($0.owner, $0.ownerPlace) }
      run.owners(duties.policies) { ($0.owner, $0.ownerPlace) }
      run.owners(duties.risks) { ($0.owner, $0.ownerPlace) }
    },
  ]
}

/// Somebody whose access ended, and what was written down about that.
struct Leaver {
  let id: String
  let isContractor: Bool
  /// When the access ended, and when all of it must be gone.
  let end, due: Int64
  let offboarding: Offboarding?
  let grants: [AccessGrant]
  let place: Place
}

extension CheckRun {
  /// Who left within the year before now, contractors first.
  func leavers() -> [Leaver] {
    let since = book.ago(days: 365)
    let contractors = registers.contractors.map { row in
      Leaver(
        id: row.id, isContractor: true, end: registers.access(of: row).end,
        due: registers.offboardingDue(of: row),
        offboarding: row.offboarding, grants: row.granted,
        place: row.offboarding?.place ?? row.place)
    }
    let people = registers.people.filter { $0.kind == .employee }.map { row in
      Leaver(
        id: row.id, isContractor: false, end: row.validity.end,
        due: registers.offboardingDue(of: row), offboarding: row.offboarding, grants: row.access,
        place: row.offboarding?.place ?? row.place)
    }
    return (contractors + people).filter { $0.end <= now && $0.end > since }
  }

  /// Whether access ended in time, on each system that it was given on.
  mutating func checkOffboarding(of leaver: Leaver) {
    let (id, due) = (leaver.id, RFC3339.text(nanoseconds: leaver.due))
    let checklist = (leaver.offboarding?.checklist ?? []).filter { $0.at.start <= now }
    for revoked in checklist where revoked.at.start > leaver.due {
      flag(
        id, leaver.place,
        "the access of `\(id)` on `\(revoked.system)` was revoked \(revoked.at), "
          + "after it was due at \(due)", fix: "nothing can be changed now; the review lists it")
    }
    let done = book.past(leaver.offboarding?.completedAt)
    if let done {
      if done.start > leaver.due, checklist.isEmpty {
        flag(
          id, leaver.place, "the access of `\(id)` was gone \(done), after it was due at \(due)",
          fix: "nothing can be changed now; the review lists it")
      }
      let revoked = Set(checklist.map(\.system))
      for system in Set(leaver.grants.map(\.system)).subtracting(revoked).sorted()
      where !checklist.isEmpty {
        flag(
          id, leaver.place, "the checklist of `\(id)` does not say when `\(system)` was revoked",
          fix: "add `\(system)` to `checklist`")
      }
    } else if now > leaver.due {
      flag(
        id, leaver.place,
        "the access of `\(id)` was due to be gone at \(due), and nobody says it is",
        fix: "revoke it, and add offboarding: {completed_at: …, ref: …}")
    } else if now
      >= leaver.end.adding(
        seconds: policy.integer("offboarding.warn_hours") * 3600)
    {
      flag(
        id, leaver.place, "the access of `\(id)` must be gone at \(due)",
        fix: "revoke it, and add offboarding: {completed_at: …, ref: …}", isWarning: true)
    }
  }

  /// Whether a contractor's end is agreed, within the cap, and not about to pass.
  mutating func checkExpiry(of row: Contractor) {
    let id = row.id
    if row.registeredEnd == nil, row.renewals.isEmpty {
      flag(
        id, row.endPlace, "the engagement of `\(id)` has no end",
        fix: "add `end`; access ends at the end of \(row.grantedEndDay) at the latest")
    }
    if let end = row.registeredEnd, end > row.grantedEndDay {
      flag(
        id, row.endPlace,
        "`\(id)` is registered until \(end), but access ends at the end of \(row.grantedEndDay)",
        fix: "have a renewal approved before then, or correct `end`")
    }
    // A renewal that was approved later than now is not there yet.
    for renewal in row.renewals where renewal.approvedAt.map({ $0.start <= now }) ?? true {
      if let refusal = renewal.refusal {
        flag(
          id, renewal.place, "a renewal of `\(id)` does not count: \(refusal.reason)",
          fix: refusal.fix)
      }
    }
    let end = registers.lastDay(of: row, knownAt: now)
    let left = end.number - book.today.number
    guard row.validity.contains(now), left >= 0,
      book.past(row.offboarding?.completedAt) == nil
    else { return }
    if left <= policy.integer("contractor.warn_days") {
      flag(
        id, row.endPlace,
        "the access of `\(id)` ends at the end of \(end), "
          + (left == 0 ? "today" : left == 1 ? "tomorrow" : "in \(left) days"),
        fix: "renew it in writing, or plan the last day", isWarning: true)
    }
  }

  /// Whether whoever answers for each row is here.
  mutating func owners<Row: RegisterRow>(
    _ rows: [Row], where isMeant: (Row) -> Bool = { _ in true },
    _ owner: (Row) -> (String?, Place)
  ) {
    for row in rows where row.validity.contains(now) && isMeant(row) {
      guard case (let holder?, let place) = owner(row) else { continue }
      population += 1
      if let absence = book.absence(of: holder) {
        flag(
          row.id, place, "`\(holder)`, who answers for `\(row.id)`, \(absence)",
          fix: "name someone who is here, or archive it")
      }
    }
  }
}
