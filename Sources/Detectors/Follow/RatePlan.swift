import Bytes
public import Events

/// Which correlations count by the clock, and what must be known of an event to count it.
///
/// A rate (`per: 1m`) counts the events of each group in whole minutes, hours or whatever `per` says, so that it does not
/// matter in which order they come: *read* passes on some numbers of each event in place of its line.
public struct RatePlan: Sendable {
  /// Windows that some tables share: the groups' field and the length.
  package struct Group: Sendable {
    /// The place of its field in ``columns``, or in ``rareColumns``.
    package let column: Int
    package let isRare: Bool
    package let seconds: Int64
    /// In how many steps the window slides on; 1 when each begins where the one before ends.
    package let stepCount: Int
    /// The rules that its tables ask for, and those of which a finding shows a line, as bits.
    package var counted: UInt64 = 0, shown: UInt64 = 0
    /// Whether different values are counted.
    package var hasValues = false
    /// The group of shorter windows that together are one of these, so that events need be counted in those alone.
    package var parts: Int?
  }

  /// Whose different values are counted: the place of a field in ``values``, and the rules whose events bring them.
  package struct Distinct: Hashable, Sendable {
    package let value: Int
    package let counted: UInt64
  }

  /// One correlation.
  package struct Table: Sendable {
    package let rule: Int
    package let group: Int
    /// The rules that are counted, and those that they are a share of, as bits.
    package let counted, among: UInt64
    /// Which of ``distincts`` it asks for, or -1 when events are counted.
    package let value: Int
    package let needed: UInt64
    /// The share must be larger than this; `nil` when there is none.
    package let share: Double?
    /// Of a client's own limit, the share that takes the place of ``needed``, and whether it must be exceeded.
    package let limitShare: Double?
    package let limitKind: Correlation.LimitKind
    package let isAbove: Bool
    /// What is enough where a group's own windows were much less.
    package let own: Correlation.Own?

    /// How many values are looked at: those that are told of, or that are a group's own.
    package var neededLeast: UInt64 { min(needed, own?.from.map(UInt64.init) ?? needed) }

    /// How many events are needed where the bound is another.
    package func needed(of bound: Double) -> UInt64 {
      let scaled = bound * (limitShare ?? 1)
      return UInt64(max(1, min(1e15, isAbove ? scaled.rounded(.down) + 1 : scaled.rounded(.up))))
    }
  }

  /// How many rules may be counted in all; what is beyond is not run.
  package static let basesMax = 64

  /// Fields that most of what is counted has.
  package static let common: Set<Field> = [.sourceIP, .urlDomain, .userName, .hostName]

  /// The fields that make groups and that each mark has a key of.
  public private(set) var columns: [Field] = []
  /// The fields that make groups and that few events have, which cost the others nothing.
  public private(set) var rareColumns: [Field] = []
  /// The fields whose different values are counted.
  public private(set) var values: [Field] = []
  package private(set) var distincts: [Distinct] = []
  package private(set) var groups: [Group] = []
  package private(set) var tables: [Table] = []
  /// By rule, its bit; 0 of a rule that feeds no rate.
  public private(set) var bits: [UInt64]
  /// How many rules have a bit.
  package private(set) var baseCount = 0

  /// Whether nothing is counted so.
  public var isEmpty: Bool { tables.isEmpty }

  /// The plan of a rule set.
  public init(_ set: RuleSet) {
    bits = Array(repeating: 0, count: set.rules.count)
    for (index, rule) in set.rules.enumerated() {
      guard case .correlation(let correlation) = rule.kind, let per = correlation.perSeconds,
        let field = correlation.groupBy.first
      else { continue }
      guard correlation.rules.allSatisfy({ give(bitTo: $0) }) else { continue }
      let isShare = correlation.shareAbove != nil
      let counted = isShare ? correlation.rules.prefix(1) : correlation.rules[...]
      let bases = counted.reduce(0) { $0 | bits[$1] }
      let value =
        correlation.valueField.map {
          let distinct = Distinct(value: RatePlan.place(of: $0, in: &values), counted: bases)
          return RatePlan.place(of: distinct, in: &distincts)
        } ?? -1
      let step = correlation.stepSeconds ?? per
      // What slides is made of windows as long as a step.
      if step < per { _ = place(ofGroup: field, step, steps: 1) }
      tables.append(
        Table(
          rule: index, group: place(ofGroup: field, per, steps: Int(per / step)), counted: bases,
          among: correlation.rules.dropFirst().reduce(0) { $0 | bits[$1] }, value: value,
          needed: UInt64(correlation.needed), share: correlation.shareAbove,
          limitShare: correlation.limitShare, limitKind: correlation.limitKind,
          isAbove: correlation.bounds.contains { $0.order == .gt }, own: correlation.own))
    }
    settleGroups()
  }

  private mutating func place(ofGroup field: Field, _ seconds: Int64, steps: Int) -> Int {
    let known = groups.firstIndex {
      self.field(of: $0) == field && $0.seconds == seconds && $0.stepCount == steps
    }
    if let known { return known }
    let isRare = !RatePlan.common.contains(field)
    let column =
      isRare
      ? RatePlan.place(of: field, in: &rareColumns) : RatePlan.place(of: field, in: &columns)
    groups.append(Group(column: column, isRare: isRare, seconds: seconds, stepCount: steps))
    return groups.count - 1
  }

  /// The field by whose values a window's events are grouped.
  package func field(of group: Group) -> Field {
    group.isRare ? rareColumns[group.column] : columns[group.column]
  }

  /// The rules, as bits, whose events are grouped by a field.
  package func bits(groupedBy field: Field) -> UInt64 {
    groups.filter { self.field(of: $0) == field }.reduce(0) { $0 | $1.counted }
  }

  /// The rules, as bits, of whose events more must be known than their groups' fields among some, and their paths.
  package func bits(beyond fields: Set<Field>) -> UInt64 {
    groups.filter { !fields.contains(field(of: $0)) }.reduce(0) { $0 | $1.counted }
      | distincts.filter { values[$0.value] != .urlPath }.reduce(0) { $0 | $1.counted }
  }

  /// Says of each group what it counts, and of which windows its own are made.
  private mutating func settleGroups() {
    for table in tables {
      groups[table.group].counted |= table.counted | table.among
      groups[table.group].shown |= table.counted
      if table.value >= 0 { groups[table.group].hasValues = true }
    }
    // The longest first, so that the shortest count for all.
    for place in groups.indices.sorted(by: { groups[$0].seconds > groups[$1].seconds })
    where !groups[place].hasValues {
      let group = groups[place]
      // What slides is made of its steps, any other of the longest that fit.
      let longest = group.seconds / Int64(max(2, group.stepCount))
      let parts = groups.indices.filter {
        field(of: groups[$0]) == field(of: group) && groups[$0].stepCount == 1
          && groups[$0].seconds <= longest && group.seconds % groups[$0].seconds == 0
      }.max { groups[$0].seconds < groups[$1].seconds }
      guard let parts else { continue }
      groups[place].parts = parts
      groups[parts].counted |= group.counted
      groups[parts].shown |= group.shown
    }
  }

  private mutating func give(bitTo rule: Int) -> Bool {
    if bits[rule] != 0 { return true }
    guard baseCount < RatePlan.basesMax else { return false }
    bits[rule] = 1 << UInt64(baseCount)
    baseCount += 1
    return true
  }

  private static func place<Item: Equatable>(of item: Item, in list: inout [Item]) -> Int {
    if let place = list.firstIndex(of: item) { return place }
    list.append(item)
    return list.count - 1
  }
}
