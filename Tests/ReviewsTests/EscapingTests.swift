import Foundation
import Reviews
import Testing

/// Texts that try to become something else than text.
private let attacks = [
  "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' onmouseover='alert(1)",
  "a|b\\|c", "line\nbreak\r\n# heading", "[click](javascript:alert(1))", "`code` ```fence```",
  "https://evil.example/x", "\u{202E}gnp.exe\u{2066}", "\u{0}\u{1B}[31mred\u{7F}\u{9B}",
  "zero\u{200B}width\u{FEFF}", "]]>--><!--", "&lt;b&gt;", "</style></title></pre>",
]

/// Facts in which every text that a log or a register may hold is hostile.
private func facts(_ text: String) -> ReviewFacts {
  let evidence = ReviewFacts.Evidence(
    source: text, line: 1, offset: 0, sha256: text, raw: text, time: text,
    fields: [.init(name: text, value: text)])
  var facts = ReviewFacts(
    organisation: text, month: Month(year: 2026, month: 10), zone: text, generatedFrom: text,
    command: text, fingerprint: text, preparer: .init(name: text, role: text),
    reviewer: .init(name: text, role: text))
  facts.sources = [
    .init(
      name: text, format: text, mapping: text, days: [.init(day: 1, lines: 2, parsed: 2)],
      rejections: [.init(reason: text, count: 1)], firstEvent: text, lastEvent: text,
      faults: [text], notes: [text])
  ]
  facts.notSeen = [text]
  facts.registerProblems = [text]
  facts.findings = [
    .init(
      uid: text, detector: "login-" + text, title: text, level: text, message: text, subject: text,
      controls: [text], start: text, end: text + ".", order: 0, evidence: [evidence])
  ]
  facts.detectors = [
    .init(
      id: text, title: text, level: text, file: text, controls: [text], notRunReason: text)
  ]
  facts.contractors = [
    .init(
      id: text, name: text, company: text, start: text, verdict: .bad(text),
      granted: [.init(dimension: text, values: [text])],
      used: [
        .init(
          system: text, environment: text, first: text, last: text, count: 1, isInside: false)
      ])
  ]
  facts.accounts = .init(
    checked: 1, unlisted: [.init(user: text, systems: [text], first: text, last: text, events: 1)])
  facts.signIns = [
    .init(system: text, successes: 1, topFailing: [.init(address: text, origin: text)])
  ]
  facts.policy = [.init(name: text, value: text, reason: text, clause: text)]
  facts.manifest = [.init(role: text, path: text, bytes: 1, sha256: text)]
  addSections(to: &facts, text)
  return facts
}

/// The sections that rest on registers of duties and on tallies, hostile as well.
private func addSections(to facts: inout ReviewFacts, _ text: String) {
  var exception = ReviewFacts.Check.Exception()
  (exception.subject, exception.place) = (text, text)
  (exception.message, exception.fix) = (text, text)
  var check = ReviewFacts.Check()
  (check.id, check.title, check.rows, check.level) = (text, text, [text, "row-2"], text)
  (check.population, check.exceptions) = (1, [exception])
  facts.checks = [check]
  var attestation = ReviewFacts.Attestation()
  (attestation.clause, attestation.statement, attestation.link) = (text, text, text)
  attestation.verdict = .bad(text)
  facts.attestations = [attestation]
  var incident = ReviewFacts.Incident()
  (incident.id, incident.title, incident.severity, incident.notified) = (text, text, text, text)
  (incident.isWeakness, incident.isOpen) = (true, true)
  facts.incidents = [incident]
  var row = ReviewFacts.AccessRow()
  (row.account, row.name, row.roles, row.remark) = (text, text, [text], .bad(text))
  (row.decision, row.ticket) = (text, text)
  var system = ReviewFacts.SystemAccess()
  (system.system, system.environment, system.rows) = (text, text, [row])
  (system.reviewedBy, system.reviewedAt) = (text, text)
  facts.access = [system, system]
  var change = ReviewFacts.Change()
  (change.system, change.action, change.ticket, change.target) = (text, text, text, text)
  change.task = text
  facts.changes = [change]
  var secret = ReviewFacts.Secret()
  (secret.id, secret.name, secret.daysLeft, secret.verdict) = (text, text, -3, .bad(text))
  (secret.rotatedDays, secret.dueDays) = ([3], [4])
  facts.secrets = [secret]
  var backup = ReviewFacts.Backup()
  (backup.id, backup.name, backup.jobs, backup.badDays) = (text, text, [text], [2])
  backup.testDaysLeft = 4
  facts.backups = [backup]
  var day = ReviewFacts.ServiceDay()
  (day.day, day.requests, day.minutes) = (3, 5, 5)
  var service = ReviewFacts.Service()
  (service.name, service.days, service.month) = (text, [day], day)
  service.availabilityTarget = 99_000
  facts.services = [service]
  var client = ReviewFacts.Client()
  (client.service, client.client, client.limit) = (text, text, text)
  facts.clients.top = [client]
  var place = ReviewFacts.PlaceUse()
  (place.country, place.region, place.system, place.events) = (text, text, text, 1)
  facts.places = [place]
  var silence = ReviewFacts.Silence()
  (silence.scope, silence.until, silence.author, silence.reason) = (text, text, text, text)
  facts.silences = [silence]
  var decision = ReviewFacts.DispositionRow()
  (decision.named, decision.disposition.by, decision.disposition.at) = (text, text, text)
  (decision.disposition.why, decision.disposition.ref, decision.verdict) = (text, text, .bad(text))
  facts.dispositions = [decision]
  facts.findings[0].disposition = decision.disposition
  var route = ReviewFacts.Delivery.Route()
  (route.name, route.median) = (text, 3)
  var untold = ReviewFacts.Delivery.Untold()
  untold.reason = text
  var delivery = ReviewFacts.Delivery()
  (delivery.routes, delivery.untold) = ([route], [untold])
  facts.delivery = delivery
  var country = ReviewFacts.Country()
  (country.code, country.successes) = (text, 2)
  facts.countries = [country]
  var previous = PreviousReview()
  var action = PreviousReview.Action()
  (action.asks, action.due, action.done, action.owner) = (text, text, text, text)
  (previous.month, previous.actions) = (text, [action])
  facts.previous = previous
}

/// The tags of a page, without their attributes' values being looked into.
private func tags(_ html: String) -> [String] {
  html.split(separator: "<", omittingEmptySubsequences: false).dropFirst().map {
    String($0.prefix { $0.isLetter || $0.isNumber || $0 == "/" || $0 == "!" })
  }
}

@Suite struct EscapingTests {
  @Test(arguments: attacks)
  func `no text becomes a tag or an attribute`(_ attack: String) {
    let html = Review(facts(attack)).html()
    // The same page with a tame text of the same kind has the same tags.
    let tame = Review(facts("x")).html()
    #expect(tags(html).count == tags(tame).count)
    #expect(!html.contains("<script"))
    #expect(!html.contains("<img"))
    for tag in html.split(separator: "<") where tag.contains(">") {
      let inside = tag.prefix { $0 != ">" }
      #expect(!inside.contains("onerror=alert") || inside.contains("aria-label"))
      #expect(!inside.contains("' onmouseover"))
    }
  }

  @Test(arguments: attacks)
  func `no page holds a character that hides or turns text`(_ attack: String) {
    let review = Review(facts(attack))
    for page in [review.html(), review.markdown(), review.json()] {
      for scalar in page.unicodeScalars {
        let isHidden =
          (scalar.value < 0x20 && scalar != "\n") || (0x7F..<0xA0).contains(scalar.value)
          || (0x200B...0x200F).contains(scalar.value) || (0x202A...0x202E).contains(scalar.value)
          || (0x2066...0x2069).contains(scalar.value) || scalar.value == 0xFEFF
        #expect(!isHidden, "U+\(String(scalar.value, radix: 16))")
      }
    }
  }

  @Test func `hidden characters are spelt out on pages and kept in JSON`() throws {
    let review = Review(facts("a\u{202E}b\n"))
    #expect(review.html().contains("a⟨U+202E⟩b⟨U+000A⟩"))
    #expect(review.markdown().contains("a⟨U+202E⟩b⟨U+000A⟩"))
    let json = try #require(
      try JSONSerialization.jsonObject(with: Data(review.json().utf8)) as? [String: Any])
    #expect(json["organisation"] as? String == "a\u{202E}b\n")
  }

  @Test(arguments: attacks)
  func `JSON gives back the very text`(_ attack: String) throws {
    let json = Review(facts(attack)).json()
    let root = try #require(
      try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
    #expect(root["organisation"] as? String == attack)
    let findings = try #require(root["findings"] as? [[String: Any]])
    let evidence = try #require(findings.first?["evidence"] as? [[String: Any]])
    #expect(evidence.first?["raw"] as? String == attack)
    #expect(!json.contains("<"))
  }

  @Test(arguments: attacks)
  func `a Markdown table keeps its columns`(_ attack: String) {
    var pipes: Int?
    for line in Review(facts(attack)).markdown().split(
      separator: "\n", omittingEmptySubsequences: false)
    {
      guard line.hasPrefix("|") else {
        pipes = nil
        continue
      }
      var (count, isEscaped) = (0, false)
      for character in line {
        if character == "|", !isEscaped { count += 1 }
        isEscaped = character == "\\"
      }
      if let pipes { #expect(count == pipes, "\(line)") }
      pipes = count
    }
  }

  @Test func `Markdown has no live link, markup or heading from a text`() {
    let markdown = Review(facts("[a](b) https://c <d> www.e.example **f** @g")).markdown()
    var isFenced = false
    for line in markdown.split(separator: "\n") {
      if line.hasPrefix("```") { isFenced.toggle() }
      guard !isFenced, !line.contains("`") else { continue }
      #expect(!line.contains("[a](b)"))
      #expect(!line.contains("https://"))
      #expect(!line.contains("<d>"))
      #expect(!line.contains("www.e"))
      #expect(!line.contains("**f**"))
      #expect(!line.contains("@g"))
    }
  }

  @Test func `a fence outgrows the backticks inside`() {
    let markdown = Review(facts("````\nx")).markdown()
    #expect(markdown.contains("`````text\n````⟨U+000A⟩x\n`````"))
  }

  @Test func `a very long line is cut on pages and whole in JSON`() {
    let long = String(repeating: "A", count: 50_000)
    let review = Review(facts(long))
    #expect(!review.html().contains(long))
    #expect(!review.markdown().contains(long))
    #expect(review.html().contains("(cut; 50,000 bytes in all)"))
    #expect(review.json().contains(long))
  }
}
