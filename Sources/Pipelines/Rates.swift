import Bytes
import Detectors
import Events
import Registers

/// Counts the events of each group by the clock: in whole minutes, or whatever a correlation's `per` says.
///
/// A window is told when it is over, of groups in the order of their keys. Windows of one group that follow each other
/// closely are one burst, as with other counts. Different values are told apart by ``bitCount`` bits: their number is an
/// estimate, a few per cent off, and the same for any order. What a finding shows is one of every
/// ``RateKey/sampleEvery`` lines, or the place of the group's first line where none of those was the group's.
///
/// Bounded: ``groupsMax`` groups a window; what comes beyond is not counted in it, which is counted.
struct Rates {
  /// How many groups a window may have.
  static let groupsMax = 65_536
  /// By how many bits different values are told apart.
  static let bitCount = 512
  private static let wordCount = bitCount / 64
  /// How many windows may lie between two of one burst.
  private static let pause: Int64 = 10
  /// How many bursts are remembered.
  private static let burstsMax = 20_000

  /// The first of the lines that hit one counted rule, and the first of those whose text came along.
  private struct First {
    var time = Int64.max
    var line: UInt64 = 0, offset: UInt64 = 0
    var stream: Int32 = 0, file: Int32 = 0
    var sample: EvidenceSeed?
  }

  /// One window of all groups of a field.
  private struct Window {
    let group: Int
    let start: Int64
    /// The groups, by their keys.
    var entries: [UInt64] = []
    /// By entry, the events of each counted rule, and the first of them.
    var counts: [UInt64] = []
    var firsts: [First] = []
    /// By entry and value, the bits.
    var bits: [UInt64] = []
    /// Places of entries by key; -1 where there is none.
    var slots = [Int32](repeating: -1, count: 64)

    /// The entry of a key; `nil` when there is no room for a new one.
    mutating func entry(of key: UInt64, bases: Int, words: Int) -> Int? {
      var slot = Window.slot(of: key, slots.count)
      while slots[slot] >= 0 {
        if entries[Int(slots[slot])] == key { return Int(slots[slot]) }
        slot = (slot + 1) & (slots.count - 1)
      }
      guard entries.count < Rates.groupsMax else { return nil }
      slots[slot] = Int32(entries.count)
      entries.append(key)
      for _ in 0..<bases {
        counts.append(0)
        firsts.append(First())
      }
      for _ in 0..<words { bits.append(0) }
      if entries.count * 2 > slots.count { grow() }
      return entries.count - 1
    }

    mutating func grow() {
      slots = Array(repeating: -1, count: slots.count * 2)
      for (place, key) in entries.enumerated() {
        var slot = Window.slot(of: key, slots.count)
        while slots[slot] >= 0 { slot = (slot + 1) & (slots.count - 1) }
        slots[slot] = Int32(place)
      }
    }

    @inline(__always) private static func slot(of key: UInt64, _ count: Int) -> Int {
      Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> 33) & (count - 1)
    }
  }

  private struct BurstKey: Hashable {
    var table: Int
    var key: UInt64
  }

  private let plan: RatePlan
  private let limits: ClientLimits
  private let name: String
  /// Keeps the lines that findings show.
  private let lines: KeptLines
  /// The windows that are open, the first to end first.
  private var windows: [Window] = []
  /// Texts of the keys in them.
  private var texts: [UInt64: [UInt8]] = [:]
  private var bursts: [BurstKey: (start: Int64, end: Int64)] = [:]
  /// No window that ended before this is open.
  private var closedTo = Int64.min
  /// When the next window ends.
  private(set) var nextEnd = Int64.max
  /// How many events were not counted because a window was full.
  private(set) var evictedCount: UInt64 = 0

  init(
    _ plan: RatePlan, _ set: RuleSet, _ table: FieldTable, _ registers: Registers,
    keeping lines: KeptLines
  ) {
    (self.plan, self.lines) = (plan, lines)
    limits = ClientLimits(registers)
    name = Rates.name(plan, set, table)
  }

  var isEmpty: Bool { plan.isEmpty }

  private func length(_ group: Int) -> Int64 { plan.groups[group].seconds * 1_000_000_000 }

  private func end(of window: Window) -> Int64 { window.start + length(window.group) }

  // MARK: Counting

  /// Takes what a batch has.
  ///
  /// - Parameters:
  ///   - before: The latest time of the stream before the batch.
  ///   - floor: No event of the stream is before this.
  mutating func add(_ batch: Batch, before: Int64, floor: Int64) {
    let width = plan.columns.count + plan.values.count
    let lateness = PipelineSetup.latenessNanoseconds
    for text in batch.rateTexts where texts[text.key] == nil {
      texts[text.key] = batch.arena.view(text.start, text.end).copy()
    }
    for (number, mark) in batch.rateMarks.enumerated() {
      let latest = max(before, mark.latest)
      let late = latest == .min ? Int64.min : latest - lateness
      let time = max(mark.time, late, floor, closedTo)
      for group in plan.groups.indices {
        let key = batch.rateKeys[number * width + plan.groups[group].column]
        guard key != RateKey.absent else { continue }
        let place = window(of: group, at: time)
        add(mark, key, time, to: place, batch, keys: number * width)
      }
    }
  }

  /// The place of the window that an instant lies in.
  private mutating func window(of group: Int, at time: Int64) -> Int {
    let length = length(group)
    let start = time - (time % length + length) % length
    for place in windows.indices.reversed()
    where windows[place].group == group && windows[place].start == start {
      return place
    }
    windows.append(Window(group: group, start: start))
    nextEnd = min(nextEnd, start + length)
    return windows.count - 1
  }

  private mutating func add(
    _ mark: RateMark, _ key: UInt64, _ time: Int64, to place: Int, _ batch: Batch, keys: Int
  ) {
    let words = plan.distincts.count * Rates.wordCount
    let entry = windows[place].entry(of: key, bases: plan.baseCount, words: words)
    guard let entry else {
      evictedCount += 1
      return
    }
    var bits = mark.bits
    while bits != 0 {
      let base = entry * plan.baseCount + bits.trailingZeroBitCount
      windows[place].counts[base] += UInt64(mark.weight)
      keepFirst(mark, base, place, batch)
      bits &= bits - 1
    }
    for (number, distinct) in plan.distincts.enumerated() where distinct.counted & mark.bits != 0 {
      let hash = batch.rateKeys[keys + plan.columns.count + distinct.value]
      guard hash != RateKey.absent else { continue }
      let bit = Int(truncatingIfNeeded: (hash &* 0xD6E8_FEB8_6659_FD93) >> 40) % Rates.bitCount
      windows[place].bits[entry * words + number * Rates.wordCount + bit / 64] |=
        1 << UInt64(bit % 64)
    }
  }

  /// Keeps the place of the first line, and the first of the lines whose text came along.
  private mutating func keepFirst(_ mark: RateMark, _ base: Int, _ place: Int, _ batch: Batch) {
    let first = windows[place].firsts[base]
    if (mark.time, batch.stream, mark.line) < (first.time, Int(first.stream), first.line) {
      windows[place].firsts[base].time = mark.time
      windows[place].firsts[base].line = mark.line
      windows[place].firsts[base].offset = mark.offset
      windows[place].firsts[base].stream = Int32(truncatingIfNeeded: batch.stream)
      windows[place].firsts[base].file = batch.rateFile
    }
    guard mark.rawEnd > mark.rawStart else { return }
    if let kept = first.sample,
      (kept.time, kept.stream, kept.line) <= (mark.time, batch.stream, mark.line)
    {
      return
    }
    windows[place].firsts[base].sample = lines.keep(
      time: mark.time, stream: batch.stream, file: batch.rateFile, line: mark.line,
      offset: mark.offset, digest: [], raw: batch.arena.view(mark.rawStart, mark.rawEnd), added: [])
  }

  // MARK: Telling

  /// Closes the windows that end by an instant, and says which groups were too many.
  mutating func close(by time: Int64) -> [Firing] {
    guard nextEnd <= time else { return [] }
    var firings: [Firing] = []
    let over = windows.filter { end(of: $0) <= time }.sorted {
      (end(of: $0), $0.group) < (end(of: $1), $1.group)
    }
    windows = windows.filter { end(of: $0) > time }
    for window in over { judge(window, &firings) }
    closedTo = max(closedTo, over.map { end(of: $0) }.max() ?? .min)
    nextEnd = windows.map { end(of: $0) }.min() ?? .max
    forget()
    return firings
  }

  /// Closes all windows, because nothing will come any more.
  mutating func closeAll() -> [Firing] { close(by: .max) }

  private mutating func judge(_ window: Window, _ firings: inout [Firing]) {
    let end = end(of: window)
    for (number, table) in plan.tables.enumerated() where table.group == window.group {
      var found: [(place: Int, count: UInt64, told: Int)] = []
      // Most groups are below any limit, and need not be looked up.
      let least = leastNeeded(table, window)
      for place in window.entries.indices {
        let count = events(window, place, table.counted)
        guard count >= least || table.value >= 0 else { continue }
        guard table.limitShare == nil || count >= needed(table, window, place) else { continue }
        var told = 0
        if table.value >= 0 {
          told = different(window, place, table.value)
          guard count > 0, told >= table.needed else { continue }
        }
        if let share = table.share {
          let all = events(window, place, table.among)
          guard all > 0, Double(count) / Double(all) > share else { continue }
          told = Int((Double(count) / Double(all) * 100).rounded())
        }
        found.append((place, count, told))
      }
      found.sort { window.entries[$0.place] < window.entries[$1.place] }
      for hit in found {
        let key = window.entries[hit.place]
        firings.append(
          Firing(
            rule: table.rule, group: StateKey(high: UInt64(number), low: key),
            start: burst(number, key, window.start, end),
            evidence: [seed(window, hit.place, table)],
            count: hit.count, distinct: hit.told, closed: end - 1))
      }
    }
  }

  private func leastNeeded(_ table: RatePlan.Table, _ window: Window) -> UInt64 {
    guard table.limitShare != nil,
      let least = limits.least(at: window.start, seconds: plan.groups[window.group].seconds)
    else { return table.needed }
    return min(table.needed, table.needed(of: least))
  }

  /// How many events of a client are needed: by the register, as of the window's beginning, else by the rule.
  private func needed(_ table: RatePlan.Table, _ window: Window, _ place: Int) -> UInt64 {
    let key = window.entries[place]
    let bound = limits.bound(
      of: RateKey.text(of: key) ?? texts[key] ?? [], at: window.start,
      seconds: plan.groups[window.group].seconds)
    return bound.map { table.needed(of: $0) } ?? table.needed
  }

  private func events(_ window: Window, _ entry: Int, _ bits: UInt64) -> UInt64 {
    var (total, left) = (UInt64(0), bits)
    while left != 0 {
      total &+= window.counts[entry * plan.baseCount + left.trailingZeroBitCount]
      left &= left - 1
    }
    return total
  }

  /// How many different values there were, by the bits that none of them has (linear counting).
  private func different(_ window: Window, _ entry: Int, _ value: Int) -> Int {
    let start = (entry * plan.distincts.count + value) * Rates.wordCount
    let used = window.bits[start..<(start + Rates.wordCount)].reduce(0) { $0 + $1.nonzeroBitCount }
    return Rates.estimates[used]
  }

  /// What so many set bits stand for: how many values were put in until, on average, as many were set.
  private static let estimates: [Int] = {
    var result: [Int] = []
    var (values, set) = (0, 0.0)
    for used in 0...bitCount {
      while set < Double(used) - 0.5, values < 65_536 {
        set += (Double(bitCount) - set) / Double(bitCount)
        values += 1
      }
      result.append(values)
    }
    return result
  }()

  private mutating func burst(_ table: Int, _ key: UInt64, _ start: Int64, _ end: Int64) -> Int64 {
    let name = BurstKey(table: table, key: key)
    let length = end - start
    var begun = start
    if let known = bursts[name], start - known.end <= Rates.pause * length { begun = known.start }
    bursts[name] = (begun, end)
    return begun
  }

  /// The first of the lines that a table counts, with its text where that came along.
  private func seed(_ window: Window, _ entry: Int, _ table: RatePlan.Table) -> EvidenceSeed {
    var firsts: [First] = []
    var bits = table.counted
    while bits != 0 {
      firsts.append(window.firsts[entry * plan.baseCount + bits.trailingZeroBitCount])
      bits &= bits - 1
    }
    let samples = firsts.compactMap(\.sample).sorted {
      ($0.time, $0.stream, $0.line) < ($1.time, $1.stream, $1.line)
    }
    if let sample = samples.first { return sample }
    let first = firsts.min { ($0.time, $0.stream, $0.line) < ($1.time, $1.stream, $1.line) }
    let field = plan.columns[plan.groups[table.group].column]
    let key = window.entries[entry]
    let text = RateKey.text(of: key) ?? texts[key] ?? []
    return place(of: first ?? First(), added: [(field.index, text)])
  }

  /// Forgets bursts that are over, and texts of keys that no window has.
  private mutating func forget() {
    if bursts.count > Rates.burstsMax {
      let ends = bursts.values.map(\.end).sorted()
      let oldest = ends[ends.count - Rates.burstsMax / 2]
      bursts = bursts.filter { $0.value.end >= oldest }
    }
    guard texts.count > Rates.groupsMax else { return }
    let used = Set(windows.flatMap(\.entries))
    texts = texts.filter { used.contains($0.key) }
  }

  /// Marks the lines that it keeps.
  func markLines() {
    for window in windows { for first in window.firsts { first.sample?.mark() } }
  }

  // MARK: Snapshots

  /// All that makes the counts what they are.
  private static func name(_ plan: RatePlan, _ set: RuleSet, _ table: FieldTable) -> String {
    let tables = plan.tables.map { entry in
      "\(set.rules[entry.rule].header.id) \(plan.groups[entry.group].seconds) \(entry.counted) \(entry.among) \(entry.value)"
    }
    let bases = plan.bits.indices.filter { plan.bits[$0] != 0 }.map {
      "\(set.rules[$0].header.id) \(plan.bits[$0])"
    }
    return (tables + bases + (plan.columns + plan.values).map { table.name($0) })
      .joined(separator: "\u{0}")
  }

  /// Writes the windows that are open.
  func write(to writer: inout SnapshotWriter, _ seeds: SeedTable) {
    writer.put(name)
    writer.section { writer in
      writer.put(closedTo)
      writer.put(evictedCount)
      writer.put(windows) { window, writer in
        writer.put(window.group)
        writer.put(window.start)
        writer.put(window.counts) { $1.put($0) }
        writer.put(window.bits) { $1.put($0) }
        writer.put(window.entries) { $1.put($0) }
        writer.put(window.firsts) { first, writer in
          writer.put(first.time != .max)
          guard first.time != .max else { return }
          // The place is kept as a seed without a line, which knows its stream by name.
          seeds.put(place(of: first, added: []), to: &writer)
          writer.put(first.sample) { seeds.put($0, to: &$1) }
        }
      }
      writer.put(texts.sorted { $0.key < $1.key }) { text, writer in
        writer.put(text.key)
        writer.put(text.value)
      }
      writer.put(bursts.sorted { ($0.key.table, $0.key.key) < ($1.key.table, $1.key.key) }) {
        burst, writer in
        writer.put(burst.key.table)
        writer.put(burst.key.key)
        writer.put(burst.value.start)
        writer.put(burst.value.end)
      }
    }
  }

  private func place(of first: First, added: [(field: Int, text: [UInt8])]) -> EvidenceSeed {
    lines.keep(
      time: first.time, stream: Int(first.stream), file: first.file, line: first.line,
      offset: first.offset, digest: [], raw: .empty, added: added)
  }

  /// Takes in what was written, unless other rates are counted now; returns whether it did.
  mutating func read(
    from reader: inout SnapshotReader, _ seeds: SeedTable
  ) throws(SnapshotError) -> Bool {
    let isSame = try reader.text() == name
    var part = try reader.section()
    guard isSame else { return isEmpty }
    closedTo = try part.number()
    evictedCount = try part.number()
    for _ in 0..<(try part.count()) {
      let group: Int = try part.number()
      var window = Window(group: group, start: try part.number())
      window.counts = try part.list { (part) throws(SnapshotError) in try part.number() }
      window.bits = try part.list { (part) throws(SnapshotError) in try part.number() }
      window.entries = try part.list { (part) throws(SnapshotError) in try part.number() }
      window.firsts = try part.list { (part) throws(SnapshotError) in
        guard try part.flag() else { return First() }
        let place = try seeds.take(from: &part)
        return First(
          time: place.time, line: place.line, offset: place.offset,
          stream: Int32(truncatingIfNeeded: place.stream), file: place.file,
          sample: try part.optional(seeds.take))
      }
      guard plan.groups.indices.contains(group),
        window.entries.count <= Rates.groupsMax,
        window.counts.count == window.entries.count * plan.baseCount,
        window.firsts.count == window.counts.count,
        window.bits.count == window.entries.count * plan.distincts.count * Rates.wordCount
      else { throw .damaged }
      while window.entries.count * 2 > window.slots.count { window.slots += window.slots }
      window.slots = Array(repeating: -1, count: window.slots.count / 2)
      window.grow()
      windows.append(window)
    }
    for _ in 0..<(try part.count()) {
      let key: UInt64 = try part.number()
      texts[key] = try part.list()
    }
    for _ in 0..<(try part.count()) {
      let table: Int = try part.number()
      let burst = BurstKey(table: table, key: try part.number())
      let start: Int64 = try part.number()
      bursts[burst] = (start, try part.number())
    }
    nextEnd = windows.map { end(of: $0) }.min() ?? .max
    return true
  }
}
