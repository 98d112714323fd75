public import Bytes
public import Events

/// Answers where an address is; the reader of the database lives elsewhere.
public protocol GeoLookup: Sendable {
  /// The place of an address, or `nil` when it is not known.
  func place(of address: ByteView) -> GeoPoint?
}

/// Where an address is said to be.
public struct GeoPoint: Hashable, Sendable {
  /// ISO 3166-1 alpha-2, two bytes, or empty.
  public let country: String
  /// Degrees, north and east positive; `nil` when only the country is known.
  public let latitude, longitude: Double?
  /// How far off the position may be, kilometres.
  public let radius: Double
  /// The network that announces the address, or 0.
  public let network: UInt32

  /// A place from its parts.
  public init(
    country: String, latitude: Double?, longitude: Double?, radius: Double, network: UInt32
  ) {
    (self.country, self.latitude, self.longitude) = (country, latitude, longitude)
    (self.radius, self.network) = (radius, network)
  }
}

/// What is usual for each person, learned from their successful sign-ins.
///
/// After the warm-up (so many successes over so many days) a success from a country or network, or on
/// a system, that the person never used is marked `login.first_seen`; with places known, the speed
/// between two successes is `login.speed_kmh`. Failures teach nothing.
///
/// Bounded: ``limit`` people, 64 values each; about 2 KiB a person at the most.
public struct Habits: ~Copyable {
  /// How many people are remembered.
  public static let limit = 50_000
  /// How many networks, systems and countries one person may have; the oldest is forgotten.
  static let valuesMax = 64
  /// A year without a success and a person begins anew.
  static let lifetime: Int64 = 365 * 86_400 * 1_000_000_000

  private struct Habit: KeyedState {
    var first: Int64
    var lastTime: Int64
    var successes = 0
    /// One byte of each value's hash, eight a word: most values are told apart by it alone.
    var tags: [8 of UInt64] = [0, 0, 0, 0, 0, 0, 0, 0]
    /// The values, hashed with their kind, and when each was last seen.
    var sightings: [Sighting] = []
    /// How many values were ever new.
    var newCount: UInt32 = 0
    var lastPlace: GeoPoint?
    var isReturned = false
    var weight: Int { successes }

    /// Whether the value was seen before; afterwards it was.
    mutating func knows(_ hash: UInt64, at time: Int64) -> Bool {
      if let place = place(of: hash) {
        sightings[place].time = time
        return true
      }
      let sighting = Sighting(hash: hash, time: time, order: newCount)
      newCount &+= 1
      let count = sightings.count
      var place = count
      if count < Habits.valuesMax {
        sightings.append(sighting)
      } else {
        place = 0
        for other in 1..<count where sightings[other].precedes(sightings[place]) { place = other }
        sightings[place] = sighting
      }
      tag(place, hash)
      return false
    }

    /// Adds a sighting to those that are there.
    mutating func append(_ sighting: Sighting) {
      sightings.append(sighting)
      tag(sightings.count - 1, sighting.hash)
    }

    private mutating func tag(_ place: Int, _ hash: UInt64) {
      let shift = UInt64(place & 7) * 8
      tags[place >> 3] = tags[place >> 3] & ~(0xFF << shift) | (hash >> 56) << shift
    }

    @inline(__always) private func place(of hash: UInt64) -> Int? {
      let ones: UInt64 = 0x0101_0101_0101_0101
      let wanted = ones &* (hash >> 56)
      let count = sightings.count
      var word = 0
      while word * 8 < count {
        let differing = tags[word] ^ wanted
        // A borrow may mark a lane too many; the whole hash decides.
        var hits = (differing &- ones) & ~differing & (ones &* 0x80)
        while hits != 0 {
          let place = word * 8 + hits.trailingZeroBitCount >> 3
          if place < count, sightings[place].hash == hash { return place }
          hits &= hits &- 1
        }
        word += 1
      }
      return nil
    }
  }

  /// A value, when it was last seen, and which of them it was.
  private struct Sighting: BitwiseCopyable {
    var hash: UInt64
    var time: Int64
    var order: UInt32

    /// Whether this is forgotten before the other: it is older, or came first.
    func precedes(_ other: Sighting) -> Bool {
      time < other.time || time == other.time && order < other.order
    }
  }

  private var table = BoundedTable<Habit>(limit: Habits.limit, lifetime: Habits.lifetime)
  private let warmUpSuccesses: Int
  let warmUpNanoseconds: Int64
  private let geo: (any GeoLookup)?

  /// - Parameters:
  ///   - warmUpSuccesses: How many successes a person needs before anything is new.
  ///   - warmUpDays: How many days those must span.
  ///   - geo: Where addresses are, when a database is configured.
  public init(warmUpSuccesses: Int, warmUpDays: Int, geo: (any GeoLookup)?) {
    self.warmUpSuccesses = warmUpSuccesses
    // More days than 64 bits hold are never reached: everything stays warm-up.
    let span = Int64(warmUpDays).multipliedReportingOverflow(by: 86_400 * 1_000_000_000)
    warmUpNanoseconds = span.overflow ? .max : span.partialValue
    self.geo = geo
  }

  /// How many people were forgotten early.
  public var evictedCount: UInt64 { table.evictedCount }

  /// What one success shows of a person: who it was, from where, and where to.
  public struct Traits: BitwiseCopyable, Sendable {
    /// The person, or the name where no register knows it.
    var who: StateKey
    /// The hashes of network and system; 0 for what is not known.
    fileprivate var network, system: UInt64

    /// The traits of a success.
    ///
    /// - Parameters:
    ///   - who: The person's id, else the user's name.
    ///   - address: The source's address.
    ///   - system: The system's id, else its name.
    public init(who: ByteView, address: ByteView?, system: ByteView?, _ keys: KeyMemo) {
      self.who = keys.key(of: who)
      network = address.map { max(1, ByteHash.hash($0.networkPrefix)) } ?? 0
      self.system = system.map { max(1, ByteHash.hash($0)) } ?? 0
    }
  }

  /// What is new about a success, and how far the person came for it.
  public struct News {
    /// One bit each for country, network and system.
    var kinds: UInt8 = 0
    var travel: Travel?
    /// No news.
    public init() {}

    /// Whether there is nothing to add to the event.
    public var isEmpty: Bool { kinds == 0 && travel == nil }

    /// Adds `login.first_seen`, `login.distance_km` and `login.speed_kmh` where there is news.
    public func add(to event: Event) {
      if kinds != 0 {
        let words = ["country", "network", "system"].enumerated().filter { kinds & 1 << $0.0 != 0 }
        let list = words.map { "\"\($0.1)\"" }.joined(separator: ",")
        event.set(.loginFirstSeen, .json(event.scratch.copy("[\(list)]")))
      }
      if let travel {
        event.set(.loginDistance, .integer(travel.kilometres))
        event.set(.loginSpeed, .integer(travel.kilometresPerHour))
      }
    }
  }

  /// Learns from a successful sign-in and says what is new about it.
  ///
  /// - Parameter address: The source's address, which is placed when there is a database.
  public mutating func observe(
    _ traits: Traits, address: @autoclosure () -> ByteView?, time: Int64
  ) -> News {
    var place: GeoPoint?
    var country: UInt64 = 0
    var network = traits.network
    if let geo, let found = address().flatMap({ geo.place(of: $0) }) {
      place = found
      if !found.country.isEmpty {
        country = found.country.withView { max(1, ByteHash.hash($0)) }
      }
      if found.network != 0 { network = UInt64(found.network) }
    }
    let observed: [3 of UInt64] = [country, network, traits.system]
    let (needed, span) = (warmUpSuccesses, warmUpNanoseconds)
    return table.update(traits.who, at: time, fresh: { Habit(first: time, lastTime: time) }) {
      habit in
      let isWarm = habit.successes >= needed && time - habit.first >= span
      var news = News()
      for kind in 0..<3 where observed[kind] != 0 {
        // The kind is part of what is kept: a country is no system, whatever their hashes.
        let hash = observed[kind] &* 4 &+ UInt64(kind)
        if !habit.knows(hash, at: time), isWarm { news.kinds |= 1 << kind }
      }
      if let place, let last = habit.lastPlace {
        news.travel = Travel(from: last, to: place, nanoseconds: time - habit.lastTime)
      }
      if let place { habit.lastPlace = place }
      habit.successes += 1
      habit.lastTime = max(habit.lastTime, time)
      return news
    }
  }
}

extension Habits {
  /// Writes what is usual, as of an instant.
  public func write(to writer: inout SnapshotWriter, at time: Int64) {
    table.write(to: &writer, at: time) { habit, writer in
      writer.put(habit.first)
      writer.put(habit.lastTime)
      writer.put(habit.successes)
      writer.put(habit.newCount)
      writer.put(habit.sightings) { sighting, writer in
        writer.put(sighting.hash)
        writer.put(sighting.time)
        writer.put(sighting.order)
      }
      writer.put(habit.lastPlace) { place, writer in
        writer.put(place.country)
        writer.put(place.latitude) { $1.put($0) }
        writer.put(place.longitude) { $1.put($0) }
        writer.put(place.radius)
        writer.put(place.network)
      }
    }
  }

  /// Takes in what was written.
  public mutating func read(from reader: inout SnapshotReader) throws(SnapshotError) {
    try table.read(from: &reader) { (reader) throws(SnapshotError) in
      var habit = Habit(first: try reader.number(), lastTime: try reader.number())
      habit.successes = try reader.number()
      habit.newCount = try reader.number()
      let sightings = try reader.list { (reader) throws(SnapshotError) in
        Sighting(hash: try reader.number(), time: try reader.number(), order: try reader.number())
      }
      guard sightings.count <= Habits.valuesMax else { throw .damaged }
      for sighting in sightings { habit.append(sighting) }
      habit.lastPlace = try reader.optional { (reader) throws(SnapshotError) in
        GeoPoint(
          country: try reader.text(),
          latitude: try reader.optional { (reader) throws(SnapshotError) in try reader.double() },
          longitude: try reader.optional { (reader) throws(SnapshotError) in try reader.double() },
          radius: try reader.double(), network: try reader.number())
      }
      return habit
    }
  }
}

extension ByteView {
  /// The part of an address that names its network: three of four bytes of IPv4, the first 48 bits of
  /// IPv6 as written.
  var networkPrefix: ByteView {
    if let dot = lastOffset(of: UInt8(ascii: ".")) { return prefix(dot) }
    var colons = 0
    for offset in 0..<count where self[offset] == UInt8(ascii: ":") {
      colons += 1
      if colons == 3 { return prefix(offset) }
    }
    return self
  }
}
