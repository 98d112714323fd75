import Testing

/// Golden lines for what the detectors of the control list read: logs that stop, clocks, ports, TLS, sessions, changes.
@Suite struct ControlMappingTests {
  private func fields(_ line: String, _ names: String...) throws -> [String?] {
    let reading = try NormalisePath(anchor: 1_793_700_000).read(Array(line.utf8))
    #expect(reading.rejection == nil)
    return names.map { reading[$0] }
  }

  @Test(
    arguments: [
      (
        "rsyslogd", #"[origin software="rsyslogd" x-pid="6"] exiting on signal 15."#, "log.stop",
        "rsyslog"
      ),
      ("rsyslogd", #"[origin software="rsyslogd" x-pid="6"] start"#, "service.start", "rsyslog"),
      ("rsyslogd", #"[origin software="rsyslogd" x-pid="6"] rsyslogd was HUPed"#, nil, nil),
      ("syslogd", "exiting on signal 15", "log.stop", "syslog"),
      ("syslogd", "1.4.1: restart.", "service.start", "syslog"),
      ("syslog-ng", "syslog-ng shutting down; version='3.38.1'", "log.stop", "syslog"),
      ("auditd", "The audit daemon is exiting.", "log.stop", "auditd"),
      (
        "auditd", "Init complete, auditd 3.0.9 listening for events (startup state enable)",
        "service.start", "auditd"
      ),
      ("systemd-journald", "Journal stopped", "log.stop", "journald"),
      ("systemd-journal", "Journal started", "service.start", "journald"),
      ("systemd", "Stopped rsyslog.service - System Logging Service.", "log.stop", "rsyslog"),
      ("systemd", "Stopped System Logging Service.", "log.stop", "rsyslog"),
      ("systemd", "Started Security Auditing Service.", "service.start", "auditd"),
      ("systemd", "Stopped Flush Journal to Persistent Storage.", nil, nil),
      ("systemd", "Stopped nginx.service - A web server.", nil, nil),
    ] as [(String, String, String?, String?)])
  func `what keeps logs says that it stops and starts`(
    _ program: String, _ message: String, _ action: String?, _ service: String?
  ) throws {
    let found = try fields(
      "2026-11-03T09:00:00Z web1 \(program)[612]: \(message)", "event.action", "service.name")
    #expect(found == [action, service])
  }

  @Test(
    arguments: [
      ("chronyd", "System clock was stepped by 3600.123456 seconds", "3600000"),
      ("chronyd", "System clock was stepped by -61.000001 seconds", "61000"),
      ("ntpd", "time reset -181.002 s", "181000"), ("ntpd", "time reset +0.4 s", "0"),
      ("chronyd", "System clock wrong by 3600.1 seconds", nil),
      ("chronyd", "System clock was stepped by far too much", nil),
    ] as [(String, String, String?)])
  func `a clock that is set says by how much`(
    _ program: String, _ message: String, _ milliseconds: String?
  ) throws {
    let found = try fields(
      "2026-11-03T09:00:00Z web1 \(program)[612]: \(message)", "event.code", "event.duration_ms")
    #expect(found == [milliseconds == nil ? nil : "clock.stepped", milliseconds])
  }

  @Test func `a server says where it listens, a cluster and a cloud which port is opened`() throws {
    #expect(
      try fields(
        "2026-11-03T09:00:00Z web1 sshd[12]: Server listening on 0.0.0.0 port 2222.",
        "event.action", "destination.ip", "destination.port")
        == ["service.start", "0.0.0.0", "2222"])
    func group(_ request: String) -> String {
      #"{"eventVersion":"1.08","eventTime":"2026-11-03T09:14:07Z","eventSource":"ec2.amazonaws.com","eventName":"AuthorizeSecurityGroupIngress","userIdentity":{"userName":"lee"},"readOnly":false,"requestParameters":{"groupId":"sg-1",\#(request)}}"#
    }
    #expect(
      try fields(
        group(#""ipPermissions":{"items":[{"ipProtocol":"tcp","fromPort": 22,"toPort":22}]}"#),
        "event.action", "destination.port") == ["net.allow", "22"])
    #expect(try fields(group(#""fromPort":3389"#), "destination.port") == ["3389"])
    #expect(try fields(group(#""ipPermissions":{"items":[{}]}"#), "destination.port") == [nil])
    let service =
      #"{"kind":"Event","level":"Request","auditID":"9b1c","stage":"ResponseComplete","verb":"create","user":{"username":"kim"},"objectRef":{"resource":"services"},"responseStatus":{"code":201},"requestObject":{"spec":{"type":"NodePort","ports":[{"port":80,"nodePort":30080}]}},"requestReceivedTimestamp":"2026-11-03T08:22:00.763960Z"}"#
    #expect(try fields(service, "destination.port") == ["30080"])
  }

  @Test(
    arguments: [
      (#""ssl_protocol":"TLSv1.3""#, "1.3"), (#""ssl_protocol":"TLSv1.2""#, "1.2"),
      (#""ssl_protocol":"TLSv1""#, "1.0"), (#""ssl_protocol":"SSLv3""#, "SSLv3"),
      (#""ssl_protocol":"""#, "none"), (#""ssl_protocol":"-""#, "none"),
      (#""scheme":"http""#, "none"), (#""scheme":"https""#, nil),
      (#""tls_version":"tls12""#, "1.2"),
      (#""tls_version":770"#, "1.1"), (#""tls_version":772"#, "1.3"),
      (#""tls_version":"769""#, "1.0"),
      (#""tls_version":"TLS""#, nil), (#""tls_version":"QUIC""#, "QUIC"), (#""x":"TLSv1""#, nil),
    ] as [(String, String?)])
  func `the version of TLS has one spelling`(_ part: String, _ version: String?) throws {
    let line =
      #"{"time":"2026-11-03T09:14:07+00:00","remote_addr":"203.0.113.7","status":"200",\#(part)}"#
    #expect(try fields(line, "tls.version") == [version])
  }

  @Test func `PostgreSQL says over what somebody came, with which program, and for how long`()
    throws
  {
    func json(_ message: String) -> String {
      #"{"timestamp":"2026-11-03 08:21:00.123 UTC","user":"kim","remote_host":"10.8.0.14","session_id":"6728.4d","error_severity":"LOG","message":"\#(message)","backend_type":"client backend"}"#
    }
    func plain(_ message: String) -> String {
      "2026-11-03 08:21:00.123 UTC [77] kim@prod LOG:  \(message)"
    }
    let names = ["user.name", "tls.version", "user_agent.original"]
    func read(_ line: String) throws -> [String?] {
      let reading = try NormalisePath(anchor: 1_793_700_000).read(Array(line.utf8))
      return names.map { reading[$0] }
    }
    let cases: [(String, [String?])] = [
      (
        "connection authorized: user=kim database=prod application_name=pg_dump SSL enabled (protocol=TLSv1.3, cipher=TLS_AES_256_GCM_SHA384, bits=256)",
        ["kim", "1.3", "pg_dump"]
      ),
      (
        "connection authorized: user=kim database=prod SSL enabled (protocol=TLSv1, cipher=X, bits=256)",
        ["kim", "1.0", nil]
      ),
      ("connection authorized: user=kim database=prod", ["kim", "none", nil]),
    ]
    for (message, expected) in cases {
      #expect(try read(json(message)) == expected)
      #expect(try read(plain(message)) == expected)
    }
    let end =
      "disconnection: session time: 13:00:11.123 user=kim database=prod host=10.8.0.14 port=51002"
    for line in [json(end), plain(end)] {
      #expect(
        try fields(line, "event.action", "event.duration_ms", "user.name", "source.ip")
          == ["auth.logout", "46811123", "kim", "10.8.0.14"])
    }
    let far = plain("disconnection: session time: 99999999999:00:00 user=kim database=prod")
    #expect(try fields(far, "event.action", "event.duration_ms") == ["auth.logout", nil])
  }

  @Test
  func
    `GitLab's hooks: an approval, a merge with and without a commit of its own, a push, a deployment`()
    throws
  {
    func request(_ action: String, _ commit: String) -> String {
      #"{"object_kind":"merge_request","received_at":"2026-11-03T09:00:00Z","user":{"id":7,"username":"dana"},"project":{"path_with_namespace":"shop/api"},"object_attributes":{"iid":41,"author_id":8,"action":"\#(action)","target_branch":"main","merge_commit_sha":\#(commit),"last_commit":{"id":"b1"}}}"#
    }
    let names = ["event.action", "event.code", "user.name", "change.id", "change.branch"]
    func read(_ line: String) throws -> [String?] {
      let reading = try NormalisePath(anchor: 1_793_700_000).read(Array(line.utf8))
      return names.map { reading[$0] }
    }
    #expect(
      try read(request("approved", "null")) == [
        "change.update", "gitlab.approved", "dana", nil, "main",
      ])
    #expect(
      try read(request("merge", #""a1""#)) == [
        "change.update", "gitlab.merged", "dana", "a1", "main",
      ])
    #expect(
      try read(request("merge", "null")) == [
        "change.update", "gitlab.merged", "dana", "b1", "main",
      ])
    #expect(try read(request("update", "null")) == [nil, nil, "dana", nil, "main"])
    let push =
      #"{"object_kind":"push","received_at":"2026-11-03T09:00:00Z","ref":"refs/heads/main","checkout_sha":"a1","after":"a1","user_id":7,"user_username":"dana","project":{"path_with_namespace":"shop/api"}}"#
    #expect(try read(push) == ["vcs.push", "gitlab.pushed", "dana", "a1", "main"])
    let deployment =
      #"{"object_kind":"deployment","status":"success","status_changed_at":"2026-11-03 21:50:00 +0200","environment":"production","ref":"main","user":{"id":7,"username":"dana"},"project":{"path_with_namespace":"shop/api"}}"#
    #expect(try read(deployment) == ["deploy.run", "gitlab.deployed", "dana", nil, "main"])
  }

  @Test func `Terraform: what drifted and what was applied`() throws {
    func line(_ type: String, _ more: String) -> String {
      #"{"@level":"info","@message":"m","@module":"terraform.ui","@timestamp":"2026-11-03T09:14:07.123456Z","type":"\#(type)",\#(more)}"#
    }
    let names = ["event.action", "event.code", "orchestrator.resource.name"]
    func read(_ line: String) throws -> [String?] {
      let reading = try NormalisePath(anchor: 1_793_700_000).read(Array(line.utf8))
      return names.map { reading[$0] }
    }
    #expect(
      try read(line("resource_drift", #""change":{"resource":{"addr":"a.b"},"action":"update"}"#))
        == ["change.update", "terraform.drift", "a.b"])
    #expect(
      try read(line("apply_complete", #""hook":{"resource":{"addr":"a.b"},"action":"create"}"#))
        == ["change.create", "terraform.applied", "a.b"])
    #expect(
      try read(line("planned_change", #""change":{"resource":{"addr":"a.b"},"action":"update"}"#))
        == [nil, nil, "a.b"])
  }

  @Test func `auditd: its end, and the end of auditing`() throws {
    func line(_ text: String) -> String { "Nov  3 09:14:07 web1 auditd[612]: \(text)" }
    #expect(
      try fields(
        line("type=DAEMON_END msg=audit(1793697247.123:1): op=terminate auid=0"), "event.action",
        "event.code")
        == ["log.stop", "logging.stopped"])
    #expect(
      try fields(
        line("type=CONFIG_CHANGE msg=audit(1793697247.123:2): audit_enabled=0 old=1"),
        "event.action", "event.code")
        == ["log.stop", "audit.disabled"])
    #expect(
      try fields(
        line("type=CONFIG_CHANGE msg=audit(1793697247.123:3): audit_enabled=1 old=0"),
        "event.action")
        == [nil])
  }
}
