import Bytes
import Pipelines

/// Serves a text in blocks of whole lines, each in memory of its own that is spoilt when it is given
/// back: who still reads it then reads nonsense.
final class BlockFeed: Feed {
  private let text: [UInt8]
  private let stream: Int
  private let blockBytes: Int
  private var offset = 0
  private var sequence = 0
  private var line: UInt64 = 1

  /// - Parameter blockBytes: How many bytes a block has at least, save the last.
  init(_ text: [UInt8], stream: Int = 0, blockBytes: Int = .max) {
    (self.text, self.stream, self.blockBytes) = (text, stream, blockBytes)
  }

  func next() -> LineBlock? {
    guard offset < text.count else { return nil }
    var end = blockBytes > text.count - offset ? text.count : offset + max(1, blockBytes)
    while end < text.count, text[end - 1] != 0x0A { end += 1 }
    let bytes = Kept(Array(text[offset..<end]))
    let block = LineBlock(
      stream: stream, sequence: sequence, file: 0, bytes: bytes.view, firstLine: line,
      offset: UInt64(offset), oversized: [], owner: bytes)
    sequence += 1
    line += UInt64(text[offset..<end].count { $0 == 0x0A })
    offset = end
    return block
  }

  func recycle(_ block: LineBlock) { (block.owner as? Kept)?.spoil() }
}
