import Foundation
import GRDB
import Testing

/// `rollcall review` from what `watch` kept, against the review that a scan makes of the same lines.
@Suite(.serialized) struct StoredReviewTests {
  /// The review of the folder, but for what says how it was made.
  private func review(_ folder: String) throws -> NSDictionary {
    let data = try Data(contentsOf: URL(fileURLWithPath: folder + "/review.json"))
    var json = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    json["command"] = nil
    json["fingerprint"] = nil
    var tables = try #require(json["tables"] as? [String: Any])
    for name in ["manifest", "remarks"] {
      #expect(tables[name] != nil)
      tables[name] = nil
    }
    // A scan knows nothing of canaries and deliveries.
    for name in ["proofs", "deliveries", "untold"] { tables[name] = nil }
    json["sections"] = (json["sections"] as? [[String: Any]])?.map { section in
      var section = section
      section["contents"] = (section["contents"] as? [String])?.filter {
        !["proofs", "deliveries", "untold"].contains($0)
      }
      return section
    }
    json["tables"] = tables.mapValues(StoredReviewTests.withoutHash)
    var charts = try #require(json["charts"] as? [String: Any])
    charts["delivery"] = nil
    json["charts"] = charts.mapValues(StoredReviewTests.withoutHash)
    var lists = try #require(json["lists"] as? [String: Any])
    let unseen = try #require(lists["not-seen"] as? [String])
    lists["not-seen"] = unseen.filter { !$0.hasPrefix("The logs were read when") }
    json["lists"] = lists
    return json as NSDictionary
  }

  /// What the store keeps has no hash of the files that it was read from.
  private static func withoutHash(_ list: Any) -> Any {
    guard var list = list as? [String: Any], var whole = list["completeness"] as? [String: Any]
    else { return list }
    whole["sha256"] = nil
    list["completeness"] = whole
    return list
  }

  private func expectEqual(_ left: NSDictionary, _ right: NSDictionary) {
    for (key, value) in left {
      let other = right[key] as? NSObject
      #expect(other == value as? NSObject, "\(key)")
    }
    #expect(left.count == right.count && left.count > 8)
  }

  @Test func `killed and rotated, with old parts gone, it is the review of all the lines`() throws {
    let place = try WatchTests.Place()
    try place.scratch.write(
      "registers/people.yaml",
      """
      people:
        - {id: p-1, name: Dana, kind: employee, employment: {start: 2024-01-01}, accounts: {"*": [dana]}}
      """)
    let files = FileManager.default
    func say(_ text: String) throws {
      let handle = try #require(FileHandle(forWritingAtPath: place.log))
      try handle.seekToEnd()
      try handle.write(contentsOf: Data("\(Date().ISO8601Format()) gw1 \(text)\n".utf8))
      try handle.close()
    }
    // Every half second all is written down.
    let haste = ["--haste", "60"]
    var whole = Data()
    for round in 0..<6 {
      try place.start(haste[0], haste[1])
      try say("sshd[\(round)]: Accepted publickey for dana from 10.0.0.4 port 4022 ssh2")
      try say(
        "sshd[\(round + 100)]: Accepted publickey for stranger from 10.0.0.\(round) port 1 ssh2")
      try place.fail("203.0.113.\(round / 2)", 6)
      try say("no line that anybody could read \(round)")
      let lines = 9 * (round + 1) + (round > 3 ? 1 : 0)
      try place.wait("\(lines) lines") { try place.status().contains(" \(lines) ") }
      // The kill may come before or after all was written down; the log is still there, so either will do.
      if round % 2 == 0 { usleep(useconds_t.random(in: 0...900_000)) }
      if round == 3 {
        // A rotation, and the old part is gone before the next start: what is known of it is in the store.
        let now = Int64(Date().timeIntervalSince1970)
        let store = try DatabaseQueue(path: place.scratch.path + "/state/rollcall.db")
        // The one that is there may be of some of the lines; another is only written when there are more.
        try say("one more that nobody could read")
        try place.wait("a snapshot", seconds: 20) {
          try store.read { try Int64.fetchOne($0, sql: "SELECT max(taken) FROM snapshot") ?? 0 }
            > now
        }
        try store.close()
        whole = try Data(contentsOf: URL(fileURLWithPath: place.log))
        try files.removeItem(atPath: place.log)
        try place.scratch.write("logs/auth.log", "")
      }
      place.stop(round == 5 ? SIGTERM : SIGKILL)
    }
    #expect(try place.errors.contains("going on from"))
    whole += try Data(contentsOf: URL(fileURLWithPath: place.log))
    #expect(whole.split(separator: 0x0A).count == 55)

    let month = String("\(Date().ISO8601Format())".prefix(7))
    let (kept, scanned) = (place.scratch.path + "/kept", place.scratch.path + "/scanned")
    let run = try Program.run("review", "--month", month, "--config", place.config, "--out", kept)
    #expect(run.code == 0, "\(run.errors)")
    try whole.write(to: URL(fileURLWithPath: place.log))
    try place.scratch.write(
      "rollcall.yaml", "sources:\n  - {name: hosts, path: logs/auth.log}\n")
    let scan = try Program.run(
      "scan", "-q", "--config", place.config, "--review", scanned, "--month", month)
    #expect(scan.ledger.hasPrefix("read 55 lines"))
    expectEqual(try review(kept), try review(scanned))
    let findings = try review(kept)["findings"] as? [Any]
    #expect((findings?.count ?? 0) >= 3)
  }

  @Test func `two logs of one name are the same two after any start`() throws {
    let place = try WatchTests.Place()
    try place.scratch.write(
      "rollcall.yaml",
      """
      state: state/rollcall.db
      sources:
        - {name: pods, path: "logs/*/0.log"}
      outputs:
        - {name: archive, file: found.jsonl}
      """)
    let stamp = Date().ISO8601Format()
    let line = "\(stamp) gw1 sshd[7]: Failed password for dana from 203.0.113.7 port 4022 ssh2\n"
    func status(_ lines: Int) throws -> Bool {
      let numbers = try place.status().split(separator: "\n").dropFirst().prefix { !$0.isEmpty }
        .compactMap { $0.split(separator: " ").dropLast(2).last.flatMap { Int($0) } }
      return numbers.reduce(0, +) == lines
    }
    try place.scratch.write("logs/a/0.log", line + line)
    try place.start("--haste", "60")
    try place.wait("the first log") { try status(2) }
    place.stop()
    try place.scratch.write("logs/b/0.log", line + line + line)
    try place.start("--haste", "60")
    try place.wait("both logs") { try status(5) }
    place.stop()
    // The first one goes, and what is left has the shorter name again.
    try FileManager.default.removeItem(atPath: place.scratch.path + "/logs/a/0.log")
    try place.scratch.write("logs/b/0.log", line + line + line + line)
    try place.start("--haste", "60")
    try place.wait("one line more") { try status(6) }
    usleep(1_500_000)
    #expect(try status(6))
    #expect(place.stop() == 0)
    let month = String(stamp.prefix(7))
    let run = try Program.run(
      "review", "--month", month, "--config", place.config, "--out", place.scratch.path + "/r")
    #expect(run.code == 0)
    let markdown = String(decoding: try place.scratch.read("r/review.md"), as: UTF8.self)
    #expect(markdown.contains("| Lines read | 6 |"))
  }

  @Test func `a snapshot that can not be kept costs no finding`() throws {
    let place = try WatchTests.Place()
    try place.start("--haste", "60")
    try place.wait("the start") { try place.errors.contains("all that the logs hold was read") }
    place.stop()
    let store = try DatabaseQueue(path: place.scratch.path + "/state/rollcall.db")
    try store.write {
      try $0.execute(
        sql: """
          CREATE TRIGGER refuse BEFORE INSERT ON snapshot
          BEGIN SELECT RAISE(ABORT, 'no room for it'); END
          """)
    }
    try store.close()
    try place.start("--haste", "60")
    try place.fail("203.0.113.7", 12)
    try place.wait("the finding") { place.messages.count == 1 }
    try place.wait("the reason") { try place.errors.contains("no room for it") }
    try place.fail("203.0.113.8", 12)
    try place.wait("another finding") { place.messages.count == 2 }
    #expect(place.stop() == 0)
  }

  @Test func `a snapshot that can not be read is put aside, and the logs are read again`() throws {
    let place = try WatchTests.Place()
    try place.fail("203.0.113.7", 12)
    try place.start("--haste", "60", "--history")
    try place.wait("the finding") { place.messages.count == 1 }
    place.stop()
    let path = place.scratch.path + "/state/rollcall.db"
    try DatabaseQueue(path: path).write {
      try $0.execute(sql: "UPDATE snapshot SET body = x'0102'")
    }
    let month = String(Date().ISO8601Format().prefix(7))
    let run = try Program.run("review", "--month", month, "--config", place.config)
    #expect(run.code == 2 && run.errors.contains("the snapshot is damaged"))
    try place.start("--haste", "60")
    try place.wait("the note") { try place.errors.contains("is put aside") }
    try place.wait("all lines") { try place.status().contains(" 12 ") }
    place.stop()
    #expect(place.messages.count == 1)
    let numbers = try DatabaseQueue(path: path).read {
      try Int.fetchAll($0, sql: "SELECT DISTINCT number FROM snapshot ORDER BY number")
    }
    #expect(numbers == [0, 1])
  }

  @Test func `findings of an earlier version are reviewed once they were found again`() throws {
    let place = try WatchTests.Place()
    try place.fail("203.0.113.7", 12)
    try place.start("--haste", "60", "--history")
    try place.wait("the finding") { place.messages.count == 1 }
    place.stop()
    let store = try DatabaseQueue(path: place.scratch.path + "/state/rollcall.db")
    try store.write { try $0.execute(sql: "UPDATE finding SET record = x''") }
    let month = String(Date().ISO8601Format().prefix(7))
    let arguments = ["review", "--month", month, "--config", place.config, "--out"]
    let before = try Program.run(arguments + [place.scratch.path + "/r1"])
    #expect(
      before.code == 0 && before.errors.contains("note: 1 finding that an earlier version found is")
    )
    try store.write { try $0.execute(sql: "DELETE FROM snapshot") }
    try store.close()
    try place.start("--haste", "60")
    try place.wait("the second start") {
      try place.errors.components(separatedBy: "all that the logs hold was read").count == 3
    }
    place.stop()
    let after = try Program.run(arguments + [place.scratch.path + "/r2"])
    #expect(after.code == 0 && !after.errors.contains("note:"))
    let markdown = String(decoding: try place.scratch.read("r2/review.md"), as: UTF8.self)
    #expect(markdown.contains("12 failed sign-ins from 203.0.113.7"))
    #expect(place.messages.count == 1)
    let other = try Program.run(
      ["review", "--month", "2020-01", "--config", place.config, "--out", "x"])
    #expect(
      other.code == 2 && other.errors.contains("nothing was read of 2020-01; there is \(month)"))
  }

  @Test func `without a store, and before anything was read, it says so`() throws {
    let place = try WatchTests.Place()
    let none = try Program.run("review", "--month", "2026-10", "--config", place.config)
    #expect(none.code == 2 && none.errors.contains("there is no store"))
    let wrong = try Program.run("review", "--month", "October", "--config", place.config)
    #expect(wrong.code == 2 && wrong.errors.contains("--month is written like 2026-10"))
  }
}
