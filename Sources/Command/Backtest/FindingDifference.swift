import Detectors

/// What became of one finding when the settings changed.
struct FindingDifference {
  /// What is different.
  enum Kind: String, CaseIterable { case gone, new, changed }
  /// A part of a finding that is another now.
  struct Change {
    var name, before, after: String
  }

  var kind: Kind
  var before, after: Finding?
  var changes: [Change] = []
  /// Why, as far as it can be told.
  var reasons: [String] = []

  /// The finding as it is now, or as it was.
  var shown: Finding? { after ?? before }
}

/// Matches the findings of two runs: by detector, subject and window, so that one whose level or count is another
/// counts as changed and not as gone and new.
struct FindingMatch {
  private(set) var differences: [FindingDifference] = []
  private(set) var unchanged = 0

  private struct Key: Hashable {
    let detector, subject: String
  }

  init(_ before: BacktestSide, _ after: BacktestSide) {
    var olds = Dictionary(grouping: before.findings) {
      Key(detector: $0.detector, subject: $0.subject)
    }
    var (gone, new): ([Finding], [Finding]) = ([], [])
    let news = Dictionary(grouping: after.findings) {
      Key(detector: $0.detector, subject: $0.subject)
    }
    for (key, found) in news {
      let (pairs, left, right) = FindingMatch.pair(
        olds.removeValue(forKey: key) ?? [], found, before, after)
      for (old, new) in pairs { take(old, new, before, after) }
      gone += left
      new += right
    }
    gone += olds.values.flatMap(\.self)
    // Of what is left, the same lines under the same detector are the same finding about another subject.
    var byLine: [String: [Finding]] = [:]
    for finding in gone.sorted(by: FindingMatch.isBefore) {
      byLine[FindingMatch.line(finding), default: []].append(finding)
    }
    for finding in new.sorted(by: FindingMatch.isBefore) {
      let line = FindingMatch.line(finding)
      guard !finding.evidence.isEmpty, let old = byLine[line]?.first else {
        differences.append(FindingDifference(kind: .new, after: finding))
        continue
      }
      byLine[line]?.removeFirst()
      take(old, finding, before, after)
    }
    for finding in byLine.values.flatMap(\.self) {
      differences.append(FindingDifference(kind: .gone, before: finding))
    }
    differences.sort { left, right in
      guard let first = left.shown, let second = right.shown else { return false }
      return FindingMatch.isBefore(first, second)
    }
  }

  /// An order that never ties, save between a finding and itself.
  private static func isBefore(_ left: Finding, _ right: Finding) -> Bool {
    (left.start, left.detector, left.subject, left.uid)
      < (right.start, right.detector, right.subject, right.uid)
  }

  private static func line(_ finding: Finding) -> String {
    let first = finding.evidence.first
    return [
      finding.detector, first?.source ?? "", "\(first?.line ?? 0)", first?.sha256 ?? "",
    ].joined(separator: "\u{0}")
  }

  /// Pairs findings about one subject: those with one identity first, then those that share a window or a time.
  private static func pair(
    _ olds: [Finding], _ news: [Finding], _ before: BacktestSide, _ after: BacktestSide
  ) -> (pairs: [(Finding, Finding)], gone: [Finding], new: [Finding]) {
    var pairs: [(Finding, Finding)] = []
    var byUID = Dictionary(olds.map { ($0.uid, $0) }) { first, _ in first }
    var right: [Finding] = []
    for finding in news {
      if let old = byUID.removeValue(forKey: finding.uid) {
        pairs.append((old, finding))
      } else {
        right.append(finding)
      }
    }
    let left = olds.filter { byUID[$0.uid] != nil }.sorted(by: isBefore)
    right.sort(by: isBefore)
    var (gone, new): ([Finding], [Finding]) = ([], [])
    var (i, j) = (0, 0)
    while i < left.count, j < right.count {
      let (old, finding) = (left[i], right[j])
      let window = before.window(of: old)
      let isOne =
        (window != nil && window == after.window(of: finding))
        || (old.start <= finding.end && finding.start <= old.end)
      if isOne {
        pairs.append((old, finding))
        (i, j) = (i + 1, j + 1)
      } else if old.start <= finding.start {
        gone.append(old)
        i += 1
      } else {
        new.append(finding)
        j += 1
      }
    }
    gone += left[i...]
    new += right[j...]
    return (pairs, gone, new)
  }

  private mutating func take(
    _ old: Finding, _ new: Finding, _ before: BacktestSide, _ after: BacktestSide
  ) {
    let local = LocalTime(zone: before.workspace.zone)
    var changes: [FindingDifference.Change] = []
    func compare(_ name: String, _ old: String, _ new: String) {
      if old != new { changes.append(.init(name: name, before: old, after: new)) }
    }
    compare("level", old.level.name, new.level.name)
    compare("count", "\(old.count)", "\(new.count)")
    compare("subject", old.subject, new.subject)
    if old.start != new.start { compare("start", local.stamp(old.start), local.stamp(new.start)) }
    if old.end != new.end { compare("end", local.stamp(old.end), local.stamp(new.end)) }
    compare("title", old.title, new.title)
    compare("message", old.message, new.message)
    compare("controls", old.controls.joined(separator: ", "), new.controls.joined(separator: ", "))
    compare(
      "techniques", old.techniques.joined(separator: ", "),
      new.techniques.joined(separator: ", "))
    compare("silence", before.silence(of: old) ?? "none", after.silence(of: new) ?? "none")
    guard !changes.isEmpty else {
      unchanged += 1
      return
    }
    differences.append(
      FindingDifference(kind: .changed, before: old, after: new, changes: changes))
  }

  /// Says why for each difference that `reasons` knows something of.
  mutating func explain(_ reasons: (FindingDifference) -> [String]) {
    for place in differences.indices { differences[place].reasons = reasons(differences[place]) }
  }
}
