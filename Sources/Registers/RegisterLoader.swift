import Documents

/// Reads the files of the registers into rows, and reports what is wrong in them.
///
/// What a row is made of stands in `RegisterLoader+Access.swift` and `RegisterLoader+Duties.swift`.
struct RegisterLoader {
  let zone: any CivilZone
  /// Whether a zone of this name can be found.
  let knowsZone: (String) -> Bool
  let problems = ProblemList()
  var present: Set<RegisterKind> = []
  var people: [Person] = []
  var contractors: [Contractor] = []
  var systems: [System] = []
  var tools: [Tool] = []
  var approvals: [Approval] = []
  var duties = Duties()

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
    guard let kind = RegisterKind(rawValue: base) else {
      let names = RegisterKind.allCases.map(\.rawValue)
      throw Problem(
        file: file, line: 1, column: 1, message: "`\(base).csv` names no register",
        fix: nearestName(to: base, among: names).map { "did you mean `\($0).csv`?" }
          ?? "name the file \(names.map { "\($0).csv" }.joined(separator: ", "))")
    }
    present.insert(kind)
    for row in try CommaSeparated.rows(file: file, text: text) {
      read(kind, row, file, isCSV: true)
    }
  }

  private mutating func readYAML(file: String, text: String) throws(Problem) {
    let document = try Document(file: file, text: text)
    let names = RegisterKind.allCases.map(\.rawValue)
    for root in document.roots where !root.isNull {
      guard let entries = root.entries else {
        throw document.problem(
          root, "a register must be a mapping",
          fix: "begin the file with one of \(names.map { "`\($0):`" }.joined(separator: ", "))")
      }
      problems.all += document.unknownKeys(in: root, known: names)
      for entry in entries {
        guard let kind = RegisterKind(rawValue: entry.key) else { continue }
        present.insert(kind)
        if entry.value.isNull { continue }
        guard let rows = entry.value.list else {
          throw document.problem(
            entry.value, "`\(entry.key)` must be a list", fix: "begin each row with `- id:`")
        }
        for row in rows { read(kind, RowNode(row), file, isCSV: false) }
      }
    }
  }

  private mutating func read(_ kind: RegisterKind, _ node: RowNode, _ file: String, isCSV: Bool) {
    let row = RowReader(
      file: file, node: node, isCSV: isCSV, zone: zone, problems: problems, keys: kind.keys)
    guard row.isMapping(of: kind.rowName) else { return }
    switch kind {
    case .people: people.add(person(row))
    case .contractors: contractors.add(contractor(row))
    case .infrastructure: systems.add(system(row))
    case .tools: tools.add(tool(row))
    case .approvals: approvals.add(approval(row))
    case .subprocessors: duties.subprocessors.add(subprocessor(row))
    case .secrets: duties.secrets.add(secret(row))
    case .backups: duties.backups.add(backup(row))
    case .limits: duties.limits.add(limit(row))
    case .roles: duties.roles.add(jobRole(row))
    case .flows: duties.flows.add(flow(row))
    case .policies: duties.policies.add(policyDocument(row))
    case .reviews: duties.reviews.add(review(row))
    case .attestations: duties.attestations.add(attestation(row))
    case .incidents: duties.incidents.add(incident(row))
    case .risks: duties.risks.add(risk(row))
    case .requests: duties.requests.add(request(row))
    case .drills: duties.drills.add(drill(row))
    case .dispositions: duties.dispositions.add(disposition(row))
    case .tasks: duties.tasks.add(task(row))
    }
  }
}

extension Array {
  /// Appends a row, if it could be read.
  fileprivate mutating func add(_ row: Element?) {
    if let row { append(row) }
  }
}

/// The rows of the registers that say what has to be done, and what was.
struct Duties: Sendable {
  var subprocessors: [Subprocessor] = []
  var secrets: [Secret] = []
  var backups: [Backup] = []
  var limits: [Limit] = []
  var roles: [JobRole] = []
  var flows: [Flow] = []
  var policies: [PolicyDocument] = []
  var reviews: [AccessReview] = []
  var attestations: [Attestation] = []
  var incidents: [Incident] = []
  var risks: [Risk] = []
  var requests: [DataRequest] = []
  var drills: [Drill] = []
  var dispositions: [Disposition] = []
  var tasks: [PlannedTask] = []
}
