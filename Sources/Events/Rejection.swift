/// Why a line is no event: the ledger's reason and the first offending byte.
public struct Rejection: Error, Hashable, Sendable {
  /// A short stable name, such as `json-unfinished` or `no-time`.
  public let reason: String
  /// The offset in the line.
  public let offset: Int

  /// A rejection at a place.
  public init(_ reason: String, at offset: Int = 0) {
    self.reason = reason
    self.offset = offset
  }
}
