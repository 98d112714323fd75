public import Bytes

/// The lines that windows and findings keep, each once, in rooms of equal size.
///
/// Nobody counts who keeps a line: most are dropped together when a window moves on, and counting them one by one would
/// cost more than keeping them. Instead, when a store has grown to twice what it last held (``isDue``), whoever
/// keeps lines marks them (``EvidenceSeed/mark()``), and the rest is given back (``sweep()``). So a line stays
/// until then at least, and as long as each sweep finds it marked.
///
/// - Complexity: O(1) amortised per line; a sweep is O(*n*) in what is kept and reads no line.
@safe public final class KeptLines {
  /// How many bytes of new lines there are between two sweeps at the least.
  package var sweepBytesMin = 4 << 20
  /// Whether each event drops what nobody marks: the oracle of the tests.
  package var sweepsAlways = false

  private var segments: [Segment] = []
  /// By size of room: the segment that is filled now, and those behind it that have free rooms.
  private var fillings: [Filling]
  /// What lines have beside their bytes, by the number in their header; free numbers.
  private var extras: [Extra?] = []
  private var freeExtras: [Int32] = []
  /// How many bytes of rooms are taken, and how many were when the last sweep was done.
  private(set) var bytesTaken = 0
  private var bytesSwept = 0

  private struct Filling {
    var segment: Segment?
    /// The next place to look at.
    var place = 0
    var others: [Segment] = []
  }

  /// What few lines have: a digest because they were cut, fields that their bytes do not say.
  struct Extra {
    let line: EvidenceSeed
    let digest: [UInt8]
    let added: [(field: Int, text: [UInt8])]
  }

  /// A store of nothing.
  public init() {
    fillings = Array(repeating: Filling(), count: KeptLines.size(of: .max) + 1)
  }

  deinit { for segment in segments { segment.deallocate() } }

  /// Keeps a line.
  ///
  /// - Parameters:
  ///   - raw: The line's bytes, at most ``bytesMax``; more are cut off.
  ///   - digest: SHA-256 of the whole line when its bytes were cut; empty otherwise.
  ///   - added: Fields that the bytes do not say: those that *follow* added, and all that are shown of
  ///     a line that was cut.
  public func keep(
    time: Int64, stream: Int, file: Int32, line: UInt64, offset: UInt64, digest: [UInt8],
    raw: ByteView, added: [(field: Int, text: [UInt8])]
  ) -> EvidenceSeed {
    let raw = raw.prefix(min(raw.count, KeptLines.bytesMax))
    // SAFETY: the room is new, and written before anybody has the seed.
    let seed = unsafe EvidenceSeed(room: room(for: raw.count))
    var extra: Int32 = -1
    if !digest.isEmpty || !added.isEmpty {
      extra = freeExtras.popLast() ?? Int32(extras.count)
      if extra == extras.count { extras.append(nil) }
      extras[Int(extra)] = Extra(line: seed, digest: digest, added: added)
    }
    seed.write(
      EvidenceSeed.Header(
        time: time, line: line, offset: offset, stream: Int32(truncatingIfNeeded: stream),
        file: file, count: Int32(truncatingIfNeeded: raw.count), extra: extra), raw)
    return seed
  }

  /// How many bytes of a line are kept at the most.
  public static let bytesMax = 4096

  /// Whether so much came since the last sweep that another is worth its while.
  @inline(__always) public var isDue: Bool {
    bytesTaken >= bytesSwept + max(bytesSwept, sweepBytesMin) || sweepsAlways
  }

  /// Gives back the lines that were not marked since the last sweep.
  public func sweep() {
    for number in extras.indices {
      guard let extra = extras[number], !extra.line.isMarked else { continue }
      extras[number] = nil
      freeExtras.append(Int32(number))
    }
    for size in fillings.indices { fillings[size] = Filling() }
    bytesTaken = 0
    segments.removeAll { segment in
      let count = segment.sweep()
      if count == 0 {
        segment.deallocate()
        return true
      }
      bytesTaken += count * segment.roomBytes
      if count < segment.roomCount {
        fillings[KeptLines.size(ofRoom: segment.roomBytes)].others.append(segment)
      }
      return false
    }
    bytesSwept = bytesTaken
  }

  /// What a line has beside its bytes.
  func extra(_ number: Int32) -> Extra? { number < 0 ? nil : extras[Int(number)] }

  // MARK: Rooms

  /// Rooms come in steps of 32 bytes for short lines and of 512 for long ones.
  private static let shortMax = 1024

  /// Which size of room a line of so many bytes takes.
  @inline(__always) private static func size(of count: Int) -> Int {
    size(ofRoom: min(count, bytesMax) + MemoryLayout<EvidenceSeed.Header>.stride)
  }

  @inline(__always) private static func size(ofRoom bytes: Int) -> Int {
    bytes <= shortMax ? (bytes + 31) >> 5 : shortMax >> 5 + (bytes - shortMax + 511) >> 9
  }

  private static func bytes(ofSize size: Int) -> Int {
    size <= shortMax >> 5 ? size << 5 : shortMax + (size - shortMax >> 5) << 9
  }

  /// A free room for a line of so many bytes, taken from now on.
  @inline(__always) private func room(for count: Int) -> UnsafeMutableRawPointer {
    let size = KeptLines.size(of: count)
    if let segment = fillings[size].segment,
      let room = unsafe segment.take(from: &fillings[size].place)
    {
      bytesTaken += segment.roomBytes
      return unsafe room
    }
    return unsafe roomElsewhere(size)
  }

  @inline(never) private func roomElsewhere(_ size: Int) -> UnsafeMutableRawPointer {
    while true {
      let segment: Segment
      if let other = fillings[size].others.popLast() {
        segment = other
      } else {
        segment = Segment(roomBytes: KeptLines.bytes(ofSize: size), of: self)
        segments.append(segment)
      }
      (fillings[size].segment, fillings[size].place) = (segment, 0)
      if let room = unsafe segment.take(from: &fillings[size].place) {
        bytesTaken += segment.roomBytes
        return unsafe room
      }
    }
  }
}
