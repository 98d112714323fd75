import Foundation
import Testing

/// Receivers that answer as no receiver should.
@Suite(.serialized) struct HostileReceiverTests {
  typealias Place = WatchTests.Place

  /// Writes failed sign-ins for so many different accounts from an address.
  private func spray(_ place: Place, _ address: String) throws {
    let stamp = ISO8601DateFormatter().string(from: Date())
    let text = (1...12).map {
      "\(stamp) gw1 sshd[\($0)]: Failed password for a\($0) from \(address) port 4022 ssh2\n"
    }.joined()
    let handle = try #require(FileHandle(forWritingAtPath: place.log))
    try handle.seekToEnd()
    try handle.write(contentsOf: Data(text.utf8))
    try handle.close()
  }

  /// The most memory that the process has had, in KiB.
  private func peak(_ place: Place) throws -> Int {
    let path = "/proc/\(try #require(place.identifier))/status"
    let text = try String(contentsOfFile: path, encoding: .utf8)
    let line = try #require(text.split(separator: "\n").first { $0.hasPrefix("VmHWM:") })
    return try #require(line.split(separator: " ").compactMap { Int($0) }.first)
  }

  private func identity(_ request: LocalServer.Request) -> String {
    request.headers["webhook-id"] ?? ""
  }

  @Test func `whatever a receiver does, each finding is delivered once, under one identity`() throws
  {
    let large = 10_000_000
    let answers: [(answer: LocalServer.Answer, isTaken: Bool)] = [
      (.status(500), false),
      (.status(429, headers: ["retry-after: 2"]), false),
      (.silence, false),
      (.hangUp, false),
      (.raw("HTTP/1.1 20"), false),
      (.raw("no HTTP at all\r\n\r\n"), false),
      (.stall("HTTP/1.1 2"), false),
      // What follows the status changes nothing: it was taken.
      (.raw("HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\nshort"), true),
      (
        .raw("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n" + String(repeating: "x", count: 99)),
        true
      ),
      (.flood(large), true), (.flood(large), true), (.flood(large), true),
      (.stall("HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\nand then"), true),
      (.stall("HTTP/1.1 200 OK\r\ncontent-le"), true),
    ]
    let server = try LocalServer(answers.map(\.answer), then: .status(204))
    defer { server.stop() }
    let place = try Place(
      "  - {name: soc, webhook: \"\(server.url)\", allow_private: true}")
    try place.start("--haste", "10000")
    try place.wait("readiness") { try place.errors.contains("all that the logs hold was read") }
    let before = try peak(place)
    // Two findings about the first address: the second waits for the first.
    try place.fail("203.0.113.1", 12)
    try place.wait("the first attempt") { server.requests.count >= 1 }
    try spray(place, "203.0.113.1")
    // Each of a network of its own: no more than one finding for each.
    for number in 2...8 { try place.fail("203.0.\(number).7", 12) }
    let isOurs = { (message: (uid: String, text: String)) in
      !message.uid.hasPrefix("route-failing")
    }
    try place.wait("all of them", seconds: 90) {
      let ours = place.messages.filter(isOurs)
      guard ours.count == 9, server.requests.count >= answers.count else { return false }
      let pending = try Program.run("alerts", "--config", place.config, "--only", "pending")
      return !pending.output.contains("  soc  ")
    }
    let after = try peak(place)
    #expect(place.stop() == 0)
    let requests = server.requests
    let taken = requests.enumerated().filter { place, _ in
      place >= answers.count || answers[place].isTaken
    }.map { identity($1) }
    #expect(Set(taken).count == taken.count)
    #expect(Set(taken) == Set(place.messages.filter(isOurs).map { "msg_" + $0.uid }))
    // Whoever asks for a pause gets it.
    let second = try #require(requests.dropFirst().first)
    let third = requests.dropFirst(2).first { identity($0) == identity(second) }
    #expect(try #require(third).time - second.time >= .seconds(2))
    // At every attempt the same bytes.
    for (_, attempts) in Dictionary(grouping: requests, by: identity) {
      #expect(Set(attempts.map(\.body)).count == 1)
    }
    // What is about one subject comes in its order.
    let about = requests.filter { $0.body.contains("\"subject\":\"203.0.113.1\"") }.map(identity)
    let both = about.reduce(into: [String]()) { if $0.last != $1 { $0.append($1) } }
    #expect(both.count == 2)
    #expect(
      requests.first { identity($0) == both.last }?.body.contains("login-password-spray") == true)
    // Three answers of ten megabytes leave no trace.
    #expect(after - before < 8 << 10, "\(before) KiB before, \(after) KiB after")
  }

  @Test func `a receiver that was away for a while gets everything, once and in order`() throws {
    let first = try LocalServer([], then: .status(204))
    let port = first.port
    let url = first.url
    let place = try Place(
      "  - {name: soc, webhook: \"\(url)\", allow_private: true}")
    try place.start("--haste", "10000")
    try place.fail("203.0.113.1", 12)
    try place.wait("the first") { first.requests.count == 1 }
    first.stop()
    try place.fail("203.0.113.2", 12)
    try place.wait("a failure") { try place.errors.contains("was not delivered: 127.0.0.1: ") }
    try spray(place, "203.0.113.2")
    for number in 3...6 { try place.fail("203.0.\(number).7", 12) }
    try place.wait("all findings") {
      place.messages.count { !$0.uid.hasPrefix("route-failing") } == 7
    }
    try place.wait("the finding about the route") {
      place.messages.contains { $0.uid.hasPrefix("route-failing-soc-") }
    }
    // A kill in the middle of it changes nothing.
    place.stop(SIGKILL)
    try place.start("--haste", "10000")
    let second = try LocalServer([], then: .status(204), port: port)
    defer { second.stop() }
    try place.wait("the rest") { second.requests.count >= 6 }
    try place.wait("nothing pending") {
      try Program.run("alerts", "--config", place.config, "--only", "pending").output.isEmpty
    }
    #expect(place.stop() == 0)
    let told = (first.requests + second.requests).map(identity)
    #expect(Set(told).count == told.count)
    let found = place.messages.map(\.uid).filter { !$0.hasPrefix("route-failing") }
    #expect(Set(told) == Set(found.map { "msg_" + $0 }))
    #expect(place.messages.count { $0.uid.hasPrefix("route-failing-soc-") } == 1)
    let about = second.requests.filter { $0.body.contains("\"subject\":\"203.0.113.2\"") }
    #expect(about.count == 2 && about.last?.body.contains("login-password-spray") == true)
  }
}
