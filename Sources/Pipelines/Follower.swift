import Bytes
public import Detectors
public import Events
import Registers

/// The *follow* stage: notable events in event-time order, keyed state, findings.
///
/// attempts merged → baselines → late rules → correlations → findings. It owns all state of a run and
/// sees events in one order whatever the number of workers, so it is deterministic.
public final class Follower {
  private let setup: PipelineSetup
  private var streams: [StreamFacts]
  private let reader: EventReader
  private var attempts = AttemptMerger()
  private var habits: Habits
  private var dormancy = Dormancy()
  /// The lines that windows and findings keep.
  let lines = KeptLines()
  /// Keys of texts that came before.
  public let keys = KeyMemo()
  private let correlator: Correlator
  private var rates: Rates
  private let lateEvaluator: Evaluator
  /// What lines are asked about that a finding would show.
  private let shownEvaluator: Evaluator
  /// Whether a late rule may match a success that nothing is new about.
  private let lateRulesNeedNoNews: Bool
  private var calendar: DayCalendar
  /// What the registers expect, as events; `nil` when no rule is about it.
  private let registers: RegisterStream?
  /// How far the clock has come, less what lines may take to come, nanoseconds; without one the logs say what time it is.
  var clock = Int64.max
  /// By rule: whether it is a finding by itself, and how many tables it feeds.
  private let alertsAlone: [Bool]
  private let feedCounts: [Int]
  /// What was concluded so far.
  public private(set) var collector: FindingCollector
  /// Sign-ins by day, address and person, for the review.
  public private(set) var signIns = SignInTally()
  /// What exceptions kept from being found, for the review.
  public private(set) var lifted = LiftTally()
  private var liftedMonth: MonthCalendar
  /// Reads the lines of what an exception may lift, beside the line at hand.
  private lazy var second = EventReader(setup)
  /// Those of other months, where each is counted by itself, and which month is at hand.
  private var otherMonths: [Int: SignInTally] = [:]
  private var month: MonthCalendar
  private var monthAtHand: Int?
  /// Events later than this are rejected, nanoseconds.
  var latest: Int64
  /// Sees the events that rules over habits are asked about, with what was learned in them.
  var lateWitness: ((Event) -> Void)?

  /// The time of the event at hand.
  public private(set) var time: Int64 = 0
  /// How many events the line at hand stands for.
  public private(set) var weight: UInt32 = 1
  /// The line at hand, and whether it was taken apart.
  private var held: Notable?
  private var heldBatch: Batch?
  private var isRestored = false
  /// The stream and file whose lines the reader was told of.
  private var begun = (stream: -1, file: Int32(-1))
  /// What was learned about the line at hand.
  private var news: LoginAssessment?
  private var dormantDays: Int64?
  /// The kept copy of the line at hand, made when the first window asks for it.
  private var kept: EvidenceSeed?

  /// A follower that has seen nothing.
  ///
  /// - Parameter streams: What is known of the streams.
  init(_ setup: PipelineSetup, streams: [StreamFacts]) {
    self.setup = setup
    self.streams = streams
    reader = EventReader(setup)
    let policy = setup.registers.policy
    habits = Habits(LoginPolicy(policy), zone: setup.zone, geo: setup.geo)
    correlator = Correlator(setup.feeds)
    rates = Rates(
      setup.rates, setup.rules, setup.table, setup.registers, keeping: lines)
    lateEvaluator = Evaluator(setup.rules) { setup.lateRules.contains($0) }
    let shown = setup.rules.rules.reduce(into: Set<Int>()) { shown, rule in
      if case .correlation(let correlation) = rule.kind { shown.formUnion(correlation.shows) }
    }
    shownEvaluator = Evaluator(setup.rules) { shown.contains($0) }
    lateRulesNeedNoNews = setup.lateRules.contains {
      !setup.rules.rules[$0].needs(oneOf: PipelineSetup.baselineFields)
    }
    calendar = DayCalendar(setup.zone)
    registers = RegisterStream(setup)
    month = MonthCalendar(setup.zone)
    liftedMonth = MonthCalendar(setup.zone)
    latest = setup.latest
    collector = FindingCollector(setup)
    alertsAlone = setup.rules.rules.map(\.alertsAlone)
    feedCounts = setup.rules.rules.indices.map { setup.feeds.feedCount(of: $0) }
  }

  /// Whether each line is read as if none had come before, and none is kept longer than somebody marks it: the oracle
  /// of the tests.
  var isPlain: Bool {
    get { reader.isPlain }
    set {
      reader.isPlain = newValue
      lines.sweepsAlways = newValue
    }
  }

  /// How much was forgotten early because a table was full, for the notes.
  public var evictedCount: UInt64 {
    attempts.evictedCount + habits.evictedCount + dormancy.evictedCount
      + correlator.losses.evicted + rates.evictedCount + (registers?.forgottenCount ?? 0)
  }

  /// Sees each event of the registers that rules are asked about.
  var registerWitness: ((Event) -> Void)? {
    get { registers?.witness }
    set { registers?.witness = newValue }
  }

  /// Whether the registers' events wait for the first event of the logs.
  var waitsForBeginning: Bool { registers.map { !$0.hasBegun } ?? false }

  /// Begins with the registers' events.
  func beginRegisters(at time: Int64) { registers?.begin(at: time) }

  /// Up to when the registers' events were told.
  var registersToldUntil: Int64 { registers?.toldUntil ?? .min }

  /// Takes the events of the registers up to a time, and says what was not done by then.
  func followRegisters(by time: Int64) {
    guard let registers, registers.hasBegun else { return }
    let time = min(time, clock)
    while let (notable, batch) = registers.next(by: time, keys) { take(notable, batch) }
    endWaits(by: .min, clock: time)
  }

  /// Closes the windows that are over, all lines up to `time` having been read.
  func closeWindows(at time: Int64) {
    closeRates(by: time)
    conclude(correlator.close(at: time, isLast: true))
  }

  /// Counts what rates count of a batch; batches of one stream come in their order.
  func count(_ batch: Batch, before latest: Int64, floor: Int64) {
    rates.add(batch, before: latest, floor: floor)
  }

  /// Tells of the windows of the clock that end by an instant, all before it having been counted.
  func closeRates(by time: Int64) {
    dropLines()
    conclude(rates.close(by: time))
  }

  /// Tells of windows that closed; the last line of each is taken apart again.
  private func conclude(_ firings: [Firing]) {
    for firing in firings {
      guard let seed = firing.evidence.last else { continue }
      hold(seed, at: firing.closed ?? seed.time)
      guard isShown(by: firing.rule, seed) else { continue }
      correlator.follow(firing, self) { keep($0, seed.time) }
    }
  }

  /// Whether the line at hand, which a finding would show, is what its rule wants to show; one whose text did not come along
  /// is not.
  private func isShown(by rule: Int, _ seed: EvidenceSeed) -> Bool {
    guard case .correlation(let correlation) = setup.rules.rules[rule].kind,
      !correlation.shows.isEmpty
    else { return true }
    guard seed.withRaw({ !$0.isEmpty }) else { return false }
    var isHit = false
    shownEvaluator.evaluate(event) { if correlation.shows.contains($0) { isHit = true } }
    return isHit
  }

  /// Takes one notable event, and before it what the registers say of the time up to it.
  func follow(_ notable: Notable, _ batch: Batch) {
    if rates.nextEnd <= notable.time { closeRates(by: notable.time) }
    if registers != nil { followRegisters(by: notable.time) }
    take(notable, batch)
  }

  private func take(_ notable: Notable, _ batch: Batch) {
    let time = notable.time
    dropLines()
    endWaits(by: time)
    conclude(correlator.close(at: time))
    var weight = notable.weight
    if notable.kind == .failure {
      weight = attempts.newAttempts(
        batch.clues[Int(notable.place)], weight: weight, time: time)
      // Earlier lines told of this attempt.
      if weight == 0 { return }
      if !setup.lateRules.isEmpty {
        habits.observe(
          failuresFrom: batch.sources[Int(notable.place)], weight, time: time)
      }
    }
    held = notable
    held?.weight = weight
    if heldBatch !== batch { heldBatch = batch }
    (isRestored, news, dormantDays, kept) = (false, nil, nil, nil)
    (self.time, self.weight) = (time, weight)
    if notable.kind != .other, setup.tallied?.contains(time) ?? true {
      if setup.talliesMonths, monthAtHand == nil || !month.isCurrent(time) { turn(to: time) }
      if !setup.talliesMonths || monthAtHand != nil {
        signIns.add(
          event, failed: notable.kind == .failure, time: time, day: calendar.day(of: time))
      }
    }
    let feeds = batch.feeds
    var feed = Int(notable.feedsStart)
    for place in Int(notable.hitsStart)..<Int(notable.hitsEnd) {
      let rule = Int(batch.hits[place])
      conclude(rule, time, feeds.span.extracting(feed..<feed + feedCounts[rule]))
      feed += feedCounts[rule]
    }
    guard !setup.lateRules.isEmpty else { return }
    if notable.kind == .success {
      if setup.readsDormancy {
        dormantDays = dormancy.observe(batch.traits[Int(notable.place)], time: time)
      }
      let news = habits.observe(
        batch.traits[Int(notable.place)], address: event.text(.sourceIP), time: time)
      judgeLate(news, time)
    } else if notable.kind == .nameless {
      // There is nobody to learn about.
      judgeLate(LoginAssessment(), time)
    }
  }

  /// Has the processor fetch what ``follow(_:_:)`` will read for an event that comes soon.
  func prefetch(_ notable: Notable, _ batch: Batch) {
    let feeds = batch.feeds
    var feed = Int(notable.feedsStart)
    for place in Int(notable.hitsStart)..<Int(notable.hitsEnd) {
      let rule = Int(batch.hits[place])
      let count = feedCounts[rule]
      correlator.prefetch(rule: rule, feeds: feeds.span.extracting(feed..<feed + count))
      feed += count
    }
    switch notable.kind {
    case .failure:
      attempts.prefetch(batch.clues[Int(notable.place)])
      if !setup.lateRules.isEmpty {
        habits.prefetch(failuresFrom: batch.sources[Int(notable.place)])
      }
    case .success:
      guard !setup.lateRules.isEmpty else { return }
      if setup.readsDormancy { dormancy.prefetch(batch.traits[Int(notable.place)]) }
      habits.prefetch(batch.traits[Int(notable.place)])
    case .nameless, .other: break
    }
  }

  /// The same for the next event, of what the states themselves say where it is.
  func prefetchHeld(_ notable: Notable, _ batch: Batch) {
    let feeds = batch.feeds
    var feed = Int(notable.feedsStart)
    for place in Int(notable.hitsStart)..<Int(notable.hitsEnd) {
      let rule = Int(batch.hits[place])
      let count = feedCounts[rule]
      correlator.prefetchHeld(rule: rule, feeds: feeds.span.extracting(feed..<feed + count))
      feed += count
    }
    if notable.kind == .success, !setup.lateRules.isEmpty {
      habits.prefetchHeld(batch.traits[Int(notable.place)])
    }
  }

  /// Drops the lines that no window and no finding keeps any more, once there are enough of them.
  private func dropLines() {
    kept = nil
    guard lines.isDue else { return }
    rates.markLines()
    correlator.markLines()
    collector.markLines()
    lines.sweep()
  }

  /// Puts the sign-ins of the month at hand aside, and goes on with those of another.
  private func turn(to time: Int64) {
    if let monthAtHand { otherMonths[monthAtHand] = signIns }
    let number = month.month(of: time)
    monthAtHand = month.isKept(number, latest: latest) ? number : nil
    signIns = otherMonths.removeValue(forKey: number) ?? SignInTally()
  }

  /// Forgets the sign-ins of months that are long over.
  func forgetMonths(upTo oldest: Int) {
    otherMonths = otherMonths.filter { $0.key > oldest }
    lifted.forget(upTo: oldest)
  }

  /// The sign-ins by month, where each is counted by itself.
  var signInsByMonth: [Int: SignInTally] {
    var result = otherMonths
    if let monthAtHand { result[monthAtHand] = signIns }
    return result
  }

  /// Runs the rules that read what was learned from a success.
  private func judgeLate(_ news: LoginAssessment, _ time: Int64) {
    guard !news.isEmpty || dormantDays != nil || lateRulesNeedNoNews else { return }
    // What an earlier rule kept of the line lacks what was just learned about it.
    (self.news, kept) = (news, nil)
    let event = event
    news.add(to: event)
    if let dormantDays { event.set(.loginDormantDays, .integer(dormantDays)) }
    lateWitness?(event)
    lateEvaluator.evaluate(event) { rule in
      var feeds: [FeedKey] = []
      setup.feeds.append(rule, event, keys, to: &feeds)
      conclude(rule, time, feeds.span)
    }
  }

  /// What follows from one rule that an event hit.
  private func conclude(_ rule: Int, _ time: Int64, _ feeds: Span<FeedKey>) {
    if alertsAlone[rule], !isLifted(rule, time) {
      collector.add(
        rule: rule, event, time: time, weight: weight, seed: seed,
        windowStart: window(rule, time))
    }
    guard !feeds.isEmpty else { return }
    correlator.observe(rule: rule, self, feeds: feeds) { keep($0, time) }
  }

  private func keep(_ firing: Firing, _ time: Int64) {
    guard alertsAlone[firing.rule], !isLifted(firing, time) else { return }
    collector.add(firing, event, time: time, windowStart: window(firing.rule, firing.start))
  }

  // MARK: - Exceptions

  /// Whether an exception that holds for the event at hand lifts what a rule says of it.
  private func isLifted(_ rule: Int, _ time: Int64) -> Bool {
    let places = setup.exceptions[rule]
    guard !places.isEmpty else { return false }
    let event = event
    guard let exception = reader.exception(among: places, at: time) else { return false }
    note(exception, rule, event, UInt64(weight), time)
    return true
  }

  /// Whether exceptions lift what a correlation says: each of the lines that it shows must be lifted, as of its own time.
  ///
  /// What did not come is lifted as of when it was due.
  private func isLifted(_ firing: Firing, _ time: Int64) -> Bool {
    let places = setup.exceptions[firing.rule]
    guard !places.isEmpty else { return false }
    var lines = firing.evidence[...]
    // What is due is a row's, whichever log the last success stands in.
    if firing.isDeadline, lines.contains(where: { $0.stream == RegisterStream.place }) {
      lines = lines.filter { $0.stream == RegisterStream.place }[...]
    }
    var lifting: ByteView?
    for seed in lines {
      if seed.stream == RegisterStream.place {
        second.beginRegisters()
      } else {
        let stream = streams[seed.stream]
        second.begin(stream.contexts[Int(seed.file)], stream.source)
      }
      second.restore(seed)
      lifting = second.exception(among: places, at: firing.isDeadline ? time : seed.time)
      if lifting == nil { return false }
    }
    guard let lifting else { return false }
    note(lifting, firing.rule, second.event, firing.count, time)
    return true
  }

  private func note(
    _ exception: ByteView, _ rule: Int, _ event: Event, _ count: UInt64, _ time: Int64
  ) {
    func text(_ fields: Field...) -> String {
      fields.lazy.compactMap { event.text($0)?.string }.first ?? ""
    }
    let row = LiftTally.Row(
      month: liftedMonth.month(of: time), exception: exception.string,
      detector: setup.rules.rules[rule].header.id, person: text(.personID, .userName, .sourceIP),
      system: text(.systemID, .systemName))
    lifted.add(row, count, at: time)
  }

  /// Says what did not come in the time that some rules wait for it, up to an instant.
  func endWaits(by time: Int64) { endWaits(by: time, clock: min(time, clock)) }

  private func endWaits(by time: Int64, clock: Int64) {
    guard correlator.waits else { return }
    while let (firing, line, end) = correlator.nextAbsence(by: time, clock: clock) {
      hold(line, at: end)
      // The row may say by now that it was done, or not be there any more.
      if line.stream == RegisterStream.place, registers?.stands(event, at: end) != true { continue }
      correlator.follow(firing, self) { keep($0, end) }
    }
  }

  /// Makes a line that was kept the one at hand.
  private func hold(_ line: EvidenceSeed, at time: Int64) {
    begin(line.stream, line.file)
    line.withRaw { reader.restore($0, weight: 1) }
    for pair in line.added {
      let text = pair.text.withView { reader.event.scratch.copy($0) }
      reader.event.set(Field(index: pair.field), text)
    }
    (held, isRestored, news, dormantDays, kept) = (nil, true, nil, nil, line)
    (self.time, weight) = (time, 1)
  }

  /// When the window of a rule that an instant lies in began: local days, or multiples of its length.
  private func window(_ rule: Int, _ time: Int64) -> Int64 {
    let length = setup.rules.rules[rule].header.windowSeconds * 1_000_000_000
    if length == 86_400 * 1_000_000_000 || length <= 0 { return calendar.startOfDay(time) }
    return time - time % length
  }

  /// Tells the reader what is known of a file's lines.
  private func begin(_ stream: Int, _ file: Int32) {
    guard begun.stream != stream || begun.file != file else { return }
    begun = (stream, file)
    if stream == RegisterStream.place { return reader.beginRegisters() }
    reader.begin(streams[stream].contexts[Int(file)], streams[stream].source)
  }

  private func makeSeed(_ notable: Notable, _ batch: Batch) -> EvidenceSeed {
    let line = batch.arena.view(notable.rawStart, notable.rawEnd)
    var added: [(field: Int, text: [UInt8])] = []
    if news != nil {
      for field in PipelineSetup.baselineFields {
        if let value = event[field] {
          added.append((field.index, value.text(event.scratch).copy()))
        }
      }
    }
    var digest: [UInt8] = []
    if line.count > PipelineSetup.rawMax {
      // What is cut can not be read again, so the fields are kept beside it.
      digest = Digest.sha256(line)
      added += carriedFields()
    }
    return lines.keep(
      time: notable.time, stream: batch.stream, file: notable.file, line: notable.line,
      offset: notable.offset, digest: digest,
      raw: line.prefix(min(line.count, PipelineSetup.rawMax)), added: added)
  }

  /// The fields of the event at hand that a finding shows.
  private func carriedFields() -> [(field: Int, text: [UInt8])] {
    let event = event
    return setup.carried.compactMap { field in
      guard let value = event[field] else { return nil }
      if case .null = value { return nil }
      let text = value.text(event.scratch)
      return (field.index, text.prefix(min(text.count, PipelineSetup.carriedMax)).copy())
    }
  }

  /// The fields that a finding shows of a line that was kept.
  private func fields(of seed: EvidenceSeed) -> [(field: Int, text: [UInt8])] {
    guard seed.digest.isEmpty else { return seed.added }
    begin(seed.stream, seed.file)
    return seed.withRaw { raw in
      reader.restore(raw, weight: 1)
      held = nil
      isRestored = true
      return carriedFields() + seed.added
    }
  }

  /// Adds a stream, and what is known of another file of one.
  func add(_ stream: StreamFacts) { streams.append(stream) }
  func replace(_ place: Int, _ stream: StreamFacts) {
    streams[place] = stream
    begun = (-1, -1)
  }
  func put(_ context: LineContext, at place: Int, of stream: Int) {
    if place == streams[stream].contexts.count {
      streams[stream].contexts.append(context)
    } else {
      streams[stream].contexts[place] = context
      begun = (-1, -1)
    }
  }

  /// The findings that are new or have grown since the last call, in order of time.
  func changedFindings() -> [Finding] {
    collector.changedFindings(stream: { name(ofStream: $0) }) { fields(of: $0) }
  }

  private func name(ofStream place: Int) -> String {
    place == RegisterStream.place ? RegisterStream.name : streams[place].name
  }

  /// Forgets findings that ended before an instant.
  func forgetFindings(before time: Int64) { collector.forget(before: time) }

  /// The findings, in order of time; call once, at the end.
  public func findings() -> [Finding] {
    collector.findings(stream: { name(ofStream: $0) }) { fields(of: $0) }
  }
}

/// What *follow* must know of a stream to read one of its lines again.
struct StreamFacts {
  /// The name that evidence cites.
  let name: String
  /// What is known of each of its files.
  var contexts: [LineContext]
  /// What the configuration declares for the joins.
  let source: SourceContext
}

extension Follower: Occurrence {
  /// The event of the line at hand, taken apart when it is first asked for.
  public var event: Event {
    if !isRestored, let held, let heldBatch {
      isRestored = true
      begin(heldBatch.stream, held.file)
      reader.restore(
        heldBatch.arena.view(held.rawStart, held.rawEnd), weight: held.weight)
    }
    return reader.event
  }

  /// The kept copy of the line at hand.
  public var seed: EvidenceSeed {
    if let kept { return kept }
    // Asked only while rules run over a line, and the line is set before they run.
    guard let held, let heldBatch else { preconditionFailure("no line is at hand") }
    let seed = makeSeed(held, heldBatch)
    kept = seed
    return seed
  }
}

extension Follower {
  /// Writes all that was concluded, as of an instant, but for the seeds.
  func write(to writer: inout SnapshotWriter, at time: Int64, _ seeds: SeedTable) {
    attempts.write(to: &writer, at: time)
    habits.write(to: &writer, at: time)
    dormancy.write(to: &writer, at: time)
    correlator.write(to: &writer, at: time, setup.rules, setup.table, seeds)
    collector.write(to: &writer, seeds)
    rates.write(to: &writer, seeds)
    lifted.write(to: &writer)
    writer.put(registers?.hasBegun == true)
    writer.section { if registers?.hasBegun == true { registers?.write(to: &$0) } }
    writer.put(signInsByMonth) { entry, writer in
      writer.put(entry.key)
      entry.value.write(to: &writer)
    }
  }

  /// Takes in what was written; returns how many correlations begin anew, because they are others now.
  func read(from reader: inout SnapshotReader, _ seeds: SeedTable) throws(SnapshotError) -> Int {
    try attempts.read(from: &reader)
    try habits.read(from: &reader)
    try dormancy.read(from: &reader)
    var lost = try correlator.read(from: &reader, setup.rules, setup.table, seeds)
    try collector.read(from: &reader, seeds)
    if try !rates.read(from: &reader, seeds) { lost += 1 }
    lifted = try LiftTally(from: &reader)
    let hasRegisters = try reader.flag()
    var part = try reader.section()
    if hasRegisters { try registers?.read(from: &part) }
    for _ in 0..<(try reader.count()) {
      otherMonths[try reader.number()] = try SignInTally(from: &reader)
    }
    return lost
  }

  /// The file that a seed's line is from.
  func context(of seed: EvidenceSeed) -> LineContext {
    streams[seed.stream].contexts[Int(seed.file)]
  }
}
