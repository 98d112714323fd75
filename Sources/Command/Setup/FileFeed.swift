import Bytes
import Events
import Inputs
import Pipelines

/// The lines of one stream's files, as blocks for the pipeline.
///
/// A delivery file (many records in one JSON document) is read whole and served record by record.
final class FileFeed: Feed {
  private let reader: ChunkReader
  private let stream: Int
  private let isDelivery: Bool
  private var cutter: RecordCutter?
  private var spare: [Chunk] = []
  private var sequence = 0
  private var recordCount: UInt64 = 0
  /// What went wrong beside the reader's own faults.
  private(set) var notes: [String] = []

  /// - Parameters:
  ///   - opened: The reader of a pipe whose beginning was looked at already.
  ///   - records: How lines become records; `nil` when each line is one.
  init(
    _ logs: LogStream, opened: ChunkReader? = nil, stream: Int, isDelivery: Bool, chunkBytes: Int,
    lineBytesMax: Int, records: RecordFraming? = nil, hashing: Bool
  ) {
    reader = opened ?? ChunkReader(stream: logs, hashing: hashing)
    reader.chunkBytes = max(1, chunkBytes)
    reader.lineBytesMax = isDelivery ? DeliveryFile.bytesMax : max(1, lineBytesMax)
    self.stream = stream
    self.isDelivery = isDelivery
    // The records of a delivery file are told apart already.
    if !isDelivery, let records {
      cutter = RecordCutter(records) { [unowned self] in recycle($0) }
    }
  }

  var faults: [InputFault] { reader.faults }
  var digests: [FileDigest] { reader.digests }
  /// What was read of files in an encoding that is not, beside the lines served.
  var refused: (lines: UInt64, bytes: UInt64) {
    (reader.totals.linesRejected, reader.totals.bytesRejected)
  }

  func next() -> LineBlock? {
    if let cutter { return cutter.next { nextLines() } }
    return isDelivery ? nextDocument() : nextLines()
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
  /// The file at hand, and which parts of it are lines that were not served yet.
  private var opened: OpenedFile?

  private struct OpenedFile {
    let bytes: HeldBytes
    let file: Int
    let offset: UInt64
    var oversized: [LineBlock.Oversized]
    var ranges: ArraySlice<Range<Int>>
  }

  /// The records of the next document, or the lines that stand between documents.
  private func nextDocument() -> LineBlock? {
    while true {
      if opened == nil, !openFile() { return nil }
      guard var held = opened, let range = held.ranges.popFirst() else {
        opened = nil
        continue
      }
      let oversized = held.oversized
      held.oversized = []
      opened = held
      let view = held.bytes.view.slice(range.lowerBound, range.upperBound)
      defer {
        sequence += 1
        let isOpen = !view.isEmpty && view[view.count - 1] != 0x0A
        recordCount += UInt64(view.newlineCount + (isOpen ? 1 : 0) + oversized.count)
      }
      return LineBlock(
        stream: stream, sequence: sequence, file: held.file, bytes: view,
        firstLine: recordCount + UInt64(oversized.count) + 1,
        offset: held.offset + UInt64(range.lowerBound), oversized: oversized, owner: held.bytes)
    }
  }

  /// Gathers the chunks of the next file and takes its documents apart; false at the end.
  private func openFile() -> Bool {
    var bytes: [UInt8] = []
    var oversized: [LineBlock.Oversized] = []
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
      for line in chunk.oversized {
        let number = recordCount + UInt64(oversized.count) + 1
        oversized.append(.init(number: number, bytes: line.byteCount))
      }
      bytes += chunk.bytes.copy()
    }
    guard let file else { return false }
    var ranges = parts(of: &bytes, file)
    if ranges.isEmpty, !oversized.isEmpty { ranges = [0..<0] }
    opened = OpenedFile(
      bytes: HeldBytes(bytes), file: file, offset: offset, oversized: oversized,
      ranges: ranges[...])
    return true
  }

  /// Where the lines are: the records of each document, and whatever stands before, between and
  /// behind documents, as it is.
  private func parts(of bytes: inout [UInt8], _ file: Int) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    var (lines, place) = (0, 0)
    while place < bytes.count {
      if bytes.withView({ DeliveryFile.isDelivery($0.slice(place, $0.count)) }) {
        if lines < place { ranges.append(lines..<place) }
        let parts = DeliveryFile.splitRecords(&bytes, from: place)
        if !parts.isWhole {
          notes.append("\(reader.stream.files[file].path): the list of records has no end")
        }
        if !parts.records.isEmpty { ranges.append(parts.records) }
        place = parts.end
        while place < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[place]) { place += 1 }
        lines = place
      } else {
        let end = bytes.withView { $0.firstOffset(of: 0x0A, from: place) } ?? bytes.count
        place = min(end + 1, bytes.count)
      }
    }
    if lines < place { ranges.append(lines..<place) }
    return ranges
  }

  func recycle(_ block: LineBlock) {
    if let chunk = block.owner as? Chunk, spare.count < 8 { spare.append(chunk) }
  }
}
