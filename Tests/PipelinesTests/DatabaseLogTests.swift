import Bytes
import Events
import Pipelines
import Testing

/// PostgreSQL's log as comma-separated values: the same events as its JSON, and nothing that a statement can forge.
@Suite struct DatabaseLogTests {
  private static let rule = MultilineRule.named("postgresql-csv")

  private func log(
    _ text: String
  ) -> (rows: [String], events: [[String: String]], total: ChunkTally.Day, tally: StreamTally) {
    LineLog.of(text + "\n", .csvlog, rule: DatabaseLogTests.rule)
  }

  /// One record with some of its parts.
  private func record(
    user: String = #""kim""#, code: String = "00000",
    message: String = #""connection authorized: user=kim database=prod""#, query: String = ""
  ) -> String {
    #"2026-11-03 08:21:00.123 UTC,\#(user),"prod",77,"203.0.113.7:51002",6728.4d,3,"authentication",2026-11-03 08:21:00 UTC,3/1,0,LOG,\#(code),\#(message),,,,,,\#(query),,,"psql","client backend",,0"#
  }

  @Test func `what a server wrote to both of its logs are the same events`() throws {
    let columns = log(PostgreSQLLines.csvlog)
    let objects = LineLog.of(PostgreSQLLines.jsonlog + "\n", .json)
    #expect(columns.total.parsed == 13 && columns.total.lines == 13)
    #expect(columns.events.count == 10 && objects.events.count == 10)
    for (one, other) in zip(columns.events, objects.events) { #expect(one == other) }
    let actions = columns.events.map {
      "\($0["event.action"] ?? "-") \($0["event.outcome"] ?? "-")"
    }
    #expect(
      actions == [
        "- -", "- -", "auth.login success", "auth.logout success", "auth.login failure",
        "auth.login failure", "- -", "auth.login success", "- -", "auth.logout success",
      ])
    #expect(columns.events[5]["user.name"] == #"no,"such"#)
    #expect(columns.events[5]["event.reason"] == "28P01")
    #expect(columns.events[5]["source.ip"] == "127.0.0.1")
    #expect(columns.events[5]["source.port"] == "43708")
    #expect(columns.rows.map { String($0.prefix { $0 != " " }) }[5...6] == ["6+2", "8+3"])
  }

  @Test func `the abbreviation of the server's zone places the time`() throws {
    let path = try NormalisePath(anchor: 1_793_700_000)
    func time(_ zone: String) -> Int64 {
      path.read(Array(record().replacing("UTC", with: zone).utf8)).time / 1_000_000_000
    }
    #expect(time("UTC") - time("CET") == 3600)
    #expect(time("UTC") - time("CEST") == 7200)
    #expect(time("EST") - time("UTC") == 5 * 3600)
    // Nobody can know whose CST it is: the log's own zone counts, as of any local time.
    #expect(time("CST") == time("UTC"))
    #expect(
      path.read(Array(record().replacing("UTC", with: "CST").utf8))["timestamp.inferred"] == "zone")
  }

  @Test func `a log of it is known by its first lines, and others are not taken for one`() {
    func format(_ text: String) -> LineFormat? {
      withView(Array(text.utf8)) { LineFormat.detect($0) }
    }
    #expect(format(PostgreSQLLines.csvlog) == .csvlog)
    #expect(format(record() + "\n") == .csvlog)
    #expect(format(record(user: "") + "\n") == .csvlog)
    #expect(format("2026-11-03 08:21:00.123 UTC [77] LOG:  a,b,c\n") == .rfc3164)
    #expect(format("2026-11-03 08:21:00.123 UTC,web1,app,77,hello\n") != .csvlog)
    #expect(format("2026-11-03T08:21:00Z web1 app: a,\"b\",\"c\",7\n") == .rfc3164)
  }

  @Test func `a statement that holds a record forges none`() {
    // Within a statement each quote stands twice, which is the one thing that its author can not change.
    let forged = record(user: "kim").replacing("\"", with: "\"\"")
    let real = log(record(query: "\"select 1\n\(forged)\n\""))
    #expect(real.events.count == 1)
    #expect(real.events[0]["event.action"] == "auth.login")
    // Nor one without any quotes: every record has a message, and a message has quotes.
    let bare =
      "2026-11-03 08:21:00.123 UTC,,,77,,6728.4d,3,,2026-11-03 08:21:00 UTC,,0,FATAL,28P01,,,,,,,,,,,,,0"
    let other = log(record(query: "\"select 1\n\(bare)\n\""))
    #expect(other.events.count == 1 && other.total.rejected > 0)
    #expect(log(bare).events.isEmpty)
  }

  @Test(arguments: [
    ("user", "csvlog-bad-quotes"), ("message", "csvlog-no-message"), ("half", "csvlog-too-short"),
    ("number", "csvlog-bad-quotes"),
  ])
  func `what is no record is counted by its reason`(_ what: String, _ reason: String) throws {
    let line =
      switch what {
      case "user": record(user: "kim")
      case "message": record(message: "")
      case "half": String(record().prefix(90))
      default: record().replacing(",77,", with: ",\"77\",")
      }
    let path = try NormalisePath(anchor: 1_793_700_000)
    #expect(path.read(Array(line.utf8), as: .csvlog).rejection == reason)
  }

  @Test func `wherever a record is cut, it is rejected or says what the whole one says`() throws {
    let path = try NormalisePath(anchor: 1_793_700_000)
    let line = Array(record(query: "\"select \"\"a\"\"\"").utf8)
    let whole = path.read(line, as: .csvlog)
    for cut in 0..<line.count {
      let part = path.read(Array(line[..<cut]), as: .csvlog)
      guard part.rejection == nil else { continue }
      #expect(part["user.name"] == whole["user.name"] && part["source.ip"] == whole["source.ip"])
      #expect(part.time == whole.time)
    }
  }

  @Test func `a local connection has no address, and version 6 has one`() throws {
    let path = try NormalisePath(anchor: 1_793_700_000)
    func peer(_ text: String) -> [String?] {
      let reading = path.read(
        Array(record().replacing("203.0.113.7:51002", with: text).utf8), as: .csvlog)
      return [reading["source.ip"], reading["source.port"]]
    }
    #expect(peer("203.0.113.7:51002") == ["203.0.113.7", "51002"])
    #expect(peer("2001:db8::7:51002") == ["2001:db8::7", "51002"])
    #expect(peer("[local]") == [nil, nil])
  }
}
