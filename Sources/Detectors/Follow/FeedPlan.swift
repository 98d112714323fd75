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
        && correlation.groupBy == other.groupBy && members.count < 8
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
  private(set) var buckets: [(rule: Int, correlation: Correlation)] = []
  private(set) var absences: [(rule: Int, correlation: Correlation)] = []
  private(set) var measures: [(rule: Int, correlation: Correlation)] = []
  private(set) var spans: [(rule: Int, correlation: Correlation)] = []
  private(set) var precedences: [(rule: Int, correlation: Correlation)] = []
  /// By precedence, the place of the wait that an event begins which nothing preceded; `nil` where it speaks at once.
  private(set) var waitsOfPrecedences: [Int?] = []
  /// By rule, the tables that it feeds, and as which of their rules.
  private var countFeeds: [[Int]]
  private var otherFeeds: [[(kind: Kind, table: Int, position: Int)]]

  /// What a table is, and what an event does in it.
  enum Kind: UInt8, BitwiseCopyable, Sendable {
    case count, cancelCount, bucket, cancelBucket, sequence, absence, meetAbsence, measure
    case span, beginSpan, endSpan, precedent, preceded
  }

  /// One table that a rule feeds.
  struct Feed: BitwiseCopyable, Sendable {
    var kind: Kind
    /// Whether the value is a number, which a measure takes.
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
  /// By feed, the event's fields that the group is made of.
  private var groupFields: [[Field]] = []
  /// By rule, where its feeds begin; one more at the end.
  private var starts: [Int] = []
  /// By rule, whether all that listen to it go by the fields that it goes by itself, and count no values.
  private var inheritsGroup: [Bool] = []

  /// The plan of a rule set.
  public init(_ rules: RuleSet) {
    countFeeds = Array(repeating: [], count: rules.rules.count)
    otherFeeds = Array(repeating: [], count: rules.rules.count)
    for (index, rule) in rules.rules.enumerated() {
      // What is counted by the clock is RatePlan's.
      guard case .correlation(let correlation) = rule.kind, correlation.perSeconds == nil
      else { continue }
      if correlation.isMeasured {
        for (position, fed) in correlation.rules.enumerated() {
          otherFeeds[fed].append((.measure, measures.count, position))
        }
        measures.append((index, correlation))
        continue
      }
      if correlation.isSequence {
        for (position, fed) in correlation.rules.enumerated() {
          otherFeeds[fed].append((.sequence, sequences.count, position))
        }
        sequences.append((index, correlation))
        continue
      }
      if add(index, correlation) { continue }
      let shared = countings.firstIndex { $0.canShare(correlation) }
      for fed in correlation.cancelledBy {
        let member = shared.map { countings[$0].members.count } ?? 0
        otherFeeds[fed].append((.cancelCount, shared ?? countings.count, member))
      }
      if let shared {
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
      feeds += otherFeeds[rule].map { feed($0.table, ofRule: rule, $0.kind, $0.position) }
      groupFields += feeds[groupFields.count...].map { feed in
        let correlation = correlation(feed.kind, Int(feed.table))
        return correlation.groupBy.map {
          correlation.aliases.isEmpty ? $0 : correlation.field($0, inRule: rule)
        }
      }
    }
    starts.append(feeds.count)
    inheritsGroup = rules.rules.indices.map { rule in
      guard case .correlation(let own) = rules.rules[rule].kind, own.aliases.isEmpty else {
        return false
      }
      return places(of: rule).allSatisfy { place in
        let other = correlation(feeds[place].kind, Int(feeds[place].table))
        return other.aliases.isEmpty && other.groupBy == own.groupBy && !feeds[place].countsValue
      }
    }
  }

  /// What a correlation's firing is to each table that listens to it, where that is known without the event.
  func feeds(of firing: Firing) -> [FeedKey]? {
    guard inheritsGroup[firing.rule] else { return nil }
    let key = FeedKey(group: firing.group, value: 0, hasGroup: true)
    return Array(repeating: key, count: feedCount(of: firing.rule))
  }

  /// Gives a bucket or a wait its table; false for a window.
  private mutating func add(_ index: Int, _ correlation: Correlation) -> Bool {
    func listen(
      _ rules: [Int], _ kind: Kind, _ table: Int,
      in feeds: inout [[(kind: Kind, table: Int, position: Int)]]
    ) {
      for fed in rules { feeds[fed].append((kind, table, 0)) }
    }
    if correlation.leakSeconds != nil {
      listen(correlation.rules, .bucket, buckets.count, in: &otherFeeds)
      listen(correlation.cancelledBy, .cancelBucket, buckets.count, in: &otherFeeds)
      buckets.append((index, correlation))
      return true
    }
    if correlation.lastsSeconds != nil || correlation.pauseSeconds != nil {
      listen(correlation.rules, .span, spans.count, in: &otherFeeds)
      listen(correlation.beginsWith, .beginSpan, spans.count, in: &otherFeeds)
      listen(correlation.cancelledBy, .endSpan, spans.count, in: &otherFeeds)
      spans.append((index, correlation))
      return true
    }
    let isWaiting = !correlation.unlessFollowedBy.isEmpty
    if !correlation.unlessPrecededBy.isEmpty {
      listen(correlation.unlessPrecededBy, .precedent, precedences.count, in: &otherFeeds)
      listen(correlation.rules, .preceded, precedences.count, in: &otherFeeds)
      precedences.append((index, correlation))
      waitsOfPrecedences.append(isWaiting ? absences.count : nil)
    } else if isWaiting {
      listen(correlation.rules, .absence, absences.count, in: &otherFeeds)
    }
    guard isWaiting else { return !correlation.unlessPrecededBy.isEmpty }
    listen(correlation.unlessFollowedBy, .meetAbsence, absences.count, in: &otherFeeds)
    absences.append((index, correlation))
    return true
  }

  private func feed(
    _ table: Int, ofRule rule: Int, _ kind: Kind = .count, _ position: Int = 0
  ) -> Feed {
    let correlation = correlation(kind, table)
    let fields = countedFields(kind, table)
    return Feed(
      kind: kind, isNumber: kind == .measure && correlation.kind.isNumeric,
      countsValue: !fields.isEmpty, field: simpleField(correlation),
      valueField: fields.count == 1
        ? Int16(correlation.field(fields[0], inRule: rule).index) : -1,
      table: Int32(table), position: Int32(position))
  }

  private func correlation(_ kind: Kind, _ table: Int) -> Correlation {
    switch kind {
    case .count, .cancelCount: countings[table].correlation
    case .bucket, .cancelBucket: buckets[table].correlation
    case .sequence: sequences[table].correlation
    case .absence, .meetAbsence: absences[table].correlation
    case .measure: measures[table].correlation
    case .span, .beginSpan, .endSpan: spans[table].correlation
    case .precedent, .preceded: precedences[table].correlation
    }
  }

  /// The fields whose values a table counts of the events that feed it.
  private func countedFields(_ kind: Kind, _ table: Int) -> [Field] {
    switch kind {
    case .count: countings[table].countedFields
    case .bucket: buckets[table].correlation.countedFields
    case .measure: measures[table].correlation.countedFields
    default: []
    }
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
    for place in places(of: rule) {
      let (kind, table) = (feeds[place].kind, Int(feeds[place].table))
      let correlation = correlation(kind, table)
      for name in correlation.groupBy + countedFields(kind, table) {
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
        var key = group(groupFields[place], event)
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
    let correlation = correlation(feed.kind, Int(feed.table))
    var hash: UInt64 = 0
    for field in countedFields(feed.kind, Int(feed.table)) {
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

  private func group(_ fields: [Field], _ event: Event) -> FeedKey {
    var hasher = StateHasher()
    for field in fields {
      guard let value = event[field] else { return .none }
      hasher.combine(value.text(event.scratch))
    }
    return FeedKey(group: hasher.key, value: 0, hasGroup: true)
  }
}
