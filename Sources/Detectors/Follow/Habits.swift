public import Bytes

/// What is usual for each person and for everybody, learned from successful sign-ins.
///
/// From a person's second success on, each has a likelihood ratio (``FeatureLikelihood``); after the warm-up (so
/// many successes over so many days) what the person never had is marked; with places known, the speed
/// between two successes is worked out; and with enough successes, how probable the hour is.
///
/// Learned are successes alone, and not all of them: not those of an address that is failing just
/// now, and not those that are too risky themselves. The values of those are on probation: when they
/// are seen again after so many days, nobody minded, and they are learned.
///
/// Bounded: ``limit`` people (5 KiB each at the most), 200,000 values of everybody, 100,000 failing
/// addresses.
public struct Habits: ~Copyable {
  /// How many people are remembered.
  public static let limit = 50_000
  /// A year without a success and a person begins anew.
  static let lifetime: Int64 = 365 * 86_400 * 1_000_000_000

  private var table = BoundedTable<LoginHistory>(limit: Habits.limit, lifetime: Habits.lifetime)
  private var common: CommonValues
  private var bursts: FailureBursts
  /// The latest time there was: what is forgotten does not depend on who is late.
  private var clock = Int64.min
  let policy: LoginPolicy
  private let zone: Zone
  private let geo: (any GeoLookup)?

  /// - Parameters:
  ///   - zone: Whose clocks say which hour of the week it is.
  ///   - geo: Where addresses are, when a database is configured.
  public init(_ policy: LoginPolicy, zone: Zone = .utc, geo: (any GeoLookup)?) {
    (self.policy, self.zone, self.geo) = (policy, zone, geo)
    common = CommonValues(lifetime: policy.decay)
    bursts = FailureBursts(least: policy.burstFailures, window: policy.burstWindow)
  }

  /// How many people, values and failing addresses were forgotten early.
  public var evictedCount: UInt64 {
    table.evictedCount + common.evictedCount + bursts.evictedCount
  }

  /// Has the processor fetch what ``observe(failuresFrom:_:time:)`` will read.
  @inline(__always) public func prefetch(failuresFrom source: UInt64) { bursts.prefetch(source) }

  /// Has the processor fetch what ``observe(_:address:time:)`` will read.
  public func prefetch(_ traits: LoginTraits) {
    table.prefetch(traits.who)
    bursts.prefetch(traits.address)
    common.prefetch(traits.address, .address)
    common.prefetch(traits.prefix, .network)
    common.prefetch(traits.agent, .agent)
    common.prefetch(traits.target, .target)
    common.prefetch(traits.key, .key)
  }

  /// The same, soon after, of what the person's history itself says where it is.
  public func prefetchHeld(_ traits: LoginTraits) {
    table.prefetch(traits.who, lineCount: 4) { ArrayPlace(&$0.values) }
  }

  /// Notes that an address failed to sign in.
  ///
  /// - Parameter source: The address's hash: ``LoginTraits/source(_:)``.
  public mutating func observe(failuresFrom source: UInt64, _ count: UInt32, time: Int64) {
    bursts.add(source, count, at: time)
  }

  /// Says what is new or unlikely about a successful sign-in, and learns from it.
  ///
  /// - Parameter address: The source's address, which is placed when there is a database.
  /// - Complexity: O(*n*) in the values that the person has, at most 136.
  public mutating func observe(
    _ traits: LoginTraits, address: @autoclosure () -> ByteView?, time: Int64
  ) -> LoginAssessment {
    clock = max(clock, time)
    let now = Int32(truncatingIfNeeded: clock / policy.period)
    var site = Site()
    if let geo, let address = address() {
      site.point = geo.place(of: address)
      let system = site.point?.network ?? 0
      site.isShared = traits.isOurs || policy.isShared(system, address)
    }
    let values = values(traits, site.point)
    let world = common.view(of: values, in: now)
    let inBurst = bursts.isBurst(traits.address, at: time)
    let (policy, zone) = (policy, zone)
    var assessment = LoginAssessment()
    let learned: (now: Bool, before: Bool)? = table.update(
      traits.who, at: time, fresh: { LoginHistory(at: time) }
    ) { history in
      if time - history.lastTime > Habits.lifetime { history = LoginHistory(at: time) }
      let known = history.matches(values, at: time, in: now, policy)
      let hour = HourHabit.hour(of: time, in: zone)
      assessment = history.assess(
        traits, values, known, world, site, hour: hour, at: time, in: now, policy)
      history.lastTime = max(history.lastTime, time)
      if inBurst { return nil }
      guard assessment.risk < policy.riskTaught || history.logins.total(in: now) == 0 else {
        history.suspect(values, known, at: time, decay: policy.decay)
        return nil
      }
      let seen = history.logins.isSeen(in: now)
      history.learn(values, known, at: time, in: now, decay: policy.decay)
      history.hours.add(hour, in: now)
      history.remember(site, key: traits.key, at: time)
      return seen
    }
    guard let learned else { return assessment }
    assessment.isLearned = true
    common.add(values, seen: learned, at: time, in: now)
    return assessment
  }

  /// Where an address is, and whether that says where its user is.
  struct Site {
    var point: GeoPoint?
    var isShared = false
  }

  /// The values of a sign-in by kind, as hashes; 0 for what is not known.
  private func values(_ traits: LoginTraits, _ point: GeoPoint?) -> PerKind<UInt64> {
    var values = PerKind<UInt64>(0)
    values[.address] = traits.address
    values[.network] = traits.prefix
    if let point {
      if point.network != 0 { values[.network] = UInt64(point.network) }
      if !point.country.isEmpty {
        values[.country] = point.country.withView { max(1, ByteHash.hash($0)) }
      }
    }
    values[.agent] = traits.agent
    let family = traits.agentClass
    values[.browser] = UInt64(family.browser)
    values[.system] = UInt64(family.system.rawValue)
    values[.device] = UInt64(family.device.rawValue)
    values[.target] = traits.target
    values[.key] = traits.key
    return values
  }

  /// How many bytes the state of everybody takes, and how many people there are; for measurements.
  public mutating func measure(_ people: [LoginTraits]) -> (bytes: Int, people: Int) {
    var (bytes, count) = (0, 0)
    for traits in people {
      guard let size = table.updateExisting(traits.who, { $0.byteCount }) else { continue }
      bytes += size
      count += 1
    }
    return (bytes, count)
  }
}

extension LoginHistory {
  /// Says what is new or unlikely about a sign-in; changes nothing but what runs out.
  fileprivate mutating func assess(
    _ traits: LoginTraits, _ values: PerKind<UInt64>, _ known: Matches, _ world: CommonValues.View,
    _ site: Habits.Site, hour: Int, at time: Int64, in now: Int32, _ policy: LoginPolicy
  ) -> LoginAssessment {
    var result = LoginAssessment()
    result.system = site.point?.network ?? 0
    let count = logins.total(in: now)
    result.ratio = ratio(values, known, world, in: now)
    if successes >= policy.warmUpSuccesses, time - first >= policy.warmUpNanoseconds {
      let least = UInt32(clamping: policy.warmUpSuccesses)
      let kinds: [5 of LoginKind] = [.country, .network, .browser, .target, .key]
      for place in 0..<kinds.count {
        var isNew = !known.isKnown[kinds[place]]
        let isNovel = world.counts[kinds[place]] == 0
        // An agent is its program and its system.
        if kinds[place] == .browser, values[.system] != 0, !known.isKnown[.system] { isNew = true }
        guard isNew, values[kinds[place]] != 0, totals[kinds[place]].total(in: now) >= least
        else { continue }
        result.news |= 1 << UInt8(place)
        // How probable it is that the next value is new: the share of values seen once (Good and
        // Turing). Who often comes from somewhere new says little by it.
        let often =
          Double(known.singles[kinds[place]]) / Double(totals[kinds[place]].total(in: now))
        result.surprises[place] = max(0, 1 - often * policy.noveltyScale)
        // Somebody is the first on a new system, with a new browser; every key is new to everybody.
        if isNovel, kinds[place].feature == .address { result.novelties |= 1 << UInt8(place) }
      }
    }
    if let place, let point = site.point, !site.isShared, let latitude = point.latitude,
      let longitude = point.longitude, traits.key == 0 || traits.key != place.key
    {
      let travel = Travel(
        from: place, toLatitude: latitude, longitude: longitude, radius: point.radius,
        nanoseconds: time - place.time, secondsMin: policy.secondsMin)
      result.travel = travel
      // A network that the person is known to use moves its addresses, not the person.
      result.isTooFar =
        !known.isKnown[.network] && Double(travel.kilometres) > policy.distance
        && Double(travel.kilometresPerHour) > policy.speed
    }
    hours.turn(to: now)
    if !traits.hasHours, hours.count >= policy.hourSuccesses {
      let probability = hours.probability(of: hour)
      result.hourProbability = probability
      result.isOddHour = probability < policy.hourProbability
    }
    // Few sign-ins say little of what is usual: half as much as many when there are five.
    result.weigh(policy, trust: Double(count) / (Double(count) + 5))
    return result
  }

  /// The likelihood ratio, or `nil` without a history.
  private func ratio(
    _ values: PerKind<UInt64>, _ known: Matches, _ world: CommonValues.View, in now: Int32
  ) -> Double? {
    let count = logins.total(in: now)
    guard count > 0, world.people > 0, world.logins > 0 else { return nil }
    // Everybody is attacked alike, and who signs in often is less of a surprise.
    var ratio = Double(world.logins) / (Double(world.people) * Double(count))
    for place in 0..<LoginKind.features.count {
      let feature = LoginKind.features[place]
      // What either side lacks says nothing.
      let history = totals[feature.lowerBound].total(in: now)
      guard values[feature.lowerBound] != 0, history > 0 else { continue }
      var likelihood = FeatureLikelihood()
      var unseen: UInt32 = 1
      for kind in feature.dropFirst() { unseen += world.distincts[kind] }
      for kind in feature where values[kind] != 0 {
        likelihood.add(
          weight: LoginKind.weights[kind], own: min(known.counts[kind], history), of: history,
          all: world.counts[kind], of: world.totals[feature.lowerBound],
          unseen: kind == feature.lowerBound ? unseen : nil)
      }
      ratio *= likelihood.ratio
    }
    return ratio
  }

  /// Remembers where the person was, where that is known.
  fileprivate mutating func remember(_ site: Habits.Site, key: UInt64, at time: Int64) {
    guard !site.isShared, let point = site.point, let latitude = point.latitude,
      let longitude = point.longitude
    else { return }
    place = Place(
      latitude: latitude, longitude: longitude, radius: point.radius, time: time, key: key)
  }
}

extension Habits {
  /// Writes what is usual, as of an instant.
  public func write(to writer: inout SnapshotWriter, at time: Int64) {
    writer.put(clock)
    table.write(to: &writer, at: time) { history, writer in history.write(to: &writer) }
    common.write(to: &writer, at: time)
    bursts.write(to: &writer, at: time)
  }

  /// Takes in what was written.
  public mutating func read(from reader: inout SnapshotReader) throws(SnapshotError) {
    clock = try reader.number()
    try table.read(from: &reader) { (reader) throws(SnapshotError) in
      try LoginHistory.read(from: &reader)
    }
    try common.read(from: &reader)
    try bursts.read(from: &reader)
  }
}
