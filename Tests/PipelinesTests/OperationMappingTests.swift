import Bytes
import Detectors
import Documents
import Events
import Pipelines
import Registers
import Testing

/// Golden lines of what operations leave behind: backups, secrets, hooks, clients.
@Suite struct OperationMappingTests {
  private func fields(_ line: String, _ names: String...) throws -> [String?] {
    let reading = try NormalisePath(anchor: 1_793_700_000).read(Array(line.utf8))
    #expect(reading.rejection == nil)
    return names.map { reading[$0] }
  }

  @Test(
    arguments: [
      ("restic", "snapshot 40dc1520 saved", "backup.run", "success"),
      ("restic", "Fatal: unable to open repository", "backup.run", "failure"),
      ("restic", "removed snapshot 40dc1520", "backup.delete", "success"),
      ("restic", "2 snapshots have been removed, running prune", "backup.delete", "success"),
      ("restic", "using parent snapshot 40dc1520", nil, nil),
      ("borg", "terminating with success status, rc 0", "backup.run", "success"),
      ("borg", "terminating with warning status, rc 1", "backup.run", "success"),
      ("borg", "terminating with error status, rc 2", "backup.run", "failure"),
      ("borgmatic", "Pruning archive: web1-2026-10-03 (1/3)", "backup.delete", "success"),
      ("pg_dump", "error: query failed: server closed the connection", "backup.run", "failure"),
      ("pg_dumpall", "pg_dumpall: error: could not connect", "backup.run", "failure"),
      ("mysqldump", "mysqldump: Got error: 2002: Can't connect", "backup.run", "failure"),
      ("mongodump", "Failed: error connecting to db server", "backup.run", "failure"),
      ("mongodump", "done dumping shop.orders (12 documents)", "backup.run", "success"),
      ("mongodump", "writing shop.orders to archive on stdout", nil, nil),
    ] as [(String, String, String?, String?)])
  func `backup tools say how it went, and by name whose job it was`(
    _ tool: String, _ text: String, _ action: String?, _ outcome: String?
  ) throws {
    let found = try fields(
      "2026-11-03T02:00:00Z db1 \(tool)[12]: \(text)", "event.action", "event.outcome",
      "backup.job", "host.name")
    #expect(found == [action, outcome, action.map { _ in tool }, "db1"])
  }

  @Test func `a summary of restic says how large, borg where`() throws {
    #expect(
      try fields(
        #"2026-11-03T02:00:00Z db1 restic[12]: {"message_type":"summary","total_bytes_processed":1720000000,"snapshot_id":"a"}"#,
        "event.action", "backup.bytes") == ["backup.run", "1720000000"])
    #expect(
      try fields(
        #"2026-11-03T02:00:00Z db1 restic[12]: {"message_type":"status","percent_done":0.5}"#,
        "event.action", "backup.bytes") == [nil, nil])
    #expect(
      try fields(
        "2026-11-03T02:00:00Z db1 borg[12]: Repository: ssh://nas/./repo", "event.action",
        "event.outcome", "backup.target") == ["backup.run", nil, "ssh://nas/./repo"])
  }

  @Test(
    arguments: [
      ("nightly-backup.service: Deactivated successfully.", "success", "nightly-backup"),
      ("restic@db.service: Failed with result 'exit-code'.", "failure", "restic@db"),
      ("pg-dump.service: Succeeded.", "success", "pg-dump"),
      ("nginx.service: Failed with result 'exit-code'.", nil, nil),
      ("nightly-backup.service: Consumed 12.1s CPU time.", nil, nil),
      ("Started nightly-backup.service - Backup.", nil, nil),
    ] as [(String, String?, String?)])
  func `of systemd's units only backups are, and by their end`(
    _ text: String, _ outcome: String?, _ job: String?
  ) throws {
    #expect(
      try fields(
        "2026-11-03T02:00:00Z db1 systemd[1]: \(text)", "event.action", "event.outcome",
        "backup.job") == [outcome.map { _ in "backup.run" }, outcome, job])
  }

  @Test(
    arguments: [
      (
        "pvescheduler", "INFO: Finished Backup of VM 100 (00:01:02)", "backup.run", "success", "100"
      ),
      (
        "vzdump", "ERROR: Backup of VM 101 failed - no space left on device", "backup.run",
        "failure", "101"
      ),
      ("vzdump", "INFO: Starting Backup of VM 100 (qemu)", nil, nil, nil),
      (
        "pvedaemon", "<root@pam> end task UPID:pve1:0A:0B:65A1:qmsnapshot:100:root@pam: OK",
        "backup.run", "success", "100"
      ),
      (
        "pvedaemon",
        "<root@pam> end task UPID:pve1:0A:0B:65A1:vzsnapshot:102:root@pam: got timeout",
        "backup.run", "failure", "102"
      ),
      (
        "pvedaemon", "<root@pam> end task UPID:pve1:0A:0B:65A1:qmdelsnapshot:100:root@pam: OK",
        "backup.delete", "success", "100"
      ),
      (
        "pvedaemon", "<root@pam> end task UPID:pve1:0A:0B:65A1:qmstart:100:root@pam: OK", nil, nil,
        nil
      ),
      ("pvedaemon", "<root@pam> end task UPID:pve1:0A", nil, nil, nil),
    ] as [(String, String, String?, String?, String?)])
  func `Proxmox: each machine's backup is a job of its own`(
    _ program: String, _ text: String, _ action: String?, _ outcome: String?, _ job: String?
  ) throws {
    #expect(
      try fields(
        "2026-11-03T02:00:00Z pve1 \(program)[12]: \(text)", "event.action", "event.outcome",
        "backup.job") == [action, outcome, job])
  }

  @Test func `Proxmox: where a backup goes, and why one failed`() throws {
    #expect(
      try fields(
        "2026-11-03T02:00:00Z pve1 pvescheduler[12]: INFO: starting new backup job: vzdump 100 101 --storage nas --mode snapshot",
        "event.action", "event.outcome", "backup.target") == ["backup.run", nil, "nas"])
    #expect(
      try fields(
        "2026-11-03T02:00:00Z pve1 vzdump[12]: ERROR: Backup of VM 101 failed - no space left on device",
        "event.reason") == ["no space left on device"])
  }

  /// A record of CloudTrail.
  private func trail(_ name: String, _ parameters: String, _ more: String = "") -> String {
    #"{"eventVersion":"1.09","eventTime":"2026-11-03T02:00:00Z","eventSource":"x.amazonaws.com","eventName":"\#(name)","readOnly":false,"awsRegion":"eu-west-1","sourceIPAddress":"192.0.2.7","userIdentity":{"type":"IAMUser","userName":"kim","accessKeyId":"AKIA7"},"requestParameters":{\#(parameters)}\#(more)}"#
  }

  @Test func `CloudTrail: backups by job and snapshot, rotations and secrets by name`() throws {
    #expect(
      try fields(
        trail(
          "CreateDBSnapshot", #""dBInstanceIdentifier":"shop","dBSnapshotIdentifier":"shop-1""#),
        "event.action", "event.outcome", "backup.job", "snapshot.id", "credential.id")
        == ["backup.run", "success", "shop", "shop-1", "AKIA7"])
    #expect(
      try fields(
        trail(
          "CreateDBSnapshot", #""dBInstanceIdentifier":"shop""#,
          #","errorCode":"SnapshotQuotaExceeded""#), "event.action", "event.outcome", "event.reason"
      )
        == ["backup.run", "failure", "SnapshotQuotaExceeded"])
    #expect(
      try fields(
        trail("DeleteDBSnapshot", #""dBSnapshotIdentifier":"shop-1""#), "event.action",
        "snapshot.id") == ["backup.delete", "shop-1"])
    #expect(
      try fields(
        trail("StartExportTask", #""s3BucketName":"shop-backups""#), "event.action", "backup.target"
      )
        == ["backup.run", "shop-backups"])
    #expect(
      try fields(
        trail("RotationFailed", "", #","additionalEventData":{"SecretId":"arn:x"}"#),
        "event.action", "event.outcome", "secret.name") == ["secret.rotate", "failure", "arn:x"])
    #expect(
      try fields(
        trail("GetSecretValue", #""secretId":"shop-db""#), "event.action", "secret.name")
        == ["secret.read", "shop-db"])
    #expect(
      try fields(trail("RunInstances", ""), "event.action", "backup.job")
        == ["change.create", nil])
  }

  @Test func `GitLab: hooks that are switched off, deliveries, and CI variables`() throws {
    #expect(
      try fields(
        #"{"severity":"INFO","time":"2026-11-03T08:22:00.500Z","correlation_id":"c","hook_id":7,"action":"disable","recent_failures":40}"#,
        "event.dataset", "event.outcome", "event.reason", "hook_id")
        == ["gitlab-web-hooks", "failure", "disable", "7"])
    #expect(
      try fields(
        #"{"severity":"INFO","time":"2026-11-03T08:22:00.500Z","queue":"default","class":"WebHookWorker","jid":"a1","meta.project":"shop/api","job_status":"done"}"#,
        "event.dataset", "event.outcome", "event.reason") == [
          "gitlab-hook-delivery", "success", "done",
        ])
    #expect(
      try fields(
        #"{"severity":"INFO","time":"2026-11-03T08:22:00.500Z","author_id":7,"author_name":"dana","entity_id":7,"entity_type":"Project","target_type":"Ci::Variable","target_details":"KEY","event_name":"ci_variable_updated","details":{}}"#,
        "event.dataset", "event.action", "user.name", "user.target.name")
        == ["gitlab-audit", "secret.write", "dana", "KEY"])
  }

  @Test(
    arguments: [
      ("CLIENT", "CREATE", "change.create"), ("CLIENT", "UPDATE", "change.update"),
      ("CLIENT", "DELETE", "change.delete"), ("USER", "CREATE", "account.create"),
      ("REALM_ROLE_MAPPING", "CREATE", "role.grant"),
      ("CLIENT_ROLE_MAPPING", "DELETE", "role.revoke"), ("REALM", "UPDATE", "change.update"),
    ] as [(String, String, String?)])
  func `Keycloak's admin events say who changed what`(
    _ resource: String, _ operation: String, _ action: String?
  ) throws {
    #expect(
      try fields(
        #"{"time":1793695320000,"realmId":"corp","operationType":"\#(operation)","resourceType":"\#(resource)","resourcePath":"clients/7","authDetails":{"username":"dana","userId":"u-1","ipAddress":"203.0.113.7"}}"#,
        "event.dataset", "event.action", "user.name", "source.ip")
        == ["keycloak-admin", action, "dana", "203.0.113.7"])
  }

  @Test func `Kubernetes: snapshots of volumes are backups`() throws {
    func audit(_ verb: String, _ code: Int) -> String {
      #"{"kind":"Event","apiVersion":"audit.k8s.io/v1","auditID":"9b1c","stage":"ResponseComplete","verb":"\#(verb)","user":{"username":"kim"},"objectRef":{"resource":"volumesnapshots","namespace":"shop","name":"db-1"},"responseStatus":{"code":\#(code)},"requestReceivedTimestamp":"2026-11-03T03:00:00Z"}"#
    }
    #expect(
      try fields(audit("create", 201), "event.action", "snapshot.id") == ["backup.run", "db-1"])
    #expect(
      try fields(audit("delete", 200), "event.action", "event.outcome")
        == ["backup.delete", "success"])
    #expect(try fields(audit("delete", 403), "event.action") == [nil])
  }

  @Test(
    arguments: [
      (#""Nov 2, 2026 2:00:01 PM""#, "43199"), (#""2026-11-03T03:00:00+01:00""#, "0"),
      (#""2026-11-03T02:00:00.5Z""#, "-1"), ("1793671200", "0"), (#""yesterday""#, nil),
      ("null", nil),
      (#"{"a":1}"#, nil), ("true", nil),
    ] as [(String, String?)])
  func `CloudTrail: how old a snapshot was that was deleted, where the answer says it`(
    _ made: String, _ age: String?
  ) throws {
    let line = trail(
      "DeleteDBSnapshot", #""dBSnapshotIdentifier":"shop-1""#,
      #","responseElements":{"snapshotCreateTime":\#(made)}"#)
    #expect(
      try fields(line, "event.action", "snapshot.id", "snapshot.age_seconds")
        == ["backup.delete", "shop-1", age])
  }

  @Test func `an age is a log's own to say, in whichever format it has`() throws {
    let mappings = """
      mapping: jobs
      format: logfmt
      match: {keys: [job]}
      fields: {"@timestamp": at}
      ages: {job.age_seconds: since}
      ---
      mapping: tasks
      format: syslog
      match: {program: tasks}
      message: logfmt
      fields: {user.name: who}
      ages: {job.age_seconds: [since, before]}
      """
    var table = FieldTable()
    let loaded = MappingLoader.load(
      try Document(file: "m.yaml", text: mappings), table: &table)
    #expect(loaded.problems.isEmpty)
    let age = try #require(table["job.age_seconds"])
    let setup = PipelineSetup(
      registers: try Registers([]), rules: RuleSet(), mappings: loaded.mappings, table: table,
      zone: .utc, everything: true)
    var normaliser = setup.makeNormaliser()
    let event = Event()
    func read(_ line: String, _ format: LineFormat) -> Int64? {
      withView(Array(line.utf8)) { line in
        event.reset(line: line)
        let context = LineContext(
          format: format, zone: .utc, years: YearRule(anchor: 1_793_700_000), source: ByteView("s"))
        #expect(normaliser.normalise(event, context) == nil)
        if case .integer(let seconds)? = event[age] { return seconds }
        return nil
      }
    }
    #expect(read("at=2026-11-03T02:00:00Z job=a since=2026-11-03T01:59:00Z", .logfmt) == 60)
    #expect(read("at=2026-11-03T02:00:00Z job=a since=x", .logfmt) == nil)
    let line = "2026-11-03T02:00:00Z web1 tasks[1]: who=kim before=2026-11-02T02:00:00Z"
    #expect(read(line, .rfc3164) == 86_400)
  }

  @Test func `Docker: what a container may do, with the day of its making or of the inventory`()
    throws
  {
    func inspect(_ more: String) -> String {
      #"{"Id":"4fa6","Created":"2026-11-03T08:14:07.5Z","State":{"Status":"running"},"Name":"/web","HostConfig":{"Privileged":true,"NetworkMode":"host","Binds":["/:/host"]},"Config":{"Image":"registry.example.org/shop:7","Labels":{"ticket":"WP-1"}}\#(more)}"#
    }
    #expect(
      try fields(
        inspect(""), "event.dataset", "container.name", "container.image.name", "ticket.id",
        "HostConfig.NetworkMode", "event.action")
        == ["docker-inspect", "web", "registry.example.org/shop:7", "WP-1", "host", nil])
    let path = try NormalisePath(anchor: 1_793_700_000)
    let day: Int64 = 86_400 * 1_000_000_000
    let made = path.read(Array(inspect("").utf8)).time
    let seen = path.read(Array(inspect(#","inspected_at":"2026-11-04T08:14:07.5Z""#).utf8)).time
    #expect(made + day == seen)
  }

  @Test func `commits of GitLab and GitHub: whose they say they are, and of which project`() throws
  {
    let gitlab =
      #"{"id":"ed899a2f4b50","short_id":"ed899a2f","created_at":"2026-11-03T09:14:07.000+01:00","parent_ids":["6104"],"title":"Fix","message":"Fix\nit","author_name":"Kim","author_email":"kim@example.org","authored_date":"2026-11-02T09:14:07Z","committer_name":"Dana","committer_email":"dana@example.org","committed_date":"2026-11-03T09:14:07.000+01:00","trailers":{},"web_url":"https://git.example.org/shop/app/-/commit/ed899a2f4b50"}"#
    let github =
      #"{"sha":"ed899a2f4b50","node_id":"x","commit":{"author":{"name":"Kim","email":"kim@example.org","date":"2026-11-02T08:00:00Z"},"committer":{"name":"Dana","email":"dana@example.org","date":"2026-11-03T08:14:07Z"},"message":"Fix"},"html_url":"https://github.com/shop/app/commit/ed899a2f4b50","author":null,"committer":null,"parents":[]}"#
    for (line, dataset, project) in [
      (gitlab, "gitlab-commits", "git.example.org/shop/app"),
      (github, "github-commits", "github.com/shop/app"),
    ] {
      #expect(
        try fields(
          line, "event.dataset", "user.email", "change.committer", "change.id", "project",
          "message",
          "user.name", "event.action")
          == [
            dataset, "kim@example.org", "dana@example.org", "ed899a2f4b50", project, "Fix", nil,
            nil,
          ])
    }
  }
}
