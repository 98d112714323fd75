import Bytes
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Keeps what is received in a file, one message a line, before anybody reads it.
///
/// So a message that was received survives the process, and is a log like any other: followed, rotated, cited
/// by line. A file of `fileBytesMax` gives way to the next; ``filesMax`` of them are kept once they were read,
/// and up to ``filesUnreadMax`` before. When that is not enough, or the disk is full, a message is not kept, and
/// counted. The file holds whole lines only: what could not be written to its end is taken out again.
public final class Spool: Sendable {
  /// How many files are kept beside the one that is written.
  public static let filesMax = 9
  /// How many of them there may be while the oldest are not read.
  public static let filesUnreadMax = 19

  /// The file that is written.
  public let path: String
  private let fileBytesMax: Int
  private let isSynced: Bool
  private let write: @Sendable ([UInt8], Int32) -> Int
  private let state: Mutex<State>

  private struct State {
    var descriptor: Int32 = -1
    var size = 0
    /// How many files there are beside the one that is written.
    var others = 0
    var kept: UInt64 = 0
    var lost: UInt64 = 0
    var problem = ""
    var notes: [String] = []
  }

  /// A spool in a file, which is made when the first message comes.
  ///
  /// - Parameters:
  ///   - fileBytesMax: How large one file becomes.
  ///   - isSynced: Whether a message counts as kept only when it is on the disk.
  ///   - write: Writes bytes to a descriptor; returns how many, and why not all in `errno`.
  public init(
    _ path: String, fileBytesMax: Int = 64 << 20, isSynced: Bool = false,
    write: @escaping @Sendable ([UInt8], Int32) -> Int = { writeAll($0, to: $1) }
  ) {
    (self.path, self.fileBytesMax, self.isSynced) = (path, fileBytesMax, isSynced)
    self.write = write
    state = Mutex(State())
  }

  deinit { state.withLock { if $0.descriptor >= 0 { close($0.descriptor) } } }

  /// How many messages were kept.
  public var kept: UInt64 { state.withLock { $0.kept } }

  /// How many messages could not be kept, and why the last one could not.
  public var losses: (count: UInt64, reason: String) {
    state.withLock { ($0.lost, $0.problem) }
  }

  /// What happened that a person should know; each is told once.
  public func takeNotes() -> [String] {
    state.withLock { state in
      defer { state.notes = [] }
      return state.notes
    }
  }

  /// Appends messages, each with its line feed.
  ///
  /// - Parameters:
  ///   - count: How many messages they are.
  ///   - canAsk: Whether the sender can be asked for them again, so that what is not kept is not lost.
  /// - Returns: Whether all of them are in the file.
  @discardableResult
  public func append(_ lines: [UInt8], count: Int, canAsk: Bool = false) -> Bool {
    if lines.isEmpty { return true }
    return state.withLock { state in
      var kept = 0
      if let problem = appendAll(lines, &kept, &state) {
        state.problem = problem
        let missing = UInt64(max(0, count - kept))
        if !canAsk { state.lost += missing }
        state.kept += UInt64(min(kept, count))
        return false
      }
      state.kept += UInt64(count)
      return true
    }
  }

  /// Appends lines; says how many are in the file when not all are, and why.
  private func appendAll(_ lines: [UInt8], _ kept: inout Int, _ state: inout State) -> String? {
    if state.descriptor < 0, !openFile(&state) { return systemMessage(errno) }
    if state.size >= fileBytesMax, let problem = rotate(&state) { return problem }
    let written = write(lines, state.descriptor)
    if written == lines.count, !isSynced || fdatasync(state.descriptor) == 0 {
      state.size += written
      return nil
    }
    let reason = systemMessage(errno)
    // Of what was not written to its end nothing may stay, or the next message would be joined to it.
    let whole = lines[..<max(0, written)].lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
    let wanted = written == lines.count ? 0 : whole
    guard ftruncate(state.descriptor, off_t(state.size + wanted)) == 0 else {
      // Looked at again when it is opened.
      close(state.descriptor)
      state.descriptor = -1
      return reason
    }
    kept = lines[..<wanted].count { $0 == 0x0A }
    state.size += wanted
    return reason
  }

  /// Opens the file; what the last writer did not finish is taken out.
  private func openFile(_ state: inout State) -> Bool {
    state.descriptor = unsafe open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
    guard state.descriptor >= 0 else { return false }
    state.size = Int(clamping: FileStatus(descriptor: state.descriptor)?.size ?? 0)
    state.others = 0
    while state.others <= Spool.filesUnreadMax,
      FileStatus(RawPath("\(path).\(state.others + 1)")) != nil
    {
      state.others += 1
    }
    let whole = lineEnd(before: state.size, state.descriptor)
    if whole < state.size {
      guard ftruncate(state.descriptor, off_t(whole)) == 0 else {
        close(state.descriptor)
        state.descriptor = -1
        return false
      }
      state.notes.append(
        "\(path): \(state.size - whole) bytes of a message that was not written to its end were taken out"
      )
      state.size = whole
    }
    return true
  }

  /// Where the last whole line ends before a place in the file.
  private func lineEnd(before end: Int, _ descriptor: Int32) -> Int {
    var end = end
    var block = [UInt8](repeating: 0, count: 64 << 10)
    while end > 0 {
      let count = min(end, block.count)
      guard readBlock(&block, count, at: end - count, descriptor) else { return 0 }
      if let place = block[..<count].lastIndex(of: 0x0A) { return end - count + place + 1 }
      end -= count
    }
    return 0
  }

  private func readBlock(
    _ block: inout [UInt8], _ count: Int, at offset: Int, _ descriptor: Int32
  ) -> Bool {
    unsafe block.withUnsafeMutableBytes { room in
      // SAFETY: `count` is at most the room's.
      unsafe pread(descriptor, room.baseAddress, count, off_t(offset)) == count
    }
  }

  /// The first `bytesMax` bytes of the last line, without its line feed; `nil` when there is none.
  ///
  /// - Throws: Why the file can not be opened.
  public func lastLine(bytesMax: Int) throws(SpoolError) -> [UInt8]? {
    let (line, problem): ([UInt8]?, String?) = state.withLock { state in
      if state.descriptor < 0, !openFile(&state) { return (nil, systemMessage(errno)) }
      if state.size > 0 { return (lastLine(state.descriptor, state.size, bytesMax), nil) }
      let previous = unsafe open("\(path).1", O_RDONLY | O_CLOEXEC)
      guard previous >= 0 else { return (nil, nil) }
      defer { close(previous) }
      let size = Int(clamping: FileStatus(descriptor: previous)?.size ?? 0)
      return (lastLine(previous, size, bytesMax), nil)
    }
    if let problem { throw SpoolError(path: path, reason: problem) }
    return line
  }

  private func lastLine(_ descriptor: Int32, _ size: Int, _ bytesMax: Int) -> [UInt8]? {
    let end = lineEnd(before: size, descriptor)
    guard end > 0 else { return nil }
    let start = lineEnd(before: end - 1, descriptor)
    var line = [UInt8](repeating: 0, count: min(end - 1 - start, bytesMax))
    guard readBlock(&line, line.count, at: start, descriptor) else { return nil }
    return line
  }

  /// When the file was last written, or made; seconds since 1970.
  public var lastWritten: Int64? {
    FileStatus(RawPath(path)).map { $0.modified / 1_000_000_000 }
  }

  // MARK: - Files

  /// Puts the file that is full beside the others and begins the next; says why it can not.
  private func rotate(_ state: inout State) -> String? {
    guard state.others < Spool.filesUnreadMax else {
      return "its \(Spool.filesUnreadMax + 1) files are full, and the oldest was not read yet"
    }
    // Whatever comes of it, the files are looked at anew.
    close(state.descriptor)
    state.descriptor = -1
    for number in stride(from: state.others, through: 0, by: -1) {
      let name = number == 0 ? path : "\(path).\(number)"
      guard unsafe rename(name, "\(path).\(number + 1)") == 0 || errno == ENOENT else {
        return systemMessage(errno)
      }
    }
    return openFile(&state) ? nil : systemMessage(errno)
  }

  /// Removes the oldest files beyond ``filesMax`` that were read.
  ///
  /// - Parameter unread: How many bytes of all files were not read yet, or a little less.
  public func trim(unread: UInt64) {
    state.withLock { state in
      while state.others > Spool.filesMax {
        // Who reads may not know of the newest file yet, so that one and the next to it do not count.
        let newer = (2..<state.others).reduce(UInt64(0)) {
          $0 + (FileStatus(RawPath("\(path).\($1)"))?.size ?? 0)
        }
        guard newer >= unread, unsafe unlink("\(path).\(state.others)") == 0 else { return }
        state.others -= 1
      }
    }
  }
}

/// Why a spool can not be used.
public struct SpoolError: Error, Sendable, CustomStringConvertible {
  /// The file.
  public let path: String
  /// What the system says.
  public let reason: String
  /// The file and the reason.
  public var description: String { "\(path): \(reason)" }
}
