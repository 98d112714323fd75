import Bytes
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
