import Bytes
public import Detectors
import Events
import Registers

/// The *follow* stage: notable events in event-time order, keyed state, findings.
///
/// attempts merged → baselines → late rules → correlations → findings. It owns all state of a run and
/// sees events in one order whatever the number of workers, so it is deterministic.
public final class Follower {
  private let setup: PipelineSetup
  private let names: [String]
  private let event = Event()
  private var attempts = AttemptMerger()
  private var habits: Habits
  private let keys = KeyMemo()
  private let occurrence: Occurrence
  private let correlator: Correlator
  private let lateEvaluator: Evaluator
  private var calendar: DayCalendar
  /// By rule: whether it is a finding by itself, and whether a correlation listens to it.
  private let alertsAlone, listens: [Bool]
  /// What was concluded so far.
  public private(set) var collector: FindingCollector
  /// Sign-ins by day, address and person, for the review.
  public private(set) var signIns = SignInTally()

  /// A follower that has seen nothing.
  ///
  /// - Parameter streams: The names of the streams, for the evidence.
  public init(_ setup: PipelineSetup, streams: [String]) {
    self.setup = setup
    names = streams
    let policy = setup.registers.policy
    habits = Habits(
      warmUpSuccesses: policy.integer("login.first_seen.warm_up_successes"),
      warmUpDays: policy.integer("login.first_seen.warm_up_days"), geo: setup.geo)
    occurrence = Occurrence(event: event, keys: keys)
    correlator = Correlator(setup.rules)
    lateEvaluator = Evaluator(setup.rules) { setup.lateRules.contains($0) }
    calendar = DayCalendar(setup.zone)
    collector = FindingCollector(setup)
    alertsAlone = setup.rules.rules.map(\.alertsAlone)
    listens = setup.rules.rules.indices.map { [correlator] in correlator.listens(to: $0) }
    occurrence.keeper = self
  }

  /// How much was forgotten early because a table was full, for the notes.
  public var evictedCount: UInt64 {
    attempts.evictedCount + habits.evictedCount + correlator.losses.evicted
  }

  /// Takes one notable event.
  func follow(_ notable: Notable, _ batch: Batch) {
    restore(notable, batch)
    let time = notable.time
    let isSignIn = event.has(.eventAction, equalTo: "auth.login")
    let failed = isSignIn && event.has(.eventOutcome, equalTo: "failure")
    if failed {
      event.weight = attempts.newAttempts(event, time: time)
      // Earlier lines told of this attempt.
      if event.weight == 0 { return }
    }
    let day = calendar.day(of: time)
    if isSignIn, setup.tallied?.contains(time) ?? true {
      signIns.add(event, failed: failed, time: time, day: day)
    }
    kept = nil
    held = notable
    (occurrence.time, occurrence.weight) = (time, event.weight)
    if heldBatch !== batch { heldBatch = batch }
    for place in Int(notable.hitsStart)..<Int(notable.hitsEnd) {
      conclude(Int(batch.hits[place]), time)
    }
    if isSignIn, !failed, !setup.lateRules.isEmpty {
      habits.observe(event, time: time, keys)
      // What an earlier rule kept of the line lacks what was just learned about it.
      kept = nil
      lateEvaluator.evaluate(event) { conclude($0, time) }
    }
  }

  /// The kept copy of the line at hand, made when the first window asks for it.
  private var kept: EvidenceSeed?
  /// The line at hand.
  private var held: Notable?
  private var heldBatch: Batch?

  /// What follows from one rule that an event hit.
  private func conclude(_ rule: Int, _ time: Int64) {
    if alertsAlone[rule] {
      collector.add(
        rule: rule, event, time: time, weight: event.weight, seed: seed,
        windowStart: window(rule, time))
    }
    guard listens[rule] else { return }
    correlator.observe(rule: rule, occurrence) {
      guard alertsAlone[$0.rule] else { return }
      collector.add($0, event, time: time, windowStart: window($0.rule, $0.start))
    }
  }

  /// When the window of a rule that an instant lies in began: local days, or multiples of its length.
  private func window(_ rule: Int, _ time: Int64) -> Int64 {
    let length = setup.rules.rules[rule].header.windowSeconds * 1_000_000_000
    if length == 86_400 * 1_000_000_000 || length <= 0 { return calendar.startOfDay(time) }
    return time - time % length
  }

  /// Rebuilds the event from what was carried.
  private func restore(_ notable: Notable, _ batch: Batch) {
    keys.reset()
    event.reset(line: batch.arena.view(notable.rawStart, notable.rawEnd))
    event.time = notable.time
    event.weight = notable.weight
    let fields = batch.arena.view(notable.rawEnd, notable.fieldsEnd)
    var offset = 0
    while offset + 4 <= fields.count {
      let head = fields.halfWord(at: offset)
      let (field, count) = (Int(head & 0xFFFF), Int(head >> 16))
      event.set(slot: field, .text(fields.slice(offset + 4, offset + 4 + count)))
      offset += 4 + count
    }
  }

  private func makeSeed(_ notable: Notable, _ batch: Batch) -> EvidenceSeed {
    var added: [(field: Int, text: [UInt8])] = []
    for field in PipelineSetup.baselineFields {
      if let value = event[field] { added.append((field.index, value.text(event.scratch).copy())) }
    }
    return EvidenceSeed(
      time: notable.time, stream: batch.stream, line: notable.line, offset: notable.offset,
      digest: notable.digest < 0 ? [] : batch.digests[Int(notable.digest)],
      block: batch.arena.view(notable.rawStart, notable.fieldsEnd),
      rawCount: Int(notable.rawEnd - notable.rawStart), added: added)
  }

  /// The findings, in order of time; call once, at the end.
  public func findings() -> [Finding] { collector.findings(streams: names) }
}

extension Follower: SeedKeeper {
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
