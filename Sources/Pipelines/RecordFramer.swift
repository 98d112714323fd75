import Bytes
import Events
import Formats

/// Puts the lines of one block together to records.
///
/// Nothing is kept from block to block, as blocks end where no record is open (``RecordCutter``); a
/// record that is open at a block's end is the stream's last and is read as it is.
final class RecordFramer {
  /// Takes a record: its lines without the last one's ending, one behind the other; where the first is
  /// and how many there are; and whether they are of a record that is too long.
  typealias Taker = (_ raw: ByteView, _ place: LinePlace, _ isTooLong: Bool) -> Void

  /// One output's open record: its lines, as ranges of the block.
  private struct Open {
    var lines: [Range<Int>] = []
    var number: UInt64 = 0
    var byteCount: UInt64 = 0
  }

  private var open = [Open(), Open()]
  private let scratch = Scratch()

  /// Calls `body` with each record, in the order of their last lines.
  ///
  /// - Parameter body: Gets views that are readable until it returns.
  func forEachRecord(in block: LineBlock, _ framing: RecordFraming, _ body: Taker) {
    var scan = RecordScan(framing, skipped: block.skipped)
    var isContainer = true
    if case .rule = framing.kind { isContainer = false }
    let bytes = block.bytes
    var (start, number) = (0, block.firstLine)
    while start < bytes.count {
      let end = bytes.firstOffset(of: 0x0A, from: start) ?? bytes.count
      let next = min(end + 1, bytes.count)
      let line = LineScanner.trimmed(bytes.slice(start, end))
      let step = scan.take(
        line, from: block.offset + UInt64(start), to: block.offset + UInt64(next))
      if step.dropped != 0 {
        // What was read of a record with a first line stands; half of a wrapped text does not.
        for output in 0..<2 where step.dropped & (1 << UInt8(output)) != 0 {
          finish(output, block, isTooLong: isContainer, body)
        }
      }
      let place = LinePlace(
        number: number, offset: block.offset + UInt64(start), bytes: UInt64(next - start))
      switch step.role {
      case .alone: body(line, place, false)
      case .tooLong: body(line, place, true)
      case .begins:
        finish(0, block, isTooLong: false, body)
        add(start..<(start + line.count), place, to: 0)
      case .goesOn: add(start..<(start + line.count), place, to: 0)
      case .piece(let piece):
        add(start..<(start + line.count), place, to: piece.output)
        if !piece.isPartial { finish(piece.output, block, isTooLong: false, body) }
      }
      start = next
      number += 1
    }
    let order = open[0].number <= open[1].number ? [0, 1] : [1, 0]
    for output in order { finish(output, block, isTooLong: false, body) }
  }

  private func add(_ line: Range<Int>, _ place: LinePlace, to output: Int) {
    if open[output].lines.isEmpty { open[output].number = place.number }
    open[output].lines.append(line)
    open[output].byteCount += place.bytes
  }

  /// Hands an output's open record over, if there is one.
  private func finish(_ output: Int, _ block: LineBlock, isTooLong: Bool, _ body: Taker) {
    guard let first = open[output].lines.first else { return }
    let place = LinePlace(
      number: open[output].number, offset: block.offset + UInt64(first.lowerBound),
      bytes: open[output].byteCount, lines: UInt64(open[output].lines.count))
    scratch.reset()
    body(raw(open[output].lines, of: block.bytes), place, isTooLong)
    open[output].lines.removeAll(keepingCapacity: true)
    open[output].byteCount = 0
  }

  /// The lines one behind the other: as they stand in the block when nothing stands between them.
  private func raw(_ lines: [Range<Int>], of bytes: ByteView) -> ByteView {
    guard let first = lines.first, let last = lines.last else { return .empty }
    let count = lines.reduce(lines.count - 1) { $0 + $1.count }
    let whole = bytes.slice(first.lowerBound, last.upperBound)
    // Carriage returns belong to no line, so that a record has one spelling.
    if whole.count == count { return whole }
    return unsafe scratch.write(capacity: count) { room in
      var end = 0
      for (place, line) in lines.enumerated() {
        // SAFETY: lines and the line feeds between them are as long together as the room.
        if place > 0 {
          unsafe room[end] = 0x0A
          end += 1
        }
        for offset in line {
          unsafe room[end] = bytes[offset]
          end += 1
        }
      }
      return end
    }
  }
}
