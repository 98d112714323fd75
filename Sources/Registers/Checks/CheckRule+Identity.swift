import Bytes

/// Who is who: row 1.
extension CheckRule {
  static let identity = [
    CheckRule(
      "alias-collision", "Every account name is one person's", rows: [1], level: .medium,
      needs: [.people]
    ) { run in
      let (index, registers) = (run.registers.index, run.registers)
      for number in 0..<index.accounts.entries.count {
        let entry = index.accounts.entries[number]
        run.population += 1
        let matches = index.accounts.matches(entry)
        var rows: [Int] = []
        for place in 0..<matches.count {
          let holder = index.principals[matches[place]]
          if holder.start <= run.now, run.now < holder.end { rows.append(matches[place]) }
        }
        guard rows.count > 1, let last = rows.max() else { continue }
        let names = rows.map { "`\(index.principals[$0].id.string)`" }.joined(separator: " and ")
        let place =
          last < registers.people.count
          ? registers.people[last].place
          : registers.contractors[last - registers.people.count].place
        run.flag(
          entry.name.string, place,
          "the account `\(entry.name.string)` on `\(entry.scope.string)` is \(names)'s",
          fix: "rename it, or end one of the rows")
      }
    }
  ]
}
