import Bytes
import Detectors
import Documents
import Events
import Pipelines
import Registers
import Testing

/// What the corpora taught, in lines written for the purpose.
@Suite struct NormalisePathTests {
  private func read(_ line: String) throws -> Reading {
    try NormalisePath(anchor: 1_798_761_500).read(Array(line.utf8))
  }

  private let request = #"[03/Nov/2026:09:14:07 +0100] "GET /a HTTP/1.1" 200 5 "-" "curl/8""#

  @Test(arguments: [
    // The last public address was seen by a proxy; those before it may be made up.
    ("198.51.100.7, 203.0.113.9, 10.0.0.1 - dana", "203.0.113.9"),
    ("10.0.0.2, 10.0.0.1 - dana", "10.0.0.2"),
    ("198.51.100.7, 203.0.113.9 10.2.2.121 - dana", "203.0.113.9"),
    (#""198.51.100.7, 203.0.113.9" 10.2.1.185 - dana"#, "203.0.113.9"),
    // Who comes from the internet without a proxy can only have made the list up.
    (#""198.51.100.7" 203.0.113.9 - dana"#, "203.0.113.9"),
    (#""-" 203.0.113.9 - dana"#, "203.0.113.9"),
    ("2001:db8::7, 10.225.192.17 10.2.2.121 - dana", "2001:db8::7"),
    ("unknown, 10.0.0.1 - dana", "10.0.0.1"), ("203.0.113.9 - dana", "203.0.113.9"),
  ])
  func `behind proxies the source is the last address that can be outside`(
    _ head: String, _ source: String
  ) throws {
    let reading = try read("\(head) \(request)")
    #expect(reading.format == .access)
    #expect(reading.rejection == nil)
    #expect(reading["source.ip"] == source)
    #expect(reading["user.name"] == "dana")
    #expect(reading["user_agent.original"] == "curl/8")
  }

  @Test(arguments: ["\"", "\" ", "\"\"", "\"a", ", ", "a, ", "a,", ",", "\"a\" ", "a, b"])
  func `a list without a line is refused`(_ head: String) throws {
    #expect(try read(head).rejection != nil)
    #expect(try read("\(head)\(request.dropFirst())").rejection != nil)
  }

  @Test(arguments: [
    ("www.example.org:443", "www.example.org"), ("www.example.org", "www.example.org"),
    ("[2001:db8::1]:8443", "[2001:db8::1]"), ("www.example.org:https", "www.example.org:https"),
  ])
  func `the port of a virtual host is no part of its name`(_ host: String, _ domain: String) throws
  {
    #expect(try read("\(host) 203.0.113.9 - - \(request)")["url.domain"] == domain)
  }

  @Test func `a line cut within its agent is still a request`() throws {
    let line = #"203.0.113.9 - - [03/Nov/2026:09:14:07 +0100] "GET /a HTTP/1.1" 200 5 "-" "Mozil"#
    let reading = try read(line)
    #expect(reading.rejection == nil)
    #expect(reading["user_agent.original"] == "Mozil")
    // Cut within the request nothing says what came of it.
    #expect(try read(String(line.prefix(60))).rejection != nil)
  }

  @Test func `nginx's other names of JSON keys are known`() throws {
    let reading = try read(
      #"{"time": "03/Nov/2026:09:14:07 +0100", "remote_ip": "203.0.113.9", "remote_user": "-", "#
        + #""request": "GET /a?b=c HTTP/1.1", "response": 304, "bytes": 0, "agent": "curl/8"}"#)
    #expect(reading.rejection == nil)
    #expect(reading["source.ip"] == "203.0.113.9")
    #expect(reading["http.request.method"] == "GET")
    #expect(reading["url.path"] == "/a")
    #expect(reading["url.query"] == "b=c")
    #expect(reading["http.response.status_code"] == "304")
    #expect(reading["user.name"] == nil)
  }

  @Test(arguments: [
    ("SessionsController", "create", 302, "auth.login success"),
    ("SessionsController", "create", 0, "auth.login failure"),
    ("SessionsController", "create", 401, "auth.login failure"),
    // The form for the second factor, asked or wrong: nobody is in yet.
    ("SessionsController", "create", 200, "auth.mfa.step unknown"),
    ("OmniauthCallbacksController", "failure", 302, "auth.login failure"),
    ("OmniauthCallbacksController", "saml", 302, "http.request success"),
  ])
  func `GitLab's sign-in has succeeded only when it redirects`(
    _ controller: String, _ action: String, _ status: Int, _ verdict: String
  ) throws {
    let reading = try read(
      #"{"method":"POST","path":"/users/x","controller":"\#(controller)","action":"\#(action)","#
        + #""status":\#(status),"time":"2026-11-03T08:17:00.001Z","remote_ip":"203.0.113.9"}"#)
    #expect(
      "\(reading["event.action"] ?? "-") \(reading["event.outcome"] ?? "-")" == verdict)
  }

  /// The field `login` that a syslog line with a JSON message has, by a mapping of one's own.
  private func login(_ message: String) throws -> String? {
    var table = FieldTable()
    let document = try Document(
      file: "own.yaml",
      text: """
        mapping: own
        format: syslog
        message: json
        match: {program: app, keys: [login, ok]}
        fields: {user.name: login}
        """)
    let (mappings, problems) = MappingLoader.load(document, table: &table)
    #expect(problems.isEmpty)
    let setup = PipelineSetup(
      registers: try Registers([]), rules: RuleSet(), mappings: mappings, table: table, zone: .utc,
      everything: true)
    var normaliser = setup.makeNormaliser()
    return withView(Array("2026-11-03T09:14:07Z web1 app[1]: \(message)".utf8)) { line in
      let event = Event()
      event.reset(line: line)
      let context = LineContext(
        format: .rfc3164, zone: .utc, years: YearRule(anchor: 0), source: ByteView("own"))
      #expect(normaliser.normalise(event, context) == nil)
      return table["login"].flatMap { event.text($0)?.string }
    }
  }

  @Test func `a message that was cut short leaves nothing behind`() throws {
    #expect(try login(#"{"login":"dana","ok":true}"#) == "dana")
    #expect(try login(#"{"login":"dana","ok":tr"#) == nil)
    #expect(try login(#"{"login":"dana"}"#) == nil)
  }

  @Test func `root at the console is a sign-in`() throws {
    for head in ["web1  -- root[2421]:", "web1 -- root[2421]:", "web1 login[2421]:"] {
      let reading = try read("Nov  3 09:14:07 \(head) ROOT LOGIN ON tty2")
      #expect(reading["event.action"] == "auth.login", "\(head)")
      #expect(reading["user.name"] == "root")
      #expect(reading["host.name"] == "web1")
      #expect(reading["process.pid"] == "2421")
    }
    #expect(try read("Nov  3 09:14:07 web1 -- mark -- root[1]: ROOT LOGIN ON tty2").code == "")
  }
}
