import Bytes
import Documents
import Events
import Inputs
import Pipelines
import Registers

/// The streams of a run: which files there are, which source they belong to, how they are read.
struct StreamPlan {
  /// One stream and what was settled about it.
  struct Planned {
    var name: String
    var logs: LogStream
    var format: LineFormat
    /// How the format was chosen, for the notes.
    var chosenBy: String
    var mapping: String
    var isDelivery: Bool
    /// Whether nothing but blanks could be seen of it.
    var isBlank = false
    var contexts: [LineContext]
    var source: SourceContext
    var firstTime: Int64
    var yearHint: String
    /// The instant by which each file's missing years are told, as a date.
    var anchors: [String]
    /// The reader of a pipe: it was looked at, and what was seen is still to be read.
    var opened: ChunkReader?
  }

  private(set) var planned: [Planned] = []
  /// What could not be read or was left out.
  private(set) var problems: [InputProblem] = []
  /// Streams whose format nobody could tell.
  private(set) var unknown: [LogStream] = []

  private let workspace: Workspace
  private let now: Int64
  private var normaliser: Normaliser

  /// Plans the streams for paths, or for the configured sources when there are none.
  ///
  /// - Parameter format: The format to take instead of looking at the lines.
  init(
    _ workspace: Workspace, paths: [String], format: LineFormat? = nil, now: Int64
  ) throws {
    self.workspace = workspace
    self.now = now
    normaliser = workspace.setup(judges: false).makeNormaliser()
    var wanted: [LogStream]?
    if !paths.isEmpty {
      let found = discover(paths, excluding: workspace.folders, comparing: true)
      problems += found.problems
      wanted = found.streams
    }
    var taken: Set<FileKey> = []
    for source in workspace.configuration.sources {
      guard let pattern = source.path else { continue }
      let found = discover([pattern], comparing: true)
      // A pattern of the configuration that matches nothing matters only when it was asked for.
      if wanted == nil { problems += found.problems }
      let asked = wanted.map { Set($0.flatMap(\.files).map(FileKey.init)) }
      for stream in found.streams {
        let files = stream.files.filter {
          asked?.contains(FileKey($0)) ?? true && taken.insert(FileKey($0)).inserted
        }
        guard !files.isEmpty else { continue }
        let name = found.streams.count == 1 ? source.name : "\(source.name)/\(stream.name)"
        try add(LogStream(name: name, files: files), source, format)
      }
    }
    for stream in wanted ?? [] {
      let files = stream.files.filter { !taken.contains(FileKey($0)) }
      guard !files.isEmpty else { continue }
      try add(LogStream(name: stream.name, files: files), nil, format)
    }
    planned.sort { $0.name < $1.name }
  }

  /// A plan of nothing yet, for logs that are found one by one.
  init(following workspace: Workspace, now: Int64) {
    self.workspace = workspace
    self.now = now
    normaliser = workspace.setup(judges: false).makeNormaliser()
  }

  /// The streams that a pipeline has counted, of whose files nothing is known any more.
  init(of pipeline: Pipeline, _ workspace: Workspace) {
    self.init(following: workspace, now: 0)
    planned = pipeline.counted.map { stream in
      Planned(
        name: stream.name, logs: LogStream(name: stream.name, files: []), format: stream.format,
        chosenBy: stream.chosenBy, mapping: stream.mapping, isDelivery: false, contexts: [],
        source: .none, firstTime: .min, yearHint: "the time of reading", anchors: [])
    }
  }

  /// Settles how one log is read; `nil` when nobody can tell its format yet.
  mutating func settle(
    _ logs: LogStream, _ source: Configuration.Source?, _ format: LineFormat?
  ) throws -> Planned? {
    try add(logs, source, format)
    unknown = []
    return planned.popLast()
  }

  /// A file, told apart by where it is on disk; standard input by its name.
  private struct FileKey: Hashable {
    let device, inode: UInt64
    let path: RawPath
    init(_ file: LogFile) {
      (device, inode) = (file.device, file.inode)
      path = file.isPipe ? file.path : RawPath("")
    }
  }

  private mutating func add(
    _ logs: LogStream, _ source: Configuration.Source?, _ format: LineFormat?
  ) throws {
    let (head, detected, isFirst, opened) = try head(of: logs)
    var (chosen, chosenBy) = (format, "by --format")
    if chosen == nil, let named = source?.format.flatMap(LineFormat.named) {
      (chosen, chosenBy) = (named, "by the configuration")
    }
    if chosen == nil, let detected { (chosen, chosenBy) = (detected, "by its first lines") }
    // Nothing was written yet, or nothing can be read; the reader tells which.
    let isBlank = head.allSatisfy { [0x20, 0x09, 0x0A, 0x0D].contains($0) }
    if chosen == nil, isBlank { (chosen, chosenBy) = (.rfc3164, "as it is empty") }
    guard let chosen else {
      unknown.append(logs)
      return
    }
    let zone = try source?.timezone.map { try Workspace.zone(named: $0) } ?? workspace.zone
    let mapping = source?.mapping.flatMap { workspace.mappingID(file: $0) } ?? ""
    let records = RecordFraming(
      chosen, rule: multiline(head, chosen, source, mapping),
      bytesMax: workspace.configuration.lineBytesMax ?? StreamPlan.lineBytesMax)
    let contexts = logs.files.map { file in
      LineContext(
        format: chosen, zone: zone, years: YearRule(anchor: anchor(file)),
        source: ByteView(immortal: logs.name),
        path: ByteView(immortal: file.path.description), mapping: mapping, records: records)
    }
    let context = SourceContext(
      system: source?.system.map { ByteView(immortal: $0) },
      environment: source?.environment.map { ByteView(immortal: $0) })
    let isDelivery = chosen == .json && head.withView(DeliveryFile.isDelivery)
    planned.append(
      Planned(
        name: logs.name, logs: logs, format: chosen, chosenBy: chosenBy, mapping: mapping,
        isDelivery: isDelivery, isBlank: isBlank, contexts: contexts, source: context,
        // A record may begin long before its last line, which alone may have no time.
        firstTime: isDelivery || !isFirst || records != nil ? .min : firstTime(head, contexts[0]),
        yearHint: logs.files.map(hint).distinct.joined(separator: " or "),
        anchors: logs.files.map { LocalTime(zone: .utc).text(anchor($0) * 1_000_000_000) },
        opened: opened))
  }

  /// The longest line that is read, unless the configuration says otherwise.
  static let lineBytesMax = 1 << 20

  /// The rule for records of many lines: the source's, else its mapping's, else the shipped one that the
  /// first lines ask for.
  private func multiline(
    _ head: [UInt8], _ format: LineFormat, _ source: Configuration.Source?, _ mapping: String
  ) -> MultilineRule? {
    if let source, source.isMultilineGiven { return source.multiline }
    if !mapping.isEmpty, let given = workspace.mappings.first(where: { $0.id == mapping }) {
      if let rule = given.multiline { return rule }
    }
    return head.withView { MultilineRule.detect($0, format: format) }
  }

  /// How many first bytes are looked at, and how many when no line of those has a known format: the
  /// first line may be longer than any other.
  private static let (headBytes, headBytesMax) = (64 << 10, 8 << 20)

  /// The first bytes in a stream's files that show its format, or else the first there are.
  ///
  /// The oldest part of a rotated log may be in another encoding or hold a few strange lines; that
  /// must not keep the others from being read. A pipe can be read only once: the reader that looked
  /// at it comes along, to read all of it. It hashes in any case, since it does not know yet who asks.
  private func head(
    of logs: LogStream
  ) throws -> (bytes: [UInt8], format: LineFormat?, isFirst: Bool, opened: ChunkReader?) {
    var first: [UInt8] = []
    for file in logs.files {
      let reader = file.isPipe ? ChunkReader(stream: logs, hashing: true) : nil
      for count in [StreamPlan.headBytes, StreamPlan.headBytesMax] {
        // A fault is the reader's to report, with what it could read.
        let head =
          try reader?.peek(bytes: count) ?? (try? Inputs.head(of: file, bytes: count)) ?? []
        let detected = head.withView(LineFormat.detect)
        if detected != nil { return (head, detected, file == logs.files.first, reader) }
        if first.isEmpty { first = head }
        if head.count < count { break }
      }
      if let reader { return (first, nil, true, reader) }
    }
    return (first, nil, true, nil)
  }

  /// An instant near the file's last line: the date in its name, the time in its gzip header, its
  /// modification time; for a pipe there is only the clock.
  private func anchor(_ file: LogFile) -> Int64 {
    if let date = file.nameDate {
      return CivilTime.seconds(of: date) + 86_400
    }
    if file.gzipTime != 0 { return Int64(file.gzipTime) }
    if file.isPipe { return now }
    return file.modified / 1_000_000_000
  }

  private func hint(_ file: LogFile) -> String {
    if file.nameDate != nil { return "the date in the file's name" }
    if file.gzipTime != 0 { return "the time in the gzip header" }
    return file.isPipe ? "the clock, as a pipe has no time" : "the file's modification time"
  }

  /// The time of the first line that becomes an event; a line from a broken clock does not.
  private mutating func firstTime(_ head: [UInt8], _ context: LineContext) -> Int64 {
    head.withView { view in
      let event = Event()
      var (start, lines) = (0, 0)
      while start < view.count, lines < 200 {
        guard let end = view.firstOffset(of: 0x0A, from: start) else { break }
        event.reset(line: LineScanner.trimmed(view.slice(start, end)))
        if normaliser.normalise(event, context) == nil, event.time > PipelineSetup.earliest,
          event.time < Environment.latestTime
        {
          return event.time
        }
        start = end + 1
        lines += 1
      }
      return .min
    }
  }

  /// The pipeline's streams.
  ///
  /// - Parameter hashing: Whether the files' digests are made, for the manifest.
  func streams(hashing: Bool, chunkBytes: Int) -> [PipelineStream] {
    planned.enumerated().map { index, plan in
      PipelineStream(
        name: plan.name, contexts: plan.contexts, source: plan.source, firstTime: plan.firstTime,
        feed: FileFeed(
          plan.logs, opened: plan.opened, stream: index, isDelivery: plan.isDelivery,
          chunkBytes: chunkBytes,
          lineBytesMax: workspace.configuration.lineBytesMax ?? StreamPlan.lineBytesMax,
          records: plan.contexts.first?.records, hashing: hashing))
    }
  }
}

extension CivilTime {
  /// Seconds since 1970 of the beginning of a date in a file's name.
  static func seconds(of date: NameDate) -> Int64 {
    Int64(days(year: date.year, month: date.month, day: date.day)) * 86_400
  }
}
