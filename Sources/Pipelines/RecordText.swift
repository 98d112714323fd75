import Bytes
import Events
import Formats

/// What a format reads of a record that has several lines.
///
/// Of a log with a rule that is the first line, since no format but JSON and comma-separated values looks for the end
/// of its text there, and what follows may be anybody's words; the message then reaches to the record's end. Of a
/// container's log it is one line in which the pieces stand together.
struct RecordText {
  private let framing: RecordFraming
  private let format: LineFormat
  private let scratch = Scratch()

  /// For the records of a log.
  init(_ framing: RecordFraming, _ format: LineFormat) {
    (self.framing, self.format) = (framing, format)
  }

  /// The text; readable until the next one is asked for.
  ///
  /// - Parameter raw: The lines of one record, a line feed between them.
  /// - Complexity: O(*n*).
  func text(of raw: ByteView) -> ByteView {
    switch framing.kind {
    case .cri: joined(raw, ContainerPiece.cri)
    case .docker: joined(raw, ContainerPiece.docker)
    case .rule:
      format == .json || format == .csvlog
        ? raw : raw.prefix(raw.firstOffset(of: 0x0A) ?? raw.count)
    }
  }

  /// The first line with the text of all lines in it.
  private func joined(
    _ raw: ByteView, _ piece: (ByteView) -> ContainerPiece?
  ) -> ByteView {
    scratch.reset()
    return unsafe scratch.write(capacity: raw.count) { room in
      var (end, offset) = (0, 0)
      func put(_ view: ByteView) {
        // SAFETY: each byte of the record is put once at most, and the room has as many.
        for place in 0..<view.count { unsafe room[end + place] = view[place] }
        end += view.count
      }
      var rest = ByteView.empty
      while offset < raw.count {
        let next = raw.firstOffset(of: 0x0A, from: offset) ?? raw.count
        let line = raw.slice(offset, next)
        if let piece = piece(line) {
          if offset == 0 { rest = line.dropFirst(piece.end) }
          put(line.slice(offset == 0 ? 0 : piece.start, piece.end))
        }
        offset = next + 1
      }
      put(rest)
      return end
    }
  }

  /// Gives an event that was read of a first line the other lines, too.
  func complete(_ event: Event, _ raw: ByteView) {
    guard case .rule = framing.kind else { return }
    if let message = event.text(.message) {
      let start = Int(bitPattern: message.address) - Int(bitPattern: raw.address)
      // Only a message that the first line ends with goes on in the next.
      if start >= 0, start + message.count == event.line.count {
        event.set(.message, raw.dropFirst(start))
      }
    }
    event.line = raw
  }
}
