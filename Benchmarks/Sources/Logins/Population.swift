import Corpora

/// One sign-in that succeeds.
struct Login {
  /// Nanoseconds since 1970.
  var time: Int64
  var person: Int32
  var address: UInt32
  /// Places in the lists of texts; -1 for none.
  var agent: Int32
  var system: Int32
  var key: Int32
  var isAttack = false
}

/// A company of several hundred people over a year, and every sign-in of theirs.
///
/// All of it follows from the seed: offices, homes whose addresses change or stay, telephones behind
/// their providers' gateways, journeys, browsers that are updated every four weeks, new computers,
/// joiners and leavers, holidays, shifts, people who work at night, and some who use a VPN of their own.
struct Population {
  static let second: Int64 = 1_000_000_000
  static let day: Int64 = 86_400 * second
  /// 2026-01-05, a Monday.
  static let start: Int64 = 1_767_571_200 * second

  let places = Places()
  let days: Int
  private(set) var people: [Person] = []
  private(set) var logins: [Login] = []
  /// The texts of user agents, by the numbers that sign-ins cite.
  private(set) var agents: [String] = []
  private var agentNumbers: [String: Int32] = [:]
  private var random: SplitMix64
  private var keyCount: Int32 = 0
  static let webSystems = 10, hosts = 14

  struct Person {
    var country, city: Int
    var line, mobile, office: Int
    var isLineFixed, isEngineer, usesVPN, hasPhone: Bool
    var first, last: Int
    var startHour, loginsPerDay: Int
    /// 0 at the office's hours, 1 in shifts, 2 in the evening.
    var shift: Int
    var tripEvery: Int
    var homeDays: Int
    var computer, phone: Int
    var key: Int32
    var systems: [Int32]
    var host: Int
  }

  init(seed: UInt64, people count: Int, days: Int) {
    self.days = days
    random = SplitMix64(seed: seed)
    for _ in 0..<count { people.append(makePerson()) }
    for person in people.indices { live(person) }
    // Equal times stay in the order of people.
    logins = logins.enumerated().sorted {
      ($0.element.time, $0.offset) < ($1.element.time, $1.offset)
    }.map(\.element)
  }

  private mutating func makePerson() -> Person {
    let country = random.chance(80) ? 0 : random.chance(60) ? 1 : 2
    let isEngineer = random.chance(25)
    let joins = random.chance(25)
    var systems: [Int32] = [0]
    for _ in 0..<(1 + random.below(4)) {
      systems.append(Int32(random.below(Population.webSystems)))
    }
    if isEngineer {
      for _ in 0..<(2 + random.below(5)) {
        systems.append(Int32(Population.webSystems + random.below(Population.hosts)))
      }
    }
    keyCount += 1
    return Person(
      country: country, city: random.below(places.countries[country].cities.count),
      line: random.pick(places.carriers(.line, in: country)),
      mobile: random.pick(places.carriers(.mobile, in: country)),
      office: places.carriers(.office, in: country)[0], isLineFixed: random.chance(50),
      isEngineer: isEngineer, usesVPN: random.chance(6), hasPhone: random.chance(60),
      first: joins ? random.below(days) : 0,
      last: random.chance(10) ? days / 2 + random.below(days / 2) : days,
      startHour: 6 + random.below(4), loginsPerDay: 1 + random.below(5),
      shift: random.chance(10) ? 1 : random.chance(6) ? 2 : 0,
      tripEvery: random.chance(15) ? 30 : 150, homeDays: random.below(5),
      computer: random.below(10), phone: random.below(2), key: keyCount, systems: systems,
      host: random.below(60_000))
  }

  // MARK: - Agents

  private mutating func number(of agent: String) -> Int32 {
    if let number = agentNumbers[agent] { return number }
    let number = Int32(agents.count)
    agents.append(agent)
    agentNumbers[agent] = number
    return number
  }

  /// What a computer of a kind sends on a day; `lag` days behind the newest version.
  mutating func agent(computer: Int, day: Int, lag: Int) -> Int32 {
    let version = 140 + max(0, day - lag) / 28
    let windows = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) "
    let mac = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) "
    let kit = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/\(version).0.0.0 Safari/537.36"
    switch computer {
    case 0...4: return number(of: windows + kit)
    case 5: return number(of: windows + kit + " Edg/\(version).0.0.0")
    case 6:
      return number(
        of: "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:\(version).0) Gecko/20100101 "
          + "Firefox/\(version).0")
    case 7: return number(of: mac + kit)
    case 8:
      return number(
        of: mac + "AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.\(version - 140) "
          + "Safari/605.1.15")
    default:
      return number(
        of: "Mozilla/5.0 (X11; Linux x86_64; rv:\(version).0) Gecko/20100101 "
          + "Firefox/\(version).0")
    }
  }

  private mutating func agent(phone: Int, day: Int, lag: Int) -> Int32 {
    let version = 140 + max(0, day - lag) / 28
    return number(
      of: phone == 0
        ? "Mozilla/5.0 (iPhone; CPU iPhone OS 18_\(version - 140) like Mac OS X) "
          + "AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.\(version - 140) Mobile/15E148 "
          + "Safari/604.1"
        : "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) "
          + "Chrome/\(version).0.0.0 Mobile Safari/537.36")
  }

  // MARK: - Lives

  /// Where somebody is for some days.
  private struct Trip {
    var days: Range<Int>
    var country, city, carrier: Int
  }

  private mutating func live(_ number: Int) {
    var person = people[number]
    var trip = Trip(days: 0..<0, country: 0, city: 0, carrier: 0)
    var away = 0..<0
    var homeHost = person.host
    let lag = random.below(14)
    for day in person.first..<max(person.first, person.last) {
      // Addresses of lines that are not fixed change every month or so, computers every other year.
      if !person.isLineFixed, random.below(30) == 0 { homeHost = random.below(60_000) }
      if random.below(550) == 0 {
        person.computer = random.below(10)
        keyCount += 1
        person.key = keyCount
      }
      if random.below(700) == 0 { person.phone = random.below(2) }
      if random.below(900) == 0 {
        // Somebody moves house, or to another provider.
        person.line = random.pick(places.carriers(.line, in: person.country))
        homeHost = random.below(60_000)
      }
      if random.below(60) == 0 {
        person.systems.append(
          Int32(random.below(Population.webSystems + (person.isEngineer ? Population.hosts : 0))))
      }
      if day >= away.upperBound, random.below(130) == 0 { away = day..<day + 7 + random.below(14) }
      if away.contains(day) { continue }
      if day >= trip.days.upperBound, random.below(person.tripEvery) == 0 {
        let country = random.chance(70) ? random.below(11) : random.below(places.countries.count)
        trip = Trip(
          days: day..<day + 2 + random.below(6), country: country,
          city: random.below(places.countries[country].cities.count),
          carrier: random.pick(places.carriers(random.chance(70) ? .hotel : .line, in: country)))
      }
      let weekday = day % 7
      let works =
        person.shift == 1 ? random.chance(70) : weekday < 5 ? random.chance(92) : random.chance(8)
      guard works else { continue }
      work(number, person, day, trip.days.contains(day) ? trip : nil, trip, homeHost, lag)
    }
    people[number].systems = person.systems
  }

  private mutating func work(
    _ number: Int, _ person: Person, _ day: Int, _ trip: Trip?, _ last: Trip, _ homeHost: Int,
    _ lag: Int
  ) {
    let isHome = person.homeDays > random.below(6)
    // The day of a journey is spent in it; local noon is near enough for every zone.
    let travels = trip != nil && day == last.days.lowerBound || day == last.days.upperBound
    var first = person.startHour * 60
    var length = 9 * 60
    if person.shift == 1 { first = [6, 14, 22][day / 7 % 3] * 60 - 30 }
    if person.shift == 2 { (first, length) = (15 * 60, 10 * 60) }
    if travels { (first, length) = (first + 600, 180) }
    let count = travels ? 1 : 1 + random.below(person.loginsPerDay * 2)
    for _ in 0..<count {
      let late = random.chance(3) ? random.below(240) : 0
      // Most sign-ins stand at the beginning of the day.
      let minute =
        first + (random.chance(40) ? random.below(60) : random.below(length)) + late
      let time =
        Population.start + Int64(day) * Population.day
        + Int64(minute * 60 + random.below(60)) * Population.second
      var login = Login(
        time: time, person: Int32(number), address: 0, agent: -1,
        system: random.pick(person.systems), key: -1)
      let isPhone = person.hasPhone && random.chance(18)
      if Int(login.system) >= Population.webSystems, !isPhone {
        login.key = person.key
      } else {
        if Int(login.system) >= Population.webSystems { login.system = 0 }
        login.agent =
          isPhone
          ? agent(phone: person.phone, day: day, lag: lag)
          : agent(computer: person.computer, day: day, lag: lag)
      }
      login.address = address(person, trip, isHome: isHome, isPhone: isPhone, homeHost)
      logins.append(login)
    }
  }

  private mutating func address(
    _ person: Person, _ trip: Trip?, isHome: Bool, isPhone: Bool, _ homeHost: Int
  ) -> UInt32 {
    if person.usesVPN, random.chance(10) {
      // A VPN of their own, mostly with a way out at home.
      let country = random.chance(60) ? person.country : random.below(places.countries.count)
      let kind: Places.Carrier.Kind = random.chance(70) ? .shared : .hosting
      return places.address(
        random.pick(places.carriers(kind, in: country)), city: 0, host: random.below(400))
    }
    if isPhone, !isHome || random.chance(30) {
      // At home or abroad: a telephone that roams is seen at its own provider's.
      return places.address(person.mobile, city: 0, host: random.below(3000))
    }
    if let trip {
      return places.address(trip.carrier, city: trip.city, host: random.below(200))
    }
    return isHome
      ? places.address(person.line, city: person.city, host: homeHost)
      : places.address(person.office, city: 0, host: 7)
  }
}
