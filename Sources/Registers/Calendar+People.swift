/// What is expected when somebody's access ends.
extension CalendarDraft {
  /// How long before the end of access it may be taken back already, nanoseconds: nobody plans a leaving longer ahead.
  private static let earliest = 31 * day

  mutating func add(_ contractor: Contractor) {
    addEndings(of: contractor)
    let due = policy.offboardingDue(after: contractor.effectiveEnd)
    var base = draft(
      .offboarding, contractor.id, "contractors", contractor.place, row: contractor.id)
    (base.person, base.personKind, base.owner) = (contractor.id, "contractor", contractor.owner)
    base.met = contractor.offboarding?.completedAt?.start
    addOffboarding(base, contractor.accounts, end: contractor.effectiveEnd, due: due)
  }

  mutating func add(_ person: Person) {
    guard person.kind == .employee, person.validity.end < .max else { return }
    let end = person.validity.end
    var base = draft(.offboarding, person.id, "people", person.place, row: person.id)
    (base.person, base.personKind, base.owner) = (person.id, person.kind.rawValue, person.owner)
    addOffboarding(base, person.accounts, end: end, due: policy.offboardingDue(after: end))
  }

  /// One obligation for each account, or one for the person where no account is known.
  private mutating func addOffboarding(
    _ base: Obligation, _ accounts: [Account], end: Int64, due: Int64
  ) {
    var base = base
    base.due = due
    base.opens = saturatingSum(end, -CalendarDraft.earliest)
    let warn = saturatingSum(end, hours("offboarding.warn_hours"))
    if warn < due { base.warns = [warn] }
    guard !accounts.isEmpty else {
      base.note = "all access of \(base.row) is revoked"
      return add(base)
    }
    var taken: Set<String> = []
    for account in accounts {
      let system = account.system == "*" ? nil : account.system
      let name = "\(base.row)/\(system ?? account.name)"
      let id = taken.insert(name).inserted ? name : "\(name)/\(account.name)"
      var obligation = Obligation(
        kind: .offboarding, id: id, register: base.register, file: base.file, row: base.row,
        opens: base.opens, due: base.due)
      (obligation.warns, obligation.met, obligation.owner) = (base.warns, base.met, base.owner)
      (obligation.person, obligation.personKind) = (base.person, base.personKind)
      (obligation.account, obligation.system) = (account.name, system)
      obligation.note = "the account \(account.name) is disabled on \(system ?? "every system")"
      add(obligation)
    }
  }

  /// The ends that a contractor's access had, each until a renewal moved it.
  private mutating func addEndings(of contractor: Contractor) {
    let cap = contractor.start.advanced(by: policy.integer("contractor.days_max") - 1)
    var end = min(contractor.registeredEnd ?? cap, cap)
    var opens = zone.start(of: contractor.start)
    for renewal in contractor.renewals where renewal.isValid {
      guard let until = renewal.until, let approved = renewal.approvedAt?.latest else { continue }
      addEnding(of: contractor, end, opens: opens, renewed: approved)
      (end, opens) = (until, approved)
    }
    addEnding(of: contractor, end, opens: opens, renewed: nil)
  }

  private mutating func addEnding(
    of contractor: Contractor, _ end: CivilDay, opens: Int64, renewed: Int64?
  ) {
    var obligation = draft(
      .accessEnding, contractor.id, "contractors", contractor.place, row: contractor.id)
    (obligation.opens, obligation.due) = (opens, zone.end(of: end))
    obligation.warns = ["contractor.warn_days", "contractor.warn_days_last"]
      .map { saturatingSum(obligation.due, -days($0)) }.filter { $0 > opens }.sorted()
    // Who has gone before the end has no access that ends.
    obligation.met = renewed ?? contractor.offboarding?.completedAt?.start
    (obligation.person, obligation.personKind) = (contractor.id, "contractor")
    (obligation.owner, obligation.account) = (contractor.owner, contractor.accounts.first?.name)
    obligation.note = "access ends with \(end) unless it is renewed in writing"
    add(obligation)
  }
}
