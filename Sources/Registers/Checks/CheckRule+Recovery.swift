/// Backups, restores and drills: rows 28, 68, 69, 71, 78, 80.
extension CheckRule {
  static let recovery = [
    CheckRule(
      "restore-test-due", "A restore is tried every year, outside of production", rows: [28],
      level: .high, needs: [.backups]
    ) { run in
      let (interval, warn) = (
        run.policy.seconds("restore_test.interval"), run.policy.seconds("restore_test.warn")
      )
      run.each(run.registers.backups) { run, row in
        let tests = row.restoreTests.filter { run.book.past($0.at) != nil }
        let good = tests.filter {
          $0.result == .passed && $0.environment != nil
            && !run.registers.isProduction($0.environment)
        }
        guard let last = good.max(by: { $0.at.latest < $1.at.latest }) else {
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
        let due = last.at.latest.adding(seconds: interval)
        let day = run.registers.zone.day(at: due)
        if due < run.now {
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
      let factor = run.policy.decimal("backup.interval_factor")
      run.each(run.registers.backups, where: { $0.lastSuccess != nil }) { run, row in
        guard let interval = row.intervalSeconds, let last = row.lastSuccess else {
          return run.flag(
            row.id, row.place, "nobody says how often `\(row.id)` runs", fix: "add `interval`")
        }
        let due = last.latest.adding(seconds: Int(min(Double(interval) * factor, 1e15)))
        if due < run.now {
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
      let seconds = run.policy.seconds("drill.interval")
      let warn = run.policy.seconds("drill.warn") / 86_400
      run.each(
        run.registers.infrastructure, where: { $0.recoverySeconds != nil && $0.kind != "network" }
      ) { run, row in
        if row.runbook == nil {
          run.flag(
            row.id, row.place, "nobody describes how `\(row.id)` is recovered", fix: "add `runbook`"
          )
        }
        let last = run.lastDrill(where: {
          $0.kind == .recovery && $0.result == .passed && $0.systems.contains(row.id)
        })
        run.due(
          row, "a recovery of `\(row.id)`", last: last, days: seconds / 86_400, warn: warn,
          fix: "exercise it, and add it to the drills register")
      }
    },
    CheckRule(
      "drill-due", "The plan is exercised twice a year", rows: [80, 78], level: .medium,
      needs: [.drills]
    ) { run in
      let days = run.policy.seconds("drill.interval") / 86_400
      for (kind, name) in [
        (Drill.Kind.recovery, "recovery drill"), (.tabletop, "tabletop exercise"),
      ] {
        run.population += 1
        let last = run.lastDrill(where: { $0.kind == kind })
        let place =
          run.registers.drills.last { $0.kind == kind }?.place ?? run.registers.drills.last?.place
          ?? Place(file: "drills", line: 1, column: 1)
        guard let last else {
          run.flag(
            kind.rawValue, place, "there was never a \(name)",
            fix: "hold one, and add it to the drills register")
          continue
        }
        let due = last.advanced(by: days)
        if due < run.book.today {
          run.flag(
            kind.rawValue, place, "the last \(name) was on \(last), the next was due on \(due)",
            fix: "hold one, and add it to the drills register")
        }
      }
    },
  ]
}

extension CheckRun {
  /// The day of the latest drill of a sort that has been.
  func lastDrill(where isMeant: (Drill) -> Bool) -> CivilDay? {
    registers.drills.filter(isMeant).compactMap(\.performedOn).filter { $0 <= book.today }.max()
  }
}
