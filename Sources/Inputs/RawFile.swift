#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// One opened file as it is on disk: its bytes, counted and hashed.
///
/// Nothing here throws once the file is open: a failing read ends the file and leaves `failure`. One
/// thread at a time may use it; only `interrupt` may be called by another.
final class RawFile: @unchecked Sendable {
  /// How many bytes decide what kind of file it is.
  private static let probeBytes = 4096

  private let descriptor: Int32
  private let ownsDescriptor: Bool
  private let expectedBytes: UInt64?
  private let hash: SHA256?
  /// A pipe of our own that ends the wait for another's bytes; none for files, which never wait.
  private var alarm: (read: Int32, write: Int32)?
  /// Bytes read to look at them, not handed out yet.
  private var probe: [UInt8] = []
  private var probeStart = 0
  private var isAtEnd = false
  /// How many bytes came from the disk.
  private(set) var rawBytes: UInt64 = 0
  /// Why reading ended early.
  private(set) var failure: FileSource.Failure?

  /// Opens `file` and looks at its first bytes.
  ///
  /// - Throws: ``InputError`` when the system refuses, or when the name now leads to another file.
  init(_ file: LogFile, hashing: Bool) throws(InputError) {
    hash = hashing ? try SHA256() : nil
    ownsDescriptor = !file.isStandardInput
    descriptor = try Self.open(file)
    let status = FileStatus(descriptor: descriptor)
    expectedBytes = status?.kind == .regular && !file.isPipe ? status?.size : nil
    if !file.isPipe { posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL) }
    probe = [UInt8](repeating: 0, count: Self.probeBytes)
    var count = 0
    while count < 2 {
      let got = unsafe probe.withUnsafeMutableBytes { bytes in
        unsafe readRaw(into: UnsafeMutableRawBufferPointer(rebasing: bytes[count...]))
      }
      if got == 0 { break }
      count += got
    }
    probe.removeLast(probe.count - count)
    if isGzip, file.isPipe { alarm = Self.makePipe() }
  }

  /// A descriptor of the very file that was discovered, also when it was renamed since.
  private static func open(_ file: LogFile) throws(InputError) -> Int32 {
    guard !file.isStandardInput else { return 0 }
    let first = openToRead(file.path, waiting: file.isPipe)
    let number = errno
    let identity = file.identity
    if first >= 0, file.isPipe || FileStatus(descriptor: first)?.identity == identity {
      return first
    }
    if first >= 0 { _ = close(first) }
    if first < 0, number != ENOENT { throw .system(number, path: "\(file.path)", verb: "open") }
    // Rotation renames within the folder.
    for name in namesInFolder(file.path.parent) ?? [] {
      let path = file.path.parent.appending(name)
      guard FileStatus(path)?.identity == identity else { continue }
      let second = openToRead(path)
      if second >= 0, FileStatus(descriptor: second)?.identity == identity { return second }
      if second >= 0 { _ = close(second) }
    }
    if first < 0 { throw .system(number, path: "\(file.path)", verb: "open") }
    throw InputError(
      path: "\(file.path)", reason: .replaced,
      message: "another file took this name during the run",
      fix: "run again when the logs are not being rotated")
  }

  /// A pipe within the process; `nil` when the system has none left.
  private static func makePipe() -> (read: Int32, write: Int32)? {
    var ends: [Int32] = [-1, -1]
    return unsafe pipe(&ends) == 0 ? (ends[0], ends[1]) : nil
  }

  deinit {
    if ownsDescriptor { close(descriptor) }
    if let alarm {
      close(alarm.read)
      close(alarm.write)
    }
  }

  /// Whether it begins as gzip files do.
  var isGzip: Bool { probe.starts(with: [0x1F, 0x8B]) }

  /// The file's next bytes, those of the probe first; zero at the end and after a failure.
  func read(into output: UnsafeMutableRawBufferPointer) -> Int {
    guard probeStart < probe.count else { return unsafe readRaw(into: output) }
    let count = min(output.count, probe.count - probeStart)
    unsafe output.copyBytes(from: probe[probeStart..<probeStart + count])
    probeStart += count
    return count
  }

  /// Makes a thread that waits for a pipe's bytes take it for ended; nobody reads it afterwards.
  func interrupt() {
    guard let alarm else { return }
    var byte: UInt8 = 0
    // SAFETY: there is one byte to write.
    _ = unsafe write(alarm.write, &byte, 1)
  }

  /// Reads what is left, so that the hash covers the whole file, and returns the hash.
  func finishHash() -> String? {
    guard let hash else { return nil }
    var scratch = [UInt8](repeating: 0, count: 64 << 10)
    while unsafe scratch.withUnsafeMutableBytes({ unsafe readRaw(into: $0) }) > 0 {}
    return hash.finish()
  }

  /// Whether there may be bytes, after waiting for them.
  private func awaitBytes() -> Bool {
    guard let alarm else { return true }
    var waits = [
      pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
      pollfd(fd: alarm.read, events: Int16(POLLIN), revents: 0),
    ]
    // SAFETY: there are two entries.
    while unsafe poll(&waits, 2, -1) < 0, errno == EINTR {}
    return waits[1].revents == 0
  }

  /// One read, counted and hashed; zero at the end and after a failure.
  private func readRaw(into output: UnsafeMutableRawBufferPointer) -> Int {
    guard !isAtEnd, output.count > 0, awaitBytes() else { return 0 }
    let count = unsafe readSome(descriptor, output)
    if count > 0 {
      rawBytes += UInt64(count)
      if let hash { unsafe hash.update(UnsafeRawBufferPointer(rebasing: output[..<count])) }
      return count
    }
    isAtEnd = true
    if count < 0 {
      let reason: InputReason = errno == EISDIR ? .wrongKind : .readError
      failure = FileSource.Failure(reason: reason, offset: rawBytes, detail: systemMessage(errno))
    } else if let expectedBytes, rawBytes < expectedBytes {
      failure = FileSource.Failure(reason: .shrank, offset: rawBytes)
    }
    return 0
  }
}
