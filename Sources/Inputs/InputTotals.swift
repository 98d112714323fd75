/// What one file held, for the manifest.
public struct FileDigest: Hashable, Sendable {
  /// The file, escaped for display.
  public let path: String
  /// Which of the stream's files it is.
  public let fileIndex: Int
  /// How many bytes it has on disk.
  public let bytes: UInt64
  /// The SHA-256 of those bytes, in hexadecimal.
  public let sha256: String
  /// How many lines were read from it, rejected ones included.
  public let lines: UInt64
}

/// What a reader has read so far; always, bytes read = delivered + oversized + rejected + marks.
public struct InputTotals: Hashable, Sendable {
  /// Uncompressed bytes read.
  public internal(set) var bytesRead: UInt64 = 0
  /// Bytes and lines in chunks.
  public internal(set) var bytesDelivered: UInt64 = 0, linesDelivered: UInt64 = 0
  /// Bytes and lines of lines longer than the bound.
  public internal(set) var bytesOversized: UInt64 = 0, linesOversized: UInt64 = 0
  /// Bytes and lines of files in an encoding that is not read.
  public internal(set) var bytesRejected: UInt64 = 0, linesRejected: UInt64 = 0
  /// Bytes of byte order marks, which belong to no line.
  public internal(set) var bytesOfMarks: UInt64 = 0

  /// Nothing read yet.
  public init() {}

  /// Bytes delivered, oversized, rejected, or of marks: always what was read.
  public var bytesAccounted: UInt64 {
    bytesDelivered + bytesOversized + bytesRejected + bytesOfMarks
  }

  /// Lines read: delivered, oversized or rejected.
  public var linesRead: UInt64 { linesDelivered + linesOversized + linesRejected }
}
