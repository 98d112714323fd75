import Bytes

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Follows one log that is being written, through every way in which logs are rotated.
///
/// The caller looks for the log's files now and then and offers them (``offer(_:)``); what is new among
/// them is read after the file at hand. A file is known by where it is on disk and by its first bytes, so
/// that a renamed, copied or compressed file is not read twice. A file that was renamed is read to its end
/// before the next one's turn, and watched for as long as it has a name, since its writer may still have
/// it open. When a file was cut to nothing, what its copy holds beyond the place we had come to is read
/// first. A last line without its newline waits until it is finished.
///
/// Memory is bounded as that of a ``ChunkReader``. One thread at a time may use it.
public final class TailReader {
  /// The log's name.
  public let name: String
  /// The length at which a chunk is handed out, and the longest line that is.
  private let chunkBytes, lineBytesMax: Int
  /// How long a file must have been quiet before the next one's turn, seconds.
  private let patience: Double
  /// The monotonic clock, seconds.
  private let clock: () -> Double

  /// What happened to the files that a person should know; the caller takes it away.
  public var notes: [String] = []
  /// The file that the last chunk's lines are from.
  public internal(set) var path = RawPath("")
  /// Whether the last chunk began another file.
  public private(set) var hasNewFile = false

  private var current: OpenLog?
  /// Files that gave way to the next and still have a name.
  private var retired: [OpenLog] = []
  /// Files whose turn comes.
  private(set) var queue: [Turn] = []
  /// Whether there are files whose turn has not come.
  public var isWaiting: Bool { !queue.isEmpty }
  /// The file that goes on once a copy of its earlier filling was read.
  private var pending: OpenLog?
  /// Whether a file was cut, so that its copy must be looked for before anything else.
  private var awaitsLook = false
  /// Beginnings of files that were read, the latest last.
  var lives: [Life] = []
  /// Whether another reader's place was taken over and no file was offered since.
  var isResumed = false
  /// Where on disk files were met, how they began, and what they were like when they were looked at.
  var known: [FileIdentity: Known] = [:]
  /// A compressed file on its way, and what comes before it.
  private var archive: (reader: ChunkReader, skip: UInt64)?

  /// The number of the line that comes next, from one.
  public internal(set) var lineNumber: UInt64 = 1
  var streamOffset: UInt64 = 0
  private var sequence = 0

  /// A file whose turn comes, and where in it that begins.
  struct Turn {
    var file: LogFile
    var start: UInt64 = 0
    /// Whether it is a copy, to which nobody writes.
    var isCopy = false
  }

  struct Known {
    var head: [UInt8]
    var size: UInt64
    /// Nanoseconds since 1970; `Int64.min` when it was open and should be again.
    var modified: Int64
    /// How far it was read, when it was left.
    var consumed = UInt64.max
  }

  /// How one file, or one filling of it, began, and how far it was read.
  struct Life {
    var head: [UInt8]
    var consumed: UInt64
    /// Whether it ended by being cut and no copy was met yet, which may hold more of it.
    var wasCut: Bool
  }

  /// How many bytes tell files apart, and how many are too few for that.
  private static let (headBytes, headBytesMin) = (1024, 16)
  /// How many beginnings are remembered, and how many files that gave way.
  static let (livesMax, retiredMax) = (256, 16)
  /// How many places on disk are remembered besides those of the files that are there.
  private let placesMax: Int

  /// A reader of nothing yet.
  ///
  /// - Parameters:
  ///   - patience: Seconds for which a file must have been quiet before the next one's turn.
  ///   - placesMax: How many places on disk are remembered besides those of the files that are there.
  ///   - clock: A clock that only goes forward, seconds.
  public init(
    name: String, chunkBytes: Int, lineBytesMax: Int, patience: Double = 3,
    placesMax: Int = 4096, clock: @escaping () -> Double
  ) {
    (self.name, self.chunkBytes, self.placesMax) = (name, max(64, chunkBytes), placesMax)
    (self.lineBytesMax, self.patience, self.clock) = (max(1, lineBytesMax), patience, clock)
  }

  /// How many bytes are there that were not read yet, compressed files aside.
  public var bytesBehind: UInt64 {
    openLogs.reduce(queue.reduce(0) { $0 + ($1.file.size - min($1.start, $1.file.size)) }) {
      $0 + $1.bytesLeft
    }
  }

  /// The files that may grow.
  var openLogs: [OpenLog] { retired + [current, pending].compactMap(\.self) }

  // MARK: - Which files there are

  /// Takes note of the log's files as they are now, oldest lines first.
  public func offer(_ files: [LogFile]) {
    for log in openLogs { log.readHead() }
    if isResumed { findAgain(files) }
    let goesOn = (pending ?? current)?.identity
    let present = files.firstIndex { $0.identity == goesOn }
    if known.count >= placesMax + files.count { forgetGone(files) }
    for (place, file) in files.enumerated() where !file.isPipe {
      let identity = file.identity
      if current?.identity == identity || retired.contains(where: { $0.identity == identity }) {
        continue
      }
      if pending?.identity == identity
        || queue.contains(where: { $0.file.identity == identity })
      {
        continue
      }
      let before = known[identity]
      if let before, before.size == file.size, before.modified == file.modified { continue }
      // What can not be opened now is offered again.
      guard let head = try? head(of: file, bytes: TailReader.headBytes), !head.isEmpty else {
        continue
      }
      let consumed = before?.consumed ?? .max
      known[identity] = Known(
        head: head, size: file.size, modified: file.modified, consumed: consumed)
      // A file that grew begins as it did; where another stood on disk, a new one may stand.
      if let before, head.starts(with: before.head) {
        if !file.isGzip, file.size > consumed || file.size == consumed && before.modified == .min {
          queue.append(Turn(file: file, start: consumed))
        } else if !file.isGzip, consumed != .max, file.size < consumed {
          notes.append(
            "\(file.path): ends before the place that was read to (\(file.size) of \(consumed) bytes); "
              + "reading it from its beginning")
          known[identity]?.consumed = .max
          queue.append(Turn(file: file))
        }
        continue
      }
      known[identity]?.consumed = .max
      take(file, head, isOlder: present.map { place < $0 } ?? false)
    }
    order(files)
    awaitsLook = false
  }

  /// Forgets places on disk at which none of the log's files is by now; those that are there were read, however
  /// many they are.
  private func forgetGone(_ files: [LogFile]) {
    let present = Set(files.map(\.identity)).union(openLogs.map(\.identity))
    known = known.filter { present.contains($0.key) }
  }

  /// Looks which files of an earlier reader are there as they were: whatever else begins like them holds nothing
  /// that they do not.
  private func findAgain(_ files: [LogFile]) {
    isResumed = false
    for file in files where !file.isPipe {
      guard let before = known[file.identity],
        let head = try? head(of: file, bytes: TailReader.headBytes), head.starts(with: before.head)
      else { continue }
      for place in lives.indices where TailReader.isSame(lives[place].head, head) {
        lives[place].wasCut = false
      }
    }
  }

  /// Puts the files whose turn comes in the order of their lines; copies stay in front.
  private func order(_ files: [LogFile]) {
    guard queue.count > 1 else { return }
    let places = Dictionary(
      files.enumerated().map { ($0.element.identity, $0.offset) },
      uniquingKeysWith: { first, _ in first })
    func place(_ turn: Turn) -> Int {
      if turn.isCopy { return -1 }
      return places[turn.file.identity] ?? .max
    }
    queue = queue.enumerated().sorted {
      (place($0.element), $0.offset) < (place($1.element), $1.offset)
    }.map(\.element)
  }

  /// Takes a file that was not met before: a copy of one that was read, or the next one.
  ///
  /// - Parameter isOlder: Whether it stands before the file at hand, which was filled and cut while nobody
  ///   looked.
  private func take(_ file: LogFile, _ head: [UInt8], isOlder: Bool) {
    if let original = openLogs.first(where: { TailReader.isSame($0.head, head) }) {
      // Made before the original is cut: it may then hold what we had not come to.
      original.copy = file
      return
    }
    // A file that is being compressed is there twice for a while, and whole only as it was.
    if let place = queue.firstIndex(where: { TailReader.isSame(headOf($0.file), head) }) {
      if queue[place].file.isGzip, !file.isGzip { queue[place].file = file }
      return
    }
    guard let place = lives.lastIndex(where: { TailReader.isSame($0.head, head) }) else {
      // Read so long ago that only its place on disk tells of it.
      let isKnown =
        lives.count >= TailReader.livesMax
        && known.contains {
          $0.key != file.identity && TailReader.isSame($0.value.head, head)
        }
      if isKnown { return }
      if isOlder {
        interrupt(with: Turn(file: file, isCopy: true))
      } else {
        queue.append(Turn(file: file))
      }
      return
    }
    guard lives[place].wasCut else { return }
    lives[place].wasCut = false
    interrupt(with: Turn(file: file, start: lives[place].consumed, isCopy: true))
  }

  /// How a file began when it was offered.
  private func headOf(_ file: LogFile) -> [UInt8] {
    known[file.identity]?.head ?? []
  }

  /// Reads a copy before the file at hand goes on; several copies in the order of coming.
  private func interrupt(with turn: Turn) {
    enqueue(copy: turn)
    if pending == nil, let log = current, !log.isCopy { (pending, current) = (log, nil) }
  }

  /// Puts a copy before whatever is no copy, after those that came earlier.
  private func enqueue(copy turn: Turn) {
    queue.insert(turn, at: queue.firstIndex { !$0.isCopy } ?? queue.count)
  }

  /// Whether two files begin alike, as far as both are known.
  private static func isSame(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    let count = min(left.count, right.count)
    return count >= headBytesMin && left.prefix(count) == right.prefix(count)
  }

  // MARK: - Lines

  /// Fills `chunk` with the lines that have come; false when none are there now.
  public func next(into chunk: Chunk) -> Bool {
    hasNewFile = false
    while true {
      if fillFromRetired(chunk) { return true }
      if let (reader, _) = archive {
        if read(reader, into: chunk) { return true }
        archive = nil
      }
      if current == nil, awaitsLook || !openNext() { return false }
      if archive != nil { continue }
      guard let log = current else { return false }
      log.stepBack()
      if !log.isCopy, log.wasReplaced() {
        if log.copy == nil, !awaitsLook, !log.wasLookedFor {
          (awaitsLook, log.wasLookedFor) = (true, true)
        }
        if awaitsLook { return false }
        restart(log)
        continue
      }
      if fill(chunk, from: log) { return true }
      guard mayLeave(log) else { return false }
      if leave(log, into: chunk) { return true }
    }
  }

  /// Hands out what was still written to files that gave way.
  private func fillFromRetired(_ chunk: Chunk) -> Bool {
    for (place, log) in retired.enumerated() {
      log.stepBack()
      if log.wasReplaced() {
        if log.copy == nil, !log.wasLookedFor { (awaitsLook, log.wasLookedFor) = (true, true) }
        if awaitsLook { continue }
        retired[place] = replacement(of: log) ?? log
      }
      if fill(chunk, from: retired[place]) { return true }
    }
    for (place, log) in retired.enumerated().reversed() where !log.hasName {
      // Nobody can write to it any more by its name; what is left of a line is a line.
      retired.remove(at: place)
      known[log.identity] = nil
      if !log.carry.isEmpty { return deliverRest(of: log, into: chunk) }
    }
    return false
  }

  /// Whether the next file's turn has come.
  private func mayLeave(_ log: OpenLog) -> Bool {
    if log.isCopy { return true }
    guard !queue.isEmpty else { return false }
    // Its own time counts in whole seconds.
    return !log.hasName || log.isOld || clock() - log.lastGrowth >= patience
      || log.quietSeconds >= patience + 1
  }

  /// Leaves a file for the next one; true when it left a line without its newline.
  private func leave(_ log: OpenLog, into chunk: Chunk) -> Bool {
    remember(Life(head: log.head, consumed: log.offset, wasCut: false))
    current = nil
    if log.hasName, !log.isCopy {
      retired.append(log)
      if retired.count > TailReader.retiredMax {
        // Should it grow again, it has another turn.
        let oldest = retired.removeFirst()
        known[oldest.identity] = Known(
          head: oldest.head, size: oldest.offset, modified: oldest.modified,
          consumed: oldest.offset - UInt64(oldest.carry.count))
      }
      return false
    }
    if !log.hasName { known[log.identity] = nil }
    return !log.carry.isEmpty && deliverRest(of: log, into: chunk)
  }

  /// Begins a file again that was cut, or written anew.
  private func restart(_ log: OpenLog) {
    current = nil
    guard let again = replacement(of: log) else { return }
    // What its copy holds of the old lines comes first.
    if log.copy == nil { begin(again) } else { pending = again }
  }

  /// The file in its next life, after its copy was put in the queue if there is one.
  private func replacement(of log: OpenLog) -> OpenLog? {
    // The unfinished line is in the copy, if anywhere.
    let consumed = log.offset - UInt64(log.carry.count)
    if let copy = log.copy {
      enqueue(copy: Turn(file: copy, start: consumed, isCopy: true))
    } else {
      notes.append("\(log.path): was cut or written anew; reading it from its beginning")
    }
    remember(Life(head: log.head, consumed: consumed, wasCut: log.copy == nil))
    known[log.identity] = nil
    return log.reopened()
  }

  private func remember(_ life: Life) {
    lives.append(life)
    if lives.count > TailReader.livesMax { lives.removeFirst() }
  }

  private func begin(_ log: OpenLog) {
    if log.zeros > 0, log.offset == log.zeros {
      notes.append("\(log.path): \(log.zeros) zeros in front of its first line are passed over")
    }
    current = log
    path = log.path
    hasNewFile = true
  }

  /// Opens the next file; false when there is none.
  private func openNext() -> Bool {
    while !queue.isEmpty {
      // The file that goes on comes before whatever is newer than it.
      if pending != nil, !queue[0].isCopy { break }
      let turn = queue.removeFirst()
      let file = turn.file
      if file.isGzip {
        let stream = LogStream(name: name, files: [file])
        let reader = ChunkReader(
          stream: stream, chunkBytes: chunkBytes, lineBytesMax: lineBytesMax)
        archive = (reader, turn.start)
        path = file.path
        hasNewFile = true
        remember(Life(head: headOf(file), consumed: .max, wasCut: false))
        return true
      }
      guard let log = OpenLog(file, at: turn.start, now: clock()) else {
        // It was compressed or removed meanwhile; what took its place is looked for.
        let head = headOf(file)
        known = known.filter { !TailReader.isSame($0.value.head, head) }
        awaitsLook = true
        return false
      }
      log.isCopy = turn.isCopy
      begin(log)
      return true
    }
    guard let log = pending else { return false }
    pending = nil
    begin(log)
    return true
  }

  /// Reads on in a compressed file, from where its original had been read to.
  private func read(_ reader: ChunkReader, into chunk: Chunk) -> Bool {
    while true {
      let found = (try? reader.next(into: chunk)) ?? false
      guard found else {
        notes += reader.faults.map { "\($0)" }
        return false
      }
      if let skip = archive?.skip, chunk.streamOffset < skip {
        // Whole lines were read before, so the place is a line's beginning.
        let dropped = Int(clamping: skip - chunk.streamOffset)
        let left = chunk.bytes.count - min(dropped, chunk.bytes.count)
        if left == 0 { continue }
        chunk.keepLast(left)
      }
      stamp(chunk)
      return true
    }
  }

  /// Puts a chunk in its place in the stream.
  private func stamp(_ chunk: Chunk) {
    chunk.lineCount = chunk.bytes.newlineCount + (chunk.endsWithoutNewline ? 1 : 0)
    let skipped = chunk.oversized.reduce(UInt64(0)) { $0 + $1.byteCount }
    chunk.oversized = chunk.oversized.map { line in
      defer { lineNumber += 1 }
      return OversizedLine(
        lineNumber: lineNumber, streamOffset: streamOffset, byteCount: line.byteCount)
    }
    streamOffset += skipped
    chunk.streamOffset = streamOffset
    chunk.firstLineNumber = lineNumber
    chunk.sequence = sequence
    sequence += 1
    lineNumber += UInt64(chunk.lineCount)
    streamOffset += UInt64(chunk.bytes.count)
  }

  /// Hands out what a file has; false when it has nothing more by now.
  private func fill(_ chunk: Chunk, from log: OpenLog) -> Bool {
    chunk.reset(sequence: sequence)
    while true {
      let target = max(chunkBytes, log.carry.count + 1)
      chunk.reserve(target, keeping: 0)
      var filled = log.carry.count
      unsafe log.carry.withUnsafeBytes { carried in
        guard let start = carried.baseAddress else { return }
        // SAFETY: room for the carry was made above.
        unsafe chunk.base.copyMemory(from: start, byteCount: filled)
      }
      // SAFETY: the room has `target` bytes.
      let got = unsafe log.read(
        into: UnsafeMutableRawBufferPointer(
          start: chunk.base + filled, count: target - filled), now: clock())
      filled += got
      let base = unsafe UnsafeRawPointer(chunk.base)
      if let already = log.oversized {
        let newline = unsafe firstNewline(base, 0, filled)
        let dropped = newline.map { $0 + 1 } ?? filled
        unsafe log.keep(base + dropped, filled - dropped)
        log.oversized = already + UInt64(dropped)
        if newline == nil {
          if got == 0 { return false }
          continue
        }
        chunk.oversized = [
          OversizedLine(lineNumber: 0, streamOffset: 0, byteCount: already + UInt64(dropped))
        ]
        log.oversized = nil
        chunk.seal(0)
        stamp(chunk)
        return true
      }
      var end = unsafe lastNewline(base, 0, filled).map { $0 + 1 } ?? 0
      end = unsafe endBeforeLongLine(base, end, lineBytesMax)
      if end == 0, filled > lineBytesMax { log.oversized = 0 }
      unsafe log.keep(base + end, filled - end)
      if end > 0 {
        chunk.seal(end)
        stamp(chunk)
        return true
      }
      if got == 0, log.oversized == nil { return false }
    }
  }

  /// Hands out what is left of a file as its last line.
  private func deliverRest(of log: OpenLog, into chunk: Chunk) -> Bool {
    chunk.reset(sequence: sequence)
    chunk.reserve(log.carry.count, keeping: 0)
    unsafe log.carry.withUnsafeBytes { carried in
      guard let start = carried.baseAddress else { return }
      // SAFETY: room for the carry was made above.
      unsafe chunk.base.copyMemory(from: start, byteCount: carried.count)
    }
    chunk.seal(log.carry.count)
    chunk.endsWithoutNewline = true
    log.carry = []
    stamp(chunk)
    return true
  }
}
