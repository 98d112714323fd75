import Bytes
import Events
import Pipelines
import Registers

/// Bytes in memory as the blocks of one stream: whole lines, about so many bytes each.
final class Blocks: Feed {
  private let bytes: KeptText
  private let chunkBytes: Int
  private let lineBytesMax: Int
  private var cutter: RecordCutter?
  private var start = 0
  private var line: UInt64 = 1
  private var sequence = 0
  /// The most bytes that a block had.
  private(set) var bytesMax = 0

  init(
    _ bytes: [UInt8], chunkBytes: Int, lineBytesMax: Int = .max, records: RecordFraming? = nil
  ) {
    self.bytes = KeptText(bytes)
    (self.chunkBytes, self.lineBytesMax) = (chunkBytes, lineBytesMax)
    cutter = records.map { RecordCutter($0) { _ in } }
  }

  func next() -> LineBlock? {
    let block = cutter.map { $0.next { raw() } } ?? raw()
    bytesMax = max(bytesMax, block?.bytes.count ?? 0)
    return block
  }

  private func raw() -> LineBlock? {
    let text = bytes.view
    guard start < text.count else { return nil }
    func end(of place: Int) -> Int {
      text.firstOffset(of: 0x0A, from: place).map { $0 + 1 } ?? text.count
    }
    var oversized: [LineBlock.Oversized] = []
    while start < text.count, end(of: start) - start > lineBytesMax {
      oversized.append(.init(number: line, bytes: UInt64(end(of: start) - start)))
      start = end(of: start)
      line += 1
    }
    let (first, number) = (start, line)
    while start < text.count, start == first || start - first < chunkBytes {
      guard end(of: start) - start <= lineBytesMax else { break }
      start = end(of: start)
      line += 1
    }
    defer { sequence += 1 }
    return LineBlock(
      stream: 0, sequence: sequence, file: 0, bytes: text.slice(first, start), firstLine: number,
      offset: UInt64(first), oversized: oversized, owner: bytes)
  }

  func recycle(_ block: LineBlock) {}
}

/// Bytes at one place for as long as somebody holds them.
@safe final class KeptText: @unchecked Sendable {
  // Written once, before anybody else sees it.
  private let room: UnsafeMutableBufferPointer<UInt8>
  private let count: Int

  init(_ bytes: [UInt8]) {
    count = bytes.count
    unsafe room = .allocate(capacity: max(1, bytes.count))
    _ = unsafe room.initialize(from: bytes)
  }

  deinit { unsafe room.deallocate() }

  var view: ByteView {
    guard let base = unsafe room.baseAddress else { return .empty }
    // SAFETY: that many bytes were initialised and live as long as the object.
    return unsafe ByteView(base: UnsafePointer(base), count: count)
  }
}

/// Writes down what a reader sees: each event with its place and some fields, each rejected line.
final class Protocol: LineWitness {
  private let table = NormalisePath.shipped.table
  private(set) var rows: [String] = []
  private(set) var events: [[String: String]] = []

  func saw(_ event: Event, at place: LinePlace) {
    var fields: [String: String] = [:]
    event.forEach { field, value in
      if case .null = value { return }
      fields[table.name(field)] = value.text(event.scratch).string
    }
    events.append(fields)
    rows.append(
      "\(place.number)+\(place.lines) at \(place.offset), \(place.bytes) bytes, \(event.time): "
        + fields.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " "))
  }

  func saw(rejected rejection: Rejection, at place: LinePlace) {
    rows.append(
      "\(place.number)+\(place.lines) at \(place.offset), \(place.bytes) bytes: "
        + rejection.reason)
  }

  /// Reads a whole stream, block by block, and says what came of each line.
  static func of(
    _ text: String, _ format: LineFormat, rule: MultilineRule? = nil, path: String = "",
    chunkBytes: Int = 1 << 20, recordBytesMax: Int = 1 << 20, lineBytesMax: Int = .max,
    freshReaders: Bool = false
  ) -> (rows: [String], events: [[String: String]], total: ChunkTally.Day, tally: StreamTally) {
    let framing = RecordFraming(format, rule: rule, bytesMax: recordBytesMax)
    let feed = Blocks(
      Array(text.utf8), chunkBytes: chunkBytes, lineBytesMax: lineBytesMax, records: framing)
    let context = LineContext(
      format: format, zone: .utc, years: YearRule(anchor: 1_793_697_247),
      source: ByteView("records"), path: ByteView(immortal: path), records: framing)
    let log = Protocol()
    var tally = StreamTally()
    var reader = LineReader(NormalisePath.setup)
    while let block = feed.next() {
      reader.witness = log
      tally.add(reader.read(block, context, .none).tally)
      if freshReaders { reader = LineReader(NormalisePath.setup) }
    }
    return (log.rows, log.events, tally.total, tally)
  }
}
