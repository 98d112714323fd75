import Detectors
import Pipelines
import Registers
import Reviews

extension FactsBuilder {
  /// The register files, with how many rows each of them has.
  ///
  /// A file with a mistake in it stops a run, so no row is ever refused here.
  var registerFiles: [ReviewFacts.Register] {
    func files<Row: RegisterRow>(_ kind: RegisterKind, _ rows: [Row]) -> (
      kind: String, files: [String]
    ) {
      (kind.rawValue, rows.map(\.place.file))
    }
    let rows: [(kind: String, files: [String])] = [
      files(.people, registers.people), files(.contractors, registers.contractors),
      files(.infrastructure, registers.infrastructure), files(.tools, registers.tools),
      files(.approvals, registers.approvals), files(.subprocessors, registers.subprocessors),
      files(.secrets, registers.secrets), files(.backups, registers.backups),
      files(.limits, registers.limits), files(.roles, registers.roles),
      files(.flows, registers.flows),
      files(.policies, registers.policies), files(.reviews, registers.reviews),
      files(.attestations, registers.attestations), files(.incidents, registers.incidents),
      files(.risks, registers.risks), files(.requests, registers.requests),
      files(.drills, registers.drills),
    ]
    var found: [ReviewFacts.Register] = []
    for file in workspace.used where file.role == "register" {
      for (kind, files) in rows {
        let count = files.count { $0 == file.path }
        guard count > 0 else { continue }
        found.append(
          ReviewFacts.Register(
            name: kind, path: file.path, loaded: count, parsed: count, rejected: 0))
      }
      if !found.contains(where: { $0.path == file.path }) {
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
      ReviewFacts.Approval(
        id: approval.id, type: approval.kind.rawValue, subject: approval.subject ?? "",
        systems: approval.systems ?? ["any"], environments: approval.environments ?? ["any"],
        from: text(approval.from), until: text(approval.until),
        approvedBy: approval.approvedBy ?? "", approvedAt: text(approval.approvedAt),
        ref: approval.reference ?? "", verdict: verdict(on: approval),
        used: Int(counting: cleared[approval.id] ?? 0))
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
