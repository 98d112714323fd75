import Bytes

/// Names that only one row may have at a time.
extension Lint {
  /// Names by which logs know something, and the ids by which rows do.
  mutating func checkClaims() {
    claim(registers.infrastructure, "name") { $0.names.map { $0.lowercased() } }
    claim(registers.secrets, "secret") { $0.names + $0.keys }
    claim(registers.backups, "job") { $0.jobs }
    claim(registers.tools, "domain") { $0.domains.map { $0.lowercased() } }
    claim(registers.tools, "OAuth client") { $0.oauthClients }
    claim(registers.tools, "image") { $0.images }
    claim(registers.people, "key") { $0.keys }
    claim(registers.contractors, "key") { $0.keys }
    claim(registers.limits, "client") { $0.isForAll ? ["all others"] : $0.clients ?? [] }
    claim(registers.limits, "endpoint") { $0.endpoints ?? [] }
    claim(registers.roles, "job role") { [$0.jobRole] }
    claim(registers.flows, "flow") { ["\($0.from) to \($0.to)"] }
  }

  /// Addresses and networks of systems, however they are written.
  mutating func checkAddresses() {
    let rows = registers.infrastructure
    var claimed: [NetworkPrefix: [Int]] = [:]
    for (place, row) in rows.enumerated() {
      for prefix in Set(row.prefixes) { claimed[prefix, default: []].append(place) }
    }
    tell(claimed, among: rows) { prefix, row in
      let shown = row.addresses.first { NetworkPrefix($0) == prefix } ?? "an address"
      return "the address \(shown)"
    }
  }

  /// Two rows of one id may follow each other, not hold at once.
  mutating func checkIDs<Row: RegisterRow>(of rows: [Row]) {
    for same in Dictionary(grouping: rows, by: \.id).values where same.count > 1 {
      for clash in Lint.clashes(same.map(\.validity), owner: { $0 }) {
        let other = same[clash.earlier].place
        report(
          same[clash.later].place,
          "the id `\(same[clash.later].id)` also stands at \(other.file):\(other.line)",
          fix: "give one of the rows another id, or end the older one with `valid_to`")
      }
    }
  }

  private mutating func claim<Row: RegisterRow>(
    _ rows: [Row], _ what: String, names: (Row) -> [String]
  ) {
    var claimed: [String: [Int]] = [:]
    for (place, row) in rows.enumerated() {
      for name in Set(names(row)) { claimed[name, default: []].append(place) }
    }
    tell(claimed, among: rows) { name, _ in "the \(what) `\(name)`" }
  }

  /// Reports rows of different ids that have the same name at the same time; problems are put in order later.
  private mutating func tell<Name: Hashable, Row: RegisterRow>(
    _ claimed: [Name: [Int]], among rows: [Row], _ what: (Name, Row) -> String
  ) {
    for (name, places) in claimed where places.count > 1 {
      let clashes = Lint.clashes(places.map { rows[$0].validity }) { rows[places[$0]].id }
      for clash in clashes {
        let (row, other) = (rows[places[clash.later]], rows[places[clash.earlier]])
        report(
          row.place, "\(what(name, row)) is both `\(other.id)`'s and `\(row.id)`'s",
          fix: "correct one, or end the older row with `valid_to`")
      }
    }
  }

  /// Of rows of different owners, in the order of the file, those that hold at the same time as another.
  ///
  /// - Complexity: O(*n* log *n*): the rows are looked at as they begin, and of those before only the two that last longest
  ///   and are different owners' can matter.
  static func clashes<Owner: Equatable>(
    _ rows: [Validity], owner: (Int) -> Owner
  ) -> [(later: Int, earlier: Int)] {
    var found: [(later: Int, earlier: Int)] = []
    var (longest, other): (Int?, Int?) = (nil, nil)
    for row in rows.indices.sorted(by: { (rows[$0].start, $0) < (rows[$1].start, $1) })
    where rows[row].start < rows[row].end {
      let match = [longest, other].compactMap(\.self).first { owner($0) != owner(row) }
      if let match, rows[match].overlaps(rows[row]) {
        found.append((max(row, match), min(row, match)))
      }
      guard let last = longest else {
        longest = row
        continue
      }
      if rows[row].end > rows[last].end {
        if owner(last) != owner(row) { other = last }
        longest = row
      } else if owner(last) != owner(row), other.map({ rows[row].end > rows[$0].end }) ?? true {
        other = row
      }
    }
    return found
  }
}
