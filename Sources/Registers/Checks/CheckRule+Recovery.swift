/// Backups, restores and drills: rows 28, 68, 69, 71, 78, 80.
extension CheckRule {
  static let recovery = [
    CheckRule(
      "restore-test-due", "A restore is tried every year, outside of production", rows: [28],
      level: .high, needs: [.backups]
    ) { run in
      let warn = run.policy.seconds("restore_test.warn")
      run.each(run.registers.backups) { run, row in
        let tests = row.restoreTests.filter { run.book.past($0.at) != nil }
        let good = run.registers.goodRestores(of: row).filter { run.book.past($0.at) != nil }
        guard let last = good.last else {
          let why = tests.last.map { test in
            test.result != .passed
              ? "the last one did not pass"
              : "the last one says no place, or production"
          }
          return run.flag(
            row.id, tests.last?.place ?? row.place,
            "no restore of `\(row.id)` counts" + (why.map { ": \($0)" } ?? ": none was tried"),
            fix: "try one outside of production, and add it to `restore_tests`")
        }
        let due = run.registers.restoreDue(after: last)
        let day = run.registers.lastDay(before: due)
        if due <= run.now {
          run.flag(
            row.id, last.place,
            "the last restore of `\(row.id)` was \(last.at), the next due \(day)",
            fix: "try one outside of production, and add it to `restore_tests`")
        } else if due.adding(seconds: -warn) <= run.now {
          run.flag(
            row.id, last.place, "a restore of `\(row.id)` is due \(day)",
            fix: "plan it", isWarning: true)
        }
      }
    },
    CheckRule(
      "restore-too-slow", "A restore takes no longer than the system may be gone", rows: [71],
      level: .medium, needs: [.backups, .infrastructure]
    ) { run in
      let limits = Dictionary(
        run.registers.infrastructure.compactMap { row in
          row.recoverySeconds.map { (row.id, $0) }
        }
      ) { first, _ in first }
      run.each(run.registers.backups, where: { $0.systems.contains { limits[$0] != nil } }) {
        run, row in
        let tests = row.restoreTests.filter { run.book.past($0.at) != nil }
        guard let last = tests.max(by: { $0.at.latest < $1.at.latest }) else { return }
        guard let seconds = last.durationSeconds else {
          return run.flag(
            row.id, last.place, "the restore of `\(row.id)` does not say how long it took",
            fix: "add `duration`")
        }
        for system in row.systems {
          if let limit = limits[system], seconds > limit {
            run.flag(
              row.id, last.place,
              "the restore of `\(row.id)` took \(seconds / 60) minutes, and `\(system)` may be "
                + "gone for \(limit / 60)",
              fix: "make it faster, or agree on another `rto`")
          }
        }
      }
    },
    CheckRule(
      "backup-missed", "Backups run as often as was agreed", rows: [68], level: .high,
      needs: [.backups]
    ) { run in
      run.each(run.registers.backups, where: { $0.lastSuccess != nil }) { run, row in
        guard let late = run.registers.backupPeriod(of: row), let last = row.lastSuccess else {
          return run.flag(
            row.id, row.place, "nobody says how often `\(row.id)` runs", fix: "add `interval`")
        }
        if run.registers.over(last, seconds: late) < run.now {
          run.flag(
            row.id, row.place, "`\(row.id)` last succeeded \(last)",
            fix: "mend it, and set `last_success`")
        }
      }
    },
    CheckRule(
      "backup-none", "What must be recovered is backed up", rows: [68], level: .medium,
      needs: [.backups, .infrastructure]
    ) { run in
      let now = run.now
      let saved = Set(
        run.registers.backups.filter { $0.validity.contains(now) }.flatMap(\.systems))
      run.each(
        run.registers.infrastructure, where: { $0.recoverySeconds != nil && $0.kind != "network" }
      ) { run, row in
        if !saved.contains(row.id) {
          run.flag(
            row.id, row.place, "no backup saves `\(row.id)`, which must be recovered",
            fix: "add it to `systems` of a backup")
        }
      }
    },
    CheckRule(
      "backup-target-missing", "Where backups go was agreed", rows: [69], level: .low,
      needs: [.backups]
    ) { run in
      run.each(run.registers.backups) { run, row in
        if (row.targets ?? []).isEmpty {
          run.flag(
            row.id, row.place, "nobody says where `\(row.id)` is written to", fix: "add `targets`")
        }
      }
    },
    CheckRule(
      "recovery-unproven", "Recovery is described and was exercised, for each component",
      rows: [78], level: .medium, needs: [.infrastructure, .drills]
    ) { run in
      let warn = run.policy.seconds("drill.warn") / 86_400
      let days = run.policy.seconds("drill.interval") / 86_400
      var recovered: [String: CivilDay] = [:]
      for drill in run.registers.drills where drill.kind == .recovery && drill.result == .passed {
        guard let day = drill.performedOn, day <= run.book.today else { continue }
        for system in drill.systems { recovered[system] = max(recovered[system] ?? day, day) }
      }
      let last = recovered
      run.each(
        run.registers.infrastructure, where: { $0.recoverySeconds != nil && $0.kind != "network" }
      ) { run, row in
        if row.runbook == nil {
          run.flag(
            row.id, row.place, "nobody describes how `\(row.id)` is recovered", fix: "add `runbook`"
          )
        }
        run.due(
          row, "a recovery of `\(row.id)`", last: last[row.id], days: days, warn: warn,
          fix: "exercise it, and add it to the drills register")
      }
    },
    CheckRule(
      "drill-due", "The plan is exercised twice a year", rows: [80, 78], level: .medium,
      needs: [.drills]
    ) { run in
      for (kind, name) in [
        (Drill.Kind.recovery, "recovery drill"), (.tabletop, "tabletop exercise"),
      ] {
        run.population += 1
        let drills = run.registers.drills.filter { $0.kind == kind }
        let place =
          drills.last?.place ?? run.registers.drills.last?.place
          ?? Place(file: "drills", line: 1, column: 1)
        let last = drills.compactMap(\.performedOn).filter { $0 <= run.book.today }.max()
        guard let last else {
          run.flag(
            kind.rawValue, place, "there was never a \(name)",
            fix: "hold one, and add it to the drills register")
          continue
        }
        let due = run.registers.drillDue(after: last)
        if due < run.book.today {
          run.flag(
            kind.rawValue, place, "the last \(name) was on \(last), the next was due on \(due)",
            fix: "hold one, and add it to the drills register")
        }
      }
    },
  ]
}
