internal import Foundation
internal import GRDB

/// The group of a route that a finding belongs to, and its times.
public struct StoredGroup: Sendable, Hashable {
  /// What its findings share, as one text.
  public var name: String
  /// How long the first of them waits for others, and how long after a message the next one follows,
  /// seconds.
  public var wait, interval: Int64
  /// How long after it was told a finding that grows is told again, seconds; `nil` for never.
  public var repetition: Int64?

  /// A group from its parts.
  public init(name: String, wait: Int64, interval: Int64, repetition: Int64?) {
    (self.name, self.wait, self.interval, self.repetition) = (name, wait, interval, repetition)
  }
}

/// A message about several findings.
public struct StoredGroupMessage: Sendable, Hashable {
  /// Its identity, the highest level among the findings, and what it says in a sentence.
  public var uid, level, message: String
  /// The exact bytes that are sent and signed.
  public var body: [UInt8]

  /// A message from its parts.
  public init(uid: String, level: String, message: String, body: [UInt8]) {
    (self.uid, self.level, self.message, self.body) = (uid, level, message, body)
  }
}

extension Store {
  /// Makes messages of the groups of a route whose time has come, each in one transaction.
  ///
  /// A group of one new finding becomes the message about that finding. A finding that was told stays in
  /// its group as long as it is told again when it grows; a group without any is forgotten once its
  /// interval is over.
  ///
  /// - Parameters:
  ///   - now: Seconds since 1970 UTC.
  ///   - write: Writes the message about several findings, or about some that have grown since they were
  ///     told; the same findings must give the same message.
  /// - Returns: How many messages there are.
  @discardableResult
  public func tellGroups(
    _ route: String, now: Int64,
    write: (_ findings: [StoredFinding], _ isRepeated: Bool) -> StoredGroupMessage
  ) throws(StoreError) -> Int {
    let names = try read("the groups") { database in
      try String.fetchAll(
        database, sql: "SELECT name FROM gathering WHERE route = ? AND due <= ?",
        arguments: [route, now])
    }
    var count = 0
    for name in names {
      let isTold = try self.write("a group") { database in
        try Store.tellGroup(database, route, name, now, write)
      }
      if isTold { count += 1 }
    }
    return count
  }

  /// Lets no group wait any longer, because nothing more will come.
  public func endGathering(now: Int64) throws(StoreError) {
    try write("the groups") { database in
      try database.execute(
        sql: """
          UPDATE gathering SET due = ? WHERE due > ? AND EXISTS (SELECT 1 FROM member WHERE
            member.route = gathering.route AND member.name = gathering.name AND told IS NULL)
          """,
        arguments: [now, now])
    }
  }

  /// Whether the time of a group of a route has come.
  public func isGathered(_ route: String, now: Int64) throws(StoreError) -> Bool {
    try read("the groups") { database in
      try Bool.fetchOne(
        database, sql: "SELECT 1 FROM gathering WHERE route = ? AND due <= ? LIMIT 1",
        arguments: [route, now]) ?? false
    }
  }

  /// Puts a finding into its group.
  static func join(
    _ group: StoredGroup, _ finding: StoredFinding, _ route: String, _ body: [UInt8],
    _ database: Database, _ now: Int64
  ) throws {
    let hasWaiting = try Bool.fetchOne(
      database, sql: "SELECT 1 FROM member WHERE route = ? AND name = ? AND told IS NULL LIMIT 1",
      arguments: [route, group.name])
    let told = try Int64.fetchOne(
      database, sql: "SELECT told FROM gathering WHERE route = ? AND name = ?",
      arguments: [route, group.name])
    let due = told.map { $0 + group.interval }.flatMap { $0 > now ? $0 : nil } ?? now + group.wait
    try database.execute(
      sql: """
        INSERT INTO gathering (route, name, due, told, pause, again) VALUES (?, ?, ?, NULL, ?, ?)
        ON CONFLICT (route, name) DO UPDATE SET pause = excluded.pause, again = excluded.again,
          due = CASE WHEN ? THEN due ELSE excluded.due END
        """,
      arguments: [
        route, group.name, due, group.interval, group.repetition, hasWaiting != nil,
      ])
    try database.execute(
      sql: "INSERT OR IGNORE INTO member (route, name, uid, body) VALUES (?, ?, ?, ?)",
      arguments: [route, group.name, finding.uid, Data(body)])
  }

  private static func tellGroup(
    _ database: Database, _ route: String, _ name: String, _ now: Int64,
    _ write: (_ findings: [StoredFinding], _ isRepeated: Bool) -> StoredGroupMessage
  ) throws -> Bool {
    let this: StatementArguments = [route, name]
    guard
      let row = try Row.fetchOne(
        database, sql: "SELECT pause, again FROM gathering WHERE route = ? AND name = ?",
        arguments: this)
    else { return false }
    let (pause, again): (Int64, Int64?) = (row["pause"], row["again"])
    // What has not grown by now is over.
    try database.execute(
      sql: """
        DELETE FROM member WHERE route = ? AND name = ? AND told IS NOT NULL AND at <= ? AND
          told >= coalesce((SELECT count FROM finding WHERE finding.uid = member.uid), 0)
        """,
      arguments: this + [now - (again ?? 0)])
    let rows = try Row.fetchAll(
      database,
      sql: """
        SELECT finding.*, member.body AS message_body, member.told AS told FROM member
        JOIN finding USING (uid) WHERE route = ? AND name = ? AND (told IS NULL OR at <= ?)
        ORDER BY \(Store.rank) DESC, started, uid
        """,
      arguments: this + [now - (again ?? 0)])
    if !rows.isEmpty {
      let findings = rows.map(Store.finding)
      let isRepeated = rows.allSatisfy { ($0["told"] as Int64?) != nil }
      if rows.count == 1, !isRepeated {
        try Store.enqueue(
          StoredGroupMessage(
            uid: findings[0].uid, level: findings[0].level, message: findings[0].message,
            body: [UInt8](rows[0]["message_body"] as Data)),
          about: findings, route, database, now)
      } else {
        try Store.enqueue(write(findings, isRepeated), about: findings, route, database, now)
      }
      for finding in findings {
        try database.execute(
          sql: """
            UPDATE member SET told = ?, at = ?, body = x'' WHERE route = ? AND name = ? AND uid = ?
            """,
          arguments: [Int64(clamping: finding.count), now] + this + [finding.uid])
      }
      if again == nil {
        try database.execute(
          sql: "DELETE FROM member WHERE route = ? AND name = ?", arguments: this)
      }
      try database.execute(
        sql: "UPDATE gathering SET told = ? WHERE route = ? AND name = ?",
        arguments: [now] + this)
    }
    // It is looked at again when its interval is over, or when something in it may be told again.
    let first = try Int64.fetchOne(
      database, sql: "SELECT min(at) FROM member WHERE route = ? AND name = ?", arguments: this)
    let told = try Int64.fetchOne(
      database, sql: "SELECT told FROM gathering WHERE route = ? AND name = ?", arguments: this)
    let ends = (told ?? now) + pause
    if first == nil, ends <= now || told == nil {
      try database.execute(
        sql: "DELETE FROM gathering WHERE route = ? AND name = ?", arguments: this)
    } else {
      try database.execute(
        sql: "UPDATE gathering SET due = ? WHERE route = ? AND name = ?",
        arguments: [max(ends, first.map { $0 + (again ?? 0) } ?? ends)] + this)
    }
    return !rows.isEmpty
  }
}

extension Store {
  /// The levels of findings by rising weight, for an order.
  static let rank = """
    CASE level WHEN 'critical' THEN 5 WHEN 'high' THEN 4 WHEN 'medium' THEN 3 WHEN 'low' THEN 2
      ELSE 1 END
    """

  /// A finding from its row, without its body.
  static func finding(_ row: Row) -> StoredFinding {
    StoredFinding(
      uid: row["uid"], detector: row["detector"], level: row["level"], subject: row["subject"],
      message: row["message"], start: row["started"], end: row["ended"],
      count: UInt64(clamping: row["count"] as Int64), body: [], unsent: row["unsent"])
  }

  /// Puts a message into the outbox of a route.
  static func enqueue(
    _ message: StoredGroupMessage, about findings: [StoredFinding], _ route: String,
    _ database: Database, _ now: Int64
  ) throws {
    try database.execute(
      sql: """
        INSERT OR IGNORE INTO delivery (uid, route, body, state, due, begun, level, message)
        VALUES (?, ?, ?, 'pending', ?, ?, ?, ?)
        """,
      arguments: [
        message.uid, route, Data(message.body), now, now, message.level, message.message,
      ])
    guard database.changesCount > 0 else { return }
    let number = database.lastInsertedRowID
    for finding in findings {
      try database.execute(
        sql:
          "INSERT OR IGNORE INTO part (delivery, uid, route, subject, waits) VALUES (?, ?, ?, ?, 1)",
        arguments: [number, finding.uid, route, finding.subject])
    }
  }
}
