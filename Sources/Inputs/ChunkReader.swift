import Bytes

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Reads one stream, chunk by chunk, each a run of whole lines of one file.
///
/// Where a chunk ends depends on `chunkBytes`; the lines, their numbers and offsets do not. Memory is
/// bounded by twice the larger of `chunkBytes` and `lineBytesMax`, however long a line is or whatever
/// a file unpacks to. A file that can not be read, or not to its end, leaves an entry in `faults`;
/// reading goes on with the next.
///
/// One thread at a time may use a reader; different readers are independent.
public final class ChunkReader {
  /// What is being read.
  public let stream: LogStream
  /// The length at which a chunk is handed out.
  public var chunkBytes: Int
  /// The longest line that is delivered, without its newline.
  public var lineBytesMax: Int
  /// What could not be read, in stream order.
  public private(set) var faults: [InputFault] = []
  /// What each finished file held; empty without `hashing`.
  public private(set) var digests: [FileDigest] = []
  /// What was read, and what became of it.
  public private(set) var totals = InputTotals()

  private let isHashing: Bool
  private var source: FileSource?
  /// The next piece of a split file, opened to see whether a line goes on in it.
  private var nextSource: FileSource?
  private var fileIndex = -1
  private var sequence = 0
  /// The number of the next line.
  private var lineNumber: UInt64 = 1
  /// The first line's number in the current file.
  private var fileFirstLine: UInt64 = 1
  /// Where the current file begins in the stream.
  private var fileStart: UInt64 = 0
  /// Where the next undelivered byte is in the current file; below zero, by wrapping, while a line is
  /// read that began in an earlier piece.
  private var fileOffset: UInt64 = 0
  /// Where the line began that goes on from an earlier piece.
  private var joined: (fileIndex: Int, fileOffset: UInt64)?
  /// Bytes read behind the last chunk.
  private var carry: [UInt8] = []
  private var isAtFileEnd = false
  /// Whether the next bytes belong to a line that is too long, and how many did already.
  private var oversizedBytes: UInt64?

  /// A reader at the beginning of `stream`.
  public init(
    stream: LogStream, chunkBytes: Int = 1 << 20, lineBytesMax: Int = 1 << 20, hashing: Bool = false
  ) {
    self.stream = stream
    self.chunkBytes = max(1, chunkBytes)
    self.lineBytesMax = max(1, lineBytesMax)
    isHashing = hashing
  }

  /// The uncompressed beginning of the stream, which is delivered all the same.
  ///
  /// This is how a pipe is looked at, whose bytes can be read only once (for files there is
  /// ``head(of:bytes:)``). Waits until there are so many bytes or the file ends, so that what is seen
  /// does not depend on how the writer paused. To be called before the first ``next(into:)``.
  ///
  /// - Parameter bytes: How many bytes at most.
  /// - Throws: ``InputError`` when memory for a library's state can not be had.
  public func peek(bytes: Int = 64 << 10) throws(InputError) -> [UInt8] {
    guard try openFileIfNeeded(), let source else { return [] }
    var room = [UInt8](repeating: 0, count: bytes)
    while carry.count < bytes, !isAtFileEnd {
      let count = unsafe room.withUnsafeMutableBytes { buffer in
        unsafe source.read(
          into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<(bytes - carry.count)]))
      }
      isAtFileEnd = count == 0
      carry += room[..<count]
      totals.bytesRead += UInt64(count)
    }
    return carry
  }

  /// Fills `chunk` with the next lines.
  ///
  /// - Returns: Whether there was something: lines, or word of oversized ones. `false` at the end.
  /// - Throws: ``InputError`` when memory for a library's state can not be had; what is wrong with
  ///   a file goes to `faults` instead.
  public func next(into chunk: Chunk) throws(InputError) -> Bool {
    while try openFileIfNeeded() {
      if fill(chunk) {
        sequence += 1
        return true
      }
      closeFile()
    }
    chunk.reset(sequence: sequence)
    return false
  }

  // MARK: - Files

  /// Whether a file is open, after opening the next one that can be.
  private func openFileIfNeeded() throws(InputError) -> Bool {
    while source == nil {
      guard fileIndex + 1 < stream.files.count else { return false }
      let pending = pendingBytes
      if pending == 0 { joined = nil } else if joined == nil { joined = (fileIndex, fileOffset) }
      fileIndex += 1
      fileStart &+= fileOffset &+ pending
      fileOffset = 0 &- pending
      fileFirstLine = lineNumber + (pending > 0 ? 1 : 0)
      isAtFileEnd = false
      do throws(InputError) {
        let opened: FileSource
        if let nextSource {
          opened = nextSource
        } else {
          opened = try FileSource(stream.files[fileIndex], hashing: isHashing)
        }
        source = opened
        nextSource = nil
        if pending == 0 { readMark(opened) }
      } catch {
        guard error.reason != .noMemory else { throw error }
        note(error.reason, message: error.message, fix: error.fix)
      }
    }
    return true
  }

  /// How many bytes are read of a line that has not ended, or are left to deliver.
  private var pendingBytes: UInt64 { UInt64(carry.count) + (oversizedBytes ?? 0) }

  /// Whether a line that the file's end cuts goes on in the next file, which is then open.
  private func continues(from source: FileSource) -> Bool {
    guard stream.files[fileIndex].isContinued, source.failure == nil else { return false }
    if nextSource == nil {
      // What is wrong with that file is found again, and noted, when its turn comes.
      nextSource = try? FileSource(stream.files[fileIndex + 1], hashing: isHashing)
    }
    return nextSource != nil
  }

  /// Looks for a byte order mark, which is skipped, or shows that the file can not be read.
  private func readMark(_ source: FileSource) {
    carry = [0, 0, 0]
    var count = 0
    while count < 3 {
      let got = unsafe carry.withUnsafeMutableBytes { bytes in
        unsafe source.read(into: UnsafeMutableRawBufferPointer(rebasing: bytes[count...]))
      }
      if got == 0 { break }
      count += got
    }
    carry.removeLast(3 - count)
    totals.bytesRead += UInt64(count)
    if carry == [0xEF, 0xBB, 0xBF] {
      carry = []
      totals.bytesOfMarks += 3
      fileOffset = 3
    } else if carry.starts(with: [0xFF, 0xFE]) || carry.starts(with: [0xFE, 0xFF]) {
      reject(source, bigEndian: carry[0] == 0xFE)
    }
  }

  /// Reads a file in UTF-16 to its end, counting what is in it.
  private func reject(_ source: FileSource, bigEndian: Bool) {
    var counter = WideLineCounter(bigEndian: bigEndian)
    counter.add(carry[2...])
    var (bytes, scratch) = (UInt64(carry.count), [UInt8](repeating: 0, count: 64 << 10))
    while true {
      let count = unsafe scratch.withUnsafeMutableBytes { unsafe source.read(into: $0) }
      if count == 0 { break }
      counter.add(scratch[..<count])
      bytes += UInt64(count)
      totals.bytesRead += UInt64(count)
    }
    totals.bytesRejected += bytes
    totals.linesRejected += counter.lines
    lineNumber += counter.lines
    fileOffset = bytes
    carry = []
    isAtFileEnd = true
    note(
      .utf16, byteCount: bytes, lineCount: counter.lines, message: "the file is in UTF-16",
      fix: "convert it with iconv -f UTF-16 -t UTF-8, or have the product write UTF-8")
  }

  /// Leaves the current file, noting why it ended early if it did.
  private func closeFile() {
    guard let source else { return }
    if let failure = source.failure {
      let (message, fix) = failure.explanation
      note(failure.reason, offset: failure.offset, message: message, fix: fix)
    }
    if let hash = source.finishHash() {
      digests.append(
        FileDigest(
          path: stream.files[fileIndex].path.description, fileIndex: fileIndex,
          bytes: source.rawBytes, sha256: hash,
          lines: lineNumber + (pendingBytes > 0 ? 1 : 0) - fileFirstLine))
    }
    self.source = nil
  }

  private func note(
    _ reason: InputReason, offset: UInt64 = 0, byteCount: UInt64 = 0, lineCount: UInt64 = 0,
    message: String, fix: String
  ) {
    faults.append(
      InputFault(
        path: stream.files[fileIndex].path.description, fileIndex: fileIndex, reason: reason,
        offset: offset, byteCount: byteCount, lineCount: lineCount, message: message, fix: fix))
  }

  // MARK: - Lines

  /// Fills `chunk` from the current file; `false` when the file has nothing more.
  private func fill(_ chunk: Chunk) -> Bool {
    guard let source else { return false }
    chunk.reset(sequence: sequence)
    var target = max(chunkBytes, carry.count)
    var filled = carry.count
    if chunkBytes >= Piece.byteCount, !isAtFileEnd,
      let count = source.exchange(into: chunk, behind: carry)
    {
      totals.bytesRead += UInt64(count - filled)
      (filled, target) = (count, count)
    } else {
      chunk.reserve(target, keeping: 0)
      // SAFETY: room for the carry was made above.
      unsafe carry.withUnsafeBytes { carried in
        guard let start = carried.baseAddress else { return }
        unsafe chunk.base.copyMemory(from: start, byteCount: filled)
      }
    }
    carry.removeAll(keepingCapacity: true)
    while true {
      chunk.reserve(target, keeping: filled)
      read(source, into: chunk, from: &filled, upTo: target)
      if oversizedBytes != nil {
        skipOversized(source, chunk, &filled)
        // A bounded number, so that a file of nothing else does not fill the memory with word of it.
        if chunk.oversized.count < 64, !isAtFileEnd || filled > 0 { continue }
        return deliver(chunk, 0, of: filled)
      }
      let base = unsafe UnsafeRawPointer(chunk.base)
      var end = unsafe endOfLines(base, filled)
      // What follows the last newline is a line too, unless it goes on in the next piece.
      let isTail = isAtFileEnd && end < filled && (joined == nil || end == 0)
      if isTail, !continues(from: source) { end = filled }
      if end > 0 {
        end = unsafe endBeforeLongLine(base, end, lineBytesMax)
        if end > 0 { return deliver(chunk, end, of: filled) }
        oversizedBytes = 0
      } else if filled > lineBytesMax {
        oversizedBytes = 0
      } else if isAtFileEnd {
        return deliver(chunk, 0, of: filled)
      } else {
        target = min(target * 2, max(chunkBytes, lineBytesMax + 1))
      }
    }
  }

  /// Where the lines end that can be handed out together, or zero.
  @unsafe private func endOfLines(_ base: UnsafeRawPointer, _ filled: Int) -> Int {
    let newline =
      joined == nil ? unsafe lastNewline(base, 0, filled) : unsafe firstNewline(base, 0, filled)
    return newline.map { $0 + 1 } ?? 0
  }

  /// Reads until the chunk holds `target` bytes or the file ends.
  private func read(
    _ source: FileSource, into chunk: Chunk, from filled: inout Int, upTo target: Int
  ) {
    while filled < target, !isAtFileEnd {
      // SAFETY: the caller made room for `target` bytes.
      let room = unsafe UnsafeMutableRawBufferPointer(
        start: chunk.base + filled, count: target - filled)
      let count = unsafe source.read(into: room)
      isAtFileEnd = count == 0
      filled += count
      totals.bytesRead += UInt64(count)
    }
  }

  /// Drops the bytes of a line that is too long, to its newline or to the end of what is there.
  private func skipOversized(_ source: FileSource, _ chunk: Chunk, _ filled: inout Int) {
    guard let already = oversizedBytes else { return }
    let newline = unsafe firstNewline(UnsafeRawPointer(chunk.base), 0, filled)
    let dropped = newline.map { $0 + 1 } ?? filled
    let byteCount = already + UInt64(dropped)
    if newline != nil || (isAtFileEnd && !continues(from: source)) {
      chunk.oversized.append(
        OversizedLine(
          lineNumber: lineNumber, streamOffset: fileStart &+ fileOffset, byteCount: byteCount))
      totals.linesOversized += 1
      totals.bytesOversized += byteCount
      lineNumber += 1
      fileOffset &+= byteCount
      joined = nil
      oversizedBytes = nil
    } else {
      oversizedBytes = byteCount
    }
    filled -= dropped
    // SAFETY: both ranges lie inside what was filled; `memmove` allows them to overlap.
    unsafe memmove(chunk.base, chunk.base + dropped, filled)
  }

  /// Hands out the first `end` bytes and keeps the rest for the next chunk.
  ///
  /// - Returns: Whether the chunk says anything.
  private func deliver(_ chunk: Chunk, _ end: Int, of filled: Int) -> Bool {
    if end < filled {
      // SAFETY: `filled` bytes of the chunk are initialised.
      unsafe carry.append(
        contentsOf: UnsafeRawBufferPointer(start: chunk.base + end, count: filled - end))
    }
    chunk.seal(end)
    chunk.streamOffset = fileStart &+ fileOffset
    chunk.fileOffset = joined?.fileOffset ?? fileOffset
    chunk.fileIndex = joined?.fileIndex ?? fileIndex
    chunk.firstLineNumber = lineNumber
    guard end > 0 else { return !chunk.oversized.isEmpty }
    chunk.endsWithoutNewline = chunk.bytes[end - 1] != 0x0A
    chunk.isCutShort = chunk.endsWithoutNewline && source?.failure != nil
    chunk.lineCount = chunk.bytes.newlineCount + (chunk.endsWithoutNewline ? 1 : 0)
    lineNumber += UInt64(chunk.lineCount)
    fileOffset &+= UInt64(end)
    joined = nil
    totals.bytesDelivered += UInt64(end)
    totals.linesDelivered += UInt64(chunk.lineCount)
    return true
  }
}
