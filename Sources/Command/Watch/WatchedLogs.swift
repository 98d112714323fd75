import Bytes
import Events
import Inputs
import Logging
import Pipelines

/// The logs of the configured sources: looks for them again and again, and hands each to the pipeline when
/// it is first seen.
final class WatchedLogs {
  /// One log.
  struct Log {
    let name: String
    let source: String
    let feed: any WatchedFeed
    let place: Int
  }

  private(set) var logs: [Log] = []
  /// What is configured and has no lines yet: the name that its log would have, its source, and why.
  private(set) var idle: [(name: String, source: String, note: String)] = []
  private let workspace: Workspace
  private let sources: [Configuration.Source]
  private let format: LineFormat?
  private let pipeline: Pipeline
  private var plan: StreamPlan
  /// Logs by the path that the names of their files share.
  private var places: [[String]: Int] = [:]
  /// The names of logs that an earlier run followed.
  private var names: [[String]: String] = [:]
  /// Which log each file belongs to that was followed first, by its path: no line counts twice because two
  /// sources lead to it.
  private var owners: [RawPath: [String]] = [:]
  /// Logs whose format nobody could tell, and when they are looked at again, monotonic seconds.
  private var puzzles: [[String]: Double] = [:]
  /// What was said already, so that nobody is told twice.
  private var said: Set<String> = []
  private let patience: Double
  private let events = FolderEvents()

  init(
    _ workspace: Workspace, sources: [Configuration.Source], format: LineFormat?,
    patience: Double, pipeline: Pipeline
  ) {
    (self.workspace, self.sources, self.format) = (workspace, sources, format)
    (self.patience, self.pipeline) = (patience, pipeline)
    plan = StreamPlan(following: workspace, now: Environment.now)
    for (name, position) in pipeline.positions {
      if let key = try? TailFeed.key(of: position) { names[key] = name }
    }
  }

  /// The systems whose use should show in one of the logs.
  var audited: [AuditSources.Audited] { AuditSources.audited(in: workspace.registers) }

  /// Looks for files that are new.
  func look() throws {
    idle = []
    for source in sources {
      guard let pattern = source.path else { continue }
      let found = discover(WatchedLogs.patterns(pattern), excluding: workspace.folders)
      for problem in found.problems where !problem.isNote && problem.reason != .missing {
        say("not read: \(problem)")
      }
      let streams = found.streams.filter { WatchedLogs.isWanted($0, pattern) }
      events.watch(foldersOf: [RawPath(pattern)] + streams.flatMap(\.files).map(\.path))
      for stream in streams {
        let key = [Environment.absolute(stream.stem)]
        if let place = places[key] {
          guard logs[place].source == source.name else {
            say("\(source.name): \(stream.name) is followed as \(logs[place].name) already")
            continue
          }
          logs[place].feed.offer(stream.files)
          own(stream, key)
        } else if let owner = stream.files.lazy.compactMap({ self.owners[$0.path] }).first {
          let name = places[owner].map { logs[$0].name } ?? source.name
          say("\(source.name): \(stream.name) is followed as \(name) already")
        } else if puzzles[key, default: 0] > Environment.monotonic {
          note(idle: stream, source, "not read yet: no known format", streams.count)
        } else if stream.files.contains(where: { $0.size > 0 && !$0.isPipe }) {
          try follow(stream, source, key, isAlone: streams.count == 1)
          guard places[key] == nil else { continue }
          note(idle: stream, source, "not read yet: no known format", streams.count)
        } else {
          note(idle: stream, source, "empty", streams.count)
        }
      }
      guard streams.isEmpty, !logs.contains(where: { $0.source == source.name }) else { continue }
      let why = source.isReceived ? "nothing was received yet" : "nothing is at \(pattern)"
      idle.append((source.name, source.name, why))
    }
  }

  /// Notes that a log has no lines yet.
  private func note(
    idle stream: LogStream, _ source: Configuration.Source, _ why: String, _ count: Int
  ) {
    guard idle.count < WatchedLogs.idleMax else { return }
    let name = count == 1 ? source.name : source.name + "/" + stream.name
    guard !logs.contains(where: { $0.name == name }) else { return }
    idle.append((name, source.name, why))
  }

  /// Has logs whose format nobody could tell be looked at again at once.
  func forgetPuzzles() { puzzles = [:] }

  /// Whether lines wait for the end of their record.
  var holdsLines: Bool { logs.contains { ($0.feed as? TailFeed)?.holdsLines ?? false } }

  /// How many bytes of a source's files were not read yet; `nil` when none of them is followed.
  func bytesBehind(of source: String) -> UInt64? {
    let followed = logs.filter { $0.source == source }
    return followed.isEmpty ? nil : followed.reduce(0) { $0 + $1.feed.bytesBehind }
  }

  /// Waits until something happens to the logs, a second at the most; says whether files came or went.
  func wait() -> Bool {
    let happened = events.wait(milliseconds: events.isWorking ? 1000 : 200)
    // What is being written is read together.
    if happened.any { FolderEvents.pause(milliseconds: 20) }
    return happened.files
  }

  /// A plain path stands for its rotated parts, too: what was written to them while nobody watched.
  private static func patterns(_ path: String) -> [String] {
    let isPattern = path.contains { "*?[".contains($0) }
    return isPattern || Environment.isFolder(path) ? [path] : [path, path + ".*", path + "-*"]
  }

  /// Whether a stream found beside a plain path is that log, and not another with a longer name.
  private static func isWanted(_ stream: LogStream, _ path: String) -> Bool {
    if path.contains(where: { "*?[".contains($0) }) || Environment.isFolder(path) { return true }
    let name = path.split(separator: "/").last.map(String.init) ?? path
    return stream.name == name || stream.name.hasSuffix("/" + name)
  }

  private func follow(
    _ stream: LogStream, _ source: Configuration.Source, _ key: [String], isAlone: Bool
  ) throws {
    let name = self.name(of: stream, source, key, isAlone: isAlone)
    let files = stream.files.filter { !$0.isPipe }
    guard
      let planned = try plan.settle(LogStream(name: name, files: files), source, format)
    else {
      puzzles[key] = Environment.monotonic + WatchedLogs.puzzlePause
      return say(
        "not read yet: \(name): no known format in its first lines; name one with `format:`")
    }
    guard !planned.isDelivery else { return try follow(delivered: stream, source, planned, key) }
    guard !isArriving(stream, planned) else {
      puzzles[key] = Environment.monotonic + 1
      return
    }
    let feed = try makeFeed(name, key, planned)
    feed.stream = pipeline.add(
      PipelineStream(
        name: name, contexts: [planned.contexts[0]], chosenBy: planned.chosenBy,
        source: planned.source, firstTime: planned.firstTime, feed: feed), resuming: names[key])
    let years = Anchors(planned.contexts[0])
    feed.fileOfLines = { [unowned feed, pipeline] in
      years.file(of: feed.reader) { pipeline.addContext($0, to: feed.stream) }
    }
    begin(name, feed, feed.stream, planned, source, stream, key)
  }

  /// A name that no other log has: the one it had, or its source's, with its own where there are several.
  private func name(
    of stream: LogStream, _ source: Configuration.Source, _ key: [String], isAlone: Bool
  ) -> String {
    if let known = names[key], known == source.name || known.hasPrefix(source.name + "/") {
      return known
    }
    let taken = Set(names.values).union(logs.map(\.name))
    let full = source.name + "/" + stream.name
    if isAlone, !taken.contains(source.name) { return source.name }
    if !taken.contains(full) { return full }
    var number = 2
    while taken.contains("\(full)#\(number)") { number += 1 }
    return "\(full)#\(number)"
  }

  /// Whether there is something in a file and nothing that can be read yet, as while an archive arrives.
  private func isArriving(_ stream: LogStream, _ planned: StreamPlan.Planned) -> Bool {
    planned.isBlank && stream.files.contains { $0.isGzip }
  }

  /// Follows files that are delivered whole; all of a source are one log.
  private func follow(
    delivered stream: LogStream, _ source: Configuration.Source, _ planned: StreamPlan.Planned,
    _ key: [String]
  ) throws {
    let whole = ["deliveries", source.name]
    if let place = places[whole] {
      places[key] = place
      own(stream, key)
      return logs[place].feed.offer(stream.files)
    }
    let name = names[whole] ?? source.name + "/deliveries"
    let feed = try DeliveryFeed(
      whole, patience: patience,
      lineBytesMax: workspace.configuration.lineBytesMax ?? StreamPlan.lineBytesMax,
      position: pipeline.positions[name])
    feed.stream = pipeline.add(
      PipelineStream(
        name: name, contexts: [planned.contexts[0]], chosenBy: planned.chosenBy,
        source: planned.source, firstTime: .min, feed: feed), resuming: names[whole])
    // One for a folder's files in a row; a folder's name is kept once.
    var paths: [String: ByteView] = [:]
    var latest: (folder: String, place: Int)?
    feed.addContext = { [unowned feed, pipeline] file in
      let folder = Paths.folder(of: file.path.description)
      if let latest, latest.folder == folder { return latest.place }
      if paths.count >= WatchedLogs.foldersMax { paths = [:] }
      let path = paths[folder] ?? ByteView(immortal: file.path.description)
      paths[folder] = path
      var context = planned.contexts[0]
      context.path = path
      let place = pipeline.addContext(context, to: feed.stream)
      latest = (folder, place)
      return place
    }
    places[whole] = logs.count
    begin(name, feed, feed.stream, planned, source, stream, key)
  }

  private func begin(
    _ name: String, _ feed: any WatchedFeed, _ place: Int, _ planned: StreamPlan.Planned,
    _ source: Configuration.Source, _ stream: LogStream, _ key: [String]
  ) {
    feed.offer(stream.files)
    own(stream, key)
    places[key] = logs.count
    logs.append(Log(name: name, source: source.name, feed: feed, place: place))
    ownLog.notice(
      "watching \(name): \(planned.format.rawValue) \(planned.chosenBy)\(planned.mapping.isEmpty ? "" : ", mapping \(planned.mapping)")",
      metadata: [
        "source": "\(name)", "format": "\(planned.format.rawValue)",
        "mapping": "\(planned.mapping)",
      ])
  }

  /// A feed that goes on where an earlier run had come to, if one did.
  private func makeFeed(
    _ name: String, _ key: [String], _ planned: StreamPlan.Planned
  ) throws -> TailFeed {
    func feed(at position: [UInt8]?) throws -> TailFeed {
      let reader = TailReader(
        name: name, chunkBytes: 1 << 20,
        lineBytesMax: workspace.configuration.lineBytesMax ?? StreamPlan.lineBytesMax,
        patience: patience, clock: { Environment.monotonic })
      return try TailFeed(
        reader, key, records: planned.contexts.first?.records, position: position)
    }
    do {
      return try feed(at: names[key].flatMap { pipeline.positions[$0] })
    } catch {
      say("\(name): read from its beginning: \(error)")
      return try feed(at: nil)
    }
  }

  /// Of how many folders with delivered files the names are kept.
  private static let foldersMax = 10_000
  /// How many logs without lines are told of.
  private static let idleMax = 100
  /// How long a log waits whose format nobody could tell, seconds.
  private static let puzzlePause = 60.0

  private func own(_ stream: LogStream, _ key: [String]) {
    if owners.count > 100_000 { owners = [:] }
    for file in stream.files where owners[file.path] == nil { owners[file.path] = key }
  }

  private func say(_ line: String) {
    if said.count < 1000, said.insert(line).inserted { ownLog.warning("\(line)") }
  }

  /// What happened to files that a person should know.
  func takeNotes() -> [(source: String, note: String)] {
    logs.flatMap { log in log.feed.takeNotes().map { (log.name, $0) } }
  }
}

/// What is known of the lines of a log that is being written: each of its files in turn, and of the one at
/// hand anew each hour, as the year of a time without one is told by the clock.
private final class Anchors {
  private var context: LineContext
  private var path: RawPath?
  private var anchor: Int64 = .min
  private var place = 0

  init(_ context: LineContext) { self.context = context }

  func file(of reader: TailReader, add: (LineContext) -> Int) -> Int {
    let now = Environment.now
    guard path != reader.path || reader.hasNewFile || now >= anchor + 3600 else { return place }
    if path != reader.path { context.path = ByteView(immortal: reader.path.description) }
    (path, anchor) = (reader.path, now)
    // An old file's last line is as old as the file.
    context.years = YearRule(anchor: lastWritten(reader.path).map { min($0 + 3600, now) } ?? now)
    place = add(context)
    return place
  }
}
