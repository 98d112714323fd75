/// The facts, put in order and counted, while the sections are made from them.
struct Draft {
  let facts: ReviewFacts
  /// The findings, most severe first, then by time and identity.
  let findings: [Review.NumberedFinding]
  let controls: [ControlRow]
  let coverage: [SourceCoverage]

  init(_ facts: ReviewFacts) {
    self.facts = facts
    let sorted = facts.findings.sorted { left, right in
      let (leftRank, rightRank) = (levelRank(left.level), levelRank(right.level))
      guard leftRank == rightRank else { return leftRank < rightRank }
      guard left.order == right.order else { return left.order < right.order }
      return left.uid < right.uid
    }
    findings = sorted.enumerated().map {
      Review.NumberedFinding(number: $0.offset + 1, finding: $0.element)
    }
    controls = ControlRow.rows(facts, findings: findings)
    coverage = facts.sources.map { SourceCoverage($0, month: facts.month) }
  }

  /// How many findings have a level.
  func count(level: String) -> Int { findings.count { $0.finding.level == level } }

  /// The paths of a register's files, or its name when none was loaded.
  func register(_ name: String) -> String {
    let paths = facts.registers.filter { $0.name == name }.map(\.path)
    return paths.isEmpty ? "\(name) register" : paths.joined(separator: ", ")
  }

  /// The completeness of a list whose population is a register's rows.
  func completeness(
    _ shown: Int, of checked: Int, _ noun: String, register name: String
  ) -> Review.Completeness {
    var whole = Review.Completeness(shown, of: checked, noun, from: register(name))
    let rows = facts.registers.filter { $0.name == name }
    whole.turnover = facts.turnovers.first { $0.register == name }
    whole.hash = rows.compactMap { row in
      facts.manifest.first { $0.role == "register" && $0.path == row.path }
    }.map { String($0.sha256.prefix(12)) }.joined(separator: ", ")
    guard !rows.isEmpty else { return whole }
    return whole.loaded(
      rows.reduce(0) { $0 + $1.loaded }, parsed: rows.reduce(0) { $0 + $1.parsed },
      rejected: rows.reduce(0) { $0 + $1.rejected })
  }

  /// The completeness of a list that was drawn from all lines.
  func completeness(_ shown: Int, of checked: Int, lines noun: String) -> Review.Completeness {
    let ledger = facts.ledger
    let from = counted(facts.sources.count, "source", "sources")
    var whole = Review.Completeness(shown, of: checked, noun, from: from)
      .loaded(ledger.lines, parsed: ledger.parsed, rejected: ledger.rejected)
    whole.hash = String(facts.fingerprint.prefix(12))
    return whole
  }
}

extension Review {
  /// The review that the facts amount to.
  public init(_ facts: ReviewFacts) {
    let draft = Draft(facts)
    organisation = facts.organisation
    month = facts.month
    zone = facts.zone
    generatedFrom = facts.generatedFrom
    fingerprint = facts.fingerprint
    (verdict, verdictSentence) = (draft.verdict, draft.verdictSentence)
    signatories = [
      Signatory(part: "Prepared by", name: facts.preparer.name, role: facts.preparer.role),
      Signatory(part: "Reviewed by", name: facts.reviewer.name, role: facts.reviewer.role),
    ]
    let isSame = facts.preparer.isSame(as: facts.reviewer)
    signOffProblem =
      isSame ? "The reviewer must not be the preparer: name someone else before signing." : nil
    let contents: [(id: String, title: String, blocks: [Block])] = [
      ("again", "Scope, and how to run this again", draft.again),
      ("summary", "Summary", draft.summary),
      ("controls", "Control matrix", draft.controlTable),
      ("coverage", "Coverage", draft.coverageBlocks),
      ("findings", "Findings", draft.findingBlocks),
      ("incidents", "Incidents", draft.incidentBlocks),
      ("sign-ins", "Sign-in anomalies", draft.signInBlocks),
      ("contractors", "Contractors", draft.contractorBlocks),
      ("access", "Access review", draft.accessBlocks),
      ("privileged", "Privileged access", draft.privilegedBlocks),
      ("changes", "Changes and deployments", draft.changeBlocks),
      ("infrastructure", "Infrastructure and tools", draft.infrastructureBlocks),
      ("secrets", "Secrets and rotation", draft.secretBlocks),
      ("backups", "Backups and restore tests", draft.backupBlocks),
      ("weaknesses", "Weaknesses and containers", draft.weaknessBlocks),
      ("availability", "Availability, errors and latency", draft.availabilityBlocks),
      ("limits", "Limits and abuse", draft.limitBlocks),
      ("privacy", "Privacy and residency", draft.privacyBlocks),
      ("approvals", "Approvals and exceptions", draft.approvalBlocks),
      ("attestations", "Attestations, policies, risks and drills", draft.attestationBlocks),
      ("detectors", "Detector health", draft.detectorBlocks),
      ("actions", "Follow-up", draft.actionBlocks),
      ("policy", "Policy values in force", draft.policyBlocks),
    ]
    sections = contents.enumerated().map { place, content in
      Section(
        number: "\(place + 1)", id: content.id, title: content.title, blocks: content.blocks)
    }
    sections += [
      Section(number: "A", id: "manifest", title: "Manifest", blocks: draft.manifestBlocks),
      Section(number: "B", id: "evidence", title: "Evidence lines", blocks: draft.evidenceBlocks),
    ]
  }
}
