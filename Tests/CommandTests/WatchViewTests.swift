import Foundation
import Testing

/// What `watch` shows of itself: logs without lines, settings that need a new start, ends of certificates, and counts
/// of what came through a pipe.
@Suite(.serialized) struct WatchViewTests {
  typealias Place = WatchTests.Place

  /// The rows of the status, with one blank between their words.
  private func rows(_ place: Place) throws -> [String] {
    Array(
      try Program.run("status", "--config", place.config).words.split(separator: "\n").map {
        String($0)
      }.dropFirst().prefix { !$0.contains(" not told of ") })
  }

  @Test func `a log without lines has a row that says why`() throws {
    let place = try Place()
    try """
    state: state/rollcall.db
    sources:
      - {name: hosts, path: logs/auth.log}
      - {name: gone, path: logs/gone.log}
      - {name: many, path: "logs/many/*.log"}
      - {name: strange, path: logs/strange.log}
    outputs:
      - {name: archive, file: found.jsonl}
    """.write(toFile: place.config, atomically: true, encoding: .utf8)
    try place.scratch.write("logs/strange.log", "what is this\nnobody knows\n")
    try place.start("--haste", "60")
    try place.wait("the rows") { try rows(place).count == 4 }
    let gone = place.scratch.path + "/logs/gone.log"
    #expect(
      try rows(place) == [
        "gone nothing yet 0 0 0 nothing is at \(gone)",
        "hosts nothing yet 0 0 0 empty",
        "many nothing yet 0 0 0 nothing is at \(place.scratch.path)/logs/many/*.log",
        "strange nothing yet 0 0 0 not read yet: no known format",
      ])
    try place.scratch.write("logs/many/a.log", "")
    try place.scratch.write("logs/many/b.log", "")
    try place.fail("203.0.113.7", 3)
    try place.wait("the lines") { try rows(place).contains { $0.hasSuffix(" 3 3 0") } }
    try place.wait("both logs") {
      try rows(place).map { $0.split(separator: " ")[0] } == [
        "gone", "hosts", "many/a.log", "many/b.log", "strange",
      ]
    }
    // What was counted is shown still when the log is empty at a later start.
    place.stop()
    try FileManager.default.removeItem(atPath: place.log)
    try place.scratch.write("logs/auth.log", "")
    try place.start("--haste", "60")
    try place.wait("the reason") { try rows(place).contains { $0.hasSuffix(" 3 3 0 empty") } }
    #expect(place.stop() == 0)
  }

  @Test func `an address or a store that changes is said to need a new start`() throws {
    let place = try Place()
    let settings = try String(contentsOfFile: place.config, encoding: .utf8)
    try place.start()
    try place.wait("the start") { try place.errors.contains("all that the logs hold was read") }
    try
      (settings.replacing("state/rollcall.db", with: "other/rollcall.db")
      + "\nstatus: 127.0.0.1:1\n").write(toFile: place.config, atomically: true, encoding: .utf8)
    place.signal(SIGHUP)
    try place.wait("the reload") { try place.errors.contains("reloaded the settings") }
    let errors = try place.errors
    #expect(
      errors.contains(
        "`status` has changed from none to 127.0.0.1:1, which needs a new start: until then the old one counts"
      ))
    #expect(errors.contains("`state` has changed from "))
    try place.fail("203.0.113.7", 12)
    try place.wait("the finding") { place.messages.count == 1 }
    #expect(place.stop() == 0)
    #expect(!FileManager.default.fileExists(atPath: place.scratch.path + "/other"))
    #expect(place.messages.count == 1)
  }

  @Test func `a certificate that ends soon is said in the log and beside the counts`() throws {
    let place = try Place()
    let port = 20_000 + Int.random(in: 0..<12_000)
    try """
    state: state/rollcall.db
    sources:
      - {name: relay, listen: "tls://127.0.0.1:\(port)", certificate: server.pem, key: server.key}
    outputs:
      - {name: archive, file: found.jsonl}
    """.write(toFile: place.config, atomically: true, encoding: .utf8)
    let certificates = try Certificates(place.scratch.path)
    try certificates.make("server", days: 10)
    try place.start()
    try place.wait("the warning") {
      try place.errors.contains("server.pem ends on ")
        && place.errors.contains(", in 10 days; renew")
    }
    try place.wait("the row") {
      try rows(place).contains {
        $0.hasPrefix("relay nothing yet 0 0 0 nothing was received yet; its certificate ends on ")
      }
    }
    // A new one that lasts ends it.
    try certificates.make("server", days: 300)
    place.signal(SIGHUP)
    try place.wait("the reload") { try place.errors.contains("reloaded the settings") }
    try place.wait("the row without it") {
      try !rows(place).contains { $0.contains("its certificate") }
    }
    #expect(place.stop() == 0)
  }

  @Test(arguments: ["", "what is this\n", "multiline"])
  func `all that came through a pipe is counted when it ends`(_ first: String) throws {
    for round in 0..<3 {
      let place = try Place()
      let stamp = Date().ISO8601Format()
      let line =
        "\(stamp) gw1 sshd[7]: Failed password for root from 203.0.113.7 port 4022 ssh2\n"
      let text =
        first == "multiline"
        ? (0..<5).map { "\(stamp) gw1 app[\($0)]: it failed\n\tat a.b.C(D.java:1)\n" }.joined()
        : first + String(repeating: line, count: 12)
      // In two pieces: what comes first may not tell the format.
      let cut = first.isEmpty ? text.count / 2 : first == "multiline" ? 60 : first.count
      let (one, two) = (String(text.prefix(cut)), String(text.dropFirst(cut)))
      try place.scratch.write("one", one)
      try place.scratch.write("two", two)
      let run = try Program.run(
        [
          "-c",
          "{ cat one; sleep 0.\(round * 4); cat two; } | \(Program.path) watch - --config rollcall.yaml",
        ], of: "/bin/bash", in: place.scratch.path)
      #expect(run.code == 0)
      let lines = text.split(separator: "\n").count
      let row = try #require(try rows(place).first, "\(run.errors)")
      #expect(row.split(separator: " ")[3] == "\(lines)", "\(row); \(run.errors)")
    }
  }

  @Test func `the messages stand in columns`() throws {
    let place = try Place("  - {name: a-longer-name, file: more.jsonl}")
    try place.start()
    for number in 1...2 { try place.fail("203.0.113.\(number)", 12) }
    try place.wait("the messages") {
      try Program.run("alerts", "--config", place.config, "--only", "sent").lines.count == 5
    }
    #expect(place.stop() == 0)
    let rows = try Program.run("alerts", "--config", place.config).lines.dropFirst()
    let places = rows.map { row in
      row.range(of: "12 failed").map { row.distance(from: row.startIndex, to: $0.lowerBound) }
    }
    #expect(Set(places).count == 1 && places[0] != nil, "\(rows)")
    #expect(rows.allSatisfy { $0.contains(" 1 attempt, ") })
  }
}
