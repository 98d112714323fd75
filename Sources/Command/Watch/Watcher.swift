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
  private let silences: [Silencing]
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
  /// Findings that could not be written yet, because the disk is full or the like, and why.
  private var unwritten: [Finding] = []
  private(set) var trouble: String?
  private var lastTry = -Double.infinity

  /// One way out.
  struct Route {
    let postman: Postman
    let levels: [String]
    let body: MessageBody
  }

  /// How many findings of one detector are told one by one within a minute; the rest are summed up.
  static let stormMax = 20
  /// The minute at hand, and how many findings of each detector were told in it.
  private var minute: Int64 = 0
  private var toldByDetector: [String: Int] = [:]

  /// Which logs have gone silent, and how many bytes of each were read when it was last looked at.
  private var silence: Silence
  private var parseRate: ParseRate
  private var heardBytes: [Int: UInt64] = [:]

  /// Seconds between looks for new files, between writes of the counts alone, between clean-ups, and
  /// between attempts to write when that failed.
  private static let (lookPause, statusPause, forgetPause, retryPause) = (1.0, 5.0, 3600.0, 1.0)
  /// How far back a start tells of what the last run had not found, nanoseconds.
  private static let reach: Int64 = 86_400 * 1_000_000_000
  /// How long the store keeps findings, nanoseconds: a year of audits and a month.
  private static let retention: Int64 = 400 * 86_400 * 1_000_000_000
  /// How long a step may read before what it found is written, seconds.
  private static let stepMax = 1.0

  init(
    _ store: Store, _ pipeline: Pipeline, _ logs: WatchedLogs, _ routes: [Route],
    silences: [Silencing],
    longestWindow: Int64, tellsHistory: Bool, haste: Double = 1
  ) throws {
    (silence, parseRate) = (Silence(haste: haste), ParseRate(haste: haste))
    (self.store, self.pipeline, self.logs, self.routes) = (store, pipeline, logs, routes)
    self.silences = silences
    // What happens while it starts is no history.
    let first = try store.setting("told_from", first: "\(Environment.now - 60)")
    toldFrom = tellsHistory ? .min : (Int64(first) ?? 0) * 1_000_000_000
    followedBefore = try store.followed()
    memory = 2 * max(longestWindow, 86_400) * 1_000_000_000
    lastForgotten = Environment.monotonic
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
    pipeline.isPausing = { Environment.monotonic - began > Watcher.stepMax }
    let before = pipeline.tallies.reduce(0) { $0 + $1.total.bytes }
    let findings = await pipeline.step() + silenceFindings(at: began) + unread(at: began)
    let hasRead = pipeline.tallies.reduce(0) { $0 + $1.total.bytes } != before
    for note in logs.takeNotes() { Console.error("note: \(note)") }
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
    if isCatchingUp, pipeline.isUpToDate {
      isCatchingUp = false
      // What comes now is little at a time.
      pipeline.jobs = 1
    }
    return hasRead
  }

  /// Findings about logs that have gone silent.
  private func silenceFindings(at now: Double) -> [Finding] {
    guard !isCatchingUp else { return [] }
    for log in logs.logs {
      let bytes = pipeline.tallies[log.place].total.bytes
      guard heardBytes.updateValue(bytes, forKey: log.place) ?? bytes != bytes else { continue }
      silence.heard(log.name, at: now)
    }
    return silence.fallen(at: now).map { fallen in
      let place = logs.logs.first { $0.name == fallen.name }?.place
      return Silence.finding(
        fallen, latest: place.flatMap { pipeline.tallies[$0].last } ?? 0,
        now: Environment.now * 1_000_000_000)
    }
  }

  /// Findings about logs of which less can be read than before.
  private func unread(at now: Double) -> [Finding] {
    logs.logs.compactMap { log in
      let tally = pipeline.tallies[log.place]
      let total = tally.total
      let fallen = parseRate.take(
        log.name, parsed: total.parsed, rejected: total.rejected, at: now)
      return fallen.map {
        ParseRate.finding($0, reasons: tally.reasons, now: Environment.now * 1_000_000_000)
      }
    }
  }

  /// How many bytes of a source's files were not read yet; `nil` when none of them is followed.
  func bytesBehind(of source: String) -> UInt64? { logs.bytesBehind(of: source) }

  /// Waits until there may be something to do, a second at the most.
  func wait() {
    if trouble != nil { return FolderEvents.pause(milliseconds: 200) }
    if logs.wait() { lastLook = -.infinity }
  }

  /// Writes what a step led to, with what could not be written before; keeps it when that fails.
  private func write(_ findings: [Finding], hasRead: Bool) {
    unwritten += findings
    lastTry = Environment.monotonic
    do {
      try record(unwritten, hasRead: hasRead || trouble != nil)
      unwritten = []
      if trouble != nil { Console.error("the store can be written again; reading goes on") }
      trouble = nil
    } catch {
      if trouble == nil {
        Console.error("\(error)\nnothing is read until the store can be written")
      }
      trouble = "\(error)"
    }
  }

  private func record(_ findings: [Finding], hasRead: Bool) throws {
    let now = Environment.monotonic
    guard !findings.isEmpty || (hasRead && isCatchingUp) || now - lastStatus >= Watcher.statusPause
    else { return }
    lastStatus = now
    let sources = logs.logs.map(source)
    let summary = try store.summary(latest: 0)
    metrics = Metrics.text(sources, summary, pipeline.losses)
    try sumUp()
    guard !findings.isEmpty || sources != written else { return }
    let new = try store.unknown(among: findings.map(\.uid))
    let stored = try findings.map { try self.stored($0, isNew: new.contains($0.uid)) }
    try store.record(stored, sources: sources, now: Environment.now)
    written = sources
    for route in routes { route.postman.notify() }
  }

  /// Tells of the storms of the minutes that are over.
  private func sumUp() throws {
    let now = Environment.now
    guard now / 60 != minute else { return }
    (minute, toldByDetector) = (now / 60, [:])
    for storm in try store.storms(before: minute * 60) {
      let others = storm.count > storm.subjects.count ? " and others" : ""
      let level = Level(name: storm.level) ?? .medium
      let summary = Finding(
        uid: "storm-" + storm.first, detector: storm.detector, title: "Many findings at once",
        level: level,
        message: "\(storm.count) more findings of \(storm.detector) within a minute: "
          + storm.subjects.joined(separator: ", ") + others,
        subject: storm.detector, controls: [], techniques: [], start: storm.start, end: storm.end,
        count: UInt64(storm.count), evidence: [])
      var stored = bare(summary)
      address(&stored, summary)
      try store.record(stored, of: storm, before: minute * 60, now: now)
    }
  }

  /// What Prometheus is told, as of the last time that counts were written.
  private(set) var metrics = ""

  private func source(_ log: WatchedLogs.Log) -> StoredSource {
    let tally = pipeline.tallies[log.place]
    let total = tally.total
    let behind = log.feed.reader.bytesBehind
    // What a step that paused has read is not yet followed to its end; and no line is followed that is
    // still to come, whatever its time says.
    let now = Environment.now * 1_000_000_000
    return StoredSource(
      name: log.name, followed: pipeline.isUpToDate ? min(tally.last ?? .min, now) : .min,
      lines: total.lines, parsed: total.parsed, rejected: total.rejected, bytes: total.bytes,
      note: behind == 0 ? "" : "\(behind) bytes behind")
  }

  private func bare(_ finding: Finding) -> StoredFinding {
    StoredFinding(
      uid: finding.uid, detector: finding.detector, level: finding.level.name,
      subject: finding.subject, message: finding.message, start: finding.start, end: finding.end,
      count: finding.count, body: OCSF.detectionFinding(finding, version: Rollcall.version),
      unsent: nil)
  }

  /// Writes the message for each route that takes the finding; says why when none does.
  private func address(_ stored: inout StoredFinding, _ finding: Finding) {
    if let silence = silences.first(where: { $0.silences(finding, at: Environment.now) }) {
      stored.unsent = silence.explanation
      return
    }
    for route in routes where route.levels.isEmpty || route.levels.contains(finding.level.name) {
      stored.messages[route.postman.name] = route.body.bytes(finding, version: Rollcall.version)
    }
    guard stored.messages.isEmpty else { return }
    stored.unsent = routes.isEmpty ? "no route is configured" : "no route takes its level"
  }

  private func stored(_ finding: Finding, isNew: Bool) throws -> StoredFinding {
    var stored = bare(finding)
    if finding.end < toldFrom {
      stored.unsent = "it is older than the first start of watch"
    } else if isNew, isCatchingUp, let last = finding.evidence.max(by: { $0.time < $1.time }),
      let followed = followedBefore[last.source], finding.end < followed
    {
      // Lines that are gone by now may have given it another identity, or made it.
      if try store.knows(
        finding.detector, about: finding.subject, from: finding.start, to: finding.end)
      {
        stored.unsent = "known under another identity: older lines are gone"
      } else if finding.end < followed - Watcher.reach {
        stored.unsent = "more than a day old, and not found then"
      } else {
        address(&stored, finding)
      }
    } else {
      address(&stored, finding)
    }
    guard isNew, stored.unsent == nil else { return stored }
    toldByDetector[finding.detector, default: 0] += 1
    if toldByDetector[finding.detector, default: 0] > Watcher.stormMax {
      (stored.unsent, stored.messages) = (Store.storm, [:])
    }
    return stored
  }
}
