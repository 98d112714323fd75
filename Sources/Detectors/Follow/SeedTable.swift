public import Bytes
public import Events

/// The kept lines of all windows and findings, each once, for a snapshot.
///
/// Windows write only which seed it is. Whoever reads takes in all seeds first, so that what keeps none of
/// them any more can be passed over.
public final class SeedTable {
  private var seeds: [EvidenceSeed] = []
  private var places: [UInt: Int] = [:]

  /// A table of no seeds yet.
  public init() {}

  /// Writes which seed it is.
  public func put(_ seed: EvidenceSeed, to writer: inout SnapshotWriter) {
    if let place = places[seed.identity] { return writer.put(place) }
    writer.put(seeds.count)
    places[seed.identity] = seeds.count
    seeds.append(seed)
  }

  /// The seed that stands here.
  public func take(from reader: inout SnapshotReader) throws(SnapshotError) -> EvidenceSeed {
    let place: Int = try reader.number()
    guard seeds.indices.contains(place) else { throw .damaged }
    return seeds[place]
  }

  /// Writes the seeds themselves.
  ///
  /// - Parameters:
  ///   - table: The names of the fields.
  ///   - origin: Writes which stream and file a seed's line is from.
  public func write(
    to writer: inout SnapshotWriter, _ table: FieldTable,
    origin: (EvidenceSeed, inout SnapshotWriter) -> Void
  ) {
    writer.put(seeds) { seed, writer in
      origin(seed, &writer)
      writer.put(seed.time)
      writer.put(seed.line)
      writer.put(seed.offset)
      writer.put(seed.digest)
      seed.withRaw { writer.put($0) }
      writer.put(seed.added) { pair, writer in
        writer.put(table.names[pair.field])
        writer.put(pair.text)
      }
    }
  }

  /// Takes in seeds that were written; fields that have no name any more are left out.
  ///
  /// - Parameter lines: Keeps them.
  public func read(
    from reader: inout SnapshotReader, _ table: FieldTable, into lines: KeptLines,
    origin: (inout SnapshotReader) throws(SnapshotError) -> (stream: Int, file: Int32)
  ) throws(SnapshotError) {
    for _ in 0..<(try reader.count()) {
      let place = try origin(&reader)
      let (time, line, offset): (Int64, UInt64, UInt64) = (
        try reader.number(), try reader.number(), try reader.number()
      )
      let digest: [UInt8] = try reader.list()
      let raw: [UInt8] = try reader.list()
      var added: [(field: Int, text: [UInt8])] = []
      for _ in 0..<(try reader.count()) {
        let name = try reader.text()
        let text: [UInt8] = try reader.list()
        if let field = table[name] { added.append((field.index, text)) }
      }
      seeds.append(
        raw.withView {
          lines.keep(
            time: time, stream: place.stream, file: place.file, line: line, offset: offset,
            digest: digest, raw: $0, added: added)
        })
    }
  }
}
