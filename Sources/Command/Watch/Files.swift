import Alerts
import Inputs

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// What `watch` does with files of its own.
enum Files {
  /// How often, and with what pause, a file is asked for that somebody else has locked.
  private static let (tries, pause) = (100, UInt32(50_000))

  /// Appends a line to a file and waits until it is on the disk; returns what went wrong.
  ///
  /// The file may be shared. What could be written of a line that could not be written whole is taken back, under a
  /// lock (`flock`), and only when the end of the file is still ours. Where that was not possible, or a crash came
  /// between, the next line begins with a line feed, so that half a line stands alone and no whole one is
  /// spoilt by it.
  ///
  /// - Parameters:
  ///   - line: The line, without its end.
  ///   - path: A file, or anything else that can be written to, which then is written to as it is.
  ///   - patience: How long it may take nothing, milliseconds; only what is no file makes anybody wait.
  static func append(_ line: [UInt8], to path: String, patience: Int32 = 15_000) -> String? {
    // A pipe that nobody reads is an error and not a wait.
    let descriptor = unsafe open(
      path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0o600)
    guard descriptor >= 0 else { return problem(path, errno) }
    defer { close(descriptor) }
    guard isFile(descriptor) else {
      // A reader that leaves in the middle would else end the process.
      let number = withoutPipeSignal { push(line + [0x0A], to: descriptor, patience) }
      return number == 0 ? nil : problem(path, number)
    }
    guard lock(descriptor) else { return "\(path): somebody else has locked it" }
    // The lock goes with the descriptor.
    let begun = size(descriptor)
    let isHalf = begun > 0 && lastByte(of: path, like: descriptor) ?? 0x0A != 0x0A
    let bytes = (isHalf ? [0x0A] : []) + line + [0x0A]
    let count = writeAll(bytes, to: descriptor)
    if count == bytes.count, fsync(descriptor) == 0 { return nil }
    let number = errno
    if size(descriptor) == begun + count { _ = ftruncate(descriptor, off_t(begun)) }
    return problem(path, number)
  }

  /// Writes to what is no file as fast as it takes it; returns the system's number of what went wrong, or 0.
  private static func push(_ bytes: [UInt8], to descriptor: Int32, _ patience: Int32) -> Int32 {
    var start = 0
    while true {
      start += writeAll(Array(bytes[start...]), to: descriptor)
      if start == bytes.count { return 0 }
      guard errno == EAGAIN else { return errno }
      var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
      if unsafe poll(&entry, 1, patience) == 0 { return ETIMEDOUT }
    }
  }

  private static func isFile(_ descriptor: Int32) -> Bool {
    status(descriptor).map { $0.st_mode & S_IFMT == S_IFREG } ?? false
  }

  private static func size(_ descriptor: Int32) -> Int {
    status(descriptor).map { Int($0.st_size) } ?? -1
  }

  private static func status(_ descriptor: Int32) -> stat? {
    var status = stat()
    return unsafe fstat(descriptor, &status) == 0 ? status : nil
  }

  private static func lock(_ descriptor: Int32) -> Bool {
    for _ in 0..<tries {
      if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return true }
      // File systems without locks have nobody who takes one.
      guard errno == EWOULDBLOCK || errno == EINTR else { return true }
      usleep(pause)
    }
    return false
  }

  /// The last byte of the file that a descriptor writes to, when it may be read.
  private static func lastByte(of path: String, like writer: Int32) -> UInt8? {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    guard let ours = status(writer), let there = status(descriptor), ours.st_ino == there.st_ino,
      ours.st_dev == there.st_dev
    else { return nil }
    var byte: UInt8 = 0
    return unsafe pread(descriptor, &byte, 1, there.st_size - 1) == 1 ? byte : nil
  }

  private static func problem(_ path: String, _ number: Int32) -> String {
    if number == ENXIO { return "\(path): nobody reads it" }
    return unsafe "\(path): \(String(cString: strerror(number)))"
  }
}
