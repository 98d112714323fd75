import Detectors
import Events
import Inputs
import Logging
import Pipelines
import Registers
import Storage

/// Reads what comes, step by step, and writes what follows from it into the store.
///
/// All that was concluded goes into the store in one piece, with how far each log was read (``Pipeline/snapshot()``): in
/// the transaction of each step that finds something, and now and then without that. Where the state is so large that this
/// would take more than a fiftieth of the time, some findings go in alone and it follows. A start goes on from there and reads
/// again only what came after it; findings have their identity from their evidence, so that those that follow once
/// more are known. So a crash at any moment loses nothing that the logs still hold, and repeats nothing.
final class Watcher {
  private let store: Store
  private let pipeline: Pipeline
  private let logs: WatchedLogs
  private let routes: [Route]
  private let haste: Double
  private var teller: Teller
  /// What is said beside a log's counts, by its source.
  private let remark: (String) -> String?
  /// Whether the logs are still read up to where they are now.
  private(set) var isCatchingUp = true
  /// How long findings may grow, nanoseconds.
  private let memory: Int64
  private let begun = Environment.monotonic
  private var lastLook = -Double.infinity
  private var lastStatus = -Double.infinity
  private var lastForgotten: Double
  private var written: [StoredSource] = []
  /// When the last snapshot was written and how many bytes had been read; and how long the next waits, seconds, with
  /// something found and without.
  private var lastSnapshot = (at: Environment.monotonic, bytes: UInt64.max)
  private var snapshotPause: (found: Double, idle: Double)
  /// When it was last said that tables were full, and what was lost by then.
  private var lastLosses = (at: -Double.infinity, evicted: UInt64(0), overflow: UInt64(0))
  /// Whether it was said that no snapshot can be kept.
  private var isWithoutSnapshot = false
  /// Findings that could not be written yet, because the disk is full or the like, and why.
  private var unwritten: [Finding] = []
  private(set) var trouble: String?
  private var lastTry = -Double.infinity

  private var health: RouteHealth

  private var selfWatch: SelfWatch

  /// Seconds between looks for new files, between writes of the counts alone, between clean-ups, and
  /// between attempts to write when that failed.
  private static let (lookPause, statusPause, forgetPause, retryPause) = (1.0, 5.0, 3600.0, 1.0)
  /// How long the store keeps findings, nanoseconds: a year of audits and a month.
  private static let retention: Int64 = 400 * 86_400 * 1_000_000_000
  /// Seconds between snapshots at the least when nothing is found; and always, how many times longer than one takes.
  private static let (snapshotPauseMin, snapshotFactor) = (30.0, 50.0)
  /// Seconds until the next try when a snapshot could not be kept.
  private static let snapshotRetry = 300.0
  /// How long a step may read before what it found is written, seconds.
  private static let stepMax = 1.0

  init(
    _ store: Store, _ pipeline: Pipeline, _ logs: WatchedLogs, _ routes: [Route],
    silences: [Silencing], policy: Policy,
    longestWindow: Int64, tellsHistory: Bool, haste: Double = 1,
    remark: @escaping (String) -> String? = { _ in nil }
  ) throws {
    self.remark = remark
    selfWatch = SelfWatch(policy, haste: haste, audited: logs.audited)
    health = RouteHealth(policy, haste: haste)
    (self.haste, snapshotPause) = (haste, (0, Watcher.snapshotPauseMin / haste))
    (self.store, self.pipeline, self.logs, self.routes) = (store, pipeline, logs, routes)
    teller = try Teller(store, routes, silences, tellsHistory: tellsHistory)
    memory = 2 * max(longestWindow, 86_400) * 1_000_000_000
    lastForgotten = -.infinity
  }

  /// Reads what there is by now; returns whether there was anything.
  func step() async throws -> Bool {
    let began = Environment.monotonic
    if trouble != nil {
      // Nothing is read whose consequences can not be kept.
      guard began - lastTry >= Watcher.retryPause else { return false }
      write([], hasRead: true)
      return false
    }
    if began - lastLook >= Watcher.lookPause {
      try logs.look()
      lastLook = began
    }
    pipeline.latest = Environment.latestTime
    pipeline.clock = Environment.now * 1_000_000_000
    pipeline.isPausing = { Environment.monotonic - began > Watcher.stepMax }
    let before = bytesRead
    let findings =
      await pipeline.step()
      + selfWatch.findings(logs.logs, pipeline, isCatchingUp: isCatchingUp, at: began)
      + failingRoutes(at: began) + (trouble == nil ? teller.endedSilences() : [])
    let hasRead = bytesRead != before
    for (source, note) in logs.takeNotes() {
      ownLog.warning("note: \(note)", metadata: ["source": "\(source)"])
    }
    write(findings, hasRead: hasRead)
    if began - lastForgotten > Watcher.forgetPause,
      let latest = pipeline.tallies.compactMap(\.last).max()
    {
      lastForgotten = began
      // A clock that runs ahead must not age what is going on.
      let now = Environment.now * 1_000_000_000
      pipeline.forgetFindings(before: min(latest, now) - memory)
      _ = try? store.forget(endedBefore: Environment.now * 1_000_000_000 - Watcher.retention)
    }
    // A log that begins another file all the time always has one whose turn has not come.
    let isWaiting = began - begun < 60 && logs.logs.contains { $0.feed.isWaiting }
    if isCatchingUp, pipeline.isUpToDate, !isWaiting {
      isCatchingUp = false
      // What comes now is little at a time.
      pipeline.jobs = 1
    }
    return hasRead
  }

  /// Findings about routes that deliver nothing.
  private func failingRoutes(at now: Double) -> [Finding] {
    // A store that can not be read is told of where it is written.
    guard health.isDue(now), let outages = try? store.outages() else { return [] }
    let time = Environment.now
    return health.fallen(outages, routes: routes.map(\.postman.name), now: time).map {
      RouteHealth.finding($0, now: time)
    }
  }

  /// Has the next step look for files again.
  func lookAgain() { lastLook = -.infinity }

  /// Has the next step look at everything that there is, as nothing more will come.
  func lookForTheLastTime() {
    logs.forgetPuzzles()
    lookAgain()
  }

  /// Whether lines wait for the end of their record.
  var holdsLines: Bool { logs.holdsLines }

  /// How many bytes of a source's files were not read yet; `nil` when none of them is followed.
  func bytesBehind(of source: String) -> UInt64? { logs.bytesBehind(of: source) }

  /// Waits until there may be something to do, a second at the most.
  func wait() {
    if trouble != nil { return FolderEvents.pause(milliseconds: 200) }
    if logs.wait() { lookAgain() }
  }

  /// Writes what a step led to, with what could not be written before; keeps it when that fails.
  private func write(_ findings: [Finding], hasRead: Bool) {
    unwritten += findings
    lastTry = Environment.monotonic
    do {
      try record(unwritten, hasRead: hasRead || trouble != nil)
      unwritten = []
      if trouble != nil { ownLog.notice("the store can be written again; reading goes on") }
      trouble = nil
    } catch {
      if trouble == nil {
        ownLog.error("\(error)\nnothing is read until the store can be written")
      }
      trouble = "\(error)"
    }
  }

  private var bytesRead: UInt64 {
    logs.logs.reduce(0) { $0 + pipeline.tallies[$1.place].total.bytes }
  }

  /// Says now and then that tables were full.
  private func tellLosses(at now: Double) {
    let losses = pipeline.losses
    guard now - lastLosses.at >= Watcher.forgetPause / haste,
      losses.evicted > lastLosses.evicted || losses.overflow > lastLosses.overflow
    else { return }
    lastLosses = (now, losses.evicted, losses.overflow)
    ownLog.warning(
      "tables were full: \(counted(losses.evicted, "state was", "states were")) forgotten early, \(counted(losses.overflow, "event belongs", "events belong")) to findings beyond the number kept, since the first start"
    )
  }

  private func isSnapshotDue(_ now: Double, hasFound: Bool) -> Bool {
    let pause = hasFound ? snapshotPause.found : snapshotPause.idle
    return pipeline.isUpToDate && now - lastSnapshot.at >= pause && bytesRead != lastSnapshot.bytes
  }

  /// Writes what a step led to with all that is known; the next snapshot waits the longer, the longer this takes.
  ///
  /// What was found must not wait for room for the whole: it is written without when that can not be.
  private func recordWithSnapshot(_ stored: [StoredFinding], _ sources: [StoredSource]) throws {
    let began = Environment.monotonic
    let bytes = pipeline.snapshot(at: Environment.now * 1_000_000_000)
    do {
      try store.record(stored, sources: sources, snapshot: bytes, now: Environment.now)
      let took = Environment.monotonic - began
      let pause = took * Watcher.snapshotFactor
      snapshotPause = (pause, max(Watcher.snapshotPauseMin / haste, pause))
      lastSnapshot = (Environment.monotonic, bytesRead)
      isWithoutSnapshot = false
    } catch {
      try store.record(stored, sources: sources, now: Environment.now)
      snapshotPause = (Watcher.snapshotRetry / haste, Watcher.snapshotRetry / haste)
      lastSnapshot.at = Environment.monotonic
      if !isWithoutSnapshot {
        ownLog.error("\(error)\na later start must read again what came since the last snapshot")
      }
      isWithoutSnapshot = true
    }
  }

  /// Writes down what a later run goes on from.
  func save() throws {
    guard pipeline.isUpToDate, trouble == nil, bytesRead != lastSnapshot.bytes else { return }
    try recordWithSnapshot([], sources)
  }

  private func record(_ findings: [Finding], hasRead: Bool) throws {
    let now = Environment.monotonic
    let isDue = isSnapshotDue(now, hasFound: !findings.isEmpty)
    guard
      !findings.isEmpty || isDue || (hasRead && isCatchingUp)
        || now - lastStatus >= Watcher.statusPause
    else { return }
    lastStatus = now
    tellLosses(at: now)
    let sources = sources
    let summary = try store.summary(latest: 0)
    metrics = Metrics.text(sources, summary, pipeline.losses)
    try teller.sumUp()
    guard !findings.isEmpty || isDue || sources != written else { return }
    let stored = try teller.stored(findings, isCatchingUp: isCatchingUp)
    if isDue {
      try recordWithSnapshot(stored, sources)
    } else {
      try store.record(stored, sources: sources, now: Environment.now)
    }
    written = sources
    for route in routes { route.postman.notify() }
  }

  /// What Prometheus is told, as of the last time that counts were written.
  private(set) var metrics = ""

  /// Every log, and the sources that have none yet.
  private var sources: [StoredSource] {
    logs.logs.map(source)
      + logs.idle.map { idle in
        // An earlier run may have counted some.
        let tally = pipeline.counted.firstIndex { $0.name == idle.name }
          .map { pipeline.tallies[$0] }
        let total = tally?.total
        return StoredSource(
          name: idle.name, followed: tally?.last ?? .min, lines: total?.lines ?? 0,
          parsed: total?.parsed ?? 0, rejected: total?.rejected ?? 0, bytes: total?.bytes ?? 0,
          note: [idle.note, remark(idle.source)].compactMap(\.self).joined(separator: "; "))
      }
  }

  private func source(_ log: WatchedLogs.Log) -> StoredSource {
    let tally = pipeline.tallies[log.place]
    let total = tally.total
    let behind = log.feed.bytesBehind
    // What a step that paused has read is not yet followed to its end; and no line is followed that is
    // still to come, whatever its time says.
    let now = Environment.now * 1_000_000_000
    return StoredSource(
      name: log.name, followed: pipeline.isUpToDate ? min(tally.last ?? .min, now) : .min,
      lines: total.lines, parsed: total.parsed, rejected: total.rejected, bytes: total.bytes,
      note: [behind == 0 ? nil : "\(behind) bytes behind", remark(log.source)].compactMap(\.self)
        .joined(separator: "; "))
  }
}
