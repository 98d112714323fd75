public import Bytes

/// Whole lines of one stream, and where they stand in it.
public struct LineBlock: Sendable {
  /// A line that was too long to be delivered.
  public struct Oversized: Sendable, Hashable {
    /// Its number in the stream, and its bytes with the line ending.
    public let number, bytes: UInt64
    /// A line that is only counted.
    public init(number: UInt64, bytes: UInt64) { (self.number, self.bytes) = (number, bytes) }
  }
  /// The stream, and how many blocks of it came before.
  public let stream, sequence: Int
  /// Which of the stream's files the lines are from.
  public let file: Int
  /// The lines, each with its ending save maybe the last; readable while `owner` lives.
  public let bytes: ByteView
  /// The first line's number in the stream, from one.
  public let firstLine: UInt64
  /// The first byte's offset in the uncompressed stream.
  public let offset: UInt64
  /// Lines that were skipped because they were too long.
  public let oversized: [Oversized]
  /// Whose first lines belong to a record that began before the block and is too long: a bit for each
  /// output of a container, the first bit for any other log.
  public let skipped: UInt8
  /// What keeps the bytes.
  public let owner: any AnyObject & Sendable

  /// A block from its parts.
  public init(
    stream: Int, sequence: Int, file: Int, bytes: ByteView, firstLine: UInt64, offset: UInt64,
    oversized: [Oversized], skipped: UInt8 = 0, owner: any AnyObject & Sendable
  ) {
    (self.stream, self.sequence, self.file, self.bytes) = (stream, sequence, file, bytes)
    (self.firstLine, self.offset, self.oversized) = (firstLine, offset, oversized)
    self.skipped = skipped
    self.owner = owner
  }
}

extension LineBlock {
  /// A block of lines that are copied.
  public init(
    stream: Int, sequence: Int, file: Int, copyOf bytes: [UInt8], firstLine: UInt64,
    offset: UInt64, skipped: UInt8 = 0
  ) {
    let kept = KeptBytes(bytes)
    self.init(
      stream: stream, sequence: sequence, file: file, bytes: kept.view, firstLine: firstLine,
      offset: offset, oversized: [], skipped: skipped, owner: kept)
  }
}

/// Bytes that stay where they are as long as somebody holds them.
@safe private final class KeptBytes: @unchecked Sendable {
  // Written once, before anybody else sees it.
  private let room: UnsafeMutableBufferPointer<UInt8>

  init(_ bytes: [UInt8]) {
    unsafe room = .allocate(capacity: max(1, bytes.count))
    _ = unsafe room.initialize(from: bytes)
    count = bytes.count
  }

  private let count: Int

  deinit { unsafe room.deallocate() }

  var view: ByteView {
    guard let base = unsafe room.baseAddress else { return .empty }
    // SAFETY: `count` bytes are initialised and live as long as the object.
    return unsafe ByteView(base: UnsafePointer(base), count: count)
  }
}
