import Foundation
import GRDB
import Storage
import Testing

/// What becomes of messages that can not be delivered, or whose delivery can not be written down.
@Suite(.serialized) struct OutboxTests {
  typealias Place = WatchTests.Place

  private func alerts(_ place: Place, _ more: String...) throws -> Run {
    try Program.run(["alerts"] + more + ["--config", place.config])
  }

  @Test func `what waits for a route that is gone is told, and not sent again to nowhere`() throws {
    let server = try LocalServer([.status(500)], then: .status(204))
    defer { server.stop() }
    let soc = "  - {name: soc, webhook: \"\(server.url)\", allow_private: true}"
    let chat =
      "  - {name: chat, webhook: \"\(server.url)\", allow_private: true, group_by: [level], group_wait: 1h}"
    let place = try Place(soc + "\n" + chat)
    let settings = try String(contentsOfFile: place.config, encoding: .utf8)
    func rewrite(_ text: String) throws {
      try text.write(toFile: place.config, atomically: true, encoding: .utf8)
    }
    try place.start()
    try place.fail("203.0.113.7", 12)
    try place.wait("the attempt") { try place.errors.contains("was not delivered: answered 500") }
    // Renamed at a reload.
    try rewrite(settings.replacing("name: soc", with: "name: desk"))
    place.signal(SIGHUP)
    try place.wait("the count") {
      try place.errors.contains(
        "1 message is a dead letter: its route is not in the configuration any more: soc (1)")
    }
    place.stop(SIGKILL)
    // Removed at a start.
    try rewrite(settings.replacing(soc, with: "").replacing(chat, with: ""))
    try place.start()
    try place.wait("the other count") { try place.errors.contains("any more: chat (1)") }
    let dead = try alerts(place, "--only", "dead")
    #expect(dead.words.contains("dead chat high 0 attempts; its route is not in the "))
    #expect(dead.words.contains("dead soc high 1 attempt, the last one its route is not in "))
    let refused = try alerts(place, "resend", "all")
    #expect(refused.code == 3)
    #expect(
      refused.errors.contains(
        "1 message stays dead: its route `soc` is not in the configuration; give an output this name"
      ))
    // With the name back, what was for it can be sent.
    try rewrite(settings.replacing(chat, with: ""))
    let resent = try alerts(place, "resend", "all")
    #expect(resent.code == 0 && resent.errors.contains("1 message is due again"))
    place.signal(SIGHUP)
    try place.wait("the message") { server.requests.count == 2 }
    #expect(place.stop() == 0)
    let other = try Program.run(
      "alerts", "resend", "all", "--state", place.scratch.path + "/state/rollcall.db")
    #expect(other.code == 3 && other.errors.contains("name the one that has it: --config FILE"))
  }

  @Test func `what was sent is not sent again while that can not be written down`() throws {
    let server = try LocalServer([], then: .status(204))
    defer { server.stop() }
    let place = try Place("  - {name: soc, webhook: \"\(server.url)\", allow_private: true}")
    try place.start()
    try place.wait("readiness") { try place.errors.contains("all that the logs hold was read") }
    let store = try DatabaseQueue(path: place.scratch.path + "/state/rollcall.db")
    // As on a disk on which there is no more room.
    try store.write { database in
      try database.execute(
        sql: """
          CREATE TRIGGER full BEFORE UPDATE ON delivery
            BEGIN SELECT RAISE(ABORT, 'the disk is full'); END
          """)
    }
    try place.fail("203.0.113.7", 12)
    try place.wait("the trouble") {
      try place.errors.contains("nothing is sent until that is written down")
    }
    usleep(3_000_000)
    #expect(server.requests.count == 1 && place.messages.count == 1)
    try store.write { try $0.execute(sql: "DROP TRIGGER full") }
    try place.wait("the ledger") {
      try alerts(place).words.contains("sent soc high 1 attempt, the last one accepted")
    }
    #expect(place.stop() == 0)
    #expect(server.requests.count == 1 && place.messages.count == 1)
  }

  @Test func `what a receiver will never take is dead after three attempts`() throws {
    let poisoned = try LocalServer([.status(422), .status(422), .status(422)], then: .status(204))
    let closed = try LocalServer(
      [.status(401), .status(403), .status(401), .status(401)], then: .status(204))
    defer {
      poisoned.stop()
      closed.stop()
    }
    let place = try Place(
      """
        - {name: poisoned, webhook: "\(poisoned.url)", allow_private: true, detectors: [login-brute-force]}
        - {name: closed, webhook: "\(closed.url)", allow_private: true, detectors: [login-brute-force]}
      """)
    try place.start("--haste", "10000")
    try place.fail("203.0.113.7", 12)
    try place.wait("the dead letter and the other") {
      let output = try alerts(place).words
      return output.contains("dead poisoned high 3 attempts, the last one answered 422")
        && output.contains("sent closed high 5 attempts, the last one accepted")
    }
    #expect(place.stop() == 0)
    #expect(poisoned.requests.count == 3 && closed.requests.count == 5)
  }

  @Test func `a pipe that nobody reads is a failed attempt`() throws {
    let place = try Place("  - {name: pipe, file: pipe}")
    let path = place.scratch.path + "/pipe"
    let isMade = unsafe mkfifo(path, 0o600) == 0
    try #require(isMade)
    try place.start("--haste", "10000")
    try place.fail("203.0.113.7", 12)
    try place.wait("the failure") { try place.errors.contains("pipe: nobody reads it") }
    let descriptor = unsafe open(path, O_RDONLY | O_NONBLOCK)
    defer { close(descriptor) }
    var text = ""
    try place.wait("the message") {
      var buffer = [UInt8](repeating: 0, count: 65_536)
      let count = unsafe read(descriptor, &buffer, buffer.count)
      text += String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
      return text.hasSuffix("\n")
    }
    #expect(text.contains("12 failed sign-ins from 203.0.113.7"))
    #expect(place.stop() == 0)
  }
}
