import Alerts
import Detectors
import Inputs
import Storage

/// Takes canaries to the routes: by way of the store when there is one, so that a running `watch` delivers
/// them as it delivers findings.
struct CanaryPost {
  /// What one route made of a canary.
  struct Answer {
    var route: String
    var isAccepted: Bool
    var text: String
  }

  let targets: [Routes.Target]
  let silences: [Silencing]
  /// Where it is kept; `nil` when the configuration has no `state`.
  let store: Store?
  /// Whether a running `watch` delivers.
  let isWatched: Bool
  /// How long a running `watch` is given, seconds.
  let patience: Double

  /// The routes that would be told of the finding; why none is, otherwise.
  func addressees(of finding: Finding, now: Int64) -> (targets: [Routes.Target], refusal: String) {
    var original = finding
    // A silence is about the finding, not about the mark.
    original.subject = String(finding.subject.dropFirst("canary · ".count))
    if let silence = silences.first(where: { $0.silences(original, at: now) }) {
      return ([], silence.explanation)
    }
    var refusals: [String] = []
    let taking = targets.filter { target in
      guard let what = target.filter.refusal(of: finding) else { return true }
      if !refusals.contains(what) { refusals.append(what) }
      return false
    }
    return (taking, "no route takes \(refusals.joined(separator: " and "))")
  }

  /// Sends a canary down some routes, once, and waits for what comes of it.
  func send(_ finding: Finding, to chosen: [Routes.Target], now: Int64) throws -> [Answer] {
    let messages = chosen.map { target in
      (
        route: target.name,
        message: StoredGroupMessage(
          uid: finding.uid, level: finding.level.name, message: finding.message,
          body: target.body.bytes(finding, version: Rollcall.version))
      )
    }
    guard let store else {
      return zip(chosen, messages).map { target, message in
        let (outcome, text) = Postman.send(
          WebhookMessage(uid: finding.uid, body: message.message.body), to: target.way)
        return Answer(route: target.name, isAccepted: outcome == .accepted, text: text)
      }
    }
    try store.send(
      canary: finding.uid, of: finding.detector, messages: messages, routes: targets.map(\.name),
      now: now)
    if isWatched {
      try wait(for: finding, store, chosen.count)
    } else {
      try deliver(finding, store, chosen)
    }
    try store.end(canary: finding.uid)
    let known = try store.canaries().filter { $0.uid == finding.uid }
    let sent = Set(
      try store.deliveries(ofCanary: finding.uid).filter { $0.state == "sent" }.map(\.route))
    return chosen.map { target in
      let canary = known.first { $0.route == target.name }
      guard let canary, canary.tried != nil else {
        return Answer(
          route: target.name, isAccepted: false,
          text: "not sent within \(Int(patience)) s by the running watch; "
            + "`rollcall alerts` shows what waits before it")
      }
      return Answer(
        route: target.name, isAccepted: sent.contains(target.name), text: canary.answer)
    }
  }

  /// Waits until the running `watch` has tried each route.
  private func wait(for finding: Finding, _ store: Store, _ count: Int) throws {
    let end = Environment.monotonic + patience
    while Environment.monotonic < end {
      let tried = try store.canaries().count { $0.uid == finding.uid && $0.tried != nil }
      if tried >= count { return }
      FolderEvents.pause(milliseconds: 50)
    }
  }

  /// Delivers what is in the outbox for the canary, as nobody else does.
  private func deliver(_ finding: Finding, _ store: Store, _ chosen: [Routes.Target]) throws {
    for delivery in try store.deliveries(ofCanary: finding.uid) {
      guard let target = chosen.first(where: { $0.name == delivery.route }) else { continue }
      let (outcome, text) = Postman.send(
        WebhookMessage(uid: delivery.uid, body: delivery.body), to: target.way)
      let now = Environment.now
      try store.settle(
        delivery, state: outcome == .accepted ? "sent" : "dead", due: now, answer: text, now: now)
    }
  }
}
