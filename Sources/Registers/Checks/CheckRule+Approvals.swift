/// Approvals and exceptions: rows 22 and 60.
extension CheckRule {
  static let approvals = [
    CheckRule(
      "approval-invalid", "Approvals are given by the right person, in writing, with a date",
      rows: [22], level: .high, needs: [.approvals]
    ) { run in
      let now = run.now
      run.each(run.registers.approvals, where: { $0.wasGiven(by: now) }) { run, row in
        if let refusal = row.refusal {
          run.flag(
            row.id, row.place, "the approval `\(row.id)` does not count: \(refusal.reason)",
            fix: refusal.fix)
        } else if let at = row.approvedAt, let from = row.from, at.start >= from.end {
          run.flag(
            row.id, row.place,
            "the approval `\(row.id)` was given \(at), after it was to begin \(from)",
            fix: "nothing can be changed now; it clears nothing from before \(at)")
        }
      }
    },
    CheckRule(
      "exception-expired", "Exceptions have an owner, a reason and an end that has not passed",
      rows: [60], level: .medium, needs: [.approvals]
    ) { run in
      let most = run.policy.integer("exception.days_max")
      let now = run.now
      run.each(
        run.registers.approvals, where: { $0.kind == .exception && $0.wasGiven(by: now) }
      ) { run, row in
        if let until = row.until, until.end <= run.now {
          run.flag(
            row.id, row.place, "the exception `\(row.id)` ended \(until)",
            fix: "end what it was for and set `valid_to`, or have a new one approved")
        }
        if let days = row.days(in: run.registers.zone), days > most {
          run.flag(
            row.id, row.place,
            "the exception `\(row.id)` lasts \(days) days; at most \(most) are allowed",
            fix: "shorten it, and approve it again when it ends")
        }
        let missing = [row.owner == nil ? "owner" : nil, row.reason == nil ? "reason" : nil]
          .compactMap(\.self)
        if !missing.isEmpty {
          run.flag(
            row.id, row.place,
            "the exception `\(row.id)` has no \(missing.joined(separator: " and no "))",
            fix: "add \(missing.map { "`\($0)`" }.joined(separator: " and "))")
        }
      }
    },
  ]
}

extension Approval {
  /// Whether it was there at a time; one without a date was.
  fileprivate func wasGiven(by time: Int64) -> Bool {
    approvedAt.map { $0.start <= time } ?? true
  }
}
