import Foundation
import Testing

/// `rollcall parse` against golden output.
@Suite struct ParseTests {
  static let nginx = """
    {"time":"2026-11-03T09:14:07.250+01:00","remote_addr":"203.0.113.7","remote_user":"dana","request_method":"GET","host":"git.example.org","uri":"/a?b=c","status":"404","body_bytes_sent":"17"}
    {"time":"2026-11-03T09:14:08
    """
  static let auth = """
    Nov  3 09:14:07 web1 sshd[812]: Failed password for invalid user x from 203.0.113.9 port 4002 ssh2
    <86>2026-11-03T09:14:07.123456+00:00 web1 sudo: dana : TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/usr/bin/id
    nonsense
    """
  static let combined = """
    203.0.113.7 - - [03/Nov/2026:09:14:07 +0100] "POST /users/sign_in HTTP/1.1" 401 17 "-" "curl/8"
    """

  @Test func `nginx as JSON`() throws {
    let scratch = try Scratch()
    let run = try Program.run("parse", "-q", try scratch.write("access.json", ParseTests.nginx))
    #expect(run.code == 0)
    #expect(
      run.lines == [
        #"{"@timestamp":"2026-11-03T08:14:07.250Z","event":{"category":"http","action":"http.request","outcome":"failure","dataset":"nginx-json"},"user":{"name":"dana"},"source":{"ip":"203.0.113.7","address":"203.0.113.7"},"host":"git.example.org","http":{"request":{"method":"GET"},"response":{"status_code":404,"body":{"bytes":17}}},"url":{"original":"/a?b=c","path":"/a","query":"b=c","domain":"git.example.org"},"log":{"source":"access.json","line":1,"offset":0},"time":"2026-11-03T09:14:07.250+01:00","status":"404","request_method":"GET","remote_addr":"203.0.113.7","remote_user":"dana","uri":"/a?b=c","body_bytes_sent":"17"}"#
      ])
    #expect(run.errors.contains("rejected: access.json:2: json-unfinished at byte 28\n"))
    #expect(run.ledger == "read 2 lines · parsed 1 · rejected 1 · findings 0")
  }

  @Test func `syslog without a year, and with six digits of a second`() throws {
    let scratch = try Scratch()
    let file = try scratch.write("auth.log", ParseTests.auth)
    try scratch.stamp("auth.log", Samples.november + 10 * 86_400)
    let run = try Program.run("parse", "-q", "--timezone", "Europe/Amsterdam", file)
    #expect(
      run.lines == [
        #"{"@timestamp":"2026-11-03T08:14:07Z","event":{"category":"authentication","action":"auth.login","outcome":"failure","reason":"invalid-user","code":"sshd.failed","dataset":"sshd"},"user":{"name":"x"},"source":{"ip":"203.0.113.9","address":"203.0.113.9","port":4002},"host":{"name":"web1"},"process":{"name":"sshd","pid":812},"message":"Failed password for invalid user x from 203.0.113.9 port 4002 ssh2","log":{"source":"auth.log","line":1,"offset":0},"authentication":{"method":"password"},"timestamp":{"inferred":"year,zone"}}"#,
        #"{"@timestamp":"2026-11-03T09:14:07.123456Z","event":{"category":"process","action":"privilege.sudo","outcome":"success","code":"sudo.command","dataset":"sudo"},"user":{"name":"dana","effective":{"name":"root"}},"host":{"name":"web1"},"process":{"name":"sudo","command_line":"/usr/bin/id","working_directory":"/"},"message":"dana : TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/usr/bin/id","log":{"syslog":{"priority":86},"source":"auth.log","line":2,"offset":99}}"#,
      ])
    #expect(run.errors.contains("rejected: auth.log:3: not-syslog at byte 0\n"))
  }

  @Test func `an access log, from a file and from a pipe`() throws {
    let scratch = try Scratch()
    let file = try Program.run(
      "parse", "-q", try scratch.write("access.log", ParseTests.combined))
    let pipe = try Program.run("parse", "-q", "-", input: Data(ParseTests.combined.utf8))
    let golden =
      #"{"@timestamp":"2026-11-03T08:14:07Z","event":{"category":"authentication","action":"auth.login","outcome":"failure","dataset":"access"},"source":{"ip":"203.0.113.7","address":"203.0.113.7"},"http":{"request":{"method":"POST"},"response":{"status_code":401,"body":{"bytes":17}}},"url":{"original":"/users/sign_in","path":"/users/sign_in"},"user_agent":{"original":"curl/8"},"log":{"source":"access.log","line":1,"offset":0}}"#
    #expect(file.lines == [golden])
    #expect(pipe.lines == [golden.replacingOccurrences(of: "access.log", with: "stdin")])
  }

  @Test func `PostgreSQL as JSON: who was let in, who was not, and who left`() throws {
    let lines = #"""
      {"timestamp":"2026-11-27 22:26:10.220 UTC","user":"nobody","dbname":"postgres","pid":3725,"remote_host":"203.0.113.7","remote_port":46930,"session_id":"6b0a0382.e8d","line_num":2,"ps":"authentication","session_start":"2026-11-27 22:26:10 UTC","vxid":"5/9","txid":0,"error_severity":"FATAL","state_code":"28P01","message":"password authentication failed for user \"nobody\"","backend_type":"client backend","query_id":0}
      {"timestamp":"2026-11-27 22:26:10.162 UTC","user":"app","dbname":"shop","pid":3718,"remote_host":"[local]","session_id":"6b0a0382.e86","line_num":3,"ps":"authentication","session_start":"2026-11-27 22:26:10 UTC","vxid":"3/346","txid":0,"error_severity":"LOG","message":"connection authorized: user=app database=shop","backend_type":"client backend","query_id":0}
      {"timestamp":"2026-11-27 22:26:10.161 UTC","user":"app","dbname":"shop","pid":3717,"remote_host":"203.0.113.7","remote_port":46886,"session_id":"6b0a0382.e85","line_num":4,"ps":"idle","session_start":"2026-11-27 22:26:10 UTC","txid":0,"error_severity":"LOG","message":"disconnection: session time: 0:00:00.015 user=app database=shop host=203.0.113.7 port=46886","application_name":"psql","backend_type":"client backend","query_id":0}
      {"timestamp":"2026-11-27 22:26:11.000 UTC","user":"app","dbname":"shop","pid":3717,"remote_host":"203.0.113.7","remote_port":46886,"session_id":"6b0a0382.e85","line_num":5,"ps":"SELECT","session_start":"2026-11-27 22:26:10 UTC","txid":0,"error_severity":"ERROR","state_code":"42P01","message":"relation \"connection authorized: \" does not exist","backend_type":"client backend","query_id":0}
      """#
    let scratch = try Scratch()
    let run = try Program.run("parse", "-q", try scratch.write("postgresql.json", lines))
    let events = try run.lines.map {
      try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
    }
    func texts(_ object: String, _ key: String) -> [String?] {
      events.map { ($0[object] as? [String: Any])?[key].map { "\($0)" } }
    }
    #expect(texts("event", "action") == ["auth.login", "auth.login", "auth.logout", nil])
    #expect(texts("event", "outcome") == ["failure", "success", "success", nil])
    #expect(texts("event", "dataset") == Array(repeating: "postgresql-json", count: 4))
    #expect(texts("user", "name") == ["nobody", "app", "app", "app"])
    #expect(texts("source", "ip") == ["203.0.113.7", nil, "203.0.113.7", "203.0.113.7"])
  }

  @Test func `a name that is a value and an object keeps both`() throws {
    let scratch = try Scratch()
    try scratch.write(
      "app.yaml",
      """
      mapping: app
      format: json
      match: {keys: [app]}
      fields: {"@timestamp": at, host.name: node, user.name: user, a.b: inner}
      """)
    let config = try scratch.write("rollcall.yaml", "mappings: [app.yaml]")
    let line =
      #"{"app":1,"at":"2026-11-03T09:14:07Z","node":"web1","user":"dana","inner":1.50}"#
    let run = try Program.run("parse", "-q", "--config", config, "-", input: Data(line.utf8))
    #expect(run.code == 0)
    let json = try #require(
      try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    #expect(json["user"] as? [String: String] == ["value": "dana", "name": "dana"])
    #expect(run.output.contains(#""a":{"b":1.50}"#))
  }

  @Test func `what no mapping names is there too, under its own name or beside it`() throws {
    let line =
      #"{"time":"2026-11-03T09:14:07Z","upstream" : {"ms": 1.50, "tags":["a"]},"person":{"id":"p-001"},"person.id":"p-001","perso\u006e":1,"unmapped":null,"details":{"with":"a","x":[1]},"host":"web1"}"#
    let run = try Program.run("parse", "-q", "-", input: Data(line.utf8))
    #expect(
      run.lines == [
        #"{"@timestamp":"2026-11-03T09:14:07Z","event":{"dataset":"json"},"host":"web1","log":{"source":"stdin","line":1,"offset":0},"time":"2026-11-03T09:14:07Z","details":{"with":"a"},"upstream":{"ms": 1.50, "tags":["a"]},"unmapped":{"person":{"id":"p-001"},"person.id":"p-001","perso\u006e":1,"unmapped":null,"details":{"with":"a","x":[1]}}}"#
      ])
  }

  @Test func `the registers are joined as of the event`() throws {
    let samples = try Scratch.samples()
    let run = try Program.run(
      "parse", "-q", samples.path + "/samples/logs/vpn/vpn.log", "--config",
      samples.path + "/samples/rollcall.yaml")
    let olek = run.lines.filter { $0.contains(#""user":{"name":"olek"}"#) }
    #expect(olek.contains { $0.contains(#""status":"active""#) })
    #expect(olek.contains { $0.contains(#""status":"expired""#) })
  }

  @Test func `twenty rejected lines of a reason are told of, and the rest counted`() throws {
    let good = "2026-11-03T09:14:07Z web1 cron[1]: x\n"
    let text = good + String(repeating: "nonsense\n", count: 25)
    let run = try Program.run("parse", "-q", "-", input: Data(text.utf8))
    #expect(run.code == 0)
    #expect(run.errors.components(separatedBy: ": not-syslog at byte 0").count == 21)
    #expect(run.errors.contains("rejected: 5 more lines: not-syslog\n"))
  }

  @Test func `chunks and jobs do not matter to a pipe either`() throws {
    let samples = try Scratch.samples()
    let log = try samples.read("samples/logs/auth.log")
    let whole = try Program.run("parse", "-q", "-", input: log)
    let small = try Program.run("parse", "-q", "-", "--chunk-bytes", "100", input: log)
    #expect(whole.lines.count > 2000)
    #expect(whole.output == small.output)
  }
}
