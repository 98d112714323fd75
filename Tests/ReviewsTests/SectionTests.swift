import Foundation
import Reviews
import Testing

private let empty = ReviewFacts(
  organisation: "Example BV", month: Month(year: 2026, month: 2), zone: "UTC",
  generatedFrom: "rollcall 0.1.0")

private func table(_ id: String, _ facts: ReviewFacts) throws -> Review.Table {
  let blocks = Review(facts).sections.flatMap(\.blocks)
  for case .table(let table) in blocks where table.id == id { return table }
  throw CocoaError(.fileNoSuchFile)
}

/// Status and remarks of a policy row.
private func row(_ number: Int, _ facts: ReviewFacts) throws -> (Review.Cell, Review.Cell) {
  let row = try table("controls-policy", facts).rows[number - 1]
  return (row[2], row[7])
}

private func check(
  _ rows: [String], _ level: String = "medium", population: Int = 3, exceptions: Int = 0,
  warning: Bool = false, not reason: String? = nil
) -> ReviewFacts.Check {
  var check = ReviewFacts.Check()
  (check.id, check.rows, check.level, check.population) = ("c", rows, level, population)
  check.notRunReason = reason
  check.exceptions = (0..<exceptions).map {
    var exception = ReviewFacts.Check.Exception()
    (exception.subject, exception.isWarning) = ("s-\($0)", warning)
    return exception
  }
  return check
}

@Suite struct SectionTests {
  @Test func `every row of the policies stands in the matrix, and nothing passes unseen`() throws {
    let rows = try table("controls-policy", empty).rows
    #expect(rows.count == 138)
    for row in rows {
      #expect(row[2] == .mark(.neutral("not run")))
      guard case .text(let title) = row[1], case .text(let reason) = row[7] else {
        Issue.record("\(row)")
        continue
      }
      #expect(!title.isEmpty && !reason.isEmpty)
    }
    let titles = rows.map { $0[1] }
    #expect(Set(titles).count == 138)
  }

  @Test func `a check of the registers counts for each of its rows`() throws {
    var facts = empty
    facts.checks = [check(["row-2", "row-84"])]
    #expect(try row(2, facts).0 == .mark(.good("pass")))
    #expect(try row(84, facts).0 == .mark(.good("pass")))
    facts.checks = [check(["row-2"], exceptions: 1)]
    #expect(try row(2, facts).0 == .mark(.bad("fail")))
    facts.checks = [check(["row-2"], "low", exceptions: 1)]
    #expect(try row(2, facts).0 == .mark(.attention("warn")))
    facts.checks = [check(["row-2"], exceptions: 1, warning: true)]
    #expect(try row(2, facts).0 == .mark(.attention("warn")))
    facts.checks = [check(["row-2"], "informational", exceptions: 1)]
    #expect(try row(2, facts).0 == .mark(.good("pass")))
    facts.checks = [check(["row-2"], population: 0)]
    #expect(try row(2, facts).0 == .mark(.neutral("not run")))
    facts.checks = [check(["row-2"], population: 0, not: "no tools register")]
    #expect(try row(2, facts).0 == .mark(.neutral("not run")))
    #expect(try row(2, facts).1 == .text("c: no tools register"))
  }

  @Test func `a record attests its row, until it is overdue`() throws {
    var facts = empty
    var record = ReviewFacts.Attestation()
    (record.clause, record.verdict) = ("row-101", .good("holds"))
    facts.attestations = [record]
    #expect(try row(101, facts).0 == .mark(.good("attested")))
    facts.attestations[0].verdict = .attention("not signed")
    #expect(try row(101, facts).0 == .mark(.attention("warn")))
    facts.attestations[0].verdict = .bad("overdue")
    #expect(try row(101, facts).0 == .mark(.bad("fail")))
    #expect(try row(102, facts).0 == .mark(.neutral("not run")))
  }

  @Test func `availability is held against what was promised`() throws {
    var day = ReviewFacts.ServiceDay()
    (day.day, day.requests, day.minutes, day.badMinutes) = (3, 10_000, 1000, 1)
    var service = ReviewFacts.Service()
    (service.name, service.days, service.month) = ("shop", [day], day)
    func verdict(_ target: Int?) throws -> Review.Cell? {
      var facts = empty
      service.availabilityTarget = target
      facts.services = [service]
      let row = try table("services", facts).rows[0]
      #expect(row[2] == .text("99.9 %"))
      return row.last
    }
    #expect(try verdict(99_900) == .mark(.good("met")))
    #expect(try verdict(99_901) == .mark(.bad("missed: availability")))
    #expect(try verdict(nil) == .mark(.neutral("nothing promised")))
  }

  @Test func `what a reviewer has not decided is left to be written in`() throws {
    let review = Review(Sample.facts)
    #expect(review.html().contains("<td class=\"blank\" data-label=\"Keep, modify, revoke\"></td>"))
    let data = Data(review.json().utf8)
    let root = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    let tables = try #require(root["tables"] as? [String: [String: Any]])
    let signed = try #require(tables["access-gitlab"]?["rows"] as? [[String: Any]])
    #expect(signed.map { $0["decision"] as? String } == ["keep", "revoke", nil])
    #expect(tables["access-db1"] != nil)
  }

  @Test func `each chart tells its title and what it shows`() {
    let html = Review(Sample.facts).html()
    let charts = html.components(separatedBy: "<svg ").dropFirst()
    #expect(charts.count >= 6)
    for chart in charts where !chart.contains("aria-label=\"Bars by day") {
      #expect(chart.contains("<title id=\"t-") && chart.contains("<desc id=\"d-"))
    }
  }

  @Test func `a register's list says who came and who went`() {
    let markdown = Review(Sample.facts).markdown()
    #expect(markdown.contains("last month 3 + joined 1 − left 2 = 2"))
  }

  @Test func `tables are comma-separated values that no spreadsheet runs`() throws {
    var facts = empty
    facts.accounts = .init(
      checked: 3,
      unlisted: [
        .init(user: "=cmd()", systems: ["a", "b"], first: "x, \"y\"", last: "-1", events: 7)
      ])
    let files = Review(facts).tableFiles
    let file = try #require(files.first { $0.name == "unlisted-accounts.csv" })
    #expect(
      file.text == "user,systems,first,last,events\r\n'=cmd(),a; b,\"x, \"\"y\"\"\",'-1,7\r\n")
    #expect(Set(files.map(\.name)).count == files.count)
  }

  @Test func `changes name a ticket, or a task covers them`() throws {
    func change(_ ticket: String, _ task: String, _ done: Int) -> ReviewFacts.Change {
      var change = ReviewFacts.Change()
      (change.system, change.action, change.ticket, change.task, change.done) =
        ("web1", "change.update", ticket, task, done)
      return change
    }
    func sentence(_ changes: [ReviewFacts.Change]) -> String? {
      var facts = empty
      facts.changes = changes
      return Review(facts).sections.flatMap(\.blocks).lazy.compactMap { block -> String? in
        guard case .prose(let text) = block, text.contains("name a ticket") else { return nil }
        return text
      }.first
    }
    let named = [change("WP-1", "WP-1", 2), change("WP-2", "", 1), change("", "", 1)]
    #expect(sentence(named) == "4 changes succeeded; 3 of them, 75.0 %, name a ticket.")
    // What names a ticket is not counted again for its task.
    #expect(
      sentence(named + [change("", "WP-3", 6)])
        == "10 changes succeeded; 3 of them, 30.0 %, name a ticket, and a task covers 6 more.")
    var facts = empty
    facts.changes = [change("", "WP-3", 6)]
    #expect(try table("changes", facts).rows[0][6] == .code("WP-3"))
  }
}
