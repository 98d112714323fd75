/// What is expected when somebody's access ends.
extension CalendarDraft {
  /// How long before the end of access it may be taken back already, nanoseconds: nobody plans a leaving longer ahead.
  private static let earliest = 31 * day

  mutating func add(_ contractor: Contractor) {
    addEndings(of: contractor)
    let end = contractor.effectiveEnd
    var base = draft(
      .offboarding, contractor.id, "contractors", contractor.place, row: contractor.id)
    (base.person, base.personKind, base.owner) = (contractor.id, "contractor", contractor.owner)
    addOffboarding(
      base, contractor.accounts, contractor.granted, contractor.offboarding, end: end,
      due: registers.offboardingDue(of: contractor))
  }

  mutating func add(_ person: Person) {
    let end = person.validity.end
    guard person.kind == .employee, end < .max else { return }
    var base = draft(.offboarding, person.id, "people", person.place, row: person.id)
    (base.person, base.personKind, base.owner) = (person.id, person.kind.rawValue, person.owner)
    addOffboarding(
      base, person.accounts, person.access, person.offboarding, end: end,
      due: registers.offboardingDue(of: person))
  }

  /// One obligation for each system and account that the row names, or one for the person where it names none.
  private mutating func addOffboarding(
    _ base: Obligation, _ accounts: [Account], _ granted: [AccessGrant],
    _ offboarding: Offboarding?, end: Int64, due: Int64
  ) {
    var base = base
    (base.due, base.opens) = (due, saturatingSum(end, -CalendarDraft.earliest))
    base.met = offboarding?.completedAt?.start
    let warn = saturatingSum(end, hours("offboarding.warn_hours"))
    if warn < due { base.warns = [warn] }
    var revoked: [String: Int64] = [:]
    for item in offboarding?.checklist ?? [] { revoked[item.system] = item.at.start }
    let everywhere = accounts.first { $0.system == "*" }?.name
    // What is granted says where; the accounts say under which names.
    let bySystem = Dictionary(accounts.map { ($0.system, $0.name) }) { first, _ in first }
    var places = granted.map { grant in
      (
        system: Optional(grant.system),
        account: grant.account ?? bySystem[grant.system] ?? everywhere
      )
    }
    var known = Set(places.map { [$0.system, $0.account] })
    for account in accounts where account.system != "*" {
      if known.insert([account.system, account.name]).inserted {
        places.append((account.system, account.name))
      }
    }
    let systems = Set(places.map(\.system))
    for system in revoked.keys.sorted() where !systems.contains(system) {
      places.append((system, everywhere))
    }
    // An account of every system, of which none is named, is one that has to go wherever it is.
    if places.isEmpty { places = accounts.map { (nil, $0.name) } }
    guard !places.isEmpty else {
      base.note = "all access of \(base.row) is revoked"
      return add(base)
    }
    var taken: Set<String> = []
    for (system, account) in places {
      let name = "\(base.row)/\(system ?? account ?? "")"
      let id = taken.insert(name).inserted ? name : "\(name)/\(account ?? "")"
      var obligation = Obligation(
        kind: .offboarding, id: id, register: base.register, file: base.file, row: base.row,
        opens: base.opens, due: base.due)
      (obligation.warns, obligation.owner) = (base.warns, base.owner)
      obligation.met = [base.met, system.flatMap { revoked[$0] }].compactMap(\.self).min()
      (obligation.person, obligation.personKind) = (base.person, base.personKind)
      (obligation.account, obligation.system) = (account, system)
      obligation.note =
        "\(account.map { "the account \($0)" } ?? "access") is revoked on \(system ?? "every system")"
      add(obligation)
    }
  }

  /// The ends that a contractor's access had, each until a renewal moved it.
  private mutating func addEndings(of contractor: Contractor) {
    var end = zone.day(at: contractor.firstEnd - 1)
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
    let left = [contractor.offboarding?.endedAt?.start, contractor.offboarding?.completedAt?.start]
    obligation.met = renewed ?? left.compactMap(\.self).min()
    (obligation.person, obligation.personKind) = (contractor.id, "contractor")
    (obligation.owner, obligation.account) = (contractor.owner, contractor.accounts.first?.name)
    obligation.note = "access ends with \(end) unless it is renewed in writing"
    add(obligation)
  }
}
