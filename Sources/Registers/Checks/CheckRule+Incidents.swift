/// Incidents and how they were handled: rows 44, 62 to 64, 66, 77.
extension CheckRule {
  static let incidents = [
    CheckRule(
      "incident-untracked", "Incidents are tracked to their end", rows: [44], level: .medium,
      needs: [.incidents]
    ) { run in
      run.incidents { run, row in
        guard run.book.past(row.resolvedAt) != nil else { return }
        let missing = [
          row.acknowledgedAt == nil ? "acknowledged_at" : nil,
          row.containedAt == nil ? "contained_at" : nil,
        ].compactMap(\.self)
        if !missing.isEmpty {
          run.flag(
            row.id, row.place,
            "the incident `\(row.id)` was resolved without `\(missing.joined(separator: "`, `"))`",
            fix: "add when that was")
        }
      }
    },
    CheckRule(
      "response-sla-breach", "Incidents are answered in the time that their severity allows",
      rows: [62], level: .high, needs: [.incidents]
    ) { run in
      run.incidents { run, row in
        let steps: [(Incident.Step, TimePoint?, String)] = [
          (.acknowledge, row.acknowledgedAt, "acknowledged"),
          (.contain, row.containedAt, "contained"), (.resolve, row.resolvedAt, "resolved"),
        ]
        // How soon a weakness is mended is vuln-overdue's.
        for (step, done, verb) in steps where step != .resolve || !row.isVulnerability {
          run.checkStep(step, of: row, "the incident", done, verb, key: "\(verb)_at")
        }
      }
    },
    CheckRule(
      "vuln-overdue", "Weaknesses that were found are mended in the time of their severity",
      rows: [31, 77], level: .high, needs: [.incidents]
    ) { run in
      run.incidents(where: \.isVulnerability) { run, row in
        run.checkStep(
          .resolve, of: row, "the weakness", row.resolvedAt, "mended", key: "resolved_at")
      }
      if run.population == 0 {
        run.notRun = "no incident of the kind `vulnerability` within a quarter"
      }
    },
    CheckRule(
      "incident-unassigned", "Each incident has somebody who answers for it", rows: [63],
      level: .high, needs: [.incidents]
    ) { run in
      run.incidents { run, row in
        guard row.owner == nil, run.now > run.registers.incidentDue(row, .acknowledge) else {
          return
        }
        run.flag(
          row.id, row.place, "nobody answers for the incident `\(row.id)`", fix: "add `owner`")
      }
    },
    CheckRule(
      "security-lead-missing", "Somebody leads security", rows: [63, 130], level: .medium,
      needs: [.people, .incidents]
    ) { run in
      run.population = 1
      let now = run.now
      let isLed = run.registers.people.contains {
        $0.roles.contains("security_lead") && $0.validity.contains(now)
      }
      let place =
        run.registers.incidents.first?.place ?? run.registers.people.first?.place
        ?? Place(file: "people", line: 1, column: 1)
      if !isLed {
        run.flag(
          "security_lead", place, "nobody holds the role `security_lead`",
          fix: "give it to a person of the people register")
      }
    },
    CheckRule(
      "notification-late", "Those who must know of an incident are told in time", rows: [64],
      level: .high, needs: [.incidents]
    ) { run in
      run.incidents { run, row in
        for notice in run.registers.notices(of: row) where !notice.isWeakness {
          run.check(notice, of: row)
        }
      }
    },
    CheckRule(
      "vuln-client-notice", "Clients are told of critical weaknesses that touch them",
      rows: [77], level: .high, needs: [.incidents]
    ) { run in
      let registers = run.registers
      run.incidents(where: { registers.notices(of: $0).contains(where: \.isWeakness) }) {
        run, row in
        for notice in registers.notices(of: row) where notice.isWeakness {
          run.check(notice, of: row)
        }
      }
    },
    CheckRule(
      "rca-due", "What caused an incident is looked into", rows: [66], level: .medium,
      needs: [.incidents]
    ) { run in
      run.incidents(where: { $0.severity == .critical || $0.severity == .high }) { run, row in
        guard row.analysis == nil, let resolved = run.book.past(row.resolvedAt),
          let due = run.registers.analysisDue(of: row)
        else { return }
        if run.now >= due {
          run.flag(
            row.id, row.place,
            "nobody looked into the cause of the incident `\(row.id)`, resolved \(resolved)",
            fix: "write it down, and add `rca`")
        }
      }
    },
  ]
}

extension CheckRun {
  /// Looks at incidents that are open, or were noticed or resolved within a quarter.
  mutating func incidents(
    where isMeant: (Incident) -> Bool = { _ in true },
    _ look: (inout CheckRun, Incident) -> Void
  ) {
    let (now, since) = (now, book.ago(days: 92))
    each(
      registers.incidents,
      where: { row in
        row.detectedAt.start <= now && isMeant(row)
          && (row.detectedAt.end > since || (row.resolvedAt.map { $0.end > since } ?? true))
      }, look)
  }

  /// Whether a step of an incident was done in time.
  ///
  /// - Parameter key: The key of the register that says when.
  mutating func checkStep(
    _ step: Incident.Step, of row: Incident, _ what: String, _ done: TimePoint?, _ verb: String,
    key: String
  ) {
    let due = registers.incidentDue(row, step)
    if let at = book.past(done) {
      if at.start > due {
        flag(
          row.id, row.place,
          "\(what) `\(row.id)` was \(verb) \(at), after it was due at "
            + RFC3339.text(nanoseconds: due),
          fix: "nothing can be changed now; the review lists it")
      }
    } else if now > due {
      flag(
        row.id, row.place,
        "\(what) `\(row.id)` was to be \(verb) by \(RFC3339.text(nanoseconds: due))",
        fix: "do it, and add `\(key)`")
    }
  }

  /// Whether somebody was told of an incident in time.
  fileprivate mutating func check(_ notice: Registers.Notice, of row: Incident) {
    let due = RFC3339.text(nanoseconds: notice.due)
    if let told = book.past(notice.told) {
      if told.start > notice.due {
        flag(
          row.id, row.place,
          "\(notice.party) was told of the incident `\(row.id)` \(told), after \(due)",
          fix: "nothing can be changed now; the review lists it")
      }
    } else if now > notice.due {
      flag(
        row.id, row.place, "\(notice.party) was to be told of the incident `\(row.id)` by \(due)",
        fix: "tell them, and add notified: {\(notice.key): …}")
    }
  }
}
