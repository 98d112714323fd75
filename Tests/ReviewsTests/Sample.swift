import Reviews

/// A month at an invented company, with one of everything.
enum Sample {
  static let hash = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"

  static func finding(
    _ uid: String, _ detector: String, _ title: String, _ level: String, _ message: String,
    subject: String, controls: [String], day: Int, raw: String
  ) -> ReviewFacts.Finding {
    let evidence = (1...3).map { line in
      ReviewFacts.Evidence(
        source: "hosts", line: 18_204 + line, offset: 2_091_144 + line * 131, sha256: hash,
        raw: raw,
        time: "2026-10-\(day) 09:14:0\(line)",
        fields: [.init(name: "user.name", value: subject), .init(name: "host.name", value: "db1")])
    }
    return ReviewFacts.Finding(
      uid: uid + String(hash.dropFirst(uid.count)), detector: detector, title: title, level: level,
      message: message, subject: subject, controls: controls, start: "2026-10-\(day) 09:14:01",
      end: "2026-10-\(day) 10:02:44", order: Int64(day), count: 41, evidence: evidence)
  }

  static func source(
    _ name: String, _ format: String, scale: Int, without: Set<Int> = [], rejectedOn: Set<Int> = []
  ) -> ReviewFacts.Source {
    let days = (1...31).filter { !without.contains($0) }.map { day in
      let lines = scale * (40 + (day * 37) % 53) / 60
      let rejected = rejectedOn.contains(day) ? 3 + day % 4 : 0
      return ReviewFacts.DayTally(
        day: day, lines: lines, parsed: lines - rejected, rejected: rejected, bytes: lines * 121)
    }
    let rejected = days.reduce(0) { $0 + $1.rejected }
    return ReviewFacts.Source(
      name: name, format: format, mapping: name == "hosts" ? "sshd, sudo" : name, days: days,
      rejections: rejected == 0
        ? [] : [.init(reason: "no timestamp", count: rejected, sampleLines: [1402, 1403, 20_118])],
      firstEvent: "2026-10-01 00:00:03", lastEvent: "2026-10-31 23:58:40",
      faults: name == "vpn" ? ["logs/vpn.log.3.gz ends in the middle of a member"] : [],
      notes: format == "rfc3164" ? ["year 2026 inferred from the file's own order"] : [])
  }

  static var facts: ReviewFacts {
    let sources = [
      source("hosts", "rfc3164", scale: 41_000, rejectedOn: [4, 5, 19]),
      source("gitlab", "json", scale: 9_300, without: [12, 13]),
      source("web", "combined", scale: 1_280_000, rejectedOn: [22]),
      source("vpn", "logfmt", scale: 420, without: [1, 2, 3, 27, 28, 29, 30, 31]),
      source("postgres-primary", "json", scale: 3_100, without: [18], rejectedOn: [8]),
      source("backup", "rfc5424", scale: 12),
    ]
    let days = sources.flatMap(\.days)
    let findings = [
      finding(
        "a1", "contractor-expired-activity", "Contractor active after access ended", "critical",
        "kim signed in to gitlab 12 days after the engagement of c-007 ended.", subject: "kim",
        controls: ["CC6.2", "ISO27001:A.5.18", "row-9", "row-17"], day: 22,
        raw:
          "Oct 22 09:14:02 git1 sshd[2211]: Accepted publickey for kim from 203.0.113.7 port 50122 "
          + "ssh2: ED25519 SHA256:kG9d1T"),
      finding(
        "b2", "contractor-out-of-scope", "Contractor access outside the agreed scope", "high",
        "ravi opened a session on db1 (production); the scope of c-011 allows staging only.",
        subject: "ravi · db1", controls: ["CC6.1", "CC6.3", "ISO27001:A.5.20", "row-7"], day: 14,
        raw:
          "{\"ts\":\"2026-10-14T07:14:01Z\",\"user\":\"ravi\",\"db\":\"orders\",\"action\":\"connect\"}"
      ),
      finding(
        "c3", "login-brute-force", "Many failed sign-ins from one address", "high",
        "198.51.100.23 failed 1,204 sign-ins as 61 users within 40 minutes; none succeeded.",
        subject: "198.51.100.23", controls: ["CC6.6", "CC7.2", "ISO27001:A.8.16"], day: 6,
        raw:
          "Oct  6 03:14:07 web1 sshd[881]: Failed password for invalid user admin from 198.51.100.23"
      ),
      finding(
        "d4", "login-impossible-travel", "Sign-ins too far apart for one person", "medium",
        "dana signed in from NL and, 52 minutes later, from SG: 10,300 km at 11,900 km/h.",
        subject: "dana", controls: ["CC7.2", "CC7.3", "ISO27001:A.8.5"], day: 19,
        raw: "{\"event\":\"login\",\"user\":\"dana\",\"ip\":\"203.0.113.201\"}"),
      finding(
        "e5", "asset-unknown", "Host that no register lists", "medium",
        "tmp-runner-7 sent 3,310 lines and is not in the infrastructure register.",
        subject: "tmp-runner-7", controls: ["CC7.1", "ISO27001:A.5.9", "row-15"], day: 11,
        raw: "Oct 11 09:14:01 tmp-runner-7 systemd[1]: Started docker-4f2.scope."),
      finding(
        "f6", "login-new-country", "First sign-in from a country", "informational",
        "mira signed in from PT for the first time.", subject: "mira", controls: ["CC7.2"], day: 25,
        raw: "{\"event\":\"login\",\"user\":\"mira\",\"ip\":\"192.0.2.77\"}"),
    ]
    func detector(
      _ id: String, _ title: String, _ level: String, _ controls: [String], checked: Int,
      findings: Int = 0, tests: Int = 4, not reason: String? = nil
    ) -> ReviewFacts.Detector {
      ReviewFacts.Detector(
        id: id, title: title, level: level, file: "detectors/\(id).yaml", controls: controls,
        notRunReason: reason, checked: checked, findings: findings, tests: tests)
    }
    var facts = ReviewFacts(
      organisation: "Example BV", month: Month(year: 2026, month: 10), zone: "Europe/Amsterdam",
      generatedFrom: "rollcall 0.1.0",
      command:
        "rollcall scan logs --config rollcall.yaml --review review/2026-10 --month 2026-10",
      fingerprint: hash, preparer: .init(name: "Dana Reyes", role: "Security lead"),
      reviewer: .init(name: "", role: "CEO"),
      ledger: .init(
        lines: days.reduce(0) { $0 + $1.lines }, parsed: days.reduce(0) { $0 + $1.parsed },
        rejected: days.reduce(0) { $0 + $1.rejected }, bytes: days.reduce(0) { $0 + $1.bytes }),
      sources: sources, findings: findings)
    facts.notSeen = ["firewall: configured and no file matched logs/fw/*.log."]
    facts.registers = [
      .init(name: "people", path: "registers/people.yaml", loaded: 24, parsed: 24, rejected: 0),
      .init(
        name: "contractors", path: "registers/contractors.yaml", loaded: 4, parsed: 3, rejected: 1),
      .init(
        name: "infrastructure", path: "registers/infrastructure.yaml", loaded: 31, parsed: 31,
        rejected: 0),
      .init(name: "approvals", path: "registers/approvals.yaml", loaded: 3, parsed: 3, rejected: 0),
    ]
    facts.registerProblems = [
      "registers/contractors.yaml:41: engagement has no end; write end: 2026-11-12 or earlier."
    ]
    facts.people = [.init(kind: "employees", count: 19), .init(kind: "service accounts", count: 5)]
    facts.contractors = [
      .init(
        id: "c-007", name: "Kim Osei", company: "Osei Consulting", start: "2026-08-29",
        registeredEnd: "2026-10-10", effectiveEnd: "2026-10-10", daysLeft: -21,
        verdict: .bad("active after end"),
        granted: [
          .init(dimension: "systems", values: ["gitlab", "web*"]),
          .init(dimension: "environments", values: ["staging"]),
          .init(dimension: "hours", values: ["Mon-Fri 08:00-19:00"]),
        ],
        used: [
          .init(
            system: "gitlab", environment: "staging", first: "2026-10-01 08:11:40",
            last: "2026-10-22 09:14:02", count: 318, isInside: true)
        ], offboardedAt: "", lastActivity: "2026-10-22 09:14:02", successesAfterEnd: 41),
      .init(
        id: "c-011", name: "Ravi Menon", company: "Northlight", start: "2026-09-21",
        registeredEnd: "2026-11-20", effectiveEnd: "2026-11-20", daysLeft: 20,
        verdict: .attention("renewed"),
        renewals: [
          .init(
            until: "2026-11-20", approvedBy: "p-001", approvedAt: "2026-10-29 10:00",
            channel: "matrix",
            ref: "$8fAbc:example.org", verdict: .good("valid"))
        ],
        granted: [
          .init(dimension: "systems", values: ["postgres-primary"]),
          .init(dimension: "environments", values: ["staging"]),
        ],
        used: [
          .init(
            system: "postgres-primary", environment: "staging", first: "2026-10-02 09:20:00",
            last: "2026-10-30 17:41:09", count: 2_204, isInside: true),
          .init(
            system: "db1", environment: "production", first: "2026-10-03 11:02:10",
            last: "2026-10-03 12:40:00", count: 12, isInside: false, approval: "a-031"),
          .init(
            system: "db1", environment: "production", first: "2026-10-14 09:14:01",
            last: "2026-10-14 10:02:44", count: 41, isInside: false),
        ], lastActivity: "2026-10-30 17:41:09"),
      .init(
        id: "c-004", name: "Lena Vogt", company: "", start: "2026-08-01",
        registeredEnd: "2026-09-11", effectiveEnd: "2026-09-11", daysLeft: -50,
        verdict: .good("ended"), offboardedAt: "2026-09-11 16:20", offboardingRef: "WP-388",
        lastActivity: "2026-09-11 14:02:51"),
    ]
    facts.accounts = .init(
      checked: 61,
      unlisted: [
        .init(
          user: "svc-import", systems: ["web1", "web2"], first: "2026-10-07 02:00:01",
          last: "2026-10-31 02:00:01", events: 25),
        .init(
          user: "old\u{202E}nimda<script>|`x`", systems: ["gitlab"], first: "2026-10-09 11:40:12",
          last: "2026-10-09 11:40:12", events: 1),
      ])
    facts.infrastructure = .init(
      namesChecked: 47, listed: 31,
      unknown: [
        .init(
          name: "tmp-runner-7", kind: "host", first: "2026-10-11 09:14:01",
          last: "2026-10-12 18:22:40", events: 3_310, source: "hosts"),
        .init(
          name: "files.example.net", kind: "domain", first: "2026-10-15 13:01:12",
          last: "2026-10-15 13:09:55", events: 14, source: "web"),
      ], silent: [.init(id: "web-old", kind: "host", owner: "p-003")])
    facts.approvals = [
      .init(
        id: "a-031", type: "scope", subject: "c-011", systems: ["db1"],
        environments: ["production"],
        from: "2026-10-02", until: "2026-10-04", approvedBy: "p-001",
        approvedAt: "2026-10-01 15:00",
        ref: "WP-398", verdict: .good("valid"), used: 12),
      .init(
        id: "a-032", type: "scope", subject: "c-011", systems: ["db1"],
        environments: ["production"],
        from: "2026-10-14", until: "2026-10-14", approvedBy: "p-001",
        approvedAt: "2026-10-15 09:12",
        ref: "WP-401", verdict: .attention("approved late"), used: 0),
      .init(
        id: "a-029", type: "tool", subject: "p-001", from: "2026-09-01", until: "2026-12-31",
        approvedBy: "p-001", approvedAt: "2026-08-30 08:00", verdict: .bad("approved by themself")),
    ]
    facts.signIns = [
      .init(
        system: "all", successes: 4_998, failures: 9_610, users: 61, addresses: 412,
        topFailing: [
          .init(address: "198.51.100.23", failures: 1_204, users: 61, origin: "RO · AS64500"),
          .init(address: "203.0.113.99", failures: 611, users: 9, origin: "BR · AS64501"),
          .init(
            address: "192.0.2.14", failures: 38, successes: 402, users: 1, origin: "NL · office"),
        ],
        days: (1...31).map {
          .init(day: $0, successes: 90 + ($0 * 53) % 140, failures: $0 == 6 ? 3_100 : 70 + $0 * 9)
        }),
      .init(system: "gitlab", successes: 3_088, failures: 310, users: 44, addresses: 91),
      .init(system: "ssh", successes: 1_910, failures: 9_300, users: 23, addresses: 377),
    ]
    facts.detectors = [
      detector(
        "contractor-expired-activity", "Contractor active after access ended", "critical",
        ["CC6.2", "ISO27001:A.5.18", "row-9", "row-17"], checked: 2_616, findings: 1),
      detector(
        "contractor-out-of-scope", "Contractor access outside the agreed scope", "high",
        ["CC6.1", "CC6.3", "ISO27001:A.5.20", "row-7"], checked: 2_616, findings: 1),
      detector(
        "contractor-expiry", "Contractor without a valid end", "high", ["CC6.2", "row-8"],
        checked: 3),
      detector(
        "login-brute-force", "Many failed sign-ins from one address", "high",
        ["CC6.6", "CC7.2", "ISO27001:A.8.16"], checked: 14_608, findings: 1),
      detector(
        "login-impossible-travel", "Sign-ins too far apart for one person", "medium",
        ["CC7.2", "CC7.3", "ISO27001:A.8.5"], checked: 4_998, findings: 1),
      detector(
        "login-new-country", "First sign-in from a country", "informational", ["CC7.2"],
        checked: 4_998, findings: 1, tests: 0),
      detector(
        "asset-unknown", "Host that no register lists", "medium",
        ["CC7.1", "ISO27001:A.5.9", "row-15"], checked: 47, findings: 1),
      detector(
        "tool-unapproved-use", "Tool used without approval", "high", ["CC6.8", "row-6"], checked: 0,
        not: "no proxy or DNS source is configured"),
      detector(
        "personal-cloud", "Personal cloud account used", "high", ["CC6.7", "row-11"], checked: 0),
      detector(
        "log-tamper", "Logging stopped or cleared", "critical", ["CC7.2", "ISO27001:A.8.15"],
        checked: 1_402_881),
    ]
    facts.policy = [
      .init(
        name: "contractor.expiry_days_max", value: "42 days",
        reason: "Six weeks is the longest engagement without a written renewal.", clause: "row-8"),
      .init(
        name: "offboarding.revoke_within", value: "24 h", reason: "The policy asks for one day.",
        clause: "row-17"),
      .init(
        name: "login.failures_per_address", value: "20 in 10 min",
        reason: "Twice the worst honest morning of the last quarter.", isDefault: true),
    ]
    facts.manifest = [
      .init(
        role: "input", path: "logs/hosts/syslog.1.gz", bytes: 41_220_118, sha256: hash,
        lines: 1_204_118),
      .init(
        role: "input", path: "logs/web/access.json", bytes: 9_104_227, sha256: hash, lines: 81_440),
      .init(role: "register", path: "registers/contractors.yaml", bytes: 2_114, sha256: hash),
      .init(
        role: "detector", path: "detectors/contractor-out-of-scope.yaml", bytes: 1_904, sha256: hash
      ),
      .init(role: "policy", path: "policy.yaml", bytes: 904, sha256: hash),
    ]
    addSections(to: &facts)
    return facts
  }
}
