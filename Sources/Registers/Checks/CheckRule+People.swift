/// Those who joined: row 105.
extension CheckRule {
  static let people = [
    CheckRule(
      "joiner-no-nda", "Whoever joins was screened and signed an agreement first", rows: [105],
      level: .medium, needs: [.people]
    ) { run in
      let since = run.registers.zone.day(
        at: run.book.ago(days: run.policy.integer("people.joiner_days")))
      func check(
        _ run: inout CheckRun, _ row: some RegisterRow, start: CivilDay, screened: CivilDay?,
        agreed: CivilDay?
      ) {
        let dates = [
          (screened, "was screened", "screened_on"), (agreed, "signed an agreement", "nda_on"),
        ]
        let missing = dates.filter { date, _, _ in date.map { $0 > run.book.today } ?? true }
        if !missing.isEmpty {
          run.flag(
            row.id, row.place,
            "nobody says that `\(row.id)`, who began on \(start), "
              + missing.map(\.1).joined(separator: " and "),
            fix: "add \(missing.map { "`\($0.2)`" }.joined(separator: " and "))")
        }
        for case (let date?, let what, _) in dates where date > start && date <= run.book.today {
          run.flag(
            row.id, row.place, "`\(row.id)` \(what) on \(date), after beginning on \(start)",
            fix: "nothing can be changed now; the review lists it")
        }
      }
      run.each(
        run.registers.people,
        where: { $0.kind == .employee && ($0.start.map { $0 >= since } ?? false) }
      ) { run, row in
        guard let start = row.start else { return }
        check(&run, row, start: start, screened: row.screenedOn, agreed: row.agreementOn)
      }
      let today = run.book.today
      run.each(
        run.registers.contractors, where: { $0.start >= since && $0.start <= today }
      ) { run, row in
        check(&run, row, start: row.start, screened: row.screenedOn, agreed: row.agreementOn)
      }
    }
  ]
}
