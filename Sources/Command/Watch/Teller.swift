import Alerts
import Detectors
import Pipelines
import Storage

/// Says who is told of what: which routes take a finding, what nobody is told of and why, and which storm is summed up.
struct Teller {
  private let store: Store
  private let routes: [Watcher.Route]
  private let silences: [Silencing]
  /// Findings that ended earlier are known but not told, nanoseconds.
  private let toldFrom: Int64
  /// By source, how far the last run had come, nanoseconds.
  private let followedBefore: [String: Int64]
  private var storms = StormGuard()
  private var ends: SilenceEnds

  /// How far back a start tells of what the last run had not found, nanoseconds.
  private static let reach: Int64 = 86_400 * 1_000_000_000

  init(
    _ store: Store, _ routes: [Watcher.Route], _ silences: [Silencing], tellsHistory: Bool
  ) throws {
    (self.store, self.routes, self.silences) = (store, routes, silences)
    // What happens while it starts is no history.
    let first = Int64(try store.setting("told_from", first: "\(Environment.now - 60)")) ?? 0
    toldFrom = tellsHistory ? .min : first * 1_000_000_000
    followedBefore = try store.followed()
    ends = SilenceEnds(silences, from: first)
  }

  /// Findings about silences that are over, each once.
  mutating func endedSilences() -> [Finding] {
    ends.findings(at: Environment.now) { try? store.unsentCount(because: $0) }
  }

  /// The findings as the store keeps them, each with its messages or the reason why there are none.
  ///
  /// - Parameter isCatchingUp: Whether the logs are still read up to where they are now.
  mutating func stored(_ findings: [Finding], isCatchingUp: Bool) throws -> [StoredFinding] {
    let new = try store.unknown(among: findings.map(\.uid))
    return try findings.map {
      try stored($0, isNew: new.contains($0.uid), isCatchingUp: isCatchingUp)
    }
  }

  private mutating func stored(
    _ finding: Finding, isNew: Bool, isCatchingUp: Bool
  ) throws -> StoredFinding {
    var stored = bare(finding)
    stored.record = finding.record
    if finding.end < toldFrom {
      stored.unsent = "it is older than the first start of watch"
    } else if isNew, isCatchingUp, let last = finding.evidence.max(by: { $0.time < $1.time }),
      let followed = followedBefore[last.source], finding.end <= followed
    {
      // Lines that are gone by now may have given it another identity, or made it.
      if try store.knows(
        finding.detector, about: finding.subject, from: finding.start, to: finding.end)
      {
        stored.unsent = Store.knownOtherwise
      } else if finding.end < followed - Teller.reach {
        stored.unsent = "more than a day old, and not found then"
      } else {
        address(&stored, finding)
      }
    } else {
      address(&stored, finding)
    }
    guard isNew, stored.unsent == nil else { return stored }
    if !storms.tells(finding.uid, of: finding.detector) {
      (stored.unsent, stored.messages) = (Store.storm, [:])
    }
    return stored
  }

  /// Tells of the storms of the minutes that are over.
  mutating func sumUp() throws {
    let now = Environment.now
    guard storms.begin(now / 60) else { return }
    for storm in try store.storms(before: now / 60 * 60) {
      let (group, summary) = GroupWriter.storm(storm)
      var stored = bare(summary)
      address(&stored, summary, of: group)
      try store.record(stored, of: storm, before: now / 60 * 60, now: now)
    }
  }

  private func bare(_ finding: Finding) -> StoredFinding {
    StoredFinding(
      uid: finding.uid, detector: finding.detector, level: finding.level.name,
      subject: finding.subject, message: finding.message, start: finding.start, end: finding.end,
      count: finding.count, body: OCSF.detectionFinding(finding, version: Rollcall.version),
      unsent: nil)
  }

  /// Writes the message for each route that takes the finding; says why when none does.
  private func address(
    _ stored: inout StoredFinding, _ finding: Finding, of group: FindingGroup? = nil
  ) {
    if let silence = silences.first(where: { $0.silences(finding, at: Environment.now) }) {
      stored.unsent = silence.explanation
      return
    }
    var refusals: [(route: String, what: String)] = []
    for route in routes {
      let name = route.postman.name
      if let what = route.refusal(of: finding) {
        refusals.append((name, what))
        continue
      }
      stored.messages[name] = route.body.bytes(finding, of: group, version: Rollcall.version)
      stored.groups[name] = route.grouping.map { $0.stored(finding) }
    }
    guard stored.messages.isEmpty else { return }
    let whats = Set(refusals.map(\.what))
    stored.unsent =
      switch whats.count {
      case 0: "no route is configured"
      case 1: "no route takes \(refusals[0].what)"
      default:
        "no route takes it: "
          + refusals.map { "\($0.route) not \($0.what)" }.joined(separator: ", ")
      }
  }
}

extension Watcher {
  /// One way out.
  struct Route {
    let postman: Postman
    let body: MessageBody
    let filter: OutputFilter
    let grouping: Grouping?

    /// What the route does not take of a finding, or `nil` when it takes the finding.
    fileprivate func refusal(of finding: Finding) -> String? {
      // A route that fails is told of elsewhere.
      if finding.detector == RouteHealth.detector, finding.subject == postman.name {
        return "what is about itself"
      }
      return filter.refusal(of: finding)
    }
  }
}

extension Grouping {
  /// The group of a finding as the store knows it.
  fileprivate func stored(_ finding: Finding) -> StoredGroup {
    StoredGroup(
      name: name(of: finding), wait: wait, interval: interval, repetition: repetition)
  }
}
