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
      .prose(people), .table(engagements), .table(renewals), .table(grants), .table(uses),
      .table(offboarding),
    ]
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

  /// Accounts that no register knows.
  var accountBlocks: [Review.Block] {
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
    return [.table(table)]
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
          .words($0.approvedAt), .name($0.ref), .mark($0.verdict), .number($0.used),
        ]
      },
      completeness: completeness(
        facts.approvals.count, of: facts.approvals.count, "approvals", register: "approvals"))
    let unused = facts.approvals.filter { $0.used == 0 }
    return [
      .table(table),
      .list(
        id: "unused-approvals",
        title: "Approvals that cleared nothing this month (\(grouped(unused.count)))",
        items: unused.map { "\($0.id), for \($0.subject): \($0.verdict.label)" },
        empty: "0 of \(grouped(facts.approvals.count)) checked."),
    ]
  }
}
