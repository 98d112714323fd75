public import Bytes

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A line longer than the reader's bound, skipped and counted.
public struct OversizedLine: Hashable, Sendable {
  /// Its number in the stream, counted from one.
  public let lineNumber: UInt64
  /// Where it begins in the uncompressed stream.
  public let streamOffset: UInt64
  /// How many bytes it has, its newline included.
  public let byteCount: UInt64
}

/// Whole lines of one file, in a buffer that is used again and again.
///
/// One reader fills it, then one worker reads it; it is never in two hands at once, which is why it
/// may travel between threads without a lock. Its views are valid until it is filled again.
///
/// A line that begins in one piece of a split file and ends in another travels alone, as a line of
/// the first piece.
@safe public final class Chunk: @unchecked Sendable {
  /// Where the first byte is, and how many there is room for from there.
  private(set) var base: UnsafeMutableRawPointer
  private(set) var capacity: Int
  /// The whole room, which begins before the first byte when it was a piece's.
  private var room: UnsafeMutableRawPointer
  private var roomBytes: Int
  private var count = 0

  /// Which of the stream's files the lines come from.
  public internal(set) var fileIndex = 0
  /// Where the first byte is in the uncompressed stream: all files, one behind the other.
  public internal(set) var streamOffset: UInt64 = 0
  /// Where the first byte is in the uncompressed file.
  public internal(set) var fileOffset: UInt64 = 0
  /// The first line's number in the stream, counted from one.
  public internal(set) var firstLineNumber: UInt64 = 1
  /// How many lines there are, the last one included when it has no newline.
  public internal(set) var lineCount = 0
  /// How many chunks of the stream came before.
  public internal(set) var sequence = 0
  /// Whether the last line is the last of its file and has no newline.
  public internal(set) var endsWithoutNewline = false
  /// Whether the last line lost its end because the file could not be read further.
  public internal(set) var isCutShort = false
  /// Lines just before these that were too long to deliver.
  public internal(set) var oversized: [OversizedLine] = []

  /// An empty chunk; it grows to what the reader needs and stays so.
  public init() {
    (capacity, roomBytes) = (4096, 4096)
    unsafe room = .allocate(byteCount: 4096, alignment: 64)
    unsafe base = room
  }

  deinit { unsafe room.deallocate() }

  /// The lines, each with its newline, save maybe the last.
  public var bytes: ByteView {
    // SAFETY: `count` bytes are initialised, and stay until the chunk is filled again.
    unsafe ByteView(
      base: UnsafePointer(base.assumingMemoryBound(to: UInt8.self)), count: count)
  }

  /// Forgets what the chunk held.
  func reset(sequence: Int) {
    count = 0
    unsafe base = room
    capacity = roomBytes
    lineCount = 0
    endsWithoutNewline = false
    isCutShort = false
    oversized.removeAll(keepingCapacity: true)
    self.sequence = sequence
  }

  /// Makes room for `wanted` bytes, keeping the first `kept`.
  func reserve(_ wanted: Int, keeping kept: Int) {
    guard wanted > capacity else { return }
    let larger = UnsafeMutableRawPointer.allocate(byteCount: wanted, alignment: 64)
    // SAFETY: `kept` bytes are initialised and fit, as the new room is larger.
    unsafe larger.copyMemory(from: base, byteCount: kept)
    unsafe room.deallocate()
    unsafe (room, base) = unsafe (larger, larger)
    (capacity, roomBytes) = (wanted, wanted)
  }

  /// Takes over the bytes of `piece` from `start` on, with `carry` before them, and gives the piece
  /// room for others.
  ///
  /// - Parameter carry: At most a window and `start` bytes.
  /// - Returns: How many bytes there are.
  /// - Complexity: O(*n*) in `carry`; the piece's bytes stay where they are.
  func adopt(_ piece: Piece, from start: Int, behind carry: [UInt8]) -> Int {
    precondition(carry.count <= DeflateDecoder.windowBytes + start, "no room before the piece")
    let count = carry.count + piece.count - start
    if roomBytes != Piece.roomBytes {
      unsafe room.deallocate()
      unsafe room = Piece.makeRoom()
      roomBytes = Piece.roomBytes
    }
    unsafe room = piece.exchange(room)
    let before = DeflateDecoder.windowBytes + start - carry.count
    unsafe base = room + before
    capacity = roomBytes - before
    // SAFETY: the carry ends where the piece's bytes begin, and nobody needs what stood before them.
    unsafe carry.withUnsafeBytes { carried in
      guard let first = carried.baseAddress else { return }
      unsafe base.copyMemory(from: first, byteCount: carried.count)
    }
    return count
  }

  /// Leaves only the last bytes of what is handed out.
  func keepLast(_ left: Int) {
    precondition(left <= count, "more bytes than there are")
    // SAFETY: both ranges lie inside what is initialised; `memmove` allows them to overlap.
    unsafe memmove(base, base + (count - left), left)
    count = left
  }

  /// Hands out the first `count` bytes.
  func seal(_ count: Int) {
    precondition(count <= capacity, "more bytes than the buffer has")
    self.count = count
  }
}
