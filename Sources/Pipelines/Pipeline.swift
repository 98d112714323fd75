import Bytes
public import Detectors
public import Events
public import Registers

/// The blocks of one stream, in order; it opens its files when it is first asked.
public protocol Feed: AnyObject {
  /// The next whole lines, or `nil` at the end. What could not be read is the feed's to report.
  func next() -> LineBlock?
  /// Takes back a block whose lines nobody reads any more, so that its memory serves again.
  func recycle(_ block: LineBlock)
  /// What a later feed of the same stream must know to go on behind the last block.
  var position: [UInt8] { get }
}

extension Feed {
  /// Nothing: it is read once, from its beginning.
  public var position: [UInt8] { [] }
}

/// One stream of a run: its name, how its lines are read, and where they come from.
public struct PipelineStream {
  /// The name that evidence cites.
  public let name: String
  /// What is known of each of its files.
  public internal(set) var contexts: [LineContext]
  /// How the format of its lines was chosen.
  public let chosenBy: String
  /// What the configuration declares for the joins.
  public let source: SourceContext
  /// The time of the first line, nanoseconds; `Int64.min` when it is not known.
  public let firstTime: Int64
  /// The lines.
  public let feed: any Feed

  /// A stream from its parts.
  public init(
    name: String, contexts: [LineContext], chosenBy: String = "", source: SourceContext,
    firstTime: Int64, feed: any Feed
  ) {
    (self.name, self.contexts, self.source) = (name, contexts, source)
    self.chosenBy = chosenBy
    (self.firstTime, self.feed) = (firstTime, feed)
  }
}

/// The data path, from lines to findings. It reads top to bottom:
///
/// 1. **feed**: blocks of whole lines (``Feed``, ``LineBlock``);
/// 2. **read** (``LineReader``): frame, parse, normalise, join, stateless rules; in parallel;
/// 3. **merge** (``Merger``): the notable events of all streams in event-time order;
/// 4. **follow** (``Follower``): attempts, baselines, correlations, findings; one after another.
///
/// `scan`, `test`, `explain` and `parse` run this path to its end; `watch` runs it again and again, for as
/// much as has come (``step()``).
public final class Pipeline {
  let setup: PipelineSetup
  var streams: [PipelineStream]
  let merger: Merger
  let follower: Follower
  /// How many workers read at once.
  public var jobs: Int
  /// Each stream's counts so far.
  public internal(set) var tallies: [StreamTally]
  /// Called after each block with the bytes it had.
  public var progress: (Int) -> Void = { _ in }
  /// Asked before each block of a step; when it says so the step ends, and the rest is for the next.
  public var isPausing: () -> Bool = { false }
  /// Events later than this are rejected, nanoseconds; moves on with the clock of a run without an end.
  public var latest: Int64 { didSet { follower.latest = latest } }
  /// The time in a run without an end, nanoseconds; `nil` where the logs say what time it is.
  ///
  /// What the registers expect is told when it has come, and not only when later lines show that it has.
  public var clock: Int64?
  /// The time up to which the registers are followed when the lines end before it, nanoseconds.
  public var end: Int64?
  /// Sees the events of the registers that rules are asked about.
  public var registerWitness: ((Event) -> Void)? {
    get { follower.registerWitness }
    set { follower.registerWitness = newValue }
  }
  /// Sees the events that rules over habits are asked about; a scan has none.
  public var lateWitness: ((Event) -> Void)? {
    get { follower.lateWitness }
    set { follower.lateWitness = newValue }
  }
  /// Whether every line is read as if none had come before: the oracle of the tests.
  @_spi(Oracle) public var isPlain = false

  /// Streams not yet opened, the earliest last.
  private var waiting: [Int]
  private var isOpen: [Bool]
  private var isExhausted: [Bool]
  private var inFlight: [Int]
  /// Batches that came before their turn, by stream and sequence.
  private var early: [[Int: Batch]]
  private var nextSequence: [Int]
  /// The worker of a step that needs only one.
  var stepReader: LineReader?
  /// The places of streams whose counts stand with others now.
  var isFolded: Set<Int> = []
  /// Whether it goes on from a snapshot.
  var isResumed = false
  /// Whether the snapshot's months are those of another zone.
  public internal(set) var isOtherZone = false
  /// The counts of every line by month, but for those that the worker of the steps still has.
  var talliesByMonth: [Int: Tallies] = [:]
  /// Bits of the fields that some event had.
  var seenFields = [UInt64](repeating: 0, count: Event.fieldsMax / 64)
  /// The places of streams that are known from a snapshot and were not added yet, by name, and where their
  /// feeds had come to.
  var remembered: [String: (place: Int, position: [UInt8])] = [:]
  /// By stream, the places of files of which no line is kept any more: they serve again.
  var freeContexts: [Int: [Int]] = [:]
  /// By stream, the place of the file that is read now.
  var latestContexts: [Int: Int] = [:]
  /// Batches that can be filled again.
  private var spares: [Batch] = []

  /// A run over streams.
  ///
  /// - Parameter jobs: How many workers read at once, one at least.
  public init(_ setup: PipelineSetup, streams: [PipelineStream], jobs: Int) {
    self.setup = setup
    self.streams = streams
    self.jobs = max(1, jobs)
    latest = setup.latest
    follower = Follower(
      setup,
      streams: streams.map {
        StreamFacts(name: $0.name, contexts: $0.contexts, source: $0.source)
      })
    merger = Merger(floors: streams.map(\.firstTime), follower: follower)
    tallies = streams.map { _ in StreamTally() }
    waiting = streams.indices.sorted {
      (streams[$0].firstTime, $0) > (streams[$1].firstTime, $1)
    }
    isOpen = streams.map { _ in false }
    isExhausted = streams.map { _ in false }
    inFlight = streams.map { _ in 0 }
    early = streams.map { _ in [:] }
    nextSequence = streams.map { _ in 0 }
    merger.release = { [unowned self] in if spares.count < 8 { spares.append($0) } }
  }

  /// Reads everything and returns what was found.
  public func run() async -> PipelineResult {
    var tallies = Tallies()
    follower.isPlain = isPlain
    if jobs == 1 {
      let reader = makeReader()
      while let block = nextBlock() {
        take(read(block, with: reader), block)
      }
      tallies.merge(reader.tallies)
    } else {
      tallies = await runInParallel()
    }
    beginRegisters(horizon: .max)
    merger.advance(to: .max)
    endWaits()
    follower.closeRates(by: .max)
    return PipelineResult(
      findings: follower.findings(), streams: self.tallies, tallies: tallies,
      signIns: follower.signIns, lifted: follower.lifted, evictedCount: follower.evictedCount,
      overflowCount: follower.collector.overflowCount)
  }

  /// Reads what there is by now and returns the findings that are new or have grown since the last call.
  ///
  /// What has come is followed at once, in the order of its time; what comes later is later, whatever its
  /// time says. Only a step that pauses leaves for the next what other streams may still come before.
  public func step() async -> [Finding] {
    if let clock { follower.clock = clock - Pipeline.settling }
    for place in streams.indices where isExhausted[place] && isOpen[place] {
      isExhausted[place] = false
      merger.reopen(place)
    }
    if jobs == 1 {
      let reader = stepReader ?? makeReader()
      stepReader = reader
      reader.latest = latest
      while let block = nextBlock() { take(read(block, with: reader), block) }
    } else {
      _ = await runInParallel()
    }
    if isUpToDate {
      beginRegisters(horizon: .max)
      if let clock, follower.waitsForBeginning {
        follower.beginRegisters(at: clock - Pipeline.settling)
      }
      merger.advance(to: .max)
      // Lines may still come that are a little late.
      endWaits(late: PipelineSetup.latenessNanoseconds)
    }
    return follower.changedFindings()
  }

  /// What was waited for until the latest line, and did not come, will not come any more; and windows close.
  ///
  /// - Parameter late: How late lines may still come, nanoseconds.
  private func endWaits(late: Int64 = 0) {
    let last = tallies.compactMap(\.last).max()
    if let time = clock ?? [last.map { $0 - late }, end].compactMap(\.self).max() {
      follower.followRegisters(by: time)
    }
    guard let last else { return }
    follower.endWaits(by: last - late)
    follower.closeWindows(at: last - late)
  }

  /// How long lines of a moment may take to come, nanoseconds: so long the clock waits for them.
  public static let settling: Int64 = 3 * 1_000_000_000

  /// Has the registers' events begin with the first event of the logs, once that is known.
  ///
  /// - Parameter horizon: The earliest time that may still come; it is known when that is.
  private func beginRegisters(horizon: Int64) {
    guard follower.waitsForBeginning, horizon > .min else { return }
    if isResumed {
      // No rule asked before; what is long over is no news.
      let now = clock.map { $0 - Pipeline.settling } ?? tallies.compactMap(\.last).max()
      if let now { follower.beginRegisters(at: now) }
      return
    }
    var first = Int64.max
    for (place, stream) in streams.enumerated() {
      // Of a stream that was not looked at before, what came first says when it begins.
      let known = stream.firstTime == .min ? tallies[place].opening : stream.firstTime
      first = min(first, known ?? .max)
    }
    if first < .max { follower.beginRegisters(at: first) }
  }

  /// Up to when the registers were followed, nanoseconds; `Int64.min` when they are not.
  public var registersToldUntil: Int64 { follower.registersToldUntil }

  /// How much state was forgotten early because a table was full, and how many events belong to findings
  /// beyond the number kept.
  public var losses: (evicted: UInt64, overflow: UInt64) {
    (follower.evictedCount, follower.collector.overflowCount)
  }

  /// Whether the last step read all that there was.
  public var isUpToDate: Bool { waiting.isEmpty && isExhausted.allSatisfy { $0 } }

  /// Forgets findings that ended before an instant: they will not grow any more.
  public func forgetFindings(before time: Int64) { follower.forgetFindings(before: time) }

  /// Adds a stream that was not there at the beginning; returns its place.
  ///
  /// - Parameter name: The name under which a snapshot knows it: then it goes on as what it was, with its counts.
  public func add(_ stream: PipelineStream, resuming name: String? = nil) -> Int {
    if let name, let known = remembered.removeValue(forKey: name) {
      resume(known.place, as: stream)
      return known.place
    }
    let place = append(stream)
    open(place)
    return place
  }

  /// Makes a place for a stream; nothing is read of it before it is opened.
  func append(_ stream: PipelineStream) -> Int {
    streams.append(stream)
    follower.add(
      StreamFacts(name: stream.name, contexts: stream.contexts, source: stream.source))
    merger.add(floor: stream.firstTime)
    tallies.append(StreamTally())
    isOpen.append(false)
    isExhausted.append(true)
    inFlight.append(0)
    early.append([:])
    nextSequence.append(0)
    merger.finish(streams.count - 1)
    return streams.count - 1
  }

  /// Has a stream wait for its turn.
  func open(_ place: Int) {
    isExhausted[place] = false
    merger.reopen(place)
    waiting.append(place)
    waiting.sort { (streams[$0].firstTime, $0) > (streams[$1].firstTime, $1) }
  }

  /// Adds what is known of another file of a stream, of which lines are read from now on; returns the file's place.
  ///
  /// Places of earlier files serve again once no window or finding keeps a line of them (``snapshot(at:)`` looks), so
  /// that a log which begins another file each hour fills nothing in years.
  public func addContext(_ context: LineContext, to stream: Int) -> Int {
    var place = streams[stream].contexts.count
    if let free = freeContexts[stream]?.popLast() {
      place = free
      streams[stream].contexts[place] = context
    } else {
      streams[stream].contexts.append(context)
    }
    follower.put(context, at: place, of: stream)
    latestContexts[stream] = place
    return place
  }

  /// How many files of a stream something is known of.
  public func contextCount(of stream: Int) -> Int { streams[stream].contexts.count }

  private func makeReader() -> LineReader {
    let reader = LineReader(setup)
    reader.isPlain = isPlain
    reader.latest = latest
    return reader
  }

  private func runInParallel() async -> Tallies {
    let readers = (0..<jobs).map { _ in ReaderBox(makeReader()) }
    var free = readers
    await withTaskGroup(of: Done.self) { group in
      while true {
        while let reader = free.last, let block = nextBlock() {
          free.removeLast()
          let stream = streams[block.stream]
          let (context, source) = (stream.contexts[block.file], stream.source)
          let spare = spares.popLast()
          group.addTask {
            Done(
              reader: reader, block: block,
              batch: reader.reader.read(block, context, source, reusing: spare))
          }
        }
        guard let done = await group.next() else { break }
        free.append(done.reader)
        take(done.batch, done.block)
      }
    }
    if setup.talliesMonths {
      for box in readers { takeTallies(of: box.reader) }
      return Tallies()
    }
    return readers.reduce(into: Tallies()) { $0.merge($1.reader.tallies) }
  }

  private func read(_ block: LineBlock, with reader: LineReader) -> Batch {
    let stream = streams[block.stream]
    return reader.read(
      block, stream.contexts[block.file], stream.source, reusing: spares.popLast())
  }

  /// The next block of the stream that is furthest behind, so that no other has to wait long.
  private func nextBlock() -> LineBlock? {
    while true {
      openWhatMayBeNext()
      var best: Int?
      for place in streams.indices where isOpen[place] && !isExhausted[place] {
        if let other = best, merger.horizon(other) <= merger.horizon(place) { continue }
        best = place
      }
      guard let place = best else {
        if waiting.isEmpty { return nil }
        continue
      }
      if isPausing() { return nil }
      if let block = streams[place].feed.next() {
        inFlight[place] += 1
        return block
      }
      isExhausted[place] = true
      finishIfDone(place)
    }
  }

  /// Opens each stream that may hold an event as early as those still open.
  private func openWhatMayBeNext() {
    var horizon = Int64.max
    for place in streams.indices where isOpen[place] && !isExhausted[place] {
      horizon = min(horizon, merger.horizon(place))
    }
    while let place = waiting.last {
      let isAlone = horizon == .max
      guard isAlone || floor(place) <= horizon else { return }
      waiting.removeLast()
      isOpen[place] = true
      horizon = .min
    }
  }

  private func floor(_ place: Int) -> Int64 {
    let first = streams[place].firstTime
    return first == .min ? .min : first - PipelineSetup.latenessNanoseconds
  }

  /// Takes a batch in, in the order of its stream, and follows what can now be followed.
  private func take(_ batch: Batch, _ block: LineBlock) {
    let place = batch.stream
    inFlight[place] -= 1
    early[place][batch.sequence] = batch
    while let next = early[place].removeValue(forKey: nextSequence[place]) {
      nextSequence[place] += 1
      tallies[place].add(next.tally)
      merger.add(next)
    }
    finishIfDone(place)
    progress(block.bytes.count)
    streams[place].feed.recycle(block)
    var (horizon, last) = (Int64.max, Int.max)
    func lower(_ time: Int64, _ place: Int) {
      if (time, place) < (horizon, last) { (horizon, last) = (time, place) }
    }
    for place in streams.indices where isOpen[place] { lower(merger.horizon(place), place) }
    for place in waiting { lower(floor(place), place) }
    beginRegisters(horizon: horizon)
    merger.advance(to: horizon, of: last)
  }

  private func finishIfDone(_ place: Int) {
    if isExhausted[place], inFlight[place] == 0 { merger.finish(place) }
  }

  /// A worker on its way between tasks; only one task has it at a time.
  private final class ReaderBox: @unchecked Sendable {
    let reader: LineReader
    init(_ reader: LineReader) { self.reader = reader }
  }

  private struct Done: Sendable {
    let reader: ReaderBox
    let block: LineBlock
    let batch: Batch
  }
}

/// What a run found and counted.
public struct PipelineResult {
  /// The findings, in order of time.
  public let findings: [Finding]
  /// Counts by stream.
  public let streams: [StreamTally]
  /// Counts of every line, for the review.
  public let tallies: Tallies
  /// Sign-ins, for the review.
  public let signIns: SignInTally
  /// What exceptions kept from being found, for the review.
  public let lifted: LiftTally
  /// How much state was forgotten early because a table was full.
  public let evictedCount: UInt64
  /// How many events belong to findings beyond the number kept.
  public let overflowCount: UInt64
}
