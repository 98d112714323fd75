internal import Foundation
internal import GRDB

/// A message that is to be delivered, or was.
public struct StoredDelivery: Sendable, Hashable {
  /// Where it stands in the order of coming.
  public var number: Int64
  /// The finding and the route.
  public var uid, route: String
  /// The exact bytes that are sent and signed.
  public var body: [UInt8]
  /// `pending`, `sent` or `dead`.
  public var state: String
  /// How often it was tried; when it is due and when it began, seconds since 1970 UTC.
  public var attempts: Int
  public var due, begun: Int64
  /// What the last attempt came to.
  public var answer: String
  /// What the finding says.
  public var level, message: String
  /// Whether it waits for an earlier message about the same subject.
  public var isHeld: Bool
}

extension Store {
  /// The first message of a route that is due, or `nil`.
  ///
  /// One at a time and in the order of coming. A message that waits for its next attempt holds up those
  /// behind it that are about the same subject, so that what is told of one stays in order, and no others.
  public func nextDue(_ route: String, now: Int64) throws(StoreError) -> StoredDelivery? {
    try read("the outbox") { database in
      try Store.deliveries(
        database,
        """
        state = 'pending' AND route = ? AND due <= ? AND NOT EXISTS (\(Store.earlier))
        ORDER BY due, number LIMIT 1
        """,
        [route, now]
      ).first
    }
  }

  /// What waits on the route of a message, about the same subject, and came before it.
  private static let earlier = """
    SELECT 1 FROM part AS mine JOIN part AS earlier ON earlier.route = mine.route
      AND earlier.subject = mine.subject AND earlier.delivery < mine.delivery
    WHERE mine.delivery = delivery.number AND mine.subject != '' AND earlier.waits = 1
    """

  /// Writes down what became of an attempt.
  ///
  /// What became a dead letter during the attempt, because its route is gone, does not wait for another one.
  ///
  /// - Parameters:
  ///   - state: `sent`, `dead`, or `pending` for another attempt when it is `due`.
  ///   - answer: What the receiver said, in a few words.
  /// - Returns: When the route's outage began that ends with this, seconds since 1970 UTC.
  @discardableResult
  public func settle(
    _ delivery: StoredDelivery, state: String, due: Int64, answer: String, now: Int64
  ) throws(StoreError) -> Int64? {
    try write("a delivery") { database in
      try database.execute(
        sql: """
          UPDATE delivery SET state = CASE WHEN ? = 'pending' THEN state ELSE ? END, due = ?,
            attempts = attempts + 1 WHERE number = ?
          """,
        arguments: [state, state, due, delivery.number])
      try database.execute(
        sql: "INSERT INTO attempt VALUES (?, ?, ?)", arguments: [delivery.number, now, answer])
      try Store.noteCanary(
        database, delivery, isProven: state == "sent", answer: answer, now: now)
      if state != "pending" {
        try database.execute(
          sql: "UPDATE part SET waits = 0 WHERE delivery = ?", arguments: [delivery.number])
      }
      return try Store.note(
        database, delivery.route, isDelivered: state == "sent", answer: answer, now: now)
    }
  }

  /// The deliveries in a state, or all, the latest first.
  public func deliveries(state: String?, limit: Int) throws(StoreError) -> [StoredDelivery] {
    try read("the outbox") { database in
      try Store.deliveries(
        database, "? IS NULL OR state = ? ORDER BY number DESC LIMIT ?", [state, state, limit])
    }
  }

  /// Makes dead letters due again.
  ///
  /// - Parameters:
  ///   - uid: The beginning of a message's identity, or of a finding's that it is about; empty for
  ///   all of them.
  ///   - routes: The routes that there are; what was for another stays dead.
  /// - Returns: How many are due, and by route how many stay dead.
  public func resend(_ uid: String, to routes: [String], now: Int64) throws(StoreError)
    -> (due: Int, refused: [String: Int])
  {
    try write("the outbox") { database in
      let condition = """
        state = 'dead' AND (substr(uid, 1, length(?)) = ? OR number IN
          (SELECT delivery FROM part WHERE substr(part.uid, 1, length(?)) = ?))
          AND uid NOT IN (SELECT uid FROM canary)
        """
      let arguments: StatementArguments = [uid, uid, uid, uid] + StatementArguments(routes)
      let refused = try Row.fetchAll(
        database,
        sql: """
          SELECT route, count(*) AS count FROM delivery
          WHERE \(condition) AND route NOT IN (\(Store.marks(routes))) GROUP BY route
          """,
        arguments: arguments)
      try database.execute(
        sql: """
          UPDATE delivery SET state = 'pending', due = ?, begun = ?, attempts = 0
          WHERE \(condition) AND route IN (\(Store.marks(routes)))
          """,
        arguments: [now, now] + arguments)
      let count = database.changesCount
      try database.execute(
        sql: """
          UPDATE part SET waits = 1
          WHERE delivery IN (SELECT number FROM delivery WHERE state = 'pending')
          """)
      return (count, Store.counts(refused))
    }
  }

  /// As many marks as there are values, for a list in a query.
  static func marks(_ values: [String]) -> String {
    values.map { _ in "?" }.joined(separator: ",")
  }

  /// By route, or what else a column says, how many there are.
  static func counts(_ rows: [Row], by column: String = "route") -> [String: Int] {
    Dictionary(rows.map { ($0[column], $0["count"]) }) { $1 }
  }

  static func deliveries(
    _ database: Database, _ condition: String, _ arguments: StatementArguments
  ) throws -> [StoredDelivery] {
    let rows = try Row.fetchAll(
      database,
      sql: """
        SELECT delivery.*, coalesce(delivery.level, finding.level) AS shown_level,
          coalesce(delivery.message, finding.message) AS shown_message,
          state = 'pending' AND EXISTS (\(Store.earlier)) AS is_held,
          (SELECT answer FROM attempt WHERE attempt.delivery = delivery.number
           ORDER BY rowid DESC LIMIT 1) AS answer
        FROM delivery LEFT JOIN finding USING (uid) WHERE \(condition)
        """,
      arguments: arguments)
    return rows.map { row in
      StoredDelivery(
        number: row["number"], uid: row["uid"], route: row["route"],
        body: [UInt8](row["body"] as Data), state: row["state"], attempts: row["attempts"],
        due: row["due"], begun: row["begun"], answer: row["answer"] ?? "",
        level: row["shown_level"] ?? "", message: row["shown_message"] ?? "",
        isHeld: row["is_held"])
    }
  }
}

extension Store {
  /// How many findings nobody was told of for a reason.
  public func unsentCount(because reason: String) throws(StoreError) -> Int {
    try read("the findings") { database in
      try Int.fetchOne(
        database, sql: "SELECT count(*) FROM finding WHERE unsent = ?", arguments: [reason]) ?? 0
    }
  }
}

/// What `rollcall status` shows.
public struct StoredSummary: Sendable {
  /// Every source, by name.
  public var sources: [StoredSource]
  /// How many findings there are, and how many of them nobody was told of.
  public var findings, unsent: Int
  /// How many findings wait in groups for others.
  public var gathered: Int
  /// How many deliveries are in each state.
  public var deliveries: [String: Int]
  /// The findings that ended last, the latest first.
  public var latest: [StoredFinding]
}

extension Store {
  /// What there is to tell of the store.
  public func summary(latest: Int) throws(StoreError) -> StoredSummary {
    try read("the store") { database in
      let sources = try Row.fetchAll(database, sql: "SELECT * FROM source ORDER BY name")
      let findings = try Row.fetchAll(
        database, sql: "SELECT * FROM finding ORDER BY ended DESC, uid LIMIT ?",
        arguments: [latest])
      let states = try Row.fetchAll(database, sql: Queries.states)
      // What shows that the routes work is no message about anything.
      let canaries = Store.counts(
        try Row.fetchAll(database, sql: Queries.canaryStates), by: "state")
      func count(_ query: String) throws -> Int { try Int.fetchOne(database, sql: query) ?? 0 }
      return StoredSummary(
        sources: sources.map { row in
          StoredSource(
            name: row["name"], followed: row["followed"], lines: row["lines"],
            parsed: row["parsed"], rejected: row["rejected"], bytes: row["bytes"],
            note: row["note"])
        },
        findings: try count(Queries.findings), unsent: try count(Queries.unsent),
        gathered: try count(Queries.gathered),
        deliveries: Store.counts(states, by: "state").merging(canaries) { max(0, $0 - $1) },
        latest: findings.map(Store.finding))
    }
  }
}

extension Store {
  /// Makes all that waits for a route dead letters.
  ///
  /// - Returns: How many there were.
  public func abandon(_ route: String, answer: String, now: Int64) throws(StoreError) -> Int {
    try write("the outbox") { database in
      try database.execute(
        sql: """
          INSERT INTO attempt SELECT number, ?, ? FROM delivery WHERE state = 'pending' AND route = ?
          """,
        arguments: [now, answer, route])
      try database.execute(
        sql: "UPDATE part SET waits = 0 WHERE waits = 1 AND route = ?", arguments: [route])
      _ = try Store.note(
        database, route, isDelivered: false, isGone: true, answer: answer, now: now)
      try database.execute(
        sql: "UPDATE delivery SET state = 'dead' WHERE state = 'pending' AND route = ?",
        arguments: [route])
      return database.changesCount
    }
  }
}

extension Store {
  /// Forgets findings that ended before a time, and what became of their messages; those that still wait stay.
  ///
  /// - Parameters:
  ///   - end: Nanoseconds since 1970 UTC.
  /// - Returns: How many findings went.
  @discardableResult public func forget(endedBefore end: Int64) throws(StoreError) -> Int {
    try write("old findings") { database in
      let old = """
        SELECT uid FROM finding WHERE ended < ? AND uid NOT IN
          (SELECT part.uid FROM delivery JOIN part ON part.delivery = delivery.number
           WHERE state = 'pending') AND uid NOT IN (SELECT uid FROM member)
        """
      try database.execute(sql: "DELETE FROM part WHERE uid IN (\(old))", arguments: [end])
      // A message goes with the last finding that it tells of.
      try database.execute(
        sql: """
          DELETE FROM delivery WHERE state != 'pending' AND
            NOT EXISTS (SELECT 1 FROM part WHERE part.delivery = delivery.number);
          DELETE FROM attempt WHERE
            NOT EXISTS (SELECT 1 FROM delivery WHERE delivery.number = attempt.delivery)
          """)
      try database.execute(
        sql: "DELETE FROM finding WHERE uid IN (\(old))", arguments: [end])
      return database.changesCount
    }
  }
}
