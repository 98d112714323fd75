#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// One opened file: its bytes as they are on disk, or uncompressed when they begin as gzip does.
///
/// Nothing here throws once the file is open: a failing read ends the file and leaves `failure`.
final class FileSource {
  /// Why reading ended early, where on disk, and the system's word for it.
  struct Failure {
    let reason: InputReason
    let offset: UInt64
    var detail = ""
  }

  /// How many bytes decide what kind of file it is.
  private static let probeBytes = 4096

  private let descriptor: Int32
  private let ownsDescriptor: Bool
  private let expectedBytes: UInt64?
  private let hash: SHA256?
  private var inflater: Inflater?
  /// Bytes read to look at them, not handed out yet.
  private var probe: [UInt8] = []
  private var probeStart = 0
  private var isAtEnd = false
  /// How many bytes came from the disk.
  private(set) var rawBytes: UInt64 = 0
  /// Why reading ended early.
  private(set) var failure: Failure?

  /// Opens `file` and looks at its first bytes.
  ///
  /// - Throws: ``InputError`` when the system refuses, or when the name now leads to another file.
  init(_ file: LogFile, hashing: Bool = false) throws(InputError) {
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
    if probe.starts(with: [0x1F, 0x8B]) { inflater = try Inflater() }
  }

  /// A descriptor of the very file that was discovered, also when it was renamed since.
  private static func open(_ file: LogFile) throws(InputError) -> Int32 {
    guard !file.isStandardInput else { return 0 }
    let first = openToRead(file.path, waiting: file.isPipe)
    let number = errno
    let identity = FileIdentity(device: file.device, inode: file.inode)
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

  deinit { if ownsDescriptor { close(descriptor) } }

  /// Whether the file is being uncompressed.
  var isGzip: Bool { inflater != nil }

  /// Fills `output` with the file's next uncompressed bytes.
  ///
  /// - Returns: How many were written; zero at the end or after a failure.
  @unsafe func read(into output: UnsafeMutableRawBufferPointer) -> Int {
    guard let inflater else { return unsafe take(into: output) }
    let count = unsafe inflater.read(into: output) { unsafe self.take(into: $0) }
    if count == 0, failure == nil, let reason = inflater.failure {
      failure = Failure(reason: reason, offset: rawBytes - UInt64(inflater.unusedBytes))
    }
    return count
  }

  /// Reads what is left, so that the hash covers the whole file, and returns the hash.
  func finishHash() -> String? {
    guard let hash else { return nil }
    var scratch = [UInt8](repeating: 0, count: 64 << 10)
    while unsafe scratch.withUnsafeMutableBytes({ unsafe readRaw(into: $0) }) > 0 {}
    return hash.finish()
  }

  /// The file's next bytes as they are on disk, those of the probe first.
  private func take(into output: UnsafeMutableRawBufferPointer) -> Int {
    guard probeStart < probe.count else { return unsafe readRaw(into: output) }
    let count = min(output.count, probe.count - probeStart)
    unsafe output.copyBytes(from: probe[probeStart..<probeStart + count])
    probeStart += count
    return count
  }

  /// One read, counted and hashed; zero at the end and after a failure.
  private func readRaw(into output: UnsafeMutableRawBufferPointer) -> Int {
    guard !isAtEnd, output.count > 0 else { return 0 }
    let count = unsafe readSome(descriptor, output)
    if count > 0 {
      rawBytes += UInt64(count)
      if let hash { unsafe hash.update(UnsafeRawBufferPointer(rebasing: output[..<count])) }
      return count
    }
    isAtEnd = true
    if count < 0 {
      let reason: InputReason = errno == EISDIR ? .wrongKind : .readError
      failure = Failure(reason: reason, offset: rawBytes, detail: systemMessage(errno))
    } else if let expectedBytes, rawBytes < expectedBytes {
      failure = Failure(reason: .shrank, offset: rawBytes)
    }
    return 0
  }
}

extension FileSource.Failure {
  /// What happened, and what to do about it.
  var explanation: (message: String, fix: String) {
    switch reason {
    case .gzipTruncated: ("the gzip file is cut short", "copy or download it again")
    case .gzipChecksum:
      ("the gzip checksum does not match, so the lines may be wrong", "restore the file")
    case .gzipTrailingGarbage:
      ("there are other bytes behind the gzip file's end", "check what appended to the file")
    case .gzipCorrupt: ("the gzip file is damaged", "restore the file from its origin")
    case .shrank:
      ("the file lost bytes while it was read", "rotate by renaming, not by copying and cutting")
    case .noMemory: ("no memory was left to unpack the file", "free memory and run again")
    default: ("reading failed: \(detail)", "check the disk and the permissions")
    }
  }
}

extension InputError {
  /// What the system said when it refused.
  static func system(_ number: Int32, path: String, verb: String) -> InputError {
    let isMissing = number == ENOENT || number == ENOTDIR
    return InputError(
      path: path, reason: isMissing ? .missing : .unreadable,
      message: "can not \(verb): \(systemMessage(number))",
      fix: isMissing ? "check the name" : "give this user read permission, or leave it out")
  }
}

/// The uncompressed beginning of `file`, to find out what it holds.
///
/// - Parameter bytes: How many bytes at most.
/// - Returns: The bytes; none for a pipe, whose bytes can be read only once.
/// - Throws: ``InputError`` when the file can not be opened. Damage behind the beginning is for
///   ``ChunkReader`` to report.
public func head(of file: LogFile, bytes: Int = 64 << 10) throws(InputError) -> [UInt8] {
  guard !file.isPipe, bytes > 0 else { return [] }
  let source = try FileSource(file)
  var head = [UInt8](repeating: 0, count: bytes)
  var count = 0
  while count < bytes {
    let got = unsafe head.withUnsafeMutableBytes { buffer in
      unsafe source.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[count...]))
    }
    if got == 0 { break }
    count += got
  }
  head.removeLast(bytes - count)
  return head
}
