/// Finds people and contractors by what other systems call them: an id, an account, a name or an address.
///
/// A name leads to somebody only while it is one person's. Of rows that hold one after the other (somebody who came
/// back) it leads to all.
struct PeopleByName {
  /// How many of the rows are people; contractors come behind them.
  let employeeCount: Int
  private let access: [Validity]
  /// Rows by what they are called, in small letters: ids, accounts, names, addresses.
  private let tables: [[String: [Int]]]

  /// Takes the rows in the order in which the joins have them.
  init(_ people: [Person], _ contractors: [Contractor], zone: any CivilZone) {
    employeeCount = people.count
    access =
      people.map(\.validity)
      + contractors.map { row in
        row.validity.clamped(start: zone.start(of: row.start), end: row.effectiveEnd)
      }
    let called =
      people.map { [[$0.id], $0.accounts.map(\.name), [$0.name], $0.emails] }
      + contractors.map { [[$0.id], $0.accounts.map(\.name), [$0.name], $0.emails] }
    var tables = [[String: [Int]]](repeating: [:], count: 4)
    for (row, names) in called.enumerated() {
      for (table, names) in names.enumerated() {
        for name in Set(names.map { $0.lowercased() }) {
          tables[table][name, default: []].append(row)
        }
      }
    }
    self.tables = tables
  }

  /// The rows of whoever is called so; none when nobody is, or two at the same time.
  func rows(of name: String) -> [Int] {
    let rows = matches(of: name)
    return Lint.clashes(rows.map { access[$0] }, owner: { rows[$0] }).isEmpty ? rows : []
  }

  /// All rows that are called so, by the first way of calling that leads to any.
  func matches(of name: String) -> [Int] {
    let name = name.lowercased()
    return tables.lazy.compactMap { $0[name] }.first ?? []
  }
}
