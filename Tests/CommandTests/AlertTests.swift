import Foundation
import GRDB
import Testing

/// How `watch` tells of findings: in groups, in order, down every kind of route; and what it says of it afterwards.
@Suite(.serialized) struct AlertTests {
  typealias Place = WatchTests.Place

  /// The identities in the bodies of OCSF messages: of each its own, and of those that it lists.
  private func told(_ requests: [LocalServer.Request]) -> [(uid: String, related: [String])] {
    requests.compactMap { request in
      let json = try? JSONSerialization.jsonObject(with: Data(request.body.utf8)) as? [String: Any]
      let info = (json?["data"] as? [String: Any])?["finding_info"] as? [String: Any]
      guard let uid = info?["uid"] as? String else { return nil }
      let related = info?["related_events"] as? [[String: Any]] ?? []
      return (uid, related.compactMap { $0["uid"] as? String })
    }
  }

  @Test func `findings of a group come in one message, also when the process is killed meanwhile`()
    throws
  {
    let server = try LocalServer([], then: .status(204))
    defer { server.stop() }
    let place = try Place(
      "  - {name: soc, webhook: \"\(server.url)\", allow_private: true, group_by: [detector], group_wait: 4s, group_interval: 5s}"
    )
    try place.start()
    for number in 1...3 { try place.fail("203.0.113.\(number)", 12) }
    try place.wait("the single messages") { place.messages.count == 3 }
    place.stop(SIGKILL)
    #expect(server.requests.isEmpty)
    // What waits is said.
    #expect(try place.status().contains(" · 3 findings wait for others"))
    let uid = try #require(place.messages.first?.uid)
    let show = try Program.run("alerts", "show", String(uid.prefix(20)), "--config", place.config)
    #expect(show.output.contains("soc: waits for others of its group until "))
    #expect(show.output.contains("archive: sent"))
    try place.start()
    try place.wait("the group") { server.requests.count == 1 }
    let group = try #require(told(server.requests).first)
    #expect(Set(group.related) == Set(place.messages.map(\.uid)))
    #expect(server.requests[0].headers["webhook-id"] == "msg_" + group.uid)
    #expect(group.uid.hasPrefix("group-"))
    // One alone is told as it would be without a group: the file has the same bytes.
    try place.fail("203.0.113.9", 12)
    try place.wait("the next one") { server.requests.count == 2 }
    #expect(told(server.requests)[1].related == [])
    let file = String(decoding: try place.scratch.read("found.jsonl"), as: UTF8.self)
    #expect(file.hasSuffix("\n" + server.requests[1].body + "\n"))
    let alerts = try Program.run("alerts", "--config", place.config).words
    #expect(alerts.contains("sent soc high 1 attempt"))
    #expect(alerts.contains("3 findings of login-brute-force: "))
    let ledger = try Program.run("alerts", "show", uid, "--config", place.config).output
    #expect(ledger.contains("soc: sent  \(group.uid), with 2 others"))
    place.stop(SIGKILL)
    try place.start()
    try place.wait("the third start") {
      try place.errors.components(separatedBy: "all that the logs hold was read").count == 4
    }
    #expect(place.stop() == 0)
    #expect(server.requests.count == 2)
  }

  @Test func `a finding that goes on is told again under its own identity`() throws {
    let server = try LocalServer([], then: .status(204))
    defer { server.stop() }
    let place = try Place(
      "  - {name: soc, webhook: \"\(server.url)\", allow_private: true, group_by: [subject], group_wait: 0s, group_interval: 1s, repeat_interval: 3s}"
    )
    try place.start()
    try place.fail("203.0.113.7", 12)
    try place.wait("the finding") { server.requests.count == 1 }
    try place.fail("203.0.113.7", 5)
    try place.wait("the repetition") { server.requests.count == 2 }
    usleep(4_500_000)
    #expect(server.requests.count == 2)
    #expect(place.stop() == 0)
    #expect(
      server.requests[1].body.contains("1 finding of login-brute-force goes on: 203.0.113.7"))
    #expect(Set(told(server.requests).map(\.uid)).count == 1)
    #expect(Set(server.requests.map { $0.headers["webhook-id"] }).count == 2)
  }

  @Test func `new settings wait for the attempt at hand, so that nothing is sent twice`() throws {
    let server = try LocalServer([.silence], then: .status(204))
    defer { server.stop() }
    let place = try Place("  - {name: soc, webhook: \"\(server.url)\", allow_private: true}")
    try place.start("--haste", "5")
    try place.fail("203.0.113.7", 12)
    try place.wait("the attempt") { server.requests.count == 1 }
    place.signal(SIGHUP)
    try place.wait("the reload") { try place.errors.contains("reloaded the settings") }
    usleep(1_200_000)
    #expect(server.requests.count == 1)
    try place.wait("the second attempt") { server.requests.count == 2 }
    #expect(Set(server.requests.map { $0.headers["webhook-id"] }).count == 1)
    #expect(place.stop() == 0)
  }

  @Test func `findings that could not be kept at once count once toward a storm`() throws {
    let place = try Place()
    try place.start()
    try place.wait("readiness") { try place.errors.contains("all that the logs hold was read") }
    var settings = Configuration()
    settings.allowsUnsafeTransactions = true
    let store = try DatabaseQueue(
      path: place.scratch.path + "/state/rollcall.db", configuration: settings)
    // The next writes are refused, as by a disk that is full.
    try store.inDatabase { try $0.execute(sql: "BEGIN IMMEDIATE") }
    for number in 1...15 { try place.fail("203.0.113.\(number)", 12) }
    try place.wait("the trouble") { try place.errors.contains("nothing is read until") }
    try store.inDatabase { try $0.execute(sql: "ROLLBACK") }
    try place.wait("the recovery") { try place.errors.contains("the store can be written again") }
    try place.wait("each by itself") { place.messages.count == 15 }
    #expect(place.stop() == 0)
    #expect(try place.status().contains("15 findings, 0 of them not told of"))
  }

  @Test func `what ends waits for no group`() throws {
    let server = try LocalServer([], then: .status(204))
    defer { server.stop() }
    let place = try Place(
      "  - {name: soc, webhook: \"\(server.url)\", allow_private: true, group_by: [level], group_wait: 1h}"
    )
    try place.fail("203.0.113.7", 12)
    let lines = try place.scratch.read("logs/auth.log")
    #expect(
      try Program.run(["watch", "-", "--config", place.config], input: lines).code == 0)
    #expect(server.requests.count == 1)
  }

  @Test func `what nobody is told of is listed with the reason`() throws {
    let place = try Place(
      """
        - {name: databases, file: databases.jsonl, systems: ["db*"]}
      silences:
        - {subject: "203.0.113.*", until: 2099-01-01, author: dana, reason: penetration test}
      """)
    let settings = try String(contentsOfFile: place.config, encoding: .utf8)
    try settings.replacing("file: found.jsonl", with: "file: found.jsonl, levels: [low]").write(
      toFile: place.config, atomically: true, encoding: .utf8)
    try place.start()
    try place.fail("203.0.113.7", 12)
    try place.fail("192.0.2.7", 12)
    let unsent = { try Program.run("alerts", "--unsent", "--config", place.config) }
    try place.wait("both") { try unsent().lines.count == 3 }
    #expect(place.stop() == 0)
    let output = try unsent().output
    #expect(
      output.contains(
        "12 failed sign-ins from 203.0.113.7  (silenced until 2099-01-01 by dana: penetration test)"
      ))
    #expect(
      output.contains(
        "12 failed sign-ins from 192.0.2.7  (no route takes it: archive not its level, databases not its system)"
      ))
    let uid = try #require(output.split(separator: "\n").last?.split(separator: " ").first)
    let show = try Program.run("alerts", "show", String(uid), "--config", place.config)
    #expect(show.output.contains("nobody was told: "))
    let unknown = try Program.run("alerts", "show", "ffffffzz", "--config", place.config)
    #expect(unknown.code == 3 && unknown.errors.contains("no finding and no message begins with"))
  }

  @Test func `the routing key goes to PagerDuty, and nowhere else`() throws {
    let server = try LocalServer([.status(500)], then: .status(202))
    defer { server.stop() }
    let place = try Place(
      "  - {name: duty, webhook: \"\(server.url)\", allow_private: true, body: pagerduty, routing_key: \"${DUTY}\"}"
    )
    let key = "R0UTINGKEY0123456789ABCDEF012345"
    place.environment = ["DUTY": key]
    try place.start("--haste", "10000")
    try place.fail("203.0.113.7", 12)
    try place.wait("the second attempt") { server.requests.count >= 2 }
    place.stop(SIGKILL)
    let json = try #require(
      JSONSerialization.jsonObject(with: Data(server.requests[1].body.utf8)) as? [String: Any])
    #expect(json["routing_key"] as? String == key)
    #expect(json["dedup_key"] as? String == place.messages.first?.uid)
    #expect(server.requests[0].body == server.requests[1].body)
    for name in try FileManager.default.subpathsOfDirectory(atPath: place.scratch.path) {
      guard let data = try? place.scratch.read(name) else { continue }
      #expect(data.range(of: Data(key.utf8)) == nil, "\(name)")
    }
  }

  @Test func `findings go to a syslog receiver, and a test goes down every route`() throws {
    let descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    // SAFETY: both calls get the address with its true size.
    let isBound = unsafe withUnsafeMutablePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        unsafe bind(descriptor, pointer, size) == 0
          && getsockname(descriptor, pointer, &size) == 0
      }
    }
    try #require(isBound)
    let port = UInt16(bigEndian: address.sin_port)
    func receive() -> String {
      var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      guard unsafe poll(&entry, 1, 30_000) > 0 else { return "" }
      var buffer = [UInt8](repeating: 0, count: 65_536)
      let count = unsafe recv(descriptor, &buffer, buffer.count, 0)
      return String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
    }
    let server = try LocalServer([], then: .status(202))
    defer { server.stop() }
    let place = try Place(
      """
        - {name: log, syslog: "udp://127.0.0.1:\(port)"}
        - {name: duty, webhook: "\(server.url)", allow_private: true, body: pagerduty, routing_key_file: key}
      """)
    try place.scratch.write("key", "abc123\n")
    let test = try Program.run("alerts", "test", "--config", place.config)
    #expect(test.code == 0)
    #expect(Set(test.lines) == ["archive: written", "log: sent", "duty: accepted"])
    let marked = receive()
    #expect(marked.hasPrefix("<86>1 ") && marked.contains("detector=\"rollcall-test\""))
    #expect(marked.hasSuffix("This is a test of Rollcall's route; nothing happened."))
    #expect(server.requests[0].body.hasPrefix("{\"routing_key\":\"abc123\","))
    try place.start()
    try place.fail("203.0.113.7", 12)
    let message = receive()
    #expect(message.hasPrefix("<83>1 ") && message.hasSuffix("12 failed sign-ins from 203.0.113.7"))
    #expect(message.contains("subject=\"203.0.113.7\""))
    #expect(place.stop() == 0)
  }

  @Test func `a route that fails is told down the others, once, and what comes back is told again`()
    throws
  {
    let server = try LocalServer([.status(410)], then: .status(200))
    defer { server.stop() }
    let place = try Place(
      "  - {name: soc, webhook: \"\(server.url)\", allow_private: true}")
    try place.start()
    try place.fail("203.0.113.7", 12)
    try place.wait("the finding about the route") { place.messages.count == 2 }
    #expect(
      place.messages[1].text
        == "soc gets nothing more until somebody sends it again: the receiver is gone (410)")
    #expect(place.messages[1].uid.hasPrefix("route-failing-soc-"))
    // A new start knows of it.
    place.stop(SIGKILL)
    try place.start()
    #expect(try Program.run("alerts", "resend", "all", "--config", place.config).code == 0)
    try place.wait("the recovery") { try place.errors.contains("route soc: delivers again after ") }
    #expect(place.stop() == 0)
    #expect(place.messages.count == 2 && server.requests.count == 2)
  }
}
