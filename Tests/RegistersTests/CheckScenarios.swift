/// A scenario for each check: it speaks with its row, and its look-alike is silent.
enum Scenarios {
  static let all: [Scenario] = access + duties

  /// A contractor from the first of September.
  static func contractor(_ rest: String, end: String = "2026-10-10") -> String {
    cast + "contractors:\n  - {id: c-1, accounts: {\"*\": [kim]}, "
      + "engagement: {start: 2026-09-01, end: \(end)}\(rest.isEmpty ? "" : ", " + rest)}\n"
  }

  static func review(_ rest: String) -> String {
    cast + "reviews:\n  - {system: gitlab, month: 2026-09, \(rest)}\n"
  }

  static func incident(_ rest: String) -> String {
    cast + "incidents:\n  - {id: i-1, \(rest)}\n"
  }

  static let access: [Scenario] = [
    Scenario(
      id: "alias-collision", row: "row-1",
      fires:
        "people:\n  - {id: a, accounts: {gitlab: [kim]}}\n  - {id: b, accounts: {gitlab: [Kim]}}\n",
      says: "the account `kim` on `gitlab` is `a` and `b`'s",
      lookAlike:
        "people:\n  - {id: a, accounts: {gitlab: [kim]}, employment: {end: 2026-01-31}}\n"
        + "  - {id: b, accounts: {gitlab: [kim]}, employment: {start: 2026-02-01}}\n"),
    Scenario(
      id: "tool-no-questionnaire", row: "row-2", fires: tool("", without: ["questionnaire"]),
      says: "no questionnaire of `t-1` is known", lookAlike: tool("")),
    Scenario(
      id: "tool-no-questionnaire", row: "row-2",
      fires: tool(
        "questionnaire: {ref: Q-1, completed_on: 2026-03-11}", without: ["questionnaire"]),
      says: "the questionnaire of `t-1` was complete on 2026-03-11, after",
      lookAlike: tool(
        "questionnaire: {ref: Q-1, completed_on: 2026-03-10}", without: ["questionnaire"])),
    Scenario(
      id: "tool-unapproved", row: "row-3", fires: cast + tool("", without: ["approval"]),
      says: "the approval of `t-1` does not count: nobody approved it", lookAlike: cast + tool("")),
    Scenario(
      id: "tool-unapproved", row: "row-3",
      fires: cast
        + tool(
          "approval: {by: p-1, at: 2026-03-11, channel: email, ref: \"<m@e>\"}",
          without: ["approval"]),
      says: "`t-1` was approved 2026-03-11, after it was introduced on 2026-03-10",
      lookAlike: cast
        + tool(
          "approval: {by: p-1, at: 2026-03-10, channel: matrix, ref: \"$e:example.org\"}",
          without: ["approval"])),
    Scenario(
      id: "tool-unapproved", row: "row-3",
      fires: cast
        + tool(
          "approval: {by: p-1, at: 2026-03-05, channel: matrix, ref: WP-8}", without: ["approval"]),
      says: "`WP-8` is no reference to a message by matrix",
      lookAlike: cast
        + tool(
          "approval: {by: p-1, at: 2026-03-05, channel: matrix, ref: \"https://matrix.to/#/x\"}",
          without: ["approval"])),
    Scenario(
      id: "tool-unapproved", row: "row-3",
      fires: cast
        + tool(
          "approval: {by: p-1, at: 2026-03-05, channel: phone, ref: x}", without: ["approval"]),
      says: "`t-1` was approved by `phone`",
      lookAlike: cast + tool("status: proposed", without: ["status", "approval"])),
    Scenario(
      id: "tool-register-incomplete", row: "row-4", fires: tool("", without: ["introduced_by"]),
      says: "nobody is named who introduced `t-1`", lookAlike: tool("")),
    Scenario(
      id: "tool-no-justification", row: "row-5", fires: tool("", without: ["justification"]),
      says: "no task justifies `t-1`", lookAlike: tool("")),
    Scenario(
      id: "tool-no-justification", row: "row-5",
      fires: tool("justification: because", without: ["justification"]),
      says: "`because` is no task",
      lookAlike: tool(
        "justification: \"https://example.org/wp\"", without: ["justification"])),
    Scenario(
      id: "contractor-unscoped", row: "row-7", fires: contractor("", end: "2026-10-12"),
      says: "nothing was agreed about what `c-1` may do",
      lookAlike: contractor("scope: {systems: [x]}", end: "2026-10-12"),
      at: "2026-09-15T00:00:00Z"),
    Scenario(
      id: "contractor-expiry", row: "row-8", fires: contractor("", end: "2026-10-13"),
      says: "`c-1` is registered until 2026-10-13, but access ends at the end of 2026-10-12",
      lookAlike: contractor("", end: "2026-10-12"), at: "2026-09-15T00:00:00Z"),
    Scenario(
      id: "contractor-expiry", row: "row-8",
      fires: contractor(
        "renewals: [{until: 2026-11-21, approved_by: p-1, approved_at: 2026-10-11, channel: email, ref: m}]"
      ),
      says: "a renewal of `c-1` does not count: the renewal was approved on 2026-10-11, after",
      lookAlike: contractor(
        "renewals: [{until: 2026-11-21, approved_by: p-1, approved_at: 2026-10-10, channel: email, ref: m}]"
      ),
      at: "2026-10-20T00:00:00Z"),
    Scenario(
      id: "contractor-expiry", row: "row-8",
      fires: cast + "contractors:\n  - {id: c-1, engagement: {start: 2026-09-01}}\n",
      says: "the engagement of `c-1` has no end", lookAlike: contractor("", end: "2026-10-12"),
      warns: contractor("", end: "2026-09-20"), at: "2026-09-15T00:00:00Z"),
    Scenario(
      id: "access-review-overdue", row: "row-12",
      fires: review("reviewed_by: p-1, reviewed_at: 2026-10-06"),
      says: "the review of `gitlab` for 2026-09 was signed 2026-10-06, after 2026-10-05",
      lookAlike: review("reviewed_by: p-1, reviewed_at: 2026-10-05")),
    Scenario(
      id: "access-review-overdue", row: "row-12", fires: review("ref: WP-3"),
      says: "nobody signed the access review of `gitlab` for 2026-09, due on 2026-10-05",
      lookAlike: review("reviewed_by: p-1, reviewed_at: 2026-10-02T10:00:00Z")),
    Scenario(
      id: "access-review-overdue", row: "row-12",
      fires: review("reviewed_by: p-2, reviewed_at: 2026-10-02"),
      says: "`p-2`, who signed the review of `gitlab`, does not hold the role",
      lookAlike: review("reviewed_by: p-1, reviewed_at: 2026-10-02")),
    Scenario(
      id: "internet-facing-unlisted", row: "row-16",
      fires: tool("internet_facing: true") + "subprocessors:\n  - {id: other, listed_url: x}\n",
      says: "`t-1` can be reached from the internet and is not among the subprocessors",
      lookAlike: tool("internet_facing: true")
        + "subprocessors:\n  - {id: sp, tool: t-1, listed_url: x}\n"),
    Scenario(
      id: "offboard-overdue", row: "row-17",
      fires: contractor(""), says: "the access of `c-1` was due to be gone at 2026-10-12T00:00:00Z",
      lookAlike: contractor("offboarding: {completed_at: 2026-10-12T00:00:00Z, ref: WP-4}")),
    Scenario(
      id: "offboard-overdue", row: "row-17",
      fires: contractor(
        "offboarding: {completed_at: 2026-10-12T00:00:00Z, ref: WP-4, checklist: {gitlab: 2026-10-12T00:00:01Z}}"
      ),
      says: "the access of `c-1` on `gitlab` was revoked 2026-10-12T00:00:01Z, after",
      lookAlike: contractor(
        "offboarding: {completed_at: 2026-10-12T00:00:00Z, ref: WP-4, checklist: {gitlab: 2026-10-11}}"
      )),
    Scenario(
      id: "orphan-owner", row: "row-18",
      fires: cast + "infrastructure:\n  - {id: web1, owner: p-3}\n",
      says: "`p-3`, who answers for `web1`, left on 2026-06-30",
      lookAlike: cast + "infrastructure:\n  - {id: web1, owner: p-2}\n"),
    Scenario(
      id: "exit-data-unconfirmed", row: "row-19",
      fires: contractor("offboarding: {completed_at: 2026-10-11, ref: WP-4}"),
      says: "nobody confirmed that `c-1` kept no data",
      lookAlike: contractor(
        "offboarding: {completed_at: 2026-10-11, ref: WP-4, data_confirmation: WP-5}")),
    Scenario(
      id: "tool-owner-left", row: "row-20",
      fires: cast + tool("owner: p-3", without: ["owner"]),
      says: "`p-3`, who answers for `t-1`, left on 2026-06-30",
      lookAlike: cast + tool("introduced_by: p-3", without: ["introduced_by"])),
    Scenario(
      id: "offboard-unrecorded", row: "row-21",
      fires: contractor("offboarding: {completed_at: 2026-10-11}"),
      says: "the offboarding of `c-1` names no task",
      lookAlike: contractor("offboarding: {completed_at: 2026-10-11, ref: WP-4}")),
    Scenario(
      id: "approval-invalid", row: "row-22",
      fires: cast
        + "approvals:\n  - {id: a, type: tool, subject: t, until: 2026-11-30, approved_by: p-2, approved_at: 2026-10-01, ref: x}\n",
      says: "the approval `a` does not count: `p-2` does not hold the role",
      lookAlike: cast
        + "approvals:\n  - {id: a, type: tool, subject: t, until: 2026-11-30, approved_by: p-1, approved_at: 2026-10-01, ref: x}\n"
    ),
    Scenario(
      id: "approval-invalid", row: "row-22",
      fires: cast
        + "approvals:\n  - {id: a, type: tool, subject: t, from: 2026-10-01, until: 2026-11-30, approved_by: p-1, approved_at: 2026-10-02T09:00:00Z, ref: x}\n",
      says: "the approval `a` was given 2026-10-02T09:00:00Z, after it was to begin 2026-10-01",
      lookAlike: cast
        + "approvals:\n  - {id: a, type: tool, subject: t, from: 2026-10-02, until: 2026-11-30, approved_by: p-1, approved_at: 2026-10-02T09:00:00Z, ref: x}\n"
    ),
    Scenario(
      id: "flow-unexplained", row: "row-26", fires: "flows:\n  - {from: staging, to: production}\n",
      says: "nobody says why `staging` may talk to `production`",
      lookAlike: "flows:\n  - {from: production, to: staging}\n"),
    Scenario(
      id: "ports-undeclared", row: "row-35",
      fires: "infrastructure:\n  - {id: web1, internet_facing: true}\n",
      says: "`web1` faces the internet, and no ports were agreed",
      lookAlike: "infrastructure:\n  - {id: web1, internet_facing: true, allowed_ports: [443]}\n"),
    Scenario(
      id: "admin-unrestricted", row: "row-39",
      fires: "people:\n  - {id: a, roles: [\"admin:*\"]}\n", says: "`a` is administrator of `*`",
      lookAlike: "people:\n  - {id: a, roles: [\"admin:gitlab\"]}\n"),
    Scenario(
      id: "asset-no-owner", row: "row-40", fires: "infrastructure:\n  - {id: web1}\n",
      says: "nobody owns `web1`", lookAlike: "infrastructure:\n  - {id: web1, owner: p-2}\n"),
    Scenario(
      id: "inventory-review-due", row: "row-40",
      fires: "infrastructure:\n  - {id: web1, reviewed_on: 2025-10-31}\n",
      says: "the review of the entry `web1` was last done on 2025-10-31, and was due on 2026-10-31",
      lookAlike: "infrastructure:\n  - {id: web1, reviewed_on: 2025-11-01}\n"),
    Scenario(
      id: "inventory-review-due", row: "row-40", fires: "infrastructure:\n  - {id: web1}\n",
      says: "the review of the entry `web1` was never done",
      lookAlike: "infrastructure:\n  - {id: web1}\nattestations:\n"
        + "  - {clause: row-40, performed_on: 2026-01-01}\n"),
    Scenario(
      id: "review-rubber-stamp", row: "row-41",
      fires: review(
        "reviewed_by: p-1, reviewed_at: 2026-10-02T10:00:00Z, started_at: 2026-10-02T09:58:01Z, "
          + "decisions: [{account: a, decision: keep}, {account: b, decision: keep}]"),
      says: "all 2 accounts of `gitlab` were kept, 59 seconds for each",
      lookAlike: review(
        "reviewed_by: p-1, reviewed_at: 2026-10-02T10:00:00Z, started_at: 2026-10-02T09:58:00Z, "
          + "decisions: [{account: a, decision: keep}, {account: b, decision: keep}]")),
    Scenario(
      id: "review-incomplete", row: "row-41",
      fires: review("accounts: 2, decisions: [{account: a, decision: keep}]"),
      says: "the review `gitlab/2026-09` decided on 1 of 2 accounts",
      lookAlike: review("accounts: 1, decisions: [{account: a, decision: keep}]")),
    Scenario(
      id: "review-incomplete", row: "row-41",
      fires: review("decisions: [{account: a, decision: revoke, at: 2026-10-02}]"),
      says: "`a` was to be revoked on `gitlab`, and nobody says it was",
      lookAlike: review(
        "decisions: [{account: a, decision: revoke, at: 2026-10-02, removed_at: 2026-10-03}]")),
    Scenario(
      id: "review-own-account", row: "row-41",
      fires: review("decisions: [{account: ann, decision: keep, at: 2026-10-02, by: p-1}]"),
      says: "`p-1` decided on `ann`, their own account",
      lookAlike: review("decisions: [{account: bob, decision: keep, at: 2026-10-02, by: p-1}]")),
    Scenario(
      id: "admin-role-unlisted", row: "row-37",
      fires: "people:\n  - {id: a, job_role: dev, roles: [\"admin:gitlab\"]}\n"
        + "roles:\n  - {job_role: dev, grants: {gitlab: [developer]}}\n",
      says: "`a` has the role `admin` on `gitlab`, which the job `dev` does not bring",
      lookAlike: "people:\n  - {id: a, job_role: dev, roles: [\"admin:gitlab\"]}\n"
        + "roles:\n  - {job_role: dev, grants: {gitlab: [admin]}}\n"),
    Scenario(
      id: "role-unmapped", row: "row-54",
      fires: "people:\n  - {id: a, access: [{system: gitlab, role: maintainer}]}\n"
        + "roles:\n  - {job_role: dev, grants: {gitlab: [maintainer]}}\n",
      says: "`a` has the role `maintainer` on `gitlab`, which no job brings: `job_role` is missing",
      lookAlike:
        "people:\n  - {id: a, job_role: dev, access: [{system: gitlab, role: maintainer}]}\n"
        + "roles:\n  - {job_role: dev, grants: {\"*\": [maintainer]}}\n"),
    Scenario(
      id: "audit-source-missing", row: "row-56", fires: "infrastructure:\n  - {id: web1}\n",
      says: "no log shows who uses `web1`",
      lookAlike: "infrastructure:\n  - {id: web1, audit_source: hosts}\n"),
    Scenario(
      id: "asset-unlabelled", row: "row-58", fires: "infrastructure:\n  - {id: web1}\n",
      says: "nobody says which data is on `web1`",
      lookAlike: "infrastructure:\n  - {id: web1, classification: internal}\n"),
    Scenario(
      id: "exception-expired", row: "row-60",
      fires: cast
        + "approvals:\n  - {id: e, type: exception, subject: s, from: 2026-10-01, until: 2026-10-31, approved_by: p-1, approved_at: 2026-10-01, ref: x, owner: p-2, reason: y}\n",
      says: "the exception `e` ended 2026-10-31",
      lookAlike: cast
        + "approvals:\n  - {id: e, type: exception, subject: s, from: 2026-10-01, until: 2026-11-01, approved_by: p-1, approved_at: 2026-10-01, ref: x, owner: p-2, reason: y}\n"
    ),
    Scenario(
      id: "exception-expired", row: "row-60",
      fires: cast
        + "approvals:\n  - {id: e, type: exception, subject: s, from: 2026-10-01, until: 2026-12-30, approved_by: p-1, approved_at: 2026-10-01, ref: x, owner: p-2, reason: y}\n",
      says: "the exception `e` lasts 91 days; at most 90 are allowed",
      lookAlike: cast
        + "approvals:\n  - {id: e, type: exception, subject: s, from: 2026-10-01, until: 2026-12-29, approved_by: p-1, approved_at: 2026-10-01, ref: x, owner: p-2, reason: y}\n"
    ),
    Scenario(
      id: "residency-violation", row: "row-74",
      fires: "infrastructure:\n  - {id: b, classification: confidential, country: US}\n",
      says: "`b` holds confidential data in US",
      lookAlike: "infrastructure:\n  - {id: b, classification: internal, country: US}\n",
      policy: "residency: {countries: {value: [NL, DE], reason: Agreed.}}"),
    Scenario(
      id: "limit-unsigned", row: "row-99",
      fires: "limits:\n  - {id: l, clients: [acme], availability: 99.9}\n",
      says: "nothing signed says what was promised in `l`",
      lookAlike: "limits:\n  - {id: l, clients: [acme], availability: 99.9, ref: Annex-1}\n"),
    Scenario(
      id: "joiner-no-nda", row: "row-105",
      fires: "people:\n  - {id: a, employment: {start: 2026-10-01}}\n",
      says: "nobody says that `a`, who began on 2026-10-01, was screened and signed an agreement",
      lookAlike: "people:\n  - {id: a, employment: {start: 2026-07-01}}\n"),
    Scenario(
      id: "joiner-no-nda", row: "row-105",
      fires:
        "people:\n  - {id: a, employment: {start: 2026-10-01}, screened_on: 2026-10-02, nda_on: 2026-10-01}\n",
      says: "`a` was screened on 2026-10-02, after beginning on 2026-10-01",
      lookAlike:
        "people:\n  - {id: a, employment: {start: 2026-10-01}, screened_on: 2026-10-01, nda_on: 2026-10-01}\n"
    ),
    Scenario(
      id: "joiner-no-nda", row: "row-105",
      fires: "people:\n  - {id: a, employment: {start: 2026-10-01}, screened_on: 2026-09-20}\n",
      says: "nobody says that `a`, who began on 2026-10-01, signed an agreement",
      lookAlike:
        "people:\n  - {id: a, employment: {start: 2026-10-01}, screened_on: 2026-09-20, nda_on: 2026-10-01}\n"
    ),
  ]

  static let duties: [Scenario] = [
    Scenario(
      id: "policy-review-due", row: "row-23",
      fires: "policies:\n  - {id: p, title: Access, reviewed_on: 2025-10-31}\n",
      says: "the review of `Access` was last done on 2025-10-31, and was due on 2026-10-31",
      lookAlike: "policies:\n  - {id: p, title: Access, reviewed_on: 2025-12-15}\n",
      warns: "policies:\n  - {id: p, title: Access, reviewed_on: 2025-11-05}\n"),
    Scenario(
      id: "significant-change", row: "row-100",
      fires:
        "policies:\n  - {id: p, reviewed_on: 2026-09-01}\nsubprocessors:\n  - {id: s, valid_from: 2026-09-02}\n",
      says: "the subprocessor `s` is new since policies were last reviewed on 2026-09-01",
      lookAlike:
        "policies:\n  - {id: p, reviewed_on: 2026-09-01}\nsubprocessors:\n  - {id: s, valid_from: 2026-09-01}\n"
    ),
    Scenario(
      id: "restore-test-due", row: "row-28",
      fires:
        "backups:\n  - {id: b, restore_tests: [{at: 2026-06-01, environment: production, result: passed}]}\n",
      says: "no restore of `b` counts: the last one says no place, or production",
      lookAlike:
        "backups:\n  - {id: b, restore_tests: [{at: 2026-06-01, environment: staging, result: passed}]}\n",
      warns:
        "backups:\n  - {id: b, restore_tests: [{at: 2025-11-20, environment: staging, result: passed}]}\n"
    ),
    Scenario(
      id: "restore-test-due", row: "row-28",
      fires:
        "backups:\n  - {id: b, restore_tests: [{at: 2025-10-30, environment: staging, result: passed}]}\n",
      says: "the last restore of `b` was 2025-10-30, the next due 2026-10-30",
      lookAlike:
        "backups:\n  - {id: b, restore_tests: [{at: 2026-06-01, environment: staging, result: passed}]}\n"
    ),
    Scenario(
      id: "incident-untracked", row: "row-44",
      fires: incident(
        "severity: low, detected_at: 2026-10-01, resolved_at: 2026-10-05, acknowledged_at: 2026-10-01"
      ),
      says: "the incident `i-1` was resolved without `contained_at`",
      lookAlike: incident(
        "severity: low, detected_at: 2026-10-01, resolved_at: 2026-10-05, acknowledged_at: 2026-10-01, contained_at: 2026-10-02"
      )),
    Scenario(
      id: "vendor-review-due", row: "row-45",
      fires: "subprocessors:\n  - {id: s, reviewed_on: 2025-10-31}\n",
      says: "the review of the vendor `s` was last done on 2025-10-31",
      lookAlike: "subprocessors:\n  - {id: s, reviewed_on: 2026-01-31}\n"),
    Scenario(
      id: "risk-register-stale", row: "row-45",
      fires: "risks:\n  - {id: r, reviewed_on: 2026-07-31, treatment: x}\n",
      says: "the risk `r` was last done on 2026-07-31, and was due on 2026-10-31",
      lookAlike: "risks:\n  - {id: r, reviewed_on: 2026-08-01, treatment: x}\n"),
    Scenario(
      id: "response-sla-breach", row: "row-62",
      fires: incident(
        "severity: critical, detected_at: 2026-10-01T10:00:00Z, acknowledged_at: 2026-10-01T10:15:01Z, "
          + "contained_at: 2026-10-01T11:00:00Z, resolved_at: 2026-10-02T10:00:00Z"),
      says: "the incident `i-1` was acknowledged 2026-10-01T10:15:01Z, after it was due at "
        + "2026-10-01T10:15:00Z",
      lookAlike: incident(
        "severity: critical, detected_at: 2026-10-01T10:00:00Z, acknowledged_at: 2026-10-01T10:15:00Z, "
          + "contained_at: 2026-10-01T11:00:00Z, resolved_at: 2026-10-02T10:00:00Z")),
    // Found on a Friday: the first business day after it is Monday.
    Scenario(
      id: "response-sla-breach", row: "row-62",
      fires: incident(
        "severity: medium, detected_at: 2026-10-02T10:00:00Z, acknowledged_at: 2026-10-06T00:00:01Z, "
          + "contained_at: 2026-10-06T10:00:00Z, resolved_at: 2026-10-16T10:00:00Z"),
      says: "the incident `i-1` was acknowledged 2026-10-06T00:00:01Z, after it was due at "
        + "2026-10-06T00:00:00Z",
      lookAlike: incident(
        "severity: medium, detected_at: 2026-10-02T10:00:00Z, acknowledged_at: 2026-10-06T00:00:00Z, "
          + "contained_at: 2026-10-06T10:00:00Z, resolved_at: 2026-10-16T10:00:00Z")),
    Scenario(
      id: "incident-unassigned", row: "row-63",
      fires: incident("severity: high, detected_at: 2026-11-01T10:00:00Z"),
      says: "nobody answers for the incident `i-1`",
      lookAlike: incident("severity: high, detected_at: 2026-11-01T11:30:00Z")),
    Scenario(
      id: "security-lead-missing", row: "row-63",
      fires: incident("severity: low, detected_at: 2026-10-30"),
      says: "nobody holds the role `security_lead`",
      lookAlike: "people:\n  - {id: a, roles: [security_lead]}\nincidents: []\n"),
    Scenario(
      id: "notification-late", row: "row-64",
      fires: incident(
        "severity: low, client_affected: true, detected_at: 2026-10-29T10:00:00Z, notified: {client: 2026-10-30T10:00:01Z}"
      ),
      says: "the client was told of the incident `i-1` 2026-10-30T10:00:01Z, after",
      lookAlike: incident(
        "severity: low, client_affected: true, detected_at: 2026-10-29T10:00:00Z, notified: {client: 2026-10-30T10:00:00Z}"
      )),
    Scenario(
      id: "notification-late", row: "row-64",
      fires: incident("severity: low, personal_data: true, detected_at: 2026-10-29T10:00:00Z"),
      says: "the regulator was to be told of the incident `i-1` by 2026-11-01T10:00:00Z",
      lookAlike: incident("severity: low, personal_data: true, detected_at: 2026-10-29T13:00:00Z")),
    Scenario(
      id: "rca-due", row: "row-66",
      fires: incident(
        "severity: high, detected_at: 2026-10-15T10:00:00Z, resolved_at: 2026-10-16T10:00:00Z"),
      says: "nobody looked into the cause of the incident `i-1`",
      lookAlike: incident(
        "severity: high, detected_at: 2026-10-15T10:00:00Z, resolved_at: 2026-10-19T10:00:00Z"),
      at: "2026-10-31T12:00:00Z"),
    Scenario(
      id: "backup-missed", row: "row-68",
      fires: "backups:\n  - {id: b, interval: 24h, last_success: 2026-10-30T23:59:59Z}\n",
      says: "`b` last succeeded 2026-10-30T23:59:59Z",
      lookAlike: "backups:\n  - {id: b, interval: 24h, last_success: 2026-10-31T00:00:00Z}\n"),
    Scenario(
      id: "backup-none", row: "row-68",
      fires: "infrastructure:\n  - {id: db, rto: 4h}\nbackups:\n  - {id: b, systems: [web]}\n",
      says: "no backup saves `db`, which must be recovered",
      lookAlike: "infrastructure:\n  - {id: db, rto: 4h}\nbackups:\n  - {id: b, systems: [db]}\n"),
    Scenario(
      id: "backup-target-missing", row: "row-69", fires: "backups:\n  - {id: b}\n",
      says: "nobody says where `b` is written to",
      lookAlike: "backups:\n  - {id: b, targets: [nas]}\n"),
    Scenario(
      id: "restore-too-slow", row: "row-71",
      fires: "infrastructure:\n  - {id: db, rto: 1h}\nbackups:\n"
        + "  - {id: b, systems: [db], restore_tests: [{at: 2026-06-01, duration: 61m}]}\n",
      says: "the restore of `b` took 61 minutes, and `db` may be gone for 60",
      lookAlike: "infrastructure:\n  - {id: db, rto: 1h}\nbackups:\n"
        + "  - {id: b, systems: [db], restore_tests: [{at: 2026-06-01, duration: 60m}]}\n"),
    Scenario(
      id: "dsr-overdue", row: "row-72",
      fires: "requests:\n  - {id: d, kind: access, received_at: 2026-10-01}\n",
      says: "the request `d` of 2026-10-01 has no answer",
      lookAlike: "requests:\n  - {id: d, kind: access, received_at: 2026-10-02}\n"),
    Scenario(
      id: "dsr-overdue", row: "row-72",
      fires:
        "requests:\n  - {id: d, kind: access, received_at: 2026-09-01, verified_at: 2026-09-02, answered_at: 2026-10-03}\n",
      says: "the request `d` of 2026-09-01 was answered 2026-10-03, too late",
      lookAlike:
        "requests:\n  - {id: d, kind: access, received_at: 2026-09-01, verified_at: 2026-09-02, answered_at: 2026-10-01}\n"
    ),
    Scenario(
      id: "pia-missing", row: "row-73", fires: tool("personal_data: true"),
      says: "`t-1` handles personal data, and nobody assessed that",
      lookAlike: tool("personal_data: true, privacy_assessment: PIA-1")),
    Scenario(
      id: "vuln-overdue", row: "row-31",
      fires: incident("kind: vulnerability, severity: high, detected_at: 2026-10-02T11:00:00Z"),
      says: "the weakness `i-1` was to be mended by 2026-11-01T11:00:00Z",
      lookAlike: incident(
        "kind: vulnerability, severity: high, detected_at: 2026-10-02T13:00:00Z")),
    Scenario(
      id: "vuln-overdue", row: "row-31",
      fires: incident(
        "kind: vulnerability, severity: critical, detected_at: 2026-10-02T11:00:00Z, "
          + "resolved_at: 2026-10-09T11:00:01Z"),
      says: "the weakness `i-1` was mended 2026-10-09T11:00:01Z, after it was due at "
        + "2026-10-09T11:00:00Z",
      lookAlike: incident(
        "kind: vulnerability, severity: critical, detected_at: 2026-10-02T11:00:00Z, "
          + "resolved_at: 2026-10-09T11:00:00Z")),
    Scenario(
      id: "vuln-client-notice", row: "row-77",
      fires: incident(
        "kind: vulnerability, severity: critical, client_affected: true, detected_at: 2026-10-29T11:00:00Z"
      ),
      says: "the client was to be told of the incident `i-1` by 2026-11-01T11:00:00Z",
      lookAlike: incident(
        "kind: vulnerability, severity: critical, client_affected: true, detected_at: 2026-10-29T13:00:00Z"
      )),
    Scenario(
      id: "recovery-unproven", row: "row-78",
      fires: "infrastructure:\n  - {id: db, rto: 1h, runbook: W-1}\ndrills:\n"
        + "  - {id: d, kind: recovery, systems: [web], performed_on: 2026-09-01, result: passed}\n",
      says: "a recovery of `db` was never done",
      lookAlike: "infrastructure:\n  - {id: db, rto: 1h, runbook: W-1}\ndrills:\n"
        + "  - {id: d, kind: recovery, systems: [db], performed_on: 2026-09-01, result: passed}\n"),
    Scenario(
      id: "drill-due", row: "row-80",
      fires: "drills:\n  - {id: d, kind: recovery, performed_on: 2026-09-01}\n",
      says: "there was never a tabletop exercise",
      lookAlike: "drills:\n  - {id: d, kind: recovery, performed_on: 2026-09-01}\n"
        + "  - {id: e, kind: tabletop, performed_on: 2026-05-03}\n"),
    Scenario(
      id: "secret-unstored", row: "row-85", fires: "secrets:\n  - {id: s}\n",
      says: "nobody says where `s` is kept", lookAlike: "secrets:\n  - {id: s, store: vault}\n"),
    Scenario(
      id: "rotation-overdue", row: "row-86",
      fires: "secrets:\n  - {id: s, class: sensitive_key, last_rotated: 2026-09-30}\n",
      says: "`s` was last changed 2026-09-30, and was due on 2026-10-31",
      lookAlike: "secrets:\n  - {id: s, class: service_token, last_rotated: 2026-09-30}\n",
      warns: "secrets:\n  - {id: s, class: sensitive_key, last_rotated: 2026-10-04}\n"),
    Scenario(
      id: "secret-expired", row: "row-87", fires: "secrets:\n  - {id: s, expires_on: 2026-10-31}\n",
      says: "`s` expired 2026-10-31, and its row still holds",
      lookAlike: "secrets:\n  - {id: s, expires_on: 2026-11-01}\n"),
    Scenario(
      id: "dsa-missing", row: "row-135", fires: tool("personal_data: true"),
      says: "there is no agreement about the personal data in `t-1`",
      lookAlike: tool("personal_data: true")
        + "subprocessors:\n  - {id: s, tool: t-1, agreement: D}\n"),
    Scenario(
      id: "attestation-due", row: "row-106",
      fires: "attestations:\n  - {clause: row-106, owner: p, link: x, performed_on: 2025-10-31}\n",
      says: "what row-106 asks for was done on 2025-10-31, and was due on 2026-10-31",
      lookAlike:
        "attestations:\n  - {clause: row-106, owner: p, link: x, performed_on: 2025-11-01}\n"),
    Scenario(
      id: "attestation-due", row: "row-101",
      fires: "attestations:\n  - {clause: row-101, owner: p, performed_on: 2026-01-01}\n",
      says: "nothing shows that row-101 was done",
      lookAlike:
        "attestations:\n  - {clause: row-101, owner: p, link: x, performed_on: 2026-01-01}\n"),
    Scenario(
      id: "attestation-due", row: "row-107",
      fires:
        "attestations:\n  - {clause: row-107, owner: p, link: x, performed_on: 2026-01-01, next_due: 2026-10-31}\n",
      says: "what row-107 asks for was done on 2026-01-01, and was due on 2026-10-31",
      lookAlike:
        "attestations:\n  - {clause: row-107, owner: p, link: x, performed_on: 2026-01-01, next_due: 2026-12-31}\n",
      warns:
        "attestations:\n  - {clause: row-107, owner: p, link: x, performed_on: 2026-01-01, next_due: 2026-11-30}\n"
    ),
    Scenario(
      id: "attestation-missing", row: "row-46", fires: "attestations: []\n",
      says: "nobody vouches for row-103",
      lookAlike:
        "attestations:\n  - {clause: row-103, owner: p, link: x, performed_on: 2026-01-01}\n",
      policy: "attestation: {clauses: {value: [row-103], reason: All that was promised.}}"),
  ]
}
