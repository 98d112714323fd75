import Bytes
import Events
import Pipelines
import Registers

/// Writes down what a reader sees: each event with its place and some fields, each rejected line.
final class LineLog: LineWitness {
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
    let log = LineLog()
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
