import Bytes
import Detectors
import Pipelines
import Registers
import Reviews

/// Who had access to what, as the registers and the logs have it.
extension FactsBuilder {
  /// Someone of the registers, whichever of them it is.
  private struct Principal {
    let id, name, kind: String
    let accounts: [Account]
    let roles: [String]
    let jobRole: String?
    let grants: [AccessGrant]
    let offboarding: Offboarding?
    /// When access ends, nanoseconds; `Int64.max` when it does not.
    let end: Int64
    let due: Int64
    let isCurrent: Bool
  }

  private var principals: [Principal] {
    let people = registers.people.map { person in
      Principal(
        id: person.id, name: person.name, kind: person.kind.rawValue, accounts: person.accounts,
        roles: person.roles, jobRole: person.jobRole, grants: person.access,
        offboarding: person.offboarding, end: person.validity.end,
        due: registers.offboardingDue(of: person),
        isCurrent: person.validity.contains(lastMoment))
    }
    let contractors = registers.contractors.map { row in
      let access = registers.access(of: row)
      return Principal(
        id: row.id, name: row.name, kind: "contractor", accounts: row.accounts, roles: [],
        jobRole: nil, grants: row.granted, offboarding: row.offboarding, end: access.end,
        due: registers.offboardingDue(of: row), isCurrent: access.contains(lastMoment))
    }
    return people + contractors
  }

  /// The systems with accounts, by name, and their reviews.
  var access: [ReviewFacts.SystemAccess] {
    let byID = Dictionary(principals.map { ($0.id, $0) }, uniquingKeysWith: { _, last in last })
    let rows = Dictionary(grouping: result.tallies[.access].rows) { $0.texts[0] }
    let listed = Dictionary(
      registers.infrastructure.filter { touchesMonth($0.validity.start, $0.validity.end) }
        .map { ($0.id, $0) }, uniquingKeysWith: { _, last in last })
    var names = Set(rows.keys)
    for principal in byID.values where principal.isCurrent {
      names.formUnion(principal.accounts.map(\.system).filter { $0 != "*" })
    }
    var given: [String: [(principal: Principal, account: String)]] = [:]
    for principal in byID.values where principal.isCurrent {
      for account in principal.accounts where account.system != "*" {
        given[account.system, default: []].append((principal, account.name))
      }
    }
    return names.sorted().map { name in
      var system = ReviewFacts.SystemAccess()
      let row = listed[name]
      system.system = name.isEmpty ? "(not named)" : name
      system.isListed = row != nil
      system.environment = row?.environment ?? ""
      system.owner = row?.owner ?? ""
      system.rows = accounts(on: name, rows[name] ?? [], given[name] ?? [], byID)
      addReview(of: name, to: &system)
      return system
    }
  }

  /// The accounts that were used on a system, and those that the registers give it.
  private func accounts(
    on system: String, _ used: [TextTally.Row], _ given: [(principal: Principal, account: String)],
    _ people: [String: Principal]
  ) -> [ReviewFacts.AccessRow] {
    var rows: [ReviewFacts.AccessRow] = used.map { seen in
      var row = ReviewFacts.AccessRow()
      (row.account, row.person, row.kind) = (seen.texts[1], seen.texts[2], seen.texts[3])
      row.first = text(seen.seen.first)
      row.last = text(seen.seen.last)
      row.uses = Int(counting: seen.seen.count)
      row.signIns = Int(counting: seen.counts[0])
      row.commands = Int(counting: seen.counts[1])
      row.changes = Int(counting: seen.counts[2])
      if let principal = people[row.person] {
        complete(&row, principal, system)
        if principal.end <= lastMoment { row.remark = .bad("access has ended") }
      } else {
        row.remark = .bad("nobody's")
      }
      return row
    }
    let known = Set(rows.map { [$0.account.lowercased(), $0.person] })
    for (principal, account) in given
    where !known.contains([account.lowercased(), principal.id]) {
      var row = ReviewFacts.AccessRow()
      (row.account, row.person, row.kind) = (account, principal.id, principal.kind)
      row.remark = .attention("not used")
      complete(&row, principal, system)
      rows.append(row)
    }
    return rows.sorted { ($0.account, $0.person) < ($1.account, $1.person) }
  }

  private func complete(
    _ row: inout ReviewFacts.AccessRow, _ principal: Principal, _ system: String
  ) {
    row.name = principal.name
    row.roles = principal.roles.filter { $0.hasSuffix(":\(system)") || $0.hasSuffix(":*") }
    if let jobRole = principal.jobRole {
      row.roles.append(jobRole)
      row.roles += registers.roles.filter {
        $0.jobRole == jobRole && $0.validity.contains(lastMoment)
      }.flatMap(\.grants).filter { $0.system == system || $0.system == "*" }.map(\.role)
    }
    row.roles = row.roles.distinct
    let grants = principal.grants.filter { $0.system == system }
    row.given = text(grants.compactMap { past($0.at) }.min { $0.start < $1.start })
    row.basis =
      grants.compactMap(\.ticket).first
      ?? registers.approvals.first {
        $0.subject == principal.id && $0.refusal == nil && $0.systems?.contains(system) ?? false
          && touchesMonth($0.from?.start ?? .min, $0.until?.end ?? .max)
      }?.id ?? ""
  }

  /// Fills in what the reviews register has of the month.
  private func addReview(of name: String, to system: inout ReviewFacts.SystemAccess) {
    let review = registers.reviews.last { $0.system == name && $0.month.description == month.text }
    let due = registers.accessReviewDue(for: CivilMonth(containing: lastDay))
    guard let review else {
      system.verdict = .attention("not signed, due \(due)")
      return
    }
    system.reviewedBy = review.reviewedBy ?? ""
    system.reviewedAt = text(review.reviewedAt)
    system.ref = review.reference ?? ""
    system.counted = review.accounts
    if let signed = review.reviewedAt {
      let isLate = local.day(signed.start) > due.number
      if !registers.isSigned(review) {
        system.verdict = .bad("signed by somebody who may not")
      } else {
        system.verdict = isLate ? .attention("signed late, due \(due)") : .good("signed")
      }
    } else {
      system.verdict = .attention("begun, not signed, due \(due)")
    }
    for place in system.rows.indices {
      let account = system.rows[place].account.lowercased()
      guard let decision = review.decisions.last(where: { $0.account.lowercased() == account })
      else { continue }
      system.rows[place].decision = decision.verdict?.rawValue ?? ""
      system.rows[place].decidedBy = decision.by ?? review.reviewedBy ?? ""
      system.rows[place].decidedAt = text(decision.at)
      system.rows[place].ticket = decision.ticket ?? ""
      system.rows[place].removedAt = text(decision.removedAt)
    }
  }

  /// Accounts that ran commands as another, or signed in as an administrator.
  var privileged: [ReviewFacts.Privileged] {
    let people = Dictionary(
      registers.people.map { ($0.id, $0) }, uniquingKeysWith: { _, last in last })
    let owners: Set<String> = ["root", "administrator", "admin"]
    let environments = Dictionary(
      registers.infrastructure.map { ($0.id, $0.environment) },
      uniquingKeysWith: { _, last in last })
    return result.tallies[.access].rows.filter {
      $0.counts[1] > 0 || owners.contains($0.texts[1].lowercased())
    }.map { seen in
      var row = ReviewFacts.Privileged()
      (row.system, row.account) = (seen.texts[0], seen.texts[1])
      (row.person, row.kind) = (seen.texts[2], seen.texts[3])
      row.signIns = Int(counting: seen.counts[0])
      row.commands = Int(counting: seen.counts[1])
      (row.first, row.last) = (text(seen.seen.first), text(seen.seen.last))
      let environment = environments[row.system] ?? nil
      if let person = people[row.person] {
        let isListed = person.roles.contains { role in
          guard role.hasPrefix("admin:") else { return false }
          let pattern = String(role.dropFirst(6))
          return pattern == "*" || pattern == row.system || pattern == environment
            || fits(pattern, row.system)
        }
        row.listing = isListed ? .good("listed") : .attention("not listed")
      } else {
        row.listing = .bad(row.person.isEmpty ? "nobody's" : "not listed")
      }
      return row
    }
  }

  private func fits(_ pattern: String, _ text: String) -> Bool {
    text.withView { text in pattern.withView { text.matches(glob: $0) } }
  }

  /// Who left in the month, or had not been let go of before it, by person and system.
  var revocations: [ReviewFacts.Revocation] {
    var rows: [ReviewFacts.Revocation] = []
    for principal in principals.sorted(by: { ($0.id, $0.end) < ($1.id, $1.end) }) {
      let end = principal.end
      guard end <= lastMoment, end != .min else { continue }
      let completed = past(principal.offboarding?.completedAt)
      let touches = end >= window.lowerBound || completed.map { window.contains($0.start) } ?? false
      guard touches || completed == nil else { continue }
      let done = Dictionary(
        (principal.offboarding?.checklist ?? []).map { ($0.system, $0.at) },
        uniquingKeysWith: { first, _ in first })
      for (system, account) in places(of: principal, done) {
        var row = ReviewFacts.Revocation()
        (row.person, row.name, row.kind) = (principal.id, principal.name, principal.kind)
        (row.system, row.account) = (system == "*" ? "(every system)" : system, account)
        row.endedAt = text(end)
        row.ref = principal.offboarding?.reference ?? ""
        let revoked = done[system] ?? (system == "*" ? completed : nil)
        if let revoked, revoked.start <= lastMoment {
          row.revokedAt = text(revoked)
          row.hours = Int(max(0, revoked.start - end + 3_599_999_999_999) / 3_600_000_000_000)
          row.verdict =
            revoked.start > principal.due ? .bad("revoked late") : .good("revoked in time")
        } else {
          row.verdict =
            principal.due <= lastMoment
            ? .bad("no revocation on record") : .attention("due \(text(principal.due))")
        }
        rows.append(row)
      }
    }
    return rows
  }

  /// Where somebody has access, and under which name: what was granted, every account, and what was revoked.
  private func places(
    of principal: Principal, _ done: [String: TimePoint]
  ) -> [(system: String, account: String)] {
    var systems = principal.grants.map { (system: $0.system, account: $0.account ?? "") }
    let named = Set(systems.filter { !$0.account.isEmpty }.map { [$0.system, $0.account] })
    let granted = Set(systems.map(\.system))
    for account in principal.accounts where !named.contains([account.system, account.name]) {
      // A grant without a name is for the account that is registered there.
      if granted.contains(account.system),
        let place = systems.firstIndex(where: { $0.system == account.system && $0.account.isEmpty })
      {
        systems[place].account = account.name
      } else {
        systems.append((account.system, account.name))
      }
    }
    let known = Set(systems.map(\.system))
    systems += done.keys.filter { !known.contains($0) }.map { ($0, "") }
    if systems.isEmpty { systems = [("*", "")] }
    return systems.sorted { ($0.system, $0.account) < ($1.system, $1.account) }
  }

  /// What contractors did on production databases, with the approval that covered it.
  var databaseUses: [ReviewFacts.Cleared] {
    let kinds: Set<String> = ["db", "database", "postgresql", "mongodb", "mysql", "mariadb"]
    let production = registers.infrastructure.filter { registers.isProduction($0.environment) }
    // A host that serves a database is known by whoever was found on it, and by what was approved for it.
    let found = findings.filter { $0.controls.contains("row-10") }
      .compactMap { $0.evidence.first?["system.id"] }
    let approved = registers.approvals.filter { $0.kind == .productionDatabase }
      .flatMap { $0.systems ?? [] }
    let named = Set(found + approved)
    let databases = Set(
      production.filter { kinds.contains($0.kind.lowercased()) || named.contains($0.id) }.map(\.id))
    return result.tallies.uses.filter { databases.contains($0.key.system) }
      .sorted { left, right in
        (left.key.person, left.key.system, left.key.approval, left.key.reason)
          < (right.key.person, right.key.system, right.key.approval, right.key.reason)
      }.map { use, seen in
        var row = ReviewFacts.Cleared()
        (row.person, row.system, row.reason) = (use.person, use.system, use.reason)
        row.approval = databaseApproval(use.person, use.system, seen) ?? ""
        (row.first, row.last) = (text(seen.first), text(seen.last))
        row.events = Int(counting: seen.count)
        return row
      }
  }

  /// The approval for production databases that held for all that somebody did on a system.
  private func databaseApproval(
    _ person: String, _ system: String, _ seen: Tallies.Seen
  ) -> String? {
    registers.approvals.first { row in
      guard row.kind == .productionDatabase, row.refusal == nil, row.subject == person,
        row.systems.map({ $0.contains { fits($0, system) } }) ?? true,
        let given = row.approvedAt, let until = row.until
      else { return false }
      return given.latest <= seen.first && (row.from?.start ?? .min) <= seen.first
        && seen.last < until.end && row.validity.contains(seen.first)
    }?.id
  }

  /// What each approval cleared: events, by approval, person and system, then rows of registers.
  var cleared: [ReviewFacts.Cleared] {
    let rows = registers.checks(at: lastMoment).flatMap { check in
      check.excused.map { excused in
        var row = ReviewFacts.Cleared()
        (row.approval, row.person) = (excused.approval, excused.exception.subject)
        row.reason = "\(check.id): \(excused.exception.message)"
        return row
      }
    }
    return clearedEvents
      + liftedFindings
      + rows.sorted { ($0.approval, $0.person, $0.reason) < ($1.approval, $1.person, $1.reason) }
  }

  /// What exceptions lifted in the month.
  var lifted: LiftTally { result.lifted.only(month: month.year * 12 + month.month - 1) }

  /// What exceptions kept from being found.
  private var liftedFindings: [ReviewFacts.Cleared] {
    lifted.rows.map { row, seen in
      var fact = ReviewFacts.Cleared()
      (fact.approval, fact.person, fact.system) = (row.exception, row.person, row.system)
      fact.reason = row.detector
      (fact.first, fact.last) = (text(seen.first), text(seen.last))
      fact.events = Int(counting: seen.count)
      return fact
    }.sorted {
      ($0.approval, $0.reason, $0.person, $0.system)
        < ($1.approval, $1.reason, $1.person, $1.system)
    }
  }

  private var clearedEvents: [ReviewFacts.Cleared] {
    result.tallies[.cleared].rows.map { seen in
      var row = ReviewFacts.Cleared()
      (row.approval, row.person) = (seen.texts[0], seen.texts[1])
      (row.system, row.reason) = (seen.texts[2], seen.texts[3])
      (row.first, row.last) = (text(seen.seen.first), text(seen.seen.last))
      row.events = Int(counting: seen.seen.count)
      return row
    }
  }
}
