import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Keeps what a listener receives in a file, one message a line, before anybody reads it.
///
/// So a message that was received survives the process, and is a log like any other: followed, rotated, cited
/// by line. A file of `fileBytesMax` gives way to the next; ``filesMax`` of them are kept.
public final class Spool: Sendable {
  /// How many files are kept beside the one that is written.
  public static let filesMax = 9

  /// The file that is written.
  public let path: String
  private let fileBytesMax: Int
  private let state: Mutex<State>

  private struct State {
    var descriptor: Int32 = -1
    var size = 0
    var dropped: UInt64 = 0
    var problem = ""
  }

  /// A spool in a file, which is made when the first message comes.
  ///
  /// - Parameter fileBytesMax: How large one file becomes.
  public init(_ path: String, fileBytesMax: Int = 64 << 20) {
    (self.path, self.fileBytesMax) = (path, fileBytesMax)
    state = Mutex(State())
  }

  deinit { state.withLock { if $0.descriptor >= 0 { close($0.descriptor) } } }

  /// How many messages could not be kept, and why.
  public var losses: (count: UInt64, reason: String) {
    state.withLock { ($0.dropped, $0.problem) }
  }

  /// Appends messages, each with its line feed.
  ///
  /// - Returns: Whether they are in the file.
  @discardableResult public func append(_ lines: [UInt8], count: Int) -> Bool {
    state.withLock { state in
      if state.size >= fileBytesMax { rotate(&state) }
      if state.descriptor < 0 { open(&state) }
      if state.descriptor >= 0 {
        let written = writeAll(lines, to: state.descriptor)
        state.size += written
        if written == lines.count { return true }
      }
      state.dropped += UInt64(count)
      state.problem = systemMessage(errno)
      return false
    }
  }

  private func open(_ state: inout State) {
    unsafe state.descriptor = Glibc.open(
      path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
    guard state.descriptor >= 0 else { return }
    state.size = Int(clamping: FileStatus(descriptor: state.descriptor)?.size ?? 0)
  }

  private func rotate(_ state: inout State) {
    if state.descriptor >= 0 { close(state.descriptor) }
    state.descriptor = -1
    for number in stride(from: Spool.filesMax - 1, through: 1, by: -1) {
      _ = unsafe rename("\(path).\(number)", "\(path).\(number + 1)")
    }
    _ = unsafe rename(path, "\(path).1")
  }
}
