#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// One opened file: its bytes as they are on disk, or uncompressed when they begin as gzip does.
///
/// Nothing here throws once the file is open: a failing read ends the file and leaves `failure`.
/// A gzip file's first piece is inflated at once, so that a look at its beginning costs no thread;
/// from the second on, a thread of its own inflates ahead of the reader, for eight files at a time.
/// Memory is bounded by 5 MB for those, and by 2 MB for others.
final class FileSource {
  /// Why reading ended early, where on disk, and the system's word for it.
  struct Failure {
    let reason: InputReason
    let offset: UInt64
    var detail = ""
  }

  /// How many bytes are inflated at first; twice what is looked at to find out what a file holds.
  private static let firstBytes = 128 << 10

  private let file: RawFile
  private let decoder: GzipDecoder?
  private var ahead: ReadAhead?
  private var piece: Piece?
  private var pieceStart = 0
  /// Why reading ended early; known once ``read(into:)`` has returned zero.
  private(set) var failure: Failure?

  /// Opens `file` and looks at its first bytes.
  ///
  /// - Throws: ``InputError`` when the system refuses, or when the name now leads to another file.
  init(_ file: LogFile, hashing: Bool = false) throws(InputError) {
    let raw = try RawFile(file, hashing: hashing)
    self.file = raw
    decoder = raw.isGzip ? unsafe GzipDecoder { unsafe raw.read(into: $0) } : nil
  }

  /// Whether the file is being uncompressed.
  var isGzip: Bool { decoder != nil }
  /// How many bytes came from the disk; to be asked at the end.
  var rawBytes: UInt64 { file.rawBytes }

  /// Reads what is left, so that the hash covers the whole file, and returns the hash.
  ///
  /// To be called once ``read(into:)`` has returned zero.
  func finishHash() -> String? { file.finishHash() }

  /// Fills `output` with the file's next uncompressed bytes.
  ///
  /// - Returns: How many were written; zero at the end or after a failure.
  @unsafe func read(into output: UnsafeMutableRawBufferPointer) -> Int {
    guard let decoder else {
      let count = unsafe file.read(into: output)
      if count == 0 { failure = file.failure }
      return count
    }
    guard output.count > 0 else { return 0 }
    guard let piece = currentPiece(decoder) else {
      if failure == nil { failure = file.failure ?? decoder.cause }
      return 0
    }
    let count = min(output.count, piece.count - pieceStart)
    // SAFETY: that many bytes are left in the piece, and there is room for them.
    unsafe output.copyMemory(
      from: UnsafeRawBufferPointer(start: piece.start + pieceStart, count: count))
    pieceStart += count
    return count
  }

  /// Hands `chunk` the next uncompressed bytes, behind `carry`, without copying them.
  ///
  /// - Returns: How many bytes it has then; `nil`, and nothing done, for files that are not
  ///   uncompressed, at the end, or when the carry is too long.
  func exchange(into chunk: Chunk, behind carry: [UInt8]) -> Int? {
    guard let decoder, let piece = currentPiece(decoder),
      carry.count <= DeflateDecoder.windowBytes + pieceStart
    else { return nil }
    let start = pieceStart
    pieceStart = piece.count
    return chunk.adopt(piece, from: start, behind: carry)
  }

  /// The piece that has the next byte; `nil` at the end, when no other thread uses the file.
  private func currentPiece(_ decoder: GzipDecoder) -> Piece? {
    if let piece, pieceStart < piece.count { return piece }
    if piece != nil, ahead == nil, !decoder.isDone {
      ahead = ReadAhead(interrupt: { [file] in file.interrupt() }, fill: { decoder.fill($0) })
    }
    if let ahead {
      guard let next = ahead.next() else { return nil }
      piece = next
    } else {
      // The first piece, or every one while there is no thread to be had.
      let next = piece ?? Piece()
      decoder.fill(next, upTo: piece == nil ? Self.firstBytes : Piece.byteCount)
      piece = next
    }
    pieceStart = 0
    return piece.flatMap { $0.count > 0 ? $0 : nil }
  }
}

extension GzipDecoder {
  /// Why decoding stopped early, as a file tells it.
  fileprivate var cause: FileSource.Failure? {
    failure.map { FileSource.Failure(reason: $0, offset: failureOffset) }
  }
}

extension FileSource.Failure {
  /// What happened, and what to do about it.
  var explanation: (message: String, fix: String) {
    switch reason {
    case .gzipTruncated: ("the gzip file is cut short", "copy or download it again")
    case .gzipChecksum:
      ("the gzip checksum does not match, so the lines may be wrong", "restore the file")
    case .gzipTrailingGarbage:
      ("there are other bytes behind the gzip file's end", "check what appended to the file")
    case .gzipCorrupt: ("the gzip file is damaged", "restore the file from its origin")
    case .shrank:
      ("the file lost bytes while it was read", "rotate by renaming, not by copying and cutting")
    case .noMemory: ("no memory was left to unpack the file", "free memory and run again")
    default: ("reading failed: \(detail)", "check the disk and the permissions")
    }
  }
}

extension InputError {
  /// What the system said when it refused.
  static func system(_ number: Int32, path: String, verb: String) -> InputError {
    let isMissing = number == ENOENT || number == ENOTDIR
    return InputError(
      path: path, reason: isMissing ? .missing : .unreadable,
      message: "can not \(verb): \(systemMessage(number))",
      fix: isMissing ? "check the name" : "give this user read permission, or leave it out")
  }
}

/// The uncompressed beginning of `file`, to find out what it holds.
///
/// - Parameter bytes: How many bytes at most.
/// - Returns: The bytes; none for a pipe, whose bytes can be read only once.
/// - Throws: ``InputError`` when the file can not be opened. Damage behind the beginning is for
///   ``ChunkReader`` to report.
public func head(of file: LogFile, bytes: Int = 64 << 10) throws(InputError) -> [UInt8] {
  guard !file.isPipe, bytes > 0 else { return [] }
  let source = try FileSource(file)
  var head = [UInt8](repeating: 0, count: bytes)
  var count = 0
  while count < bytes {
    let got = unsafe head.withUnsafeMutableBytes { buffer in
      unsafe source.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[count...]))
    }
    if got == 0 { break }
    count += got
  }
  head.removeLast(bytes - count)
  return head
}
