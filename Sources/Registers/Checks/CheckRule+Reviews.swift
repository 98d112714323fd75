/// Access reviews: rows 12 and 41.
extension CheckRule {
  static let reviews = [
    CheckRule(
      "access-review-overdue", "Access to each system is reviewed and signed every month",
      rows: [12, 41], level: .high, needs: [.reviews]
    ) { run in
      let month = run.book.monthDue
      let stretches = run.registers.stretches()
      let reviews = Dictionary(
        grouping: run.registers.reviews.filter { $0.month == month }, by: \.system)
      for system in run.registers.systemsToReview()
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
    return today > registers.accessReviewDue(for: current.previous)
      ? current.previous : current.previous.previous
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
    let due = registers.accessReviewDue(for: month)
    let place =
      rows.first?.place ?? registers.reviews.last?.place
      ?? Place(file: "reviews", line: 1, column: 1)
    let signed = rows.filter { book.past($0.reviewedAt) != nil && $0.reviewedBy != nil }
    guard let row = signed.first(where: registers.isSigned) ?? signed.first,
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
    if !registers.isSigned(row) {
      flag(
        system, row.reviewerPlace,
        "`\(signer)`, who signed the review of `\(system)`, does not hold the role "
          + "`\(Verdicts.role)`", fix: "have someone sign who does")
    }
  }
}
