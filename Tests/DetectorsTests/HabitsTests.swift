import Bytes
import Documents
import Events
import Registers
import Testing

@testable import Detectors

/// What is learned of sign-ins, and what is said of them.
@Suite struct HabitsTests {
  static let day: Int64 = 86_400 * 1_000_000_000
  /// 2026-11-02, a Monday.
  static let monday: Int64 = 1_793_577_600 * 1_000_000_000

  /// Numbers that do not move when the defaults do.
  static func policy() throws -> LoginPolicy {
    let text = """
      login:
        first_seen:
          warm_up_successes: {value: 3, reason: a test}
          warm_up_days: {value: 2, reason: a test}
        risk:
          alert: {value: 0.9, reason: a test}
          shown: {value: 0.1, reason: a test}
          ratio_even: {value: 1, reason: a test}
          novelty_scale: {value: 0, reason: a test}
          weight_network: {value: 0.5, reason: a test}
          weight_country: {value: 0.5, reason: a test}
          weight_travel: {value: 0.5, reason: a test}
          weight_agent: {value: 0.5, reason: a test}
          weight_system: {value: 0.5, reason: a test}
          weight_key: {value: 0.5, reason: a test}
          weight_hour: {value: 0.5, reason: a test}

      """
    return LoginPolicy(try Policy(Document(file: "policy.yaml", text: text)))
  }

  /// One sign-in of a test.
  struct SignIn {
    var who = "dana"
    var address = "192.0.2.10"
    var system = "web1"
    var agent: String?
    var key: String?
    var hasHours = false
    var isOurs = false

    func traits(_ keys: KeyMemo) -> LoginTraits {
      func view(_ text: String?) -> ByteView? { text.map { ByteView(immortal: $0) } }
      return LoginTraits(
        who: ByteView(immortal: who), address: view(address), agent: view(agent),
        system: view(system), key: view(key), hasHours: hasHours, isOurs: isOurs, keys)
    }
  }

  /// Habits with what is needed around them.
  struct Bench: ~Copyable {
    var habits: Habits
    let keys = KeyMemo()

    init(_ policy: LoginPolicy, geo: (any GeoLookup)? = nil) {
      habits = Habits(policy, geo: geo)
    }

    mutating func see(_ signIn: SignIn, day: Double, hour: Double = 9) -> LoginAssessment {
      let time = HabitsTests.monday + Int64((day * 24 + hour) * 3600) * 1_000_000_000
      return habits.observe(
        signIn.traits(keys), address: ByteView(immortal: signIn.address), time: time)
    }

    mutating func fail(_ address: String, _ count: UInt32, day: Double, hour: Double = 9) {
      let time = HabitsTests.monday + Int64((day * 24 + hour) * 3600) * 1_000_000_000
      habits.observe(
        failuresFrom: address.withView { LoginTraits.source($0) }, count, time: time)
    }

    func written() -> [UInt8] {
      var writer = SnapshotWriter()
      habits.write(to: &writer, at: HabitsTests.monday)
      return writer.bytes
    }
  }

  struct Places: GeoLookup {
    var points: [String: GeoPoint] = [:]
    func place(of address: ByteView) -> GeoPoint? { points[address.string] }
  }

  static func point(_ country: String, _ latitude: Double, _ longitude: Double, _ network: UInt32)
    -> GeoPoint
  {
    GeoPoint(
      country: country, latitude: latitude, longitude: longitude, radius: 0, network: network)
  }

  /// The largest number that a policy takes, as days, is more nanoseconds than 64 bits hold.
  @Test func `a warm-up beyond all time is made, not a crash`() throws {
    let text = """
      login:
        first_seen:
          warm_up_days: {value: 1000000000, reason: a test}
          decay_days: {value: 1000000000, reason: a test}

      """
    let policy = LoginPolicy(try Policy(Document(file: "policy.yaml", text: text)))
    #expect(policy.warmUpNanoseconds == .max)
    var bench = Bench(policy)
    _ = bench.see(SignIn(), day: 0)
    let second = bench.see(SignIn(), day: 1)
    #expect(second.ratio != nil)
  }

  @Test func `the first sign-in has no ratio, and the fifth the one worked out by hand`() throws {
    var bench = Bench(try HabitsTests.policy())
    let opening = bench.see(SignIn(), day: 0)
    #expect(opening.ratio == nil)
    _ = bench.see(SignIn(), day: 0.1)
    _ = bench.see(SignIn(), day: 0.2)
    let lee = bench.see(SignIn(who: "lee", address: "198.51.100.5", system: "db1"), day: 0.3)
    #expect(lee.ratio == nil)
    // N = 4 sign-ins of U = 2 people, 3 of them dana's: (1/2)/(3/4) = 2/3.
    // Where from: hers 0.6 + 0.3. Everybody's: two networks, so M = 3 and
    // 0.6·3/4·(1 − 3/7) + 0.3·3/4 = 0.27/1.05 + 0.225 = 0.482142…
    // Where to: hers 1; everybody's 3/4·(1 − 1/5) = 0.6.
    // 2/3 · (0.482142…/0.9) · 0.6 = 3/14
    let known = try #require(bench.see(SignIn(), day: 0.4).ratio)
    #expect(abs(known - 3.0 / 14) < 1e-14)
    // N = 5, dana's 4: (1/2)/(4/5) = 5/8, and nothing she ever had: 5/8 · 4 · 4.
    let strange = bench.see(SignIn(address: "203.0.113.7", system: "db2"), day: 0.5)
    #expect(try abs(#require(strange.ratio) - 10) < 1e-14)
  }

  @Test func `a feature that either side lacks drops out`() throws {
    var bench = Bench(try HabitsTests.policy())
    _ = bench.see(SignIn(), day: 0)
    _ = bench.see(SignIn(), day: 0.1)
    let bare = bench.see(SignIn(), day: 0.2).ratio
    var other = Bench(try HabitsTests.policy())
    _ = other.see(SignIn(), day: 0)
    _ = other.see(SignIn(), day: 0.1)
    let first = other.see(SignIn(agent: "curl/8.5.0"), day: 0.2).ratio
    #expect(first == bare)
    // From now on there is something to compare with.
    let (new, same) = (
      other.see(SignIn(agent: "git/2.43.0"), day: 0.3).ratio, bench.see(SignIn(), day: 0.3).ratio
    )
    #expect(try #require(new) > 3.9 * (try #require(same)))
  }

  @Test func `parts are joined as if each told alone, and shown with what they say`() throws {
    var bench = Bench(try HabitsTests.policy())
    for day in 0..<4 { _ = bench.see(SignIn(), day: Double(day)) }
    _ = bench.see(SignIn(who: "lee", address: "203.0.113.8", system: "db1"), day: 4)
    let result = bench.see(SignIn(address: "203.0.113.7", system: "db1"), day: 4.1)
    // N = 5, U = 2, dana's 4: 5/8. Both features unseen: 10. Trust 4/(4+5); 10/11 of it.
    // The network and the system are new to her, not to everybody: 0.5 each.
    let ratioPart = 4.0 / 9 * (10.0 / 11)
    #expect(abs(result.risk - (1 - (1 - ratioPart) * 0.25)) < 1e-12)
    let event = Event()
    event.reset(line: ByteView("line"))
    event.set(.userName, "dana")
    event.set(.sourceIP, "203.0.113.7")
    result.add(to: event)
    func text(_ field: Field) -> String? { event[field]?.text(event.scratch).string }
    #expect(text(.loginFirstSeen) == #"["network","system"]"#)
    #expect(text(.loginRisk) == "0.851")
    #expect(
      text(.loginRiskParts)
        == #"["likelihood ratio 10: 0.40","new network: 0.50","new system: 0.50"]"#)
    #expect(text(.loginNetwork) == "203.0.113.0/24")
    #expect(text(.loginPerson) == "dana")
    // Nobody ever had this one: it counts twice.
    let novel = bench.see(SignIn(address: "198.51.100.77"), day: 4.2)
    event.reset(line: ByteView("line"))
    novel.add(to: event)
    #expect(text(.loginRiskParts)?.contains("network new to everybody: 0.75") == true)
  }

  @Test func `a success among failures of its address teaches nothing`() throws {
    var bench = Bench(try HabitsTests.policy())
    for day in 0..<4 { _ = bench.see(SignIn(), day: Double(day)) }
    bench.fail("203.0.113.7", 4, day: 4)
    bench.fail("203.0.113.7", 1, day: 4, hour: 9.05)
    let guessed = bench.see(SignIn(address: "203.0.113.7"), day: 4, hour: 9.1)
    #expect(!guessed.isLearned && guessed.news != 0)
    // Of another address, with fewer failures, or after the burst, it does.
    let other = bench.see(SignIn(address: "192.0.2.11"), day: 4, hour: 9.1)
    #expect(other.isLearned)
    bench.fail("192.0.2.10", 4, day: 5)
    let mistyped = bench.see(SignIn(), day: 5, hour: 9.01)
    #expect(mistyped.isLearned)
    bench.fail("192.0.2.10", 5, day: 6)
    let within = bench.see(SignIn(), day: 6, hour: 9.1)
    let later = bench.see(SignIn(), day: 6, hour: 9.2)
    #expect(!within.isLearned && later.isLearned)
  }

  @Test func `what was too risky is on probation, and learned when it is seen again a week later`()
    throws
  {
    var bench = Bench(try HabitsTests.policy())
    for day in 0..<8 { _ = bench.see(SignIn(), day: Double(day)) }
    let strange = SignIn(address: "203.0.113.7", system: "db1")
    let first = bench.see(strange, day: 8)
    #expect(first.risk > 0.9 && !first.isLearned)
    // The next days change nothing.
    for day in 9..<15 {
      let again = bench.see(strange, day: Double(day))
      #expect(again.news == first.news && !again.isLearned)
    }
    let later = bench.see(strange, day: 15.1)
    #expect(later.news == 0 && later.risk < 0.9 && later.isLearned)
    // And better known each time.
    let usual = bench.see(strange, day: 15.2)
    #expect(usual.risk < later.risk)
  }

  @Test func `what was not seen for half a year is news again`() throws {
    for (days, isNews) in [(170.0, false), (181.0, true)] {
      var bench = Bench(try HabitsTests.policy())
      for day in 0..<4 { _ = bench.see(SignIn(), day: Double(day)) }
      _ = bench.see(SignIn(address: "192.0.2.10", system: "old"), day: 4)
      for day in stride(from: 5.0, to: 4 + days, by: 3) { _ = bench.see(SignIn(), day: day) }
      let result = bench.see(SignIn(system: "old"), day: 4 + days)
      #expect(result.news == (isNews ? 8 : 0), "\(days)")
    }
  }

  @Test
  func
    `travel counts from a network that is new, not with the same key, nor where it says nothing`()
    throws
  {
    let places = Places(points: [
      "192.0.2.10": HabitsTests.point("NL", 52.37, 4.9, 64_500),
      "192.0.2.77": HabitsTests.point("NL", 52.37, 4.9, 64_500),
      "198.51.100.5": HabitsTests.point("SG", 1.35, 103.82, 64_501),
      "198.51.100.6": HabitsTests.point("SG", 1.35, 103.82, 9009),
    ])
    func after(_ changes: (inout SignIn) -> Void) throws -> LoginAssessment {
      var bench = Bench(try HabitsTests.policy(), geo: places)
      for day in 0..<4 { _ = bench.see(SignIn(key: "SHA256:a"), day: Double(day)) }
      var next = SignIn(address: "198.51.100.5")
      changes(&next)
      return bench.see(next, day: 3, hour: 10)
    }
    let far = try after { _ in }
    #expect(far.travel?.kilometres == 10_492 && far.travel?.kilometresPerHour == 10_492)
    #expect(far.isTooFar)
    let otherKey = try after { $0.key = "SHA256:b" }
    let sameKey = try after { $0.key = "SHA256:a" }
    let ours = try after { $0.isOurs = true }
    // A provider of VPNs that the policy names.
    let shared = try after { $0.address = "198.51.100.6" }
    let near = try after { $0.address = "192.0.2.77" }
    #expect(otherKey.isTooFar)
    #expect(sameKey.travel == nil && ours.travel == nil && shared.travel == nil)
    #expect(near.travel?.kilometres == 0 && !near.isTooFar)
    // In a network that the person uses, addresses move and not people.
    var bench = Bench(try HabitsTests.policy(), geo: places)
    for day in 0..<4 { _ = bench.see(SignIn(), day: Double(day)) }
    _ = bench.see(SignIn(address: "198.51.100.5"), day: 20)
    for day in 28..<30 { _ = bench.see(SignIn(address: "198.51.100.5"), day: Double(day)) }
    _ = bench.see(SignIn(), day: 31)
    let known = bench.see(SignIn(address: "198.51.100.5"), day: 31, hour: 10)
    #expect(known.travel?.kilometresPerHour ?? 0 > 900 && !known.isTooFar)
  }

  @Test func `an hour is odd after thirty sign-ins at others, but not for whom hours are agreed`()
    throws
  {
    for (count, hasHours, isOdd) in [(30, false, true), (29, false, false), (60, true, false)] {
      var bench = Bench(try HabitsTests.policy())
      for number in 0..<count {
        _ = bench.see(SignIn(hasHours: hasHours), day: Double(number / 30) * 7)
      }
      let night = bench.see(SignIn(hasHours: hasHours), day: 15, hour: 3)
      #expect(night.isOddHour == isOdd, "\(count) \(hasHours)")
      #expect((night.hourProbability != nil) == (count >= 30 && !hasHours))
    }
  }

  @Test func `a person's values are bounded, and the address not seen for longest goes first`()
    throws
  {
    var bench = Bench(try HabitsTests.policy().signalless)
    for number in 0..<2000 {
      _ = bench.see(
        SignIn(
          address: "198.\(number % 200).\(number / 8).\(number % 250)", system: "system-\(number)",
          agent: "program-\(number)/1", key: "SHA256:\(number)"),
        day: Double(number) / 50)
    }
    let (bytes, people) = bench.habits.measure([SignIn().traits(bench.keys)])
    #expect(people == 1)
    #expect(bytes <= 5 * 1024 + 600)
    #expect(bytes > 2000)
  }

  @Test func `values of everybody are bounded, counted when they go, and the common ones stay`() {
    var common = CommonValues(lifetime: 180 * HabitsTests.day, limit: 2000)
    var office = PerKind<UInt64>(0)
    office[.address] = 77
    for _ in 0..<50 { common.add(office, seen: (false, false), at: 0, in: 1) }
    for number in 0..<10_000 {
      var values = PerKind<UInt64>(0)
      values[.address] = UInt64(number) &* 0x9E37_79B9_7F4A_7C15 | 1
      common.add(values, seen: (true, false), at: Int64(number), in: 1)
    }
    #expect(common.evictedCount > 6000)
    let seen = common.view(of: office, in: 1)
    #expect(seen.counts[.address] == 50)
  }

  @Test func `the levels of a feature stand in a row, and their weights sum to one`() {
    for place in 0..<LoginKind.features.count {
      let levels = LoginKind.features[place]
      let kinds = LoginKind.allCases.filter { $0.feature.rawValue == levels.lowerBound }
      #expect(kinds.map(\.rawValue) == Array(levels))
      let sum = levels.reduce(0) { $0 + LoginKind.weights[$1] }
      #expect(abs(sum - 1) < 1e-9)
    }
  }

  @Test func `what was written and read again says the same of whatever comes`() throws {
    let places = Places(points: [
      "192.0.2.10": HabitsTests.point("NL", 52.37, 4.9, 64_500),
      "198.51.100.5": HabitsTests.point("SG", 1.35, 103.82, 64_501),
    ])
    var random = SeededGenerator(seed: 20_261_128)
    var one = Bench(try HabitsTests.policy(), geo: places)
    var other = Bench(try HabitsTests.policy(), geo: places)
    func next() -> SignIn {
      SignIn(
        who: ["dana", "lee", "kim"].randomElement(using: &random) ?? "",
        address: ["192.0.2.10", "192.0.2.11", "198.51.100.5", "203.0.113.9"].randomElement(
          using: &random) ?? "",
        system: ["web1", "db1", "db2"].randomElement(using: &random) ?? "",
        agent: [nil, "curl/8", "git/2"].randomElement(using: &random) ?? nil,
        key: [nil, "SHA256:a"].randomElement(using: &random) ?? nil)
    }
    for step in 0..<600 {
      let (signIn, day) = (next(), Double(step) / 2)
      if step % 9 == 0 {
        one.fail(signIn.address, 5, day: day)
        other.fail(signIn.address, 5, day: day)
      }
      let (left, right) = (one.see(signIn, day: day), other.see(signIn, day: day))
      #expect(left.risk.bitPattern == right.risk.bitPattern && left.news == right.news)
      if step % 50 == 7 {
        let bytes = other.written()
        var fresh = Bench(try HabitsTests.policy(), geo: places)
        var reader = SnapshotReader(bytes)
        try fresh.habits.read(from: &reader)
        #expect(reader.isAtEnd)
        #expect(fresh.written().count == bytes.count)
        other = fresh
      }
    }
  }
}

extension LoginPolicy {
  /// The policy under which nothing is risky, so that all is learned.
  fileprivate var signalless: LoginPolicy {
    var policy = self
    policy.signals = []
    return policy
  }
}
