import Bytes
import Detectors
import Events

/// Counts what lines would feed to correlations, to say how much is missing for one to fire.
///
/// For a few lines at a time: a test's, or the one that is explained. It counts lines that match; several lines
/// about one attempt to sign in count more here than in *follow*.
struct CorrelationTally {
  /// One line that matched a rule.
  private struct Hit {
    let time: Int64
    let weight: Int64
    /// The text of each field of the line, by field.
    let values: [Field: String]
  }

  private let rules: RuleSet
  private let table: FieldTable
  private var hits: [Int: [Hit]] = [:]

  init(_ rules: RuleSet, table: FieldTable) { (self.rules, self.table) = (rules, table) }

  /// Notes that an event matches a rule.
  mutating func add(_ rule: Int, _ event: Event) {
    var values: [Field: String] = [:]
    event.forEach { field, value in
      if case .null = value { return }
      values[field] = value.text(event.scratch).string
    }
    hits[rule, default: []].append(
      Hit(time: event.time, weight: Int64(event.weight), values: values))
  }

  /// What is missing for a correlation, and for those that it is built on.
  func shortfalls(of rule: Int) -> [String] {
    guard case .correlation(let correlation) = rules.rules[rule].kind else { return [] }
    let id = rules.rules[rule].header.id
    let below = correlation.rules.filter { !rules.rules[$0].isStateless }
    var said = below.flatMap { shortfalls(of: $0) }
    let direct = correlation.rules.filter { rules.rules[$0].isStateless }
    guard !direct.isEmpty else { return said }
    let groups = grouped(direct, correlation)
    for (field, count) in groups.lacking.sorted(by: { $0.key.index < $1.key.index }) {
      said.append(
        "\(id): \(count) matching line\(count == 1 ? " has" : "s have") no "
          + "\(table.name(field)) to group by")
    }
    guard let best = groups.groups.max(by: { ($0.value.count, $1.key) < ($1.value.count, $0.key) })
    else {
      if groups.lacking.isEmpty { said.append("\(id): no line counts for it") }
      return said
    }
    let name = best.key.isEmpty ? "" : " for \(best.key)"
    said.append("\(id): \(stand(correlation, best.value))\(name)")
    return said
  }

  /// How far the lines have come towards a correlation, in its best group; `nil` when none counts for it.
  func stand(of rule: Int) -> String? {
    guard case .correlation(let correlation) = rules.rules[rule].kind else { return nil }
    let direct = correlation.rules.filter { rules.rules[$0].isStateless }
    let groups = grouped(direct, correlation).groups
    return groups.max { ($0.value.count, $1.key) < ($1.value.count, $0.key) }
      .map { stand(correlation, $0.value) }
  }

  private func grouped(
    _ direct: [Int], _ correlation: Correlation
  ) -> (groups: [String: [(rule: Int, hit: Hit)]], lacking: [Field: Int]) {
    var groups: [String: [(rule: Int, hit: Hit)]] = [:]
    var lacking: [Field: Int] = [:]
    for rule in direct {
      for hit in hits[rule] ?? [] {
        let fields = correlation.groupBy.map { correlation.field($0, inRule: rule) }
        if let missing = fields.first(where: { hit.values[$0] == nil }) {
          lacking[missing, default: 0] += 1
          continue
        }
        let key = fields.map { "\(table.name($0)) \((hit.values[$0] ?? "").quoted)" }
          .joined(separator: ", ")
        groups[key, default: []].append((rule, hit))
      }
    }
    return (groups, lacking)
  }

  /// How far the events of one group have come.
  private func stand(_ correlation: Correlation, _ events: [(rule: Int, hit: Hit)]) -> String {
    if let deadline = correlation.deadline {
      return "its wait began, and ends with obligation.\(deadline.rawValue)"
    }
    let sorted = events.sorted { $0.hit.time < $1.hit.time }
    let window = correlation.timespanSeconds * 1_000_000_000
    let span = lengthOfTime(correlation.timespanSeconds)
    switch correlation.kind {
    case .temporal, .temporalOrdered:
      let missing = correlation.rules.filter { rule in !events.contains { $0.rule == rule } }
      if !missing.isEmpty {
        let names = missing.map { rules.rules[$0].header.shortName }.joined(separator: " and ")
        return "\(names) is missing"
      }
      return correlation.kind == .temporalOrdered
        ? "all parts are there, not in this order within \(span)"
        : "all parts are there, not within \(span)"
    case .valueCount:
      guard let field = correlation.valueField else { return "" }
      let most =
        sorted.indices.map { first in
          Set(
            sorted[first...].prefix { $0.hit.time - sorted[first].hit.time < window }
              .compactMap { $0.hit.values[field] }
          ).count
        }.max() ?? 0
      return "\(most) different \(table.name(field)) within \(span)"
    default:
      let most =
        sorted.indices.map { first in
          sorted[first...].prefix { $0.hit.time - sorted[first].hit.time < window }
            .reduce(0) { $0 + $1.hit.weight }
        }.max() ?? 0
      return "\(most) event\(most == 1 ? "" : "s") within \(span)"
    }
  }
}
