import Bytes
import Detectors

/// Web requests by service, day and minute, and how long they took.
///
/// A service is a row of the infrastructure register or a declared source, never a name that a request invents.
/// Bounded: ``servicesMax`` services, those with the smallest hashes, so that which ones they are does not
/// depend on who saw which line. A day of a service takes six kilobytes, as much again for its errors and two for its
/// times.
public struct ServiceTally: Sendable, Equatable {
  /// How many services are told apart.
  public static let servicesMax = 64
  /// A day on which clocks are set back by an hour has 1500 minutes.
  static let minutesMax = 1500

  /// One day of one service.
  public struct Day: Sendable, Hashable {
    /// Requests by minute, and those of them that the server failed; the latter empty while there are none.
    public internal(set) var requests = [UInt32](repeating: 0, count: ServiceTally.minutesMax)
    /// Answers from 500 to 599 by minute.
    public internal(set) var errors: [UInt32] = []
    /// How long requests took.
    public internal(set) var latency = Latency()

    /// How many requests there were, and how many the server failed.
    public var totals: (requests: UInt64, errors: UInt64) {
      (requests.reduce(0) { $0 + UInt64($1) }, errors.reduce(0) { $0 + UInt64($1) })
    }

    /// Minutes with requests, and those of them in which more than a share of the requests failed.
    ///
    /// - Parameter perMille: The share that is still good.
    public func minutes(badAbove perMille: Int) -> (all: Int, bad: Int) {
      var (all, bad) = (0, 0)
      for (minute, count) in requests.enumerated() where count > 0 {
        all += 1
        if !errors.isEmpty, UInt64(errors[minute]) * 1000 > UInt64(count) * UInt64(perMille) {
          bad += 1
        }
      }
      return (all, bad)
    }

    @inline(__always) mutating func add(minute: Int, failed: Bool, microseconds: Int64?) {
      requests[minute] &+= 1
      if failed {
        if errors.isEmpty { errors = Array(repeating: 0, count: ServiceTally.minutesMax) }
        errors[minute] &+= 1
      }
      if let microseconds { latency.add(microseconds: microseconds) }
    }

    mutating func merge(_ other: Day) {
      for minute in requests.indices { requests[minute] &+= other.requests[minute] }
      if errors.isEmpty {
        errors = other.errors
      } else if !other.errors.isEmpty {
        for minute in errors.indices { errors[minute] &+= other.errors[minute] }
      }
      latency.merge(other.latency)
    }
  }

  /// By service and days since 1970.
  public private(set) var services: [String: [Int: Day]] = [:]

  /// Nothing counted.
  public init() {}

  /// What a worker counted.
  init(_ counted: [(name: ByteView, day: Int, counts: Day)]) {
    for entry in counted {
      services[entry.name.string, default: [:]][entry.day, default: Day()].merge(entry.counts)
    }
    bound()
  }

  /// Adds another worker's counts.
  mutating func merge(_ other: ServiceTally) {
    for (name, days) in other.services {
      services[name, default: [:]].merge(days) { left, right in
        var sum = left
        sum.merge(right)
        return sum
      }
    }
    bound()
  }

  private mutating func bound() {
    guard services.count > ServiceTally.servicesMax else { return }
    let kept = services.keys.map { (hash: $0.withView { StateHasher.hash($0) }, name: $0) }
      .sorted { ($0.hash, $0.name) < ($1.hash, $1.name) }.prefix(ServiceTally.servicesMax)
    let names = Set(kept.map(\.name))
    services = services.filter { names.contains($0.key) }
  }
}

/// What one worker counts: a service's day is found by where its name is in memory.
struct ServiceCounter {
  private var slots = [Int32](repeating: -1, count: 64)
  private(set) var counted: [(name: ByteView, day: Int, counts: ServiceTally.Day)] = []

  @inline(__always) mutating func add(
    _ name: ByteView, day: Int, minute: Int, failed: Bool, microseconds: Int64?
  ) {
    guard minute >= 0, minute < ServiceTally.minutesMax else { return }
    var place = slot(name, day)
    while slots[place] >= 0 {
      let found = Int(slots[place])
      if counted[found].name.address == name.address, counted[found].day == day {
        counted[found].counts.add(minute: minute, failed: failed, microseconds: microseconds)
        return
      }
      place = (place + 1) & (slots.count - 1)
    }
    slots[place] = Int32(truncatingIfNeeded: counted.count)
    var counts = ServiceTally.Day()
    counts.add(minute: minute, failed: failed, microseconds: microseconds)
    insert((name, day, counts))
  }

  @inline(__always) private func slot(_ name: ByteView, _ day: Int) -> Int {
    let mixed =
      (UInt64(name.address) ^ UInt64(truncatingIfNeeded: day) << 48) &* 0x9E37_79B9_7F4A_7C15
    return Int(truncatingIfNeeded: mixed >> 32) & (slots.count - 1)
  }

  @inline(never)
  private mutating func insert(_ entry: (name: ByteView, day: Int, counts: ServiceTally.Day)) {
    counted.append(entry)
    if counted.count > ServiceCounter.daysMax {
      drop()
      lay(slots.count)
    } else if counted.count * 2 > slots.count {
      lay(slots.count * 2)
    }
  }

  private mutating func lay(_ count: Int) {
    slots = Array(repeating: -1, count: count)
    for (row, entry) in counted.enumerated() {
      var place = slot(entry.name, entry.day)
      while slots[place] >= 0 { place = (place + 1) & (slots.count - 1) }
      slots[place] = Int32(truncatingIfNeeded: row)
    }
  }

  /// Days of services that are held before those of services beyond the bound are dropped.
  private static let daysMax = ServiceTally.servicesMax * 64

  /// Keeps the days of the services with the smallest hashes, as ``ServiceTally`` does.
  private mutating func drop() {
    let hashes = counted.map { StateHasher.hash($0.name) }
    let kept = Set(Set(hashes).sorted().prefix(ServiceTally.servicesMax))
    counted = zip(counted, hashes).filter { kept.contains($0.1) }.map(\.0)
  }
}

extension ServiceTally {
  /// Writes the counts; minutes without requests take no room, and a quiet minute takes two bytes.
  func write(to writer: inout SnapshotWriter) {
    writer.put(services.sorted { $0.key < $1.key }) { entry, writer in
      writer.put(entry.key)
      writer.put(entry.value.sorted { $0.key < $1.key }) { entry, writer in
        writer.put(entry.key)
        writer.put(PackedCounts.bytes(entry.value.requests))
        writer.put(PackedCounts.bytes(entry.value.errors))
        writer.put(PackedCounts.bytes(entry.value.latency.counts))
      }
    }
  }

  /// The counts that were written.
  init(from reader: inout SnapshotReader) throws(SnapshotError) {
    for _ in 0..<(try reader.count()) {
      let name = try reader.text()
      for _ in 0..<(try reader.count()) {
        let day: Int = try reader.number()
        var counts = Day()
        counts.requests = try PackedCounts.counts(try reader.list())
        counts.errors = try PackedCounts.counts(try reader.list())
        guard counts.requests.count == ServiceTally.minutesMax,
          counts.errors.isEmpty || counts.errors.count == ServiceTally.minutesMax,
          let latency = Latency(counts: try PackedCounts.counts(try reader.list()))
        else { throw .damaged }
        counts.latency = latency
        services[name, default: [:]][day] = counts
      }
    }
  }
}

/// Counts of which most are small or nothing, seven bits a byte; a run of zeros is one zero and its length.
enum PackedCounts {
  static func bytes(_ counts: [UInt32]) -> [UInt8] {
    var bytes: [UInt8] = []
    func put(_ value: UInt64) {
      var rest = value
      while rest >= 0x80 {
        bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
        rest >>= 7
      }
      bytes.append(UInt8(rest))
    }
    var zeros: UInt64 = 0
    for count in counts {
      if count == 0 {
        zeros += 1
        continue
      }
      if zeros > 0 {
        put(0)
        put(zeros)
        zeros = 0
      }
      put(UInt64(count))
    }
    if zeros > 0 {
      put(0)
      put(zeros)
    }
    return bytes
  }

  static func counts(_ bytes: [UInt8]) throws(SnapshotError) -> [UInt32] {
    var counts: [UInt32] = []
    var place = 0
    func next() throws(SnapshotError) -> UInt64 {
      var (value, shift) = (UInt64(0), UInt64(0))
      while place < bytes.count, shift < 63 {
        let byte = bytes[place]
        place += 1
        value |= UInt64(byte & 0x7F) << shift
        if byte < 0x80 { return value }
        shift += 7
      }
      throw .damaged
    }
    while place < bytes.count {
      let value = try next()
      if value == 0 {
        let zeros = try next()
        guard zeros > 0, zeros <= 10_000, counts.count <= 10_000 else { throw .damaged }
        counts += Array(repeating: 0, count: Int(zeros))
      } else {
        guard let count = UInt32(exactly: value), counts.count <= 10_000 else { throw .damaged }
        counts.append(count)
      }
    }
    return counts
  }
}
