import Bytes
import Events
import Pipelines

/// Bytes in memory as the blocks of one stream: whole lines, about so many bytes each.
final class Blocks: Feed {
  private let bytes: KeptText
  private let chunkBytes: Int
  private let lineBytesMax: Int
  private var cutter: RecordCutter?
  private var start = 0
  private var line: UInt64 = 1
  private var sequence = 0
  /// The most bytes that a block had.
  private(set) var bytesMax = 0

  init(
    _ bytes: [UInt8], chunkBytes: Int, lineBytesMax: Int = .max, records: RecordFraming? = nil
  ) {
    self.bytes = KeptText(bytes)
    (self.chunkBytes, self.lineBytesMax) = (chunkBytes, lineBytesMax)
    cutter = records.map { RecordCutter($0) { _ in } }
  }

  func next() -> LineBlock? {
    let block = cutter.map { $0.next { raw() } } ?? raw()
    bytesMax = max(bytesMax, block?.bytes.count ?? 0)
    return block
  }

  private func raw() -> LineBlock? {
    let text = bytes.view
    guard start < text.count else { return nil }
    func end(of place: Int) -> Int {
      text.firstOffset(of: 0x0A, from: place).map { $0 + 1 } ?? text.count
    }
    var oversized: [LineBlock.Oversized] = []
    while start < text.count, end(of: start) - start > lineBytesMax {
      oversized.append(.init(number: line, bytes: UInt64(end(of: start) - start)))
      start = end(of: start)
      line += 1
    }
    let (first, number) = (start, line)
    while start < text.count, start == first || start - first < chunkBytes {
      guard end(of: start) - start <= lineBytesMax else { break }
      start = end(of: start)
      line += 1
    }
    defer { sequence += 1 }
    return LineBlock(
      stream: 0, sequence: sequence, file: 0, bytes: text.slice(first, start), firstLine: number,
      offset: UInt64(first), oversized: oversized, owner: bytes)
  }

  func recycle(_ block: LineBlock) {}
}
