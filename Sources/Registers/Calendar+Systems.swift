/// What is expected of secrets, backups and reviews of access.
extension CalendarDraft {
  mutating func add(_ secret: Secret) {
    // The policy has no time for others.
    guard let age = registers.maxAge(of: secret) else { return }
    let period = seconds(age)
    var duty = draft(.rotation, secret.id, "secrets", secret.place, row: secret.id)
    recur(&duty, last: secret.lastRotated?.start ?? secret.validity.start, period)
    if let due = registers.rotationDue(of: secret) { duty.due = due }
    let warn = saturatingSum(duty.due, -span("rotation.warn"))
    if warn > duty.opens { duty.warns = [warn] }
    duty.met = end(of: secret.validity, secret.revokedAt?.start)
    (duty.owner, duty.system) = (secret.owner, secret.system)
    duty.note = "\(secret.name) is rotated every \(CalendarDraft.words(period))"
    add(duty)
  }

  mutating func add(_ backup: Backup) {
    addRestoreTest(of: backup)
    guard let interval = backup.intervalSeconds, let late = registers.backupPeriod(of: backup)
    else { return }
    let period = seconds(late)
    var duty = draft(.backup, backup.id, "backups", backup.place, row: backup.id)
    recur(&duty, last: backup.lastSuccess?.start ?? backup.validity.start, period)
    if let last = backup.lastSuccess { duty.due = registers.over(last, seconds: late) }
    duty.met = end(of: backup.validity)
    duty.owner = backup.owner
    duty.note =
      "\(backup.name) succeeds every \(CalendarDraft.words(seconds(interval))), and is late after \(CalendarDraft.words(period))"
    add(duty)
    // Of several jobs, one that works says nothing of the others.
    for job in backup.jobs where backup.jobs.count > 1 && !job.contains("*") {
      var each = Obligation(
        kind: .snapshot, id: "\(backup.id)/\(job)", register: "backups", file: duty.file,
        row: backup.id, opens: duty.opens, due: duty.due)
      (each.period, each.met, each.owner, each.job) = (duty.period, duty.met, duty.owner, job)
      each.note =
        "the job \(job) of \(backup.name) succeeds every \(CalendarDraft.words(seconds(interval)))"
      add(each)
    }
  }

  private mutating func addRestoreTest(of backup: Backup) {
    var duty = draft(.restoreTest, backup.id, "backups", backup.place, row: backup.id)
    duty.owner = backup.owner
    duty.note =
      "a restore of \(backup.name) outside production is tested every \(CalendarDraft.words(span("restore_test.interval")))"
    let tests = registers.goodRestores(of: backup)
    addChain(
      of: duty, done: tests.map { ($0.at.start, registers.restoreDue(after: $0)) },
      every: span("restore_test.interval"), warn: span("restore_test.warn"), backup.validity)
  }

  /// Something that is due again some time after it was done last.
  func recur(_ duty: inout Obligation, last: Int64, _ period: Int64) {
    (duty.opens, duty.due) = (last, saturatingSum(last, period))
    duty.period = period
  }

  /// Something that was done several times: each is followed by the next, and the last by one that is still to come.
  ///
  /// - Parameter done: When it was done and when it is due again, in rising order.
  mutating func addChain(
    of template: Obligation, done: [(at: Int64, due: Int64)], every period: Int64, warn: Int64 = 0,
    _ validity: Validity
  ) {
    let end = end(of: validity)
    let links =
      done.isEmpty ? [(at: validity.start, due: saturatingSum(validity.start, period))] : done
    for (number, link) in links.enumerated() {
      var duty = template
      (duty.opens, duty.due) = (link.at, link.due)
      let reminder = saturatingSum(link.due, -warn)
      if warn > 0, reminder > link.at { duty.warns = [reminder] }
      if number + 1 < links.count {
        duty.met = min(links[number + 1].at, end ?? .max)
      } else {
        (duty.period, duty.met) = (period, end)
      }
      add(duty)
    }
  }

  /// When a row ends, after which nothing is expected of it.
  func end(of validity: Validity, _ others: Int64?...) -> Int64? {
    let end = ([validity.end] + others.compactMap(\.self)).min() ?? .max
    return end < .max ? end : nil
  }

  /// A time in the largest unit that measures it: `31 days`.
  static func words(_ nanoseconds: Int64) -> String {
    let seconds = nanoseconds / second
    let units: [(length: Int64, name: String)] = [
      (86_400, "day"), (3600, "hour"), (60, "minute"), (1, "second"),
    ]
    for unit in units where seconds % unit.length == 0 && seconds >= unit.length {
      let count = seconds / unit.length
      return count == 1 ? unit.name : "\(count) \(unit.name)s"
    }
    return "\(seconds) seconds"
  }

  /// Each whole month of each system whose accounts are reviewed.
  mutating func addAccessReviews() {
    guard registers.present.contains(.reviews) else { return }
    let rows = Dictionary(grouping: registers.reviews, by: \.system)
    let owners = Dictionary(
      registers.infrastructure.map { ($0.id, $0.owner) }, uniquingKeysWith: { first, _ in first })
    let stretches = registers.stretches()
    for system in registers.systemsToReview() {
      let reviews = rows[system] ?? []
      guard let place = (reviews.first ?? registers.reviews.first)?.place else { return }
      var done: [Int: Int64] = [:]
      for review in reviews where registers.isSigned(review) {
        guard let time = review.reviewedAt?.start, time >= zone.start(of: review.month.first)
        else { continue }
        done[review.month.number] = min(done[review.month.number] ?? .max, time)
      }
      // Of what no register knows the beginning of, the first review is.
      let begin = reviews.map(\.month.number).min() ?? 0
      for stretch in stretches[system] ?? [Validity(start: .min, end: .max)] {
        let first = stretch.start > .min ? month(of: stretch.start - 1) + 1 : begin
        let last = stretch.end < .max ? month(of: stretch.end) - 1 : .max
        guard max(0, first) <= last else { continue }
        monthly.append(
          MonthlyDuty(
            kind: .accessReview, register: "reviews", file: CalendarDraft.name(of: place.file),
            row: reviews.first?.id ?? system, system: system, owner: owners[system] ?? nil,
            first: max(0, first), last: last, done: done, registers: registers))
      }
    }
  }

  private func month(of time: Int64) -> Int { CivilMonth(containing: zone.day(at: time)).number }
}
