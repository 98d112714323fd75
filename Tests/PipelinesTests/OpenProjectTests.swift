import Bytes
import Events
import Testing

/// OpenProject's log: failures by name and address, requests by the user's number.
@Suite struct OpenProjectTests {
  private func line(_ text: String, level: String = "INFO") -> String {
    "\(level.prefix(1)), [2026-11-03T08:20:00.136914 #77]  \(level) -- : [87a5dceb-0560-4e17-8577-2822106dfc00] \(text)"
  }

  private func event(_ line: String) throws -> [String?] {
    let reading = try NormalisePath(anchor: 1_793_700_000).read(Array(line.utf8))
    #expect(reading.rejection == nil, "\(line)")
    return [
      "event.action", "event.outcome", "user.name", "source.ip", "user.target.name",
    ].map { reading[$0] }
  }

  private func request(
    _ method: String, _ path: String, _ status: Int, user: String = "7",
    controller: String = "controller=AccountController action=login "
  ) -> String {
    line(
      "method=\(method) path=\(path) format=html \(controller)status=\(status) allocations=133182 duration=237.82 view=107.45 db=116.50 user=\(user)"
    )
  }

  @Test func `requests and sign-ins are what their method, path and status say`() throws {
    #expect(
      try event(request("POST", "/login", 302)) == ["auth.login", "success", "7", nil, nil])
    // Who failed is told by the line of the failure; the form that comes again is a request.
    #expect(
      try event(request("POST", "/login", 422, user: "anonymous"))
        == ["http.request", "failure", nil, nil, nil])
    #expect(
      try event(request("GET", "/login", 200, user: "anonymous"))
        == ["http.request", "success", nil, nil, nil])
    #expect(
      try event(
        request("GET", "/", 200, controller: "controller=HomescreenController action=index "))
        == ["http.request", "success", "7", nil, nil])
  }

  @Test(
    arguments: [
      ("POST", "/api/v3/users/12/lock", 200, "account.lock", "success", "12"),
      ("DELETE", "/api/v3/users/12/lock", 200, "account.unlock", "success", "12"),
      ("POST", "/api/v3/users/12/lock", 403, "account.lock", "failure", "12"),
      ("DELETE", "/api/v3/users/12", 202, "account.delete", "success", "12"),
      ("POST", "/projects/api/v3/users", 201, "account.create", "success", nil),
      ("POST", "/api/v3/users/12/lock/x", 404, "http.request", "failure", nil),
      ("PATCH", "/api/v3/users/12", 200, "http.request", "success", nil),
    ] as [(String, String, Int, String, String, String?)])
  func `accounts are locked and deleted through the API`(
    _ method: String, _ path: String, _ status: Int, _ action: String, _ outcome: String,
    _ target: String?
  ) throws {
    let found = try event(request(method, path, status, user: "4", controller: ""))
    #expect(found == [action, outcome, "4", nil, target])
  }

  @Test(arguments: ["", " (NOT ACTIVATED)", " [user=anonymous]", " (NOT ACTIVATED) [user=4]"])
  func `a failure names whom it was tried as, and from where`(_ tail: String) throws {
    let text = "Failed login for 'kim' from 203.0.113.7 at 2026-11-03 08:20:00 UTC\(tail)"
    #expect(
      try event(line(text, level: "WARN")) == ["auth.login", "failure", "kim", "203.0.113.7", nil])
    let reading = try NormalisePath(anchor: 1_793_700_000).read(
      Array(line(text, level: "WARN").utf8))
    let isInactive = tail.contains("NOT")
    #expect(reading["event.reason"] == (isInactive ? "not-activated" : "bad-credentials"))
  }

  @Test func `a name that looks like the rest of the line is a name`() throws {
    let name = "x' from 10.0.0.1 at 2026-11-03 method=POST path=/login"
    #expect(
      try event(line("Failed login for '\(name)' from 203.0.113.7 at 2026-11-03 08:20:00 UTC"))
        == ["auth.login", "failure", name, "203.0.113.7", nil])
  }

  @Test func `the journal and a container say the same`() throws {
    let text = request("POST", "/login", 302)
    let quoted = text.replacing("\"", with: "\\\"")
    for wrapped in [
      "Nov  3 08:20:01 op1 openproject-web-1[77]: \(text)",
      "2026-11-03T08:20:01.000000000Z stdout F \(text)",
      #"{"log":"\#(quoted)\n","stream":"stdout","time":"2026-11-03T08:20:01Z"}"#,
      #"{"__CURSOR":"s=1","__REALTIME_TIMESTAMP":"1793694001000000","_HOSTNAME":"op1","SYSLOG_IDENTIFIER":"openproject-web-1","_PID":"77","MESSAGE":"\#(quoted)"}"#,
    ] {
      #expect(try event(wrapped) == ["auth.login", "success", "7", nil, nil], "\(wrapped)")
    }
  }

  @Test func `the log is known by its lines, and another application's requests are not its own`()
    throws
  {
    let text =
      request("GET", "/", 200) + "\n" + line("Failed login for 'a' from 1.2.3.4 at x") + "\n"
    #expect(withView(Array(text.utf8)) { LineFormat.detect($0) } == .logfmt)
    let other = line(
      "method=GET path=/about format=html controller=PagesController action=show status=200 duration=5.1 view=1.0 db=0.5"
    )
    let reading = try NormalisePath(anchor: 1_793_700_000).read(Array(other.utf8))
    #expect(reading["event.dataset"] == nil)
    #expect(reading["message"]?.hasPrefix("method=GET") == true)
  }
}
