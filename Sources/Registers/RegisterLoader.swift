import Documents

/// Reads the files of the registers into rows, and reports what is wrong in them.
struct RegisterLoader {
  /// The registers that there are, by their key at the top of a file.
  enum Kind: String, CaseIterable {
    case people, contractors, infrastructure, tools, approvals
  }
  let zone: any CivilZone
  /// Whether a zone of this name can be found.
  let knowsZone: (String) -> Bool
  let problems = ProblemList()
  var present: Set<Kind> = []
  var people: [Person] = []
  var contractors: [Contractor] = []
  var systems: [System] = []
  var tools: [Tool] = []
  var approvals: [Approval] = []

  private static let common = ["id", "name", "valid_from", "valid_to", "ref", "notes"]
  private static let person =
    common + [
      "kind", "employment", "roles", "accounts", "countries", "hours", "owner", "emails",
      "manager", "job_role",
    ]
  private static let contractor =
    common + [
      "company", "accounts", "engagement", "renewals", "scope", "offboarding", "owner", "emails",
    ]
  private static let system =
    common + [
      "kind", "names", "addresses", "environment", "owner", "internet_facing", "allowed_ports",
      "classification", "country", "mfa_required", "criticality",
    ]
  private static let tool =
    common + [
      "domains", "status", "introduced_by", "introduced_on", "approval", "vendor", "owner",
      "questionnaire", "justification", "personal_data",
    ]
  private static let approval =
    common + [
      "type", "subject", "systems", "environments", "from", "until", "approved_by", "approved_at",
      "channel", "control", "conditions",
    ]

  /// Reads one file: YAML by the key at its top, CSV by its name.
  mutating func read(file: String, text: String) {
    do {
      if file.lowercased().hasSuffix(".csv") {
        try readCSV(file: file, text: text)
      } else {
        try readYAML(file: file, text: text)
      }
    } catch {
      problems.all.append(error)
    }
  }

  private mutating func readCSV(file: String, text: String) throws(Problem) {
    let base = file.split(separator: "/").last.map { $0.dropLast(4).lowercased() } ?? ""
    guard let kind = Kind(rawValue: base) else {
      throw Problem(
        file: file, line: 1, column: 1, message: "`\(base).csv` names no register",
        fix: "name the file \(Kind.allCases.map { "\($0.rawValue).csv" }.joined(separator: ", "))")
    }
    present.insert(kind)
    for row in try CommaSeparated.rows(file: file, text: text) {
      read(kind, RowReader(file: file, node: row, isCSV: true, zone: zone, problems: problems))
    }
  }

  private mutating func readYAML(file: String, text: String) throws(Problem) {
    let document = try Document(file: file, text: text)
    let names = Kind.allCases.map(\.rawValue)
    for root in document.roots where !root.isNull {
      guard let entries = root.entries else {
        throw document.problem(
          root, "a register must be a mapping",
          fix: "begin the file with one of \(names.map { "`\($0):`" }.joined(separator: ", "))")
      }
      problems.all += document.unknownKeys(in: root, known: names)
      for entry in entries {
        guard let kind = Kind(rawValue: entry.key) else { continue }
        present.insert(kind)
        if entry.value.isNull { continue }
        guard let rows = entry.value.list else {
          throw document.problem(
            entry.value, "`\(entry.key)` must be a list", fix: "begin each row with `- id:`")
        }
        for row in rows {
          read(
            kind,
            RowReader(
              file: file, node: RowNode(row), isCSV: false, zone: zone, problems: problems))
        }
      }
    }
  }

  private mutating func read(_ kind: Kind, _ row: RowReader) {
    switch kind {
    case .people: if let person = person(row) { people.append(person) }
    case .contractors: if let contractor = contractor(row) { contractors.append(contractor) }
    case .infrastructure: if let system = system(row) { systems.append(system) }
    case .tools: if let tool = tool(row) { tools.append(tool) }
    case .approvals: if let approval = approval(row) { approvals.append(approval) }
    }
  }

  private func person(_ row: RowReader) -> Person? {
    guard row.isMapping(of: "a person", known: Self.person) else { return nil }
    let employment = row.child("employment", known: ["start", "end", "type"])
    let (start, end) = (employment?.day("start"), employment?.day("end"))
    let validity = row.validity().clamped(
      start: start.map(zone.start), end: end.map(zone.end))
    guard let id = row.required("id", of: "a person") else { return nil }
    return Person(
      id: id, name: row.text("name") ?? id,
      kind: row.word("kind", as: Person.Kind.self) ?? .employee, start: start, end: end,
      validity: validity, roles: row.texts("roles") ?? [], accounts: row.accounts("accounts"),
      owner: row.text("owner"), countries: row.texts("countries") ?? [],
      hours: row.hours("hours")?.texts ?? [], place: row.place(),
      endPlace: employment?.place("end") ?? row.place(), ownerPlace: row.place("owner"))
  }

  private func contractor(_ row: RowReader) -> Contractor? {
    guard row.isMapping(of: "a contractor", known: Self.contractor) else { return nil }
    let engagement = row.child("engagement", known: ["start", "end"])
    if row.value("engagement") == nil {
      row.report(
        row.node, "a contractor without `engagement`",
        fix: "add engagement: {start: YYYY-MM-DD, end: YYYY-MM-DD}")
    } else if let engagement {
      _ = engagement.required("start", of: "an engagement")
    }
    let renewals = row.children(
      "renewals",
      known: ["until", "approved_by", "approved_at", "channel", "ref", "notes"]
    ).map { renewal in
      Renewal(
        until: renewal.day("until"), approvedBy: renewal.text("approved_by"),
        approvedAt: renewal.point("approved_at"), channel: renewal.text("channel"),
        reference: renewal.text("ref"), refusal: nil, place: renewal.place())
    }
    let offboarding = row.child("offboarding", known: ["completed_at", "ref", "ended_at", "notes"])
      .map { Offboarding(completedAt: $0.point("completed_at"), reference: $0.text("ref")) }
    let scope = scope(row)
    let validity = row.validity()
    guard let id = row.required("id", of: "a contractor"), let start = engagement?.day("start")
    else { return nil }
    return Contractor(
      id: id, name: row.text("name") ?? id, company: row.text("company"),
      accounts: row.accounts("accounts"), start: start, registeredEnd: engagement?.day("end"),
      effectiveEndDay: start, effectiveEnd: .max, validity: validity, renewals: renewals,
      scope: scope, offboarding: offboarding, owner: row.text("owner"), place: row.place(),
      endPlace: engagement?.place("end") ?? row.place(), ownerPlace: row.place("owner"))
  }

  private func scope(_ row: RowReader) -> Scope? {
    let known = ["systems", "environments", "actions", "hours", "timezone", "countries", "notes"]
    guard let scope = row.child("scope", known: known) else { return nil }
    let timezone = scope.text("timezone")
    if let timezone, !knowsZone(timezone), let node = scope.value("timezone") {
      scope.report(
        node, "no time zone is named `\(timezone)`", fix: "write one like Europe/Amsterdam")
    }
    let hours = scope.hours("hours")
    let read = Scope(
      systems: scope.texts("systems"), environments: scope.texts("environments"),
      actions: scope.texts("actions"), hours: hours?.texts, timezone: timezone,
      countries: scope.texts("countries"), windows: hours?.windows,
      systemsPlace: scope.place("systems"))
    let isEmpty =
      read.systems == nil && read.environments == nil && read.actions == nil && read.hours == nil
      && read.countries == nil
    return isEmpty ? nil : read
  }

  private func system(_ row: RowReader) -> System? {
    guard row.isMapping(of: "a system", known: Self.system) else { return nil }
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
    guard let id = row.required("id", of: "a system") else { return nil }
    return System(
      id: id, kind: row.text("kind") ?? "host", names: row.texts("names") ?? [],
      addresses: row.texts("addresses") ?? [], environment: row.text("environment"),
      owner: row.text("owner"), isInternetFacing: row.bool("internet_facing") ?? false,
      needsSecondFactor: row.bool("mfa_required") ?? false,
      validity: row.validity(), place: row.place(), ownerPlace: row.place("owner"),
      prefixes: prefixes)
  }

  private func tool(_ row: RowReader) -> Tool? {
    guard row.isMapping(of: "a tool", known: Self.tool) else { return nil }
    let approval = row.child("approval", known: ["by", "at", "channel", "ref", "notes"])
    let questionnaire =
      row.value("questionnaire")?.entries == nil
      ? row.text("questionnaire")
      : row.child("questionnaire", known: ["ref", "completed_on"])?.text("ref")
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
      owner: row.text("owner"), questionnaire: questionnaire,
      justification: row.text("justification"), validity: row.validity(), place: row.place(),
      ownerPlace: row.place("owner"), approvalPlace: row.place("approval"))
  }

  private func approval(_ row: RowReader) -> Approval? {
    guard row.isMapping(of: "an approval", known: Self.approval) else { return nil }
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
      channel: row.text("channel"), reference: row.text("ref"), refusal: nil, validity: validity,
      place: row.place())
  }
}
