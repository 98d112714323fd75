import Bytes

/// What is usual for one person, learned from their successful sign-ins.
///
/// Some 500 bytes, and 32 for each value: 1 KiB for somebody who always comes from one place, 3.4 KiB on
/// average where people have an office, a home, a telephone and browsers that are updated; 5 KiB at the most.
struct LoginHistory: KeyedState {
  /// A value that the person had, as a hash.
  struct Known: BitwiseCopyable {
    var hash: UInt64
    /// When it was last seen; while it is on probation, when it was first.
    var time: Int64
    var count = PeriodCount()
    var kind: UInt8
    /// Whether it was met only in sign-ins that were too risky to learn from.
    var isOnProbation = false
  }
  /// Where the person was last, and with which key.
  struct Place: BitwiseCopyable {
    var latitude, longitude, radius: Double
    var time: Int64
    var key: UInt64
  }

  var first: Int64
  var lastTime: Int64
  /// How many successes were ever learned from.
  var successes = 0
  /// The same that count yet, and those that had each kind of value.
  var logins = PeriodCount()
  var totals = PerKind(PeriodCount())
  var values: [Known] = []
  var hours = HourHabit()
  var place: Place?
  var isReturned = false
  var weight: Int { successes }

  /// Someone who begins.
  init(at time: Int64) { (first, lastTime) = (time, time) }

  /// How often the person had each value, and which of them they know.
  struct Matches: BitwiseCopyable {
    /// Where each value stands, or -1.
    var places = PerKind<Int16>(-1)
    var counts = PerKind<UInt32>(0)
    var isKnown = PerKind(false)
    /// How many values of each kind were seen once.
    var singles = PerKind<UInt32>(0)
  }

  /// Looks the values up in one pass; who was on probation for long enough is known from now on.
  mutating func matches(
    _ wanted: PerKind<UInt64>, at time: Int64, in now: Int32, _ policy: LoginPolicy
  ) -> Matches {
    var matches = Matches()
    for place in values.indices {
      let kind = Int(values[place].kind)
      if values[place].count.total(in: now) == 1 { matches.singles[kind] += 1 }
      guard values[place].hash == wanted[kind] else { continue }
      matches.places[kind] = Int16(truncatingIfNeeded: place)
      let age = time - values[place].time
      guard age <= policy.decay else { continue }
      if values[place].isOnProbation {
        guard age >= policy.probation else { continue }
        values[place].isOnProbation = false
        values[place].time = time
        values[place].count.add(in: now)
      }
      matches.isKnown[kind] = true
      matches.counts[kind] = values[place].count.total(in: now)
    }
    return matches
  }

  /// Learns the values of a success.
  mutating func learn(
    _ wanted: PerKind<UInt64>, _ matches: Matches, at time: Int64, in now: Int32, decay: Int64
  ) {
    successes += 1
    logins.add(in: now)
    // Those that are there first, so that none of them makes room for another.
    for kind in LoginKind.all where wanted[kind] != 0 {
      totals[kind].add(in: now)
      let place = Int(matches.places[kind])
      guard place >= 0 else { continue }
      values[place].isOnProbation = false
      values[place].time = max(values[place].time, time)
      values[place].count.add(in: now)
    }
    for kind in LoginKind.all where wanted[kind] != 0 && matches.places[kind] < 0 {
      var value = Known(hash: wanted[kind], time: time, kind: kind.number)
      value.count.add(in: now)
      keep(value, kind, decay: decay)
    }
  }

  /// Notes the values of a success that is not to be learned from.
  mutating func suspect(_ wanted: PerKind<UInt64>, _ matches: Matches, at time: Int64, decay: Int64)
  {
    for kind in LoginKind.all where wanted[kind] != 0 && !matches.isKnown[kind] {
      let place = Int(matches.places[kind])
      guard place >= 0, time - values[place].time > decay else { continue }
      values[place] = Known(
        hash: wanted[kind], time: time, kind: kind.number, isOnProbation: true)
    }
    for kind in LoginKind.all where wanted[kind] != 0 && matches.places[kind] < 0 {
      keep(
        Known(hash: wanted[kind], time: time, kind: kind.number, isOnProbation: true), kind,
        decay: decay)
    }
  }

  /// Adds a value: where there are enough of its kind, in place of the one not seen for longest; else in
  /// place of one that is forgotten.
  private mutating func keep(_ value: Known, _ kind: LoginKind, decay: Int64) {
    var (count, oldest, forgotten) = (0, -1, -1)
    for place in values.indices {
      if value.time - values[place].time > decay { forgotten = place }
      guard values[place].kind == kind.number else { continue }
      count += 1
      if oldest < 0 || values[place].time < values[oldest].time { oldest = place }
    }
    if count >= kind.valuesMax {
      values[oldest] = value
    } else if forgotten >= 0 {
      values[forgotten] = value
    } else {
      values.append(value)
    }
  }

  /// How much memory it takes, in bytes.
  var byteCount: Int {
    MemoryLayout<LoginHistory>.stride + values.capacity * MemoryLayout<Known>.stride
  }
}

extension LoginKind {
  /// The kind as a byte.
  var number: UInt8 { UInt8(rawValue) }
}

extension LoginHistory {
  func write(to writer: inout SnapshotWriter) {
    writer.put(first)
    writer.put(lastTime)
    writer.put(successes)
    logins.write(to: &writer)
    for number in 0..<LoginKind.count { totals[number].write(to: &writer) }
    writer.put(values) { value, writer in
      writer.put(value.hash)
      writer.put(value.time)
      value.count.write(to: &writer)
      writer.put(value.kind)
      writer.put(value.isOnProbation)
    }
    hours.write(to: &writer)
    writer.put(place) { place, writer in
      for number in [place.latitude, place.longitude, place.radius] { writer.put(number) }
      writer.put(place.time)
      writer.put(place.key)
    }
  }

  static func read(from reader: inout SnapshotReader) throws(SnapshotError) -> LoginHistory {
    var history = LoginHistory(at: try reader.number())
    history.lastTime = try reader.number()
    history.successes = try reader.number()
    history.logins = try PeriodCount.read(from: &reader)
    for number in 0..<LoginKind.count {
      history.totals[number] = try PeriodCount.read(from: &reader)
    }
    for _ in 0..<(try reader.count()) {
      let (hash, time): (UInt64, Int64) = (try reader.number(), try reader.number())
      let count = try PeriodCount.read(from: &reader)
      let kind: UInt8 = try reader.number()
      guard let known = LoginKind(rawValue: Int(kind)),
        history.values.count(where: { $0.kind == kind }) < known.valuesMax
      else { throw .damaged }
      history.values.append(
        Known(
          hash: hash, time: time, count: count, kind: kind, isOnProbation: try reader.flag()))
    }
    history.hours = try HourHabit.read(from: &reader)
    history.place = try reader.optional { (reader) throws(SnapshotError) in
      Place(
        latitude: try reader.double(), longitude: try reader.double(),
        radius: try reader.double(), time: try reader.number(), key: try reader.number())
    }
    return history
  }
}
