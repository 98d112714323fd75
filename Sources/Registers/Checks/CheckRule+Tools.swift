/// Tools and who stands behind them: rows 2 to 5, 16, 20, 73, 135.
extension CheckRule {
  static let tools = [
    CheckRule(
      "tool-no-questionnaire", "Each tool's vendor answered a questionnaire before its first use",
      rows: [2, 84], level: .medium, needs: [.tools]
    ) { run in
      run.each(run.registers.tools, where: \.isInUse) { run, tool in
        let fix = "have the vendor answer, and add questionnaire: {ref: …, completed_on: …}"
        guard tool.questionnaire != nil else {
          return run.flag(
            tool.id, tool.place, "no questionnaire of `\(tool.id)` is known", fix: fix)
        }
        guard let completed = tool.questionnaireOn, completed <= run.book.today else {
          return run.flag(
            tool.id, tool.place, "the questionnaire of `\(tool.id)` is not complete", fix: fix)
        }
        if let introduced = tool.introducedDay, completed > introduced {
          run.flag(
            tool.id, tool.place,
            "the questionnaire of `\(tool.id)` was complete on \(completed), after the tool was "
              + "introduced on \(introduced)",
            fix: "nothing can be changed now; the review lists it")
        }
      }
    },
    CheckRule(
      "tool-unapproved", "Each tool was approved in writing before its first use", rows: [3, 84],
      level: .high, needs: [.tools, .people]
    ) { run in
      let channels = run.policy.texts("approval.channels")
      run.each(run.registers.tools, where: \.isInUse) { run, tool in
        let refusal = run.registers.verdicts.refusal(
          approver: tool.approvedBy, at: run.book.past(tool.approvedAt), subjects: [],
          reference: tool.reference, channel: tool.channel, evidence: tool.evidence)
        if let refusal {
          return run.flag(
            tool.id, tool.approvalPlace,
            "the approval of `\(tool.id)` does not count: \(refusal.reason)", fix: refusal.fix)
        }
        guard let channel = tool.channel, channels.contains(channel) else {
          return run.flag(
            tool.id, tool.approvalPlace,
            "`\(tool.id)` was approved by `\(tool.channel ?? "nothing")`; what counts is "
              + channels.joined(separator: " or "),
            fix: "add `channel`, or have it approved there")
        }
        if let reference = tool.reference, !Reference.fits(reference, channel: channel) {
          run.flag(
            tool.id, tool.approvalPlace,
            "`\(reference)` is no reference to a message by \(channel)",
            fix: channel == "email"
              ? "write the Message-ID, as in <id@example.org>"
              : "write the event's id or its link, as in $id:example.org")
        }
        if let introduced = tool.introducedDay, let at = tool.approvedAt,
          at.start >= run.registers.zone.end(of: introduced)
        {
          run.flag(
            tool.id, tool.approvalPlace,
            "`\(tool.id)` was approved \(at), after it was introduced on \(introduced)",
            fix: "nothing can be changed now; the review lists it")
        }
      }
    },
    CheckRule(
      "tool-register-incomplete", "The register says who introduced each tool, and when",
      rows: [4], level: .low, needs: [.tools]
    ) { run in
      run.each(run.registers.tools, where: { $0.status != .personalCloud }) { run, tool in
        if tool.introducedBy == nil {
          run.flag(
            tool.id, tool.place, "nobody is named who introduced `\(tool.id)`",
            fix: "add `introduced_by`")
        }
        if tool.introducedOn == nil {
          run.flag(
            tool.id, tool.place, "`\(tool.id)` does not say when it was introduced",
            fix: "add `introduced_on`")
        }
      }
    },
    CheckRule(
      "tool-no-justification", "A task says what each tool is needed for", rows: [5], level: .low,
      needs: [.tools]
    ) { run in
      run.each(
        run.registers.tools, where: { $0.status == .approved || $0.status == .proposed }
      ) { run, tool in
        guard let reference = tool.justification else {
          return run.flag(
            tool.id, tool.place, "no task justifies `\(tool.id)`",
            fix: "add `justification`, the task's id or address")
        }
        if !Reference.isTask(reference) {
          run.flag(
            tool.id, tool.place, "`\(reference)` is no task",
            fix: "write a task's number or address, as in WP-12")
        }
      }
    },
    CheckRule(
      "internet-facing-unlisted", "Tools in the internet are on the list of subprocessors",
      rows: [16], level: .high, needs: [.tools, .subprocessors]
    ) { run in
      let book = run.book
      let listed = Dictionary(
        run.registers.subprocessors.filter { $0.validity.contains(book.now) }
          .map { ($0.tool ?? $0.id, $0) }
      ) { first, _ in first }
      run.each(
        run.registers.tools, where: { $0.isInUse && $0.isInternetFacing == true }
      ) { run, tool in
        guard let entry = listed[tool.id] else {
          return run.flag(
            tool.id, tool.place,
            "`\(tool.id)` can be reached from the internet and is not among the subprocessors",
            fix: "add a row with tool: \(tool.id) to the subprocessors register")
        }
        if entry.listedURL == nil {
          run.flag(
            tool.id, entry.place, "customers are not told of `\(entry.id)`",
            fix: "publish it, and add `listed_url`")
        }
      }
    },
    CheckRule(
      "tool-owner-left", "Tools of those who left are handed over or retired", rows: [20],
      level: .medium, needs: [.tools, .people]
    ) { run in
      run.each(run.registers.tools, where: \.isInUse) { run, tool in
        guard let holder = tool.owner ?? tool.introducedBy,
          let access = run.book.access(of: holder),
          access.end.adding(seconds: run.policy.integer("offboarding.hours") * 3600) <= run.now
        else { return }
        run.flag(
          tool.id, tool.ownerPlace,
          "`\(holder)`, who answers for `\(tool.id)`, \(run.book.absence(of: holder) ?? "left")",
          fix: "name another owner, or retire the tool")
      }
    },
    CheckRule(
      "pia-missing", "The privacy impact is assessed where personal data goes", rows: [73],
      level: .medium, needs: [.tools]
    ) { run in
      run.eachWithPersonalData { run, tool in
        if tool.privacyAssessment == nil {
          run.flag(
            tool.id, tool.place, "`\(tool.id)` handles personal data, and nobody assessed that",
            fix: "assess the impact, and add `privacy_assessment`")
        }
      } _: { run, row in
        if row.privacyAssessment == nil {
          run.flag(
            row.id, row.place, "`\(row.id)` handles personal data, and nobody assessed that",
            fix: "assess the impact, and add `privacy_assessment`")
        }
      }
    },
    CheckRule(
      "dsa-missing", "There is an agreement with whoever gets personal data", rows: [135],
      level: .medium, needs: [.tools]
    ) { run in
      let now = run.now
      let agreed = Set(
        run.registers.subprocessors.filter { $0.agreement != nil && $0.validity.contains(now) }
          .map { $0.tool ?? $0.id })
      run.eachWithPersonalData { run, tool in
        if tool.agreement == nil, !agreed.contains(tool.id) {
          run.flag(
            tool.id, tool.place, "there is no agreement about the personal data in `\(tool.id)`",
            fix: "add `agreement` to the tool or to its subprocessor")
        }
      } _: { run, row in
        if row.agreement == nil {
          run.flag(
            row.id, row.place, "there is no agreement about the personal data at `\(row.id)`",
            fix: "add `agreement`")
        }
      }
    },
  ]
}

extension CheckRun {
  /// Looks at the tools in use and the subprocessors that personal data goes to.
  fileprivate mutating func eachWithPersonalData(
    _ look: (inout CheckRun, Tool) -> Void, _ lookToo: (inout CheckRun, Subprocessor) -> Void
  ) {
    each(registers.tools, where: { $0.isInUse && $0.handlesPersonalData == true }, look)
    each(registers.subprocessors, where: { $0.data.contains("personal") }, lookToo)
  }
}

extension Tool {
  /// Whether it may be used by its register.
  var isInUse: Bool { status == .approved }
  /// When it was brought in.
  var introducedDay: CivilDay? { introducedOn.flatMap { CivilDay($0) } }
}

/// What references to messages and tasks look like.
enum Reference {
  /// Whether a reference can be read by whoever looks into a channel.
  static func fits(_ text: String, channel: String) -> Bool {
    switch channel {
    case "email": text.hasPrefix("<") && text.hasSuffix(">") && text.contains("@")
    case "matrix": text.hasPrefix("$") || text.hasPrefix("https://matrix.to/") || isAddress(text)
    default: true
    }
  }

  /// Whether it is a task's number or address.
  static func isTask(_ text: String) -> Bool {
    isAddress(text) || text.utf8.contains { $0 &- 0x30 < 10 }
  }

  private static func isAddress(_ text: String) -> Bool {
    text.hasPrefix("https://") || text.hasPrefix("http://") || text.hasPrefix("matrix:")
  }
}
