import Bytes
import Documents
import Events
import Registers
import Testing

/// What follows ``example`` in the file: rows that events refer to by keys of their own.
let keyedExample = """
  secrets:
    - {id: deploy, class: service_token, names: [prod/deploy], keys: [AKIA1], system: db1, last_rotated: 2026-09-01}
    - {id: old, class: sensitive_key, keys: [AKIA2, "SHA256:old"], environment: staging, revoked_at: "2026-10-05T10:00:00Z"}
    - {id: brief, class: other, keys: [AKIA3], expires_on: 2026-10-04}
  backups:
    - {id: nightly, systems: [db1], jobs: ["pgdump-*", vm/100], interval: 1d}
  limits:
    - {id: partner, clients: [acme, 203.0.113.0/24], requests: 100, per: 1m}
    - {id: hooks, endpoints: [hooks.example], webhooks_per_hour: 5}
    - {id: everybody, requests: 10, per: 1m}
  roles:
    - {job_role: engineer, grants: {gitlab: [developer, "read*"], "*": [viewer]}, valid_to: 2026-10-31}
  flows:
    - {from: corporate, to: staging, why: "development", valid_from: 2026-10-02}
  subprocessors:
    - {id: sp-1, name: Grafana Labs, tool: grafana, purpose: charts}

  """

/// Joins by keys of an event: people who are acted on, secrets, backups, limits, roles, flows, ports, tools by name.
@Suite struct KeyedJoinTests {
  private static let text = """
    people:
      - {id: p-1, name: Dana Reyes, kind: employee, employment: {start: 2024-02-01}, job_role: engineer,
         roles: ["approver:contractor", "admin:web*", "deployer:staging"], keys: ["SHA256:danas"],
         accounts: {"*": [dana], gitlab: [dana.reyes]}}
      - {id: p-2, name: Lee Moss, kind: employee, employment: {start: 2024-02-01, end: 2026-10-04},
         roles: ["admin:*", "approver:contractor"], accounts: {"*": [lee]}}
    contractors:
      - {id: c-7, name: Kim Osei, accounts: {"*": [kim]}, engagement: {start: 2026-09-01, end: 2026-10-05},
         renewals: [{until: 2026-11-10, approved_by: p-1, approved_at: "2026-10-04T12:00:00Z", channel: matrix, ref: m}],
         keys: ["SHA256:kims"], scope: {systems: [web1]}}
    infrastructure:
      - {id: web1, kind: host, names: [web1], addresses: [10.0.0.4], environment: staging, internet_facing: true,
         allowed_ports: ["443", "8000-8100"], classification: confidential, sso_required: true, deploys_by: [p-2]}
      - {id: db1, kind: database, names: [db1], environment: production}
      - {id: office, kind: network, addresses: [192.0.2.0/24], environment: corporate}
    tools:
      - {id: grafana, name: Grafana, domains: [charts.example.org], status: approved, internet_facing: true,
         oauth_clients: [grafana-oidc], user_agents: [Grafana], event_sources: ["*.amazonaws.com"],
         approval: {by: p-1, at: "2026-01-02T00:00:00Z", channel: matrix, ref: m}}
      - {id: images, name: Our registry, images: [registry.example.org/shop, "quay.io/prom/*"], status: approved,
         approval: {by: p-1, at: "2026-01-02T00:00:00Z", channel: matrix, ref: m}}
      - {id: trial, name: Trial, apps: [spreed], status: proposed}
      - {id: attic, name: Attic, apps: [attic], status: retired}
    approvals:
      - {id: a-1, type: scope, subject: c-7, systems: [db1], from: 2026-10-05, until: 2026-10-06,
         approved_by: p-1, approved_at: "2026-10-05T12:00:00Z", ref: WP-1}
      - {id: a-2, type: prod_db, subject: c-7, systems: [db1], from: 2026-10-05, until: 2026-10-06,
         approved_by: p-1, approved_at: "2026-10-05T09:00:00Z", ref: WP-2}
      - {id: a-3, type: exception, subject: p-1, control: row-38, from: 2026-10-01, until: 2026-10-31,
         approved_by: p-2, approved_at: 2026-09-30, ref: WP-3}
      - {id: a-4, type: exception, subject: web1, control: row-35, from: 2026-10-01, until: 2026-10-31,
         approved_by: p-1, approved_at: 2026-09-30, ref: WP-4}
      - {id: a-5, type: tool, subject: trial, from: 2026-10-05, until: 2026-10-06, approved_by: p-1,
         approved_at: "2026-10-05T12:00:00Z", ref: WP-5}

    """

  private func event(
    system: StaticString? = nil, _ fields: [(Field, StaticString)]
  ) throws -> Joined {
    try event("2026-10-05T10:00:00Z", system: system, fields)
  }

  private func event(
    _ at: String, system: StaticString? = nil, _ fields: [(Field, StaticString)]
  ) throws -> Joined {
    try joined(registers(KeyedJoinTests.text + keyedExample), at: at, system: system, fields)
  }

  @Test func `whoever is acted on is a person, too`() throws {
    let known = try event([(.userName, "dana"), (.userTargetName, "KIM")])
    #expect(known.string(.targetPersonID) == "c-7")
    #expect(known.string(.targetPersonKind) == "contractor")
    #expect(known.string(.targetPersonStatus) == "active")
    #expect(known.string(.personID) == "p-1")
    let stranger = try event([(.userTargetName, "zoe")])
    #expect(stranger.string(.targetPersonKind) == "unlisted")
    #expect(!stranger.has(.targetPersonID) && !stranger.has(.targetPersonStatus))
    #expect(try !event([(.userName, "dana")]).has(.targetPersonKind))
    let scoped = try event(system: "gitlab", [(.userTargetName, "dana.reyes")])
    #expect(scoped.string(.targetPersonID) == "p-1")
    #expect(try event([(.userTargetName, "dana.reyes")]).string(.targetPersonKind) == "unlisted")
  }

  @Test(
    arguments: [
      // Linux shuts an account at the beginning of its day, so the day after the last one is right.
      ("2026-10-04T11:59:59Z", "2026-10-06", "within"),
      ("2026-10-04T11:59:59Z", "2026-10-07", "late"),
      // The renewal counts from the moment it was given.
      ("2026-10-04T12:00:00Z", "2026-11-11", "within"),
      ("2026-10-04T12:00:00Z", "2026-11-12", "late"),
      ("2026-10-04T12:00:00Z", "never", "none"), ("2026-10-04T12:00:00Z", "", "none"),
      ("2026-10-04T12:00:00Z", "soon", nil), ("2026-10-04T12:00:00Z", "2026-13-01", nil),
    ] as [(String, StaticStringArgument, String?)])
  func `an account's expiry is held against what was agreed by then`(
    _ at: String, _ to: StaticStringArgument, _ status: String?
  ) throws {
    let kim = try event(at, [(.userTargetName, "kim"), (.expiryTo, to.text)])
    #expect(kim.string(.accountExpiryStatus) == status)
    let dana = try event(at, [(.userTargetName, "dana"), (.expiryTo, to.text)])
    #expect(dana.string(.accountExpiryStatus) == "within")
  }

  @Test(
    arguments: [
      ("192.0.2.9", "corporate", "web1", "allowed"), ("192.0.2.9", "corporate", "db1", "forbidden"),
      ("10.0.0.4", "staging", "web1", "same"), ("10.0.0.4", "staging", "db1", "forbidden"),
      ("203.0.113.9", nil, "web1", nil),
    ] as [(StaticStringArgument, String?, StaticStringArgument, String?)])
  func `the way between two environments is the same, allowed or forbidden`(
    _ from: StaticStringArgument, _ environment: String?, _ to: StaticStringArgument,
    _ status: String?
  ) throws {
    let found = try event([(.sourceIP, from.text), (.hostName, to.text)])
    #expect(found.string(.sourceEnvironment) == environment)
    #expect(found.string(.flowStatus) == status)
  }

  @Test func `a way is open from the day its row says, and only there`() throws {
    let before = try event(
      "2026-10-01T23:59:59Z", [(.sourceIP, "192.0.2.9"), (.hostName, "web1")])
    #expect(before.string(.flowStatus) == "forbidden")
    let declared = try joined(
      registers(KeyedJoinTests.text + keyedExample), at: "2026-10-05T10:00:00Z",
      environment: "somewhere", [(.sourceIP, "192.0.2.9")])
    #expect(declared.string(.flowStatus) == "forbidden")
    let none = try joined(
      registers(KeyedJoinTests.text), at: "2026-10-05T10:00:00Z",
      [(.sourceIP, "192.0.2.9"), (.hostName, "db1")])
    #expect(!none.has(.flowStatus))
  }

  @Test(
    arguments: [
      ("dana", "web1", "listed", "listed"), ("dana", "db1", "unlisted", "unlisted"),
      // Deploys by name on the row, and has left by the fifth.
      ("lee", "web1", "unlisted", "unlisted"), ("kim", "web1", "unlisted", "unlisted"),
      ("zoe", "web1", "unlisted", "unlisted"),
    ] as [(StaticStringArgument, StaticStringArgument, String, String)])
  func `administrators and deployers are those whose roles say so while they work here`(
    _ user: StaticStringArgument, _ host: StaticStringArgument, _ admin: String, _ deployer: String
  ) throws {
    let found = try event([(.userName, user.text), (.hostName, host.text)])
    #expect(found.string(.accessAdmin) == admin)
    #expect(found.string(.accessDeployer) == deployer)
  }

  @Test func `a row may name who deploys, and nobody is asked of a line without a user`() throws {
    let lee = try event("2026-10-04T10:00:00Z", [(.userName, "lee"), (.hostName, "web1")])
    #expect(lee.string(.accessAdmin) == "listed")
    #expect(lee.string(.accessDeployer) == "listed")
    let nobody = try event([(.hostName, "web1")])
    #expect(!nobody.has(.accessAdmin) && !nobody.has(.accessDeployer))
  }

  @Test(
    arguments: [
      ("gitlab", "Developer", "dana", "listed"), ("gitlab", "reader", "dana", "listed"),
      ("gitlab", "owner", "dana", "unlisted"), ("db1", "viewer", "dana", "listed"),
      ("gitlab", "developer", "kim", "unlisted"), ("gitlab", "viewer", "zoe", "unlisted"),
    ] as [(StaticStringArgument, StaticStringArgument, StaticStringArgument, String)])
  func `the role matrix says which roles a job brings`(
    _ system: StaticStringArgument, _ role: StaticStringArgument, _ target: StaticStringArgument,
    _ status: String
  ) throws {
    let found = try event(
      system: system.text, [(.roleName, role.text), (.userTargetName, target.text)])
    #expect(found.string(.roleStatus) == status)
  }

  @Test func `a role matrix holds as long as its row does`() throws {
    let late = try event(
      "2026-11-01T00:00:00Z", system: "gitlab",
      [(.roleName, "developer"), (.userTargetName, "dana")])
    #expect(late.string(.roleStatus) == "unlisted")
    #expect(try !event([(.roleName, "developer")]).has(.roleStatus))
  }

  @Test(
    arguments: [
      (.credentialID, "AKIA1", "2026-10-05T10:00:00Z", "deploy", "service_token", "active"),
      (.credentialID, "AKIA2", "2026-10-05T09:59:59Z", "old", "sensitive_key", "active"),
      (.credentialID, "AKIA2", "2026-10-05T10:00:00Z", "old", "sensitive_key", "revoked"),
      (.keyFingerprint, "SHA256:old", "2026-10-06T10:00:00Z", "old", "sensitive_key", "revoked"),
      (.credentialID, "AKIA3", "2026-10-04T23:59:59Z", "brief", "other", "active"),
      (.credentialID, "AKIA3", "2026-10-05T00:00:00Z", "brief", "other", "expired"),
      (.credentialID, "AKIA9", "2026-10-05T00:00:00Z", nil, nil, "unlisted"),
      (.secretName, "prod/deploy", "2026-10-05T00:00:00Z", "deploy", "service_token", "active"),
      (
        .secretName, "arn:aws:secretsmanager:eu-west-1:1234:secret:prod/deploy-a1B2c3",
        "2026-10-05T00:00:00Z", "deploy", "service_token", "active"
      ),
      (.secretName, "arn:aws:x:secret:-a1B2c3", "2026-10-05T00:00:00Z", nil, nil, "unlisted"),
      (.keyFingerprint, "SHA256:danas", "2026-10-05T00:00:00Z", nil, nil, "active"),
      // Kim's key is nobody else's.
      (.keyFingerprint, "SHA256:kims", "2026-10-05T00:00:00Z", nil, nil, "unlisted"),
    ]
      as [(Field, StaticStringArgument, String, String?, String?, String)])
  func `a secret is known by its name, a key's id or a fingerprint`(
    _ field: Field, _ key: StaticStringArgument, _ at: String, _ id: String?, _ kind: String?,
    _ status: String
  ) throws {
    let found = try event(at, [(.userName, "dana"), (field, key.text)])
    #expect(found.string(.secretID) == id)
    #expect(found.string(.secretClass) == kind)
    #expect(found.string(.secretStatus) == status)
  }

  @Test func `of a key and the secret that is read with it, a key that should be gone comes first`()
    throws
  {
    let fields: [(Field, StaticString)] = [(.credentialID, "AKIA2"), (.secretName, "prod/deploy")]
    #expect(try event("2026-10-05T09:00:00Z", fields).string(.secretID) == "deploy")
    let late = try event("2026-10-05T11:00:00Z", fields)
    #expect(late.string(.secretID) == "old")
    #expect(late.string(.secretStatus) == "revoked")
    let unknown = try event([(.credentialID, "AKIA9"), (.secretName, "prod/deploy")])
    #expect(unknown.string(.secretID) == "deploy")
  }

  @Test func `a secret opens an environment, its own or its system's`() throws {
    let own = try event([(.credentialID, "AKIA2")])
    #expect(own.string(.secretEnvironment) == "staging" && !own.has(.secretSystemKind))
    let system = try event([(.credentialID, "AKIA1")])
    #expect(system.string(.secretEnvironment) == "production")
    #expect(system.string(.secretSystemKind) == "database")
    let none = try joined(
      registers("people: []\n"), at: "2026-10-05T10:00:00Z", [(.credentialID, "AKIA1")])
    #expect(!none.has(.secretStatus))
  }

  @Test func `a secret's row may name who reads it, and says nothing of others where it does not`()
    throws
  {
    let text = """
      people:
        - {id: p-1, name: Dana, kind: employee, employment: {start: 2026-01-01}, accounts: {"*": [dana]}}
        - {id: p-2, name: Lee, kind: employee, employment: {start: 2026-01-01}, accounts: {"*": [lee]}}
      secrets:
        - {id: s-1, class: other, names: [db], readers: [p-1]}
        - {id: s-2, class: other, names: [mail]}

      """
    func reader(_ user: StaticString, _ secret: StaticString) throws -> String? {
      try joined(
        registers(text), at: "2026-10-05T10:00:00Z", [(.userName, user), (.secretName, secret)]
      ).string(.secretReader)
    }
    #expect(try reader("dana", "db") == "listed")
    #expect(try reader("lee", "db") == "unlisted" && reader("zoe", "db") == "unlisted")
    #expect(try reader("lee", "mail") == nil && reader("lee", "other") == nil)
    #expect(try registers(text).canFill(.secretReader))
    #expect(try !registers(KeyedJoinTests.text).canFill(.secretReader))
  }

  @Test func `backups are found by jobs, limits by client, network, endpoint or for all`() throws {
    #expect(try event([(.backupJob, "pgdump-shop")]).string(.backupID) == "nightly")
    #expect(try event([(.backupJob, "VM/100")]).string(.backupID) == "nightly")
    #expect(try !event([(.backupJob, "other")]).has(.backupID))
    #expect(try event([(.clientID, "acme")]).string(.limitID) == "partner")
    #expect(try event([(.sourceIP, "203.0.113.9")]).string(.limitID) == "partner")
    #expect(try event([(.sourceIP, "198.51.100.9")]).string(.limitID) == "everybody")
    #expect(try event([(.webhookEndpoint, "hooks.example")]).string(.limitID) == "hooks")
    #expect(try !event([]).has(.limitID))
  }

  @Test(
    arguments: [("443", "listed"), ("8100", "listed"), ("8101", "unlisted"), ("22", "unlisted")]
      as [(StaticStringArgument, String)])
  func `a port is one of the row's, or not`(_ port: StaticStringArgument, _ status: String) throws {
    let found = try event([(.hostName, "web1"), (.destinationPort, port.text)])
    #expect(found.string(.portStatus) == status)
    #expect(try !event([(.hostName, "db1"), (.destinationPort, port.text)]).has(.portStatus))
  }

  @Test func `a row says how confidential a system is, and how it is reached`() throws {
    let web = try event([(.hostName, "web1")])
    #expect(web.string(.systemClassification) == "confidential")
    #expect(web.string(.systemSSO) == "true")
    #expect(web.string(.systemInternetFacing) == "true")
    let database = try event([(.hostName, "db1")])
    #expect(!database.has(.systemClassification))
    #expect(database.string(.systemInternetFacing) == "false")
    // A tool is reached from the internet when its row and a subprocessor's say so.
    #expect(try event([(.urlDomain, "charts.example.org")]).string(.systemInternetFacing) == "true")
  }

  @Test(
    arguments: [
      (.toolName, "grafana-oidc", "grafana", "approved"),
      (.toolName, "Grafana", "grafana", "approved"),
      (.toolName, "s3.amazonaws.com", "grafana", "approved"),
      (.toolName, "https://charts.example.org/hook", "grafana", "approved"),
      (.imageName, "registry.example.org/shop:1.2", "images", "approved"),
      (.imageName, "registry.example.org/shop/api@sha256:ab", "images", "approved"),
      (.imageName, "registry.example.org/shopping:1", nil, "unlisted"),
      (.imageName, "quay.io/prom/node:1", "images", "approved"),
      (.toolName, "spreed", "trial", "proposed"), (.toolName, "attic", "attic", "retired"),
      (.toolName, "unknown", nil, "unlisted"), (.urlDomain, "unknown.example", nil, nil),
    ] as [(Field, StaticStringArgument, String?, String?)])
  func `a tool is known by every name that its row has`(
    _ field: Field, _ name: StaticStringArgument, _ id: String?, _ status: String?
  ) throws {
    let found = try event([(field, name.text)])
    #expect(found.string(.toolID) == id)
    #expect(found.string(.toolStatus) == status)
  }

  @Test func `a program that speaks is a tool where it is no browser's request`() throws {
    let change = try event([(.eventAction, "change.create"), (.userAgent, "grafana/11.2 (x)")])
    #expect(change.string(.toolID) == "grafana")
    let request = try event([(.eventAction, "http.request"), (.userAgent, "Grafana/11.2")])
    #expect(!request.has(.toolID))
    #expect(
      try !event([(.eventAction, "change.create"), (.userAgent, "Grafanax/1")]).has(.toolStatus))
  }

  @Test func `what a proxy lets through is a use, of a tool or of a private cloud`() throws {
    func proxy(_ domain: StaticString) throws -> String? {
      try event([(.eventCategory, "proxy"), (.urlDomain, domain)]).string(.toolStatus)
    }
    #expect(try proxy("charts.example.org") == "approved")
    #expect(try proxy("unknown.example") == "unlisted")
    #expect(try proxy("web1") == nil)
    #expect(try proxy("drive.google.com") == "personal-cloud")
    #expect(try proxy("www.dropbox.com") == "personal-cloud")
    #expect(try proxy("notdropbox.com") == "unlisted")
    // Private clouds are known without any register, other tools are not.
    let bare = try joined(
      registers(""), at: "2026-10-05T10:00:00Z",
      [(.eventCategory, "proxy"), (.urlDomain, "mega.nz")])
    #expect(bare.string(.toolStatus) == "personal-cloud")
  }

  @Test(
    arguments: [
      ("2026-10-05T11:59:59Z", "proposed"), ("2026-10-05T12:00:00Z", "approved"),
      ("2026-10-07T00:00:00Z", "proposed"),
    ])
  func `an approval of a tool counts from the moment it is given`(_ at: String, _ status: String)
    throws
  {
    #expect(try event(at, [(.toolName, "spreed")]).string(.toolStatus) == status)
  }

  @Test func `an approval is of a kind, and one that comes late is only named`() throws {
    let early = try event(
      "2026-10-05T11:00:00Z",
      [(.userName, "kim"), (.hostName, "db1"), (.eventAction, "auth.login")])
    #expect(early.string(.accessScope) == "outside")
    #expect(!early.has(.accessApproval))
    #expect(early.string(.accessApprovalLate) == "a-1")
    #expect(early.string(.accessApprovalType) == "prod_db")
    let later = try event("2026-10-05T12:00:00Z", [(.userName, "kim"), (.hostName, "db1")])
    #expect(later.string(.accessApproval) == "a-1")
    #expect(!later.has(.accessApprovalLate))
    let kinds = later.event[.accessApprovalType].map { $0.text(later.event.scratch).string }
    #expect(kinds == #"["scope","prod_db"]"#)
    let before = try event(
      "2026-10-05T08:00:00Z",
      [(.userName, "kim"), (.hostName, "db1"), (.eventAction, "db.connect")])
    #expect(before.string(.accessApprovalLate) == "a-2")
    #expect(!before.has(.accessApprovalType))
  }

  @Test func `an exception lifts what it names, and no scope`() throws {
    let dana = try event([(.userName, "dana"), (.hostName, "web1")])
    let lifted = dana.event[.accessException].map { $0.text(dana.event.scratch).string }
    #expect(lifted == #"["row-38","row-35"]"#)
    #expect(!dana.has(.accessApproval))
    #expect(
      try event([(.userName, "zoe"), (.hostName, "web1")]).string(.accessException) == "row-35")
    #expect(try !event([(.userName, "zoe"), (.hostName, "db1")]).has(.accessException))
    #expect(try !event("2026-11-01T00:00:00Z", [(.userName, "dana")]).has(.accessException))
  }

  // MARK: - Tasks

  /// Tasks of Kim, who is a contractor, and of others.
  private static let tasks = """
    tasks:
      - {id: long, assignee: c-7, from: 2026-10-01, until: 2026-10-31, created_at: "2026-10-04T08:00:00Z", systems: [db1]}
      - {id: short, assignee: KIM OSEI, from: 2026-10-05T10:00:00Z, until: 2026-10-05T12:00:00Z, created_at: 2026-10-04}
      - {id: other, assignee: c-7, from: 2026-10-05, until: 2026-10-05, created_at: 2026-10-04, systems: ["web*"], valid_to: "2026-10-05T08:59:59Z"}
      - {id: danas, assignee: dana, from: 2026-10-01, until: 2026-10-31, created_at: 2026-10-01}
      - {id: nobodys, assignee: zoe, from: 2026-10-01, until: 2026-10-31, created_at: 2026-10-01}

    """

  @Test(
    arguments: [
      // The one that began last; the second at its end belongs to it, the nanosecond behind it does not.
      ("2026-10-05T10:00:00Z", "db1", "change.update", "short"),
      ("2026-10-05T09:59:59Z", "db1", "change.update", "long"),
      ("2026-10-05T12:00:00Z", "db1", "change.update", "short"),
      ("2026-10-05T12:00:00.000000001Z", "db1", "change.update", "long"),
      // Another system, and one that goes by a name of its own.
      ("2026-10-05T09:30:00Z", "web1", "privilege.sudo", nil),
      ("2026-10-05T08:30:00Z", "web1", "privilege.sudo", "other"),
      ("2026-10-05T08:30:00Z", "elsewhere", "privilege.sudo", nil),
      // Before it was written, and behind its last day.
      ("2026-10-04T07:59:59.999999999Z", "db1", "change.update", nil),
      ("2026-10-04T08:00:00Z", "db1", "change.update", "long"),
      ("2026-10-31T23:59:59.999999999Z", "db1", "change.update", "long"),
      ("2026-11-01T00:00:00Z", "db1", "change.update", nil),
      // What changes nothing belongs to no task.
      ("2026-10-05T10:00:00Z", "db1", "auth.login", nil),
      ("2026-10-05T10:00:00Z", "db1", "db.query", nil),
    ] as [(String, StaticStringArgument, StaticStringArgument, String?)])
  func `a contractor's change falls into a task of theirs, on its systems, once it was written`(
    _ at: String, _ host: StaticStringArgument, _ action: StaticStringArgument, _ task: String?
  ) throws {
    let registers = try registers(KeyedJoinTests.text + KeyedJoinTests.tasks)
    let fields: [(Field, StaticString)] = [(.hostName, host.text), (.eventAction, action.text)]
    let kim = try joined(registers, at: at, [(.userName, "kim")] + fields)
    #expect(kim.string(.taskID) == task)
    // Nobody else's changes are asked for.
    #expect(try !joined(registers, at: at, [(.userName, "dana")] + fields).has(.taskID))
    #expect(try !joined(registers, at: at, [(.userName, "zoe")] + fields).has(.taskID))
  }

  @Test func `a change that names no system is only of a task that names none`() throws {
    let registers = try registers(KeyedJoinTests.text + KeyedJoinTests.tasks)
    let fields: [(Field, StaticString)] = [(.userName, "kim"), (.eventAction, "change.update")]
    #expect(try joined(registers, at: "2026-10-05T10:00:00Z", fields).string(.taskID) == "short")
    #expect(try !joined(registers, at: "2026-10-05T13:00:00Z", fields).has(.taskID))
    #expect(registers.canFill(.taskID))
    #expect(try !alone("danas").canFill(.taskID))
  }

  /// The registers with one of the tasks.
  private func alone(_ id: String) throws -> Registers {
    let rows = KeyedJoinTests.tasks.split(separator: "\n").filter { $0.contains("{id: \(id)") }
    return try registers(
      KeyedJoinTests.text + "tasks:\n" + rows.joined(separator: "\n") + "\n")
  }

  @Test func `tasks of one's own count, or do not`() throws {
    let rows = """
      tasks:
        - {id: own, assignee: kim, from: 2026-10-05, until: 2026-10-05, created_at: 2026-10-01, created_by: c-7}
        - {id: silent, assignee: kim, from: 2026-10-06, until: 2026-10-06, created_at: 2026-10-01}
        - {id: danas, assignee: kim, from: 2026-10-07, until: 2026-10-07, created_at: 2026-10-01, created_by: Dana Reyes}
        - {id: strange, assignee: kim, from: 2026-10-08, until: 2026-10-08, created_at: 2026-10-01, created_by: Zoe}

      """
    func found(_ policy: Policy) throws -> [String?] {
      let registers = try registers(KeyedJoinTests.text + rows, policy: policy)
      return try (5...8).map { day in
        try joined(
          registers, at: "2026-10-0\(day)T10:00:00Z",
          [(.userName, "kim"), (.eventAction, "deploy.run")]
        ).string(.taskID)
      }
    }
    #expect(try found(.defaults) == ["own", "silent", "danas", "strange"])
    let others = try Policy(
      Document(file: "p.yaml", text: "change: {own_tasks: {value: false, reason: x}}"))
    #expect(try found(others) == [nil, nil, "danas", "strange"])
  }

  @Test func `many tasks that overlap are found as one by one`() throws {
    var seed: UInt64 = 20_261_128
    func next(_ count: Int) -> Int {
      seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(seed >> 33) % count
    }
    let begin = try time("2026-10-01T00:00:00Z")
    let rows = (0..<200).map { number -> (id: String, from: Int, until: Int, created: Int) in
      let from = next(400)
      return ("t-\(number)", from, from + 1 + next(next(20) == 0 ? 300 : 6), next(300))
    }
    func instant(_ hours: Int) -> String {
      RFC3339.text(nanoseconds: begin + Int64(hours) * 3_600_000_000_000)
    }
    let text = rows.map {
      "  - {id: \($0.id), assignee: c-7, from: '\(instant($0.from))', until: '\(instant($0.until))', created_at: '\(instant($0.created))'}\n"
    }
    let registers = try registers(KeyedJoinTests.text + "tasks:\n" + text.joined())
    for hour in 0..<720 {
      let found = try joined(
        registers, at: instant(hour), [(.userName, "kim"), (.eventAction, "deploy.run")])
      let wanted = rows.enumerated().filter {
        $0.element.from <= hour && hour <= $0.element.until && $0.element.created <= hour
      }.max { ($0.element.from, $0.offset) < ($1.element.from, $1.offset) }
      #expect(found.string(.taskID) == wanted?.element.id, "seed 20261128, hour \(hour)")
    }
  }

  // MARK: - Addresses

  @Test func `who has no account is found by an address that nobody shares`() throws {
    let text = """
      people:
        - {id: p-1, name: Dana, employment: {start: 2024-02-01}, accounts: {"*": [dana]}, emails: [Dana@example.org, shared@example.org]}
        - {id: p-2, name: Lee, employment: {start: 2024-02-01, end: 2026-10-04}, emails: [lee@example.org, shared@example.org]}
      contractors:
        - {id: c-7, name: Kim, engagement: {start: 2026-09-01, end: 2026-10-05}, emails: [kim@gmail.com, kim@gmail.com]}

      """
    let registers = try registers(text)
    func person(_ at: String, _ fields: [(Field, StaticString)]) throws -> String? {
      let event = try joined(registers, at: at, fields)
      return event.string(.personID) ?? event.string(.personKind)
    }
    let noon = "2026-10-05T12:00:00Z"
    #expect(try person(noon, [(.userEmail, "dana@EXAMPLE.org")]) == "p-1")
    #expect(try person(noon, [(.userEmail, "kim@gmail.com")]) == "c-7")
    // Lee has left, so the address that both had is one person's again.
    #expect(try person(noon, [(.userEmail, "shared@example.org")]) == "p-1")
    #expect(try person("2026-10-04T12:00:00Z", [(.userEmail, "shared@example.org")]) == nil)
    // An outsider is no stranger, and an account comes first.
    #expect(try person(noon, [(.userEmail, "zoe@example.org")]) == nil)
    #expect(try person(noon, [(.userName, "zoe"), (.userEmail, "dana@example.org")]) == "unlisted")
    #expect(try person(noon, [(.userName, "dana@example.org")]) == "unlisted")
    #expect(registers.listsMails)
    #expect(try !alone("danas").listsMails)
  }
}
