import Foundation
import GRDB
import Testing

/// `rollcall canary`: from a detector's own line to the receiver, and what is remembered of it.
@Suite(.serialized) struct CanaryTests {
  static let detector = """
    title: A name that nobody may use
    id: forbidden-name
    level: high
    logsource: {category: access}
    detection: {who: {user.name: mallory}, condition: who}
    message: "{user.name} was here"
    subject: [user.name]
    tests:
      - name: the name
        fires: ["2026-11-03T09:14:07Z web1 sshd[1]: Accepted publickey for mallory from 203.0.113.5 port 5 ssh2"]
        silent: ["2026-11-03T09:14:07Z web1 sshd[1]: Accepted publickey for dana from 203.0.113.5 port 5 ssh2"]
    ---
    title: A detector whose own line does not raise it
    id: broken
    logsource: {category: access}
    detection: {who: {user.name: trudy}, condition: who}
    tests:
      - name: wrong
        fires: ["2026-11-03T09:14:07Z web1 sshd[1]: Accepted publickey for mallory from 203.0.113.5 port 5 ssh2"]
    ---
    title: Nothing to show
    id: untested
    logsource: {category: access}
    detection: {who: {user.name: eve}, condition: who}
    """

  private func place(_ url: String, state: Bool = true, more: String = "") throws -> Scratch {
    let scratch = try Scratch()
    try scratch.write("d/d.yaml", CanaryTests.detector)
    try scratch.write("logs/auth.log", "")
    try scratch.write(
      "rollcall.yaml",
      """
      \(state ? "state: state/rollcall.db" : "")
      detectors: [d]
      sources:
        - {name: hosts, path: logs/auth.log}
      outputs:
        - {name: soc, webhook: "\(url)", allow_private: true, levels: [high]}
      \(more)
      """)
    return scratch
  }

  private func canary(_ scratch: Scratch, _ more: String...) throws -> Run {
    try Program.run(["canary", "--config", scratch.path + "/rollcall.yaml"] + more)
  }

  private func finding(_ request: LocalServer.Request) throws -> [String: Any] {
    let json =
      try JSONSerialization.jsonObject(with: Data(request.body.utf8)) as? [String: Any]
    return try #require(json?["data"] as? [String: Any])
  }

  @Test func `it comes to the receiver marked, and is no finding of the store's`() throws {
    let server = try LocalServer([], then: .status(204))
    defer { server.stop() }
    let scratch = try place(server.url)
    let run = try canary(scratch)
    #expect(run.code == 1)
    #expect(run.lines.contains("ok    forbidden-name: fires · soc: accepted"), "\(run.output)")
    #expect(
      run.output.contains("FAIL  broken: the line at \(scratch.path)/d/d.yaml:19 does not raise it")
    )
    #expect(
      run.output.contains("d.yaml:19 not broken: `who`: user.name is `mallory`, wanted `trudy`"))
    #expect(run.lines.contains("none  untested: it has no tests"))
    #expect(run.lines.last == "1 fire · 0 not taken by a route · 1 do not fire · 1 without a line")
    let request = try #require(server.requests.first)
    #expect(server.requests.count == 1)
    let finding = try finding(request)
    #expect(finding["message"] as? String == "CANARY, nothing happened: mallory was here")
    let info = try #require(finding["finding_info"] as? [String: Any])
    #expect(info["title"] as? String == "Canary: A name that nobody may use")
    let uid = try #require(info["uid"] as? String)
    #expect(uid.hasPrefix("canary-") && uid.contains("-forbidden-name-"))
    #expect(request.headers["webhook-id"]?.hasPrefix("msg_canary-") ?? false)
    // Nothing counts it.
    let status = try Program.run("status", "--config", scratch.path + "/rollcall.yaml")
    #expect(
      status.output.contains(
        "0 findings, 0 of them not told of · messages: 0 delivered · 0 waiting · 0 dead letters"),
      "\(status.output)")
    // One message a detector and route, however often.
    #expect(try canary(scratch, "forbidden-name").code == 0)
    #expect(try canary(scratch, "forbidden-name").code == 0)
    let database = try DatabaseQueue(path: scratch.path + "/state/rollcall.db")
    let counts = try database.read { database in
      try ["finding", "delivery", "part", "attempt"].map {
        try Int.fetchOne(database, sql: "SELECT count(*) FROM \($0)") ?? -1
      }
    }
    #expect(counts == [0, 1, 1, 1])
  }

  @Test func `a route that does not take it is told with what it said, and its last proof stays`()
    throws
  {
    let server = try LocalServer([.status(204)], then: .status(500))
    defer { server.stop() }
    let scratch = try place(server.url)
    #expect(try canary(scratch, "forbidden-name").code == 0)
    let failed = try canary(scratch, "forbidden-name")
    #expect(failed.code == 3)
    #expect(failed.output.contains("FAIL  forbidden-name: fires · soc: "), "\(failed.output)")
    let database = try DatabaseQueue(path: scratch.path + "/state/rollcall.db")
    let row = try #require(
      try database.read { try Row.fetchOne($0, sql: "SELECT * FROM canary") })
    #expect((row["proven"] as Int64?) != nil && row["proof"] == "accepted")
    #expect((row["answer"] as String).contains("500"), "\(row)")
    // Nobody tries for days to deliver what nobody waits for, and nobody sends it again with the rest.
    let resend = try Program.run(
      "alerts", "resend", "all", "--config", scratch.path + "/rollcall.yaml")
    #expect(resend.errors.contains("0 messages are due again"))
    let states = try database.read {
      try String.fetchAll($0, sql: "SELECT state FROM delivery")
    }
    #expect(states == ["dead"])
  }

  @Test func `a silence and a filter are told instead of sending`() throws {
    let server = try LocalServer([], then: .status(204))
    defer { server.stop() }
    let silenced = try place(
      server.url,
      more:
        "silences:\n  - {subject: mallory, until: 2099-01-01, author: dana, reason: known}")
    let run = try canary(silenced, "forbidden-name")
    #expect(run.code == 0)
    #expect(
      run.lines.first == "fires forbidden-name: silenced until 2099-01-01 by dana: known")
    #expect(server.requests.isEmpty)
  }

  @Test func `without a store it is sent all the same`() throws {
    let server = try LocalServer([], then: .status(204))
    defer { server.stop() }
    let scratch = try place(server.url, state: false)
    let run = try canary(scratch, "forbidden-name")
    #expect(run.code == 0 && server.requests.count == 1)
    #expect(run.errors.contains("nobody remembers these proofs"))
    #expect(try canary(scratch, "untested").code == 1)
    #expect(try canary(scratch, "forbiden-name").errors.contains("did you mean `forbidden-name`?"))
  }

  @Test func `a running watch delivers it, and the review shows the last proof`() throws {
    let server = try LocalServer([], then: .status(204))
    defer { server.stop() }
    let place = try WatchTests.Place(
      "  - {name: soc, webhook: \"\(server.url)\", allow_private: true}\ndetectors: [d]")
    try place.scratch.write("d/d.yaml", CanaryTests.detector)
    try place.start("--haste", "60")
    let stamp = Date().ISO8601Format()
    try place.scratch.write(
      "logs/auth.log",
      "\(stamp) web1 sshd[1]: Accepted publickey for dana from 203.0.113.5 port 5 ssh2\n")
    try place.wait("the line") { try place.status().contains(" 1 ") }
    let run = try Program.run("canary", "forbidden-name", "--config", place.config)
    #expect(run.code == 0, "\(run.output)\(run.errors)")
    #expect(
      run.lines.first == "ok    forbidden-name: fires · archive: written · soc: accepted",
      "\(run.output)")
    #expect(server.requests.count == 1)
    let kept = String(decoding: try place.scratch.read("found.jsonl"), as: UTF8.self)
    #expect(kept.contains("CANARY, nothing happened: mallory was here"))
    try place.wait("a snapshot", seconds: 20) {
      let store = try DatabaseQueue(path: place.scratch.path + "/state/rollcall.db")
      return try store.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM snapshot") ?? 0 } > 0
    }
    place.stop()
    let review = place.scratch.path + "/review"
    let month = String(stamp.prefix(7))
    let written = try Program.run(
      "review", "--month", month, "--config", place.config, "--out", review)
    #expect(written.code == 0, "\(written.errors)")
    let data = try Data(contentsOf: URL(fileURLWithPath: review + "/review.json"))
    let json = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    let findings = try #require(json["findings"] as? [Any])
    #expect(findings.isEmpty)
    let tables = try #require(json["tables"] as? [String: Any])
    let proofs = String(
      decoding: try JSONSerialization.data(
        withJSONObject: try #require(tables["proofs"]), options: .sortedKeys), as: UTF8.self)
    #expect(proofs.contains("forbidden-name") && proofs.contains("accepted"), "\(proofs)")
    #expect(proofs.contains("\"never\""), "\(proofs)")
    for name in ["review.html", "review.md"] {
      let page = try String(contentsOfFile: review + "/" + name, encoding: .utf8)
      #expect(page.contains("Last proof of each detector"), "\(name)")
      #expect(page.contains("never"), "\(name)")
    }
    // How often a route is tried is the policy's.
    let store = try DatabaseQueue(path: place.scratch.path + "/state/rollcall.db")
    try store.write {
      try $0.execute(sql: "UPDATE canary SET proven = proven - 6048000, tried = tried - 6048000")
    }
    try store.close()
    func isStale(_ policy: String) throws -> Bool {
      let config = place.config.replacing("rollcall.yaml", with: "other.yaml")
      let text = String(decoding: try place.scratch.read("rollcall.yaml"), as: UTF8.self)
      try place.scratch.write("other.yaml", text + "\npolicy: policy.yaml\n")
      try place.scratch.write("policy.yaml", policy)
      let run = try Program.run("review", "--month", month, "--config", config, "--out", review)
      #expect(run.code == 0, "\(run.errors)")
      let page = try String(contentsOfFile: review + "/review.md", encoding: .utf8)
      return page.contains("route not tried in time")
    }
    #expect(try isStale(""))
    #expect(try !isStale("alert: {test_interval: {value: 120d, reason: Twice a year is enough.}}"))
  }
}
