import Detectors
import Pipelines
import Registers
import Reviews

/// What the registers say has to be done, and what was, as of the month's end.
extension FactsBuilder {
  /// Whole days from the month's end to the last that is in time; negative once past.
  private func daysLeft(to due: Int64) -> Int { local.day(due - 1) - lastDay.number }

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
    let registered = past(row.lastRotated)
    let logged = rotations.flatMap { [$0.seen.first, $0.seen.last] }.filter { $0 <= lastMoment }
    let times = [registered?.start].compactMap(\.self) + logged
    secret.rotatedDays = Set(times.compactMap(dayOfMonth)).sorted()
    let age = registers.maxAge(of: row)
    secret.maxAge = age.map(FactsBuilder.span) ?? ""
    // What logs show counts from its instant, what the register says from the end of its day.
    let dues = [
      registered.flatMap { _ in registers.rotationDue(of: row) },
      age.flatMap { age in logged.max().map { $0.adding(seconds: age) } },
    ].compactMap(\.self)
    if let last = times.max() {
      secret.lastRotated = last == registered?.start ? text(registered) : text(last)
    }
    let due = dues.max()
    if let due {
      secret.due = dueDay(due)
      secret.daysLeft = daysLeft(to: due)
      secret.dueDays = [dayOfMonth(due - 1)].compactMap(\.self)
    }
    let warn = registers.policy.seconds("rotation.warn") / 86_400
    if let revoked = row.revokedAt, revoked.start <= lastMoment {
      secret.verdict = .neutral("revoked")
    } else if let expires = row.expiresOn, expires.end <= lastMoment {
      secret.verdict = .bad("expired")
    } else if let due {
      secret.verdict = verdict(due: due, warnDays: warn)
    } else if age != nil, let later = row.lastRotated {
      secret.verdict = .attention("on record for \(later) only, which is later")
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
    let last = (good.map(\.seen.last) + [past(row?.lastSuccess)?.start].compactMap(\.self)).max()
    backup.lastSuccess = text(last)
    guard let last else {
      backup.runs = .bad("no success seen")
      return
    }
    if let late = row.flatMap(registers.backupPeriod), last.adding(seconds: late) <= lastMoment {
      backup.runs = .bad("overdue")
    } else {
      backup.runs = backup.badDays.isEmpty ? .good("succeeded") : .attention("some runs failed")
    }
  }

  private func addTests(_ row: Backup, to backup: inout ReviewFacts.Backup) {
    let tests = row.restoreTests.filter { past($0.at) != nil }
    guard let last = tests.max(by: { $0.at.start < $1.at.start }) else {
      backup.tests = .bad("never tried on record")
      return
    }
    backup.lastTest = text(last.at)
    backup.testEnvironment = last.environment ?? ""
    backup.testResult = last.result?.rawValue ?? ""
    backup.testDuration = last.durationSeconds.map(FactsBuilder.span) ?? ""
    // Of several the last that counts says when the next is due, as for the check of the row.
    let due = registers.goodRestores(of: row).last { past($0.at) != nil }
      .map(registers.restoreDue(after:))
    backup.testDue = due.map(dueDay) ?? ""
    backup.testDaysLeft = due.map { local.day($0 - 1) - lastDay.number }
    if let due, due > lastMoment {
      backup.tests = verdict(
        due: due, warnDays: registers.policy.seconds("restore_test.warn") / 86_400)
    } else if last.result == .failed {
      backup.tests = .bad("failed")
    } else if registers.isProduction(last.environment) {
      backup.tests = .bad("into production")
    } else if last.result == nil || last.environment == nil {
      backup.tests = .bad("result or place not on record")
    } else {
      backup.tests = .bad("overdue")
    }
  }

  /// What somebody vouches for, by clause.
  var attestations: [ReviewFacts.Attestation] {
    // A clause holds as long as its latest attestation does.
    let rows = Dictionary(grouping: current(registers.attestations), by: \.clause).values
      .compactMap { same in
        same.filter { $0.performedOn.map { $0 <= lastDay } ?? false }
          .max { ($0.performedOn?.number ?? 0, $0.id) < ($1.performedOn?.number ?? 0, $1.id) }
          ?? same.first
      }
    return rows.map { row in
      var attestation = ReviewFacts.Attestation()
      (attestation.id, attestation.clause) = (row.id, row.clause)
      attestation.statement = row.statement ?? ""
      (attestation.owner, attestation.signedBy) = (row.owner ?? "", row.signedBy ?? "")
      attestation.link = row.link ?? ""
      attestation.performedOn = row.performedOn.map { "\($0)" } ?? ""
      let due = registers.attestationDue(of: row)
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
        past(point).map { Int(max(0, $0.start - row.detectedAt.start) / 60_000_000_000) }
      }
      incident.acknowledgedAt = text(past(row.acknowledgedAt))
      incident.containedAt = text(past(row.containedAt))
      incident.resolvedAt = text(past(row.resolvedAt))
      incident.days = [row.detectedAt, past(row.containedAt), past(row.resolvedAt)].map { point in
        point.map { local.day($0.start) - month.days.lowerBound + 1 }
      }
      incident.minutesToAcknowledge = minutes(row.acknowledgedAt)
      incident.minutesToContain = minutes(row.containedAt)
      incident.minutesToResolve = minutes(row.resolvedAt)
      incident.notified = [
        past(row.notifiedInternal).map { "internal \(text($0))" },
        past(row.notifiedClient).map { "client \(text($0))" },
        past(row.notifiedRegulator).map { "regulator \(text($0))" },
      ].compactMap(\.self).joined(separator: "; ")
      incident.analysis = row.analysis ?? ""
      let linked = findings.filter {
        row.findings.contains($0.uid) || row.findings.contains($0.detector)
      }
      incident.findings = linked.map(\.uid)
      incident.unknownFindings = row.findings.filter { name in
        !linked.contains { $0.uid == name || $0.detector == name }
      }
      // Noticed after the first event of what it is about.
      let first = linked.map(\.start).filter { $0 <= row.detectedAt.latest }.min()
      incident.minutesToDetect = first.map {
        Int(max(0, row.detectedAt.start - $0) / 60_000_000_000)
      }
      incident.verdict = verdict(on: row)
      (incident.isWeakness, incident.isOpen) = (row.isVulnerability, past(row.resolvedAt) == nil)
      let end = past(row.resolvedAt)?.start ?? lastMoment
      incident.age = max(0, local.day(end) - local.day(row.detectedAt.start))
      return incident
    }
  }

  private func verdict(on row: Incident) -> Mark {
    let steps: [(Incident.Step, TimePoint?)] = [
      (.acknowledge, row.acknowledgedAt), (.contain, row.containedAt), (.resolve, row.resolvedAt),
    ]
    let missed = steps.filter { step, point in
      min(past(point)?.start ?? .max, lastMoment) > registers.incidentDue(row, step)
    }
    if !missed.isEmpty { return .bad("late: \(missed.map(\.0.rawValue).joined(separator: ", "))") }
    return past(row.resolvedAt) != nil ? .good("met") : .attention("open")
  }

  /// Policies, subprocessors, risks, drills and requests, by sort and id.
  var dues: [ReviewFacts.Due] {
    func due(
      _ kind: String, _ id: String, _ title: String, _ owner: String?, done: CivilDay?, days: Int,
      warn: Int, note: String = ""
    ) -> ReviewFacts.Due {
      var row = ReviewFacts.Due()
      (row.kind, row.id, row.title, row.owner, row.note) = (kind, id, title, owner ?? "", note)
      guard let done else {
        row.verdict = .bad("never on record")
        return row
      }
      guard done <= lastDay else {
        row.verdict = .attention("on record for \(done) only, which is later")
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
    let held = current(registers.drills).filter { $0.performedOn.map { $0 <= lastDay } ?? true }
    let latest = Dictionary(grouping: held, by: \.kind).compactMapValues { same in
      same.max { ($0.performedOn?.number ?? 0, $0.id) < ($1.performedOn?.number ?? 0, $1.id) }?.id
    }
    let drills = held.map { drill in
      var row = due(
        "drill", drill.id, drill.kind.rawValue, drill.owner, done: drill.performedOn,
        days: registers.policy.seconds("drill.interval") / 86_400,
        warn: registers.policy.seconds("drill.warn") / 86_400,
        note: ([drill.result?.rawValue].compactMap(\.self) + drill.systems).joined(separator: ", "))
      // Another came after it, which says when the next is due.
      if let last = latest[drill.kind], last != drill.id {
        (row.due, row.verdict) = ("", .neutral("followed by \(last)"))
      }
      return row
    }
    return documents + vendors + risks + drills + requests
  }

  private var requests: [ReviewFacts.Due] {
    registers.requests.filter {
      $0.receivedAt.start <= lastMoment && ($0.answeredAt?.start ?? .max) >= window.lowerBound
    }.sorted { ($0.receivedAt.start, $0.id) < ($1.receivedAt.start, $1.id) }.map { row in
      var due = ReviewFacts.Due()
      (due.kind, due.id, due.title, due.owner) = (
        "request", row.id, row.kind.rawValue, row.owner ?? ""
      )
      let end = registers.requestDue(of: row)
      due.due = CivilDay(row.receivedAt.text) == nil ? text(end) : dueDay(end)
      due.note = "received \(text(row.receivedAt))"
      if let answered = row.answeredAt, answered.start <= lastMoment {
        due.done = text(answered)
        due.verdict = answered.start >= end ? .bad("answered late") : .good("answered")
      } else {
        due.verdict = verdict(
          due: end, warnDays: registers.policy.seconds("request.warn") / 86_400)
      }
      return due
    }
  }
}
