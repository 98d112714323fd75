import Bytes
import Pipelines

/// Lines that are in memory, as the one block of a stream.
final class HeldLines: Feed {
  private let bytes: HeldBytes
  private var isRead = false

  /// A feed of these bytes; a line ends at a line feed, as in a file.
  init(_ bytes: [UInt8]) { self.bytes = HeldBytes(bytes) }

  func next() -> LineBlock? {
    guard !isRead, !bytes.view.isEmpty else { return nil }
    isRead = true
    return block
  }

  /// All lines, however often.
  var block: LineBlock {
    LineBlock(
      stream: 0, sequence: 0, file: 0, bytes: bytes.view, firstLine: 1, offset: 0, oversized: [],
      owner: bytes)
  }

  func recycle(_ block: LineBlock) {}
}

/// Bytes that stay where they are as long as somebody holds them.
@safe final class HeldBytes: @unchecked Sendable {
  // Written once, before anybody else sees it.
  private let base: UnsafeMutablePointer<UInt8>
  private let count: Int

  init(_ bytes: [UInt8]) {
    count = bytes.count
    unsafe base = .allocate(capacity: max(1, bytes.count))
    for (offset, byte) in bytes.enumerated() { unsafe base[offset] = byte }
  }

  deinit { unsafe base.deallocate() }

  // SAFETY: `count` bytes are initialised and live as long as the object.
  var view: ByteView { unsafe ByteView(base: UnsafePointer(base), count: count) }
}
