public import Bytes

/// What a reader must know to go on where another was.
extension TailReader {
  /// The place behind the last line that was handed out, and which files it is in.
  ///
  /// A file stands there with its place on disk, its beginning and how far it was read, so that it is known again
  /// by whichever of them is left: under another name, copied, or compressed.
  public func position() -> [UInt8] {
    var (lives, known) = (lives, known)
    for log in openLogs {
      log.readHead()
      // A copy that is read only once its original was cut is as if nobody had met it.
      if let copy = log.copy { known[copy.identity] = nil }
      let consumed = log.offset - UInt64(log.carry.count) - (log.oversized ?? 0)
      // As long as nobody has met a copy, one may hold more than was read.
      lives.append(Life(head: log.head, consumed: consumed, wasCut: true))
      known[log.identity] = Known(
        head: log.head, size: log.offset, modified: .min, consumed: consumed)
    }
    for turn in queue {
      let head = known[turn.file.identity]?.head ?? []
      known[turn.file.identity] =
        turn.isCopy
        ? nil : Known(head: head, size: turn.start, modified: .min, consumed: turn.start)
      if turn.isCopy { lives.append(Life(head: head, consumed: turn.start, wasCut: true)) }
    }
    var writer = SnapshotWriter()
    writer.put(path.bytes)
    writer.put(lineNumber)
    writer.put(streamOffset)
    writer.put(lives.suffix(TailReader.livesMax)) { life, writer in
      writer.put(life.head)
      writer.put(life.consumed)
      writer.put(life.wasCut)
    }
    writer.put(known) { entry, writer in
      writer.put(entry.key.device)
      writer.put(entry.key.inode)
      writer.put(entry.value.head)
      writer.put(entry.value.size)
      writer.put(entry.value.modified)
      writer.put(entry.value.consumed)
    }
    return writer.bytes
  }

  /// Goes on behind the place that another reader had come to; call it before any file is offered.
  public func resume(at position: [UInt8]) throws(SnapshotError) {
    var reader = SnapshotReader(position)
    isResumed = true
    path = RawPath(bytes: try reader.list())
    lineNumber = try reader.number()
    streamOffset = try reader.number()
    lives = try reader.list { (reader) throws(SnapshotError) in
      Life(
        head: try reader.list(), consumed: try reader.number(), wasCut: try reader.flag())
    }
    for _ in 0..<(try reader.count()) {
      let identity = FileIdentity(device: try reader.number(), inode: try reader.number())
      known[identity] = Known(
        head: try reader.list(), size: try reader.number(), modified: try reader.number(),
        consumed: try reader.number())
    }
  }
}
