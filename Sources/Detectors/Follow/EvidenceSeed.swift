public import Bytes

/// A line kept by a window in case it becomes evidence: its place, its bytes, the fields carried.
///
/// Bytes and fields stand in one block, as *read* wrote them, and are taken apart only for a finding.
public struct EvidenceSeed: @unchecked Sendable {
  // Sendable, because nothing is written after the initialiser.
  /// What stands in front of the bytes.
  private struct Header {
    let time: Int64
    let stream: Int
    let line, offset: UInt64
    let digest: [UInt8]
    /// How many bytes there are, and how many of them are the line's.
    let count, rawCount: Int
    /// Fields that *follow* added.
    let added: [(field: Int, text: [UInt8])]
  }

  /// Header and bytes in one allocation, never changed once they are written.
  private final class Block: ManagedBuffer<Header, UInt8> {}

  private let block: Block

  /// A seed from its parts.
  ///
  /// - Parameter block: The line's bytes, then the fields: index and count in two bytes each, low
  ///   byte first, and text.
  public init(
    time: Int64, stream: Int, line: UInt64, offset: UInt64, digest: [UInt8], block: ByteView,
    rawCount: Int, added: [(field: Int, text: [UInt8])]
  ) {
    let header = Header(
      time: time, stream: stream, line: line, offset: offset, digest: digest, count: block.count,
      rawCount: rawCount, added: added)
    let room = Block.create(minimumCapacity: block.count) { _ in header }
    // SAFETY: `create` makes an instance of the class it is called on.
    self.block = unsafe unsafeDowncast(room, to: Block.self)
    unsafe self.block.withUnsafeMutablePointerToElements { target in
      unsafe block.withUnsafeBytes { source in
        guard let from = source.baseAddress else { return }
        // SAFETY: the capacity is at least the count.
        unsafe UnsafeMutableRawPointer(target).copyMemory(from: from, byteCount: source.count)
      }
    }
  }

  /// The event's time, nanoseconds since 1970 UTC.
  public var time: Int64 { block.header.time }
  /// Which stream the line is in.
  public var stream: Int { block.header.stream }
  /// The line's number in the stream, from one.
  public var line: UInt64 { block.header.line }
  /// The line's offset in the stream.
  public var offset: UInt64 { block.header.offset }
  /// SHA-256 of the whole line when its bytes were cut; empty otherwise.
  public var digest: [UInt8] { block.header.digest }

  private var bytes: [UInt8] {
    unsafe block.withUnsafeMutablePointerToElements { start in
      // SAFETY: so many bytes were written.
      unsafe Array(UnsafeBufferPointer(start: start, count: block.header.count))
    }
  }

  /// The line's bytes, at most 4096.
  public var raw: [UInt8] { Array(bytes.prefix(block.header.rawCount)) }

  /// The fields that were carried or added, in table order.
  public var fields: [(field: Int, text: [UInt8])] {
    let bytes = bytes
    var fields = block.header.added
    var offset = block.header.rawCount
    while offset + 4 <= bytes.count {
      let field = Int(bytes[offset]) | Int(bytes[offset + 1]) << 8
      let count = Int(bytes[offset + 2]) | Int(bytes[offset + 3]) << 8
      fields.append((field, Array(bytes[(offset + 4)..<(offset + 4 + count)])))
      offset += 4 + count
    }
    return fields.sorted { $0.field < $1.field }
  }
}
