import Alerts
import Detectors
import Events
import Inputs
import Pipelines
import Storage

/// Reads what comes, step by step, and writes what follows from it into the store.
///
/// The logs themselves are what the keyed state is made of: a start reads all that the sources still hold,
/// so that windows and habits are as if it had never been away, and the store knows which findings were
/// told. So a crash at any moment loses nothing that the logs still hold, and repeats nothing.
final class Watcher {
  private let store: Store
  private let pipeline: Pipeline
  private let logs: WatchedLogs
  private let routes: [Route]
  /// Findings that ended earlier are known but not told, nanoseconds.
  private let toldFrom: Int64
  /// By source, how far the last run had come, nanoseconds.
  private let followedBefore: [String: Int64]
  /// Whether the logs are still read up to where they are now.
  private(set) var isCatchingUp = true
  /// How long findings may grow, nanoseconds.
  private let memory: Int64
  private var lastLook = -Double.infinity
  private var lastStatus = -Double.infinity
  private var lastForgotten: Double
  private var written: [StoredSource] = []

  /// One way out.
  struct Route {
    let postman: Postman
    let levels: [String]
  }

  /// Seconds between looks for new files, between writes of the counts alone, and between clean-ups.
  private static let (lookPause, statusPause, forgetPause) = (1.0, 5.0, 3600.0)
  /// How long a step may read before what it found is written, seconds.
  private static let stepMax = 1.0

  init(
    _ store: Store, _ pipeline: Pipeline, _ logs: WatchedLogs, _ routes: [Route],
    longestWindow: Int64, tellsHistory: Bool
  ) throws {
    (self.store, self.pipeline, self.logs, self.routes) = (store, pipeline, logs, routes)
    let first = try store.setting("told_from", first: "\(Environment.now)")
    toldFrom = tellsHistory ? .min : (Int64(first) ?? 0) * 1_000_000_000
    followedBefore = try store.followed()
    memory = 2 * max(longestWindow, 86_400) * 1_000_000_000
    lastForgotten = Environment.monotonic
  }

  /// Reads what there is by now; returns whether there was anything.
  func step() async throws -> Bool {
    let began = Environment.monotonic
    if began - lastLook >= Watcher.lookPause {
      try logs.look()
      lastLook = began
    }
    pipeline.latest = Environment.latestTime
    pipeline.isPausing = { Environment.monotonic - began > Watcher.stepMax }
    let before = pipeline.tallies.reduce(0) { $0 + $1.total.bytes }
    let findings = await pipeline.step()
    let hasRead = pipeline.tallies.reduce(0) { $0 + $1.total.bytes } != before
    for note in logs.takeNotes() { Console.error("note: \(note)") }
    try record(findings, hasRead: hasRead)
    if began - lastForgotten > Watcher.forgetPause,
      let latest = pipeline.tallies.compactMap(\.last).max()
    {
      lastForgotten = began
      pipeline.forgetFindings(before: latest - memory)
    }
    if isCatchingUp, pipeline.isUpToDate {
      isCatchingUp = false
      // What comes now is little at a time.
      pipeline.jobs = 1
    }
    return hasRead
  }

  private func record(_ findings: [Finding], hasRead: Bool) throws {
    let now = Environment.monotonic
    guard !findings.isEmpty || (hasRead && isCatchingUp) || now - lastStatus >= Watcher.statusPause
    else { return }
    lastStatus = now
    let sources = logs.logs.map(source)
    guard !findings.isEmpty || sources != written else { return }
    let stored = findings.map(stored)
    try store.record(stored, sources: sources, now: Environment.now)
    written = sources
    for route in routes { route.postman.notify() }
  }

  private func source(_ log: WatchedLogs.Log) -> StoredSource {
    let tally = pipeline.tallies[log.place]
    let total = tally.total
    let behind = log.feed.reader.bytesBehind
    return StoredSource(
      name: log.name, followed: tally.last ?? .min, lines: total.lines, parsed: total.parsed,
      rejected: total.rejected, bytes: total.bytes,
      note: behind == 0 ? "" : "\(behind) bytes behind")
  }

  private func stored(_ finding: Finding) -> StoredFinding {
    var stored = StoredFinding(
      uid: finding.uid, detector: finding.detector, level: finding.level.name,
      subject: finding.subject, message: finding.message, start: finding.start, end: finding.end,
      count: finding.count, body: OCSF.detectionFinding(finding, version: Rollcall.version),
      unsent: nil)
    let wanted = routes.filter { $0.levels.isEmpty || $0.levels.contains(finding.level.name) }
    if wanted.isEmpty {
      stored.unsent = routes.isEmpty ? "no route is configured" : "no route takes its level"
    } else if finding.end < toldFrom {
      stored.unsent = "it is older than the first start of watch"
    } else if isCatchingUp, let last = finding.evidence.max(by: { $0.time < $1.time }),
      let followed = followedBefore[last.source], finding.end <= followed
    {
      stored.unsent = "its lines had been followed before this start"
    } else {
      let message = WebhookMessage(finding, version: Rollcall.version)
      for route in wanted { stored.messages[route.postman.name] = message.body }
    }
    return stored
  }
}
