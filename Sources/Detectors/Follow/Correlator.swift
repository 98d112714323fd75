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
  /// How many different values there are (`value_count`), or 0.
  public let distinct: Int
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
  /// The kept copy of the line; equal for one event however often it is asked for.
  var seed: EvidenceSeed { get }
  /// The event with all its fields.
  var event: Event { get }
}

/// Runs every correlation over the events that its rules hit, in event-time order.
///
/// Windows slide and belong to event time. A count fires once when it is passed; the burst goes on until
/// its group has been quiet for the window, then it may fire again. A sequence fires each time it is
/// complete and begins anew. A group that lacks one of the `group-by` fields is left out and counted.
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

  /// Tables for every correlation of a plan.
  public init(_ plan: FeedPlan) {
    self.plan = plan
    counts = plan.countings.map { CountWindow($0) }
    sequences = plan.sequences.map { SequenceWindow($0.rule, $0.correlation) }
  }

  /// How many groups were evicted early, and how many events lacked a `group-by` field.
  public var losses: (evicted: UInt64, withoutGroup: UInt64) {
    let evicted =
      counts.reduce(0) { $0 + $1.evictedCount } + sequences.reduce(0) { $0 + $1.evictedCount }
    return (evicted, counts.reduce(0) { $0 + $1.withoutGroup })
  }

  /// Takes one event that hit a rule, and everything that follows from it.
  ///
  /// - Parameters:
  ///   - rule: The rule that was hit, or the correlation that fired.
  ///   - feeds: What ``FeedPlan/append(_:_:_:to:)`` said of the event.
  ///   - emit: Gets each firing, the first before those that follow from it.
  public func observe(
    rule: Int, _ occurrence: some Occurrence, feeds: ArraySlice<FeedKey>, emit: (Firing) -> Void
  ) {
    var place = feeds.startIndex
    for number in plan.places(of: rule) {
      let feed = plan.feeds[number]
      let key = feeds[place]
      place += 1
      guard feed.isSequence else {
        counts[Int(feed.table)].observe(key, occurrence) { firing in
          emit(firing)
          observe(rule: firing.rule, occurrence, emit: emit)
        }
        continue
      }
      let firing = sequences[Int(feed.table)].observe(
        position: Int(feed.position), key, occurrence)
      guard let firing else { continue }
      emit(firing)
      observe(rule: firing.rule, occurrence, emit: emit)
    }
  }

  /// Takes an event whose keys nobody worked out: a correlation fired.
  private func observe(rule: Int, _ occurrence: some Occurrence, emit: (Firing) -> Void) {
    guard plan.listens(to: rule) else { return }
    var feeds: [FeedKey] = []
    plan.append(rule, occurrence.event, occurrence.keys, to: &feeds)
    observe(rule: rule, occurrence, feeds: feeds[...], emit: emit)
  }
}
