import Foundation
import Testing

/// What other tools are known to fail at, end to end; `Tests/FAILURES.md` says which test is about which failure.
@Suite(.serialized) struct KnownFailureTests {
  typealias Place = WatchTests.Place

  /// A place whose settings are these.
  private func place(_ settings: String) throws -> Place {
    let place = try Place()
    try configure(place, settings)
    return place
  }

  private func configure(_ place: Place, _ settings: String) throws {
    try "state: state/rollcall.db\noutputs:\n  - {name: archive, file: found.jsonl}\n\(settings)\n"
      .write(toFile: place.config, atomically: true, encoding: .utf8)
  }

  private func append(_ place: Place, _ name: String, _ text: String) throws {
    let path = place.scratch.path + "/" + name
    if !FileManager.default.fileExists(atPath: path) { try place.scratch.write(name, "") }
    let handle = try #require(FileHandle(forWritingAtPath: path))
    try handle.seekToEnd()
    try handle.write(contentsOf: Data(text.utf8))
    try handle.close()
  }

  /// Failed sign-ins from an address, so many seconds ago.
  private func failures(_ address: String, _ ages: [Int], user: String = "root") -> String {
    ages.enumerated().map { number, age in
      let stamp = Date(timeIntervalSinceNow: -Double(age)).ISO8601Format()
      return
        "\(stamp) gw1 sshd[\(number + 1)]: Failed password for \(user) from \(address) port 4022 ssh2\n"
    }.joined()
  }

  // MARK: - Reading

  @Test func `a log that is written and rotated without pause is read whole`() throws {
    let place = try Place()
    try place.start()
    for round in 0..<40 {
      for _ in 0..<4 { try place.fail("203.0.113.7", 25) }
      let day = 1 + round / 24
      let hour = round % 24
      let name = "auth.log-202611\(day < 10 ? "0" : "")\(day)\(hour < 10 ? "0" : "")\(hour)"
      try FileManager.default.moveItem(
        atPath: place.log, toPath: place.scratch.path + "/logs/" + name)
    }
    try place.scratch.write("logs/auth.log", "")
    try place.wait("every line", seconds: 60) { try place.status().contains(" 4000 ") }
    #expect(try place.status().contains("4000 failed sign-ins from 203.0.113.7"))
    #expect(place.stop() == 0)
    #expect(place.messages.count == 1)
  }

  @Test func `a record of many lines is neither lost nor read again by a start`() throws {
    let place = try place("sources:\n  - {name: app, path: logs/app.log, multiline: time}")
    let stamp = Date().ISO8601Format()
    func line(_ number: Int) -> String { "\(stamp) gw1 app[7]: it failed \(number)\n" }
    let trace = "\tat a.b.C(D.java:1)\n\tat a.b.C(D.java:2)\n"
    // All is written down each half second, and a record is over after two.
    let haste = ["--haste", "60"]
    var lines = 0
    for round in 0..<5 {
      try place.start(haste[0], haste[1])
      // The first half of a record, and the rest once nobody reads, or another one does.
      try append(place, "logs/app.log", line(round) + trace)
      usleep(useconds_t.random(in: 300_000...1_500_000))
      place.stop(round.isMultiple(of: 2) ? SIGKILL : SIGTERM)
      try append(place, "logs/app.log", trace)
      lines += 5
    }
    try place.start(haste[0], haste[1])
    try append(place, "logs/app.log", line(9))
    try place.wait("every line") { try place.status().contains(" \(lines + 1) ") }
    usleep(1_500_000)
    #expect(try place.status().contains(" \(lines + 1)         \(lines + 1)          0"))
    #expect(place.stop() == 0)
  }

  @Test func `a log whose lines change their form is told, and explained as it is read`() throws {
    let place = try place("sources:\n  - {name: web, path: logs/web.log}")
    let stamp = Date().ISO8601Format()
    let json =
      #"{"time":"\#(stamp)","remote_addr":"203.0.113.7","request_method":"GET","uri":"/","status":"200"}"#
      + "\n"
    let day = DateFormatter()
    day.locale = Locale(identifier: "en_US_POSIX")
    day.timeZone = TimeZone(identifier: "UTC")
    day.dateFormat = "dd/MMM/yyyy:HH:mm:ss"
    let plain =
      "203.0.113.7 - - [\(day.string(from: Date())) +0000] \"GET / HTTP/1.1\" 200 5 \"-\" \"curl\"\n"
    try append(place, "logs/web.log", json)
    // Five minutes are a third of a second.
    try place.start("--haste", "900")
    try place.wait("all read") { try place.errors.contains("all that the logs hold was read") }
    func isTold() -> Bool {
      place.messages.contains { $0.text.hasPrefix("web: ") && $0.text.contains("could be read") }
    }
    // A busy machine may read all of one form in one window, which is then no usual share: again.
    for round in 0..<5 where !isTold() {
      for _ in 0..<12 + 12 * round {
        try append(place, "logs/web.log", String(repeating: json, count: 150))
        usleep(150_000)
      }
      if round == 0 { #expect(!isTold()) }
      for _ in 0..<60 where !isTold() {
        try append(place, "logs/web.log", String(repeating: plain, count: 150))
        usleep(100_000)
      }
    }
    let errors = try place.errors
    #expect(isTold(), "\(errors)")
    #expect(place.stop() == 0)
    let line = String(plain.dropLast())
    let explained = try Program.run("explain", line, "--config", place.config, "--source", "web")
    let words = explained.output.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
    #expect(words.contains("the first lines of the source `web` say so"), "\(words)")
    #expect(words.contains("rejected"), "\(words)")
    #expect(words.contains("--format access would read it"), "\(words)")
  }

  @Test func `a web server's JSON that lost or gained keys is read, and what nobody knows is said`()
    throws
  {
    let scratch = try Scratch()
    let log = try scratch.write(
      "access.json",
      """
      {"time":"2026-11-03T09:14:07Z","remote_addr":"203.0.113.7","request_method":"GET","uri":"/a","status":"404"}
      {"status":200,"uri":"/b","new_key":{"x":1},"request_method":"GET","time":"2026-11-03T09:14:08Z","remote_addr":"203.0.113.8"}
      {"time":"2026-11-03T09:14:09Z","request_method":"GET","uri":"/c","status":"200"}
      {"time":"2026-11-03T09:14:10Z","client":"203.0.113.9","verb":"GET","target":"/d","code":200}

      """)
    let run = try Program.run("scan", log)
    #expect(run.code == 0 && run.ledger.hasPrefix("read 4 lines · parsed 4 · rejected 0"))
    #expect(run.errors.contains("no mapping knows"), "\(run.errors)")
    let parsed = try Program.run("parse", "-q", log)
    #expect(parsed.lines.count == 4)
    #expect(parsed.lines[1].contains(#""ip":"203.0.113.8""#))
    #expect(parsed.lines[3].contains(#""client":"203.0.113.9""#))
  }

  @Test func `a host that a relay names twice is one host`() throws {
    let lines = HostileLogTests.failures("web1", 0..<12).replacing(" web1 ", with: " web1 web1 ")
    let run = try Program.run(
      ["scan", "-q", "-", "--output", "jsonl"], input: Data(lines.utf8))
    #expect(run.lines.count == 1)
    #expect(run.output.contains("12 failed sign-ins from 203.0.113.9"))
  }

  // MARK: - Time

  @Test func `what is read late is judged by its own times`() throws {
    let place = try place("sources:\n  - {name: hosts, path: logs/auth.log}")
    try place.start("--history")
    try place.wait("the start") { try place.errors.contains("all that the logs hold was read") }
    // Read in one go, an hour apart; and a burst of three hours ago.
    try append(
      place, "logs/auth.log",
      failures("203.0.113.1", (1...12).reversed().map { $0 * 3600 + 7200 })
        + failures("203.0.113.2", (10_800..<10_812).reversed().map { $0 }))
    try place.wait("the burst") { place.messages.count >= 1 }
    try place.wait("the count") { try place.status().contains(" 24 ") }
    #expect(place.stop() == 0)
    #expect(place.messages.map(\.text) == ["12 failed sign-ins from 203.0.113.2"])
    let file = String(decoding: try place.scratch.read("found.jsonl"), as: UTF8.self)
    let json = try JSONSerialization.jsonObject(with: Data(file.utf8)) as? [String: Any]
    let data = try #require(json?["data"] as? [String: Any])
    let time = try #require(data["start_time"] as? Double)
    let ago = Date().timeIntervalSince1970 - time / 1000
    #expect((10_700...11_000).contains(ago), "\(ago)")
    // So does the status say how far the log has come.
    let latest = Date(timeIntervalSinceNow: -10_800).ISO8601Format().prefix(13)
      .replacing("T", with: " ")
    #expect(try place.status().contains(latest))
  }

  @Test func `lines of another log that come late count all the same`() throws {
    let place = try place(
      "sources:\n  - {name: one, path: logs/one.log}\n  - {name: two, path: logs/two.log}")
    try append(place, "logs/two.log", failures("192.0.2.1", [200]))
    try place.start("--history")
    try append(place, "logs/one.log", failures("203.0.113.7", Array(60..<66).reversed()))
    try append(place, "logs/one.log", failures("192.0.2.2", [0]))
    try place.wait("the first log") { try place.status().contains(" 7          7          0") }
    // Its line of now was followed; the other's are a minute older.
    try append(place, "logs/two.log", failures("203.0.113.7", Array(60..<66).reversed()))
    try place.wait("the finding") { place.messages.count == 1 }
    #expect(place.messages[0].text == "12 failed sign-ins from 203.0.113.7")
    #expect(place.stop() == 0)
  }

  // MARK: - Who is told

  @Test func `a silence that is shortened ends then, and its end is told once`() throws {
    let sources = "sources:\n  - {name: hosts, path: logs/auth.log}\nsilences:\n"
    func silence(_ until: String) -> String {
      sources
        + "  - {subject: \"203.0.113.*\", until: \(until), author: dana, reason: penetration test}"
    }
    let place = try place(silence("2099-01-01"))
    try place.start()
    try place.fail("203.0.113.7", 12)
    try place.wait("the silence") { try place.status().contains("silenced until 2099-01-01") }
    let over = Date(timeIntervalSinceNow: 8)
    let end = over.ISO8601Format()
    try configure(place, silence(end))
    place.signal(SIGHUP)
    try place.wait("the reload") { try place.errors.contains("reloaded the settings") }
    try place.fail("203.0.113.8", 12)
    try place.wait("what it hides") {
      try Program.run("alerts", "--unsent", "--config", place.config).output.contains("203.0.113.8")
    }
    usleep(useconds_t(max(0, over.timeIntervalSinceNow + 0.5) * 1_000_000))
    try place.fail("203.0.113.9", 12)
    try place.wait("what came after it") {
      place.messages.contains { $0.text.contains("from 203.0.113.9") }
    }
    func ends() -> [String] { place.messages.map(\.text).filter { $0.contains("the silence of") } }
    try place.wait("its end") { !ends().isEmpty }
    place.stop(SIGKILL)
    try place.start()
    try place.wait("the second start") {
      try place.errors.components(separatedBy: "all that the logs hold was read").count == 3
    }
    // Whoever has one that is over is asked to remove it.
    let said = "the silence of subject 203.0.113.* ended at \(end); remove it"
    try place.wait("the warning") { try place.errors.contains(said) }
    #expect(try Program.run("check", "--config", place.config).output.contains(said))
    // One that is gone hides nothing any more.
    try configure(place, sources + "  []")
    place.signal(SIGHUP)
    try place.wait("the second reload") {
      try place.errors.components(separatedBy: "reloaded the settings").count == 3
    }
    try place.fail("203.0.113.10", 12)
    try place.wait("the last one") {
      place.messages.contains { $0.text.contains("from 203.0.113.10") }
    }
    #expect(place.stop() == 0)
    #expect(
      ends() == [
        "the silence of subject 203.0.113.*, asked for by dana (penetration test), ended at \(end); 1 finding was not told because of it"
      ])
    #expect(!place.messages.contains { $0.text.contains("from 203.0.113.7") })
  }

  @Test func `rules of one's own take nothing from those that ship`() throws {
    let place = try place(
      """
      detectors: [\(Program.package)/detectors, rules]
      sources:
        - {name: hosts, path: logs/auth.log}
      """)
    try place.scratch.write(
      "rules/own.yaml",
      """
      title: Every failure
      id: every-failure
      level: critical
      subject: [user.name]
      logsource: {category: authentication}
      detection: {it: {event.action: auth.login, event.outcome: failure}, condition: it}
      """)
    try place.start()
    let text = (1...300).map { failures("192.0.2.\($0 % 200 + 1)", [0], user: "u\($0)") }.joined()
    try append(place, "logs/auth.log", text)
    try place.fail("203.0.113.7", 12)
    try place.wait("ours") {
      place.messages.contains { $0.text == "12 failed sign-ins from 203.0.113.7" }
    }
    #expect(place.messages.contains { $0.text.hasPrefix("Every failure") })
    #expect(place.stop() == 0)
  }

  @Test func `an exception that never applies is told`() throws {
    let place = try place(
      """
      detectors: [rules]
      sources:
        - {name: hosts, path: logs/auth.log}
      """)
    try place.scratch.write(
      "rules/own.yaml",
      """
      title: Open
      id: open
      level: low
      logsource: {category: authentication}
      detection: {it: {event.outcome: failure}, filter: {user.nmae: root}, condition: it and not filter}
      ---
      title: Closed
      id: closed
      level: low
      logsource: {category: authentication}
      detection: {it: {event.outcome: failure}, filter: {user.name: root}, condition: it and not filter}
      """)
    try append(place, "logs/auth.log", failures("203.0.113.7", [0]))
    try place.start("--haste", "43200")
    func told(_ text: String) -> [String] {
      place.messages.map(\.text).filter { $0.contains(text) }
    }
    try place.wait("the finding") {
      try append(
        place, "logs/auth.log", String(repeating: failures("203.0.113.7", [0]), count: 200))
      return !told("exceptions").isEmpty
    }
    #expect(place.stop() == 0)
    #expect(
      told("exceptions") == [
        "open fires without one of its exceptions: no line of the last day has `user.nmae`; check the name that the exception asks for"
      ])
  }

  @Test func `a log that stops is told`() throws {
    let place = try Place()
    // An hour is two seconds, and ten minutes a third of one.
    try place.start("--haste", "1800")
    try place.wait("the start") { try place.errors.contains("all that the logs hold was read") }
    for _ in 0..<45 {
      try place.fail("203.0.113.7", 1)
      usleep(70_000)
    }
    try place.wait("the silence") {
      place.messages.contains { $0.text.hasPrefix("hosts has been silent for ") }
    }
    #expect(place.stop() == 0)
  }

  @Test func `a receiver that never answers holds one connection`() throws {
    let server = try LocalServer([], then: .silence)
    defer { server.stop() }
    let place = try Place("  - {name: soc, webhook: \"\(server.url)\", allow_private: true}")
    try place.start("--haste", "10000")
    for number in 1...10 { try place.fail("203.0.113.\(number)", 12) }
    try place.wait("the first attempt") { server.requests.count >= 1 }
    var most = 0
    for _ in 0..<40 {
      let folder = "/proc/\(try #require(place.identifier))/fd"
      let sockets = try FileManager.default.contentsOfDirectory(atPath: folder).count { name in
        let target = try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/\(name)")
        return target?.hasPrefix("socket:") == true
      }
      most = max(most, sockets)
      usleep(100_000)
    }
    // One for the message, and those that the library wakes itself with.
    #expect(most < 6, "\(most) sockets")
    #expect(server.requests.count < 10)
    place.stop(SIGKILL)
  }

  // MARK: - Speed and memory

  @Test func `twenty thousand lines at once are followed within seconds`() throws {
    let place = try Place()
    try place.start()
    try place.wait("the start") { try place.errors.contains("all that the logs hold was read") }
    let other = failures("192.0.2.1", [0], user: "dana").replacing("Failed", with: "Accepted")
    try append(
      place, "logs/auth.log",
      String(repeating: other, count: 20_000)
        + failures("203.0.113.7", Array(repeating: 0, count: 12)))
    // More than 600 lines a second, with every check of a debug build.
    try place.wait("the finding", seconds: 30) {
      place.messages.contains { $0.text == "12 failed sign-ins from 203.0.113.7" }
    }
    #expect(place.stop() == 0)
  }

  @Test func `explaining an endless line takes bounded memory`() throws {
    let run = try Program.run(
      [
        "-c",
        "ulimit -v 2000000; head -c 3000000000 /dev/zero | tr '\\0' x | \(Program.path) explain - | wc -c; exit ${PIPESTATUS[2]}",
      ], of: "/bin/bash")
    #expect(run.code == 0, "\(run.errors.prefix(1000))")
    #expect((Int(run.output.trimmingCharacters(in: .whitespacesAndNewlines)) ?? .max) < 10_000_000)
  }

  // MARK: - The review

  /// A place with a whole log, registers, and a source more.
  private func reviewed(_ more: String, _ write: (Scratch) throws -> Void) throws -> [String: Any] {
    let scratch = try Scratch()
    try scratch.write("registers/people.yaml", HostileLogTests.people)
    try scratch.write("registers/infrastructure.yaml", HostileLogTests.infrastructure)
    try scratch.write(
      "logs/auth.log",
      (1...30).map {
        "2026-11-\($0 < 10 ? "0" : "")\($0)T09:00:00Z web1 sshd[7]: Accepted publickey for dana from 10.0.0.4 port 22 ssh2\n"
      }.joined())
    try write(scratch)
    let config = try scratch.write(
      "rollcall.yaml",
      "registers: registers\nsources:\n  - {name: hosts, path: logs/auth.log}\n\(more)\n")
    let run = try Program.run(
      "scan", "-q", "--config", config, "--review", scratch.path + "/r", "--month", "2026-11")
    #expect(run.code == 0 || run.code == 3, "\(run.errors)")
    let json = try JSONSerialization.jsonObject(with: Data(try scratch.read("r/review.json")))
    return try #require(json as? [String: Any])
  }

  /// How many rows passed, and how many say that something was not seen.
  private func statuses(_ review: [String: Any]) throws -> (passed: Int, unseen: Int) {
    let text = String(
      decoding: try JSONSerialization.data(withJSONObject: review["tables"] ?? [:]), as: UTF8.self)
    return (text.ranges(of: "\"pass\"").count, text.ranges(of: "not seen: ").count)
  }

  @Test func `a review in which a source failed or was empty passes nothing that logs show`() throws
  {
    let whole = try reviewed("") { _ in }
    let best = try statuses(whole)
    #expect(best.passed > 0 && best.unseen == 0)
    let cases: [(String, (Scratch) throws -> Void)] = [
      // Not there, there and empty, of another month, cut short, of no known format.
      ("  - {name: vpn, path: logs/vpn.log}", { _ in }),
      ("  - {name: vpn, path: logs/vpn.log}", { try $0.write("logs/vpn.log", "") }),
      (
        "  - {name: vpn, path: logs/vpn.log}",
        {
          try $0.write(
            "logs/vpn.log", HostileLogTests.failures("web1", 0..<1).replacing("-11-", with: "-10-"))
        }
      ),
      (
        "  - {name: vpn, path: logs/vpn.log.gz}",
        { try $0.write("logs/vpn.log.gz", Data([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 1, 2, 3])) }
      ),
      ("  - {name: vpn, path: logs/vpn.log}", { try $0.write("logs/vpn.log", "what is this\n") }),
      ("  - {name: vpn, listen: \"udp://127.0.0.1:5514\"}", { _ in }),
    ]
    for (place, (source, write)) in cases.enumerated() {
      let review = try reviewed(source, write)
      let found = try statuses(review)
      #expect(found.unseen > 0 && found.passed < best.passed, "case \(place): \(found), \(best)")
      let all = String(
        decoding: try JSONSerialization.data(withJSONObject: review), as: UTF8.self)
      #expect(all.contains("not seen: vpn"), "case \(place)")
      let lists = try #require(review["lists"] as? [String: Any])
      let unseen = try #require(lists["not-seen"] as? [String])
      #expect(unseen.contains { $0.contains("vpn") }, "case \(place): \(unseen)")
    }
  }
}
