public import Bytes

/// A line kept by a window in case it becomes evidence: its place and its bytes.
///
/// What the line says is read from it again when it becomes evidence of a finding.
public struct EvidenceSeed: @unchecked Sendable {
  // Sendable, because nothing is written after the initialiser.
  /// What stands in front of the bytes.
  private struct Header {
    let time: Int64
    let stream: Int32, file: Int32
    let line, offset: UInt64
    let count: Int
    let digest: [UInt8]
    let added: [(field: Int, text: [UInt8])]
  }

  /// Header and bytes in one allocation, never changed once they are written.
  private final class Block: ManagedBuffer<Header, UInt8> {}

  private let block: Block

  /// A seed from its parts.
  ///
  /// - Parameters:
  ///   - raw: The line's bytes, at most as many as evidence shows.
  ///   - digest: SHA-256 of the whole line when its bytes were cut; empty otherwise.
  ///   - added: Fields that the bytes do not say: those that *follow* added, and all that are shown of
  ///     a line that was cut.
  public init(
    time: Int64, stream: Int, file: Int32, line: UInt64, offset: UInt64, digest: [UInt8],
    raw: ByteView, added: [(field: Int, text: [UInt8])]
  ) {
    let header = Header(
      time: time, stream: Int32(truncatingIfNeeded: stream), file: file, line: line,
      offset: offset, count: raw.count, digest: digest, added: added)
    let room = Block.create(minimumCapacity: raw.count) { _ in header }
    // SAFETY: `create` makes an instance of the class it is called on.
    block = unsafe unsafeDowncast(room, to: Block.self)
    unsafe block.withUnsafeMutablePointerToElements { target in
      unsafe raw.withUnsafeBytes { source in
        guard let from = source.baseAddress else { return }
        // SAFETY: the capacity is at least the count.
        unsafe UnsafeMutableRawPointer(target).copyMemory(from: from, byteCount: source.count)
      }
    }
  }

  /// The event's time, nanoseconds since 1970 UTC.
  public var time: Int64 { block.header.time }
  /// Which stream the line is in, and which of its files.
  public var stream: Int { Int(block.header.stream) }
  /// Which of the stream's files the line is from.
  public var file: Int32 { block.header.file }
  /// The line's number in the stream, from one.
  public var line: UInt64 { block.header.line }
  /// The line's offset in the stream.
  public var offset: UInt64 { block.header.offset }
  /// SHA-256 of the whole line when its bytes were cut; empty otherwise.
  public var digest: [UInt8] { block.header.digest }
  /// Fields that the bytes do not say.
  public var added: [(field: Int, text: [UInt8])] { block.header.added }

  /// The same for every copy of one seed.
  var identity: ObjectIdentifier { ObjectIdentifier(block) }

  /// Calls `body` with the line's bytes.
  public func withRaw<Result>(_ body: (ByteView) -> Result) -> Result {
    unsafe block.withUnsafeMutablePointerToElements { start in
      // SAFETY: so many bytes were written, and the block lives as long as the call.
      unsafe body(ByteView(base: UnsafePointer(start), count: block.header.count))
    }
  }
}
