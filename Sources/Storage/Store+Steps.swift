internal import Foundation
internal import GRDB

/// A finding as the store keeps it.
public struct StoredFinding: Sendable, Hashable {
  /// The stable identity, the detector's id, the level's name, what it is about, and the sentence.
  public var uid, detector, level, subject, message: String
  /// First and last event, nanoseconds since 1970 UTC.
  public var start, end: Int64
  /// How many events there are.
  public var count: UInt64
  /// The finding as OCSF.
  public var body: [UInt8]
  /// The finding as it can be read back for a review; empty for what is none by itself.
  public var record: [UInt8] = []
  /// Why nobody is told of it; `nil` when somebody is.
  public var unsent: String?
  /// The message for each route, by the route's name.
  public var messages: [String: [UInt8]] = [:]
  /// By route, the group in which the message waits for others; where there is none it goes alone.
  public var groups: [String: StoredGroup] = [:]

  /// A finding from its parts.
  public init(
    uid: String, detector: String, level: String, subject: String, message: String, start: Int64,
    end: Int64, count: UInt64, body: [UInt8], unsent: String?
  ) {
    (self.uid, self.detector, self.level) = (uid, detector, level)
    (self.subject, self.message) = (subject, message)
    (self.start, self.end, self.count, self.body) = (start, end, count, body)
    self.unsent = unsent
  }
}

/// How far one log was followed, and what was read of it since the first start.
public struct StoredSource: Sendable, Hashable {
  /// The source's name, and what is wrong with it, or nothing.
  public var name, note: String
  /// The time of the latest event, nanoseconds since 1970 UTC.
  public var followed: Int64
  /// Lines, and bytes.
  public var lines, parsed, rejected, bytes: UInt64

  /// A source from its parts.
  public init(
    name: String, followed: Int64, lines: UInt64, parsed: UInt64, rejected: UInt64, bytes: UInt64,
    note: String
  ) {
    (self.name, self.note, self.followed) = (name, note, followed)
    (self.lines, self.parsed, self.rejected, self.bytes) = (lines, parsed, rejected, bytes)
  }
}

extension Store {
  /// The value of a setting, which is `value` from the first time on that anybody asks.
  public func setting(_ name: String, first value: String) throws(StoreError) -> String {
    try write("a setting") { database in
      try database.execute(
        sql: "INSERT OR IGNORE INTO setting (name, value) VALUES (?, ?)", arguments: [name, value])
      return try String.fetchOne(
        database, sql: "SELECT value FROM setting WHERE name = ?", arguments: [name]) ?? value
    }
  }

  /// By source, the time up to which it was followed, nanoseconds.
  public func followed() throws(StoreError) -> [String: Int64] {
    try read("the sources") { database in
      let rows = try Row.fetchAll(database, sql: "SELECT name, followed FROM source")
      return Dictionary(rows.map { ($0["name"], $0["followed"]) }) { $1 }
    }
  }

  /// Whether a finding of a detector about a subject is known whose time overlaps, whatever its identity.
  public func knows(
    _ detector: String, about subject: String, from start: Int64, to end: Int64
  ) throws(StoreError) -> Bool {
    try read("the findings") { database in
      try Bool.fetchOne(
        database,
        sql: """
          SELECT 1 FROM finding WHERE detector = ? AND subject = ? AND started <= ? AND ended >= ?
          LIMIT 1
          """,
        arguments: [detector, subject, end, start]) ?? false
    }
  }

  /// Those of some identities that no finding has yet.
  public func unknown(among uids: [String]) throws(StoreError) -> Set<String> {
    try read("the findings") { database in
      var unknown = Set(uids)
      for start in stride(from: 0, to: uids.count, by: 500) {
        let part = Array(uids[start..<min(start + 500, uids.count)])
        let marks = part.map { _ in "?" }.joined(separator: ",")
        let known = try String.fetchAll(
          database, sql: "SELECT uid FROM finding WHERE uid IN (\(marks))",
          arguments: StatementArguments(part))
        unknown.subtract(known)
      }
      return unknown
    }
  }

  /// Writes what one step led to, all of it or nothing.
  ///
  /// A finding that is known is brought up to date and never sent again.
  ///
  /// - Parameters:
  ///   - findings: Those that are new or have grown.
  ///   - sources: Every source.
  ///   - snapshot: All that a later run must know to go on from here; `nil` leaves the one before.
  ///   - now: The time, seconds since 1970 UTC.
  /// - Returns: How many findings are new.
  @discardableResult
  public func record(
    _ findings: [StoredFinding], sources: [StoredSource], snapshot: [UInt8]? = nil, now: Int64
  ) throws(StoreError) -> Int {
    try write("a step") { database in
      if let snapshot {
        try Store.insert(snapshot, database, now)
      }
      var newCount = 0
      for finding in findings {
        // A replay from logs of which the older part is gone may count fewer.
        try database.execute(
          sql: """
            UPDATE finding SET started = min(started, ?), ended = ?, count = ?, message = ?, body = ?,
            record = ? WHERE uid = ? AND (count < ? OR ended < ?)
            """,
          arguments: [
            finding.start, finding.end, Int64(clamping: finding.count), finding.message,
            Data(finding.body), Data(finding.record), finding.uid, Int64(clamping: finding.count),
            finding.end,
          ])
        // An earlier version wrote none.
        try database.execute(
          sql: "UPDATE finding SET record = ? WHERE uid = ? AND length(record) = 0",
          arguments: [Data(finding.record), finding.uid])
        let isKnown = try Bool.fetchOne(
          database, sql: "SELECT 1 FROM finding WHERE uid = ?", arguments: [finding.uid])
        guard isKnown == nil else { continue }
        newCount += 1
        try Store.insert(finding, database, now)
      }
      // What had no lines yet may have another name by now, or is not configured any more.
      let idle = try String.fetchSet(database, sql: "SELECT name FROM source WHERE lines = 0")
      for name in idle.subtracting(sources.map(\.name)) {
        try database.execute(sql: "DELETE FROM source WHERE name = ?", arguments: [name])
      }
      for source in sources {
        try database.execute(
          sql: """
            INSERT INTO source VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (name) DO UPDATE SET
            followed = max(followed, excluded.followed), lines = excluded.lines,
            parsed = excluded.parsed, rejected = excluded.rejected, bytes = excluded.bytes,
            note = excluded.note
            """,
          arguments: [
            source.name, source.followed, Int64(clamping: source.lines),
            Int64(clamping: source.parsed), Int64(clamping: source.rejected),
            Int64(clamping: source.bytes), source.note,
          ])
      }
      return newCount
    }
  }
}

/// Findings of one detector of which too many came at once to tell of each.
public struct StoredStorm: Sendable, Hashable {
  /// The detector.
  public var detector: String
  /// How many there are.
  public var count: Int
  /// The first few, those of the highest level first.
  public var findings: [StoredFinding]
  /// First and last event, nanoseconds since 1970 UTC.
  public var start, end: Int64
  /// The identity of the first of them by name, which names the summary.
  public var first: String
}

extension Store {
  /// Why a finding that belongs to a storm is not told of by itself.
  public static let storm = "one of many at once; a summary tells of it"
  /// How many findings of a storm its summary is handed.
  private static let stormShownMax = 100

  /// The storms whose findings were all recorded before a time and are in no summary yet.
  public func storms(before: Int64) throws(StoreError) -> [StoredStorm] {
    try read("the storms") { database in
      let rows = try Row.fetchAll(
        database,
        sql: Queries.storms, arguments: [Store.storm, before])
      return try rows.map { row in
        let detector: String = row["detector"]
        let some = try Row.fetchAll(
          database,
          sql: """
            SELECT * FROM finding WHERE unsent = ? AND recorded < ? AND detector = ?
            ORDER BY \(Store.rank) DESC, count DESC, uid LIMIT \(Store.stormShownMax)
            """,
          arguments: [Store.storm, before, detector])
        return StoredStorm(
          detector: detector, count: row["count"], findings: some.map(Store.finding),
          start: row["start"], end: row["end"], first: row["first"])
      }
    }
  }

  /// Records the summary of a storm, and that its findings are in it, in one transaction.
  public func record(
    _ summary: StoredFinding, of storm: StoredStorm, before: Int64, now: Int64
  ) throws(StoreError) {
    try write("a summary") { database in
      try database.execute(
        sql: "UPDATE finding SET unsent = ? WHERE unsent = ? AND recorded < ? AND detector = ?",
        arguments: [
          "in the summary \(summary.uid.prefix(12))", Store.storm, before, storm.detector,
        ])
      try Store.insert(summary, database, now)
    }
  }

  /// Inserts a finding that is new, and its messages.
  static func insert(_ finding: StoredFinding, _ database: Database, _ now: Int64) throws {
    try database.execute(
      sql: "INSERT INTO finding VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      arguments: [
        finding.uid, finding.detector, finding.level, finding.subject, finding.message,
        finding.start, finding.end, Int64(clamping: finding.count), Data(finding.body), now,
        finding.unsent, Data(finding.record),
      ])
    guard finding.unsent == nil else { return }
    for (route, body) in finding.messages.sorted(by: { $0.key < $1.key }) {
      if let group = finding.groups[route] {
        try Store.join(group, finding, route, body, database, now)
      } else {
        try Store.enqueue(
          StoredGroupMessage(
            uid: finding.uid, level: finding.level, message: finding.message, body: body),
          about: [finding], route, database, now)
      }
    }
  }
}

extension Store {
  /// What the last run wrote down to go on from, and when, seconds since 1970 UTC; `nil` when there is nothing.
  public func snapshot() throws(StoreError) -> (taken: Int64, bytes: [UInt8])? {
    try read("the snapshot") { database in
      var taken: Int64?
      var bytes: [UInt8] = []
      let rows = try Row.fetchCursor(
        database, sql: "SELECT taken, body FROM snapshot WHERE number = 0 ORDER BY part")
      while let row = try rows.next() {
        taken = row["taken"]
        bytes += row["body"] as Data
      }
      return taken.map { ($0, bytes) }
    }
  }

  /// Writes a snapshot in parts, so that no part is copied more than once at a time.
  private static func insert(_ snapshot: [UInt8], _ database: Database, _ now: Int64) throws {
    try database.execute(sql: "DELETE FROM snapshot WHERE number = 0")
    let statement = try database.makeStatement(sql: "INSERT INTO snapshot VALUES (0, ?, ?, ?)")
    let size = 4 << 20
    for (part, start) in stride(from: 0, to: snapshot.count, by: size).enumerated() {
      let body = Data(snapshot[start..<min(start + size, snapshot.count)])
      try statement.execute(arguments: [part, now, body])
    }
  }

  /// Puts aside what the last run wrote down, so that nobody goes on from it; only the last two stay.
  public func setSnapshotAside() throws(StoreError) {
    try write("the snapshot") { database in
      try database.execute(
        sql: """
          UPDATE snapshot SET number = (SELECT max(number) + 1 FROM snapshot) WHERE number = 0;
          DELETE FROM snapshot WHERE number < (SELECT max(number) FROM snapshot) - 1;
          """)
    }
  }

  /// Why nobody is told of a finding that followed once more from fewer lines than before.
  public static let knownOtherwise = "known under another identity: older lines are gone"

  /// The records of the findings that began within a time, nanoseconds.
  public func records(startingIn window: Range<Int64>) throws(StoreError) -> [[UInt8]] {
    try read("the findings") { database in
      try Data.fetchAll(
        database,
        sql: """
          SELECT record FROM finding WHERE started >= ? AND started < ? AND length(record) > 0
            AND unsent IS NOT ? ORDER BY started, detector, subject, uid
          """,
        arguments: [window.lowerBound, window.upperBound, Store.knownOtherwise]
      ).map { [UInt8]($0) }
    }
  }

  /// How many findings that began within a time an earlier version wrote without what a review needs.
  public func unrecorded(startingIn window: Range<Int64>) throws(StoreError) -> Int {
    try read("the findings") { database in
      try Int.fetchOne(
        database,
        sql: """
          SELECT count(*) FROM finding WHERE started >= ? AND started < ? AND length(record) = 0
            AND uid NOT LIKE 'storm-%'
          """,
        arguments: [window.lowerBound, window.upperBound]) ?? 0
    }
  }
}
