/// Room for a run of uncompressed bytes, and before it for those that matches may name.
///
/// One thread fills it, then one reads it, never both at once: whoever hands it over holds a lock.
@safe final class Piece: @unchecked Sendable {
  /// How many bytes it is filled to.
  ///
  /// A chunk of at least so many takes them over as they are.
  static let byteCount = 1 << 20
  /// How many bytes its room has.
  static let roomBytes = DeflateDecoder.windowBytes + byteCount + DeflateDecoder.outputMargin

  private var room = unsafe Piece.makeRoom()
  /// How many bytes there are; at most `byteCount` and a match.
  var count = 0

  deinit { unsafe room.deallocate() }

  /// Room as a piece needs it.
  static func makeRoom() -> UnsafeMutableRawPointer {
    .allocate(byteCount: roomBytes, alignment: 64)
  }

  /// Gives away the room with the bytes in it, for other room of the same size.
  func exchange(_ other: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer {
    defer { unsafe room = other }
    return unsafe room
  }

  /// The first byte; before it is room for a window, behind `byteCount` bytes for a match.
  var start: UnsafeMutablePointer<UInt8> {
    unsafe room.assumingMemoryBound(to: UInt8.self) + DeflateDecoder.windowBytes
  }
}
