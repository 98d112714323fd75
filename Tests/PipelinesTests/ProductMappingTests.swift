import Testing

/// One golden line or more for each product whose mapping is a file, as its log writes them.
@Suite struct ProductMappingTests {
  /// The fields of a line that are asked for, `nil` where one is absent.
  private func fields(_ line: String, _ names: String...) throws -> [String?] {
    let reading = try NormalisePath(anchor: 1_793_700_000).read(Array(line.utf8))
    #expect(reading.rejection == nil)
    return names.map { reading[$0] }
  }

  /// What an event is: dataset, action, outcome, user, address.
  private func event(_ line: String) throws -> [String?] {
    try fields(
      line, "event.dataset", "event.action", "event.outcome", "user.name", "source.ip")
  }

  /// An audit event of Kubernetes about an object.
  private func audit(
    _ verb: String, _ object: String, _ code: Int, stage: String = "ResponseComplete"
  ) -> String {
    """
    {"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","auditID":"9b1c","stage":"\(stage)",\
    "requestURI":"/api/v1/namespaces/shop/x","verb":"\(verb)","user":{"username":"kim","uid":"u-7","groups":["dev"]},\
    "impersonatedUser":{"username":"admin"},"sourceIPs":["198.51.100.9","10.0.0.2"],"userAgent":"kubectl/v1.31",\
    "objectRef":{\(object)},"responseStatus":{"metadata":{},"code":\(code)},\
    "requestReceivedTimestamp":"2026-11-03T08:22:00.763960Z","stageTimestamp":"2026-11-03T08:22:01.000000Z"}
    """
  }

  @Test(
    arguments: [
      (
        "get", #""resource":"secrets","namespace":"shop","name":"db""#, 200, "secret.read",
        "success"
      ),
      ("list", #""resource":"secrets","namespace":"shop""#, 403, "secret.read", "failure"),
      ("patch", #""resource":"secrets","name":"db""#, 200, "secret.write", "success"),
      (
        "create", #""resource":"pods","name":"p","subresource":"exec""#, 101, "change.exec",
        "success"
      ),
      (
        "create", #""resource":"pods","name":"p","subresource":"exec""#, 403, "change.exec",
        "failure"
      ),
      (
        "create", #""resource":"clusterrolebindings","apiGroup":"rbac.authorization.k8s.io""#, 201,
        "role.grant", "success"
      ),
      (
        "delete", #""resource":"rolebindings","apiGroup":"rbac.authorization.k8s.io""#, 200,
        "role.revoke", "success"
      ),
      (
        "create", #""resource":"serviceaccounts","subresource":"token""#, 201, "auth.token.create",
        "success"
      ),
      ("create", #""resource":"deployments","apiGroup":"apps""#, 201, "change.create", "success"),
      ("update", #""resource":"configmaps""#, 200, "change.update", "success"),
      ("delete", #""resource":"pods""#, 200, "change.delete", "success"),
      ("delete", #""resource":"pods""#, 404, nil, "failure"),
      ("get", #""resource":"pods""#, 200, nil, "success"),
    ] as [(String, String, Int, String?, String)])
  func `Kubernetes' audit log says who did what, and whether it was let`(
    _ verb: String, _ object: String, _ code: Int, _ action: String?, _ outcome: String
  ) throws {
    let found = try event(audit(verb, object, code))
    #expect(found == ["kubernetes-audit", action, outcome, "kim", "198.51.100.9"])
  }

  @Test func `of Kubernetes' stages only the last counts, and as whom stands beside who`() throws {
    let early = audit("get", #""resource":"secrets""#, 200, stage: "RequestReceived")
    #expect(try event(early)[1...2] == [nil, "unknown"])
    let names = try fields(
      audit("get", #""resource":"secrets","namespace":"shop","name":"db""#, 200),
      "user.effective.name", "orchestrator.namespace", "orchestrator.resource.name", "event.id",
      "responseStatus.code", "user_agent.original")
    #expect(names == ["admin", "shop", "db", "9b1c", "200", "kubectl/v1.31"])
  }

  @Test func `Traefik, Caddy and Envoy: the same request in three hands`() throws {
    let lines = [
      #"{"ClientAddr":"203.0.113.7:39496","ClientHost":"203.0.113.7","ClientPort":"39496","ClientUsername":"-","DownstreamContentSize":357,"DownstreamStatus":200,"Duration":357313,"RequestAddr":"git.example.org","RequestHost":"git.example.org","RequestMethod":"GET","RequestPath":"/a?b=1","RequestPort":"-","RouterName":"git@docker","StartUTC":"2026-11-03T08:22:00.5Z","request_User-Agent":"curl/8","level":"info","msg":""}"#,
      #"{"level":"info","ts":1793694120.5,"logger":"http.log.access","msg":"handled request","request":{"remote_ip":"10.0.0.2","remote_port":"44790","client_ip":"203.0.113.7","proto":"HTTP/2.0","method":"GET","host":"git.example.org","uri":"/a?b=1","headers":{"User-Agent":["curl/8"]}},"bytes_read":0,"user_id":"","duration":0.0027,"size":357,"status":200,"resp_headers":{"Server":["Caddy"]}}"#,
      #"{":authority":"git.example.org","bytes_received":0,"bytes_sent":357,"downstream_remote_address":"203.0.113.7:39496","duration":11,"method":"GET","protocol":"HTTP/2","response_code":200,"response_flags":"-","start_time":"2026-11-03T08:22:00.500Z","user-agent":"curl/8","x-envoy-origin-path":"/a?b=1","x-forwarded-for":"198.51.100.1","x-request-id":"3bbc"}"#,
    ]
    for (line, dataset) in zip(lines, ["traefik", "caddy", "envoy"]) {
      let found = try fields(
        line, "event.dataset", "event.category", "source.ip", "http.request.method", "url.path",
        "url.query", "url.domain", "http.response.status_code", "http.response.body.bytes",
        "user_agent.original", "user.name")
      #expect(
        found == [
          dataset, "http", "203.0.113.7", "GET", "/a", "b=1", "git.example.org", "200", "357",
          "curl/8", nil,
        ])
      let reading = try NormalisePath(anchor: 1_793_700_000).read(Array(line.utf8))
      #expect(reading.time == 1_793_694_120_500_000_000)
    }
  }

  @Test(
    arguments: [
      ("198.51.100.1, 203.0.113.7, 10.0.0.2", "203.0.113.7"),
      ("192.168.1.9,10.0.0.2", "192.168.1.9"),
      ("203.0.113.7,", "203.0.113.7"), ("x,y", nil), (",", nil),
    ] as [(String, String?)])
  func `of a list that proxies passed on, the last that can be on the internet is the client`(
    _ list: String, _ client: String?
  ) throws {
    let line =
      #"{"ClientHost":"\#(list)","DownstreamStatus":200,"RequestMethod":"GET","RequestPath":"/","StartUTC":"2026-11-03T08:22:00Z"}"#
    #expect(try fields(line, "source.ip") == [client])
  }

  @Test func `MongoDB: who was let in, by the messages' numbers`() throws {
    func line(_ id: Int, _ message: String, _ attributes: String) -> String {
      #"{"t":{"$date":"2026-11-03T09:22:00.903+01:00"},"s":"I","c":"ACCESS","id":\#(id),"ctx":"conn1","msg":"\#(message)","attr":{\#(attributes)}}"#
    }
    #expect(
      try event(
        line(
          20249, "Authentication failed",
          #""mechanism":"SCRAM-SHA-256","principalName":"root","remote":"203.0.113.7:4071","error":"AuthenticationFailed""#
        )) == ["mongodb", "auth.login", "failure", "root", "203.0.113.7"])
    #expect(
      try event(
        line(
          5_286_306, "Successfully authenticated",
          #""client":"[2001:db8::7]:4071","user":"app","db":"shop""#))
        == ["mongodb", "auth.login", "success", "app", "2001:db8::7"])
    #expect(
      try event(line(22943, "Connection accepted", #""remote":"203.0.113.7:4071""#))
        == ["mongodb", nil, nil, nil, "203.0.113.7"])
  }

  @Test func `Docker: what its daemon did`() throws {
    func line(_ type: String, _ action: String, _ more: String = "") -> String {
      #"{"status":"x","Type":"\#(type)","Action":"\#(action)","Actor":{"ID":"ab12","Attributes":{"image":"shop:1.2","name":"shop"\#(more)}},"scope":"local","time":1793694120,"timeNano":1793694120500000000}"#
    }
    let expected = [
      (line("container", "exec_create: sh"), "change.exec", "success"),
      (line("container", "start"), "image.run", "success"),
      (line("container", "die", #","exitCode":"0""#), "service.stop", "success"),
      (line("container", "die", #","exitCode":"137""#), "service.stop", "failure"),
      (line("image", "pull"), "change.create", "success"),
      (line("volume", "destroy"), "change.delete", "success"),
    ]
    for (line, action, outcome) in expected {
      #expect(try event(line)[0...2] == ["docker-events", action, outcome])
      #expect(
        try fields(line, "container.name", "container.id", "container.image.name")
          == ["shop", "ab12", line.contains(#""image","Action":"pull""#) ? "ab12" : "shop:1.2"])
      let reading = try NormalisePath(anchor: 1_793_700_000).read(Array(line.utf8))
      #expect(reading.time == 1_793_694_120_500_000_000)
    }
  }

  @Test func `GitLab's other logs: the API, what was held back, and its shell`() throws {
    #expect(
      try event(
        #"{"time":"2026-11-03T08:22:00.5Z","severity":"INFO","duration_s":0.01,"status":200,"method":"GET","path":"/api/v4/users","params":[],"host":"git.example.org","remote_ip":"203.0.113.7","ua":"curl/8","route":"/api/:version/users","user_id":7,"username":"kim"}"#
      ) == ["gitlab-api", "http.request", "success", "kim", "203.0.113.7"])
    #expect(
      try event(
        #"{"severity":"ERROR","time":"2026-11-03T08:22:00.5Z","correlation_id":"c","message":"Rack_Attack","env":"throttle","remote_ip":"203.0.113.7","request_method":"POST","path":"/users/sign_in","matched":"throttle_unauthenticated"}"#
      ) == ["gitlab-auth", "net.deny", "failure", nil, "203.0.113.7"])
    #expect(
      try event(
        #"{"command":"git-receive-pack","correlation_id":"c","gl_key_id":7,"gl_key_type":"key","gl_project_path":"shop/api","level":"info","msg":"executing git command","remote_ip":"203.0.113.7","time":"2026-11-03T08:22:00Z","user_id":"user-1","username":"kim"}"#
      ) == ["gitlab-shell", "vcs.push", "success", "kim", "203.0.113.7"])
  }

  @Test func `who calls an API: nginx, Traefik, Envoy, Caddy, Kong and GitLab`() throws {
    let nginx =
      #"{"time":"2026-11-03T08:22:00Z","remote_addr":"203.0.113.7","status":"200","request_method":"GET","uri":"/a","#
    let kong =
      #"{"client_ip":"203.0.113.7","started_at":1793694120500,"request":{"method":"GET","uri":"/a?b=1","headers":{"host":"a.example.org:443"},"tls":{"version":"TLSv1.3"}},"response":{"status":403},"latencies":{"request":12}"#
    let clients: [(line: String, client: String?)] = [
      (nginx + #""client_id":"shop-app","http_x_client_id":"other"}"#, "shop-app"),
      (nginx + #""api_key_hash":"9f2b"}"#, "9f2b"),
      (nginx + #""client_id":17}"#, "17"),
      (nginx + #""client_id":"-"}"#, nil),
      (nginx + #""http_x_api_key":"s3cret"}"#, nil),
      (
        #"{"ClientHost":"203.0.113.7","RequestMethod":"GET","RequestPath":"/","DownstreamStatus":200,"StartUTC":"2026-11-03T08:22:00Z","request_X-Client-Id":"shop-app"}"#,
        "shop-app"
      ),
      (
        #"{"start_time":"2026-11-03T08:22:00Z","method":"GET","path":"/","response_code":200,"response_flags":"-","downstream_remote_address":"203.0.113.7:51","x-client-id":"shop-app"}"#,
        "shop-app"
      ),
      (
        #"{"ts":1793694120.5,"request":{"remote_ip":"203.0.113.7","method":"GET","uri":"/","host":"a.example.org","headers":{"X-Client-Id":["shop-app"]}},"status":200}"#,
        "shop-app"
      ),
      (kong + #","consumer":{"id":"c-1","username":"shop","custom_id":"shop-app"}}"#, "shop-app"),
      (kong + #","consumer":{"id":"c-1","username":"shop"}}"#, "shop"),
      (kong + "}", nil),
      (
        #"{"time":"2026-11-03T08:22:00.5Z","status":200,"method":"GET","path":"/api/v4/users","remote_ip":"203.0.113.7","route":"/api/:version/users","meta.client_id":"user/17"}"#,
        "user/17"
      ),
    ]
    for (line, client) in clients {
      #expect(try fields(line, "client.id", "event.action") == [client, "http.request"], "\(line)")
    }
    #expect(try event(kong + "}") == ["kong", "http.request", "failure", nil, "203.0.113.7"])
    #expect(
      try fields(kong + "}", "url.domain", "url.path", "tls.version", "event.duration_ms")
        == ["a.example.org", "/a", "1.3", "12"])
  }

  @Test func `deliveries to web hooks: GitLab's jobs, and what an application writes`() throws {
    func job(_ text: String) -> String {
      #"{"severity":"INFO","time":"2026-11-03T08:22:00.5Z","queue":"default","jid":"a1","# + text
        + "}"
    }
    func delivery(_ text: String) -> String { #"{"time":"2026-11-03T08:22:00Z","# + text + "}" }
    let deliveries: [(line: String, fields: [String?])] = [
      (
        job(
          #""class":"WebHookWorker","args":["3","[FILTERED]","push_hooks","[FILTERED]"],"job_status":"done""#
        ),
        ["webhook.send", "success", "3"]
      ),
      (
        job(#""class":"WebHookWorker","job_status":"fail""#), ["webhook.send", "failure", nil]
      ),
      (job(#""class":"WebHookWorker","args":["3"],"job_status":"start""#), [nil, nil, nil]),
      (
        job(#""class":"WebHooks::LogExecutionWorker","args":["3"],"job_status":"done""#),
        [nil, "success", nil]
      ),
      (
        delivery(#""webhook_url":"https://kim:pw@hooks.example:8443/in/s3cret?k=1","status":201"#),
        ["webhook.send", "success", "hooks.example"]
      ),
      (
        delivery(#""endpoint_url":"https://hooks.example?x","event_type":"a","response_code":503"#),
        ["webhook.send", "failure", "hooks.example"]
      ),
      (
        delivery(#""endpoint_id":7,"event_type":"a","status":"delivered""#),
        ["webhook.send", "success", "7"]
      ),
      (
        delivery(
          #""webhook_id":"wh_8","event_type":"a","url":"https://h.example/","status_code":404"#),
        ["webhook.send", "failure", "wh_8"]
      ),
    ]
    for (line, expected) in deliveries {
      #expect(
        try fields(line, "event.action", "event.outcome", "webhook.endpoint") == expected, "\(line)"
      )
    }
    // What a hook answered is no answer of ours.
    #expect(
      try fields(deliveries[4].line, "http.response.status_code", "url.domain") == [nil, nil])
  }

  @Test func `Proxmox: sign-ins and tasks, and a name that looks like the rest of the line`() throws
  {
    func line(_ text: String) -> String { "Nov  3 08:22:00 pve1 pvedaemon[42]: \(text)" }
    #expect(
      try event(
        line(
          "authentication failure; rhost=::ffff:203.0.113.7 user=toor@pam msg=no such user ('toor@pam')"
        )) == ["proxmox", "auth.login", "failure", "toor@pam", "203.0.113.7"])
    #expect(
      try event(
        line(
          "authentication failure; rhost=203.0.113.7 user=a rhost=10.0.0.1 msg=x@pam msg=no such user ('a rhost=10.0.0.1 msg=x@pam')"
        ))[4] == "203.0.113.7")
    #expect(
      try event(line("<root@pam> successful auth for user 'root@pam'"))
        == ["proxmox", "auth.login", "success", "root@pam", nil])
    #expect(
      try fields(
        line("<root@pam> starting task UPID:pve1:0000A:0000B:65A1:qmsnapshot:100:root@pam:"),
        "event.action", "user.name", "process.command_line")
        == ["change.exec", "root@pam", "qmsnapshot"])
    #expect(try event(line("worker 42 started"))[1] == nil)
  }

  @Test func `Synapse: who asked for what, who signed in, and a hostile agent`() throws {
    func line(
      _ address: String, _ who: String, _ status: String, _ request: String, _ agent: String
    )
      -> String
    {
      """
      2026-11-03 08:20:00,250 - synapse.access.http.8008 - 460 - INFO - POST-77- \(address) - 8008 - {\(who)} Processed request: \
      0.210sec/0.001sec (0.004sec, 0.001sec) (0.001sec/0.012sec/5) 180B \(status) "\(request)" "\(agent)" [0 dbevts]
      """
    }
    let signIn = "POST /_matrix/client/v3/login HTTP/1.1"
    #expect(
      try event(line("203.0.113.7", "None", "200", signIn, "Element/1.12"))
        == ["synapse", "auth.login", "success", nil, "203.0.113.7"])
    #expect(
      try event(line("::ffff:203.0.113.7", "None", "403!", signIn, "x"))
        == ["synapse", "auth.login", "failure", nil, "203.0.113.7"])
    #expect(
      try fields(
        line(
          "2001:db8::7", "@kim:example.org", "200", "GET /_matrix/client/r0/sync?a=b HTTP/1.1",
          #"a" 403 "b" [1 dbevts"#), "event.action", "event.outcome", "user.name", "source.ip",
        "url.path", "http.response.status_code", "http.response.body.bytes", "user_agent.original",
        "host.name")
        == [
          "http.request", "success", "@kim:example.org", "2001:db8::7", "/_matrix/client/r0/sync",
          "200", "180", #"a" 403 "b" [1 dbevts"#, nil,
        ])
    #expect(
      try fields(
        line("10.0.0.2", "@admin:hs|@kim:hs", "200", "GET /x HTTP/1.1", "x"), "user.name",
        "user.effective.name") == ["@admin:hs", "@kim:hs"])
    #expect(
      try fields(
        "2026-11-03 08:20:00,250 - synapse.handlers.auth - 460 - INFO - POST-77 - Attempted to login as @kim:hs but they do not exist",
        "event.action", "event.reason", "user.name", "host.name")
        == [nil, "invalid-user", "@kim:hs", nil])
  }

  @Test(arguments: [
    (
      #"type="LOGIN_ERROR", realmId="r1", realmName="corp", clientId="gitlab", userId="null", ipAddress="198.51.100.9", error="user_not_found", auth_method="openid-connect", username="kim""#,
      ["keycloak", "auth.login", "failure", "kim", "198.51.100.9"]
    ),
    (
      "type=LOGIN_ERROR, realmId=keycloak, clientId=web, userId=null, ipAddress=198.51.100.9, error=invalid_user_credentials, username=kim",
      ["keycloak", "auth.login", "failure", "kim", "198.51.100.9"]
    ),
    (
      #"type="LOGIN_ERROR", clientId="web", userId="7", ipAddress="198.51.100.9", error="invalid_totp", username="kim""#,
      ["keycloak", "auth.mfa.step", "failure", "kim", "198.51.100.9"]
    ),
    (
      #"type="LOGIN_ERROR", clientId="web", ipAddress="198.51.100.9", error="x", username="a", ipAddress="10.0.0.1", username="b""#,
      ["keycloak", "auth.login", "failure", "a", "198.51.100.9"]
    ),
    (
      #"type="REMOVE_TOTP", clientId="account", ipAddress="198.51.100.9", username="kim""#,
      ["keycloak", "auth.mfa.remove", "success", "kim", "198.51.100.9"]
    ),
  ])
  func `Keycloak's server log tells the same as its events`(_ pairs: String, _ expected: [String?])
    throws
  {
    let line =
      "2026-11-03 08:19:00,397 WARN  [org.keycloak.events] (executor-thread-4) \(pairs)"
    #expect(try event(line) == expected)
    #expect(try fields(line, "host.name") == [nil])
  }

  @Test(arguments: ["", "kim@prod ", "[unknown]@[unknown] "])
  func `PostgreSQL's plain log: who came in and who did not`(_ prefix: String) throws {
    func line(_ text: String) -> String { "2026-11-03 08:21:00.123 UTC [77] \(prefix)\(text)" }
    #expect(
      try event(line("LOG:  connection authorized: user=kim database=prod application_name=psql"))
        == ["postgresql", "auth.login", "success", "kim", nil])
    #expect(
      try event(line(#"FATAL:  password authentication failed for user "kim""#))
        == ["postgresql", "auth.login", "failure", "kim", nil])
    #expect(
      try event(
        line("ERROR:  relation \"LOG:  connection authorized: user=x database=y\" is none"))[1]
        == nil)
  }

  @Test func `of a list the first text counts, and an escaped one is none`() throws {
    func line(_ list: String) -> String {
      #"{"auditID":"9","verb":"get","stage":"ResponseComplete","sourceIPs":\#(list),"requestReceivedTimestamp":"2026-11-03T08:22:00Z"}"#
    }
    let cases =
      [
        (#"["203.0.113.7"]"#, "203.0.113.7"), (#"[ "203.0.113.7" , "x"]"#, "203.0.113.7"),
        ("[]", nil), (#"[7]"#, nil), (#"["203.0.113.\u0037"]"#, nil), (#"[["203.0.113.7"]]"#, nil),
      ] as [(String, String?)]
    for (list, expected) in cases {
      #expect(try fields(line(list), "source.ip") == [expected], "\(list)")
    }
  }

  @Test func `what an event refers to by name: tools, roles, credentials, secrets`() throws {
    #expect(
      try fields(
        #"{"eventVersion":"1.08","eventTime":"2026-11-03T08:00:00Z","eventSource":"secretsmanager.amazonaws.com","eventName":"GetSecretValue","sourceIPAddress":"203.0.113.7","readOnly":true,"userIdentity":{"type":"IAMUser","userName":"kim","accessKeyId":"AKIA1"},"requestParameters":{"secretId":"prod/db1"}}"#,
        "event.action", "tool.name", "credential.id", "secret.name")
        == ["secret.read", "secretsmanager.amazonaws.com", "AKIA1", "prod/db1"])
    #expect(
      try fields(
        #"{"eventVersion":"1.08","eventTime":"2026-11-03T08:00:00Z","eventSource":"secretsmanager.amazonaws.com","eventName":"CreateSecret","sourceIPAddress":"203.0.113.7","readOnly":false,"userIdentity":{"type":"IAMUser","userName":"kim"},"requestParameters":{"name":"prod/db2"}}"#,
        "event.action", "secret.name") == ["secret.write", "prod/db2"])
    // A name that is not a secret's stays one.
    #expect(
      try fields(
        #"{"eventVersion":"1.08","eventTime":"2026-11-03T08:00:00Z","eventSource":"elasticloadbalancing.amazonaws.com","eventName":"CreateLoadBalancer","sourceIPAddress":"203.0.113.7","readOnly":false,"userIdentity":{"type":"IAMUser","userName":"kim"},"requestParameters":{"name":"shop"}}"#,
        "event.action", "secret.name") == ["change.create", nil])
    #expect(
      try fields(
        audit("get", #""resource":"secrets","namespace":"shop","name":"db""#, 200), "secret.name",
        "role.name") == ["db", nil])
    #expect(
      try fields(audit("get", #""resource":"pods","name":"db""#, 200), "secret.name") == [nil])
    #expect(
      try fields(
        #"{"kind":"Event","auditID":"9","stage":"ResponseComplete","verb":"create","user":{"username":"kim"},"objectRef":{"resource":"rolebindings","apiGroup":"rbac.authorization.k8s.io"},"responseStatus":{"code":201},"requestObject":{"roleRef":{"name":"admin"},"metadata":{"annotations":{"ticket":"WP-398"}}},"requestReceivedTimestamp":"2026-11-03T08:22:00Z"}"#,
        "event.action", "role.name", "ticket.id") == ["role.grant", "admin", "WP-398"])
  }

  @Test func `GitLab's audit log: integrations, applications, webhooks and roles`() throws {
    func line(_ name: String, _ target: String, _ more: String) -> String {
      #"{"author_id":7,"author_name":"dana","entity_type":"Project","target_type":"\#(target)","event_name":"\#(name)",\#(more),"time":"2026-11-03T08:22:00Z"}"#
    }
    let lines = [
      (
        line(
          "user_authorized_oauth_application", "Doorkeeper::Application",
          #""details":{"application_name":"Zapier"}"#), "change.create", "Zapier"
      ),
      (
        line("webhook_created", "ProjectHook", #""target_details":"https://hooks.example/x""#),
        "change.create", "https://hooks.example/x"
      ),
      (
        line("", "Integrations::Telegram", #""target_details":"Telegram","change":"active""#),
        "change.create", "Telegram"
      ),
    ]
    for (line, action, tool) in lines {
      #expect(try fields(line, "event.action", "tool.name", "user.name") == [action, tool, "dana"])
    }
    #expect(
      try fields(
        line("", "User", #""target_details":"kim","change":"access_level","to":"Owner""#),
        "event.action", "role.name", "user.target.name", "tool.name")
        == ["role.grant", "Owner", "kim", nil])
  }

  @Test func `Nextcloud's audit log: what is shared with whom, and apps`() throws {
    func line(_ message: String) -> String {
      #"{"reqId":"a1","level":1,"time":"2026-11-03T08:18:00+00:00","remoteAddr":"203.0.113.7","user":"dana","app":"admin_audit","method":"POST","url":"/x","message":"\#(message)","userAgent":"x","version":"31"}"#
    }
    let shared = #"The file \"/dana/files/x.pdf\" with ID \"12\" has been shared"#
    let end = #"with permissions \"17\" (Share ID: 4)"#
    let cases =
      [
        ("\(shared) via link \(end)", "link", nil, "dana"),
        (
          #"\#(shared) to the email recipient \"kim@gmail.com\" \#(end)"#, "email", "kim@gmail.com",
          "dana"
        ),
        (
          #"\#(shared) to the remote user \"kim@cloud.example\" \#(end)"#, "remote", nil,
          "kim@cloud.example"
        ),
        (
          #"\#(shared) to the user \"kim\" with permissions \"17\"  (Share ID: 4)"#, "user", nil,
          "kim"
        ),
        (
          #"\#(shared) to the group \"all\" with permissions \"17\"  (Share ID: 4)"#, "group", nil,
          "dana"
        ),
      ] as [(String, String, String?, String?)]
    for (message, reason, mail, target) in cases {
      #expect(
        try fields(
          line(message), "event.action", "event.reason", "file.path", "user.target.email",
          "user.target.name", "user.name")
          == ["share.create", reason, "/dana/files/x.pdf", mail, target, "dana"])
    }
    #expect(
      try fields(line(#"App \"spreed\" enabled"#), "event.action", "tool.name")
        == ["change.create", "spreed"])
    #expect(
      try fields(line(#"App \"spreed\" enabled for groups: a, b"#), "event.action", "tool.name")
        == ["change.create", "spreed"])
    #expect(
      try fields(line(#"App \"spreed\" disabled"#), "event.action", "tool.name")
        == ["change.delete", "spreed"])
  }

  @Test func `Keycloak: which client somebody signs in to, and what an administrator changes`()
    throws
  {
    #expect(
      try fields(
        #"{"type":"LOGIN","realmId":"r1","clientId":"grafana","userId":"7","ipAddress":"198.51.100.9","details":{"username":"kim"},"time":1793694000000}"#,
        "event.action", "tool.name") == ["auth.login", "grafana"])
    // Its own pages are no tool.
    #expect(
      try fields(
        #"{"type":"LOGIN","realmId":"r1","clientId":"account-console","userId":"7","ipAddress":"198.51.100.9","details":{"username":"kim"},"time":1793694000000}"#,
        "event.action", "tool.name") == ["auth.login", nil])
    func admin(_ operation: String, _ resource: String, _ more: String = "") -> String {
      #"{"operationType":"\#(operation)","resourceType":"\#(resource)","resourcePath":"x/7","realmId":"r1","authDetails":{"username":"dana","ipAddress":"198.51.100.9"},"time":1793694000000\#(more)}"#
    }
    #expect(
      try event(admin("CREATE", "CLIENT"))
        == ["keycloak-admin", "change.create", "success", "dana", "198.51.100.9"])
    #expect(try fields(admin("CREATE", "CLIENT"), "tool.name") == ["x/7"])
    #expect(try event(admin("DELETE", "USER"))[1] == "account.delete")
    #expect(try event(admin("CREATE", "USER", #","error":"x""#))[1...2] == [nil, "failure"])
    #expect(try event(admin("UPDATE", "REALM"))[1] == "change.update")
  }

  @Test(
    arguments: [
      ("ALTER ROLE kim WITH SUPERUSER;", "role.grant", "kim"),
      ("ALTER USER kim SUPERUSER", "role.grant", "kim"),
      ("CREATE ROLE kim WITH LOGIN SUPERUSER", "role.grant", "kim"),
      ("ALTER ROLE kim NOSUPERUSER", "role.revoke", nil), ("SELECT 'ALTER ROLE kim'", nil, nil),
    ] as [(String, String?, String?)])
  func `PostgreSQL with statements: who becomes a superuser`(
    _ statement: String, _ action: String?, _ target: String?
  ) throws {
    let line =
      #"{"timestamp":"2026-11-03 08:21:00.123 UTC","user":"dana","dbname":"prod","pid":77,"session_id":"6728.4d","error_severity":"LOG","message":"statement: \#(statement)","backend_type":"client backend"}"#
    #expect(
      try fields(line, "event.action", "role.name", "user.target.name")
        == [action, action == nil ? nil : "superuser", target])
  }

  @Test func `sudo: a task that the command line names`() throws {
    func line(_ part: String) -> String {
      "2026-11-03T09:14:07Z web1 sudo:      kim : TTY=pts/0 ; PWD=/ ; USER=root ; \(part)COMMAND=/usr/bin/id TICKET=none"
    }
    #expect(try fields(line("ENV=TICKET=WP-398 A=b ; "), "ticket.id") == ["WP-398"])
    #expect(try fields(line("ENV=A=b TICKET=WP-398 ; "), "ticket.id") == ["WP-398"])
    #expect(try fields(line("ENV=NOTICKET=1 ; "), "ticket.id") == [nil])
    #expect(try fields(line(""), "ticket.id") == [nil])
  }
}
