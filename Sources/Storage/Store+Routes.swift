internal import GRDB

extension Store {
  /// Makes dead letters of all that waits for routes that are gone; a finding that waits for others of its
  /// group becomes one by itself.
  ///
  /// - Parameters:
  ///   - routes: The routes that there are.
  ///   - answer: Why, in a few words.
  ///   - now: Seconds since 1970 UTC.
  /// - Returns: By route, how many there are.
  public func abandonAll(but routes: [String], answer: String, now: Int64) throws(StoreError)
    -> [String: Int]
  {
    try write("the outbox") { database in
      let isGone = "route NOT IN (\(Store.marks(routes)))"
      let names = StatementArguments(routes)
      try database.execute(
        sql: """
          INSERT OR IGNORE INTO delivery (uid, route, body, state, due, begun, level, message)
            SELECT finding.uid, route, member.body, 'pending', ?, ?, level, message
            FROM member JOIN finding USING (uid) WHERE told IS NULL AND \(isGone)
          """,
        arguments: [now, now] + names)
      try database.execute(
        sql: """
          INSERT OR IGNORE INTO part (delivery, uid, route, subject, waits)
            SELECT number, finding.uid, route, subject, 0
            FROM delivery JOIN finding USING (uid) WHERE state = 'pending' AND \(isGone)
          """,
        arguments: names)
      let rows = try Row.fetchAll(
        database,
        sql: """
          SELECT route, count(*) AS count FROM delivery WHERE state = 'pending' AND \(isGone)
          GROUP BY route
          """,
        arguments: names)
      try database.execute(
        sql: """
          INSERT INTO attempt SELECT number, ?, ? FROM delivery WHERE state = 'pending' AND \(isGone)
          """,
        arguments: [now, answer] + names)
      try database.execute(
        sql: "UPDATE delivery SET state = 'dead' WHERE state = 'pending' AND \(isGone)",
        arguments: names)
      try database.execute(
        sql: "UPDATE part SET waits = 0 WHERE waits = 1 AND \(isGone)", arguments: names)
      for table in ["member", "gathering", "outage"] {
        try database.execute(sql: "DELETE FROM \(table) WHERE \(isGone)", arguments: names)
      }
      return Store.counts(rows)
    }
  }
}
