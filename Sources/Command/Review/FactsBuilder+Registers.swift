import Detectors
import Pipelines
import Registers
import Reviews

extension FactsBuilder {
  /// The register files, with how many rows each of them has.
  ///
  /// A file with a mistake in it stops a run, so no row is ever refused here.
  var registerFiles: [ReviewFacts.Register] {
    var counts: [[String]: Int] = [:]
    for kind in RegisterKind.allCases {
      for row in registers.rows(of: kind) {
        counts[[row.place.file, kind.rawValue], default: 0] += 1
      }
    }
    var found: [ReviewFacts.Register] = []
    for file in workspace.used where file.role == "register" {
      let before = found.count
      for kind in RegisterKind.allCases {
        guard let count = counts[[file.path, kind.rawValue]] else { continue }
        found.append(
          ReviewFacts.Register(
            name: kind.rawValue, path: file.path, loaded: count, parsed: count, rejected: 0))
      }
      if found.count == before {
        found.append(ReviewFacts.Register(name: "(no rows)", path: file.path))
      }
    }
    return found
  }

  /// Accounts that signed in, and those of them that no register lists.
  var accounts: ReviewFacts.Accounts {
    guard registers.hasPeople else { return ReviewFacts.Accounts() }
    let unlisted = result.signIns.unlisted.sorted { $0.key < $1.key }.map { user, account in
      ReviewFacts.UnlistedAccount(
        user: user, systems: account.systems.sorted(), first: text(account.seen.first),
        last: text(account.seen.last), events: Int(counting: account.seen.count))
    }
    return ReviewFacts.Accounts(checked: result.signIns.userCount, unlisted: unlisted)
  }

  /// Approvals that hold, were given or were used in the month, by id.
  var approvals: [ReviewFacts.Approval] {
    var cleared: [String: UInt64] = [:]
    for (use, seen) in result.tallies.uses where !use.approval.isEmpty && use.scope != "inside" {
      cleared[use.approval, default: 0] += seen.count
    }
    for (row, seen) in lifted.rows { cleared[row.exception, default: 0] += seen.count }
    return registers.approvals.filter { approval in
      let start = approval.from?.start ?? approval.approvedAt?.start ?? approval.validity.start
      let end = approval.until?.end ?? approval.validity.end
      let given = approval.approvedAt?.start
      return touchesMonth(start, end) || given.map(window.contains) ?? false
        || cleared[approval.id] != nil
    }.sorted { $0.id < $1.id }.map { approval in
      var row = ReviewFacts.Approval(
        id: approval.id, type: approval.kind.rawValue, subject: approval.subject ?? "",
        systems: approval.systems ?? ["any"], environments: approval.environments ?? ["any"],
        from: text(approval.from), until: text(approval.until),
        approvedBy: approval.approvedBy ?? "", approvedAt: text(approval.approvedAt),
        ref: approval.reference ?? "", verdict: verdict(on: approval),
        used: Int(counting: cleared[approval.id] ?? 0))
      // What a renewal or a tool's approval lets happen is not counted by events.
      row.isCounted = approval.kind != .renewal && approval.kind != .tool
      return row
    }
  }

  /// Whether an approval counts, and whether it came before what it was for.
  private func verdict(on approval: Approval) -> Mark {
    if let refusal = approval.refusal { return .bad(refusal.reason) }
    guard let given = approval.approvedAt, let from = approval.from else { return .good("valid") }
    if given.start >= from.end { return .bad("approved late") }
    let isUsedBefore = findings.contains { finding in
      guard finding.detector == "contractor-out-of-scope", finding.start >= from.start,
        finding.start < given.start, isAbout(finding, person: approval.subject ?? "")
      else { return false }
      let system = finding.evidence.first?["system.id"] ?? ""
      return approval.systems?.contains(system) ?? true
    }
    return isUsedBefore ? .bad("approved after the first use") : .good("valid")
  }
}
