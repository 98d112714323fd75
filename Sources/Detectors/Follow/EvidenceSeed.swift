public import Bytes

/// A line kept by a window in case it becomes evidence: its place and its bytes.
///
/// What the line says is read from it again when it becomes evidence of a finding. It stands in a ``KeptLines``, and
/// is there until the first sweep that does not find it marked: whoever keeps one marks it.
@safe public struct EvidenceSeed: BitwiseCopyable, @unchecked Sendable {
  // Sendable, because nothing is written once it is made.
  /// What stands in front of the bytes.
  struct Header: BitwiseCopyable {
    let time: Int64
    let line, offset: UInt64
    let stream, file: Int32
    let count: Int32
    /// The number of what it has beside its bytes, or -1.
    let extra: Int32
  }

  private let room: UnsafeRawPointer

  /// A line in a room that its store has taken for it.
  @inline(__always) init(room: UnsafeMutableRawPointer) {
    unsafe self.room = UnsafeRawPointer(room)
  }

  /// Writes what stands in the room, once.
  @inline(__always) func write(_ header: Header, _ raw: ByteView) {
    let room = unsafe UnsafeMutableRawPointer(mutating: self.room)
    // SAFETY: the room was taken for a header and so many bytes.
    unsafe room.storeBytes(of: header, as: Header.self)
    unsafe raw.withUnsafeBytes { source in
      guard let from = source.baseAddress else { return }
      unsafe (room + MemoryLayout<Header>.stride).copyMemory(
        from: from, byteCount: source.count)
    }
  }

  private var segment: KeptLines.Segment { unsafe KeptLines.Segment(of: room) }

  @inline(__always) private var header: Header {
    precondition(unsafe segment.isTaken(room), "a kept line was not marked")
    // SAFETY: a room that is taken was written.
    return unsafe room.load(as: Header.self)
  }

  private var extra: KeptLines.Extra? {
    let number = header.extra
    return number < 0 ? nil : segment.owner.extra(number)
  }

  /// The event's time, nanoseconds since 1970 UTC.
  public var time: Int64 { header.time }
  /// Which stream the line is in, and which of its files.
  public var stream: Int { Int(header.stream) }
  /// Which of the stream's files the line is from.
  public var file: Int32 { header.file }
  /// The line's number in the stream, from one.
  public var line: UInt64 { header.line }
  /// The line's offset in the stream.
  public var offset: UInt64 { header.offset }
  /// SHA-256 of the whole line when its bytes were cut; empty otherwise.
  public var digest: [UInt8] { extra?.digest ?? [] }
  /// Fields that the bytes do not say.
  public var added: [(field: Int, text: [UInt8])] { extra?.added ?? [] }

  /// The same for every copy of one seed.
  var identity: UInt { unsafe UInt(bitPattern: room) }

  /// Says that somebody still keeps the line.
  @inline(__always) package func mark() { unsafe segment.mark(room) }

  /// Whether somebody said so since the last sweep.
  var isMarked: Bool { unsafe segment.isMarked(room) }

  /// Calls `body` with the line's bytes.
  public func withRaw<Result>(_ body: (ByteView) -> Result) -> Result {
    let count = Int(header.count)
    // SAFETY: so many bytes were written behind the header, and the room is taken as long as the call.
    return unsafe body(
      ByteView(
        base: (room + MemoryLayout<Header>.stride).assumingMemoryBound(to: UInt8.self),
        count: count))
  }
}
