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
  private(set) var measures: [(rule: Int, correlation: Correlation)] = []
  /// By rule, the tables that it feeds, and as which of their rules.
  private var countFeeds: [[Int]]
  private var sequenceFeeds: [[(table: Int, position: Int)]]
  private var measureFeeds: [[(table: Int, position: Int)]]

  /// One table that a rule feeds.
  struct Feed: BitwiseCopyable, Sendable {
    var isSequence: Bool
    /// Whether the table is one of measures; the value is a number then, if its correlation's are.
    var isMeasure = false
    var isNumber = false
    /// Whether a value is counted beside the group.
    var countsValue: Bool
    /// The one field that the group is made of, or -1 when it is not so simple.
    var field: Int16
    /// The one field that is counted, or -1 when it is not so simple.
    var valueField: Int16
    var table: Int32
    /// As which of the rules of a sequence.
    var position: Int32
  }
  /// All feeds, those of a rule together: counts first.
  private(set) var feeds: [Feed] = []
  /// By rule, where its feeds begin; one more at the end.
  private var starts: [Int] = []

  /// The plan of a rule set.
  public init(_ rules: RuleSet) {
    countFeeds = Array(repeating: [], count: rules.rules.count)
    sequenceFeeds = Array(repeating: [], count: rules.rules.count)
    measureFeeds = Array(repeating: [], count: rules.rules.count)
    for (index, rule) in rules.rules.enumerated() {
      guard case .correlation(let correlation) = rule.kind else { continue }
      if correlation.isMeasured {
        for (position, fed) in correlation.rules.enumerated() {
          measureFeeds[fed].append((measures.count, position))
        }
        measures.append((index, correlation))
        continue
      }
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
    for rule in rules.rules.indices {
      starts.append(feeds.count)
      feeds += countFeeds[rule].map { feed($0, ofRule: rule) }
      feeds += sequenceFeeds[rule].map { table, position in
        Feed(
          isSequence: true, countsValue: false, field: simpleField(sequences[table].correlation),
          valueField: -1, table: Int32(table), position: Int32(position))
      }
      feeds += measureFeeds[rule].map { table, position in
        measure(table, position, ofRule: rule)
      }
    }
    starts.append(feeds.count)
  }

  private func feed(_ table: Int, ofRule rule: Int) -> Feed {
    let (correlation, fields) = (countings[table].correlation, countings[table].countedFields)
    return Feed(
      isSequence: false, countsValue: !fields.isEmpty, field: simpleField(correlation),
      valueField: fields.count == 1
        ? Int16(correlation.field(fields[0], inRule: rule).index) : -1,
      table: Int32(table), position: 0)
  }

  private func measure(_ table: Int, _ position: Int, ofRule rule: Int) -> Feed {
    let correlation = measures[table].correlation
    let fields = correlation.countedFields
    return Feed(
      isSequence: false, isMeasure: true, isNumber: correlation.kind.isNumeric,
      countsValue: !fields.isEmpty, field: simpleField(correlation),
      valueField: fields.count == 1
        ? Int16(correlation.field(fields[0], inRule: rule).index) : -1,
      table: Int32(table), position: Int32(position))
  }

  /// The correlation whose fields a feed is made of.
  private func correlation(of feed: Feed) -> Correlation {
    let table = Int(feed.table)
    if feed.isSequence { return sequences[table].correlation }
    return feed.isMeasure ? measures[table].correlation : countings[table].correlation
  }

  private func simpleField(_ correlation: Correlation) -> Int16 {
    let isSimple = correlation.groupBy.count == 1 && correlation.aliases.isEmpty
    return isSimple ? Int16(correlation.groupBy[0].index) : -1
  }

  /// Where a rule's feeds stand.
  @inline(__always) func places(of rule: Int) -> Range<Int> { starts[rule]..<starts[rule + 1] }

  /// Whether some correlation listens to a rule.
  public func listens(to rule: Int) -> Bool { !places(of: rule).isEmpty }

  /// How many tables a rule feeds.
  public func feedCount(of rule: Int) -> Int { places(of: rule).count }

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
    for feed in measureFeeds[rule] {
      let correlation = measures[feed.table].correlation
      for name in correlation.groupBy + correlation.countedFields {
        fields.insert(correlation.field(name, inRule: rule))
      }
    }
    return fields
  }

  /// Appends what an event that hit a rule is to each table that the rule feeds, in their order.
  public func append(
    _ rule: Int, _ event: Event, _ keys: KeyMemo, to result: inout [FeedKey]
  ) {
    // Most tables of a rule go by the same field.
    var last = (field: Int16(-1), key: FeedKey.none)
    for place in places(of: rule) {
      let feed = feeds[place]
      if feed.field >= 0 {
        if feed.field != last.field {
          last = (feed.field, FeedPlan.group(Field(index: Int(feed.field)), event, keys))
        }
        var key = last.key
        if feed.countsValue, key.hasGroup { key.value = value(feed, event, fed: rule) }
        result.append(key)
      } else {
        var key = group(correlation(of: feed), event, rule)
        if feed.countsValue, key.hasGroup { key.value = value(feed, event, fed: rule) }
        result.append(key)
      }
    }
  }

  /// The counted value, never 0 when there is one.
  private func value(_ feed: Feed, _ event: Event, fed rule: Int) -> UInt64 {
    if feed.isNumber {
      let field = Field(index: Int(feed.valueField))
      return (FeedPlan.number(event[field]) ?? .nan).bitPattern
    }
    if feed.valueField >= 0 {
      guard let value = event[Field(index: Int(feed.valueField))] else { return 0 }
      return max(ByteHash.hash(value.text(event.scratch)), 1)
    }
    let correlation = correlation(of: feed)
    let fields =
      feed.isMeasure ? correlation.countedFields : countings[Int(feed.table)].countedFields
    var hash: UInt64 = 0
    for field in fields {
      guard let value = event[correlation.field(field, inRule: rule)] else { return 0 }
      hash = hash &* 0x9E37_79B9_7F4A_7C15 &+ ByteHash.hash(value.text(event.scratch))
    }
    return max(hash, 1)
  }

  /// A value as a number, or `nil` when it is none.
  private static func number(_ value: Value?) -> Double? {
    switch value {
    case .integer(let integer): Double(integer)
    case .number(let number, _): number
    case .text(let text): text.number
    default: nil
    }
  }

  @inline(__always)
  private static func group(_ field: Field, _ event: Event, _ keys: KeyMemo) -> FeedKey {
    guard let value = event[field] else { return .none }
    return FeedKey(group: keys.key(of: value.text(event.scratch)), value: 0, hasGroup: true)
  }

  private func group(_ correlation: Correlation, _ event: Event, _ rule: Int) -> FeedKey {
    var hasher = StateHasher()
    if correlation.groupBy.count == 1, correlation.aliases.isEmpty {
      guard let value = event[correlation.groupBy[0]] else { return .none }
      hasher.combine(value.text(event.scratch))
      return FeedKey(group: hasher.key, value: 0, hasGroup: true)
    }
    for name in correlation.groupBy {
      guard
        let value = event[
          correlation.aliases.isEmpty ? name : correlation.field(name, inRule: rule)]
      else { return .none }
      hasher.combine(value.text(event.scratch))
    }
    return FeedKey(group: hasher.key, value: 0, hasGroup: true)
  }
}
