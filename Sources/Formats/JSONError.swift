/// Why a line is not JSON by RFC 8259, and where.
public struct JSONError: Error, Hashable, Sendable {
  /// The reasons, each with the stable name under which the ledger counts it.
  public enum Reason: String, Sendable {
    case empty = "json-empty"
    case unexpectedByte = "json-unexpected-byte"
    case unfinished = "json-unfinished"
    case controlCharacter = "json-control-character"
    case badEscape = "json-bad-escape"
    case badNumber = "json-bad-number"
    case badLiteral = "json-bad-literal"
    case invalidUTF8 = "json-invalid-utf8"
    case trailingBytes = "json-trailing-bytes"
    case tooDeep = "json-too-deep"
    case notAnObject = "json-not-an-object"
  }
  /// What is wrong.
  public let reason: Reason
  /// The offset of the first offending byte in the line.
  public let offset: Int

  /// An error at a place.
  @inlinable public init(_ reason: Reason, at offset: Int) {
    self.reason = reason
    self.offset = offset
  }
}
