/// What there is and who may do what on it: rows 26, 35, 37, 39, 40, 54, 56, 58, 74, 99.
extension CheckRule {
  static let assets = [
    CheckRule(
      "flow-unexplained", "Traffic into production has a reason", rows: [26], level: .low,
      needs: [.flows]
    ) { run in
      let registers = run.registers
      run.each(
        registers.flows,
        where: { registers.isProduction($0.to) && !registers.isProduction($0.from) }
      ) { run, row in
        if row.why == nil {
          run.flag(
            row.id, row.place, "nobody says why `\(row.from)` may talk to `\(row.to)`",
            fix: "add `why`")
        }
      }
    },
    CheckRule(
      "ports-undeclared", "What the internet can reach says which ports are open", rows: [35],
      level: .low, needs: [.infrastructure]
    ) { run in
      run.each(
        run.registers.infrastructure, where: { $0.isInternetFacing && $0.kind != "network" }
      ) { run, row in
        if row.allowedPorts == nil {
          run.flag(
            row.id, row.place, "`\(row.id)` faces the internet, and no ports were agreed",
            fix: "add allowed_ports: [443]")
        }
      }
    },
    CheckRule(
      "admin-role-unlisted", "Administrators are those whose job it is", rows: [37],
      level: .high, needs: [.people, .roles]
    ) { run in run.checkRoles { $0 == "admin" } },
    CheckRule(
      "role-unmapped", "Roles on systems follow from the job", rows: [54], level: .medium,
      needs: [.people, .roles]
    ) { run in run.checkRoles { $0 != "admin" } },
    CheckRule(
      "admin-unrestricted", "Administrators are named for each system", rows: [39],
      level: .medium, needs: [.people]
    ) { run in
      let known = Set(
        (run.registers.infrastructure.map(\.id) + run.registers.tools.map(\.id)))
      run.each(
        run.registers.people, where: { $0.roles.contains { $0.hasPrefix("admin:") } }
      ) { run, person in
        for role in person.roles where role.hasPrefix("admin:") {
          let system = String(role.dropFirst(6))
          if Pattern.isPattern(system) {
            run.flag(
              person.id, person.place, "`\(person.id)` is administrator of `\(system)`",
              fix: "name the systems one by one")
          } else if run.registers.hasInfrastructure, !known.contains(system) {
            run.flag(
              person.id, person.place,
              "`\(person.id)` is administrator of `\(system)`, which is no system or tool",
              fix: "correct the role, or add the system")
          }
        }
      }
    },
    CheckRule(
      "asset-no-owner", "Every asset has an owner", rows: [40], level: .medium,
      needs: [.infrastructure]
    ) { run in
      run.each(run.registers.infrastructure) { run, row in
        if row.owner == nil {
          run.flag(
            row.id, row.place, "nobody owns `\(row.id)`",
            fix: "add `owner`, an id of the people register")
        }
      }
    },
    CheckRule(
      "inventory-review-due", "The inventory is reviewed every year", rows: [40], level: .low,
      needs: [.infrastructure]
    ) { run in
      let days = run.policy.integer("infrastructure.review_days")
      // One review of all of it stands for each entry.
      let whole = run.registers.attestations
        .filter { $0.clause == "row-40" && $0.validity.contains(run.now) }
        .compactMap(\.performedOn).filter { $0 <= run.book.today }.max()
      let today = run.book.today
      run.each(run.registers.infrastructure) { run, row in
        let added = row.validity.start > .min ? run.registers.zone.day(at: row.validity.start) : nil
        let last = [row.reviewedOn, whole, added].compactMap(\.self).filter { $0 <= today }.max()
        run.due(
          row, "the review of the entry `\(row.id)`", last: last, days: days,
          fix: "look at it and set `reviewed_on`, or attest row-40 for the whole inventory")
      }
    },
    CheckRule(
      "audit-source-missing", "Each system says which log shows its use", rows: [56],
      level: .low, needs: [.infrastructure]
    ) { run in
      run.each(run.registers.infrastructure, where: { $0.kind != "network" }) { run, row in
        if row.auditSource == nil {
          run.flag(
            row.id, row.place, "no log shows who uses `\(row.id)`",
            fix: "add `audit_source`, the name of a source in rollcall.yaml")
        }
      }
    },
    CheckRule(
      "asset-unlabelled", "Services and stores carry a tier of data", rows: [58], level: .low,
      needs: [.infrastructure]
    ) { run in
      run.each(run.registers.infrastructure, where: { $0.kind != "network" }) { run, row in
        if row.classification == nil {
          run.flag(
            row.id, row.place, "nobody says which data is on `\(row.id)`",
            fix: "add classification: public, internal, confidential or restricted")
        }
      }
    },
    CheckRule(
      "residency-violation", "Data stays in the countries that were agreed", rows: [74],
      level: .high, needs: [.infrastructure]
    ) { run in
      let allowed = Set(run.policy.texts("residency.countries"))
      guard !allowed.isEmpty else {
        run.notRun = "the policy names no countries (residency.countries)"
        return
      }
      run.each(
        run.registers.infrastructure, where: { ($0.classification ?? .public) >= .confidential }
      ) { run, row in
        if let country = row.country, !allowed.contains(country) {
          run.flag(
            row.id, row.place,
            "`\(row.id)` holds \(row.classification?.rawValue ?? "") data in "
              + country, fix: "move it, or have an exception approved")
        }
      }
      run.each(run.registers.subprocessors) { run, row in
        for country in row.countries where !allowed.contains(country) {
          run.flag(
            row.id, row.place, "the subprocessor `\(row.id)` handles data in \(country)",
            fix: "agree on another place, or have an exception approved")
        }
      }
    },
    CheckRule(
      "limit-unsigned", "What a client was promised is signed", rows: [99, 138], level: .low,
      needs: [.limits]
    ) { run in
      run.each(run.registers.limits, where: { !$0.isForAll }) { run, row in
        if row.reference == nil {
          run.flag(
            row.id, row.place, "nothing signed says what was promised in `\(row.id)`",
            fix: "add `ref`, the annex that both sides signed")
        }
      }
    },
  ]
}

extension Person {
  /// Roles on systems: those that access says, and `admin:system`; approving is no role on a system.
  var systemRoles: [(system: String, role: String)] {
    var found = access.compactMap { grant in grant.role.map { (grant.system, $0) } }
    for role in roles {
      let parts = role.split(separator: ":", maxSplits: 1)
      guard parts.count == 2, parts[0] == "admin" else { continue }
      let (system, name) = (String(parts[1]), String(parts[0]))
      if !found.contains(where: { $0 == system && $1 == name }) { found.append((system, name)) }
    }
    return found.map { (system: $0, role: $1) }
  }
}

extension CheckRun {
  /// Whether the roles that people have on systems are those that their job brings.
  mutating func checkRoles(where isMeant: (String) -> Bool) {
    let now = now
    let matrix = registers.roles.filter { $0.validity.contains(now) }
    let jobs = Dictionary(grouping: matrix, by: \.jobRole).mapValues { $0.flatMap(\.grants) }
    for person in registers.people where person.validity.contains(now) {
      let grants = person.jobRole.flatMap { jobs[$0] } ?? []
      for (system, role) in person.systemRoles where isMeant(role) {
        population += 1
        let isBrought = grants.contains {
          $0.role == role && ($0.system == "*" || $0.system == system)
        }
        if isBrought { continue }
        flag(
          person.id, person.place,
          "`\(person.id)` has the role `\(role)` on `\(system)`, which "
            + (person.jobRole.map { "the job `\($0)` does not bring" }
              ?? "no job brings: `job_role` is missing"),
          fix: "take it away, or add it to the role matrix")
      }
    }
  }
}
