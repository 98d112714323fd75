import Detectors
import Events
import Inputs
import Pipelines
import Registers
import Reviews

extension FactsBuilder {
  /// The run's totals: all lines of all streams, of this month and of others.
  var ledger: ReviewFacts.Ledger {
    var ledger = ReviewFacts.Ledger()
    for tally in result.streams {
      let total = tally.total
      ledger.lines += Int(counting: total.lines)
      ledger.parsed += Int(counting: total.parsed)
      ledger.bytes += Int(counting: total.bytes)
    }
    for feed in feeds {
      ledger.lines += Int(counting: feed.refused.lines)
      ledger.bytes += Int(counting: feed.refused.bytes)
    }
    ledger.rejected = ledger.lines - ledger.parsed
    return ledger
  }

  /// The streams, and those that were found and not read.
  var sources: [ReviewFacts.Source] {
    let read = zip(plan.planned, result.streams).enumerated().map { place, stream in
      source(stream.0, stream.1, place < feeds.count ? feeds[place] : nil)
    }
    let unread = plan.unknown.map {
      ReviewFacts.Source(
        name: $0.name,
        faults: ["no known format in its first lines: none of its lines was read"])
    }
    return (read + unread).sorted { $0.name < $1.name }
  }

  private func source(
    _ plan: StreamPlan.Planned, _ tally: StreamTally, _ feed: FileFeed?
  ) -> ReviewFacts.Source {
    let days = tally.days.filter { month.days.contains($0.day) }.map {
      ReviewFacts.DayTally(
        day: $0.day - month.days.lowerBound + 1, lines: Int(counting: $0.lines),
        parsed: Int(counting: $0.parsed), rejected: Int(counting: $0.rejected),
        bytes: Int(counting: $0.bytes))
    }
    let lines = days.reduce(0) { $0 + $1.lines }
    let refused = Int(counting: feed?.refused.lines ?? 0)
    let encoding = ReviewFacts.Rejection(
      reason: InputReason.utf16.rawValue, count: refused, sampleLines: [])
    return ReviewFacts.Source(
      name: plan.name, format: plan.format.rawValue, mapping: plan.mapping, days: days,
      rejections: tally.reasons.map {
        ReviewFacts.Rejection(
          reason: $0.reason, count: Int(counting: $0.count),
          sampleLines: $0.lines.map { Int(counting: $0) })
      } + (refused > 0 ? [encoding] : []),
      firstEvent: text(tally.first), lastEvent: text(tally.last),
      faults: (feed?.faults.map(\.description) ?? []) + (feed?.notes.distinct ?? []),
      notes: notes(plan, tally), linesUndated: Int(counting: tally.total.lines) - lines + refused)
  }

  private func notes(_ plan: StreamPlan.Planned, _ tally: StreamTally) -> [String] {
    var notes: [String] = []
    if plan.chosenBy != "by its first lines" {
      notes.append("The format was chosen \(plan.chosenBy).")
    }
    if plan.isDelivery {
      notes.append("One JSON document holds many records; each record counts as a line.")
    }
    guard tally.inferred > 0 else { return notes }
    let count = tally.inferred
    let declared = declaration(of: plan.name)?.timezone
    let zone = declared ?? workspace.zoneName
    let origin = declared == nil ? "the organisation's zone" : "as its source is configured"
    let times = count == 1 ? "1 time stamp" : "\(count) time stamps"
    let names = count == 1 ? "names" : "name"
    if plan.format == .rfc3164 {
      notes.append(
        "\(times) \(names) no year or no zone: the year comes from \(plan.yearHint)"
          + (plan.anchors.isEmpty ? "" : " (\(plan.anchors.joined(separator: ", ")) UTC)")
          + ", the zone is \(zone), \(origin).")
    } else {
      notes.append("\(times) \(names) no zone: \(zone) was taken, \(origin).")
    }
    return notes
  }

  /// The configured source that a stream belongs to.
  private func declaration(of name: String) -> Configuration.Source? {
    workspace.configuration.sources.first { name == $0.name || name.hasPrefix($0.name + "/") }
  }

  /// Configured sources without a line in the month, and whatever could not be read, or not to its end.
  var unseenSources: [String] {
    let configured = workspace.configuration.sources.map(\.name)
    var lines: [String: Int] = [:]
    var names = plan.unknown.map(\.name)
    for source in sources {
      let count = source.days.reduce(0) { $0 + $1.lines }
      if let owner = declaration(of: source.name) {
        lines[owner.name, default: 0] += count
      } else if count == 0, !isFromStore {
        names.append(source.name)
      }
      if !source.faults.isEmpty { names.append(source.name) }
    }
    names += configured.filter { lines[$0, default: 0] == 0 }
    names += plan.problems.filter { !$0.isNote && $0.reason != .missing }.map(\.path)
    return Set(names).sorted()
  }

  /// What else the run did not see, one sentence each.
  var notSeen: [String] { unread + unjudged + bounded + ownFindings }

  /// What `watch` found wrong with watching itself.
  private var ownFindings: [String] {
    findings.filter { SelfWatch.detectors.contains($0.detector) }.map {
      "\(text($0.end)): \($0.message)."
    }
  }

  private var unread: [String] {
    var items: [String] = []
    for source in workspace.configuration.sources {
      let isRead = plan.planned.contains { declaration(of: $0.name)?.name == source.name }
      if source.path == nil, !isFromStore {
        items.append("\(source.name): listens for messages, which a scan of files does not read.")
      } else if !isRead,
        !plan.unknown.contains(where: { declaration(of: $0.name)?.name == source.name })
      {
        items.append("\(source.name): configured, and nothing of it was among what was read.")
      }
    }
    for problem in plan.problems {
      switch problem.reason {
      case .notALog, .packed, .specialFile:
        items.append("\(problem.path): left out, \(problem.message).")
      default:
        if !problem.isNote { items.append("\(problem.path): not read, \(problem.message).") }
      }
    }
    return items
  }

  private var unjudged: [String] {
    var items: [String] = []
    if isFromStore {
      items.append(
        "The logs were read when they were written: their files have no hashes here; each line that proves "
          + "a finding has its own.")
    }
    if let since { items.append("Events before \(since) were not judged (--since).") }
    if let until { items.append("Events from \(until) on were not judged (--until).") }
    if !registers.hasPeople {
      items.append("There is no people register: nobody can be called a stranger.")
    }
    if !registers.hasContractors {
      items.append("There is no contractors register: scopes and ends are not judged.")
    }
    if !registers.hasInfrastructure {
      items.append("There is no infrastructure register: no system can be called unknown.")
    }
    if !registers.hasApprovals, registers.hasContractors {
      items.append("There is no approvals register: no event is cleared by an approval.")
    }
    if workspace.configuration.geoCity == nil {
      items.append(
        "There is no city database (`geo.city`): where addresses are, and travel between sign-ins, "
          + "is not judged.")
    }
    if workspace.refusedRuleCount > 0 {
      let count = workspace.refusedRuleCount
      let rules = count == 1 ? "1 rule was" : "\(count) rules were"
      items.append("\(rules) refused and did not run.")
    }
    return items + workspace.warnings.map { "Detectors: \($0)." }
  }

  /// Where a table was full.
  private var bounded: [String] {
    var items: [String] = []
    if result.evictedCount > 0 {
      items.append("\(result.evictedCount) states were forgotten early, because tables were full.")
    }
    if result.overflowCount > 0 {
      items.append(
        "\(result.overflowCount) events belong to findings beyond the "
          + "\(FindingCollector.draftsMax) that a run keeps, \(FindingCollector.ruleMax) of one rule."
      )
    }
    let kept = result.tallies.uses.values.reduce(0) { $0 + $1.count }
    if result.tallies.populations.contractors > kept {
      items.append(
        "\(result.tallies.populations.contractors - kept) events of contractors concern systems "
          + "beyond the \(Tallies.usesMax) uses that are told apart.")
    }
    if result.signIns.overflowCount > 0 {
      items.append(
        "\(result.signIns.overflowCount) sign-ins came from addresses beyond the "
          + "\(SignInTally.keysMax) that are told apart; they are in the totals.")
    }
    if result.lifted.overflowCount > 0 {
      items.append(
        "\(result.lifted.overflowCount) events that exceptions lifted are beyond the "
          + "\(LiftTally.rowsMax) rows that are told apart.")
    }
    return items
  }
}
