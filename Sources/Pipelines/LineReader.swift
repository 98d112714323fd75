import Bytes
import Detectors
public import Events
public import Registers

/// Looks over a reader's shoulder: sees every line that the path reads, and what became of it.
///
/// `parse` prints what it sees and `explain` tells it to a person; a scan has no witness. Called on
/// the reader's own thread, once a line, in the order of the lines. The event is the reader's: what
/// is kept of it is copied.
public protocol LineWitness: AnyObject {
  /// A line became an event and met the registers; the rules come next.
  func saw(_ event: Event, at place: LinePlace)
  /// A line is no event.
  func saw(rejected rejection: Rejection, at place: LinePlace)
}

/// The *read* stage of one worker: every byte of a chunk, and nothing kept from line to line.
///
/// frame → parse → normalise → join registers → stateless rules. What it passes on is a ``Batch``:
/// counts of every line, and the few lines that *follow* must see.
public final class LineReader {
  private var normaliser: Normaliser
  private let registers: Registers
  private let evaluator: Evaluator
  private let event = Event()
  private let setup: PipelineSetup
  private let judges: Bool
  /// The review's month, or all of time.
  private let talliedFrom, talliedTo: Int64
  private var populations = Tallies.Populations()
  private var people = NameTally()
  private var systems = NameTally()
  private var networks = CachedNetwork()
  private var uses: [Tallies.Use: Tallies.Seen] = [:]
  private var calendar: DayCalendar
  private var address = CachedAddress()
  private let joins = JoinCache()
  private let since, until, latest: Int64
  /// Whether some rule reads `@timestamp`, which is then the same text whatever the line wrote.
  private let rulesReadTime: Bool
  private let geo: (any GeoLookup)?
  /// Looking into the optional costs more than asking this.
  private let hasGeo: Bool
  /// The slots of the fields that are carried, one bit each.
  private let carried: [UInt64]
  private var hitBuffer: [UInt16] = []
  /// Who else wants to see the lines; nobody in a scan.
  public var witness: (any LineWitness)?
  /// What the last batch came to hold, and a little more.
  private var guess = (bytes: 0, lines: 0)

  /// A worker of a pipeline.
  public init(_ setup: PipelineSetup) {
    self.setup = setup
    judges = setup.judges
    talliedFrom = setup.tallied?.lowerBound ?? .min
    talliedTo = setup.tallied?.upperBound ?? .max
    normaliser = setup.makeNormaliser()
    registers = setup.registers
    evaluator = Evaluator(setup.rules) { !setup.lateRules.contains($0) }
    calendar = DayCalendar(setup.zone)
    rulesReadTime =
      setup.carried.contains(.timestamp)
      || setup.rules.rules.contains { $0.fields.contains(.timestamp) }
    (since, until, latest, geo) = (setup.since, setup.until, setup.latest, setup.geo)
    hasGeo = geo != nil
    carried = setup.carried.reduce(
      into: [UInt64](repeating: 0, count: Event.fieldsMax / 64)
    ) { $0[$1.index >> 6] |= 1 << UInt64($1.index & 63) }
  }

  /// The counts of every line this worker has read.
  public var tallies: Tallies {
    var tallies = Tallies()
    tallies.populations = populations
    tallies.people = people.byName
    tallies.systems = systems.byName
    tallies.networks = networks.tally.byName
    tallies.uses = uses
    return tallies
  }

  /// Reads the lines of one chunk.
  ///
  /// - Parameters:
  ///   - block: Whole lines, and where they stand in their stream.
  ///   - context: What is known about the file they come from.
  ///   - source: The source's declaration, for the joins.
  /// - Complexity: O(*n*) in the bytes.
  public func read(_ block: LineBlock, _ context: LineContext, _ source: SourceContext) -> Batch {
    let batch = Batch(
      stream: block.stream, sequence: block.sequence, bytes: guess.bytes, lines: guess.lines)
    defer {
      // A log's chunks are alike; an eighth more spares most batches from growing.
      let (bytes, lines) = (batch.arena.count, batch.notables.count)
      guess = (bytes + bytes / 8, lines + lines / 8)
    }
    normaliser.begin(context)
    for line in block.oversized {
      batch.tally.reject("line-too-long", line: line.number)
      batch.tally.leading.rejected += 1
      batch.tally.leading.lines += 1
      batch.tally.leading.bytes += line.bytes
      let place = LinePlace(number: line.number, offset: block.offset, bytes: line.bytes)
      witness?.saw(rejected: Rejection("line-too-long"), at: place)
    }
    var counts = Counts()
    let bytes = block.bytes
    var (start, number) = (0, block.firstLine)
    while start < bytes.count {
      let end = bytes.firstOffset(of: 0x0A, from: start) ?? bytes.count
      let next = min(end + 1, bytes.count)
      var line = bytes.slice(start, end)
      if line.count > 0, line[line.count - 1] == 0x0D { line = line.prefix(line.count - 1) }
      let place = LinePlace(
        number: number, offset: block.offset + UInt64(start), bytes: UInt64(next - start))
      readLine(line, place, source, &counts, batch)
      start = next
      number += 1
    }
    batch.tally.close(counts.day)
    if counts.last >= counts.first { batch.tally.first = counts.first }
    if counts.last >= counts.first { batch.tally.last = counts.last }
    batch.tally.inferred = counts.inferred
    batch.tally.unmapped = counts.unmapped
    batch.latest = counts.last
    return batch
  }

  /// What is counted from line to line of one chunk.
  private struct Counts {
    var day = ChunkTally.Day(day: .min, lines: 0, bytes: 0, parsed: 0, rejected: 0)
    /// First and last event time so far.
    var first = Int64.max, last = Int64.min
    var inferred: UInt64 = 0, unmapped: UInt64 = 0
  }

  @inline(__always) private func readLine(
    _ line: ByteView, _ place: LinePlace, _ source: SourceContext,
    _ counts: inout Counts, _ batch: Batch
  ) {
    event.reset(line: line)
    if let rejection = normaliser.normalise(event) {
      reject(rejection, place, &counts.day, batch)
      return
    }
    let time = event.time
    guard time > PipelineSetup.earliest, time < latest else {
      reject(Rejection("time-out-of-range"), place, &counts.day, batch)
      return
    }
    let number = calendar.day(of: time)
    if number != counts.day.day {
      batch.tally.close(counts.day)
      counts.day = ChunkTally.Day(day: number, lines: 0, bytes: 0, parsed: 0, rejected: 0)
    }
    counts.day.lines &+= 1
    counts.day.bytes &+= place.bytes
    counts.day.parsed &+= 1
    if time > counts.last { counts.last = time }
    if time < counts.first { counts.first = time }
    if event.has(.timestampInferred) { counts.inferred &+= 1 }
    if event.has(.eventDataset, equalTo: "json") { counts.unmapped &+= 1 }
    guard time >= since, time < until else { return }
    if hasGeo, let geo { address.place(event, geo) }
    if rulesReadTime { event.set(.timestamp, event.scratch.copy(RFC3339.text(nanoseconds: time))) }
    registers.join(event, source: source, cache: joins)
    witness?.saw(event, at: place)
    guard judges else { return }
    if time >= talliedFrom, time < talliedTo { count(time) }
    hitBuffer.removeAll(keepingCapacity: true)
    evaluator.evaluate(event) { hitBuffer.append(UInt16(truncatingIfNeeded: $0)) }
    // Baselines and the review see every sign-in, whether or not a rule asks for it.
    guard !hitBuffer.isEmpty || event.has(.eventAction, equalTo: "auth.login") else { return }
    note(place, latest: counts.last, batch)
  }

  private func reject(
    _ rejection: Rejection, _ place: LinePlace, _ day: inout ChunkTally.Day, _ batch: Batch
  ) {
    batch.tally.reject(rejection.reason, line: place.number)
    witness?.saw(rejected: rejection, at: place)
    if day.day == .min {
      batch.tally.leading.lines += 1
      batch.tally.leading.bytes += place.bytes
      batch.tally.leading.rejected += 1
    } else {
      day.lines += 1
      day.bytes += place.bytes
      day.rejected += 1
    }
  }

  /// Adds the event to what the review needs of every line.
  @inline(__always) private func count(_ time: Int64) {
    populations.events += 1
    if event.has(.systemName) { populations.systems += 1 }
    if event.has(.eventAction, equalTo: "auth.login") { populations.signIns += 1 }
    if let system = event.text(.systemID) { systems.add(system, at: time) }
    if setup.tallied != nil, event.has(.sourceInfrastructure, equalTo: "listed") {
      networks.add(event.text(.sourceIP), registers, at: time)
    }
    guard let kind = event.text(.personKind) else { return }
    populations.persons += 1
    guard event.has(.eventOutcome, equalTo: "success") else { return }
    if let person = event.text(.personID) { people.add(person, at: time) }
    if kind.equals("contractor") { countUse(time) }
  }

  private func countUse(_ time: Int64) {
    populations.contractors += 1
    func text(_ field: Field) -> String { event.text(field)?.string ?? "" }
    let use = Tallies.Use(
      person: text(.personID), system: event.has(.systemID) ? text(.systemID) : text(.systemName),
      environment: text(.systemEnvironment), scope: text(.accessScope),
      reason: text(.accessScopeReason), approval: text(.accessApproval))
    uses[use, default: Tallies.Seen()].add(time)
    if uses.count > Tallies.usesMax * 2 { uses = Tallies.bounded(uses) }
  }

  /// Copies what *follow* needs of the event into the batch.
  private func note(_ place: LinePlace, latest: Int64, _ batch: Batch) {
    let line = event.line
    let raw = line.prefix(min(line.count, PipelineSetup.rawMax))
    let rawStart = batch.arena.append(raw)
    let rawEnd = UInt32(truncatingIfNeeded: batch.arena.count)
    event.forEachSlot(in: carried) { slot, value in
      let text: ByteView
      switch value {
      case .null: return
      case .text(let view): text = view
      default: text = value.text(event.scratch)
      }
      let count = min(text.count, PipelineSetup.carriedMax)
      batch.arena.append(
        UInt32(truncatingIfNeeded: slot | count << 16), text.prefix(count))
    }
    let hitsStart = UInt32(truncatingIfNeeded: batch.hits.count)
    batch.hits.append(contentsOf: hitBuffer)
    var digest: Int32 = -1
    if raw.count < line.count {
      digest = Int32(truncatingIfNeeded: batch.digests.count)
      batch.digests.append(Digest.sha256(line))
    }
    batch.notables.append(
      Notable(
        time: event.time, latest: latest, line: place.number, offset: place.offset,
        rawStart: rawStart, rawEnd: rawEnd,
        fieldsEnd: UInt32(truncatingIfNeeded: batch.arena.count), hitsStart: hitsStart,
        hitsEnd: UInt32(truncatingIfNeeded: batch.hits.count), weight: event.weight,
        digest: digest))
  }
}

/// Where a line is, and how many bytes it has with its line ending.
public struct LinePlace: Hashable, Sendable {
  /// The line's number in its stream, from one.
  public let number: UInt64
  /// The first byte's offset in the stream, and how many bytes the line has.
  public let offset, bytes: UInt64
}

extension ChunkTally {
  /// Adds a day's counts to the days so far.
  mutating func close(_ day: Day) {
    guard day.day != .min else { return }
    if let place = days.firstIndex(where: { $0.day == day.day }) {
      days[place].add(day)
    } else {
      days.append(day)
    }
  }
}

extension ChunkTally.Day {
  mutating func add(_ other: ChunkTally.Day) {
    lines += other.lines
    bytes += other.bytes
    parsed += other.parsed
    rejected += other.rejected
  }
}
