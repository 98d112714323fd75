import Documents
import Registers
import Testing

/// Every key of every register, read from YAML.
let everyRegister = """
  people:
    - {id: p-1, name: Dana, kind: employee, employment: {start: 2024-02-01, end: 2027-01-31, type: staff},
       roles: ["admin:gitlab"], accounts: {"*": [dana]}, emails: [dana@example.org],
       keys: ["SHA256:abc"], manager: p-1, job_role: developer, clearance: confidential,
       screened_on: 2024-01-10, nda_on: 2024-01-12,
       access: [{system: gitlab, account: dana, role: admin, at: 2024-02-01T09:00:00Z, ticket: WP-1}],
       offboarding: {ended_at: 2026-12-31, notice_at: 2026-12-01, completed_at: 2027-01-31,
         ref: WP-2, checklist: {gitlab: 2027-01-31T17:00:00Z}, data_confirmation: WP-3}}
  contractors:
    - {id: c-1, engagement: {start: 2026-09-01, end: 2026-09-30}, keys: ["SHA256:def"],
       scope: {systems: [gitlab], data_tiers: [public, internal]}, nda_on: 2026-08-30,
       granted: [{system: gitlab, account: kim}]}
  infrastructure:
    - {id: web1, allowed_ports: [443, 8000-8100, udp/53], classification: restricted,
       region: eu-central-1, country: DE, mfa_required: true, sso_required: true,
       audit_source: hosts, rto: 4h, runbook: WIKI-1, criticality: high, tags: [shop],
       deploys_by: [p-1], slo: {availability: 99.9, error_rate: 0.5, latency_ms: 400},
       reviewed_on: 2026-01-05}
  tools:
    - {id: gitlab, status: approved, vendor: GitLab BV, oauth_clients: [gl], apps: [git],
       images: ["registry.example.org/*"], event_sources: [s3.amazonaws.com], user_agents: ["git/*"],
       personal_data: true, privacy_assessment: PIA-1, agreement: DSA-1, internet_facing: true,
       questionnaire: {ref: Q-1, completed_on: 2024-01-08},
       approval: {by: p-1, at: 2024-01-09, channel: email, ref: "<m@example.org>", evidence: m.eml}}
  approvals:
    - {id: a-1, type: exception, subject: web1, until: 2026-10-01, approved_by: p-1, reason: Migration,
       owner: p-1, control: port-unlisted, conditions: Firewall stays, evidence: a-1.eml}
  subprocessors:
    - {id: sp-1, purpose: Mail, countries: [DE], data: [personal], agreement: DPA-1,
       privacy_assessment: PIA-2, listed_url: "https://example.org/sub", reviewed_on: 2026-02-01,
       tool: gitlab, owner: p-1}
  secrets:
    - {id: s-1, class: sensitive_key, store: vault, names: [prod/db], keys: [AKIA1], owner: p-1,
       last_rotated: 2026-10-01, max_age: 31d, expires_on: 2026-12-01, revoked_at: 2026-11-01T00:00:00Z,
       environment: production, system: web1, data_tier: confidential, readers: [p-1]}
  backups:
    - {id: b-1, systems: [web1], jobs: [nightly], interval: 24h, targets: ["s3://b"], retention: 30d,
       last_success: 2026-10-30T02:00:00Z, owner: p-1,
       restore_tests: [{at: 2026-06-01T10:00:00Z, environment: staging, result: passed, duration: 90m, ref: WP-9}]}
  limits:
    - {id: l-1, clients: [acme, 192.0.2.0/24], requests: 600, per: 1m, storage_bytes: 5000000000000,
       webhooks_per_hour: 100, endpoints: [hooks.acme.example], availability: 99.5, latency_ms: 300, error_rate: 1}
    - {id: l-0, requests: 60, per: 1m}
  roles:
    - {job_role: developer, grants: {gitlab: [developer, maintainer]}}
  flows:
    - {from: staging, to: production, why: Deployment}
  policies:
    - {id: pol-1, title: Access, url: "https://example.org/p", version: "3", reviewed_on: 2026-01-01, owner: p-1}
  reviews:
    - {system: gitlab, month: 2026-09, started_at: 2026-10-02T09:00:00Z, reviewed_by: p-1,
       reviewed_at: 2026-10-02T10:00:00Z, ref: WP-10, accounts: 12,
       decisions: [{account: kim, decision: revoke, at: 2026-10-02T09:30:00Z, by: p-1, ticket: WP-11,
         removed_at: 2026-10-03}]}
  attestations:
    - {clause: row-101, statement: We have one, owner: p-1, performed_on: 2026-01-01,
       next_due: 2027-01-01, link: "https://example.org/sdl", signed_by: p-1}
  incidents:
    - {id: i-1, title: Phish, kind: phishing, severity: high, detected_at: 2026-10-01T10:00:00Z,
       acknowledged_at: 2026-10-01T10:30:00Z, contained_at: 2026-10-01T12:00:00Z,
       resolved_at: 2026-10-02T10:00:00Z, client_affected: true, personal_data: true,
       notified: {internal: 2026-10-01T11:00:00Z, client: 2026-10-01T20:00:00Z, regulator: 2026-10-03},
       owner: p-1, rca: RCA-1, findings: [f-1]}
  risks:
    - {id: r-1, title: Fire, owner: p-1, reviewed_on: 2026-09-01, treatment: Insurance}
  requests:
    - {id: d-1, kind: erasure, received_at: 2026-09-01, verified_at: 2026-09-02, answered_at: 2026-09-20}
  drills:
    - {id: dr-1, kind: recovery, systems: [web1], performed_on: 2026-06-01, result: passed, ref: WP-12}
  dispositions:
    - {finding: 0a1b2c3d, disposition: false-positive, by: p-1, at: 2026-10-02T08:00:00Z, why: A test, ref: WP-13}
  tasks:
    - {id: WP-398, name: Index, assignee: p-1, from: 2026-10-01, until: 2026-10-03T12:00:00Z, systems: [web1],
       created_at: 2026-09-30T15:00:00Z, created_by: p-1}

  """

@Suite struct RowTests {
  @Test func `every register of the table is read, and says that it is there`() throws {
    let registers = try registers(everyRegister)
    #expect(registers.present == Set(RegisterKind.allCases))
    let person = try #require(registers.people.first)
    #expect(person.access.first?.role == "admin" && person.jobRole == "developer")
    #expect(person.clearance == .confidential && person.agreementOn?.description == "2024-01-12")
    #expect(person.offboarding?.checklist.first?.at.start == (try time("2027-01-31T17:00:00Z")))
    #expect(registers.contractors.first?.scope?.dataTiers == [.public, .internal])
    let system = try #require(registers.infrastructure.first)
    #expect(system.allowedPorts?.map { $0.contains(8050) } == [false, true, false])
    #expect(system.serviceLevel?.availability == 99.9 && system.recoverySeconds == 14_400)
    #expect(registers.tools.first?.handlesPersonalData == true)
    #expect(registers.approvals.first?.control == "port-unlisted")
    #expect(registers.subprocessors.first?.agreement == "DPA-1")
    #expect(registers.secrets.first?.maxAgeSeconds == 31 * 86_400)
    #expect(registers.backups.first?.restoreTests.first?.durationSeconds == 5400)
    #expect(registers.limits.map(\.clients) == [["acme", "192.0.2.0/24"], nil])
    #expect(registers.limits.first?.storageBytes == 5_000_000_000_000)
    #expect(registers.roles.first?.grants.map(\.role) == ["developer", "maintainer"])
    #expect(registers.flows.first?.id == "staging>production")
    #expect(registers.policies.first?.reviewedOn?.description == "2026-01-01")
    let review = try #require(registers.reviews.first)
    #expect(review.id == "gitlab/2026-09" && review.month.next.description == "2026-10")
    #expect(review.decisions.first?.verdict == .revoke)
    #expect(registers.attestations.first?.clause == "row-101")
    #expect(registers.incidents.first?.notifiedRegulator?.text == "2026-10-03")
    #expect(registers.risks.first?.treatment == "Insurance")
    #expect(registers.requests.first?.kind == .erasure)
    #expect(registers.drills.first?.result == .passed)
    #expect(registers.dispositions.first?.outcome == .falsePositive)
    #expect(registers.dispositions.first?.id == "0a1b2c3d/2026-10-02T08:00:00Z")
    #expect(registers.tasks.first?.until.end == (try time("2026-10-03T12:00:00.000000001Z")))
  }

  @Test func `a date is the whole of its day in the organisation's zone`() throws {
    let registers = try registers(
      "secrets:\n  - {id: s, last_rotated: 2026-10-01}\n", zone: SummerZone())
    let rotated = try #require(registers.secrets.first?.lastRotated)
    #expect(rotated.start == (try time("2026-09-30T22:00:00Z")))
    #expect(rotated.end == (try time("2026-10-01T22:00:00Z")))
  }

  @Test(arguments: [
    ("secrets: [{id: s, max_age: 31}]", "1:28: error: `max_age` is `31`, which is no duration"),
    ("secrets: [{id: s, class: token}]", "1:26: error: `class` is `token`"),
    (
      "secrets: [{id: s, last_rotation: 1}]",
      "1:19: error: unknown key `last_rotation`; did you mean `last_rotated`?"
    ),
    (
      "backups: [{id: b, restore_tests: [{result: passed}]}]",
      "1:35: error: a restore test without `at`"
    ),
    ("backups: [{id: b, restore_tests: [{when: 1}]}]", "1:36: error: unknown key `when`"),
    ("limits: [{id: l, requests: 5}]", "1:10: error: `requests` and `per` stand together"),
    (
      "limits: [{id: l, availability: 101}]",
      "1:32: error: `availability` is more than 100 per cent"
    ),
    (
      "reviews: [{system: a, month: 2026-13}]",
      "1:30: error: `month` is `2026-13`, which is no month"
    ),
    ("flows: [{from: a}]", "1:9: error: a flow without `to`"),
    ("incidents: [{id: i, severity: high}]", "1:13: error: an incident without `detected_at`"),
    ("infrastructure: [{id: w, allowed_ports: [70000]}]", "1:42: error: `70000` is no port"),
    (
      "people: [{id: p, offboarding: {checklist: {gitlab: soon}}}]",
      "1:52: error: `checklist` has no time for `gitlab`"
    ),
    ("requests: [{kind: access, received_at: 2026-01-01}]", "1:12: error: a request without `id`"),
    (
      "tasks: [{id: t, assignee: kim, from: 2026-10-01, until: 2026-10-02}]",
      "1:9: error: a task without `created_at`"
    ),
    (
      "tasks: [{id: t, assignee: kim, from: 2026-10-02, until: 2026-10-01, created_at: 2026-09-01}]",
      "1:57: error: `until` 2026-10-01 is before `from` 2026-10-02; swap them"
    ),
    ("rolls: []", "1:1: error: unknown key `rolls`; did you mean `roles`?"),
  ])
  func `a row that does not fit says where and how to fix it`(
    _ text: String, _ message: String
  ) throws {
    let problems = try #require(throws: Problems.self) { try registers(text) }
    #expect(problems.all.count >= 1)
    #expect(
      problems.all.contains { $0.description.hasPrefix("registers.yaml:" + message) }, "\(problems)"
    )
  }

  @Test func `CSV holds what YAML does, lists of mappings in numbered columns`() throws {
    let registers = try Registers([
      (
        "secrets.csv", "id,class,names,last_rotated,max_age\ns-1,service_token,a b,2026-10-01,92d\n"
      ),
      (
        "backups.csv",
        "id,interval,restore_tests.1.at,restore_tests.1.result,restore_tests.2.at\n"
          + "b-1,24h,2026-01-01,passed,\nb-2,24h,2026-01-01,failed,2026-02-01\n"
      ),
      ("roles.csv", "job_role,grants\ndeveloper,gitlab:developer web1:user\n"),
      (
        "people.csv",
        "id,offboarding.checklist,offboarding.ref\np-1,gitlab:2026-10-01T10:00:00Z,WP-1\n"
      ),
    ])
    #expect(registers.secrets.first?.names == ["a", "b"])
    #expect(registers.backups.map(\.restoreTests.count) == [1, 2])
    #expect(registers.roles.first?.grants.count == 2)
    #expect(
      registers.people.first?.offboarding?.checklist.first?.at.start
        == (try time("2026-10-01T10:00:00Z")))
  }

  @Test func `each register's keys are named once and say what they are`() {
    func walk(_ keys: RegisterKeys) {
      #expect(Set(keys.names).count == keys.all.count)
      for key in keys.all {
        #expect(key.summary.hasSuffix(".") || key.summary.hasSuffix("`."), "\(key.name)")
        switch key.sort {
        case .mapping(let inner), .rows(let inner), .textOrMapping(let inner): walk(inner)
        case .word(let words): #expect(!words.isEmpty)
        default: break
        }
      }
    }
    for kind in RegisterKind.allCases { walk(kind.keys) }
  }
}
