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
  private let reader: EventReader
  private let event: Event
  private let registers: Registers
  private let setup: PipelineSetup
  /// Every stateless rule that *read* runs.
  private let evaluator: Evaluator
  /// Those of them that read what no ``Standing`` says, or `nil` when there are none.
  private let openEvaluator: Evaluator?
  /// Whether each event is joined before anything is known of it: some rule reads what only the join
  /// says, and more of it than a ``Standing`` does.
  private let alwaysJoins: Bool
  /// What reads an open field of a few actions only.
  private let gates: ActionGates
  /// By rule, whether it reads closed fields alone.
  private let isClosed: [Bool]
  private var gatedHits: [UInt16] = []
  private var verdicts = VerdictMemo()
  private var actions = WordTable()
  private var outcomes = WordTable()
  /// The numbers of `auth.login` and of `failure`.
  private let signIn, failure: UInt32
  /// Whether a rule's keys are made of what only the join says.
  private let feedsAreJoined: [Bool]
  /// Whether they are made of the person's id, of all that the join says.
  private let feedsNamePerson: [Bool]
  /// Whether events are judged and counted; a witness sees them in any case.
  private let judges: Bool
  /// The review's month, or all of time.
  private let talliedFrom, talliedTo: Int64
  private var counts: LineTally
  private let noCounts: LineTally
  /// The counts of other months, where each is counted by itself, and which month is at hand.
  private var otherMonths: [Int: LineTally] = [:]
  private var month: MonthCalendar
  private var monthAtHand: Int?
  private let countsNetworks: Bool
  /// Bits of the fields that some event had; only where each month is tallied.
  private(set) var seenFields: [UInt64]
  private var calendar: DayCalendar
  private let keys = KeyMemo()
  private let redactor = Redactor()
  /// What the line at hand, of which one look was enough, is to rates.
  private var ratesAtGlance: UInt64 = 0
  /// The counted rules of whose events rates must know more than a look shows.
  private let ratesBeyondGlances: UInt64
  /// By the place of a field that few events are grouped by, the rules whose events are, and the place of `client.id`.
  private let rareRates: [UInt64]
  private let rateClient: Int?
  /// By rule, whether nothing but rates wants to know of its events.
  private let isOnlyCounted: [Bool]
  private var rateTexts = RateTexts()
  /// The counted rules that ask for a status, or for more than a look shows: their lines are few, and carried with
  /// their text.
  private let rarelyCounted: UInt64
  private let marks = ByteMarks()
  /// Whether the lines at hand are JSON, of which some are nobody's.
  private var isJSON = false
  /// Whether one look at a line may be enough: nobody else wants to see it, and every rule reads only
  /// what a look shows, or words that the line would have to hold.
  private var glances = false
  /// What tells that no open rule matches a line, when there are open rules.
  private var filters: LineFilters?
  /// What is known of the words in the chunk's lines.
  private let words: ChunkWords
  private let since, until: Int64
  /// Events later than this are rejected, nanoseconds.
  var latest: Int64
  /// Bits of the slots that only the join may fill, and of keys that lead to what rules need: an event that has one
  /// is read the long way.
  private let joined: [UInt64]
  private var hitBuffer: [UInt16] = []
  /// Puts lines together in logs that need it; made when the first of those is read.
  private var framer: RecordFramer?
  /// The lines of the record at hand in such a log: what evidence shows and hashes.
  private var record: ByteView?
  /// Who else wants to see the lines; nobody in a scan.
  public var witness: (any LineWitness)?
  /// Whether nothing is taken from what earlier lines led to: the oracle of the tests.
  @_spi(Oracle) public var isPlain: Bool {
    get { reader.isPlain }
    set { reader.isPlain = newValue }
  }

  /// A worker of a pipeline.
  public init(_ setup: PipelineSetup) {
    self.setup = setup
    reader = EventReader(setup)
    event = reader.event
    judges = setup.judges
    talliedFrom = setup.tallied?.lowerBound ?? .min
    talliedTo = setup.tallied?.upperBound ?? .max
    countsNetworks = setup.tallied != nil || setup.talliesMonths
    noCounts = LineTally(setup.rules)
    counts = noCounts
    month = MonthCalendar(setup.zone)
    seenFields = Array(repeating: 0, count: Event.fieldsMax / 64)
    registers = setup.registers
    let words = ChunkWords()
    self.words = words
    evaluator = Evaluator(setup.readRules, knowing: words)
    alwaysJoins = setup.alwaysJoins
    openEvaluator = setup.openRules.map { Evaluator($0, knowing: words, as: .open) }
    filters = setup.openRules == nil ? nil : LineFilters(setup, words)
    isClosed = setup.rules.rules.map(PipelineSetup.isClosed)
    gates = ActionGates(
      setup.rules, setup.gatedPlaces, joined: PipelineSetup.needsJoin,
      closed: PipelineSetup.closedFields, knowing: setup.glanceKnowledge, words, &actions, &outcomes
    )
    // The network around an address is added where it is asked for; without a database nobody is anywhere.
    let joinedKeys = PipelineSetup.needsJoin.subtracting(
      setup.geo == nil ? [.sourcePrefix, .sourceCountry, .sourceNetwork] : [.sourcePrefix])
    feedsAreJoined = setup.rules.rules.indices.map {
      !setup.feeds.fields(of: $0).isDisjoint(with: joinedKeys.subtracting([.personID]))
    }
    feedsNamePerson = setup.rules.rules.indices.map {
      setup.feeds.fields(of: $0).contains(.personID)
    }
    ratesBeyondGlances = setup.rates.bits(beyond: RateKey.glanced)
    rareRates = setup.rates.rareColumns.map { setup.rates.bits(groupedBy: $0) }
    rateClient = setup.rates.rareColumns.firstIndex(of: .clientID)
    let common = PipelineSetup.closedFields.subtracting([.statusCode])
    rarelyCounted = setup.rules.rules.indices.reduce(0) {
      setup.rules.rules[$1].fields.isSubset(of: common) ? $0 : $0 | setup.rates.bits[$1]
    }
    isOnlyCounted = setup.rules.rules.indices.map {
      setup.rates.bits[$0] != 0 && !setup.rules.rules[$0].alertsAlone
        && setup.feeds.feedCount(of: $0) == 0
    }
    signIn = actions.number(of: ByteView("auth.login"))
    failure = outcomes.number(of: ByteView("failure"))
    calendar = DayCalendar(setup.zone)
    (since, until, latest) = (setup.since, setup.until, setup.latest)
    joined = (PipelineSetup.joinedFields + setup.keys).reduce(
      into: [UInt64](repeating: 0, count: Event.fieldsMax / 64)
    ) { $0[$1.index >> 6] |= 1 << UInt64($1.index & 63) }
  }

  /// The counts of every line this worker has read.
  public var tallies: Tallies { counts.tallies }

  /// The counts by month, where each is counted by itself.
  var talliesByMonth: [Int: Tallies] {
    var result = otherMonths.mapValues(\.tallies)
    if let monthAtHand { result[monthAtHand] = counts.tallies }
    return result
  }

  /// Forgets the counts, which somebody else has now.
  func forgetTallies() { (counts, otherMonths, monthAtHand) = (noCounts, [:], nil) }

  /// Reads the lines of one chunk.
  ///
  /// - Parameters:
  ///   - block: Whole lines, and where they stand in their stream.
  ///   - context: What is known about the file they come from.
  ///   - source: The source's declaration, for the joins.
  /// - Complexity: O(*n*) in the bytes.
  ///   - spare: A batch that nobody needs any more, to be filled again.
  public func read(
    _ block: LineBlock, _ context: LineContext, _ source: SourceContext,
    reusing spare: Batch? = nil
  ) -> Batch {
    let batch = spare ?? Batch()
    batch.begin(stream: block.stream, sequence: block.sequence, file: block.file)
    reader.begin(context, source)
    rateTexts.begin()
    isJSON = context.format == .json
    glances =
      (isJSON || context.format == .access) && context.records == nil && witness == nil && !isPlain
      && !alwaysJoins
    if glances { filters?.begin(context.source) }
    // The bytes of records stand elsewhere.
    words.begin(context.records != nil || isPlain ? .empty : block.bytes)
    for line in block.oversized {
      batch.tally.reject("line-too-long", line: line.number)
      batch.tally.leading.rejected += 1
      batch.tally.leading.lines += 1
      batch.tally.leading.bytes += line.bytes
      let place = LinePlace(number: line.number, offset: block.offset, bytes: line.bytes)
      witness?.saw(rejected: Rejection("line-too-long"), at: place)
    }
    var counts = Counts()
    if let framing = context.records {
      readRecords(of: block, framing, &counts, batch)
      return finish(batch, counts)
    }
    let bytes = block.bytes
    marks.mark(bytes)
    var (start, number) = (0, block.firstLine)
    while start < bytes.count {
      let end = marks.lineEnd(from: start)
      let next = min(end + 1, bytes.count)
      var line = bytes.slice(start, end)
      if line.count > 0, line[line.count - 1] == 0x0D { line = line.prefix(line.count - 1) }
      let place = LinePlace(
        number: number, offset: block.offset + UInt64(start), bytes: UInt64(next - start))
      var first = start
      if line.count > 0, line[0] == 0 {
        first += LineReader.zeros(line)
        line = line.slice(first - start, line.count)
      }
      readLine(line, at: first, place, &counts, batch)
      start = next
      number += 1
    }
    return finish(batch, counts)
  }

  /// How many zeros a line begins with: a machine that lost power, or a writer that does not append, leaves them
  /// before what it writes next.
  @inline(never) private static func zeros(_ line: ByteView) -> Int {
    var count = 0
    while count < line.count, line[count] == 0 { count += 1 }
    return count
  }

  /// Reads lines of which several may be one record.
  private func readRecords(
    of block: LineBlock, _ framing: RecordFraming, _ counts: inout Counts, _ batch: Batch
  ) {
    let framer = framer ?? RecordFramer()
    self.framer = framer
    framer.forEachRecord(in: block, framing) { raw, place, isTooLong in
      if isTooLong {
        reject(Rejection("record-too-long"), place, &counts.day, batch)
      } else {
        record = raw
        readLine(raw, at: 0, place, &counts, batch, isRecord: true)
        record = nil
      }
    }
  }

  private func finish(_ batch: Batch, _ counts: Counts) -> Batch {
    batch.tally.close(counts.day)
    batch.tally.opening = counts.opening
    if counts.last >= counts.first { batch.tally.first = counts.first }
    if counts.last >= counts.first { batch.tally.last = counts.last }
    batch.tally.inferred = counts.inferred
    batch.tally.unmapped = counts.unmapped
    batch.latest = counts.last
    return batch
  }

  // MARK: Rates

  /// Marks an event that rates count, of which one look was enough.
  private func mark(
    _ glance: Glance, _ line: ByteView, _ place: LinePlace, latest: Int64, _ batch: Batch
  ) {
    for column in setup.rates.columns {
      switch column {
      case .sourceIP:
        batch.rateKeys.append(
          glance.number.map { RateKey.key(ofAddress: $0) }
            ?? rateTexts.key(ofAddress: glance.address, batch))
      case .urlDomain: batch.rateKeys.append(rateTexts.key(of: glance.domain, batch))
      case .userName: batch.rateKeys.append(rateTexts.key(of: glance.user, batch))
      default: batch.rateKeys.append(rateTexts.key(of: glance.host, batch))
      }
    }
    for _ in setup.rates.values {
      guard let target = glance.target else {
        batch.rateKeys.append(RateKey.absent)
        continue
      }
      let end = target.firstOffset(of: UInt8(ascii: "?")) ?? target.count
      batch.rateKeys.append(RateKey.key(ofPath: target.prefix(end)))
    }
    if let client = glance.client, let rateClient, rareRates[rateClient] & ratesAtGlance != 0 {
      mark(client, rare: rateClient, batch)
    }
    put(
      ratesAtGlance, glance.time, weight: 1, line, place, latest: max(latest, glance.time), batch)
  }

  /// Marks an event that rates count.
  private func mark(_ bits: UInt64, _ place: LinePlace, latest: Int64, _ batch: Batch) {
    for column in setup.rates.columns {
      let text = event[column].map { $0.text(event.scratch) }
      if column == .sourceIP, let text, let number = Address.version4(text) {
        batch.rateKeys.append(RateKey.key(ofAddress: number))
      } else {
        batch.rateKeys.append(rateTexts.key(of: text, batch))
      }
    }
    for value in setup.rates.values {
      let text = event[value].map { $0.text(event.scratch) }
      batch.rateKeys.append(
        text.map { value == .urlPath ? RateKey.key(ofPath: $0) : RateKey.key(of: $0) }
          ?? RateKey.absent)
    }
    for (place, column) in setup.rates.rareColumns.enumerated() where rareRates[place] & bits != 0 {
      if let value = event[column] { mark(value.text(event.scratch), rare: place, batch) }
    }
    put(
      bits, event.time, weight: event.weight, record ?? event.line, place, latest: latest, batch)
  }

  /// Gives the mark that comes next a key that few have.
  private func mark(_ text: ByteView, rare column: Int, _ batch: Batch) {
    let key = rateTexts.key(of: text, batch)
    guard key != RateKey.absent else { return }
    batch.rareRateKeys.append(
      RareRateKey(
        mark: UInt32(truncatingIfNeeded: batch.rateMarks.count),
        column: UInt32(truncatingIfNeeded: column), key: key))
  }

  private func put(
    _ bits: UInt64, _ time: Int64, weight: UInt32, _ line: ByteView, _ place: LinePlace,
    latest: Int64, _ batch: Batch
  ) {
    var mark = RateMark(
      time: time, latest: latest, line: place.number, offset: place.offset, bits: bits,
      weight: weight)
    if place.number % RateKey.sampleEvery == 0 || bits & rarelyCounted != 0,
      line.count <= PipelineSetup.rawMax
    {
      mark.rawStart = batch.arena.append(line)
      redactor.redact(&batch.arena, from: mark.rawStart)
      mark.rawEnd = UInt32(truncatingIfNeeded: batch.arena.count)
    }
    batch.rateMarks.append(mark)
  }

  /// What is counted from line to line of one chunk.
  private struct Counts {
    var day = ChunkTally.Day(day: .min, lines: 0, bytes: 0, parsed: 0, rejected: 0)
    /// First and last event time so far.
    var first = Int64.max, last = Int64.min
    /// The first event's.
    var opening: Int64?
    var inferred: UInt64 = 0, unmapped: UInt64 = 0
  }

  @inline(__always) private func readLine(
    _ line: ByteView, at start: Int, _ place: LinePlace, _ counts: inout Counts, _ batch: Batch,
    isRecord: Bool = false
  ) {
    var mayBeOpen = true
    if glances, let glance = reader.glance(at: line, start, marks) {
      mayBeOpen = filters?.mayMatch(line, mapping: glance.mapping) == true
      if !mayBeOpen, isNothing(glance) {
        if ratesAtGlance != 0 { mark(glance, line, place, latest: counts.last, batch) }
        count(glance.time, place, isInferred: glance.isInferred, &counts, batch)
        return
      }
    }
    if let rejection =
      isRecord ? reader.read(record: line) : reader.read(line, at: start, marks)
    {
      reject(rejection, place, &counts.day, batch)
      return
    }
    let time = event.time
    guard time > PipelineSetup.earliest, time < latest else {
      reject(Rejection("time-out-of-range"), place, &counts.day, batch)
      return
    }
    count(time, place, isInferred: event.has(.timestampInferred), &counts, batch)
    if isJSON, event.has(.eventDataset, equalTo: "json") { counts.unmapped &+= 1 }
    guard time >= since, time < until else { return }
    judge(place, latest: counts.last, batch, mayBeOpen: mayBeOpen)
  }

  /// Whether nothing follows from a line that one look was enough for.
  @inline(__always) private func isNothing(_ glance: Glance) -> Bool {
    let time = glance.time
    guard time > PipelineSetup.earliest, time < latest, time >= since, time < until,
      !isTallied(time)
    else { return false }
    let standing = reader.standing(of: JoinFacts(glance))
    guard !standing.needsEvent else { return false }
    let action = glance.action.map { actions.number(of: $0) } ?? 0
    let outcome = glance.outcome.map { outcomes.number(of: $0) } ?? 0
    // A word without a number counts as absent here, so whoever has one is looked at closely.
    guard action != 0 || glance.action == nil, outcome != 0 || glance.outcome == nil,
      action != signIn, let status = LineReader.number(ofStatus: glance.status),
      let found = verdicts.find(LineReader.code(standing, action, outcome, status)),
      found.hits.isEmpty, found.rates & ratesBeyondGlances == 0,
      found.possible == 0 || !gates.concernGlance(action, outcome, mapping: glance.mapping)
    else { return false }
    ratesAtGlance = found.rates
    return true
  }

  /// Counts a line that became an event, or would have.
  @inline(__always) private func count(
    _ time: Int64, _ place: LinePlace, isInferred: Bool, _ counts: inout Counts, _ batch: Batch
  ) {
    let number = calendar.day(of: time)
    if number != counts.day.day {
      batch.tally.close(counts.day)
      counts.day = ChunkTally.Day(day: number, lines: 0, bytes: 0, parsed: 0, rejected: 0)
    }
    counts.day.lines &+= place.lines
    counts.day.bytes &+= place.bytes
    counts.day.parsed &+= place.lines
    if counts.last == .min { counts.opening = time }
    if time > counts.last { counts.last = time }
    if time < counts.first { counts.first = time }
    if isInferred { counts.inferred &+= 1 }
  }

  /// Finds the rules that an event hits, and passes on what *follow* must see.
  ///
  /// Nearly every event is one from which nothing follows: its closed fields, as few small numbers,
  /// are those of an event that was judged before. Only an event that is new in this way, that some
  /// open rule may match, or that a contractor caused gets all its fields.
  ///
  /// - Parameter mayBeOpen: Whether an open rule may match, as far as a look at the line tells.
  @inline(__always) private func judge(
    _ place: LinePlace, latest: Int64, _ batch: Batch, mayBeOpen: Bool
  ) {
    let standing = reader.standing()
    guard witness == nil, !reader.isPlain, !alwaysJoins, !standing.needsEvent,
      !event.hasAny(of: joined),
      let action = number(.eventAction, &actions), let outcome = number(.eventOutcome, &outcomes),
      let status = numberOfStatus(), !mayBeOpen || openEvaluator?.matches(event) != true
    else { return judgeInFull(standing, place, latest: latest, batch, code: nil) }
    let code = LineReader.code(standing, action, outcome, status)
    guard let verdict = verdicts.find(code) else {
      return judgeInFull(standing, place, latest: latest, batch, code: code)
    }
    let found = verdict.hits
    var rates = verdict.rates
    gatedHits.removeAll(keepingCapacity: true)
    if verdict.possible != 0, gates.concern(event, action, outcome),
      findGatedHits(verdict.possible, &rates)
    {
      return judgeInFull(standing, place, latest: latest, batch, code: nil)
    }
    // Baselines and the review see every sign-in, whether or not a rule asks for it.
    guard !found.isEmpty || action == signIn || !gatedHits.isEmpty else {
      if rates != 0 { mark(rates, place, latest: latest, batch) }
      tally(standing)
      return
    }
    var kind = Notable.Kind.other
    if action == signIn { kind = outcome == failure ? .failure : .success }
    var hits = verdicts.hits[found]
    if !gatedHits.isEmpty {
      gatedHits += hits
      gatedHits.sort()
      hits = gatedHits[...]
    }
    for hit in hits where feedsAreJoined[Int(hit)] {
      return judgeInFull(standing, place, latest: latest, batch, code: nil)
    }
    if rates != 0 { mark(rates, place, latest: latest, batch) }
    tally(standing)
    let person = registers.personID(standing)
    if let person {
      for hit in hits where feedsNamePerson[Int(hit)] { event.set(.personID, person) }
    }
    note(
      standing, place, latest: latest, batch, kind, hits, who: kind == .success ? person : nil,
      system: kind == .success
        ? registers.system(standing, of: event, source: reader.source) : nil)
  }

  /// Asks the rules that read open fields of few actions; returns whether one of them needs the join.
  private func findGatedHits(_ possible: UInt64, _ rates: inout UInt64) -> Bool {
    gates.ask(event, possible: possible) { rule in
      rates |= setup.rates.bits[rule]
      if !isOnlyCounted[rule] { gatedHits.append(UInt16(truncatingIfNeeded: rule)) }
    }
  }

  /// The number of a closed field's word; 0 when it is absent, `nil` when it can not have one.
  @inline(__always)
  private func number(_ field: Field, _ words: inout WordTable) -> UInt32? {
    guard event.has(field) else { return 0 }
    guard case .text(let text) = event.value(slot: field.index) else { return nil }
    let number = words.number(of: text)
    return number == 0 ? nil : number
  }

  /// The number of the event's status; `nil` when it is none that has a number.
  @inline(__always) private func numberOfStatus() -> UInt64? {
    guard event.has(.statusCode) else { return LineReader.number(ofStatus: -1) }
    guard case .integer(let status) = event.value(slot: Field.statusCode.index), status >= 0
    else { return nil }
    return LineReader.number(ofStatus: status)
  }

  /// The number of a status, of which -1 stands for none; `nil` when it is none of HTTP's.
  @inline(__always) private static func number(ofStatus status: Int64) -> UInt64? {
    status < 1000 ? UInt64(bitPattern: status &+ 1) : nil
  }

  /// All that closed fields say of an event, as one number.
  @inline(__always) private static func code(
    _ standing: Standing, _ action: UInt32, _ outcome: UInt32, _ status: UInt64
  ) -> UInt64 {
    UInt64(standing.code | (action | outcome << 6) << Standing.codeBits) | status << 32
  }

  /// Gives the event all its fields and asks every rule.
  ///
  /// - Parameter code: Where to remember what was found; `nil` when it follows from more than that.
  @inline(never) private func judgeInFull(
    _ standing: Standing, _ place: LinePlace, latest: Int64, _ batch: Batch, code: UInt64?
  ) {
    reader.complete(standing)
    witness?.saw(event, at: place)
    guard judges else { return }
    if isTallied(event.time) { count(event.time) }
    hitBuffer.removeAll(keepingCapacity: true)
    var (rates, closedRates) = (UInt64(0), UInt64(0))
    evaluator.evaluate(event) { rule in
      rates |= setup.rates.bits[rule]
      if isClosed[rule] { closedRates |= setup.rates.bits[rule] }
      if !isOnlyCounted[rule] { hitBuffer.append(UInt16(truncatingIfNeeded: rule)) }
    }
    // What open fields led to does not follow from the code.
    if let code {
      verdicts.keep(
        code, hitBuffer.filter { isClosed[Int($0)] }, rates: closedRates,
        possible: gates.possible(event))
    }
    if rates != 0 { mark(rates, place, latest: latest, batch) }
    let isSignIn = event.has(.eventAction, equalTo: "auth.login")
    guard !hitBuffer.isEmpty || isSignIn else { return }
    var kind = Notable.Kind.other
    if isSignIn {
      kind = event.has(.eventOutcome, equalTo: "failure") ? .failure : .success
    }
    note(
      standing, place, latest: latest, batch, kind, hitBuffer[...], who: event.text(.personID),
      system: event.text(.systemID) ?? event.text(.systemName))
  }

  private func reject(
    _ rejection: Rejection, _ place: LinePlace, _ day: inout ChunkTally.Day, _ batch: Batch
  ) {
    batch.tally.reject(rejection.reason, line: place.number, count: place.lines)
    witness?.saw(rejected: rejection, at: place)
    if day.day == .min {
      batch.tally.leading.lines += place.lines
      batch.tally.leading.bytes += place.bytes
      batch.tally.leading.rejected += place.lines
    } else {
      day.lines += place.lines
      day.bytes += place.bytes
      day.rejected += place.lines
    }
  }

  /// Whether the review counts what happened at an instant.
  @inline(__always) private func isTallied(_ time: Int64) -> Bool {
    time >= talliedFrom && time < talliedTo
  }

  /// Gives an event that the review counts all its fields, and counts it.
  @inline(__always) private func tally(_ standing: Standing) {
    guard isTallied(event.time) else { return }
    reader.complete(standing)
    count(event.time)
  }

  /// Adds the event to what the review needs of every line.
  @inline(__always) private func count(_ time: Int64) {
    if setup.talliesMonths {
      event.addPresent(to: &seenFields)
      if monthAtHand == nil || !month.isCurrent(time) { turn(to: time) }
      if monthAtHand == nil { return }
    }
    let (day, start) = calendar.place(of: time)
    counts.add(
      event, registers, keys, countsNetworks: countsNetworks,
      at: LineTally.Moment(time: time, day: day, dayStart: start))
  }

  /// Puts the counts of the month at hand aside, and goes on with those of another.
  private func turn(to time: Int64) {
    if let monthAtHand { otherMonths[monthAtHand] = counts }
    let number = month.month(of: time)
    monthAtHand = month.isKept(number, latest: latest) ? number : nil
    counts = otherMonths.removeValue(forKey: number) ?? noCounts
  }

  /// Copies what *follow* needs of the event into the batch.
  private func note(
    _ standing: Standing, _ place: LinePlace, latest: Int64, _ batch: Batch, _ kind: Notable.Kind,
    _ hits: ArraySlice<UInt16>, who: ByteView?, system: ByteView?
  ) {
    var kind = kind
    var extra = 0
    switch kind {
    case .failure:
      extra = batch.clues.count
      batch.clues.append(AttemptMerger.clue(of: event, keys))
      batch.sources.append(LoginTraits.source(event.text(.sourceIP)))
    case .success:
      if let who = who ?? event.text(.userName) {
        extra = batch.traits.count
        batch.traits.append(
          LoginTraits(
            who: who, address: event.text(.sourceIP), agent: event.text(.userAgent),
            system: system ?? event.text(.hostName), key: event.text(.keyFingerprint),
            hasHours: standing.isContractor,
            isOurs: standing.isSourceListed, keys))
      } else {
        kind = .nameless
      }
    case .other, .nameless: break
    }
    if setup.readsSourceNetwork, !hits.isEmpty { event.addSourceNetwork() }
    let rawStart = batch.arena.append(record ?? event.line)
    redactor.redact(&batch.arena, from: rawStart)
    let hitsStart = batch.hits.count
    let feedsStart = batch.feeds.count
    for hit in hits {
      batch.hits.append(hit)
      setup.feeds.append(Int(hit), event, keys, to: &batch.feeds)
    }
    batch.notables.append(
      Notable(
        time: event.time, latest: latest, line: place.number, offset: place.offset,
        rawStart: rawStart, rawEnd: UInt32(truncatingIfNeeded: batch.arena.count),
        hitsStart: UInt32(truncatingIfNeeded: hitsStart),
        hitsEnd: UInt32(truncatingIfNeeded: batch.hits.count),
        feedsStart: UInt32(truncatingIfNeeded: feedsStart),
        place: UInt32(truncatingIfNeeded: extra), weight: event.weight,
        file: batch.file, kind: kind))
  }
}
