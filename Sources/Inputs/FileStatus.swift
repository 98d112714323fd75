#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Which file it is on this machine, whatever its name.
struct FileIdentity: Hashable, Sendable {
  /// The file system.
  let device: UInt64
  /// The file in it.
  let inode: UInt64
}

/// Whether anything is at a path.
public func fileExists(_ path: RawPath) -> Bool { FileStatus(path) != nil }

/// What the system says about one file.
struct FileStatus {
  /// What kinds of thing matter to us.
  enum Kind { case regular, folder, pipe, other }
  let kind: Kind
  let size: UInt64
  /// Nanoseconds since 1970.
  let modified: Int64
  let identity: FileIdentity

  /// The status of what `path` leads to, or `nil` with `errno` set.
  init?(_ path: RawPath) {
    var info = stat()
    guard unsafe stat(path.cString, &info) == 0 else { return nil }
    self.init(info)
  }

  /// The status of an open file, or `nil` with `errno` set.
  init?(descriptor: Int32) {
    var info = stat()
    guard unsafe fstat(descriptor, &info) == 0 else { return nil }
    self.init(info)
  }

  private init(_ info: stat) {
    kind =
      switch info.st_mode & S_IFMT {
      case S_IFREG: .regular
      case S_IFDIR: .folder
      case S_IFIFO: .pipe
      default: .other
      }
    size = UInt64(clamping: info.st_size)
    modified = Int64(info.st_mtim.tv_sec) &* 1_000_000_000 &+ Int64(info.st_mtim.tv_nsec)
    identity = FileIdentity(device: UInt64(info.st_dev), inode: UInt64(info.st_ino))
  }
}

/// When a file was last written, seconds since 1970; `nil` when it is not there.
public func lastWritten(_ path: RawPath) -> Int64? {
  FileStatus(path).map { $0.modified / 1_000_000_000 }
}

/// What has come through standard input, after waiting for it; `nil` at its end.
public func readStandardInput() -> [UInt8]? {
  var bytes = [UInt8](repeating: 0, count: 64 << 10)
  let count = unsafe bytes.withUnsafeMutableBytes { unsafe readSome(0, $0) }
  return count > 0 ? Array(bytes.prefix(count)) : nil
}

/// What `number`, a value of `errno`, means.
func systemMessage(_ number: Int32) -> String {
  // SAFETY: the text is static, or belongs to this thread until its next call.
  unsafe String(cString: strerror(number))
}

/// Opens a file to read it, or answers -1 with `errno` set.
///
/// Without waiting, a pipe in a file's place can not hold up the run; files do not care.
func openToRead(_ path: RawPath, waiting: Bool = false) -> Int32 {
  unsafe open(path.cString, O_RDONLY | O_CLOEXEC | O_NOCTTY | (waiting ? 0 : O_NONBLOCK))
}

/// Reads what comes next, again when a signal interrupts it; -1 with `errno` set when it fails.
func readSome(_ descriptor: Int32, _ buffer: UnsafeMutableRawBufferPointer) -> Int {
  while true {
    // SAFETY: the system writes at most `count` bytes.
    let count = unsafe read(descriptor, buffer.baseAddress, buffer.count)
    if count >= 0 || errno != EINTR { return count }
  }
}

/// The names in a folder in bytewise order, without `.` and `..`, or `nil` with `errno` set.
func namesInFolder(_ path: RawPath) -> [[UInt8]]? {
  guard let folder = unsafe opendir(path.cString) else { return nil }
  defer { unsafe closedir(folder) }
  var names: [[UInt8]] = []
  errno = 0
  while let entry = unsafe readdir(folder) {
    // SAFETY: the entry stays valid until the next `readdir` of this folder, and its name is closed
    // by a zero inside the entry's record.
    let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { field in
      let start = unsafe UnsafeRawPointer(field).assumingMemoryBound(to: UInt8.self)
      let length = unsafe strlen(UnsafeRawPointer(field).assumingMemoryBound(to: CChar.self))
      return unsafe [UInt8](UnsafeBufferPointer(start: start, count: length))
    }
    if name != [0x2E], name != [0x2E, 0x2E] { names.append(name) }
  }
  return names.sorted { $0.lexicographicallyPrecedes($1) }
}
