import Bytes
import Events
import Inputs
import Pipelines

/// The lines of one log that is being written, as far as they have come.
final class TailFeed: Feed {
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

  init(_ reader: TailReader, records: RecordFraming?) {
    self.reader = reader
    let box = box
    cutter = records.map { RecordCutter($0) { TailFeed.keep($0, box) } }
  }

  func next() -> LineBlock? {
    guard let cutter else { return nextLines() }
    if let block = cutter.next(mayGoOn: true, from: nextLines) { return block }
    guard Environment.monotonic - lastLines >= TailFeed.recordPatience else { return nil }
    cutter.endRecord()
    return cutter.next(mayGoOn: true, from: nextLines)
  }

  private func nextLines() -> LineBlock? {
    let chunk = box.chunks.popLast() ?? Chunk()
    guard reader.next(into: chunk) else {
      box.chunks.append(chunk)
      return nil
    }
    lastLines = Environment.monotonic
    return LineBlock(
      stream: stream, sequence: chunk.sequence, file: fileOfLines(), bytes: chunk.bytes,
      firstLine: chunk.firstLineNumber, offset: chunk.streamOffset,
      oversized: chunk.oversized.map { .init(number: $0.lineNumber, bytes: $0.byteCount) },
      owner: chunk)
  }

  func recycle(_ block: LineBlock) { TailFeed.keep(block, box) }

  private static func keep(_ block: LineBlock, _ box: Spares) {
    if let chunk = block.owner as? Chunk, box.chunks.count < 4 { box.chunks.append(chunk) }
  }
}
