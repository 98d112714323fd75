import Bytes
import Detectors

/// The window of all groups of a field that slides by steps of the clock; belongs to ``Rates``.
///
/// What a step counted is added to the sum when the step ends, and taken off again when the window has slid past it, so
/// that a line costs nothing more, and each step as much as it had groups.
///
/// Bounded: ``RateWindow/groupsMax`` groups, each with a number for each step and counted rule. A group of which no step
/// counted anything makes room.
struct SlidingWindow {
  /// What the steps counted together, the window's beginning, and the first lines of each group within it.
  let sum = RateWindow()
  private let group: Int
  /// How long a step is, nanoseconds, and how many a window has.
  private let length: Int64, stepCount: Int
  /// The places of the rules that are counted.
  private let bases: [Int]
  /// By entry, step and counted rule, how many events there were.
  private var counts: [UInt64] = []
  /// The number of the step that was added last, counted from 1970.
  private var last = Int64.min

  /// A window of a plan's group that has counted nothing.
  init(group: Int, of plan: RatePlan) {
    self.group = group
    stepCount = plan.groups[group].stepCount
    length = plan.groups[group].seconds * 1_000_000_000 / Int64(stepCount)
    bases = (0..<plan.baseCount).filter { plan.groups[group].counted >> UInt64($0) & 1 == 1 }
    begin(at: 0, baseCount: plan.baseCount)
  }

  /// Begins anew, with nothing counted.
  func begin(at start: Int64, baseCount: Int) {
    sum.begin(
      group: group, start: start, length: length * Int64(stepCount), baseCount: baseCount,
      wordCount: 0)
  }

  private var width: Int { stepCount * bases.count }

  /// Slides on to a step that ended, and counts it; returns how many groups there was no room for.
  mutating func add(_ step: RateWindow) -> UInt64 {
    slide(to: step.start / length)
    let slot = Int(last % Int64(stepCount))
    var lost: UInt64 = 0
    for (place, key) in step.entries.enumerated() {
      let from = place * sum.baseCount
      guard bases.contains(where: { step.counts[from + $0] > 0 }) else { continue }
      guard let entry = sum.entry(of: key) else {
        lost += 1
        continue
      }
      while counts.count < sum.entries.count * width { counts.append(0) }
      for (number, base) in bases.enumerated() {
        let count = step.counts[from + base]
        counts[entry * width + slot * bases.count + number] = count
        sum.counts[entry * sum.baseCount + base] += count
        sum.keep(step.firsts[from + base], at: entry * sum.baseCount + base)
      }
    }
    for (place, sample) in step.samples {
      let (from, base) = place.quotientAndRemainder(dividingBy: sum.baseCount)
      guard bases.contains(base), let entry = sum.known(step.entries[from]) else { continue }
      sum.keep(sample: sample, at: entry * sum.baseCount + base)
    }
    return lost
  }

  /// How many events of some rules a group had in the steps that end after an instant.
  func events(_ entry: Int, _ bits: UInt64, after time: Int64) -> UInt64 {
    var total: UInt64 = 0
    for age in 0..<Int64(stepCount) where (last - age + 1) * length > time {
      let slot = Int((last - age) % Int64(stepCount))
      for (number, base) in bases.enumerated() where bits >> UInt64(base) & 1 == 1 {
        total += counts[entry * width + slot * bases.count + number]
      }
    }
    return total
  }

  /// Forgets what is older than the window that ends with a step.
  private mutating func slide(to number: Int64) {
    let start = (number + 1 - Int64(stepCount)) * length
    guard last == .min || number > last else { return }
    defer { last = number }
    guard last != .min, number - last < Int64(stepCount) else {
      begin(at: start, baseCount: sum.baseCount)
      counts.removeAll(keepingCapacity: true)
      return
    }
    for old in (last + 1)...number {
      let slot = Int(old % Int64(stepCount)) * bases.count
      for entry in sum.entries.indices {
        for (number, base) in bases.enumerated() {
          let place = entry * sum.baseCount + base
          sum.counts[place] -= min(sum.counts[place], counts[entry * width + slot + number])
          counts[entry * width + slot + number] = 0
        }
      }
    }
    sum.move(to: start)
    makeRoom()
  }

  /// Drops the groups that no step counts any more, when they are many.
  private mutating func makeRoom() {
    let kept = sum.entries.indices.filter { entry in
      bases.contains { sum.counts[entry * sum.baseCount + $0] > 0 }
    }
    let isFull = sum.entries.count == RateWindow.groupsMax
    guard kept.count < sum.entries.count, isFull || kept.count * 2 < sum.entries.count
    else { return }
    sum.keep(entries: kept)
    counts = kept.flatMap { counts[$0 * width..<($0 + 1) * width] }
  }

  // MARK: Snapshots

  /// Writes what the steps counted; the sum is written like any window.
  func write(to writer: inout SnapshotWriter) {
    writer.put(last)
    writer.put(counts) { $1.put($0) }
  }

  /// Takes in what was written; the sum is there already.
  mutating func read(from reader: inout SnapshotReader) throws(SnapshotError) {
    last = try reader.number()
    counts = try reader.list { (reader) throws(SnapshotError) in try reader.number() }
    guard last >= 0 || last == .min, counts.count == sum.entries.count * width
    else { throw .damaged }
  }
}
