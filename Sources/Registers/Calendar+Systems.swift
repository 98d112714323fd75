/// What is expected of secrets, backups and reviews of access.
extension CalendarDraft {
  mutating func add(_ secret: Secret) {
    let period: Int64
    switch (secret.maxAgeSeconds, secret.class) {
    case (let seconds?, _): period = self.seconds(seconds)
    case (nil, .sensitiveKey): period = span("rotation.sensitive_key")
    case (nil, .serviceToken): period = span("rotation.service_token")
    // The policy has no time for others.
    case (nil, .other): return
    }
    var duty = draft(.rotation, secret.id, "secrets", secret.place, row: secret.id)
    recur(&duty, last: secret.lastRotated?.start ?? secret.validity.start, period)
    let warn = saturatingSum(duty.due, -span("rotation.warn"))
    if warn > duty.opens { duty.warns = [warn] }
    duty.met = end(of: secret.validity, secret.revokedAt?.start)
    (duty.owner, duty.system) = (secret.owner, secret.system)
    duty.note = "\(secret.name) is rotated every \(CalendarDraft.words(period))"
    add(duty)
  }

  mutating func add(_ backup: Backup) {
    addRestoreTest(of: backup)
    guard let interval = backup.intervalSeconds, interval > 0 else { return }
    let factor = policy.decimal("backup.interval_factor")
    let period = seconds(Int(min(1e10, Double(interval) * max(1, factor))))
    var duty = draft(.backup, backup.id, "backups", backup.place, row: backup.id)
    recur(&duty, last: backup.lastSuccess?.start ?? backup.validity.start, period)
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
    // A test counts that passed, and not in production.
    let tests = backup.restoreTests.filter {
      $0.result == .passed && !registers.isProduction($0.environment)
    }
    let last = tests.map(\.at.start).max() ?? backup.validity.start
    var duty = draft(.restoreTest, backup.id, "backups", backup.place, row: backup.id)
    recur(&duty, last: last, span("restore_test.interval"))
    let warn = saturatingSum(duty.due, -span("restore_test.warn"))
    if warn > duty.opens { duty.warns = [warn] }
    (duty.met, duty.owner) = (end(of: backup.validity), backup.owner)
    duty.note =
      "a restore of \(backup.name) outside production is tested every \(CalendarDraft.words(span("restore_test.interval")))"
    add(duty)
  }

  /// Something that is due again some time after it was done last.
  func recur(_ duty: inout Obligation, last: Int64, _ period: Int64) {
    (duty.opens, duty.due) = (last, saturatingSum(last, period))
    duty.period = period
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

  /// Each month of each system into which somebody's access is registered, or that was reviewed before.
  mutating func addAccessReviews() {
    guard registers.present.contains(.reviews) else { return }
    var duties: [String: (place: Place, row: String, done: [Int: Int64], first: Int)] = [:]
    for review in registers.reviews {
      var known = duties[review.system] ?? (review.place, review.id, [:], .max)
      known.first = min(known.first, review.month.number)
      if let time = review.reviewedAt?.start, review.reviewedBy != nil {
        guard time >= zone.start(of: review.month.first) else {
          duties[review.system] = known
          continue
        }
        let earlier = known.done[review.month.number] ?? .max
        known.done[review.month.number] = min(earlier, time)
      }
      duties[review.system] = known
    }
    for system in accessedSystems where duties[system] == nil {
      guard let review = registers.reviews.first else { break }
      duties[system] = (review.place, system, [:], .min)
    }
    let rows = Dictionary(
      registers.infrastructure.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    for (system, known) in duties.sorted(by: { $0.key < $1.key }) {
      let row = rows[system]
      let start = row.map(\.validity.start).flatMap { $0 > .min ? month(of: $0) : nil }
      let end = row.map(\.validity.end).flatMap { $0 < .max ? month(of: $0 - 1) - 1 : nil }
      monthly.append(
        MonthlyDuty(
          kind: .accessReview, register: "reviews",
          file: CalendarDraft.name(of: known.place.file), row: known.row, system: system,
          owner: row?.owner, first: max(0, start ?? (known.first < .max ? known.first : 0)),
          last: end ?? .max, dueDay: min(28, max(1, policy.integer("review.due_day"))),
          done: known.done, zone: zone))
    }
  }

  private func month(of time: Int64) -> Int { CivilMonth(containing: zone.day(at: time)).number }

  /// The systems that accounts and grants name.
  private var accessedSystems: Set<String> {
    var systems: Set<String> = []
    for person in registers.people {
      systems.formUnion(person.accounts.map(\.system))
      systems.formUnion(person.access.map(\.system))
    }
    for contractor in registers.contractors {
      systems.formUnion(contractor.accounts.map(\.system))
      systems.formUnion(contractor.granted.map(\.system))
    }
    systems.remove("*")
    return systems
  }
}
