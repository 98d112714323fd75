import Bytes
import Detectors
import Registers

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The sign-ins, followed in order by the product's own code: what it said of each, and what it took.
struct Replay {
  /// What was said of one sign-in.
  struct Verdict {
    var risk: Double
    var login: Login
    /// Which of the person's sign-ins it is, from one.
    var number: Int
    /// Whether the person's warm-up was over.
    var isWarm: Bool
    var carrier: Int
  }

  private(set) var verdicts: [Verdict] = []
  /// Days from a person's first sign-in to the end of the warm-up.
  private(set) var daysToWarm: [Double] = []
  private(set) var nanoseconds: [Int64] = []
  private(set) var processorSeconds = 0.0
  private(set) var bytes = 0, people = 0
  private(set) var evicted: UInt64 = 0

  /// - Parameter signals: Which parts count.
  init(
    _ logins: [Login], _ population: Population, _ policy: Policy, signals: LoginPolicy.Signals
  ) {
    var rules = LoginPolicy(policy)
    rules.signals = signals
    var habits = Habits(rules, geo: population.places)
    let keys = KeyMemo()
    let texts = Texts(population)
    var seen = [(first: Int64, count: Int, isWarm: Bool)](
      repeating: (0, 0, false), count: population.people.count)
    let successes = policy.integer("login.first_seen.warm_up_successes")
    let span = Int64(policy.integer("login.first_seen.warm_up_days")) * Population.day
    verdicts.reserveCapacity(logins.count)
    nanoseconds.reserveCapacity(logins.count)
    let addresses = logins.map { ByteView(immortal: Texts.address($0.address)) }
    let before = Replay.clock(CLOCK_PROCESS_CPUTIME_ID)
    for (place, login) in logins.enumerated() {
      let start = Replay.clock(CLOCK_MONOTONIC)
      let traits = LoginTraits(
        who: texts.people[Int(login.person)], address: addresses[place],
        agent: login.agent < 0 ? nil : texts.agents[Int(login.agent)],
        system: texts.systems[Int(login.system)],
        key: login.key < 0 ? nil : texts.keys[Int(login.key)], keys)
      let assessment = habits.observe(traits, address: addresses[place], time: login.time)
      nanoseconds.append(Replay.clock(CLOCK_MONOTONIC) - start)
      let who = Int(login.person)
      if seen[who].count == 0 { seen[who].first = login.time }
      let isWarm = seen[who].count >= successes && login.time - seen[who].first >= span
      if isWarm, !seen[who].isWarm {
        seen[who].isWarm = true
        daysToWarm.append(Double(login.time - seen[who].first) / Double(Population.day))
      }
      if !login.isAttack { seen[who].count += 1 }
      verdicts.append(
        Verdict(
          risk: assessment.risk, login: login, number: seen[who].count, isWarm: isWarm,
          carrier: population.places.carrier(of: login.address)))
    }
    processorSeconds = Double(Replay.clock(CLOCK_PROCESS_CPUTIME_ID) - before) / 1e9
    let traits = population.people.indices.map {
      LoginTraits(who: texts.people[$0], address: nil, system: nil, keys)
    }
    (bytes, people) = habits.measure(traits)
    evicted = habits.evictedCount
  }

  private static func clock(_ id: clockid_t) -> Int64 {
    var time = timespec()
    unsafe clock_gettime(id, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }
}

/// What sign-ins say, as text.
struct Texts {
  let people, agents, systems, keys: [ByteView]

  init(_ population: Population) {
    people = population.people.indices.map { ByteView(immortal: "p-\($0)") }
    agents = population.agents.map { ByteView(immortal: $0) }
    systems = (0..<Population.webSystems + Population.hosts).map {
      ByteView(immortal: "system-\($0)")
    }
    keys = (0..<10_000).map { ByteView(immortal: "SHA256:key-\($0)") }
  }

  static func address(_ number: UInt32) -> String {
    "\(number >> 24).\(number >> 16 & 255).\(number >> 8 & 255).\(number & 255)"
  }
}
