import Foundation
import GRDB
import Storage
import Testing

/// How findings wait for others, and what is kept of what was told.
@Suite struct StoreGroupTests {
  private let temporary = TestFolder("groups")
  private var path: String { temporary.path + "/rollcall.db" }
  private let patient = StoredGroup(name: "brute", wait: 30, interval: 300, repetition: nil)
  private let insistent = StoredGroup(name: "brute", wait: 30, interval: 300, repetition: 3600)

  private func finding(
    _ uid: String, in group: StoredGroup?, count: UInt64 = 1, level: String = "high",
    subject: String? = nil
  ) -> StoredFinding {
    var finding = StoredFinding(
      uid: uid, detector: "brute", level: level, subject: subject ?? "about \(uid)",
      message: "\(uid): \(count)", start: 5, end: 10, count: count, body: [0x7B, 0x7D], unsent: nil)
    finding.messages = ["soc": Array("alone \(uid)".utf8)]
    finding.groups["soc"] = group
    return finding
  }

  /// Tells the groups, and returns the messages that then are due, as sent.
  private func told(_ store: Store, at now: Int64) throws -> [String] {
    try store.tellGroups("soc", now: now) { findings, isRepeated in
      let names = findings.map(\.uid).joined(separator: "+")
      return StoredGroupMessage(
        uid: "\(isRepeated ? "again" : "group") \(names)", level: "high", message: names,
        body: Array(names.utf8))
    }
    var result: [String] = []
    while let due = try store.nextDue("soc", now: now) {
      result.append("\(due.uid): \(String(decoding: due.body, as: UTF8.self))")
      try store.settle(due, state: "sent", due: now, answer: "accepted", now: now)
    }
    return result
  }

  @Test func `the first of a group waits for others, and later ones for the interval`() throws {
    let store = try Store(writing: path)
    try store.record([finding("a", in: patient)], sources: [], now: 100)
    try store.record(
      [finding("b", in: patient, level: "critical")], sources: [], now: 129)
    #expect(try told(store, at: 129) == [])
    // The gravest comes first.
    #expect(try told(store, at: 130) == ["group b+a: b+a"])
    // One alone is told as it would be without a group, and not before the interval is over.
    try store.record([finding("c", in: patient)], sources: [], now: 140)
    #expect(try told(store, at: 429) == [])
    #expect(try told(store, at: 430) == ["c: alone c"])
    // When that is over, too, the group is forgotten, and the next one waits like a first one.
    #expect(try told(store, at: 730) == [])
    try store.record([finding("d", in: patient)], sources: [], now: 731)
    #expect(try told(store, at: 760) == [])
    #expect(try told(store, at: 761) == ["d: alone d"])
  }

  @Test func `a finding is told again only when it grows`() throws {
    let store = try Store(writing: path)
    try store.record(
      [finding("a", in: insistent), finding("b", in: insistent)], sources: [], now: 100)
    #expect(try told(store, at: 130) == ["group a+b: a+b"])
    try store.record([finding("a", in: insistent, count: 9)], sources: [], now: 200)
    #expect(try told(store, at: 3729) == [])
    #expect(try told(store, at: 3730) == ["again a: a"])
    // What has not grown meanwhile is over; it is not told again, though it grows.
    try store.record([finding("b", in: insistent, count: 9)], sources: [], now: 3800)
    #expect(try told(store, at: 7330) == [])
    #expect(try told(store, at: 99_999) == [])
  }

  @Test func `a group survives the end of the process, and tells nothing twice`() throws {
    do {
      let store = try Store(writing: path)
      try store.record(
        [finding("a", in: patient), finding("b", in: patient)], sources: [], now: 100)
    }
    do {
      let store = try Store(writing: path)
      #expect(try store.unknown(among: ["a", "b", "c"]) == ["c"])
      #expect(try store.record([finding("a", in: patient)], sources: [], now: 110) == 0)
      try store.tellGroups("soc", now: 130) { findings, _ in
        StoredGroupMessage(uid: "group", level: "high", message: "two", body: [1])
      }
    }
    let store = try Store(writing: path)
    #expect(try told(store, at: 200) == ["group: \u{1}"])
    #expect(try told(store, at: 900) == [])
  }

  @Test func `a group that need not wait any longer does not`() throws {
    let store = try Store(writing: path)
    try store.record([finding("a", in: patient)], sources: [], now: 100)
    #expect(try !store.isGathered("soc", now: 101))
    try store.endGathering(now: 101)
    #expect(try store.isGathered("soc", now: 101))
    #expect(try told(store, at: 101) == ["a: alone a"])
    #expect(try !store.isGathered("soc", now: 101))
  }

  @Test func `what waits for a route that is gone becomes dead letters`() throws {
    let store = try Store(writing: path)
    try store.record(
      [finding("a", in: nil), finding("b", in: patient), finding("c", in: insistent)], sources: [],
      now: 100)
    #expect(try told(store, at: 100) == ["a: alone a"])
    try store.record([finding("d", in: nil)], sources: [], now: 101)
    let attempt = try #require(try store.nextDue("soc", now: 101))
    let gone = "its route is gone"
    #expect(try store.abandonAll(but: ["soc"], answer: gone, now: 102) == [:])
    #expect(try store.abandonAll(but: ["chat"], answer: gone, now: 102) == ["soc": 3])
    // An attempt that was made meanwhile is followed by no other.
    try store.settle(attempt, state: "pending", due: 103, answer: "answered 500", now: 102)
    #expect(try store.summary(latest: 0).deliveries == ["sent": 1, "dead": 3])
    #expect(try store.summary(latest: 0).gathered == 0)
    #expect(try told(store, at: 99_999) == [])
    let b = try #require(try store.findings(beginningWith: "b", limit: 1).first)
    let ledger = try store.ledger(of: b)
    #expect(ledger.waiting.isEmpty)
    #expect(ledger.messages.map(\.delivery.body) == [Array("alone b".utf8)])
    #expect(ledger.messages[0].attempts.map(\.answer) == [gone])
    // What is sent again goes to routes that there are.
    let refused = try store.resend("", to: ["chat"], now: 200)
    #expect(refused.due == 0 && refused.refused == ["soc": 3])
    let due = try store.resend("", to: ["chat", "soc"], now: 200)
    #expect(due.due == 3 && due.refused == [:])
    #expect(Set(try told(store, at: 200)) == ["b: alone b", "c: alone c", "d: alone d"])
  }

  @Test func `what is asked at every step reads no whole table`() throws {
    _ = try Store(writing: path)
    let queue = try DatabaseQueue(path: path)
    func plan(_ query: String, _ arguments: StatementArguments = []) throws -> String {
      try queue.read { database in
        try Row.fetchAll(database, sql: "EXPLAIN QUERY PLAN " + query, arguments: arguments)
          .map { $0["detail"] as String }.joined(separator: "; ")
      }
    }
    for query in [Queries.findings, Queries.unsent, Queries.gathered, Queries.states] {
      let plan = try plan(query)
      #expect(plan.contains("USING COVERING INDEX"), "\(query): \(plan)")
    }
    #expect(try plan(Queries.unsent).contains("finding_unsent"))
    #expect(
      try plan(Queries.storms, [Store.storm, 1]).hasPrefix(
        "SEARCH finding USING INDEX finding_unsent (unsent=?"))
  }

  @Test func `a message about several holds up whatever is about one of them`() throws {
    let store = try Store(writing: path)
    try store.record(
      [finding("a", in: patient, subject: "kim"), finding("b", in: patient, subject: "lena")],
      sources: [], now: 100)
    try store.tellGroups("soc", now: 130) { _, _ in
      StoredGroupMessage(uid: "group", level: "high", message: "two", body: [1])
    }
    let first = try #require(try store.nextDue("soc", now: 130))
    try store.settle(first, state: "dead", due: 130, answer: "answered 500", now: 130)
    #expect(try store.resend("b", to: ["soc"], now: 130).due == 1)
    try store.settle(first, state: "pending", due: 500, answer: "answered 500", now: 130)
    try store.record(
      [finding("c", in: nil, subject: "lena"), finding("d", in: nil, subject: "mo")], sources: [],
      now: 131)
    let other = try #require(try store.nextDue("soc", now: 131))
    #expect(other.uid == "d")
    try store.settle(other, state: "sent", due: 131, answer: "accepted", now: 131)
    #expect(try store.nextDue("soc", now: 499) == nil)
    let again = try #require(try store.nextDue("soc", now: 500))
    #expect(again.uid == "group")
    try store.settle(again, state: "sent", due: 500, answer: "accepted", now: 500)
    #expect(try store.nextDue("soc", now: 500)?.uid == "c")
  }

  @Test func `the ledger of a finding shows its messages, their attempts, and where it waits`()
    throws
  {
    let store = try Store(writing: path)
    try store.record([finding("abc", in: nil), finding("abd", in: patient)], sources: [], now: 100)
    let due = try #require(try store.nextDue("soc", now: 100))
    try store.settle(due, state: "pending", due: 105, answer: "answered 500", now: 100)
    try store.settle(due, state: "sent", due: 105, answer: "accepted", now: 105)
    #expect(try store.findings(beginningWith: "ab", limit: 9).map(\.uid) == ["abc", "abd"])
    let told = try store.findings(beginningWith: "abc", limit: 9)
    let ledger = try store.ledger(of: try #require(told.first))
    #expect(ledger.messages.map(\.delivery.state) == ["sent"])
    #expect(
      ledger.messages.first?.attempts.map(\.answer) == ["answered 500", "accepted"])
    let waits = try store.findings(beginningWith: "abd", limit: 9)
    let other = try store.ledger(of: try #require(waits.first))
    #expect(other.messages.isEmpty)
    #expect(other.waiting.map(\.route) == ["soc"] && other.waiting.map(\.due) == [130])
    #expect(try store.findings(ofMessage: "abc", limit: 9).map(\.uid) == ["abc"])
  }

  @Test func `an outage begins with a failure and ends with what is delivered`() throws {
    let store = try Store(writing: path)
    try store.record([finding("a", in: nil), finding("b", in: nil)], sources: [], now: 100)
    let first = try #require(try store.nextDue("soc", now: 100))
    #expect(
      try store.settle(first, state: "pending", due: 105, answer: "answered 500", now: 100) == nil)
    try store.settle(first, state: "pending", due: 400, answer: "no answer", now: 105)
    let outage = StoredOutage(route: "soc", answer: "no answer", since: 100, isGone: false)
    #expect(try store.outages() == [outage])
    let second = try #require(try store.nextDue("soc", now: 106))
    #expect(try store.settle(second, state: "sent", due: 106, answer: "accepted", now: 106) == 100)
    #expect(try store.outages().isEmpty)
    _ = try store.abandon("soc", answer: "gone", now: 200)
    #expect(
      try store.outages()
        == [StoredOutage(route: "soc", answer: "gone", since: 200, isGone: true)])
  }

  @Test func `a storm hands over its gravest findings first, and all of their number`() throws {
    let store = try Store(writing: path)
    let storm = (1...120).map { number in
      var finding = finding(
        "f\(number)", in: nil, count: UInt64(number), level: number == 7 ? "critical" : "low")
      finding.unsent = Store.storm
      return finding
    }
    try store.record(storm, sources: [], now: 100)
    #expect(try store.storms(before: 100).isEmpty)
    let found = try #require(try store.storms(before: 101).first)
    #expect(found.count == 120 && found.findings.count == 100 && found.first == "f1")
    #expect(found.findings.prefix(2).map(\.uid) == ["f7", "f120"])
    try store.record(finding("storm-f1", in: patient), of: found, before: 101, now: 101)
    #expect(try store.storms(before: 200).isEmpty)
    #expect(try store.unsent(limit: 500).count == 120)
    #expect(try told(store, at: 131) == ["storm-f1: alone storm-f1"])
  }

  @Test func `old findings go with their messages, and those that still wait stay`() throws {
    let store = try Store(writing: path)
    try store.record(
      [finding("a", in: patient), finding("b", in: patient), finding("c", in: nil)], sources: [],
      now: 100)
    #expect(try store.forget(endedBefore: 99) == 0)
    #expect(try told(store, at: 130) == ["c: alone c", "group a+b: a+b"])
    #expect(try store.forget(endedBefore: 99) == 3)
    #expect(try store.deliveries(state: nil, limit: 9).isEmpty)
  }

  /// The schema of the first version, as it was released.
  private static let first = """
    CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);
    INSERT INTO grdb_migrations VALUES ('1');
    CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE source (
      name TEXT PRIMARY KEY, followed INTEGER NOT NULL, lines INTEGER NOT NULL,
      parsed INTEGER NOT NULL, rejected INTEGER NOT NULL, bytes INTEGER NOT NULL,
      note TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE finding (
      uid TEXT PRIMARY KEY, detector TEXT NOT NULL, level TEXT NOT NULL,
      subject TEXT NOT NULL, message TEXT NOT NULL, started INTEGER NOT NULL,
      ended INTEGER NOT NULL, count INTEGER NOT NULL, body BLOB NOT NULL,
      recorded INTEGER NOT NULL, unsent TEXT) WITHOUT ROWID;
    CREATE INDEX finding_by_time ON finding (ended);
    CREATE INDEX finding_by_subject ON finding (detector, subject);
    CREATE TABLE delivery (
      number INTEGER PRIMARY KEY AUTOINCREMENT, uid TEXT NOT NULL, route TEXT NOT NULL,
      body BLOB NOT NULL, state TEXT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0,
      due INTEGER NOT NULL, begun INTEGER NOT NULL, UNIQUE (uid, route));
    CREATE INDEX delivery_due ON delivery (route, state, due);
    CREATE TABLE attempt (
      delivery INTEGER NOT NULL, at INTEGER NOT NULL, answer TEXT NOT NULL);
    CREATE INDEX attempt_by_delivery ON attempt (delivery);
    INSERT INTO finding VALUES
      ('a', 'brute', 'high', 'kim', 'told', 1, 2, 3, x'7B7D', 100, NULL),
      ('b', 'brute', 'high', 'kim', 'waits', 1, 2, 3, x'7B7D', 100, NULL);
    INSERT INTO delivery VALUES
      (1, 'a', 'soc', x'01', 'sent', 1, 100, 100), (2, 'b', 'soc', x'02', 'pending', 1, 500, 100);
    INSERT INTO attempt VALUES (1, 100, 'accepted'), (2, 101, 'answered 500');
    """

  @Test(arguments: [true, false])
  func `a store of the first version is brought up to date, and loses nothing`(_ writes: Bool)
    throws
  {
    try FileManager.default.createDirectory(
      atPath: URL(filePath: path).deletingLastPathComponent().path(),
      withIntermediateDirectories: true)
    try DatabaseQueue(path: path).write { try $0.execute(sql: StoreGroupTests.first) }
    // Whoever only looks finds it up to date, too.
    let store = try writes ? Store(writing: path) : Store(reading: path)
    let messages = try store.deliveries(state: nil, limit: 9)
    #expect(messages.map(\.uid) == ["b", "a"])
    #expect(messages.map(\.message) == ["waits", "told"])
    #expect(messages.map(\.level) == ["high", "high"])
    // What waited holds up what is about the same subject, and only that.
    try store.record(
      [finding("c", in: nil, subject: "kim"), finding("d", in: nil, subject: "mo")], sources: [],
      now: 200)
    #expect(try store.nextDue("soc", now: 200)?.uid == "d")
    #expect(try store.nextDue("soc", now: 500)?.uid == "d")
    let told = try store.findings(beginningWith: "a", limit: 2)
    let ledger = try store.ledger(of: try #require(told.first))
    #expect(ledger.messages.first?.attempts.map(\.answer) == ["accepted"])
  }
}
