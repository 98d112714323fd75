import Bytes

extension Normaliser {
  /// Reads what a container said as whatever format it has; the runtime's time stands in for a time
  /// that is not in the text.
  ///
  /// Text of no known format is an event too, of which the time and the message are known.
  mutating func readContainer(_ event: Event) throws(Rejection) {
    let line = event.line
    let (text, start, time) = try unwrapped(line, event.scratch)
    guard let stamp = Timestamps.rfc3339(time), stamp.end == time.count else {
      throw Rejection("bad-time")
    }
    guard !text.isEmpty else { throw Rejection("empty-line") }
    event.line = text
    wrapped = stamp
    defer {
      event.line = line
      wrapped = nil
    }
    do throws(Rejection) {
      switch LineFormat.guess(unwrapped: text) {
      case .json: try readJSON(event, at: 0, nil)
      case .rfc3164, .rfc5424: try readSyslog(event)
      case .access: try readAccess(event)
      case .logfmt: try readPairs(event)
      case .csvlog: try readCSVLog(event)
      case .squid: try readSquid(event)
      case .cri, .docker, .journal, nil: settle(stamp, event)
      }
    } catch {
      throw Rejection(error.reason, at: start + error.offset)
    }
    if !event.has(.message), text[0] != UInt8(ascii: "{") { event.set(.message, text) }
    container.set(on: event)
  }

  /// The text of a line, where it begins, and the runtime's time.
  private func unwrapped(
    _ line: ByteView, _ scratch: Scratch
  ) throws(Rejection) -> (text: ByteView, start: Int, time: ByteView) {
    if context.format == .cri {
      guard let piece = ContainerPiece.cri(line) else { throw Rejection("not-cri") }
      return (line.slice(piece.start, piece.end), piece.start, line.prefix(piece.timeEnd))
    }
    let docker: DockerLine
    do {
      docker = try DockerLine(line, scratch)
    } catch {
      throw Rejection(error.reason.rawValue, at: error.offset)
    }
    guard let text = docker.text else { throw Rejection("not-docker") }
    guard let time = docker.time else { throw Rejection("no-time") }
    return (text, ContainerPiece.docker(line)?.start ?? 0, time)
  }
}
