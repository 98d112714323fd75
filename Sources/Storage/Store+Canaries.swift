internal import Foundation
internal import GRDB

/// When a detector was last shown to work, down one route.
public struct StoredCanary: Sendable, Hashable {
  /// The detector's id, and the route; no route when nothing was sent.
  public var detector, route: String
  /// The identity of the last canary.
  public var uid: String
  /// When it was asked for, seconds since 1970 UTC.
  public var asked: Int64
  /// When an attempt was made to send it.
  public var tried: Int64?
  /// What came of the last attempt, or why nothing was sent.
  public var answer: String
  /// When a receiver took one last, seconds since 1970 UTC.
  public var proven: Int64?
  /// What the receiver said then.
  public var proof: String
}

extension Store {
  /// Puts the messages of a canary into the outbox, behind what waits there; they are no findings.
  ///
  /// The message of the canary before is forgotten, so that there is one a detector and route.
  ///
  /// - Parameters:
  ///   - routes: All routes that there are; what is known of others is forgotten.
  public func send(
    canary uid: String, of detector: String,
    messages: [(route: String, message: StoredGroupMessage)],
    routes: [String], now: Int64
  ) throws(StoreError) {
    try write("a canary") { database in
      let gone = try String.fetchAll(
        database,
        sql:
          "SELECT route FROM canary WHERE detector = ? AND route NOT IN (\(Store.marks(routes)))",
        arguments: [detector] + StatementArguments(routes))
      for route in gone {
        try Store.forgetCanary(database, detector, route)
        try database.execute(
          sql: "DELETE FROM canary WHERE detector = ? AND route = ?", arguments: [detector, route])
      }
      for (route, message) in messages {
        try Store.forgetCanary(database, detector, route)
        try Store.note(database, detector, route, uid, now)
        let marked = StoredFinding(
          uid: uid, detector: detector, level: message.level, subject: "",
          message: message.message, start: 0, end: 0, count: 0, body: [], unsent: nil)
        try Store.enqueue(message, about: [marked], route, database, now)
      }
    }
  }

  /// Notes that nothing could be sent for a detector, and why.
  public func note(canaryOf detector: String, failed answer: String, now: Int64)
    throws(StoreError)
  {
    try write("a canary") { database in
      try Store.note(database, detector, "", "", now)
      try database.execute(
        sql: "UPDATE canary SET tried = ?, answer = ? WHERE detector = ? AND route = ''",
        arguments: [now, answer, detector])
    }
  }

  private static func note(
    _ database: Database, _ detector: String, _ route: String, _ uid: String, _ now: Int64
  ) throws {
    try database.execute(
      sql: """
        INSERT INTO canary VALUES (?, ?, ?, ?, NULL, '', NULL, '')
        ON CONFLICT (detector, route) DO UPDATE SET uid = excluded.uid, asked = excluded.asked,
          tried = NULL, answer = ''
        """,
      arguments: [detector, route, uid, now])
  }

  /// Forgets the message of the last canary.
  private static func forgetCanary(
    _ database: Database, _ detector: String, _ route: String
  ) throws {
    let numbers = try Int64.fetchAll(
      database,
      sql: """
        SELECT number FROM canary JOIN delivery USING (uid, route) WHERE detector = ? AND route = ?
        """,
      arguments: [detector, route])
    for number in numbers {
      for statement in [
        "DELETE FROM part WHERE delivery = ?", "DELETE FROM attempt WHERE delivery = ?",
        "DELETE FROM delivery WHERE number = ?",
      ] {
        try database.execute(sql: statement, arguments: [number])
      }
    }
  }

  /// Notes what came of an attempt, when the message is a canary.
  static func noteCanary(
    _ database: Database, _ delivery: StoredDelivery, isProven: Bool, answer: String, now: Int64
  ) throws {
    try database.execute(
      sql: """
        UPDATE canary SET tried = ?, answer = ?, proven = CASE WHEN ? THEN ? ELSE proven END,
          proof = CASE WHEN ? THEN ? ELSE proof END WHERE uid = ? AND route = ?
        """,
      arguments: [now, answer, isProven, now, isProven, answer, delivery.uid, delivery.route])
  }

  /// The messages of a canary.
  public func deliveries(ofCanary uid: String) throws(StoreError) -> [StoredDelivery] {
    try read("the outbox") { database in
      try Store.deliveries(database, "uid = ? ORDER BY number", [uid])
    }
  }

  /// Makes dead letters of the messages of a canary that nobody took: nobody waits for them any more.
  public func end(canary uid: String) throws(StoreError) {
    try write("a canary") { database in
      try database.execute(
        sql: "UPDATE delivery SET state = 'dead' WHERE state = 'pending' AND uid = ?",
        arguments: [uid])
      try database.execute(sql: "UPDATE part SET waits = 0 WHERE uid = ?", arguments: [uid])
    }
  }

  /// Everything that is known of canaries, by detector and route.
  public func canaries() throws(StoreError) -> [StoredCanary] {
    try read("the canaries") { database in
      try Row.fetchAll(database, sql: "SELECT * FROM canary ORDER BY detector, route").map { row in
        StoredCanary(
          detector: row["detector"], route: row["route"], uid: row["uid"], asked: row["asked"],
          tried: row["tried"], answer: row["answer"], proven: row["proven"], proof: row["proof"])
      }
    }
  }
}
