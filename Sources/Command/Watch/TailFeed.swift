import Bytes
import Events
import Inputs
import Pipelines

/// The lines of one log that is being written, as far as they have come.
final class TailFeed: WatchedFeed {
  let reader: TailReader
  /// The stream's place in the pipeline, known once it was added.
  var stream = 0
  /// Says which of the stream's files lines of the file at hand belong to.
  var fileOfLines: () -> Int = { 0 }
  private let cutter: RecordCutter?
  private let box = Spares()
  /// When lines came last, monotonic seconds.
  private var lastLines = Environment.monotonic

  /// Chunks that serve again.
  private final class Spares { var chunks: [Chunk] = [] }

  /// How long a log must be quiet for its last record to be over, seconds.
  private static let recordPatience = 2.0

  /// The source's name and the log's own: together they say which log it is.
  private let key: [String]
  /// How many blocks came before the reader's first.
  private var sequenceStart = 0

  /// - Parameter position: Where an earlier feed of the log had come to.
  init(
    _ reader: TailReader, _ key: [String], records: RecordFraming?, position: [UInt8]?
  ) throws {
    (self.reader, self.key) = (reader, key)
    let box = box
    cutter = records.map { RecordCutter($0) { TailFeed.keep($0, box) } }
    if let position { try resume(at: position) }
  }

  /// Where the reader is, and the lines that wait for the end of their record.
  var position: [UInt8] {
    var writer = SnapshotWriter()
    writer.put(key) { $1.put($0) }
    writer.put(reader.position())
    writer.put(cutter?.heldLines) { held, writer in
      writer.put(held.bytes)
      writer.put(held.firstLine)
      writer.put(held.offset)
      writer.put(held.skipped)
    }
    return writer.bytes
  }

  /// Which log a position is of.
  static func key(of position: [UInt8]) throws(SnapshotError) -> [String] {
    var snapshot = SnapshotReader(position)
    return try key(&snapshot)
  }

  static func key(_ snapshot: inout SnapshotReader) throws(SnapshotError) -> [String] {
    try snapshot.list { (snapshot) throws(SnapshotError) in try snapshot.text() }
  }

  private func resume(at position: [UInt8]) throws(SnapshotError) {
    var snapshot = SnapshotReader(position)
    _ = try TailFeed.key(&snapshot)
    try reader.resume(at: try snapshot.list())
    held = try snapshot.optional { (snapshot) throws(SnapshotError) in
      Held(
        bytes: try snapshot.list(), firstLine: try snapshot.number(),
        offset: try snapshot.number(), skipped: try snapshot.number())
    }
    cutter?.begin(atLine: held?.firstLine ?? reader.lineNumber, skipped: held?.skipped ?? 0)
  }

  /// Lines that an earlier feed had read and not passed on.
  private struct Held {
    let bytes: [UInt8]
    let firstLine, offset: UInt64
    let skipped: UInt8
  }
  private var held: Held?

  func offer(_ files: [LogFile]) { reader.offer(files) }
  var bytesBehind: UInt64 { reader.bytesBehind }
  var isWaiting: Bool { reader.isWaiting }
  func takeNotes() -> [String] {
    defer { reader.notes = [] }
    return reader.notes
  }

  /// Whether lines wait for the end of their record.
  var holdsLines: Bool { cutter?.heldLines != nil }

  func next() -> LineBlock? {
    guard let cutter else { return nextLines() }
    if let block = cutter.next(mayGoOn: true, from: nextLines) { return block }
    guard Environment.monotonic - lastLines >= TailFeed.recordPatience else { return nil }
    cutter.endRecord()
    return cutter.next(mayGoOn: true, from: nextLines)
  }

  private func nextLines() -> LineBlock? {
    if let held {
      self.held = nil
      sequenceStart = 1
      return LineBlock(
        stream: stream, sequence: 0, file: fileOfLines(), copyOf: held.bytes,
        firstLine: held.firstLine, offset: held.offset)
    }
    let chunk = box.chunks.popLast() ?? Chunk()
    guard reader.next(into: chunk) else {
      box.chunks.append(chunk)
      return nil
    }
    lastLines = Environment.monotonic
    return LineBlock(
      stream: stream, sequence: sequenceStart + chunk.sequence, file: fileOfLines(),
      bytes: chunk.bytes,
      firstLine: chunk.firstLineNumber, offset: chunk.streamOffset,
      oversized: chunk.oversized.map { .init(number: $0.lineNumber, bytes: $0.byteCount) },
      owner: chunk)
  }

  func recycle(_ block: LineBlock) { TailFeed.keep(block, box) }

  private static func keep(_ block: LineBlock, _ box: Spares) {
    if let chunk = block.owner as? Chunk, box.chunks.count < 4 { box.chunks.append(chunk) }
  }
}
