import Bytes
import Detectors
import Documents
import Events
import Pipelines
import Registers
import Testing

/// One line of each log that Sigma's rules have a name for, and a rule that must find it there.
@Suite struct LogSourceTests {
  private func findings(
    _ source: String, _ detection: String, _ lines: [String], format: LineFormat, path: String
  ) async throws -> [String] {
    let mappings = NormalisePath.shipped.mappings
    var table = NormalisePath.shipped.table
    let text = "title: t\nid: t\nlogsource: {\(source)}\ndetection: {\(detection)}\n"
    let (set, problems) = RuleSet.load(
      documents: [try Document(file: "rule.yaml", text: text)], fields: &table,
      placeholders: { _ in nil }, policy: { _ in nil })
    for problem in problems { Issue.record("\(problem)") }
    #expect(set.rules.first?.notReadable == nil)
    let setup = PipelineSetup(
      registers: try Registers([]), rules: set, mappings: mappings, table: table, zone: .utc)
    let context = LineContext(
      format: format, zone: .utc, years: YearRule(anchor: 1_794_000_000),
      source: ByteView(immortal: path), path: ByteView(immortal: path))
    let stream = PipelineStream(
      name: "s", contexts: [context], source: .none, firstTime: .min,
      feed: BlockFeed(Array((lines.joined(separator: "\n") + "\n").utf8)))
    let result = await Pipeline(setup, streams: [stream], jobs: 1).run()
    #expect(result.streams[0].total.parsed == UInt64(lines.count))
    return result.findings.map { "\($0.subject) ×\($0.count)" }
  }

  private static let json: [(source: String, detection: String, line: String, subject: String)] = [
    (
      "product: okta, service: okta",
      "s: {eventType: user.session.start, target.displayName: console}, condition: s",
      #"{"eventType":"user.session.start","published":"2026-11-03T09:14:07Z","uuid":"1","actor":{"alternateId":"kim@example.org"},"client":{"ipAddress":"203.0.113.9"},"outcome":{"result":"SUCCESS"},"target":[{"displayName":"Console"}]}"#,
      "kim@example.org · 203.0.113.9"
    ),
    (
      "product: github, service: audit", "s: {action: repo.destroy}, condition: s",
      #"{"@timestamp":1793697247000,"action":"repo.destroy","actor":"kim","_document_id":"x","actor_ip":"203.0.113.9"}"#,
      "kim · 203.0.113.9"
    ),
    (
      "category: application, product: kubernetes, service: audit",
      "s: {verb: create, objectRef.resource: pods, hostPath: '*', apiGroup: ''}, condition: s",
      #"{"kind":"Event","auditID":"1","stage":"ResponseComplete","verb":"create","requestURI":"/api","requestReceivedTimestamp":"2026-11-03T09:14:07.1Z","user":{"username":"kim"},"objectRef":{"resource":"pods","apiGroup":""},"requestObject":{"spec":{"volumes":[{"name":"a"},{"hostPath":{"path":"/"}}]}}}"#,
      "kim"
    ),
    (
      "product: gcp, service: gcp.audit",
      "s: {gcp.audit.method_name|endswith: .delete}, condition: s",
      #"{"logName":"x","timestamp":"2026-11-03T09:14:07Z","insertId":"1","protoPayload":{"methodName":"buckets.delete","authenticationInfo":{"principalEmail":"kim@example.org"}}}"#,
      "kim@example.org"
    ),
    (
      "product: docker, service: inspect",
      "s: {HostConfig.Mounts.Source: /etc, HostConfig.CapAdd: SYS_ADMIN}, condition: s",
      #"{"Id":"4fa6","Created":"2026-11-03T09:14:07Z","Name":"/web","HostConfig":{"NetworkMode":"none","CapAdd":["CHOWN","SYS_ADMIN"],"Mounts":[{"Source":"data"},{"Source":"/etc"}]},"Config":{"Image":"x"}}"#,
      ""
    ),
    (
      "product: bitbucket, service: audit",
      "s: {auditType.category: Projects, auditType.action: Project deleted}, condition: s",
      #"{"timestamp":{"epochSecond":1793697247,"nano":1},"author":{"name":"kim"},"auditType":{"category":"Projects","action":"Project deleted"}}"#,
      "kim"
    ),
    (
      "product: onelogin, service: onelogin.events", "s: {event_type_id: 3}, condition: s",
      #"{"event_type_id":3,"account_id":7,"created_at":"2026-11-03T09:14:07Z","user_name":"kim","ipaddr":"203.0.113.9"}"#,
      "kim · 203.0.113.9"
    ),
    (
      "product: cisco, service: duo",
      "s: {event_type: authentication, reason: bypass_user}, condition: s",
      #"{"event_type":"authentication","factor":"none","txid":"1","isotimestamp":"2026-11-03T09:14:07Z","reason":"bypass_user","user":{"name":"kim"},"access_device":{"ip":"203.0.113.9"}}"#,
      "kim · 203.0.113.9"
    ),
    (
      "product: azure, service: signinlogs", "s: {ResultType: 50126}, condition: s",
      #"{"time":"2026-11-03T09:14:07Z","category":"SignInLogs","operationName":"Sign-in activity","ResultType":"50126","callerIpAddress":"203.0.113.9","properties":{"userPrincipalName":"kim"}}"#,
      "kim · 203.0.113.9"
    ),
    (
      "product: azure, service: auditlogs",
      "s: {properties.targetResources.displayName: Admins}, condition: s",
      #"{"time":"2026-11-03T09:14:07Z","category":"AuditLogs","operationName":"Add member","properties":{"targetResources":[{"displayName":"Admins"}]}}"#,
      ""
    ),
    (
      "product: m365, service: audit", "s: {Operation: New-InboxRule}, condition: s",
      #"{"CreationTime":"2026-11-03T09:14:07","Workload":"Exchange","Operation":"New-InboxRule","UserId":"kim","ClientIP":"203.0.113.9"}"#,
      "kim · 203.0.113.9"
    ),
    (
      "product: linux, category: process_creation",
      "s: {Image|endswith: /curl, CommandLine|contains: -o, ParentImage|endswith: /bash, User: kim}, condition: s",
      #"{"time":"2026-11-03T09:14:07Z","rule":"r","priority":"Notice","output":"x","output_fields":{"proc.exepath":"/usr/bin/curl","proc.cmdline":"curl -o x","proc.pexepath":"/bin/bash","user.name":"kim"}}"#,
      "kim"
    ),
    (
      "product: linux, category: network_connection",
      "s: {Image|endswith: /curl, DestinationPort: 443}, condition: s",
      #"{"UtcTime":"2026-11-03 09:14:07.001","Image":"/usr/bin/curl","User":"kim","DestinationIp":"203.0.113.9","DestinationPort":443}"#,
      "kim"
    ),
    (
      "product: linux, category: file_event",
      "s: {TargetFilename|startswith: /etc/}, condition: s",
      #"{"@timestamp":"2026-11-03T09:14:07Z","user":{"name":"kim"},"file":{"path":"/etc/passwd"}}"#,
      "kim"
    ),
    (
      "product: zeek, service: http", "s: {uri: /x}, condition: s",
      #"{"ts":1793697247.25,"_path":"http","uri":"/x"}"#, ""
    ),
  ]

  @Test(arguments: json.indices)
  func `a JSON log is told by its keys, and a rule finds them under Sigma's names`(
    _ place: Int
  ) async throws {
    let sample = Self.json[place]
    let found = try await findings(
      sample.source, sample.detection, [sample.line], format: .json, path: "x.json")
    #expect(found == ["\(sample.subject) ×1"], "\(sample.source)")
  }

  @Test(arguments: [
    ("service: sshd", "sshd[7]: fatal: cowrie", true), ("service: sshd", "cron[7]: cowrie", false),
    ("service: sudo", "sudo: cowrie", true), ("service: auth", "useradd[7]: cowrie", true),
    ("service: auth", "nginx: cowrie", false), ("service: cron", "crond[7]: cowrie", true),
    ("service: syslog", "anything[7]: cowrie", true),
    ("service: vsftpd", "vsftpd[7]: cowrie", true),
    ("service: clamav", "freshclam[7]: cowrie", true),
    ("service: guacamole", "guacd[7]: cowrie", true),
    ("service: systemd", "systemd[1]: cowrie", true),
    ("category: application, product: ruby_on_rails", "rails[7]: cowrie", true),
    ("category: application, product: django", "rails[7]: cowrie", false),
    ("category: database", "postgres[7]: cowrie", true),
  ])
  func `a keyword is looked for in the lines of its service`(
    _ source: String, _ line: String, _ isFound: Bool
  ) async throws {
    let name =
      source.contains("product") || source.contains("category")
      ? source : "product: linux, \(source)"
    let found = try await findings(
      name, "keywords: [cowrie], condition: keywords", ["Nov  3 09:14:07 web1 \(line)"],
      format: .rfc3164, path: "syslog")
    #expect(found.isEmpty != isFound)
  }

  @Test func `an access log is a webserver's and a proxy's under the names of the W3C`()
    async throws
  {
    let line =
      #"203.0.113.9 - kim [03/Nov/2026:09:14:07 +0000] "GET /x?y=1 HTTP/1.1" 404 12 "-" "sqlmap/1""#
    for category in ["webserver", "proxy", "webserver, product: nginx"] {
      let found = try await findings(
        "category: \(category)",
        "s: {cs-method: GET, cs-uri-stem: /x, cs-uri-query|contains: y=, sc-status: 404, "
          + "cs-user-agent|startswith: sqlmap, c-ip: 203.0.113.9}, condition: s", [line],
        format: .access, path: "access.log")
      #expect(found == ["kim · 203.0.113.9 ×1"])
    }
  }

  @Test func `audit records are read from their own file and from syslog`() async throws {
    let lines = [
      #"type=SYSCALL msg=audit(1793697247.123:456): arch=c000003e syscall=59 success=yes pid=7 auid=1000 comm="cat" exe="/usr/bin/cat" key="x""#,
      #"type=EXECVE msg=audit(1793697247.123:456): argc=2 a0="cat" a1="/etc/shadow""#,
    ]
    let own = "s: {type: EXECVE, a0: cat, a1|endswith: shadow}, condition: s"
    #expect(
      try await findings(
        "product: linux, service: auditd", own, lines, format: .logfmt,
        path: "/var/log/audit/audit.log"
      ).count == 1)
    #expect(
      try await findings(
        "product: linux, service: auditd", own, lines.map { "Nov  3 09:14:07 web1 audispd: \($0)" },
        format: .rfc3164, path: "syslog"
      ).count == 1)
    #expect(
      try await findings(
        "product: linux, category: process_creation",
        "s: {Image|endswith: /cat, ProcessId: 7}, condition: s", lines, format: .logfmt,
        path: "/var/log/audit/audit.log"
      ).count == 1)
  }

  @Test(arguments: [
    ("product: windows, category: process_creation", "windows/process_creation"),
    ("product: macos, category: process_creation", "macos/process_creation"),
    ("product: windows", "windows"),
    ("category: antivirus", "antivirus"), ("product: linux, service: nosuch", "linux/nosuch"),
    ("product: aws, service: nosuch", "aws/nosuch"), ("category: dns", "dns"),
    ("category: application, product: nosuch", "nosuch/application"),
    ("category: webserver, product: windows, service: iis", "windows/webserver/iis"),
  ])
  func `a log source that nothing reads is named`(_ source: String, _ name: String) throws {
    var table = FieldTable()
    let text = "title: t\nlogsource: {\(source)}\ndetection: {s: {a: b}, condition: s}\n"
    let (set, problems) = RuleSet.load(
      documents: [try Document(file: "rule.yaml", text: text)], fields: &table,
      placeholders: { _ in nil }, policy: { _ in nil })
    #expect(problems.isEmpty)
    #expect(set.rules.first?.notReadable == "no source of \(name)")
  }
}
