import Foundation
import Reviews
import Testing

private let empty = ReviewFacts(
  organisation: "Example BV", month: Month(year: 2026, month: 2), zone: "UTC",
  generatedFrom: "rollcall 0.1.0")

private func tables(_ review: Review) -> [Review.Table] {
  review.sections.flatMap(\.blocks).compactMap { block in
    guard case .table(let table) = block else { return nil }
    return table
  }
}

/// The status of a control, by its id without the framework's name.
private func status(_ control: String, _ detectors: [ReviewFacts.Detector], exceptions: [String])
  -> Mark?
{
  var facts = empty
  facts.detectors = detectors
  facts.findings = exceptions.map { level in
    ReviewFacts.Finding(
      uid: level, detector: "d", title: "D", level: level, message: "m", subject: "s",
      controls: [control], start: "", end: "", order: 0)
  }
  for table in tables(Review(facts)) where table.id.hasPrefix("controls-") {
    for row in table.rows where row.first == .code(control) {
      if case .mark(let mark) = row[2] { return mark }
    }
  }
  return nil
}

private func detector(_ id: String, checked: Int, not reason: String? = nil)
  -> ReviewFacts.Detector
{
  ReviewFacts.Detector(
    id: id, title: id, level: "high", file: "\(id).yaml", controls: ["CC6.1"],
    notRunReason: reason, checked: checked)
}

@Suite struct ReviewTests {
  @Test func `empty facts say how many were checked in every table`() {
    let review = Review(empty)
    let all = tables(review)
    #expect(all.count > 50)
    #expect(all.allSatisfy { $0.rows.isEmpty || $0.id == "controls-policy" })
    for page in [review.html(), review.markdown()] {
      #expect(page.components(separatedBy: "0 of 0 checked").count > all.count)
    }
    #expect(review.verdict == .attention("Nothing was read"))
  }

  @Test func `an empty list names its population`() {
    var facts = empty
    facts.accounts.checked = 1204
    facts.ledger = .init(lines: 10, parsed: 9, rejected: 1, bytes: 100)
    let html = Review(facts).html()
    #expect(html.contains("0 of 1,204 checked"))
    #expect(html.contains("loaded 10 = parsed 9 + rejected 1"))
  }

  @Test func `the same facts give the same bytes, whatever the order of findings`() {
    var turned = Sample.facts
    turned.findings.reverse()
    let (one, other) = (Review(Sample.facts), Review(turned))
    #expect(one == other)
    #expect(one.html() == other.html())
    #expect(one.markdown() == other.markdown())
    #expect(one.json() == other.json())
  }

  @Test func `a control passes only when all of its detectors ran on something`() {
    let ran = detector("a", checked: 5)
    let idle = detector("b", checked: 0)
    let off = detector("c", checked: 0, not: "no source")
    #expect(status("CC6.1", [ran, idle], exceptions: []) == .good("pass"))
    #expect(status("CC6.1", [idle], exceptions: []) == .neutral("not run"))
    #expect(status("CC6.1", [off], exceptions: []) == .neutral("not run"))
    #expect(status("CC6.1", [ran, off], exceptions: []) == .attention("warn"))
    #expect(status("CC6.1", [ran], exceptions: ["informational"]) == .good("pass"))
    #expect(status("CC6.1", [ran, off], exceptions: ["low"]) == .attention("warn"))
    #expect(status("CC6.1", [ran], exceptions: ["low", "medium"]) == .bad("fail"))
    // A finding whose detector is no longer loaded still counts against its control.
    #expect(status("CC7.2", [], exceptions: ["high"]) == .bad("fail"))
    #expect(status("CC7.2", [ran], exceptions: []) == nil)
  }

  @Test func `controls come by framework and number`() {
    var facts = empty
    facts.detectors = [
      ReviewFacts.Detector(
        id: "d", title: "D", level: "low", file: "d.yaml",
        controls: ["row-17", "row-8", "CC7.2", "CC6.1", "ISO27001:A.5.20", "ISO27001:A.5.9"])
    ]
    let found = tables(Review(facts)).filter { $0.id.hasPrefix("controls-") }
    let ids = found.filter { $0.id != "controls-policy" }.flatMap(\.rows).compactMap(\.first)
    #expect(ids == ["CC6.1", "CC7.2", "A.5.9", "A.5.20"].map { Review.Cell.code($0) })
    let rows = found.filter { $0.id == "controls-policy" }.flatMap(\.rows).compactMap(\.first)
    #expect(rows == (1...138).map { Review.Cell.code("row-\($0)") })
  }

  @Test func `gaps lie between days with lines, the rest is outside`() throws {
    var facts = empty
    facts.sources = [
      .init(name: "a", days: [2, 3, 6].map { .init(day: $0, lines: 1, parsed: 1) }),
      .init(name: "b"),
    ]
    let gaps = try #require(tables(Review(facts)).first { $0.id == "gaps" })
    #expect(
      gaps.rows == [
        [.code("a"), .mark(.bad("gap")), .text("4–5"), .number(2)],
        [
          .code("a"), .mark(.attention("before first or after last")), .text("1, 7–28"),
          .number(23),
        ],
        [.code("b"), .mark(.bad("silent all month")), .text("1–28"), .number(28)],
      ])
    #expect(gaps.completeness.ratio == "53 of 56 checked")
  }

  @Test func `days outside the month are left out, and the difference is said`() {
    var facts = empty
    facts.sources = [.init(name: "a", days: [.init(day: 31, lines: 7, parsed: 7)])]
    facts.ledger = .init(lines: 7, parsed: 7)
    #expect(Review(facts).markdown().contains("hold 0 lines and the run read 7"))
  }

  @Test func `no exceptions is said in full only when everything was seen`() {
    var facts = empty
    facts.ledger = .init(lines: 28, parsed: 28)
    facts.sources = [.init(name: "a", days: (1...28).map { .init(day: $0, lines: 1, parsed: 1) })]
    facts.detectors = [detector("a", checked: 28)]
    #expect(Review(facts).verdict == .good("No exceptions"))
    let partial = Mark.attention("No exceptions in what was seen")
    var other = facts
    other.sources[0].faults = ["cut short"]
    #expect(Review(other).verdict == partial)
    other = facts
    other.sources[0].days.remove(at: 9)
    #expect(Review(other).verdict == partial)
    other = facts
    other.detectors.append(detector("b", checked: 0, not: "no source"))
    #expect(Review(other).verdict == partial)
  }

  @Test func `one person can not sign twice`() {
    var facts = empty
    facts.preparer = .init(name: "Dana Reyes")
    #expect(Review(facts).signOffProblem == nil)
    facts.reviewer = .init(name: "Dana Reyes")
    #expect(Review(facts).html().contains("The reviewer must not be the preparer"))
  }

  @Test func `every row has a cell for every column`() {
    for table in tables(Review(Sample.facts)) {
      #expect(table.rows.allSatisfy { $0.count == table.columns.count }, "\(table.id)")
      #expect(Set(table.columns.map(\.key)).count == table.columns.count, "\(table.id)")
    }
    let ids = tables(Review(Sample.facts)).map(\.id)
    #expect(Set(ids).count == ids.count)
  }

  @Test func `every link of the page has its target, and nothing is fetched`() {
    let html = Review(Sample.facts).html()
    for part in html.components(separatedBy: "href=\"").dropFirst() {
      let target = part.prefix { $0 != "\"" }
      #expect(target.hasPrefix("#"))
      #expect(html.contains("id=\"\(target.dropFirst())\""), "\(target)")
    }
    for word in ["src=", "url(", "@import", "<link", "http://", "https://"] {
      #expect(!html.contains(word), "\(word)")
    }
  }

  @Test func `a cell names a few findings and counts the rest, JSON names all`() {
    var facts = empty
    facts.findings = (1...20).map {
      ReviewFacts.Finding(
        uid: "\($0)", detector: "d", title: "D", level: "low", message: "m", subject: "s",
        controls: ["row-7"], start: "", end: "", order: Int64($0))
    }
    let review = Review(facts)
    #expect(review.html().contains("<a href=\"#f-12\">F-12</a> and 8 more"))
    #expect(review.markdown().contains("F-12 and 8 more"))
    #expect(review.json().contains("\"F-19\", \"F-20\"]"))
  }

  @Test func `JSON parses and keeps its contract`() throws {
    let data = Data(Review(Sample.facts).json().utf8)
    let root = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    #expect(root["schema_version"] as? Int == Review.schemaVersion)
    let tables = try #require(root["tables"] as? [String: [String: Any]])
    let rows = try #require(tables["contractors"]?["rows"] as? [[String: Any]])
    #expect(rows.first?["id"] as? String == "c-007")
    #expect(rows.first?["days_left"] as? Int == -21)
    #expect((rows.first?["verdict"] as? [String: String])?["tone"] == "bad")
    #expect((root["findings"] as? [Any])?.count == 6)
    let lists = try #require(root["lists"] as? [String: [String]])
    #expect(
      lists.keys.sorted() == [
        "not-attested", "not-seen", "register-problems", "unused-approvals",
      ])
    #expect(lists["not-seen"]?.last == "firewall: configured and no file matched logs/fw/*.log.")
  }

  @Test(arguments: [
    ("2026-02", 28), ("2024-02", 29), ("1900-02", 28), ("2000-02", 29), ("2026-04", 30),
  ])
  func `a month knows its days`(_ text: String, _ days: Int) {
    #expect(Month(text)?.dayCount == days)
    #expect(Month(text)?.text == text)
  }

  @Test(arguments: ["", "2026-13", "2026-00", "2026-1", "2026/01", "202a-01", "2026-010"])
  func `what is not a month is refused`(_ text: String) {
    #expect(Month(text) == nil)
  }

  @Test func `weekends are where the calendar has them`() {
    #expect((1...31).filter(Month(year: 2026, month: 10).isWeekend).prefix(4) == [3, 4, 10, 11])
    #expect((1...29).filter(Month(year: 2024, month: 2).isWeekend).prefix(3) == [3, 4, 10])
  }
}
