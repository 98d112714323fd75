extension Draft {
  /// Who has access to what, and who looked at that.
  var accessBlocks: [Review.Block] {
    var blocks: [Review.Block] = [
      .prose(
        "The population of a system is every account that succeeded on it in the month, and every account "
          + "that the registers give it. The reviewer decides keep, modify or revoke for each, dates it, "
          + "and signs the system; who grants access does not review it. What the reviews register "
          + "has of it is filled in.")
    ]
    if facts.accessOverflow > 0 {
      blocks.append(
        .notice(
          .attention(
            "\(counted(facts.accessOverflow, "success belongs", "successes belong")) to accounts beyond "
              + "those that are told apart.")))
    }
    var taken: Set<String> = []
    let tables = facts.access.prefix(Draft.systemTablesMax).map { accessTable($0, &taken) }
    blocks += [
      .table(accessSummary), .stacks(turnoverChart(tables)), .table(unlistedAccounts),
    ]
    blocks += tables.map { .table($0) }
    let others = facts.access.dropFirst(Draft.systemTablesMax)
    if !others.isEmpty { blocks.append(.table(otherAccess(Array(others)))) }
    return blocks
  }

  /// How many systems have a table of their own.
  static let systemTablesMax = 40

  private var accessSummary: Review.Table {
    Review.Table(
      id: "access-systems", title: "Systems, their accounts and their reviews",
      columns: [
        .words("system", "System"), .words("environment", "Environment"), .words("owner", "Owner"),
        .numbers("accounts", "Accounts"), .numbers("unlisted", "Nobody's"),
        .numbers("unused", "Not used"),
        .numbers("decided", "Decided"), .words("reviewed_by", "Reviewed by"),
        .words("reviewed_at", "On"), .words("ref", "Reference"), .words("verdict", "Review"),
      ],
      rows: facts.access.map { system in
        [
          .code(system.system), .words(system.environment), .name(system.owner),
          .number(system.rows.count), .number(system.rows.count { $0.person.isEmpty }),
          .number(system.rows.count { $0.uses == 0 }),
          .number(system.rows.count { !$0.decision.isEmpty }), .name(system.reviewedBy),
          .words(system.reviewedAt), .name(system.ref), .mark(system.verdict),
        ]
      },
      completeness: completeness(
        facts.access.count { !$0.reviewedAt.isEmpty }, of: facts.access.count,
        lines: "systems, reviewed"))
  }

  private func accessTable(
    _ system: ReviewFacts.SystemAccess, _ taken: inout Set<String>
  ) -> Review.Table {
    var id = "access-" + slug(system.system)
    while !taken.insert(id).inserted { id += "-" }
    let sign =
      system.reviewedBy.isEmpty
      ? "to be signed" : "signed by \(system.reviewedBy), \(system.reviewedAt)"
    let environment = system.environment.isEmpty ? "" : " (\(system.environment))"
    var whole = completeness(system.rows.count, of: system.rows.count, lines: "accounts")
    whole.turnover = turnover(of: id, accounts: system.rows.map(\.account))
    if let counted = system.counted { whole.noun = "accounts; the reviewer counted \(counted)" }
    return Review.Table(
      id: id, title: "\(system.system)\(environment): \(sign)", columns: Draft.accessColumns,
      rows: system.rows.map(accessCells), completeness: whole)
  }

  /// How the accounts of each system came from those of the earlier review.
  private func turnoverChart(_ tables: [Review.Table]) -> Review.StackChart {
    let known = zip(facts.access, tables).compactMap { system, table in
      table.completeness.turnover.map { (system.system, $0) }
    }
    let changed = known.count { $0.1.joined > 0 || $0.1.left > 0 }
    var whole = completeness(known.count, of: facts.access.count, lines: "systems")
    if let previous = facts.previous {
      whole.noun = "systems that the review of \(previous.month) has, too; \(changed) changed"
    }
    return Review.StackChart(
      id: "access-turnover", title: "Accounts of each system since the earlier review",
      key: [
        .init(label: "were there before", shade: .light), .init(label: "joined", shade: .good),
        .init(label: "left", shade: .open),
      ],
      bars: known.map { name, turnover in
        Review.StackChart.Bar(
          name: name,
          counts: [max(0, turnover.before - turnover.left), turnover.joined, turnover.left],
          note: "\(grouped(turnover.before)) + \(grouped(turnover.joined)) − "
            + "\(grouped(turnover.left)) = \(grouped(turnover.now))")
      },
      empty: facts.previous == nil
        ? "not run: no earlier review was given (--previous FILE); \(whole.ratio)" : "",
      completeness: whole)
  }

  private func otherAccess(_ systems: [ReviewFacts.SystemAccess]) -> Review.Table {
    let rows = systems.flatMap { system in
      system.rows.map { [Review.Cell.code(system.system)] + accessCells($0) }
    }
    return Review.Table(
      id: "access-others", title: "Accounts on other systems",
      columns: [.words("system", "System")] + Draft.accessColumns, rows: rows,
      completeness: completeness(rows.count, of: rows.count, lines: "accounts"))
  }

  private static let accessColumns: [Review.Column] = [
    .words("account", "Account"), .words("person", "Person"), .words("name", "Name"),
    .words("kind", "Kind"), .words("roles", "Roles"), .words("first", "First use"),
    .words("last", "Last use"), .numbers("uses", "Uses"), .words("given", "Given"),
    .words("basis", "Approval or ticket"),
    .words("remark", "Remark"), .words("decision", "Keep, modify, revoke"),
    .words("decided_by", "By"), .words("decided_at", "On"), .words("ticket", "Ticket, removal"),
  ]

  private func accessCells(_ row: ReviewFacts.AccessRow) -> [Review.Cell] {
    func filled(_ text: String) -> Review.Cell { text.isEmpty ? .blank : .text(text) }
    func day(_ time: String) -> Review.Cell { .words(String(time.prefix(10))) }
    let removed = row.removedAt.isEmpty ? "" : "removed \(row.removedAt)"
    let end = [row.ticket, removed].filter { !$0.isEmpty }.joined(separator: ", ")
    return [
      .code(row.account), .name(row.person), .words(row.name), .words(row.kind), .names(row.roles),
      day(row.first), day(row.last), .number(row.uses), day(row.given), .name(row.basis),
      row.remark.label.isEmpty ? .none : .mark(row.remark), filled(row.decision),
      filled(row.decidedBy), filled(row.decidedAt),
      end.isEmpty && row.decision == "keep" ? .none : filled(end),
    ]
  }

  /// Who acted as somebody else or as an administrator.
  var privilegedBlocks: [Review.Block] {
    let table = Review.Table(
      id: "privileged", title: "Accounts with privileged use, and whether the registers name them",
      columns: [
        .words("system", "System"), .words("account", "Account"), .words("person", "Person"),
        .words("kind", "Kind"), .numbers("sign_ins", "Sign-ins"), .numbers("commands", "Commands"),
        .words("first", "First"), .words("last", "Last"), .words("listing", "As administrator"),
      ],
      rows: facts.privileged.map {
        [
          .code($0.system), .code($0.account), .name($0.person), .words($0.kind),
          .number($0.signIns),
          .number($0.commands), .words($0.first), .words($0.last), .mark($0.listing),
        ]
      },
      completeness: completeness(
        facts.privileged.count, of: facts.access.reduce(0) { $0 + $1.rows.count }, lines: "accounts"
      ))
    return [
      .prose(
        "Commands as another are those of sudo, su and impersonation. An administrator is listed whose row of "
          + "the people register has the role admin:SYSTEM for the system."), .table(table),
    ]
  }

  private var unlistedAccounts: Review.Table {
    let rows: [[Review.Cell]] = facts.accounts.unlisted.map {
      [
        .code($0.user), .names($0.systems), .text($0.first), .text($0.last), .number($0.events),
      ]
    }
    let table = Review.Table(
      id: "unlisted-accounts", title: "Accounts that no register knows",
      columns: [
        .words("user", "Account"), .words("systems", "Systems"), .words("first", "First"),
        .words("last", "Last"), .numbers("events", "Events"),
      ],
      rows: rows,
      completeness: completeness(rows.count, of: facts.accounts.checked, lines: "accounts"))
    return table
  }
}
