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

/// Whoever holds the line at hand and can make, or repeat, the kept copy of it.
public protocol SeedKeeper: AnyObject {
  /// The kept copy of the line at hand; equal for one event however often it is asked for.
  var seed: EvidenceSeed { get }
}

/// The event on its way through the correlations; its line is copied only if some window keeps it.
///
/// Whoever follows events has one and changes it from event to event.
public final class Occurrence {
  /// The event's fields.
  public let event: Event
  /// The keys of the event's texts.
  public let keys: KeyMemo
  /// The event's time, nanoseconds.
  public var time: Int64 = 0
  /// How many events it stands for.
  public var weight: UInt32 = 1
  /// Makes the kept copy of the line; it has the occurrence, not the other way round.
  public weak var keeper: (any SeedKeeper)?

  /// An occurrence of an event that is filled in again and again.
  public init(event: Event, keys: KeyMemo) { (self.event, self.keys) = (event, keys) }

  /// The kept copy of the line.
  var seed: EvidenceSeed {
    // The follower makes the occurrence, is its keeper, and outlives it.
    guard let keeper else { preconditionFailure("an occurrence without its keeper") }
    return keeper.seed
  }
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

  /// The tables, and which of them a rule feeds as which of their rules.
  private var counts: [CountWindow] = []
  private var sequences: [SequenceWindow] = []
  private var countFeeds: [[Int]]
  private var sequenceFeeds: [[(table: Int, position: Int)]]

  /// Tables for every correlation of a rule set.
  public init(_ rules: RuleSet) {
    countFeeds = Array(repeating: [], count: rules.rules.count)
    sequenceFeeds = Array(repeating: [], count: rules.rules.count)
    for (index, rule) in rules.rules.enumerated() {
      guard case .correlation(let correlation) = rule.kind, correlation.isRunnable else { continue }
      if correlation.isSequence {
        for (position, fed) in correlation.rules.enumerated() {
          sequenceFeeds[fed].append((sequences.count, position))
        }
        sequences.append(SequenceWindow(index, correlation))
        continue
      }
      if let shared = counts.first(where: { $0.canShare(correlation) }) {
        shared.add(index, correlation)
        continue
      }
      for fed in correlation.rules { countFeeds[fed].append(counts.count) }
      counts.append(CountWindow(index, correlation))
    }
  }

  /// Whether some correlation listens to a rule.
  public func listens(to rule: Int) -> Bool {
    !countFeeds[rule].isEmpty || !sequenceFeeds[rule].isEmpty
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
  ///   - emit: Gets each firing, the first before those that follow from it.
  public func observe(rule: Int, _ occurrence: Occurrence, emit: (Firing) -> Void) {
    let feeds = countFeeds[rule]
    for place in 0..<feeds.count {
      counts[feeds[place]].observe(fed: rule, occurrence) { firing in
        emit(firing)
        observe(rule: firing.rule, occurrence, emit: emit)
      }
    }
    for feed in sequenceFeeds[rule] {
      guard
        let firing = sequences[feed.table].observe(position: feed.position, fed: rule, occurrence)
      else { continue }
      emit(firing)
      observe(rule: firing.rule, occurrence, emit: emit)
    }
  }
}

extension Correlation {
  /// The key of an event's group, or `nil` when it lacks a field of it.
  func group(of event: Event, fed rule: Int, _ keys: KeyMemo) -> StateKey? {
    if groupBy.count == 1, aliases.isEmpty {
      guard let value = event[groupBy[0]] else { return nil }
      return keys.key(of: value.text(event.scratch))
    }
    var hasher = StateHasher()
    for name in groupBy {
      guard let value = event[aliases.isEmpty ? name : field(name, inRule: rule)] else {
        return nil
      }
      hasher.combine(value.text(event.scratch))
    }
    return hasher.key
  }
}
