import Detectors

/// One window of all groups of a field, by keys; belongs to ``Rates``.
///
/// Bounded: ``groupsMax`` groups. An entry has a count, and a place of the first line, for each counted rule.
final class RateWindow {
  /// How many groups a window may have.
  static let groupsMax = 65_536

  /// The first of the lines that hit one counted rule.
  struct First: BitwiseCopyable {
    var time = Int64.max
    var line: UInt64 = 0, offset: UInt64 = 0
    var stream: Int32 = 0, file: Int32 = 0

    /// Whether this one comes before another.
    @inline(__always) func precedes(_ other: First) -> Bool {
      time != other.time
        ? time < other.time : stream != other.stream ? stream < other.stream : line < other.line
    }
  }

  private(set) var group = 0
  /// When it begins, and how long it is, nanoseconds.
  private(set) var start: Int64 = 0, length: Int64 = 0
  /// The first instant that is after it.
  var end: Int64 { start + length }
  /// How many counted rules there are, and how many words of bits an entry has.
  private(set) var baseCount = 0, wordCount = 0
  /// The groups, by their keys.
  var entries: [UInt64] = []
  /// By entry, the events of each counted rule, and the first of them.
  var counts: [UInt64] = []
  var firsts: [First] = []
  /// By place among the firsts, the first of the lines whose text came along; of most there is none.
  var samples: [Int: EvidenceSeed] = [:]
  /// By entry, the bits of values.
  var bits: [UInt64] = []
  /// Places of entries by key; -1 where there is none.
  private var slots = [Int32](repeating: -1, count: 64)

  /// Begins a window, in the room of another that is over.
  func begin(group: Int, start: Int64, length: Int64, baseCount: Int, wordCount: Int) {
    (self.group, self.start, self.length) = (group, start, length)
    (self.baseCount, self.wordCount) = (baseCount, wordCount)
    entries.removeAll(keepingCapacity: true)
    counts.removeAll(keepingCapacity: true)
    firsts.removeAll(keepingCapacity: true)
    samples.removeAll(keepingCapacity: true)
    bits.removeAll(keepingCapacity: true)
    for slot in slots.indices { slots[slot] = -1 }
  }

  /// Whether this one is told after another: what ends together ends with the shortest, of which the others are made.
  func ends(after other: (end: Int64, length: Int64, group: Int)) -> Bool {
    let end = end
    return end != other.end
      ? end > other.end : length != other.length ? length > other.length : group > other.group
  }

  /// Goes on at a later time with what was counted, but for the lines before it.
  func move(to start: Int64) {
    self.start = start
    for place in firsts.indices where firsts[place].time < start { firsts[place] = First() }
    samples = samples.filter { $0.value.time >= start }
  }

  /// Keeps some of its entries, in rising order, of a window without values.
  func keep(entries kept: [Int]) {
    let (old, first) = (samples, firsts)
    counts = kept.flatMap { counts[$0 * baseCount..<($0 + 1) * baseCount] }
    firsts = kept.flatMap { first[$0 * baseCount..<($0 + 1) * baseCount] }
    samples = [:]
    for (place, entry) in kept.enumerated() {
      for base in 0..<baseCount {
        samples[place * baseCount + base] = old[entry * baseCount + base]
      }
    }
    entries = kept.map { entries[$0] }
    index()
  }

  /// The entry of a key, if it has one.
  func known(_ key: UInt64) -> Int? {
    let slot = slot(for: key)
    return slots[slot] >= 0 ? Int(slots[slot]) : nil
  }

  /// The entry of a key; `nil` when there is no room for a new one.
  @inline(__always) func entry(of key: UInt64) -> Int? {
    let slot = slot(for: key)
    return slots[slot] >= 0 ? Int(slots[slot]) : add(key, at: slot)
  }

  /// The slot that has a key's entry, or an empty one that would.
  @inline(__always) private func slot(for key: UInt64) -> Int {
    var slot = RateWindow.slot(of: key, slots.count)
    while slots[slot] >= 0, entries[Int(slots[slot])] != key {
      slot = (slot + 1) & (slots.count - 1)
    }
    return slot
  }

  @inline(never) private func add(_ key: UInt64, at slot: Int) -> Int? {
    guard entries.count < RateWindow.groupsMax else { return nil }
    slots[slot] = Int32(entries.count)
    entries.append(key)
    counts.append(contentsOf: repeatElement(0, count: baseCount))
    firsts.append(contentsOf: repeatElement(First(), count: baseCount))
    if wordCount > 0 { bits.append(contentsOf: repeatElement(0, count: wordCount)) }
    if entries.count * 2 > slots.count { index() }
    return entries.count - 1
  }

  /// Makes room for twice as many entries, or for those that were read.
  func index() {
    var count = slots.count
    while entries.count * 2 > count { count *= 2 }
    slots = Array(repeating: -1, count: count)
    for (place, key) in entries.enumerated() {
      var slot = RateWindow.slot(of: key, slots.count)
      while slots[slot] >= 0 { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = Int32(place)
    }
  }

  @inline(__always) private static func slot(of key: UInt64, _ count: Int) -> Int {
    Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> 33) & (count - 1)
  }

  /// Marks a value among the different ones of an entry.
  ///
  /// - Parameter number: Whose values they are, by the plan.
  @inline(__always) func add(value hash: UInt64, of number: Int, to entry: Int) {
    let bit = Int(truncatingIfNeeded: (hash &* 0xD6E8_FEB8_6659_FD93) >> 40) % Rates.bitCount
    bits[entry * wordCount + number * Rates.wordCount + bit / 64] |= 1 << UInt64(bit % 64)
  }

  /// Keeps a line as the first of a counted rule's, if it is.
  @inline(__always) func keep(_ first: First, at base: Int) {
    if first.precedes(firsts[base]) { firsts[base] = first }
  }

  /// Keeps a line with its text as the first of those, if it is.
  func keep(sample: EvidenceSeed, at base: Int) {
    if let kept = samples[base],
      (kept.time, kept.stream, kept.line) <= (sample.time, sample.stream, sample.line)
    {
      return
    }
    samples[base] = sample
  }

  /// Adds all that another window counted; returns how many groups there was no room for.
  func add(_ other: RateWindow) -> UInt64 {
    var lost: UInt64 = 0
    for (place, key) in other.entries.enumerated() {
      guard let entry = entry(of: key) else {
        lost += 1
        continue
      }
      for base in 0..<baseCount {
        counts[entry * baseCount + base] += other.counts[place * baseCount + base]
        keep(other.firsts[place * baseCount + base], at: entry * baseCount + base)
      }
    }
    for (base, sample) in other.samples {
      guard let entry = entry(of: other.entries[base / baseCount]) else { continue }
      keep(sample: sample, at: entry * baseCount + base % baseCount)
    }
    return lost
  }
}
