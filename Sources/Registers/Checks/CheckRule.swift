/// One check: what it is about, what it needs, and how it looks.
struct CheckRule: Sendable {
  let id, title: String
  let rows: [Int]
  let level: RegisterCheck.Level
  /// The registers without which it can not run.
  let needs: [RegisterKind]
  let look: @Sendable (inout CheckRun) -> Void

  init(
    _ id: String, _ title: String, rows: [Int], level: RegisterCheck.Level,
    needs: [RegisterKind], look: @escaping @Sendable (inout CheckRun) -> Void
  ) {
    (self.id, self.title, self.rows, self.level) = (id, title, rows, level)
    (self.needs, self.look) = (needs, look)
  }

  /// Every check, in the order of the policy's rows.
  static let all: [CheckRule] =
    (identity + tools + contractors + approvals + reviews + assets + documents + incidents
    + recovery + secrets + people)
    .sorted { ($0.rows[0], $0.id) < ($1.rows[0], $1.id) }

  /// Runs it, unless a register is missing.
  func result(_ book: CheckBook) -> RegisterCheck {
    if let missing = needs.first(where: { !book.registers.present.contains($0) }) {
      return result(CheckRun(book: book), notRun: "no \(missing.rawValue) register")
    }
    var run = CheckRun(book: book)
    look(&run)
    return result(run, notRun: run.notRun)
  }

  private func result(_ run: CheckRun, notRun: String?) -> RegisterCheck {
    RegisterCheck(run, id: id, title: title, rows: rows, level: level, notRun: notRun)
  }
}

extension RegisterCheck {
  /// What a run found, in file order, with what is allowed parted from the rest.
  init(
    _ run: CheckRun, id: String, title: String, rows: [Int], level: Level, notRun: String?
  ) {
    let names = Set([id] + rows.map { "row-\($0)" })
    let all = run.exceptions.sorted {
      ($0.place.file, $0.place.line, $0.place.column, $0.message)
        < ($1.place.file, $1.place.line, $1.place.column, $1.message)
    }
    var (open, excused): ([Exception], [Excused]) = ([], [])
    for exception in all {
      if let approval = run.book.excuse(for: exception.subject, among: names) {
        excused.append(Excused(exception: exception, approval: approval))
      } else {
        open.append(exception)
      }
    }
    (self.id, self.title, self.rows, self.level) = (id, title, rows, level)
    (population, exceptions) = (run.population, open)
    (self.excused, self.notRun) = (excused, notRun)
  }
}

/// One run of a check: what it has looked at and found so far.
struct CheckRun {
  let book: CheckBook
  /// How many things were looked at.
  var population = 0
  /// What does not keep the clause.
  var exceptions: [RegisterCheck.Exception] = []
  /// Why it could not run after all.
  var notRun: String?

  init(book: CheckBook) { self.book = book }

  var registers: Registers { book.registers }
  var policy: Policy { book.registers.policy }
  var now: Int64 { book.now }

  /// Tells of a row that does not keep the clause.
  mutating func flag(
    _ subject: String, _ place: Place, _ message: String, fix: String, isWarning: Bool = false
  ) {
    exceptions.append(
      RegisterCheck.Exception(
        subject: subject, place: place, message: message, fix: fix, isWarning: isWarning))
  }

  /// Looks at each row that holds now.
  mutating func each<Row: RegisterRow>(
    _ rows: [Row], where isMeant: (Row) -> Bool = { _ in true },
    _ look: (inout CheckRun, Row) -> Void
  ) {
    for row in rows where row.validity.contains(now) && isMeant(row) {
      population += 1
      look(&self, row)
    }
  }

  /// Tells of something that was last done too long ago, or never.
  mutating func due(
    _ row: some RegisterRow, _ what: String, last: CivilDay?, days: Int, warn: Int = 0, fix: String
  ) {
    let today = book.today
    guard let last else { return flag(row.id, row.place, "\(what) was never done", fix: fix) }
    guard last <= today else { return flagLater(row, what, "\(last)") }
    let due = last.advanced(by: days)
    if due < today {
      flag(
        row.id, row.place, "\(what) was last done on \(last), and was due on \(due)", fix: fix)
    } else if today.advanced(by: warn) >= due, warn > 0 {
      flag(row.id, row.place, "\(what) is due on \(due)", fix: fix, isWarning: true)
    }
  }
  /// Tells of a row that only says when something was done after the moment, and so not whether it was in time then.
  mutating func flagLater(_ row: some RegisterRow, _ what: String, _ when: String) {
    flag(
      row.id, row.place,
      "\(what) is on record for \(when), which is later; what was before that, the row does not say",
      fix: "judge a month that is past by the registers of its time, as git has them",
      isWarning: true)
  }
}
