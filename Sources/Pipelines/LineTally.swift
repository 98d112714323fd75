import Bytes
import Detectors
import Events
import Registers

/// What one worker counts of every line, for the review.
struct LineTally {
  private var populations = Tallies.Populations()
  private var people = NameTally()
  private var systems = NameTally()
  private var networks = CachedNetwork()
  private var uses: [Tallies.Use: Tallies.Seen] = [:]

  /// The counts by name.
  var tallies: Tallies {
    var tallies = Tallies()
    tallies.populations = populations
    tallies.people = people.byName
    tallies.systems = systems.byName
    tallies.networks = networks.tally.byName
    tallies.uses = uses
    return tallies
  }

  /// Adds an event that met the registers.
  @inline(__always) mutating func add(
    _ event: Event, _ registers: Registers, countsNetworks: Bool, at time: Int64
  ) {
    populations.events += 1
    if event.has(.systemName) { populations.systems += 1 }
    if event.has(.eventAction, equalTo: "auth.login") { populations.signIns += 1 }
    if let system = event.text(.systemID) { systems.add(system, at: time) }
    if countsNetworks, event.has(.sourceInfrastructure, equalTo: "listed") {
      networks.add(event.text(.sourceIP), registers, at: time)
    }
    guard let kind = event.text(.personKind) else { return }
    populations.persons += 1
    guard event.has(.eventOutcome, equalTo: "success") else { return }
    if let person = event.text(.personID) { people.add(person, at: time) }
    if kind.equals("contractor") { countUse(event, time) }
  }

  private mutating func countUse(_ event: Event, _ time: Int64) {
    populations.contractors += 1
    func text(_ field: Field) -> String { event.text(field)?.string ?? "" }
    let use = Tallies.Use(
      person: text(.personID), system: event.has(.systemID) ? text(.systemID) : text(.systemName),
      environment: text(.systemEnvironment), scope: text(.accessScope),
      reason: text(.accessScopeReason), approval: text(.accessApproval))
    uses[use, default: Tallies.Seen()].add(time)
    if uses.count > Tallies.usesMax * 2 { uses = Tallies.bounded(uses) }
  }
}
