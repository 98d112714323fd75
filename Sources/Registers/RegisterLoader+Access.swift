import Documents

/// Rows of the registers that say who and what should be there.
extension RegisterLoader {
  func person(_ row: RowReader) -> Person? {
    let employment = row.child("employment")
    let (start, end) = (employment?.day("start"), employment?.day("end"))
    let offboarding = offboarding(row)
    let validity = row.validity().clamped(
      start: start.map(zone.start), end: end.map(zone.end)
    ).clamped(start: nil, end: offboarding?.endedAt?.end)
    guard let id = row.required("id", of: "a person") else { return nil }
    return Person(
      id: id, name: row.text("name") ?? id,
      kind: row.word("kind", as: Person.Kind.self) ?? .employee, start: start, end: end,
      validity: validity, roles: row.texts("roles") ?? [], accounts: row.accounts("accounts"),
      owner: row.text("owner"), countries: row.texts("countries") ?? [],
      hours: row.hours("hours")?.texts ?? [], emails: row.texts("emails") ?? [],
      keys: row.texts("keys") ?? [], manager: row.text("manager"), jobRole: row.text("job_role"),
      clearance: row.word("clearance", as: DataTier.self), screenedOn: row.day("screened_on"),
      agreementOn: row.day("nda_on"), access: grants(row, "access"),
      offboarding: offboarding, place: row.place(),
      endPlace: employment?.place("end") ?? row.place(), ownerPlace: row.place("owner"),
      managerPlace: row.place("manager"), jobRolePlace: row.place("job_role"))
  }

  func contractor(_ row: RowReader) -> Contractor? {
    let engagement = row.child("engagement")
    if row.value("engagement") == nil {
      row.report(
        row.node, "a contractor without `engagement`",
        fix: "add engagement: {start: YYYY-MM-DD, end: YYYY-MM-DD}")
    } else if let engagement {
      _ = engagement.required("start", of: "an engagement")
    }
    let renewals = row.children("renewals").map { renewal in
      Renewal(
        until: renewal.day("until"), approvedBy: renewal.text("approved_by"),
        approvedAt: renewal.point("approved_at"), channel: renewal.text("channel"),
        reference: renewal.text("ref"), evidence: renewal.text("evidence"), refusal: nil,
        place: renewal.place())
    }
    let offboarding = offboarding(row)
    let scope = scope(row)
    let validity = row.validity()
    guard let id = row.required("id", of: "a contractor"), let start = engagement?.day("start")
    else { return nil }
    return Contractor(
      id: id, name: row.text("name") ?? id, company: row.text("company"),
      accounts: row.accounts("accounts"), start: start, registeredEnd: engagement?.day("end"),
      grantedEndDay: start, effectiveEndDay: start, effectiveEnd: .max, validity: validity,
      renewals: renewals,
      scope: scope, granted: grants(row, "granted"), offboarding: offboarding,
      emails: row.texts("emails") ?? [], keys: row.texts("keys") ?? [],
      screenedOn: row.day("screened_on"), agreementOn: row.day("nda_on"),
      owner: row.text("owner"), place: row.place(),
      endPlace: engagement?.place("end") ?? row.place(), ownerPlace: row.place("owner"))
  }

  private func grants(_ row: RowReader, _ key: String) -> [AccessGrant] {
    row.children(key).compactMap { grant in
      guard let system = grant.required("system", of: "an item of `\(key)`") else { return nil }
      return AccessGrant(
        system: system, account: grant.text("account"), role: grant.text("role"),
        at: grant.point("at"), ticket: grant.text("ticket"), place: grant.place())
    }
  }

  private func offboarding(_ row: RowReader) -> Offboarding? {
    row.child("offboarding").map {
      Offboarding(
        endedAt: $0.point("ended_at"), noticeAt: $0.point("notice_at"),
        completedAt: $0.point("completed_at"), reference: $0.text("ref"),
        checklist: $0.times("checklist"), dataConfirmation: $0.text("data_confirmation"),
        place: $0.place())
    }
  }

  private func scope(_ row: RowReader) -> Scope? {
    guard let scope = row.child("scope") else { return nil }
    let timezone = scope.text("timezone")
    if let timezone, !knowsZone(timezone), let node = scope.value("timezone") {
      scope.report(
        node, "no time zone is named `\(timezone)`", fix: "write one like Europe/Amsterdam")
    }
    let hours = scope.hours("hours")
    let read = Scope(
      systems: scope.texts("systems"), environments: scope.texts("environments"),
      actions: scope.texts("actions"), hours: hours?.texts, timezone: timezone,
      countries: scope.texts("countries"),
      dataTiers: scope.words("data_tiers", as: DataTier.self), windows: hours?.windows,
      systemsPlace: scope.place("systems"))
    let isEmpty =
      read.systems == nil && read.environments == nil && read.actions == nil && read.hours == nil
      && read.countries == nil && read.dataTiers == nil
    return isEmpty ? nil : read
  }

  func system(_ row: RowReader) -> System? {
    var prefixes: [NetworkPrefix] = []
    for node in row.nodes("addresses") ?? [] {
      guard let prefix = node.text.flatMap(NetworkPrefix.init) else {
        row.report(
          node, "`\(node.text ?? "…")` is neither an address nor a network",
          fix: "write 10.0.0.4, 10.0.0.0/24 or 2001:db8::/32, with no bits after the prefix")
        continue
      }
      prefixes.append(prefix)
    }
    let ports = row.nodes("allowed_ports")?.compactMap { node -> PortRange? in
      if let range = node.text.flatMap(PortRange.init) { return range }
      row.report(
        node, "`\(node.text ?? "…")` is no port", fix: "write 443, 8000-8100 or udp/53")
      return nil
    }
    guard let id = row.required("id", of: "a system") else { return nil }
    return System(
      id: id, kind: row.text("kind") ?? "host", names: row.texts("names") ?? [],
      addresses: row.texts("addresses") ?? [], environment: row.text("environment"),
      owner: row.text("owner"), isInternetFacing: row.bool("internet_facing") ?? false,
      needsSecondFactor: row.bool("mfa_required") ?? false,
      needsSingleSignOn: row.bool("sso_required") ?? false, allowedPorts: ports,
      classification: row.word("classification", as: DataTier.self), region: row.text("region"),
      country: row.text("country"), auditSource: row.text("audit_source"),
      recoverySeconds: row.seconds("rto"), runbook: row.text("runbook"),
      criticality: row.text("criticality"), tags: row.texts("tags") ?? [],
      deployers: row.texts("deploys_by"), serviceLevel: row.child("slo").map(serviceLevel),
      reviewedOn: row.day("reviewed_on"), validity: row.validity(), place: row.place(),
      ownerPlace: row.place("owner"), deployersPlace: row.place("deploys_by"),
      prefixes: prefixes)
  }

  func serviceLevel(_ row: RowReader) -> ServiceLevel {
    ServiceLevel(
      availability: row.percent("availability"), errorRate: row.percent("error_rate"),
      latencyMilliseconds: row.integer("latency_ms"))
  }

  func tool(_ row: RowReader) -> Tool? {
    let approval = row.child("approval")
    let isMapping = row.value("questionnaire")?.entries != nil
    let questionnaire = isMapping ? row.child("questionnaire") : nil
    _ = row.value("introduced_on").map { _ in row.day("introduced_on") }
    guard let id = row.required("id", of: "a tool") else { return nil }
    if row.value("status") == nil {
      row.report(row.node, "a tool without `status`", fix: "add status: proposed")
    }
    return Tool(
      id: id, name: row.text("name") ?? id, domains: row.texts("domains") ?? [],
      status: row.word("status", as: Tool.Status.self) ?? .proposed,
      introducedBy: row.text("introduced_by"), introducedOn: row.text("introduced_on"),
      approvedBy: approval?.text("by"), approvedAt: approval?.point("at"),
      channel: approval?.text("channel"), reference: approval?.text("ref"),
      evidence: approval?.text("evidence"), owner: row.text("owner"),
      questionnaire: isMapping ? questionnaire?.text("ref") : row.text("questionnaire"),
      justification: row.text("justification"),
      questionnaireOn: questionnaire?.day("completed_on"), vendor: row.text("vendor"),
      oauthClients: row.texts("oauth_clients") ?? [], apps: row.texts("apps") ?? [],
      images: row.texts("images") ?? [], eventSources: row.texts("event_sources") ?? [],
      userAgents: row.texts("user_agents") ?? [],
      handlesPersonalData: row.bool("personal_data"),
      isInternetFacing: row.bool("internet_facing"),
      privacyAssessment: row.text("privacy_assessment"), agreement: row.text("agreement"),
      validity: row.validity(), place: row.place(), ownerPlace: row.place("owner"),
      approvalPlace: row.place("approval"))
  }

  func approval(_ row: RowReader) -> Approval? {
    if row.value("type") == nil {
      row.report(row.node, "an approval without `type`", fix: "add type: scope")
    }
    let (from, until) = (row.point("from"), row.point("until"))
    if let from, let until, let node = row.value("until"), from.start >= until.end {
      row.report(node, "`until` \(until) is before `from` \(from)", fix: "swap them")
    }
    let validity = row.validity()
    guard let id = row.required("id", of: "an approval"),
      let kind = row.word("type", as: Approval.Kind.self)
    else { return nil }
    return Approval(
      id: id, kind: kind, subject: row.text("subject"), systems: row.texts("systems"),
      environments: row.texts("environments"), from: from, until: until,
      approvedBy: row.text("approved_by"), approvedAt: row.point("approved_at"),
      channel: row.text("channel"), reference: row.text("ref"), evidence: row.text("evidence"),
      reason: row.text("reason"), owner: row.text("owner"), control: row.text("control"),
      conditions: row.text("conditions"), refusal: nil, validity: validity, place: row.place(),
      ownerPlace: row.place("owner"), subjectPlace: row.place("subject"),
      systemsPlace: row.place("systems"))
  }
}
