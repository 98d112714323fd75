import Bytes

/// What one worker has looked up: names to rows, as long as no row begins or ends.
///
/// Between two neighbouring instants at which some row of the registers begins or ends, the answer to a
/// look-up depends on the name alone. The cache holds for such a stretch and is emptied when a line
/// lies in another. It changes the speed, never the answer.
///
/// Bounded: a fixed number of names each for systems and accounts; names over 32 bytes are not kept.
@safe public final class JoinCache {
  /// A name in four words, and what else the look-up depends on.
  struct Key: BitwiseCopyable {
    var first: UInt64 = 0, second: UInt64 = 0, third: UInt64 = 0, fourth: UInt64 = 0
    var scope: UInt64

    /// `nil` for names that are too long.
    @inline(__always) init?(_ name: ByteView, scope: UInt64) {
      let count = name.count
      guard count <= 32 else { return nil }
      // The count stands in front, so that zeros at the end are told apart.
      self.scope = scope &* 64 &+ UInt64(truncatingIfNeeded: count)
      if count < 8 {
        first = name.tail(from: 0)
        return
      }
      first = name.word(at: 0)
      if count < 16 {
        second = name.tail(from: 8)
        return
      }
      second = name.word(at: 8)
      if count < 24 {
        third = name.tail(from: 16)
        return
      }
      third = name.word(at: 16)
      fourth = count < 32 ? name.tail(from: 24) : name.word(at: 24)
    }

    @inline(__always) func isSame(as other: Key) -> Bool {
      (first ^ other.first) | (second ^ other.second) | (third ^ other.third)
        | (fourth ^ other.fourth) | (scope ^ other.scope) == 0
    }

    /// Whether the name has at most 16 bytes.
    @inline(__always) var isShort: Bool { scope & 63 <= 16 }

    /// A number that spreads names over a table.
    @inline(__always) var hash: UInt64 {
      let one = (first ^ scope).multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
      let two = (second ^ third &* 5 ^ fourth &* 7 ^ one.low)
        .multipliedFullWidth(by: 0xD6E8_FEB8_6659_FD93)
      return two.high ^ two.low ^ one.high
    }
  }

  /// One table: names and the rows they were found to be.
  @safe struct Table: ~Copyable {
    /// A name, its row, and the stretch of time in which it was looked up.
    private struct Slot: BitwiseCopyable {
      var key: Key
      var row: Int32
      var stretch: UInt32
    }

    private let slots: UnsafeMutablePointer<Slot>
    private let count: Int

    /// - Parameter count: How many names there is room for; a power of two.
    init(count: Int) {
      self.count = count
      unsafe slots = .allocate(capacity: count)
      var none = Key(.empty, scope: 0)
      none?.scope = .max
      // A key is refused only for its length, and this one has none.
      guard let none else { preconditionFailure("an empty name is no longer than 32 bytes") }
      unsafe slots.initialize(repeating: Slot(key: none, row: 0, stretch: 0), count: count)
    }

    deinit { unsafe slots.deallocate() }

    /// The row kept for a name: it stands where its hash says, or beside.
    @inline(__always) func find(_ key: Key, _ stretch: UInt32) -> Int32? {
      let place = Int(truncatingIfNeeded: key.hash) & (count - 1)
      // SAFETY: the mask keeps a place below the count.
      if unsafe slots[place].key.isSame(as: key), unsafe slots[place].stretch == stretch {
        return unsafe slots[place].row
      }
      let other = place ^ 1
      if unsafe slots[other].key.isSame(as: key), unsafe slots[other].stretch == stretch {
        return unsafe slots[other].row
      }
      return nil
    }

    /// Keeps a row; what stood there moves aside.
    @inline(__always) func keep(_ key: Key, _ row: Int32, _ stretch: UInt32) {
      let place = Int(truncatingIfNeeded: key.hash) & (count - 1)
      // SAFETY: the mask keeps a place below the count.
      unsafe slots[place ^ 1] = slots[place]
      unsafe slots[place] = Slot(key: key, row: row, stretch: stretch)
    }
  }

  /// A short name, its row, and the stretch of time in which it was looked up: half a cache line.
  private struct ShortSlot: BitwiseCopyable {
    var first: UInt64 = 0, second: UInt64 = 0
    var scope: UInt64 = .max
    var row: Int32 = 0
    var stretch: UInt32 = 0
  }

  /// An address of version 4 and what the registers know of it.
  private struct AddressSlot: BitwiseCopyable {
    var number: UInt32 = 0
    var found: Int32 = 0
    var stretch: UInt32 = 0
  }

  /// How many addresses there is room for; a power of two.
  private static let addressCount = 4096

  /// How many short accounts there is room for; a power of two.
  private static let shortCount = 32768

  /// Hosts and domains, and accounts of more than 16 bytes.
  private let systems = Table(count: 2048), longAccounts = Table(count: 2048)
  /// Tools by domain.
  private let tools = Table(count: 512)
  /// The row of the system that the source declares, while its id stands at the same place.
  private var declared = (address: UInt(0), row: Int32(0), stretch: UInt32(0))
  /// The number of the declared environment, while its text stands at the same place.
  private var declaredEnvironment = (address: UInt(0), number: Int32(0), stretch: UInt32(0))
  /// Addresses of version 4: the number, what was found, and the stretch.
  private let addresses: UnsafeMutablePointer<AddressSlot>
  /// The other accounts: there are many, and every line names one.
  private let shortAccounts: UnsafeMutablePointer<ShortSlot>
  /// The stretch of time for which the tables hold, and its number.
  private var from = Int64.max
  private var until = Int64.min
  private var stretch: UInt32 = 0

  /// An empty cache.
  public init() {
    unsafe shortAccounts = .allocate(capacity: JoinCache.shortCount)
    unsafe shortAccounts.initialize(repeating: ShortSlot(), count: JoinCache.shortCount)
    unsafe addresses = .allocate(capacity: JoinCache.addressCount)
    unsafe addresses.initialize(repeating: AddressSlot(), count: JoinCache.addressCount)
  }

  deinit {
    unsafe shortAccounts.deallocate()
    unsafe addresses.deallocate()
  }

  /// The row of the declared system, found once for each stretch.
  @inline(__always) func declared(_ id: ByteView, find: () -> Int32) -> Int32 {
    if declared.address == id.address, declared.stretch == stretch { return declared.row }
    declared = (id.address, find(), stretch)
    return declared.row
  }

  /// The number of the declared environment, found once for each stretch.
  @inline(__always) func declaredEnvironment(_ text: ByteView, find: () -> Int32) -> Int32 {
    if declaredEnvironment.address == text.address, declaredEnvironment.stretch == stretch {
      return declaredEnvironment.number
    }
    declaredEnvironment = (text.address, find(), stretch)
    return declaredEnvironment.number
  }

  /// What is known of an address, found when it is not kept.
  @inline(__always) func address(_ number: UInt32, find: () -> Int32) -> Int32 {
    let mixed = number &* 0x9E37_79B1
    let place = Int(mixed >> 20) & (JoinCache.addressCount - 1)
    // SAFETY: the mask keeps the place below the count.
    let slot = unsafe addresses[place]
    if slot.number == number, slot.stretch == stretch { return slot.found }
    let found = find()
    unsafe addresses[place] = AddressSlot(number: number, found: found, stretch: stretch)
    return found
  }

  /// The tool kept for a domain.
  @inline(__always) func tool(_ key: Key) -> Int32? { tools.find(key, stretch) }

  /// Keeps the tool of a domain.
  func keep(tool key: Key, _ row: Int32) { tools.keep(key, row, stretch) }

  /// The row kept for a host or domain.
  @inline(__always) func system(_ key: Key) -> Int32? { systems.find(key, stretch) }

  /// Keeps the row of a host or domain.
  func keep(system key: Key, _ row: Int32) { systems.keep(key, row, stretch) }

  /// The row kept for an account.
  @inline(__always) func account(_ key: Key) -> Int32? {
    guard key.isShort else { return longAccounts.find(key, stretch) }
    let place = Int(truncatingIfNeeded: key.hash) & (JoinCache.shortCount - 1)
    for side in 0..<2 {
      // SAFETY: the mask keeps a place below the count.
      let slot = unsafe shortAccounts[place ^ side]
      if (slot.first ^ key.first) | (slot.second ^ key.second) | (slot.scope ^ key.scope) == 0,
        slot.stretch == stretch
      {
        return slot.row
      }
    }
    return nil
  }

  /// Keeps the row of an account.
  func keep(account key: Key, _ row: Int32) {
    guard key.isShort else { return longAccounts.keep(key, row, stretch) }
    let place = Int(truncatingIfNeeded: key.hash) & (JoinCache.shortCount - 1)
    // SAFETY: the mask keeps a place below the count.
    unsafe shortAccounts[place ^ 1] = shortAccounts[place]
    unsafe shortAccounts[place] = ShortSlot(
      first: key.first, second: key.second, scope: key.scope, row: row, stretch: stretch)
  }

  /// Makes the tables those of the stretch in which `time` lies.
  @inline(__always) func hold(at time: Int64, _ boundaries: Run<Int64>) {
    if time >= from, time < until { return }
    move(to: time, boundaries)
  }

  /// Forgets everything, so that the next line is looked up.
  package func forget() { (from, until) = (.max, .min) }

  private func move(to time: Int64, _ boundaries: Run<Int64>) {
    // No run has as many lines as there are numbers, and each line moves once at the most.
    stretch &+= 1
    var (low, high) = (0, boundaries.count)
    while low < high {
      let middle = (low + high) / 2
      if boundaries[middle] <= time { low = middle + 1 } else { high = middle }
    }
    from = low == 0 ? .min : boundaries[low - 1]
    until = low == boundaries.count ? .max : boundaries[low]
  }
}
