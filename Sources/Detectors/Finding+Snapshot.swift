public import Bytes

extension Finding {
  /// The finding in bytes, to be read back by ``init(from:)``.
  public var record: [UInt8] {
    var writer = SnapshotWriter()
    for text in [uid, detector, title, level.name, message, subject] { writer.put(text) }
    writer.put(controls) { $1.put($0) }
    writer.put(techniques) { $1.put($0) }
    writer.put(start)
    writer.put(end)
    writer.put(count)
    writer.put(evidence) { line, writer in
      writer.put(line.source)
      writer.put(line.line)
      writer.put(line.offset)
      writer.put(line.sha256)
      writer.put(line.raw)
      writer.put(line.time)
      writer.put(line.fields) { field, writer in
        writer.put(field.name)
        writer.put(field.value)
      }
    }
    return writer.bytes
  }

  /// The finding of a ``record``.
  public init(from record: [UInt8]) throws(SnapshotError) {
    var reader = SnapshotReader(record)
    func texts(_ reader: inout SnapshotReader) throws(SnapshotError) -> [String] {
      try reader.list { (reader) throws(SnapshotError) in try reader.text() }
    }
    let (uid, detector, title) = (try reader.text(), try reader.text(), try reader.text())
    guard let level = Level(name: try reader.text()) else { throw .damaged }
    self.init(
      uid: uid, detector: detector, title: title, level: level, message: try reader.text(),
      subject: try reader.text(), controls: try texts(&reader), techniques: try texts(&reader),
      start: try reader.number(), end: try reader.number(), count: try reader.number(),
      evidence: try reader.list { (reader) throws(SnapshotError) in
        Evidence(
          source: try reader.text(), line: try reader.number(), offset: try reader.number(),
          sha256: try reader.text(), raw: try reader.text(), time: try reader.number(),
          fields: try reader.list { (reader) throws(SnapshotError) in
            Evidence.Pair(try reader.text(), try reader.text())
          })
      })
  }
}
