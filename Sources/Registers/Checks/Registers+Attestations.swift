/// What no log or register can prove: rows 46, 75 and 101 to 138.
extension Registers {
  /// One check for each clause that the register vouches for, and one for those it does not.
  func attestationChecks(_ book: CheckBook) -> [RegisterCheck] {
    let clauses = policy.texts("attestation.clauses")
    guard present.contains(.attestations) else {
      return [attestationsMissing(of: [], among: clauses, book, notRun: "no attestations register")]
    }
    let rows = attestations.filter { $0.validity.contains(book.now) }
    var byClause: [String: [Attestation]] = [:]
    for row in rows { byClause[row.clause, default: []].append(row) }
    let known = byClause.keys.sorted { (number($0), $0) < (number($1), $1) }
    return known.compactMap { clause in
      byClause[clause].map { check($0, of: clause, book) }
    } + [attestationsMissing(of: known, among: clauses, book, notRun: nil)]
  }

  /// How many days what a clause asks for stays good.
  ///
  /// A clause that wants an export may be vouched for as well, as often as the policy wants the export.
  package func attestationDays(of clause: String) -> Int {
    switch clause {
    case "row-31": policy.seconds("scan.interval") / 86_400
    case "row-81": policy.seconds("training.interval") / 86_400
    case "row-94": policy.seconds("image.scan_interval") / 86_400
    case "row-106": policy.integer("attestation.programme_days")
    case "row-108": policy.integer("attestation.acceptance_days")
    case "row-117": policy.integer("attestation.penetration_test_days")
    case "row-122": policy.integer("attestation.risk_register_days")
    case "row-126": policy.integer("attestation.notices_days")
    case "row-130": policy.integer("attestation.roster_days")
    case "row-134": policy.integer("attestation.fallback_days")
    default: policy.integer("attestation.days")
    }
  }

  /// When an attestation has to be given again; `nil` when it was never given.
  public func attestationDue(of row: Attestation) -> CivilDay? {
    let byPolicy = row.performedOn?.advanced(by: attestationDays(of: row.clause))
    return [row.nextDue, byPolicy].compactMap(\.self).min()
  }

  private func number(_ clause: String) -> Int { Int(clause.dropFirst(4)) ?? .max }

  /// A clause is good when its latest attestation is.
  private func check(
    _ rows: [Attestation], of clause: String, _ book: CheckBook
  ) -> RegisterCheck {
    var run = CheckRun(book: book)
    run.population = rows.count
    let done = rows.filter { $0.performedOn.map { $0 <= book.today } ?? false }
    if let row = done.max(by: { ($0.performedOn ?? .never) < ($1.performedOn ?? .never) })
      ?? rows.first
    {
      run.checkAttestation(row)
    }
    return RegisterCheck(
      run, id: "attestation-due",
      title: rows.first?.statement ?? "What \(clause) asks for is vouched for",
      rows: [number(clause) == .max ? 46 : number(clause), 46], level: .medium, notRun: nil)
  }

  private func attestationsMissing(
    of known: [String], among clauses: [String], _ book: CheckBook, notRun: String?
  ) -> RegisterCheck {
    var run = CheckRun(book: book)
    if notRun == nil {
      run.population = clauses.count
      let place = attestations.last?.place ?? Place(file: "attestations", line: 1, column: 1)
      for clause in clauses where !known.contains(clause) {
        run.flag(
          clause, place, "nobody vouches for \(clause)",
          fix: "add an attestation, or leave \(clause) out of attestation.clauses in policy.yaml")
      }
    }
    return RegisterCheck(
      run, id: "attestation-missing",
      title: "Each clause without a log has somebody who vouches for it", rows: [46, 75],
      level: .low, notRun: notRun)
  }
}

extension CheckRun {
  fileprivate mutating func checkAttestation(_ row: Attestation) {
    let clause = row.clause
    guard let performed = row.performedOn, performed <= book.today,
      let due = registers.attestationDue(of: row)
    else {
      return flag(
        clause, row.place, "what \(clause) asks for was never done",
        fix: "do it, and add `performed_on`")
    }
    if due < book.today {
      flag(
        clause, row.place,
        "what \(clause) asks for was done on \(performed), and was due on \(due)",
        fix: "do it again, and set `performed_on` and `next_due`")
    } else if clause == "row-107",
      book.today.advanced(by: policy.integer("attestation.insurance_warn_days")) > due
    {
      flag(
        clause, row.place, "the insurance of \(clause) ends on \(due)", fix: "renew it",
        isWarning: true)
    }
    if row.link == nil {
      flag(clause, row.place, "nothing shows that \(clause) was done", fix: "add `link`")
    }
    if let owner = row.owner {
      if registers.hasPeople, let absence = book.absence(of: owner) {
        flag(
          clause, row.ownerPlace, "`\(owner)`, who answers for \(clause), \(absence)",
          fix: "name someone who is here")
      }
    } else {
      flag(clause, row.place, "nobody answers for \(clause)", fix: "add `owner`")
    }
  }
}

extension CivilDay {
  /// Before any day that a register writes.
  fileprivate static let never = CivilDay(number: .min)
}
