import Bytes
import Events
import Foundation
import Inputs
import Pipelines
import Registers
import Testing

/// Every line and byte of every file, of whatever kind, is in the ledger.
@Suite(.enabled(if: Corpus.isThere, "the corpora are not beside the package"))
struct AccountingTests {
  /// The files of one stream as blocks of lines.
  final class StreamFeed: Feed {
    private let reader: ChunkReader
    private var sequence = 0
    var oversized: UInt64 = 0
    var totals: InputTotals { reader.totals }

    init(_ stream: LogStream, chunkBytes: Int, lineBytesMax: Int) {
      reader = ChunkReader(stream: stream, chunkBytes: chunkBytes, lineBytesMax: lineBytesMax)
    }

    func next() -> LineBlock? {
      let chunk = Chunk()
      guard (try? reader.next(into: chunk)) == true else { return nil }
      defer { sequence += 1 }
      oversized += UInt64(chunk.oversized.count)
      return LineBlock(
        stream: 0, sequence: sequence, file: chunk.fileIndex, bytes: chunk.bytes,
        firstLine: chunk.firstLineNumber, offset: chunk.streamOffset,
        oversized: chunk.oversized.map { .init(number: $0.lineNumber, bytes: $0.byteCount) },
        owner: chunk)
    }

    func recycle(_ block: LineBlock) {}
  }

  /// A run's ledger in one text, so that two runs can be compared.
  static func ledger(
    _ stream: LogStream, as format: LineFormat, chunkBytes: Int, lineBytesMax: Int, jobs: Int
  ) async throws -> String {
    let feed = StreamFeed(stream, chunkBytes: chunkBytes, lineBytesMax: lineBytesMax)
    let context = LineContext(
      format: format, zone: .utc, years: YearRule(anchor: 1_600_000_000),
      source: ByteView("accounting"))
    let pipeline = Pipeline(
      NormalisePath.setup,
      streams: [
        PipelineStream(
          name: "accounting", contexts: stream.files.map { _ in context }, source: SourceContext(),
          firstTime: .min, feed: feed)
      ], jobs: jobs)
    let result = await pipeline.run()
    let tally = result.streams[0]
    let total = tally.total
    let reasons = tally.reasons.reduce(0) { $0 + $1.count }
    let name = stream.name
    #expect(total.lines == total.parsed + total.rejected, "\(name)")
    #expect(total.rejected == reasons, "\(name)")
    #expect(total.lines == feed.totals.linesDelivered + feed.totals.linesOversized, "\(name)")
    #expect(total.bytes == feed.totals.bytesDelivered + feed.totals.bytesOversized, "\(name)")
    #expect(feed.totals.bytesAccounted == feed.totals.bytesRead, "\(name)")
    return "\(total.lines) lines, \(total.bytes) bytes, \(total.parsed) parsed: "
      + tally.reasons.map { "\($0.reason) \($0.count)" }.joined(separator: ", ")
  }

  @Test func `every line of every file is parsed or rejected, in any format`() async throws {
    var (files, lines) = (0, 0)
    for name in try Corpus.files() {
      guard let stream = discover([Corpus.path(name)]).streams.first else { continue }
      files += 1
      let head = try Inputs.head(of: stream.files[0])
      let detected = withView(head) { LineFormat.detect($0) }
      let first = try await Self.ledger(
        stream, as: detected ?? .rfc3164, chunkBytes: 1 << 20, lineBytesMax: 1 << 20, jobs: 1)
      // Small chunks and two workers must not move a line from one count to another.
      let second = try await Self.ledger(
        stream, as: detected ?? .rfc3164, chunkBytes: 700, lineBytesMax: 1 << 20, jobs: 2)
      #expect(first == second, "\(name)")
      lines += Int(first.prefix { $0.isNumber }) ?? 0
    }
    print("accounting: \(files) files, \(lines) lines")
    #expect(files > 900)
  }

  @Test(arguments: LineFormat.allCases)
  func `no file breaks a reader of another format`(_ format: LineFormat) async throws {
    for name in try Corpus.files() {
      guard let stream = discover([Corpus.path(name)]).streams.first,
        stream.files[0].size < 60_000
      else { continue }
      // Lines longer than the bound are in the ledger too.
      _ = try await Self.ledger(stream, as: format, chunkBytes: 4096, lineBytesMax: 500, jobs: 1)
    }
  }

  @Test func `no line of any suite breaks the path when it is cut or damaged`() throws {
    let path = try NormalisePath(anchor: 1_600_000_000)
    var random = JSONReaderPropertyTests.Seeded(state: 11)
    var lines = 0
    for name in try Corpus.files() where name.hasSuffix(".jsonl") && !name.hasPrefix("panther") {
      for item in try Corpus.cases(name) where item.line.count < 600 {
        lines += 1
        let formats: [LineFormat?] = [nil] + LineFormat.allCases.map { $0 }
        for length in stride(from: 0, to: item.line.count, by: 1 + item.line.count / 12) {
          _ = path.read(Array(item.line.prefix(length)), as: formats[length % formats.count])
          _ = path.read(Array(item.line.dropFirst(length)))
          var damaged = item.line
          damaged[length] = UInt8(truncatingIfNeeded: random.next() >> 40)
          damaged.swapAt(length, Int(random.next() >> 33) % damaged.count)
          _ = path.read(damaged)
        }
      }
    }
    #expect(lines > 1000)
  }
}
