import Bytes
import Inputs
import Pipelines

/// The lines of one stream's files, as blocks for the pipeline.
///
/// A delivery file (many records in one JSON document) is read whole and served record by record.
final class FileFeed: Feed {
  private let reader: ChunkReader
  private let stream: Int
  private let isDelivery: Bool
  private var spare: [Chunk] = []
  private var sequence = 0
  private var recordCount: UInt64 = 0
  /// What went wrong beside the reader's own faults.
  private(set) var notes: [String] = []

  /// - Parameter opened: The reader of a pipe whose beginning was looked at already.
  init(
    _ logs: LogStream, opened: ChunkReader? = nil, stream: Int, isDelivery: Bool, chunkBytes: Int,
    lineBytesMax: Int, hashing: Bool
  ) {
    reader = opened ?? ChunkReader(stream: logs, hashing: hashing)
    reader.chunkBytes = max(1, chunkBytes)
    reader.lineBytesMax = isDelivery ? DeliveryFile.bytesMax : max(1, lineBytesMax)
    self.stream = stream
    self.isDelivery = isDelivery
  }

  var faults: [InputFault] { reader.faults }
  var digests: [FileDigest] { reader.digests }

  func next() -> LineBlock? {
    isDelivery ? nextDocument() : nextLines()
  }

  private func fill(_ chunk: Chunk) -> Bool {
    do {
      return try reader.next(into: chunk)
    } catch {
      notes.append(error.description)
      return false
    }
  }

  private func nextLines() -> LineBlock? {
    let chunk = spare.popLast() ?? Chunk()
    guard fill(chunk) else { return nil }
    defer { sequence += 1 }
    return LineBlock(
      stream: stream, sequence: sequence, file: chunk.fileIndex, bytes: chunk.bytes,
      firstLine: chunk.firstLineNumber, offset: chunk.streamOffset,
      oversized: chunk.oversized.map { .init(number: $0.lineNumber, bytes: $0.byteCount) },
      owner: chunk)
  }

  private var pending: Chunk?

  /// Gathers the chunks of one file and takes the document apart.
  private func nextDocument() -> LineBlock? {
    var bytes: [UInt8] = []
    var (file, offset): (Int?, UInt64) = (nil, 0)
    while true {
      let chunk: Chunk
      if let held = pending {
        chunk = held
        pending = nil
      } else {
        chunk = Chunk()
        guard fill(chunk) else { break }
      }
      if file == nil { (file, offset) = (chunk.fileIndex, chunk.streamOffset) }
      guard chunk.fileIndex == file, bytes.count < DeliveryFile.bytesMax else {
        pending = chunk
        break
      }
      bytes += chunk.bytes.copy()
    }
    guard let file else { return nil }
    let (range, isWhole) = DeliveryFile.splitRecords(&bytes)
    if !isWhole {
      notes.append("\(reader.stream.files[file].path): the list of records has no end")
    }
    let document = HeldBytes(bytes)
    let view = document.view.slice(range.lowerBound, range.upperBound)
    defer {
      sequence += 1
      recordCount += UInt64(view.newlineCount + (view.isEmpty ? 0 : 1))
    }
    return LineBlock(
      stream: stream, sequence: sequence, file: file, bytes: view, firstLine: recordCount + 1,
      offset: offset + UInt64(range.lowerBound), oversized: [], owner: document)
  }

  func recycle(_ block: LineBlock) {
    if let chunk = block.owner as? Chunk, spare.count < 8 { spare.append(chunk) }
  }
}
