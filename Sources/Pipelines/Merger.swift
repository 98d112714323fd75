import Bytes

/// Puts the notable events of all streams in one order: event time, then stream, then line.
///
/// Within a stream an event may come late. It is put in order when it is at most
/// ``PipelineSetup/latenessNanoseconds`` behind the latest event before it, and treated as that late
/// when it is later still; so its place depends on its stream alone, not on chunks or workers. Nor is
/// it put before an event that stands more than ``reachBytes`` in front of it in the stream, which
/// bounds what is held back however many lines share one time.
public final class Merger {
  fileprivate struct Entry {
    var order: Int64
    var stream: Int
    var line: UInt64
    var batch: Int
    var index: Int

    static func precedes(_ left: Entry, _ right: Entry) -> Bool {
      (left.order, left.stream, left.line) < (right.order, right.stream, right.line)
    }
  }

  fileprivate struct Stream {
    /// The latest event time of the batches taken in.
    var latest = Int64.min
    /// Entries that are not yet followed, sorted.
    var pending: [Entry] = []
    var next = 0
    var isDone = false
    /// No event is put before this: the stream may be opened only when others have come so far.
    let floor: Int64
    /// The latest place in the order by block of the stream, and of all blocks out of reach.
    var reach = Reach()
  }

  /// A batch, until its last entry is followed.
  private struct Held {
    var batch: Batch?
    var left: Int
  }

  /// How far apart in their stream two events may be to change places, bytes: seconds of a busy log.
  public static let reachBytes: UInt64 = 64 << 20

  /// The latest place in the order of the events that are out of reach.
  ///
  /// By blocks of 64 KiB of the stream, so that it depends on offsets alone.
  fileprivate struct Reach {
    init() {}

    func write(to writer: inout SnapshotWriter) {
      writer.put(floor)
      writer.put(blocks) { block, writer in
        writer.put(block.number)
        writer.put(block.latest)
      }
    }

    init(from reader: inout SnapshotReader) throws(SnapshotError) {
      floor = try reader.number()
      for _ in 0..<(try reader.count()) {
        blocks.append((number: try reader.number(), latest: try reader.number()))
      }
    }

    private static let blockBits: UInt64 = 16
    private static let blockCount = Merger.reachBytes >> blockBits
    /// Blocks with events within reach, and the latest place up to the end of each.
    private var blocks: ArraySlice<(number: UInt64, latest: Int64)> = []
    /// The latest place out of reach.
    private(set) var floor = Int64.min

    /// Where an event is put that stands at an offset and would be put at `order`.
    mutating func place(_ order: Int64, at offset: UInt64) -> Int64 {
      let number = offset >> Reach.blockBits
      while let first = blocks.first, first.number + Reach.blockCount < number {
        floor = max(floor, first.latest)
        blocks.removeFirst()
      }
      let placed = max(order, floor)
      if let last = blocks.last, last.number == number {
        blocks[blocks.endIndex - 1].latest = max(last.latest, placed)
      } else {
        blocks.append((number, placed))
      }
      return placed
    }
  }

  private var streams: [Stream]
  /// The batches that hold entries not yet followed, by number from `firstBatch` on.
  private var batches: [Held] = []
  private var firstBatch = 0
  private let follower: Follower
  /// Takes a batch back that nobody needs any more.
  public var release: (Batch) -> Void = { _ in }

  /// A merger that hands events to `follower`.
  ///
  /// - Parameter floors: The time of each stream's first line, or `Int64.min`.
  public init(floors: [Int64], follower: Follower) {
    let lateness = PipelineSetup.latenessNanoseconds
    streams = floors.map { Stream(floor: $0 == .min ? .min : $0 - lateness) }
    self.follower = follower
  }

  /// Takes the next batch of a stream; batches of one stream come in their order.
  public func add(_ batch: Batch) {
    let place = batch.stream
    if !batch.rateMarks.isEmpty {
      follower.count(batch, before: streams[place].latest, floor: streams[place].floor)
    }
    if !batch.notables.isEmpty {
      let number = firstBatch + batches.count
      batches.append(Held(batch: batch, left: batch.notables.count))
      let (before, floor) = (streams[place].latest, streams[place].floor)
      let entries = batch.notables.enumerated().map { index, notable in
        let latest = max(before, notable.latest)
        let order = max(notable.time, latest - PipelineSetup.latenessNanoseconds, floor)
        return Entry(
          order: streams[place].reach.place(order, at: notable.offset), stream: place,
          line: notable.line, batch: number, index: index)
      }
      streams[place].insert(entries)
    }
    streams[place].latest = max(streams[place].latest, batch.latest)
    if batch.notables.isEmpty { release(batch) }
  }

  /// Adds a stream.
  func add(floor: Int64) {
    streams.append(
      Stream(floor: floor == .min ? .min : floor - PipelineSetup.latenessNanoseconds))
  }

  /// Writes what the place of a stream's next events depends on; all before them must have been followed.
  func write(_ stream: Int, to writer: inout SnapshotWriter) {
    writer.put(streams[stream].latest)
    streams[stream].reach.write(to: &writer)
  }

  /// Takes in what was written of a stream.
  func read(_ stream: Int, from reader: inout SnapshotReader) throws(SnapshotError) {
    streams[stream].latest = try reader.number()
    streams[stream].reach = try Reach(from: &reader)
  }

  /// Says that a stream that had no more batches has some.
  func reopen(_ stream: Int) { streams[stream].isDone = false }

  /// Says that a stream has no more batches.
  public func finish(_ stream: Int) { streams[stream].isDone = true }

  /// The earliest time at which an event of a stream may still be added.
  public func horizon(_ stream: Int) -> Int64 {
    if streams[stream].isDone { return .max }
    let latest = streams[stream].latest
    guard latest != .min else { return .min }
    return max(latest - PipelineSetup.latenessNanoseconds, streams[stream].reach.floor)
  }

  /// Follows every event before a place in the order.
  ///
  /// - Parameters:
  ///   - horizon: The earliest time that may still come.
  ///   - last: The first stream that it may come from: what stands at that time in this stream or an
  ///     earlier one is in front of anything still to come.
  public func advance(to horizon: Int64, of last: Int = .max) {
    // What ends before anything that may still come is told, whether or not an event is there to follow.
    defer { if horizon != .max { follower.closeRates(by: horizon) } }
    func mayGo(_ entry: Entry) -> Bool { (entry.order, entry.stream) <= (horizon, last) }
    if streams.count == 1 { return followAlone(mayGo) }
    var heads = Heap()
    for place in streams.indices {
      if let entry = streams[place].first, mayGo(entry) { heads.push(entry) }
    }
    while let entry = heads.pop() {
      follow(entry, in: entry.stream)
      if let next = streams[entry.stream].first, mayGo(next) { heads.push(next) }
    }
  }

  /// Follows the only stream, batch by batch.
  private func followAlone(_ mayGo: (Entry) -> Bool) {
    let pending = streams[0].pending
    var next = streams[0].next
    // What the next events will read comes from memory while this one is followed.
    let ahead = 3
    while next < pending.count, mayGo(pending[next]) {
      let number = pending[next].batch
      guard let batch = batches[number - firstBatch].batch else { return }
      let notables = batch.notables
      let first = next
      while next < pending.count, pending[next].batch == number, mayGo(pending[next]) {
        // Late events stand between those of another batch.
        if next + ahead < pending.count, pending[next + ahead].batch == number {
          follower.prefetch(notables[pending[next + ahead].index], batch)
        }
        if next + 1 < pending.count, pending[next + 1].batch == number {
          follower.prefetchHeld(notables[pending[next + 1].index], batch)
        }
        follower.follow(notables[pending[next].index], batch)
        next += 1
      }
      streams[0].next = next
      settle(number - firstBatch, next - first)
    }
  }

  private func follow(_ entry: Entry, in place: Int) {
    streams[place].drop()
    let number = entry.batch - firstBatch
    guard let batch = batches[number].batch else { return }
    follower.follow(batch.notables[entry.index], batch)
    settle(number, 1)
  }

  /// Counts entries of a batch that were followed, and gives it back after the last.
  private func settle(_ number: Int, _ count: Int) {
    batches[number].left -= count
    guard batches[number].left == 0 else { return }
    if let batch = batches[number].batch { release(batch) }
    batches[number].batch = nil
    let done = batches.firstIndex { $0.batch != nil } ?? batches.count
    batches.removeFirst(done)
    firstBatch += done
  }

  /// The heads of streams by order; a binary heap.
  private struct Heap {
    private var entries: [Entry] = []

    mutating func push(_ entry: Entry) {
      entries.append(entry)
      var place = entries.count - 1
      while place > 0, Entry.precedes(entries[place], entries[(place - 1) / 2]) {
        entries.swapAt(place, (place - 1) / 2)
        place = (place - 1) / 2
      }
    }

    mutating func pop() -> Entry? {
      guard let first = entries.first, let last = entries.popLast() else { return nil }
      guard !entries.isEmpty else { return first }
      entries[0] = last
      var place = 0
      while true {
        let (left, right) = (2 * place + 1, 2 * place + 2)
        var least = place
        if left < entries.count, Entry.precedes(entries[left], entries[least]) { least = left }
        if right < entries.count, Entry.precedes(entries[right], entries[least]) { least = right }
        if least == place { return first }
        entries.swapAt(place, least)
        place = least
      }
    }
  }
}

extension Merger.Stream {
  fileprivate var first: Merger.Entry? { next < pending.count ? pending[next] : nil }

  fileprivate mutating func drop() { next += 1 }

  /// Adds entries and keeps the order; those of a log that stands in order cost one comparison.
  fileprivate mutating func insert(_ entries: [Merger.Entry]) {
    if next == pending.count {
      pending.removeAll(keepingCapacity: true)
      next = 0
    } else if next > 4096 {
      pending.removeFirst(next)
      next = 0
    }
    let old = pending.count
    pending += entries
    var isSorted = true
    for index in max(old, next + 1)..<max(pending.count, old, next + 1)
    where Merger.Entry.precedes(pending[index], pending[index - 1]) {
      isSorted = false
      break
    }
    if !isSorted { pending[next...].sort(by: Merger.Entry.precedes) }
  }
}
