import Bytes

/// An IP address as 128 bits; one of version 4 stands in `::ffff:0:0/96`.
struct NetworkAddress: Hashable, Sendable {
  /// The upper and lower 64 bits.
  let high, low: UInt64

  private static let mapped: UInt64 = 0xFFFF_0000_0000

  /// What an address is when no register row covers it.
  enum Reach { case local, inside, external }

  /// The address of version 4 with this number.
  init(version4 number: UInt32) { (high, low) = (0, NetworkAddress.mapped | UInt64(number)) }

  /// Reads an address of either version, without brackets or port; allocates nothing.
  init?(_ text: ByteView) {
    guard let address = Address(text) else { return nil }
    (high, low) = (address.high, address.low)
  }

  private init(high: UInt64, low: UInt64) { (self.high, self.low) = (high, low) }

  /// The address with all but the first `length` bits of the 128 cleared.
  func masked(to length: Int) -> NetworkAddress {
    NetworkAddress(
      high: length >= 64 ? high : high & ~(UInt64.max >> UInt64(length)),
      low: length >= 128 ? low : length <= 64 ? 0 : low & ~(UInt64.max >> UInt64(length - 64)))
  }

  /// The address of version 4 whose first two bytes are `half`, and whose last are zero.
  static func version4(half: UInt64) -> NetworkAddress {
    NetworkAddress(high: 0, low: mapped | half << 16)
  }

  /// Whether this is an address of version 4.
  var isVersion4: Bool { high == 0 && low >> 32 == 0xFFFF }

  /// Whether the address is private (RFC 1918, RFC 6598, RFC 4193), the machine's own or the
  /// link's (or none at all), or anyone's.
  var reach: Reach {
    if isVersion4 {
      let (first, second) = (low >> 24 & 0xFF, low >> 16 & 0xFF)
      switch (first, second) {
      case (10, _), (172, 16...31), (192, 168), (100, 64...127): return .inside
      case (127, _), (169, 254), (0, _): return .local
      default: return .external
      }
    }
    if high >> 57 == 0x7E { return .inside }
    return high >> 54 == 0x3FA || high == 0 && low <= 1 ? .local : .external
  }
}

/// A run of addresses that share their first bits.
struct NetworkPrefix: Hashable, Sendable {
  /// The address with the rest cleared, and how many of its 128 bits count.
  let address: NetworkAddress
  let length: Int

  /// Reads `10.0.0.4`, `10.0.0.0/8`, `2001:db8::/32`; `nil` for anything else, also when bits
  /// behind the prefix are set.
  init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count <= 2, let address = String(parts[0]).withView({ NetworkAddress($0) })
    else { return nil }
    var length = 128
    if parts.count == 2 {
      let most = address.isVersion4 && !parts[0].contains(":") ? 32 : 128
      guard parts[1].utf8.allSatisfy({ $0.isDigit }), let bits = Int(parts[1]), bits <= most
      else { return nil }
      length = 128 - most + bits
    }
    guard address == address.masked(to: length) else { return nil }
    (self.address, self.length) = (address, length)
  }
}

/// Finds rows by an address: one look-up for each length of prefix that occurs, longest first.
struct NetworkTable: Sendable {
  private struct Entry {
    let prefix: NetworkPrefix
    let row: Int
  }
  private let lengths: Run<Int>
  /// Sorted by prefix within each bucket; rows of one prefix stand together.
  private let buckets: Run<Int>
  private let entries: Run<Entry>
  /// One bit for each first half of an address of version 4 that some prefix covers.
  private let halves: Run<UInt64>

  /// A table of prefixes, each with its row.
  init(_ rows: [(prefix: NetworkPrefix, row: Int)], in arena: Arena) {
    lengths = arena.run(Set(rows.map(\.prefix.length)).sorted(by: >))
    var capacity = 8
    while capacity < rows.count { capacity *= 2 }
    var starts = [Int](repeating: 0, count: rows.isEmpty ? 0 : capacity + 1)
    var sorted: [Entry] = []
    if !rows.isEmpty {
      let slotted = rows.map { (NetworkTable.hash($0.prefix.address, $0.prefix.length), $0) }
      for (hash, _) in slotted { starts[Int(hash & UInt64(capacity - 1)) + 1] += 1 }
      for slot in 1...capacity { starts[slot] += starts[slot - 1] }
      sorted = slotted.sorted { left, right in
        let mask = UInt64(capacity - 1)
        return (left.0 & mask, left.1.row) < (right.0 & mask, right.1.row)
      }.map { Entry(prefix: $0.1.prefix, row: $0.1.row) }
    }
    buckets = arena.run(starts)
    entries = arena.run(sorted)
    var halves = [UInt64](repeating: 0, count: 1024)
    for (prefix, _) in rows {
      if prefix.length <= 96 {
        let range = NetworkAddress.version4(half: 0).masked(to: prefix.length)
        if range == prefix.address { halves = halves.map { _ in .max } }
      } else if prefix.address.isVersion4 {
        let first = Int(prefix.address.low >> 16 & 0xFFFF)
        for half in first..<(first + 1 << max(0, 112 - prefix.length)) {
          halves[half >> 6] |= 1 << UInt64(half & 63)
        }
      }
    }
    self.halves = arena.run(halves)
  }

  /// The row with the longest prefix that covers `address` and that `rank` likes most.
  func best(_ address: NetworkAddress, rank: (Int) -> Int?) -> Int? {
    if address.isVersion4 {
      let half = Int(address.low >> 16 & 0xFFFF)
      if halves[half >> 6] >> UInt64(half & 63) & 1 == 0 { return nil }
    }
    var best: (row: Int, rank: Int)?
    for index in 0..<lengths.count {
      let length = lengths[index]
      let masked = address.masked(to: length)
      let slot = Int(NetworkTable.hash(masked, length) & UInt64(buckets.count - 2))
      for place in buckets[slot]..<buckets[slot + 1] {
        let entry = entries[place]
        guard entry.prefix.length == length, entry.prefix.address == masked else { continue }
        guard let rank = rank(entry.row), rank < best?.rank ?? .max else { continue }
        best = (entry.row, rank)
      }
      if best?.rank == 0 { break }
    }
    return best?.row
  }

  private static func hash(_ address: NetworkAddress, _ length: Int) -> UInt64 {
    let hash = (address.high ^ 0x9E37_79B9_7F4A_7C15) &* 0xFF51_AFD7_ED55_8CCD
    let more = (hash ^ hash >> 32 ^ address.low &+ UInt64(length)) &* 0xC4CE_B9FE_1A85_EC53
    return more ^ more >> 29
  }
}
