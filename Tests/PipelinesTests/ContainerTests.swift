import Bytes
import Events
import Pipelines
import Testing

/// What containers said is read as what it is, whatever their runtime wrote around it.
@Suite struct ContainerTests {
  private static let time = "2026-11-03T09:14:07.123456789+01:00"
  private static let nanoseconds: Int64 = 1_793_693_647_123_456_789

  private func read(_ line: String, path: String = "") -> [String: String] {
    let format = withView(Array(line.utf8)) { LineFormat.guess($0) }
    let log = LineLog.of(line + "\n", format ?? .rfc3164, path: path)
    #expect(log.events.count == 1, "\(log.rows)")
    return log.events.first ?? [:]
  }

  /// A line as each of the two runtimes writes it.
  private static func wrapped(_ text: String, output: String = "stdout") -> [String] {
    let escaped = text.map { "\"\\".contains($0) ? "\\\($0)" : "\($0)" }.joined()
    return [
      "\(time) \(output) F \(text)",
      #"{"log":"\#(escaped)\n","stream":"\#(output)","time":"\#(time)"}"#,
    ]
  }

  @Test(arguments: [
    ("2026-11-03T09:14:07.123456789+01:00 stdout F {\"a\":1}", LineFormat.cri),
    ("2026-11-03T08:14:07Z stderr P text", .cri), ("2026-11-03T08:14:07Z stdout F", .cri),
    ("2026-11-03T08:14:07Z stdout F:x:y text", .cri),
    ("2026-11-03T08:14:07Z stdin F text", .rfc3164),
    ("2026-11-03T08:14:07Z stdout Full text", .rfc3164),
    (#"{"log":"a\n","stream":"stdout","time":"2026-11-03T08:14:07Z"}"#, .docker),
    (#"{"log":"a","stream":"stderr","attrs":{"tag":"x"},"time":"2026-11-03T08:14:07Z"}"#, .docker),
    (#"{"log":"a\n","stream":"stdin","time":"2026-11-03T08:14:07Z"}"#, .json),
    (#"{"logger":"a","stream":"stdout","time":"2026-11-03T08:14:07Z"}"#, .json),
    (#"{"log":"a"#, .json),
  ]) func `a runtime's line is known by its own marks`(_ line: String, _ format: LineFormat) {
    #expect(withView(Array(line.utf8)) { LineFormat.guess($0) } == format)
  }

  @Test func `each format is read inside the wrapping`() {
    for line in Self.wrapped(
      #"{"time":"2026-11-03T07:00:00Z","remote_addr":"203.0.113.9","request_method":"POST","uri":"/login","status":401}"#
    ) {
      let event = read(line)
      #expect(event["source.ip"] == "203.0.113.9", "\(line)")
      #expect(event["http.response.status_code"] == "401")
      #expect(event["@timestamp"] == "2026-11-03T07:00:00Z")
    }
    let failed = "Failed password for root from 203.0.113.9 port 4002 ssh2"
    for head in ["Nov  3 09:14:07 web1 sshd[42]:", "<86>1 2026-11-03T08:14:07Z web1 sshd 42 - -"] {
      for line in Self.wrapped("\(head) \(failed)", output: "stderr") {
        let event = read(line)
        #expect(event["event.action"] == "auth.login", "\(line)")
        #expect(event["event.outcome"] == "failure")
        #expect(event["host.name"] == "web1")
      }
    }
    for line in Self.wrapped(
      #"203.0.113.9 - kim [03/Nov/2026:09:14:07 +0100] "GET /a HTTP/1.1" 200 5 "-" "curl/8""#)
    {
      #expect(read(line)["url.path"] == "/a", "\(line)")
      #expect(read(line)["user_agent.original"] == "curl/8")
    }
  }

  @Test(arguments: [
    // JSON without a time, JSON with one that nobody can read, pairs without one, and plain text.
    #"{"remote_addr":"203.0.113.9","status":200}"#, #"{"time":"soon","status":200}"#,
    "level=info msg=started port=8080", "Listening on port 8080",
  ]) func `the runtime's time stands in for one that is not in the text`(_ text: String) {
    for line in Self.wrapped(text) {
      let log = LineLog.of(line + "\n", line.hasPrefix("{") ? .docker : .cri)
      #expect(log.total.parsed == 1, "\(log.rows)")
      #expect(log.rows.first?.contains(", \(Self.nanoseconds): ") == true, "\(log.rows)")
      #expect(log.events.first?["timestamp.inferred"] == nil)
    }
  }

  @Test func `text of no format is a message`() {
    for line in Self.wrapped("Listening on \"port\" 8080") {
      #expect(read(line)["message"] == "Listening on \"port\" 8080", "\(line)")
    }
  }

  @Test(arguments: [
    ("2026-11-03T08:14:07Z stdout F {\"a\":tru}", "json-bad-literal"),
    ("2026-11-03T08:14:07Z stdout F ", "empty-line"),
    ("2026-11-03T08:14:07Z stdout F", "empty-line"),
    ("2026-13-03T08:14:07Z stdout F text", "bad-time"), ("plain text", "not-cri"),
  ]) func `what can not be read is rejected with its reason`(_ line: String, _ reason: String) {
    let log = LineLog.of(line + "\n", .cri)
    #expect(log.tally.reasons.map(\.reason) == [reason])
  }

  @Test(arguments: [
    (#"{"log":"a\qb\n","stream":"stdout","time":"2026-11-03T08:14:07Z"}"#, "json-bad-escape"),
    (#"{"log":"a\n","stream":"stdout"}"#, "no-time"),
    (#"{"log":7,"stream":"stdout","time":"2026-11-03T08:14:07Z"}"#, "not-docker"),
    (#"{"log":"\n","stream":"stdout","time":"2026-11-03T08:14:07Z"}"#, "empty-line"),
    (#"{"log":"a\n","stream":"stdout","time":"2026-11-03T08:14:07Z"} x"#, "json-trailing-bytes"),
  ]) func `so is what Docker did not write`(_ line: String, _ reason: String) {
    let log = LineLog.of(line + "\n", .docker)
    #expect(log.tally.reasons.map(\.reason) == [reason])
  }

  @Test func `escapes of the wrapping are undone before the text is read`() {
    let line =
      #"{"log":"{\"time\":\"2026-11-03T07:00:00Z\",\"remote_addr\":\"203.0.113.9\",\"remote_user\":\"d\\u00e1na\",\"status\":200}\r\n","stream":"stdout","time":"2026-11-03T08:14:07Z"}"#
    #expect(read(line)["user.name"] == "dána")
  }

  private static let id = String(repeating: "0123456789abcdef", count: 4)

  @Test(
    arguments: [
      ("/var/log/containers/web-7d9f_shop_nginx-\(id).log", "web-7d9f", "shop", "nginx", id),
      ("/copy/pods/shop_web-7d9f_0a1b-22/nginx/0.log", "web-7d9f", "shop", "nginx", nil),
      (
        "/copy/shop_web-7d9f_0a1b-22/nginx/12.log.20261103-091407.gz", "web-7d9f", "shop", "nginx",
        nil
      ),
      ("/var/lib/docker/containers/\(id)/\(id)-json.log", nil, nil, nil, id),
      ("\(id)-json.log.1", nil, nil, nil, id),
      ("/var/log/containers/web_shop_nginx-0123.log", nil, nil, nil, nil),
      ("/logs/nginx/0.log", nil, nil, nil, nil), ("", nil, nil, nil, nil),
      ("/a_b_c/nginx/zero.log", nil, nil, nil, nil), ("/a_b/nginx/0.log", nil, nil, nil, nil),
    ] as [(String, String?, String?, String?, String?)])
  func `a path says what it says of the container`(
    _ path: String, _ pod: String?, _ namespace: String?, _ name: String?, _ id: String?
  ) {
    let event = read("2026-11-03T08:14:07Z stdout F text", path: path)
    #expect(event["orchestrator.resource.name"] == pod)
    #expect(event["orchestrator.namespace"] == namespace)
    #expect(event["container.name"] == name)
    #expect(event["container.id"] == id)
  }

  @Test func `pieces are joined for each output, and cited by the first`() {
    let lines = [
      #"2026-11-03T08:14:07Z stdout P {"time":"2026-11-03T07:00:00Z","remote_addr":"203.0.113.9","remote_"#,
      #"2026-11-03T08:14:08Z stderr P half of "#,
      #"2026-11-03T08:14:08Z stdout P user":"dana","sta"#,
      #"2026-11-03T08:14:09Z stderr F a warning"#,
      #"2026-11-03T08:14:09Z stdout F tus":200}"#,
      #"2026-11-03T08:14:10Z stdout F whole"#,
    ]
    let text = lines.map { $0 + "\n" }.joined()
    let log = LineLog.of(text, .cri)
    #expect(log.events.map { $0["message"] } == ["half of a warning", nil, "whole"])
    #expect(log.events[1]["user.name"] == "dana")
    #expect(log.rows[0].hasPrefix("2+2 at \(lines[0].utf8.count + 1), "))
    #expect(log.rows[1].hasPrefix("1+3 at 0, "))
    #expect(log.total.lines == 6 && log.total.parsed == 6)
    #expect(log.total.bytes == UInt64(text.utf8.count))
  }

  @Test func `Docker's pieces lack their line feed and are joined`() {
    func line(_ text: String, _ output: String) -> String {
      #"{"log":"\#(text)","stream":"\#(output)","time":"2026-11-03T08:14:07Z"}"#
    }
    let log = LineLog.of(
      [
        line(
          #"{\"time\":\"2026-11-03T07:00:00Z\",\"remote_addr\":\"203.0.113.9\",\"remote_"#, "stdout"
        ), line("oh ", "stderr"),
        line(#"user\":\"dana\",\"status\":200}\n"#, "stdout"), line(#"no\\n"#, "stderr"),
        line(#"\n"#, "stderr"), line("never over", "stdout"),
      ].map { $0 + "\n" }.joined(), .docker)
    #expect(log.events.map { $0["user.name"] } == ["dana", nil, nil])
    // An escaped backslash and an n are no line feed.
    #expect(log.events.map { $0["message"] } == [nil, #"oh no\n"#, "never over"])
    #expect(log.total.parsed == 6 && log.total.rejected == 0)
  }
}
