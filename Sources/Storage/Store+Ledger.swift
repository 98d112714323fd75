internal import Foundation
internal import GRDB

/// What became of one finding.
public struct StoredLedger: Sendable {
  /// One attempt to deliver a message.
  public struct Attempt: Sendable, Hashable {
    /// Seconds since 1970 UTC.
    public var at: Int64
    /// What the receiver said, in a few words.
    public var answer: String
  }
  /// A message about the finding, alone or with others, and the attempts to deliver it.
  public struct Message: Sendable {
    /// The message.
    public var delivery: StoredDelivery
    /// How many findings it is about.
    public var findings: Int
    /// Every attempt, the first one first.
    public var attempts: [Attempt]
  }
  /// A group that the finding waits in.
  public struct Waiting: Sendable, Hashable {
    /// The route.
    public var route: String
    /// When the group is told, seconds since 1970 UTC.
    public var due: Int64
  }

  /// The finding.
  public var finding: StoredFinding
  /// The messages about it, the first one first.
  public var messages: [Message]
  /// Where it still waits for others.
  public var waiting: [Waiting]
}

extension Store {
  /// The findings whose identity begins with some letters.
  public func findings(beginningWith uid: String, limit: Int) throws(StoreError)
    -> [StoredFinding]
  {
    try read("the findings") { database in
      try Row.fetchAll(
        database,
        sql: "SELECT * FROM finding WHERE substr(uid, 1, length(?)) = ? ORDER BY uid LIMIT ?",
        arguments: [uid, uid, limit]
      ).map(Store.finding)
    }
  }

  /// The findings of a message whose identity begins with some letters.
  public func findings(ofMessage uid: String, limit: Int) throws(StoreError) -> [StoredFinding] {
    try read("the findings") { database in
      try Row.fetchAll(
        database,
        sql: """
          SELECT DISTINCT finding.* FROM delivery JOIN part ON part.delivery = delivery.number
          JOIN finding ON finding.uid = part.uid
          WHERE substr(delivery.uid, 1, length(?)) = ? ORDER BY finding.uid LIMIT ?
          """,
        arguments: [uid, uid, limit]
      ).map(Store.finding)
    }
  }

  /// The findings that nobody is told of, those that ended last first.
  public func unsent(limit: Int) throws(StoreError) -> [StoredFinding] {
    try read("the findings") { database in
      try Row.fetchAll(
        database,
        sql: "SELECT * FROM finding WHERE unsent IS NOT NULL ORDER BY ended DESC, uid LIMIT ?",
        arguments: [limit]
      ).map(Store.finding)
    }
  }

  /// Every message about a finding, and where it still waits.
  public func ledger(of finding: StoredFinding) throws(StoreError) -> StoredLedger {
    try read("the outbox") { database in
      let deliveries = try Store.deliveries(
        database,
        "number IN (SELECT delivery FROM part WHERE uid = ?) ORDER BY number", [finding.uid])
      let waiting = try Row.fetchAll(
        database,
        sql: """
          SELECT route, due FROM member JOIN gathering USING (route, name)
          WHERE uid = ? AND member.told IS NULL ORDER BY route
          """,
        arguments: [finding.uid])
      return StoredLedger(
        finding: finding,
        messages: try deliveries.map { delivery in
          let attempts = try Row.fetchAll(
            database, sql: "SELECT at, answer FROM attempt WHERE delivery = ? ORDER BY rowid",
            arguments: [delivery.number])
          let findings = try Int.fetchOne(
            database, sql: "SELECT count(*) FROM part WHERE delivery = ?",
            arguments: [delivery.number])
          return StoredLedger.Message(
            delivery: delivery, findings: findings ?? 1,
            attempts: attempts.map { StoredLedger.Attempt(at: $0["at"], answer: $0["answer"]) })
        },
        waiting: waiting.map { StoredLedger.Waiting(route: $0["route"], due: $0["due"]) })
    }
  }
}

/// A route on which every attempt has failed for a while.
public struct StoredOutage: Sendable, Hashable {
  /// The route, and what its receiver said last.
  public var route, answer: String
  /// The first attempt that failed, seconds since 1970 UTC.
  public var since: Int64
  /// Whether the receiver said that it is gone for good.
  public var isGone: Bool

  /// An outage from its parts.
  public init(route: String, answer: String, since: Int64, isGone: Bool) {
    (self.route, self.answer, self.since, self.isGone) = (route, answer, since, isGone)
  }
}

extension Store {
  /// The routes on which no attempt has succeeded since one failed.
  public func outages() throws(StoreError) -> [StoredOutage] {
    try read("the outages") { database in
      try Row.fetchAll(database, sql: "SELECT * FROM outage ORDER BY route").map { row in
        StoredOutage(
          route: row["route"], answer: row["answer"], since: row["since"], isGone: row["is_gone"])
      }
    }
  }

  /// Notes a failure on a route, or ends its outage; returns when the outage that ended began.
  static func note(
    _ database: Database, _ route: String, isDelivered: Bool, isGone: Bool = false, answer: String,
    now: Int64
  ) throws -> Int64? {
    guard !isDelivered else {
      return try Int64.fetchOne(
        database, sql: "DELETE FROM outage WHERE route = ? RETURNING since", arguments: [route])
    }
    try database.execute(
      sql: """
        INSERT INTO outage (route, since, answer, is_gone) VALUES (?, ?, ?, ?)
        ON CONFLICT (route) DO UPDATE SET answer = excluded.answer,
          is_gone = max(is_gone, excluded.is_gone)
        """,
      arguments: [route, now, answer, isGone])
    return nil
  }
}
