import Bytes
import Events
import Foundation
import Pipelines
import Registers
import Testing

/// The twenty shapes of lines that break log readers, each in lines written for the purpose and on the
/// whole way from bytes to event.
@Suite struct LineShapesTests {
  /// Near which the lines were written: 2026-11-03 09:20 UTC.
  private static let anchor: Int64 = 1_793_697_600

  private func read(_ line: [UInt8], anchor: Int64 = Self.anchor) throws -> Reading {
    try NormalisePath(anchor: anchor).read(line)
  }

  private func read(_ line: String, anchor: Int64 = Self.anchor) throws -> Reading {
    try read(Array(line.utf8), anchor: anchor)
  }

  private func syslog(_ tail: String) throws -> Reading {
    let reading = try read("Nov  3 09:14:07 web1 \(tail)")
    #expect(reading.rejection == nil, "\(tail)")
    return reading
  }

  @Test func `1: a repeated message stands for all its repetitions`() throws {
    let once = try syslog("sshd[1]: Failed password for root from 203.0.113.9 port 4002 ssh2")
    let many = try syslog(
      "sshd[1]: message repeated 5 times: [ Failed password for root from 203.0.113.9 port 4002 ssh2]"
    )
    #expect(once.weight == 1 && many.weight == 5)
    #expect(many.isFailedLogin && many.peer == "203.0.113.9" && many["user.name"] == "root")
  }

  @Test(arguments: [
    "Nov  3 09:14:07 web1 last message repeated 2 times",
    "Nov  3 09:14:07  last message repeated 2 times",
    "Nov  3 09:14:07  sshd[1]: last message repeated 2 times",
    "Nov  3 09:14:07 web1 --- last message repeated 2 times ---",
    "Nov  3 09:14:07 --- last message repeated 2 times ---",
  ]) func `2: the old form repeats what nobody knows, and blames nobody`(_ line: String) throws {
    let reading = try read(line)
    #expect(reading.rejection == nil)
    #expect(reading["message"]?.contains("last message repeated 2 times") == true)
    #expect(!reading.isFailedLogin && reading.peer == nil)
    #expect(["web1", nil].contains(reading["host.name"]))
  }

  @Test(arguments: [
    ("Invalid user kim from 203.0.113.9 port 4002", "kim"),
    ("Connection closed by invalid user kim 203.0.113.9 port 4002 [preauth]", "kim"),
    ("Connection closed by authenticating user root 203.0.113.9 port 4002 [preauth]", "root"),
    ("Disconnected from invalid user kim 203.0.113.9 port 4002 [preauth]", "kim"),
  ]) func `3: a host without passwords still says who tried`(_ text: String, _ user: String) throws
  {
    let reading = try syslog("sshd[1]: \(text)")
    #expect(reading.isFailedLogin)
    #expect(reading.peer == "203.0.113.9" && reading["user.name"] == user)
  }

  @Test func `4: two failures that are written five times are two attempts`() async throws {
    let lines = [
      "pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=203.0.113.9  user=kim",
      "Failed password for kim from 203.0.113.9 port 4002 ssh2",
      "message repeated 1 times: [ Failed password for kim from 203.0.113.9 port 4002 ssh2]",
      "error: maximum authentication attempts exceeded for kim from 203.0.113.9 port 4002 ssh2 [preauth]",
      "PAM 1 more authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=203.0.113.9  user=kim",
    ]
    let text = lines.map { "2026-11-03T09:14:07Z web1 sshd[1]: \($0)\n" }.joined()
    let context = LineContext(
      format: .rfc3164, zone: .utc, years: YearRule(anchor: Self.anchor), source: ByteView("shapes")
    )
    let stream = PipelineStream(
      name: "shapes", contexts: [context], source: .none, firstTime: .min,
      feed: Blocks(Array(text.utf8), chunkBytes: 1 << 20))
    let result = await Pipeline(NormalisePath.setup, streams: [stream], jobs: 1).run()
    #expect(result.streams[0].total.parsed == 5)
    #expect(result.signIns.days.values.reduce(0) { $0 + $1.failures } == 2)
  }

  @Test(arguments: [
    "Failed password for invalid user test from 10.10.1.2 port 55555 ssh2 from 203.0.113.9 port 58946 ssh2",
    "Failed password for invalid user a port 1 ssh2 from 10.10.1.2 from 203.0.113.9 port 58946 ssh2",
    "Invalid user x from 10.10.1.2 port 1 from 203.0.113.9 port 58946",
    "Connection closed by invalid user x 10.10.1.2 port 5 203.0.113.9 port 58946 [preauth]",
  ]) func `5: an address within a user's name blames nobody`(_ text: String) throws {
    let reading = try syslog("sshd[1]: \(text)")
    #expect(reading.isFailedLogin)
    #expect(reading.peer == "203.0.113.9")
  }

  @Test(arguments: [
    ("Invalid user  from 203.0.113.9 port 4002", ""),
    ("Failed password for invalid user  0101 from 203.0.113.9 port 4002 ssh2", " 0101"),
    ("Failed password for invalid user two words from 203.0.113.9 port 4002 ssh2", "two words"),
    ("Failed password for invalid user  from 203.0.113.9 port 4002 ssh2", ""),
  ]) func `6: a name may be empty, blank or of many words`(_ text: String, _ user: String) throws {
    let reading = try syslog("sshd[1]: \(text)")
    #expect(reading.isFailedLogin && reading.peer == "203.0.113.9")
    #expect(reading["user.name"] ?? "" == user)
  }

  @Test(
    arguments: [
      ("::ffff:203.0.113.9", "203.0.113.9"), ("[::ffff:203.0.113.9]:47414", "203.0.113.9"),
      ("203.0.113.9:51342", "203.0.113.9"), ("[AF_INET]203.0.113.9:51342", "203.0.113.9"),
      ("ip/203.0.113.9", "203.0.113.9"), ("2001:DB8:0:0::7", "2001:db8::7"),
      // Leading zeros could be octal: the text is kept and is no address.
      ("192.030.0.6", nil), ("225.01.00.16", nil),
    ] as [(String, String?)])
  func `7: an address has one spelling, and leading zeros have none`(
    _ text: String, _ address: String?
  ) throws {
    let reading = try read(
      #"{"time":"2026-11-03T09:14:07Z","remote_addr":"\#(text)","status":200}"#)
    #expect(reading["source.ip"] == address)
    if address == nil { #expect(reading["source.address"] == text) }
  }

  @Test(arguments: ["cloudtrail.amazonaws.com", "AWS Internal"])
  func `8: a service that calls another is not an address`(_ name: String) throws {
    let reading = try read(
      #"{"eventVersion":"1.08","eventSource":"s3.amazonaws.com","eventName":"GetObject","eventTime":"2026-11-03T09:14:07Z","sourceIPAddress":"\#(name)","userIdentity":{"type":"AWSService"}}"#
    )
    #expect(reading.rejection == nil)
    #expect(reading["source.ip"] == nil)
    #expect(reading["source.address"] == name)
  }

  @Test func `9: a host's name is kept as one, and a reverse look-up blames nobody`() throws {
    let reading = try syslog("sshd[1]: Failed password for kim from gate.example.com port 1 ssh2")
    #expect(reading.isFailedLogin && reading["source.ip"] == nil)
    #expect(reading["source.address"] == "gate.example.com")
    let noise = try syslog(
      "sshd[1]: Address 203.0.113.9 maps to x.example.com, but this does not map back to the address - POSSIBLE BREAK-IN ATTEMPT!"
    )
    #expect(!noise.isFailedLogin)
  }

  @Test(
    arguments: [
      ("Nov  3 09:14:07 [sshd]: hello", nil, "sshd", nil),
      ("<14>Nov  3 09:14:07", nil, nil, "14"),
      ("<167> Nov  3 09:14:07 web1 app: hello", "web1", "app", "167"),
      ("Nov  3 09:14:07 web1 hello world", "web1", nil, nil),
      ("Nov  3 09:14:07 sshd[12]: hello", nil, "sshd", nil),
    ] as [(String, String?, String?, String?)])
  func `10: any part of a header but the time may be missing`(
    _ line: String, _ host: String?, _ program: String?, _ priority: String?
  ) throws {
    let reading = try read(line)
    #expect(reading.rejection == nil)
    #expect(reading["host.name"] == host)
    #expect(reading["process.name"] == program)
    #expect(reading["log.syslog.priority"] == priority)
  }

  @Test(arguments: [
    ("Nov 3 09:14:07", "2026-11-03T09:14:07"), ("Nov  3 09:14:07", "2026-11-03T09:14:07"),
    ("Nov 03 09:14:07", "2026-11-03T09:14:07"), ("NOV 03 09:14:07", "2026-11-03T09:14:07"),
    ("Dez 31 09:14:07", "2025-12-31T09:14:07"), ("Mar 7 2008 19:06:53:", "2008-03-07T19:06:53"),
    ("Oct 27 2015 09:24:46", "2015-10-27T09:24:46"),
  ]) func `11: a day has many forms, and one that was not yet was last year's`(
    _ stamp: String, _ time: String
  ) throws {
    let reading = try read("\(stamp) web1 app: hello")
    #expect(reading.rejection == nil)
    #expect(reading.time == Clock.nanoseconds(time, zone: .gmt))
    #expect(reading["host.name"] == "web1")
  }

  @Test(
    arguments: [
      (#"<86>999 2026-11-03T09:14:07Z web1 app - - - hi"#, nil),
      (#"<86>1 2026-11-03T09:14:07-23:59 web1 app - - - hi"#, nil),
      (#"<86>1 2026-11-03T09:14:07Z web1 app - - [a@1][b@1 x="\"\\\]" y="\u" z=""] hi"#, nil),
      ("<86>1 2026-11-03T09:14:07Z web1 app - - - \u{FEFF}", nil),
      ("<86>1 2026-11-03T09:14:07Z web1 app - - - BOM", nil),
      (#"<86>1 2018-02-29T09:14:07Z web1 app - - - hi"#, "bad-timestamp"),
      (#"<86>1 2026-11-03T09:14:07Z web1 app - - [a@1 x="]"] hi"#, "bad-structured-data"),
      ("<86>1 2026-11-03T09:14:07Z \(String(repeating: "h", count: 256)) app - - - hi", "bad-host"),
    ] as [(String, String?)])
  func `12: the edges of RFC 5424 are where it says`(_ line: String, _ reason: String?) throws {
    #expect(try read(line).rejection == reason)
  }

  @Test func `12: a mark promises UTF-8, and a broken promise is told`() throws {
    let line = Array("<86>1 2026-11-03T09:14:07Z web1 app - - - \u{FEFF}caf".utf8) + [0xE9]
    #expect(try read(line).rejection == "invalid-utf8")
  }

  @Test func `13: a frame's length that stands in a file is part of no message`() throws {
    // Frames are a matter of sockets; in a file such a line is refused and counted, not guessed at.
    #expect(try read("16 <1>1 - - - - - -").rejection != nil)
  }

  @Test(arguments: LineFormat.allCases.filter { $0 != .cri && $0 != .docker })
  func `14: a carriage return is no part of the last field`(_ format: LineFormat) throws {
    let lines: [LineFormat: (String, String, String)] = [
      .json: (#"{"time":"2026-11-03T09:14:07Z","message":"hi"}"#, "message", "hi"),
      .rfc3164: ("Nov  3 09:14:07 web1 app: hi", "message", "hi"),
      .rfc5424: ("<86>1 2026-11-03T09:14:07Z web1 app - - - hi", "message", "hi"),
      .access: (
        #"203.0.113.9 - - [03/Nov/2026:09:14:07 +0000] "GET /a HTTP/1.1" 200 5"#,
        "http.response.body.bytes", "5"
      ),
      .csvlog: (
        #"2026-11-03 09:14:07 UTC,"kim","prod",77,,6b.25,1,,2026-11-03 09:14:07 UTC,,0,LOG,00000,"hi""#,
        "message", "hi"
      ),
      .squid: (
        "1793697247.123 12 203.0.113.9 TCP_MISS/200 310 GET http://a.example/x kim HIER_NONE/-",
        "url.path", "/x"
      ),
      .logfmt: ("msg=hi time=2026-11-03T09:14:07Z", "@timestamp", "2026-11-03T09:14:07Z"),
      .journal: (
        #"{"__REALTIME_TIMESTAMP":"1793696047000000","SYSLOG_IDENTIFIER":"app","MESSAGE":"hi"}"#,
        "message", "hi"
      ),
    ]
    let (line, field, value) = try #require(lines[format])
    let log = LineLog.of("\(line)\r\n\(line)\n\(line)\r", format)
    #expect(log.events.map { $0[field] } == [value, value, value])
    #expect(log.rows[0].contains("\(line.utf8.count + 2) bytes"))
  }

  @Test func `14: a file that ends within a line has one line that is refused`() throws {
    let log = LineLog.of("Dec  2 13:14:22 web1 app: hi\nDec  2 13:14:2", .rfc3164)
    #expect(log.total.parsed == 1)
    #expect(log.tally.reasons.map(\.reason) == ["bad-timestamp"])
  }

  @Test func `15: control bytes and broken UTF-8 within a line are carried, not judged`() throws {
    for name in ["llinco\\361ir", "llinco\u{1}ir", "a\0b", "\u{1B}[31mred", "a#011b"] {
      let reading = try syslog(
        "sshd[1]: Failed password for invalid user \(name) from 203.0.113.9 port 1 ssh2")
      #expect(reading.isFailedLogin && reading.peer == "203.0.113.9", "\(name)")
    }
    let raw =
      Array("Nov  3 09:14:07 web1 sshd[1]: Failed password for invalid user llinco".utf8) + [0xF1]
      + Array("ir from 203.0.113.9 port 1 ssh2".utf8)
    #expect(try read(raw).isFailedLogin)
    for request in [#"\x03"#, "-", ""] {
      let reading = try read(
        #"203.0.113.9 - - [03/Nov/2026:09:14:07 +0000] "\#(request)" 400 0 "-" "-""#)
      #expect(reading.rejection == nil && reading["source.ip"] == "203.0.113.9", "\(request)")
    }
  }

  @Test func `15: two encodings of one name are one account`() throws {
    let tail =
      [Array("ir from 203.0.113.9 port 1 ssh2".utf8), Array("ir".utf8)]
    let ssh = Array(
      "Nov  3 09:14:07 web1 sshd[1]: Failed password for invalid user llinco\\361".utf8)
    let pam =
      Array(
        "Nov  3 09:14:07 web1 sshd[1]: pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=203.0.113.9  user=llinco"
          .utf8) + [0xF1]
    let names = try [ssh + tail[0], pam + tail[1]].map { try read($0)["user.name"] }
    #expect(names[0] != nil)
    #expect(names[0] == names[1])
  }

  @Test func `16: wrapped logs are read inside their wrapping`() throws {
    let text = #"{"time":"2026-11-03T09:14:07Z","remote_addr":"203.0.113.9","status":200}"#
    for line in [
      "2026-11-03T10:14:07.1+01:00 stdout F \(text)",
      #"{"log":"\#(text.replacing("\"", with: "\\\""))\n","stream":"stdout","time":"2026-11-03T09:14:07.123456789Z"}"#,
    ] {
      let reading = try read(line)
      #expect(reading["source.ip"] == "203.0.113.9", "\(line)")
      #expect(reading.time == 1_793_697_247_000_000_000)
    }
    // Heroku's `web.1` is a process' name, not its number.
    let reading = try syslog("app[web.1]: hi")
    #expect(reading["process.pid"] == nil && reading["process.name"] == "app[web.1]")
  }

  @Test(arguments: [
    "1793697247", "1793697247.0", "1793697247000", "\"1793697247\"", "\"1793697247.5\"",
    "\"November 3, 2026 09:14:07\"", "\"03/Nov/2026:09:14:07 +0000\"",
    "\"2026-11-03 09:14:07,669\"", "\"2026-11-03T10:14:07.7564995+01:00\"",
    "\"2026/11/03 09:14:07\"", "\"Tue Nov  3 09:14:07 2026\"",
  ]) func `17: JSON writes one time in many ways`(_ time: String) throws {
    let reading = try read(#"{"time":\#(time),"message":"hi"}"#)
    #expect(reading.rejection == nil)
    #expect(reading.time / 1_000_000_000 == 1_793_697_247)
  }

  @Test func `17: a time that is missing or none is told apart`() throws {
    #expect(try read(#"{"message":"hi"}"#).rejection == "no-time")
    #expect(try read(#"{"time":null}"#).rejection == "no-time")
    #expect(try read(#"{"time":true}"#).rejection == "bad-time")
    #expect(try read(#"{"time":"noon"}"#).rejection == "bad-time")
    #expect(try read(#"{"time":12}"#).rejection == "bad-time")
  }

  @Test(
    arguments: [
      (#""status":"200""#, "http.response.status_code", "200"),
      (#""status":0"#, "http.response.status_code", "0"),
      (#""status":200,"request_method":null,"uri":null"#, "http.request.method", nil),
      (#""status":200,"remote_user":"-""#, "user.name", nil),
      (#""status":200,"uri":"\/a\/b""#, "url.path", "/a/b"),
      (#""status":200,"status":404"#, "http.response.status_code", "404"),
    ] as [(String, String, String?)])
  func `18: JSON's types are what they mean`(_ rest: String, _ field: String, _ value: String?)
    throws
  {
    let reading = try read(
      #"{"time":"2026-11-03T09:14:07Z","remote_addr":"203.0.113.9",\#(rest)}"#)
    #expect(reading.rejection == nil)
    #expect(reading[field] == value)
  }

  @Test func `18: a dotted key and a nested one are the same, and a missing comma is told`() throws
  {
    for key in [#""meta.remote_ip":"203.0.113.9""#, #""meta":{"remote_ip":"203.0.113.9"}"#] {
      let reading = try read(
        #"{"time":"2026-11-03T09:14:07Z","severity":"INFO","method":"GET","path":"/a","controller":"C","action":"a","status":200,\#(key)}"#
      )
      #expect(reading.peer == "203.0.113.9", "\(key)")
    }
    #expect(
      try read(#"{"time":"2026-11-03T09:14:07Z" "message":"hi"}"#).rejection
        == "json-unexpected-byte")
  }

  @Test(arguments: [
    ("POST", 302, "auth.login success"), ("POST", 401, "auth.login failure"),
    ("POST", 403, "auth.login failure"), ("GET", 200, "http.request success"),
    // Who is told to wait was not judged.
    ("POST", 429, "http.request failure"), ("POST", 500, "http.request failure"),
  ]) func `19: a status decides a sign-in only where it can`(
    _ method: String, _ status: Int, _ verdict: String
  ) throws {
    let reading = try read(
      #"203.0.113.9 - - [03/Nov/2026:09:14:07 +0000] "\#(method) /users/sign_in HTTP/1.1" \#(status) 5 "-" "-""#
    )
    #expect("\(reading["event.action"] ?? "-") \(reading["event.outcome"] ?? "-")" == verdict)
  }

  @Test func `19: a password that changes in the future is no expiry`() throws {
    let reading = try syslog(
      "sshd[1]: pam_unix(sshd:account): account kim has password changed in future")
    #expect(!reading.isFailedLogin)
    #expect(reading["event.action"] != "account.expiry")
  }

  @Test(arguments: [
    "sshd[1]:", "sshd-session[1]:", "sshd-auth[1]:", "sshd(pam_unix)[1]:",
  ]) func `20: sshd has had many names`(_ tag: String) throws {
    let text =
      tag.contains("pam_unix")
      ? "authentication failure; logname= uid=0 euid=0 tty=NODEVssh ruser= rhost=203.0.113.9  user=kim"
      : "Failed password for kim from 203.0.113.9 port 4002 ssh2"
    let reading = try syslog("\(tag) \(text)")
    #expect(reading.isFailedLogin && reading.peer == "203.0.113.9")
    #expect(reading["user.name"] == "kim")
  }

  @Test func `20: sudo with and without a process id, and a change that is written twice`() throws {
    for tag in ["sudo:", "sudo[12]:"] {
      for terminal in ["TTY=pts/0 ; ", ""] {
        let reading = try syslog(
          "\(tag)     dana : \(terminal)PWD=/srv ; USER=root ; COMMAND=/usr/bin/id")
        #expect(reading["event.action"] == "privilege.sudo", "\(tag) \(terminal)")
        #expect(reading["user.name"] == "dana" && reading["user.effective.name"] == "root")
      }
    }
    let group = try syslog("usermod[9]: add 'kim' to group 'sudo'")
    let twin = try syslog("usermod[9]: add 'kim' to shadow group 'sudo'")
    #expect(group["event.action"] == "group.add" && group["group.name"] == "sudo")
    #expect(twin["event.action"] == nil)
  }
}
