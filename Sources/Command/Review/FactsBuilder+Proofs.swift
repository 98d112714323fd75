import Detectors
import Registers
import Reviews
import Storage

extension FactsBuilder {
  /// When each detector that makes findings was last shown to work; `nil` where nobody keeps that.
  ///
  /// A route is tried as often as the policy's `alert.test_interval` says, by whichever detector.
  var proofs: [ReviewFacts.Proof]? {
    guard let canaries else { return nil }
    let byDetector = Dictionary(grouping: canaries, by: \.detector)
    let interval = registers.policy.seconds("alert.test_interval")
    let latestNeeded = lastMoment.adding(seconds: -interval) / 1_000_000_000
    let tried = Set(canaries.filter { ($0.proven ?? .min) >= latestNeeded }.map(\.route))
    return workspace.rules.rules.filter(\.alertsAlone).flatMap { rule -> [ReviewFacts.Proof] in
      let known = (byDetector[rule.header.id] ?? []).sorted { $0.route < $1.route }
      guard !known.isEmpty else {
        return [ReviewFacts.Proof(detector: rule.header.id, title: rule.header.title)]
      }
      // That nothing could be sent matters beside the routes only when it came after them.
      let latest = known.map(\.asked).max() ?? 0
      let shown = known.filter { !$0.route.isEmpty || $0.asked == latest || known.count == 1 }
      return shown.map { canary in
        var proof = proof(canary, rule)
        proof.isStale = proof.time != nil && !tried.contains(canary.route)
        return proof
      }
    }
  }

  private func proof(_ canary: StoredCanary, _ rule: Rule) -> ReviewFacts.Proof {
    let isLast = canary.tried == canary.proven && canary.answer == canary.proof
    let isFailed = !isLast && !canary.answer.isEmpty
    return ReviewFacts.Proof(
      detector: rule.header.id, title: rule.header.title, route: canary.route,
      time: canary.proven.map { text($0 * 1_000_000_000) }, answer: canary.proof,
      since: isFailed ? canary.answer : "")
  }
}
