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
    controls = ControlRow.rows(
      detectors: facts.detectors, findings: findings, unseen: facts.unseenSources)
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
    let whole = Review.Completeness(shown, of: checked, noun, from: register(name))
    let rows = facts.registers.filter { $0.name == name }
    guard !rows.isEmpty else { return whole }
    return whole.loaded(
      rows.reduce(0) { $0 + $1.loaded }, parsed: rows.reduce(0) { $0 + $1.parsed },
      rejected: rows.reduce(0) { $0 + $1.rejected })
  }

  /// The completeness of a list that was drawn from all lines.
  func completeness(_ shown: Int, of checked: Int, lines noun: String) -> Review.Completeness {
    let ledger = facts.ledger
    let from = counted(facts.sources.count, "source", "sources")
    return Review.Completeness(shown, of: checked, noun, from: from)
      .loaded(ledger.lines, parsed: ledger.parsed, rejected: ledger.rejected)
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
    let isSame = !facts.preparer.name.isEmpty && facts.preparer.name == facts.reviewer.name
    signOffProblem =
      isSame ? "The reviewer must not be the preparer: name someone else before signing." : nil
    let contents: [(id: String, title: String, blocks: [Block])] = [
      ("again", "How to run this again", draft.again),
      ("summary", "Summary", draft.summary),
      ("controls", "Control table", draft.controlTable),
      ("coverage", "Coverage", draft.coverageBlocks),
      ("findings", "Findings", draft.findingBlocks),
      ("sign-ins", "Sign-in anomalies", draft.signInBlocks),
      ("contractors", "Contractors", draft.contractorBlocks),
      ("infrastructure", "Unknown infrastructure", draft.infrastructureBlocks),
      ("accounts", "Unlisted accounts", draft.accountBlocks),
      ("approvals", "Approvals and exceptions", draft.approvalBlocks),
      ("policy", "Policy values in force", draft.policyBlocks),
      ("detectors", "Detectors", draft.detectorBlocks),
      ("manifest", "Manifest", draft.manifestBlocks),
    ]
    sections = contents.enumerated().map { place, content in
      Section(
        number: "\(place + 1)", id: content.id, title: content.title, blocks: content.blocks)
    }
    sections.append(
      Section(number: "A", id: "evidence", title: "Evidence lines", blocks: draft.evidenceBlocks))
  }
}
