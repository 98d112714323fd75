internal import GRDB

/// What became of the messages about some findings.
public struct StoredDeliveries: Sendable {
  /// One route.
  public struct Route: Sendable, Hashable {
    /// Its name.
    public var name: String
    /// Findings that the receiver took, that wait for it, and whose message was given up.
    public var told = 0, waiting = 0, dead = 0
    /// Messages, and those of them that took more than one attempt.
    public var messages = 0, retried = 0
    /// Seconds from writing a finding down to the receiver's answer, least first.
    public var seconds: [Int64] = []
  }
  /// The routes that the findings went down, by name.
  public var routes: [Route] = []
  /// How many findings there are, and how many of them somebody was told of.
  public var findings = 0, told = 0
  /// Why nobody is told of the others that nothing was made of, and how many there are.
  public var unsent: [(reason: String, findings: Int)] = []
}

extension Store {
  /// What became of the messages about findings that started in a span of time, nanoseconds since 1970 UTC.
  ///
  /// - Complexity: O(*n* log *n*) in the parts of messages about them.
  public func deliveries(
    ofFindingsStartingIn window: Range<Int64>
  ) throws(StoreError) -> StoredDeliveries {
    try read("the outbox") { database in
      let span: StatementArguments = [window.lowerBound, window.upperBound]
      let meant = "started >= ? AND started < ?"
      // The last attempt of a message that was delivered is the one that delivered it.
      let rows = try Row.fetchAll(
        database,
        sql: """
          SELECT part.route, part.uid, delivery.number, delivery.state, delivery.attempts,
            (SELECT max(at) FROM attempt WHERE attempt.delivery = delivery.number)
              - finding.recorded AS seconds
          FROM finding JOIN part USING (uid) JOIN delivery ON delivery.number = part.delivery
          WHERE \(meant) ORDER BY part.route, part.uid, delivery.number
          """, arguments: span)
      let gathered = try Row.fetchAll(
        database,
        sql: """
          SELECT route, count(DISTINCT uid) AS count FROM member JOIN finding USING (uid)
          WHERE told IS NULL AND \(meant) GROUP BY route
          """, arguments: span)
      var result = StoredDeliveries()
      var routes: [String: StoredDeliveries.Route] = [:]
      var told: Set<String> = []
      for (name, rows) in Dictionary(grouping: rows, by: { $0["route"] as String }) {
        var route = StoredDeliveries.Route(name: name)
        let messages = Dictionary(grouping: rows) { $0["number"] as Int64 }
        route.messages = messages.count
        route.retried = messages.values.count { ($0[0]["attempts"] as Int) > 1 }
        for (uid, mine) in Dictionary(grouping: rows, by: { $0["uid"] as String }) {
          let states = mine.map { $0["state"] as String }
          if let sent = states.firstIndex(of: "sent") {
            route.told += 1
            told.insert(uid)
            route.seconds.append(max(0, mine[sent]["seconds"] ?? 0))
          } else if states.contains("pending") {
            route.waiting += 1
          } else {
            route.dead += 1
          }
        }
        route.seconds.sort()
        routes[name] = route
      }
      for row in gathered {
        routes[row["route"], default: StoredDeliveries.Route(name: row["route"])].waiting +=
          row["count"]
      }
      result.routes = routes.values.sorted { $0.name < $1.name }
      result.told = told.count
      result.findings =
        try Int.fetchOne(
          database, sql: "SELECT count(*) FROM finding WHERE \(meant)", arguments: span) ?? 0
      result.unsent = try Row.fetchAll(
        database,
        sql: """
          SELECT unsent, count(*) AS count FROM finding WHERE unsent IS NOT NULL AND \(meant)
          GROUP BY unsent ORDER BY unsent
          """, arguments: span
      ).map { ($0["unsent"], $0["count"]) }
      return result
    }
  }
}
