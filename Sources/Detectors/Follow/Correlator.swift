public import Bytes
public import Events

/// What a correlation says about one event: a burst began, or goes on.
public struct Firing {
  /// The correlation's place in the rule set.
  public let rule: Int
  /// The group, and the time of the first event of the burst: together the burst's name.
  public let group: StateKey
  /// When the burst's first event was, nanoseconds.
  public let start: Int64
  /// The lines that made it: all of the window at the beginning, then one by one.
  public let evidence: [EvidenceSeed]
  /// How many events these stand for.
  public let count: UInt64
  /// How many different values there are (`value_count`), the measure rounded (`value_sum` …), or 0.
  public let distinct: Int
  /// When the window closed that was judged at its close, nanoseconds.
  public var closed: Int64?
  /// Whether it is about a time that has come, which is then when the finding begins.
  public var isDeadline = false

  package init(
    rule: Int, group: StateKey, start: Int64, evidence: [EvidenceSeed], count: UInt64,
    distinct: Int, closed: Int64? = nil, isDeadline: Bool = false
  ) {
    (self.rule, self.group, self.start, self.evidence) = (rule, group, start, evidence)
    (self.count, self.distinct, self.closed) = (count, distinct, closed)
    self.isDeadline = isDeadline
  }
}

/// The event on its way through the correlations; its line is taken apart only if a rule asks, and
/// copied only if some window keeps it.
///
/// Whoever follows events is one, and changes from event to event.
public protocol Occurrence: AnyObject {
  /// The event's time, nanoseconds.
  var time: Int64 { get }
  /// How many events it stands for.
  var weight: UInt32 { get }
  /// Keys of texts that came before.
  var keys: KeyMemo { get }
  /// The kept copy of the line; equal for one event however often it is asked for, and there as long as it is marked.
  var seed: EvidenceSeed { get }
  /// The event with all its fields.
  var event: Event { get }
}

/// Runs every correlation over the events that its rules hit, in event-time order.
///
/// Windows slide and belong to event time. A count fires once when it is passed; the burst goes on until
/// its group has been quiet for the window, then it may fire again. A sequence fires each time it is
/// complete and begins anew. A bucket is ``LeakyBuckets``', an absence ``AbsenceWindow``'s. A group that lacks one of the
/// `group-by` fields is left out and counted.
///
/// Correlations that count the same rules by the same fields share their groups. Bounded:
/// ``groupsMax`` groups per table; per group the lines of one threshold, at most ``eventsMax``.
public final class Correlator {
  /// How many groups one table follows.
  public static let groupsMax = 100_000
  /// How many events one group remembers at the most.
  static let eventsMax = 4096

  private let plan: FeedPlan
  private let counts: [CountWindow]
  private let sequences: [SequenceWindow]
  private let buckets: [LeakyBuckets]
  private let absences: [any WaitWindow]
  private let measures: [MeasureWindow]
  private let spans: [SpanWindow]
  private let precedences: [PrecedenceWindow]
  /// How late events have come.
  private var latest = Int64.min
  /// No wait ends before this.
  private var soonest = Int64.max

  /// Tables for every correlation of a plan.
  public init(_ plan: FeedPlan) {
    self.plan = plan
    counts = plan.countings.map { CountWindow($0) }
    sequences = plan.sequences.map { SequenceWindow($0.rule, $0.correlation) }
    buckets = plan.buckets.map { LeakyBuckets($0.rule, $0.correlation) }
    absences = plan.absences.map { rule, correlation in
      if let deadline = correlation.deadline { return DeadlineWindow(rule, deadline) }
      return AbsenceWindow(rule, correlation)
    }
    measures = plan.measures.map { MeasureWindow($0.rule, $0.correlation) }
    spans = plan.spans.map { SpanWindow($0.rule, $0.correlation) }
    precedences = plan.precedences.map { PrecedenceWindow($0.rule, $0.correlation) }
  }

  /// How many groups were evicted early, and how many events lacked a `group-by` field.
  public var losses: (evicted: UInt64, withoutGroup: UInt64) {
    let windows =
      counts.reduce(0) { $0 + $1.evictedCount } + sequences.reduce(0) { $0 + $1.evictedCount }
    let others =
      buckets.reduce(0) { $0 + $1.evictedCount } + absences.reduce(0) { $0 + $1.evictedCount }
      + measures.reduce(0) { $0 + $1.evictedCount } + spans.reduce(0) { $0 + $1.evictedCount }
      + precedences.reduce(0) { $0 + $1.evictedCount }
    return (
      windows + others,
      counts.reduce(0) { $0 + $1.withoutGroup } + buckets.reduce(0) { $0 + $1.withoutGroup }
        + measures.reduce(0) { $0 + $1.withoutGroup }
    )
  }

  /// Takes one event that hit a rule, and everything that follows from it.
  ///
  /// - Parameters:
  ///   - rule: The rule that was hit, or the correlation that fired.
  ///   - feeds: What ``FeedPlan/append(_:_:_:to:)`` said of the event.
  ///   - emit: Gets each firing, the first before those that follow from it.
  public func observe(
    rule: Int, _ occurrence: some Occurrence, feeds: Span<FeedKey>, emit: (Firing) -> Void
  ) {
    var place = 0
    for number in plan.places(of: rule) {
      let feed = plan.feeds[number]
      let key = feeds[place]
      place += 1
      let table = Int(feed.table)
      switch feed.kind {
      case .count:
        counts[table].observe(key, occurrence) { follow($0, occurrence, emit: emit) }
      case .bucket:
        buckets[table].observe(key, occurrence).map { follow($0, occurrence, emit: emit) }
      case .sequence:
        sequences[table].observe(position: Int(feed.position), key, occurrence)
          .map { follow($0, occurrence, emit: emit) }
      case .measure:
        for firing in measures[table].observe(position: Int(feed.position), key, occurrence) {
          follow(firing, occurrence, emit: emit)
        }
      case .cancelCount: counts[table].cancel(key, member: Int(feed.position))
      case .cancelBucket: buckets[table].cancel(key, at: occurrence.time)
      case .absence:
        absences[table].observe(key, occurrence)
        soonest = min(soonest, absences[table].nextEnd)
      case .meetAbsence:
        absences[table].meet(key, occurrence)
        soonest = min(soonest, absences[table].nextEnd)
      case .span: spans[table].observe(key, occurrence).map { follow($0, occurrence, emit: emit) }
      case .beginSpan: spans[table].begin(key, occurrence)
      case .endSpan: spans[table].end(key)
      case .precedent: precedences[table].note(key, at: occurrence.time)
      case .preceded:
        guard let firing = precedences[table].observe(key, occurrence) else { continue }
        if let wait = plan.waitsOfPrecedences[table] {
          absences[wait].observe(key, occurrence)
          soonest = min(soonest, absences[wait].nextEnd)
        } else {
          follow(firing, occurrence, emit: emit)
        }
      }
    }
  }

  /// Has the processor fetch what an event that hit a rule will read.
  public func prefetch(rule: Int, feeds: Span<FeedKey>) {
    var place = 0
    for number in plan.places(of: rule) {
      let feed = plan.feeds[number]
      let key = feeds[place]
      place += 1
      guard key.hasGroup else { continue }
      let table = Int(feed.table)
      switch feed.kind {
      case .count, .cancelCount: counts[table].prefetch(key)
      case .bucket, .cancelBucket: buckets[table].prefetch(key)
      case .sequence: sequences[table].prefetch(key)
      default: break
      }
    }
  }

  /// The same, soon after, of what those tables themselves say where it is.
  public func prefetchHeld(rule: Int, feeds: Span<FeedKey>) {
    var place = 0
    for number in plan.places(of: rule) {
      let feed = plan.feeds[number]
      let key = feeds[place]
      place += 1
      guard key.hasGroup else { continue }
      let table = Int(feed.table)
      switch feed.kind {
      case .count, .cancelCount: counts[table].prefetchHeld(key)
      case .bucket: buckets[table].prefetchHeld(key)
      default: break
      }
    }
  }

  /// Marks the lines that windows keep.
  public func markLines() {
    for table in counts { table.markLines() }
    for table in sequences { table.markLines() }
    for table in buckets { table.markLines() }
    for table in absences { table.markLines() }
    for table in measures { table.markLines() }
    for table in spans { table.markLines() }
  }

  /// Closes the windows that are over when events have come as late as `time`.
  ///
  /// What follows from each firing is told by ``follow(_:_:emit:)``, once its last line is at hand again.
  ///
  /// - Parameter isLast: Whether no event will come to close more of them.
  public func close(at time: Int64, isLast: Bool = false) -> [Firing] {
    guard !measures.isEmpty else { return [] }
    latest = max(latest, time)
    var firings: [Firing] = []
    for place in 0..<measures.count where measures[place].nextDue <= latest {
      firings += measures[place].close(at: latest, isLast: isLast)
    }
    return firings
  }

  /// Tells of a firing, and those correlations that listen to it.
  public func follow(_ firing: Firing, _ occurrence: some Occurrence, emit: (Firing) -> Void) {
    emit(firing)
    guard plan.listens(to: firing.rule) else { return }
    var feeds: [FeedKey] = []
    if let known = plan.feeds(of: firing) {
      feeds = known
    } else {
      plan.append(firing.rule, occurrence.event, occurrence.keys, to: &feeds)
    }
    observe(rule: firing.rule, occurrence, feeds: feeds.span, emit: emit)
  }

  /// The next wait that ends by an instant without what it waited for, in the order of the ends.
  ///
  /// The line is the one that began it. Whoever takes it tells ``follow(_:_:emit:)`` what became of it.
  ///
  /// - Parameter clock: The instant for waits that the clock ends.
  public func nextAbsence(
    by time: Int64, clock: Int64
  ) -> (firing: Firing, line: EvidenceSeed, end: Int64)? {
    // There are a few dozen such rules at the most, and nearly always nothing is over.
    guard soonest <= max(time, clock) else { return nil }
    while true {
      var best: (end: Int64, table: any WaitWindow)?
      soonest = .max
      for table in absences {
        let end = table.nextEnd
        soonest = min(soonest, end)
        if end <= (table.followsClock ? clock : time), end < best?.end ?? .max {
          best = (end, table)
        }
      }
      guard let best else { return nil }
      if let found = best.table.next(by: best.end) { return found }
    }
  }

  /// Whether something may be waited for.
  public var waits: Bool { soonest < .max }
}

extension Correlator {
  /// Writes the windows, as of an instant.
  public func write(
    to writer: inout SnapshotWriter, at time: Int64, _ rules: RuleSet, _ table: FieldTable,
    _ seeds: SeedTable
  ) {
    writer.put(counts.indices) { place, writer in
      writer.put(plan.countings[place].members.map { name($0, rules, table) }.joined())
      // A part of its own, so that one that nobody wants any more can be passed over.
      writer.section { counts[place].write(to: &$0, at: time, seeds) }
    }
    writer.put(sequences.indices) { place, writer in
      writer.put(name(plan.sequences[place], rules, table))
      writer.section { sequences[place].write(to: &$0, at: time, seeds) }
    }
    writer.put(buckets.indices) { place, writer in
      writer.put(name(plan.buckets[place], rules, table))
      writer.section { buckets[place].write(to: &$0, at: time, seeds) }
    }
    writer.put(absences.indices) { place, writer in
      writer.put(name(plan.absences[place], rules, table))
      writer.section { absences[place].write(to: &$0, at: time, seeds) }
    }
    writer.put(latest)
    writer.put(measures.indices) { place, writer in
      writer.put(name(plan.measures[place], rules, table))
      writer.section { measures[place].write(to: &$0, at: time, seeds) }
    }
    writer.put(spans.indices) { place, writer in
      writer.put(name(plan.spans[place], rules, table))
      writer.section { spans[place].write(to: &$0, at: time, seeds) }
    }
    writer.put(precedences.indices) { place, writer in
      writer.put(name(plan.precedences[place], rules, table))
      writer.section { precedences[place].write(to: &$0, at: time) }
    }
  }

  /// Takes in the windows of those correlations that are as they were; returns how many are not.
  public func read(
    from reader: inout SnapshotReader, _ rules: RuleSet, _ table: FieldTable, _ seeds: SeedTable
  ) throws(SnapshotError) -> Int {
    var lost = 0
    func part(
      of names: [String], _ take: (Int, inout SnapshotReader) throws(SnapshotError) -> Void
    ) throws(SnapshotError) {
      for _ in 0..<(try reader.count()) {
        let place = names.firstIndex(of: try reader.text())
        var part = try reader.section()
        if let place { try take(place, &part) } else { lost += 1 }
      }
    }
    func names(_ members: [(rule: Int, correlation: Correlation)]) -> [String] {
      members.map { name($0, rules, table) }
    }
    try part(of: plan.countings.map { names($0.members).joined() }) {
      (place, part) throws(SnapshotError) in try counts[place].read(from: &part, seeds)
    }
    try part(of: names(plan.sequences)) {
      (place, part) throws(SnapshotError) in try sequences[place].read(from: &part, seeds)
    }
    try part(of: names(plan.buckets)) {
      (place, part) throws(SnapshotError) in try buckets[place].read(from: &part, seeds)
    }
    try part(of: names(plan.absences)) {
      (place, part) throws(SnapshotError) in try absences[place].read(from: &part, seeds)
    }
    soonest = absences.map(\.nextEnd).min() ?? .max
    latest = try reader.number()
    try part(of: names(plan.measures)) {
      (place, part) throws(SnapshotError) in try measures[place].read(from: &part, seeds)
    }
    try part(of: names(plan.spans)) {
      (place, part) throws(SnapshotError) in try spans[place].read(from: &part, seeds)
    }
    try part(of: names(plan.precedences)) {
      (place, part) throws(SnapshotError) in try precedences[place].read(from: &part)
    }
    return lost
  }

  /// All that makes a correlation's state what it is.
  private func name(
    _ member: (rule: Int, correlation: Correlation), _ rules: RuleSet, _ table: FieldTable
  ) -> String {
    let correlation = member.correlation
    var own: [String] = []
    if correlation.isMeasured {
      own = [
        "\(correlation.bounds)", "\(correlation.percentile)", "\(correlation.condition as Any)",
        "\(correlation.baseline ?? 0)",
      ]
    }
    let parts: [String] =
      own + [rules.rules[member.rule].header.id, "\(correlation.kind)", "\(correlation.needed)"]
      + [
        correlation.deadline?.rawValue ?? "\(correlation.timespanSeconds)",
        "\(correlation.leakSeconds ?? 0)",
      ]
      + ["\(correlation.perValueMax ?? 0)", "\(correlation.medianGapSeconds ?? 0)"]
      + ["\(correlation.lastsSeconds ?? 0)", "\(correlation.pauseSeconds ?? 0)"]
      + [
        correlation.rules, correlation.cancelledBy, correlation.unlessFollowedBy,
        correlation.unlessPrecededBy, correlation.beginsWith,
      ].flatMap {
        $0.map { rules.rules[$0].header.id } + ["\u{2}"]
      }
      + (correlation.groupBy + correlation.countedFields).map { table.name($0) }
    return parts.joined(separator: "\u{0}") + "\u{1}"
  }
}
