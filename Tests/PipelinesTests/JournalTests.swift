import Bytes
import Events
import Pipelines
import Testing

/// An entry of the journal is the event that its program's line is through syslog.
@Suite struct JournalTests {
  private static let seconds = 1_793_693_647

  private func read(_ line: String) -> [String: String] {
    #expect(withView(Array(line.utf8)) { LineFormat.guess($0) } == .journal, "\(line)")
    let log = LineLog.of(line + "\n", .journal)
    #expect(log.events.count == 1, "\(log.rows)")
    return log.events.first ?? [:]
  }

  /// An entry with a message as it stands in JSON.
  private func entry(
    _ program: String, _ message: String, _ more: String = #""_PID":"42","#
  ) -> String {
    #"{"__CURSOR":"s=1;i=2;b=3","__REALTIME_TIMESTAMP":"\#(Self.seconds)250000","#
      + #""_HOSTNAME":"web1","SYSLOG_IDENTIFIER":"\#(program)",\#(more)"#
      + #""PRIORITY":"6","SYSLOG_FACILITY":"10","MESSAGE":\#(message)}"#
  }

  @Test(arguments: [
    ("sshd", "Failed password for invalid user oracle from 203.0.113.9 port 4002 ssh2"),
    ("sshd", "Accepted publickey for kim from 2001:db8::7 port 1 ssh2: ED25519 SHA256:abc"),
    ("sshd-session", "pam_unix(sshd:session): session opened for user kim(uid=1000) by (uid=0)"),
    ("sudo", "     kim : TTY=pts/0 ; PWD=/home/kim ; USER=root ; COMMAND=/bin/cat /etc/shadow"),
    (
      "sudo",
      "pam_unix(sudo:auth): authentication failure; logname=kim uid=1000 euid=0 tty=/dev/pts/0 ruser=kim rhost=  user=kim"
    ),
    ("su", "(to root) kim on pts/1"), ("systemd-logind", "New session 7 of user kim."),
    (
      "useradd",
      "new user: name=eve, UID=1004, GID=1004, home=/home/eve, shell=/bin/bash, from=none"
    ),
    ("kernel", "a line that nobody reads"),
    ("su(pam_unix)", "session opened for user root by kim(uid=1000)"),
  ]) func `what comes through syslog comes through the journal`(_ program: String, _ text: String) {
    let syslog = LineLog.of(
      "<86>2026-11-03T08:14:07.250000Z web1 \(program)[42]: \(text)\n", .rfc3164)
    let journal = LineLog.of(entry(program, "\"\(text)\"") + "\n", .journal)
    #expect(journal.events == syslog.events)
    #expect(journal.events.first?["message"] != nil)
    // Bytes that are no text come as numbers.
    let bytes = text.utf8.map { "\($0)" }.joined(separator: ", ")
    #expect(LineLog.of(entry(program, "[ \(bytes) ]") + "\n", .journal).events == syslog.events)
  }

  @Test func `bytes that are no text are the account that PAM writes through syslog`() {
    let head = Array("Invalid user ".utf8)
    let tail = Array(" from 203.0.113.9 port 4022".utf8)
    let numbers = (head + [0xFF, 0xC3, 0xA1] + tail).map { "\($0)" }.joined(separator: ",")
    let event = read(entry("sshd", "[\(numbers)]"))
    #expect(event["event.action"] == "auth.login")
    #expect(event["source.ip"] == "203.0.113.9")
  }

  @Test func `of host, process and time the journal's own word counts`() {
    let event = read(
      entry(
        "sshd", #""Failed password for root from 203.0.113.9 port 4 ssh2""#,
        #""HOSTNAME":"other","SYSLOG_PID":"1","_PID":"42","_SOURCE_REALTIME_TIMESTAMP":"\#(Self.seconds)000001","SYSLOG_TIMESTAMP":"Jan  1 00:00:00 ","#
      ))
    #expect(event["host.name"] == "web1" && event["process.pid"] == "42")
    let log = LineLog.of(
      entry(
        "sshd", #""x""#, #""SYSLOG_PID":"7","_SOURCE_REALTIME_TIMESTAMP":"\#(Self.seconds)000001","#
      ) + "\n",
      .journal)
    #expect(log.rows[0].contains(", \(Self.seconds)000001000: "), "\(log.rows)")
    #expect(log.events[0]["process.pid"] == "7")
    // Without a name of its own a program has that of what runs.
    let line =
      #"{"__REALTIME_TIMESTAMP":"1793693647250000","__CURSOR":"s","_COMM":"sudo","MESSAGE":"x"}"#
    #expect(read(line)["process.name"] == "sudo")
  }

  @Test func `of several values the first counts`() {
    let event = read(
      entry("sshd", #"["Failed password for root from 203.0.113.9 port 4 ssh2", "other"]"#))
    #expect(event["event.action"] == "auth.login")
    #expect(read(entry("sshd", #"[[111, 110, 101], "two"]"#))["message"] == "one")
  }

  @Test func `a service's record is read, and nobody else's`() {
    let record =
      #""{\"time\":\"2026-11-03T07:00:00Z\",\"remote_addr\":\"203.0.113.9\",\"request_method\":\"POST\",\"uri\":\"/login\",\"status\":401,\"host\":\"x\"}""#
    let event = read(entry("nginx", record, #""_SYSTEMD_UNIT":"nginx.service","#))
    #expect(event["source.ip"] == "203.0.113.9" && event["http.response.status_code"] == "401")
    #expect(event["@timestamp"] == "2026-11-03T07:00:00Z" && event["host.name"] == "web1")
    #expect(event["message"] == nil && event["process.name"] == "nginx")
    let access =
      #""203.0.113.9 - kim [03/Nov/2026:09:14:07 +0100] \"GET /a HTTP/1.1\" 200 5 \"-\" \"curl/8\"""#
    #expect(
      read(entry("httpd", access, #""_SYSTEMD_UNIT":"httpd.service","#))["url.path"] == "/a")
    for unit in ["session-3.scope", "user@1000.service"] {
      let event = read(entry("nginx", record, #""_SYSTEMD_UNIT":"\#(unit)","#))
      #expect(event["source.ip"] == nil && event["message"]?.hasPrefix("{") == true, "\(unit)")
    }
    // A text that only begins like a record is a text.
    let broken = read(entry("app", #""{not json""#, #""_SYSTEMD_UNIT":"app.service","#))
    #expect(broken["message"] == "{not json")
    // And no program writes another's syslog line.
    let forged = read(
      entry(
        "app",
        #""Nov  3 09:14:07 web1 sshd[1]: Accepted password for root from 203.0.113.9 port 1""#,
        #""_SYSTEMD_UNIT":"app.service","#))
    #expect(forged["event.action"] == nil && forged["process.name"] == "app")
  }

  @Test(arguments: [
    (#"{"__CURSOR":"s","MESSAGE":"x"}"#, "no-time"),
    (#"{"__CURSOR":"s","__REALTIME_TIMESTAMP":"soon","MESSAGE":"x"}"#, "bad-time"),
    (
      #"{"__CURSOR":"s","__REALTIME_TIMESTAMP":"1793693647250000","MESSAGE":null}"#,
      "message-left-out"
    ),
    (#"{"__CURSOR":"s","__REALTIME_TIMESTAMP":"1793693647250000"}"#, "empty-line"),
    (
      #"{"__CURSOR":"s","__REALTIME_TIMESTAMP":"1793693647250000","MESSAGE":[1,256]}"#,
      "json-bad-number"
    ),
    (
      #"{"__CURSOR":"s","__REALTIME_TIMESTAMP":"1793693647250000","MESSAGE":[1,-2]}"#,
      "json-bad-number"
    ),
    (#"{"__CURSOR":"s","__REALTIME_TIMESTAMP":"17936"#, "json-unfinished"),
    ("text", "json-not-an-object"),
  ]) func `what can not be read is rejected with its reason`(_ line: String, _ reason: String) {
    let log = LineLog.of(line + "\n", .journal)
    #expect(log.tally.reasons.map(\.reason) == [reason])
  }

  @Test func `a record that only speaks of a journal is none`() {
    for line in [
      #"{"message":"{\"__CURSOR\":\"s\",\"__REALTIME_TIMESTAMP\":\"1\"}"}"#,
      #"{"__CURSOR":"s","time":"2026-11-03T08:14:07Z"}"#,
    ] {
      #expect(withView(Array(line.utf8)) { LineFormat.guess($0) } == .json, "\(line)")
    }
  }
}
