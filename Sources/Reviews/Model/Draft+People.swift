extension Draft {
  /// Contractors: what was agreed, and what happened.
  var contractorBlocks: [Review.Block] {
    let kinds = facts.people.map { people in
      switch people.kind {
      case "employee": counted(people.count, "employee", "employees")
      case "service": counted(people.count, "service account", "service accounts")
      case "contractor": counted(people.count, "contractor", "contractors")
      default: "\(grouped(people.count)) \(people.kind)"
      }
    }
    let people =
      kinds.isEmpty
      ? "No people are registered."
      : "With access at the end of the month, by the registers: \(sentenceList(kinds))."
    return [
      .prose(people), .bars(daysLeft), .table(engagements), .table(renewals), .table(grants),
      .table(uses), .table(databaseUses), .table(personalClouds), .prose(revocationSentence),
      .table(revocations), .table(offboarding),
    ]
  }

  private var daysLeft: Review.BarChart {
    let bars = facts.contractors.compactMap { contractor in
      contractor.daysLeft.map {
        Review.BarChart.Bar(
          name: "\(contractor.id) \(contractor.name)", value: $0, mark: contractor.verdict)
      }
    }
    return Review.BarChart(
      id: "days-left", title: "Days of access left at the month's end", unit: "days", bars: bars,
      completeness: completeness(
        bars.count, of: facts.contractors.count, "contractors", register: "contractors"))
  }

  private var databaseUses: Review.Table {
    Review.Table(
      id: "production-databases", title: "Contractors on production databases",
      columns: [
        .words("person", "Contractor"), .words("system", "System"), .words("first", "First"),
        .words("last", "Last"), .numbers("events", "Events"), .words("approval", "Approval"),
        .words("verdict", "Verdict"),
      ],
      rows: facts.databaseUses.map {
        [
          .code($0.person), .code($0.system), .words($0.first), .words($0.last), .number($0.events),
          .name($0.approval),
          .mark($0.approval.isEmpty ? .bad("no approval") : .attention("by approval")),
        ]
      },
      completeness: completeness(
        Set(facts.databaseUses.map(\.person)).count, of: facts.contractors.count, "contractors",
        register: "contractors"))
  }

  private var personalClouds: Review.Table {
    let uses = facts.toolUses.filter { $0.status == "personal-cloud" }
    return Review.Table(
      id: "personal-clouds", title: "Personal cloud accounts used",
      columns: [
        .words("person", "Person"), .words("tool", "Service"), .words("first", "First"),
        .words("last", "Last"), .numbers("events", "Events"),
      ],
      rows: uses.map {
        [.name($0.person), .code($0.tool), .words($0.first), .words($0.last), .number($0.events)]
      },
      completeness: completeness(uses.count, of: facts.toolUses.count, lines: "uses of tools"))
  }

  private var revocationSentence: String {
    let hours = facts.revocations.compactMap(\.hours).sorted()
    guard let most = hours.last else {
      return "Nobody's access was revoked on record: \(grouped(facts.revocations.count)) were due."
    }
    let half = hours.count / 2
    let median = hours.count % 2 == 1 ? hours[half] : (hours[half - 1] + hours[half] + 1) / 2
    return "Hours from the end of access to its revocation: median \(grouped(median)), at most "
      + "\(grouped(most)), over \(counted(hours.count, "account", "accounts")) of "
      + "\(grouped(facts.revocations.count))."
  }

  private var revocations: Review.Table {
    let late = facts.revocations.count { $0.verdict.tone != .good }
    return Review.Table(
      id: "revocations", title: "Leavers: what was revoked when, by person and system",
      columns: [
        .words("person", "Person"), .words("name", "Name"), .words("kind", "Kind"),
        .words("system", "System"), .words("account", "Account"),
        .words("ended_at", "Access ended"),
        .words("revoked_at", "Revoked"), .numbers("hours", "Hours"), .words("ref", "Reference"),
        .words("verdict", "Verdict"),
      ],
      rows: facts.revocations.map {
        [
          .code($0.person), .text($0.name), .text($0.kind), .name($0.system), .name($0.account),
          .words($0.endedAt), .words($0.revokedAt), $0.hours.map { .number($0) } ?? .none,
          .name($0.ref), .mark($0.verdict),
        ]
      },
      completeness: completeness(
        late, of: facts.revocations.count, "revocations, not in time", register: "contractors"))
  }

  private var engagements: Review.Table {
    Review.Table(
      id: "contractors", title: "Engagements and days left at the month's end",
      columns: [
        .words("id", "Id"), .words("name", "Name"), .words("company", "Company"),
        .words("start", "Start"), .words("registered_end", "Registered end"),
        .words("effective_end", "Access ends"), .numbers("days_left", "Days left"),
        .words("verdict", "Verdict"),
      ],
      rows: facts.contractors.map {
        [
          .code($0.id), .text($0.name), .words($0.company), .words($0.start),
          .words($0.registeredEnd), .words($0.effectiveEnd),
          $0.daysLeft.map { .number($0) } ?? .none,
          .mark($0.verdict),
        ]
      },
      completeness: completeness(
        facts.contractors.count, of: facts.contractors.count, "contractors",
        register: "contractors"))
  }

  private var renewals: Review.Table {
    let rows: [[Review.Cell]] = facts.contractors.flatMap { contractor in
      contractor.renewals.map {
        [
          .code(contractor.id), .text($0.until), .name($0.approvedBy), .words($0.approvedAt),
          .words($0.channel), .name($0.ref), .mark($0.verdict),
        ]
      }
    }
    return Review.Table(
      id: "renewals", title: "Renewals",
      columns: [
        .words("contractor", "Contractor"), .words("until", "Until"),
        .words("approved_by", "Approved by"), .words("approved_at", "Approved at"),
        .words("channel", "Channel"), .words("ref", "Reference"), .words("verdict", "Verdict"),
      ],
      rows: rows,
      completeness: perContractor { !$0.renewals.isEmpty })
  }

  private var grants: Review.Table {
    let rows: [[Review.Cell]] = facts.contractors.flatMap { contractor in
      contractor.granted.map {
        [.code(contractor.id), .text($0.dimension), .names($0.values)]
      }
    }
    return Review.Table(
      id: "scope-granted", title: "Scope granted",
      columns: [
        .words("contractor", "Contractor"), .words("dimension", "What is limited"),
        .words("values", "Allowed"),
      ],
      rows: rows, completeness: perContractor { !$0.granted.isEmpty })
  }

  private var uses: Review.Table {
    let rows: [[Review.Cell]] = facts.contractors.flatMap { contractor in
      contractor.used.map { use in
        let outside = use.reason.isEmpty ? "outside" : "outside: \(use.reason)"
        let verdict: Mark =
          use.isInside
          ? .good("inside") : use.approval.isEmpty ? .bad(outside) : .attention("by approval")
        return [
          .code(contractor.id), .code(use.system), .words(use.environment), .text(use.first),
          .text(use.last), .number(use.count), .mark(verdict), .name(use.approval),
        ]
      }
    }
    return Review.Table(
      id: "scope-used", title: "Scope used",
      columns: [
        .words("contractor", "Contractor"), .words("system", "System"),
        .words("environment", "Environment"), .words("first", "First"), .words("last", "Last"),
        .numbers("events", "Events"), .words("verdict", "Scope"), .words("approval", "Approval"),
      ],
      rows: rows, completeness: perContractor { !$0.used.isEmpty })
  }

  private var offboarding: Review.Table {
    let ended = facts.contractors.filter { contractor in
      (contractor.daysLeft ?? 0) < 0 || !contractor.offboardedAt.isEmpty
        || contractor.successesAfterEnd > 0
    }
    return Review.Table(
      id: "offboarding", title: "Offboarding against last activity",
      columns: [
        .words("contractor", "Contractor"), .words("name", "Name"),
        .words("effective_end", "Access ended"), .words("last_activity", "Last activity"),
        .words("offboarded_at", "Offboarding completed"), .words("ref", "Reference"),
        .words("verdict", "Recorded"), .numbers("successes_after_end", "Successes after the end"),
      ],
      rows: ended.map {
        [
          .code($0.id), .text($0.name), .words($0.effectiveEnd), .words($0.lastActivity),
          .words($0.offboardedAt), .name($0.offboardingRef),
          .mark($0.offboardedAt.isEmpty ? .bad("not recorded") : .good("recorded")),
          .number($0.successesAfterEnd),
        ]
      },
      completeness: perContractor { contractor in ended.contains { $0.id == contractor.id } })
  }

  private func perContractor(
    _ isShown: (ReviewFacts.Contractor) -> Bool
  ) -> Review.Completeness {
    completeness(
      facts.contractors.count(where: isShown), of: facts.contractors.count, "contractors",
      register: "contractors")
  }

  /// Approvals, and how much each of them cleared.
  var approvalBlocks: [Review.Block] {
    let table = Review.Table(
      id: "approvals", title: "Approvals and exceptions, and what each one cleared",
      columns: [
        .words("id", "Id"), .words("type", "Type"), .words("subject", "For"),
        .words("systems", "Systems"), .words("environments", "Environments"),
        .words("from", "From"), .words("until", "Until"), .words("approved_by", "Approved by"),
        .words("approved_at", "Approved at"), .words("ref", "Reference"),
        .words("verdict", "Verdict"), .numbers("used", "Events cleared"),
      ],
      rows: facts.approvals.map {
        [
          .code($0.id), .text($0.type), .code($0.subject), .names($0.systems),
          .names($0.environments), .words($0.from), .words($0.until), .name($0.approvedBy),
          .words($0.approvedAt), .name($0.ref), .mark($0.verdict),
          $0.isCounted || $0.used > 0 ? .number($0.used) : .none,
        ]
      },
      completeness: completeness(
        facts.approvals.count, of: facts.approvals.count, "approvals", register: "approvals"))
    let rows = Set(facts.cleared.map(\.approval))
    let unused = facts.approvals.filter { $0.isCounted && $0.used == 0 && !rows.contains($0.id) }
    return [
      .table(table), .table(clearedTable),
      .list(
        id: "unused-approvals",
        title: "Approvals that cleared nothing this month (\(grouped(unused.count)))",
        items: unused.map { "\($0.id), for \($0.subject): \($0.verdict.label)" },
        empty: "0 of \(grouped(facts.approvals.count(where: \.isCounted))) checked."),
    ]
  }

  private var clearedTable: Review.Table {
    Review.Table(
      id: "cleared", title: "What each approval cleared",
      columns: [
        .words("approval", "Approval"), .words("person", "Person"), .words("system", "System"),
        .words("reason", "Would have been outside by, or found by"), .words("first", "First"),
        .words("last", "Last"), .numbers("events", "Events"),
      ],
      rows: facts.cleared.map {
        [
          .code($0.approval), .name($0.person), .name($0.system), .words($0.reason),
          .words($0.first), .words($0.last), .number($0.events),
        ]
      },
      completeness: completeness(
        facts.cleared.reduce(0) { $0 + $1.events }, of: facts.ledger.parsed, lines: "events"))
  }
}
