import Bytes
import Events

/// Whose account an event shows, and whether they had access.
extension Registers {
  @inline(__always)
  func findPerson(
    _ facts: JoinFacts, _ source: SourceContext, _ standing: inout Standing, _ cache: JoinCache
  ) {
    guard let user = facts.user, !user.isEmpty else {
      if let mail = facts.mail { findPerson(mail: mail, at: facts.time, &standing, cache) }
      return
    }
    // Which system it is matters only where accounts are registered for single systems.
    let system =
      index.hasScopedAccounts ? systemID(standing, facts.time, source) ?? .empty : .empty
    let packed = principal(user, system, at: facts.time, cache)
    guard packed >= 0 else {
      // Without the people register nobody can be called a stranger.
      if hasPeople { standing.add(.unlisted, .none) }
      return
    }
    standing.person = packed >> 7
    standing.packed |= UInt32(packed & 63)
    if packed & 64 != 0 { standing.hasApprovals = true }
  }

  /// Finds whose address it is.
  ///
  /// One that no row has makes nobody a stranger: outsiders have addresses, too.
  @inline(never) private func findPerson(
    mail: ByteView, at time: Int64, _ standing: inout Standing, _ cache: JoinCache
  ) {
    guard index.hasMails else { return }
    // No system's id is at this place, so that an address and an account of one name are kept apart.
    let key = JoinCache.Key(mail, scope: 1)
    let kept = key.flatMap { cache.account($0) }
    let packed =
      kept ?? index.principal(mail: mail, at: time).map { self.packed($0, at: time) } ?? -1
    if kept == nil, let key { cache.keep(account: key, packed) }
    guard packed >= 0 else { return }
    standing.person = packed >> 7
    standing.packed |= UInt32(packed & 63)
    if packed & 64 != 0 { standing.hasApprovals = true }
  }

  /// The row of an account's owner, or -1; in the seven lowest bits kind, status and whether approvals are theirs.
  @inline(__always) func principal(
    _ user: ByteView, _ system: ByteView, at time: Int64, _ cache: JoinCache
  ) -> Int32 {
    // A system's id is never freed while the registers live, so its place tells it apart.
    let scope = index.hasScopedAccounts ? UInt64(system.address) : 0
    guard let key = JoinCache.Key(user, scope: scope) else { return find(user, system, at: time) }
    if let kept = cache.account(key) { return kept }
    let found = find(user, system, at: time)
    cache.keep(account: key, found)
    return found
  }

  func find(_ user: ByteView, _ system: ByteView, at time: Int64) -> Int32 {
    index.principal(user, system: system, at: time).map { packed($0, at: time) } ?? -1
  }

  /// A row with its kind, its status and whether approvals are theirs in the seven lowest bits.
  private func packed(_ row: Int, at time: Int64) -> Int32 {
    let (kind, status) = standing(ofPrincipal: row, at: time)
    let approvals: UInt32 = index.principals[row].approvals.isEmpty ? 0 : 64
    return Int32(row) << 7 | Int32(kind.rawValue | status.rawValue << 3 | approvals)
  }

  /// What somebody is, and whether they have access at a time.
  func standing(
    ofPrincipal row: Int, at time: Int64
  ) -> (Standing.PersonKind, Standing.PersonStatus) {
    let tenure = index.tenures[row]
    let status: Standing.PersonStatus
    if tenure.offboarded < time || time >= tenure.end {
      status = tenure.kind == .contractor && tenure.offboarded >= time ? .expired : .offboarded
    } else {
      status = time < tenure.start ? .notStarted : .active
    }
    switch tenure.kind {
    case .employee: return (.employee, status)
    case .contractor: return (.contractor, status)
    case .service: return (.service, status)
    }
  }

  func setPerson(_ standing: Standing, _ event: Event) {
    if let id = personID(standing) { event.set(.personID, id) }
    if let word = Registers.word(standing.personKind) { event.set(.personKind, word) }
    guard let word = Registers.word(standing.personStatus) else { return }
    event.set(.personStatus, word)
    guard standing.personStatus == .expired || standing.personStatus == .offboarded else { return }
    let tenure = index.tenures[Int(standing.person)]
    let end = min(tenure.end, tenure.offboarded)
    let (late, overflow) = event.time.subtractingReportingOverflow(end)
    event.set(
      .personExpiredSeconds, .integer(overflow ? .max : late.floorDivided(by: 1_000_000_000)))
  }

  static func word(_ kind: Standing.PersonKind) -> StaticString? {
    switch kind {
    case .none: nil
    case .employee: "employee"
    case .contractor: "contractor"
    case .service: "service"
    case .unlisted: "unlisted"
    }
  }

  static func word(_ status: Standing.PersonStatus) -> StaticString? {
    switch status {
    case .none: nil
    case .active: "active"
    case .notStarted: "not-started"
    case .expired: "expired"
    case .offboarded: "offboarded"
    }
  }
}
