import Pipelines
import Registers
import Reviews

/// How services answered, what changed, and who used what.
extension FactsBuilder {
  /// Services with requests in the month, by name.
  var services: [ReviewFacts.Service] {
    let badAbove = registers.policy.integer("service_level.bad_minute_percent") * 10
    func day(_ number: Int, _ counts: ServiceTally.Day) -> ReviewFacts.ServiceDay {
      var day = ReviewFacts.ServiceDay()
      day.day = number
      let (requests, errors) = counts.totals
      (day.requests, day.errors) = (Int(counting: requests), Int(counting: errors))
      (day.minutes, day.badMinutes) = counts.minutes(badAbove: badAbove)
      addTimes(counts.latency, to: &day)
      return day
    }
    return result.tallies.services.services.sorted { $0.key < $1.key }.compactMap { name, days in
      var service = ReviewFacts.Service()
      service.name = name
      let level = registers.infrastructure.last {
        $0.id == name && touchesMonth($0.validity.start, $0.validity.end)
      }?.serviceLevel
      service.availabilityTarget = level?.availability.map { Int(($0 * 1000).rounded()) }
      service.errorTarget = level?.errorRate.map { Int(($0 * 1000).rounded()) }
      service.latencyTarget = level?.latencyMilliseconds
      var latency = Latency()
      for (number, counts) in days.sorted(by: { $0.key < $1.key })
      where month.days.contains(number) {
        let one = day(number - month.days.lowerBound + 1, counts)
        service.days.append(one)
        service.month.requests += one.requests
        service.month.errors += one.errors
        service.month.minutes += one.minutes
        service.month.badMinutes += one.badMinutes
        latency.merge(counts.latency)
      }
      addTimes(latency, to: &service.month)
      return service.days.isEmpty ? nil : service
    }
  }

  private func addTimes(_ latency: Latency, to day: inout ReviewFacts.ServiceDay) {
    day.timed = Int(counting: latency.count)
    day.median = latency.quantile(500).map { Int($0) } ?? 0
    day.p95 = latency.quantile(950).map { Int($0) } ?? 0
    day.p99 = latency.quantile(990).map { Int($0) } ?? 0
  }

  /// How many clients are named.
  private static let clientsMax = 20

  /// The clients with the most requests, and those that were refused.
  var clients: ReviewFacts.Clients {
    let rows = result.tallies[.clients].rows
    func client(_ row: TextTally.Row) -> ReviewFacts.Client {
      var client = ReviewFacts.Client()
      (client.service, client.client) = (row.texts[0], row.texts[1])
      client.requests = Int(counting: row.seen.count)
      client.refused = Int(counting: row.counts[1])
      client.clientErrors = Int(counting: row.counts[2])
      client.serverErrors = Int(counting: row.counts[3])
      client.limit = limit(of: row.texts[1])
      return client
    }
    func first(
      _ rows: [TextTally.Row], by count: (TextTally.Row) -> UInt64
    ) -> [ReviewFacts.Client] {
      rows.sorted { left, right in
        count(left) == count(right)
          ? left.texts.lexicographicallyPrecedes(right.texts) : count(left) > count(right)
      }.prefix(FactsBuilder.clientsMax).map(client)
    }
    let all = rows.filter { $0.number == 0 }
    let refused = rows.filter { $0.number == 1 }
    var clients = ReviewFacts.Clients()
    clients.top = first(all) { $0.seen.count }
    clients.refused = first(refused) { $0.counts[1] }
    (clients.count, clients.refusedCount) = (all.count, refused.count)
    return clients
  }

  /// The limit of a client: its own, else the one for all.
  private func limit(of client: String) -> String {
    let now = registers.limits.filter { $0.validity.contains(lastMoment) && $0.requests != nil }
    let row =
      now.first { $0.clients?.contains(client) ?? false } ?? now.first { $0.isForAll }
    guard let row, let requests = row.requests else { return "" }
    let seconds = row.perSeconds ?? 60
    return "\(requests) in \(FactsBuilder.span(seconds)) (\(row.id))"
  }

  /// Changes, deployments among them, in the order of their first.
  var changes: [ReviewFacts.Change] {
    let rows = result.tallies[.changes].rows.sorted {
      $0.seen.first == $1.seen.first
        ? $0.texts.lexicographicallyPrecedes($1.texts) : $0.seen.first < $1.seen.first
    }
    return rows.map { seen in
      var change = ReviewFacts.Change()
      (change.system, change.account, change.person) = (seen.texts[0], seen.texts[1], seen.texts[2])
      (change.action, change.ticket, change.target) = (seen.texts[3], seen.texts[4], seen.texts[5])
      change.task = seen.texts[6]
      (change.first, change.last) = (text(seen.seen.first), text(seen.seen.last))
      (change.done, change.failed) = (Int(counting: seen.counts[0]), Int(counting: seen.counts[1]))
      return change
    }
  }

  /// What was used of tools, by tool, status and person.
  var toolUses: [ReviewFacts.ToolUse] {
    result.tallies[.tools].rows.map { seen in
      var use = ReviewFacts.ToolUse()
      (use.tool, use.status, use.person) = (seen.texts[0], seen.texts[1], seen.texts[2])
      (use.first, use.last) = (text(seen.seen.first), text(seen.seen.last))
      use.events = Int(counting: seen.seen.count)
      return use
    }
  }

  /// Where people were, and where what they reached is.
  var places: [ReviewFacts.PlaceUse] {
    let regions = Dictionary(
      registers.infrastructure.map { ($0.id, $0.region ?? $0.country ?? "") },
      uniquingKeysWith: { first, _ in first })
    return result.tallies[.places].rows.map { seen in
      var place = ReviewFacts.PlaceUse()
      (place.country, place.system) = (seen.texts[0], seen.texts[2])
      place.region = seen.texts[1].isEmpty ? regions[seen.texts[2]] ?? "" : seen.texts[1]
      place.events = Int(counting: seen.seen.count)
      return place
    }
  }

  /// Seconds as a person says them: `90 s`, `5 min`, `24 h`, `14 d`.
  static func span(_ seconds: Int) -> String {
    for (unit, name) in [(86_400, "d"), (3600, "h"), (60, "min")]
    where seconds >= unit && seconds % unit == 0 {
      return "\(seconds / unit) \(name)"
    }
    return "\(seconds) s"
  }
}
