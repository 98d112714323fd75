import Bytes
import Events
import Registers

/// Tells what the registers said about an event, and which of their rows made them say it.
///
/// The verdicts are those that ``Registers/join(_:source:)`` set on the event; only the rows behind
/// them are looked up here.
struct JoinStory {
  let registers: Registers
  let source: SourceContext
  /// The organisation's zone, in which people read times.
  let local: LocalTime

  /// Writes the joins of one event.
  func write(_ event: Event, to sheet: inout Sheet) {
    writeSystem(event, to: &sheet)
    writePerson(event, to: &sheet)
    if let status = text(.toolStatus, event) {
      let name = text(.toolName, event) ?? text(.imageName, event) ?? text(.urlDomain, event) ?? ""
      sheet.row("tool", "\(text(.toolID, event) ?? name.quoted), \(status) as of the event")
    }
    if let place = text(.sourceInfrastructure, event) {
      let environment = text(.sourceEnvironment, event).map { ", in \($0)" } ?? ""
      sheet.row("source address", "\(text(.sourceIP, event) ?? ""): \(place)\(environment)")
    }
    writeKeyed(event, to: &sheet)
  }

  // MARK: - Keys

  /// Writes what the event's own keys led to, each only where there is something.
  private func writeKeyed(_ event: Event, to sheet: inout Sheet) {
    if let kind = text(.targetPersonKind, event) {
      let words = [text(.targetPersonID, event), kind, text(.targetPersonStatus, event)]
      let expiry = text(.accountExpiryStatus, event).map { "; its expiry is \($0)" } ?? ""
      sheet.row(
        "target",
        "\(text(.userTargetName, event)?.quoted ?? ""): "
          + words.compactMap(\.self).joined(separator: ", ") + expiry)
    }
    let facts: [(name: String, what: Field?, verdict: Field)] = [
      ("role", .roleName, .roleStatus), ("flow", nil, .flowStatus),
      ("administrator", nil, .accessAdmin), ("deployer", nil, .accessDeployer),
      ("secret", .secretID, .secretStatus), ("backup", .backupJob, .backupID),
      ("limit", nil, .limitID), ("task", nil, .taskID), ("port", .destinationPort, .portStatus),
      ("exception", nil, .accessException), ("approved late", nil, .accessApprovalLate),
    ]
    for fact in facts {
      guard let verdict = text(fact.verdict, event) else { continue }
      let what = fact.what.flatMap { text($0, event) }.map { "\($0): " } ?? ""
      sheet.row(fact.name, what + verdict)
    }
  }

  private func text(_ field: Field, _ event: Event) -> String? {
    event[field].map { $0.text(event.scratch).string }
  }

  // MARK: - System

  private func writeSystem(_ event: Event, to sheet: inout Sheet) {
    guard registers.hasInfrastructure else {
      let declared = text(.systemID, event).map { "\($0), as the source declares; " } ?? ""
      return sheet.row("system", declared + "not judged: there is no infrastructure register")
    }
    guard let name = text(.systemName, event) else {
      return sheet.row("system", "the line names none")
    }
    var words = [name.quoted]
    if let id = text(.systemID, event) {
      let isDeclared = source.system?.string == id
      words.append("is \(id)" + (isDeclared ? ", as the source declares" : row(ofSystem: id)))
    }
    if let environment = text(.systemEnvironment, event) { words.append("in \(environment)") }
    if let status = text(.systemStatus, event) { words.append("(\(status) as of the event)") }
    sheet.row("system", words.joined(separator: " "))
  }

  private func row(ofSystem id: String) -> String {
    registers.infrastructure.first { $0.id == id }.map { ", \(place($0.place))" } ?? ""
  }

  // MARK: - Person

  private func writePerson(_ event: Event, to sheet: inout Sheet) {
    let mail = event.has(.userName) ? nil : text(.userEmail, event)
    guard let user = mail ?? text(.userName, event), !user.isEmpty else {
      return sheet.row("person", "the line names no user")
    }
    guard registers.hasPeople || registers.hasContractors else {
      return sheet.row("person", "not judged: there is no people register")
    }
    guard let id = text(.personID, event) else {
      if let mail {
        return sheet.row("person", "nobody known: no row alone has the address \(mail.quoted)")
      }
      let system = text(.systemID, event).map { "on \($0) or " } ?? ""
      let verdict = text(.personKind, event) ?? "nobody known; there is no people register"
      return sheet.row(
        "person", "\(verdict): no row has the account \(user.quoted) \(system)on every system")
    }
    if let contractor = registers.contractors.first(where: { $0.id == id }) {
      write(contractor, user, event, to: &sheet)
    } else if let person = registers.people.first(where: { $0.id == id }) {
      sheet.row("person", "\(id) \(person.name), \(person.kind.rawValue), \(place(person.place))")
      sheet.row("account", account(user, in: person.accounts, event))
      let start = person.start.map { "from \($0)" } ?? "from the beginning"
      let end = person.end.map { "to \($0)" } ?? "with no end"
      writeStatus(event, "employed \(start) \(end)", to: &sheet)
    }
  }

  private func account(_ user: String, in accounts: [Account], _ event: Event) -> String {
    if !event.has(.userName) { return "known by the address \(user.quoted)" }
    let system = text(.systemID, event)
    let fitting = accounts.filter { $0.name.lowercased() == user.lowercased() }
    if let system, fitting.contains(where: { $0.system == system }) {
      return "\(user.quoted) on \(system)"
    }
    return "\(user.quoted) on every system"
  }

  private func writeStatus(_ event: Event, _ terms: String, to sheet: inout Sheet) {
    var status = "\(text(.personStatus, event) ?? "unknown") as of the event: \(terms)"
    if case .integer(let seconds) = event[.personExpiredSeconds] {
      status += "; access should have ended \(lengthOfTime(seconds)) before"
    }
    sheet.row("status", status)
  }

  private func write(
    _ contractor: Contractor, _ user: String, _ event: Event, to sheet: inout Sheet
  ) {
    let company = contractor.company.map { " of \($0)" } ?? ""
    sheet.row(
      "person",
      "\(contractor.id) \(contractor.name), contractor\(company), \(place(contractor.place))")
    sheet.row("account", account(user, in: contractor.accounts, event))
    var terms = "engaged from \(contractor.start)"
    if let end = contractor.registeredEnd { terms += " to \(end)" }
    terms += ", access to the end of \(contractor.effectiveEndDay)"
    if let done = contractor.offboarding?.completedAt { terms += "; offboarded \(done)" }
    writeStatus(event, terms, to: &sheet)
    for renewal in contractor.renewals {
      let until = renewal.until.map { "\($0)" } ?? "no day"
      let verdict = renewal.refusal.map { "does not count: \($0.reason)" } ?? "counts"
      sheet.row("renewal", "to \(until), \(place(renewal.place)): \(verdict)")
    }
    writeScope(contractor, event, to: &sheet)
  }

  // MARK: - Scope

  private func writeScope(_ contractor: Contractor, _ event: Event, to sheet: inout Sheet) {
    guard let verdict = text(.accessScope, event) else { return }
    guard let scope = contractor.scope, let reason = text(.accessScopeReason, event) else {
      let what =
        verdict == "inside"
        ? "inside: nothing that the event says is beyond what was agreed"
        : "\(verdict): nothing was agreed that could be exceeded"
      sheet.row("scope", what)
      if verdict != "inside" { writeApprovals(contractor, event, to: &sheet) }
      return
    }
    let (agreed, here): ([String]?, String?) =
      switch reason {
      case "system": (scope.systems, text(.systemName, event) ?? text(.systemID, event))
      case "environment": (scope.environments, text(.systemEnvironment, event))
      case "country": (scope.countries, text(.sourceCountry, event))
      case "action": (scope.actions, text(.eventAction, event))
      default: (scope.hours, hour(scope, event))
      }
    sheet.row(
      "scope",
      "\(verdict) in its \(reason): agreed \(agreed?.joined(separator: ", ") ?? "nothing"), here "
        + (here ?? "nothing"))
    writeApprovals(contractor, event, to: &sheet)
  }

  private func hour(_ scope: Scope, _ event: Event) -> String {
    let named = scope.timezone.flatMap { try? Workspace.zone(named: $0) }.map(LocalTime.init)
    let clock = named ?? local
    let days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    let weekday = CivilDay(number: clock.day(event.time)).weekday
    return "\(days[weekday]) \(clock.text(event.time).dropFirst(11))"
  }

  private func writeApprovals(_ contractor: Contractor, _ event: Event, to sheet: inout Sheet) {
    let used = text(.accessApproval, event)
    let own = registers.approvals.filter {
      $0.subject == contractor.id
        && ($0.kind == .scope || $0.kind == .exception && $0.control == nil)
    }
    if own.isEmpty { sheet.row("approval", "none for \(contractor.id)") }
    for approval in own {
      let terms = [
        approval.systems?.joined(separator: ", "), approval.environments?.joined(separator: ", "),
        "\(approval.from?.text ?? "…") to \(approval.until?.text ?? "…")",
      ].compactMap(\.self).joined(separator: "; ")
      let verdict =
        approval.id == used ? "clears this" : "does not clear this: " + refusal(approval, event)
      sheet.row("approval", "\(approval.id) (\(terms)) \(verdict)")
    }
  }

  /// Why an approval that was not used could not be.
  private func refusal(_ approval: Approval, _ event: Event) -> String {
    if let refusal = approval.refusal { return refusal.reason }
    if let approved = approval.approvedAt, approved.latest > event.time {
      return "approved \(approved), after the event"
    }
    if let from = approval.from, event.time < from.start { return "it begins later" }
    if let until = approval.until, event.time >= until.end { return "it had ended" }
    if !approval.validity.contains(event.time) { return "its row does not hold at that time" }
    if event.has(.accessApproval) { return "another one did" }
    return "it is for other systems or environments"
  }

  private func place(_ place: Place) -> String { "\(place.file):\(place.line)" }
}
