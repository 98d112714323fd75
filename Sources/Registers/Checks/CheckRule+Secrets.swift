/// Keys and tokens: rows 85 to 87.
extension CheckRule {
  static let secrets = [
    CheckRule(
      "secret-unstored", "Secrets are kept in a store made for them", rows: [85], level: .medium,
      needs: [.secrets]
    ) { run in
      run.each(run.registers.secrets) { run, row in
        if row.store == nil {
          run.flag(
            row.id, row.place, "nobody says where `\(row.id)` is kept", fix: "add `store`")
        }
      }
    },
    CheckRule(
      "rotation-overdue", "Sensitive keys change every month, service tokens every quarter",
      rows: [86], level: .high, needs: [.secrets]
    ) { run in
      let warn = run.policy.seconds("rotation.warn")
      let (now, registers) = (run.now, run.registers)
      run.each(
        run.registers.secrets,
        where: {
          registers.maxAge(of: $0) != nil && ($0.revokedAt.map { $0.start > now } ?? true)
        }
      ) { run, row in
        guard let last = row.lastRotated else {
          return run.flag(
            row.id, row.place, "nobody says when `\(row.id)` was last changed",
            fix: "change it, and add `last_rotated`")
        }
        guard last.start <= now else {
          return run.flagLater(row, "the change of `\(row.id)`", "\(last)")
        }
        guard let due = registers.rotationDue(of: row) else { return }
        let day = registers.lastDay(before: due)
        if due <= now {
          run.flag(
            row.id, row.place, "`\(row.id)` was last changed \(last), and was due on \(day)",
            fix: "change it, and set `last_rotated`")
        } else if due.adding(seconds: -warn) <= now {
          run.flag(
            row.id, row.place, "`\(row.id)` must be changed by \(day)",
            fix: "plan it", isWarning: true)
        }
      }
    },
    CheckRule(
      "secret-expired", "What expired was changed or ended", rows: [87], level: .medium,
      needs: [.secrets]
    ) { run in
      run.each(run.registers.secrets, where: { $0.expiresOn != nil }) { run, row in
        guard let expires = row.expiresOn, expires.end <= run.now,
          run.book.past(row.revokedAt) == nil
        else { return }
        run.flag(
          row.id, row.place, "`\(row.id)` expired \(expires), and its row still holds",
          fix: "set `valid_to`, or change it and set `expires_on`")
      }
    },
  ]
}
