import Bytes
import Foundation
import Inputs
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Inputs made to exhaust a reader: each is bounded in memory, counted and said.
///
/// Those that could take much run in a process of their own, which may take 24 MB more than it had.
@Suite struct HostileInputTests {
  /// A chunk of a mebibyte, twice, a gzip file's pieces, a thread's stack, and some room.
  static let roomBytes: UInt64 = 24 << 20

  /// Lets this process take no more than `roomBytes` beyond what it has; past that it dies.
  static func boundMemory() throws {
    let text = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    let line = try #require(text.split(separator: "\n").first { $0.hasPrefix("VmData:") })
    let taken = try #require(
      UInt64(line.split(separator: " ")[1].trimmingCharacters(in: .whitespaces)))
    var limit = rlimit()
    limit.rlim_cur = rlim_t((taken << 10) + roomBytes)
    limit.rlim_max = limit.rlim_cur
    #if canImport(Glibc)
      let data = __rlimit_resource_t(RLIMIT_DATA.rawValue)
    #else
      let data = RLIMIT_DATA
    #endif
    // SAFETY: the structure is filled.
    let status = unsafe setrlimit(data, &limit)
    try #require(status == 0)
  }

  /// Counts what `path` holds without keeping it.
  static func totals(_ path: String, stopAfter chunks: Int = .max) throws -> (
    InputTotals, [InputFault]
  ) {
    let stream = try #require(discover([path]).streams.first)
    let (reader, chunk) = (ChunkReader(stream: stream), Chunk())
    var count = 0
    while count < chunks, try reader.next(into: chunk) { count += 1 }
    return (reader.totals, reader.faults)
  }

  @Test(.disabled(if: isSanitized, "a sanitizer needs memory of its own"))
  func `a line of 64 MB is counted in bounded memory`() async {
    await #expect(processExitsWith: .success) {
      let folder = try TemporaryFolder()
      let path = try folder.write("a.log", "one\n")
      // A file with a hole has the length without the disk.
      let status = unsafe truncate(path, 64 << 20)
      #expect(status == 0)
      let handle = try #require(FileHandle(forWritingAtPath: path))
      try handle.seekToEnd()
      try handle.write(contentsOf: Data("\nlast\n".utf8))
      try HostileInputTests.boundMemory()
      let (totals, faults) = try HostileInputTests.totals(path)
      #expect(totals.linesDelivered == 2)
      #expect(totals.linesOversized == 1)
      #expect(totals.bytesOversized == 64 << 20 - 4 + 1)
      #expect(totals.bytesAccounted == totals.bytesRead)
      #expect(faults == [])
    }
  }

  @Test(.disabled(if: isSanitized, "a sanitizer needs memory of its own"))
  func `a gzip file of one line or of newlines alone unpacks in bounded memory`() async {
    await #expect(processExitsWith: .success) {
      let folder = try TemporaryFolder()
      let size = 48 << 20
      let zeros = try folder.write("z.log", packed([UInt8](repeating: 0, count: size)))
      let lines = try folder.write("n.log", packed([UInt8](repeating: 0x0A, count: size / 4)))
      try HostileInputTests.boundMemory()
      let one = try HostileInputTests.totals(zeros).0
      #expect(one.linesOversized == 1)
      #expect(one.bytesOversized == UInt64(size))
      let many = try HostileInputTests.totals(lines).0
      #expect(many.linesDelivered == UInt64(size / 4))
      #expect(many.bytesAccounted == many.bytesRead)
    }
  }

  @Test func `many members are one file`() throws {
    let folder = try TemporaryFolder()
    let (member, empty) = (packed([UInt8]("one\n".utf8)), packed([]))
    var file: [UInt8] = []
    for _ in 0..<2000 { file += member + empty }
    let (totals, faults) = try Self.totals(folder.write("a.log.gz", file))
    #expect(totals.linesDelivered == 2000)
    #expect(faults == [])
  }

  @Test func `a reader that stops early leaves no thread and no file open`() throws {
    let folder = try TemporaryFolder()
    var random = Random(seed: 3)
    let noise = (0..<3_000_000).map { _ in UInt8(0x0A + random.next() % 90) }
    let path = try folder.write("a.log.gz", packed(noise, level: 1))
    func isOpen() throws -> Bool {
      try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").contains {
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/" + $0)) == path
      }
    }
    for chunks in 0...2 {
      let (totals, faults) = try Self.totals(path, stopAfter: chunks)
      #expect(totals.linesDelivered > 0 || chunks == 0)
      #expect(faults == [])
      // The thread keeps the file open as long as it runs.
      #expect(try !isOpen())
    }
  }

  @Test func `more files than there are threads for read the same, in turns`() throws {
    let folder = try TemporaryFolder()
    var random = Random(seed: 9)
    let noise = (0..<1_500_000).map { _ in UInt8(0x0A + random.next() % 90) }
    let path = try folder.write("a.log.gz", packed(noise, level: 1))
    let stream = try #require(discover([path]).streams.first)
    let readers = (0..<20).map { _ in ChunkReader(stream: stream, chunkBytes: 1 << 20) }
    let chunk = Chunk()
    var contents = [[UInt8]](repeating: [], count: readers.count)
    var isOpen = true
    while isOpen {
      isOpen = false
      for (index, reader) in readers.enumerated() where try reader.next(into: chunk) {
        contents[index] += chunk.bytes.copy()
        isOpen = true
      }
    }
    #expect(contents.allSatisfy { $0 == noise })
  }

  @Test func `a reader of a pipe that nobody writes to stops early too`() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/pipe.log"
    // SAFETY: the path ends with a zero.
    let made = unsafe mkfifo(path, 0o600)
    try #require(made == 0)
    // Open for both, so that neither end waits for the other.
    let writer = unsafe open(path, O_RDWR)
    defer { close(writer) }
    let stream = try #require(discover([path]).streams.first)
    // Stored, two pieces and a little: the thread then waits for the rest, which does not come.
    let lines = [UInt8](repeating: 0x0A, count: 2 << 20)
    let file = packed(lines, level: 1).dropLast(200)
    #expect(file.count < 60_000)
    let written = unsafe file.withUnsafeBytes { unsafe write(writer, $0.baseAddress, $0.count) }
    #expect(written == file.count)
    let (reader, chunk) = (ChunkReader(stream: stream, chunkBytes: 300 << 10), Chunk())
    #expect(try reader.next(into: chunk))
    #expect(chunk.lineCount > 0)
  }

  @Test func `a gzip file through a pipe in small writes reads the same`() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/pipe.log"
    // SAFETY: the path ends with a zero.
    let made = unsafe mkfifo(path, 0o600)
    try #require(made == 0)
    let lines = sampleLines(5000)
    let file = packed(lines)
    let thread = Thread {
      let writer = unsafe open(path, O_WRONLY)
      var (start, random) = (0, Random(seed: 5))
      while start < file.count {
        let end = min(file.count, start + 1 + Int(random.next() % 400))
        let piece = [UInt8](file[start..<end])
        start += unsafe write(writer, piece, piece.count)
      }
      close(writer)
    }
    let stream = try #require(discover([path]).streams.first)
    thread.start()
    let got = try read(stream, chunkBytes: 100_000)
    #expect(got.lines.flatMap(\.bytes) == lines)
    #expect(got.faults == [])
  }
}

/// Whether `make sanitize` runs the tests.
private let isSanitized = ProcessInfo.processInfo.environment["ROLLCALL_SANITIZED"] != nil
