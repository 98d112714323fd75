#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// One file that is being written: where reading is in it, and how it began.
final class OpenLog {
  let path: RawPath
  let identity: FileIdentity
  private let descriptor: Int32
  /// The offset of the next byte that is read.
  private(set) var offset: UInt64
  /// The bytes of a line that is not finished.
  var carry: [UInt8] = []
  /// How many bytes of a line that is too long were dropped so far.
  var oversized: UInt64?
  /// The file's first bytes, as far as they were there.
  private(set) var head: [UInt8] = []
  /// A file that begins alike, made while this one was read.
  var copy: LogFile?
  /// Whether a copy was looked for after this one was cut.
  var wasLookedFor = false
  /// Whether it is a copy itself, to which nobody writes.
  var isCopy = false
  /// When it last had something new.
  private(set) var lastGrowth: Double
  /// Whether it was written long before it was opened, so that nobody need wait for more.
  let isOld: Bool
  /// Whether the last read came to the end.
  private var wasAtEnd = false

  private static let headBytes = 1024
  /// Files that were not written for so long are finished, nanoseconds.
  private static let oldAge: Int64 = 60 * 1_000_000_000

  /// Opens the very file that was found, also when it was renamed since; `nil` when it is gone.
  init?(_ file: LogFile, at start: UInt64, now: Double) {
    let wanted = file.identity
    guard let (descriptor, path) = OpenLog.open(file.path, wanted) else { return nil }
    (self.descriptor, self.path, identity, offset) = (descriptor, path, wanted, start)
    lastGrowth = now
    isOld = Int64(time(nil)) * 1_000_000_000 - file.modified > OpenLog.oldAge
    head = beginning(OpenLog.headBytes)
    if start == 0 { skipZeros() }
  }

  private init(_ descriptor: Int32, _ path: RawPath, _ identity: FileIdentity, now: Double) {
    (self.descriptor, self.path, self.identity) = (descriptor, path, identity)
    (offset, lastGrowth, isOld) = (0, now, false)
    readHead()
    skipZeros()
  }

  /// How many zeros in front of the first line are passed over.
  private(set) var zeros: UInt64 = 0

  /// Passes over zeros at the beginning: a writer that does not append leaves a hole when its file is cut.
  ///
  /// A file that has nothing else is left as it is, because somebody may still write into them.
  private func skipZeros() {
    guard head.first == 0 else { return }
    // Where the disk holds nothing, nothing need be read: Linux finds the first data with a `SEEK_DATA` of 3.
    var place = UInt64(max(0, lseek(descriptor, 0, 3)))
    while true {
      let part = bytes(1 << 16, at: place)
      if part.isEmpty { return }
      if let first = part.firstIndex(where: { $0 != 0 }) {
        zeros = place + UInt64(first)
        offset = zeros
        return
      }
      place += UInt64(part.count)
    }
  }

  deinit { close(descriptor) }

  private static func open(_ path: RawPath, _ wanted: FileIdentity) -> (Int32, RawPath)? {
    let first = openToRead(path)
    if first >= 0, FileStatus(descriptor: first)?.identity == wanted { return (first, path) }
    if first >= 0 { close(first) }
    // Rotation renames within the folder.
    for name in namesInFolder(path.parent) ?? [] {
      let other = path.parent.appending(name)
      guard FileStatus(other)?.identity == wanted else { continue }
      let second = openToRead(other)
      if second >= 0, FileStatus(descriptor: second)?.identity == wanted {
        return (second, other)
      }
      if second >= 0 { close(second) }
    }
    return nil
  }

  /// The same file from its beginning.
  func reopened() -> OpenLog? {
    let again = dup(descriptor)
    return again < 0 ? nil : OpenLog(again, path, identity, now: lastGrowth)
  }

  /// When it was written last, nanoseconds since 1970.
  var modified: Int64 { FileStatus(descriptor: descriptor)?.modified ?? .min }

  /// For how many seconds nothing was written to it, by the file's own time.
  var quietSeconds: Double {
    guard let status = FileStatus(descriptor: descriptor) else { return 0 }
    return Double(Int64(time(nil)) - status.modified / 1_000_000_000)
  }

  /// Whether the file still has a name.
  var hasName: Bool {
    var info = stat()
    return unsafe fstat(descriptor, &info) == 0 && info.st_nlink > 0
  }

  /// How many bytes are there that were not read.
  var bytesLeft: UInt64 {
    let size = FileStatus(descriptor: descriptor)?.size ?? 0
    return size > offset ? size - offset : 0
  }

  /// Whether the file is shorter than what was read of it, or begins otherwise than it did.
  func wasReplaced() -> Bool {
    guard let status = FileStatus(descriptor: descriptor) else { return false }
    if status.size < max(offset, UInt64(head.count)) { return true }
    // Times of writing are too coarse to tell whether anything changed.
    guard wasAtEnd || offset == 0, !head.isEmpty else { return false }
    return beginning(head.count) != head
  }

  private func beginning(_ count: Int) -> [UInt8] { bytes(count, at: 0) }

  private func bytes(_ count: Int, at start: UInt64) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    let got = unsafe bytes.withUnsafeMutableBytes { room in
      // SAFETY: the system writes at most so many bytes.
      unsafe pread(descriptor, room.baseAddress, room.count, off_t(clamping: start))
    }
    return Array(bytes.prefix(max(0, got)))
  }

  /// Goes back to where an unfinished line began, when what was read of it was taken out of the file.
  ///
  /// A writer whose disk is full cuts the file back to its last whole line; nothing before that changes.
  func stepBack() {
    guard wasAtEnd, !carry.isEmpty || oversized != nil else { return }
    let start = offset - UInt64(carry.count) - (oversized ?? 0)
    guard start > 0, let size = FileStatus(descriptor: descriptor)?.size, size >= start,
      size < offset || bytes(carry.count, at: offset - UInt64(carry.count)) != carry
    else { return }
    let kept = head.prefix(Int(clamping: start))
    guard beginning(kept.count) == Array(kept) else { return }
    (offset, carry, oversized, head) = (start, [], nil, Array(kept))
  }

  /// Looks at the first bytes as long as there are too few of them to know it by.
  ///
  /// A file that begins otherwise by now was cut: how it began before is what it is known by.
  func readHead() {
    guard head.count < OpenLog.headBytes, offset == 0 || !head.isEmpty else { return }
    let longer = beginning(OpenLog.headBytes)
    if longer.starts(with: head) { head = longer }
  }

  /// Reads what comes next; zero when nothing has come.
  func read(into room: UnsafeMutableRawBufferPointer, now: Double) -> Int {
    // A file may be shared with its own next life, so the place is said each time.
    let count = unsafe pread(descriptor, room.baseAddress, room.count, off_t(clamping: offset))
    wasAtEnd = count < room.count
    guard count > 0 else { return 0 }
    readHead()
    offset += UInt64(count)
    lastGrowth = now
    return count
  }

  /// Keeps bytes until their line is finished.
  func keep(_ start: UnsafeRawPointer, _ count: Int) {
    unsafe carry = [UInt8](UnsafeRawBufferPointer(start: start, count: count))
  }
}
