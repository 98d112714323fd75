/// What has to be looked at again and again: rows 23, 45, 72, 100.
extension CheckRule {
  static let documents = [
    CheckRule(
      "policy-review-due", "Policies are reviewed every year", rows: [23, 100], level: .low,
      needs: [.policies]
    ) { run in
      let days = run.policy.integer("document.review_days")
      let warn = run.policy.integer("document.warn_days")
      run.each(run.registers.policies) { run, row in
        run.due(
          row, "the review of `\(row.title)`", last: row.reviewedOn, days: days, warn: warn,
          fix: "review it and set `reviewed_on`")
      }
    },
    CheckRule(
      "significant-change", "Policies are reviewed when something significant changes",
      rows: [100], level: .informational, needs: [.policies]
    ) { run in
      let zone = run.registers.zone
      let reviewed = run.registers.policies.compactMap(\.reviewedOn)
        .filter { $0 <= run.book.today }.max()
      guard let reviewed else {
        run.notRun = "no policy has ever been reviewed"
        return
      }
      let since = zone.end(of: reviewed)
      let registers = run.registers
      run.each(
        registers.infrastructure,
        where: { $0.kind == "service" && registers.isProduction($0.environment) }
      ) { run, row in
        if row.validity.start >= since {
          run.flag(
            row.id, row.place,
            "`\(row.id)` is new since policies were last reviewed on \(reviewed)",
            fix: "review the policies that it touches")
        }
      }
      run.each(registers.subprocessors) { run, row in
        if row.validity.start >= since {
          run.flag(
            row.id, row.place,
            "the subprocessor `\(row.id)` is new since policies were last reviewed on \(reviewed)",
            fix: "review the policies that it touches")
        }
      }
    },
    CheckRule(
      "vendor-review-due", "Vendors are reviewed every year", rows: [45, 84], level: .low,
      needs: [.subprocessors]
    ) { run in
      let days = run.policy.integer("vendor.review_days")
      let warn = run.policy.integer("vendor.warn_days")
      run.each(run.registers.subprocessors) { run, row in
        run.due(
          row, "the review of the vendor `\(row.id)`", last: row.reviewedOn, days: days, warn: warn,
          fix: "review it and set `reviewed_on`")
      }
    },
    CheckRule(
      "risk-register-stale", "The risk register is kept", rows: [45, 122], level: .low,
      needs: [.risks]
    ) { run in
      let days = run.policy.integer("risk.review_days")
      run.each(run.registers.risks) { run, row in
        run.due(
          row, "the risk `\(row.id)`", last: row.reviewedOn, days: days,
          fix: "judge it again and set `reviewed_on`")
        if row.treatment == nil {
          run.flag(
            row.id, row.place, "nobody says what is done about the risk `\(row.id)`",
            fix: "add `treatment`")
        }
      }
    },
    CheckRule(
      "dsr-overdue", "People who ask about their data are answered in time", rows: [72],
      level: .high, needs: [.requests]
    ) { run in
      let (now, since) = (run.now, run.book.ago(days: 92))
      run.each(
        run.registers.requests,
        where: { $0.receivedAt.start <= now && ($0.answeredAt.map { $0.end > since } ?? true) }
      ) { run, row in
        let due = run.registers.requestDue(of: row)
        if let answered = run.book.past(row.answeredAt) {
          if answered.start > due {
            run.flag(
              row.id, row.place,
              "the request `\(row.id)` of \(row.receivedAt) was answered \(answered), too late",
              fix: "nothing can be changed now; the review lists it")
          } else if row.verifiedAt == nil {
            run.flag(
              row.id, row.place, "nobody says that it was clear who made the request `\(row.id)`",
              fix: "add `verified_at`")
          }
        } else if now > due {
          run.flag(
            row.id, row.place, "the request `\(row.id)` of \(row.receivedAt) has no answer",
            fix: "answer it, and add `answered_at`")
        }
      }
    },
  ]
}
