/// Access reviews: rows 12 and 41.
extension CheckRule {
  static let reviews = [
    CheckRule(
      "access-review-overdue", "Access to each system is reviewed and signed every month",
      rows: [12, 41], level: .high, needs: [.reviews]
    ) { run in
      let month = run.book.monthDue
      let stretches = run.book.stretches
      let reviews = Dictionary(
        grouping: run.registers.reviews.filter { $0.month == month }, by: \.system)
      for system in run.book.systemsToReview
      where run.book.existed(stretches[system] ?? [], in: month) {
        run.population += 1
        run.checkReview(of: system, month, reviews[system] ?? [])
      }
    },
    CheckRule(
      "review-rubber-stamp", "Reviewers take the time to judge", rows: [41],
      level: .informational, needs: [.reviews]
    ) { run in
      let least = Double(run.policy.seconds("review.seconds_per_account"))
      for row in run.recentReviews() where !row.decisions.isEmpty {
        run.population += 1
        let times = row.decisions.compactMap(\.at).map(\.start)
        guard row.decisions.allSatisfy({ $0.verdict == .keep }),
          let begin = row.startedAt?.start ?? times.min(),
          let end = times.max() ?? row.reviewedAt?.start
        else { continue }
        // The first decision's own time tells nothing of how long that one took.
        let count = row.startedAt == nil ? row.decisions.count - 1 : row.decisions.count
        // Times may lie at the ends of what 64 bits hold.
        let seconds = max(0, Double(end) - Double(begin)) / 1_000_000_000
        if count > 0, seconds < least * Double(count) {
          run.flag(
            row.id, row.place,
            "all \(row.decisions.count) accounts of `\(row.system)` were kept, "
              + "\(Int((seconds / Double(count)).rounded(.down))) seconds for each",
            fix: "look at each account's last use and need")
        }
      }
    },
    CheckRule(
      "review-incomplete", "A review decides on every account, and what it revokes is gone",
      rows: [41], level: .medium, needs: [.reviews]
    ) { run in
      for row in run.recentReviews() {
        run.population += 1
        if let accounts = row.accounts, accounts > row.decisions.count {
          run.flag(
            row.id, row.place,
            "the review `\(row.id)` decided on \(row.decisions.count) of \(accounts) accounts",
            fix: "add the missing decisions")
        }
        for decision in row.decisions {
          guard let verdict = decision.verdict else {
            run.flag(
              row.id, decision.place, "nothing was decided about `\(decision.account)`",
              fix: "add decision: keep, modify or revoke")
            continue
          }
          let due = (decision.at ?? row.reviewedAt)?.end.adding(
            seconds: run.policy.integer("offboarding.hours") * 3600)
          if verdict == .revoke, run.book.past(decision.removedAt) == nil, let due, due <= run.now {
            run.flag(
              row.id, decision.place,
              "`\(decision.account)` was to be revoked on `\(row.system)`, and nobody says it was",
              fix: "revoke it, and add `removed_at`")
          }
        }
      }
    },
    CheckRule(
      "review-own-account", "Nobody decides on an account of their own", rows: [41], level: .low,
      needs: [.reviews, .people]
    ) { run in
      for row in run.recentReviews() {
        for decision in row.decisions {
          guard let by = decision.by ?? row.reviewedBy, let at = decision.at ?? row.reviewedAt
          else { continue }
          run.population += 1
          let holder = run.registers.resolve(
            account: decision.account, system: row.system, at: at.latest)
          if holder == by {
            run.flag(
              row.id, decision.place, "`\(by)` decided on `\(decision.account)`, their own account",
              fix: "have somebody else decide, and name them in `by`")
          }
        }
      }
    },
  ]
}

extension CheckBook {
  /// The last month whose reviews must be signed by now.
  var monthDue: CivilMonth {
    let current = CivilMonth(containing: today)
    let due = current.first.advanced(by: registers.policy.integer("review.due_day") - 1)
    return today > due ? current.previous : current.previous.previous
  }

  /// The systems whose accounts are reviewed: those the policy lists, or all that accounts, grants or
  /// reviews name.
  var systemsToReview: [String] {
    let listed = registers.policy.texts("review.systems")
    guard listed.isEmpty else { return listed }
    var systems = Set(registers.reviews.map(\.system))
    for person in registers.people {
      systems.formUnion(person.accounts.map(\.system) + person.access.map(\.system))
    }
    for contractor in registers.contractors {
      systems.formUnion(contractor.accounts.map(\.system) + contractor.granted.map(\.system))
    }
    return systems.subtracting(["*"]).sorted()
  }

  /// From when until when each system or tool is there.
  var stretches: [String: [Validity]] {
    var found: [String: [Validity]] = [:]
    for row in registers.infrastructure { found[row.id, default: []].append(row.validity) }
    for row in registers.tools { found[row.id, default: []].append(row.validity) }
    return found
  }

  /// Whether a system was there for the whole of a month; one that no register knows was.
  func existed(_ rows: [Validity], in month: CivilMonth) -> Bool {
    let start = registers.zone.start(of: month.first)
    let end = registers.zone.start(of: month.next.first)
    return rows.isEmpty || rows.contains { $0.start <= start && $0.end >= end }
  }
}

extension CheckRun {
  /// Reviews of the month that is due, and of later ones.
  func recentReviews() -> [AccessReview] {
    let month = book.monthDue
    return registers.reviews.filter { row in
      row.month >= month && row.validity.contains(now)
        && (row.reviewedAt ?? row.startedAt).map { $0.start <= now } ?? true
    }
  }

  /// Whether a system's review of a month was signed in time by somebody who may.
  mutating func checkReview(of system: String, _ month: CivilMonth, _ rows: [AccessReview]) {
    let due = month.next.first.advanced(by: policy.integer("review.due_day") - 1)
    let place =
      rows.first?.place ?? registers.reviews.last?.place
      ?? Place(file: "reviews", line: 1, column: 1)
    guard
      let row = rows.first(where: { book.past($0.reviewedAt) != nil && $0.reviewedBy != nil }),
      let signer = row.reviewedBy, let at = row.reviewedAt
    else {
      return flag(
        system, place, "nobody signed the access review of `\(system)` for \(month), due on \(due)",
        fix: "review the accounts, and add a row with `reviewed_by` and `reviewed_at`")
    }
    if at.start >= registers.zone.end(of: due) {
      flag(
        system, row.place, "the review of `\(system)` for \(month) was signed \(at), after \(due)",
        fix: "nothing can be changed now; the review lists it")
    }
    if at.latest < registers.zone.start(of: month.first) {
      flag(
        system, row.place, "the review of `\(system)` for \(month) was signed before the month",
        fix: "review what the month brought")
    }
    if registers.hasPeople, !book.mayApprove(signer, at: at) {
      flag(
        system, row.reviewerPlace,
        "`\(signer)`, who signed the review of `\(system)`, does not hold the role "
          + "`\(Verdicts.role)`", fix: "have someone sign who does")
    }
  }
}
