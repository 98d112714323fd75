import Bytes
import Foundation
import Inputs
import Testing

/// One line as a reader gave it.
struct ReadLine: Hashable {
  let number: UInt64
  let offset: UInt64
  let fileIndex: Int
  let bytes: [UInt8]
}

/// All that a reader says about a stream.
struct Reading: Equatable {
  var lines: [ReadLine] = []
  var oversized: [OversizedLine] = []
  var totals = InputTotals()
  var faults: [InputFault] = []
  var digests: [FileDigest] = []
}

/// Reads `stream` to its end, checking on the way what every chunk promises.
func read(
  _ stream: LogStream, chunkBytes: Int = 1 << 20, lineBytesMax: Int = 1 << 20,
  hashing: Bool = false
) throws -> Reading {
  let reader = ChunkReader(
    stream: stream, chunkBytes: chunkBytes, lineBytesMax: lineBytesMax, hashing: hashing)
  let chunk = Chunk()
  var (reading, sequence) = (Reading(), 0)
  while try reader.next(into: chunk) {
    #expect(chunk.sequence == sequence)
    sequence += 1
    reading.oversized += chunk.oversized
    var (start, number) = (0, chunk.firstLineNumber)
    while start < chunk.bytes.count {
      let end = chunk.bytes.firstOffset(of: 0x0A, from: start).map { $0 + 1 } ?? chunk.bytes.count
      reading.lines.append(
        ReadLine(
          number: number, offset: chunk.streamOffset + UInt64(start), fileIndex: chunk.fileIndex,
          bytes: chunk.bytes.slice(start, end).copy()))
      number += 1
      start = end
    }
    #expect(number - chunk.firstLineNumber == UInt64(chunk.lineCount))
  }
  #expect(try !reader.next(into: chunk))
  reading.totals = reader.totals
  reading.faults = reader.faults
  reading.digests = reader.digests
  let totals = reading.totals
  #expect(totals.bytesRead == totals.bytesAccounted)
  #expect(totals.linesDelivered == UInt64(reading.lines.count))
  #expect(totals.linesOversized == UInt64(reading.oversized.count))
  return reading
}

/// Reads the only stream that `path` leads to.
func read(
  path: String, chunkBytes: Int = 1 << 20, lineBytesMax: Int = 1 << 20, hashing: Bool = false
) throws -> Reading {
  let found = discover([path])
  let stream = try #require(found.streams.first)
  return try read(
    stream, chunkBytes: chunkBytes, lineBytesMax: lineBytesMax, hashing: hashing)
}

/// Lines of many lengths, some empty, some with CR and NUL, without a newline at the end.
func sampleLines(_ count: Int) -> [UInt8] {
  var bytes: [UInt8] = []
  for number in 0..<count {
    bytes += [UInt8](repeating: UInt8(0x61 + number % 26), count: number * 37 % 211)
    if number % 5 == 0 { bytes += [0x0D] }
    if number % 7 == 0 { bytes += [0x00, 0xFF] }
    bytes.append(0x0A)
  }
  return bytes + "the end".utf8
}

@Suite struct ChunkReaderTests {
  @Test func `chunk sizes change nothing`() throws {
    let folder = try TemporaryFolder()
    try folder.write("a.log", sampleLines(2000))
    try folder.write("a.log.1", sampleLines(333))
    let stream = try #require(discover([folder.path]).streams.first)
    #expect(stream.files.count == 2)
    let whole = try read(stream)
    #expect(whole.lines.flatMap(\.bytes) == sampleLines(333) + sampleLines(2000))
    #expect(whole.lines.map(\.number) == (1...2335).map { UInt64($0) })
    #expect(whole.lines[334].fileIndex == 1)
    for size in [1, 64, 1000, 4096] { #expect(try read(stream, chunkBytes: size) == whole) }
  }

  @Test(arguments: [50, 100, 209, 210, 211, 212])
  func `oversized lines are counted, the others delivered`(_ longest: Int) throws {
    let folder = try TemporaryFolder()
    let content = sampleLines(500)
    let path = try folder.write("a.log", content)
    var (expected, long, offset) = ([[UInt8]](), [UInt64](), UInt64(0))
    let lines = content.split(separator: 0x0A, omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() {
      let isLast = offset + UInt64(line.count) == UInt64(content.count)
      if line.count > longest {
        long.append(UInt64(index + 1))
      } else {
        expected.append(line + (isLast ? [] : [0x0A]))
      }
      offset += UInt64(line.count) + 1
    }
    let whole = try read(path: path, lineBytesMax: longest)
    #expect(whole.lines.map(\.bytes) == expected)
    #expect(whole.oversized.map(\.lineNumber) == long)
    for size in [1, 64, 100, 211, 1000] {
      #expect(try read(path: path, chunkBytes: size, lineBytesMax: longest) == whole)
    }
  }
}

extension ChunkReaderTests {
  @Test func `an empty file has no lines and no faults`() throws {
    let folder = try TemporaryFolder()
    let got = try read(path: folder.write("a.log", ""), hashing: true)
    #expect(got.lines == [])
    #expect(got.faults == [])
    #expect(
      got.digests.map(\.sha256)
        == ["e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"])
  }

  @Test func `a line ends with its file`() throws {
    let folder = try TemporaryFolder()
    try folder.write("a.log.1", "first")
    try folder.write("a.log", "second\n")
    let got = try read(path: folder.path)
    #expect(got.lines.map { String(decoding: $0.bytes, as: UTF8.self) } == ["first", "second\n"])
    #expect(got.lines.map(\.number) == [1, 2])
    #expect(got.lines.map(\.offset) == [0, 5])
  }

  @Test func `carriage returns and zeros pass untouched`() throws {
    let folder = try TemporaryFolder()
    let bytes: [UInt8] = [0x61, 0x0D, 0x0A, 0x00, 0x00, 0x0A, 0x0D, 0x0A, 0x0A]
    let got = try read(path: folder.write("a.log", bytes), chunkBytes: 1)
    #expect(got.lines.flatMap(\.bytes) == bytes)
    #expect(got.lines.count == 4)
  }

  @Test func `a byte order mark belongs to no line`() throws {
    let folder = try TemporaryFolder()
    let got = try read(path: folder.write("a.log", "\u{FEFF}one\ntwo\n"))
    #expect(got.lines.map { String(decoding: $0.bytes, as: UTF8.self) } == ["one\n", "two\n"])
    #expect(got.lines.map(\.offset) == [3, 7])
    #expect(got.totals.bytesOfMarks == 3)
    let bare = try read(path: folder.write("b.log", "\u{FEFF}"))
    #expect(bare.totals.bytesRead == 3)
    #expect(bare.lines == [])
  }

  @Test(arguments: [false, true])
  func `wide text is rejected and counted`(_ isBigEndian: Bool) throws {
    let folder = try TemporaryFolder()
    // U+0A0A is no newline, in either order.
    let units: [UInt16] = [0xFEFF, 0x61, 0x0A, 0x0A0A, 0x62, 0x0A, 0x63]
    let bytes = units.flatMap { unit -> [UInt8] in
      let pair = [UInt8(unit >> 8), UInt8(unit & 255)]
      return isBigEndian ? pair : pair.reversed()
    }
    try folder.write("a.log.1", bytes)
    try folder.write("a.log", "after\n")
    let got = try read(path: folder.path)
    #expect(got.faults.map(\.reason) == [.utf16])
    #expect(got.faults.first?.byteCount == UInt64(bytes.count))
    #expect(got.faults.first?.lineCount == 3)
    #expect(got.lines.map(\.number) == [4])
    #expect(got.lines.map(\.offset) == [UInt64(bytes.count)])
    #expect(got.totals.linesRead == 4)
  }

  @Test func `files that went away or changed hands are faults`() throws {
    let folder = try TemporaryFolder()
    try folder.write("a.log.2", "gone\n")
    try folder.write("a.log.1", "gone too\n")
    try folder.write("a.log", "here\n")
    let stream = try #require(discover([folder.path]).streams.first)
    try folder.write("new", "new\n")
    try folder.move("new", over: "a.log.1")
    try FileManager.default.removeItem(atPath: folder.path + "/a.log.2")
    let got = try read(stream, hashing: true)
    #expect(got.faults.map(\.reason) == [.missing, .replaced])
    #expect(got.lines.map(\.bytes) == [[UInt8]("here\n".utf8)])
    #expect(got.digests.map(\.fileIndex) == [2])
  }

  @Test func `files rotated during the run are still read, each once`() throws {
    let folder = try TemporaryFolder()
    try folder.write("a.log.1", "old\n")
    try folder.write("a.log", "new\n")
    let stream = try #require(discover([folder.path]).streams.first)
    try FileManager.default.moveItem(
      atPath: folder.path + "/a.log.1", toPath: folder.path + "/a.log.2")
    try FileManager.default.moveItem(
      atPath: folder.path + "/a.log", toPath: folder.path + "/a.log.1")
    try folder.write("a.log", "newer\n")
    let got = try read(stream)
    #expect(got.faults == [])
    #expect(got.lines.map { String(decoding: $0.bytes, as: UTF8.self) } == ["old\n", "new\n"])
  }

  @Test(arguments: [1, 7, 100, 1013])
  func `pieces cut within lines read as the whole does`(_ pieceBytes: Int) throws {
    let folder = try TemporaryFolder()
    let content = sampleLines(pieceBytes == 1 ? 9 : 60)
    let whole = try read(path: folder.write("whole.log", content), lineBytesMax: 150)
    var (suffixes, start) = ([UInt8](), 0)
    while start < content.count {
      let number = suffixes.count
      suffixes.append(0)
      let letters = [number / 676, number / 26 % 26, number % 26].map { 0x61 + UInt8($0) }
      let suffix = String(decoding: letters, as: UTF8.self)
      let end = min(start + pieceBytes, content.count)
      try folder.write("pieces/a.log.\(suffix)", content[start..<end])
      start = end
    }
    for size in [1, 64, 1 << 20] {
      let got = try read(
        path: folder.path + "/pieces", chunkBytes: size, lineBytesMax: 150, hashing: true)
      #expect(got.lines.map(\.bytes) == whole.lines.map(\.bytes))
      #expect(got.lines.map(\.number) == whole.lines.map(\.number))
      #expect(got.lines.map(\.offset) == whole.lines.map(\.offset))
      #expect(got.oversized == whole.oversized)
      #expect(got.totals == whole.totals)
      #expect(got.faults == [])
      #expect(got.digests.map(\.lines).reduce(0, +) == whole.totals.linesRead)
      #expect(got.lines.map(\.fileIndex) == whole.lines.map { Int($0.offset) / pieceBytes })
    }
  }

  @Test func `a missing piece ends the line before it`() throws {
    let folder = try TemporaryFolder()
    for (name, text) in [("a.log.aa", "one\ntw"), ("a.log.ab", "o\n"), ("a.log.ac", "three\n")] {
      try folder.write(name, text)
    }
    let stream = try #require(discover([folder.path]).streams.first)
    try FileManager.default.removeItem(atPath: folder.path + "/a.log.ab")
    let got = try read(stream)
    #expect(
      got.lines.map { String(decoding: $0.bytes, as: UTF8.self) } == ["one\n", "tw", "three\n"])
    #expect(got.faults.map(\.reason) == [.missing])
  }

  @Test func `digests cover the file as it is on disk`() throws {
    let folder = try TemporaryFolder()
    let paths = [
      try folder.write("a.log.2.gz", gzipped(sampleLines(300))),
      try folder.write("a.log.1", sampleLines(200)),
    ]
    let got = try read(path: folder.path, chunkBytes: 777, hashing: true)
    #expect(try got.digests.map(\.sha256) == paths.map { try sha256(ofFile: $0) })
    #expect(got.digests.map(\.lines) == [301, 201])
    #expect(got.digests[1].bytes == UInt64(sampleLines(200).count))
  }

  @Test func `one enormous line costs no memory to speak of`() throws {
    let folder = try TemporaryFolder()
    let long = [UInt8](repeating: 0x78, count: 5_000_000)
    let path = try folder.write("a.log", [0x61, 0x0A] + long + [0x0A, 0x62])
    let got = try read(path: path, chunkBytes: 4096, lineBytesMax: 8192)
    #expect(got.lines.map(\.bytes) == [[0x61, 0x0A], [0x62]])
    #expect(got.lines.map(\.number) == [1, 3])
    #expect(got.lines.map(\.offset) == [0, 5_000_003])
    #expect(got.oversized.map(\.byteCount) == [5_000_001])
    #expect(got.oversized.map(\.streamOffset) == [2])
  }

  @Test func `newlines are counted at every length and alignment`() {
    var bytes: [UInt8] = []
    for number in 0..<40000 { bytes.append(number % 3 == 0 || number > 30000 ? 0x0A : 0x09) }
    // SAFETY: the view is used only while the array lends its bytes.
    unsafe bytes.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      let view = unsafe ByteView(base: base, count: buffer.count)
      for (start, end) in [(0, 0), (0, 63), (1, 65), (3, 131), (0, 16320), (5, 16390), (7, 40000)] {
        #expect(
          view.slice(start, end).newlineCount == bytes[start..<end].count(where: { $0 == 0x0A }))
      }
    }
  }
}
