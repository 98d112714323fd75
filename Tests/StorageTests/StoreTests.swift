import Foundation
import Storage
import Testing

/// What `watch` remembers.
@Suite struct StoreTests {
  private let temporary = TestFolder("store")
  private var folder: String { temporary.path }
  private var path: String { folder + "/deep/rollcall.db" }

  private func finding(
    _ uid: String, count: UInt64 = 1, end: Int64 = 10, subject: String = "203.0.113.9"
  ) -> StoredFinding {
    var finding = StoredFinding(
      uid: uid, detector: "brute", level: "high", subject: subject, message: "\(count) times",
      start: 5, end: end, count: count, body: [0x7B, 0x7D], unsent: nil)
    finding.messages = ["soc": [1, 2, 3]]
    return finding
  }

  private func source(_ followed: Int64, lines: UInt64 = 3) -> StoredSource {
    StoredSource(
      name: "hosts", followed: followed, lines: lines, parsed: lines, rejected: 0, bytes: 99,
      note: "")
  }

  @Test func `a finding is told once, however often it comes and grows`() throws {
    let store = try Store(writing: path)
    #expect(try store.record([finding("a")], sources: [source(7)], now: 100) == 1)
    #expect(
      try store.record([finding("a", count: 5, end: 20)], sources: [source(9)], now: 101) == 0)
    // A replay from less than there was does not take anything back.
    #expect(try store.record([finding("a", count: 2)], sources: [source(8)], now: 102) == 0)
    let summary = try store.summary(latest: 5)
    #expect(summary.findings == 1 && summary.deliveries == ["pending": 1])
    #expect(summary.latest.first?.count == 5 && summary.latest.first?.end == 20)
    #expect(try store.followed() == ["hosts": 9])
    #expect(try store.deliveries(state: nil, limit: 9).map(\.body) == [[1, 2, 3]])
  }

  @Test func `a message waits, is sent or dies, and can be sent again`() throws {
    let store = try Store(writing: path)
    try store.record(
      [finding("a"), finding("b", subject: "203.0.113.8"), finding("c")], sources: [], now: 100)
    let first = try #require(try store.nextDue("soc", now: 100))
    #expect(first.uid == "a" && first.attempts == 0)
    try store.settle(first, state: "pending", due: 200, answer: "answered 500", now: 101)
    // What waits for its next attempt holds up what is about the same subject, and nothing else.
    let second = try #require(try store.nextDue("soc", now: 102))
    #expect(second.uid == "b")
    #expect(
      try store.deliveries(state: nil, limit: 9).map(\.isHeld) == [true, false, false])
    try store.settle(second, state: "sent", due: 102, answer: "accepted", now: 102)
    #expect(try store.nextDue("soc", now: 150) == nil)
    #expect(try store.nextDue("other", now: 900) == nil)
    let again = try #require(try store.nextDue("soc", now: 200))
    #expect(again.uid == "a" && again.attempts == 1 && again.answer == "answered 500")
    #expect(try store.nextDue("soc", now: 199) == nil)
    try store.settle(again, state: "dead", due: 200, answer: "answered 500", now: 200)
    // A dead letter holds up nothing.
    let third = try #require(try store.nextDue("soc", now: 200))
    #expect(third.uid == "c")
    try store.settle(third, state: "sent", due: 200, answer: "accepted", now: 200)
    #expect(try store.resend("x", to: ["soc"], now: 300).due == 0)
    #expect(try store.resend("a", to: ["soc"], now: 300).due == 1)
    #expect(try store.nextDue("soc", now: 300)?.attempts == 0)
    #expect(try store.abandon("soc", answer: "gone", now: 301) == 1)
    #expect(try store.summary(latest: 0).deliveries == ["dead": 1, "sent": 2])
  }

  @Test func `what nobody is told of is kept, and makes no message`() throws {
    let store = try Store(writing: path)
    var quiet = finding("a")
    quiet.unsent = "no route takes its level"
    try store.record([quiet], sources: [], now: 1)
    let summary = try store.summary(latest: 1)
    #expect(summary.unsent == 1 && summary.deliveries.isEmpty)
    #expect(summary.latest.first?.unsent == "no route takes its level")
  }

  @Test func `a second writer is refused, a reader is not, and everything is there afterwards`()
    throws
  {
    do {
      let store = try Store(writing: path)
      try store.record([finding("a")], sources: [source(1)], now: 1)
      #expect(throws: StoreError.self) { _ = try Store(writing: path) }
      #expect(try Store(reading: path).summary(latest: 1).findings == 1)
    }
    #expect(try Store(writing: path).summary(latest: 1).findings == 1)
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    #expect(attributes[.posixPermissions] as? Int == 0o600)
  }

  @Test func `a file that is none, or none at all, is refused with words`() throws {
    #expect(throws: StoreError.self) { _ = try Store(reading: path) }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try Data("not a database, and long enough to be taken for one by nobody".utf8).write(
      to: URL(fileURLWithPath: folder + "/text.db"))
    let error = #expect(throws: StoreError.self) { _ = try Store(writing: folder + "/text.db") }
    #expect(error?.description.contains("text.db") == true)
  }

  @Test func `a canary is delivered like a finding, counted as none, and its proof stays`() throws {
    let store = try Store(writing: path)
    func send(_ uid: String, _ routes: [String], now: Int64) throws {
      let message = StoredGroupMessage(uid: uid, level: "high", message: "canary", body: [1])
      try store.send(
        canary: uid, of: "brute", messages: routes.map { ($0, message) }, routes: ["soc", "chat"],
        now: now)
    }
    try store.record([finding("a")], sources: [], now: 100)
    try send("canary-1", ["soc", "chat"], now: 101)
    #expect(try store.summary(latest: 0).deliveries == ["pending": 1])
    // Behind what waits already.
    let first = try #require(try store.nextDue("soc", now: 101))
    #expect(first.uid == "a")
    try store.settle(first, state: "sent", due: 101, answer: "accepted", now: 101)
    let second = try #require(try store.nextDue("soc", now: 101))
    #expect(second.uid == "canary-1")
    try store.settle(second, state: "sent", due: 102, answer: "accepted", now: 102)
    try store.end(canary: "canary-1")
    #expect(try store.nextDue("chat", now: 200) == nil)
    #expect(try store.summary(latest: 5).findings == 1)
    #expect(try store.summary(latest: 5).deliveries.filter { $0.value > 0 } == ["sent": 1])
    var known = try store.canaries()
    #expect(known.map(\.route) == ["chat", "soc"] && known.map(\.proven) == [nil, 102])
    // The next one fails; the proof is the last one's, and there is one message a route.
    try send("canary-2", ["soc"], now: 110)
    let third = try #require(try store.nextDue("soc", now: 110))
    try store.settle(third, state: "dead", due: 110, answer: "answered 500", now: 110)
    known = try store.canaries()
    #expect(known[1].uid == "canary-2" && known[1].proven == 102 && known[1].proof == "accepted")
    #expect(known[1].answer == "answered 500" && known[1].tried == 110)
    let left = try store.deliveries(state: nil, limit: 9).map(\.uid)
    #expect(left.filter { $0.hasPrefix("canary") }.sorted() == ["canary-1", "canary-2"])
    // Routes that are gone are forgotten, and so is a canary that could not be sent once one could.
    try store.note(canaryOf: "brute", failed: "fires; no route takes its level", now: 120)
    #expect(try store.canaries().map(\.route) == ["", "chat", "soc"])
    try store.send(canary: "canary-3", of: "brute", messages: [], routes: ["soc"], now: 130)
    #expect(try store.canaries().map(\.route) == ["soc"])
  }
}
