import Bytes
public import Events

/// Moves the ends of a stream's blocks to where no record is open, so that each block can be read alone.
///
/// Lines behind the last such place wait for the next block: they are copied, and are never more than
/// four times the framing's bound and the one line that goes beyond it. Where the blocks that come in
/// are cut makes no difference to the records. One that follows a gap in the numbers of the lines, lines
/// too long to deliver, or a file without its last line feed begins anew.
public final class RecordCutter {
  private let framing: RecordFraming
  private let recycle: (LineBlock) -> Void
  private var scan: RecordScan
  private var waiting: [LineBlock] = []
  private var sequence = 0
  private var isAtEnd = false
  /// The number of the line that comes next, and whether the last one had no line feed.
  private var nextLine: UInt64 = 1
  private var endsOpen = false
  /// Lines that wait for the end of their record.
  private var held: Held?

  private struct Held {
    var bytes: [UInt8]
    let stream, file: Int
    let firstLine, offset: UInt64
    let skipped: UInt8
  }

  /// A cutter at the beginning of a stream.
  ///
  /// - Parameter recycle: Takes back a block of which nothing is passed on.
  public init(_ framing: RecordFraming, recycle: @escaping (LineBlock) -> Void) {
    (self.framing, self.recycle) = (framing, recycle)
    scan = RecordScan(framing)
  }

  /// The next lines that can be read alone, or `nil` at the end.
  ///
  /// - Parameters:
  ///   - mayGoOn: Whether no more blocks now means that more may come: then an open record waits.
  ///   - source: Gives the stream's blocks, in order.
  public func next(mayGoOn: Bool = false, from source: () -> LineBlock?) -> LineBlock? {
    while true {
      if !waiting.isEmpty { return waiting.removeFirst() }
      if isAtEnd { return nil }
      if let block = source() {
        add(block)
      } else if mayGoOn {
        return nil
      } else {
        isAtEnd = true
        release()
      }
    }
  }

  /// Ends the record that is open, if one is: its log has been quiet for so long.
  public func endRecord() {
    guard held != nil else { return }
    release()
    scan = RecordScan(framing)
  }

  /// The lines that wait for the end of their record, and where they stand; `nil` when none do.
  public var heldLines: (bytes: [UInt8], firstLine: UInt64, offset: UInt64, skipped: UInt8)? {
    held.map { ($0.bytes, $0.firstLine, $0.offset, $0.skipped) }
  }

  /// Goes on in a stream of which earlier lines were read.
  ///
  /// - Parameter skipped: What the first block's ``LineBlock/skipped`` would be.
  public func begin(atLine line: UInt64, skipped: UInt8 = 0) {
    nextLine = line
    scan = RecordScan(framing, skipped: skipped)
  }

  private func add(_ block: LineBlock) {
    if block.firstLine != nextLine || endsOpen || !block.oversized.isEmpty {
      release()
      // What goes on after a line that was too long goes on with that one.
      var isCut = false
      if case .rule = framing.kind, !block.oversized.isEmpty { isCut = true }
      scan = RecordScan(framing, skipped: isCut ? 1 : 0)
    }
    let bytes = block.bytes
    var first: (offset: Int, line: UInt64, skipped: UInt8)?
    var last = (offset: 0, line: UInt64(0), skipped: UInt8(0))
    if held == nil { first = (0, block.firstLine, scan.skipped) }
    if let first { last = first }
    var (start, number) = (0, block.firstLine)
    while start < bytes.count {
      let end = bytes.firstOffset(of: 0x0A, from: start) ?? bytes.count
      let next = min(end + 1, bytes.count)
      let skipped = scan.skipped
      let step = scan.take(
        LineScanner.trimmed(bytes.slice(start, end)), from: block.offset + UInt64(start),
        to: block.offset + UInt64(next))
      if step.isCleanBefore {
        last = (start, number, skipped)
        if first == nil { first = last }
      }
      start = next
      number += 1
    }
    if scan.isClean {
      last = (bytes.count, number, scan.skipped)
      if first == nil { first = last }
    }
    nextLine = number
    endsOpen = !bytes.isEmpty && bytes[bytes.count - 1] != 0x0A
    pass(block, from: first, to: last)
  }

  /// Passes the lines on between two places where the stream can be cut.
  private func pass(
    _ block: LineBlock, from first: (offset: Int, line: UInt64, skipped: UInt8)?,
    to last: (offset: Int, line: UInt64, skipped: UInt8)
  ) {
    held?.bytes += block.bytes.prefix(first?.offset ?? block.bytes.count).copy()
    guard let first else { return recycle(block) }
    release()
    if last.offset < block.bytes.count {
      held = Held(
        bytes: block.bytes.dropFirst(last.offset).copy(), stream: block.stream, file: block.file,
        firstLine: last.line, offset: block.offset + UInt64(last.offset), skipped: last.skipped)
    }
    guard first.offset < last.offset || !block.oversized.isEmpty else { return recycle(block) }
    append(
      LineBlock(
        stream: block.stream, sequence: sequence, file: block.file,
        bytes: block.bytes.slice(first.offset, last.offset), firstLine: first.line,
        offset: block.offset + UInt64(first.offset), oversized: block.oversized,
        skipped: first.skipped, owner: block.owner))
  }

  /// Passes on what was held, whether or not its last record has ended.
  private func release() {
    guard let held else { return }
    self.held = nil
    append(
      LineBlock(
        stream: held.stream, sequence: sequence, file: held.file, copyOf: held.bytes,
        firstLine: held.firstLine, offset: held.offset, skipped: held.skipped))
  }

  private func append(_ block: LineBlock) {
    waiting.append(block)
    sequence += 1
  }
}
