import Bytes
import Detectors
import Pipelines
import Registers
import Reviews

extension FactsBuilder {
  /// Infrastructure seen in the month against infrastructure registered.
  var infrastructure: ReviewFacts.Infrastructure {
    let unknown = unknownNames
    guard registers.hasInfrastructure else { return ReviewFacts.Infrastructure(unknown: unknown) }
    let rows = registers.infrastructure.filter {
      touchesMonth($0.validity.start, $0.validity.end)
    }
    let seen = Set(result.tallies.systems.keys).union(result.tallies.networks.keys)
    let recent = recentlySeen
    let seenRows = rows.filter { recent.contains($0.id) }
    // A range is seen when something in it is: an address of its own row says so, too.
    var silent: [ReviewFacts.SilentRow] = []
    for row in rows.sorted(by: { $0.id < $1.id }) {
      let isSeen = recent.contains(row.id) || seenRows.contains { row.holds($0) }
      guard !isSeen, silent.last?.id != row.id else { continue }
      silent.append(
        ReviewFacts.SilentRow(id: row.id, kind: row.kind, owner: row.owner ?? ""))
    }
    return ReviewFacts.Infrastructure(
      namesChecked: seen.count + unknown.count, listed: Set(rows.map(\.id)).count,
      unknown: unknown, silent: silent)
  }

  /// Rows that something was heard of within the policy's days before the month's end; of what was before the month nothing is
  /// counted.
  private var recentlySeen: Set<String> {
    let days = registers.policy.integer("infrastructure.silent_days")
    let since = window.upperBound.adding(seconds: -days * 86_400)
    let tallies = result.tallies
    return Set(
      [tallies.systems, tallies.networks].flatMap { $0.filter { $0.value.last >= since }.keys })
  }

  /// What the detectors of unknown systems and networks named, over the whole month, by name.
  private var unknownNames: [ReviewFacts.UnknownName] {
    let kinds = ["unknown-infrastructure", "unknown-network"]
    let named = findings.filter { kinds.contains($0.detector) }
    let byName = Dictionary(grouping: named, by: \.subject).sorted { $0.key < $1.key }
    return byName.map { name, findings in
      let sources = findings.flatMap(\.evidence).map(\.source)
      return ReviewFacts.UnknownName(
        name: name, kind: kind(of: name, findings), first: text(findings.map(\.start).min()),
        last: text(findings.map(\.end).max()),
        events: findings.reduce(0) { $0 + Int(counting: $1.count) },
        source: Set(sources).sorted().joined(separator: ", "))
    }
  }

  private func kind(of name: String, _ findings: [Finding]) -> String {
    if name.withView({ Address($0) }) != nil { return "address" }
    let isHost = findings.contains { $0.evidence.contains { $0["host.name"] == name } }
    return isHost ? "host" : "domain"
  }

  /// Sign-ins of the month, in all and by system.
  var signIns: [ReviewFacts.SignIns] {
    let tally = result.signIns
    let days = tally.days.sorted { $0.key < $1.key }.map { day, count in
      ReviewFacts.SignInDay(
        day: day - month.days.lowerBound + 1, successes: Int(counting: count.successes),
        failures: Int(counting: count.failures))
    }
    let all = ReviewFacts.SignIns(
      system: "all", successes: days.reduce(0) { $0 + $1.successes },
      failures: days.reduce(0) { $0 + $1.failures }, users: tally.userCount,
      addresses: tally.addresses.count, topFailing: topFailing, days: days)
    let steps = Dictionary(
      result.tallies[.factors].rows.map { ($0.texts[0], $0.counts[0]) }, uniquingKeysWith: +)
    let asking = Set(
      registers.infrastructure.filter {
        $0.needsSecondFactor && touchesMonth($0.validity.start, $0.validity.end)
      }.map(\.id))
    return [all]
      + tally.systems.map { group in
        var system = ReviewFacts.SignIns(
          system: group.name.isEmpty ? "(not named)" : group.name,
          successes: Int(counting: group.count.successes),
          failures: Int(counting: group.count.failures), users: group.userCount,
          addresses: group.addressCount)
        func count(_ factor: SecondFactor) -> Int { Int(counting: group.factors[factor.rawValue]) }
        (system.factors.with, system.factors.key) = (count(.with), count(.key))
        (system.factors.without, system.factors.unsaid) = (count(.without), count(.unsaid))
        system.factors.steps = Int(counting: steps[group.name] ?? 0)
        system.factors.isRequired = asking.contains(group.name)
        return system
      }
  }

  /// Sign-ins by country, most first.
  var countries: [ReviewFacts.Country] {
    result.signIns.countries.map { code, day in
      var country = ReviewFacts.Country()
      country.code = code
      (country.successes, country.failures) = (
        Int(counting: day.successes), Int(counting: day.failures)
      )
      return country
    }.sorted {
      let (one, other) = ($0.successes + $0.failures, $1.successes + $1.failures)
      return one == other ? $0.code < $1.code : one > other
    }
  }

  /// How many failing addresses a review names.
  private static let failingMax = 20

  private var topFailing: [ReviewFacts.FailingAddress] {
    result.signIns.addresses.filter { $0.count.failures > 0 }.sorted { left, right in
      let (one, other) = (left.count.failures, right.count.failures)
      return one == other ? left.name < right.name : one > other
    }.prefix(FactsBuilder.failingMax).map { group in
      ReviewFacts.FailingAddress(
        address: group.name, failures: Int(counting: group.count.failures),
        successes: Int(counting: group.count.successes), users: group.userCount,
        origin: origin(of: group.name))
    }
  }

  /// Country and network of an address, when the databases know them.
  private func origin(of address: String) -> String {
    guard let place = address.withView({ workspace.geo?.place(of: $0) }) else {
      return listing(of: address)
    }
    let network = place.network == 0 ? "" : "AS\(place.network)"
    return [place.country, network].filter { !$0.isEmpty }.joined(separator: " ")
  }

  /// The register's row for an address, when there is one.
  private func listing(of address: String) -> String {
    address.withView { registers.row(covering: $0, at: lastMoment)?.id.string } ?? ""
  }
}
