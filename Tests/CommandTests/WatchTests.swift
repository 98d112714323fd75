import Foundation
import Testing

/// `rollcall watch` as it is run: the real program over logs that are written and rotated meanwhile.
@Suite(.serialized) struct WatchTests {
  /// A folder with a log, a configuration and a route into a file.
  final class Place {
    let scratch: Scratch
    private var process: Process?
    private var lines = 0
    var environment: [String: String] = [:]

    init(_ more: String = "") throws {
      scratch = try Scratch()
      try scratch.write("logs/auth.log", "")
      try scratch.write(
        "rollcall.yaml",
        """
        state: state/rollcall.db
        sources:
          - {name: hosts, path: logs/auth.log}
        outputs:
          - {name: archive, file: found.jsonl}
        \(more)
        """)
    }

    deinit { process?.terminate() }

    var config: String { scratch.path + "/rollcall.yaml" }
    var log: String { scratch.path + "/logs/auth.log" }
    var identifier: Int32? { process?.processIdentifier }

    func start(_ more: String...) throws {
      let process = Process()
      process.executableURL = URL(fileURLWithPath: Program.path)
      process.arguments = ["watch", "--config", config, "--patience", "0.5"] + more
      process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
      process.standardInput = FileHandle.nullDevice
      process.standardOutput = FileHandle.nullDevice
      let errors = scratch.path + "/errors"
      if !FileManager.default.fileExists(atPath: errors) { try scratch.write("errors", "") }
      let handle = try #require(FileHandle(forWritingAtPath: errors))
      try handle.seekToEnd()
      process.standardError = handle
      try process.run()
      self.process = process
    }

    /// Ends it at once, or in its own time; returns how it ended.
    @discardableResult func stop(_ signal: Int32 = SIGTERM) -> Int32 {
      guard let process else { return -1 }
      kill(process.processIdentifier, signal)
      process.waitUntilExit()
      self.process = nil
      return process.terminationStatus
    }

    /// Writes so many failed sign-ins from an address, now.
    func fail(_ address: String, _ count: Int) throws {
      let format = DateFormatter()
      format.locale = Locale(identifier: "en_US_POSIX")
      format.timeZone = TimeZone(identifier: "UTC")
      format.dateFormat = "MMM d HH:mm:ss"
      var text = ""
      for _ in 0..<count {
        lines += 1
        let stamp = format.string(from: Date())
        let parts = stamp.split(separator: " ")
        text +=
          "\(parts[0]) \(parts[1].count == 1 ? " " : "")\(parts[1]) \(parts[2]) gw1 sshd[\(lines)]: "
          + "Failed password for root from \(address) port 4022 ssh2\n"
      }
      if !FileManager.default.fileExists(atPath: log) { try scratch.write("logs/auth.log", "") }
      let handle = try #require(FileHandle(forWritingAtPath: log))
      try handle.seekToEnd()
      try handle.write(contentsOf: Data(text.utf8))
      try handle.close()
    }

    /// The messages in the route's file: identity and sentence.
    var messages: [(uid: String, text: String)] {
      let file = (try? scratch.read("found.jsonl")) ?? Data()
      return file.split(separator: 0x0A).compactMap { line in
        let json = try? JSONSerialization.jsonObject(with: Data(line)) as? [String: Any]
        let data = json?["data"] as? [String: Any]
        let info = data?["finding_info"] as? [String: Any]
        guard let uid = info?["uid"] as? String, let text = data?["message"] as? String else {
          return nil
        }
        return (uid, text)
      }
    }

    /// What it said.
    var errors: String {
      get throws { String(decoding: try scratch.read("errors"), as: UTF8.self) }
    }

    func signal(_ number: Int32) {
      if let process { kill(process.processIdentifier, number) }
    }

    /// Waits until something holds, half a minute at the most.
    func wait(_ what: String, seconds: Int = 30, _ holds: () throws -> Bool) throws {
      for _ in 0..<seconds * 10 {
        if try holds() { return }
        usleep(100_000)
      }
      let errors = try errors
      Issue.record("waited in vain for \(what): \(messages.map(\.text)); \(errors)")
    }

    func status() throws -> String {
      try Program.run("status", "--config", config).output
    }
  }

  @Test func `a finding is told within seconds, once, and status and alerts show it`() throws {
    let place = try Place()
    try place.start()
    try place.fail("203.0.113.7", 12)
    try place.wait("a finding") { place.messages.count == 1 }
    #expect(place.messages[0].text == "12 failed sign-ins from 203.0.113.7")
    try place.fail("203.0.113.7", 3)
    try place.fail("203.0.113.8", 12)
    try place.wait("another") { place.messages.count == 2 }
    // The counts alone are written every few seconds.
    try place.wait("all lines counted") { try place.status().contains(" 27 ") }
    let alerts = try Program.run("alerts", "--config", place.config)
    #expect(alerts.code == 0 && alerts.lines.count == 3)
    #expect(
      alerts.lines.dropFirst().allSatisfy { $0.contains("sent") && $0.contains("archive") })
    let second = try Program.run("watch", "--config", place.config)
    #expect(second.code == 2 && second.errors.contains("another rollcall is using it"))
    #expect(place.stop() == 0)
    #expect(try place.status().contains("15 failed sign-ins from 203.0.113.7"))
  }

  @Test func `killed at any moment, with rotation meanwhile: nothing lost, nothing told twice`()
    throws
  {
    let place = try Place()
    var random = SystemRandomNumberGenerator()
    let files = FileManager.default
    // Fewer findings than a minute may tell one by one.
    for round in 0..<15 {
      try place.start()
      for part in 0..<2 {
        try place.fail("198.51.100.\(round + 1)", 6)
        usleep(useconds_t.random(in: 0...250_000, using: &random))
        if part == 1 {
          for number in stride(from: round, through: 1, by: -1) {
            let old = place.log + ".\(number)"
            guard files.fileExists(atPath: old) else { continue }
            try files.moveItem(atPath: old, toPath: place.log + ".\(number + 1)")
          }
          try files.moveItem(atPath: place.log, toPath: place.log + ".1")
        }
      }
      usleep(useconds_t.random(in: 0...600_000, using: &random))
      place.stop(SIGKILL)
    }
    try place.start()
    try place.wait("every address") { Set(place.messages.map(\.text)).count == 15 }
    try place.wait("every line") { try place.status().contains(" 180 ") }
    place.stop()
    // A message may come twice when the kill came between sending and noting; never under two names.
    let names = Dictionary(grouping: place.messages) { $0.text }.mapValues { Set($0.map(\.uid)) }
    #expect(names.values.allSatisfy { $0.count == 1 })
    #expect(names.keys.allSatisfy { $0.hasPrefix("12 failed sign-ins from ") })
    // What a scan of the same lines says is the same.
    let scan = try Program.run(
      "scan", "--config", place.config, "--output", "jsonl", "-q", place.log + "*")
    let uids = scan.lines.compactMap { line in
      let json = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
      return (json?["finding_info"] as? [String: Any])?["uid"] as? String
    }
    #expect(Set(uids) == Set(place.messages.map(\.uid)))
  }

  @Test func `what a finding counts is kept with it, though its log is gone a moment later`() throws
  {
    let place = try Place()
    try place.start()
    try place.fail("203.0.113.41", 11)
    try place.wait("the finding") { place.messages.count == 1 }
    // Long before the half minute after which all is written down in any case.
    place.stop(SIGKILL)
    try FileManager.default.removeItem(atPath: place.log)
    try place.fail("203.0.113.41", 1)
    try place.start()
    try place.wait("the twelfth") {
      try place.status().contains("12 failed sign-ins from 203.0.113.41")
    }
    place.stop()
    #expect(place.messages.count == 1)
  }

  @Test func `of many at once the first are told one by one, and a summary tells of the rest`()
    throws
  {
    let place = try Place("  - {name: gateways, file: gateways.jsonl, systems: [gw1]}")
    try place.start()
    for number in 1...50 { try place.fail("192.0.2.\(number)", 12) }
    // The summary comes when the minute is over.
    try place.wait("the summary", seconds: 75) {
      place.messages.contains { $0.text.contains("more findings of login-brute-force") }
    }
    place.stop()
    let single = place.messages.count { $0.text.hasPrefix("12 failed sign-ins from") }
    let summed = place.messages.compactMap { message in
      message.text.contains(" more findings") ? Int(message.text.prefix { $0.isNumber }) : nil
    }
    #expect(single + summed.reduce(0, +) == 50)
    #expect(single >= 20 && single <= 40)
    #expect(Set(place.messages.map(\.uid)).count == place.messages.count)
    #expect(try place.status().contains("in the summary storm-"))
    // Who is told of some systems only is told of what was held back, too.
    let gateways = String(decoding: try place.scratch.read("gateways.jsonl"), as: UTF8.self)
    #expect(gateways.contains(" more findings of login-brute-force"))
  }

  @Test func `what others send is kept, followed and told, and the process tells of itself`() throws
  {
    let place = try Place()
    let port = 20_000 + Int.random(in: 0..<12_000)
    try """
    state: state/rollcall.db
    status: 127.0.0.1:\(port)
    sources:
      - {name: relay, listen: "tcp://127.0.0.1:\(port + 1)"}
    outputs:
      - {name: archive, file: found.jsonl}
    """.write(toFile: place.config, atomically: true, encoding: .utf8)
    try place.start()
    func get(_ path: String) throws -> String {
      let talk =
        "exec 3<>/dev/tcp/127.0.0.1/\(port) && printf 'GET \(path) HTTP/1.1\\r\\nhost: x\\r\\n\\r\\n' >&3 && cat <&3"
      let answer = try Program.run(["-c", talk], of: "/bin/bash").output
      return answer.components(separatedBy: "\r\n\r\n").dropFirst().joined()
    }
    try place.wait("readiness") { try get("/readyz") == "ready\n" }
    try place.fail("203.0.113.7", 12)
    let lines = try place.scratch.read("logs/auth.log")
    let sent = try Program.run(
      ["-c", "cat > /dev/tcp/127.0.0.1/\(port + 1)"], of: "/bin/bash", input: lines)
    #expect(sent.code == 0)
    try place.wait("a finding") { place.messages.count == 1 }
    #expect(try get("/healthz") == "ok\n")
    try place.wait("the counts") {
      try get("/metrics").contains("rollcall_lines_total{source=\"relay\",result=\"parsed\"} 12\n")
    }
    #expect(try get("/metrics").contains("result=\"kept\"} 12\n"))
    #expect(try get("/other").hasPrefix("there is /healthz"))
    // What was received is there after a kill, too, and is not told again.
    place.stop(SIGKILL)
    try place.start()
    try place.wait("readiness again") { try get("/readyz") == "ready\n" }
    try place.wait("the spool") { try get("/metrics").contains("result=\"parsed\"} 12\n") }
    #expect(place.messages.count == 1)
    #expect(place.stop() == 0)
  }

  @Test func `what comes through a pipe is kept, read to its end, and told`() throws {
    let place = try Place()
    try place.fail("203.0.113.7", 12)
    let lines = try place.scratch.read("logs/auth.log")
    let run = try Program.run(
      ["watch", "-", "--config", place.config], input: lines.dropLast())
    #expect(run.code == 0)
    #expect(run.errors.contains("watching stdin"))
    try place.wait("the finding") { place.messages.count == 1 }
    #expect(try place.status().contains("12 failed sign-ins from 203.0.113.7"))
    // Without an output it is printed.
    let printed = try Program.run(
      ["watch", "-", "--state", place.scratch.path + "/other.db"], input: lines)
    #expect(printed.code == 0)
    #expect(printed.lines.first == "HIGH: 12 failed sign-ins from 203.0.113.7")
    #expect(printed.lines.count == 3)
  }

  @Test func `what is silenced is found, and nobody is told`() throws {
    let place = try Place(
      """
      silences:
        - {subject: "203.0.113.*", until: 2099-01-01, author: dana, reason: penetration test}
        - {detector: login-brute-force, subject: 192.0.2.1, until: 2020-01-01, author: dana, reason: long over}
      """)
    try place.start()
    try place.fail("203.0.113.7", 12)
    try place.fail("192.0.2.1", 12)
    try place.wait("the other finding") { place.messages.count == 1 }
    #expect(place.messages[0].text.contains("192.0.2.1"))
    #expect(
      try place.status().contains(
        "(not told: silenced until 2099-01-01 by dana: penetration test)"))
    #expect(place.stop() == 0)
  }

  @Test func `a line from the future hides nothing that happens while nobody watches`() throws {
    let place = try Place()
    try place.start()
    let future = ISO8601DateFormatter().string(from: Date(timeIntervalSinceNow: 100 * 86_400))
    try place.scratch.write(
      "logs/auth.log",
      "\(future) gw1 sshd[1]: Accepted password for root from 203.0.113.1 port 4022 ssh2\n")
    try place.wait("the line") { try place.status().contains("hosts") }
    try place.wait("the count") { try place.status().contains(" 1          1          0") }
    place.stop(SIGKILL)
    try place.fail("203.0.113.7", 12)
    try place.start()
    try place.wait("the finding") { place.messages.contains { $0.text.contains("203.0.113.7") } }
    #expect(place.stop() == 0)
  }

  @Test func `two sources that lead to one file count its lines once`() throws {
    let place = try Place()
    try """
    state: state/rollcall.db
    sources:
      - {name: hosts, path: logs/auth.log}
      - {name: all, path: "logs/*.log"}
    outputs:
      - {name: archive, file: found.jsonl}
    """.write(toFile: place.config, atomically: true, encoding: .utf8)
    try place.start()
    try place.fail("203.0.113.7", 6)
    try place.wait("the note") {
      try place.errors.contains("auth.log is followed as hosts already")
    }
    try place.fail("203.0.113.7", 6)
    try place.wait("a finding") { place.messages.count == 1 }
    #expect(place.messages[0].text == "12 failed sign-ins from 203.0.113.7")
    #expect(place.stop() == 0)
  }

  @Test func `new settings come into force on request, and wrong ones do not`() throws {
    let place = try Place()
    try place.scratch.write("registers/people.yaml", "people: []\n")
    let settings = try String(contentsOfFile: place.config, encoding: .utf8)
    try (settings + "registers: registers\n").write(
      toFile: place.config, atomically: true, encoding: .utf8)
    try place.start()
    try place.fail("203.0.113.7", 12)
    try place.wait("a finding") { place.messages.count >= 1 }
    try place.scratch.write("registers/people.yaml", "people: [{}]\n")
    place.signal(SIGHUP)
    try place.wait("the refusal") { try place.errors.contains("not reloaded") }
    try place.fail("203.0.113.8", 12)
    try place.wait("another finding") {
      place.messages.contains { $0.text == "12 failed sign-ins from 203.0.113.8" }
    }
    try place.scratch.write("registers/people.yaml", "people: []\n")
    place.signal(SIGHUP)
    try place.wait("the reload") { try place.errors.contains("reloaded the settings") }
    let count = place.messages.count
    try place.fail("203.0.113.9", 12)
    try place.wait("a third finding") { place.messages.count > count }
    #expect(place.stop() == 0)
    #expect(Set(place.messages.map(\.uid)).count == place.messages.count)
  }

  @Test func `what was there before the first start is known, and told only when asked`() throws {
    let place = try Place()
    try place.scratch.write(
      "logs/auth.log",
      (1...12).map {
        "2026-01-05T10:00:\(String(format: "%02d", $0))Z gw1 sshd[\($0)]: Failed password for root from 203.0.113.5 port 4022 ssh2\n"
      }.joined())
    try place.start()
    try place.wait("the old finding") {
      try place.status().contains("1 finding, 1 of them not told")
    }
    try place.fail("203.0.113.6", 12)
    try place.wait("the new one") { place.messages.count == 1 }
    #expect(place.messages[0].text.contains("203.0.113.6"))
    place.stop()
  }

  @Test func `a receiver that fails in every way gets each message in the end, under one identity`()
    throws
  {
    let server = try LocalServer([
      .status(500), .status(429, headers: ["retry-after: 2"]), .hangUp, .status(302),
      .status(204), .status(410), .status(200),
    ])
    defer { server.stop() }
    let place = try Place(
      "  - {name: soc, webhook: \"\(server.url)\", allow_private: true, secret: [whsec_c2VjcmV0c2VjcmV0, whsec_b2xkZXJzZWNyZXQh]}"
    )
    try place.start("--haste", "10000")
    try place.fail("203.0.113.7", 12)
    try place.wait("the fifth attempt", seconds: 60) { server.requests.count == 5 }
    let ids = server.requests.map { $0.headers["webhook-id"] ?? "" }
    #expect(Set(ids).count == 1 && ids[0] == "msg_" + (place.messages.first?.uid ?? ""))
    #expect(Set(server.requests.map(\.body)).count == 1)
    // Both keys sign while the receiver changes over.
    let signatures = server.requests.map { $0.headers["webhook-signature"] ?? "" }
    #expect(signatures.allSatisfy { $0.split(separator: " ").count == 2 })
    let alerts = { try Program.run("alerts", "--config", place.config).words }
    try place.wait("the ledger") { try alerts().contains("sent soc high 5 attempts") }
    // A receiver that is gone gets nothing more until somebody asks for it.
    try place.fail("203.0.113.8", 12)
    try place.wait("the dead letter") {
      try alerts().contains("dead soc high 1 attempt, the last one answered 410")
    }
    #expect(try Program.run("alerts", "resend", "all", "--config", place.config).code == 0)
    try place.wait("the last message") { server.requests.count == 7 }
    try place.wait("nothing dead") { try !alerts().contains("dead") }
    #expect(place.stop() == 0)
  }

  @Test func `whoever started it is told when it is ready and that it lives`() throws {
    let place = try Place()
    let path = place.scratch.path + "/notify"
    let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    unsafe withUnsafeMutableBytes(of: &address.sun_path) {
      unsafe $0.copyBytes(from: Array(path.utf8))
    }
    // SAFETY: the address is given with its true size.
    let bound = unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        unsafe bind(descriptor, pointer, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    #expect(bound == 0)
    place.environment = ["NOTIFY_SOCKET": path]
    try place.start()
    var heard: Set<String> = []
    var buffer = [UInt8](repeating: 0, count: 100)
    for _ in 0..<100 where !heard.isSuperset(of: ["READY=1", "WATCHDOG=1"]) {
      var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      guard unsafe poll(&entry, 1, 1000) > 0 else { continue }
      let count = unsafe recv(descriptor, &buffer, buffer.count, 0)
      heard.insert(String(decoding: buffer.prefix(max(0, count)), as: UTF8.self))
    }
    #expect(heard.isSuperset(of: ["READY=1", "WATCHDOG=1"]))
    #expect(place.stop() == 0)
  }

  @Test func `a test goes down every route, and one that fails is said`() throws {
    let place = try Place("  - {name: gone, webhook: \"http://127.0.0.1:9/x\"}")
    let run = try Program.run("alerts", "test", "--config", place.config)
    #expect(run.code == 3)
    #expect(run.lines.contains("archive: written"))
    #expect(run.lines.contains { $0.hasPrefix("gone: 127.0.0.1 is at a private or local address") })
    #expect(place.messages.map(\.text) == ["This is a test of Rollcall's route; nothing happened."])
  }
}
