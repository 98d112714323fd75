import Foundation
import Reviews
import Testing

private let empty = ReviewFacts(
  organisation: "Example BV", month: Month(year: 2026, month: 2), zone: "UTC",
  generatedFrom: "rollcall 0.1.0")

private func blocks(_ facts: ReviewFacts) -> [Review.Block] {
  Review(facts).sections.flatMap(\.blocks)
}

private func table(_ id: String, _ facts: ReviewFacts) throws -> Review.Table {
  for case .table(let table) in blocks(facts) where table.id == id { return table }
  throw CocoaError(.fileNoSuchFile)
}

private func stacks(_ id: String, _ facts: ReviewFacts) throws -> Review.StackChart {
  for case .stacks(let chart) in blocks(facts) where chart.id == id { return chart }
  throw CocoaError(.fileNoSuchFile)
}

private func lines(_ id: String, _ facts: ReviewFacts) throws -> Review.LineChart {
  for case .lines(let chart) in blocks(facts) where chart.id == id { return chart }
  throw CocoaError(.fileNoSuchFile)
}

private func finding(_ uid: String, _ detector: String, _ level: String, order: Int64)
  -> ReviewFacts.Finding
{
  ReviewFacts.Finding(
    uid: uid, detector: detector, title: detector.uppercased(), level: level, message: "m",
    subject: "s", start: "2026-02-02", end: "2026-02-02", order: order)
}

private func decided(_ outcome: ReviewFacts.Outcome) -> ReviewFacts.Disposition {
  var disposition = ReviewFacts.Disposition()
  disposition.outcome = outcome
  (disposition.by, disposition.at, disposition.why) = ("p-77", "2026-02-03", "a secret reason")
  return disposition
}

@Suite struct DecisionTests {
  /// Three findings, of which two were decided.
  private var facts: ReviewFacts {
    var facts = empty
    facts.findings = [
      finding("aa", "x", "high", order: 1), finding("bb", "x", "high", order: 2),
      finding("cc", "y", "low", order: 3),
    ]
    facts.findings[0].disposition = decided(.truePositive)
    facts.findings[2].disposition = decided(.falsePositive)
    var row = ReviewFacts.DispositionRow()
    (row.named, row.uid, row.disposition) = ("aa", "aa", decided(.truePositive))
    row.verdict = .good("counts")
    var other = ReviewFacts.DispositionRow()
    (other.named, other.counts) = ("dd00dd00", false)
    other.verdict = .attention("names no finding of this month")
    facts.dispositions = [row, other]
    return facts
  }

  @Test func `what findings turned out to be is counted by level and by detector`() throws {
    let byLevel = try stacks("findings-by-level", facts)
    #expect(
      byLevel.key.map(\.label) == [
        "true positive", "benign", "false positive", "duplicate", "undecided",
      ])
    #expect(byLevel.bars.first { $0.name == "high" }?.counts == [1, 0, 0, 0, 1])
    #expect(byLevel.bars.first { $0.name == "low" }?.note == "1 of 1 decided")
    #expect(byLevel.completeness.ratio == "2 of 3 checked")
    let byDetector = try stacks("findings-by-source", facts)
    #expect(byDetector.bars.map(\.name) == ["x", "y"])
    let rows = try table("findings-by-detector", facts).rows
    #expect(rows[0].suffix(6) == [1, 0, 0, 0, 1, 2].map { .number($0) })
    #expect(rows[1].suffix(6) == [0, 0, 1, 0, 0, 1].map { .number($0) })
    let html = Review(facts).html()
    #expect(html.contains("Undecided: 1 of 3 findings, 1 of them critical or high."))
    #expect(html.contains("Of 2 decided, 1 (50.0 %) were wrong."))
    #expect(
      html.contains("<dt>Disposition</dt><dd>true positive, by p-77, 2026-02-03, a secret reason"))
    #expect(html.contains("<dt>Disposition</dt><dd>undecided</dd>"))
    let shown = try table("dispositions", facts)
    #expect(
      shown.rows.map { $0.last } == [
        .mark(.good("counts")), .mark(.attention("names no finding of this month")),
      ])
    #expect(shown.completeness.ratio == "1 of 2 checked")
  }

  @Test func `many detectors share the last bar, and nothing is lost`() throws {
    var facts = empty
    facts.findings = (0..<40).map { finding("\($0)", "d\($0 / 2)", "low", order: Int64($0)) }
    let chart = try stacks("findings-by-source", facts)
    #expect(chart.bars.count == 16)
    #expect(chart.completeness.ratio == "0 of 32 checked")
    #expect(chart.completeness.noun.contains("4 detectors with fewer in the table"))
    #expect(try table("findings-by-detector", facts).rows.count == 20)
  }

  @Test func `without a register nobody has decided, and it says so`() throws {
    var facts = facts
    facts.dispositions = nil
    for place in facts.findings.indices { facts.findings[place].disposition = nil }
    let review = Review(facts)
    #expect(review.markdown().contains("Not run: there is no dispositions register"))
    #expect(try stacks("findings-by-level", facts).completeness.ratio == "0 of 3 checked")
    #expect(throws: CocoaError.self) { try table("dispositions", facts) }
    let json = try #require(
      try JSONSerialization.jsonObject(with: Data(review.json().utf8)) as? [String: Any])
    let figures = try #require(json["figures"] as? [String: [String: Any]])
    #expect(figures["findings_undecided"]?["value"] as? Int == 3)
  }

  @Test func `customers see what findings came to, and not who said so or why`() throws {
    var facts = facts
    (facts.preparer, facts.reviewer) = (
      .init(name: "Dana Reyes", role: "Security lead"), .init(name: "Kim Osei", role: "CEO")
    )
    let review = Review(facts).redacted()
    for page in [review.html(), review.markdown(), review.json()] + review.tableFiles.map(\.text) {
      for word in ["p-77", "secret reason", "Dana", "Osei"] { #expect(!page.contains(word)) }
    }
    #expect(review.html().contains("true positive"))
    #expect(review.html().contains("Security lead"))
    #expect(review.json().contains("names no finding of this month"))
  }

  // MARK: - Delivery

  @Test func `a scan has no deliveries, and watch has them by route`() throws {
    #expect(
      try stacks("delivery", facts).empty == "not run: scanned without outputs; 0 of 3 checked")
    #expect(Review(facts).html().contains("not run: scanned without outputs; 0 of 3 checked"))
    var told = facts
    var delivery = ReviewFacts.Delivery()
    (delivery.told, delivery.findings) = (2, 3)
    var route = ReviewFacts.Delivery.Route()
    (route.name, route.told, route.messages, route.retried) = ("soc-room", 2, 2, 1)
    (route.median, route.longest) = (4, 5000)
    delivery.routes = [route]
    var untold = ReviewFacts.Delivery.Untold()
    (untold.reason, untold.findings) = ("below the route's levels", 1)
    delivery.untold = [untold]
    told.delivery = delivery
    let row = try table("deliveries", told).rows[0]
    #expect(row[6] == .text("4 s") && row[7] == .text("1 h 23 min"))
    #expect(row[8] == .mark(.good("all delivered")))
    #expect(Review(told).html().contains("Somebody was told of 2 of 3 findings; 1 was kept back."))
    #expect(try stacks("delivery", told).bars[0].note == "half within 4 s")
    #expect(!Review(told).redacted().json().contains("soc-room"))
    told.delivery?.routes[0].dead = 1
    #expect(try table("deliveries", told).rows[0][8] == .mark(.bad("given up on some")))
  }

  // MARK: - Sign-ins

  private func system(_ fill: (inout ReviewFacts.SignIns) -> Void) -> ReviewFacts {
    var facts = empty
    var system = ReviewFacts.SignIns(system: "gitlab", successes: 10)
    fill(&system)
    facts.signIns = [system]
    return facts
  }

  @Test func `a system that asks for a second factor is judged, and no other`() throws {
    func verdict(_ fill: (inout ReviewFacts.Factors) -> Void) throws -> Review.Cell? {
      try table("second-factors", system { fill(&$0.factors) }).rows[0].last
    }
    #expect(try verdict { $0.without = 10 } == .mark(.neutral("not asked for")))
    #expect(
      try verdict { ($0.isRequired, $0.without) = (true, 1) } == .mark(.bad("some without one")))
    #expect(
      try verdict { ($0.isRequired, $0.with) = (true, 9) } == .mark(.good("none without one")))
    #expect(
      try verdict { ($0.isRequired, $0.unsaid) = (true, 10) } == .mark(.attention("never said")))
    #expect(
      try verdict { ($0.isRequired, $0.unsaid, $0.steps) = (true, 10, 4) }
        == .mark(.good("none without one")))
    let facts = system { ($0.factors.with, $0.factors.without, $0.factors.unsaid) = (6, 2, 2) }
    #expect(try stacks("second-factor-shares", facts).bars[0].note == "75.0 % with")
    #expect(try stacks("second-factor-shares", facts).completeness.ratio == "8 of 10 checked")
  }

  @Test func `countries are bars, and without a database not run`() throws {
    var facts = system { _ in }
    #expect(
      try stacks("sign-in-countries", facts).empty.hasPrefix("not run: no database of countries"))
    #expect(Review(facts).html().contains("not run: no database of countries (geo.city in the"))
    facts.knowsCountries = true
    #expect(try stacks("sign-in-countries", facts).empty.isEmpty)
    var country = ReviewFacts.Country()
    (country.code, country.successes, country.failures) = ("NL", 7, 1)
    facts.countries = [country]
    let chart = try stacks("sign-in-countries", facts)
    #expect(chart.bars.map(\.counts) == [[7, 1]] && chart.bars[0].note == "80.0 %")
    #expect(try table("countries", facts).rows == [[.code("NL"), .number(7), .number(1)]])
    #expect(Review(facts).redacted().json().contains("\"NL\""))
  }

  // MARK: - What is different from last month

  @Test func `accounts that joined and left are bars, once there is an earlier review`() throws {
    var facts = Sample.facts
    #expect(try stacks("access-turnover", facts).empty.hasPrefix("not run: no earlier review"))
    var previous = PreviousReview()
    previous.month = "2026-09"
    previous.accounts = ["access-gitlab": ["dana", "olek", "tom"], "access-db1": ["dana", "kim"]]
    facts.previous = previous
    let chart = try stacks("access-turnover", facts)
    #expect(chart.bars.map(\.name) == ["gitlab", "db1"])
    #expect(chart.bars.map(\.counts) == [[1, 2, 2], [2, 1, 0]])
    #expect(chart.bars[0].note == "3 + 2 − 2 = 3")
    #expect(chart.completeness.ratio == "2 of 3 checked")
    let review = Review(facts).redacted()
    for section in review.sections {
      for case .stacks(let chart) in section.blocks where chart.id == "access-turnover" {
        #expect(chart.bars.allSatisfy { $0.name.hasPrefix("[") })
      }
    }
  }

  @Test func `actions burn down on the days that somebody wrote`() throws {
    var facts = empty
    var previous = PreviousReview()
    previous.month = "2026-01"
    func action(_ asks: String, due: String = "", done: String = "") -> PreviousReview.Action {
      var action = PreviousReview.Action()
      (action.asks, action.due, action.done) = (asks, due, done)
      return action
    }
    // `X` is found again, whatever was said of it.
    facts.findings = [finding("aa", "x", "low", order: 1)]
    previous.actions = [
      action("A", due: "2026-02-05", done: "2026-02-10"), action("B"),
      action("X", due: "2026-02-20", done: "2026-02-03"),
    ]
    facts.previous = previous
    let row = try #require(try lines("actions-open", facts).rows.first)
    #expect(row.values == (1...28).map { $0 < 10 ? 3 : $0 < 28 ? 2 : 1 })
    #expect(row.target == (1...28).map { $0 < 5 ? 3 : $0 < 20 ? 2 : 1 })
    #expect(row.mark == .bad("1 of 3 still open"))
    #expect(Review(facts).html().contains("<polyline class=\"dashed\""))
  }

  @Test func `bad minutes add up against what the promise allows`() throws {
    let chart = try lines("error-budget", Sample.facts)
    let row = try #require(chart.rows.first)
    #expect(chart.rows.map(\.name) == ["shop"])
    #expect(row.values == (1...31).map { $0 < 18 ? 0 : 31 })
    #expect(row.target.allSatisfy { $0 == 44 } && row.mark.tone == .attention)
    var facts = Sample.facts
    facts.services[0].month.badMinutes = 46
    facts.services[0].days[18].badMinutes = 15
    #expect(try lines("error-budget", facts).rows[0].mark == .bad("46 of 44 bad minutes used"))
  }

  @Test func `open weaknesses stand by age, mended ones do not`() throws {
    var facts = empty
    facts.incidents = [(7, true), (8, true), (91, true), (40, false)].map { age, isOpen in
      var incident = ReviewFacts.Incident()
      (incident.isWeakness, incident.isOpen, incident.age) = (true, isOpen, age)
      incident.severity = "high"
      return incident
    }
    facts.incidents.append(ReviewFacts.Incident())
    let chart = try stacks("weakness-ages", facts)
    #expect(chart.bars.map(\.note) == ["1", "1", "0", "1"])
    #expect(chart.completeness.ratio == "3 of 4 checked")
    #expect(try table("weaknesses", facts).rows.count == 4)
  }

  @Test func `whoever prepares does not review, however the name is written`() {
    var facts = empty
    (facts.preparer, facts.reviewer) = (.init(name: "Dana Reyes"), .init(name: "dana  reyes"))
    let review = Review(facts)
    #expect(review.html().contains("The reviewer must not be the preparer"))
    #expect(!review.html().contains("The reviewer is someone else than"))
    facts.reviewer = .init(name: "Dana Reyer")
    #expect(Review(facts).signOffProblem == nil)
    #expect(Review(empty).signOffProblem == nil)
  }
}
