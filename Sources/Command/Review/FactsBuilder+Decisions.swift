import Bytes
import Detectors
import Registers
import Reviews
import Storage

/// What became of the findings: messages, and decisions.
extension FactsBuilder {
  /// What was sent, on each route that is configured or was used.
  var delivery: ReviewFacts.Delivery? {
    guard let deliveries else { return nil }
    var fact = ReviewFacts.Delivery()
    (fact.told, fact.findings) = (deliveries.told, deliveries.findings)
    let used = Dictionary(
      deliveries.routes.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    let names = Set(used.keys).union(workspace.configuration.outputs.map(\.name))
    fact.routes = names.sorted().map { name in
      var route = ReviewFacts.Delivery.Route()
      route.name = name
      guard let known = used[name] else { return route }
      (route.told, route.waiting, route.dead) = (known.told, known.waiting, known.dead)
      (route.messages, route.retried) = (known.messages, known.retried)
      route.median =
        known.seconds.isEmpty
        ? nil : Int(known.seconds[(known.seconds.count - 1) / 2])
      route.longest = known.seconds.last.map { Int($0) }
      return route
    }
    fact.untold = deliveries.unsent.map { reason, findings in
      var row = ReviewFacts.Delivery.Untold()
      (row.reason, row.findings) = (reason, findings)
      return row
    }
    return fact
  }

  /// Adds what the dispositions register says of the month's findings.
  func addDispositions(to facts: inout ReviewFacts) {
    guard registers.present.contains(.dispositions) else { return }
    let known = Set(registers.people.map(\.id)).union(registers.contractors.map(\.id))
    let alike = Dictionary(grouping: findings) { $0.uid.prefix(Disposition.lettersMin) }
    var rows: [(row: Disposition, fact: ReviewFacts.DispositionRow)] = []
    for row in registers.dispositions {
      let named = row.finding.lowercased()
      let meant = (alike[named.prefix(Disposition.lettersMin)] ?? []).filter {
        $0.uid.hasPrefix(named)
      }
      // What is about another month's finding belongs to that month's review; what may be about this one's is told.
      if meant.isEmpty, row.at.latest < window.lowerBound { continue }
      var fact = ReviewFacts.DispositionRow()
      fact.named = row.finding
      fact.disposition.outcome = FactsBuilder.outcome(row.outcome)
      (fact.disposition.by, fact.disposition.at) = (row.by, text(row.at))
      (fact.disposition.why, fact.disposition.ref) = (row.why ?? "", row.reference ?? "")
      (fact.uid, fact.verdict) = (meant.count == 1 ? meant[0].uid : "", .good("counts"))
      if meant.isEmpty {
        fact.verdict = .attention("names no finding of this month")
      } else if meant.count > 1 {
        fact.verdict = .bad("fits several findings")
      } else if registers.hasPeople, !known.contains(row.by) {
        fact.verdict = .bad("by nobody in the registers")
      } else if meant[0].evidence.contains(where: { $0["person.id"] == row.by }) {
        fact.verdict = .bad("decided by whom it is about")
      } else if row.at.latest < meant[0].start {
        fact.verdict = .bad("decided before its first event")
      } else if row.at.latest < meant[0].end {
        fact.verdict = .attention("decided before its last event")
      }
      fact.counts = !fact.uid.isEmpty && fact.verdict.tone != .bad
      rows.append((row, fact))
    }
    rows.sort {
      ($0.fact.uid.isEmpty ? 1 : 0, $0.row.at.start, $0.row.finding, $0.row.place.line)
        < ($1.fact.uid.isEmpty ? 1 : 0, $1.row.at.start, $1.row.finding, $1.row.place.line)
    }
    var last: [String: Int] = [:]
    for place in rows.indices where rows[place].fact.counts {
      if let earlier = last.updateValue(place, forKey: rows[place].fact.uid) {
        (rows[earlier].fact.counts, rows[earlier].fact.verdict) = (
          false, .neutral("decided again later")
        )
      }
    }
    for place in facts.findings.indices {
      facts.findings[place].disposition = last[facts.findings[place].uid].map {
        rows[$0].fact.disposition
      }
    }
    facts.dispositions = rows.map(\.fact)
  }

  private static func outcome(_ outcome: Disposition.Outcome) -> ReviewFacts.Outcome {
    switch outcome {
    case .truePositive: .truePositive
    case .benign: .benign
    case .falsePositive: .falsePositive
    case .duplicate: .duplicate
    }
  }
}
