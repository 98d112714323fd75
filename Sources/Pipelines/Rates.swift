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
/// Windows that are made of shorter ones of the same groups are put together as those end. One that slides by steps is
/// judged at the end of each of them, of groups that had an event of the counted rules in it.
///
/// Bounded: ``RateWindow/groupsMax`` groups a window; what comes beyond is not counted in it, which is counted.
struct Rates {
  /// By how many bits different values are told apart.
  static let bitCount = 512
  static let wordCount = bitCount / 64
  /// How many windows may lie between two of one burst.
  private static let pause: Int64 = 10
  /// How many bursts are remembered.
  private static let burstsMax = 20_000
  /// Of how many groups it is known what their own windows were, 88 bytes each; those that were not seen for longest go.
  private static let habitsMax = 20_000

  private struct BurstKey: Hashable {
    var table: Int
    var key: UInt64
  }

  private let plan: RatePlan
  private let limits: ClientLimits
  private let name: String
  /// Keeps the lines that findings show.
  private let lines: KeptLines
  /// The windows that are open, the one that ends first last.
  private var windows: [RateWindow] = []
  /// By group of the plan, the tables that are judged by its windows, and the groups whose windows are made of them.
  private let tables: [[Int]], made: [[Int]]
  /// By group of the plan, what slides by steps.
  private var sliding: [Int: SlidingWindow] = [:]
  /// Windows that are over, whose room is used again.
  private var spares: [RateWindow] = []
  private static let sparesMax = 4
  /// Texts of the keys in them.
  private var texts: [UInt64: [UInt8]] = [:]
  private var bursts: [BurstKey: (start: Int64, end: Int64)] = [:]
  /// What the windows of groups were that reached what makes them a group's own.
  private var habits: [BurstKey: (measure: OwnMeasure, time: Int64)] = [:]
  /// No window that ended before this is open.
  private var closedTo = Int64.min
  /// When the next window ends.
  var nextEnd: Int64 { windows.last?.end ?? .max }
  /// How many events were not counted because a window was full.
  private(set) var evictedCount: UInt64 = 0

  init(
    _ plan: RatePlan, _ set: RuleSet, _ table: FieldTable, _ registers: Registers,
    keeping lines: KeptLines
  ) {
    (self.plan, self.lines) = (plan, lines)
    limits = ClientLimits(registers)
    name = Rates.name(plan, set, table)
    let groups = plan.groups.indices
    tables = groups.map { group in plan.tables.indices.filter { plan.tables[$0].group == group } }
    made = groups.map { group in groups.filter { plan.groups[$0].parts == group } }
    for group in plan.groups.indices where plan.groups[group].stepCount > 1 {
      sliding[group] = SlidingWindow(group: group, of: plan)
    }
  }

  var isEmpty: Bool { plan.isEmpty }

  private func length(_ group: Int) -> Int64 { plan.groups[group].seconds * 1_000_000_000 }

  // MARK: Counting

  /// Takes what a batch has.
  ///
  /// - Parameters:
  ///   - before: The latest time of the stream before the batch.
  ///   - floor: No event of the stream is before this.
  mutating func add(_ batch: Batch, before: Int64, floor: Int64) {
    let width = plan.columns.count + plan.values.count
    for text in batch.rateTexts where texts[text.key] == nil {
      texts[text.key] = batch.arena.view(text.start, text.end).copy()
    }
    // What stands in the batch is not looked up again for each of its events.
    let (marks, keys) = (batch.rateMarks, batch.rateKeys)
    for (number, group) in plan.groups.enumerated() where group.parts == nil {
      var open = Open(number: number, group: group)
      if group.isRare {
        for rare in batch.rareRateKeys where Int(rare.column) == group.column {
          let place = Int(rare.mark)
          guard marks[place].bits & group.counted != 0 else { continue }
          add(marks[place], rare.key, keys, from: place * width, to: &open, batch, before, floor)
        }
      } else {
        for place in marks.indices where marks[place].bits & group.counted != 0 {
          let key = keys[place * width + group.column]
          guard key != RateKey.absent else { continue }
          add(marks[place], key, keys, from: place * width, to: &open, batch, before, floor)
        }
      }
    }
  }

  /// The window that the last mark of a group's fell into.
  private struct Open {
    let number: Int
    let group: RatePlan.Group
    var window: RateWindow?
    var ends = Int64.min
  }

  @inline(__always) private mutating func add(
    _ mark: RateMark, _ key: UInt64, _ keys: [UInt64], from start: Int, to open: inout Open,
    _ batch: Batch, _ before: Int64, _ floor: Int64
  ) {
    let latest = max(before, mark.latest)
    let late = latest == .min ? Int64.min : latest - PipelineSetup.latenessNanoseconds
    let time = max(mark.time, late, floor, closedTo)
    let isIn = open.window.map { time >= $0.start && time < open.ends } ?? false
    if !isIn {
      let found = window(of: open.number, at: time)
      (open.window, open.ends) = (found, found.end)
    }
    guard let window = open.window, let entry = window.entry(of: key) else {
      evictedCount += 1
      return
    }
    add(mark, open.group, to: window, entry, batch)
    guard open.group.hasValues else { return }
    let first = start + plan.columns.count
    for (number, distinct) in plan.distincts.enumerated() where distinct.counted & mark.bits != 0 {
      let hash = keys[first + distinct.value]
      if hash != RateKey.absent { window.add(value: hash, of: number, to: entry) }
    }
  }

  /// The window that an instant lies in.
  private mutating func window(of group: Int, at time: Int64) -> RateWindow {
    let length = length(group)
    return window(of: group, from: time - (time % length + length) % length)
  }

  /// The window of a group that begins at an instant; a new one in its place if there is none.
  private mutating func window(of group: Int, from start: Int64) -> RateWindow {
    let length = length(group)
    var (place, above) = (0, windows.count)
    while place < above {
      let middle = (place + above) / 2
      if windows[middle].ends(after: (start + length, length, group)) {
        place = middle + 1
      } else {
        above = middle
      }
    }
    if place < windows.count, windows[place].group == group, windows[place].start == start {
      return windows[place]
    }
    let window = spares.popLast() ?? RateWindow()
    window.begin(
      group: group, start: start, length: length, baseCount: plan.baseCount,
      wordCount: plan.groups[group].hasValues ? plan.distincts.count * Rates.wordCount : 0)
    windows.insert(window, at: place)
    return window
  }

  @inline(__always) private func add(
    _ mark: RateMark, _ group: RatePlan.Group, to window: RateWindow, _ entry: Int, _ batch: Batch
  ) {
    let first = RateWindow.First(
      time: mark.time, line: mark.line, offset: mark.offset,
      stream: Int32(truncatingIfNeeded: batch.stream), file: batch.rateFile)
    var bits = mark.bits & group.counted
    while bits != 0 {
      let base = entry * window.baseCount + bits.trailingZeroBitCount
      window.counts[base] += UInt64(mark.weight)
      if bits & (0 &- bits) & group.shown != 0 {
        window.keep(first, at: base)
        if mark.rawEnd > mark.rawStart { keepSample(mark, base, window, batch) }
      }
      bits &= bits - 1
    }
  }

  /// Keeps the text of the first of the lines whose text came along.
  @inline(never) private func keepSample(
    _ mark: RateMark, _ base: Int, _ window: RateWindow, _ batch: Batch
  ) {
    if let kept = window.samples[base],
      (kept.time, kept.stream, kept.line) <= (mark.time, batch.stream, mark.line)
    {
      return
    }
    window.keep(
      sample: lines.keep(
        time: mark.time, stream: batch.stream, file: batch.rateFile, line: mark.line,
        offset: mark.offset, digest: [], raw: batch.arena.view(mark.rawStart, mark.rawEnd),
        added: []), at: base)
  }

  // MARK: Telling

  /// Closes the windows that end by an instant, and says which groups were too many.
  mutating func close(by time: Int64) -> [Firing] {
    guard nextEnd <= time else { return [] }
    var firings: [Firing] = []
    while let window = windows.last, window.end <= time {
      windows.removeLast()
      judge(window, &firings)
      closedTo = max(closedTo, window.end)
      for group in made[window.group] {
        if sliding[group] == nil {
          evictedCount += self.window(of: group, at: window.start).add(window)
        } else {
          evictedCount += sliding[group]?.add(window) ?? 0
          if let slid = sliding[group] { judge(slid.sum, &firings, (slid, step: window)) }
        }
      }
      if spares.count < Rates.sparesMax { spares.append(window) }
    }
    forget()
    return firings
  }

  /// Closes all windows, because nothing will come any more.
  mutating func closeAll() -> [Firing] { close(by: .max) }

  /// Judges a window that is over, or one that slides at the end of a step.
  ///
  /// - Parameter sliding: What slides, and the step that it has slid on by.
  private mutating func judge(
    _ window: RateWindow, _ firings: inout [Firing],
    _ sliding: (window: SlidingWindow, step: RateWindow)? = nil
  ) {
    let end = window.end
    for number in tables[window.group] {
      let table = plan.tables[number]
      var found: [(place: Int, count: UInt64, told: Int)] = []
      // Most groups are below any limit, and need not be looked up.
      let least = leastNeeded(table, window)
      for place in window.entries.indices {
        let count = events(window, place, table.counted)
        guard count >= least || table.value >= 0 else { continue }
        // A step without an event that counts tells nothing new.
        if let step = sliding?.step {
          guard let entry = step.known(window.entries[place]),
            events(step, entry, table.counted) > 0
          else { continue }
        }
        guard table.limitShare == nil || count >= needed(table, window, place) else { continue }
        var told = 0
        if table.value >= 0 {
          // So many events bring at most as many values.
          guard count > 0,
            Rates.estimates[Int(min(count, UInt64(Rates.bitCount)))] >= table.neededLeast
          else { continue }
          told = different(window, place, table.value)
          guard
            told >= table.needed || isBeyondOwn(number, window.entries[place], told, at: end)
          else { continue }
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
        let burst = burst(number, key, window.start, end)
        var (count, seed) = (hit.count, seed(window, hit.place, table))
        // Of a burst that goes on, what was told of before stands in a window that slides as well.
        if let (slid, step) = sliding, burst.told > window.start, let entry = step.known(key) {
          count = slid.events(hit.place, table.counted, after: burst.told)
          seed = self.seed(step, entry, table)
        }
        firings.append(
          Firing(
            rule: table.rule, group: StateKey(high: UInt64(number), low: key), start: burst.start,
            evidence: [seed], count: count, distinct: hit.told, closed: end - 1))
      }
    }
  }

  /// Whether a group's window is beyond what the group's own were; what is not is one of them from now on.
  private mutating func isBeyondOwn(
    _ table: Int, _ key: UInt64, _ value: Int, at time: Int64
  ) -> Bool {
    guard let own = plan.tables[table].own, let from = own.from, value >= from else { return false }
    let name = BurstKey(table: table, key: key)
    var habit = habits[name] ?? (OwnMeasure(), time)
    let bound = own.bound(habit.measure, unit: Double(from))
    guard bound.map({ Double(value) <= $0 }) ?? true else { return true }
    habit.measure.add(Double(value), unit: Double(from))
    habit.time = time
    habits[name] = habit
    return false
  }

  private func leastNeeded(_ table: RatePlan.Table, _ window: RateWindow) -> UInt64 {
    guard table.limitShare != nil,
      let least = limits.least(
        table.limitKind, at: window.start, seconds: plan.groups[window.group].seconds)
    else { return table.needed }
    return min(table.needed, table.needed(of: least))
  }

  /// How many events of a client are needed: by the register, as of the window's beginning, else by the rule.
  private func needed(_ table: RatePlan.Table, _ window: RateWindow, _ place: Int) -> UInt64 {
    let key = window.entries[place]
    let bound = limits.bound(
      table.limitKind, of: RateKey.text(of: key) ?? texts[key] ?? [], at: window.start,
      seconds: plan.groups[window.group].seconds)
    return bound.map { table.needed(of: $0) } ?? table.needed
  }

  private func events(_ window: RateWindow, _ entry: Int, _ bits: UInt64) -> UInt64 {
    var (total, left) = (UInt64(0), bits)
    while left != 0 {
      total &+= window.counts[entry * plan.baseCount + left.trailingZeroBitCount]
      left &= left - 1
    }
    return total
  }

  /// How many different values there were, by the bits that none of them has (linear counting).
  private func different(_ window: RateWindow, _ entry: Int, _ value: Int) -> Int {
    let start = entry * window.wordCount + value * Rates.wordCount
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

  /// When the burst of a group began that a window belongs to, and up to when it was told of.
  private mutating func burst(
    _ table: Int, _ key: UInt64, _ start: Int64, _ end: Int64
  ) -> (start: Int64, told: Int64) {
    let name = BurstKey(table: table, key: key)
    let length = end - start
    var (begun, told) = (start, start)
    if let known = bursts[name], start - known.end <= Rates.pause * length {
      (begun, told) = (known.start, max(start, known.end))
    }
    bursts[name] = (begun, end)
    return (begun, told)
  }

  /// The first of the lines that a table counts, with its text where that came along.
  private func seed(_ window: RateWindow, _ entry: Int, _ table: RatePlan.Table) -> EvidenceSeed {
    let bases = (0..<plan.baseCount).filter { table.counted >> UInt64($0) & 1 == 1 }
      .map { entry * plan.baseCount + $0 }
    let samples = bases.compactMap { window.samples[$0] }.sorted {
      ($0.time, $0.stream, $0.line) < ($1.time, $1.stream, $1.line)
    }
    if let sample = samples.first { return sample }
    let first = bases.map { window.firsts[$0] }.min { $0.precedes($1) }
    let field = plan.field(of: plan.groups[table.group])
    let key = window.entries[entry]
    let text = RateKey.text(of: key) ?? texts[key] ?? []
    return place(of: first ?? RateWindow.First(), added: [(field.index, text)])
  }

  /// Forgets bursts that are over, and texts of keys that no window has.
  private mutating func forget() {
    if bursts.count > Rates.burstsMax {
      let ends = bursts.values.map(\.end).sorted()
      let oldest = ends[ends.count - Rates.burstsMax / 2]
      bursts = bursts.filter { $0.value.end >= oldest }
    }
    if habits.count > Rates.habitsMax {
      let times = habits.values.map(\.time).sorted()
      let oldest = times[times.count - Rates.habitsMax / 2]
      habits = habits.filter { $0.value.time >= oldest }
    }
    guard texts.count > RateWindow.groupsMax else { return }
    let used = Set((windows + sliding.values.map(\.sum)).flatMap(\.entries))
    texts = texts.filter { used.contains($0.key) }
  }

  /// Marks the lines that it keeps.
  func markLines() {
    for window in windows + sliding.values.map(\.sum) {
      for sample in window.samples.values { sample.mark() }
    }
  }

  // MARK: Snapshots

  /// All that makes the counts what they are.
  private static func name(_ plan: RatePlan, _ set: RuleSet, _ table: FieldTable) -> String {
    let tables = plan.tables.map { entry in
      "\(set.rules[entry.rule].header.id) \(plan.groups[entry.group].seconds) \(plan.groups[entry.group].stepCount) \(entry.own?.from ?? 0) \(entry.counted) \(entry.among) \(entry.value)"
    }
    let bases = plan.bits.indices.filter { plan.bits[$0] != 0 }.map {
      "\(set.rules[$0].header.id) \(plan.bits[$0])"
    }
    return (tables + bases + (plan.columns + plan.rareColumns + plan.values).map { table.name($0) })
      .joined(separator: "\u{0}")
  }

  /// Writes the windows that are open.
  func write(to writer: inout SnapshotWriter, _ seeds: SeedTable) {
    writer.put(name)
    writer.section { writer in
      writer.put(closedTo)
      writer.put(evictedCount)
      writer.put(windows) { write($0, to: &$1, seeds) }
      writer.put(sliding.sorted { $0.key < $1.key }) { slid, writer in
        write(slid.value.sum, to: &writer, seeds)
        slid.value.write(to: &writer)
      }
      writer.put(habits.sorted { ($0.key.table, $0.key.key) < ($1.key.table, $1.key.key) }) {
        habit, writer in
        writer.put(habit.key.table)
        writer.put(habit.key.key)
        writer.put(habit.value.time)
        habit.value.measure.write(to: &writer)
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

  private func write(
    _ window: RateWindow, to writer: inout SnapshotWriter, _ seeds: SeedTable
  ) {
    writer.put(window.group)
    writer.put(window.start)
    writer.put(window.counts) { $1.put($0) }
    writer.put(window.bits) { $1.put($0) }
    writer.put(window.entries) { $1.put($0) }
    writer.put(window.firsts) { first, writer in
      writer.put(first.time != .max)
      // The place is kept as a seed without a line, which knows its stream by name.
      if first.time != .max { seeds.put(place(of: first, added: []), to: &writer) }
    }
    writer.put(window.samples.sorted { $0.key < $1.key }) { sample, writer in
      writer.put(sample.key)
      seeds.put(sample.value, to: &writer)
    }
  }

  private func place(of first: RateWindow.First, added: [(field: Int, text: [UInt8])])
    -> EvidenceSeed
  {
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
      guard plan.groups.indices.contains(group) else { throw .damaged }
      try read(window(of: group, from: try part.number()), from: &part, seeds)
    }
    guard try part.count() == sliding.count else { throw .damaged }
    for group in sliding.keys.sorted() {
      guard try part.number() == group, var slid = sliding[group] else { throw .damaged }
      slid.begin(at: try part.number(), baseCount: plan.baseCount)
      try read(slid.sum, from: &part, seeds)
      try slid.read(from: &part)
      sliding[group] = slid
    }
    for _ in 0..<(try part.count()) {
      let table: Int = try part.number()
      let name = BurstKey(table: table, key: try part.number())
      let time: Int64 = try part.number()
      habits[name] = (try OwnMeasure(from: &part), time)
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
    return true
  }

  /// Takes in what was written of a window that has counted nothing.
  private func read(
    _ window: RateWindow, from part: inout SnapshotReader, _ seeds: SeedTable
  ) throws(SnapshotError) {
    window.counts = try part.list { (part) throws(SnapshotError) in try part.number() }
    window.bits = try part.list { (part) throws(SnapshotError) in try part.number() }
    window.entries = try part.list { (part) throws(SnapshotError) in try part.number() }
    window.firsts = try part.list { (part) throws(SnapshotError) in
      guard try part.flag() else { return RateWindow.First() }
      let place = try seeds.take(from: &part)
      return RateWindow.First(
        time: place.time, line: place.line, offset: place.offset,
        stream: Int32(truncatingIfNeeded: place.stream), file: place.file)
    }
    for _ in 0..<(try part.count()) {
      let base: Int = try part.number()
      guard window.firsts.indices.contains(base) else { throw .damaged }
      window.samples[base] = try seeds.take(from: &part)
    }
    guard window.entries.count <= RateWindow.groupsMax,
      window.counts.count == window.entries.count * plan.baseCount,
      window.firsts.count == window.counts.count,
      window.bits.count == window.entries.count * window.wordCount
    else { throw .damaged }
    window.index()
  }
}
