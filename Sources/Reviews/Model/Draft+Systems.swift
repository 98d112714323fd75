extension Draft {
  /// Infrastructure that was seen and not registered, and the reverse.
  var infrastructureBlocks: [Review.Block] {
    let seen = facts.infrastructure
    let unknown = Review.Table(
      id: "unknown-infrastructure", title: "Seen, and not registered",
      columns: [
        .words("name", "Name"), .words("kind", "Kind"), .words("first", "First"),
        .words("last", "Last"), .numbers("events", "Events"), .words("source", "Source"),
      ],
      rows: seen.unknown.map {
        [
          .code($0.name), .text($0.kind), .text($0.first), .text($0.last), .number($0.events),
          .code($0.source),
        ]
      },
      completeness: completeness(
        seen.unknown.count, of: seen.namesChecked, lines: "names and addresses"))
    let silent = Review.Table(
      id: "silent-infrastructure", title: "Registered, and not seen",
      columns: [.words("id", "Id"), .words("kind", "Kind"), .words("owner", "Owner")],
      rows: seen.silent.map { [.code($0.id), .text($0.kind), .name($0.owner)] },
      completeness: completeness(
        seen.silent.count, of: seen.listed, "rows", register: "infrastructure"))
    return [
      .table(unknown), .table(silent), .table(movements), .table(exposed), .table(tools),
      .table(toolUses),
      .table(
        findingTable(
          "infrastructure-findings",
          "Findings on infrastructure, tools and ways between environments",
          citing: ["row-6", "row-15", "row-16", "row-20", "row-25", "row-26", "row-35", "row-36"])),
    ]
  }

  private var movements: Review.Table {
    Review.Table(
      id: "movements", title: "Rows of the registers that began or ended in the month",
      columns: [
        .words("register", "Register"), .words("id", "Id"), .words("name", "Name"),
        .words("change", "Change"), .words("day", "Day"),
      ],
      rows: facts.movements.map {
        [.text($0.register), .code($0.id), .words($0.name), .text($0.change), .words($0.day)]
      },
      completeness: Review.Completeness(
        facts.movements.count, of: facts.turnovers.reduce(0) { $0 + $1.before + $1.joined }, "rows",
        from: counted(facts.registers.count, "register file", "register files")))
  }

  private var exposed: Review.Table {
    Review.Table(
      id: "internet-facing",
      title: "What the internet reaches, and whether the subprocessors list has it",
      columns: [
        .words("kind", "Kind"), .words("id", "Id"), .words("name", "Name"),
        .words("owner", "Owner"),
        .words("basis", "Known by"), .words("listing", "Listed"),
      ],
      rows: facts.exposed.map {
        [
          .text($0.kind), .code($0.id), .words($0.name), .name($0.owner), .words($0.basis),
          .mark($0.listing),
        ]
      },
      completeness: completeness(
        facts.exposed.count, of: facts.infrastructure.listed + facts.tools.count,
        "systems and tools",
        register: "infrastructure"))
  }

  private var tools: Review.Table {
    Review.Table(
      id: "tools", title: "Tools: approved, and by what",
      columns: [
        .words("id", "Id"), .words("name", "Name"), .words("vendor", "Vendor"),
        .words("status", "Status"), .words("owner", "Owner"), .words("introduced", "Brought in"),
        .words("approval", "Approval"), .words("questionnaire", "Questionnaire"),
        .words("justification", "Reason"), .numbers("events", "Events"),
        .numbers("people", "People"),
        .words("verdict", "Verdict"),
      ],
      rows: facts.tools.map {
        [
          .code($0.id), .text($0.name), .words($0.vendor), .text($0.status), .name($0.owner),
          .words($0.introduced), .words($0.approval), .words($0.questionnaire),
          .words($0.justification), .number($0.events), .number($0.people), .mark($0.verdict),
        ]
      },
      completeness: completeness(
        facts.tools.count, of: facts.tools.count, "tools", register: "tools"))
  }

  private var toolUses: Review.Table {
    let odd = facts.toolUses.filter { $0.status != "approved" }
    return Review.Table(
      id: "tool-uses", title: "Tools used without a valid approval",
      columns: [
        .words("tool", "Tool"), .words("status", "Status then"), .words("person", "Person"),
        .words("first", "First"), .words("last", "Last"), .numbers("events", "Events"),
      ],
      rows: odd.map {
        [
          .name($0.tool), .mark(.bad($0.status)), .name($0.person), .words($0.first),
          .words($0.last), .number($0.events),
        ]
      },
      completeness: completeness(odd.count, of: facts.toolUses.count, lines: "uses of tools"))
  }

  /// The policy's numbers, with their reasons.
  var policyBlocks: [Review.Block] {
    let table = Review.Table(
      id: "policy", title: "Every threshold that was in force",
      columns: [
        .words("name", "Name"), .words("value", "Value"), .words("origin", "Stated by"),
        .words("reason", "Reason"), .words("clause", "Clause"),
      ],
      rows: facts.policy.map {
        [
          .code($0.name), .code($0.value),
          .mark(
            $0.isStated
              ? .good("the policy")
              : $0.isDefault ? .neutral("our default") : .good("the organisation")),
          .words($0.reason),
          .words($0.clause),
        ]
      },
      completeness: Review.Completeness(
        facts.policy.count, of: facts.policy.count, "values", from: "policy"))
    return [.table(table)]
  }

  /// Every detector, whether it ran, and on how much.
  var detectorBlocks: [Review.Block] {
    let table = Review.Table(
      id: "detectors", title: "Detectors",
      columns: [
        .words("id", "Id"), .words("title", "Title"), .words("level", "Level"),
        .words("status", "Status"), .words("reason", "Reason"), .numbers("checked", "Checked"),
        .numbers("findings", "Findings"), .numbers("tests", "Tests"), .words("file", "File"),
      ],
      rows: facts.detectors.map {
        [
          .code($0.id), .text($0.title), .level($0.level),
          .mark($0.notRunReason == nil ? .good("ran") : .attention("not run")),
          .words($0.notRunReason ?? ""), .number($0.checked), .number($0.findings),
          .mark($0.tests > 0 ? .neutral("\($0.tests)") : .attention("none")), .name($0.file),
        ]
      },
      completeness: Review.Completeness(
        facts.detectors.count, of: facts.detectors.count, "detectors", from: "detector files"))
    return [.table(table), .table(silenceTable)]
      + (facts.proofs.map { [.table(proofTable($0))] } ?? [])
  }

  private var silenceTable: Review.Table {
    Review.Table(
      id: "silences", title: "Silences: what is found and not sent",
      columns: [
        .words("scope", "What"), .words("until", "Until"), .words("author", "By"),
        .words("reason", "Why"),
      ],
      rows: facts.silences.map {
        [.text($0.scope), .words($0.until), .text($0.author), .words($0.reason)]
      },
      completeness: Review.Completeness(
        facts.silences.count, of: facts.silences.count, "silences", from: "configuration"))
  }

  /// When each detector was last shown to work, from a line to the receiver.
  private func proofTable(_ proofs: [ReviewFacts.Proof]) -> Review.Table {
    Review.Table(
      id: "proofs",
      title: "Last proof of each detector: a canary line, from the log to the receiver",
      columns: [
        .words("detector", "Detector"), .words("title", "Title"), .words("status", "Status"),
        .words("proven", "Last proof"), .words("route", "Route"), .words("answer", "Answer"),
        .words("since", "Since then"),
      ],
      rows: proofs.map { proof in
        [
          .code(proof.detector), .text(proof.title),
          .mark(
            proof.time == nil
              ? .attention("never")
              : !proof.since.isEmpty
                ? .attention("failed since")
                : proof.isStale ? .attention("route not tried in time") : .good("proven")),
          .text(proof.time ?? "never"), .words(proof.route), .words(proof.answer),
          .words(proof.since),
        ]
      },
      completeness: Review.Completeness(
        proofs.count, of: proofs.count, "proofs", from: "what watch and canary have kept"))
  }

  /// Every file, with its hash; the registers, with what was wrong with them.
  var manifestBlocks: [Review.Block] {
    let files = Review.Table(
      id: "manifest", title: "Every file that this review rests on",
      columns: [
        .words("role", "Role"), .words("path", "Path"), .numbers("bytes", "Bytes"),
        .numbers("lines", "Lines"), .words("sha256", "SHA-256"),
      ],
      rows: facts.manifest.map {
        [
          .text($0.role), .code($0.path), .number($0.bytes), $0.lines.map { .number($0) } ?? .none,
          .code($0.sha256),
        ]
      },
      completeness: Review.Completeness(
        facts.manifest.count, of: facts.manifest.count, "files", from: "manifest"))
    let registers = Review.Table(
      id: "registers", title: "Registers",
      columns: [
        .words("name", "Register"), .words("path", "File"), .numbers("loaded", "Rows loaded"),
        .numbers("parsed", "Used"), .numbers("rejected", "Refused"),
      ],
      rows: facts.registers.map {
        [
          .text($0.name), .code($0.path), .number($0.loaded), .number($0.parsed),
          .number($0.rejected),
        ]
      },
      completeness: Review.Completeness(
        facts.registers.count, of: facts.registers.count, "registers", from: "configuration"))
    let rows = facts.registers.reduce(0) { $0 + $1.loaded }
    return [
      .table(files), .table(registers),
      .list(
        id: "register-problems",
        title: "What the register check says (\(grouped(facts.registerProblems.count)))",
        items: facts.registerProblems, empty: "0 of \(grouped(rows)) checked rows have problems."),
    ]
  }
}
