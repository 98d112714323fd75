import Bytes
public import Events

/// Which rules feed which tables of windows, and what a table must know of an event.
///
/// Correlations that count the same rules by the same fields share a table. *Read* asks it for the
/// ``FeedKey``s of an event that hit a rule, *follow* builds its tables by it: so both mean the same.
public struct FeedPlan: Sendable {
  /// Correlations over one set of groups.
  struct Counting: Sendable {
    /// The correlation whose rules and fields all members share.
    let correlation: Correlation
    var countedFields: [Field] = []
    var members: [(rule: Int, correlation: Correlation)]

    /// Whether another correlation counts the same events by the same fields.
    func canShare(_ other: Correlation) -> Bool {
      correlation.aliases.isEmpty && other.aliases.isEmpty && correlation.rules == other.rules
        && correlation.groupBy == other.groupBy
        && (other.kind == .eventCount || countedFields.isEmpty
          || countedFields == other.countedFields)
    }

    mutating func add(_ rule: Int, _ other: Correlation) {
      members.append((rule, other))
      if other.kind == .valueCount { countedFields = other.countedFields }
    }
  }

  /// The tables.
  private(set) var countings: [Counting] = []
  private(set) var sequences: [(rule: Int, correlation: Correlation)] = []
  /// By rule, the tables that it feeds, and as which of their rules.
  private(set) var countFeeds: [[Int]]
  private(set) var sequenceFeeds: [[(table: Int, position: Int)]]

  /// The plan of a rule set.
  public init(_ rules: RuleSet) {
    countFeeds = Array(repeating: [], count: rules.rules.count)
    sequenceFeeds = Array(repeating: [], count: rules.rules.count)
    for (index, rule) in rules.rules.enumerated() {
      guard case .correlation(let correlation) = rule.kind, correlation.isRunnable else { continue }
      if correlation.isSequence {
        for (position, fed) in correlation.rules.enumerated() {
          sequenceFeeds[fed].append((sequences.count, position))
        }
        sequences.append((index, correlation))
        continue
      }
      if let shared = countings.firstIndex(where: { $0.canShare(correlation) }) {
        countings[shared].add(index, correlation)
        continue
      }
      for fed in correlation.rules { countFeeds[fed].append(countings.count) }
      var counting = Counting(correlation: correlation, members: [])
      counting.add(index, correlation)
      countings.append(counting)
    }
  }

  /// Whether some correlation listens to a rule.
  public func listens(to rule: Int) -> Bool {
    !countFeeds[rule].isEmpty || !sequenceFeeds[rule].isEmpty
  }

  /// How many tables a rule feeds.
  public func feedCount(of rule: Int) -> Int {
    countFeeds[rule].count + sequenceFeeds[rule].count
  }

  /// The fields that the keys of a rule's events are made of.
  public func fields(of rule: Int) -> Set<Field> {
    var fields: Set<Field> = []
    for table in countFeeds[rule] {
      let counting = countings[table]
      for name in counting.correlation.groupBy + counting.countedFields {
        fields.insert(counting.correlation.field(name, inRule: rule))
      }
    }
    for feed in sequenceFeeds[rule] {
      let correlation = sequences[feed.table].correlation
      fields.formUnion(correlation.groupBy.map { correlation.field($0, inRule: rule) })
    }
    return fields
  }

  /// Appends what an event that hit a rule is to each table that the rule feeds, in their order.
  public func append(
    _ rule: Int, _ event: Event, _ keys: KeyMemo, to feeds: inout [FeedKey]
  ) {
    for table in countFeeds[rule] {
      feeds.append(key(ofCounting: table, event, fed: rule, keys))
    }
    for feed in sequenceFeeds[rule] {
      feeds.append(key(ofSequence: feed.table, event, fed: rule, keys))
    }
  }

  func key(ofCounting table: Int, _ event: Event, fed rule: Int, _ keys: KeyMemo) -> FeedKey {
    let correlation = countings[table].correlation
    var key = group(correlation, event, rule, keys)
    guard key.hasGroup else { return key }
    // The counted value, never 0 when there is one.
    var hash: UInt64 = 0
    let fields = countings[table].countedFields
    for field in fields {
      guard let value = event[correlation.field(field, inRule: rule)] else { return key }
      hash = hash &* 0x9E37_79B9_7F4A_7C15 &+ ByteHash.hash(value.text(event.scratch))
    }
    if !fields.isEmpty { key.value = max(hash, 1) }
    return key
  }

  func key(ofSequence table: Int, _ event: Event, fed rule: Int, _ keys: KeyMemo) -> FeedKey {
    group(sequences[table].correlation, event, rule, keys)
  }

  private func group(
    _ correlation: Correlation, _ event: Event, _ rule: Int, _ keys: KeyMemo
  ) -> FeedKey {
    let none = FeedKey(group: StateKey(high: 0, low: 0), value: 0, hasGroup: false)
    if correlation.groupBy.count == 1, correlation.aliases.isEmpty {
      guard let value = event[correlation.groupBy[0]] else { return none }
      return FeedKey(group: keys.key(of: value.text(event.scratch)), value: 0, hasGroup: true)
    }
    var hasher = StateHasher()
    for name in correlation.groupBy {
      guard
        let value = event[correlation.aliases.isEmpty ? name : correlation.field(name, inRule: rule)]
      else { return none }
      hasher.combine(value.text(event.scratch))
    }
    return FeedKey(group: hasher.key, value: 0, hasGroup: true)
  }
}
