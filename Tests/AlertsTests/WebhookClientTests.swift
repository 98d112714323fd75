import Alerts
import Detectors
import Foundation
import Synchronization
import Testing

@Suite struct WebhookClientTests {
  /// The pauses that a client let pass.
  private final class Pauses: Sendable {
    private let list = Mutex<[Duration]>([])
    var all: [Duration] { list.withLock { $0 } }
    func append(_ pause: Duration) { list.withLock { $0.append(pause) } }
  }

  /// Posts one finding to a server that gives these answers; no test waits between attempts.
  private func post(
    _ answers: [LocalServer.Answer], secret: String? = nil, allowPrivate: Bool = true,
    timeout: Duration = .seconds(10)
  ) throws -> (delivery: Delivery, requests: [LocalServer.Request], pauses: [Duration]) {
    let server = try LocalServer(answers)
    defer { server.stop() }
    let pauses = Pauses()
    let target = try WebhookTarget(
      url: server.url, secrets: secret.map { [$0] } ?? [], allowPrivate: allowPrivate)
    let client = WebhookClient(
      target, version: "0.1.0", timeout: timeout, wait: { pauses.append($0) })
    var clock: Int64 = 1_795_280_000
    let delivery = client.deliver(Sample.contractor) {
      clock += 1
      return clock
    }
    return (delivery, server.requests, pauses.all)
  }

  @Test func `an accepted finding is posted once, signed, as Standard Webhooks asks`() throws {
    let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    let (delivery, requests, pauses) = try post([.status(204)], secret: secret)
    #expect(delivery == .accepted)
    #expect(pauses.isEmpty)
    let request = try #require(requests.first)
    #expect(requests.count == 1)
    #expect(request.firstLine == "POST /hook?token=t0ps3cret HTTP/1.1")
    #expect(request.headers["content-type"] == "application/json")
    #expect(request.headers["user-agent"] == "rollcall/0.1.0")
    #expect(request.headers["webhook-timestamp"] == "1795280001")
    #expect(request.headers["expect"] == nil)
    let id = try #require(request.headers["webhook-id"])
    #expect(id == "msg_" + Sample.contractor.uid)
    #expect(
      request.headers["webhook-signature"]
        == (try WebhookSecret(secret)).signature(
          id: id, timestamp: 1_795_280_001, body: Array(request.body.utf8)))
    let finding = OCSF.detectionFinding(Sample.contractor, version: "0.1.0")
    #expect(
      request.body == #"{"type":"rollcall.finding","timestamp":"2026-11-21T16:04:10.500Z","data":"#
        + String(decoding: finding, as: UTF8.self) + "}")
  }

  @Test func `without a secret nothing is signed`() throws {
    let request = try #require(try post([.status(200)]).requests.first)
    #expect(request.headers["webhook-signature"] == nil)
  }

  @Test func `a server's error is retried with the same id and a new time`() throws {
    let (delivery, requests, pauses) = try post([.status(500), .hangUp, .status(200)], secret: "s")
    #expect(delivery == .accepted)
    #expect(requests.count == 3)
    #expect(Set(requests.map { $0.headers["webhook-id"] }).count == 1)
    #expect(Set(requests.map(\.body)).count == 1)
    #expect(
      requests.map { $0.headers["webhook-timestamp"] }
        == ["1795280001", "1795280002", "1795280003"])
    #expect(Set(requests.map { $0.headers["webhook-signature"] }).count == 3)
    #expect(pauses == [.milliseconds(500), .seconds(2)])
  }

  @Test func `after an error nothing more is sent or heard on that connection`() throws {
    let started = ContinuousClock.now
    let (delivery, requests, _) = try post(
      [.stall("HTTP/1.1 503 Busy\r\ncontent-length: 0\r\n\r\n"), .status(200)], secret: "s")
    #expect(delivery == .accepted && requests.count == 2)
    #expect(ContinuousClock.now - started < .seconds(5))
  }

  @Test func `after three retries the finding is left to the caller`() throws {
    let (delivery, requests, pauses) = try post(Array(repeating: .status(503), count: 9))
    #expect(delivery == .retry(after: nil, reason: "answered 503"))
    #expect(requests.count == 4)
    #expect(pauses.count == 3)
  }

  @Test func `a short Retry-After is kept, a long one is left to the caller`() throws {
    let short = try post([.status(429, headers: ["retry-after: 3"]), .status(200)])
    #expect(short.delivery == .accepted)
    #expect(short.pauses == [.seconds(3)])
    let long = try post([.status(429, headers: ["retry-after: 60"]), .status(200)])
    #expect(long.delivery == .retry(after: .seconds(60), reason: "answered 429"))
    #expect(long.requests.count == 1)
    let absurd = try post([.status(503, headers: ["retry-after: 99999999"])])
    #expect(absurd.delivery == .retry(after: .seconds(3600), reason: "answered 503"))
  }

  @Test(arguments: [400, 401, 404, 410])
  func `a refusal is not retried`(_ status: Int) throws {
    let (delivery, requests, _) = try post([.status(status), .status(200)])
    #expect(delivery == .refused(status: status))
    #expect(requests.count == 1)
  }

  @Test func `only what is about the message itself is final`() {
    let final = (200..<600).filter { Delivery(status: $0).isFinal }
    #expect(final == [400, 404, 405, 413, 415, 422])
    #expect(!Delivery.failed(reason: "").isFinal)
  }

  @Test(arguments: [301, 302, 303, 307, 308])
  func `a redirect is not followed`(_ status: Int) throws {
    let answer = LocalServer.Answer.status(status, headers: ["location: /elsewhere"])
    let (delivery, requests, _) = try post([answer, .status(200)])
    #expect(delivery == .refused(status: status))
    #expect(requests.count == 1)
  }

  @Test func `a receiver that says nothing is given up in time`() throws {
    let clock = ContinuousClock()
    let start = clock.now
    let (delivery, requests, _) = try post(
      Array(repeating: .silence, count: 9), timeout: .milliseconds(100))
    #expect(delivery == .retry(after: nil, reason: "127.0.0.1: no answer in time"))
    #expect(requests.count == 4)
    #expect(clock.now - start < .seconds(8))
  }

  @Test func `a huge answer is not read, and its status counts`() throws {
    let body = String(repeating: "x", count: 20_000_000)
    #expect(try post([.status(200, body: body)]).delivery == .accepted)
    #expect(try post([.status(404, body: body)]).delivery == .refused(status: 404))
  }

  @Test(arguments: ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "0x7f000001", "0"])
  func `a private address is refused by default, whatever it is called`(_ host: String) throws {
    let server = try LocalServer([.status(200)])
    defer { server.stop() }
    let target = try WebhookTarget(url: "http://\(host):\(server.port)/")
    let client = WebhookClient(target, version: "0.1.0", wait: { _ in Issue.record("retried") })
    guard case .failed(let reason) = client.deliver(Sample.contractor, now: { 0 }) else {
      Issue.record("delivered")
      return
    }
    #expect(reason.contains("private or local address; set allow_private"))
    #expect(server.requests.isEmpty)
  }

  @Test func `a proxy from the environment is not used`() async {
    // In a process of its own, as the environment is everybody's.
    await #expect(processExitsWith: .success) {
      let proxy = try LocalServer([.status(200)])
      let server = try LocalServer([.status(204)])
      for name in ["http_proxy", "all_proxy", "ALL_PROXY"] {
        unsafe setenv(name, "http://127.0.0.1:\(proxy.port)", 1)
      }
      let target = try WebhookTarget(url: server.url, allowPrivate: true)
      let client = WebhookClient(target, version: "0.1.0", wait: { _ in })
      let delivery = client.deliver(Sample.contractor, now: { 0 })
      exit(delivery == .accepted && proxy.requests.isEmpty ? 0 : 1)
    }
  }

  @Test func `a receiver that does not speak TLS is retried, and never spoken to plainly`() throws {
    let server = try LocalServer(Array(repeating: .hangUp, count: 4))
    defer { server.stop() }
    let target = try WebhookTarget(url: "https://127.0.0.1:\(server.port)/", allowPrivate: true)
    let client = WebhookClient(target, version: "0.1.0", wait: { _ in })
    guard case .retry = client.deliver(Sample.contractor, now: { 0 }) else {
      Issue.record("not a retry")
      return
    }
    #expect(server.requests.isEmpty)
  }

  @Test func `nobody listening is retried, and only the host is named`() throws {
    let server = try LocalServer([])
    server.stop()
    let target = try WebhookTarget(url: server.url, secrets: ["hush"], allowPrivate: true)
    let client = WebhookClient(target, version: "0.1.0", wait: { _ in })
    guard case .retry(nil, let reason) = client.deliver(Sample.contractor, now: { 0 }) else {
      Issue.record("not a retry")
      return
    }
    #expect(reason.hasPrefix("127.0.0.1: "))
    #expect(!reason.contains("t0ps3cret") && !reason.contains("hook"))
  }

  @Test func `a large finding is cut to what receivers take`() throws {
    let raw = String(repeating: "\u{1}\"é", count: 1000)
    let finding = Sample.finding(evidence: Array(repeating: Sample.line(raw: raw), count: 10))
    let message = WebhookMessage(finding, version: "0.1.0")
    #expect(message.body.count <= 20_000)
    #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(message.body)) }
    #expect(message.id == WebhookMessage(finding, version: "0.1.0").id)
  }
}

@Suite struct WebhookSecretTests {
  @Test func `the signature is that of the standard's own example`() throws {
    let secret = try WebhookSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    let signature = secret.signature(
      id: "msg_p5jXN8AQM9LWM0D4loKWxJek", timestamp: 1_614_265_330,
      body: Array(#"{"test": 2432232314}"#.utf8))
    #expect(signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
  }

  @Test func `a key is the same in base64 and as text`() throws {
    let written = try ["whsec_c2VjcmV0", "secret", "whsec_c2VjcmV0Cg=="].map {
      (text: String) throws -> String in
      try WebhookSecret(text).signature(id: "a", timestamp: 1, body: [])
    }
    #expect(written[0] == written[1])
    #expect(written[0] != written[2])
  }

  @Test(arguments: [
    ("", WebhookProblem.secretEmpty), ("whsec_", .secretEmpty), ("whsec_a", .secretNotBase64),
    ("whsec_ab!d", .secretNotBase64), ("whsec_abc=d", .secretNotBase64),
    ("whsec_ab=", .secretNotBase64), ("whsec_a===", .secretNotBase64),
  ])
  func `a broken key stops the start`(_ text: String, _ problem: WebhookProblem) {
    #expect(throws: problem) { try WebhookSecret(text) }
  }
}

@Suite struct WebhookTargetTests {
  @Test(arguments: [
    ("", WebhookProblem.notAnAddress), ("hooks.example.org/x", .notAnAddress),
    ("https://", .notAnAddress), ("https://:443/path", .notAnAddress),
    ("https://a b/", .notAnAddress), ("https://a/\r\nx: y", .notAnAddress),
    ("ftp://hooks.example.org/", .scheme("ftp")), ("file:///etc/passwd", .scheme("file")),
    ("gopher://127.0.0.1/", .scheme("gopher")),
  ])
  func `an address that can not be posted to stops the start`(
    _ url: String, _ problem: WebhookProblem
  ) {
    #expect(throws: problem) { try WebhookTarget(url: url) }
  }

  @Test(arguments: [
    ("https://hooks.example.org/a?b=c", "hooks.example.org"),
    ("HTTP://user:pass@Hooks.Example.org:8443/", "Hooks.Example.org"),
    ("https://[2001:db8::1]/", "[2001:db8::1]"),
  ])
  func `a target prints its host and nothing else`(_ url: String, _ host: String) throws {
    let target = try WebhookTarget(url: url, secrets: ["hush"])
    #expect("\(target)" == host)
    var dumped = ""
    dump(target, to: &dumped)
    for secret in ["hush", "pass", "b=c"] {
      #expect(!dumped.contains(secret) && !String(reflecting: target).contains(secret))
    }
  }
}
