import Corpora

/// Three kinds of people who have somebody's password.
enum Attacker: String, CaseIterable {
  /// Any address in the world, any agent, any hour.
  case naive
  /// A provider of VPNs or servers in the victim's country, an agent that is common here, any hour.
  case vpn
  /// The victim's city and provider, the most common agent, the hours of the day.
  case targeted

  /// The sign-ins with one in a hundred more, which are this attacker's; none before `day`.
  func attack(_ population: inout Population, from day: Int, seed: UInt64) -> [Login] {
    var random = SplitMix64(seed: seed)
    let from = Population.start + Int64(day) * Population.day
    var result: [Login] = []
    result.reserveCapacity(population.logins.count * 101 / 100)
    let legitimate = population.logins
    for login in legitimate where login.time >= from && random.below(100) == 0 {
      result.append(one(&population, login, &random))
    }
    let attacks = result
    result = []
    var next = 0
    let order = attacks.sorted { ($0.time, $0.person) < ($1.time, $1.person) }
    for login in legitimate {
      while next < order.count, order[next].time < login.time {
        result.append(order[next])
        next += 1
      }
      result.append(login)
    }
    return result + order[next...]
  }

  /// One sign-in as the person of another, within a day of it.
  private func one(
    _ population: inout Population, _ victim: Login, _ random: inout SplitMix64
  ) -> Login {
    let person = population.people[Int(victim.person)]
    let places = population.places
    var login = victim
    login.isAttack = true
    login.key = -1
    login.system = Int32(random.below(Population.webSystems))
    let midnight = victim.time - (victim.time - Population.start) % Population.day
    let day = Int((victim.time - Population.start) / Population.day)
    let minute = self == .targeted ? 8 * 60 + random.below(9 * 60) : random.below(24 * 60)
    login.time = midnight + Int64(minute * 60 + random.below(60)) * Population.second
    switch self {
    case .naive:
      let country = random.below(places.countries.count)
      let kinds: [Places.Carrier.Kind] = [.line, .mobile, .hosting, .hosting, .shared]
      login.address = places.address(
        random.pick(places.carriers(random.pick(kinds), in: country)), city: random.below(4),
        host: random.below(60_000))
      login.agent = population.agent(
        computer: random.below(10), day: random.below(day + 1), lag: 0)
    case .vpn:
      let kind: Places.Carrier.Kind = random.chance(50) ? .shared : .hosting
      login.address = places.address(
        random.pick(places.carriers(kind, in: person.country)), city: 0, host: random.below(400))
      login.agent = population.agent(computer: random.below(10), day: day, lag: 7)
    case .targeted:
      login.address = places.address(person.line, city: person.city, host: random.below(60_000))
      login.agent = population.agent(computer: 0, day: day, lag: 7)
    }
    return login
  }
}
