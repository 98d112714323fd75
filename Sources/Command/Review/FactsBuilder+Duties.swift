import Pipelines
import Registers
import Reviews

/// What the registers say has to be done, and what was, as of the month's end.
extension FactsBuilder {
  /// Whole days from the month's end to an instant; negative once past.
  private func daysLeft(to time: Int64) -> Int { local.day(time) - lastDay.number }

  /// The day of the month of an instant, or `nil` when it lies outside.
  private func dayOfMonth(_ time: Int64) -> Int? {
    let day = local.day(time)
    return month.days.contains(day) ? day - month.days.lowerBound + 1 : nil
  }

  /// How something stands that is due at a time.
  private func verdict(due time: Int64, warnDays: Int) -> Mark {
    let left = daysLeft(to: time)
    if time <= lastMoment { return .bad("overdue") }
    return left <= warnDays ? .attention("due soon") : .good("in time")
  }

  private func current<Row: RegisterRow>(_ rows: [Row]) -> [Row] {
    rows.filter { $0.validity.contains(lastMoment) }.sorted { $0.id < $1.id }
  }

  /// The secrets, by id.
  var secrets: [ReviewFacts.Secret] {
    let rows = registers.secrets.filter { touchesMonth($0.validity.start, $0.validity.end) }
    return rows.sorted { $0.id < $1.id }.map(secret)
  }

  private func secret(_ row: Secret) -> ReviewFacts.Secret {
    var secret = ReviewFacts.Secret()
    (secret.id, secret.name, secret.kind) = (row.id, row.name, row.class.rawValue)
    (secret.store, secret.owner) = (row.store ?? "", row.owner ?? "")
    let names = Set([row.id] + row.names + row.keys)
    let seen = result.tallies[.secrets].rows.filter { names.contains($0.texts[0]) }
    let reads = seen.filter { $0.texts[3] != "secret.rotate" }
    secret.reads = reads.reduce(0) { $0 + Int(counting: $1.seen.count) }
    secret.readers = Set(reads.map { $0.texts[1] }).count
    let rotations = seen.filter { $0.texts[3] == "secret.rotate" && $0.counts[0] > 0 }
    let times =
      [row.lastRotated?.start].compactMap(\.self)
      + rotations.flatMap { [$0.seen.first, $0.seen.last] }
    let past = times.filter { $0 <= lastMoment }
    secret.rotatedDays = Set(past.compactMap(dayOfMonth)).sorted()
    let policyAge: Int? =
      switch row.class {
      case .sensitiveKey: registers.policy.seconds("rotation.sensitive_key")
      case .serviceToken: registers.policy.seconds("rotation.service_token")
      case .other: nil
      }
    let age = row.maxAgeSeconds ?? policyAge
    secret.maxAge = age.map(FactsBuilder.span) ?? ""
    if let last = past.max() { secret.lastRotated = text(last) }
    let due = age.flatMap { age in
      past.max().map { $0.adding(seconds: age) }
    }
    if let due {
      secret.due = text(due)
      secret.daysLeft = daysLeft(to: due)
      secret.dueDays = [dayOfMonth(due)].compactMap(\.self)
    }
    let warn = registers.policy.seconds("rotation.warn") / 86_400
    if let revoked = row.revokedAt, revoked.start <= lastMoment {
      secret.verdict = .neutral("revoked")
    } else if let expires = row.expiresOn, expires.end <= lastMoment {
      secret.verdict = .bad("expired")
    } else if let due {
      secret.verdict = verdict(due: due, warnDays: warn)
    } else {
      secret.verdict =
        age == nil ? .neutral("no rotation asked for") : .bad("never rotated on record")
    }
    return secret
  }

  /// Who used which secret.
  var secretUses: [ReviewFacts.SecretUse] {
    result.tallies[.secrets].rows.map { seen in
      var use = ReviewFacts.SecretUse()
      (use.secret, use.account) = (seen.texts[0], seen.texts[1])
      (use.person, use.action) = (seen.texts[2], seen.texts[3])
      (use.first, use.last) = (text(seen.seen.first), text(seen.seen.last))
      use.events = Int(counting: seen.seen.count)
      return use
    }
  }

  /// The backups of the register, then those that only logs show.
  var backups: [ReviewFacts.Backup] {
    let runs = result.tallies[.backups].rows.filter { $0.texts[2] == "backup.run" }
    var taken: Set<String> = []
    var backups = registers.backups.filter { touchesMonth($0.validity.start, $0.validity.end) }
      .sorted { $0.id < $1.id }.map { row in
        let names = Set([row.id] + row.jobs)
        taken.formUnion(names)
        var backup = ReviewFacts.Backup()
        (backup.id, backup.name, backup.owner) = (row.id, row.name, row.owner ?? "")
        (backup.systems, backup.jobs) = (row.systems, row.jobs)
        backup.interval = row.intervalSeconds.map(FactsBuilder.span) ?? ""
        backup.isDaily = row.intervalSeconds.map { $0 <= 86_400 } ?? false
        let mine = runs.filter { names.contains($0.texts[0]) }
        addRuns(mine, row, to: &backup)
        addTests(row, to: &backup)
        return backup
      }
    let unlisted = Dictionary(grouping: runs.filter { !taken.contains($0.texts[0]) }) {
      $0.texts[0].isEmpty ? "(job not named) \($0.texts[1])" : $0.texts[0]
    }
    for (name, rows) in unlisted.sorted(by: { $0.key < $1.key }) {
      var backup = ReviewFacts.Backup()
      (backup.id, backup.isListed) = (name, false)
      backup.systems = Set(rows.map { $0.texts[1] }).sorted()
      addRuns(rows, nil, to: &backup)
      backup.runs = .attention("in no register")
      backups.append(backup)
    }
    return backups
  }

  private func addRuns(
    _ rows: [TextTally.Row], _ row: Backup?, to backup: inout ReviewFacts.Backup
  ) {
    func days(_ rows: [TextTally.Row]) -> [Int] {
      Set(
        rows.filter { month.days.contains($0.number) }.map { $0.number - month.days.lowerBound + 1 }
      )
      .sorted()
    }
    let good = rows.filter { $0.texts[3] == "success" }
    backup.goodDays = days(good)
    backup.badDays = days(rows.filter { $0.texts[3] == "failure" })
    let registered = (row?.lastSuccess?.start).flatMap { $0 <= lastMoment ? $0 : nil }
    let last = (good.map(\.seen.last) + [registered].compactMap(\.self)).max()
    backup.lastSuccess = text(last)
    guard let last else {
      backup.runs = .bad("no success seen")
      return
    }
    let factor = registers.policy.decimal("backup.interval_factor")
    if let interval = row?.intervalSeconds,
      Double(lastMoment - last) > Double(interval) * factor * 1e9
    {
      backup.runs = .bad("overdue")
    } else {
      backup.runs = backup.badDays.isEmpty ? .good("succeeded") : .attention("some runs failed")
    }
  }

  private func addTests(_ row: Backup, to backup: inout ReviewFacts.Backup) {
    let interval = registers.policy.seconds("restore_test.interval")
    let tests = row.restoreTests.filter { $0.at.start <= lastMoment }
    guard let last = tests.max(by: { $0.at.start < $1.at.start }) else {
      backup.tests = .bad("never tried on record")
      return
    }
    backup.lastTest = text(last.at)
    backup.testEnvironment = last.environment ?? ""
    backup.testResult = last.result?.rawValue ?? ""
    backup.testDuration = last.durationSeconds.map(FactsBuilder.span) ?? ""
    let due = last.at.end.adding(seconds: interval)
    backup.testDue = text(due)
    if last.result == .failed {
      backup.tests = .bad("failed")
    } else if registers.isProduction(last.environment) {
      backup.tests = .bad("into production")
    } else if last.result == nil || last.environment == nil {
      backup.tests = .attention("result or place not on record")
    } else {
      backup.tests = verdict(
        due: due, warnDays: registers.policy.seconds("restore_test.warn") / 86_400)
    }
  }

  /// What somebody vouches for, by clause.
  var attestations: [ReviewFacts.Attestation] {
    current(registers.attestations).map { row in
      var attestation = ReviewFacts.Attestation()
      (attestation.id, attestation.clause) = (row.id, row.clause)
      attestation.statement = row.statement ?? ""
      (attestation.owner, attestation.signedBy) = (row.owner ?? "", row.signedBy ?? "")
      attestation.link = row.link ?? ""
      attestation.performedOn = row.performedOn.map { "\($0)" } ?? ""
      let due = row.nextDue ?? registers.attestationDue(of: row)
      attestation.nextDue = due.map { "\($0)" } ?? ""
      if row.performedOn.map({ $0 > lastDay }) ?? true {
        attestation.verdict = .bad("not done yet")
      } else if let due, due < lastDay {
        attestation.verdict = .bad("overdue")
      } else if row.link == nil || row.signedBy == nil {
        attestation.verdict = .attention(row.link == nil ? "no proof linked" : "not signed")
      } else if let due, due.number - lastDay.number <= 31 {
        attestation.verdict = .good("holds, due next month")
      } else {
        attestation.verdict = .good("holds")
      }
      return attestation
    }.sorted { ($0.clause.count, $0.clause, $0.id) < ($1.clause.count, $1.clause, $1.id) }
  }

  /// Incidents that were open in the month, in the order in which they were found.
  var incidents: [ReviewFacts.Incident] {
    registers.incidents.filter {
      $0.detectedAt.start <= lastMoment && ($0.resolvedAt?.start ?? .max) >= window.lowerBound
    }.sorted { ($0.detectedAt.start, $0.id) < ($1.detectedAt.start, $1.id) }.map { row in
      var incident = ReviewFacts.Incident()
      (incident.id, incident.title, incident.severity) = (row.id, row.title, row.severity.rawValue)
      incident.owner = row.owner ?? ""
      incident.detectedAt = text(row.detectedAt)
      func minutes(_ point: TimePoint?) -> Int? {
        guard let point, point.start <= lastMoment else { return nil }
        return Int(max(0, point.start - row.detectedAt.start) / 60_000_000_000)
      }
      incident.acknowledgedAt = text(row.acknowledgedAt)
      incident.containedAt = text(row.containedAt)
      incident.resolvedAt = text(row.resolvedAt)
      incident.minutesToAcknowledge = minutes(row.acknowledgedAt)
      incident.minutesToContain = minutes(row.containedAt)
      incident.minutesToResolve = minutes(row.resolvedAt)
      incident.notified = [
        row.notifiedInternal.map { "internal \(text($0))" },
        row.notifiedClient.map { "client \(text($0))" },
        row.notifiedRegulator.map { "regulator \(text($0))" },
      ].compactMap(\.self).joined(separator: "; ")
      incident.analysis = row.analysis ?? ""
      incident.findings = row.findings
      incident.verdict = verdict(on: row)
      return incident
    }
  }

  private func verdict(on row: Incident) -> Mark {
    var missed: [String] = []
    let clocks: [(Incident.Step, TimePoint?)] = [
      (.acknowledge, row.acknowledgedAt), (.contain, row.containedAt), (.resolve, row.resolvedAt),
    ]
    for (step, point) in clocks {
      let due = registers.incidentDue(row, step)
      if min(point?.start ?? .max, lastMoment + 1) > due { missed.append(step.rawValue) }
    }
    if !missed.isEmpty { return .bad("late: \(missed.joined(separator: ", "))") }
    return row.resolvedAt.map { $0.start <= lastMoment } ?? false
      ? .good("met") : .attention("open")
  }

  /// Policies, subprocessors, risks, drills and requests, by sort and id.
  var dues: [ReviewFacts.Due] {
    func due(
      _ kind: String, _ id: String, _ title: String, _ owner: String?, done: CivilDay?, days: Int,
      warn: Int, note: String = ""
    ) -> ReviewFacts.Due {
      var row = ReviewFacts.Due()
      (row.kind, row.id, row.title, row.owner, row.note) = (kind, id, title, owner ?? "", note)
      guard let done, done <= lastDay else {
        row.verdict = .bad("never on record")
        return row
      }
      let next = done.advanced(by: days)
      (row.done, row.due) = ("\(done)", "\(next)")
      let left = next.number - lastDay.number
      row.verdict =
        left < 0 ? .bad("overdue") : left <= warn ? .attention("due soon") : .good("in time")
      return row
    }
    let documents = current(registers.policies).map {
      due(
        "policy", $0.id, $0.title, $0.owner, done: $0.reviewedOn,
        days: registers.policy.integer("document.review_days"),
        warn: registers.policy.integer("document.warn_days"),
        note: [$0.version.map { "version \($0)" }, $0.url].compactMap(\.self).joined(
          separator: ", "))
    }
    let vendors = current(registers.subprocessors).map {
      due(
        "subprocessor", $0.id, $0.name, $0.owner, done: $0.reviewedOn,
        days: registers.policy.integer("vendor.review_days"),
        warn: registers.policy.integer("vendor.warn_days"),
        note: [
          $0.countries.joined(separator: ", "), $0.data.joined(separator: ", "),
          $0.agreement == nil ? "no agreement on record" : "agreement on record",
        ].filter { !$0.isEmpty }.joined(separator: "; "))
    }
    let risks = current(registers.risks).map {
      due(
        "risk", $0.id, $0.title, $0.owner, done: $0.reviewedOn,
        days: registers.policy.integer("risk.review_days"),
        warn: registers.policy.integer("risk.warn_days"), note: $0.treatment ?? "")
    }
    let drills = current(registers.drills).map {
      due(
        "drill", $0.id, $0.kind.rawValue, $0.owner, done: $0.performedOn,
        days: registers.policy.seconds("drill.interval") / 86_400,
        warn: registers.policy.seconds("drill.warn") / 86_400,
        note: ([$0.result?.rawValue].compactMap(\.self) + $0.systems).joined(separator: ", "))
    }
    return documents + vendors + risks + drills + requests
  }

  private var requests: [ReviewFacts.Due] {
    let allowed = registers.policy.seconds("request.answer")
    return registers.requests.filter {
      $0.receivedAt.start <= lastMoment && ($0.answeredAt?.start ?? .max) >= window.lowerBound
    }.sorted { ($0.receivedAt.start, $0.id) < ($1.receivedAt.start, $1.id) }.map { row in
      var due = ReviewFacts.Due()
      (due.kind, due.id, due.title, due.owner) = (
        "request", row.id, row.kind.rawValue, row.owner ?? ""
      )
      let end = row.receivedAt.end.adding(seconds: allowed)
      due.due = text(end)
      due.note = "received \(text(row.receivedAt))"
      if let answered = row.answeredAt, answered.start <= lastMoment {
        due.done = text(answered)
        due.verdict = answered.start > end ? .bad("answered late") : .good("answered")
      } else {
        due.verdict = verdict(
          due: end, warnDays: registers.policy.seconds("request.warn") / 86_400)
      }
      return due
    }
  }
}
