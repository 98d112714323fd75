/// Secrets and when they are changed, backups and whether they can be restored.
extension Draft {
  /// Secrets, when they are due, and who read them.
  var secretBlocks: [Review.Block] {
    let whole = completeness(
      facts.secrets.count, of: facts.secrets.count, "secrets", register: "secrets")
    let calendar = Review.DayGrid(
      id: "rotation-calendar", title: "Rotation calendar, \(facts.month.name)",
      key: [.good("rotated"), .bad("due, not rotated by then"), .attention("due")],
      rows: facts.secrets.filter { !$0.rotatedDays.isEmpty || !$0.dueDays.isEmpty }.map { secret in
        var days = [Review.DayGrid.Day?](repeating: nil, count: facts.month.dayCount)
        for day in secret.dueDays where days.indices.contains(day - 1) {
          let isLate = secret.verdict.tone == .bad
          days[day - 1] = Review.DayGrid.Day(
            mark: isLate ? .bad("due") : .attention("due"), height: 100)
        }
        for day in secret.rotatedDays where days.indices.contains(day - 1) {
          days[day - 1] = Review.DayGrid.Day(mark: .good("rotated"), height: 100)
        }
        return Review.DayGrid.Row(name: secret.name.isEmpty ? secret.id : secret.name, days: days)
      }, completeness: whole)
    let bars = facts.secrets.compactMap { secret in
      secret.daysLeft.map {
        Review.BarChart.Bar(
          name: secret.name.isEmpty ? secret.id : secret.name, value: $0, mark: secret.verdict)
      }
    }
    return [
      .prose("Names only: no value of a secret is ever read or shown."),
      .bars(
        Review.BarChart(
          id: "rotation-days-left",
          title: "Days until the next rotation is due, at the month's end",
          unit: "days", bars: bars, completeness: whole)),
      .grid(calendar), .table(secretTable), .table(secretUses),
      .table(
        findingTable(
          "secret-findings", "Findings on secrets and keys",
          citing: ["row-85", "row-86", "row-87", "row-88", "row-90"])),
    ]
  }

  private var secretTable: Review.Table {
    Review.Table(
      id: "secrets", title: "Secrets",
      columns: [
        .words("id", "Id"), .words("name", "Name"), .words("class", "Class"),
        .words("store", "Store"),
        .words("owner", "Owner"), .words("last_rotated", "Last rotated"),
        .words("max_age", "Holds for"),
        .words("due", "Due"), .numbers("days_left", "Days left"), .numbers("reads", "Uses seen"),
        .numbers("readers", "By accounts"), .words("verdict", "Verdict"),
      ],
      rows: facts.secrets.map {
        [
          .code($0.id), .text($0.name), .words($0.kind), .words($0.store), .name($0.owner),
          .words($0.lastRotated), .words($0.maxAge), .words($0.due),
          $0.daysLeft.map { .number($0) } ?? .none, .number($0.reads), .number($0.readers),
          .mark($0.verdict),
        ]
      },
      completeness: completeness(
        facts.secrets.count, of: facts.secrets.count, "secrets", register: "secrets"))
  }

  private var secretUses: Review.Table {
    Review.Table(
      id: "secret-uses", title: "Who used which secret",
      columns: [
        .words("secret", "Secret"), .words("account", "Account"), .words("person", "Person"),
        .words("action", "Action"), .words("first", "First"), .words("last", "Last"),
        .numbers("events", "Events"),
      ],
      rows: facts.secretUses.map {
        [
          .name($0.secret), .name($0.account), .name($0.person), .words($0.action),
          .words($0.first),
          .words($0.last), .number($0.events),
        ]
      },
      completeness: completeness(
        facts.secretUses.reduce(0) { $0 + $1.events }, of: facts.ledger.parsed, lines: "events"))
  }

  /// Backups by day, and restores that were tried.
  var backupBlocks: [Review.Block] {
    let whole = completeness(
      facts.backups.count { $0.isListed }, of: facts.backups.count { $0.isListed }, "backups",
      register: "backups")
    let grid = Review.DayGrid(
      id: "backup-calendar", title: "Runs by backup and day, \(facts.month.name)",
      key: [
        .good("succeeded"), .bad("failed"), .attention("succeeded, and failed too"),
        .neutral("grey: no run seen"),
      ],
      rows: facts.backups.map { backup in
        let days = (1...facts.month.dayCount).map { day -> Review.DayGrid.Day? in
          let (good, bad) = (backup.goodDays.contains(day), backup.badDays.contains(day))
          guard good || bad else {
            return backup.isDaily
              ? Review.DayGrid.Day(mark: .neutral("no run seen"), height: 12) : nil
          }
          let mark: Mark =
            good && bad
            ? .attention("succeeded, and failed too") : good ? .good("succeeded") : .bad("failed")
          return Review.DayGrid.Day(mark: mark, height: 100)
        }
        return Review.DayGrid.Row(name: backup.name.isEmpty ? backup.id : backup.name, days: days)
      }, completeness: whole)
    let runs = Review.Table(
      id: "backups", title: "Backups",
      columns: [
        .words("id", "Id"), .words("name", "Name"), .words("systems", "Of"), .words("jobs", "Jobs"),
        .words("interval", "Every"), .words("owner", "Owner"),
        .numbers("good_days", "Days with success"),
        .numbers("bad_days", "Days with failure"), .words("last_success", "Last success"),
        .words("verdict", "Verdict"),
      ],
      rows: facts.backups.map {
        [
          .code($0.id), .words($0.name), .names($0.systems), .names($0.jobs), .words($0.interval),
          .name($0.owner), .number($0.goodDays.count), .number($0.badDays.count),
          .words($0.lastSuccess), .mark($0.runs),
        ]
      }, completeness: whole)
    let tests = Review.Table(
      id: "restore-tests", title: "Tests of restoring",
      columns: [
        .words("id", "Id"), .words("name", "Name"), .words("last_test", "Last tried"),
        .words("environment", "Into"), .words("result", "Result"), .words("duration", "Took"),
        .words("due", "Next due"), .words("verdict", "Verdict"),
      ],
      rows: facts.backups.filter(\.isListed).map {
        [
          .code($0.id), .words($0.name), .words($0.lastTest), .words($0.testEnvironment),
          .words($0.testResult), .words($0.testDuration), .words($0.testDue), .mark($0.tests),
        ]
      }, completeness: whole)
    let left = Review.BarChart(
      id: "restore-days-left",
      title: "Days until the next test of restoring is due, at the month's end",
      unit: "days",
      bars: facts.backups.compactMap { backup in
        backup.testDaysLeft.map {
          Review.BarChart.Bar(
            name: backup.name.isEmpty ? backup.id : backup.name, value: $0, mark: backup.tests)
        }
      }, completeness: whole)
    return [.grid(grid), .table(runs), .bars(left), .table(tests)]
  }
}
