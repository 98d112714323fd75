import Bytes
public import Documents

/// What is wrong with the registers themselves; needs no logs.
extension Registers {
  /// Everything that an auditor would ask about, in file order.
  ///
  /// Errors are rows that contradict each other or the rules; warnings are rows that were right and
  /// have gone stale.
  ///
  /// - Parameter asOf: The moment to judge by, nanoseconds since 1970 UTC.
  /// - Complexity: O(*n* log *n*) in rows; a nearest name is looked for while there are few problems only.
  public func lint(asOf: Int64) -> [Problem] {
    var lint = Lint(registers: self, now: asOf)
    lint.run()
    return lint.problems.inFileOrder
  }
}

/// One run of the checks.
struct Lint {
  let registers: Registers
  let now: Int64
  var problems: [Problem] = []
  let peopleByID: [String: Person]
  let contractorsByID: [String: Contractor]
  /// Ids and names of systems and tools, in small letters.
  let systems: Set<String>
  let toolIDs, environments: Set<String>

  init(registers: Registers, now: Int64) {
    (self.registers, self.now) = (registers, now)
    peopleByID = Dictionary(registers.people.map { ($0.id, $0) }) { first, _ in first }
    contractorsByID = Dictionary(registers.contractors.map { ($0.id, $0) }) { first, _ in first }
    toolIDs = Set(registers.tools.map(\.id))
    environments = Set(registers.infrastructure.compactMap(\.environment))
    systems = Lint.knownSystems(registers)
  }

  mutating func run() {
    checkIDs()
    checkAccounts()
    for person in registers.people { check(person) }
    checkApprovers()
    for contractor in registers.contractors {
      check(contractor)
      checkScope(contractor)
    }
    for system in registers.infrastructure {
      checkOwner(system.owner, of: "`\(system.id)`", validity: system.validity, system.ownerPlace)
      if system.owner == nil, registers.hasPeople, system.validity.contains(now) {
        report(
          system.place, "nobody owns `\(system.id)`",
          fix: "add `owner`, an id of the people register",
          severity: .warning)
      }
    }
    checkAddresses()
    for tool in registers.tools { check(tool) }
    for approval in registers.approvals { check(approval) }
    checkReferences()
    checkDuties()
  }

  mutating func report(
    _ place: Place, _ message: String, fix: String, severity: Problem.Severity = .error
  ) {
    problems.append(
      Problem(
        file: place.file, line: place.line, column: place.column, message: message, fix: fix,
        severity: severity))
  }

  private mutating func checkIDs() {
    check(
      ids: registers.people.map { ($0.id, $0.place) }
        + registers.contractors.map { ($0.id, $0.place) })
    check(ids: registers.infrastructure.map { ($0.id, $0.place) })
    check(ids: registers.tools.map { ($0.id, $0.place) })
    check(ids: registers.approvals.map { ($0.id, $0.place) })
  }

  private mutating func check(ids: [(id: String, place: Place)]) {
    var seen: [String: Place] = [:]
    for (id, place) in ids {
      guard let first = seen[id] else {
        seen[id] = place
        continue
      }
      report(
        place, "the id `\(id)` also stands at \(first.file):\(first.line)",
        fix: "give one of the rows another id")
    }
  }

  private mutating func checkAccounts() {
    let (index, peopleCount) = (registers.index, registers.people.count)
    for number in 0..<index.accounts.entries.count {
      let entry = index.accounts.entries[number]
      let matches = index.accounts.matches(entry)
      guard matches.count > 1 else { continue }
      let rows = (0..<matches.count).map { matches[$0] }
      for clash in Lint.clashes(rows.map(access), owner: { rows[$0] }) {
        let (row, other) = (rows[clash.later], rows[clash.earlier])
        let place =
          row < peopleCount
          ? registers.people[row].place : registers.contractors[row - peopleCount].place
        let system = entry.scope.string == "*" ? "every system" : "`\(entry.scope.string)`"
        report(
          place,
          "the account `\(entry.name.string)` on \(system) is both "
            + "`\(index.principals[other].id.string)`'s and `\(index.principals[row].id.string)`'s",
          fix: "one account name is one person's; rename it, or end one of the rows")
      }
    }
  }

  private func access(of row: Int) -> Validity {
    let principal = registers.index.principals[row]
    return Validity(start: principal.start, end: principal.end)
  }

  private mutating func checkApprovers() {
    guard let first = registers.contractors.first else { return }
    let hasApprover = registers.people.contains {
      $0.roles.contains(Verdicts.role) && $0.validity.contains(now)
    }
    if !hasApprover {
      report(
        Place(file: first.place.file, line: 1, column: 1),
        "there are contractors, and nobody who may approve their access",
        fix: "give one person of the people register the role `\(Verdicts.role)`")
    }
  }

  mutating func checkOwner(
    _ owner: String?, of what: String, validity: Validity, _ place: Place
  ) {
    guard let owner, registers.hasPeople, validity.contains(now) else { return }
    let person = peopleByID[owner]?.validity
    guard let access = person ?? contractorsByID[owner].map(registers.access) else {
      return report(
        place, "the owner of \(what), `\(owner)`, is in no register",
        fix: "add the person, or correct the id")
    }
    if access.end <= now {
      report(
        place, "the owner of \(what), `\(owner)`, left on \(registers.lastDay(before: access.end))",
        fix: "name someone who is here", severity: .warning)
    }
  }

  private mutating func check(_ person: Person) {
    if let start = person.start, let end = person.end, end < start {
      report(
        person.endPlace, "the employment of `\(person.id)` ends \(end), before its start \(start)",
        fix: "swap them")
    }
    checkOwner(
      person.owner, of: "`\(person.id)`", validity: person.validity, person.ownerPlace)
  }

  private mutating func check(_ contractor: Contractor) {
    let id = contractor.id
    let most = registers.policy.integer("contractor.days_max")
    checkOwner(
      contractor.owner, of: "`\(id)`", validity: contractor.validity, contractor.ownerPlace)
    if let end = contractor.registeredEnd, end < contractor.start {
      report(
        contractor.endPlace,
        "the engagement of `\(id)` ends \(end), before its start "
          + "\(contractor.start)", fix: "swap them")
    } else if let end = contractor.registeredEnd, end > contractor.grantedEndDay {
      report(
        contractor.endPlace,
        "the engagement of `\(id)` is registered until \(end), but access ends at the end of "
          + "\(contractor.grantedEndDay): start plus \(most) days, and the renewals that count",
        fix: "have a renewal approved before then, or correct `end`")
    } else if contractor.registeredEnd == nil {
      report(
        contractor.endPlace, "the engagement of `\(id)` has no end",
        fix: "add `end`; access ends at the end of \(contractor.grantedEndDay) at the latest")
    }
    for renewal in contractor.renewals {
      guard let refusal = renewal.refusal else { continue }
      report(
        renewal.place, "a renewal of `\(id)` does not count: \(refusal.reason)", fix: refusal.fix)
    }
    checkOffboarding(contractor)
  }

  private mutating func checkOffboarding(_ contractor: Contractor) {
    let access = registers.access(of: contractor)
    let hours = registers.policy.integer("offboarding.hours")
    let due = registers.offboardingDue(of: contractor)
    let ended =
      "the access of `\(contractor.id)` ended at the end of \(registers.lastDay(before: access.end))"
    guard let completed = contractor.offboarding?.completedAt else {
      if access.end <= now {
        report(
          contractor.place, "\(ended), and no offboarding was recorded",
          fix: "revoke the access and add offboarding: {completed_at: …, ref: …}",
          severity: .warning)
      }
      return
    }
    // A bare date is generous here: the work may have been done at any hour of that day.
    if completed.start > due {
      report(
        contractor.place,
        "\(ended), but offboarding was completed \(completed), more than "
          + "\(hours) hours later",
        fix: "nothing can be changed now; the review lists it", severity: .warning)
    }
    if contractor.offboarding?.reference == nil {
      report(
        contractor.place, "the offboarding of `\(contractor.id)` has no reference",
        fix: "add `ref`, the ticket that records it", severity: .warning)
    }
  }

  private static func knownSystems(_ registers: Registers) -> Set<String> {
    var known: Set<String> = []
    for system in registers.infrastructure {
      known.insert(system.id.lowercased())
      for name in system.names { known.insert(name.lowercased()) }
    }
    for tool in registers.tools { known.insert(tool.id.lowercased()) }
    return known
  }

  private mutating func checkScope(_ contractor: Contractor) {
    guard let scope = contractor.scope else {
      return report(
        contractor.place, "`\(contractor.id)` has no scope",
        fix: "add scope: {systems: […], environments: […]}", severity: .warning)
    }
    guard registers.hasInfrastructure else { return }
    for system in scope.systems ?? [] {
      let name = system.lowercased()
      guard !Pattern.isPattern(system), !systems.contains(name) else { continue }
      report(
        scope.systemsPlace,
        "the scope of `\(contractor.id)` names `\(system)`, which is no system or tool",
        fix: nearest(name, systems)
          ?? "add the system to the infrastructure register, or correct the scope")
    }
  }

  private mutating func check(_ tool: Tool) {
    checkOwner(tool.owner, of: "`\(tool.id)`", validity: tool.validity, tool.ownerPlace)
    guard tool.status == .approved || tool.status == .proposed else { return }
    if tool.introducedBy == nil || tool.introducedOn == nil {
      let missing = tool.introducedBy == nil ? "introduced_by" : "introduced_on"
      report(
        tool.place, "the tool `\(tool.id)` does not say who introduced it, and when",
        fix: "add `\(missing)`")
    }
    if let introducer = tool.introducedBy, registers.hasPeople, peopleByID[introducer] == nil,
      contractorsByID[introducer] == nil
    {
      report(
        tool.place, "`\(introducer)`, who introduced `\(tool.id)`, is in no register",
        fix: "add the person, or correct the id")
    }
    guard tool.status == .approved else { return }
    let refusal = registers.verdicts.refusal(
      approver: tool.approvedBy, at: tool.approvedAt, subjects: [], reference: tool.reference,
      channel: tool.channel, evidence: tool.evidence)
    if let refusal {
      report(
        tool.approvalPlace,
        "the approval of the tool `\(tool.id)` does not count: "
          + refusal.reason, fix: refusal.fix)
    }
  }

  private mutating func check(_ approval: Approval) {
    if let refusal = approval.refusal {
      report(
        approval.place, "the approval `\(approval.id)` does not count: \(refusal.reason)",
        fix: refusal.fix)
    }
    if let subject = approval.subject, approval.kind == .scope, registers.hasContractors,
      contractorsByID[subject] == nil
    {
      report(
        approval.place, "the approval `\(approval.id)` is for `\(subject)`, who is no contractor",
        fix: nearest(subject, Set(contractorsByID.keys)) ?? "correct `subject`")
    }
    let most = registers.policy.integer("approval.days_max")
    if approval.kind != .exception, let days = approval.days(in: registers.zone), days > most {
      report(
        approval.place, "the approval `\(approval.id)` lasts longer than \(most) days",
        fix: "shorten it, or change the contractor's scope", severity: .warning)
    }
  }
}
