import Detectors
import Documents
import Events
import Pipelines
import Registers
import Reviews

extension FactsBuilder {
  /// A finding as the review has it.
  func fact(_ finding: Finding) -> ReviewFacts.Finding {
    ReviewFacts.Finding(
      uid: finding.uid, detector: finding.detector, title: finding.title,
      level: finding.level.name, message: finding.message, subject: finding.subject,
      controls: finding.controls, start: text(finding.start), end: text(finding.end),
      order: finding.start, count: Int(counting: finding.count),
      evidence: finding.evidence.map { line in
        var evidence = ReviewFacts.Evidence(
          source: line.source, line: Int(counting: line.line), offset: Int(counting: line.offset),
          sha256: line.sha256, raw: line.raw, time: text(line.time),
          fields: line.fields.map { ReviewFacts.Field(name: $0.name, value: $0.value) })
        // Lines of logs are counted from one; an entry of the registers' calendar has no number.
        if line.line == 0 { evidence.place = rowPlace(line.raw) }
        return evidence
      })
  }

  /// Where the row stands today that an entry of the calendar names.
  private func rowPlace(_ entry: String) -> String {
    guard let root = try? Document(file: "entry", json: entry).roots.first,
      let register = root["register"]?.text, let row = root["row"]?.text
    else { return "an entry of the registers' calendar" }
    guard let place = rowPlaces[[register, row]] else {
      return "\(register) `\(row)`, which is not there any more"
    }
    return "\(place.file):\(place.line), `\(row)`"
  }

  /// Every detector that makes findings of its own, in the order of the files.
  var detectors: [ReviewFacts.Detector] {
    let counts = Dictionary(grouping: findings, by: \.detector).mapValues(\.count)
    let rules = workspace.rules.rules
    return rules.indices.filter { rules[$0].alertsAlone }.map { place in
      let rule = rules[place]
      let reason = reasonNotRun(place)
      return ReviewFacts.Detector(
        id: rule.header.id, title: rule.header.title, level: rule.header.level.name,
        file: shown(rule.file), controls: rule.header.controls, notRunReason: reason,
        checked: reason == nil ? population(of: place, depth: 0) : 0,
        findings: counts[rule.header.id] ?? 0, tests: FactsBuilder.testCount(rule))
    }
  }

  /// How many tests a detector carries.
  private static func testCount(_ rule: Rule) -> Int {
    rule.tests?.list?.count ?? 0
  }

  /// How many events a rule, or those that it counts, could have been about: no more than those of its sort, nor than
  /// those of the actions, categories and products that it asks for.
  private func population(of place: Int, depth: Int) -> Int {
    let rule = workspace.rules.rules[place]
    let most = population(rule.header.population)
    if case .correlation(let correlation) = rule.kind, depth < 8 {
      let parts = correlation.rules.map { population(of: $0, depth: depth + 1) }
      return min(most, parts.max() ?? most)
    }
    // What the registers expect is no line of a log, and counted in the calendar.
    if rule.words(of: .eventCategory) == ["register"] {
      return calendar.count(of: rule.words(of: .obligationKind), in: window)
    }
    let tallies = result.tallies
    let actions = rule.words(of: .eventAction)
    let fitting = [Field.eventCategory, .eventDataset].map { field in
      Int(counting: tallies.count(of: rule.words(of: field), in: field, actions: actions))
    }
    return fitting.reduce(most, min)
  }

  /// What the checks of the registers came to, as of the month's end.
  var checks: [ReviewFacts.Check] {
    registers.checks(at: lastMoment).map { result in
      var check = ReviewFacts.Check()
      (check.id, check.title, check.level) = (result.id, result.title, result.level.rawValue)
      check.rows = result.rows.map { "row-\($0)" }
      (check.population, check.notRunReason) = (result.population, result.notRun)
      check.exceptions = result.exceptions.map { found in
        var exception = ReviewFacts.Check.Exception()
        exception.subject = found.subject
        exception.place = "\(found.place.file):\(found.place.line)"
        (exception.message, exception.fix) = (found.message, found.fix)
        exception.isWarning = found.isWarning
        return exception
      }
      return check
    }
  }

  private func population(_ kind: Population) -> Int {
    let counts = result.tallies.populations
    return switch kind {
    case .event: Int(counting: counts.events)
    case .person: Int(counting: counts.persons)
    case .contractor: Int(counting: counts.contractors)
    case .system: Int(counting: counts.systems)
    case .signIn: Int(counting: counts.signIns)
    }
  }

  /// Why a rule could not find anything in this run; `nil` when it could.
  private func reasonNotRun(_ place: Int) -> String? {
    let rule = workspace.rules.rules[place]
    if let reason = rule.notReadable { return reason }
    for name in fields(of: place, depth: 0).map({ workspace.table.names[$0.index] }).sorted() {
      if let reason = reasonMissing(name) { return reason }
    }
    return nil
  }

  /// What a field's value needs and the run does not have.
  private func reasonMissing(_ field: String) -> String? {
    if field.hasPrefix("access."), !registers.hasContractors {
      return "no contractors register is loaded"
    }
    if field.hasPrefix("person."), !registers.hasPeople, !registers.hasContractors {
      return "no register of people or contractors is loaded"
    }
    if field == "system.status" || field == "source.infrastructure", !registers.hasInfrastructure {
      return "no infrastructure register is loaded"
    }
    if field.hasPrefix("tool."), !registers.hasTools { return "no tools register is loaded" }
    if field == "login.speed_kmh" || field == "login.distance_km",
      workspace.configuration.geoCity == nil
    {
      return "no city database (geo.city) is configured"
    }
    return nil
  }

  /// The fields that a rule, or the rules it counts, ask about.
  private func fields(of place: Int, depth: Int) -> Set<Field> {
    let rule = workspace.rules.rules[place]
    guard case .correlation(let correlation) = rule.kind, depth < 8 else { return rule.fields }
    return correlation.rules.reduce(into: []) {
      $0.formUnion(fields(of: $1, depth: depth + 1))
    }
  }

  /// The policy's values in force.
  var policy: [ReviewFacts.PolicyEntry] {
    workspace.policy.entries.map {
      var entry = ReviewFacts.PolicyEntry(
        name: $0.name, value: $0.value, reason: $0.reason, clause: $0.clause,
        isDefault: $0.isDefault)
      entry.isStated = $0.isStated
      return entry
    }
  }
}
