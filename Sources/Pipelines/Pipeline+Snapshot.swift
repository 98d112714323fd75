public import Bytes
public import Detectors
public import Events
import Registers

/// What a run without an end writes down, so that another can go on where it was: how far each stream was read,
/// the counts of its lines, windows, habits, findings that may still grow, and each month's tallies.
extension Pipeline {
  /// Stands in front of every snapshot; another number, another layout.
  private static let magic = "rollcall snapshot 6"
  /// How many streams whose logs are gone stand by themselves; the oldest of more are one stream, ``goneName``.
  private static let goneCountMax = 2000
  static let goneName = "(logs that are gone)"
  /// How long they are kept, nanoseconds.
  private static let goneMax: Int64 = 400 * 86_400 * 1_000_000_000

  /// Everything, as of the last step, which must have read all there was (``isUpToDate``).
  ///
  /// - Complexity: O(*n*) in the state.
  /// - Parameter clock: The time, nanoseconds since 1970 UTC: what the lines say may lie in the future.
  public func snapshot(at clock: Int64) -> [UInt8] {
    precondition(isUpToDate, "lines were read that were not followed")
    if let stepReader { takeTallies(of: stepReader) }
    let now = min(clock, tallies.compactMap(\.last).max() ?? clock)
    forgetMonths(at: clock)
    let seeds = SeedTable()
    var cited: Set<Int> = []
    var citedFiles: [Int: Set<Int>] = [:]
    var writer = SnapshotWriter()
    writer.put(Pipeline.magic)
    writer.put(zoneMark(at: clock))
    writer.put(clock)
    writer.section { follower.write(to: &$0, at: now, seeds) }
    writer.section { writer in
      seeds.write(to: &writer, setup.table) { seed, writer in
        guard seed.stream != RegisterStream.place else { return writer.put(false) }
        writer.put(true)
        cited.insert(seed.stream)
        citedFiles[seed.stream, default: []].insert(Int(seed.file))
        let context = follower.context(of: seed)
        writer.put(streams[seed.stream].name)
        writer.put(context.path)
        writer.put(context.years.anchor)
      }
    }
    freeContexts(but: citedFiles)
    foldGone(sparing: cited)
    let kept = streams.indices.filter {
      (!isGone($0) || cited.contains($0) || clock - (tallies[$0].last ?? clock) < Pipeline.goneMax)
        && !isFolded.contains($0)
    }
    writer.put(kept, write)
    writer.put(talliesByMonth) { entry, writer in
      writer.put(entry.key)
      entry.value.write(to: &writer)
    }
    return writer.bytes
  }

  /// Gives back what is known of files that are read no more and of which no line is kept.
  private func freeContexts(but cited: [Int: Set<Int>]) {
    for (place, stream) in streams.enumerated() where stream.contexts.count > 2 {
      let kept = cited[place] ?? []
      // The first says what every file of the stream has in common.
      freeContexts[place] = (1..<stream.contexts.count).filter {
        !kept.contains($0) && $0 != latestContexts[place]
      }
    }
  }

  /// Puts the counts of the oldest logs that are gone together: there may be a new log for every hour of a year.
  private func foldGone(sparing cited: Set<Int>) {
    let gone = streams.indices.filter {
      isGone($0) && !cited.contains($0) && !isFolded.contains($0)
        && streams[$0].name != Pipeline.goneName
    }
    guard gone.count > Pipeline.goneCountMax else { return }
    let oldest = gone.sorted { (tallies[$0].last ?? .min, $0) < (tallies[$1].last ?? .min, $1) }
    let whole =
      streams.firstIndex { $0.name == Pipeline.goneName }
      ?? append(
        PipelineStream(
          name: Pipeline.goneName, contexts: [streams[oldest[0]].contexts[0]], source: .none,
          firstTime: .min, feed: GoneFeed()))
    for place in oldest.prefix(gone.count - Pipeline.goneCountMax / 2) {
      tallies[whole].merge(tallies[place])
      tallies[place] = StreamTally()
      remembered[streams[place].name] = nil
      isFolded.insert(place)
    }
  }

  private func write(_ place: Int, to writer: inout SnapshotWriter) {
    let stream = streams[place]
    writer.put(stream.name)
    writer.put(stream.contexts.first?.format.rawValue ?? "")
    writer.put(stream.contexts.first?.mapping ?? "")
    writer.put(stream.chosenBy)
    writer.put(stream.source.system?.string) { $1.put($0) }
    writer.put(stream.source.environment?.string) { $1.put($0) }
    writer.put(remembered[stream.name]?.position ?? stream.feed.position)
    merger.write(place, to: &writer)
    tallies[place].write(to: &writer)
  }

  /// Takes in a snapshot, before anything was read and any stream added.
  ///
  /// - Returns: How many correlations begin anew, because they are others now.
  /// - Throws: When the bytes are not a snapshot of this layout; the pipeline is then of no use.
  public func restore(_ bytes: [UInt8]) throws(SnapshotError) -> Int {
    var reader = SnapshotReader(bytes)
    isResumed = true
    guard try reader.text() == Pipeline.magic else { throw .damaged }
    let mark: Int64 = try reader.number()
    isOtherZone = try zoneMark(at: reader.number()) != mark
    var (state, lines) = (try reader.section(), try reader.section())
    for _ in 0..<(try reader.count()) { try readStream(&reader) }
    let seeds = SeedTable()
    try readSeeds(&lines, into: seeds)
    let lost = try follower.read(from: &state, seeds)
    for _ in 0..<(try reader.count()) {
      talliesByMonth[try reader.number()] = try Tallies(from: &reader)
    }
    guard reader.isAtEnd, lines.isAtEnd, state.isAtEnd else { throw .damaged }
    return lost
  }

  /// Where the streams of a snapshot that were not added yet had come to, by name.
  public var positions: [String: [UInt8]] { remembered.mapValues(\.position) }

  private func readStream(_ reader: inout SnapshotReader) throws(SnapshotError) {
    let name = try reader.text()
    guard let format = LineFormat(rawValue: try reader.text()) else { throw .damaged }
    let mapping = try reader.text()
    let chosenBy = try reader.text()
    func view(_ reader: inout SnapshotReader) throws(SnapshotError) -> ByteView {
      ByteView(immortal: try reader.text())
    }
    let source = SourceContext(
      system: try reader.optional(view), environment: try reader.optional(view))
    let context = LineContext(
      format: format, zone: setup.zone, years: YearRule(anchor: 0),
      source: ByteView(immortal: name), mapping: mapping)
    let place = append(
      PipelineStream(
        name: name, contexts: [context], chosenBy: chosenBy, source: source, firstTime: .min,
        feed: GoneFeed()))
    remembered[name] = (place, try reader.list())
    try merger.read(place, from: &reader)
    tallies[place] = try StreamTally(from: &reader)
  }

  private func readSeeds(
    _ reader: inout SnapshotReader, into seeds: SeedTable
  ) throws(SnapshotError) {
    struct File: Hashable {
      let stream: Int
      let path: [UInt8]
      let anchor: Int64
    }
    var files: [File: Int32] = [:]
    try seeds.read(from: &reader, setup.table, into: follower.lines) {
      (reader) throws(SnapshotError) in
      guard try reader.flag() else { return (RegisterStream.place, 0) }
      guard let place = remembered[try reader.text()]?.place else { throw .damaged }
      let file = File(stream: place, path: try reader.list(), anchor: try reader.number())
      if let known = files[file] { return (place, known) }
      var context = streams[place].contexts[0]
      context.path =
        file.path.isEmpty ? .empty : ByteView(immortal: String(decoding: file.path, as: UTF8.self))
      context.years = YearRule(anchor: file.anchor)
      let number = Int32(truncatingIfNeeded: addContext(context, to: place))
      files[file] = number
      return (place, number)
    }
  }

  /// Puts the log in the place that was kept for it.
  func resume(_ place: Int, as stream: PipelineStream) {
    // Lines that are kept are read again as the log's lines are read now.
    let contexts = streams[place].contexts.dropFirst().map { old in
      var context = stream.contexts[0]
      (context.path, context.years) = (old.path, old.years)
      return context
    }
    streams[place] = PipelineStream(
      name: stream.name, contexts: [stream.contexts[0]] + contexts, chosenBy: stream.chosenBy,
      source: stream.source, firstTime: stream.firstTime, feed: stream.feed)
    open(place)
    follower.replace(
      place,
      StreamFacts(name: stream.name, contexts: streams[place].contexts, source: stream.source))
  }

  /// Whether a stream is known from a snapshot alone: its log was not met since.
  func isGone(_ place: Int) -> Bool { streams[place].feed is GoneFeed }

  /// When the month of an instant begins in this run's zone; another zone has other months.
  private func zoneMark(at time: Int64) -> Int64 {
    var calendar = MonthCalendar(setup.zone)
    return calendar.start(ofMonth: calendar.month(of: time))
  }

  /// Forgets what was counted of months that are long over.
  private func forgetMonths(at clock: Int64) {
    var calendar = MonthCalendar(setup.zone)
    let oldest = calendar.month(of: clock) - MonthCalendar.monthsMax
    talliesByMonth = talliesByMonth.filter { $0.key > oldest }
    follower.forgetMonths(upTo: oldest)
  }

  /// The months of which anything was counted: twelve times the year and the months before it.
  public var months: [Int] {
    if let stepReader { takeTallies(of: stepReader) }
    return Set(talliesByMonth.keys).union(follower.signInsByMonth.keys).sorted()
  }

  /// Takes over what a worker counted.
  func takeTallies(of reader: LineReader) {
    talliesByMonth.merge(reader.talliesByMonth) { left, right in
      var sum = left
      sum.merge(right)
      return sum
    }
    reader.forgetTallies()
    for word in seenFields.indices { seenFields[word] |= reader.seenFields[word] }
  }

  /// The detectors that need a field which no event had since this run began, by their ids, and those fields.
  ///
  /// Only where each month is tallied. What the registers and the habits fill is not asked for.
  public var blindRules: [(rule: String, fields: [String])] {
    if let stepReader { takeTallies(of: stepReader) }
    let ours = Set(PipelineSetup.joinedFields + PipelineSetup.baselineFields)
    return setup.rules.rules.compactMap { rule in
      // What the registers expect is in no log.
      if rule.isAboutRegisters { return nil }
      let missing = rule.fields.subtracting(ours).filter {
        rule.needs(oneOf: [$0]) && seenFields[$0.index >> 6] & 1 << UInt64($0.index & 63) == 0
      }
      guard !missing.isEmpty else { return nil }
      return (rule.header.id, missing.map { setup.table.name($0) }.sorted())
    }
  }

  /// The detectors with an exception that never applies, because no event had a field that it needs since this run
  /// began, by their ids, and those fields.
  public var blindExceptions: [(rule: String, fields: [String])] {
    if let stepReader { takeTallies(of: stepReader) }
    let ours = Set((PipelineSetup.joinedFields + PipelineSetup.baselineFields).map(\.index))
    return setup.rules.rules.compactMap { rule in
      if rule.isAboutRegisters { return nil }
      let missing = rule.exceptionFields.flatMap { $0 }.filter {
        !ours.contains($0) && seenFields[$0 >> 6] & 1 << UInt64($0 & 63) == 0
      }
      guard !missing.isEmpty else { return nil }
      return (rule.header.id, Set(missing.map { setup.table.names[$0] }).sorted())
    }
  }

  /// How each stream is read, in the order of ``tallies``.
  public var counted: [(name: String, format: LineFormat, chosenBy: String, mapping: String)] {
    streams.map { stream in
      let context = stream.contexts.first
      return (stream.name, context?.format ?? .rfc3164, stream.chosenBy, context?.mapping ?? "")
    }
  }

  /// What is known of one month, for its review; the findings are the store's.
  ///
  /// - Parameter month: Twelve times the year and the months before it.
  public func result(ofMonth month: Int, findings: [Finding] = []) -> PipelineResult {
    if let stepReader { takeTallies(of: stepReader) }
    return PipelineResult(
      findings: findings, streams: tallies, tallies: talliesByMonth[month] ?? Tallies(),
      signIns: follower.signInsByMonth[month] ?? SignInTally(),
      lifted: follower.lifted.only(month: month),
      evictedCount: follower.evictedCount, overflowCount: follower.collector.overflowCount)
  }
}

/// The feed of a log that is gone, or was not met again yet.
private final class GoneFeed: Feed {
  func next() -> LineBlock? { nil }
  func recycle(_ block: LineBlock) {}
}
