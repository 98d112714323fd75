import Documents

/// What is wrong with the registers that say what has to be done.
extension Lint {
  mutating func checkDuties() {
    let duties = registers.duties
    checkIDs(of: duties.subprocessors)
    checkIDs(of: duties.secrets)
    checkIDs(of: duties.backups)
    checkIDs(of: duties.limits)
    checkIDs(of: duties.roles)
    checkIDs(of: duties.flows)
    checkIDs(of: duties.policies)
    checkIDs(of: duties.reviews)
    checkIDs(of: duties.attestations)
    checkIDs(of: duties.incidents)
    checkIDs(of: duties.risks)
    checkIDs(of: duties.requests)
    checkIDs(of: duties.drills)
    checkIDs(of: duties.dispositions)
    checkIDs(of: duties.tasks)
    for row in duties.subprocessors { check(row) }
    for row in duties.secrets { check(row) }
    for row in duties.backups { check(row) }
    for row in duties.limits { checkOwner(row.owner, of: row, row.ownerPlace) }
    for row in duties.roles { check(row) }
    for row in duties.flows { check(row) }
    for row in duties.policies { checkOwner(row.owner, of: row, row.ownerPlace) }
    for row in duties.reviews { check(row) }
    for row in duties.attestations { check(row) }
    for row in duties.incidents { check(row) }
    for row in duties.risks { checkOwner(row.owner, of: row, row.ownerPlace) }
    for row in duties.requests { check(row) }
    for row in duties.drills {
      checkOwner(row.owner, of: row, row.ownerPlace)
      for system in row.systems {
        checkSystem(system, of: "the drill `\(row.id)`", row.systemsPlace)
      }
    }
    for row in duties.dispositions { check(row) }
    if !duties.tasks.isEmpty {
      let people = PeopleByName(registers.people, registers.contractors, zone: registers.zone)
      for row in duties.tasks { check(row, among: people) }
    }
    checkClaims()
  }

  private mutating func checkOwner(_ owner: String?, of row: some RegisterRow, _ place: Place) {
    checkOwner(owner, of: "`\(row.id)`", validity: row.validity, place)
  }

  private mutating func check(_ row: Subprocessor) {
    checkOwner(row.owner, of: row, row.ownerPlace)
    if let tool = row.tool, registers.hasTools, !toolIDs.contains(tool) {
      report(
        row.toolPlace, "the subprocessor `\(row.id)` stands behind `\(tool)`, which is no tool",
        fix: nearest(tool, toolIDs) ?? "add the tool, or correct the id")
    }
  }

  private mutating func check(_ row: Secret) {
    checkOwner(row.owner, of: row, row.ownerPlace)
    if let system = row.system {
      checkSystem(system, of: "the secret `\(row.id)`", row.systemPlace)
    }
    for reader in row.readers ?? [] {
      checkPerson(reader, "who may read the secret `\(row.id)`", row.readersPlace)
    }
    check(
      row.lastRotated, "was changed", isBefore: row.expiresOn, "expires",
      of: "the secret `\(row.id)`",
      row.place)
  }

  private mutating func check(_ row: Backup) {
    checkOwner(row.owner, of: row, row.ownerPlace)
    for system in row.systems {
      checkSystem(system, of: "the backup `\(row.id)`", row.systemsPlace)
    }
    for test in row.restoreTests where test.at.start > now {
      report(
        test.place, "the restore test of `\(row.id)` on \(test.at) has not been yet",
        fix: "add it when it is done", severity: .warning)
    }
  }

  private mutating func check(_ row: JobRole) {
    for system in Set(row.grants.map(\.system)).sorted() where system != "*" {
      checkSystem(system, of: "the job role `\(row.jobRole)`", row.grantsPlace)
    }
  }

  private mutating func check(_ row: Flow) {
    checkOwner(row.owner, of: row, row.ownerPlace)
    if row.from == row.to {
      report(
        row.place, "the flow `\(row.id)` begins and ends in `\(row.from)`",
        fix: "remove it: within an environment everything may talk", severity: .warning)
    }
    guard registers.hasInfrastructure else { return }
    for (name, place) in [(row.from, row.fromPlace), (row.to, row.toPlace)]
    where !Pattern.isPattern(name) && !environments.contains(name) {
      report(
        place, "no system of the infrastructure register is in the environment `\(name)`",
        fix: nearest(name, environments) ?? "correct it, or add the system")
    }
  }

  private mutating func check(_ row: AccessReview) {
    checkSystem(row.system, of: "the review `\(row.id)`", row.systemPlace)
    if let reviewer = row.reviewedBy {
      checkPerson(reviewer, "who signed the review `\(row.id)`", row.reviewerPlace)
    }
    if let signed = row.reviewedAt, signed.latest < registers.zone.start(of: row.month.first) {
      report(
        row.place, "the review `\(row.id)` was signed \(signed), before its month began",
        fix: "correct `month` or `reviewed_at`")
    }
    check(
      row.startedAt, "began", isBefore: row.reviewedAt, "was signed", of: "the review `\(row.id)`",
      row.place)
    if let accounts = row.accounts, accounts < row.decisions.count {
      report(
        row.place,
        "the review `\(row.id)` has \(row.decisions.count) decisions about \(accounts) accounts",
        fix: "correct `accounts`")
    }
  }

  private mutating func check(_ row: Attestation) {
    checkOwner(row.owner, of: row, row.ownerPlace)
    if let signer = row.signedBy {
      checkPerson(signer, "who signed the attestation `\(row.id)`", row.signerPlace)
    }
    if !row.clause.hasPrefix("row-") || Int(row.clause.dropFirst(4)) == nil {
      report(
        row.clausePlace, "`\(row.clause)` is no clause", fix: "write a row, such as row-101")
    }
    if let done = row.performedOn, let due = row.nextDue, due < done {
      report(
        row.place, "the attestation `\(row.id)` is due \(due), before it was done on \(done)",
        fix: "correct one of the dates")
    }
  }

  private mutating func check(_ row: Incident) {
    checkOwner(row.owner, of: row, row.ownerPlace)
    let what = "the incident `\(row.id)`"
    for (point, verb) in [
      (row.acknowledgedAt, "was acknowledged"), (row.containedAt, "was contained"),
      (row.resolvedAt, "was resolved"), (row.notifiedInternal, "was told inside"),
      (row.notifiedClient, "was told to clients"),
      (row.notifiedRegulator, "was told to the regulator"),
    ] {
      check(row.detectedAt, "was noticed", isBefore: point, verb, of: what, row.place)
    }
    check(
      row.containedAt, "was contained", isBefore: row.resolvedAt, "was resolved", of: what,
      row.place)
  }

  private mutating func check(_ row: Disposition) {
    checkPerson(row.by, "who decided about the finding `\(row.finding)`", row.deciderPlace)
    let isIdentity = row.finding.utf8.allSatisfy {
      $0 &- 0x30 < 10 || $0 &- 0x61 < 6 || $0 &- 0x41 < 6
    }
    if !isIdentity || row.finding.utf8.count < Disposition.lettersMin {
      report(
        row.findingPlace, "`\(row.finding)` is no finding's identity",
        fix:
          "write its first \(Disposition.lettersMin) letters or more, as the review and `rollcall alerts` show them"
      )
    }
    if row.at.start > now {
      report(
        row.timePlace, "the disposition of `\(row.finding)` is dated \(row.at), which is later",
        fix: "write the day on which it was decided", severity: .warning)
    }
  }

  private mutating func check(_ row: DataRequest) {
    checkOwner(row.owner, of: row, row.ownerPlace)
    check(
      row.receivedAt, "came", isBefore: row.answeredAt, "was answered",
      of: "the request `\(row.id)`", row.place)
  }

  private mutating func check(_ row: PlannedTask, among people: PeopleByName) {
    for system in row.systems ?? [] {
      checkSystem(system, of: "the task `\(row.id)`", row.systemsPlace)
    }
    guard registers.hasPeople else { return }
    var names = [(row.assignee, "is assigned to", row.assigneePlace)]
    // Who wrote it matters only where that may not be the assignee.
    if let writer = row.createdBy, !registers.policy.bool("change.own_tasks") {
      names.append((writer, "was written by", row.writerPlace))
    }
    for (name, what, place) in names where people.rows(of: name).isEmpty {
      let isNobody = people.matches(of: name).isEmpty
      report(
        place,
        "the task `\(row.id)` \(what) `\(name)`, "
          + (isNobody ? "who is in no register" : "whose name two people have"),
        fix: isNobody ? "correct it, or add the person" : "write the id of one of them",
        severity: .warning)
    }
  }

  /// Reports when the second of two times is wholly before the first.
  private mutating func check(
    _ first: TimePoint?, _ verb: String, isBefore second: TimePoint?, _ secondVerb: String,
    of what: String, _ place: Place
  ) {
    guard let first, let second, second.end <= first.start else { return }
    report(
      place, "\(what) \(secondVerb) \(second), before it \(verb) \(first)",
      fix: "correct one of the times")
  }
}
