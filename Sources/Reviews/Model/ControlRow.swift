/// One control: what served it, on how much, and what went against it.
struct ControlRow {
  let id: String
  /// The detectors that cite the control.
  let detectors: [ReviewFacts.Detector]
  /// The findings above `informational` that cite the control.
  let exceptions: [Int]
  /// Sources that failed or had nothing: what was not seen can not be called a pass.
  let unseen: [String]

  /// The most that one of its detectors looked at: they see the same events, so a sum would count
  /// those several times.
  var population: Int { detectors.map(\.checked).max() ?? 0 }

  /// How the control stands.
  ///
  /// A finding outweighs the rest; what was not run, or had nothing to look at, is never called a
  /// pass.
  var status: Mark {
    guard exceptions.isEmpty else { return .bad("exceptions") }
    let ran = detectors.filter { $0.notRunReason == nil }
    guard !ran.isEmpty else { return .attention("not run") }
    guard ran.count == detectors.count else { return .attention("partly run") }
    guard population > 0 else { return .attention("nothing to check") }
    return unseen.isEmpty ? .good("pass") : .attention("passed on what was seen")
  }

  /// Why the control is not a plain pass or exception; empty when there is nothing to say.
  var reason: String {
    let reasons = detectors.compactMap { detector in
      detector.notRunReason.map { "\(detector.id): \($0)" }
    }
    let missing = unseen.isEmpty ? [] : ["not seen: \(unseen.joined(separator: ", "))"]
    return (reasons + missing).joined(separator: "; ")
  }

  /// One row for each control that a detector or a finding cites, by framework and number.
  static func rows(
    detectors: [ReviewFacts.Detector], findings: [Review.NumberedFinding], unseen: [String] = []
  ) -> [ControlRow] {
    var serving: [String: [ReviewFacts.Detector]] = [:]
    var against: [String: [Int]] = [:]
    for detector in detectors.sorted(by: { $0.id < $1.id }) {
      for control in Set(detector.controls) { serving[control, default: []].append(detector) }
    }
    for finding in findings where finding.finding.level != "informational" {
      for control in Set(finding.finding.controls) {
        against[control, default: []].append(finding.number)
      }
    }
    let ids = Set(serving.keys).union(against.keys).sorted { left, right in
      let (leftKey, rightKey) = (Controls.sortKey(left), Controls.sortKey(right))
      return leftKey == rightKey ? left < right : leftKey.lexicographicallyPrecedes(rightKey)
    }
    return ids.map {
      ControlRow(
        id: $0, detectors: serving[$0] ?? [], exceptions: against[$0] ?? [], unseen: unseen)
    }
  }
}
