public import Bytes

/// A line kept by a window in case it becomes evidence: its place, its bytes, the fields carried.
///
/// Bytes and fields stand in one block, as *read* wrote them, and are taken apart only for a finding.
public final class EvidenceSeed: Sendable {
  /// The event's time, nanoseconds since 1970 UTC.
  public let time: Int64
  /// Which stream, and where in it.
  public let stream: Int
  /// The line's number in the stream from one, and its offset.
  public let line, offset: UInt64
  /// SHA-256 of the whole line when its bytes were cut; empty otherwise.
  public let digest: [UInt8]
  /// The line's bytes, then the fields: index and count in two bytes each, low byte first, and text.
  private let block: [UInt8]
  /// How many bytes of the block are the line's.
  private let rawCount: Int
  /// Fields that *follow* added.
  private let added: [(field: Int, text: [UInt8])]

  /// A seed from its parts.
  public init(
    time: Int64, stream: Int, line: UInt64, offset: UInt64, digest: [UInt8], block: ByteView,
    rawCount: Int, added: [(field: Int, text: [UInt8])]
  ) {
    (self.time, self.stream, self.line, self.offset) = (time, stream, line, offset)
    (self.digest, self.block, self.rawCount, self.added) = (digest, block.copy(), rawCount, added)
  }

  /// The line's bytes, at most 4096.
  public var raw: [UInt8] { Array(block.prefix(rawCount)) }

  /// The fields that were carried or added, in table order.
  public var fields: [(field: Int, text: [UInt8])] {
    var fields = added
    var offset = rawCount
    while offset + 4 <= block.count {
      let field = Int(block[offset]) | Int(block[offset + 1]) << 8
      let count = Int(block[offset + 2]) | Int(block[offset + 3]) << 8
      fields.append((field, Array(block[(offset + 4)..<(offset + 4 + count)])))
      offset += 4 + count
    }
    return fields.sorted { $0.field < $1.field }
  }
}
