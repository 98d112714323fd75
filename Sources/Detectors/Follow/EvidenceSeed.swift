import Bytes

/// A line kept by a window in case it becomes evidence: its place, its bytes, the fields carried.
public final class EvidenceSeed: Sendable {
  /// The event's time, nanoseconds since 1970 UTC.
  public let time: Int64
  /// Which stream, and where in it.
  public let stream: Int
  /// The line's number in the stream from one, and its offset.
  public let line, offset: UInt64
  /// SHA-256 of the whole line when `raw` was cut; empty otherwise.
  public let digest: [UInt8]
  /// The line's bytes, at most 4096.
  public let raw: [UInt8]
  /// The fields carried, in table order.
  public let fields: [(field: Int, text: [UInt8])]

  /// A seed from its parts.
  public init(
    time: Int64, stream: Int, line: UInt64, offset: UInt64, digest: [UInt8], raw: [UInt8],
    fields: [(field: Int, text: [UInt8])]
  ) {
    (self.time, self.stream, self.line, self.offset) = (time, stream, line, offset)
    (self.digest, self.raw, self.fields) = (digest, raw, fields)
  }
}
