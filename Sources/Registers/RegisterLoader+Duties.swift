/// Rows of the registers that say what has to be done, and what was.
extension RegisterLoader {
  func subprocessor(_ row: RowReader) -> Subprocessor? {
    guard let id = row.required("id", of: "a subprocessor") else { return nil }
    return Subprocessor(
      id: id, name: row.text("name") ?? id, purpose: row.text("purpose"),
      countries: row.texts("countries") ?? [], data: row.texts("data") ?? [],
      agreement: row.text("agreement"), privacyAssessment: row.text("privacy_assessment"),
      listedURL: row.text("listed_url"), reviewedOn: row.day("reviewed_on"),
      tool: row.text("tool"), owner: row.text("owner"), validity: row.validity(),
      place: row.place(), ownerPlace: row.place("owner"), toolPlace: row.place("tool"))
  }

  func secret(_ row: RowReader) -> Secret? {
    guard let id = row.required("id", of: "a secret") else { return nil }
    return Secret(
      id: id, name: row.text("name") ?? id,
      class: row.word("class", as: Secret.Class.self) ?? .other, store: row.text("store"),
      names: row.texts("names") ?? [], keys: row.texts("keys") ?? [], owner: row.text("owner"),
      lastRotated: row.point("last_rotated"), expiresOn: row.point("expires_on"),
      revokedAt: row.point("revoked_at"), maxAgeSeconds: row.seconds("max_age"),
      environment: row.text("environment"), system: row.text("system"),
      dataTier: row.word("data_tier", as: DataTier.self), readers: row.texts("readers"),
      validity: row.validity(), place: row.place(), ownerPlace: row.place("owner"),
      systemPlace: row.place("system"), readersPlace: row.place("readers"))
  }

  func backup(_ row: RowReader) -> Backup? {
    let tests = row.children("restore_tests").compactMap { test -> Backup.RestoreTest? in
      guard test.required("at", of: "a restore test") != nil, let at = test.point("at")
      else { return nil }
      return Backup.RestoreTest(
        at: at, environment: test.text("environment"),
        result: test.word("result", as: TestResult.self), durationSeconds: test.seconds("duration"),
        reference: test.text("ref"), place: test.place())
    }
    guard let id = row.required("id", of: "a backup") else { return nil }
    return Backup(
      id: id, name: row.text("name") ?? id, systems: row.texts("systems") ?? [],
      jobs: row.texts("jobs") ?? [], intervalSeconds: row.seconds("interval"),
      retentionSeconds: row.seconds("retention"), targets: row.texts("targets"),
      lastSuccess: row.point("last_success"), restoreTests: tests, owner: row.text("owner"),
      validity: row.validity(), place: row.place(), ownerPlace: row.place("owner"),
      systemsPlace: row.place("systems"))
  }

  func limit(_ row: RowReader) -> Limit? {
    guard let id = row.required("id", of: "a limit") else { return nil }
    let (requests, per) = (row.integer("requests"), row.seconds("per"))
    if (requests == nil) != (per == nil), row.value("requests") == nil || row.value("per") == nil {
      row.report(
        row.node, "`requests` and `per` stand together",
        fix: "write requests: 600 and per: 1m, or neither")
    }
    if row.value("webhooks_per_hour") != nil, row.value("clients") != nil,
      row.value("endpoints") == nil
    {
      row.report(
        row.node, "`webhooks_per_hour` of a client is for no endpoint",
        fix: "add endpoints: [hooks.client.example], hosts or ids of hooks")
    }
    return Limit(
      id: id, name: row.text("name") ?? id, clients: row.texts("clients"),
      endpoints: row.texts("endpoints"), requests: requests,
      perSeconds: per, storageBytes: row.integer("storage_bytes"),
      webhooksPerHour: row.integer("webhooks_per_hour"), serviceLevel: serviceLevel(row),
      owner: row.text("owner"), reference: row.text("ref"), validity: row.validity(),
      place: row.place(), ownerPlace: row.place("owner"))
  }

  func jobRole(_ row: RowReader) -> JobRole? {
    guard let job = row.required("job_role", of: "a job role") else { return nil }
    return JobRole(
      id: row.text("id") ?? job, jobRole: job,
      grants: row.accounts("grants").map { JobRole.Grant(system: $0.system, role: $0.name) },
      validity: row.validity(), place: row.place(), grantsPlace: row.place("grants"))
  }

  func flow(_ row: RowReader) -> Flow? {
    guard let from = row.required("from", of: "a flow"), let to = row.required("to", of: "a flow")
    else { return nil }
    return Flow(
      id: row.text("id") ?? "\(from)>\(to)", from: from, to: to, why: row.text("why"),
      owner: row.text("owner"), validity: row.validity(), place: row.place(),
      ownerPlace: row.place("owner"), fromPlace: row.place("from"), toPlace: row.place("to"))
  }

  func policyDocument(_ row: RowReader) -> PolicyDocument? {
    guard let id = row.required("id", of: "a policy") else { return nil }
    return PolicyDocument(
      id: id, title: row.text("title") ?? row.text("name") ?? id, url: row.text("url"),
      version: row.text("version"), reviewedOn: row.day("reviewed_on"), owner: row.text("owner"),
      validity: row.validity(), place: row.place(), ownerPlace: row.place("owner"))
  }

  func review(_ row: RowReader) -> AccessReview? {
    let decisions = row.children("decisions").compactMap { item -> AccessReview.Decision? in
      guard let account = item.required("account", of: "a decision") else { return nil }
      return AccessReview.Decision(
        account: account, verdict: item.word("decision", as: AccessReview.Verdict.self),
        at: item.point("at"), by: item.text("by"), ticket: item.text("ticket"),
        removedAt: item.point("removed_at"), place: item.place())
    }
    guard let system = row.required("system", of: "a review"),
      row.required("month", of: "a review") != nil, let month = row.month("month")
    else { return nil }
    return AccessReview(
      id: row.text("id") ?? "\(system)/\(month)", system: system, month: month,
      startedAt: row.point("started_at"), reviewedAt: row.point("reviewed_at"),
      reviewedBy: row.text("reviewed_by"), reference: row.text("ref"),
      accounts: row.integer("accounts"), decisions: decisions, validity: row.validity(),
      place: row.place(), systemPlace: row.place("system"),
      reviewerPlace: row.place("reviewed_by"))
  }

  func attestation(_ row: RowReader) -> Attestation? {
    guard let clause = row.required("clause", of: "an attestation") else { return nil }
    return Attestation(
      id: row.text("id") ?? clause, clause: clause, statement: row.text("statement"),
      owner: row.text("owner"), link: row.text("link") ?? row.text("ref"),
      signedBy: row.text("signed_by"), performedOn: row.day("performed_on"),
      nextDue: row.day("next_due"), validity: row.validity(), place: row.place(),
      ownerPlace: row.place("owner"), signerPlace: row.place("signed_by"),
      clausePlace: row.place("clause"))
  }

  func incident(_ row: RowReader) -> Incident? {
    let notified = row.child("notified")
    guard let id = row.required("id", of: "an incident"),
      row.required("severity", of: "an incident") != nil,
      let severity = row.word("severity", as: Incident.Severity.self),
      row.required("detected_at", of: "an incident") != nil,
      let detected = row.point("detected_at")
    else { return nil }
    return Incident(
      id: id, title: row.text("title") ?? row.text("name") ?? id, kind: row.text("kind"),
      severity: severity, detectedAt: detected, acknowledgedAt: row.point("acknowledged_at"),
      containedAt: row.point("contained_at"), resolvedAt: row.point("resolved_at"),
      affectsClients: row.bool("client_affected") ?? false,
      touchesPersonalData: row.bool("personal_data") ?? false,
      notifiedInternal: notified?.point("internal"), notifiedClient: notified?.point("client"),
      notifiedRegulator: notified?.point("regulator"), owner: row.text("owner"),
      analysis: row.text("rca"), findings: row.texts("findings") ?? [],
      validity: row.validity(), place: row.place(), ownerPlace: row.place("owner"))
  }

  func risk(_ row: RowReader) -> Risk? {
    guard let id = row.required("id", of: "a risk") else { return nil }
    return Risk(
      id: id, title: row.text("title") ?? row.text("name") ?? id, owner: row.text("owner"),
      treatment: row.text("treatment"), reviewedOn: row.day("reviewed_on"),
      validity: row.validity(), place: row.place(), ownerPlace: row.place("owner"))
  }

  func request(_ row: RowReader) -> DataRequest? {
    guard let id = row.required("id", of: "a request"),
      row.required("kind", of: "a request") != nil,
      let kind = row.word("kind", as: DataRequest.Kind.self),
      row.required("received_at", of: "a request") != nil,
      let received = row.point("received_at")
    else { return nil }
    return DataRequest(
      id: id, kind: kind, receivedAt: received, verifiedAt: row.point("verified_at"),
      answeredAt: row.point("answered_at"), owner: row.text("owner"), validity: row.validity(),
      place: row.place(), ownerPlace: row.place("owner"))
  }

  func drill(_ row: RowReader) -> Drill? {
    guard let id = row.required("id", of: "a drill"), row.required("kind", of: "a drill") != nil,
      let kind = row.word("kind", as: Drill.Kind.self)
    else { return nil }
    return Drill(
      id: id, kind: kind, systems: row.texts("systems") ?? [],
      performedOn: row.day("performed_on"), result: row.word("result", as: TestResult.self),
      owner: row.text("owner"), reference: row.text("ref"), validity: row.validity(),
      place: row.place(), ownerPlace: row.place("owner"), systemsPlace: row.place("systems"))
  }

  func disposition(_ row: RowReader) -> Disposition? {
    let what = "a disposition"
    // What is missing is said at once, not one after the other.
    let (finding, by) = (row.required("finding", of: what), row.required("by", of: what))
    _ = (row.required("disposition", of: what), row.required("at", of: what))
    let outcome = row.word("disposition", as: Disposition.Outcome.self)
    guard let finding, let by, let outcome, let at = row.point("at") else { return nil }
    return Disposition(
      id: row.text("id") ?? "\(finding)/\(at)", finding: finding, outcome: outcome, by: by, at: at,
      why: row.text("why"), reference: row.text("ref"), validity: row.validity(),
      place: row.place(), findingPlace: row.place("finding"), deciderPlace: row.place("by"),
      timePlace: row.place("at"))
  }

  func task(_ row: RowReader) -> PlannedTask? {
    guard let id = row.required("id", of: "a task"),
      let assignee = row.required("assignee", of: "a task"),
      let from = row.requiredPoint("from", of: "a task"),
      let until = row.requiredPoint("until", of: "a task"),
      let created = row.requiredPoint("created_at", of: "a task")
    else { return nil }
    // Days that nobody can count are all the last one.
    if from.start > until.start, from.start >= until.end, let node = row.value("until") {
      row.report(node, "`until` \(until) is before `from` \(from)", fix: "swap them")
    }
    return PlannedTask(
      id: id, name: row.text("name") ?? id, assignee: assignee, from: from, until: until,
      systems: row.texts("systems"), createdAt: created, createdBy: row.text("created_by"),
      validity: row.validity(), place: row.place(), assigneePlace: row.place("assignee"),
      systemsPlace: row.place("systems"), writerPlace: row.place("created_by"))
  }
}

extension RowReader {
  /// A date or an instant that must be there.
  fileprivate func requiredPoint(_ key: String, of what: String) -> TimePoint? {
    required(key, of: what) == nil ? nil : point(key)
  }
}
